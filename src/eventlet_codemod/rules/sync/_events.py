"""What an `eventlet.event.Event` is used for, which decides what takes its place."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle, HandleUse, Use
from eventlet_codemod.rules import limits
from eventlet_codemod.rules.base import Rewrite
from eventlet_codemod.rules.locations import is_type_position, where
from eventlet_codemod.rules.sync import _alike, _sends
from eventlet_codemod.rules.sync._sends import SENDS

API = "eventlet.event.Event"

_ASKS = ("has_result", "has_exception", "poll", "poll_result", "poll_exception")
_METHODS = frozenset({*SENDS, *_ASKS, "wait", "ready", "reset"})

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
        sends = [_sends.sent(deed) for deed in handle.uses if deed.attribute in SENDS]
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
            if sends.attribute in SENDS and together and asks.line < sends.line:
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
        deed.attribute in _ASKS or _sends.sent(deed) in ("value", "error", "hidden")
        for deed in handle.uses
    )


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
    return None if timeout is None or _sends.is_none(timeout) else timeout


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
        if _sends.sent(deed) == "hidden":
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
    count, method = _sends.passed_on(deed), deed.attribute
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
    if _sends.sent(deed) == "error" and _sends.error_of(deed) is None:
        raise _Objection(f"what {method}() on {place} raises cannot be seen")
    if _sends.sent(deed) == "error" and (text := _sends.unknown_error(deed)):
        kind = _sends.error_of(deed)
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
    return any(_sends.sent(deed) == "error" for deed in handle.uses)


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


def takes_anything(deed: HandleUse, handle: Handle) -> bool:
    """Whether a lambda can take the place of a ``send`` that is called with who knows what.

    Its name must mean the same event when it is called, and nobody take it back by what was given.
    """
    holder = deed.parents[-2]
    if deed.attribute != "send" or deed.call is not None or _sends.passed_on(deed) is not None:
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


# --- what is around it -------------------------------------------------------------------------


def _look_around(deed: HandleUse, handle: Handle, checks: dict[str, str]) -> None:
    """A wait that eventlet's Timeout ends: nothing native would."""
    place = where(deed, handle)
    if limits.limited_by(deed):
        raise _Objection(f"a Timeout ends its wait() on {place}", _NO_TIMEOUT)
    if limits.takes_limit(deed):
        return
    for parent in deed.parents:
        for item in parent.items if isinstance(parent, (ast.With, ast.AsyncWith)) else ():
            text = ast.unparse(item.context_expr)
            if "timeout" in text.partition("(")[0].lower():
                checks["C-KILL"] = f"does `with {text}` end the wait on {place}? No longer then"


def _is_caught(handle: Handle) -> str:
    """Where the AssertionError of a second send is expected, if it is."""
    for deed in handle.uses:
        if deed.attribute not in (*SENDS, "reset"):
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
