"""`eventlet.tpool.Proxy`: an object whose methods must not block the hub."""

from __future__ import annotations

from typing import TypeVar, cast

from eventlet_codemod.helpers._tpool import _tpool

_T = TypeVar("_T")


def tpool_wrap(obj: _T, autowrap: tuple[type, ...] = ()) -> _T:
    """Return ``obj``, wrapped if green threads must go on in its methods.

    This is so if eventlet has patched the process. The wrapper calls each
    method in a native thread, and wraps results that are of a type in
    ``autowrap``. Otherwise this is ``obj`` itself. When the patching has gone
    for good, use the object.
    """
    tpool = _tpool()
    if tpool is None:
        return obj
    return cast("_T", tpool.Proxy(obj, autowrap=autowrap))
