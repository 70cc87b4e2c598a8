"""Ten thousand files through one Bowler stage: what becomes of each, and of the memory.

    python benchmarks/bowler_files.py                     # about fifteen minutes
    python benchmarks/bowler_files.py --files 1000
    python benchmarks/bowler_files.py --json TREE [TREE …]

Half of the files are real: those of the trees, or of this Python's standard library with all that
is installed beside it. The other half is generated: programs with each kind of syntax, line end,
and damage that a stage can meet, in an order that a seed gives.

The query renames a method wherever it is named. What it has to find is counted in each file before
by `ast`, and in the result after it; so a file that the stage passes over, or does only in part, is
*lost*, whatever the stage says of it. What a pattern of Bowler does not reach is not counted:
names inside f-strings, which fissix takes for strings, and those of decorators. A file is *refused*
with a reason where fissix cannot parse it or would misread it. The memory is that of the process
after each tenth of the files.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import sys
import sysconfig
import time
import tokenize
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eventlet_codemod.codemods.bowler import BowlerStage
from eventlet_codemod.codemods.stage import StageError

OLD, NEW = "append", "append_it"
COUNT = 10_000
TENTHS = 10
#: How much the memory may grow from the third tenth on, as part of what it is then.
FLAT = 0.10

PIECES = (
    "x = [1]\nx.append(2)\n",
    "def f(a, *, b=1, **c):\n    return a.append(b)  # kept\n",
    "class A:\n    def g(self):\n        self.x . append (\n            1,\n        )\n",
    "async def h(x):\n    async with x as y:\n        await y.append(1)\n",
    "append = 1\nappend_all = append\n",
    's = \'.append(1)\'\nt = """\nx.append(1)\n"""\n',
    "if (n := len(x)) > 1:\n    x.append(n)\n",
    "y = f'{x.append(1)}'\n",
    "print(*x, sep='')\nz = x.append\n",
    "try:\n    x.append(1)\nexcept (ValueError, KeyError) as error:\n    raise\n",
    "\x0c\nx.append('\u2028')\n",
    "lam = lambda *a: a.append(1)\n",
    "@x.y(1)\ndef deco():\n    '''doc'''\n",
    "for i in x: x.append(i); x.append(i)\n",
    "d = {**a, 'b': x.append}\n",
    "",
)
#: Syntax that fissix does not know, or reads wrongly: refused, never passed over.
HARD = (
    "match x:\n    case [1]:\n        x.append(1)\n",
    "with (open(a) as b, open(c) as d):\n    b.append(1)\n",
    "def p(a, /, b):\n    a.append(b)\n",
    "try:\n    x.append(1)\nexcept* ValueError:\n    pass\n",
    "print x\nx.append(1)\n",
    "x.append(\n",
)


@dataclass(slots=True)
class Tally:
    """What became of the files."""

    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    renamed: int = 0
    lost: list[str] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def files(self) -> int:
        return self.outcomes.total()

    @property
    def growth(self) -> float:
        """How much the memory grew from the third tenth to the last, as part of the former."""
        first, last = self.megabytes[2], self.megabytes[-1]
        return (last - first) / first


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("trees", nargs="*", type=Path, metavar="TREE")
    parser.add_argument("--files", type=int, default=COUNT, help=f"how many ({COUNT})")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    rng = random.Random(options.seed)
    trees = options.trees or [Path(sysconfig.get_paths()["stdlib"])]
    real = real_files(trees, options.files // 2, rng)
    made = generated(options.files - len(real), rng)
    tally = run([*real, *made], rng)
    print(json.dumps(summary(tally), indent=2) if options.json else shown(tally))
    return 1 if tally.lost or tally.growth > FLAT else 0


def run(files: list[Any], rng: random.Random) -> Tally:
    """Let each file go through the stage, in no order; a file is a path, or a text."""
    rng.shuffle(files)
    stage = BowlerStage(query())
    tally = Tally()
    began = time.monotonic()
    for number, item in enumerate(files, 1):
        name, text = (str(item), read(item)) if isinstance(item, Path) else (f"made {number}", item)
        if text is None:
            tally.outcomes["not decoded"] += 1
        else:
            judge(stage, name, text, tally)
        if number * TENTHS // len(files) > len(tally.megabytes):
            tally.megabytes.append(resident())
    tally.seconds = time.monotonic() - began
    return tally


def query() -> Any:
    from bowler import Query
    from fissix.fixer_util import Name

    def rename(node: Any, capture: Any, filename: str) -> None:
        leaf = capture["name"]
        leaf.replace(Name(NEW, prefix=leaf.prefix))

    return Query().select(f"trailer< '.' name='{OLD}' >").modify(rename)


def judge(stage: BowlerStage, name: str, text: str, tally: Tally) -> None:
    """One file: changed, unchanged or refused, and whether that is true."""
    expected = named(text, OLD)
    try:
        result = stage(text, name).text
    except StageError as error:
        tally.outcomes["refused"] += 1
        tally.reasons[error.kind] += 1
        if not error.message:
            tally.lost.append(f"{name}: refused without a reason")
        return
    tally.outcomes["unchanged" if result == text else "changed"] += 1
    if expected is None:
        tally.lost.append(f"{name}: it is no Python, and was not refused")
        return
    done, before = named(result, NEW), named(text, NEW) or 0
    tally.renamed += expected
    if done != expected + before or named(result, OLD) != 0:
        tally.lost.append(f"{name}: {done} of {expected} renamed")
    elif result.replace(NEW, OLD) != text.replace(NEW, OLD):
        tally.lost.append(f"{name}: something else has changed")


def named(text: str, name: str) -> int | None:
    """How often an attribute of that name stands where a pattern reaches it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    return sum(isinstance(n, ast.Attribute) and n.attr == name for n in _within_reach(tree))


def _within_reach(tree: ast.AST) -> Iterator[ast.AST]:
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.JoinedStr):
            continue
        yield node
        decorators = getattr(node, "decorator_list", ())
        pending += (child for child in ast.iter_child_nodes(node) if child not in decorators)
        for call in decorators:
            pending += [*call.args, *call.keywords] if isinstance(call, ast.Call) else []


# --- the files -----------------------------------------------------------------------------------


def real_files(trees: Iterable[Path], count: int, rng: random.Random) -> list[Path]:
    """So many files of the trees, of all sizes."""
    found = sorted(path for tree in trees for path in tree.rglob("*.py") if path.is_file())
    if not found:
        sys.exit("no Python file there")
    return found if len(found) <= count else rng.sample(found, count)


def read(path: Path) -> str | None:
    try:
        with tokenize.open(path) as file:
            encoding = file.encoding
        return path.read_bytes().decode(encoding)
    except (OSError, SyntaxError, UnicodeDecodeError, LookupError):
        return None


def generated(count: int, rng: random.Random) -> list[str]:
    """Programs of several pieces, some with syntax that is refused, with any line ends."""
    made = []
    for _ in range(count):
        pieces = rng.choices(PIECES, k=rng.randrange(1, 8))
        if rng.random() < 0.2:
            pieces.insert(rng.randrange(len(pieces) + 1), rng.choice(HARD))
        text = "".join(pieces)
        if rng.random() < 0.3:
            text = text.replace("\n", "\r\n")
        if rng.random() < 0.3:
            text = text.rstrip("\r\n")
        made.append(text)
    return made


# --- the result ----------------------------------------------------------------------------------


def resident() -> float:
    """The memory of this process in MB."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii").split()
        return int(status[status.index("VmRSS:") + 1]) / 1000
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def summary(tally: Tally) -> dict[str, Any]:
    return {
        "files": tally.files,
        "outcomes": dict(tally.outcomes),
        "refused because": dict(tally.reasons),
        "renamed": tally.renamed,
        "lost": tally.lost,
        "megabytes after each tenth": [round(value, 1) for value in tally.megabytes],
        "growth": round(tally.growth, 3),
        "seconds": round(tally.seconds, 1),
    }


def shown(tally: Tally) -> str:
    told = ", ".join(f"{number} {outcome}" for outcome, number in tally.outcomes.most_common())
    why = ", ".join(f"{number} {kind}" for kind, number in tally.reasons.most_common())
    sizes = " ".join(f"{value:.0f}" for value in tally.megabytes)
    return "\n".join(
        [
            f"{tally.files} files in {tally.seconds:.0f} s: {told}",
            f"refused: {why or 'none'}",
            f"{tally.renamed} names to be found, {len(tally.lost)} files lost",
            f"memory after each tenth, in MB: {sizes} ({tally.growth:+.1%} from the third on)",
            *tally.lost[:20],
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
