"""The file through which a project in dual mode patches, made once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from eventlet_codemod import dual
from eventlet_codemod.config import Settings
from eventlet_codemod.engine import FileChange, rewrite_source
from eventlet_codemod.facts.module import dotted_name
from eventlet_codemod.facts.project import Project
from eventlet_codemod.helper_module import path_for
from eventlet_codemod.ledger import FileEntry, FileError
from eventlet_codemod.patch import file_patch
from eventlet_codemod.rules.ecosystem._unsupported import project_uses_the_backend


def switches_in(sources: Mapping[str, str]) -> dict[str, str]:
    """Of texts by path, the modules that decide whether to patch: their dotted names, by path."""
    return {
        path: dotted_name(path)
        for path, text in sources.items()
        if f"def {dual.PATCH}(" in text and not dual.serves(text)
    }


def stands_for(module: str) -> dict[str, str]:
    """What the functions of such a module stand for in eventlet, when there is one mode again."""
    return {
        f"{module}.{dual.PATCH}": "eventlet.patcher.monkey_patch",
        f"{module}.{dual.IS_PATCHED}": "eventlet.patcher.is_monkey_patched",
    }


def switch_change(
    root: Path, settings: Settings, project: Project, module: str
) -> FileChange | None:
    """The change that makes ``module``; None where the project has it, whoever wrote it.

    Its own uses of eventlet are counted, as suppressed: they are what it is there for.
    """
    path = path_for(root, module)
    if (root / path).exists():
        return None
    if not (root / path).parent.is_dir():
        package = module.rpartition(".")[0]
        failure = FileError(kind="dual-mode", message=f"there is no package {package} here")
        return FileChange(FileEntry(path=path, status="failed", error=failure), b"")
    name = dual.variable(module, openstack=settings.profile == "openstack")
    backend = project_uses_the_backend(project)
    new = dual.render(name, oslo_service=backend).encode()
    change = rewrite_source(new, path, settings, project)
    entry = replace(
        change.entry,
        status="changed",
        sha256_before="",
        sha256_after=hashlib.sha256(new).hexdigest(),
        patch=file_patch(path, None, new),
    )
    needs = frozenset({"oslo_service"} if backend else ())
    return replace(change, entry=entry, old=b"", new=new, created=True, makes=module, needs=needs)
