"""`eventlet.tpool.execute`: a call that must not block the hub."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from eventlet_codemod.helpers._tpool import _tpool

_T = TypeVar("_T")


def tpool_execute(
    function: Callable[..., _T],
    /,
    *args: Any,
    **kwargs: Any,
) -> _T:
    """Call ``function``, in a native thread if green threads must go on.

    This is so if eventlet has patched the process. Otherwise a call blocks
    its own thread only, and this is just that call. When the patching has
    gone for good, call the function itself.
    """
    tpool = _tpool()
    if tpool is None:
        return function(*args, **kwargs)
    return cast("_T", tpool.execute(function, *args, **kwargs))
