"""Tests of code that spawned and starts a thread now: the same assertions of the new call.

``spawn.assert_called_once_with(f, 1)`` becomes ``…(target=f, args=(1,), daemon=True)``, and a side
effect or a stand-in that ran the function at once becomes one that gives a thread which runs it in
``start()``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

import libcst as cst

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.module import Parents
from eventlet_codemod.facts.patches import Patch
from eventlet_codemod.layout import Argument, tuple_of
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Edit, ReplaceExpression
from eventlet_codemod.rules.testing._mocks import SAME, Mock, NotFollowed, mock_of

_ASSERTED = frozenset({"assert_called_with", "assert_called_once_with", "assert_any_call"})


def edits_for(patch: Patch, use: Use, facts: Facts) -> tuple[Edit, ...]:
    """The edits that let a test follow. Raises NotFollowed."""
    mock = mock_of(patch, use, facts)
    if isinstance(mock.given, ast.Lambda) and _calls_first(mock.given):
        return (_runs_at_once(mock.given, patch),)
    _refuse(mock)
    edits: list[Edit] = []
    for keyword in patch.call.keywords:
        if keyword.arg == "side_effect":
            edits.append(_runs_at_once(keyword.value, patch))
        elif keyword.arg not in ("autospec", "create"):
            raise NotFollowed(f"it is given {keyword.arg}")
    for node, parents in mock.places:
        edits += _at(node, parents, patch)
    return tuple(edits)


def _refuse(mock: Mock) -> None:
    if mock.given is not None:
        raise NotFollowed("what it puts in place is called as spawn was")
    if mock.objection:
        raise NotFollowed(mock.objection)


def _at(node: ast.expr, parents: Parents, patch: Patch) -> Iterator[Edit]:
    """The edits at one place where the mock is read."""
    attribute = parents[-1]
    if not isinstance(attribute, ast.Attribute) or attribute.value is not node:
        raise NotFollowed(f"its mock is passed on (line {node.lineno})")
    outer = parents[-2]
    if attribute.attr in SAME:
        return
    if attribute.attr == "side_effect" and isinstance(outer, ast.Assign):
        yield replace(_runs_at_once(outer.value, patch), parents=parents)
    elif attribute.attr in _ASSERTED and isinstance(outer, ast.Call):
        yield replace(_asserted(outer), parents=parents)
    elif attribute.attr == "assert_has_calls" and isinstance(outer, ast.Call):
        yield replace(_in_order(outer, node.lineno), parents=parents)
    else:
        raise NotFollowed(f".{attribute.attr} of its mock is used (line {node.lineno})")


# --- assertions --------------------------------------------------------------------------------


def _asserted(call: ast.Call) -> ReplaceExpression:
    _refuse_stars(call)

    def make(node: cst.BaseExpression, context: Context) -> str:
        assert isinstance(node, cst.Call)
        return context.call(context.code(node.func), _arguments(node, context))

    return ReplaceExpression(call, make)


def _refuse_stars(call: ast.Call) -> None:
    starred = any(isinstance(item, ast.Starred) for item in call.args)
    if starred or any(item.arg is None for item in call.keywords) or not call.args:
        raise NotFollowed(f"what it expects cannot be seen (line {call.lineno})")


def _arguments(node: cst.Call, context: Context) -> list[Argument]:
    """``(f, a, k=b)`` as the thread gets it."""
    positional = [item for item in node.args if item.keyword is None]
    named = [item for item in node.args if item.keyword is not None]
    quote = "'" if "'" in context.module.code else '"'
    arguments: list[Argument] = [f"target={context.value(positional[0].value)}"]
    if len(positional) > 1:
        arguments.append(tuple_of("args=", [context.value(i.value) for i in positional[1:]]))
    if named:
        items = ", ".join(
            f"{quote}{item.keyword.value}{quote}: {context.value(item.value)}"
            for item in named
            if item.keyword is not None
        )
        arguments.append(f"kwargs={{{items}}}")
    return [*arguments, "daemon=True"]


def _in_order(call: ast.Call, line: int) -> ReplaceExpression:
    """``assert_has_calls([call(f), call(g)])``: each thread is started before the next is made."""
    listed = call.args[0] if len(call.args) == 1 and not call.keywords else None
    if not isinstance(listed, ast.List):
        raise NotFollowed(f"what it expects cannot be seen (line {line})")
    for item in listed.elts:
        if not isinstance(item, ast.Call) or not ast.unparse(item.func).endswith("call"):
            raise NotFollowed(f"what it expects cannot be seen (line {line})")
        _refuse_stars(item)

    def make(node: cst.BaseExpression, context: Context) -> str:
        assert isinstance(node, cst.List)
        items: list[Argument] = []
        for element in node.elements:
            expected = element.value
            assert isinstance(expected, cst.Call)
            name = context.code(expected.func)
            made = ", ".join(map(str, _arguments(expected, context)))
            items += [f"{name}({made})", f"{name}().start()"]
        return f"[{context.call('', items)[1:-1]}]"  # laid out as arguments are

    return ReplaceExpression(listed, make)


# --- side effects ------------------------------------------------------------------------------


def _runs_at_once(value: ast.expr, patch: Patch) -> ReplaceExpression:
    """``lambda f, *a: f(*a)``: a mock thread that runs its function when it is started."""
    if not isinstance(value, ast.Lambda) or not _calls_first(value):
        raise NotFollowed(f"its side effect is no call of the function (line {value.lineno})")
    root = patch.call.func
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name) or root.id != "mock":
        raise NotFollowed("the test has no name `mock` for a thread to be made of")
    passes = value.args.vararg is not None or len(value.args.args) > 1
    target = "target, args=(), kwargs=None, daemon=None" if passes else "target, daemon=None"
    started = "lambda: target(*args, **(kwargs or {}))" if passes else "target"
    return ReplaceExpression(
        value, lambda node, context: f"lambda {target}: mock.Mock(start={started})"
    )


def _calls_first(value: ast.Lambda) -> bool:
    """Whether a lambda calls its first parameter with all the others, in their order."""
    arguments, body = value.args, value.body
    names = [item.arg for item in (*arguments.posonlyargs, *arguments.args)]
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
