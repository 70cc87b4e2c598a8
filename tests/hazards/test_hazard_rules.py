"""What holds of every rule about hazards, and what a run makes of hazards."""

from __future__ import annotations

import dataclasses
import json
import re
import textwrap
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import pytest
from looking import ledger_of, look

from eventlet_codemod import ledger as ledger_module
from eventlet_codemod.cli.outcome import summary_line
from eventlet_codemod.config import Settings
from eventlet_codemod.engine import FileChange
from eventlet_codemod.hazards import HazardRule, hazard_rules
from eventlet_codemod.ledger import Ledger
from eventlet_codemod.patch import commentary
from eventlet_codemod.report import Style, render
from eventlet_codemod.report.rulepage import rule_json, rule_page
from eventlet_codemod.rules import all_rules, every_rule, expand, find_rule
from eventlet_codemod.rules.base import CHECKS
from eventlet_codemod.run import run
from eventlet_codemod.series import message, plan

ROOT = Path(__file__).parents[2]
SCHEMA = Path(ledger_module.__file__).with_name("ledger.schema.json")
each_rule = pytest.mark.parametrize("rule", hazard_rules(), ids=lambda rule: rule.name)

POOL = """
    from concurrent import futures

    import eventlet

    POOL = futures.ThreadPoolExecutor(1000){comment}


    def tick():
        eventlet.sleep(1)
    """


def test_they_are_among_all_rules_but_not_over_uses() -> None:
    assert not any(isinstance(rule, HazardRule) for rule in all_rules())
    assert {rule.code for rule in hazard_rules()} < {rule.code for rule in every_rule()}
    assert (
        expand(["hazards"]) == expand(["EVT90", "EVT91"]) == {rule.code for rule in hazard_rules()}
    )


@each_rule
def test_it_says_what_it_is(rule: HazardRule) -> None:
    assert re.fullmatch(r"EVT9[0-2]\d", rule.code)
    assert rule.family == "hazards"
    assert rule.summary and not rule.summary.endswith(".")
    assert len(rule.text) > 200
    assert rule.references
    assert not rule.asked_by or rule.asked_by in CHECKS
    assert find_rule(rule.name) == find_rule(rule.code.lower()) == rule


@each_rule
def test_its_example_shows_it(rule: HazardRule) -> None:
    found = look(rule.code, rule.before, path=rule.example_path, files=rule.example_files)
    assert len(found) == 1


@each_rule
def test_it_has_its_page_its_cases_and_its_changelog_line(rule: HazardRule) -> None:
    page = ROOT / "docs" / "rules" / f"{rule.code}-{rule.name}.md"
    assert page.read_text(encoding="utf-8") == rule_page(rule), "generate the pages anew"
    assert f"ignore[{rule.code}]" in rule_page(rule)
    assert json.loads(rule_json(rule))["rewrites"] is False
    assert (Path(__file__).parent / f"test_{rule.name.replace('-', '_')}.py").is_file()
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n- `{rule.code}` `{rule.name}`: " in changelog


# --- a run ---------------------------------------------------------------------------------------


def ledger(comment: str = "", **settings: object) -> Ledger:
    return ledger_of({"service.py": POOL.format(comment=comment)}, **settings)


def test_a_hazard_is_no_use_and_stands_before_nothing() -> None:
    with_it, without = ledger(), ledger(ignore=("hazards",))
    assert with_it.summary.hazards == 1
    assert without.summary.hazards == 0
    assert dataclasses.replace(with_it.summary, hazards=0) == without.summary
    assert [f.patch for f in with_it.files] == [f.patch for f in without.files]


def test_it_is_selected_as_a_rule_is() -> None:
    assert ledger(select=("EVT900",)).summary.hazards == 1
    assert ledger(select=("hazards",)).summary.hazards == 1
    assert ledger(select=("large-pool",)).summary.hazards == 1
    assert ledger(select=("sleep",)).summary.hazards == 0
    assert ledger(ignore=("EVT900",)).summary.hazards == 0
    assert ledger(per_file_ignores={"service.py": ("EVT900",)}).summary.hazards == 0


def test_steps_and_safe_only_are_about_rewrites() -> None:
    assert ledger(steps=frozenset({1})).summary.hazards == 1
    assert ledger(safe_only=True).summary.hazards == 1


@pytest.mark.parametrize("word", ["EVT900", "large-pool"])
def test_a_comment_that_names_it_suppresses_it(word: str) -> None:
    found = ledger(f"  # eventlet-codemod: ignore[{word}] the host is ours")
    assert found.summary.hazards == 0
    assert [h.status for h in found.files[0].hazards] == ["suppressed"]
    assert found.files[0].notices == ()


def test_a_comment_for_eventlet_does_not() -> None:
    assert ledger("  # eventlet-codemod: ignore").summary.hazards == 1
    assert ledger("  # eventlet-codemod: ignore[EVT101]").summary.hazards == 1


IDLE = "this suppression suppresses nothing"


@pytest.mark.parametrize(
    ("codes", "settings"),
    [
        ("EVT900", {}),
        ("EVT900, EVT101", {}),
        ("EVT900, EVT901", {}),
        ("EVT901", {"ignore": ("EVT901",)}),
        ("EVT901, EVT802", {}),
    ],
)
def test_a_comment_that_suppresses_something_or_is_not_looked_for_is_fine(
    codes: str, settings: dict[str, object]
) -> None:
    (entry,) = ledger(f"  # eventlet-codemod: ignore[{codes}]", **settings).files
    assert entry.notices == ()


@pytest.mark.parametrize("codes", ["EVT901", "lost-update", "lost-update, EVT101"])
def test_a_comment_that_suppresses_no_hazard_is_told(codes: str) -> None:
    (entry,) = ledger(f"  # eventlet-codemod: ignore[{codes}]").files
    assert [(notice.line, notice.message) for notice in entry.notices] == [(5, IDLE)]


def test_a_comment_that_suppresses_a_use_besides_is_not_told() -> None:
    source = POOL.format(comment="").rstrip() + "  # eventlet-codemod: ignore[sleep, EVT901]\n"
    (entry,) = ledger_of({"service.py": source}).files
    assert [finding.status for finding in entry.findings] == ["suppressed"]
    assert entry.notices == ()


def test_a_comment_in_a_file_that_others_lead_to_is_not_told_too_soon(tmp_path: Path) -> None:
    """Only a run over the whole project has seen every file that may lead to a hazard."""
    source = textwrap.dedent(POOL).format(comment="  # eventlet-codemod: ignore[lost-update]")
    (tmp_path / "service.py").write_text(source)
    (tmp_path / "other.py").write_text("import eventlet\neventlet.sleep(1)\n")
    settings = Settings(monkey_patched="yes")
    (entry,) = run(tmp_path, ["service.py"], settings, whole_project=False).ledger.files
    assert entry.notices == ()


def test_the_fingerprint_stays_when_lines_move() -> None:
    source = POOL.format(comment="")
    (first,) = look("EVT900", source)
    (moved,) = look("EVT900", source.replace("POOL =", "# a line\n    POOL ="))
    assert first.line + 1 == moved.line
    assert first.id != moved.id
    assert first.fingerprint == moved.fingerprint


def test_the_ledger_keeps_it_and_its_schema_knows_it() -> None:
    made = ledger()
    again = Ledger.from_json(made.to_json())
    assert again == made
    jsonschema.validate(json.loads(made.to_json()), json.loads(SCHEMA.read_text()))
    old = json.loads(made.to_json())
    for entry in old["files"]:
        del entry["hazards"]
    assert Ledger.from_json(json.dumps(old)).files[0].hazards == ()


def test_reports_tell_it() -> None:
    made = ledger()
    text = render("text", made)
    assert "service.py:5:8: EVT900 large-pool [hazard] this pool may run 1000" in text
    verbose = render("text", made, Style(verbose=True))
    assert "    at service.py:5: ThreadPoolExecutor is made" in verbose
    assert "    advice: choose a size" in verbose
    assert "large-pool: this pool may run 1000" in render("table", made)
    lines = map(json.loads, render("jsonl", made).splitlines())
    assert [line["hazard"]["rule"] for line in lines if "hazard" in line] == ["EVT900"]
    assert render("statistics", made).endswith("hazards\n1 EVT900 large-pool\n")


def test_the_commentary_of_a_patch_tells_it() -> None:
    told = commentary(ledger().files[0])
    assert "# Hazard, line 5: EVT900 large-pool.\n" in told
    assert "#   Fix: choose a size" in told
    assert "Hazard" not in commentary(ledger("  # eventlet-codemod: ignore[EVT900]").files[0])


def test_a_series_tells_it_with_the_patch_that_makes_the_thread(tmp_path: Path) -> None:
    (tmp_path / "service.py").write_text(
        find_rule("lost-update")
        .before.replace("self.pool.spawn_n(", "eventlet.spawn_n(")
        .replace("        self.pool.waitall()\n", "")
    )
    settings = Settings(monkey_patched="yes")

    def run_with(codes: Sequence[str] | None) -> Sequence[FileChange]:
        chosen = settings if codes is None else dataclasses.replace(settings, select=tuple(codes))
        return run(tmp_path, ["service.py"], chosen, whole_project=True).changes

    patches = plan(run_with, "rule", 300)
    told = [patch.rules for patch in patches if patch.hazards]
    assert told == [("EVT110",)]
    text = message(next(p for p in patches if p.hazards), command="series", version="0")
    assert "Hazards that come with threads:\n- EVT901: `self.errors`" in text


def test_the_summary_counts_them() -> None:
    assert "; 1 hazard" in summary_line(ledger())
    assert "hazard" not in summary_line(ledger(ignore=("hazards",)))


def test_only_a_run_over_the_whole_project_looks_beside_it(tmp_path: Path) -> None:
    rule = find_rule("thread-bound")
    source = rule.before.replace("import eventlet", "import threading")
    source = source.replace("eventlet.spawn(self.expire)", "threading.Thread(target=self.expire)")
    source = source.replace("eventlet.sleep(60)", "pass")
    (tmp_path / "store.py").write_text(source)
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text("import eventlet\neventlet.sleep(1)\n")
    settings = Settings(monkey_patched="yes")

    def told(files: Sequence[str], chosen: Settings, *, whole: bool) -> list[tuple[str, str]]:
        made = run(tmp_path, files, chosen, whole_project=whole).ledger
        return [(entry.path, hazard.name) for entry in made.files for hazard in entry.hazards]

    both = ("one.py", "two.py")
    assert told(both, settings, whole=True) == [("store.py", "thread-bound")]
    assert told(("one.py",), settings, whole=False) == []
    ignored = dataclasses.replace(settings, per_file_ignores={"store.py": ("EVT913",)})
    assert told(both, ignored, whole=True) == []
    unpatched = dataclasses.replace(settings, monkey_patched="no")
    assert told(both, unpatched, whole=True) == []


@each_rule
def test_the_words_that_lead_to_a_file_are_in_its_example(rule: HazardRule) -> None:
    if rule.words:
        assert any(re.search(rf"\b{word}\b", rule.before) for word in rule.words)
        assert re.search(rule.form, rule.before)
