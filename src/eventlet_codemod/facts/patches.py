"""Calls that put something in the place of a name for the time of a test."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal

from eventlet_codemod.facts.uses import Use

#: Functions that take the dotted name of what they replace, by the last part of theirs:
#: `mock.patch`, `mocker.patch`, nova's `stub_out`, those of fixtures and of pytest.
_BY_NAME = frozenset({"patch", "stub_out", "MonkeyPatch", "MockPatch", "setattr"})

#: Functions that take an object and the name of an attribute: `mock.patch.object`, heat's
#: `patchobject`, manila's `mock_object`, those of fixtures and of pytest.
_BY_OBJECT = frozenset(
    {"object", "patchobject", "patch_object", "mock_object", "MockPatchObject", "setattr", "spy"}
)


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch of ``name``, or of the attribute ``name`` of an ``owner``.

    ``literal`` is the string that says so: the whole dotted name, or that of the attribute.
    """

    call: ast.Call
    how: Literal["name", "object"]
    name: str
    literal: ast.Constant
    owner: ast.expr | None = None


def patch_of(use: Use) -> Patch | None:
    """The patch that a use of eventlet is the target of, or stands in the target of."""
    for place in range(len(use.parents) - 1, -1, -1):
        node = use.parents[place]
        if isinstance(node, ast.stmt):
            return None
        if isinstance(node, ast.Call):
            inner = use.parents[place + 1] if place + 1 < len(use.parents) else use.node
            return patch_at(node, inner, use.patchers)
    return None


def patch_at(
    call: ast.Call, target: ast.AST, patchers: frozenset[str] = frozenset()
) -> Patch | None:
    """The patch that a call is, if ``target`` is what it patches, or names that.

    ``patchers`` are functions of the project that patch what a string names.
    """
    last = _last(call.func)
    first = call.args[0] if call.args else None
    second = call.args[1] if len(call.args) > 1 else None
    if last in _BY_NAME | patchers and first is target and isinstance(first, ast.Constant):
        return Patch(call, "name", first.value, first) if isinstance(first.value, str) else None
    by_object = last in _BY_OBJECT and (last != "object" or _last_of_owner(call.func) == "patch")
    if by_object and target in (first, second) and isinstance(second, ast.Constant):
        name = second.value
        return Patch(call, "object", name, second, first) if isinstance(name, str) else None
    return None


def is_asserted_on(use: Use) -> bool:
    """Whether a test asserts that an object is, or is not, of the class that a use names."""
    call = use.parent
    if not isinstance(call, ast.Call) or use.node not in call.args[1:2]:
        return False
    return _last(call.func) in ("assertIsInstance", "assertNotIsInstance")


def is_specification(use: Use) -> bool:
    """Whether a mock is made after the class or function that a use names."""
    parent = use.parent
    if isinstance(parent, ast.keyword):
        return parent.arg in ("spec", "spec_set")
    return isinstance(parent, ast.Call) and _last(parent.func) == "create_autospec"


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _last_of_owner(node: ast.expr) -> str:
    return _last(node.value) if isinstance(node, ast.Attribute) else ""
