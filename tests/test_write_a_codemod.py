"""`docs/write-a-codemod.md` is right: everything on it is run, in the order in which it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("bowler")

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "write-a-codemod.md"
_BLOCK = re.compile(r"(?:^`([\w./-]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks() -> Iterator[tuple[str, str, str]]:
    for match in _BLOCK.finditer(GUIDE.read_text(encoding="utf-8")):
        yield match[1] or "", match[2], match[3]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    project = tmp_path / "shop-project"
    (project / "shop").mkdir(parents=True)
    return project


def run(command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    name, _, rest = command.partition(" ")
    program = {
        "eventlet-codemod": f"{sys.executable} -m eventlet_codemod",
        "python": sys.executable,
    }[name]
    environment = {
        **{
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("GIT_", "PYTEST"))
        },
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }
    return subprocess.run(
        f"{program} {rest}", shell=True, cwd=cwd, env=environment, capture_output=True, text=True
    )


def git(project: Path, *words: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words],
        cwd=project,
        check=True,
        capture_output=True,
    )


def test_every_file_and_command_of_the_guide(here: Path) -> None:
    git(here, "init", "-q", ".")
    ran = written = 0
    for name, language, text in blocks():
        if language != "console":
            assert name, f"a block of {language} without a name:\n{text}"
            (here / name).write_text(text, encoding="utf-8")
            written += 1
            continue
        git(here, "add", "-A")
        git(here, "commit", "-q", "--allow-empty", "-m", "x")
        first, _, wanted = text.partition("\n")
        done = run(first.removeprefix("$ "), here)
        said = re.sub(r" in \d+\.\d+s$", "", done.stdout or done.stderr, flags=re.MULTILINE)
        told = said if wanted else done.stdout
        assert fits(wanted, told), f"{first}\n{told}\n{done.stderr}"
        ran += 1
    assert (written, ran) == (14, 12)


def fits(wanted: str, told: str) -> bool:
    """Whether an output is as it stands in the guide, where … is any lines."""
    pattern = re.escape(wanted).replace(re.escape("…\n"), "(?:.*\n)*")
    return re.fullmatch(pattern, told) is not None


@pytest.mark.parametrize("kind", ["--bowler", "--libcst", "--facts", "--rule"])
def test_a_codemod_of_the_scaffold_loads_and_a_case_of_it_fails(here: Path, kind: str) -> None:
    made = run(f"eventlet-codemod new-codemod new-one {kind}", here)
    assert made.returncode == 0, made.stderr
    path, cases = made.stdout.split()
    assert run(f"eventlet-codemod scan --codemod {path} shop", here).returncode == 0
    tried = run(f"python -m pytest -q {cases}", here)
    assert tried.returncode == 1, tried.stdout
    assert "1 failed, 1 passed" in tried.stdout, tried.stdout
    again = run(f"eventlet-codemod new-codemod new-one {kind}", here)
    assert (again.returncode, "it is there already" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Shop", "'Shop': names are lower-case words with hyphens between"),
        ("sleep", "sleep: a built-in rule has this name"),
        ("bowler --bowler", "bowler: bowler.py would hide the module of that name from Python"),
        ("queue --rule", "queue: a built-in rule has this name"),
        ("json", "json: json.py would hide the module of that name from Python"),
        ("mine --facts --bowler", "--bowler and --facts are two kinds of codemod: take one"),
    ],
)
def test_a_codemod_that_cannot_begin(here: Path, words: str, said: str) -> None:
    done = run(f"eventlet-codemod new-codemod {words}", here)
    assert (done.returncode, done.stderr) == (2, f"error: {said}\n")
    assert not (here / "codemods").exists()
