"""`plan`: what it says of a project on its way."""

from __future__ import annotations

import pytest

from eventlet_codemod.ledger import Clock, FileEntry, Finding
from eventlet_codemod.roadmap import render, roadmap

SLEEPS = "import eventlet\n\n\ndef f():\n    eventlet.sleep(1)\n"
LIMIT = "import eventlet\n\n\ndef f(work):\n    with eventlet.Timeout(3):\n        work()\n"
BOTH = LIMIT + "\n\ndef g():\n    eventlet.backdoor.backdoor_server(3)\n"
ENTRY = "import eventlet\n\neventlet.monkey_patch()\n"


def finding(line: int, **given: object) -> Finding:
    fields: dict[str, object] = {
        "id": f"a.py:{line}:0-1",
        "rule": "EVT101",
        "name": "sleep",
        "tier": "safe",
        "status": "rewritten",
        "step": 1,
        "api": "eventlet.greenthread.sleep",
        "line": line,
        "column": 0,
        "end_line": line,
        "end_column": 1,
        "message": "m",
        "why": "w",
        "advice": "do it",
    }
    return Finding(**{**fields, **given})  # type: ignore[arg-type]


def told(*entries: FileEntry) -> str:
    return render(
        roadmap(Clock().ledger("/p", {"profile": "stdlib"}, entries, files_seen=1, files_parsed=1))
    )


def left(line: int, message: str, **given: object) -> Finding:
    return finding(line, status="left", tier="manual", message=message, **given)


def test_a_project(make, cli):
    make({"a.py": SLEEPS, "b.py": LIMIT, "c.py": BOTH, "main.py": ENTRY})
    result = cli("plan")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[:2] == [
        "step 1 primitives: 1 go now (1 safe, 0 to review), 3 left for a person",
        "step 3 entry-points: 1 go by themselves when 3 of earlier steps are gone",
    ]
    holds = (
        "    2 EVT229 timeout: this Timeout stays: nothing in the block is known to take a limit"
    )
    assert f"{holds} (first: b.py:5)\n" in result.stdout
    assert "      then clean: b.py\n" in result.stdout
    assert "  b.py: 1 left\n  c.py: 2 left\n" in result.stdout


def test_nothing_is_left(make, cli):
    make({"a.py": "print(1)\n"})
    result = cli("plan")
    assert (result.exit_code, result.stdout) == (0, "")


def test_what_is_suppressed_is_in_no_step() -> None:
    kept = finding(1, status="suppressed")
    assert told(FileEntry(path="a.py", status="unchanged", findings=(kept,))) == ""


def test_one_reason_that_is_told_in_two_files() -> None:
    text = told(
        FileEntry(path="a.py", status="unchanged", findings=(left(3, "it stays: line 3 waits"),)),
        FileEntry(path="b.py", status="unchanged", findings=(left(4, "it stays: a.py:3 waits"),)),
    )
    assert "    2 EVT101 sleep: it stays: line 3 waits (first: a.py:3)\n" in text
    assert "then clean: a.py, b.py\n" in text


def test_two_rules_are_two_reasons() -> None:
    one, two = left(3, "no"), left(4, "no", rule="EVT110", name="spawn")
    text = told(FileEntry(path="a.py", status="unchanged", findings=(one, two)))
    assert text.count("    1 EVT1") == 2
    assert "then clean" not in text


@pytest.mark.parametrize(("most", "more"), [(10, "and 2 more reasons"), (None, "m11")])
def test_long_lists_are_cut(most: int | None, more: str) -> None:
    findings = tuple(left(n, f"m{n}") for n in range(12))
    entry = FileEntry(path="a.py", status="unchanged", findings=findings)
    ledger = Clock().ledger("/p", {"profile": "stdlib"}, [entry], files_seen=1, files_parsed=1)
    assert more in render(roadmap(ledger), most=most)
