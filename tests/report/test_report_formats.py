from __future__ import annotations

import importlib
import json
import re

import pytest

from eventlet_codemod.ledger import Ledger
from eventlet_codemod.report import FORMATS, Style, render
from eventlet_codemod.report.statistics import statistics


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_one_function(form, real):
    module = importlib.import_module(FORMATS[form])
    assert module.render(real, Style()) == render(form, real)
    assert render(form, real).endswith("\n")


def test_text(made):
    assert render("text", made).splitlines() == [
        "a.py:3:5: EVT101 sleep [safe] it sleeps",
        "a.py:5:5: EVT101 sleep [manual] it sleeps",
        "a.py:7:5: EVT101 sleep [safe] it sleeps",
        "a.py:9:5: EVT101 sleep [review] it sleeps",
        "a.py:11:5: EVT101 sleep [safe, suppressed] it sleeps",
        "a.py:12:5: EVT101 sleep [review, left] it sleeps",
        "b\\n.py: error: bad",
    ]


def test_verbose_text(made):
    lines = render("text", made, Style(verbose=True)).splitlines()
    assert lines[1:6] == [
        "    why: both are one",
        "a.py:5:5: EVT101 sleep [manual] it sleeps",
        "    why: both are one",
        "    advice: do it",
        "    setting: wsgi",
    ]
    assert "    check: C-TYPE: is it a number?" in lines


def test_colored_text_differs_in_color_only(made):
    colored = render("text", made, Style(color=True))
    assert "[\x1b[32msafe\x1b[0m]" in colored
    assert re.sub(r"\x1b\[\d*m", "", colored) == render("text", made)


def test_table_folds_what_is_alike_and_gives_advice(made):
    assert render("table", made).splitlines() == [
        "a.py",
        "   3  safe        EVT101  sleep: it sleeps",
        "                          also on line 7",
        "   5  manual      EVT101  sleep: it sleeps",
        "                          → do it",
        "   9  review      EVT101  sleep: it sleeps",
        "                          → C-TYPE: is it a number?",
        "  11  safe        EVT101  sleep: it sleeps",
        "      suppressed",
        "  12  review      EVT101  sleep: it sleeps",
        "      left                → C-TYPE: is it a number?",
        "",
        "b\\n.py",
        "      failed          bad",
        "",
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_table_fits_and_loses_no_word(real, width):
    table = render("table", real, Style(width=width, verbose=True))
    assert max(map(len, table.splitlines())) <= width
    words = "".join(table.split())
    for entry in real.files:
        for finding in entry.findings:
            assert f"{finding.line}" in words
            if finding.status == "left":
                assert finding.advice.replace(" ", "")[:20] in words or width < 80


def test_colored_table_differs_in_color_only(made):
    colored = render("table", made, Style(color=True))
    assert "\x1b[31mmanual\x1b[0m" in colored
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == render("table", made)


def test_markup_in_messages_is_content(made):
    odd = made.files[0].findings[0]
    from dataclasses import replace

    finding = replace(odd, message="[red]x[/red] :smile: \x1b[2J")
    ledger = replace(made, files=(replace(made.files[0], findings=(finding,)),))
    assert "[red]x[/red] :smile: \\x1b[2J" in render("table", ledger)
    assert "[red]x[/red] :smile: \\x1b[2J" in render("text", ledger)


def test_json_is_the_ledger(real):
    assert Ledger.from_json(render("json", real)) == real


def test_jsonl_has_every_finding_and_every_failure(real):
    items = [json.loads(line) for line in render("jsonl", real).splitlines()]
    findings = [f for entry in real.files for f in entry.findings]
    assert [item["id"] for item in items if "id" in item] == [f.id for f in findings]
    assert items[-1]["path"] == "b.py" and items[-1]["error"]["kind"] == "syntax"
    assert {item["path"] for item in items} == {"a.py", "b.py"}


def test_statistics_count_every_finding_once(made):
    counted = statistics(made)
    assert counted.total.uses == made.summary.uses == 6
    for row in (*counted.rules, *counted.steps, counted.total):
        assert row.uses == row.safe + row.review + row.left + row.suppressed
    assert (counted.total.safe, counted.total.review, counted.total.left) == (2, 1, 2)
    assert counted.left == {"eventlet.greenthread.sleep": 2}


def test_statistics_of_nothing(tmp_path):
    from eventlet_codemod.config import Settings
    from eventlet_codemod.run import run

    ledger = run(tmp_path, (), Settings()).ledger
    assert render("statistics", ledger).startswith("rule  uses")
    assert render("table", ledger) == render("text", ledger) == render("jsonl", ledger) == ""
