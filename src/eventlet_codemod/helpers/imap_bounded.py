"""`GreenPool.imap` over an executor."""

from __future__ import annotations

import collections
import itertools
from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from typing import Any, TypeVar

_T = TypeVar("_T")


def imap_bounded(
    executor: futures.Executor,
    function: Callable[..., _T],
    *iterables: Iterable[Any],
    window: int,
) -> Iterator[_T]:
    """Like ``executor.map``, but at most ``window`` calls ahead.

    Results come in the order of ``iterables``, which are read from the first
    ``next()`` on and in its thread. An error of a call is raised in the place
    of its result, an error of an iterable after all results; either ends the
    iteration, and so does ``close()``: calls that have not begun by then are
    cancelled.

    Raises ValueError if ``window`` is less than 1.
    """
    if window < 1:
        raise ValueError(f"window must be at least 1: {window!r}")
    return _imap(executor, function, zip(*iterables), window)


def _imap(
    executor: futures.Executor,
    function: Callable[..., _T],
    source: Iterator[tuple[Any, ...]],
    window: int,
) -> Iterator[_T]:
    calls: collections.deque[futures.Future[_T]] = collections.deque()

    def start(count: int) -> None:
        """Start ``count`` more calls, or a call that fails like the source."""
        try:
            for args in itertools.islice(source, count):
                calls.append(executor.submit(function, *args))
        except Exception as error:
            calls.append(futures.Future())
            calls[-1].set_exception(error)

    try:
        start(window)
        while calls:
            result = calls.popleft().result()
            start(1)
            yield result
    finally:
        for call in calls:
            call.cancel()
