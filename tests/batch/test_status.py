import io
import re
import threading
from dataclasses import replace

import pytest
from campaigns import CAMPAIGN, ROWS, large

from eventlet_codemod.batch import dashboard, tables, tally
from eventlet_codemod.batch.model import Counts, Row, Snapshot
from eventlet_codemod.batch.status import LiveProgress, headline, outcome, render_status
from eventlet_codemod.report import Style

NEVER = Snapshot(campaign="", version="", rows=())


def test_text_has_a_line_for_each_thing():
    assert render_status(CAMPAIGN, Style(), form="text") == (
        "OpenStack 2026.2: 3 of 7 repositories done, 1 failed, 1 running, 2 not tried, "
        "about 15 min left\n"
        "openstack/nova: failed in tests: 3 tests fail after the rewrite that did not before "
        "(openstack/nova/log.txt)\n"
        "openstack/neutron: running in rewrite, 75 s\n"
        "not tried: 2\n"
        "changed: 1\n"
        "by hand: 1\n"
        "clean: 1\n"
        "26 uses found: 12 safe, 6 review, 8 left; 5 patches\n"
    )


@pytest.mark.parametrize("style", [Style(), Style(verbose=True)])
def test_verbose_text_names_each(style):
    told = render_status(CAMPAIGN, style, form="text", verbose=not style.verbose)
    assert told.splitlines()[3:8] == [
        "openstack/heat: not tried",
        "openstack/manila: not tried",
        "openstack/oslo.messaging: changed, 5 patches, 5 uses left, 41 s",
        "openstack/cinder: by hand, 3 uses left, 33 s, earlier run",
        "openstack/keystone: clean, 5 s",
    ]


def test_a_table_has_failures_first_then_what_runs_then_counts():
    assert render_status(CAMPAIGN, Style(width=100)).splitlines() == [
        "OpenStack 2026.2: 3 of 7 repositories done, 1 failed, 1 running, 2 not tried, "
        "about 15 min left",
        "",
        "openstack/nova  failed in tests  3 tests fail after the rewrite that did not before",
        "                                 openstack/nova/log.txt",
        "",
        "openstack/neutron  running in rewrite  1:15",
        "",
        "2  not tried",
        "1  changed",
        "1  by hand",
        "1  clean",
        "",
        "26 uses found: 12 safe, 6 review, 8 left; 5 patches",
    ]


def test_a_verbose_table_names_each():
    told = render_status(CAMPAIGN, Style(width=100), verbose=True)
    assert "openstack/manila          not tried\n" in told
    assert "openstack/oslo.messaging  changed    5 patches, 5 uses left, 41 s\n" in told


@pytest.mark.parametrize("verbose", [False, True])
def test_colour_says_nothing_that_words_do_not(verbose):
    plain = render_status(CAMPAIGN, Style(width=100), verbose=verbose)
    coloured = render_status(CAMPAIGN, Style(color=True, width=100), verbose=verbose)
    assert "\x1b[1;31mfailed\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("form", ["table", "text"])
def test_hostile_names_do_nothing_to_a_terminal(form):
    text = "\x1b]0;owned\x07 [red]x[/] :boom: \u202e\n\udcff"
    row = Row(name=text, state="failed", stage=text, reason=text, log=text)
    told = render_status(Snapshot(campaign=text, version="", rows=(row,)), Style(), form=form)
    assert told.replace("\n", "").isprintable()
    assert "[red]x[/]" in told
    assert ":boom:" in told


def test_a_stopped_campaign_has_no_time_left_and_a_finished_one_did_not_stop():
    assert headline(replace(CAMPAIGN, running=False)).endswith("2 not tried, stopped")
    done = replace(CAMPAIGN, rows=ROWS[:2], running=False)
    assert headline(done) == "OpenStack 2026.2: 1 of 2 repositories done, 1 failed"
    assert headline(NEVER) == "campaign: 0 of 0 repositories done"


@pytest.mark.parametrize(
    ("rows", "jobs", "seconds"),
    [
        ([("changed", 10), ("failed", 30), ("waiting", 0), ("waiting", 0)], 1, 40),
        ([("changed", 10), ("failed", 30), ("waiting", 0), ("waiting", 0)], 2, 20),
        ([("changed", 10), ("failed", 30), ("waiting", 0), ("waiting", 0)], 99, 20),
        ([("changed", 20), ("running", 5), ("waiting", 0)], 1, 35),
        ([("changed", 20), ("running", 500)], 1, 0),
        ([("changed", 20), ("clean", 1)], 1, 0),
        ([("waiting", 0)], 4, None),
        ([("changed", 20), ("waiting", 0)], 0, None),
    ],
)
def test_what_is_left_is_taken_to_last_as_what_is_done(rows, jobs, seconds):
    told = [Row(name=str(n), state=state, seconds=took) for n, (state, took) in enumerate(rows)]
    assert tally.seconds_left(told, jobs) == seconds


def test_what_an_earlier_run_did_says_nothing_of_time():
    earlier = Row(name="a", state="changed", seconds=1, cached=True)
    waiting = Row(name="b", state="waiting")
    assert tally.seconds_left([earlier, waiting], 1) is None
    now = replace(earlier, name="c", seconds=60, cached=False)
    assert tally.seconds_left([earlier, waiting, now], 1) == 60


@pytest.mark.parametrize(
    ("seconds", "words", "digits"),
    [
        (0.4, "0 s", "0:00"),
        (41.2, "41 s", "0:41"),
        (99.6, "2 min", "1:40"),
        (3599.7, "60 min", "1:00:00"),
        (7800, "2 h 10 min", "2:10:00"),
        (90000, "25 h 00 min", "25:00:00"),
    ],
)
def test_times_are_words_or_digits(seconds, words, digits):
    assert tally.duration(seconds) == words
    assert tally.clock(seconds) == digits


def test_outcomes_are_words():
    changed = Row(name="a", state="changed", seconds=41, counts=Counts(uses=3, safe=3, patches=12))
    assert outcome(changed) == "changed, 12 patches, 41 s"
    assert outcome(Row(name="a", state="failed")) == "failed: no reason was noted"
    assert outcome(Row(name="a", state="waiting", reason="x", seconds=3)) == "not tried"


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Clock:
    def __init__(self):
        self.time = 100.0

    def __call__(self):
        return self.time


def changed(row, **more):
    return replace(row, state="changed", seconds=41, counts=Counts(patches=12), **more)


def test_a_pipe_gets_a_line_for_each_that_is_finished():
    out = io.StringIO()
    with LiveProgress(ROWS, jobs=2, file=out) as progress:
        assert out.getvalue() == ""
        heat, manila = ROWS[5:]
        progress.update([replace(heat, state="running", stage="fetch")])
        progress.update([changed(heat), manila])
        # All rows of a snapshot may come, again and again.
        for _ in range(2):
            progress.update([*ROWS[:5], changed(heat), replace(manila, state="failed", reason="x")])
        progress.tick()
    assert out.getvalue() == (
        "openstack/heat: changed, 12 patches, 41 s\nopenstack/manila: failed: x\n"
    )


def test_a_second_attempt_is_told_again():
    out = io.StringIO()
    nova = ROWS[1]
    with LiveProgress(ROWS, jobs=2, file=out) as progress:
        progress.update([replace(nova, state="running", stage="fetch")])
        progress.update([changed(nova)])
    assert out.getvalue() == "openstack/nova: changed, 12 patches, 41 s\n"


@pytest.mark.parametrize("file", [io.StringIO, Terminal])
def test_quiet_says_nothing(file):
    out = file()
    with LiveProgress(ROWS, jobs=2, file=out, quiet=True) as progress:
        progress.update([replace(ROWS[5], state="failed", reason="x")])
        progress.tick()
    assert out.getvalue() == ""


@pytest.fixture
def screen(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Terminal()


def lines(screen):
    """What was written since last asked, without control sequences."""
    text = screen.getvalue()
    screen.truncate(0)
    screen.seek(0)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r", "")
    return [line.rstrip() for line in plain.split("\n")]


def test_a_terminal_shows_a_bar_and_what_runs(screen):
    clock = Clock()
    with LiveProgress(ROWS, jobs=1, file=screen, now=clock) as progress:
        lines(screen)
        clock.time += 61
        progress.tick()
        bar, neutron = [line for line in lines(screen) if line]
        # 629 s each on average, not counting an earlier run's: two more, and the rest of one.
        assert re.fullmatch(r"\S+ +4/7, 1 failed, about 30 min left", bar.replace("━╺", "━"))
        assert neutron == "openstack/neutron  running in rewrite  1:01"

        clock.time += 10
        progress.update([replace(ROWS[2], stage="tests")])
        assert "openstack/neutron  running in tests  0:00" in lines(screen)
        clock.time += 5
        progress.update([replace(ROWS[2], stage="tests")])
        assert "openstack/neutron  running in tests  0:05" in lines(screen)


def test_a_terminal_keeps_a_line_of_what_failed_and_no_other(screen):
    clock = Clock()
    with LiveProgress(ROWS, jobs=1, file=screen, now=clock) as progress:
        progress.update([changed(ROWS[5]), replace(ROWS[6], state="failed", reason="[b]x")])
        told = lines(screen)
    assert "openstack/manila: failed: [b]x" in told
    assert not [line for line in told if line.startswith("openstack/heat")]


def test_it_draws_when_told_and_not_too_often(screen):
    clock = Clock()
    threads = threading.active_count()
    with LiveProgress(ROWS, jobs=1, file=screen, now=clock, every=0.5) as progress:
        assert threading.active_count() == threads
        progress.tick()
        lines(screen)
        for _ in range(4):
            clock.time += 0.1
            progress.tick()
        assert lines(screen) == [""]
        clock.time += 0.2
        progress.tick()
        assert lines(screen) != [""]
        assert threading.active_count() == threads


def test_many_that_run_do_not_fill_the_screen(screen):
    rows = [Row(name=f"r{n}", state="running", stage="fetch") for n in range(40)]
    with LiveProgress(rows, jobs=40, file=screen, now=Clock()) as progress:
        lines(screen)
        progress.tick()
        told = lines(screen)
    assert sum("running in fetch" in line for line in told) == 16
    assert "and 24 more" in told


def test_thousands_are_told_at_once():
    snapshot, _ = large(2000)
    told = render_status(snapshot, Style(), form="text", verbose=True)
    assert len(told.splitlines()) == 2002


def test_single_files_that_failed_are_told_everywhere():
    counts = Counts(uses=2, safe=1, manual=1, files_failed=1, patches=1)
    reason = "pkg/bad.py:2: invalid syntax"
    rows = (
        Row(name="whole", state="changed", counts=Counts(uses=1, safe=1, patches=1)),
        Row(name="partly", state="changed", counts=counts, reason=reason),
        Row(name="none", state="failed", stage="fetch", reason="no answer"),
    )
    snapshot = Snapshot(campaign="c", version="1", rows=rows)
    told = f"partly: changed, 1 patch, 1 use left, 1 file failed ({reason})\n"
    assert told in render_status(snapshot, Style(), form="text")
    assert "whole: " not in render_status(snapshot, Style(), form="text")
    listed = tables.failures_csv(snapshot).splitlines()
    assert [line.partition(",")[0] for line in listed[1:]] == ["partly", "none"]
    page = dashboard.render(snapshot)
    assert page.index("no answer") < page.index("1 file failed") and "Failures (2)" in page
