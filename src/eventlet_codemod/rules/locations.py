"""Where something stands: how findings say it, and what a position means."""

from __future__ import annotations

import ast

from eventlet_codemod.facts import Handle, HandleUse, Use


def where(deed: HandleUse, handle: Handle) -> str:
    """The line of a use, with its file where that is not the one that makes the object."""
    return f"line {deed.line}" if is_home(deed, handle) else f"{deed.module.path}:{deed.line}"


def is_home(deed: HandleUse, handle: Handle) -> bool:
    """Whether a use stands in the one file that makes the object."""
    return set(handle.origins) == {deed.module}


def kind_of(deed: HandleUse) -> str:
    """What a use is, where it is none of those that a rule knows."""
    if deed.how == "named":
        return f"a string that names its {deed.reason}"
    return f"a use of kind {deed.how}"


def is_type_position(use: Use) -> bool:
    """Whether a reference to a class says what type something has."""
    child: ast.AST = use.node
    for parent in reversed(use.parents):
        if isinstance(parent, ast.AnnAssign):
            return parent.annotation is child
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            notes = [item.annotation for item in ast.walk(parent.args) if isinstance(item, ast.arg)]
            return child in (parent.returns, *notes)
        if isinstance(parent, ast.Assign):
            return isinstance(parent.value, ast.Subscript) and parent.value is child
        if isinstance(parent, ast.Compare):
            return all(isinstance(op, (ast.Is, ast.IsNot, ast.Eq, ast.NotEq)) for op in parent.ops)
        if not isinstance(parent, (ast.Subscript, ast.Tuple, ast.List, ast.BinOp)):
            return False
        child = parent
    return False
