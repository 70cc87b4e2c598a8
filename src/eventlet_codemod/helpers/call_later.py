"""`eventlet.spawn_after`: a delayed call that can be cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent import futures
from typing import Any, TypeVar

from eventlet_codemod.helpers._run import _run
from eventlet_codemod.helpers._start_thread import _start_thread

_T = TypeVar("_T")


def call_later(
    seconds: float,
    function: Callable[..., _T],
    /,
    *args: Any,
    **kwargs: Any,
) -> futures.Future[_T]:
    """Call ``function`` in ``seconds``; return its future.

    A delay of less than zero is none. A daemon thread waits and then calls,
    one for each delayed call; it ends at once when the future is cancelled,
    which is possible until the function runs. Whatever the function raises,
    SystemExit included, is raised by ``result()`` and shown nowhere else.

    Raises RuntimeError if the system has no thread left.
    """
    future: futures.Future[_T] = futures.Future()
    done = threading.Event()
    future.add_done_callback(lambda _: done.set())
    delay = max(0, seconds)
    task = (future, function, args, kwargs)
    _start_thread(function, _run_later, done, delay, *task)
    return future


def _run_later(
    done: threading.Event,
    delay: float,
    future: futures.Future[_T],
    function: Callable[..., _T],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> None:
    """Call ``function`` after ``delay``, unless its future is done before."""
    if not done.wait(delay):
        _run(future, function, args, kwargs)
    # The traceback of an error holds this frame too: see _run.
    del future, function, args, kwargs
