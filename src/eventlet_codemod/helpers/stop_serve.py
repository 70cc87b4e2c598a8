"""`eventlet.StopServe`."""

from __future__ import annotations


class StopServe(Exception):
    """Raised by a handler to end `serve`."""
