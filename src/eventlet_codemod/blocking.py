"""A ``sitecustomize`` that makes importing eventlet fail, as if it were not installed.

This file is copied beside nothing else, put first on ``PYTHONPATH``, and run by each interpreter
that a test command starts. EVENTLET_CODEMOD_BLOCK holds the directory of the project: then only its
own code may not import eventlet; "all" means that nobody may.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

_NAMES = ("eventlet", "greenlet")


class Blocker(importlib.abc.MetaPathFinder):
    """Says that there is no such module."""

    def __init__(self, project: str) -> None:
        self.project = None if project == "all" else Path(project).resolve()

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Raise ModuleNotFoundError for what is blocked; let others find the rest."""
        if fullname.partition(".")[0] in _NAMES and self._is_blocked():
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return None

    def _is_blocked(self) -> bool:
        if self.project is None:
            return True
        frame = sys._getframe(2)
        while frame is not None and "importlib" in frame.f_code.co_filename:
            frame = frame.f_back  # type: ignore[assignment]
        if frame is None:
            return False
        return Path(frame.f_code.co_filename).resolve().is_relative_to(self.project)


def _others() -> None:
    """Run the sitecustomize that this one stands before."""
    here = Path(__file__).resolve().parent
    rest = [entry for entry in sys.path if Path(entry or ".").resolve() != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", rest)
    if spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)


if __name__ == "sitecustomize":
    _given = os.environ.get("EVENTLET_CODEMOD_BLOCK")
    if _given:
        sys.meta_path.insert(0, Blocker(_given))
    _others()
