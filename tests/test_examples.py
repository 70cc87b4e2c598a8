"""The examples do what their READMEs say."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import eventlet_codemod

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
regenerate = runpy.run_path(str(EXAMPLES / "regenerate.py"))
NAMES = [path.name for path in regenerate["EXAMPLES"]]

#: Runs a program where eventlet and greenlet look uninstalled.
WITHOUT_EVENTLET = """
import runpy, sys
sys.modules["eventlet"] = sys.modules["greenlet"] = None
sys.path.insert(0, "")
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    source = str(Path(eventlet_codemod.__file__).parents[1])
    monkeypatch.setenv("PYTHONPATH", source)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")


@pytest.fixture
def example(name: str, tmp_path: Path, environment: None) -> Path:
    """A copy of an example, a project of its own."""
    copied: Path = regenerate["copy"](EXAMPLES / name, tmp_path / name)
    return copied


def python(*arguments: str, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, capture_output=True, encoding="utf-8", timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_examples_are_all_here() -> None:
    assert NAMES == ["leftovers", "poller", "worker"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("output", regenerate["OUTPUTS"])
def test_output_is_as_expected(name: str, output: str, example: Path) -> None:
    done = regenerate["run"](regenerate["OUTPUTS"][output], example)
    assert done.returncode == 1, done.stderr
    assert done.stdout == (EXAMPLES / name / output).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_git_takes_the_expected_patch(name: str, example: Path) -> None:
    patch = EXAMPLES / name / "expected.patch"
    # Without a ceiling git would look for the repository around the temporary directory.
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(example.parent)}
    subprocess.run(["git", "apply", str(patch)], cwd=example, env=environment, check=True)
    for path in example.glob("*.py"):
        compile(path.read_bytes(), path.name, "exec")
    again = regenerate["run"](("diff", "--quiet"), example)
    assert again.stdout == ""


@pytest.mark.parametrize(("name", "program"), [("worker", "main.py"), ("poller", "poll.py")])
def test_runs_the_same_without_eventlet(name: str, program: str, example: Path) -> None:
    before = python("-W", "ignore", program, cwd=example)
    applied = regenerate["run"](("apply",), example)
    assert applied.returncode == 0, applied.stderr
    assert "eventlet" not in (example / program).read_text()
    after = python("-c", WITHOUT_EVENTLET, program, cwd=example)
    assert after == before != ""


def test_leftovers_still_runs_after_the_rewrite(tmp_path: Path, environment: None) -> None:
    example = regenerate["copy"](EXAMPLES / "leftovers", tmp_path / "leftovers")
    before = python("-W", "ignore", "server.py", cwd=example)
    assert regenerate["run"](("apply",), example).returncode == 1
    assert "time.sleep" in (example / "server.py").read_text()
    assert python("-W", "ignore", "server.py", cwd=example) == before != ""


def test_first_command_of_the_readme(environment: None) -> None:
    """In place the project is this repository, which keeps `monkey_patch()` in use."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = re.search(r"eventlet-codemod (diff examples/\w+)$", readme, re.MULTILINE)
    assert command is not None
    done = subprocess.run(
        [sys.executable, "-m", "eventlet_codemod", *command[1].split()],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 1, done.stderr
    expected = (EXAMPLES / "worker" / "expected.patch").read_text(encoding="utf-8")
    of_service = expected[expected.index("# service.py") :]
    for name in ("# ", "a/", "b/"):
        of_service = of_service.replace(f"{name}service.py", f"{name}examples/worker/service.py")
    assert done.stdout == of_service
