"""`with_timeout` interrupts any function, which nothing native can do to a thread.

Where the function takes a limit of its own, that is what to give it. Where nothing does, the sketch
runs it in a thread and stops waiting: the work goes on, and what it does must do no harm then.

`is_timeout(error)` is a question for TimeoutError, which `socket.timeout` and
`concurrent.futures.TimeoutError` are as well since Python 3.11.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule
from eventlet_codemod.rules.rare import _by_hand

_CODE = "EVT745"
_WHY = "nothing native interrupts a function from outside"
_TIMEOUT = "eventlet.timeout"
_ADVICE = {
    f"{_TIMEOUT}.with_timeout": "give the function a limit of its own (timeout=…) and catch the "
    "TimeoutError where `timeout_value` was given; else run it in a thread and wait for its future "
    "with result(timeout)",
    f"{_TIMEOUT}.is_timeout": "ask isinstance(error, TimeoutError); before Python 3.11 "
    "concurrent.futures.TimeoutError, before 3.10 socket.timeout, is a class of its own",
    f"{_TIMEOUT}.wrap_is_timeout": "delete it: nobody asks for the attribute `is_timeout`",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave it, with what takes its place."""
    return _by_hand.leave(use, _CODE, _WHY, _ADVICE)


_SKETCH = '''\
import threading
from concurrent import futures

_RAISE = object()


def with_timeout(seconds, function, *args, timeout_value=_RAISE, **kwargs):
    """Wait for a call no longer than some seconds; the call itself goes on after that."""
    future = futures.Future()

    def run():
        try:
            future.set_result(function(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    done, _ = futures.wait([future], seconds)
    if done:
        return future.result()
    if timeout_value is _RAISE:
        raise TimeoutError(f"{seconds} seconds")
    return timeout_value
'''

_EXAMPLE = """\
import eventlet


def ask(client, question):
    return eventlet.with_timeout(5, client.ask, question, timeout_value=None)
"""

rule = Rule(
    code=_CODE,
    family="rare",
    step=1,
    summary="with_timeout is left, with a wait for a thread that gives up",
    apis=frozenset(_ADVICE),
    match=match,
    references=("TMO-1",),
    sketches={"a wait that gives up": _SKETCH},
    before=_EXAMPLE,
    after=_EXAMPLE,
)
