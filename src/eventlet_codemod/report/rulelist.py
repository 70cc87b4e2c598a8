"""The list of the rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from eventlet_codemod.ledger import STEPS
from eventlet_codemod.rules import Rule, every_rule

if TYPE_CHECKING:
    from eventlet_codemod.report import Style


def render(form: str, style: Style) -> str:
    """Give all rules as a table, as text (tabs between columns) or as JSON."""
    if form == "json":
        return json.dumps([describe(rule) for rule in every_rule()], indent=2) + "\n"
    if form == "table":
        return _table(style)
    rows = (f"{r.code}\t{r.name}\t{r.family}\t{r.step}\t{r.summary}\n" for r in every_rule())
    return "".join(rows)


def describe(rule: Rule) -> dict[str, object]:
    """Give what a rule is called and where it stands."""
    return {
        "code": rule.code,
        "name": rule.name,
        "family": rule.family,
        "step": rule.step,
        "summary": rule.summary,
    }


def _table(style: Style) -> str:
    from rich.table import Table
    from rich.text import Text

    from eventlet_codemod.report.table import printed

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("code", "name", "step"):
        table.add_column(name, no_wrap=True)
    table.add_column("summary", overflow="fold")
    family = ""
    for rule in every_rule():
        if rule.family != family:
            family = rule.family
            table.add_row(Text(family, "bold"))
        step = f"{rule.step} {STEPS[rule.step]}"
        table.add_row(f"  {rule.code}", rule.name, step, Text(rule.summary))
    return printed([table], style)
