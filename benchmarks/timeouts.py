"""What becomes of `eventlet.Timeout`, by shape.

    python benchmarks/timeouts.py openstack-heat==24.0.0 glance==30.0.0 designate==18.0.0 \\
        neutron==25.0.0 swift==2.33.0
    python benchmarks/timeouts.py TREE --config helpers=threads --left

Each tree is scanned as `eventlet-codemod scan --profile openstack` does it. A *limit* is a place
that sets one; its shape is that of what it stands around. *Clauses* catch, raise or expect the
exception, and go with the limits. `--apart` leaves projects out of the total. `--left` lists what
stays, and marks what names no call that waits, with its line.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sdists

TOOL = (sys.executable, "-m", "eventlet_codemod")

#: The shapes that a rule takes.
BY_RULE = {
    "EVT220": "polling loop",
    "EVT221": "call of a library",
    "EVT223": "child process",
    "EVT224": "fixture of a test",
    "EVT225": "waits on objects",
    "EVT226": "generator",
    "EVT227": "no limit (None)",
    "EVT228": "with_timeout",
}
#: Those of limits that stay, by what the finding says.
BY_WORDS = (
    (r"is a Timeout of its own", "subclass"),
    (r"used as a value", "value"),
    (r"waits in it, too", "several waits, one unknown"),
    (r"stands in no loop", "sleep alone"),
    (r"`with` of its caller|is handed on|generator", "around what its caller does"),
    (r"would take a TimeoutError", "a clause inside swallows it"),
    (r"", "any code"),
)
_NAMED = re.compile(r"`[^`]+` \((?:line \d+|[^)]*:\d+)\)")

Finding = dict[str, Any]


@dataclass(slots=True)
class Table:
    """The limits of a project by shape, those that are rewritten, and the clauses."""

    name: str
    limits: Counter[str] = field(default_factory=Counter)
    rewritten: Counter[str] = field(default_factory=Counter)
    clauses: int = 0
    clauses_rewritten: int = 0
    left: list[tuple[str, Finding]] = field(default_factory=list)

    @property
    def named(self) -> int:
        return sum(is_named(finding) for _, finding in self.left)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("trees", nargs="+", metavar="TREE", help="a directory, or NAME==VERSION")
    parser.add_argument("--config", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--apart", action="append", default=["swift"], metavar="NAME")
    parser.add_argument("--left", action="store_true", help="list what is left")
    options = parser.parse_args(arguments)
    words = [word for item in options.config for word in ("--config", item)]
    tables = []
    with tempfile.TemporaryDirectory(prefix="eventlet-codemod-timeouts-") as scratch:
        for number, tree in enumerate(options.trees):
            root = sdists.placed(tree, Path(scratch, str(number)))
            tables.append(table_of(root, words, Path(scratch, "ledger.json")))
            show(tables[-1], list_left=options.left)
    total([table for table in tables if not is_apart(table.name, options.apart)])
    return 0


def table_of(root: Path, words: Sequence[str], ledger: Path) -> Table:
    command = [*TOOL, "scan", "--quiet", "--profile", "openstack", *words, "--ledger", str(ledger)]
    subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL, check=False)
    table = Table(root.resolve().name)
    for entry in json.loads(ledger.read_text(encoding="utf-8"))["files"]:
        for finding in entry["findings"]:
            if finding["api"].startswith("eventlet.timeout."):
                count(table, entry["path"], finding)
    return table


def count(table: Table, path: str, finding: Finding) -> None:
    done = finding["status"] == "rewritten"
    if not done:
        table.left.append((path, finding))
    shape = shape_of(finding)
    if not shape:
        table.clauses += 1
        table.clauses_rewritten += done
        return
    table.limits[shape] += 1
    table.rewritten[shape] += done


def shape_of(finding: Finding) -> str:
    """What a limit stands around, "" for a place that sets none."""
    if finding["rule"] in BY_RULE:
        return BY_RULE[finding["rule"]]
    if finding["rule"] != "EVT229":
        return ""
    return next(shape for words, shape in BY_WORDS if re.search(words, finding["message"]))


def is_named(finding: Finding) -> bool:
    return _NAMED.search(f"{finding['message']} {finding['advice']}") is not None


def is_apart(name: str, apart: Sequence[str]) -> bool:
    return any(name == word or name.startswith(f"{word}-") for word in apart)


def show(table: Table, *, list_left: bool) -> None:
    limits, done = table.limits.total(), table.rewritten.total()
    print(
        f"{table.name}: {done} of {limits} limits and {table.clauses_rewritten} of "
        f"{table.clauses} clauses are rewritten; {table.named} of {len(table.left)} that stay "
        "name what waits"
    )
    for shape, number in sorted(table.limits.items(), key=lambda item: (-item[1], item[0])):
        print(f"    {shape:28} {table.rewritten[shape]:4} of {number:4}")
    for path, finding in table.left if list_left else ():
        mark = " " if is_named(finding) else "!"
        place = f"{path}:{finding['line']}"
        print(f"  {mark} {place}: {finding['rule']}: {finding['message']}; {finding['advice']}")


def total(tables: Sequence[Table]) -> None:
    limits = sum(table.limits.total() for table in tables)
    done = sum(table.rewritten.total() for table in tables)
    places = limits + sum(table.clauses for table in tables)
    rewritten = done + sum(table.clauses_rewritten for table in tables)
    names = ", ".join(table.name for table in tables)
    print(
        f"{names}: {done} of {limits} limits ({percent(done, limits)}), {rewritten} of {places} "
        f"places in all ({percent(rewritten, places)})"
    )


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


if __name__ == "__main__":
    sys.exit(main())
