"""Tests that put mocks in the place of a class whose twin has methods that say the same.

Only the call that makes an object may differ, ``LightQueue(None)`` and ``Queue()``, so a mock is
followed as long as nobody looks at the arguments of that call. What is asked of the object is
called as the code under test calls it now: ``send`` of an event is ``set``.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.patches import Patch
from eventlet_codemod.rules.base import Edit
from eventlet_codemod.rules.testing._mocks import ASSERTED, SAME, NotFollowed, mock_of
from eventlet_codemod.rules.testing._results import is_side_effect, of_mock

_QUEUES = ("queue.Queue", "queue.LifoQueue", "queue.PriorityQueue")
_METHODS = ("get", "get_nowait", "put", "put_nowait", "qsize", "empty", "full")
_LOCK = ("acquire", "release", "__enter__", "__exit__")


def _alike(*names: str) -> dict[str, str]:
    return {name: name for name in names}


#: The methods of native classes, by those of eventlet's whose place they take.
_NATIVE: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(_QUEUES, _alike(*_METHODS, "task_done", "join")),
    "threading.Semaphore": _alike(*_LOCK),
    "threading.BoundedSemaphore": _alike(*_LOCK),
    "threading.Lock": _alike(*_LOCK),
    "threading.Event": {"wait": "wait", "send": "set", "ready": "is_set", "reset": "clear"},
}

#: The same for classes of the helper module. Of a pool nothing that starts work: a spawn whose
#: result is unused has another name.
_HELPERS: Mapping[str, Mapping[str, str]] = {
    "OneShot": _alike(
        *("send", "send_exception", "wait", "ready", "reset", "has_result", "has_exception"),
        *("poll", "poll_result", "poll_exception"),
    ),
    "BlockingPool": _alike("waitall", "running", "waiting", "free", "resize"),
}

#: Methods that are called just as before.
METHODS = frozenset(
    {
        f"{name}.{method}"
        for name, twins in _NATIVE.items()
        for method, twin in twins.items()
        if method == twin
    }
)


def twins_of(native: str) -> Mapping[str, str] | None:
    """The methods of a class, by those of eventlet's; None if it is no class that is known."""
    return _NATIVE.get(native) or _HELPERS.get(native.rpartition(".")[2])


def is_method(native: str) -> bool:
    """Whether a dotted name is of a method that is called as eventlet's was."""
    owner, _, name = native.rpartition(".")
    return native in METHODS or name in _HELPERS.get(owner.rpartition(".")[2], ())


def edits_for(patch: Patch, use: Use, facts: Facts, twins: Mapping[str, str]) -> tuple[Edit, ...]:
    """Let what is asked of the objects follow. Raises NotFollowed."""
    mock = mock_of(patch, use, facts)
    if mock.given is not None:
        raise NotFollowed("what it puts in place is called as eventlet's class was")
    if mock.objection:
        raise NotFollowed(mock.objection)
    for keyword in patch.call.keywords:
        if keyword.arg == "side_effect":
            _check_effect(keyword.value)
        elif keyword.arg == "return_value":
            _check_object(keyword.value, twins)
        elif keyword.arg not in ("autospec", "create"):
            raise NotFollowed(f"it is given {keyword.arg}")
    edits: list[Edit] = []
    for node, parents in mock.places:
        attribute, outer = parents[-1], parents[-2]
        named = attribute.attr if isinstance(attribute, ast.Attribute) else ""
        if named in SAME:
            continue
        if is_side_effect(parents):
            _check_effect(outer.value)  # type: ignore[attr-defined]
        elif named in ASSERTED:
            if not isinstance(outer, ast.Call) or outer.args or outer.keywords:
                raise NotFollowed(f"it is asked how it was called (line {node.lineno})")
        elif named == "return_value" and isinstance(outer, ast.Assign):
            if outer.value is attribute:
                edits += of_mock(node, parents, facts, twins)
            else:
                _check_object(outer.value, twins)
        else:
            edits += of_mock(node, parents, facts, twins)
    return tuple(edits)


def _check_object(value: ast.expr, twins: Mapping[str, str]) -> None:
    """An object of the test's own has the methods of eventlet's, which may have other names now."""
    if any(name != twin for name, twin in twins.items()):
        raise NotFollowed(f"what it gives instead is not followed (line {value.lineno})")


def _check_effect(value: ast.expr) -> None:
    """What is called in the place of the class gets other arguments; a list is just given out."""
    if not isinstance(value, (ast.List, ast.Tuple)):
        raise NotFollowed(f"its side effect may be called (line {value.lineno})")
