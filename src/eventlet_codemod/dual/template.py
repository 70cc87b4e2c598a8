"""Runs this project on eventlet or on native threads, as it is told to.

The environment variable ``DISABLE_EVENTLET_PATCHING`` decides: 1, true, yes
or on stand for native threads; 0, false, no, off and nothing for eventlet.

Every entry point calls ``patch`` where it would call eventlet's
``monkey_patch``. Code that depends on the mode asks ``is_patched``, and
imports eventlet only where the answer is True.

eventlet-codemod wrote this module. It belongs to this project now: edit it
freely.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

VARIABLE = "DISABLE_EVENTLET_PATCHING"

_THREADS = frozenset(["1", "on", "t", "true", "y", "yes"])
_EVENTLET = frozenset(["", "0", "f", "false", "n", "no", "off"])


def patch(**parts: bool) -> None:
    """Patch the process with eventlet, or let it run on native threads.

    ``parts`` are what ``eventlet.monkey_patch`` takes, which patches them.
    On native threads nothing is patched: from then on an import of eventlet
    raises ModuleNotFoundError, as if it were not installed, and oslo.service
    uses its threading backend. A further call adds parts, or does nothing.

    Raises ValueError if the variable holds another word, and on native
    threads RuntimeError if eventlet has patched the process before, or this
    project has imported it.
    """
    if not _wants_threads():
        import eventlet

        eventlet.monkey_patch(**parts)  # eventlet-codemod: ignore the switch
        return
    _block_eventlet()
    from oslo_service import backend

    backend.init_backend(backend.BackendType.THREADING)


def is_patched(part: str | ModuleType = "thread") -> bool:
    """Return whether eventlet has patched a part of the process.

    ``part`` is named as ``eventlet.monkey_patch`` does, or a module.
    """
    patcher = _patcher()
    return patcher is not None and bool(patcher.is_monkey_patched(part))


def _wants_threads() -> bool:
    word = os.environ.get(VARIABLE, "").strip().lower()
    if word not in _THREADS | _EVENTLET:
        words = ", ".join(sorted(filter(None, _THREADS | _EVENTLET)))
        raise ValueError(f"{VARIABLE} is {word!r}, and none of {words}")
    return word in _THREADS


def _patcher() -> ModuleType | None:
    """Return ``eventlet.patcher`` if something has imported it."""
    return sys.modules.get("eventlet.patcher")  # eventlet-codemod: ignore


def _block_eventlet() -> None:
    """Let every import of eventlet fail from now on.

    What was imported before, by a library that does without it as well, is
    forgotten, so that the next import fails too.
    """
    patcher = _patcher()
    if patcher is not None and patcher.already_patched:
        raise RuntimeError(
            f"{VARIABLE} asks for native threads, and eventlet has patched"
            " this process before: call patch() instead, and first"
        )
    for module in list(sys.modules.values()):
        if _is_of_this_project(module) and _holds_eventlet(module):
            raise RuntimeError(
                f"{VARIABLE} asks for native threads, and {module.__name__}"
                " has imported eventlet: do so after patch(), and only where"
                " is_patched() says so"
            )
    for name in [name for name in sys.modules if _is_eventlet(name)]:
        del sys.modules[name]
    if _NoEventlet not in sys.meta_path:
        sys.meta_path.insert(0, _NoEventlet)


def _is_of_this_project(module: ModuleType) -> bool:
    head = getattr(module, "__name__", "").partition(".")[0]
    return head in ("__main__", __name__.partition(".")[0])


def _holds_eventlet(module: ModuleType) -> bool:
    names = (
        getattr(value, "__name__", "")
        if isinstance(value, type(sys))
        else getattr(value, "__module__", "")
        for value in vars(module).values()
    )
    return any(isinstance(name, str) and _is_eventlet(name) for name in names)


class _NoEventlet:
    """A finder that comes first, and refuses eventlet."""

    @staticmethod
    def find_spec(
        name: str, path: object = None, target: object = None
    ) -> None:
        """Raise ModuleNotFoundError for eventlet and what is in it."""
        if _is_eventlet(name):
            raise ModuleNotFoundError(
                f"{VARIABLE} asks for native threads, where {name} is not"
                " imported",
                name=name,
            )


def _is_eventlet(name: str) -> bool:
    head = name.partition(".")[0]
    return head == "eventlet"  # eventlet-codemod: ignore
