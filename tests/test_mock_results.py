"""Mocks of what a spawn gives, of timers, events and pools, proved by running the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.test_mock_target import HEAD, NO_IMPORT, after, project, suite

WAITS = """\
import eventlet


def over(thread):
    print("over")


def ask(work, *args):
    thread = eventlet.spawn(work, *args)
    thread.link(over)
    return thread.wait()
"""
ONLY_WAITS = WAITS.replace("    thread.link(over)\n", "")
LATER = """\
import eventlet


def drop(work):
    lease = eventlet.spawn_after(3, work)
    lease.kill()
"""
UNKEPT = """\
import eventlet


def later(work, *args):
    eventlet.spawn_after(3, work, *args)
"""
DELAYED = """\
import eventlet


def ask(work):
    return eventlet.spawn_after(0, work).wait()
"""
EVENT = """\
from eventlet import event


def turn(work):
    over = event.Event()
    while not over.ready():
        work()
        over.send()
"""
POOL = """\
import eventlet


def run(works):
    pool = eventlet.GreenPool(4)
    for work in works:
        pool.spawn_n(work)
    pool.waitall()
"""
APIS = {
    WAITS: "eventlet.spawn",
    ONLY_WAITS: "eventlet.spawn",
    DELAYED: "eventlet.spawn_after",
    UNKEPT: "eventlet.spawn_after",
    LATER: "eventlet.spawn_after",
    EVENT: "eventlet.event.Event",
    POOL: "eventlet.GreenPool",
}


def one(patch: str, *lines: str) -> str:
    """A test module with one test, which is given a mock."""
    head = NO_IMPORT.replace("import mock", "import FunctionTestCase, TestSuite, mock")
    body = "".join(f"    {line}\n" for line in lines)
    load = "def load_tests(*given):\n    return TestSuite([FunctionTestCase(test)])\n"
    return f"{head}@mock.patch({patch})\ndef test(made):\n{body}\n\n{load}"


# --- what stays ----------------------------------------------------------------------------------

GIVEN = "what it gives instead is not followed"
LEFT = {
    "a state that is no method of a Future": (
        WAITS,
        "",
        "made.return_value.dead = True",
        ".dead of what it gives is used",
    ),
    "a kill, which may have gone": (
        WAITS,
        "",
        "made.return_value.kill.assert_called_once_with()",
        ".kill of what it gives is used",
    ),
    "a link with arguments of its own": (
        WAITS,
        "",
        "made.return_value.link.assert_called_once_with(print, 1)",
        "what .link is given may be another now",
    ),
    "a link that is passed on": (
        WAITS,
        "",
        "look(made.return_value.link)",
        "what .link is given may be another now",
    ),
    "a result that is passed on": (
        WAITS,
        "",
        "look(made.return_value)",
        "what it gives is passed on",
    ),
    "objects that are unpacked": (
        WAITS,
        "",
        "a, b = made.return_value",
        "what it gives is unpacked",
    ),
    "an object of the test's own": (WAITS, ", return_value=FakeThread()", "pass", GIVEN),
    "an object of its own, later": (WAITS, "", "made.return_value = FakeThread()", GIVEN),
    "a function that makes such": (
        WAITS,
        ", side_effect=lambda f, *a: FakeThread(f(*a))",
        "pass",
        GIVEN,
    ),
    "a delay that cannot be seen": (
        UNKEPT,
        "",
        "made.assert_called_once_with(3)",
        "what it expects cannot be seen",
    ),
    "an event of the test's own": (EVENT, ", return_value=FakeEvent()", "pass", GIVEN),
    "an event of its own, later": (EVENT, "", "made.return_value = FakeEvent()", GIVEN),
    "what an event is sent, looked at elsewhere": (
        EVENT,
        "",
        "look(made.return_value.send)",
        "what .send is given may be another now",
    ),
    "what a pool starts": (
        POOL,
        "",
        "made.return_value.spawn.assert_called_once_with(print)",
        ".spawn of what it gives is used",
    ),
}


@pytest.mark.parametrize(("code", "more", "line", "reason"), LEFT.values(), ids=LEFT)
def test_it_stays(tmp_path: Path, code: str, more: str, line: str, reason: str) -> None:
    files = project(one(f'"{APIS[code]}"{more}', line), code)
    done, findings = after(tmp_path, files, helpers="pkg.threads")
    assert done["tests/test_pause.py"] == files["tests/test_pause.py"]
    (finding,) = findings["tests/test_pause.py"]
    assert reason in finding.message


def test_a_method_with_its_signature_is_called_with_the_executor(tmp_path: Path) -> None:
    files = project(one('"eventlet.spawn", autospec=True', "pause.ask(print)"), ONLY_WAITS)
    done, findings = after(tmp_path, files)
    assert done["tests/test_pause.py"] == files["tests/test_pause.py"]
    (finding,) = findings["tests/test_pause.py"]
    assert "called with the executor first" in finding.message


# --- what follows --------------------------------------------------------------------------------

FOLLOWS = {
    "what waits gives": (
        WAITS,
        "threads.spawn",
        (
            "made.return_value.wait.return_value = 3",
            "assert pause.ask(print, 1) == 3",
            "made.assert_called_once_with(print, 1)",
        ),
        {0: "made.return_value.result.return_value = 3"},
    ),
    "an object with a name": (
        WAITS,
        "threads.spawn",
        (
            "thread = made.return_value",
            "pause.ask(print)",
            "thread.wait.assert_called_once_with()",
            "thread.link.assert_called_once_with(pause.over)",
        ),
        {
            2: "thread.result.assert_called_once_with()",
            3: "thread.add_done_callback.assert_called_once_with(pause.over)",
        },
    ),
    "what the mock gives when it is called": (
        WAITS,
        "threads.spawn",
        ("made().wait.side_effect = [3]", "assert pause.ask(print) == 3"),
        {0: "made().result.side_effect = [3]"},
    ),
    "an object that is compared": (
        WAITS,
        "threads.spawn",
        ("pause.ask(print)", "assert made.return_value is not None"),
        {},
    ),
    "without helpers, an executor": (
        ONLY_WAITS,
        "futures.ThreadPoolExecutor.submit",
        (
            "made.return_value.wait.return_value = 3",
            "assert pause.ask(print, 1) == 3",
            "made.assert_called_once_with(print, 1)",
        ),
        {0: "made.return_value.result.return_value = 3"},
    ),
    "a delayed call that is waited for": (
        DELAYED,
        "threads.call_later",
        (
            "made.return_value.wait.return_value = 3",
            "assert pause.ask(print) == 3",
            "made.assert_called_once_with(0, print)",
        ),
        {0: "made.return_value.result.return_value = 3"},
    ),
    "a timer": (
        UNKEPT,
        "threading.Timer",
        ("pause.later(print)", "made.assert_called_once_with(3, print)"),
        {1: "made.assert_called_once_with(3, print, args=())"},
    ),
    "a timer with arguments": (
        UNKEPT,
        "threading.Timer",
        ("pause.later(print, 1)", "made.assert_called_once_with(3, print, 1)"),
        {1: "made.assert_called_once_with(3, print, args=(1,))"},
    ),
    "timers in order": (
        UNKEPT,
        "threading.Timer",
        ("pause.later(print)", "made.assert_has_calls([mock.call(3, print)])"),
        {1: "made.assert_has_calls([mock.call(3, print, args=()), mock.call().start()])"},
    ),
    "a timer that runs at once": (
        UNKEPT,
        "threading.Timer",
        (
            "seen = []",
            "made.side_effect = lambda delay, f, *a: f(*a)",
            "pause.later(seen.append, 1)",
            "assert seen == [1]",
        ),
        {
            1: "made.side_effect = lambda interval, target, args=(), kwargs=None: mock.Mock("
            "start=lambda: target(*args, **(kwargs or {})))"
        },
    ),
    "a timer that is cancelled": (
        LATER,
        "threading.Timer",
        ("pause.drop(print)", "made.return_value.kill.assert_called_once_with()"),
        {1: "made.return_value.cancel.assert_called_once_with()"},
    ),
    "an event": (
        EVENT,
        "threading.Event",
        (
            "event = made.return_value",
            "event.ready.side_effect = [False, True]",
            "pause.turn(print)",
            "event.send.assert_called_once_with()",
        ),
        {
            1: "event.is_set.side_effect = [False, True]",
            3: "event.set.assert_called_once_with()",
        },
    ),
    "a pool": (
        POOL,
        "threads.BlockingPool",
        ("pause.run([print])", "assert made.return_value.waitall.called"),
        {},
    ),
}


@pytest.mark.parametrize(("code", "native", "lines", "new"), FOLLOWS.values(), ids=FOLLOWS)
def test_it_follows(
    tmp_path: Path, code: str, native: str, lines: tuple[str, ...], new: dict[int, str]
) -> None:
    expected = [new.get(number, line) for number, line in enumerate(lines)]
    files = project(one(f'"{APIS[code]}"', *lines), code)
    settings = {} if native.startswith("futures") else {"helpers": "pkg.threads"}
    done, findings = after(tmp_path, files, line_length=130, **settings)
    assert [f.status for f in findings["tests/test_pause.py"]] == ["rewritten"]
    assert done["tests/test_pause.py"] == one(f'"pkg.pause.{native}"', *expected)
    before = suite(tmp_path)
    for name, content in done.items():
        (tmp_path / name).write_text(content)
    blocked = suite(tmp_path, "--blocked")
    assert (before.returncode, blocked.returncode) == (0, 0), before.stderr + blocked.stderr
    assert "Ran 1 test" in before.stderr and "Ran 1 test" in blocked.stderr


# --- classes of the test's own -------------------------------------------------------------------

FAKE = """
class FakeThread:
    def __init__(self, work, *args):
        self.value = work(*args)

    def kill(self):
        pass

    def link(self, over, *args):
        over(self, *args)

    def wait(self):
        return self.value


"""


def fakes(patch: str, fake: str = FAKE) -> str:
    """A test in which a class of its own is what a spawn gives."""
    test = one("", "assert pause.ask(len, 'ab') == 2").replace("mock.patch(", f"mock.patch({patch}")
    test = test.replace("def test(made)", "def test()") if "," in patch else test
    return test.replace("\n@mock", f"{fake}@mock")


GIVES = {
    "the class": '"{}", FakeThread',
    "a new one": '"{}", new=FakeThread',
    "a lambda that makes it": '"{}", lambda f, *a: FakeThread(f, *a)',
}


@pytest.mark.parametrize("patch", GIVES.values(), ids=GIVES)
def test_a_fake_gets_the_names_of_a_future(tmp_path: Path, patch: str) -> None:
    files = project(fakes(patch.format("eventlet.spawn")), WAITS)
    done, _ = after(tmp_path, files, helpers="pkg.threads", line_length=100)
    new = FAKE.replace("def link", "def add_done_callback").replace("def wait", "def result")
    assert done["tests/test_pause.py"] == fakes(patch.format("pkg.pause.threads.spawn"), new)
    before = suite(tmp_path)
    for name, content in done.items():
        (tmp_path / name).write_text(content)
    blocked = suite(tmp_path, "--blocked")
    assert (before.returncode, blocked.returncode) == (0, 0), before.stderr + blocked.stderr


FAKES_LEFT = {
    "it has a state": (FAKE.replace("self.value", "self.dead"), "is more than a class"),
    "it derives": (FAKE.replace("FakeThread:", "FakeThread(Base):"), "is more than a class"),
    "it has a result": (FAKE.replace("def kill", "def result"), "is more than a class"),
    "a method is decorated": (FAKE.replace("    def wait", "    @x\n    def wait"), "is decorated"),
    "it is used elsewhere": (f"{FAKE}other = FakeThread(len, '')\n\n\n", "elsewhere, too"),
    "its method is called": (f"{FAKE}def f(x):\n    x.wait()\n\n\n", "may ask for"),
}


@pytest.mark.parametrize(("fake", "reason"), FAKES_LEFT.values(), ids=FAKES_LEFT)
def test_a_fake_that_more_depends_on_stays(tmp_path: Path, fake: str, reason: str) -> None:
    files = project(fakes('"eventlet.spawn", FakeThread', fake), WAITS)
    done, findings = after(tmp_path, files, helpers="pkg.threads")
    assert done["tests/test_pause.py"] == files["tests/test_pause.py"]
    assert reason in findings["tests/test_pause.py"][0].message


def test_a_stand_in_for_a_function_of_the_same_shape_stays(tmp_path: Path) -> None:
    test = HEAD + (
        "@mock.patch.object(eventlet, 'spawn_after', lambda delay, f: f())\ndef test():\n    pass\n"
    )
    done, findings = after(tmp_path, project(test, DELAYED), helpers="pkg.threads")
    assert [f.status for f in findings["tests/test_pause.py"]] == ["rewritten"]
    new = "@mock.patch.object(pause.threads, 'call_later', lambda delay, f: f())"
    assert new in done["tests/test_pause.py"]


# --- eventlet as a whole -------------------------------------------------------------------------

SERVES = """\
import eventlet


def pause():
    eventlet.sleep(1)


def start(work):
    eventlet.spawn_n(work)


def kill(work):
    eventlet.spawn(work).kill()
"""
WHOLE_LEFT = {
    "nothing is asked of it": "pause.pause()",
    "it is passed on": "look(made)",
    "two functions of it": "assert made.sleep.called or made.spawn_n.called",
    "what is called in another way": "made.spawn_n.assert_called_once_with(print)",
    "what stays": "assert made.spawn.called",
}


@pytest.mark.parametrize("line", WHOLE_LEFT.values(), ids=WHOLE_LEFT)
def test_a_mock_of_all_stays(tmp_path: Path, line: str) -> None:
    files = project(one('"pkg.pause.eventlet"', line), SERVES)
    done, findings = after(tmp_path, files)
    assert done["tests/test_pause.py"] == files["tests/test_pause.py"]
    (finding,) = findings["tests/test_pause.py"]
    assert "one by one" in finding.advice


WHOLE = {
    "a name": ('"pkg.pause.eventlet"', '"pkg.pause.time.sleep"'),
    "an attribute": ('pause, "eventlet"', 'pause.time, "sleep"'),
}


@pytest.mark.parametrize(("old", "new"), WHOLE.values(), ids=WHOLE)
def test_a_mock_of_all_becomes_that_of_the_one_function(tmp_path: Path, old: str, new: str) -> None:
    lines = ["pause.pause()", "made.sleep.assert_called_once_with(1)"]
    patch = ".object" if "," in old else ""
    files = project(one(old, *lines).replace("patch(", f"patch{patch}("), SERVES)
    done, findings = after(tmp_path, files)
    expected = one(new, lines[0], "made.assert_called_once_with(1)")
    assert done["tests/test_pause.py"] == expected.replace("patch(", f"patch{patch}(")
    (finding,) = findings["tests/test_pause.py"]
    assert "`eventlet.greenthread.spawn_n` runs for real now" in finding.advice
    before = suite(tmp_path)
    for name, content in done.items():
        (tmp_path / name).write_text(content)
    later = suite(tmp_path)
    assert (before.returncode, later.returncode) == (0, 0), before.stderr + later.stderr


def test_a_mock_of_all_that_is_asked_whether_a_thread_was_started(tmp_path: Path) -> None:
    files = project(one('"pkg.pause.eventlet"', "assert made.spawn_n.called"), SERVES)
    done, _ = after(tmp_path, files)
    assert '@mock.patch("pkg.pause.threading.Thread")' in done["tests/test_pause.py"]
    assert "    assert made.called\n" in done["tests/test_pause.py"]


# --- an executor that is shut down ---------------------------------------------------------------

EXECUTOR = """\
import futurist


def run(work):
    executor = futurist.GreenThreadPoolExecutor(2)
    try:
        return executor.submit(work).result()
    finally:
        executor.shutdown()
"""
WAITALL = "eventlet.greenpool.GreenPool, 'waitall', autospec=True"


def shuts_down(patch: str, line: str) -> str:
    test = one("", "pause.run(dict)", line).replace("mock.patch(", f"mock.patch.object({patch}")
    return test.replace("from pkg", "import eventlet\nfrom pkg") if "eventlet" in patch else test


def test_what_an_executor_waited_by_is_its_shutdown(tmp_path: Path) -> None:
    files = project(shuts_down(WAITALL, "assert made.called"), EXECUTOR)
    done, findings = after(tmp_path, files, line_length=100)
    patch = "pause.futurist.ThreadPoolExecutor, 'shutdown', autospec=True"
    assert done["tests/test_pause.py"] == shuts_down(patch, "assert made.called")
    (finding,) = findings["tests/test_pause.py"]
    assert "is it the waiting that the test is about?" in finding.advice
    before = suite(tmp_path)
    for name, content in done.items():
        (tmp_path / name).write_text(content)
    blocked = suite(tmp_path, "--blocked")
    assert (before.returncode, blocked.returncode) == (0, 0), before.stderr + blocked.stderr


@pytest.mark.parametrize("line", ["assert made.call_count == 1", "made.side_effect = print"])
def test_how_often_an_executor_waited_stays(tmp_path: Path, line: str) -> None:
    files = project(shuts_down(WAITALL, line), EXECUTOR)
    done, findings = after(tmp_path, files)
    assert done["tests/test_pause.py"] == files["tests/test_pause.py"]
    (finding,) = findings["tests/test_pause.py"]
    assert "more is asked than whether it waited" in finding.message


def test_a_pool_of_its_own_is_no_executor(tmp_path: Path) -> None:
    files = project(shuts_down(WAITALL, "assert made.called"), POOL.replace("def run", "def go"))
    done, _ = after(tmp_path, files, helpers="pkg.threads")
    assert "pause.threads.BlockingPool, 'waitall', autospec=True" in done["tests/test_pause.py"]
