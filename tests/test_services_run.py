"""What the rules say of oslo.service's backends and of cotyledon, proved by running both.

Needs oslo.service with its threading extra beside eventlet; without them these are skipped.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("oslo_service")
pytest.importorskip("cotyledon")

CLAIMS = """
import json, sys, threading, time, warnings

warnings.simplefilter("ignore")
if sys.argv[1] == "eventlet":
    import eventlet

    eventlet.monkey_patch()
else:
    from oslo_service import backend

    backend.init_backend(backend.BackendType.THREADING)
from oslo_service import loopingcall, service, threadgroup

told = {}


def tell(name, function):
    try:
        told[name] = function()
    except Exception as error:
        told[name] = type(error).__name__


def full():
    group = threadgroup.ThreadGroup(1)
    release = threading.Event()
    group.add_thread(release.wait)
    threading.Timer(0.2, release.set).start()
    group.add_thread(int)
    return "waited"


def link():
    called = []
    thread = threadgroup.ThreadGroup().add_thread(int)
    thread.link(lambda *given: called.append(1))
    thread.wait()
    time.sleep(0.05)
    return called


def stop():
    go, done = threading.Event(), []
    group = threadgroup.ThreadGroup()
    group.add_thread(lambda: (go.wait(5), done.append(1)))
    time.sleep(0.05)
    group.stop()
    go.set()
    time.sleep(0.2)
    return done


def limited():
    loop = loopingcall.FixedIntervalLoopingCall(lambda: None)
    try:
        return loop.start(interval=0.05).wait(0.2)
    finally:
        loop.stop()


def fixture():
    from oslo_service import fixture

    with fixture.SleepFixture():
        started = time.monotonic()
        loop = loopingcall.FixedIntervalLoopingCall(stop_at_once)
        loop.start(interval=1, initial_delay=0.4).wait()
    return time.monotonic() - started < 0.3


def stop_at_once():
    raise loopingcall.LoopingCallDone()


tell("size", lambda: bool(threadgroup.ThreadGroup(thread_pool_size=2)))
tell("position", lambda: bool(threadgroup.ThreadGroup(2)))
tell("full", full)
tell("link", link)
tell("value", lambda: threadgroup.ThreadGroup().add_thread(lambda: 42).wait())
tell("error", lambda: threadgroup.ThreadGroup().add_thread(lambda: 1 / 0).wait())
tell("stop", stop)
tell("cancel", lambda: threadgroup.ThreadGroup().cancel())
tell("limited", limited)
tell("fixture", fixture)


def server():
    from oslo_config import cfg
    from oslo_service import wsgi

    return bool(wsgi.Server(cfg.ConfigOpts(), "api", None, host="127.0.0.1"))


tell("server", server)
print(json.dumps(told))
"""

#: What differs, and how: under eventlet's backend, and under the threading one.
EXPECTED = {
    "size": (True, "TypeError"),
    "position": (True, True),
    "full": ("waited", "RuntimeError"),
    "link": ([1], []),
    "value": (42, None),
    "error": ("ZeroDivisionError", None),
    "stop": ([], [1]),
    "cancel": (None, "AttributeError"),
    "limited": (None, "RuntimeError"),
    "fixture": (True, False),
}


def told_by(backend: str) -> dict[str, object]:
    command = [sys.executable, "-W", "ignore", "-c", CLAIMS, backend]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_what_differs_between_the_backends() -> None:
    pytest.importorskip("fixtures")
    before, after = told_by("eventlet"), told_by("threading")
    assert {name: (before[name], after[name]) for name in EXPECTED} == EXPECTED
    assert after["server"] == "UnsupportedBackendError"


# --- cotyledon -----------------------------------------------------------------------------------

SERVICE = """
import eventlet
eventlet.monkey_patch()

import sys
import threading
import time

from oslo_config import cfg
from oslo_service import service


class Server(service.Service):
    def __init__(self, path, greeting=None):
        super().__init__()
        self.path = path
        self.greeting = greeting

    def start(self):
        super().start()
        self.say(self.greeting)
        threading.Thread(target=self.tick, daemon=True).start()

    def tick(self):
        while True:  # the hub sees a signal when something wakes it
            time.sleep(0.05)

    def stop(self, graceful=False):
        self.say('stop')
        super().stop(graceful)

    def say(self, word):
        with open(self.path, 'a') as file:
            file.write(f'{word}\\n')


def main(conf, path):
    server = Server(path, greeting='start')
    launcher = service.launch(conf, server)
    launcher.wait()


conf = cfg.ConfigOpts()
conf([])
main(conf, sys.argv[1])
"""


def life_of(source: str, directory: Path) -> tuple[list[str], int]:
    """What a service says from its start over a SIGHUP to a SIGTERM, and how it exits."""
    directory.mkdir()
    script, log = directory / "server.py", directory / "log"
    script.write_text(source)
    log.touch()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", str(script), str(log)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for sent, lines in ((signal.SIGHUP, 1), (signal.SIGTERM, 3)):
            limit = time.monotonic() + 20
            while len(log.read_text().splitlines()) < lines and time.monotonic() < limit:
                time.sleep(0.05)
            os.kill(process.pid, sent)
        process.wait(30)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return log.read_text().splitlines(), process.returncode


@pytest.mark.parametrize(
    ("launch", "in_parent"),
    [
        ("service.launch(conf, server)", []),
        # its stop() was called in the parent as well, which a question tells
        ("service.ProcessLauncher(conf)\n    launcher.launch_service(server)", ["stop"]),
    ],
)
def test_a_service_lives_on_cotyledon_as_before(
    launch: str, in_parent: list[str], tmp_path: Path
) -> None:
    source = SERVICE.replace("service.launch(conf, server)", launch)
    settings = Settings(services="cotyledon", monkey_patch="remove")
    change = rewrite_one(source.encode(), "server.py", settings)
    after = (change.new or b"").decode()
    assert "eventlet" not in after and "oslo_service" not in after
    words, code = life_of(source, tmp_path / "before")
    life = ["start", "stop", "start", "stop"]
    assert (words, code) == ([*life, *in_parent], 0)
    assert life_of(after, tmp_path / "after") == (life, 0)
    asked = [f.advice for f in change.entry.findings if f.name == "cotyledon-service"]
    assert any("stop() ran in the parent of several workers too" in text for text in asked)
