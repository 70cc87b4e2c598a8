"""Greenlets that switch by hand are redesigned by their shape.

A greenlet that gives one value after another to whoever switches to it is a generator. One that
switches from deep inside of calls, where `yield` cannot stand, is a thread that takes turns with
its caller. `getcurrent()` as an identity is `threading.current_thread()`.

`GreenletExit` is raised by nothing in a thread: what a clause does moves to where the work is
stopped now.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule
from eventlet_codemod.rules.rare import _by_hand

_CODE = "EVT737"
_WHY = "greenlets switch by hand in the middle of calls, and threads cannot"
_ADVICE = {
    "greenlet": "see what the switches say to each other, and say it with a generator, or with a "
    "thread and two queues",
    "greenlet.greenlet": "where it hands out value after value, write a generator: switch(x) is "
    "send(x), throw() is throw(), dead is the StopIteration; where it switches from inside of "
    "calls, let a thread take turns with its caller",
    "greenlet.getcurrent": "take threading.current_thread() as an identity and "
    "threading.get_ident() as a key; `.parent` and `.switch` need a generator or a thread that "
    "takes turns",
    "greenlet.GreenletExit": "let the work look at a threading.Event, move what the clause does "
    "into a finally, and raise an exception of the project's own where it is raised",
    "greenlet.error": "leave the clause out with the switch that raised it",
    "greenlet.settrace": "use threading.settrace(), or take it out: threads do not switch by hand",
    "greenlet.gettrace": "use threading.gettrace(), or take it out",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave it, with what takes its place."""
    return _by_hand.leave(use, _CODE, _WHY, _ADVICE)


_GENERATOR = '''\
def averages():
    """What was a greenlet that switches to its parent: send() gives it the next value."""
    count, total, average = 0, 0.0, None
    while True:
        value = yield average  # was: value = parent.switch(average)
        count += 1
        total += value
        average = total / count


def started(generator):
    next(generator)  # runs to the first yield, as the first switch() did
    return generator
'''
_TURNS = '''\
import queue
import threading

_ENDED = object()


class Coroutine:
    """A thread that runs only while somebody waits for it in switch(), as a greenlet did.

    The function gets `pause`, which it may call from anywhere: it hands a value to whoever
    called switch(), and gives what the next switch() brings.
    """

    def __init__(self, function):
        self.function = function
        self.inward, self.outward = queue.SimpleQueue(), queue.SimpleQueue()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.dead = False

    def switch(self, value=None):
        """Let it run until it pauses or ends; raises what it raises."""
        if self.dead:
            raise RuntimeError("it has ended")
        self.inward.put(value)
        if not self.thread.ident:
            self.thread.start()
        kind, value = self.outward.get()
        self.dead = kind is not None
        if isinstance(kind, BaseException):
            raise kind
        return value

    def pause(self, value=None):
        self.outward.put((None, value))
        return self.inward.get()

    def _run(self):
        try:
            result = self.function(self.pause, self.inward.get())
        except BaseException as error:
            self.outward.put((error, None))
        else:
            self.outward.put((_ENDED, result))
'''

_EXAMPLE = """\
import greenlet


def start(function, first):
    child = greenlet.greenlet(function)
    return child, child.switch(first)
"""

rule = Rule(
    code=_CODE,
    family="rare",
    step=1,
    summary="greenlets that switch by hand are left, with sketches by shape",
    apis=frozenset({"greenlet.*"}),
    match=match,
    references=("GRL-1", "GRL-2", "GRL-3"),
    sketches={
        "one that hands out value after value": _GENERATOR,
        "one that switches from inside of calls": _TURNS,
    },
    before=_EXAMPLE,
    after=_EXAMPLE,
)
