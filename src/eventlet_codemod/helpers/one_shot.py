"""`eventlet.event.Event`: an event that carries a value or an exception."""

from __future__ import annotations

import threading
from typing import Any


class OneShot:
    """An event that happens once and brings a value or an exception.

    Any number of threads may wait for it, before and after it happens.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._outcome = _Outcome()

    def send(self, result: Any = None, exc: Any = None) -> None:
        """Let the event happen: everyone who waits gets ``result``.

        With ``exc``, they all raise it instead: an exception, its class, or
        a tuple of what ``send_exception`` takes.

        Raises AssertionError if the event has happened before, TypeError if
        ``exc`` is no exception.
        """
        if exc is not None and not isinstance(exc, tuple):
            exc = (exc,)
        if exc is not None and not _is_exception(*exc[:1]):
            raise TypeError(f"not an exception: {exc!r}")
        with self._lock:
            outcome = self._outcome
            if outcome.sent.is_set():
                raise AssertionError("send() of an event that was sent")
            outcome.result = result
            outcome.exc = exc
            outcome.sent.set()

    def send_exception(self, *args: Any) -> None:
        """Let the event happen: everyone who waits raises an exception.

        ``args`` are the exception, or its class; or like ``sys.exc_info()``
        its class, a value and perhaps a traceback.

        Raises AssertionError if the event has happened before, TypeError if
        ``args`` are no exception.
        """
        self.send(None, args)

    def wait(self, timeout: float | None = None) -> Any:
        """Wait for the event and return its value, or raise its exception.

        Returns None if it has not happened in ``timeout`` seconds; only
        ``ready()`` tells that from an event without a value.
        """
        outcome = self._outcome
        if not outcome.sent.wait(timeout):
            return None
        try:
            if outcome.exc is not None:
                raise _exception(*outcome.exc)
            return outcome.result
        finally:
            # The traceback of an error holds this frame. If the frame held
            # the error, only the garbage collector could free them.
            del self, outcome

    def ready(self) -> bool:
        """Return whether the event has happened."""
        return self._outcome.sent.is_set()

    def has_result(self) -> bool:
        """Return whether the event has happened and brought a value."""
        outcome = self._outcome
        return outcome.sent.is_set() and outcome.exc is None

    def has_exception(self) -> bool:
        """Return whether the event has happened and brought an exception."""
        outcome = self._outcome
        return outcome.sent.is_set() and outcome.exc is not None

    def poll(self, notready: Any = None) -> Any:
        """Like ``wait``, or return ``notready`` if nothing was sent."""
        return self.wait() if self.ready() else notready

    def poll_result(self, notready: Any = None) -> Any:
        """Return the value, or ``notready`` if none was sent."""
        return self.wait() if self.has_result() else notready

    def poll_exception(self, notready: Any = None) -> Any:
        """Raise the exception, or return ``notready`` if none was sent."""
        return self.wait() if self.has_exception() else notready

    def reset(self) -> None:
        """Make it an event that has not happened.

        Those who waited when it happened get what was sent all the same.

        Raises AssertionError if it has not happened.
        """
        with self._lock:
            if not self._outcome.sent.is_set():
                raise AssertionError("reset() of an event that was not sent")
            self._outcome = _Outcome()


class _Outcome:
    """What is sent between two resets."""

    def __init__(self) -> None:
        self.sent = threading.Event()
        self.result: Any = None
        self.exc: tuple[Any, ...] | None = None


def _is_exception(kind: Any = None) -> bool:
    if isinstance(kind, type):
        return issubclass(kind, BaseException)
    return isinstance(kind, BaseException)


def _exception(
    kind: Any,
    value: Any = None,
    traceback: Any = None,
) -> BaseException:
    """Make one exception of the arguments of ``send_exception``."""
    error: BaseException
    if isinstance(kind, BaseException):
        error = kind
    elif isinstance(value, kind):
        error = value
    elif value is None:
        error = kind()
    elif isinstance(value, tuple):
        error = kind(*value)
    else:
        error = kind(value)
    return error.with_traceback(traceback)
