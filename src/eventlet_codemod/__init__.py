"""Take Python code off eventlet: reviewable rewrites to native threads."""

__version__ = "0.1.0"
