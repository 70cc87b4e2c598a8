"""What an `eventlet.event.Event` is used for, which decides what takes its place."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle, HandleUse, Use
from eventlet_codemod.rules import limits
from eventlet_codemod.rules.base import Rewrite
from eventlet_codemod.rules.locations import where
from eventlet_codemod.rules.sync import _alike

API = "eventlet.event.Event"

_SENDS = ("send", "send_exception")
_ASKS = ("has_result", "has_exception", "poll", "poll_result", "poll_exception")
_METHODS = frozenset({*_SENDS, *_ASKS, "wait", "ready", "reset"})

_NO_TIMEOUT = (
    "put a limit on the wait itself, wait(timeout=…), in the place of the Timeout around it; then "
    "run again"
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What becomes of an event, or why it stays.

    ``kind`` is ``plain`` (it only tells that something happened: threading.Event), ``value`` (it
    carries a value or an exception: Future) or ``helper`` (the project's OneShot). With an
    ``objection`` it stays, and ``kind`` says what it would be.
    """

    kind: str
    objection: str = ""
    advice: str = ""
    checks: Mapping[str, str] = field(default_factory=dict)
    errors: bool = False

    @property
    def rewritten(self) -> str:
        """The kind of what takes its place; "" if it stays."""
        return "" if self.objection else self.kind


class _Objection(Exception):
    def __init__(self, text: str, advice: str = "") -> None:
        super().__init__(text)
        self.advice = advice


def profile(handle: Handle, settings: Settings) -> Profile:
    """What everything that is done to an event says of it."""
    found = _native(handle)
    if not found.objection or settings.helpers is None or found.advice == _NO_TIMEOUT:
        return found
    outcome = _alike.examine(handle, {API}, dict.fromkeys(_METHODS, _alike.always))
    if outcome.objection or _is_caught(handle):
        return found
    return Profile("helper", checks=outcome.checks)


def _native(handle: Handle) -> Profile:
    checks: dict[str, str] = {"C-ONCE": ""}
    kind = "plain"
    try:
        kind = "value" if _is_asked_for_value(handle) else "plain"
        _reach(handle, checks)
        sends = [sent(deed) for deed in handle.uses if deed.attribute in _SENDS]
        kind = _kind(handle, [item for item in sends if item], kind)
        _look_closer(handle, kind, checks)
        if kind == "value" and (guard := _asked_before_send(handle)):
            checks["C-ONCE"] = (
                f"can two threads get past {guard} at once? The second set_result() raises then"
            )
    except _Objection as objection:
        return Profile(kind, str(objection), objection.advice)
    return Profile(kind, checks=checks, errors="error" in sends)


def _asked_before_send(handle: Handle) -> str:
    """Where a function asks whether the event was sent, and sends it: no longer in one go."""
    for asks in handle.uses:
        if asks.attribute not in ("ready", "has_result") or asks.call is None:
            continue
        for sends in handle.uses:
            together = sends.module is asks.module and sends.use.function is asks.use.function
            if sends.attribute in _SENDS and together and asks.line < sends.line:
                return f"`{ast.unparse(asks.call)}` on {where(asks, handle)}"
    return ""


def _reach(handle: Handle, checks: dict[str, str]) -> None:
    """Refuse what is not followed, and what neither of the two replacements can do."""
    outcome = _alike.examine(handle, {API}, dict.fromkeys(_METHODS, _alike.always), strict=True)
    if outcome.objection:
        raise _Objection(outcome.objection)
    checks.update(outcome.checks)
    for deed in handle.uses:
        if deed.how == "named" and deed.reason not in ("send", "wait", "ready"):
            raise _Objection(f"a string names its {deed.reason} on {where(deed, handle)}")
    for creation in handle.creations:
        if creation.call is not None and (creation.call.args or creation.call.keywords):
            raise _Objection("it is made with an argument")
    for deed in handle.uses:
        if deed.attribute == "wait":
            _look_around(deed, handle, checks)
    if caught := _is_caught(handle):
        raise _Objection(f"{caught} expects the AssertionError of a second send()")


def _is_asked_for_value(handle: Handle) -> bool:
    return any(
        deed.attribute in _ASKS or sent(deed) in ("value", "error", "hidden")
        for deed in handle.uses
    )


# --- what is sent ------------------------------------------------------------------------------


def sent(deed: HandleUse) -> str:
    """What a send carries: ``nothing``, ``true``, ``value``, ``error``, ``hidden`` or ``asked``.

    ``asked`` is a bound method that is passed on: with what it is called cannot be seen. "" is
    for what sends nothing at all.
    """
    if deed.attribute not in _SENDS:
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
    if exc is not None and not _is_none(exc):
        return "error"
    if result is None or _is_none(result):
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


def takes_anything(deed: HandleUse, handle: Handle) -> bool:
    """Whether a lambda can take the place of a ``send`` that is called with who knows what.

    Its name must mean the same event when it is called, and nobody take it back by what was given.
    """
    holder = deed.parents[-2]
    if deed.attribute != "send" or deed.call is not None or passed_on(deed) is not None:
        return False
    if not isinstance(holder, (ast.Call, ast.keyword)) or repeats(deed, handle) != "yes":
        return False
    given = [d for d in handle.uses if d.attribute == "send" and d.call is None]
    root = deed.node
    while isinstance(root, ast.Attribute):
        root = root.value
    assert isinstance(root, ast.Name)
    once = len(deed.module.lookup(root.id, deed.use.scope)[1]) == 1
    return len(given) == 1 and len(handle.creations) == 1 and once and not deed.use.in_loop


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


# --- which kind it is --------------------------------------------------------------------------


def _kind(handle: Handle, sends: Sequence[str], kind: str) -> str:
    """``plain`` or ``value``: it carries None as a value where wait() hands that on."""
    if kind == "value":
        return kind
    carried = set(sends)
    for deed in handle.uses:
        if deed.attribute != "wait" or deed.call is None or deed.value_unused:
            continue
        limited, tested = limit_of(deed.call) is not None, is_tested(deed)
        if carried == {"true"} and (tested or not limited):
            continue
        if carried <= {"nothing"} and (limited or tested):
            raise _Objection(
                f"the answer of wait() on {where(deed, handle)} was always None, since "
                "nothing is ever sent with it",
                "ask ready() after the wait if you mean whether it happened; else drop what is "
                "done with the answer. Then run again",
            )
        return "value"
    return "plain"


def limit_of(call: ast.Call) -> ast.expr | None:
    """The timeout of a call of wait(), if it may be one."""
    timeout = _alike.timeout_of(call, 0)
    return None if timeout is None or _is_none(timeout) else timeout


def is_tested(deed: HandleUse) -> bool:
    """Whether only the truth of what a method answers is asked for."""
    node: ast.AST | None = deed.call
    for parent in reversed(deed.parents[:-2]):
        if isinstance(parent, (ast.If, ast.While, ast.IfExp, ast.Assert)):
            return parent.test is node
        if isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not):
            return True
        if isinstance(parent, ast.Call):
            name = ast.unparse(parent.func).rpartition(".")[2]
            tests = name in ("bool", "assertTrue", "assertFalse")
            return tests and len(parent.args) > 0 and parent.args[0] is node
        if not isinstance(parent, ast.BoolOp):
            return False
        node = parent
    return False


def _look_closer(handle: Handle, kind: str, checks: dict[str, str]) -> None:
    """What the chosen replacement cannot do."""
    for deed in handle.uses:
        if deed.how != "attribute":
            continue
        place = where(deed, handle)
        if sent(deed) == "hidden":
            raise _Objection(f"what {deed.attribute}() on {place} sends cannot be seen")
        if deed.call is None:
            _look_at_passed(deed, handle, kind, place, checks)
        elif deed.attribute == "wait" and _alike.has_stars(deed.call):
            raise _Objection(f"the arguments of wait() on {place} cannot be seen")
        elif kind == "value":
            _look_at_call(deed, deed.call, handle, place, checks)
        if deed.attribute == "reset" and deed.call is not None:
            twin = "clear()" if kind == "plain" else "a new Future"
            checks["C-ORDER"] = f"reset() failed unless the event had been sent; {twin} does not"


def _look_at_passed(
    deed: HandleUse, handle: Handle, kind: str, place: str, checks: dict[str, str]
) -> None:
    count, method = passed_on(deed), deed.attribute
    objection = _Objection(f".{method} is passed on, uncalled, on {place}")
    if method == "ready":
        return
    if method == "send":
        if count is not None:
            return
        outer = deed.parents[-2]
        name = ast.unparse(outer.func).rpartition(".")[2] if isinstance(outer, ast.Call) else ""
        if name in ("link", "unlink", "") and not isinstance(outer, ast.keyword):
            raise objection
        expected = "without arguments" if kind == "plain" else "with one argument"
        if kind == "plain" and takes_anything(deed, handle):
            expected = "with no exception as its second argument"
        checks["C-FLOW"] = f"{place} passes .send on: is it called {expected} there?"
    elif method == "send_exception":
        if count != 1:
            raise objection
    elif method != "wait" or count != 0:
        raise objection


def _look_at_call(
    deed: HandleUse, call: ast.Call, handle: Handle, place: str, checks: dict[str, str]
) -> None:
    """What a Future cannot do, of one call of a method."""
    method = deed.attribute
    if sent(deed) == "error" and error_of(deed) is None:
        raise _Objection(f"what {method}() on {place} raises cannot be seen")
    if sent(deed) == "error" and (text := _unknown_error(deed)):
        kind = error_of(deed)
        whole = kind is not None and kind.form == "exc_info"
        asked = "never None" if whole else "one exception, or its class, and no tuple"
        checks["C-TYPE"] = f"is `{text}` on {place} {asked}?"
    if method in ("has_result", "has_exception", *_ASKS[2:]) and _alike.has_stars(call):
        raise _Objection(f"the arguments of {method}() on {place} cannot be seen")
    repeated = method in _ASKS or (method == "wait" and limit_of(call) is not None)
    unused = method == "wait" and deed.value_unused and not _sends_errors(handle)
    again = repeats(deed, handle) if repeated and not unused else "yes"
    if again == "no":
        raise _Objection(
            f"`{ast.unparse(deed.node)}` on {place} may be another one when it is looked at "
            "for the second time",
        )
    if again == "perhaps":
        text = f"can a new event take the place of `{ast.unparse(deed.node)}` while {place} waits?"
        checks["C-FLOW"] = f"{text} It is looked at twice now"
    if method in ("poll", "poll_result", "poll_exception"):
        default = default_of(call)
        if default is not None and not isinstance(default, (ast.Constant, ast.Name)):
            raise _Objection(f"the default of {method}() on {place} is computed")
    if method == "reset" and not can_renew(deed, handle):
        raise _Objection(
            f"reset() on {place} would have to make a new one that all who hold it see",
        )


def _sends_errors(handle: Handle) -> bool:
    return any(sent(deed) == "error" for deed in handle.uses)


def default_of(call: ast.Call) -> ast.expr | None:
    """What a poll answers when there is nothing."""
    given = [*call.args, *(item.value for item in call.keywords)]
    return given[0] if given else None


def repeats(deed: HandleUse, handle: Handle) -> str:
    """Whether the object's name can stand twice in one expression and mean one object.

    ``yes``, ``perhaps`` or ``no``.
    """
    node = deed.node
    while isinstance(node, ast.Attribute):
        node = node.value
    if not isinstance(node, ast.Name):
        return "no"
    scope = deed.use.scope.lookup(node.id) if node is deed.node else None
    if scope is deed.use.scope and scope.kind != "module":
        return "yes"
    local = scope is not None and scope.kind != "module"
    if not local and (len(handle.creations) != 1 or _resets(handle)):
        return "no"
    first = handle.creations[0]
    once = len(handle.creations) == 1 and not first.in_loop
    made_by = getattr(first.function, "name", "")
    return "yes" if once and (local or made_by in ("", *_STARTS)) else "perhaps"


#: Functions that run once for an object.
_STARTS = ("__init__", "__new__", "__post_init__", "setUp")


def can_renew(deed: HandleUse, handle: Handle) -> bool:
    """Whether a new object in the place of this one is seen by all who know the old one.

    So it is where the one attribute or name is all that holds it.
    """
    if not deed.value_unused or not isinstance(deed.node, (ast.Name, ast.Attribute)):
        return False
    if any(item.how not in ("attribute", "test", "compare-none") for item in handle.uses):
        return False
    if any(item.how == "attribute" and item.call is None for item in handle.uses):
        return False
    spelled = ast.unparse(deed.node)
    if any(ast.unparse(item.node) != spelled for item in handle.uses):
        return False
    if len(handle.trail) != 1 or len(handle.modules) != 1:
        return False
    if isinstance(deed.node, ast.Attribute):
        return isinstance(deed.node.value, ast.Name) and deed.node.attr == handle.attribute
    return deed.use.scope.lookup(deed.node.id) is deed.use.scope


def _resets(handle: Handle) -> bool:
    return any(deed.attribute == "reset" for deed in handle.uses)


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
    if result is not None and not _is_none(result):
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
    if not 1 < len(parts) < 4 or _is_none(parts[1]):
        return None
    kind, value = parts[0], parts[1]
    text = ast.unparse(value)
    same = ast.unparse(kind) in (f"type({text})", f"{text}.__class__")
    if not same and not _unpacked_from_exc_info(kind, value, deed):
        return None
    trace = parts[2] if len(parts) == 3 else None
    own = trace is None or _is_none(trace)
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


def _unknown_error(deed: HandleUse) -> str:
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


# --- what is around it -------------------------------------------------------------------------


def _look_around(deed: HandleUse, handle: Handle, checks: dict[str, str]) -> None:
    """A wait that eventlet's Timeout ends: nothing native would."""
    place = where(deed, handle)
    if limits.limited_by(deed):
        raise _Objection(f"a Timeout ends its wait() on {place}", _NO_TIMEOUT)
    for parent in deed.parents:
        for item in parent.items if isinstance(parent, (ast.With, ast.AsyncWith)) else ():
            text = ast.unparse(item.context_expr)
            if "timeout" in text.partition("(")[0].lower():
                checks["C-KILL"] = f"does `with {text}` end the wait on {place}? No longer then"


def _is_caught(handle: Handle) -> str:
    """Where the AssertionError of a second send is expected, if it is."""
    for deed in handle.uses:
        if deed.attribute not in (*_SENDS, "reset"):
            continue
        child: ast.AST = deed.node
        for parent in reversed(deed.parents):
            expected: list[ast.expr | None] = []
            if isinstance(parent, ast.Try) and child in parent.body:
                expected = [clause.type for clause in parent.handlers]
            elif isinstance(parent, ast.Call) and child in parent.args:
                expected = [*parent.args[:1]]  # self.assertRaises(AssertionError, …)
            elif isinstance(parent, (ast.With, ast.AsyncWith)):
                expected = [item.context_expr for item in parent.items]
            if any(item is not None and "AssertionError" in ast.unparse(item) for item in expected):
                return where(deed, handle)
            child = parent
    return ""


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_plain(node: ast.expr) -> bool:
    return isinstance(node, (ast.Name, ast.Constant))


# --- the class itself --------------------------------------------------------------------------

_NATIVE = {"plain": ("threading", "Event"), "value": ("concurrent.futures", "Future")}


def as_class(use: Use, facts: Facts, settings: Settings, kind: str) -> Rewrite | None:
    """The decision for the class where it is named in an annotation or a comparison of types.

    It follows the events of this file, if they all become the same.
    """
    if use.kind != "reference" or use.api != API or use.doubt or not use.loaded:
        return None
    if not is_type_position(use):
        return None
    events = [profile(item, settings).rewritten for item in facts.handles if API in item.apis]
    if not events or set(events) != {kind}:
        return None
    module, name = _NATIVE.get(kind) or (str(settings.helpers), "OneShot")
    return Rewrite(
        message=f"`{module}.{name}` is named instead of eventlet's",
        why="all events of this file become one",
        edits=(_alike.rename_class(use, module, name),),
        checks={"C-FLOW": "is what this names an event of this file?"},
        needs=(module,),
        helpers=("OneShot",) if kind == "helper" else (),
    )


def is_type_position(use: Use) -> bool:
    """Whether a reference to a class says what type something has."""
    child: ast.AST = use.node
    for parent in reversed(use.parents):
        if isinstance(parent, ast.AnnAssign):
            return parent.annotation is child
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            notes = [item.annotation for item in ast.walk(parent.args) if isinstance(item, ast.arg)]
            return child in (parent.returns, *notes)
        if isinstance(parent, ast.Assign):
            return isinstance(parent.value, ast.Subscript) and parent.value is child
        if isinstance(parent, ast.Compare):
            return all(isinstance(op, (ast.Is, ast.IsNot, ast.Eq, ast.NotEq)) for op in parent.ops)
        if not isinstance(parent, (ast.Subscript, ast.Tuple, ast.List, ast.BinOp)):
            return False
        child = parent
    return False
