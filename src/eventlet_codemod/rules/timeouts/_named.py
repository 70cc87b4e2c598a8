"""Where a class that derives from Timeout may be named by a way that nothing follows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from eventlet_codemod.facts import Facts, Module
from eventlet_codemod.facts.loading import load
from eventlet_codemod.facts.scopes import Occurrence
from eventlet_codemod.rules.ecosystem._calls import last_name


def unseen(name: str, facts: Facts) -> str:
    """The first place that may mean the class of that name, in this file or another; or "".

    A package that hands it on under a name of its own, a star import, an attribute of what is no
    module that is known, or a string for `getattr()`: what it sets a limit for is not seen then.
    """
    others = facts.project.mentions(frozenset({name}), facts.path).get(name, ())
    for path in (facts.path, *others):
        module = facts if path == facts.path else load(facts.project, path)
        if module is None:
            return f"in {path}, which cannot be read"
        line = min(_lines(name, module, facts), default=0)
        if line:
            return f"in {path}:{line}"
    return ""


def _lines(name: str, module: Module, facts: Facts) -> Iterator[int]:
    found = module.walker.find(frozenset({name}))  # the imports that name it are known now
    stars = False
    for binding in module.walker.imports():
        path = _absolute(str(binding.qualified), module)
        if binding.name == "*":
            stars = stars or _is_ours(path, facts)
        elif path.rpartition(".")[2] == name and path not in facts.project.timeouts:
            yield from [binding.line] if _may_be_it(path, facts) else []
    doubted = {use.node for use in module.names.uses if use.doubt}
    for occurrence in found:
        node = occurrence.node
        line: int = node.lineno  # type: ignore[attr-defined]
        if node in doubted:
            yield line
        if node in module.spelling:
            continue
        if isinstance(node, ast.Attribute):
            path = _path(node, occurrence, module)
            if node.attr == name and (not path or _may_be_it(path, facts)):
                yield line
        elif isinstance(node, ast.Name):
            if stars and node.id == name and occurrence.scope.lookup(name) is None:
                yield line
        elif _looks_up(str(node.value), name, occurrence):  # type: ignore[attr-defined]
            yield line


def _absolute(path: str, module: Module) -> str:
    level = len(path) - len(path.lstrip("."))
    if not level:
        return path
    package = module.package.split(".")
    return ".".join([*package[: len(package) - level + 1], path[level:]])


def _path(node: ast.Attribute, occurrence: Occurrence, module: Module) -> str:
    """The dotted name of an attribute, where an import binds what it begins with; else ""."""
    parts, root = [node.attr], node.value
    while isinstance(root, ast.Attribute):
        parts.append(root.attr)
        root = root.value
    if not isinstance(root, ast.Name):
        return ""
    _, bindings = module.lookup(root.id, occurrence.scope)
    if len(bindings) != 1 or not bindings[0].is_import:
        return ""
    return ".".join([_absolute(str(bindings[0].qualified), module), *reversed(parts)])


def _may_be_it(path: str, facts: Facts) -> bool:
    return _is_ours(path, facts) and not _is_another(path, facts)


def _is_ours(path: str, facts: Facts) -> bool:
    """Whether a dotted name may begin with a module of the project, at whatever depth."""
    return facts.project.may_hold(path.partition(".")[0])


def _is_another(path: str, facts: Facts) -> bool:
    """Whether a module of the project defines something else by that name."""
    home, _, name = path.rpartition(".")
    place = facts.project.path_of(home)
    if place in (None, facts.path) or path in facts.project.timeouts:
        return False
    module = load(facts.project, place) if place is not None else None
    if module is None:
        return False
    _, bindings = module.lookup(name, module.walker.module)
    return bool(bindings) and not any(item.is_import for item in bindings)


def _looks_up(text: str, name: str, occurrence: Occurrence) -> bool:
    """Whether a string is there to find the class by its name, or to put a mock in its place.

    Natively no wait calls the class when it begins: a mock of it would be called no more.
    """
    holder = occurrence.parents[-1]
    if isinstance(holder, ast.Subscript):
        return text == name
    if not isinstance(holder, ast.Call):
        return False
    if text == name:
        known = last_name(holder.func) in ("getattr", "setattr", "attrgetter", "get")
        return known or "patch" in ast.unparse(holder.func)
    return re.fullmatch(rf"\w[\w.]*[.:]{name}", text) is not None
