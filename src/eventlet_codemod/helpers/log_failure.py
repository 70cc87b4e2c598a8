"""What eventlet's hub did with the error of a green thread: show it."""

from __future__ import annotations

import logging
from concurrent import futures
from typing import Any

_LOG = logging.getLogger(__name__)


def log_failure(future: futures.Future[Any]) -> None:
    """Log the error that ``future`` ended with, if any, with its traceback.

    Made for ``future.add_done_callback(log_failure)``, where nobody asks for
    the result and the error would be lost.
    """
    if future.cancelled():
        return
    error = future.exception()
    if error is not None:
        _LOG.error("A background task failed", exc_info=error)
