"""The harness of the behaviour tests: reads the programs, rewrites them, runs their legs.

The header of a program and the legs are described in README.md beside this file.
"""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventlet_codemod.engine import FileChange
    from eventlet_codemod.run import Result

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
PROJECTS = HERE / "multi"  # each a directory of several files, run by its main.py
TIMEOUT = 20  # a program takes well under a second; only a hang comes near this
REPEAT = int(os.environ.get("BEHAVIOUR_REPEAT", "1"))

KEYS = ("proves", "api", "tier", "settings", "legs", "rewrite", "keeps", "exit", "errors")
KEYS += ("differs", "then-exit", "then-errors", "then-stdout")
LEGS = {"full": ("native", "patched"), "partial": ("as-is",), "none": ()}
HEADER_LINE = re.compile(r"# ([a-z-]+):(?: (.*))?")
DIFFERS = re.compile(r"(C-[A-Z]+) \(([a-z-]+(?:, [a-z-]+)*)\)")


@dataclass(frozen=True)
class Outcome:
    """What a leg left behind. ``errors``: the last line of each traceback, sorted."""

    exit: int
    stdout: str
    errors: tuple[str, ...]


@dataclass(frozen=True)
class Program:
    """One program with what its header declares."""

    path: Path
    proves: str
    api: tuple[str, ...]
    tier: str
    settings: dict[str, Any]
    rewrite: str
    legs: tuple[str, ...]
    keeps: str
    exit: int
    errors: tuple[str, ...]
    differs: str
    differing_legs: tuple[str, ...]
    then: dict[str, Any]

    @property
    def is_project(self) -> bool:
        return self.path.parent.parent == PROJECTS

    @property
    def name(self) -> str:
        return f"multi-{self.path.parent.name}" if self.is_project else self.path.stem

    @property
    def source(self) -> bytes:
        return self.path.read_bytes()

    def expected(self, leg: str, before: Outcome) -> Outcome:
        """What the leg must show: what was shown before, but for the announced difference."""
        return replace(before, **self.then) if leg in self.differing_legs else before


def read_program(path: Path) -> Program:
    """Read the header of a program. Anything that is not understood is an error."""
    header: dict[str, str] = {}
    block: list[str] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if block is not None and line.startswith("#   |"):
            block.append(line[6:])
        elif match := HEADER_LINE.fullmatch(line):
            key, value = match[1], match[2] or ""
            if key not in KEYS or key in header:
                raise ValueError(f"{path.name}: unknown or repeated header key {key!r}")
            if key == "then-stdout":
                block = []
            header[key] = value
        else:
            break

    def names(key: str, separator: str = ",") -> tuple[str, ...]:
        return tuple(filter(None, map(str.strip, header.get(key, "").split(separator))))

    then: dict[str, Any] = {}
    if "then-exit" in header:
        then["exit"] = int(header["then-exit"])
    if "then-errors" in header:
        then["errors"] = names("then-errors", ";")
    if block is not None:
        then["stdout"] = "".join(line + "\n" for line in block)
    differs = DIFFERS.fullmatch(header["differs"]) if "differs" in header else None
    if bool(then) != bool(differs):
        raise ValueError(f"{path.name}: 'differs: C-CODE (leg, …)' and 'then-…' go together")
    rewrite = header.get("rewrite", "full")
    return Program(
        path=path,
        proves=header["proves"],
        api=names("api"),
        tier=header["tier"],
        settings=dict(map(read_setting, names("settings", ";"))),
        rewrite=rewrite,
        legs=names("legs") or LEGS[rewrite],
        keeps=header.get("keeps", ""),
        exit=int(header.get("exit", "0")),
        errors=names("errors", ";"),
        differs=differs[1] if differs else "",
        differing_legs=tuple(differs[2].split(", ")) if differs else (),
        then=then,
    )


def read_setting(text: str) -> tuple[str, Any]:
    key, _, value = text.partition("=")
    if key == "force":
        return key, value == "yes"
    return key, value


def run(leg: str, program: Path, cwd: Path) -> Outcome:
    """Run a program in its own interpreter.

    "before" and "as-is" run it without a runner, unless it imports files that stand beside it.
    """
    alone = leg in ("before", "as-is") and program.name != "main.py"
    runner = [] if alone else [str(HERE / "run_leg.py"), leg]
    command = [sys.executable, "-W", "ignore", "-I", *runner, str(program)]
    outcomes = {run_once(command, cwd) for _ in range(REPEAT)}
    assert len(outcomes) == 1, f"{program.name} is not deterministic ({leg}): {outcomes}"
    return outcomes.pop()


def run_once(command: list[str], cwd: Path) -> Outcome:
    done = subprocess.run(
        command,
        cwd=cwd,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT,
    )
    return Outcome(done.returncode, done.stdout, tuple(sorted(last_lines(done.stderr))))


def last_lines(stderr: str) -> list[str]:
    """Type and message of every error printed; of a chain of errors only the last."""
    found: list[str] = []
    inside = chained = False
    for line in stderr.splitlines():
        if line == "Traceback (most recent call last):":
            inside = True
            if chained:
                found.pop()
            chained = False
        elif inside and not line.startswith(" "):
            found.append(line)
            inside = False
        elif line.startswith(("During handling of the above", "The above exception was")):
            chained = True
    return found


@functools.cache
def rewritten(path: Path) -> FileChange:
    """The program as the tool rewrites it."""
    from eventlet_codemod.config import Settings
    from eventlet_codemod.run import rewrite_one

    program = read_program(path)
    return rewrite_one(program.source, path.name, Settings(**program.settings))


def rewrite_project(root: Path, program: Program) -> Result:
    """Rewrite a copy of a project at ``root`` in place."""
    from eventlet_codemod.config import Settings
    from eventlet_codemod.discovery import discover
    from eventlet_codemod.run import run as run_tool

    settings = Settings(**program.settings)
    found = discover(root, [root], settings)
    result = run_tool(root, found.files, settings, whole_project=True)
    for change in result.changes:
        if change.new is not None:
            (root / change.entry.path).write_bytes(change.new)
    return result


ALL = tuple(map(read_program, sorted(PROGRAMS.glob("*.py"))))
ALL_PROJECTS = tuple(map(read_program, sorted(PROJECTS.glob("*/main.py"))))


def _marks(program: Program, leg: str) -> tuple[pytest.MarkDecorator, ...]:
    """The third run of a program that is to show the same each time is for those with time."""
    again = leg == "patched" and "native" in program.legs and leg not in program.differing_legs
    return (pytest.mark.slow,) if again else ()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    programs = ALL_PROJECTS if metafunc.module.__name__.endswith("test_multi") else ALL
    if "leg" in metafunc.fixturenames:
        pairs = [(program, leg) for program in programs for leg in program.legs]
        metafunc.parametrize(
            ("program", "leg"),
            [
                pytest.param(program, leg, id=f"{program.name}-{leg}", marks=_marks(program, leg))
                for program, leg in pairs
            ],
        )
    elif "program" in metafunc.fixturenames:
        metafunc.parametrize("program", programs, ids=[program.name for program in programs])


@pytest.fixture(scope="session")
def programs() -> tuple[Program, ...]:
    return ALL


@pytest.fixture
def project(program: Program, tmp_path: Path) -> Path:
    """A copy of the directory of a project."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(program.path.parent, tmp_path / "project", ignore=ignored))


@pytest.fixture(scope="session")
def shared_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One directory per test run, whatever the number of xdist workers."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    shared = base / "behaviour"
    shared.mkdir(exist_ok=True)
    return shared


@pytest.fixture
def before(
    program: Program, shared_dir: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Outcome:
    """The original under real eventlet. Run once per test run, by whoever needs it first."""
    kept = shared_dir / f"{program.name}.json"
    if not kept.exists():
        path = program.path
        if program.is_project:
            path = request.getfixturevalue("project") / path.name
        place = tmp_path / "before"  # empty, and no leg after it finds what it leaves
        place.mkdir()
        outcome = run("before", path, place)
        fresh = tmp_path / "outcome.json"
        fresh.write_text(json.dumps(asdict(outcome)), encoding="utf-8")
        fresh.replace(kept)
    raw = json.loads(kept.read_text(encoding="utf-8"))
    return Outcome(raw["exit"], raw["stdout"], tuple(raw["errors"]))


@pytest.fixture
def change(program: Program) -> FileChange:
    return rewritten(program.path)


@pytest.fixture
def run_rewritten(program: Program, tmp_path: Path) -> Callable[[str], Outcome]:
    from eventlet_codemod.helpers import render

    def run_leg(leg: str) -> Outcome:
        change = rewritten(program.path)
        source = program.source if change.new is None else change.new
        print(source.decode())  # pytest shows it when the test fails
        target = tmp_path / program.path.name
        if module := program.settings.get("helpers"):
            target = tmp_path / "main.py"  # which imports what stands beside it
            (tmp_path / f"{module}.py").write_text(render(change.helpers), encoding="utf-8")
        target.write_bytes(source)
        return run(leg, target, tmp_path)

    return run_leg
