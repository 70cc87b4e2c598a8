"""The page of a codemod: those of its rules, or the names that it declares."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from eventlet_codemod.report.rulepage import rule_json, rule_page, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventlet_codemod.codemods.base import Codemod


def codemod_page(codemod: Codemod) -> str:
    """Give the page, in Markdown."""
    pages = [rule_page(rule, codemod) for rule in codemod.rules]
    return "\n".join(pages or [f"# {codemod.name}\n\n{sentence(codemod.summary)}\n"]) + _names(
        codemod
    )


def codemod_json(codemod: Codemod) -> str:
    """Give what the page says as JSON."""
    told = {
        "name": codemod.name,
        "summary": codemod.summary,
        "origin": f"{codemod.kind}, {codemod.origin}",
        "rules": [json.loads(rule_json(rule, codemod)) for rule in codemod.rules],
        "names": dict(_declared(codemod)),
        "patchers": sorted(codemod.declared.patchers),
    }
    return json.dumps(told, indent=2) + "\n"


def _names(codemod: Codemod) -> str:
    rows = [f"| `{name}` | {what} |\n" for name, what in _declared(codemod)]
    given = f"\n## Names\n\n| name | is |\n|---|---|\n{''.join(rows)}" if rows else ""
    patchers = ", ".join(f"`{name}`" for name in sorted(codemod.declared.patchers))
    return given + (f"\n## Patchers\n\n{patchers}\n" if patchers else "")


def _declared(codemod: Codemod) -> Iterator[tuple[str, str]]:
    """The names that it says something of, and what."""
    futures = codemod.declared.futures
    for name, api in sorted(codemod.declared.names.items()):
        if name in futures:
            yield name, "a function that gives a Future"
        elif name != api:
            yield name, f"`{api}`"
