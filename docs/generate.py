"""Write the pages that are made from the code: `docs/rules/`, and tables in other pages.

    python docs/generate.py            # write
    python docs/generate.py --check    # write nothing; exit 1 and name what is out of step

A table stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from eventlet_codemod.commands.by_rule import command_name
from eventlet_codemod.ledger import STEPS
from eventlet_codemod.report.rulepage import rule_page
from eventlet_codemod.rules import Rule, all_rules, every_rule
from eventlet_codemod.rules.base import CHECKS

DOCS = Path(__file__).resolve().parent
_BLOCK = re.compile(r"(<!-- generated: (?P<name>[\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def pages() -> dict[Path, str]:
    """Give every file that is made from the code, with what it is to hold."""
    made = {DOCS / "rules" / page_name(rule): rule_page(rule) for rule in every_rule()}
    made[DOCS / "rules" / "README.md"] = index()
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if _BLOCK.search(text):
            made[path] = with_tables(text)
    return made


def page_name(rule: Rule) -> str:
    """Give the file name of a rule's page."""
    return f"{rule.code}-{rule.name}.md"


def index() -> str:
    """Give the list of the rules."""
    parts = [
        "# Rules",
        "One page for each rule, made from the rule itself by `docs/generate.py`; "
        "`eventlet-codemod explain\nCODE` prints the same. "
        "Codes are never used twice. Steps are those of the "
        "[architecture](../architecture.md#steps).",
    ]
    for family in sorted({rule.family for rule in every_rule()}, key=_first_code):
        rules = [rule for rule in every_rule() if rule.family == family]
        rows = (
            (f"[{rule.code}]({page_name(rule)})", f"`{rule.name}`", _step(rule), rule.summary)
            for rule in rules
        )
        parts.append(f"## {family}\n\n{table(('code', 'name', 'step', 'summary'), rows)}")
    return "\n\n".join(parts) + "\n"


def _first_code(family: str) -> str:
    return min(rule.code for rule in every_rule() if rule.family == family)


def _step(rule: Rule) -> str:
    return f"{rule.step} {STEPS[rule.step]}"


def with_tables(text: str) -> str:
    """Give the text of a page with its tables made anew. Raises KeyError for an unknown one."""
    return _BLOCK.sub(lambda match: f"{match[1]}\n{TABLES[match['name']]()}\n\n{match[3]}", text)


def checks_table() -> str:
    """List the questions to the reviewer, and the rules that ask each."""
    asked = {rule.code: rule.checks for rule in every_rule()}
    rows = []
    for code, question in CHECKS.items():
        by = ", ".join(_linked(rule) for rule in every_rule() if code in asked[rule.code])
        rows.append((f"`{code}`", question[:1].upper() + question[1:], by or "no rule yet"))
    return table(("check", "the question", "asked by"), rows)


def _linked(rule: Rule) -> str:
    return f"[{rule.name}](rules/{page_name(rule)})"


def commands_table() -> str:
    """List the libcst command of every rule."""
    rows = ((f"`{rule.code}`", _linked(rule), f"`{command_name(rule)}`") for rule in all_rules())
    return table(("code", "rule", "command in `eventlet_codemod.commands.by_rule`"), rows)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Give a table in Markdown."""
    head = tuple(head)
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


TABLES = {"checks": checks_table, "commands": commands_table}


def main() -> int:
    """Write, or check, all pages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    made = pages()
    stale = [path for path, text in made.items() if not path.is_file() or _read(path) != text]
    gone = [path for path in DOCS.joinpath("rules").glob("*.md") if path not in made]
    for path in sorted(stale + gone):
        print(f"{path.relative_to(DOCS.parent)}: {'out of step' if check else 'written'}")
    if check:
        if stale or gone:
            print("run `python docs/generate.py`", file=sys.stderr)
        return int(bool(stale or gone))
    for path in stale:
        path.parent.mkdir(exist_ok=True)
        path.write_text(made[path], encoding="utf-8")
    for path in gone:
        path.unlink()
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
