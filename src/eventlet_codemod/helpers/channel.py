"""`eventlet.Queue(0)`: a queue without room, where both sides meet."""

from __future__ import annotations

import collections
import queue
import threading
from typing import Any


class Channel:
    """A queue that holds nothing: ``put`` returns when a ``get`` has the item.

    Like ``eventlet.Queue(0)``, and unlike ``queue.Queue(0)``, which has no
    limit. It is always both empty and full. Waiting getters and putters are
    served in the order in which they came. Timeouts are in seconds; None is
    for ever, and less than zero is zero.
    """

    def __init__(self) -> None:
        self.unfinished_tasks = 0
        self._lock = threading.Lock()
        self._all_done = threading.Condition(self._lock)
        # One of the two is always empty.
        self._getters: collections.deque[_Meeting] = collections.deque()
        self._putters: collections.deque[_Meeting] = collections.deque()

    def put(
        self,
        item: Any,
        block: bool = True,
        timeout: float | None = None,
    ) -> None:
        """Wait for a getter, and hand the item over.

        Raises queue.Full if nobody came for it before the timeout or, without
        ``block``, if nobody waits for it now.
        """
        with self._lock:
            if self._getters:
                self._hand_over(self._getters.popleft(), item)
                return
            if not block:
                raise queue.Full
            offer = _Meeting(self._lock, item)
            self._putters.append(offer)
            try:
                offer.wait(timeout)
            finally:
                if not offer.over:
                    self._putters.remove(offer)
            if not offer.over:
                raise queue.Full

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Wait for a putter, and return its item.

        Raises queue.Empty if nobody brought one before the timeout. Without
        ``block`` it always does, as in eventlet: to take an item from a
        putter that waits takes a getter that does.
        """
        with self._lock:
            if not block:
                raise queue.Empty
            if self._putters:
                offer = self._putters.popleft()
                self._hand_over(offer, offer.item)
                return offer.item
            demand = _Meeting(self._lock)
            self._getters.append(demand)
            try:
                demand.wait(timeout)
            except BaseException:
                if demand.over:
                    self._offer_again(demand.item)
                raise
            finally:
                if not demand.over:
                    self._getters.remove(demand)
            if not demand.over:
                raise queue.Empty
            return demand.item

    def put_nowait(self, item: Any) -> None:
        """Hand the item to a getter that waits; raises queue.Full if none."""
        self.put(item, block=False)

    def get_nowait(self) -> Any:
        """Raise queue.Empty, since there is never an item in the channel."""
        return self.get(block=False)

    def qsize(self) -> int:
        """Return 0."""
        return 0

    def empty(self) -> bool:
        """Return True."""
        return True

    def full(self) -> bool:
        """Return True."""
        return True

    def task_done(self) -> None:
        """Count one of the items that were handed over as done.

        Raises ValueError if all of them are.
        """
        with self._lock:
            if not self.unfinished_tasks:
                raise ValueError("task_done() called too many times")
            self.unfinished_tasks -= 1
            if not self.unfinished_tasks:
                self._all_done.notify_all()

    def join(self) -> None:
        """Wait until all items that were handed over are done."""
        with self._lock:
            self._all_done.wait_for(lambda: not self.unfinished_tasks)

    def _hand_over(self, meeting: _Meeting, item: Any) -> None:
        self.unfinished_tasks += 1
        meeting.end(item)

    def _offer_again(self, item: Any) -> None:
        """Offer an item whose getter was interrupted before it had it."""
        if self._getters:
            self._getters.popleft().end(item)
        else:
            self.unfinished_tasks -= 1
            self._putters.appendleft(_Meeting(self._lock, item))


class _Meeting:
    """One side of a channel that waits for the other."""

    def __init__(self, lock: threading.Lock, item: Any = None) -> None:
        self.item = item
        self.over = False
        self._changed = threading.Condition(lock)

    def wait(self, timeout: float | None) -> None:
        """Wait for the end. The caller holds the lock, here and below."""
        self._changed.wait_for(lambda: self.over, timeout)

    def end(self, item: Any) -> None:
        """Let the other side go on, with its item."""
        self.item = item
        self.over = True
        self._changed.notify()
