"""The file that holds a project's helpers: made, or added to, once per run."""

from __future__ import annotations

import hashlib
from pathlib import Path

from eventlet_codemod import checks
from eventlet_codemod.config import Settings
from eventlet_codemod.engine import FileChange
from eventlet_codemod.ledger import FileEntry, FileError
from eventlet_codemod.patch import file_patch


def helper_change(root: Path, settings: Settings, names: frozenset[str]) -> FileChange:
    """The change that lets the module of the setting ``helpers`` offer ``names``.

    What it holds already is kept, whoever wrote it.
    """
    from eventlet_codemod.helpers import HelpersError, extend, render

    assert settings.helpers is not None
    path = path_for(root, settings.helpers)
    target = root / path
    created = not target.exists()
    try:
        old = b"" if created else target.read_bytes()
        if not target.parent.is_dir():
            raise HelpersError(f"there is no package {settings.helpers.rpartition('.')[0]} here")
        width = settings.line_length or 79
        text = render(names, line_length=width) if created else extend(old.decode(), names)
    except (OSError, UnicodeDecodeError, HelpersError) as error:
        failure = FileError(kind="helpers", message=f"the helpers cannot be written: {error}")
        return FileChange(FileEntry(path=path, status="failed", error=failure), b"")
    new = text.encode()
    before = "" if created else hashlib.sha256(old).hexdigest()
    entry = FileEntry(path=path, status="unchanged", sha256_before=before, sha256_after=before)
    if new == old:
        return FileChange(entry, old)
    if created:
        patch = file_patch(path, None, new)
    else:
        patch, _ = checks.prove_patch(path, old, new, None)
    entry = FileEntry(
        path=path,
        status="changed",
        sha256_before=before,
        sha256_after=hashlib.sha256(new).hexdigest(),
        patch=patch,
    )
    return FileChange(entry, old, new, created=created)


def path_for(root: Path, dotted: str) -> str:
    """Where a module belongs: where it is, else in the package that is there."""
    tail = dotted.replace(".", "/")
    for path in (f"{tail}.py", f"src/{tail}.py", f"{tail}/__init__.py", f"src/{tail}/__init__.py"):
        if (root / path).is_file():
            return path
    head = dotted.partition(".")[0]
    in_src = not (root / head).is_dir() and (root / "src" / head).is_dir()
    return f"src/{tail}.py" if in_src else f"{tail}.py"
