"""`eventlet.GreenPool`: a bounded number of tasks, each in its own thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent import futures
from typing import Any, TypeVar

from eventlet_codemod.helpers._ordered_results import _OrderedResults
from eventlet_codemod.helpers._run import _run
from eventlet_codemod.helpers._start_thread import _start_thread
from eventlet_codemod.helpers.log_failure import log_failure

_T = TypeVar("_T")


class BlockingPool:
    """Runs at most ``size`` tasks at a time; one more waits for its turn.

    Whoever wants to start a task while the pool is full is blocked, so work
    never piles up. Only a task of the pool itself never waits: what it starts
    in its own full pool runs at once, in its own thread, because the slot that
    it would wait for may be its own.

    Each task has a fresh daemon thread. It finds no thread-locals of another
    task, an idle pool holds no threads, so that it survives a fork, and like
    green threads the tasks never hold up the exit of the process.
    """

    def __init__(self, size: int = 1000) -> None:
        if size < 0:
            raise ValueError(f"size must not be negative: {size!r}")
        self.size = size
        self._closed = False
        self._running = 0
        self._waiting = 0
        self._unfinished = 0  # running, about to run, or waiting to
        self._workers: set[int] = set()
        self._lock = threading.Lock()
        self._slot_is_free = threading.Condition(self._lock)
        self._all_finished = threading.Condition(self._lock)

    def spawn(
        self,
        function: Callable[..., _T],
        /,
        *args: Any,
        **kwargs: Any,
    ) -> futures.Future[_T]:
        """Run a task when there is a free slot; return its future.

        Never raises what the task raises: that is for ``result()``.

        Raises RuntimeError after ``shutdown()``.
        """
        future: futures.Future[_T] = futures.Future()
        self._submit(future, function, args, kwargs)
        return future

    def spawn_n(
        self,
        function: Callable[..., object],
        /,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Run a task like ``spawn``; if it fails, log that with its traceback.

        Raises RuntimeError after ``shutdown()``.
        """
        future: futures.Future[object] = futures.Future()
        future.add_done_callback(log_failure)
        self._submit(future, function, args, kwargs)

    def imap(
        self,
        function: Callable[..., _T],
        *iterables: Iterable[Any],
    ) -> Iterator[_T]:
        """Like ``map``, the calls in up to ``size`` threads.

        See ``starmap``. Ends with the shortest of ``iterables``.
        """
        return self.starmap(function, zip(*iterables))

    def starmap(
        self,
        function: Callable[..., _T],
        iterable: Iterable[Iterable[Any]],
    ) -> Iterator[_T]:
        """Like ``itertools.starmap``, the calls in up to ``size`` threads.

        Results come in the order of ``iterable``, which is read by another
        thread, from the first ``next()`` on and at most ``size`` items ahead.
        ``next()`` raises what a call raised, and the one after it goes on with
        the next result. An error of ``iterable`` itself is raised after all
        results, and is the end.

        These calls do not count as tasks of the pool and take none of its
        slots.

        Raises ValueError if the size of the pool is 0.
        """
        if self.size < 1:
            raise ValueError("a pool of size 0 makes no calls")
        return _OrderedResults(function, iter(iterable), self.size)

    def waitall(self, timeout: float | None = None) -> bool:
        """Wait until no task runs or waits for a slot, and all have results.

        This covers tasks that are started meanwhile. The pool can be used
        again afterwards. Returns False if that takes longer than ``timeout``
        seconds; the tasks go on then.

        Raises AssertionError in a task of the pool, which would wait for
        itself.
        """
        with self._lock:
            if threading.get_ident() in self._workers:
                raise AssertionError("a task cannot wait for its own pool")
            return self._all_finished.wait_for(self._is_idle, timeout)

    def _is_idle(self) -> bool:
        return not self._unfinished

    def running(self) -> int:
        """Return the number of tasks that hold a slot."""
        with self._lock:
            return self._running

    def waiting(self) -> int:
        """Return the number of callers that a full pool blocks."""
        with self._lock:
            return self._waiting

    def free(self) -> int:
        """Return the number of free slots; less than 0 if the pool shrank."""
        with self._lock:
            return self.size - self._running

    def resize(self, new_size: int) -> None:
        """Allow ``new_size`` tasks at a time; those that run go on."""
        if new_size < 0:
            raise ValueError(f"size must not be negative: {new_size!r}")
        with self._lock:
            self.size = new_size
            self._slot_is_free.notify_all()

    def shutdown(self, wait: bool = True) -> None:
        """Refuse new tasks; those that run, or wait for a slot, go on.

        With ``wait``, return when they have finished.
        """
        with self._lock:
            self._closed = True
        if wait:
            self.waitall()

    def _submit(
        self,
        future: futures.Future[_T],
        function: Callable[..., _T],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> None:
        """Run a task, here and now or in a slot."""
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool was shut down")
            full = self._running >= self.size
            inline = full and threading.get_ident() in self._workers
            if not inline:
                self._take_slot()
        if inline:
            _run(future, function, args, kwargs)
            return
        try:
            _start_thread(function, self._work, future, function, args, kwargs)
        except BaseException:  # the system has no thread left
            with self._lock:
                self._free_slot()
                self._finish()
            raise

    def _work(
        self,
        future: futures.Future[_T],
        function: Callable[..., _T],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> None:
        """Run a task in the slot that was taken for it."""
        worker = threading.get_ident()
        with self._lock:
            self._workers.add(worker)
        try:
            _run(future, self._call, (function, args, kwargs), {})
        finally:
            with self._lock:
                if future.cancelled():  # so there was no call
                    self._free_slot()
                self._workers.remove(worker)
                self._finish()
            # The traceback of an error holds this frame too: see _run.
            del future, function, args, kwargs

    def _call(
        self,
        function: Callable[..., _T],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> _T:
        """Run a task; its slot is free before anyone can know the result."""
        try:
            return function(*args, **kwargs)
        finally:
            with self._lock:
                self._free_slot()

    def _take_slot(self) -> None:
        """Wait for a slot and take it. The caller holds the lock."""
        self._unfinished += 1
        self._waiting += 1
        try:
            self._slot_is_free.wait_for(lambda: self._running < self.size)
        except BaseException:
            self._slot_is_free.notify()  # it may have been meant for this one
            self._finish()
            raise
        finally:
            self._waiting -= 1
        self._running += 1

    def _free_slot(self) -> None:
        """Give a slot back. The caller holds the lock."""
        self._running -= 1
        self._slot_is_free.notify()

    def _finish(self) -> None:
        """Count a task as finished. The caller holds the lock."""
        self._unfinished -= 1
        if not self._unfinished:
            self._all_finished.notify_all()
