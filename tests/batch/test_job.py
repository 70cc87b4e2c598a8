"""What a job and its result are known by."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import eventlet_codemod
from eventlet_codemod.codemods.loading import packs

PACKAGE = Path(eventlet_codemod.__file__).resolve().parent
ASK = "from eventlet_codemod.batch.job import tool_identity; print(tool_identity())"


def lay(place: Path, packs_in: Path) -> Path:
    """Copy the tool to a place to import it from, and its packs to theirs."""
    hidden = shutil.ignore_patterns("__pycache__", "packs")
    shutil.copytree(PACKAGE, place / PACKAGE.name, ignore=hidden)
    for pack in packs():
        (packs_in / pack.parent.name).mkdir(parents=True)
        shutil.copy(pack, packs_in / pack.parent.name)
    return place


def identity(place: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", ASK]
    return subprocess.run(
        command, cwd=place, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def test_a_tool_is_the_same_in_a_checkout_and_installed(tmp_path: Path) -> None:
    checkout = lay(tmp_path / "checkout/src", tmp_path / "checkout/codemods")
    installed = lay(tmp_path / "lib", tmp_path / "lib/eventlet_codemod/packs")
    assert identity(checkout) == identity(installed)


def test_a_tool_with_another_pack_is_another(tmp_path: Path) -> None:
    place = lay(tmp_path / "src", tmp_path / "codemods")
    before = identity(place)
    with next(tmp_path.glob("codemods/*/*.py")).open("a") as file:
        file.write("# changed\n")
    assert identity(place) != before
