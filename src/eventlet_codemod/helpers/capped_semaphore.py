"""`eventlet.semaphore.CappedSemaphore`."""

from __future__ import annotations

import threading


class CappedSemaphore:
    """A semaphore whose ``release`` blocks, too, when the count is ``limit``.

    Whoever waits on one side counts for the other: with a limit of 0 an
    ``acquire`` and a ``release`` wait for each other.
    """

    def __init__(self, count: int, limit: int) -> None:
        if not 0 <= count <= limit:
            raise ValueError(f"count must be from 0 to {limit}: {count!r}")
        lock = threading.Lock()
        self._lower = _Permits(lock, count)
        self._upper = _Permits(lock, limit - count)
        self._lock = lock

    def acquire(self, blocking: bool = True) -> bool:
        """Take one off the count, if need be after a ``release`` adds one.

        Returns True, or without ``blocking`` whether that could be done.
        """
        with self._lock:
            return self._lower.swap(self._upper, blocking)

    def release(self, blocking: bool = True) -> bool:
        """Add one to the count, if need be after an ``acquire`` takes one.

        Returns True, or without ``blocking`` whether that could be done.
        """
        with self._lock:
            return self._upper.swap(self._lower, blocking)

    def locked(self) -> bool:
        """Return whether ``acquire`` would block."""
        with self._lock:
            return self._lower.left <= 0

    def bounded(self) -> bool:
        """Return whether ``release`` would block."""
        with self._lock:
            return self._upper.left <= 0

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *exc_info: object) -> None:
        self.release()


class _Permits:
    """What is left for one of the two sides. The caller holds the lock."""

    def __init__(self, lock: threading.Lock, left: int) -> None:
        self.left = left
        self._changed = threading.Condition(lock)

    def swap(self, other: _Permits, blocking: bool) -> bool:
        """Give the other side a permit, and take one here."""
        if self.left <= 0 and not blocking:
            return False
        other.add()
        try:
            self._changed.wait_for(lambda: self.left > 0)
        except BaseException:
            other.left -= 1
            self._changed.notify()  # it may have been meant for this one
            raise
        self.left -= 1
        return True

    def add(self) -> None:
        """Allow one more."""
        self.left += 1
        self._changed.notify()
