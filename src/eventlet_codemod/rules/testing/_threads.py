"""Tests of code that spawned and starts a thread or a timer now: the same of the new call.

``spawn.assert_called_once_with(f, 1)`` becomes ``…(target=f, args=(1,), daemon=True)``, and a side
effect or a stand-in that ran the function at once becomes one that gives a thread which runs it in
``start()``. What is asked of what the mock gives follows too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import libcst as cst

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.module import Parents
from eventlet_codemod.facts.patches import Patch
from eventlet_codemod.layout import Argument, tuple_of
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Edit, ReplaceExpression
from eventlet_codemod.rules.testing._mocks import (
    ASSERTED,
    SAME,
    Mock,
    NotFollowed,
    mock_of,
)
from eventlet_codemod.rules.testing._results import is_side_effect, of_mock


@dataclass(frozen=True, slots=True)
class Shape:
    """How a native object is made where eventlet called a function.

    ``leading`` parameters were the spawn's own, the function last. ``keyword`` is what the class
    gets it as, "" by position; ``last`` what is added. ``parameters`` are those of a stand-in for
    the class, and ``twins`` the methods of what it gives by those of eventlet's. ``stars`` are
    those of the call in the code under test: what they hold is passed on also where it is nothing.
    """

    leading: int
    keyword: str
    last: tuple[str, ...]
    parameters: str
    more: str
    twins: Mapping[str, str]
    stars: frozenset[str] = frozenset()


SHAPES = {
    "threading.Thread": Shape(
        1, "target=", ("daemon=True",), "target", "daemon=None", {"wait": "join"}
    ),
    "threading.Timer": Shape(
        2, "", (), "interval, target", "", {"cancel": "cancel", "kill": "cancel"}
    ),
}


def edits_for(shape: Shape, patch: Patch, use: Use, facts: Facts) -> tuple[Edit, ...]:
    """The edits that let a test follow. Raises NotFollowed."""
    mock = mock_of(patch, use, facts)
    if isinstance(mock.given, ast.Lambda) and _calls_function(mock.given, shape):
        return (_runs_at_once(mock.given, patch, shape),)
    _refuse(mock)
    edits: list[Edit] = []
    for keyword in patch.call.keywords:
        if keyword.arg == "side_effect":
            edits.append(_runs_at_once(keyword.value, patch, shape))
        elif keyword.arg not in ("autospec", "create"):
            raise NotFollowed(f"it is given {keyword.arg}")
    for node, parents in mock.places:
        edits += _at(node, parents, patch, facts, shape)
    return tuple(edits)


def _refuse(mock: Mock) -> None:
    if mock.given is not None:
        raise NotFollowed("what it puts in place is called as spawn was")
    if mock.objection:
        raise NotFollowed(mock.objection)


def _at(
    node: ast.expr, parents: Parents, patch: Patch, facts: Facts, shape: Shape
) -> Iterator[Edit]:
    """The edits at one place where the mock is read."""
    attribute, outer = parents[-1], parents[-2]
    named = attribute.attr if isinstance(attribute, ast.Attribute) else ""
    if named in SAME:
        return
    if is_side_effect(parents):
        value = outer.value  # type: ignore[attr-defined]
        yield replace(_runs_at_once(value, patch, shape), parents=parents)
    elif named in ASSERTED and isinstance(outer, ast.Call):
        yield replace(_asserted(outer, shape), parents=parents)
    elif named == "assert_has_calls" and isinstance(outer, ast.Call):
        yield replace(_in_order(outer, node.lineno, shape), parents=parents)
    else:
        yield from of_mock(node, parents, facts, shape.twins)


# --- assertions --------------------------------------------------------------------------------


def _asserted(call: ast.Call, shape: Shape) -> ReplaceExpression:
    _refuse_stars(call, shape)

    def make(node: cst.BaseExpression, context: Context) -> str:
        assert isinstance(node, cst.Call)
        return context.call(context.code(node.func), _arguments(node, context, shape))

    return ReplaceExpression(call, make)


def _refuse_stars(call: ast.Call, shape: Shape) -> None:
    starred = any(isinstance(item, ast.Starred) for item in call.args)
    starred = starred or any(item.arg is None for item in call.keywords)
    if starred or len(call.args) < shape.leading:
        raise NotFollowed(f"what it expects cannot be seen (line {call.lineno})")


def _arguments(node: cst.Call, context: Context, shape: Shape) -> list[Argument]:
    """``(f, a, k=b)`` as the thread gets it."""
    positional = [context.value(item.value) for item in node.args if item.keyword is None]
    named = [item for item in node.args if item.keyword is not None]
    quote = "'" if "'" in context.module.code else '"'
    *arguments, function = positional[: shape.leading]
    given: list[Argument] = [*arguments, f"{shape.keyword}{function}"]
    if len(positional) > shape.leading:
        given.append(tuple_of("args=", positional[shape.leading :]))
    elif "*" in shape.stars:
        given.append("args=()")
    if named:
        items = ", ".join(
            f"{quote}{item.keyword.value}{quote}: {context.value(item.value)}"
            for item in named
            if item.keyword is not None
        )
        given.append(f"kwargs={{{items}}}")
    elif "**" in shape.stars:
        given.append("kwargs={}")
    return [*given, *shape.last]


def _in_order(call: ast.Call, line: int, shape: Shape) -> ReplaceExpression:
    """``assert_has_calls([call(f), call(g)])``: each thread is started before the next is made."""
    listed = call.args[0] if len(call.args) == 1 and not call.keywords else None
    if not isinstance(listed, ast.List):
        raise NotFollowed(f"what it expects cannot be seen (line {line})")
    for item in listed.elts:
        if not isinstance(item, ast.Call) or not ast.unparse(item.func).endswith("call"):
            raise NotFollowed(f"what it expects cannot be seen (line {line})")
        _refuse_stars(item, shape)

    def make(node: cst.BaseExpression, context: Context) -> str:
        assert isinstance(node, cst.List)
        items: list[Argument] = []
        for element in node.elements:
            expected = element.value
            assert isinstance(expected, cst.Call)
            name = context.code(expected.func)
            made = ", ".join(map(str, _arguments(expected, context, shape)))
            items += [f"{name}({made})", f"{name}().start()"]
        return f"[{context.call('', items)[1:-1]}]"  # laid out as arguments are

    return ReplaceExpression(listed, make)


# --- side effects ------------------------------------------------------------------------------


def _runs_at_once(value: ast.expr, patch: Patch, shape: Shape) -> ReplaceExpression:
    """``lambda f, *a: f(*a)``: a mock thread that runs its function when it is started."""
    if not isinstance(value, ast.Lambda) or not _calls_function(value, shape):
        raise NotFollowed(f"its side effect is no call of the function (line {value.lineno})")
    root = patch.call.func
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name) or root.id != "mock":
        raise NotFollowed("the test has no name `mock` for a thread to be made of")
    passes = value.args.vararg is not None or len(value.args.args) > shape.leading
    given = ("args=(), kwargs=None",) if passes else ()
    parameters = ", ".join(filter(None, [shape.parameters, *given, shape.more]))
    started = "lambda: target(*args, **(kwargs or {}))" if passes else "target"
    return ReplaceExpression(
        value, lambda node, context: f"lambda {parameters}: mock.Mock(start={started})"
    )


def _calls_function(value: ast.Lambda, shape: Shape) -> bool:
    """Whether a lambda calls the function that it is given with all that comes behind it."""
    arguments, body = value.args, value.body
    names = [item.arg for item in (*arguments.posonlyargs, *arguments.args)][shape.leading - 1 :]
    if not names or arguments.defaults or arguments.kwonlyargs or not isinstance(body, ast.Call):
        return False
    if not isinstance(body.func, ast.Name) or body.func.id != names[0]:
        return False
    expected = [ast.Name(name) for name in names[1:]]
    wanted = ast.unparse(
        ast.Call(
            ast.Name(names[0]),
            [
                *expected,
                *([ast.Starred(ast.Name(arguments.vararg.arg))] if arguments.vararg else []),
            ],
            [ast.keyword(None, ast.Name(arguments.kwarg.arg))] if arguments.kwarg else [],
        )
    )
    return ast.unparse(body) == wanted
