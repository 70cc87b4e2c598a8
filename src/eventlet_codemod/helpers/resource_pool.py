"""`eventlet.pools.Pool`: objects that are made when needed, and reused."""

from __future__ import annotations

import collections
import contextlib
import functools
import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any


class ResourcePool:
    """Lends out up to ``max_size`` objects, which it makes when needed.

    Give ``create``, or override it in a subclass. ``min_size`` objects are
    made at once. Objects that come back are lent again in turn or, with
    ``order_as_stack``, the last one first.

    A subclass may override ``get`` and ``put``: they have the pool to
    themselves while they run, may look at ``free_items`` and count in
    ``current_size``, and wait for an object by ``super().get()``.
    """

    def __init_subclass__(cls, **keywords: Any) -> None:
        """Keep others out while ``get`` or ``put`` of the subclass runs."""
        super().__init_subclass__(**keywords)
        for name in ("get", "put"):
            if name in cls.__dict__:
                setattr(cls, name, cls._alone(cls.__dict__[name]))

    @staticmethod
    def _alone(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def run(self: ResourcePool, *args: Any, **kwargs: Any) -> Any:
            with self._changed:
                return method(self, *args, **kwargs)

        return run

    def __init__(
        self,
        min_size: int = 0,
        max_size: int = 4,
        order_as_stack: bool = False,
        create: Callable[[], Any] | None = None,
    ) -> None:
        self.min_size = min_size
        self.max_size = max_size
        self.order_as_stack = order_as_stack
        self.current_size = 0  # lent out, free, or being made
        self.free_items: collections.deque[Any] = collections.deque()
        self._create = create
        self._waiting = 0
        # Reentrant, since put() may be called where an object is freed.
        self._changed = threading.Condition()
        for _ in range(min_size):
            self.current_size += 1
            self.free_items.append(self.create())

    def create(self) -> Any:
        """Return a new object."""
        if self._create is None:
            raise NotImplementedError("override create, or give one")
        return self._create()

    def get(self, timeout: float | None = None) -> Any:
        """Borrow an object; wait for one for up to ``timeout`` seconds.

        Raises queue.Empty if there was none in this time, and whatever
        ``create`` raises.
        """
        with self._changed:
            self._waiting += 1
            try:
                found = self._changed.wait_for(self._can_lend, timeout)
            except BaseException:
                self._changed.notify()  # it may have been meant for this one
                raise
            finally:
                self._waiting -= 1
            if not found:
                raise queue.Empty
            if self.free_items:
                return self.free_items.popleft()
            self.current_size += 1
        try:
            return self.create()
        except BaseException:
            with self._changed:
                self.current_size -= 1
                self._changed.notify()
            raise

    def put(self, item: Any) -> None:
        """Give an object back; it is dropped if the pool has shrunk."""
        with self._changed:
            if self.current_size > self.max_size:
                self.current_size -= 1
                return
            if self.order_as_stack:
                self.free_items.appendleft(item)
            else:
                self.free_items.append(item)
            self._changed.notify()

    @contextlib.contextmanager
    def item(self) -> Iterator[Any]:
        """Borrow an object for the body of a ``with`` statement."""
        item = self.get()
        try:
            yield item
        finally:
            self.put(item)

    def resize(self, new_size: int) -> None:
        """Change ``max_size``; the objects that are too many go when put."""
        with self._changed:
            self.max_size = new_size
            self._changed.notify_all()

    def free(self) -> int:
        """Return how many more objects can be borrowed without waiting."""
        with self._changed:
            return len(self.free_items) + self.max_size - self.current_size

    def waiting(self) -> int:
        """Return the number of callers that wait for an object."""
        with self._changed:
            return self._waiting

    def _can_lend(self) -> bool:
        return bool(self.free_items) or self.current_size < self.max_size
