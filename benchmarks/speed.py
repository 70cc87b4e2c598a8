"""What a run costs, next to what its peers cost, measured in the same minutes on the same tree.

    python benchmarks/speed.py                   # about five minutes
    python benchmarks/speed.py --full            # the stock codemod over the whole tree as well
    python benchmarks/speed.py --sdist FILE      # with a copy of the release that is there already
    python benchmarks/speed.py --json

The tree is a release sdist of nova, downloaded by name and version and checked against its hash.
Every figure is CPU time (user and system) of a command and all its children, the median of
several runs; processors differ, so what counts are the ratios. Needs git, and the package with
its `test` extra in the environment.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import sdists

from eventlet_codemod.discovery import PREFILTER

HERE = Path(__file__).resolve().parent
NAME, VERSION = "nova", "31.0.0"
SHA256 = "4c13bfd6be60ed110c973a8bf94532740ba746bd4d0e1a415e9bf2b6fef5bc24"

TOOL = (sys.executable, "-m", "eventlet_codemod")
STOCK = (sys.executable, "-m", "libcst.tool", "codemod", "--no-format", "--hide-progress")
#: One process, and a diff on stdout in place of written files: as our `diff` does.
STOCK_OPTIONS = ("-j", "1", "-u", "3")
PARSE = """
import ast, sys, warnings
warnings.simplefilter("ignore")
for name in sys.stdin.read().split("\\0"):
    with open(name, "rb") as file:
        ast.parse(file.read())
"""


@dataclass(frozen=True)
class Cost:
    """CPU seconds of a command with its children, and the peak of its largest process in MB."""

    cpu: float
    peak: float


@dataclass(frozen=True)
class Line:
    """One line of the result: a measured value, and the target that it is held to."""

    what: str
    value: float
    unit: str
    target: float | None
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target


def main() -> int:
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="eventlet-codemod-speed-") as temporary:
        scratch = Path(temporary)
        try:
            sdist = options.sdist or sdists.download(NAME, VERSION, scratch / "download")
            tree = sdists.unpack(sdists.check(sdist, SHA256), scratch / "tree")
            sdists.as_repository(tree)
        except sdists.SdistError as error:
            sys.exit(str(error))
        bench = Bench(scratch, tree, options.repeat, quiet=options.json)
        lines = bench.run(full=options.full)
    if options.json:
        print(json.dumps([{**asdict(line), "met": line.met} for line in lines], indent=2))
    else:
        show(bench, lines)
    return int(any(line.met is False for line in lines))


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sdist", type=Path, help=f"{NAME}-{VERSION}.tar.gz, if it is there")
    parser.add_argument("--repeat", type=int, default=5, help="runs of each quick command")
    parser.add_argument("--full", action="store_true", help="the slow peer over the whole tree")
    parser.add_argument("--json", action="store_true", help="the result as JSON")
    return parser.parse_args()


# --- the tree ----------------------------------------------------------------------------------


def without_eventlet(tree: Path, target: Path) -> Path:
    """The same tree, but for the files that hold a word of eventlet's."""
    shutil.copytree(tree, target, ignore=shutil.ignore_patterns(".git"), symlinks=True)
    words = [item for word in PREFILTER for item in ("-e", word.decode())]
    for name in filter(None, sdists.git(tree, "grep", "-l", "-i", "-z", *words).split("\0")):
        (target / name).unlink()
    return sdists.as_repository(target)


# --- measuring ---------------------------------------------------------------------------------


def measure(
    command: Sequence[str], cwd: Path, status: Sequence[int] = (0,), stdin: bytes = b""
) -> Cost:
    """Run a command once. `wait4` counts the children that it waited for, as shells do."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as errors:
        given.write(stdin)
        given.seek(0)
        child = subprocess.Popen(
            command, cwd=cwd, stdin=given, stdout=subprocess.DEVNULL, stderr=errors
        )
        _, code, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(code)
        if child.returncode not in status:
            errors.seek(0)
            told = errors.read().decode(errors="replace")
            sys.exit(f"{' '.join(command[:6])}: exit code {child.returncode}\n{told[-2000:]}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6)


class Bench:
    def __init__(self, scratch: Path, tree: Path, repeat: int, *, quiet: bool) -> None:
        self.scratch = scratch
        self.tree = tree
        self.repeat = repeat
        self.quiet = quiet
        self.costs: dict[str, Cost] = {}
        paths = (str(HERE), os.environ.get("PYTHONPATH"))
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        # Compiled once, as pip does when it installs: for the tool and its peers alike.
        os.environ["PYTHONPYCACHEPREFIX"] = str(scratch / "pycache")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

    def cost(self, what: str, once: Callable[[], Cost], *, slow: bool = False) -> float:
        """The median of several runs, after one that warms the caches; a slow one runs once."""
        if not slow:
            once()
        runs = [once() for _ in range(1 if slow else self.repeat)]
        found = Cost(statistics.median(r.cpu for r in runs), max(r.peak for r in runs))
        self.costs[what] = found
        if not self.quiet:
            print(f"{what:58} {found.cpu:9.2f} s {found.peak:7.0f} MB", flush=True)
        return found.cpu

    def run(self, *, full: bool) -> list[Line]:
        tree = self.tree
        mention = (
            sdists.git(tree, "grep", "-l", "-z", "eventlet", "--", "*.py").strip("\0").split("\0")
        )
        every = sdists.git(tree, "ls-files", "-z", "--", "*.py").strip("\0").split("\0")
        size = {name: (tree / name).stat().st_size for name in every}
        some, whole = sum(size[name] for name in mention), sum(size.values())
        if not self.quiet:
            print(f"{NAME} {VERSION}: {len(every)} Python files, {whole / 1e6:.1f} MB; of them")
            print(f"{len(mention)} mention eventlet, {some / 1e6:.1f} MB\n")

        start = self.cost("python -c pass", lambda: measure((sys.executable, "-c", ""), tree))
        shown = self.cost("eventlet-codemod --help", lambda: measure((*TOOL, "--help"), tree))
        parse = (sys.executable, "-c", PARSE)
        names = "\0".join(mention).encode()
        parsed = self.cost(
            "ast.parse, the files that mention eventlet",
            lambda: measure(parse, tree, stdin=names),
        )
        diff = self.cost("eventlet-codemod diff", lambda: measure((*TOOL, "diff"), tree, (1,)))
        self.cost(
            "eventlet-codemod diff --jobs 1",
            lambda: measure((*TOOL, "diff", "--jobs", "1"), tree, (1,)),
        )

        bare = without_eventlet(tree, self.scratch / "bare")
        scan = self.cost(
            "eventlet-codemod scan, no eventlet in the tree",
            lambda: measure((*TOOL, "scan"), bare),
        )
        grep = ("git", "grep", "-l", "eventlet")
        grepped = self.cost(
            "git grep -l eventlet, the same tree", lambda: measure(grep, bare, (1,))
        )

        stock = self._stock("stock_peer.StockCommand", mention, "the same files")
        ours = self._stock(
            "eventlet_codemod.commands.everything.EventletCommand", mention, "the same files"
        )
        if full:
            over_all = self._stock("stock_peer.StockCommand", ["."], "the whole tree")
            note = "measured"
        else:
            over_all = start + (stock - start) * whole / some
            note = "EXTRAPOLATED by size from the same files; --full measures it"

        peak = max(self.costs[f"eventlet-codemod diff{jobs}"].peak for jobs in ("", " --jobs 1"))
        return [
            Line(
                "diff / ast.parse, both less interpreter start",
                (diff - start) / (parsed - start),
                "x",
                3,
            ),
            Line(
                "stock codemod, same files / diff",
                stock / diff,
                "x",
                20,
                True,
                "the peer does 4 of the rules, without conditions",
            ),
            Line("stock codemod, whole tree / diff", over_all / diff, "x", 100, True, note),
            Line("our rules in libcst.tool, same files / diff", ours / diff, "x", None),
            Line(
                "scan without eventlet / (git grep + interpreter start)",
                scan / (grepped + start),
                "x",
                2,
            ),
            Line("--help less bare Python", shown - start, "s", 0.15),
            Line("peak memory of the largest process of diff", peak, "MB", 300),
        ]

    def _stock(self, command: str, paths: Sequence[str], where: str) -> float:
        """A codemod under stock libcst: exit code 1 says that some file failed."""
        label = command.rpartition(".")[2]
        return self.cost(
            f"libcst.tool codemod {label}, {where}",
            lambda: measure((*STOCK, "-x", command, *STOCK_OPTIONS, *paths), self.tree, (0, 1)),
            slow=True,
        )


def show(bench: Bench, lines: Sequence[Line]) -> None:
    print(f"\n{'':58} {'measured':>12} {'target':>12}")
    for line in lines:
        target = "" if line.target is None else f"{line.target:g} {line.unit}"
        bound = "" if line.target is None else (">= " if line.at_least else "<= ")
        verdict = {None: "", True: "met", False: "NOT MET"}[line.met]
        digits = 2 if line.value < 10 else 0
        measured = f"{line.value:.{digits}f} {line.unit}"
        print(f"{line.what:58} {measured:>12} {bound + target:>12}  {verdict}")
        if line.note:
            print(f"  ({line.note})")


if __name__ == "__main__":
    sys.exit(main())
