"""Finds eventlet's pool of native threads, as long as there is a hub."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType


def _tpool() -> ModuleType | None:
    """Return ``eventlet.tpool`` if eventlet has patched the process."""
    patcher = sys.modules.get("eventlet.patcher")  # eventlet-codemod: ignore
    if patcher is None or not patcher.already_patched:
        return None
    name = "eventlet.tpool"  # eventlet-codemod: ignore
    return importlib.import_module(name)
