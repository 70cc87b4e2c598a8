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
    futures = codemod.declared.futures
    told = {
        "name": codemod.name,
        "summary": codemod.summary,
        "origin": f"{codemod.kind}, {codemod.origin}",
        "rules": [json.loads(rule_json(rule, codemod)) for rule in codemod.rules],
        "names": {name: api for name, api in _declared(codemod) if name not in futures},
        "futures": sorted(futures),
        "patchers": sorted(codemod.declared.patchers),
    }
    return json.dumps(told, indent=2) + "\n"


def _names(codemod: Codemod) -> str:
    futures = codemod.declared.futures
    rows = [
        f"| `{name}` | {'a function that gives a Future' if name in futures else f'`{api}`'} |\n"
        for name, api in _declared(codemod)
    ]
    given = f"\n## Names\n\n| name | is |\n|---|---|\n{''.join(rows)}" if rows else ""
    patchers = ", ".join(f"`{name}`" for name in sorted(codemod.declared.patchers))
    return given + (f"\n## Patchers\n\n{patchers}\n" if patchers else "")


def _declared(codemod: Codemod) -> Iterator[tuple[str, str]]:
    """The names that it says something of, and what they are in eventlet."""
    return ((name, api) for name, api in sorted(codemod.declared.names.items()) if name != api)
