"""The files around the code, once a run knows what it leaves in it: step 4, `packaging`."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eventlet_codemod import dual
from eventlet_codemod.ledger import GUARD

if TYPE_CHECKING:
    from eventlet_codemod.config import Settings
    from eventlet_codemod.engine import FileChange

#: Of which a file outside Python must hold one to be worth a look.
_WORDS = (b"eventlet", b"EVENTLET_", b"greenlet", b"heartbeat_in_pthread")
_PROSE = frozenset({".rst", ".md", ".po", ".pot", ".html", ".svg", ".png", ".json"})
_LARGEST = 2_000_000  # bytes

#: The servers of the helper module, and those whose place they take.
_SERVER = re.compile(rb"(?m)^(?:def wsgi_server|class ConfiguredWSGIServer|class WSGIThread)\b")
_SERVERS = frozenset({"eventlet.wsgi.server", "oslo_service.wsgi.Server"})


def with_packaging(
    root: Path, settings: Settings, changes: Sequence[FileChange]
) -> list[FileChange]:
    """The changes of a run over a whole project, with those of its requirements and settings.

    Where one of these is of a file of the run, such as `setup.py`, it takes its place.
    """
    from eventlet_codemod.helper_module import path_for
    from eventlet_codemod.packaging import packaging_changes

    begun = (change.makes for change in changes if change.created and change.makes)
    variable = next(
        (dual.variable(m, openstack=settings.profile == "openstack") for m in begun), ""
    )
    helpers = path_for(root, settings.helpers) if settings.helpers is not None else ""
    more = packaging_changes(
        root,
        settings,
        left=_first_left(changes, helpers),
        needs=frozenset[str]().union(*(change.needs for change in changes)),
        done={change.entry.path: change for change in changes},
        variable=variable,
        ended=next((dual.written(c.old.decode()) for c in changes if c.deleted), ""),
        served=bool(helpers) and _is_served(root, changes, helpers),
    )
    replaced = {change.entry.path for change in more}
    return [*(change for change in changes if change.entry.path not in replaced), *more]


def _is_served(root: Path, changes: Sequence[FileChange], helpers: str) -> bool:
    """Whether the module of ``helpers`` has a server, and eventlet's is nowhere left."""
    data = next((c.new for c in changes if c.entry.path == helpers), None)
    if data is None:
        with contextlib.suppress(OSError):
            data = (root / helpers).read_bytes()
    if not _SERVER.search(data or b""):
        return False
    return not any(
        finding.status != "rewritten" and finding.api in _SERVERS and finding.step < GUARD
        for change in changes
        if change.entry.path != helpers
        for finding in change.entry.findings
        if not finding.message.startswith("the string ")
    )


def _first_left(changes: Sequence[FileChange], helpers: str) -> str:
    """The first use of eventlet in Python that stays, "" if none does.

    The module of ``helpers`` only asks whether eventlet is there.
    """
    from eventlet_codemod.packaging import claimed

    for change in sorted(changes, key=lambda change: change.entry.path):
        path = change.entry.path
        if change.entry.error is not None:
            return f"{path}, which failed,"
        meant = ("rewritten", "suppressed") if path == helpers else ("rewritten",)
        findings = change.entry.findings
        stays = [f for f in findings if f.status not in meant and f.step < GUARD]
        others = claimed(path, change.old) if stays else frozenset()
        for finding in stays:
            if finding.id not in others:
                return f"{finding.api} ({path}:{finding.line})"
    return ""


def is_mentioned_around(root: Path, settings: Settings) -> bool:
    """Whether a file beside the code names eventlet, as requirements do when the code is done."""
    from eventlet_codemod.discovery import project_files

    for path in project_files(root, settings):
        if path.endswith(".py") or Path(path).suffix in _PROSE:
            continue
        with contextlib.suppress(OSError):
            target = root / path
            if target.stat().st_size >= _LARGEST:
                continue
            data = target.read_bytes()
            if any(word in data for word in _WORDS) and _is_read(path):
                return True
    return False


def _is_read(path: str) -> bool:
    from eventlet_codemod.packaging import packaging_rules

    return any(rule.reads(path) for rule in packaging_rules())
