"""What a ``send`` or ``send_exception`` of an event carries."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from eventlet_codemod.facts import HandleUse
from eventlet_codemod.rules.sync import _alike

SENDS = ("send", "send_exception")


def sent(deed: HandleUse) -> str:
    """What a send carries: ``nothing``, ``true``, ``value``, ``error``, ``hidden`` or ``asked``.

    ``asked`` is a bound method that is passed on: with what it is called cannot be seen. "" is
    for what sends nothing at all.
    """
    if deed.attribute not in SENDS:
        return ""
    if deed.call is None:
        count = passed_on(deed)
        if deed.attribute == "send_exception":
            return "error" if count == 1 else "hidden"
        return {None: "asked", 0: "nothing", 1: "value"}.get(count, "hidden")
    if _alike.has_stars(deed.call):
        return "error" if is_exc_info(deed) else "hidden"
    if deed.attribute == "send_exception":
        return "error"
    result, exc = arguments(deed.call)
    if exc is not None and not is_none(exc):
        return "error"
    if result is None or is_none(result):
        return "nothing"
    is_true = isinstance(result, ast.Constant) and result.value is True
    return "true" if is_true else "value"


def arguments(call: ast.Call) -> tuple[ast.expr | None, ast.expr | None]:
    """``result`` and ``exc`` of a call of send()."""
    given: dict[str | None, ast.expr] = dict(zip(("result", "exc"), call.args, strict=False))
    given.update({item.arg: item.value for item in call.keywords})
    return given.get("result"), given.get("exc")


def is_exc_info(deed: HandleUse) -> bool:
    """Whether the one thing that is passed on, starred or as ``exc``, is ``sys.exc_info()``."""
    call = deed.call
    assert call is not None
    given = call.args[0] if len(call.args) == 1 and not call.keywords else None
    if not isinstance(given, ast.Starred) or deed.attribute != "send_exception":
        return False
    return gives_exc_info(given.value)


def gives_exc_info(node: ast.expr) -> bool:
    """Whether an expression is ``sys.exc_info()``, or a name that says that it holds that."""
    if isinstance(node, ast.Call):
        return ast.unparse(node) in ("sys.exc_info()", "exc_info()")
    return isinstance(node, ast.Name) and node.id in ("exc_info", "exc_infos", "ei", "einfo")


#: Calls that pass on what follows the function, and the place of that function.
_CALLERS = {
    **dict.fromkeys(("spawn", "spawn_n", "submit", "addCleanup", "call_soon"), 0),
    **dict.fromkeys(("call_soon_threadsafe", "atexit.register", "stack.callback"), 0),
    **dict.fromkeys(("spawn_after", "spawn_after_local", "call_later", "Timer"), 1),
    **{"assertRaises": 1, "assertRaisesRegex": 2, "pytest.raises": 1},
}


def passed_on(deed: HandleUse) -> int | None:
    """With how many arguments a bound method that is passed on is called; None if unknown."""
    method, outer = deed.parents[-1], deed.parents[-2]
    call = deed.parents[-3] if isinstance(outer, ast.keyword) else outer
    if not isinstance(call, ast.Call):
        return None
    whole = ast.unparse(call.func)
    name = whole.rpartition(".")[2]
    if isinstance(outer, ast.keyword):
        if outer.arg != "target" or name not in ("Thread", "Process"):
            return None
        return _counted(call, "args") if not _keyword(call, "kwargs") else None
    place = _CALLERS.get(name, _CALLERS.get(whole))
    if place is None or len(call.args) <= place or call.args[place] is not method:
        return None
    if name == "Timer":
        return None if len(call.args) > 2 or call.keywords else 0
    if _alike.has_stars(call) or call.keywords:
        return None
    return len(call.args) - place - 1


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((item.value for item in call.keywords if item.arg == name), None)


def _counted(call: ast.Call, name: str) -> int | None:
    given = _keyword(call, name)
    if given is None:
        return 0
    if isinstance(given, (ast.Tuple, ast.List)) and not any(
        isinstance(item, ast.Starred) for item in given.elts
    ):
        return len(given.elts)
    return None


# --- exceptions --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Error:
    """How the exception of a send is spelled: ``form`` says what is made of ``parts``."""

    form: str
    parts: tuple[ast.expr, ...]


def error_of(deed: HandleUse) -> Error | None:
    """The one exception that a send carries; None where it cannot be told."""
    call = deed.call
    assert call is not None
    if deed.attribute == "send_exception":
        if call.keywords:
            return None
        if is_exc_info(deed):
            starred = call.args[0]
            assert isinstance(starred, ast.Starred)
            return Error("exc_info", (starred.value,))
        return _of_parts(call.args, deed)
    result, exc = arguments(call)
    if exc is None:
        return None
    if result is not None and not is_none(result):
        made = isinstance(exc, ast.Call) and (is_class(exc.func) or gives_exc_info(exc))
        certain = made or isinstance(exc, ast.Tuple) or is_class(exc) or _is_caught_as(exc, deed)
        if not _is_plain(result) or not certain:
            return None  # with no exception it is the result that is sent
    if gives_exc_info(exc):
        return Error("exc_info", (exc,))
    if isinstance(exc, ast.Tuple):
        return _of_parts(exc.elts, deed)
    return _of_parts([exc], deed)


def _of_parts(parts: Sequence[ast.expr], deed: HandleUse) -> Error | None:
    if any(isinstance(part, ast.Starred) for part in parts):
        return None
    if len(parts) == 1:
        return Error("class" if is_class(parts[0]) else "instance", (parts[0],))
    if not 1 < len(parts) < 4 or is_none(parts[1]):
        return None
    kind, value = parts[0], parts[1]
    text = ast.unparse(value)
    same = ast.unparse(kind) in (f"type({text})", f"{text}.__class__")
    if not same and not _unpacked_from_exc_info(kind, value, deed):
        return None
    trace = parts[2] if len(parts) == 3 else None
    own = trace is None or is_none(trace)
    if own or ast.unparse(trace) in (f"{text}.__traceback__", "sys.exc_info()[2]"):  # type: ignore[arg-type]
        return Error("instance", (value,))
    return Error("traceback", (value, trace))  # type: ignore[arg-type]


def _unpacked_from_exc_info(kind: ast.expr, value: ast.expr, deed: HandleUse) -> bool:
    """Whether two names are the first two of ``sys.exc_info()``, in the same function."""
    names = [item.id for item in (kind, value) if isinstance(item, ast.Name)]
    body = deed.use.function or deed.module.tree
    for node in ast.walk(body) if len(names) == 2 else ():
        if not isinstance(node, ast.Assign) or not gives_exc_info(node.value):
            continue
        target = node.targets[0]
        if isinstance(target, ast.Tuple):
            bound = [item.id for item in target.elts if isinstance(item, ast.Name)]
            if bound[:2] == names and isinstance(node.value, ast.Call):
                return True
    return False


def is_class(node: ast.expr) -> bool:
    """Whether an expression is spelled like a class."""
    text = ast.unparse(node).rpartition(".")[2]
    return (
        isinstance(node, (ast.Name, ast.Attribute)) and text[:1].isupper() and (not text.isupper())
    )


def unknown_error(deed: HandleUse) -> str:
    """An exception of which only the name is known, where it may be a tuple."""
    found = error_of(deed)
    if found is None or deed.attribute == "send_exception" or found.form == "traceback":
        return ""
    node = found.parts[0]
    if found.form == "class" or (found.form == "exc_info" and isinstance(node, ast.Call)):
        return ""
    known = isinstance(node, ast.Call) and is_class(node.func)
    return "" if known or _is_caught_as(node, deed) else ast.unparse(node)


def _is_caught_as(node: ast.expr, deed: HandleUse) -> bool:
    """Whether a name is that of the exception that is being handled."""
    return isinstance(node, ast.Name) and any(
        isinstance(parent, ast.ExceptHandler) and parent.name == node.id for parent in deed.parents
    )


def is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_plain(node: ast.expr) -> bool:
    return isinstance(node, (ast.Name, ast.Constant))
