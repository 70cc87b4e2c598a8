"""Tests that put mocks in the place of a class whose twin has the same methods.

Only the call that makes an object may differ, ``LightQueue(None)`` and ``Queue()``, so a mock is
followed as long as nobody looks at the arguments of that call.
"""

from __future__ import annotations

import ast

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.patches import Patch
from eventlet_codemod.rules.testing._mocks import SAME, NotFollowed, mock_of

_QUEUES = ("queue.Queue", "queue.LifoQueue", "queue.PriorityQueue")
_METHODS = ("get", "get_nowait", "put", "put_nowait", "qsize", "empty", "full")

_SHARED = (*_METHODS, "task_done", "join", "acquire", "release", "__enter__", "__exit__")

#: Native classes with the methods of those that they take the place of.
CLASSES = frozenset(
    {*_QUEUES, "threading.Semaphore", "threading.BoundedSemaphore", "threading.Lock"}
)

#: Methods of theirs that are called just as before.
METHODS = frozenset(f"{name}.{method}" for name in _QUEUES for method in _METHODS)

_NO_ARGUMENTS = frozenset({"assert_called_with", "assert_called_once_with", "assert_any_call"})


def check(patch: Patch, use: Use, facts: Facts) -> None:
    """Raise NotFollowed where a test looks at how the objects are made."""
    mock = mock_of(patch, use, facts)
    if mock.given is not None:
        raise NotFollowed("what it puts in place is called as eventlet's class was")
    if mock.objection:
        raise NotFollowed(mock.objection)
    for keyword in patch.call.keywords:
        if keyword.arg == "side_effect":
            _check_effect(keyword.value)
        elif keyword.arg not in ("autospec", "create", "return_value"):
            raise NotFollowed(f"it is given {keyword.arg}")
    for node, parents in mock.places:
        attribute, outer = parents[-1], parents[-2]
        if not isinstance(attribute, ast.Attribute) or attribute.value is not node:
            raise NotFollowed(f"its mock is passed on (line {node.lineno})")
        if attribute.attr == "side_effect" and isinstance(outer, ast.Assign):
            _check_effect(outer.value)
        elif attribute.attr in _NO_ARGUMENTS:
            if not isinstance(outer, ast.Call) or outer.args or outer.keywords:
                raise NotFollowed(f"it is asked how it was called (line {node.lineno})")
        elif attribute.attr == "return_value":
            _check_object(outer)
        elif attribute.attr not in SAME:
            raise NotFollowed(f".{attribute.attr} of its mock is used (line {node.lineno})")


def _check_object(outer: ast.AST) -> None:
    """Its ``balance``, say, has another name now."""
    if isinstance(outer, ast.Attribute) and outer.attr not in _SHARED:
        raise NotFollowed(f".{outer.attr} of what it makes is used (line {outer.lineno})")


def _check_effect(value: ast.expr) -> None:
    """What is called in the place of the class gets other arguments; a list is just given out."""
    if not isinstance(value, (ast.List, ast.Tuple)):
        raise NotFollowed(f"its side effect may be called (line {value.lineno})")
