"""Where the mock of a patch is, and what a test does with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.module import FUNCTIONS, Parents
from eventlet_codemod.facts.patches import Patch

#: Functions that answer with the mock itself; those of `unittest.mock` answer with a patcher.
_GIVE_MOCKS = frozenset({"patchobject", "mock_object", "patch_object", "spy"})

#: What is asked of a mock without a word of the arguments that it was called with.
SAME = frozenset(
    {"called", "call_count", "reset_mock", "start", "stop"}
    | {"assert_called", "assert_called_once", "assert_not_called"}
)

#: What asks with which arguments a mock was called.
ASSERTED = frozenset({"assert_called_with", "assert_called_once_with", "assert_any_call"})

Place = tuple[ast.expr, Parents]


class NotFollowed(Exception):
    """Something that is done with a mock has no counterpart; the text says what."""


@dataclass(slots=True)
class Mock:
    """The places of a test that are the mock; ``objection`` says why they are not all known.

    ``given`` is what the patch puts in place instead of a mock.
    """

    places: list[Place] = field(default_factory=list)
    objection: str = ""
    given: ast.expr | None = None


def mock_of(patch: Patch, use: Use, facts: Facts) -> Mock:
    """Follow the mock that a patch makes to where the test reads it."""
    given = _given(patch)
    if given is not None:
        return Mock(given=given)
    place = use.parents.index(patch.call)
    outer = use.parents[:place]
    holder = outer[-1]
    if isinstance(holder, FUNCTIONS) and patch.call in holder.decorator_list:
        return _of_parameter(patch.call, holder, facts)
    if isinstance(holder, ast.ClassDef):
        return Mock(objection="it decorates a class")
    if isinstance(holder, ast.withitem):
        if holder.optional_vars is None:
            return Mock()
        return _of_target(holder.optional_vars, outer, facts)
    node, outer = _value(patch.call, outer)
    if node is None:
        return _of_patcher(outer, facts)
    return _of_value(node, outer, facts)


def _given(patch: Patch) -> ast.expr | None:
    """The replacement that a patch is given, if it is one."""
    position = 1 if patch.how == "name" else 2
    if len(patch.call.args) > position:
        return patch.call.args[position]
    return next((k.value for k in patch.call.keywords if k.arg == "new"), None)


def _value(call: ast.Call, outer: Parents) -> tuple[ast.expr | None, Parents]:
    """The expression that is the mock: `patch(…).start()`, `MockPatch(…).mock`, the call itself."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if name in _GIVE_MOCKS or (isinstance(owner, ast.Name) and owner.id in ("mocker", "self")):
        return call, outer
    entered = outer[-1] if isinstance(outer[-1], ast.Call) else None
    if entered is not None and ast.unparse(entered.func).endswith(("enter_context", "useFixture")):
        outer = outer[:-1]
        if ast.unparse(entered.func).endswith("enter_context"):
            return entered, outer
        if isinstance(outer[-1], ast.Attribute) and outer[-1].attr == "mock":
            return outer[-1], outer[:-1]
        return (entered, outer) if isinstance(outer[-1], ast.Expr) else (None, outer)
    started = outer[-1]
    called = outer[-2] if len(outer) > 1 else None
    if isinstance(started, ast.Attribute) and started.attr == "start":
        return (called, outer[:-2]) if isinstance(called, ast.Call) else (None, outer)
    return None, outer


def _of_parameter(call: ast.Call, function: ast.AST, facts: Facts) -> Mock:
    """Decorators give their mocks to the last parameters, the lowest one first."""
    assert isinstance(function, FUNCTIONS)
    name = parameter_of(call, function)
    if name is None:
        return Mock(objection="its parameter cannot be told")
    return Mock(list(_names(name, function, facts)))


def parameter_of(call: ast.Call, function: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """The parameter that a patch gives its mock to; those with a default come behind all mocks."""
    giving = [item for item in reversed(function.decorator_list) if gives_parameter(item)]
    given = [*function.args.posonlyargs, *function.args.args]
    positional = given[: len(given) - len(function.args.defaults)]
    if len(giving) > len(positional) or function.args.vararg is not None:
        return None
    return positional[len(positional) - len(giving) + giving.index(call)].arg


def gives_parameter(decorator: ast.expr) -> bool:
    """Whether a decorator hands a mock to the function."""
    if not isinstance(decorator, ast.Call):
        return False
    called = ast.unparse(decorator.func)
    by_name = called.rpartition(".")[2] == "patch"
    if not (by_name or called.endswith("patch.object")):
        return False
    position = 1 if by_name else 2
    return len(decorator.args) <= position and all(k.arg != "new" for k in decorator.keywords)


def _of_patcher(outer: Parents, facts: Facts) -> Mock:
    """``patcher = mock.patch(…)``: only what it starts is followed."""
    statement = outer[-1]
    if not isinstance(statement, ast.Assign) or len(statement.targets) > 1:
        return Mock(objection="its patcher is passed on")
    found = Mock()
    for node, parents in reads_of(statement.targets[0], outer, facts):
        attribute = parents[-1]
        call = parents[-2] if len(parents) > 1 else None
        if not isinstance(attribute, ast.Attribute) or attribute.value is not node:
            return Mock(objection="its patcher is passed on")
        if attribute.attr == "start" and isinstance(call, ast.Call):
            more = _of_value(call, parents[:-2], facts)
            found.places += more.places
            found.objection = found.objection or more.objection
    return found


def _of_value(node: ast.expr, outer: Parents, facts: Facts) -> Mock:
    holder = outer[-1]
    if isinstance(holder, ast.Expr):
        return Mock()
    if isinstance(holder, ast.Assign) and holder.value is node and len(holder.targets) == 1:
        return _of_target(holder.targets[0], outer, facts)
    return Mock(objection="its mock is passed on")


def _of_target(target: ast.expr, outer: Parents, facts: Facts) -> Mock:
    places = list(reads_of(target, outer, facts))
    known = isinstance(target, (ast.Name, ast.Attribute))
    return Mock(places, "" if known else "its mock is unpacked")


def reads_of(target: ast.expr, outer: Parents, facts: Facts) -> Iterator[Place]:
    """Where a name of a function, or an attribute of ``self``, is read."""
    if isinstance(target, ast.Name):
        function = next((n for n in reversed(outer) if isinstance(n, FUNCTIONS)), facts.tree)
        yield from _names(target.id, function, facts)
    elif isinstance(target, ast.Attribute):
        owner = next((n for n in reversed(outer) if isinstance(n, ast.ClassDef)), facts.tree)
        wanted = ast.unparse(target)
        for occurrence in facts.occurrences_in(target.attr, owner):
            node = occurrence.node
            read = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
            if read and ast.unparse(node) == wanted:
                yield node, occurrence.parents  # type: ignore[misc]


def _names(name: str, function: ast.AST, facts: Facts) -> Iterator[Place]:
    for occurrence in facts.occurrences_in(name, function):
        node = occurrence.node
        inside = function in occurrence.parents or isinstance(function, ast.Module)
        if inside and isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node, occurrence.parents
