"""Tests that patch eventlet: what they patch after a run over the code that they cover."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.ledger import Finding
from eventlet_codemod.run import run

PAUSE = """\
import eventlet


def pause():
    eventlet.sleep(1)


def start(work, *args):
    eventlet.spawn_n(work, *args)
"""
FROM = """\
from eventlet import sleep
from eventlet.greenthread import spawn as go


def pause():
    sleep(1)


def start(work):
    go(work)
"""
OTHER = "import eventlet\n\n\ndef wait():\n    eventlet.sleep(2)\n"
STAYS = "import eventlet\n\n\ndef watch(work):\n    return eventlet.spawn(work).kill()\n"
QUEUE = "import eventlet.queue\n\n\ndef fill():\n    return eventlet.queue.LightQueue(3).put(1)\n"
SEMAPHORE = """\
from eventlet import semaphore


def hold():
    with semaphore.Semaphore(2):
        pass
"""
SERVER = """\
import eventlet
from eventlet import wsgi


def pause(app):
    wsgi.server(eventlet.listen(("", 80)), app)
"""
HEAD = "from unittest import mock\n\nimport eventlet\nfrom pkg import pause\n\n\n"
NO_IMPORT = HEAD.replace("import eventlet\n", "")


def after(
    root: Path, files: dict[str, str], **settings: object
) -> tuple[dict[str, str], dict[str, list[Finding]]]:
    """The files of a project after a run over all of it, and the findings on patches."""
    for name, text in {"pkg/__init__.py": "", "tests/__init__.py": "", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    mentioning = [n for n, text in files.items() if "eventlet" in text or "Green" in text]
    given: dict[str, object] = {"monkey_patched": "yes", "line_length": 79, **settings}
    result = run(root, mentioning, Settings(**given), whole_project=True)  # type: ignore[arg-type]
    assert not [change.entry.error for change in result.changes if change.entry.error]
    changed = {c.entry.path: (c.old if c.new is None else c.new).decode() for c in result.changes}
    findings = {
        change.entry.path: [f for f in change.entry.findings if f.name == "mock-target"]
        for change in result.changes
    }
    return {**files, **changed}, findings


def project(test: str, code: str = PAUSE) -> dict[str, str]:
    return {"pkg/pause.py": code, "tests/test_pause.py": textwrap.dedent(test)}


# --- what stays ----------------------------------------------------------------------------------

LEFT = {
    "code that stays": (
        '@mock.patch("eventlet.spawn")\ndef test(spawn):\n    pass\n',
        STAYS,
        "pkg.pause still uses it",
    ),
    "a module as a whole": (
        '@mock.patch("pkg.pause.wsgi")\ndef test(wsgi):\n    pass\n',
        SERVER,
        "replaces the module as a whole, of which pkg.pause used server",
    ),
    "a name that nothing uses": (
        '@mock.patch("eventlet.spawn_after")\ndef test(spawn):\n    pass\n',
        PAUSE,
        "no code of this project",
    ),
    "a thread pool that is not asked any more": (
        '@mock.patch("eventlet.tpool.execute")\ndef test(execute):\n    pass\n',
        "from eventlet import tpool\n\n\ndef f(work):\n    return tpool.execute(work)\n",
        "pkg.pause calls the function itself now",
    ),
    "eventlet as a whole": (
        '@mock.patch("pkg.pause.eventlet")\ndef test(eventlet):\n    pass\n',
        PAUSE,
        "as a whole",
    ),
    "a module that does not use it": (
        '@mock.patch("pkg.eventlet.sleep")\ndef test(sleep):\n    pass\n',
        PAUSE,
        "no code of this project",
    ),
    "a fake of another shape": (
        'def test():\n    with mock.patch("eventlet.spawn_n", lambda f: f):\n        pass\n',
        PAUSE,
        "what it puts in place is called as spawn was",
    ),
    "a mock that is passed on": (
        '@mock.patch("eventlet.spawn_n")\ndef test(spawn):\n    look(spawn)\n',
        PAUSE,
        "its mock is passed on (line 8)",
    ),
    "a result of the mock": (
        '@mock.patch("eventlet.spawn_n")\ndef test(spawn):\n    spawn.return_value.dead\n',
        PAUSE,
        ".dead of what it gives is used (line 8)",
    ),
    "a side effect that is no call": (
        '@mock.patch("eventlet.spawn_n")\ndef test(spawn):\n    spawn.side_effect = ValueError\n',
        PAUSE,
        "its side effect is no call",
    ),
    "an expected call with stars": (
        '@mock.patch("eventlet.spawn_n")\ndef test(s):\n    s.assert_called_once_with(*CALL)\n',
        PAUSE,
        "what it expects cannot be seen",
    ),
    "how a queue is made": (
        '@mock.patch("eventlet.queue.LightQueue")\ndef test(made):\n'
        "    made.assert_called_once_with(3)\n",
        QUEUE,
        "it is asked how it was called (line 8)",
    ),
    "what a semaphore counts": (
        '@mock.patch("eventlet.semaphore.Semaphore")\ndef test(made):\n'
        "    made.return_value.balance = 2\n",
        SEMAPHORE,
        ".balance of what it gives is used (line 8)",
    ),
    "a queue of the test's own": (
        'def test():\n    with mock.patch("eventlet.queue.LightQueue", Fake):\n        pass\n',
        QUEUE,
        "what it puts in place is called as eventlet's class was",
    ),
    "what is called in the place of a queue": (
        '@mock.patch("eventlet.queue.LightQueue", side_effect=make)\ndef test(made):\n    pass\n',
        QUEUE,
        "its side effect may be called",
    ),
    "a class that is decorated": (
        '@mock.patch("eventlet.spawn_n")\nclass Test:\n    pass\n',
        PAUSE,
        "it decorates a class",
    ),
    "a patcher that is passed on": (
        'def test(case):\n    patcher = mock.patch("eventlet.spawn_n")\n    case.use(patcher)\n',
        PAUSE,
        "its patcher is passed on",
    ),
}


@pytest.mark.parametrize(("test", "code", "reason"), LEFT.values(), ids=LEFT)
def test_it_stays(tmp_path: Path, test: str, code: str, reason: str) -> None:
    files = project(NO_IMPORT + test, code)
    done, findings = after(tmp_path, files, helpers="pkg.threads")
    assert done["tests/test_pause.py"] == files["tests/test_pause.py"]
    (finding,) = findings["tests/test_pause.py"]
    assert reason in finding.message
    assert finding.tier == "manual" and finding.advice


def test_a_patch_of_something_else_is_none_of_its_business(tmp_path: Path) -> None:
    test = NO_IMPORT + '@mock.patch("pkg.pause.pause")\ndef test(pause):\n    pass\n'
    done, findings = after(tmp_path, project(test))
    assert done["tests/test_pause.py"] == test
    assert not findings.get("tests/test_pause.py")


def test_code_that_was_not_asked_for_is_not_followed(tmp_path: Path) -> None:
    test = NO_IMPORT + '@mock.patch("eventlet.sleep")\ndef test(sleep):\n    pass\n'
    after(tmp_path, project(test))
    (tmp_path / "pkg/pause.py").write_text(PAUSE)
    result = run(tmp_path, ["tests/test_pause.py"], Settings(monkey_patched="yes"))
    assert [change.new for change in result.changes] == [None]


# --- what follows --------------------------------------------------------------------------------

NAMED = {
    "by eventlet": "eventlet.sleep",
    "by its module": "eventlet.greenthread.sleep",
    "by the namespace of the code": "pkg.pause.eventlet.sleep",
}


@pytest.mark.parametrize("old", NAMED.values(), ids=NAMED)
@pytest.mark.parametrize(
    "form",
    [
        "@mock.patch('{}')\ndef test(sleep):\n    sleep.assert_called_with(1)\n",
        "def test():\n    with mock.patch('{}', autospec=True) as sleep:\n        pass\n",
        "def test():\n    mock.patch('{}').start()\n",
        "def test(mocker):\n    mocker.patch('{}')\n",
        "def test(monkeypatch):\n    monkeypatch.setattr('{}', lambda s: None)\n",
        "def test(case):\n    case.stub_out('{}', lambda s: None)\n",
        "def test(case):\n    case.useFixture(fixtures.MockPatch('{}'))\n",
    ],
)
def test_a_name_in_a_string_follows(tmp_path: Path, old: str, form: str) -> None:
    done, findings = after(tmp_path, project(NO_IMPORT + form.format(old)))
    assert done["tests/test_pause.py"] == NO_IMPORT + form.format("pkg.pause.time.sleep")
    (finding,) = findings["tests/test_pause.py"]
    assert (finding.tier, finding.may_differ) == ("review", ("C-MOCK",))


@pytest.mark.parametrize(
    "form",
    [
        "@mock.patch.object({}, {!r})\ndef test(sleep):\n    pass\n",
        "def test(case):\n    case.patchobject({}, {!r}, return_value=None)\n",
        "def test(case):\n    case.mock_object({}, {!r})\n",
        "def test(monkeypatch):\n    monkeypatch.setattr({}, {!r}, lambda s: None)\n",
    ],
)
@pytest.mark.parametrize("owner", ["eventlet", "eventlet.greenthread", "pause.eventlet"])
def test_an_attribute_follows(tmp_path: Path, owner: str, form: str) -> None:
    done, _ = after(tmp_path, project(HEAD + form.format(owner, "sleep")))
    wanted = form.format("pause.time", "sleep")
    assert done["tests/test_pause.py"].endswith("\n\n\n" + wanted)
    assert "eventlet" not in done["tests/test_pause.py"]


LISTENER = """\
import eventlet


def pause():
    return eventlet.listen(("", 80), backlog=3)
"""


@pytest.mark.parametrize(
    ("asserted", "follows"),
    [
        ("assert it.called", True),
        ("it.assert_called_once_with(('', 80), backlog=3)", False),
        ("assert it.call_args == 1", False),
    ],
)
def test_a_mock_that_is_called_with_other_arguments(
    tmp_path: Path, asserted: str, follows: bool
) -> None:
    test = NO_IMPORT + f'@mock.patch("eventlet.listen")\ndef test(it):\n    {asserted}\n'
    _, findings = after(tmp_path, project(test, LISTENER))
    (finding,) = findings["tests/test_pause.py"]
    assert (finding.status == "rewritten") is follows
    assert ("it is asked how it was called" in finding.message) is not follows


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("patch('pkg.pause.wsgi.server')", "patch('pkg.pause.threads.wsgi_server')"),
        ("patch.object(pause.wsgi, 'server')", "patch.object(pause.threads, 'wsgi_server')"),
        ("patch.object(pause.eventlet, 'listen')", "patch.object(pause.threads, 'listen')"),
        (
            "patch.object(pause.eventlet.wsgi, 'server')",
            "patch.object(pause.threads, 'wsgi_server')",
        ),
    ],
)
def test_what_serves(tmp_path: Path, old: str, new: str) -> None:
    test = NO_IMPORT + "@mock.{}\ndef test(it):\n    assert it.called\n"
    done, _ = after(tmp_path, project(test.format(old), SERVER), helpers="pkg.threads")
    assert done["tests/test_pause.py"] == test.format(new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('mock.patch("pkg.pause.sleep")', 'mock.patch("pkg.pause.time.sleep")'),
        ('mock.patch.object(pause, "sleep")', 'mock.patch.object(pause.time, "sleep")'),
        ('mock.patch("pkg.pause.go")', 'mock.patch("pkg.pause.threading.Thread")'),
        ('mock.patch.object(pause, "go")', 'mock.patch.object(pause.threading, "Thread")'),
    ],
)
def test_a_name_that_the_code_imported(tmp_path: Path, old: str, new: str) -> None:
    test = NO_IMPORT + "@{}\ndef test(it):\n    assert it.called\n"
    done, _ = after(tmp_path, project(test.format(old), FROM))
    assert done["tests/test_pause.py"] == test.format(new)
    assert "eventlet" not in done["pkg/pause.py"]


QUEUES = {
    """
    with mock.patch.object(pause.eventlet.queue, "LightQueue", side_effect=[mock.Mock()]):
        pass
    """: 'mock.patch.object(pause.queue, "Queue", side_effect=[mock.Mock()])',
    """
    with mock.patch("eventlet.queue.LightQueue") as made:
        made.return_value.put.assert_called_once_with(1)
        made.assert_called_once_with()
    """: 'mock.patch("pkg.pause.queue.Queue") as made',
    """
    with mock.patch("eventlet.queue.LightQueue.put") as put:
        put.assert_called_once_with(1)
    """: 'mock.patch("pkg.pause.queue.Queue.put") as put',
}


@pytest.mark.parametrize(("test", "form"), QUEUES.items())
def test_a_queue_follows(tmp_path: Path, test: str, form: str) -> None:
    test = NO_IMPORT + textwrap.dedent(test)
    done, findings = after(tmp_path, {"pkg/pause.py": QUEUE, "tests/test_pause.py": test})
    assert "queue.Queue(3)" in done["pkg/pause.py"]
    assert form in done["tests/test_pause.py"]
    (finding,) = findings["tests/test_pause.py"]
    assert finding.may_differ == ("C-MOCK",)


def test_a_mock_with_a_specification_asks_for_others(tmp_path: Path) -> None:
    test = '@mock.patch("eventlet.sleep", autospec=True)\ndef test(sleep):\n    pass\n'
    _, findings = after(tmp_path, project(HEAD + test))
    (finding,) = findings["tests/test_pause.py"]
    assert "has mocked the same before" in finding.advice


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"pkg.pause.semaphore.Semaphore"', '"pkg.pause.threading.Semaphore"'),
        ('pause.semaphore, "Semaphore"', 'pause.threading, "Semaphore"'),
    ],
)
def test_a_submodule_in_a_test_that_names_no_eventlet(tmp_path: Path, old: str, new: str) -> None:
    form = "from unittest import mock\n\nfrom pkg import pause\n\n\n"
    form += "@mock.patch{}({})\ndef test(made):\n    pause.hold()\n"
    form = form.replace("patch{}", "patch" if old.startswith('"') else "patch.object")
    files = {"pkg/pause.py": SEMAPHORE, "tests/test_pause.py": form.format(old)}
    for name, text in {"pkg/__init__.py": "", "tests/__init__.py": "", **files}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    settings = Settings(monkey_patched="yes")
    changes = run(tmp_path, ["pkg/pause.py"], settings, whole_project=True).changes
    done = {change.entry.path: change.new for change in changes}
    assert done["tests/test_pause.py"] == form.format(new).encode()


def test_a_future_of_futurist(tmp_path: Path) -> None:
    code = "import futurist\n\n\ndef pause():\n    return futurist.GreenFuture()\n"
    test = 'from pkg import pause\n\nmock.patch("pkg.pause.futurist.GreenFuture")\n'
    done, _ = after(tmp_path, {"pkg/pause.py": code, "tests/test_pause.py": test})
    assert "futurist.Future()" in done["pkg/pause.py"]
    assert done["tests/test_pause.py"] == test.replace("GreenFuture", "Future")


def test_the_standard_module_where_it_is_asked_for(tmp_path: Path) -> None:
    test = NO_IMPORT + '@mock.patch("pkg.pause.eventlet.sleep")\ndef test(sleep):\n    pass\n'
    done, _ = after(tmp_path, project(test), mock_target="global")
    assert 'mock.patch("time.sleep")' in done["tests/test_pause.py"]


def test_the_module_under_test_is_told_by_imports_then_by_the_path(tmp_path: Path) -> None:
    test = '@mock.patch("eventlet.sleep")\ndef test(sleep):\n    pass\n'
    files = {
        "pkg/pause.py": PAUSE,
        "pkg/agent/other.py": OTHER,
        "tests/test_imports.py": "from unittest import mock\nfrom pkg.agent import other\n" + test,
        "tests/agent/test_other.py": "from unittest import mock\n" + test,
        "tests/test_nothing.py": "from unittest import mock\n" + test,
    }
    done, findings = after(tmp_path, files)
    assert '"pkg.agent.other.time.sleep"' in done["tests/test_imports.py"]
    assert '"pkg.agent.other.time.sleep"' in done["tests/agent/test_other.py"]
    assert '"time.sleep"' in done["tests/test_nothing.py"]
    (finding,) = findings["tests/test_imports.py"]
    assert "It was for pkg.pause as well" in finding.advice


def test_a_sleep_that_nothing_under_test_calls(tmp_path: Path) -> None:
    test = HEAD + '@mock.patch.object(eventlet, "sleep")\ndef test(sleep):\n    pause\n'
    done, findings = after(tmp_path, project(test, "import time\n\n\ndef pause():\n    pass\n"))
    assert 'mock.patch.object(time, "sleep")' in done["tests/test_pause.py"]
    (finding,) = findings["tests/test_pause.py"]
    assert "is a mock of `time.sleep` needed at all?" in finding.advice


def test_a_line_that_gets_too_long(tmp_path: Path) -> None:
    test = NO_IMPORT + (
        "def test():\n    if pause:\n"
        "        with mock.patch('eventlet.sleep', side_effect=[1, 2, None]) as sleep:\n"
        "            pass\n"
    )
    done, _ = after(tmp_path, project(test))
    assert done["tests/test_pause.py"].endswith(
        "        with mock.patch(\n"
        "            'pkg.pause.time.sleep', side_effect=[1, 2, None]\n"
        "        ) as sleep:\n"
        "            pass\n"
    )


# --- a spawn that became a thread ----------------------------------------------------------------

SPAWNS = {
    "the target": (
        "s.assert_called_once_with(f)",
        "s.assert_called_once_with(target=f, args=(), daemon=True)",
    ),
    "arguments": (
        "s.assert_any_call(f, 1, 2)",
        "s.assert_any_call(target=f, args=(1, 2), daemon=True)",
    ),
    "keywords": (
        "s.assert_called_with(f, a=1)",
        's.assert_called_with(target=f, args=(), kwargs={"a": 1}, daemon=True)',
    ),
    "the number of calls": ("assert s.call_count == 2", "assert s.call_count == 2"),
    "in order": (
        "s.assert_has_calls([mock.call(f)])",
        "s.assert_has_calls([mock.call(target=f, args=(), daemon=True), mock.call().start()])",
    ),
    "at once": (
        "s.side_effect = lambda f: f()",
        "s.side_effect = lambda target, daemon=None: mock.Mock(start=target)",
    ),
}


@pytest.mark.parametrize(("old", "new"), SPAWNS.values(), ids=SPAWNS)
def test_assertions_follow_the_thread(tmp_path: Path, old: str, new: str) -> None:
    test = NO_IMPORT + '@mock.patch("{}")\ndef test(s):\n    {}\n'
    done, _ = after(tmp_path, project(test.format("eventlet.spawn_n", old)), line_length=100)
    assert done["tests/test_pause.py"] == test.format("pkg.pause.threading.Thread", new)


def test_a_stand_in_that_runs_the_function_at_once(tmp_path: Path) -> None:
    test = HEAD + textwrap.dedent("""
        @mock.patch.object(eventlet, "spawn_n", lambda f, *a, **kw: f(*a, **kw))
        class TestStart:
            def test_start(self):
                done = []
                pause.start(done.append, 3)
                assert done == [3]
        """)
    done, _ = after(tmp_path, project(test), line_length=100)
    assert (
        done["tests/test_pause.py"].count("""
@mock.patch.object(
    pause.threading,
    "Thread",
    lambda target, args=(), kwargs=None, daemon=None: mock.Mock(""")
        == 1
    )
    for name, content in done.items():
        (tmp_path / name).write_text(content)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    run_it = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "1 passed" in run_it.stdout, run_it.stdout


def test_the_mock_is_the_right_parameter(tmp_path: Path) -> None:
    test = (
        NO_IMPORT
        + textwrap.dedent("""
        @mock.patch("pkg.pause.pause")
        @mock.patch("eventlet.spawn_n")
        @mock.patch("pkg.other", new=3)
        @mock.patch.object(pause, "start")
        def test(self, start, spawn, pause):
            start.assert_called_once_with(1)
            spawn.assert_called_once_with(2)
            pause.assert_called_once_with(3)
        """).lstrip()
    )
    done, _ = after(tmp_path, project(test))
    assert (
        "spawn.assert_called_once_with(target=2, args=(), daemon=True)"
        in done["tests/test_pause.py"]
    )
    assert "start.assert_called_once_with(1)" in done["tests/test_pause.py"]
    assert "pause.assert_called_once_with(3)" in done["tests/test_pause.py"]


def test_a_patcher_on_self(tmp_path: Path) -> None:
    test = (
        NO_IMPORT
        + textwrap.dedent("""
        class Test:
            def setUp(self):
                self.patcher = mock.patch("eventlet.spawn_n")
                self.spawn = self.patcher.start()

            def test(self):
                self.spawn.assert_called_once_with(f)
                self.patcher.stop()
        """).lstrip()
    )
    done, _ = after(tmp_path, project(test))
    assert (
        "self.spawn.assert_called_once_with(target=f, args=(), daemon=True)"
        in done["tests/test_pause.py"]
    )


# --- proved by running ---------------------------------------------------------------------------

SUITE = """\
import unittest
from unittest import mock

import eventlet
from pkg import pause


class Test(unittest.TestCase):
    @mock.patch("eventlet.sleep")
    def test_sleeps(self, sleep):
        pause.pause()
        sleep.assert_called_once_with(1)

    @mock.patch.object(pause.eventlet, "spawn_n")
    def test_starts(self, spawn):
        pause.start(print, 1, 2)
        spawn.assert_called_once_with(print, 1, 2)

    def test_runs_at_once(self):
        done = []
        with mock.patch("pkg.pause.eventlet.spawn_n", side_effect=lambda f, *a: f(*a)):
            pause.start(done.append, 3)
        self.assertEqual([3], done)

    def test_in_order(self):
        with mock.patch.object(eventlet, "spawn_n") as spawn:
            pause.start(print)
            pause.start(print, "b")
        spawn.assert_has_calls([mock.call(print), mock.call(print, "b")])
"""
BLOCK = """\
import sys
import unittest

if "--blocked" in sys.argv:
    sys.argv.remove("--blocked")
    sys.modules["eventlet"] = sys.modules["greenlet"] = None
unittest.main(module="tests.test_pause")
"""


def suite(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-c", BLOCK, *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60)


def test_the_tests_pass_before_and_after(tmp_path: Path) -> None:
    code = PAUSE.replace("def start(work, *args):\n    eventlet.spawn_n(work, *args)", START)
    done, findings = after(tmp_path, project(SUITE, code))
    before = suite(tmp_path)
    assert before.returncode == 0, before.stderr
    assert suite(tmp_path, "--blocked").returncode != 0
    for name, text in done.items():
        (tmp_path / name).write_text(text)
    assert {f.status for f in findings["tests/test_pause.py"]} == {"rewritten"}
    native = suite(tmp_path, "--blocked")
    assert native.returncode == 0, native.stderr
    assert "Ran 4 tests" in native.stderr


START = """\
def start(work, *args):
    if args:
        eventlet.spawn_n(work, *args)
    else:
        eventlet.spawn_n(work)"""


POLL = """\
import eventlet


def poll(ready):
    limit = eventlet.Timeout(3, ValueError)
    try:
        while not ready():
            eventlet.sleep(1)
    finally:
        limit.cancel()
"""
CANCELLED = """\
from unittest import mock

import eventlet
from pkg import poll


@mock.patch("pkg.poll.other", create=True)
@mock.patch.object(eventlet.Timeout, "cancel")
@mock.patch("pkg.poll.one", create=True)
def test_poll(one, cancel, other, last=None):
    poll.poll(lambda: True)
    cancel.assert_called_once_with()
    assert one is not other
"""


def test_a_mock_that_nothing_calls_goes_with_its_parameter(tmp_path: Path) -> None:
    files = {"pkg/poll.py": POLL, "tests/test_poll.py": CANCELLED}
    changed, findings = after(tmp_path, files)
    assert changed["tests/test_poll.py"] == (
        CANCELLED.replace("import eventlet\n", "")
        .replace('@mock.patch.object(eventlet.Timeout, "cancel")\n', "")
        .replace("    cancel.assert_called_once_with()\n", "")
        .replace("one, cancel, other", "one, other")
    )
    (finding,) = findings["tests/test_poll.py"]
    assert (finding.status, finding.may_differ) == ("rewritten", ("C-MOCK",))


@pytest.mark.parametrize(
    "line",
    ["cancel.side_effect = ValueError", "assert cancel.called is one", "run(cancel)"],
    ids=["side effect", "beside another", "passed on"],
)
def test_a_mock_that_does_more_stays(tmp_path: Path, line: str) -> None:
    test = CANCELLED.replace("cancel.assert_called_once_with()", line)
    changed, findings = after(tmp_path, {"pkg/poll.py": POLL, "tests/test_poll.py": test})
    assert changed["tests/test_poll.py"] == test
    assert "does more with its mock" in findings["tests/test_poll.py"][0].message


def test_a_mock_of_what_stays_stays(tmp_path: Path) -> None:
    code = POLL.replace("eventlet.sleep(1)", "ready.wait()")
    changed, findings = after(tmp_path, {"pkg/poll.py": code, "tests/test_poll.py": CANCELLED})
    assert changed["tests/test_poll.py"] == CANCELLED
    assert "pkg.poll still uses it" in findings["tests/test_poll.py"][0].message
