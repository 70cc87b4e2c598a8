"""The file through which a project in dual mode patches: made once, and deleted at the end."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from eventlet_codemod import dual
from eventlet_codemod.config import Settings
from eventlet_codemod.engine import FileChange, rewrite_source
from eventlet_codemod.facts.module import dotted_name
from eventlet_codemod.facts.project import Project
from eventlet_codemod.helper_module import path_for
from eventlet_codemod.ledger import FileEntry, FileError, Finding
from eventlet_codemod.patch import file_patch
from eventlet_codemod.rules import expand, find_rule
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


_RULE = "EVT511"
_ENDS = 3  # the step at which one of two modes goes


def end_of_switch(
    change: FileChange, settings: Settings, project: Project, text_after: Callable[[str], str]
) -> FileChange:
    """The module of a dual mode that has come to its end, deleted; else as it is.

    It stays while a file of the project imports it, and where it is no longer what the tool wrote.
    ``text_after`` gives the text of a file as the run leaves it.
    """
    path = change.entry.path
    module = dotted_name(path)
    name = dual.written(change.old.decode(errors="replace"))
    chosen = expand(settings.select) if settings.select else expand(("ALL",))
    ends = settings.steps is None or _ENDS in settings.steps
    if not name or settings.safe_only or not ends:
        return change
    if _RULE not in chosen - expand((*settings.ignore, *settings.ignored_for(path))):
        return change
    word = module.rpartition(".")[2]
    imports = _imports(module)
    mentioned = project.mentions(frozenset({word}), path).get(word, ())
    if any(imports.search(text_after(other)) for other in mentioned):
        return change
    entry = replace(
        change.entry,
        status="changed",
        sha256_after=hashlib.sha256(b"").hexdigest(),
        patch=file_patch(path, change.old, None),
        findings=tuple(_gone(finding, module, name) for finding in change.entry.findings),
        notices=(),
    )
    return replace(change, entry=entry, new=b"", deleted=True)


def _imports(module: str) -> re.Pattern[str]:
    """What a file holds that imports a module, or names it in a string."""
    package, _, name = module.rpartition(".")
    listed = rf"(?:[^\n#(]*|\s*\([^)]*)\b{name}\b"
    return re.compile(
        rf"\b{re.escape(module)}\b"
        rf"|\bfrom\s+(?:{re.escape(package)}|\.+)\s+import\b{listed}"
        rf"|\bfrom\s+\.+{name}\s+import\b"
    )


def _gone(finding: Finding, module: str, name: str) -> Finding:
    question = f"C-FLOW: does a job or a deployment set {name}, or other code import `{module}`?"
    return replace(
        finding,
        rule=_RULE,
        name=find_rule(_RULE).name,
        tier="review",
        status="rewritten",
        step=_ENDS,
        message=f"`{module}` goes: dual mode has come to its end",
        why="no file of the project imports it any more",
        may_differ=("C-FLOW",),
        advice=question,
        setting="monkey-patch",
        hunk=1,
    )
