"""`LinkedThreadGroup` does on threads what oslo.service's ThreadGroup did on eventlet."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("oslo_service")

SUITE = """
import json
import logging
import queue
import threading

logging.disable()
told = {}


def note(name, *what):
    told.setdefault(name, []).append(list(what))


def failing():
    raise ValueError("no")


# --- values and errors ---
group = ThreadGroup()
thread = group.add_thread(lambda a, b=0: a + b, 1, b=2)
told["value"] = [thread.wait(), thread.wait()]
thread = group.add_thread(failing)
for _ in range(2):
    try:
        thread.wait()
    except ValueError as error:
        note("error", str(error))

# --- links ---
gate = threading.Event()
thread = group.add_thread(gate.wait)
thread.link(lambda gt, *args, **kwargs: note("links", "first", gt.wait(), args, kwargs), 1, two=2)
thread.link(lambda gt: note("links", "second"))


def link_more(gt):
    note("links", "third")
    gt.link(lambda gt: note("links", "from within"))


thread.link(link_more)
told["before the end"] = told.get("links", [])
gate.set()
thread.wait()
note("links", "waited")
thread.link(lambda gt, word: note("links", "late", word), "word")
note("links", "linked")

thread = group.add_thread(failing)


def look(gt):
    try:
        gt.wait()
    except Exception as error:
        note("links of a failure", repr(error))


thread.link(look)
try:
    thread.wait()
except ValueError:
    note("links of a failure", "waited")

# --- the members ---
group.wait()
told["members"] = [len(group.threads)]
gate = threading.Event()
thread = group.add_thread(gate.wait)
told["members"] += [len(group.threads), group.threads[0] is thread]
gate.set()
group.wait()
told["members"] += [len(group.threads), list(group.timers)]

# --- a full group makes its caller wait, but not its own threads ---
group = ThreadGroup(1)
gate = threading.Event()
first = group.add_thread(gate.wait)
begun = queue.Queue()


def release():
    begun.get()
    note("full", "released")
    gate.set()


spawn(release)
begun.put(None)
second = group.add_thread(note, "full", "second")
second.wait()
note("full", "added")


def inner():
    note("inner", "outer begins")
    thread = group.add_thread(note, "inner", "inner")
    note("inner", "outer goes on", thread.wait())


group.add_thread(inner).wait()

# --- timers ---
group = ThreadGroup()
ticks = queue.Queue()
timer = group.add_timer(0.01, ticks.put, None, "tick")
told["ticks"] = [ticks.get(), ticks.get(), group.timers == [timer]]
other = group.add_timer_args(0.01, ticks.put, args=["tock"])
group.stop_timers()
told["timers"] = list(group.timers)
group.add_dynamic_timer_args(lambda: 0.01, initial_delay=None)
group.add_thread(note, "graceful", "done")
group.stop(graceful=True)
told["graceful"] += [len(group.threads), list(group.timers)]

# --- within a thread of the group ---
thread = group.add_thread(group.wait)
told["within"] = thread.wait()
print(json.dumps(told))
"""

REAL = """
import eventlet
eventlet.monkey_patch()
from oslo_service.threadgroup import ThreadGroup
spawn = eventlet.spawn
"""

TWIN = """
from oslo_service import backend
backend.init_backend(backend.BackendType.THREADING)
from eventlet_codemod.helpers.linked_threads import LinkedThreadGroup as ThreadGroup


def spawn(function):
    threading.Thread(target=function, daemon=True).start()
"""

PATCHED = """
import eventlet
eventlet.monkey_patch()
from eventlet_codemod.helpers.linked_threads import LinkedThreadGroup as ThreadGroup
spawn = eventlet.spawn
"""


@pytest.fixture(scope="module")
def told() -> SimpleNamespace:
    return SimpleNamespace(real=_run(REAL), twin=_run(TWIN), patched=_run(PATCHED))


def _run(head: str) -> dict[str, Any]:
    command = [sys.executable, "-W", "ignore", "-c", head + SUITE]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_they_do_the_same(told):
    assert told.twin == told.real


def test_it_does_so_beside_green_threads(told):
    assert told.patched == told.real


def test_the_suite_sees_what_it_is_for(told):
    assert [line[0] for line in told.twin["links"]] == [
        *("first", "second", "third", "from within", "waited", "late", "linked")
    ]
    assert told.twin["full"] == [["released"], ["second"], ["added"]]
    assert told.twin["inner"] == [["outer begins"], ["inner"], ["outer goes on", None]]


OWN = """
import logging
import threading

logging.basicConfig(format="%(message)s")


def failing():
    raise ValueError("no")


group = ThreadGroup()
try:
    group.add_thread(failing).wait()  # which is shown once
except ValueError:
    pass

# --- stop lets the threads go on ---
gate, ended = threading.Event(), []
thread = group.add_thread(gate.wait)
thread.link(ended.append)
group.stop()
assert group.threads == [thread] and not ended
gate.set()
group.wait()
assert not group.threads and ended == [thread]

# --- a link is called once, however close the end is ---
group = ThreadGroup(1)
for _ in range(500):
    called = []
    thread = group.add_thread(int)
    thread.link(called.append)
    thread.wait()
    thread.link(called.append)
    assert called == [thread, thread]

# --- a thread does not hold up the exit ---
group.add_thread(threading.Event().wait)
"""


def test_what_is_its_own_matter():
    command = [sys.executable, "-W", "ignore", "-c", TWIN + OWN]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("ValueError: no") == 1
    assert done.stderr.startswith("A background task failed\nTraceback")
