"""What a mock gives: an object of the test that stands for one that eventlet made.

``spawn.return_value.wait.return_value = 3`` becomes ``spawn.return_value.result.return_value = 3``
where the code under test has a Future now. An object is followed through ``return_value``, a call
of the mock, and the name that it is kept by.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace

import libcst as cst

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.module import Parents
from eventlet_codemod.facts.patches import Patch
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Edit, ReplaceExpression
from eventlet_codemod.rules.testing import _fakes
from eventlet_codemod.rules.testing._mocks import ASSERTED, SAME, NotFollowed, mock_of, reads_of

#: What is said to a Future, by what was said to a green thread.
OF_FUTURE = {"wait": "result", "link": "add_done_callback", "cancel": "cancel"}

#: The same for a delayed call: a kill is what can still be cancelled.
OF_DELAYED = {**OF_FUTURE, "kill": "cancel"}

#: Methods whose native twin may be given something else.
_GIVEN_ELSE = {"link": 1, "send": None}


def edits_for(patch: Patch, use: Use, facts: Facts, twins: Mapping[str, str]) -> tuple[Edit, ...]:
    """Let the results of a function follow that is called as eventlet's was. Raises NotFollowed."""
    mock = mock_of(patch, use, facts)
    if mock.objection:
        raise NotFollowed(mock.objection)
    if mock.given is not None:
        return tuple(_given(mock.given, facts, twins))
    edits: list[Edit] = []
    for keyword in patch.call.keywords:
        if keyword.arg in ("side_effect", "return_value"):
            edits += _given(keyword.value, facts, twins)
        elif keyword.arg not in ("autospec", "create"):
            raise NotFollowed(f"it is given {keyword.arg}")
    for node, parents in mock.places:
        outer = parents[-1]
        if isinstance(outer, ast.Attribute) and outer.attr in SAME | ASSERTED | _LOOKS:
            continue
        if is_side_effect(parents):
            edits += _given(parents[-2].value, facts, twins)  # type: ignore[attr-defined]
            continue
        edits += of_mock(node, parents, facts, twins)
    return tuple(edits)


#: What else is asked of a mock that is called as before.
_LOOKS = frozenset(
    {"assert_has_calls", "call_args", "call_args_list", "mock_calls", "method_calls"}
)


def is_side_effect(parents: Parents) -> bool:
    """Whether a place is ``mock.side_effect = …``."""
    attribute, outer = parents[-1], parents[-2]
    named = isinstance(attribute, ast.Attribute) and attribute.attr == "side_effect"
    return named and isinstance(outer, ast.Assign)


def _given(value: ast.expr, facts: Facts, twins: Mapping[str, str]) -> Iterator[Edit]:
    """The edits of what a test puts in place: values are the same, a fake's methods follow."""
    if not _is_value(value):
        yield from _fakes.edits_for(value, facts, twins)


def _is_value(value: ast.expr) -> bool:
    """Whether what is given is no object that stands for a green thread."""
    if isinstance(value, ast.Lambda):
        names = [item.arg for item in (*value.args.posonlyargs, *value.args.args)]
        called = value.body.func if isinstance(value.body, ast.Call) else None
        return (isinstance(called, ast.Name) and called.id in names) or _is_value(value.body)
    if isinstance(value, (ast.List, ast.Tuple)):
        return all(map(_is_value, value.elts))
    name = ast.unparse(value.func if isinstance(value, ast.Call) else value)
    return isinstance(value, ast.Constant) or name.endswith(("Error", "Exception"))


def of_mock(
    node: ast.expr, parents: Parents, facts: Facts, twins: Mapping[str, str]
) -> Iterator[Edit]:
    """The edits where a mock is asked for its object: ``mock.return_value`` or ``mock()``."""
    made = parents[-1]
    called = isinstance(made, ast.Call) and made.func is node
    if called or (isinstance(made, ast.Attribute) and made.attr == "return_value"):
        yield from of_object(made, parents[:-1], facts, twins)  # type: ignore[arg-type]
    elif isinstance(made, ast.Attribute) and made.value is node:
        raise NotFollowed(f".{made.attr} of its mock is used (line {node.lineno})")
    else:
        raise NotFollowed(f"its mock is passed on (line {node.lineno})")


def of_object(
    node: ast.expr, parents: Parents, facts: Facts, twins: Mapping[str, str]
) -> Iterator[Edit]:
    """The edits where something is asked of an object that a mock gives."""
    outer = parents[-1]
    if isinstance(outer, ast.Attribute) and outer.value is node:
        yield from _of_method(outer, parents[:-1], twins)
    elif isinstance(outer, ast.Assign) and outer.value is node and len(outer.targets) == 1:
        if not isinstance(outer.targets[0], (ast.Name, ast.Attribute)):
            raise NotFollowed(f"what it gives is unpacked (line {node.lineno})")
        for place, around in reads_of(outer.targets[0], parents, facts):
            yield from of_object(place, around, facts, twins)
    elif isinstance(outer, ast.Assign):
        yield from _given(outer.value, facts, twins)
    elif not isinstance(outer, (ast.Expr, ast.Compare)) and not _is_assertion(outer):
        raise NotFollowed(f"what it gives is passed on (line {node.lineno})")


def _is_assertion(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith("self.assert")


def _of_method(node: ast.Attribute, parents: Parents, twins: Mapping[str, str]) -> Iterator[Edit]:
    """``….wait`` of such an object, whatever is asked of that."""
    name = node.attr
    if name not in twins:
        raise NotFollowed(f".{name} of what it gives is used (line {node.lineno})")
    if name in _GIVEN_ELSE:
        call = _assertion_of(node, parents)
        expected = _GIVEN_ELSE[name]
        if call is not None and expected is None:
            yield replace(_bare(call, twins[name]), parents=parents)
            return
        if call is not None and (len(call.args) != expected or call.keywords):
            raise NotFollowed(f"what .{name} is given may be another now (line {node.lineno})")
    if twins[name] != name:
        new = cst.Name(twins[name])
        yield ReplaceExpression(node, lambda n, c: n.with_changes(attr=new), parents=parents)


def _assertion_of(node: ast.Attribute, parents: Parents) -> ast.Call | None:
    """``node.assert_called_with(…)``, or None where nobody looks at the arguments."""
    outer, call = parents[-1], parents[-2] if len(parents) > 1 else None
    if isinstance(outer, ast.Attribute) and outer.value is node:
        if outer.attr in SAME | {"return_value", "side_effect"}:
            return None
        if outer.attr in ASSERTED and isinstance(call, ast.Call) and call.func is outer:
            return call
    raise NotFollowed(f"what .{node.attr} is given may be another now (line {node.lineno})")


def _bare(call: ast.Call, name: str) -> ReplaceExpression:
    """``….send.assert_called_once_with(True)`` as ``….set.assert_called_once_with()``."""

    def make(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
        assert isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
        method = node.func.value
        assert isinstance(method, cst.Attribute)
        function = node.func.with_changes(value=method.with_changes(attr=cst.Name(name)))
        bare = cst.SimpleWhitespace("")
        return node.with_changes(func=function, args=(), whitespace_before_args=bare)

    return ReplaceExpression(call, make)
