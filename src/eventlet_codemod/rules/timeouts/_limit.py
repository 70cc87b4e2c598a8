"""A Timeout that stands around code: what it limits, and what it raises where."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eventlet_codemod.facts import Module, Use
from eventlet_codemod.facts.api import OWN_TIMEOUT, TIMEOUT
from eventlet_codemod.rules.timeouts import _catching

_SAME = (ast.Is, ast.IsNot, ast.Eq, ast.NotEq)


class NoLimit(Exception):
    """A Timeout stands in no form that a rule reads; the text says what is odd about it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A Timeout with the block that it limits.

    ``block`` is the ``with`` statement, or the ``try`` whose finally clause cancels it by
    ``name``. It raises ``error``, or itself without one; nothing is raised when it is ``silent``.
    ``catcher`` is the clause of the same function that catches it. ``own`` is its class as the code
    spells it, where that is one of the project.
    """

    use: Use
    call: ast.Call
    seconds: ast.expr
    error: ast.expr | None
    silent: bool
    block: ast.With | ast.Try
    name: str
    catcher: ast.ExceptHandler | None
    own: ast.expr | None = None

    @property
    def body(self) -> list[ast.stmt]:
        """The statements that are limited."""
        return self.block.body

    @property
    def raises_itself(self) -> bool:
        """Whether what is raised is a Timeout."""
        return self.error is None and not self.silent

    @property
    def together(self) -> str:
        """What goes together: the limit and the clause that catches it, or all Timeouts that fly.

        A limit that raises no Timeout has nothing to do with clauses. A class of the project is
        what all of its limits need.
        """
        if self.own is not None:
            return TIMEOUT
        if not self.raises_itself:
            return ""
        if self.catcher is None or lets_go(self):
            return TIMEOUT
        return f"timeout:{self.catcher.lineno}"  # the others that it catches go with it


def stays_at_home(use: Use, module: Module) -> bool:
    """Whether what a Timeout raises, in whatever form it is made, ends in its own function."""
    call = use.call
    assert call is not None
    if use.api == OWN_TIMEOUT:
        return False
    given = _arguments(call) or {}
    try:
        error, silent = _what_it_raises(given.get("exception"))
    except NoLimit:
        return False
    if error is not None or silent:
        return True
    blocks: list[ast.Try] = []
    name = ""
    try:
        blocks += [node for node, _ in _catching.tries(use.parents, call)]
        block, name, _ = _block(use, call)
        blocks += [block] if isinstance(block, ast.Try) else []
    except (NoLimit, _catching.Swallowed):
        pass
    return any(
        _catching.names_timeout(handler, module)
        and (not _catching.reraises(handler) or _compares(handler, name))
        for node in blocks
        for handler in node.handlers
    )


def _compares(handler: ast.ExceptHandler, name: str) -> bool:
    """Whether a clause asks somewhere whether it caught this one."""
    return any(
        {ast.unparse(node.left), *map(ast.unparse, node.comparators)} == {name, handler.name}
        for node in ast.walk(handler)
        if isinstance(node, ast.Compare)
    )


def is_bare(call: ast.Call) -> bool:
    """Whether a call makes a Timeout that never fires: one to raise by hand, or for a mock."""
    given = _arguments(call)
    return given is not None and _is_none(given.get("seconds"))


def raises_no_timeout(call: ast.Call) -> bool:
    """Whether a call makes a Timeout that never fires, is silent, or raises something else."""
    if is_bare(call):
        return True
    try:
        error, silent = _what_it_raises((_arguments(call) or {}).get("exception"))
    except NoLimit:
        return False
    return silent or error is not None


def limit_of(use: Use, module: Module) -> Limit:
    """The limit that the creation of a Timeout stands for. Raises NoLimit."""
    call = use.call
    assert call is not None
    given = _arguments(call)
    if given is None:
        raise NoLimit("its arguments cannot be seen")
    seconds = given.get("seconds")
    if seconds is None or _is_none(seconds):
        raise NoLimit("it has no limit")
    try:
        error, silent = _what_it_raises(given.get("exception"))
    except NoLimit as reason:
        if use.api != OWN_TIMEOUT:
            raise
        raise NoLimit("its class may take arguments of its own") from reason
    block, name, around = _block(use, call)
    if name:
        _refuse_other_uses(use, module, name, block)
    if error is not None:
        _refuse_late(error, block)
    catcher = None
    own = use.node if use.api == OWN_TIMEOUT and isinstance(use.node, ast.expr) else None
    if error is None and not silent:
        if own is None and module.lookup("TimeoutError", use.scope)[1]:
            raise NoLimit("`TimeoutError` is not Python's in this file")
        inner: ast.stmt = block
        if isinstance(block, ast.Try):
            around, inner = (*around, block), block.body[0]
        catcher = _catching.catcher(around, inner, use, module)
    return Limit(use, call, seconds, error, silent, block, name, catcher, own)


def _arguments(call: ast.Call) -> dict[str, ast.expr] | None:
    if any(isinstance(item, ast.Starred) for item in call.args) or len(call.args) > 2:
        return None
    given = dict(zip(("seconds", "exception"), call.args, strict=False))
    for item in call.keywords:
        if item.arg not in ("seconds", "exception") or item.arg in given:
            return None
        given[item.arg] = item.value
    return given


def _is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _what_it_raises(given: ast.expr | None) -> tuple[ast.expr | None, bool]:
    if isinstance(given, ast.Constant):
        if given.value is False:
            return None, True
        if given.value in (None, True):
            return None, False
        raise NoLimit("what it is given to raise is no exception: eventlet fails on that, too")
    if given is None:
        return None, False
    named = given.func if isinstance(given, ast.Call) else given
    last = str(getattr(named, "attr", getattr(named, "id", "")))
    stars = isinstance(given, ast.Call) and any(
        isinstance(item, ast.Starred) or getattr(item, "arg", "") is None
        for item in [*given.args, *given.keywords]
    )
    if not last[:1].isupper() or last.isupper() or stars:
        raise NoLimit(f"`{ast.unparse(given)}` may be an exception, None or False")
    return given, False


def _block(use: Use, call: ast.Call) -> tuple[ast.With | ast.Try, str, tuple[ast.AST, ...]]:
    """The limited block, the name of the Timeout, and what is around the block."""
    holder = use.parents[-2]
    if isinstance(holder, ast.withitem):
        block = use.parents[-3]
        if not isinstance(block, ast.With):
            raise NoLimit("it limits asynchronous code")
        if len(block.items) > 1:
            raise NoLimit("other context managers stand in the same `with`")
        target = holder.optional_vars
        if target is not None and not isinstance(target, ast.Name):
            raise NoLimit("it is kept where it is not followed")
        return block, target.id if target else "", use.parents[:-3]
    if not isinstance(holder, ast.Assign) or holder.value is not call:
        raise NoLimit("it is neither in a `with` nor a name that a finally clause cancels")
    target = holder.targets[0]
    if len(holder.targets) > 1 or not isinstance(target, ast.Name):
        raise NoLimit("it is kept where it is not followed")
    around = use.parents[:-2]
    for field in ("body", "orelse", "finalbody"):
        statements = getattr(around[-1], field, [])
        after = statements[statements.index(holder) + 1 :] if holder in statements else []
        for statement in after:
            if isinstance(statement, ast.Try):
                if any(_cancels(item, target.id) for item in statement.finalbody):
                    return statement, target.id, around
                break
    raise NoLimit("no finally clause cancels it")


def body_of(use: Use) -> list[ast.stmt]:
    """The statements that run under a Timeout, as far as its form tells."""
    assert use.call is not None
    try:
        return _block(use, use.call)[0].body
    except NoLimit:
        block = next((n for n in reversed(use.parents) if isinstance(n, ast.stmt)), None)
        return block.body if isinstance(block, (ast.With, ast.AsyncWith)) else []


def is_limited_by(block: ast.Try, use: Use) -> bool:
    """Whether a try statement cancels the Timeout that another statement makes."""
    assert use.call is not None
    try:
        return _block(use, use.call)[0] is block
    except NoLimit:
        return False


def cancel_of(limit: Limit) -> ast.stmt | None:
    """The statement of the finally clause that cancels it."""
    if not isinstance(limit.block, ast.Try):
        return None
    return next(item for item in limit.block.finalbody if _cancels(item, limit.name))


def question(limit: Limit, module: Module, shown: str = "`TimeoutError`") -> dict[str, str]:
    """What to ask of the clauses that what it raises now may meet.

    What is raised of a class of the project, and taken by its name, the class's own finding asks.
    """
    if not limit.raises_itself:
        return {}
    catcher = limit.catcher
    if limit.own is not None and (catcher is None or not _catching.names_any(catcher, module)):
        return {}
    return _catching.question(catcher, shown=shown, flies=lets_go(limit))


def _cancels(statement: ast.stmt, name: str) -> bool:
    return isinstance(statement, ast.Expr) and ast.unparse(statement.value) == f"{name}.cancel()"


def identity_tests(limit: Limit) -> list[tuple[ast.If, bool]]:
    """The tests in the catching clause whether it is this Timeout, and what they say if it is."""
    if limit.catcher is None or not limit.name:
        return []
    return list(_tests_of(limit.catcher, limit.name))


def lets_go(limit: Limit) -> bool:
    """Whether the clause that catches it may raise it again, and not only what others raised."""
    if limit.catcher is None:
        return False
    others: list[ast.stmt] = []
    for test, is_it in identity_tests(limit):
        others += test.orelse if is_it else test.body
        if is_it and isinstance(test.body[-1], (ast.Return, ast.Raise, ast.Break, ast.Continue)):
            others += limit.catcher.body[limit.catcher.body.index(test) + 1 :]
    return _catching.reraises(limit.catcher, but=others)


def _tests_of(handler: ast.ExceptHandler, name: str) -> Iterator[tuple[ast.If, bool]]:
    for node in handler.body:
        test = node.test if isinstance(node, ast.If) else None
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            names = {ast.unparse(test.left), ast.unparse(test.comparators[0])}
            if names == {name, handler.name} and isinstance(test.ops[0], _SAME):
                assert isinstance(node, ast.If)
                yield node, isinstance(test.ops[0], (ast.Is, ast.Eq))


def _refuse_other_uses(use: Use, module: Module, name: str, block: ast.With | ast.Try) -> None:
    if name in module.declared_global:
        raise NoLimit(f"`{name}` is known to other functions")
    handlers = block.handlers if isinstance(block, ast.Try) else []
    known = [test.test for handler in handlers for test, _ in _tests_of(handler, name)]
    known += [item for item in getattr(block, "finalbody", []) if _cancels(item, name)]
    allowed = {id(part) for node in known for part in ast.walk(node)}
    for node in ast.walk(use.function if use.function is not None else module.tree):
        if isinstance(node, ast.Name) and node.id == name and id(node) not in allowed:
            if isinstance(node.ctx, ast.Load):
                raise NoLimit(f"`{name}` is used on line {node.lineno} too")
            if not _is_own_target(node, use):
                raise NoLimit(f"`{name}` is set again on line {node.lineno}")


def _refuse_late(error: ast.expr, block: ast.With | ast.Try) -> None:
    """An exception is made when it is raised now: that must give the same one."""
    changed = stored_in(block.body)
    for node in ast.walk(error):
        called = node is not error and isinstance(node, ast.Call)
        if called and not ast.unparse(node).startswith(("_(", "_L")):
            raise NoLimit(f"`{ast.unparse(node)}` is called before the block")
        if isinstance(node, ast.Name) and node.id in changed:
            raise NoLimit(f"the block changes `{node.id}`, which its exception is made of")


def stored_in(body: Iterable[ast.stmt]) -> frozenset[str]:
    """The names that some statements bind."""
    nodes = (node for statement in body for node in ast.walk(statement))
    return frozenset(
        node.id
        for node in nodes
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    )


def _is_own_target(node: ast.Name, use: Use) -> bool:
    holder = use.parents[-2]
    if isinstance(holder, ast.withitem):
        return holder.optional_vars is node
    return isinstance(holder, ast.Assign) and holder.targets[0] is node
