"""`oslo_service.threadgroup.ThreadGroup`, with threads that can be linked."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent import futures
from typing import Any

from eventlet_codemod.helpers.blocking_pool import BlockingPool
from eventlet_codemod.helpers.log_failure import log_failure


class LinkedThreadGroup:
    """Threads and timers, as ``oslo_service.threadgroup.ThreadGroup`` has.

    On native threads oslo.service's own threads cannot be linked or asked for
    their value. These can, and a full group makes the caller of
    ``add_thread`` wait, unless that is a thread of the group: then the call is
    made there and then. Threads are daemons: they never hold up the exit.

    No thread can be killed: after ``stop`` they go on until they end.
    """

    def __init__(self, thread_pool_size: int = 10) -> None:
        # The import takes the backend, which must have been chosen by then.
        from oslo_service import threadgroup

        self.thread_pool_size = thread_pool_size
        self.threads: list[LinkedThread] = []
        self.pool = BlockingPool(thread_pool_size)
        self._timed = threadgroup.ThreadGroup(thread_pool_size)

    @property
    def timers(self) -> list[Any]:
        """The timers that have not been stopped."""
        timers: list[Any] = self._timed.timers
        return timers

    def add_thread(
        self,
        callback: Callable[..., Any],
        *args: Any,
        **kwargs: Any,
    ) -> LinkedThread:
        """Call ``callback`` in a thread."""
        thread = LinkedThread()
        future = self.pool.spawn(thread._main, callback, args, kwargs)
        self.threads.append(thread)
        future.add_done_callback(log_failure)
        thread.link(lambda _: self.threads.remove(thread))
        future.add_done_callback(thread._end)
        return thread

    def add_timer(self, *args: Any, **kwargs: Any) -> Any:
        """Add a timer, as oslo.service does."""
        return self._timed.add_timer(*args, **kwargs)

    def add_timer_args(self, *args: Any, **kwargs: Any) -> Any:
        """Add a timer, as oslo.service does."""
        return self._timed.add_timer_args(*args, **kwargs)

    def add_dynamic_timer(self, *args: Any, **kwargs: Any) -> Any:
        """Add a timer, as oslo.service does."""
        return self._timed.add_dynamic_timer(*args, **kwargs)

    def add_dynamic_timer_args(self, *args: Any, **kwargs: Any) -> Any:
        """Add a timer, as oslo.service does."""
        return self._timed.add_dynamic_timer_args(*args, **kwargs)

    def timer_done(self, timer: Any) -> None:
        """Forget a timer."""
        self._timed.timer_done(timer)

    def stop_timers(self, wait: bool = False) -> None:
        """Stop the timers; with ``wait``, return when they have ended."""
        self._timed.stop_timers(wait=wait)

    def stop(self, graceful: bool = False) -> None:
        """Stop the timers; with ``graceful``, wait for them and threads."""
        self.stop_timers(wait=graceful)
        if graceful:
            self._wait_for_threads()

    def wait(self) -> None:
        """Wait until timers and threads have ended; log their errors."""
        self._timed.wait()
        self._wait_for_threads()

    def _wait_for_threads(self) -> None:
        for thread in self.threads[:]:
            if thread.ident == threading.get_ident():
                continue
            try:
                thread.wait()
            except Exception:
                logger = logging.getLogger(__name__)
                logger.exception("Error waiting on thread.")


class LinkedThread:
    """A thread of a group: what it calls when it ends, and its value."""

    def __init__(self) -> None:
        self.ident: int | None = None
        self._future: futures.Future[Any] | None = None
        self._links: deque[tuple[Callable[..., Any], Any, Any]] = deque()
        self._linked = threading.Event()

    def link(
        self,
        func: Callable[..., Any],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Have ``func(self, *args, **kwargs)`` called when it has ended.

        That is done in the thread itself, in the order of the links. Where it
        has ended already, the call is made at once.
        """
        self._links.append((func, args, kwargs))
        if self._linked.is_set():
            self._call_links()

    def wait(self) -> Any:
        """Return what the work returned, or raise what it raised.

        By then its links have been called. One of them may call this.
        """
        future = self._future
        if future is None or threading.get_ident() != self.ident:
            self._linked.wait()
            future = self._future
        assert future is not None
        return future.result()

    def _main(
        self,
        callback: Callable[..., Any],
        args: Any,
        kwargs: Any,
    ) -> Any:
        self.ident = threading.get_ident()
        return callback(*args, **kwargs)

    def _end(self, future: futures.Future[Any]) -> None:
        self._future = future
        try:
            self._call_links()
        finally:
            self._linked.set()
        self._call_links()  # those that were added just before that

    def _call_links(self) -> None:
        while True:
            try:
                func, args, kwargs = self._links.popleft()
            except IndexError:
                return
            func(self, *args, **kwargs)
