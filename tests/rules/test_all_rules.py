"""What holds of every rule: its documentation, its example, its table of cases."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.ledger import STEPS
from eventlet_codemod.report.rulepage import rule_page
from eventlet_codemod.rules import Rule, UnknownRule, all_rules, every_rule, expand, find_rule
from eventlet_codemod.rules.base import CHECKS
from eventlet_codemod.run import rewrite_one
from eventlet_codemod.testing import Case, check, fixes, manual, noop

ROOT = Path(__file__).parents[2]
RULES = all_rules()
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def test_there_are_rules_and_no_code_or_name_twice() -> None:
    assert len(RULES) >= 20
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)


@each_rule
def test_it_says_what_it_is(rule: Rule) -> None:
    assert re.fullmatch(r"EVT\d{3}", rule.code)
    assert rule.family == rule.module.split(".")[-2]
    assert rule.step in STEPS
    assert rule.summary and not rule.summary.endswith(".")
    assert len(rule.text) > 60, "the docstring of the module is the text of the page"
    assert rule.apis
    assert set(rule.settings) <= Settings().as_dict().keys()


@each_rule
def test_it_names_the_facts_that_it_rests_on(rule: Rule) -> None:
    assert rule.references or rule.before == rule.after


@each_rule
def test_its_example_is_what_the_tool_does(rule: Rule) -> None:
    settings = replace(Settings(), **rule.example_settings)
    change = rewrite_one(rule.before.encode(), "example.py", settings)
    assert change.entry.error is None
    assert change.result.decode() == rule.after


@each_rule
def test_its_example_passes_the_harness(rule: Rule) -> None:
    findings = rewrite_one(
        rule.before.encode(), "example.py", Settings(**rule.example_settings)
    ).entry.findings
    given = {"monkey_patched": "auto", **rule.example_settings}
    case: Case
    asked = {code for f in findings if f.rule == rule.code for code in f.may_differ}
    if rule.before == rule.after and not asked:
        case = manual("example", rule.before, **given)
    else:
        case = fixes("example", rule.before, rule.after, checks=sorted(asked), **given)
    check(case, rule)


@each_rule
def test_it_asks_only_questions_that_there_are(rule: Rule) -> None:
    source = Path(__import__(rule.module, fromlist=["x"]).__file__ or "").read_text()
    asked = set(re.findall(r"\bC-[A-Z]+\b", source))
    assert asked <= CHECKS.keys()


@each_rule
def test_it_has_a_table_of_cases(rule: Rule) -> None:
    table = ROOT / "tests" / "rules" / f"test_{rule.name.replace('-', '_')}.py"
    assert table.is_file()
    if rule.name in ("passed-on", "mock-target", "asserted-class"):
        return  # each of their cases takes several files
    kinds = [case.kind for case in cases_in(table)]
    assert kinds.count("noop") + kinds.count("manual") >= 6
    if rule.before != rule.after:  # else it only reports
        assert kinds.count("fixes") >= 6


def cases_in(table: Path) -> Iterator[Case]:
    """The cases of the lists in a module of tests."""
    for value in runpy.run_path(str(table)).values():
        for item in value if isinstance(value, list) else ():
            case = item if isinstance(item, Case) else next(iter(getattr(item, "values", ())), None)
            if isinstance(case, Case):
                yield case


@each_rule
def test_its_page_is_up_to_date(rule: Rule) -> None:
    page = ROOT / "docs" / "rules" / f"{rule.code}-{rule.name}.md"
    assert page.read_text(encoding="utf-8") == rule_page(rule), "generate the pages anew"


@each_rule
def test_the_changelog_names_it(rule: Rule) -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    assert any(rule.code in line for line in lines)


def test_no_page_is_left_over() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "rules").glob("EVT*.md")}
    assert pages == {f"{rule.code}-{rule.name}" for rule in every_rule()}


def test_every_table_is_of_a_rule() -> None:
    tables = {path.stem for path in (ROOT / "tests" / "rules").glob("test_*.py")}
    known = {f"test_{rule.name.replace('-', '_')}" for rule in RULES}
    assert tables == known | {"test_all_rules"}


# --- selectors ----------------------------------------------------------------------------------


THREADS = {"spawn", "spawn-after", "getcurrent", "spawn-result", "delayed-call"}


@pytest.mark.parametrize(
    ("selectors", "names"),
    [
        (["EVT101"], {"sleep"}),
        (["evt101"], {"sleep"}),
        (["sleep"], {"sleep"}),
        (["Sleep"], {"sleep"}),
        (["EVT11"], THREADS),
        (["threads"], THREADS),
        (["EVT101", "sleep"], {"sleep"}),
        (["ALL"], {rule.name for rule in every_rule()}),
        (["EVT"], {rule.name for rule in every_rule()}),
        ([], set()),
    ],
)
def test_selectors(selectors: list[str], names: set[str]) -> None:
    assert {find_rule(code).name for code in expand(selectors)} == names


@pytest.mark.parametrize(
    ("selector", "hint"),
    [("slep", "did you mean sleep?"), ("EVT102", "did you mean EVT"), ("???", "is called '???'")],
)
def test_a_selector_that_names_nothing(selector: str, hint: str) -> None:
    with pytest.raises(UnknownRule, match=re.escape(hint)):
        expand([selector])
    with pytest.raises(UnknownRule, match=re.escape(hint)):
        find_rule(selector)


@pytest.mark.parametrize(
    ("api", "name"),
    [
        ("eventlet.greenthread.sleep", "sleep"),
        ("eventlet.queue.Queue.put", "queue"),
        ("eventlet.green.socket.socket", "green-module"),
        ("eventlet.unheard.of", "other-use"),
    ],
)
def test_who_claims_a_name(api: str, name: str) -> None:
    assert find_rule(name).claims(api)
    assert find_rule("other-use").claims(api)


def test_nobody_claims_what_only_begins_alike() -> None:
    assert not find_rule("queue").claims("eventlet.queue.QueueLike")
    assert not find_rule("green-module").claims("eventlet.greenthread.sleep")


# --- the harness says no ------------------------------------------------------------------------

SLEEPS = "import eventlet\neventlet.sleep(1)\n"
SLEPT = "import time\ntime.sleep(1)\n"


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (noop("c", SLEEPS), "the result is another"),
        (noop("c", "import eventlet\neventlet.sleep(*a)\n"), "sleep has a finding"),
        (manual("c", SLEEPS), "the result is another"),
        (manual("c", "import os\n"), "nothing that sleep is about is left"),
        (manual("c", "import eventlet\neventlet.sleep(*a)\n", says="x"), "no message says 'x'"),
        (fixes("c", SLEEPS, SLEEPS), "the result is another"),
        (
            fixes("c", SLEEPS, SLEPT, checks=["C-TYPE"]),
            "it asks nothing; `checks` of the case: C-TYPE",
        ),
        (fixes("c", SLEEPS, SLEPT, tier="review"), "the tier is not review"),
        (fixes("c", SLEEPS, SLEPT, left=1), "1 were to be left"),
        (fixes("c", SLEEPS, SLEPT, says="x"), "no message says 'x'"),
        (fixes("c", "import eventlet\nx = (\n", SLEPT), "it failed"),
        (fixes("c", "x = 1\n", "x = 1\n"), "sleep rewrote nothing"),
        (fixes("c", f"{SLEEPS}x = 1  # a\n", f"{SLEPT}x = 1  # b\n"), "the result is another"),
    ],
)
def test_a_case_that_does_not_hold_fails(case: Case, said: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(said)):
        check(case, "sleep")


def test_a_failure_shows_the_difference_and_the_findings() -> None:
    with pytest.raises(AssertionError) as failure:
        check(fixes("a case", SLEEPS, "import time\ntime.sleep(2)\n"), "sleep")
    text = str(failure.value)
    assert text.startswith("a case: the result is another\n--- wanted\n+++ got\n")
    assert "-time.sleep(2)\n+time.sleep(1)\n" in text
    assert "2:0 EVT101 safe rewritten eventlet.greenthread.sleep" in text
