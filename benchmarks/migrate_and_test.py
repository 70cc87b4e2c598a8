"""Whether real projects still pass their tests when they are off eventlet.

    python benchmarks/migrate_and_test.py --work DIR                  # all of them: some hours
    python benchmarks/migrate_and_test.py --work DIR ironic-python-agent glance
    python benchmarks/migrate_and_test.py --work DIR --json FILE --lost
    python benchmarks/migrate_and_test.py --work DIR --table          # of what was run before

The projects stand in `migrate_and_test/projects.toml`: a release on PyPI by version and hash, the
day of its dependencies, and what the tool is told. For each, in DIR/NAME-VERSION:

1. the sdist becomes a tree in git (`tree`), with the edits of `edit`, where no tool could make
   them, and its requirements an environment (`before`) with the newest versions of that day, by uv;
2. one command, which is printed, migrates a clone of the tree (`migrated`). What that needs comes
   into a second environment (`after`): the same, with what the rewritten requirements ask for, and
   what `[after]` of projects.toml names, of a later day;
3. `eventlet-codemod verify` runs the tests in copies of the tree: as it was in the one environment,
   and migrated in the other, where importing eventlet fails: for the project's own code
   (`project`), or for everybody (`all`), which dependencies of that time do not always allow.

Tests are run by `migrate_and_test/suite.py`, class by class in several processes, so that a module
that cannot be imported, or a test that hangs, is a failure of its own.

The table tells, for each project, the tests that passed before and how many of them pass now, who
may not import eventlet, the uses of eventlet, how many of them are left, and how many lines were
edited by hand. Below it stands why they were, and each cause for which tests were lost: as
projects.toml names it, or the exception.

What is done is not done again: the tree, the environments, the tests before, and the tests after
for as long as the tool and the entry are the same. `--again` forgets results. Where one project
fails, the others go on. It needs git and uv (`pip install uv`), and a Python of each version that
projects.toml names. The exit code is 1 if a project could not be run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "migrate_and_test")]

import outcomes  # noqa: E402
import sdists  # noqa: E402
from outcomes import Cause, Result  # noqa: E402

from eventlet_codemod import results  # noqa: E402

DATA = HERE / "migrate_and_test"
PROJECTS = DATA / "projects.toml"
SUITE = DATA / "suite.py"
TOOL = (sys.executable, "-m", "eventlet_codemod")


class RunError(Exception):
    """A project that cannot be run; the text says why."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Something that is changed by hand before the tool runs: what a regular expression finds."""

    file: str
    find: str
    put: str

    def make(self, tree: Path) -> None:
        """Change the file. Raises RunError where the expression does not match just once."""
        path = tree / self.file
        text, times = re.subn(self.find, self.put, path.read_text(encoding="utf-8"))
        if times != 1:
            raise RunError(f"{self.file}: {self.find!r} matches {times} times")
        path.write_text(text, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Project:
    """An entry of projects.toml."""

    name: str
    version: str
    sha256: str
    day: str  # of the dependencies: nothing newer is taken
    tests: str  # the directory where they are looked for
    python: str = "3.11"
    block: str = "all"
    options: tuple[str, ...] = ()  # of the tool
    requirements: tuple[str, ...] = ("requirements.txt", "test-requirements.txt")
    extra: tuple[str, ...] = ()  # requirements that are in none of these files
    after: tuple[str, ...] = ()  # what needs a newer release when eventlet is gone
    environment: Mapping[str, str] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    edits_why: str = ""
    causes: tuple[Cause, ...] = ()

    def key(self) -> str:
        return f"{self.name}-{self.version}"


@dataclass(frozen=True, slots=True)
class After:
    """What the migrated trees need: newer dependencies than those of the day."""

    day: str
    requirements: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    options = read_options(arguments)
    after, projects = read_projects(options.projects_file)
    if unknown := set(options.projects) - {project.name for project in projects}:
        print(f"no such project: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    chosen = [one for one in projects if not options.projects or one.name in options.projects]
    done = [result_of(project, after, options) for project in chosen]
    print("\n".join(outcomes.table(done)))
    if options.lost:
        print("\n" + "\n".join(outcomes.lost_tests(done)))
    if options.json:
        told = [{**asdict(one), "meets_goal": one.meets_goal()} for one in done]
        options.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return int(any(one.error for one in done))


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("projects", nargs="*", metavar="PROJECT", help="all if none is named")
    parser.add_argument("--work", type=Path, required=True, metavar="DIR", help="kept between runs")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--again", choices=["after", "before", "all"], help="forget results")
    parser.add_argument("--table", action="store_true", help="run nothing")
    parser.add_argument("--lost", action="store_true", help="list each lost test")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table as JSON, too")
    parser.add_argument("--projects-file", type=Path, default=PROJECTS, metavar="FILE")
    return parser.parse_args(arguments)


def read_projects(path: Path) -> tuple[After, list[Project]]:
    """The entries of projects.toml; a key that is not known is a TypeError."""
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    after = After(**as_tuples(given["after"]))
    projects = []
    for entry in given["project"]:
        causes = tuple(Cause(**as_tuples(cause)) for cause in entry.pop("cause", ()))
        edits = tuple(Edit(**edit) for edit in entry.pop("edit", ()))
        projects.append(Project(**as_tuples(entry), causes=causes, edits=edits))
    return after, projects


def as_tuples(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(one) if isinstance(one, list) else one for key, one in entry.items()}


# --- one project ----------------------------------------------------------------------------------


def result_of(project: Project, after: After, options: argparse.Namespace) -> Result:
    """Run it as far as that was not done, and tell what came out."""
    bench = Bench(project, after, options.work.resolve(), options.workers)
    try:
        if not options.table:
            bench.forget(options.again)
            bench.run()
        return bench.result()
    except (RunError, sdists.SdistError, OSError) as error:
        print(f"{project.name}: {error}", file=sys.stderr)
        return Result(project.key(), project.block, error=str(error))


class Bench:
    """The directory of a project, and the steps that fill it."""

    def __init__(self, project: Project, after: After, work: Path, workers: int) -> None:
        self.project = project
        self.needed = after
        self.workers = workers
        self.place = work / project.key()
        self.pristine = self.place / "sdist"
        self.tree = self.place / "tree"
        self.migrated = self.place / "migrated"
        self.logs = self.place / "logs"
        self.ledger = self.place / "ledger.json"
        self.stamp = self.place / "done.json"

    def forget(self, what: str | None) -> None:
        if what == "all":
            shutil.rmtree(self.place, ignore_errors=True)
        if what in ("before", "all"):
            (self.logs / "before.log").unlink(missing_ok=True)
        if what is not None:
            self.stamp.unlink(missing_ok=True)

    def run(self) -> None:
        """Do what is not done yet."""
        state = self._state()
        if self.stamp.is_file() and json.loads(self.stamp.read_text()) == state:
            return
        self.place.mkdir(parents=True, exist_ok=True)
        self._unpack()
        self._environment("before", self._of_the_day())
        self._migrate()
        self._environment("after", self._of_the_day(), self._of_the_migrated())
        self._verify()
        self.stamp.write_text(json.dumps(state), encoding="utf-8")

    def _state(self) -> dict[str, str]:
        """What the result depends on."""
        tool = hashlib.sha256()
        for path in sorted((HERE.parent / "src").rglob("*.py")):
            tool.update(path.read_bytes())
        entry = {key: one for key, one in asdict(self.project).items() if key != "causes"}
        return {"tool": tool.hexdigest(), "entry": repr(entry), "after": repr(self.needed)}

    def _state_before(self) -> dict[str, Any]:
        """What the tests before depend on."""
        project = self.project
        given = (project.sha256, project.day, project.tests, project.python, project.extra)
        return {"given": repr(given), "edits": repr(project.edits), "files": project.requirements}

    def _unpack(self) -> None:
        """The tree as people would have it before they take the tool."""
        self._fetch()
        shutil.rmtree(self.tree, ignore_errors=True)
        sdists.git(self.place, "clone", "--quiet", str(self.pristine), str(self.tree))
        if self.project.edits:
            for edit in self.project.edits:
                edit.make(self.tree)
            sdists.git(self.tree, "add", "--update")
            sdists.commit(self.tree, self.project.edits_why)

    def _edited(self) -> int:
        """How many lines were taken away and added by hand."""
        if not self.project.edits:
            return 0
        counts = sdists.git(self.tree, "show", "--numstat", "--format=", "HEAD").split()
        return sum(int(count) for count in counts if count.isdigit())

    def _fetch(self) -> None:
        if self.pristine.is_dir():
            return
        self._tell("fetching the sdist")
        scratch = self.place / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        sdist = sdists.download(self.project.name, self.project.version, scratch / "sdist")
        sdists.check(sdist, self.project.sha256)
        # as verify tells git of it, so that everything that was in the sdist is copied
        sdists.as_repository(sdists.unpack(sdist, scratch / "tree")).rename(self.pristine)
        shutil.rmtree(scratch)

    def _of_the_day(self) -> list[str]:
        """What uv is told to install for the release."""
        files = [str(self.tree / name) for name in self.project.requirements]
        listed = [word for name in files for word in ("--requirements", name)]
        return ["--exclude-newer", self.project.day, *listed, *self.project.extra]

    def _of_the_migrated(self) -> list[str]:
        """What it is told to install above that; what is there and will do stays."""
        listed = str(self.migrated / self.project.requirements[0])
        day = self.needed.day
        return [
            "--exclude-newer",
            day,
            "--requirements",
            listed,
            *self.needed.requirements,
            *self.project.after,
        ]

    def _environment(self, name: str, *steps: Sequence[str]) -> None:
        """Make an environment, if one of the same requirements is not there."""
        place, uv = self.place / name, find_uv()
        files = [Path(word) for step in steps for word in step if Path(word).is_file()]
        state = [[list(step) for step in steps], [path.read_text() for path in files]]
        stamp = place / "installed.json"
        if stamp.is_file() and json.loads(stamp.read_text()) == state:
            return
        self._tell(f"making the environment {name}")
        shutil.rmtree(place, ignore_errors=True)
        run([*uv, "venv", "--quiet", "--python", self.project.python, str(place)], self.place)
        for step in steps:
            into = ("--python", str(place / "bin" / "python"))
            run([*uv, "pip", "install", "--quiet", *into, *step], self.tree)
        stamp.write_text(json.dumps(state), encoding="utf-8")

    def _migrate(self) -> None:
        """Let the tool rewrite a clone, for its requirements and for whoever wants to look."""
        shutil.rmtree(self.migrated, ignore_errors=True)
        sdists.git(self.place, "clone", "--quiet", str(self.tree), str(self.migrated))
        command = [*TOOL, "apply", "--quiet", *self.project.options]
        self._tell("migrating: " + shlex.join(command[2:]).replace("_", "-", 1))
        run([*command, "--ledger", str(self.ledger)], self.migrated, good=(0, 1))

    def _verify(self) -> None:
        """Have the tests run before and after, and the output of both kept."""
        before, stamp = self.logs / "before.log", self.place / "before.json"
        state = json.dumps(self._state_before())
        kept = before.is_file() and stamp.is_file() and stamp.read_text() == state
        known = ("--before", str(before)) if kept else ()
        self._tell("testing" if known else "testing before and after")
        environment = {**os.environ, **self.project.environment}
        done = subprocess.run(
            [
                *TOOL, "verify", *self.project.options, *known, "--logs", str(self.logs),
                *("--block", self.project.block, "--test-cmd", self._suite("before")),
                *("--test-cmd-after", self._suite("after")),
            ],
            cwd=self.tree, env=environment, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode not in (0, 1):
            raise RunError(last_line(done.stderr))
        stamp.write_text(state, encoding="utf-8")

    def _suite(self, environment: str) -> str:
        python = self.place / environment / "bin" / "python"
        workers = ("--workers", str(self.workers))
        return shlex.join([str(python), str(SUITE), *workers, self.project.tests])

    def _tell(self, what: str) -> None:
        print(f"{self.project.name}: {what}", file=sys.stderr, flush=True)

    def result(self) -> Result:
        """What was found, read from what is kept."""
        if not self.stamp.is_file():
            raise RunError("it was not run yet")
        texts = [(self.logs / f"{name}.log").read_text() for name in ("before", "after")]
        compared = results.compare(*(results.read_results(text.encode()) for text in texts))
        if not compared.before:
            told = dict(outcomes.failures(texts[0]))
            raise RunError(f"no test passes before: {next(iter(told.values()), 'none is told')}")
        summary = json.loads(self.ledger.read_text(encoding="utf-8"))["summary"]
        reasons = outcomes.Reasons(self.project.causes, texts[1])
        return Result(
            self.project.key(),
            self.project.block,
            before=compared.before,
            after=compared.passing,
            uses=summary["uses"],
            left=summary["uses"] - summary["rewritten"] - summary["suppressed"],
            edits=self._edited(),
            edits_why=self.project.edits_why,
            lost={test: reasons.of(test) for test in (*compared.broken, *compared.missing)},
        )


def find_uv() -> list[str]:
    if found := shutil.which("uv"):
        return [found]
    beside = Path(sys.executable).with_name("uv")
    if beside.is_file():
        return [str(beside)]
    raise RunError("uv is needed: pip install uv")


def run(command: Sequence[str], where: Path, *, good: Sequence[int] = (0,)) -> None:
    done = subprocess.run(command, cwd=where, capture_output=True, text=True)
    if done.returncode not in good:
        raise RunError(f"{shlex.join(command)}: {last_line(done.stderr)}")


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["nothing was printed"])[-1]


if __name__ == "__main__":
    sys.exit(main())
