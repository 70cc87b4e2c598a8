"""`eventlet.spawn`: one thread for each call."""

from __future__ import annotations

from collections.abc import Callable
from concurrent import futures
from typing import Any, TypeVar

from eventlet_codemod.helpers._run import _run
from eventlet_codemod.helpers._start_thread import _start_thread

_T = TypeVar("_T")


def spawn(
    function: Callable[..., _T],
    /,
    *args: Any,
    **kwargs: Any,
) -> futures.Future[_T]:
    """Call ``function`` in a daemon thread of its own; return its future.

    There is no limit to the number of threads, so tasks may wait for each
    other. Whatever the function raises, SystemExit included, is raised by
    ``result()`` of the future and shown nowhere else: add ``log_failure`` as
    a callback where nobody asks for the result. ``cancel()`` has an effect
    only until the function runs, which is at once. Like a green thread, the
    thread never holds up the exit of the process.

    Raises RuntimeError if the system has no thread left.
    """
    future: futures.Future[_T] = futures.Future()
    _start_thread(function, _run, future, function, args, kwargs)
    return future
