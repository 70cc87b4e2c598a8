"""A rule that was begun with the scaffold loads, and its tests fail until it is written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from eventlet_codemod.scaffold import ScaffoldError, begin_rule

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of this project, as much of it as the scaffold and the new tests need."""
    hidden = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=hidden)
    (tmp_path / "tests" / "rules").mkdir(parents=True)
    for name in ("CHANGELOG.md", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(cwd / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
    )


def scaffold(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return run("eventlet_codemod.scaffold", *arguments, cwd=cwd)


def test_a_begun_rule_loads_and_fails_its_cases(checkout: Path) -> None:
    done = scaffold("rule", "baton-pass", "--family", "sync", cwd=checkout)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "src/eventlet_codemod/rules/sync/baton_pass.py",
        "tests/rules/test_baton_pass.py",
        "CHANGELOG.md",
    ]
    listed = json.loads(run("eventlet_codemod", "rules", "--format", "json", cwd=checkout).stdout)
    (rule,) = [rule for rule in listed if rule["name"] == "baton-pass"]
    assert rule["family"] == "sync"
    assert rule["code"] not in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    tested = run(
        *("pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "tests/rules/test_baton_pass.py"),
        cwd=checkout,
    )
    assert tested.returncode == 1, tested.stdout
    assert tested.stdout.splitlines()[-1].startswith("3 failed in")


def test_what_it_writes_passes_the_linters(checkout: Path) -> None:
    begin_rule(checkout, "baton-pass", "sync")
    written = ["src/eventlet_codemod/rules/sync/baton_pass.py", "tests/rules/test_baton_pass.py"]
    for check in (("ruff", "check"), ("ruff", "format", "--check")):
        done = run(*check, "--no-cache", *written, cwd=checkout)
        assert done.returncode == 0, done.stdout
    types = run("mypy", "--strict", "--cache-dir", os.devnull, written[0], cwd=checkout)
    assert "baton_pass.py" not in types.stdout


def test_the_changelog_line_stands_among_the_others(checkout: Path) -> None:
    begin_rule(checkout, "baton-pass", "threads", "EVT150")
    lines = (checkout / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    place = lines.index("- `EVT150` `baton-pass`: TODO")
    before, after = (lines[place + step].split("`")[1] for step in (-1, 1))
    assert "EVT1" < before < "EVT150" < after < "EVT3"
    shutil.copy(ROOT / "CHANGELOG.md", checkout)
    (checkout / "src/eventlet_codemod/rules/threads/baton_pass.py").unlink()
    (checkout / "tests/rules/test_baton_pass.py").unlink()
    begin_rule(checkout, "baton-pass", "threads", "EVT001")
    lines = (checkout / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    assert "EVT101" in lines[lines.index("- `EVT001` `baton-pass`: TODO") + 1]


def test_a_retired_code_is_not_given_out_again(checkout: Path) -> None:
    first, *_ = begin_rule(checkout, "first", "sync")
    code = first.read_text().partition('code="')[2][:6]
    first.unlink()
    with pytest.raises(ScaffoldError, match="never used twice"):
        begin_rule(checkout, "second", "sync", code)
    second, *_ = begin_rule(checkout, "second", "sync")
    assert code not in second.read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("sleep", "--family", "scheduling"), "sleep: there is src/"),
        (("new", "--family", "fishing"), "fishing: no such family; there are "),
        (("New Rule", "--family", "sync"), "New Rule: names are lower-case words"),
        (("new", "--family", "sync", "--code", "EVT201"), "EVT201: used before"),
        (("new", "--family", "sync", "--code", "201"), "201: a code is EVT and three digits"),
        (("new", "--family", "sync", "--root", "src"), "src: no checkout"),
    ],
)
def test_what_cannot_be_begun(arguments: tuple[str, ...], told: str, checkout: Path) -> None:
    before = sorted(checkout.rglob("*"))
    done = scaffold("rule", *arguments, cwd=checkout)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sorted(checkout.rglob("*")) == before
