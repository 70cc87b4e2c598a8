"""What `GreenPool.imap` and `starmap` return."""

from __future__ import annotations

import collections
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from typing import Any, Generic, TypeVar

from eventlet_codemod.helpers._start_thread import _start_thread
from eventlet_codemod.helpers.spawn import spawn

_T = TypeVar("_T")


class _OrderedResults(Iterator[_T]):
    """The results of calls, in the order of their arguments."""

    def __init__(
        self,
        function: Callable[..., _T],
        source: Iterator[Iterable[Any]],
        size: int,
    ) -> None:
        self._function = function
        self._source = source
        self._window: _Window[_T] = _Window(size)
        self._fed = False

    def __next__(self) -> _T:
        window = self._window
        with window.changed:
            if not self._fed:
                self._start()
            window.changed.wait_for(lambda: window.calls or window.complete)
            if not window.calls:
                raise StopIteration
            call = window.calls.popleft()
        try:
            return call.result()
        finally:
            window.leave()
            del call

    def _start(self) -> None:
        function = self._function
        _start_thread(function, _feed, self._window, function, self._source)
        self._fed = True

    def __del__(self) -> None:
        self._window.abandon()


class _Window(Generic[_T]):
    """The calls that were started and whose results nobody has taken yet."""

    def __init__(self, size: int) -> None:
        self.calls: collections.deque[futures.Future[_T]]
        self.calls = collections.deque()
        self.complete = False
        # Reentrant, since the garbage collector may call abandon() in a
        # thread that holds it.
        self.changed = threading.Condition(threading.RLock())
        self._size = size
        self._inside = 0
        self._abandoned = False

    def enter(self, call: futures.Future[_T]) -> bool:
        """Add a call; wait for room for the next, False if none is wanted."""
        with self.changed:
            self.calls.append(call)
            self._inside += 1
            self.changed.notify_all()
            self.changed.wait_for(self._may_go_on)
            return not self._abandoned

    def _may_go_on(self) -> bool:
        return self._abandoned or self._inside < self._size

    def leave(self) -> None:
        """Make room for one more call."""
        with self.changed:
            self._inside -= 1
            self.changed.notify_all()

    def abandon(self) -> None:
        """Want no more calls."""
        with self.changed:
            self._abandoned = True
            self.changed.notify_all()

    def end(self, error: BaseException | None) -> None:
        """Close the window behind the last call, or behind an error."""
        with self.changed:
            if error is not None:
                failed: futures.Future[_T] = futures.Future()
                failed.set_exception(error)
                self.calls.append(failed)
            self.complete = True
            self.changed.notify_all()


def _feed(
    window: _Window[_T],
    function: Callable[..., _T],
    source: Iterator[Iterable[Any]],
) -> None:
    """Start a call for each item of ``source`` when the window has room."""
    try:
        for args in source:
            if not window.enter(spawn(function, *args)):
                break
    except BaseException as error:
        window.end(error)
    else:
        window.end(None)
