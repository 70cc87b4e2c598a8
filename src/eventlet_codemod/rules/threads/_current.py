"""What is done with the current green thread, which `getcurrent()` gives."""

from __future__ import annotations

import ast

from eventlet_codemod.facts import Facts, Handle, Use

_TEXTS = frozenset(
    {"str", "repr", "print", "debug", "info", "warning", "error", "exception", "log"}
)
_LOOKS_UP = frozenset(
    {"get", "pop", "setdefault", "add", "discard", "remove", "index", "count", "isinstance", "type"}
)
_DEEDS = frozenset({"kill", "link", "unlink", "switch", "throw", "dead", "gr_frame", "gr_context"})
_STOPS = ("eventlet.greenthread.cancel", "eventlet.greenthread.kill")


def kind_of(use: Use, facts: Facts) -> str:
    """What a use of ``getcurrent`` is for.

    ``text``: to be printed. ``id``: for its ident. ``key``: to be compared, or found in a mapping.
    ``elsewhere``: it goes where it is not seen what is done to it. ``green``: for what only a green
    thread can do. ``unclear``: it is not plainly called.
    """
    call = use.call
    if use.kind != "reference" or call is None or call.args or call.keywords:
        return "unclear"
    if _is_id(use.parents[-2], call):
        return "id"
    if _is_text(use):
        return "text"
    if _is_green_thread(use, facts):
        return "green"
    if not _is_handed_on(use):
        return "key"
    return "green" if _has_deeds_of_green_threads(facts) else "elsewhere"


def compared_with(handle: Handle) -> str:
    """Where a file that knows a green thread asks for the current one, to do more than print it.

    In a Future's thread no call gives that Future. One that has but a local name, and is neither
    compared nor put anywhere, cannot be found that way.
    """
    if _has_only_a_name(handle):
        return ""
    for module in handle.modules:
        for use in module.names.uses:
            asked = use.api == "greenlet.getcurrent" and use.kind == "reference"
            if asked and not (use.call is not None and _is_text(use)):
                line = use.node.lineno  # type: ignore[attr-defined]
                return f"line {line}" if module in handle.origins else f"{module.path}:{line}"
    return ""


def _has_only_a_name(handle: Handle) -> bool:
    """Whether all there is of an object is a name of the function that makes it."""
    if len(handle.creations) != 1 or any(deed.how in ("key", "compare") for deed in handle.uses):
        return False
    creation, module = handle.creations[0], handle.origins[0]
    statement, home = creation.statement, creation.scope
    if not isinstance(statement, ast.Assign) or statement.value is not creation.call:
        return False
    target = statement.targets[0]
    if not isinstance(target, ast.Name) or home.kind != "function" or len(statement.targets) > 1:
        return False
    known = {target, *(deed.node for deed in handle.uses)}
    found = module.occurrences(target.id)
    return home.outer.get(target.id) is None and all(
        item.node in known
        for item in found
        if isinstance(item.node, ast.Name) and item.scope.lookup(target.id) is home
    )


def _is_id(outer: ast.AST, call: ast.Call) -> bool:
    return (
        isinstance(outer, ast.Call)
        and isinstance(outer.func, ast.Name)
        and outer.func.id in ("id", "hash")
        and outer.args == [call]
    )


def _is_text(use: Use) -> bool:
    for node in reversed(use.parents[:-1]):
        if isinstance(node, ast.FormattedValue):
            return True
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            return isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            return name in _TEXTS
        if not isinstance(node, (ast.Tuple, ast.Dict)):
            return False
    return False


def _is_green_thread(use: Use, facts: Facts) -> bool:
    """Whether something is done with the object that only a green thread can do."""
    assert use.call is not None
    outer = use.parents[-2]
    if isinstance(outer, ast.Attribute):
        return True
    if isinstance(outer, ast.Call):
        return any(other.call is outer for other in facts.uses)
    names = {name for target in _targets(outer) for name in _last_names(target)}
    return bool(names) and (
        any(
            isinstance(node, ast.Attribute) and not names.isdisjoint(_last_names(node.value))
            for node in ast.walk(facts.tree)
        )
        or any(
            not names.isdisjoint(_last_names(item))
            for other in facts.uses
            if other.call is not None and other.api in _STOPS
            for item in other.call.args
        )
    )


def _is_handed_on(use: Use) -> bool:
    """Whether the object goes where it is not seen what is done to it."""
    assert use.call is not None
    child: ast.AST = use.call
    for node in reversed(use.parents[:-1]):
        if isinstance(node, (ast.Compare, ast.UnaryOp, ast.Expr, ast.Delete)):
            return False
        if isinstance(node, ast.Subscript):
            return child is not node.slice
        if isinstance(node, (ast.If, ast.While, ast.Assert)):
            return child is not node.test
        if isinstance(node, ast.Call):
            function = node.func
            name = getattr(function, "attr", None) or getattr(function, "id", None)
            return name not in _LOOKS_UP or node.args[:1] != [child]
        if not isinstance(node, (ast.BoolOp, ast.IfExp)):
            return True
        child = node
    return True


def _has_deeds_of_green_threads(facts: Facts) -> bool:
    """Whether the file does to some object what can be done to green threads alone."""
    return any(isinstance(n, ast.Attribute) and n.attr in _DEEDS for n in ast.walk(facts.tree)) or (
        any(use.api in _STOPS for use in facts.uses)
    )


def _targets(node: ast.AST) -> list[ast.expr]:
    """What an assignment gives its value to."""
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, (ast.AnnAssign, ast.NamedExpr)) else []


def _last_names(node: ast.expr) -> list[str]:
    """``x`` of ``x``, ``self.x`` and ``x[0]``."""
    if isinstance(node, ast.Subscript):
        return _last_names(node.value)
    if isinstance(node, ast.NamedExpr):
        return _last_names(node.target)
    name = getattr(node, "id", None) or getattr(node, "attr", None)
    return [str(name)] if name else []
