"""An `eventlet.event.Event` that carries a value or an exception is a `concurrent.futures.Future`.

`send(value)` becomes `set_result(value)`, `send_exception(error)` becomes `set_exception(error)`,
`wait()` becomes `result()` and `ready()` becomes `done()`. `wait(timeout)` answers None when the
time is over and a Future raises, so it becomes `ev.result() if futures.wait([ev], timeout).done
else None`, and a poll asks `done()` first. An event is one-shot, and so is a Future: a second
`send()` raises `InvalidStateError`, no longer `AssertionError`.

An exception is sent as an instance or a class, or as what `sys.exc_info()` gives, of which the
exception is taken: its traceback is its own. `reset()` becomes a new Future where one attribute
or one name is all that holds the event.

With the setting `helpers`, an event for which a Future cannot do becomes the project's own
`OneShot`, which has the same methods. Without it, such an event stays, and so does one that goes
where it is not followed, or whose `wait()` a `Timeout` ends.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, HandleUse, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules import limits, named
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Leave,
    ReplaceExpression,
    ReplaceStatement,
    Rewrite,
    Rule,
)
from eventlet_codemod.rules.sync import _alike, _events, _sends

_FUTURES = "concurrent.futures"
_WHY = "a Future carries one value or one exception to all who wait, as an event does"
_ADVICE = (
    "use a concurrent.futures.Future (set_result, set_exception, result), or a threading.Event "
    "beside an attribute for the value; or set `helpers` for a class with an event's methods"
)
_NAMES = {
    "send": "set_result",
    "send_exception": "set_exception",
    "wait": "result",
    "ready": "done",
}
_STATES = {"has_result": "is None", "has_exception": "is not None"}
_POLLS = {
    "poll": "{ev}.done()",
    "poll_result": "{ev}.done() and {ev}.exception() is None",
    "poll_exception": "{ev}.done() and {ev}.exception() is not None",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on an event as a whole: its creation, or one thing done to it."""
    handle = facts.handle_of.get(use)
    if handle is None:
        return _events.as_class(use, facts, settings, "value") or _events.as_class(
            use, facts, settings, "helper"
        )
    profile = _events.profile(handle, settings)
    if profile.kind == "plain":
        return None
    if profile.objection:
        return Leave(
            message=f"this Event stays: {profile.objection}",
            why="everything done to an event must change with it, and it carries a value",
            advice=profile.advice or _ADVICE,
            setting="helpers",
        )
    names_it = use in handle.creations or _alike.names_class(use, facts)
    if profile.kind == "helper":
        return _with_helper(use, str(settings.helpers), profile, names_it)
    if names_it:
        return Rewrite(
            message="a `Future` takes the place of eventlet's Event",
            why=_WHY,
            edits=(_alike.rename_class(use, _FUTURES, "Future"),),
            checks=profile.checks,
            needs=(_FUTURES,),
        )
    return _rewrite(facts.deed[use], profile)


def _with_helper(use: Use, module: str, profile: _events.Profile, names_it: bool) -> Rewrite:
    why = "it has the methods of an event, and does the same"
    if not names_it:
        return Rewrite(message="the same on a `OneShot`", why=why, checks=profile.checks)
    return Rewrite(
        message=f"`{module}.OneShot` takes the place of eventlet's Event",
        why=why,
        edits=(_alike.rename_class(use, module, "OneShot"),),
        checks=profile.checks,
        needs=(module,),
        helpers=("OneShot",),
        setting="helpers",
    )


def _rewrite(deed: HandleUse, profile: _events.Profile) -> Rewrite:
    """What becomes of one thing that is done to the event."""
    if deed.how == "named":
        return named.follow(deed, _NAMES, _WHY)
    needs: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    message = "the same on a `Future`"
    if deed.how == "attribute" and deed.call is None:
        edits, needs = _passed_on(deed)
        message = "the method of the `Future` is passed on"
    elif deed.how == "attribute":
        edits, needs = _called(deed, deed.call, profile)  # type: ignore[arg-type]
        name = _NAMES.get(deed.attribute, "")
        message = f"`{name}()` does that of a `Future`" if name else "the same, asked of a `Future`"
    return Rewrite(message=message, why=_WHY, edits=edits, checks=profile.checks, needs=needs)


def _passed_on(deed: HandleUse) -> tuple[tuple[Edit, ...], tuple[str, ...]]:
    method = deed.parents[-1]
    assert isinstance(method, ast.Attribute)
    name = _NAMES[deed.attribute]
    if deed.attribute == "send" and _sends.passed_on(deed) == 0:

        def bound(node: cst.BaseExpression, context: Context) -> str:
            assert isinstance(node, cst.Attribute)
            ev = context.code(node.value)
            return f"{context.name('functools')}.partial({ev}.set_result, None)"

        return (ReplaceExpression(method, bound),), ("functools",)
    return (ReplaceExpression(method, lambda n, c: n.with_changes(attr=cst.Name(name))),), ()


def _called(
    deed: HandleUse, call: ast.Call, profile: _events.Profile
) -> tuple[tuple[Edit, ...], tuple[str, ...]]:
    method = deed.attribute
    if method == "wait":
        return _wait(deed, call, profile)
    if method == "reset":
        statement = deed.parents[-3]
        assert isinstance(statement, ast.stmt)
        return (ReplaceStatement(statement, _renewed),), (_FUTURES,)
    if method in _STATES:
        test = f"{{ev}}.done() and {{ev}}.exception() {_STATES[method]}"
        return (ReplaceExpression(call, _spelled(test, deed)),), ()
    if method in _POLLS:
        return (ReplaceExpression(call, _polled(_POLLS[method], deed)),), ()
    if _sends.sent(deed) == "error":
        return (ReplaceExpression(call, _error(deed)),), ()
    if method == "send":
        return (ReplaceExpression(call, _sent),), ()
    return (ReplaceExpression(call, _renamed(_NAMES[method])),), ()


# --- the code ----------------------------------------------------------------------------------

_Make = Callable[[cst.BaseExpression, Context], cst.BaseExpression | str]


def _parts(node: cst.BaseExpression, context: Context) -> tuple[str, cst.Call, cst.Attribute]:
    assert isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
    return context.code(node.func.value), node, node.func


def _argument(call: cst.Call, name: str, position: int) -> cst.Arg | None:
    plain = [item for item in call.args if item.keyword is None and not item.star]
    for item in call.args:
        if item.keyword is not None and item.keyword.value == name:
            return item
    return plain[position] if len(plain) > position else None


def _renamed(name: str) -> _Make:
    """The same call of another method, without arguments."""

    def make(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
        _, call, function = _parts(node, context)
        return _alike.bare(call.with_changes(func=function.with_changes(attr=cst.Name(name))))

    return make


def _sent(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    """``send(value)``, or ``send()``, which sends None."""
    _, call, function = _parts(node, context)
    given = _argument(call, "result", 0)
    function = function.with_changes(attr=cst.Name("set_result"))
    if given is None:
        return call.with_changes(func=function, args=[cst.Arg(cst.Name("None"))])
    if len(call.args) == 1 and given.keyword is None:
        return call.with_changes(func=function)
    lone = given.with_changes(
        keyword=None,
        equal=cst.MaybeSentinel.DEFAULT,
        comma=given.comma if len(call.args) == 1 else cst.MaybeSentinel.DEFAULT,
    )
    return call.with_changes(func=function, args=[lone])


def _error(deed: HandleUse) -> _Make:
    """``send_exception(error)`` and ``send(exc=error)``."""
    found = _sends.error_of(deed)
    assert found is not None

    def make(node: cst.BaseExpression, context: Context) -> cst.BaseExpression | str:
        _, call, function = _parts(node, context)
        function = function.with_changes(attr=cst.Name("set_exception"))
        taken = _taken(call, deed)
        codes = [context.value(item) for item in taken]
        if found.form == "exc_info":
            new = f"{codes[0]}[1]"
        elif found.form == "class":
            new = f"{codes[0]}()"
        elif found.form == "traceback":
            new = f"{codes[1]}.with_traceback({codes[2]})"
        else:
            value = taken[1] if len(taken) > 1 else taken[0]
            alone = len(call.args) == 1 and call.args[0].keyword is None
            if alone and call.args[0].value is value:
                return call.with_changes(func=function)
            new = context.value(value)
        value_node = context.parse(new)
        return call.with_changes(func=function, args=[cst.Arg(value_node)])

    return make


def _taken(call: cst.Call, deed: HandleUse) -> Sequence[cst.BaseExpression]:
    """What describes the exception: the arguments, or what stands in a tuple."""
    if deed.attribute == "send_exception":
        return [item.value for item in call.args]
    given = _argument(call, "exc", 1)
    assert given is not None
    if isinstance(given.value, cst.Tuple):
        return [item.value for item in given.value.elements]
    return [given.value]


def _wait(
    deed: HandleUse, call: ast.Call, profile: _events.Profile
) -> tuple[tuple[Edit, ...], tuple[str, ...]]:
    limit = _events.limit_of(call)
    if limit is None and limits.takes_limit(deed):  # which the rule for the Timeout gives it
        function = ReplaceExpression(
            call.func, lambda n, c: n.with_changes(attr=cst.Name("result"))
        )
        return (function,), ()
    if limit is None:
        return (ReplaceExpression(call, _renamed("result")),), ()
    if deed.value_unused and not profile.errors:
        return (ReplaceExpression(call, _limited("{wait}", deed)),), (_FUTURES,)
    if deed.value_unused and _is_alone(deed):
        statement = deed.parents[-3]
        assert isinstance(statement, ast.stmt)
        return (ReplaceStatement(statement, _limited_statement),), (_FUTURES,)
    if _events.is_tested(deed):
        edit = ReplaceExpression(call, _limited("{wait}.done and {ev}.result()", deed))
        return (edit,), (_FUTURES,)
    edit = ReplaceExpression(call, _limited("{ev}.result() if {wait}.done else None", deed))
    return (edit,), (_FUTURES,)


def _is_alone(deed: HandleUse) -> bool:
    """Whether a call is a statement that has its lines to itself, and no comment."""
    statement = deed.parents[-3]
    assert isinstance(statement, ast.stmt)
    lines = deed.module.lines[statement.lineno - 1 : statement.end_lineno]
    text = "\n".join(lines)
    return "#" not in text and ";" not in text and not lines[0][: statement.col_offset].strip()


def _waited(ev: str, call: cst.Call, context: Context) -> str:
    given = _argument(call, "timeout", 0)
    assert given is not None
    limit = context.value(given.value)
    return f"{context.name(_FUTURES)}.wait([{ev}], timeout={limit})"


def _limited(form: str, deed: HandleUse) -> _Make:
    def make(node: cst.BaseExpression, context: Context) -> str:
        ev, call, _ = _parts(node, context)
        return _bracketed(form.format(ev=ev, wait=_waited(ev, call, context)), deed, context)

    return make


def _limited_statement(node: cst.BaseSmallStatement, context: Context) -> Sequence[str]:
    assert isinstance(node, cst.Expr)
    ev, call, _ = _parts(node.value, context)
    return (f"if {_waited(ev, call, context)}.done:\n    {ev}.result()\n",)


def _spelled(form: str, deed: HandleUse) -> _Make:
    def make(node: cst.BaseExpression, context: Context) -> str:
        ev, _, _ = _parts(node, context)
        return _bracketed(form.format(ev=ev), deed, context)

    return make


def _polled(test: str, deed: HandleUse) -> _Make:
    def make(node: cst.BaseExpression, context: Context) -> str:
        ev, call, _ = _parts(node, context)
        given = _argument(call, "notready", 0)
        default = context.value(given.value) if given is not None else "None"
        code = f"{ev}.result() if {test.format(ev=ev)} else {default}"
        return _bracketed(code, deed, context)

    return make


def _renewed(node: cst.BaseSmallStatement, context: Context) -> Sequence[str]:
    assert isinstance(node, cst.Expr)
    ev, _, _ = _parts(node.value, context)
    return (f"{ev} = {context.name(_FUTURES)}.Future()",)


#: Where a condition can stand without brackets.
_ROOMY = (
    *(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Expr, ast.Call, ast.keyword),
    *(ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.GeneratorExp),
)


def _bracketed(code: str, deed: HandleUse, context: Context) -> str:
    """The code, in brackets where what is around it would tear it apart, or where it is long."""
    holder = deed.parents[-3]
    node = ast.parse(code, mode="eval").body
    loose = isinstance(node, (ast.IfExp, ast.BoolOp, ast.Compare))
    if not loose:
        return code
    long = context.column + len(code) + context.tail > context.limit
    breaks = isinstance(holder, (ast.Assign, ast.Return, ast.Call, ast.keyword))
    if long and breaks and isinstance(node, ast.IfExp):
        parts = [ast.get_source_segment(code, item) for item in (node.body, node.test, node.orelse)]
        newline = context.module.default_newline
        lines = ("(", f"    {parts[0]}", f"    if {parts[1]}", f"    else {parts[2]}", ")")
        further = context.indent[deed.use.statement.col_offset :]  # than its statement
        return f"{newline}{further}".join(lines)
    roomy = isinstance(holder, _ROOMY)
    if isinstance(node, ast.BoolOp):
        roomy = roomy or isinstance(holder, (ast.If, ast.While, ast.Assert))
        roomy = roomy or (isinstance(holder, ast.BoolOp) and isinstance(holder.op, ast.And))
    return code if roomy else f"({code})"


rule = Rule(
    code="EVT207",
    family="sync",
    step=1,
    summary="an Event that carries a value becomes a Future",
    apis=frozenset({_events.API, f"{_events.API}.*"}),
    match=match,
    checks=("C-ONCE", "C-ORDER", "C-FLOW", "C-TYPE", "C-KILL"),
    relies_on="thread",
    settings=("helpers",),
    references=("EVT-1", "EVT-2", "EVT-3", "EVT-4", "EVT-5", "EVT-6", "EVT-7", "EVT-8", "EVT-9"),
    before="""\
from eventlet import event


class Call:
    def __init__(self):
        self._reply = event.Event()

    def answer(self, message):
        if message.failure:
            self._reply.send_exception(message.failure)
        else:
            self._reply.send(message.result)

    def result(self, limit):
        self._reply.wait(timeout=limit)
        return self._reply.wait()
""",
    after="""\
from concurrent import futures


class Call:
    def __init__(self):
        self._reply = futures.Future()

    def answer(self, message):
        if message.failure:
            self._reply.set_exception(message.failure)
        else:
            self._reply.set_result(message.result)

    def result(self, limit):
        if futures.wait([self._reply], timeout=limit).done:
            self._reply.result()
        return self._reply.result()
""",
)
