"""`docs/hazards.md` says what tells each danger: there is such a rule, or such a question."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eventlet_codemod.hazards import hazard_rules
from eventlet_codemod.rules import every_rule
from eventlet_codemod.rules.base import CHECKS

PAGE = (Path(__file__).parents[2] / "docs" / "hazards.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| what")
]
RULES = {rule.code: rule for rule in every_rule()}


def named(text: str) -> list[tuple[str, str, str]]:
    return re.findall(r"\[([a-z-]+)\]\(rules/(EVT\d{3})-([a-z-]+)\.md\)", text)


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:40] for row in ROWS])
def test_what_a_row_names_exists(row: list[str]) -> None:
    assert len(row) == 3
    what, tells, untold = row
    assert what and (tells or untold)
    links = named(tells)
    assert len(links) == tells.count("](")
    for text, code, name in links:
        assert RULES[code].name == text == name
    asking = {check for rule in RULES.values() for check in rule.checks}
    for question in re.findall(r"C-[A-Z]+", tells):
        assert question in CHECKS and question in asking
    assert links or re.search(r"C-[A-Z]+", tells) or not tells


def test_every_hazard_is_in_a_row() -> None:
    told = {code for row in ROWS for _, code, _ in named(row[1])}
    assert {rule.code for rule in hazard_rules()} <= told
