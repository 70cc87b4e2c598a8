"""What the tool makes of a file, next to what people wrote, on commits of real projects.

    python benchmarks/replay.py --cases CASES.tsv --clones DIR
    python benchmarks/replay.py … --profile openstack --config sleep-zero=drop
    python benchmarks/replay.py … --difficulty easy --verbose
    python benchmarks/replay.py … --paths-only        # quicker, and not what a user would do
    python benchmarks/replay.py … --json FILE

CASES.tsv has the columns repo, parent, commit, path, apis, difficulty and expected. DIR holds
clones of the repositories, bare or not, as OWNER+NAME/repo, OWNER/NAME or NAME; nothing is written
there.

**Method.** For each parent the whole tree is put into a directory of its own, and `apply` is run on
it. It is not told which files count, for an object that several files use is rewritten in all of
them or in none (`--paths-only` tells it). Of each file of a case there are then three versions: the
parent's, the tool's and that of the commit. They are read as multisets of normalised statements
(`replay/statements.py`, with the table of what is taken to be the same), and the score of a case is
F1 of the tool's edited statements against the person's, as far as those belong to eventlet
(`replay/scoring.py`, with the rules). `raw` is F1 without these rules. `imports` is F1 of the
imported names, and the score where nothing but imports was edited.

**Who is right.** A person's version is not the truth. `replay/notes.toml` says of each case where
the two differ much who is right, and why; a score below 0.8 without a note fails the run. It also
corrects a few documented bugs in the person's version before the comparison, gives the settings
that choose what the person chose (a helper in `nova.utils`, say), and names the cases that need a
rule which does not exist yet. Those are listed, and the means are given with and without them. A
last column leaves out the cases in which the tool is right and the person is not.

**Limits.** Statements are compared as text after normalising, so two right answers of different
shape score low. The order of statements in a function is not compared. Code that moves to another
function counts as removed and added. Of a commit only the files in CASES.tsv are looked at.
Objects that a clone does not have, as happens with partial ones, are left out of the tree, with a
warning if they are Python files.

The exit code is 0 if the targets are met and every note is there, 1 if not, and 2 for wrong usage:
that includes clones, commits and paths that are missing.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import tomllib
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent import futures
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "replay"))

from scoring import Score, score  # noqa: E402
from statements import read  # noqa: E402

NOTES = HERE / "replay" / "notes.toml"
TOOL = (sys.executable, "-m", "eventlet_codemod")
COLUMNS = ("repo", "parent", "commit", "path", "apis", "difficulty", "expected")
#: The mean F1 to reach, by difficulty. What is hard has none.
TARGETS: dict[str, float | None] = {"easy": 0.9, "medium": 0.75, "hard": None}
#: Below this a case needs a note.
LOW = 0.8
#: Nothing is to be fetched or asked for, and a tree stands for itself wherever it is put.
QUIET = {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}


class UsageError(Exception):
    """Something that whoever runs this has to put right."""


@dataclass(frozen=True, slots=True)
class Case:
    """A file that a commit took off eventlet, or part of the way."""

    repo: str
    parent: str
    commit: str
    path: str
    apis: str
    difficulty: str
    expected: str

    @property
    def name(self) -> str:
        return f"{self.repo.rpartition('/')[2]} {self.path}@{self.commit[:10]}"


@dataclass(frozen=True, slots=True)
class Note:
    """What a person found when they read both versions of a case."""

    right: str = ""
    why: str = ""
    excluded: str = ""
    corrections: tuple[tuple[str, str], ...] = ()
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The note on one line."""
        verdict = f"{self.right} right: {self.why}" if self.right else ""
        later = f"later: {self.excluded}" if self.excluded else ""
        return "; ".join(filter(None, [later, verdict]))


@dataclass(frozen=True, slots=True)
class Result:
    """A case, compared. ``error`` says why the tool has no version of the file."""

    case: Case
    note: Note
    score: Score
    error: str = ""

    @property
    def f1(self) -> float:
        """What the case counts with. Nothing to do, and nothing done, is agreement."""
        return 1.0 if self.score.f1 is None else self.score.f1

    @property
    def lacks_note(self) -> bool:
        return self.f1 < LOW and not self.note.right


@dataclass(slots=True)
class Versions:
    """What the tool made of the files of one parent."""

    before: dict[str, bytes] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def main(arguments: Sequence[str] | None = None) -> int:
    options = read_options(arguments)
    warnings.simplefilter("ignore", SyntaxWarning)  # about what is in the files
    try:
        cases = read_cases(options.cases, options.difficulty)
        notes = read_notes(NOTES)
        clones = find_clones(options.clones, cases)
        check_objects(clones, cases)
        results = replay(cases, notes, clones, options)
    except UsageError as error:
        print(f"replay: {error}", file=sys.stderr)
        return 2
    show(results, verbose=options.verbose)
    if options.json:
        options.json.write_text(json.dumps(as_json(results), indent=2) + "\n", encoding="utf-8")
    return int(not passed(results))


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=Path, required=True, help="table of the cases")
    parser.add_argument("--clones", type=Path, required=True, help="directory with the clones")
    parser.add_argument("--profile", help="the tool's option")
    parser.add_argument(
        "--config", metavar="KEY=VALUE", nargs="+", action="extend", default=[], help="likewise"
    )
    parser.add_argument("--difficulty", help="only these, with commas between")
    parser.add_argument(
        "--paths-only", action="store_true", help="give the tool the files of the cases only"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time")
    parser.add_argument("--verbose", action="store_true", help="show what only one side edited")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything there")
    return parser.parse_args(arguments)


def tool_options(options: argparse.Namespace) -> list[str]:
    profile = ["--profile", options.profile] if options.profile else []
    return [*profile, *(word for item in options.config for word in ("--config", item))]


# --- cases and notes ----------------------------------------------------------------------------


def read_cases(table: Path, difficulty: str | None = None) -> list[Case]:
    try:
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    except OSError as error:
        raise UsageError(f"{table}: {error.strerror}") from error
    for number, row in enumerate(rows, 2):
        missing = [name for name in COLUMNS if row.get(name) is None]
        if missing:
            raise UsageError(f"{table}:{number}: no {', '.join(missing)}")
        if row["difficulty"] not in TARGETS:
            raise UsageError(f"{table}:{number}: no such difficulty: {row['difficulty']}")
    wanted = set(difficulty.split(",")) if difficulty else set(TARGETS)
    if wanted - set(TARGETS):
        raise UsageError(f"--difficulty: none of {', '.join(TARGETS)}: {difficulty}")
    cases = [Case(*(row[name] for name in COLUMNS)) for row in rows]
    chosen = [case for case in cases if case.difficulty in wanted]
    if not chosen:
        raise UsageError(f"{table}: no cases")
    return chosen


def read_notes(path: Path) -> dict[str, Note]:
    """The notes by their key, ``OWNER/NAME PATH@COMMIT``."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path.name}: {error}") from error
    return {key: as_note(path, key, entry) for key, entry in table.items()}


def as_note(path: Path, key: str, entry: Mapping[str, Any]) -> Note:
    unknown = set(entry) - {"right", "why", "excluded", "corrections", "settings"}
    if unknown or entry.get("right", "both") not in ("tool", "human", "both", "neither"):
        raise UsageError(f"{path.name}: {key}: wrong entry")
    if ("right" in entry) != ("why" in entry) or not ({"right", "excluded"} & set(entry)):
        raise UsageError(f"{path.name}: {key}: right and why, or excluded, or all three")
    pairs = tuple((item["from"], item["to"]) for item in entry.get("corrections", ()))
    right, why, excluded = (entry.get(name, "") for name in ("right", "why", "excluded"))
    return Note(right, why, excluded, pairs, tuple(entry.get("settings", {}).items()))


def note_of(case: Case, notes: Mapping[str, Note]) -> Note:
    for key, note in notes.items():
        where, _, commit = key.rpartition("@")
        if where == f"{case.repo} {case.path}" and case.commit.startswith(commit):
            return note
    return Note()


def corrected(source: str, note: Note, case: Case) -> str:
    """The person's version without what is documented to be a bug."""
    for old, new in note.corrections:
        if source.count(old) != 1:
            raise UsageError(f"{NOTES.name}: {case.name}: does not hold this once: {old}")
        source = source.replace(old, new)
    return source


# --- clones -------------------------------------------------------------------------------------


def find_clones(directory: Path, cases: Iterable[Case]) -> dict[str, list[str]]:
    """The options that make git use the clone, for each repository."""
    if not directory.is_dir():
        raise UsageError(f"{directory}: no such directory")
    found = {repo: find_clone(directory, repo) for repo in sorted({case.repo for case in cases})}
    missing = [repo for repo, clone in found.items() if clone is None]
    if missing:
        raise UsageError(f"no clone in {directory}: {', '.join(missing)}")
    return {repo: clone for repo, clone in found.items() if clone is not None}


def find_clone(directory: Path, repo: str) -> list[str] | None:
    owner, _, name = repo.rpartition("/")
    for place in (f"{owner}+{name}/repo", f"{owner}/{name}", name):
        for path in (directory / place, directory / f"{place}.git"):
            for store in (path / ".git", path):
                if (store / "HEAD").is_file() and (store / "objects").is_dir():
                    return [f"--git-dir={store}"]
            if (path / ".git").is_file():  # a worktree's, or a submodule's
                return ["-C", str(path)]
    return None


def git(clone: Sequence[str], *arguments: str, data: bytes | None = None) -> bytes:
    done = run_git(clone, *arguments, data=data)
    if done.returncode != 0:
        message = done.stderr.decode(errors="replace").strip()
        raise UsageError(f"{clone[-1]}: git {arguments[0]}: {message}")
    return done.stdout


def has(clone: Sequence[str], name: str) -> bool:
    return run_git(clone, "cat-file", "-e", name).returncode == 0


def run_git(
    clone: Sequence[str], *arguments: str, data: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["git", *clone, *arguments],
        input=data,
        capture_output=True,
        env={**os.environ, **QUIET},
    )


def check_objects(clones: Mapping[str, Sequence[str]], cases: Iterable[Case]) -> None:
    """Say all that is missing at once, before the work begins."""
    missing = []
    for case in cases:
        for commit in (case.parent, case.commit):
            if not has(clones[case.repo], f"{commit}^{{commit}}"):
                missing.append(f"{case.repo}: no commit {commit}")
            elif not has(clones[case.repo], f"{commit}:{case.path}"):
                missing.append(f"{case.repo}: no {case.path} in {commit}")
    if missing:
        raise UsageError("\n  ".join(["the clones lack what the cases need", *missing]))


def content(clone: Sequence[str], commit: str, path: str) -> bytes:
    return git(clone, "cat-file", "blob", f"{commit}:{path}")


def materialise(clone: Sequence[str], commit: str, target: Path) -> list[str]:
    """Write the tree of a commit, and give the paths of what the clone has not got.

    `git archive` would stop at such an object, and leave out what attributes tell it to.
    """
    listed = git(clone, "ls-tree", "-r", "-z", commit)
    entries = [line.split(b"\t", 1) for line in listed.split(b"\0") if line]
    files = [(meta.split(), path) for meta, path in entries if meta.split()[1] == b"blob"]
    wanted = b"".join(meta[2] + b"\n" for meta, _ in files)
    objects = read_objects(git(clone, "cat-file", "--batch", data=wanted))
    missing = []
    for (meta, name), data in zip(files, objects, strict=True):
        path = target / os.fsdecode(name)
        if data is None:
            missing.append(os.fsdecode(name))
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if meta[0] == b"120000":
            with contextlib.suppress(OSError):
                path.symlink_to(os.fsdecode(data))
        else:
            path.write_bytes(data)
    return missing


def read_objects(batch: bytes) -> Iterator[bytes | None]:
    """The contents that `git cat-file --batch` prints; None for a missing one."""
    position = 0
    while position < len(batch):
        line = batch.index(b"\n", position)
        words = batch[position:line].split()
        position = line + 1
        if words[-1] == b"missing":
            yield None
            continue
        size = int(words[2])
        yield batch[position : position + size]
        position += size + 1


# --- the tool -----------------------------------------------------------------------------------


def replay(
    cases: Sequence[Case],
    notes: Mapping[str, Note],
    clones: Mapping[str, Sequence[str]],
    options: argparse.Namespace,
) -> list[Result]:
    """Every case, with one run of the tool for those of one parent."""
    parents: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        parents.setdefault((case.repo, case.parent), []).append(case)

    def of_parent(group: Sequence[Case]) -> list[Result]:
        clone = clones[group[0].repo]
        paths = sorted({case.path for case in group})
        chosen = {pair for case in group for pair in note_of(case, notes).settings}
        named = tool_options(options)
        for key, value in sorted(chosen):
            named += ["--config", f"{key}={value}"]
        named += paths if options.paths_only else []
        versions = run_tool(clone, group[0].parent, paths, named)
        return [compare(case, note_of(case, notes), clone, versions) for case in group]

    done: dict[Case, Result] = {}
    with futures.ThreadPoolExecutor(max_workers=options.jobs) as pool:
        for results in pool.map(of_parent, parents.values()):
            done.update({result.case: result for result in results})
            tell(f"{len(done)} of {len(cases)} cases")
    tell("")
    return [done[case] for case in cases]


def tell(progress: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{progress}", end="", file=sys.stderr, flush=True)


def run_tool(
    clone: Sequence[str], parent: str, paths: Sequence[str], arguments: Sequence[str]
) -> Versions:
    """Run it on the tree of a parent, and give what became of the paths."""
    with tempfile.TemporaryDirectory(prefix="eventlet-codemod-replay-") as scratch:
        tree, ledger = Path(scratch, "tree"), Path(scratch, "ledger.json")
        absent = materialise(clone, parent, tree)
        if lost := [name for name in absent if name.endswith(".py")]:
            print(f"replay: {parent[:10]} without {', '.join(lost)}", file=sys.stderr)
        versions = Versions(before={path: (tree / path).read_bytes() for path in paths})
        command = [*TOOL, "apply", "--allow-dirty", "--ledger", str(ledger), *arguments]
        environment = {**os.environ, "GIT_CEILING_DIRECTORIES": scratch}
        done = subprocess.run(command, cwd=tree, capture_output=True, text=True, env=environment)
        versions.after = {path: (tree / path).read_bytes() for path in paths}
        versions.errors = failures(done, ledger, paths)
    return versions


def failures(
    done: subprocess.CompletedProcess[str], ledger: Path, paths: Sequence[str]
) -> dict[str, str]:
    """Why the tool did not do its work, for each path where it did not."""
    if done.returncode == 2:
        raise UsageError(f"the tool does not take this:\n{done.stderr.rstrip()}")
    if done.returncode in (0, 1) and ledger.exists():
        return {}
    if done.returncode == 3 and ledger.exists():
        files = json.loads(ledger.read_text(encoding="utf-8"))["files"]
        return {
            entry["path"]: entry["error"]["message"]
            for entry in files
            if entry["error"] is not None and entry["path"] in paths
        }
    last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
    return dict.fromkeys(paths, f"exit code {done.returncode}: {last}")


def compare(case: Case, note: Note, clone: Sequence[str], versions: Versions) -> Result:
    error = versions.errors.get(case.path, "")
    written = decoded(content(clone, case.commit, case.path))
    try:
        parent = read(decoded(versions.before[case.path]))
        human = read(corrected(written, note, case), parent)
    except SyntaxError as problem:
        raise UsageError(f"{case.name}: {problem}") from problem
    try:
        tool = read(decoded(versions.after[case.path]), parent)
    except SyntaxError as problem:
        tool, error = parent, f"what it wrote does not parse: {problem}"
    return Result(case, note, score(parent, tool, human), error)


def decoded(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")


# --- the result ---------------------------------------------------------------------------------


def show(results: Sequence[Result], *, verbose: bool) -> None:
    print(f"{'':7} {'F1':>5} {'raw':>5} {'imports':>7} {'tool':>5} {'human':>5}  case")
    for result in results:
        print(line(result))
        if verbose:
            print_difference(result.score)
    print()
    for text in summary(results):
        print(text)


def line(result: Result) -> str:
    found = result.score
    text = (
        f"{result.case.difficulty:7} {number(result.f1)} {number(found.raw)}"
        f" {number(found.imports):>7} {found.tool.total:5} {found.human.total:5}"
        f"  {result.case.name}"
    )
    if found.beyond.total:
        text += f" [beyond the commit: {found.beyond.total}]"
    if result.note.corrections:
        text += " [human version corrected]"
    if result.error:
        text += f"\n{'':15}the tool failed: {result.error}"
    if result.note.excluded or result.f1 < LOW:
        text += f"\n{'':15}{'no note' if result.lacks_note else result.note.text}"
    return text


def number(value: float | None) -> str:
    return f"{'-':>5}" if value is None else f"{value:5.2f}"


def print_difference(found: Score) -> None:
    for mark, side, entries in (
        ("-", "human only", found.human_only),
        ("+", "tool only", found.tool_only),
    ):
        for entry in entries:
            print(f"{'':9}{mark} {side} {entry}")


def mean(results: Iterable[Result]) -> float | None:
    values = [result.f1 for result in results]
    return statistics.fmean(values) if values else None


def summary(results: Sequence[Result]) -> Iterator[str]:
    """The means by difficulty beside the targets, and what else decides."""
    yield (
        f"{'mean F1':10} {'counted':>12} {'target':>8} {'':9} {'with those for later':>20} "
        f"{'where the tool is not right':>28}"
    )
    for difficulty, target in TARGETS.items():
        every = [result for result in results if result.case.difficulty == difficulty]
        if not every:
            continue
        counted = [result for result in every if not result.note.excluded]
        others = [result for result in counted if result.note.right != "tool"]
        value = mean(counted)
        bound = "" if target is None else f">= {target:g}"
        yield (
            f"{difficulty:10} {number(value)} of {len(counted):3} {bound:>8} "
            f"{verdict(value, target):9} {number(mean(every)):>13} of {len(every):3} "
            f"{number(mean(others)):>21} of {len(others):3}"
        )
    lacking = [result.case.name for result in results if result.lacks_note]
    if lacking:
        yield f"no note: {', '.join(lacking)}"
    failed = [result.case.name for result in results if result.error]
    if failed:
        yield f"the tool failed: {', '.join(failed)}"


def verdict(value: float | None, target: float | None) -> str:
    if target is None or value is None:
        return ""
    return "met" if value >= target else "NOT MET"


def passed(results: Sequence[Result]) -> bool:
    return not any(result.lacks_note or result.error for result in results) and not any(
        "NOT MET" in text for text in summary(results)
    )


def as_json(results: Sequence[Result]) -> dict[str, Any]:
    """Everything, for programs."""
    counted = [result for result in results if not result.note.excluded]

    def means(chosen: Sequence[Result]) -> dict[str, float | None]:
        return {
            name: mean(result for result in chosen if result.case.difficulty == name)
            for name in TARGETS
        }

    return {
        "targets": TARGETS,
        "mean": means(counted),
        "mean_with_excluded": means(results),
        "passed": passed(results),
        "cases": [case_as_json(result) for result in results],
    }


def case_as_json(result: Result) -> dict[str, Any]:
    found = result.score
    return {
        **asdict(result.case),
        "note": asdict(result.note),
        "error": result.error,
        "f1": found.f1,
        "raw": found.raw,
        "imports": found.imports,
        **{
            name: {
                "removed": [str(entry) for entry in edits.removed.elements()],
                "added": [str(entry) for entry in edits.added.elements()],
            }
            for name, edits in (
                ("tool", found.tool),
                ("human", found.human),
                ("beyond", found.beyond),
                ("unrelated", found.unrelated),
            )
        },
        "human_only": found.human_only,
        "tool_only": found.tool_only,
    }


if __name__ == "__main__":
    sys.exit(main())
