"""What a thread does for the future that waits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent import futures
from typing import Any, TypeVar

_T = TypeVar("_T")


def _run(
    future: futures.Future[_T],
    function: Callable[..., _T],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> None:
    """Call ``function`` for ``future``, unless that was cancelled before."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = function(*args, **kwargs)
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
    finally:
        # The traceback of an error holds this frame. If the frame held the
        # future, only the garbage collector could free any of them.
        del future, function, args, kwargs
