"""Where an object may be had unseen: as a key of a mapping, or by an attribute's name."""

from __future__ import annotations

import ast
import re

from eventlet_codemod.facts import Handle, HandleUse
from eventlet_codemod.facts.scopes import Occurrence
from eventlet_codemod.rules.locations import where

#: Methods of a mapping that give none of its keys.
_METHODS = frozenset({"clear", "get", "pop", "setdefault", "update", "values"})
_COMPUTED = re.compile(r"getattr\(\s*(?:self|cls)\s*,\s*[^'\"\s)]")
_MAKES = (ast.Call, ast.Constant, ast.Dict)


def objection_to(handle: Handle, checks: dict[str, str]) -> str:
    """Why something may be done to a key that is not seen; else a question goes to ``checks``."""
    for deed in handle.uses:
        if deed.how != "key":
            continue
        mapping, kept = _mapping_of(deed)
        if not kept:
            continue
        name = getattr(mapping, "id", None) or getattr(mapping, "attr", None)
        if mapping is None or name is None:
            return f"a mapping that has no name keeps it as a key on {where(deed, handle)}"
        known = _occurrences(deed, mapping, name)
        if not any(isinstance(o.node.ctx, ast.Store) for o in known):  # type: ignore[attr-defined]
            return f"`{name}` keeps it as a key on {where(deed, handle)}, and comes from elsewhere"
        for found in known:
            if not _gives_no_key(found):
                line = found.node.lineno  # type: ignore[attr-defined]
                return f"`{name}` keeps it as a key, and line {line} may take the keys out"
        scope = deed.use.scope.lookup(name) if isinstance(mapping, ast.Name) else None
        if scope is None or scope.kind != "function":
            checks.setdefault("C-FLOW", f"does other code do something to the keys of `{name}`?")
    return _got_by_name(handle)


def _got_by_name(handle: Handle) -> str:
    """Where its attribute may be among names that are looked up: ``for n in ("a", "b")``."""
    name = handle.attribute
    for module in handle.modules if name else ():
        if f"'{name}'" in module.text or f'"{name}"' in module.text:
            found = _COMPUTED.search(module.text)
            if found is not None:
                line = module.text.count("\n", 0, found.start()) + 1
                return f"line {line} looks up names at run time, and {name!r} is one of the file's"
    return ""


def _mapping_of(deed: HandleUse) -> tuple[ast.expr | None, bool]:
    """The mapping that a key is for, if it has a name, and whether it keeps the key."""
    parent, outer = deed.parents[-1], deed.parents[-2]
    if isinstance(parent, ast.Subscript):
        return parent.value, isinstance(parent.ctx, ast.Store)
    if not isinstance(parent, ast.Dict):
        return None, False  # its hash() or id()
    if isinstance(outer, ast.Assign) and outer.value is parent and len(outer.targets) == 1:
        return outer.targets[0], True
    if isinstance(outer, ast.Call) and isinstance(outer.func, ast.Attribute):
        return outer.func.value if outer.func.attr == "update" else None, True
    return None, True


def _occurrences(deed: HandleUse, mapping: ast.expr, name: str) -> list[Occurrence]:
    if isinstance(mapping, ast.Attribute):
        owner = next((n for n in reversed(deed.parents) if isinstance(n, ast.ClassDef)), None)
        return [
            o
            for o in deed.module.occurrences(name)
            if isinstance(o.node, ast.Attribute) or (owner is not None and o.scope.node is owner)
        ]
    found = [o for o in deed.module.occurrences(name) if isinstance(o.node, ast.Name)]
    home = deed.use.scope.lookup(name)
    return [o for o in found if o.scope.lookup(name) is home]


def _gives_no_key(found: Occurrence) -> bool:
    """Whether what is done to a mapping lets nobody have one of its keys."""
    node, parent = found.node, found.parents[-1]
    if isinstance(parent, ast.Subscript):
        return parent.value is node
    if isinstance(parent, ast.Attribute):
        return parent.attr in _METHODS
    if isinstance(parent, ast.Compare):
        return node in parent.comparators
    if isinstance(parent, (ast.If, ast.While, ast.IfExp, ast.Assert)):
        return parent.test is node
    if isinstance(parent, ast.Call):
        return parent.func is node or ast.unparse(parent.func) in ("bool", "len")
    if isinstance(parent, (ast.Assign, ast.AnnAssign)):
        return parent.value is not node and isinstance(parent.value, (*_MAKES, type(None)))
    return isinstance(parent, (ast.Delete, ast.UnaryOp))
