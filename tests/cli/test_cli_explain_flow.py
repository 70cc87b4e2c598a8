from __future__ import annotations

import pytest

MAKES = """\
import eventlet


def later(work):
    return eventlet.spawn_after(1, work)
"""

USES = """\
from pkg import later


def call(work):
    timer = later.later(work)
    timer.cancel()
"""

FILES = {"pkg/__init__.py": "", "pkg/later.py": MAKES, "pkg/call.py": USES}


@pytest.mark.parametrize("place", ["pkg/later.py:5", "pkg/call.py:5", "pkg/call.py:6"])
def test_an_object_is_followed_over_files(make, cli, place):
    make(FILES)
    result = cli("scan", "--explain-flow", place)
    assert result.exit_code == 0
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert lines[:2] == ["eventlet.greenthread.spawn_after", "  made    pkg/later.py:5"] or (
        lines[:2] == ["eventlet.greenthread.spawn_after, called timer", "  made    pkg/later.py:5"]
    )
    assert "  used    pkg/call.py:6  .cancel()" in lines
    assert lines[-1].startswith("  answer  EVT114: ")


def test_a_file_is_named_from_where_one_stands(make, cli, monkeypatch):
    project = make(FILES)
    monkeypatch.chdir(project.root / "pkg")
    result = cli("scan", "--explain-flow", "later.py:5")
    assert result.exit_code == 0
    assert "  made    pkg/later.py:5" in result.stdout


def test_settings_count(make, cli):
    source = MAKES + "\n\ndef call(work):\n    return later(work).wait()\n"
    make({"pkg/__init__.py": "", "pkg/later.py": source})
    arguments = ("scan", "--explain-flow", "pkg/later.py:5")
    assert "answer  EVT114: this delayed call stays: it is waited for" in cli(*arguments).stdout
    text = cli(*arguments, "--config", "helpers=pkg.threads").stdout
    assert "answer  EVT114: `pkg.threads.call_later` gives a Future" in text


def test_no_object_on_the_line(make, cli):
    make(FILES)
    result = cli("scan", "--explain-flow", "pkg/call.py:1")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "no object of eventlet is made, kept or used on line 1\n"


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("pkg/call.py", "give a file and a line, as in a.py:12"),
        ("pkg/call.py:", "give a file and a line, as in a.py:12"),
        ("pkg/call.py:x", "give a file and a line, as in a.py:12"),
        ("pkg/call.py:-1", "give a file and a line, as in a.py:12"),
        (":3", "give a file and a line, as in a.py:12"),
        ("", "give a file and a line, as in a.py:12"),
        ("pkg/none.py:3", "no such file"),
        ("pkg:3", "no such file"),
        ("pkg/broken.py:1", "invalid syntax (broken.py, line 2)"),
        ("pkg/bytes.py:1", "byte 0xff is not valid utf-8"),
    ],
)
def test_a_bad_place_is_one_clear_line(make, cli, place, says):
    broken = {"pkg/broken.py": "import eventlet\ndef (\n", "pkg/bytes.py": b"import eventlet\n\xff"}
    make({**FILES, **broken})
    result = cli("scan", "--explain-flow", place)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"error: --explain-flow {place}: {says}")
    assert result.stderr.count("\n") == 1


def test_a_file_elsewhere_that_does_not_parse_is_no_obstacle(make, cli):
    make({**FILES, "pkg/broken.py": "import eventlet\ndef (\n", "odd.py": b"eventlet\xff"})
    assert cli("scan", "--explain-flow", "pkg/call.py:6").exit_code == 0
