"""What holds of every rule of packaging: its documentation, its example, its words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.ledger import STEPS
from eventlet_codemod.packaging import PackagingRule, claimed, packaging_rules
from eventlet_codemod.packaging.needed import NEEDS
from eventlet_codemod.report.rulepage import rule_json, rule_page
from eventlet_codemod.rules import all_rules, every_rule, expand, find_rule
from eventlet_codemod.rules.base import CHECKS

ROOT = Path(__file__).parents[2]
each_rule = pytest.mark.parametrize("rule", packaging_rules(), ids=lambda rule: rule.name)


def test_they_are_among_all_rules_but_not_over_python() -> None:
    assert not any(isinstance(rule, PackagingRule) for rule in all_rules())
    assert {rule.code for rule in packaging_rules()} < {rule.code for rule in every_rule()}
    assert expand(["packaging"]) == {rule.code for rule in packaging_rules()}
    codes = [rule.code for rule in every_rule()]
    assert len(codes) == len(set(codes)) == len({rule.name for rule in every_rule()})


@each_rule
def test_it_says_what_it_is(rule: PackagingRule) -> None:
    assert re.fullmatch(r"EVT8\d\d", rule.code)
    assert rule.family == "packaging" and rule.step in STEPS
    assert rule.summary and not rule.summary.endswith(".")
    assert len(rule.text) > 200
    assert set(rule.settings) <= Settings().as_dict().keys()
    assert set(rule.checks) <= CHECKS.keys()
    assert rule.references
    assert find_rule(rule.name) == find_rule(rule.code.lower()) == rule
    assert not rule.claims("eventlet.sleep")


@each_rule
def test_its_example_is_what_the_tool_does(rule: PackagingRule, becomes) -> None:
    needs = {"futurist", "oslo_service"} if rule.code == "EVT802" else ()
    variable = "PKG_DISABLE_EVENTLET_PATCHING" if rule.code == "EVT811" else ""
    outcome = becomes(rule.file, rule.before, rule.after, needs=needs, variable=variable)
    found = [f for change in outcome.changes.values() for f in change.entry.findings]
    assert rule.code in {f.rule for f in found}
    assert {code for f in found if f.rule == rule.code for code in f.may_differ} <= {*rule.checks}


@each_rule
def test_its_page_is_up_to_date(rule: PackagingRule) -> None:
    page = ROOT / "docs" / "rules" / f"{rule.code}-{rule.name}.md"
    assert page.read_text(encoding="utf-8") == rule_page(rule), "generate the pages anew"
    assert f"In `{rule.file}`" in rule_page(rule)
    assert rule.code in rule_json(rule)


@each_rule
def test_the_changelog_names_it(rule: PackagingRule) -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith(f"- `{rule.code}` `{rule.name}`: ")]


def test_every_need_has_a_bound_and_a_reason() -> None:
    for module, need in NEEDS.items():
        assert need.distribution.replace(".", "_").lower() == {"paste": "pastedeploy"}.get(
            module, module
        )
        assert re.fullmatch(r"\d+(\.\d+)+", need.minimum) and need.why


def test_a_file_of_python_that_only_configures_is_claimed() -> None:
    text = b"from setuptools import setup\nsetup(install_requires=['a', 'greenlet'])\n"
    assert claimed("setup.py", text) == {"setup.py:2:29-39"}
    assert claimed("a.py", text) == frozenset()
    assert claimed("setup.py", b"\xff\x00") == frozenset()
