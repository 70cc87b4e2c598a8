from __future__ import annotations

import ast
import json
import re

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.report.rulepage import rule_json, rule_page
from eventlet_codemod.rules import all_rules, find_rule
from eventlet_codemod.rules.base import CHECKS
from eventlet_codemod.run import rewrite_one

RULES = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)


@RULES
def test_page_has_all_parts_in_order(rule):
    page = rule_page(rule)
    headings = re.findall(r"^#+ .*", page, re.MULTILINE)
    wanted = [f"# {rule.code} {rule.name}", "## Example", "## Tier", "## Step"]
    wanted += ["## Settings"] * bool(rule.settings) + ["## References"] * bool(rule.references)
    assert [h for h in headings if h in wanted] == wanted
    assert rule.text in page
    assert page.endswith("\n") and not page.endswith("\n\n")
    for key in rule.settings:
        assert re.search(rf"^- `{key}`", page, re.MULTILINE)
    for reference in rule.references:
        assert reference in page


@RULES
def test_page_shows_the_example_as_it_is_tested(rule):
    blocks = re.findall(r"```python\n(.*?)```", rule_page(rule), re.DOTALL)
    examples = [rule.before] if rule.before == rule.after else [rule.before, rule.after]
    assert [block.rstrip() for block in blocks if block.rstrip() in map(str.rstrip, examples)] == [
        example.rstrip() for example in examples
    ]
    for example in examples:
        ast.parse(example)


@RULES
def test_page_names_every_question_of_its_example(rule):
    settings = Settings(**rule.example_settings)
    for finding in rewrite_one(rule.before.encode(), "example.py", settings).entry.findings:
        if finding.rule == rule.code:
            assert set(finding.may_differ) <= set(rule.checks)


@RULES
def test_json_says_the_same(rule):
    told = json.loads(rule_json(rule))
    page = rule_page(rule)
    assert told["code"] == rule.code and told["step"] == rule.step
    for code in CHECKS:
        assert (code in told["may_differ"]) == (f"- `{code}`: " in page)


def test_sleep():
    page = rule_page(find_rule("sleep"))
    assert "Eventlet's sleep" not in page
    assert "- `C-YIELD`: Does something rely on every ready green thread" in page
    assert "1, primitives. Where `monkey_patch()` does not cover `time`, it waits" in page
    assert "- `sleep-zero`: `keep` (default), `helper`, `drop`\n" in page


def test_a_rule_that_never_rewrites_is_manual():
    page = rule_page(find_rule("other-use"))
    assert "*manual*: the code is left alone, with advice." in page
    assert "stays as it is." in page
