"""`eventlet.sleep` puts one green thread to sleep; with native threads that is `time.sleep`.

Under `monkey_patch()` the two are the same function, so this rewrite can land at any time. Four
differences remain, and the rewrite keeps or names each: `time.sleep` has no default, takes no
keyword, refuses a negative number, and its `time.sleep(0)` is only a hint to the scheduler where
`eventlet.sleep(0)` let every ready green thread run once. Where that once was to be enough for work
that was spawned just before, the sleep is left, unless the next statement waits anyway. And it is
left where a test has put something else in the place of `time.sleep`. One in front of
`monkey_patch()`, which makes the hub, goes with that.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, HandleUse, Use
from eventlet_codemod.facts.values import Sign, constant_sign, sign
from eventlet_codemod.layout import Group
from eventlet_codemod.ledger import ENTRY_POINTS
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules import limits
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    ReplaceStatement,
    Rewrite,
    Rule,
    fold_fallback,
    leave_in_doubt,
    removed,
)
from eventlet_codemod.rules.scheduling import _replaced

_NATIVE = "time.sleep"
_PATCHES = "eventlet.patcher.monkey_patch"
_WHY = "under monkey_patch() both names are one function, and native code has only this one"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on one use of a sleep function."""
    if use.kind != "reference":
        return None
    fallback = fold_fallback(use, facts, "time.sleep")
    if fallback is not None and all(map(_fits_time, facts.names.references[use.bindings[0]])):
        return replace(fallback, checks=_checks_of_fallback(use, facts))
    if doubt := leave_in_doubt(use):
        return doubt
    if line := _replaced.line_of_patch(use, facts):
        return Leave(
            message=f"`time.sleep` is another function here: line {line} puts it in its place",
            why="eventlet's sleep still sleeps there, and this one would be that other function",
            advice="patch the name in the module under test only, or wait for what is to happen",
        )
    if use.call is None:
        return _as_value(use, facts)
    given = [*use.call.args, *(item.value for item in use.call.keywords)]
    named = [item.arg for item in use.call.keywords]
    if len(given) > 1 or any(isinstance(item, ast.Starred) for item in given):
        return _unclear()
    if named and named != ["seconds"]:
        return _unclear()
    seconds = given[0] if given else None
    if seconds is None or constant_sign(seconds) in (Sign.ZERO, Sign.NEGATIVE):
        return _yield(use, facts, settings)
    return _sleep(use, seconds, facts)


def _fits_time(use: Use) -> bool:
    """Whether `time.sleep` takes what this sleep is called with, but for the sign of a name."""
    if use.call is None:
        return not isinstance(_passed_along(use), str)
    given = use.call.args
    plain = len(given) == 1 and not use.call.keywords and not isinstance(given[0], ast.Starred)
    return plain and constant_sign(given[0]) is not Sign.NEGATIVE


def _checks_of_fallback(use: Use, facts: Facts) -> Mapping[str, str]:
    """What to ask where the name alone changes its meaning."""
    if use.call is None:
        decision = _as_value(use, facts)
        return decision.checks if isinstance(decision, Rewrite) else {}
    seconds = use.call.args[0]
    found = sign(seconds, use, facts)
    if found is Sign.ZERO:
        return {"C-YIELD": ""}
    if found in (Sign.UNKNOWN, Sign.MAY_BE_NEGATIVE):
        return {"C-TYPE": _negative(seconds)}
    return {}


def _as_value(use: Use, facts: Facts) -> Decision:
    if isinstance(use.parent, ast.Compare) or _is_set_as_sleep(use.parent):
        return Leave(
            message="this asks which sleep is in use, or changes it",
            why="with `time.sleep` in its place it would say nothing any more",
            advice="delete it together with what patches the process",
        )
    number = _passed_along(use)
    checks = {}
    if number is None:
        checks["C-TYPE"] = (
            "`time.sleep` takes one number, by position and not negative: is it always called so?"
        )
    elif isinstance(number, str):
        return Leave(
            message=f"this sleep is passed on, to be called {number}",
            why="`time.sleep` takes exactly one positional number, which is not negative",
            advice="pass the number of seconds after it, by position; 0 if it only yields",
        )
    elif (found := sign(number, use, facts)) in (Sign.MAY_BE_NEGATIVE, Sign.UNKNOWN):
        checks["C-TYPE"] = _negative(number)
    elif found is Sign.NEGATIVE:
        return Leave(
            message="this sleep is passed on, to be called with a negative number",
            why="`time.sleep` raises ValueError then",
            advice="pass 0 after it",
        )
    return Rewrite(
        message="`time.sleep` is passed instead of eventlet's",
        why=_WHY,
        edits=(ReplaceExpression(_expression(use.node), _time_sleep, _NATIVE),),
        checks=checks,
        needs=("time",),
    )


#: Calls that pass on what follows the function, and the place of that function.
_CALLERS = {
    **dict.fromkeys(("spawn", "spawn_n", "submit", "partial"), 0),
    **dict.fromkeys(("spawn_after", "spawn_after_local", "call_later"), 1),
}


def _passed_along(use: Use) -> ast.expr | str | None:
    """The number that a sleep is passed on with, or how it will be called; None if unknown."""
    call = use.parent
    if isinstance(call, ast.keyword) and call.arg == "target":
        call = use.parents[-2]
    if not isinstance(call, ast.Call):
        return None
    name = ast.unparse(call.func).rpartition(".")[2]
    if name in ("Thread", "Timer"):  # what the other rules make of a spawn
        given = {item.arg: item.value for item in call.keywords}
        holder = given.get("args", ast.Tuple([]))
        names = [item for item in given if item in (None, "kwargs")]
        rest = holder.elts if isinstance(holder, (ast.Tuple, ast.List)) else [ast.Starred(holder)]
        if name == "Timer" and len(call.args) != 2:
            return None
    else:
        place = _CALLERS.get(name)
        if place is None or len(call.args) <= place or call.args[place] is not use.node:
            return None
        rest, names = call.args[place + 1 :], [item.arg for item in call.keywords]
    if None in names or any(isinstance(item, ast.Starred) for item in rest):
        return None
    if names:
        return "with a keyword"
    if len(rest) == 1:
        return rest[0]
    if not rest:
        return None if name == "partial" else "without a number"
    return "with several arguments"


def _is_set_as_sleep(node: ast.AST) -> bool:
    """Whether an assignment makes ``time.sleep`` another one."""
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Attribute) and ast.unparse(target) == "time.sleep"
        for target in node.targets
    )


def _negative(seconds: ast.expr) -> str:
    text = ast.unparse(seconds)
    return f"can `{text}` be negative? eventlet did not wait then, `time.sleep` raises ValueError"


def _unclear() -> Decision:
    return Leave(
        message="the arguments of this sleep cannot be seen",
        why="`time.sleep` takes exactly one positional number",
        advice="spell the number of seconds out as the one argument",
    )


def _yield(use: Use, facts: Facts, settings: Settings) -> Decision:
    if _comes_before_patching(use, facts):
        return Rewrite(
            message="this sleep goes with the monkey_patch() behind it",
            why="it only made the hub before the process was patched, which `time.sleep` does not",
            edits=(removed(use),),
            checks={"C-STALE": "does a comment speak of it?"},
            step=ENTRY_POINTS,
        )
    barrier = use.call_is_statement and _is_barrier(use, facts)
    awaited = _awaited_next(use) if barrier else None
    if barrier and awaited is None:
        return Leave(
            message="this sleep lets work that was spawned run before the next line",
            why="`time.sleep(0)` is only a hint to the scheduler: the thread may not have run yet",
            advice="wait for the work itself: an Event that it sets, a Queue, or the end of it",
            setting="sleep-zero",
        )
    checks = {"C-YIELD": ""}
    if _spins(use):
        checks["C-YIELD"] = (
            "this loop only yields: with threads it keeps a core busy; wait on an event instead"
        )
    elif awaited is not None:
        checks["C-YIELD"] = (
            f"the next line waits for `{ast.unparse(awaited)}`: does what follows rely on other "
            "spawned work?"
        )
    elif _is_checked_next(use):
        checks["C-YIELD"] = (
            "an assertion follows: natively the other thread may not have run yet; wait for it"
        )
    if settings.sleep_zero == "drop" and use.call_is_statement and not _spins(use):
        return Rewrite(
            message="a sleep that only yields is dropped: native threads are preempted",
            why="the operating system switches threads by itself",
            edits=(ReplaceStatement(use.statement, lambda node, context: ()),),
            checks=checks,
            setting="sleep-zero",
        )
    module = settings.helpers
    if settings.sleep_zero == "helper" and module is not None and not _spins(use):
        return Rewrite(
            message=f"`{module}.cooperative_yield` yields as long as there is a hub",
            why="it lets other green threads run where eventlet has patched the process, and does "
            "nothing where the operating system switches threads by itself",
            edits=(
                ReplaceExpression(
                    _call(use),
                    lambda n, c: f"{c.name(str(module))}.cooperative_yield()",
                    f"{module}.cooperative_yield",
                ),
            ),
            checks=checks,
            needs=(module,),
            helpers=("cooperative_yield",),
            setting="sleep-zero",
        )
    return Rewrite(
        message="`time.sleep(0)` yields instead of eventlet's",
        why=_WHY,
        edits=(ReplaceExpression(_call(use), lambda n, c: f"{c.name('time')}.sleep(0)", _NATIVE),),
        checks=checks,
        needs=("time",),
        setting="sleep-zero",
    )


def _sleep(use: Use, seconds: ast.expr, facts: Facts) -> Decision:
    checks = {}
    guard = False
    found = sign(seconds, use, facts)
    if found is Sign.MAY_BE_NEGATIVE:
        guard = True
    elif found is Sign.UNKNOWN:
        checks["C-TYPE"] = _negative(seconds)
    if _under_timeout(use, facts):
        checks["C-KILL"] = (
            "an eventlet Timeout stands around it: once nothing is patched, it cannot end the sleep"
        )
    message = "`time.sleep` sleeps instead of eventlet's"
    if guard:
        message += "; `max(0, …)` keeps a negative number from raising"

    def make(node: cst.BaseExpression, context: Context) -> cst.BaseExpression | str:
        assert isinstance(node, cst.Call)
        if guard:
            seconds = node.args[0].value
            if isinstance(seconds, (cst.BinaryOperation, cst.UnaryOperation)):
                seconds = seconds.with_changes(lpar=[], rpar=[])
            positive = Group("max(", ("0", context.value(seconds)), ")")
            return context.call(_time_sleep(node, context), [positive])
        argument = node.args[0].with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT)
        return node.with_changes(func=context.parse(_time_sleep(node, context)), args=[argument])

    return Rewrite(
        message=message,
        why=_WHY,
        edits=(ReplaceExpression(_call(use), make, _NATIVE),),
        checks=checks,
        needs=("time",),
    )


def _comes_before_patching(use: Use, facts: Facts) -> bool:
    """Whether a statement of the module that only yields stands right before monkey_patch()."""
    body = facts.tree.body
    if not use.call_is_statement or use.statement not in body:
        return False
    after = body[body.index(use.statement) + 1 :][:1]
    return any(
        other.api == _PATCHES and other.call_is_statement and other.statement in after
        for other in facts.names.uses
    )


def _time_sleep(node: cst.BaseExpression, context: Context) -> str:
    return f"{context.name('time')}.sleep"


def _spins(use: Use) -> bool:
    """Whether the yield is all that a loop does."""
    loop = use.parents[-3] if use.call_is_statement else None
    return isinstance(loop, ast.While) and len(loop.body) == 1


def _is_barrier(use: Use, facts: Facts) -> bool:
    """Whether the same block spawned something before, and goes on after."""
    holder = use.parents[use.parents.index(use.statement) - 1]
    body = next((b for b in _bodies(holder) if use.statement in b), [])
    place = body.index(use.statement) if body else 0
    before = body[:place]
    spawned = any(
        other.api.startswith("eventlet.greenthread.spawn") and set(other.parents) & set(before)
        for other in facts.uses
    )
    spawned = spawned or any(map(_starts_work, before))
    return spawned and any(not _is_idle(statement) for statement in body[place + 1 :])


def _awaited_next(use: Use) -> ast.expr | None:
    """What the next statement waits for without a limit, so that it holds up what follows."""
    holder = use.parents[use.parents.index(use.statement) - 1]
    body = next((b for b in _bodies(holder) if use.statement in b), [use.statement])
    after = body[body.index(use.statement) + 1 :][:1]
    call = after[0].value if after and isinstance(after[0], ast.Expr) else None
    if not isinstance(call, ast.Call) or call.args or call.keywords:
        return None
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _WAITS:
        return None
    return call.func.value if isinstance(call.func.value, (ast.Name, ast.Attribute)) else None


#: Methods of what eventlet made, and of what takes its place, that wait for its end.
_WAITS = frozenset({"join", "result", "wait", "waitall"})


def _starts_work(statement: ast.stmt) -> bool:
    """Whether a statement does what the other rules make of a spawn."""
    return any(
        isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in _STARTS
        for node in ast.walk(statement)
    )


_STARTS = frozenset({"Thread", "Timer", "call_later", "submit"})


def _is_idle(statement: ast.stmt) -> bool:
    """Whether a statement reads nothing."""
    if isinstance(statement, ast.Return):
        return statement.value is None or isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass)


def _is_checked_next(use: Use) -> bool:
    """Whether one of the next statements asserts something."""
    if not use.call_is_statement:
        return False
    body = next((b for b in _bodies(use.parents[-3]) if use.statement in b), [use.statement])
    rest = body[body.index(use.statement) + 1 :][:3]
    return any(isinstance(s, ast.Assert) or "assert" in _called_name(s).lower() for s in rest)


def _bodies(node: ast.AST) -> list[list[ast.stmt]]:
    return [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]


def _called_name(statement: ast.stmt) -> str:
    value = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(value, ast.Call):
        return value.func.attr if isinstance(value.func, ast.Attribute) else ""
    return ""


def _under_timeout(use: Use, facts: Facts) -> bool:
    """Whether a Timeout may end the sleep: in the same function, or around a call of it."""
    timeouts = [item for item in facts.uses if item.api.startswith("eventlet.timeout.")]
    if use.function is None and any(
        item.call and item.function is None and not isinstance(item.parents[-2], ast.withitem)
        for item in timeouts
    ):
        return True  # set by hand, at the top
    deed = HandleUse("call", use.node, use.parents, module=facts, use=use)
    return bool(timeouts) and limits.limited_by(deed)


def _call(use: Use) -> ast.expr:
    assert use.call is not None
    return use.call


def _expression(node: ast.AST) -> ast.expr:
    assert isinstance(node, ast.expr)
    return node


rule = Rule(
    code="EVT101",
    family="scheduling",
    step=1,
    summary="eventlet's sleep becomes time.sleep",
    apis=frozenset({"eventlet.greenthread.sleep"}),
    match=match,
    checks=("C-TYPE", "C-YIELD", "C-KILL", "C-STALE"),
    relies_on="time",
    settings=("sleep-zero", "helpers"),
    references=("SLP-1", "SLP-2", "SLP-3", "SLP-4", "SLP-5"),
    before="""\
import eventlet


def poll(ready, delay):
    while not ready():
        eventlet.sleep(0.5)
    eventlet.sleep(delay - 1)
""",
    after="""\
import time


def poll(ready, delay):
    while not ready():
        time.sleep(0.5)
    time.sleep(max(0, delay - 1))
""",
)
