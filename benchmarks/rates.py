"""How much of a project is rewritten, of what the issues call its ordinary uses.

    python benchmarks/rates.py TREE [TREE …]
    python benchmarks/rates.py neutron==25.0.0 nova==31.0.0      # their sdists, by pip
    python benchmarks/rates.py TREE --config helpers=threads --left

Each tree is scanned as `eventlet-codemod scan` does it. Uses are sorted by what they are about:

- **Timeout**: `eventlet.timeout`, and what stays because a Timeout stands around it;
- **WSGI**: the server, its sockets and TLS, what is handed to the server, its keys and loggers;
- **mocks**: eventlet as a test names it to patch it, in a string or as the object of a patch, and
  what stays because of a mock;
- **other**: all that remains. These are counted.

Of the other uses some are *rewritten*; some wait for their *turn* in a series, where the rewrite is
known and something else must go first; the rest is *left* to a person. `--left` lists that rest.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sdists

TOOL = (sys.executable, "-m", "eventlet_codemod")

#: What patches something for the time of a test.
PATCHES = frozenset(
    {"patch", "object", "patchobject", "mock_object", "stub_out", "MonkeyPatch", "MockPatch"}
    | {"MockPatchObject", "setattr", "spy", "dict"}
)
WSGI = (
    *("eventlet.wsgi", "eventlet.convenience.", "eventlet.websocket", "eventlet.input"),
    "oslo_service.wsgi",
)

Finding = dict[str, Any]


@dataclass(slots=True)
class Rate:
    """The uses of a project, by what they are about and what becomes of them."""

    name: str
    apart: dict[str, int] = field(default_factory=dict)
    rewritten: int = 0
    waiting: int = 0
    left: list[tuple[str, Finding]] = field(default_factory=list)

    @property
    def other(self) -> int:
        return self.rewritten + self.waiting + len(self.left)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("trees", nargs="+", metavar="TREE", help="a directory, or NAME==VERSION")
    parser.add_argument("--config", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--left", action="store_true", help="list what is left")
    options = parser.parse_args(arguments)
    words = [word for item in options.config for word in ("--config", item)]
    heads = ("project", "other", "rewritten", "rate", "in turn", "rate", "left")
    print("{:28} {:>6} {:>9} {:>5} {:>8} {:>5} {:>5}   apart".format(*heads))
    with tempfile.TemporaryDirectory(prefix="eventlet-codemod-rates-") as scratch:
        for number, tree in enumerate(options.trees):
            place = Path(scratch, str(number))
            root = sdists.placed(tree, place)
            show(rate_of(root, words, Path(scratch, "ledger.json")), list_left=options.left)
    return 0


def rate_of(root: Path, words: Sequence[str], ledger: Path) -> Rate:
    command = [*TOOL, "scan", "--quiet", *words, "--ledger", str(ledger)]
    subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL, check=False)
    rate = Rate(root.resolve().name)
    files = json.loads(ledger.read_text(encoding="utf-8"))["files"]
    if failed := [entry["path"] for entry in files if entry["error"] is not None]:
        sys.exit(f"{rate.name}: the tool failed on {', '.join(failed)}")
    for entry in files:
        if not entry["path"].endswith(".py") or not (root / entry["path"]).exists():
            continue  # requirements and settings follow the code; a helper module is new
        patched = set(patched_places((root / entry["path"]).read_text(encoding="utf-8")))
        for finding in entry["findings"]:
            about = kind_of(entry["path"], finding, patched)
            if about:
                rate.apart[about] = rate.apart.get(about, 0) + 1
            elif finding["status"] == "rewritten":
                rate.rewritten += 1
            elif finding["message"].endswith("must go first"):
                rate.waiting += 1
            else:
                rate.left.append((entry["path"], finding))
    return rate


def kind_of(path: str, finding: Finding, patched: set[tuple[int, int]]) -> str:
    """What a use is about, "" for anything else."""
    api, message = finding["api"], finding["message"]
    stays = finding["status"] != "rewritten"
    if api.startswith("eventlet.timeout") or (stays and "Timeout" in message):
        return "Timeout"
    server = stays and "eventlet's own code gets it" in message
    if api.startswith(WSGI) or server:
        return "WSGI"
    if (finding["line"], finding["column"]) in patched:
        return "mocks"
    if message.startswith("the string ") and api != "eventlet" and is_test(path):
        return "mocks"
    return ""


def is_test(path: str) -> bool:
    parts = path.split("/")
    return "tests" in parts or parts[-1].startswith("test_")


def patched_places(source: str) -> Iterator[tuple[int, int]]:
    """Where the object of a patch stands: line, from 1, and column, from 0."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called in PATCHES:
            for inner in ast.walk(node.args[0]):
                if isinstance(inner, ast.expr):
                    yield inner.lineno, inner.col_offset


def show(rate: Rate, *, list_left: bool) -> None:
    apart = ", ".join(f"{name} {count}" for name, count in sorted(rate.apart.items()))
    now, later = percent(rate.rewritten, rate.other), rate.rewritten + rate.waiting
    print(
        f"{rate.name:28} {rate.other:6} {rate.rewritten:9} {now:>5} {later:8} "
        f"{percent(later, rate.other):>5} {len(rate.left):5}   {apart}"
    )
    for path, finding in rate.left if list_left else ():
        print(
            f"    {path}:{finding['line']}: {finding['rule']} {finding['api']}: "
            f"{finding['message']}"
        )


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


if __name__ == "__main__":
    sys.exit(main())
