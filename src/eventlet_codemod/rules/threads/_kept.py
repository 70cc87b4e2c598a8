"""A thread or timer that is made, kept and then started, by statements of their own."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

import libcst as cst

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context, RewriteError
from eventlet_codemod.rules.base import Edit, ReplaceStatement

#: Gives the code that makes the object, from the call that made the green thread.
Build = Callable[[cst.Call, Context], str]

_SPAWNS = frozenset({"spawn", "spawn_n", "spawn_after", "spawn_after_local"})


def can_be_split(creation: Use) -> bool:
    """Whether the thread can be made, kept and started by statements of their own."""
    statement = creation.statement
    if creation.scope.kind not in ("function", "module"):
        return False
    inside = creation.parents[creation.parents.index(statement) + 1 :]
    awkward = (ast.Lambda, ast.IfExp, ast.BoolOp, ast.Compare, ast.NamedExpr, ast.Await)
    if any(isinstance(n, (*awkward, ast.ListComp, ast.SetComp, ast.DictComp)) for n in inside):
        return False
    if any(isinstance(n, (ast.GeneratorExp, ast.Yield)) for n in inside):
        return False
    if any(map(_spawns, set(ast.walk(statement)) - set(ast.walk(creation.call or statement)))):
        return False  # which one starts first would change
    if isinstance(statement, ast.Assign):
        return len(statement.targets) == 1
    return isinstance(statement, (ast.Expr, ast.Return, ast.AnnAssign))


def _spawns(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    return getattr(node.func, "attr", getattr(node.func, "id", "")) in _SPAWNS


def edit(use: Use, facts: Facts, name: str, build: Build, settings: Sequence[str] = ()) -> Edit:
    """Make the object, keep it as the statement does, and only then start it.

    ``name`` is what it is called where the statement gives it no name of its own; ``settings`` are
    assignments to make before the start, such as ``daemon = True``.
    """
    statement, call = use.statement, use.call
    assert call is not None
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    target = statement.target if isinstance(statement, ast.AnnAssign) else target
    kept = isinstance(target, (ast.Name, ast.Attribute)) and statement.value is call  # type: ignore[attr-defined]
    native = f"threading.{name.capitalize()}"
    name = facts.free_name(name if use.function else f"_{name}", use.scope)

    def make(node: cst.BaseSmallStatement, context: Context) -> Sequence[str]:
        made = _find_call(node, context, call)
        if kept:
            assert isinstance(node, (cst.Assign, cst.AnnAssign))
            place = node.targets[0].target if isinstance(node, cst.Assign) else node.target
            head = context.code(node)[: -len(context.code(made))]
            left = context.code(place)
            code = build(made, context.at(len(head)))
            return (f"{head}{code}", *(f"{left}.{line}" for line in settings), f"{left}.start()")
        code = build(made, context.at(len(name) + 3))
        rest = context.code(node.deep_replace(made, cst.Name(name)))
        first = (f"{name} = {code}", *(f"{name}.{line}" for line in settings))
        if isinstance(statement, ast.Expr) and statement.value is call:
            return (*first, f"{name}.start()")
        if isinstance(statement, ast.Return):
            return (*first, f"{name}.start()", rest)
        return (*first, rest, f"{name}.start()")

    return ReplaceStatement(statement, make, native)


def _find_call(node: cst.CSTNode, context: Context, call: ast.Call) -> cst.Call:
    """The call in a statement whose function is spelled like that of ``call``.

    Its arguments may be others already: edits inside of it were made.
    """
    wanted = ast.unparse(call.func)
    pending: list[cst.CSTNode] = [node]
    while pending:
        item = pending.pop(0)
        if isinstance(item, cst.Call):
            code = context.code(item.func)
            if ast.unparse(ast.parse(f"({code})", mode="eval")) == wanted:
                return item
        pending.extend(item.children)
    raise RewriteError("the call was not found in its statement", call.lineno)
