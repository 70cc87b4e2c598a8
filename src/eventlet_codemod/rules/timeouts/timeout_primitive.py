"""A `Timeout` around a wait on a queue, lock, event, thread or future is that wait's limit.

`get()` and `put()` of a queue, `acquire()`, `wait()` of a `threading.Event`, `join()` of a thread
and `result()` of a future take a `timeout`, and so does `select.select`. Each tells in its own way
that the time is over: the first two raise `queue.Empty` and `queue.Full`, `result()` raises
`concurrent.futures.TimeoutError`, select gives three empty lists, the others answer `False` or
leave the thread alive. Right there this is turned into what the Timeout raised, so that clauses
around it meet what they met before; a silent one goes on behind the block, and an answer becomes
the `if` around what stood behind the wait. Several waits, or one in a loop, share a deadline, of
which each gets the rest: so several green threads that were started together are waited for.

A queue or a semaphore of eventlet takes the same `timeout` as its twin, so it does not matter which
of the two changes first. An `eventlet.event.Event` becomes a `threading.Event` or a Future, whose
waits end in two ways, so it and the Timeout change together or not at all. The same holds for a
green thread, which becomes a Future, and for a GreenPool: with `helpers`, `waitall()` of its
`BlockingPool` takes the limit. Of a GreenPile, which becomes a list of Futures, each result is
waited for with what is left of the time.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Leave, Rule
from eventlet_codemod.rules.timeouts import _advice, _gather, _primitive_code, _together
from eventlet_codemod.rules.timeouts._catching import LIMITS
from eventlet_codemod.rules.timeouts._promoted import promoted


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a Timeout around waits on objects that take a limit."""
    found = promoted(use, facts)
    if found is None or (found.primitives is None and found.gather is None):
        return None
    together, thing = found.limit.together, _together.object_of(found, facts)
    try:
        if found.gather is not None:
            _together.settled_pile(found.gather, facts, settings)
            return _gather.rewrite(found.limit, thing, facts)
        assert found.primitives is not None
        waits = _together.settled(found.primitives, facts, settings)
    except _together.Unsettled as reason:
        return Leave(
            message=f"this Timeout stays: {reason}",
            why="what is waited for and the Timeout that ends it change together or not at all",
            advice=_BY_HELPER if reason.setting else f"{_BY_HAND}: {_advice.waiting(use, facts)}",
            together=together,
            with_object=thing,
            waits=_advice.waiting(use, facts),
            setting=reason.setting,
        )
    return _primitive_code.rewrite(found.limit, waits, thing, facts)


_BY_HAND = (
    "make what holds it plain, then run again; or give what waits a timeout, and ask behind it "
    "whether it is over"
)
_BY_HELPER = (
    "set `helpers`: waitall() of its `BlockingPool` takes a timeout. By hand: keep the Futures "
    "that submit() gives, ask concurrent.futures.wait(calls, timeout=…) whether some are not_done, "
    "and leave the executor with shutdown(wait=False), since a with statement waits for all"
)

rule = Rule(
    code="EVT225",
    family="timeouts",
    step=1,
    summary="a Timeout around waits on queues, locks, events, threads goes into them",
    apis=LIMITS,
    match=match,
    checks=("C-KILL", "C-TYPE", "C-CATCH"),
    settings=("helpers",),
    references=("TMO-1", "TMO-2", "TMO-4", "SEM-10", "T1", "T3", "T4", "T9"),
    before="""\
import queue

import eventlet


class NoAnswer(Exception):
    pass


def gather(count, limit):
    answers = queue.Queue()
    found = []
    with eventlet.Timeout(limit, NoAnswer):
        while len(found) < count:
            found.append(answers.get())
    return found
""",
    after="""\
import queue
import time


class NoAnswer(Exception):
    pass


def gather(count, limit):
    answers = queue.Queue()
    found = []
    deadline = time.monotonic() + limit
    while len(found) < count:
        try:
            found.append(answers.get(
                timeout=max(0, deadline - time.monotonic())
            ))
        except queue.Empty as error:
            raise NoAnswer from error
    return found
""",
)
