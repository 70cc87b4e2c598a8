"""The hub is eventlet's event loop, and threads have none.

What asks the hub to call a function later is a daemon `threading.Timer`. Who waits for a descriptor
uses `select` or `selectors`. A hub of the program's own, and what looks into a hub, goes.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule
from eventlet_codemod.rules.rare import _by_hand

_CODE = "EVT740"
_WHY = "the hub is eventlet's event loop; threads have none"
_HUBS = "eventlet.hubs"
_GET = (
    "see what is asked of the hub: schedule_call_global(seconds, f) is a daemon threading.Timer, "
    "add() a selector, switch() the wait for an event, abort() nothing; what only looks into it "
    "goes"
)
_ADVICE = {
    _HUBS: "delete what chooses, tunes or subclasses a hub; use selectors where it watched "
    "descriptors",
    f"{_HUBS}.get_hub": _GET,
    f"{_HUBS}.get_default_hub": "delete it: nothing asks which hub there is",
    f"{_HUBS}.use_hub": "delete it: nothing asks which hub there is",
    f"{_HUBS}.builtin_hub_names": "delete it: nothing asks which hub there is",
    f"{_HUBS}.builtin_hub_modules": "delete it: nothing asks which hub there is",
    f"{_HUBS}.notify_close": "call sock.shutdown(socket.SHUT_RDWR) before close(), which wakes "
    "whoever waits for it",
    f"{_HUBS}.notify_opened": "delete it: nothing remembers descriptors",
    f"{_HUBS}.IOClosed": "catch OSError: a socket that is closed while it is used raises EBADF",
    f"{_HUBS}.HubError": "delete the clause: there is no hub",
    f"{_HUBS}.timer": "use a daemon threading.Timer: schedule() is start(), cancel() the same",
    f"{_HUBS}.trampoline": "wait with select.select() or a selector",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave it, with what takes its place."""
    return _by_hand.leave(use, _CODE, _WHY, _ADVICE)


_TIMER = '''\
import threading


def call_later(seconds, function, *args):
    """What was hub.schedule_call_global: a call in some seconds; it has cancel()."""
    timer = threading.Timer(seconds, function, args)
    timer.daemon = True
    timer.start()
    return timer
'''
_WATCH = '''\
import selectors


def watch(files, received, stopped):
    """What was hub.add(hub.READ, …): call ``received`` with each file that can be read."""
    with selectors.DefaultSelector() as selector:
        for file in files:
            selector.register(file, selectors.EVENT_READ)
        while not stopped.is_set():
            for key, _ in selector.select(timeout=1):
                received(key.fileobj)
'''

_EXAMPLE = """\
from eventlet import hubs


def later(function):
    return hubs.get_hub().schedule_call_global(5, function)
"""

rule = Rule(
    code=_CODE,
    family="rare",
    step=1,
    summary="what asks the hub is left, with timers and selectors",
    apis=frozenset({f"{_HUBS}.*"}),
    match=match,
    references=("HUB-2", "HUB-4"),
    sketches={"a call in some seconds": _TIMER, "watching descriptors": _WATCH},
    before=_EXAMPLE,
    after=_EXAMPLE,
)
