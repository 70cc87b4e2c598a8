"""The thread behind a task."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


def _start_thread(
    function: Callable[..., object],
    target: Callable[..., None],
    *args: Any,
) -> None:
    """Call ``target`` in a daemon thread that is named after ``function``."""
    threading.Thread(
        target=target,
        args=args,
        name=getattr(function, "__name__", type(function).__name__),
        daemon=True,
    ).start()
