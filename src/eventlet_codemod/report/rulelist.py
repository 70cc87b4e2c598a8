"""The list of the rules, and of the codemods that there are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from eventlet_codemod.ledger import STEPS
from eventlet_codemod.rules import Rule, built_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventlet_codemod.codemods.base import Codemod
    from eventlet_codemod.report import Style

BUILT_IN = "built-in"


def render(form: str, style: Style, codemods: Sequence[Codemod] = ()) -> str:
    """Give all rules as a table, as text (tabs between columns) or as JSON."""
    listed = [*_built_in(), *_of(codemods)]
    if form == "json":
        return json.dumps(listed, indent=2) + "\n"
    if form == "table":
        return _table(listed, style)
    return "".join("\t".join(str(value) for value in row.values()) + "\n" for row in listed)


def describe(rule: Rule, origin: str = BUILT_IN) -> dict[str, object]:
    """Give what a rule is called, where it stands and where it comes from."""
    return {
        "code": rule.code,
        "name": rule.name,
        "family": rule.family,
        "step": rule.step,
        "summary": rule.summary,
        "origin": origin,
    }


def _built_in() -> Iterator[dict[str, object]]:
    for rule in built_in():
        yield describe(rule)


def _of(codemods: Sequence[Codemod]) -> Iterator[dict[str, object]]:
    """The rules of codemods; one that only declares facts has a row without a code."""
    for codemod in codemods:
        origin = f"{codemod.kind}, {codemod.origin}"
        for rule in codemod.rules:
            yield {**describe(rule, origin), "family": codemod.name}
        if not codemod.rules:
            yield {
                "code": "",
                "name": codemod.name,
                "family": codemod.name,
                "step": "",
                "summary": codemod.summary,
                "origin": origin,
            }


def _table(listed: Sequence[dict[str, object]], style: Style) -> str:
    from rich.table import Table
    from rich.text import Text

    from eventlet_codemod.report.table import printed

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("code", "name", "step"):
        table.add_column(name, no_wrap=True)
    table.add_column("summary", overflow="fold")
    family = None
    for row in listed:
        if row["family"] != family:
            family = row["family"]
            origin = "" if row["origin"] == BUILT_IN else str(row["origin"])
            table.add_row(Text(str(family), "bold"), "", "", Text(origin, "dim"))
        number = row["step"]
        step = f"{number} {STEPS[number]}" if isinstance(number, int) else ""
        table.add_row(f"  {row['code']}", str(row["name"]), step, Text(str(row["summary"])))
    return printed([table], style)
