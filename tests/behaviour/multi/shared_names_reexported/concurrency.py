"""The one place of the project that knows what runs it."""

from eventlet import sleep, spawn
from eventlet.queue import Queue

__all__ = ["Queue", "sleep", "spawn"]
