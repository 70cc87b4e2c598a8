"""eventlet's queues have twins in the stdlib's `queue`, with the same methods.

The maximum size means something else at one point: `Queue(0)` is a rendezvous in eventlet, where
`put` waits for a `get`, and unbounded in the stdlib. Such a queue stays. `Queue(None)`, unbounded
in eventlet, becomes `Queue()`. A size that is computed is for review. `LightQueue` becomes
`queue.Queue`, whose further methods do no harm.
"""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle, HandleUse, Module, Use
from eventlet_codemod.facts.values import Sign, constant_sign, sign
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Decision, Edit, Leave, ReplaceExpression, Rewrite, Rule
from eventlet_codemod.rules.sync import _alike

_WHY = "the two classes agree on everything that is done to this one"
_TWINS = {
    "eventlet.queue.LifoQueue": "LifoQueue",
    "eventlet.queue.LightQueue": "Queue",
    "eventlet.queue.PriorityQueue": "PriorityQueue",
    "eventlet.queue.Queue": "Queue",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a queue as a whole: its creation, or one thing done to it."""
    handle = facts.handle_of.get(use)
    if handle is None:
        if use.api not in _TWINS or any(_objection(item, {}) for item in facts.handles):
            return None
        return _alike.as_value(use, facts, "queue", _TWINS[use.api])
    checks: dict[str, str] = {}
    objection = _objection(handle, checks)
    twin = _TWINS[handle.api]
    if objection:
        return Leave(
            message=f"this {handle.api.rpartition('.')[2]} stays: {objection}",
            why="the stdlib's queue does not do that, or does something else",
            advice="give the queue a positive size, or a rendezvous of its own: a "
            "threading.Condition around one slot; test with get_nowait() and queue.Empty",
        )
    if use not in handle.creations:
        return Rewrite(message=f"the same on a `queue.{twin}`", why=_WHY, checks=checks)
    return Rewrite(
        message=f"`queue.{twin}` takes the place of eventlet's",
        why=_WHY,
        edits=(_alike.rename_class(use, "queue", twin), *_edit_size(use, facts)),
        checks=checks,
        needs=("queue",),
    )


def _objection(handle: Handle, checks: dict[str, str]) -> str:
    """Why a queue must stay, if it must; else the open questions go to ``checks``."""
    if handle.api not in _TWINS:
        return ""
    outcome = _alike.examine(handle, _TWINS, _METHODS)
    checks.update(outcome.checks)
    objection = outcome.objection
    for creation, module in zip(handle.creations, handle.origins, strict=True):
        objection = objection or _examine_size(creation, module, checks)
    return objection


def _size(call: ast.Call) -> ast.expr | None:
    given = [*call.args, *(item.value for item in call.keywords)]
    return given[0] if given else None


def _examine_size(creation: Use, module: Module, checks: dict[str, str]) -> str:
    call = creation.call
    assert call is not None
    names = [item.arg for item in call.keywords]
    if _alike.has_stars(call) or len(call.args) + len(names) > 1 or names not in ([], ["maxsize"]):
        return "its size cannot be seen"
    size = _size(call)
    if size is None or _is_none(size) or constant_sign(size) is Sign.NEGATIVE:
        return ""
    if constant_sign(size) is Sign.ZERO:
        return "a size of 0 makes it a rendezvous, and the stdlib's unbounded"
    if isinstance(size, ast.Constant):
        return "" if type(size.value) is int else "its size is no whole number"
    if sign(size, creation, module) is not Sign.POSITIVE:
        text = ast.unparse(size)
        checks["C-TYPE"] = (
            f"can `{text}` be 0? That was a rendezvous, and is unbounded now; None stays unbounded"
        )
    return ""


def _edit_size(use: Use, facts: Facts) -> tuple[Edit, ...]:
    """``None`` goes; what may be None at run time becomes 0, the stdlib's word for unbounded."""
    assert use.call is not None
    size = _size(use.call)
    if size is None or isinstance(size, ast.Constant):
        if size is not None and _is_none(size):
            return (ReplaceExpression(use.call, _without_arguments),)
        return ()
    if constant_sign(size) is not None or sign(size, use, facts) is Sign.NOT_NEGATIVE:
        return ()
    return (ReplaceExpression(size, _or_unbounded),)


def _or_unbounded(node: cst.BaseExpression, context: Context) -> str:
    code = context.code(node)
    loose = isinstance(node, (cst.IfExp, cst.NamedExpr, cst.Lambda)) and not node.lpar
    return f"({code}) or 0" if loose else f"{code} or 0"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _without_arguments(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    return node.with_changes(args=[])


def _waits(deed: HandleUse, use: Use, module: Module) -> str | None:
    """`put` and `get`: the same arguments, but for a negative timeout."""
    if deed.call is None:
        return None  # whoever calls it passes the same to both
    if _alike.has_stars(deed.call):
        return f"!the arguments of {deed.attribute}() cannot be seen"
    timeout = _alike.timeout_of(deed.call, 2 if deed.attribute == "put" else 1)
    if timeout is None or _alike.never_negative(timeout, use, module):
        return None
    if _alike.is_negative(timeout):
        return "!a negative timeout"
    return "C-TYPE: can the timeout be negative? It meant not to wait, and raises ValueError now"


def _advisory(deed: HandleUse, use: Use, module: Module) -> str | None:
    outer = next(
        (
            n
            for n in reversed(deed.parents[:-2])
            if not isinstance(n, ast.FormattedValue | ast.JoinedStr)
        ),
        None,
    )
    if isinstance(outer, ast.Call) and ast.unparse(outer.func) in _PRINTERS:
        return None
    return (
        f"C-ATOM: between threads {deed.attribute}() may be out of date when it returns: is a get "
        "or put decided by it?"
    )


def _inside(deed: HandleUse, use: Use, module: Module) -> str | None:
    if deed.call is not None:
        return "!.queue() is called"
    return (
        "C-ATOM: .queue is read without the queue's lock: may another thread change it meanwhile?"
    )


_PRINTERS = {
    "print",
    *(
        f"{log}.{level}"
        for log in ("LOG", "log", "logger", "logging")
        for level in ("debug", "info", "warning", "error")
    ),
}

_METHODS: dict[str, _alike.MethodTest] = {
    "queue": _inside,
    "put": _waits,
    "get": _waits,
    "put_nowait": _alike.always,
    "get_nowait": _alike.always,
    "task_done": _alike.always,
    "join": _alike.always,
    "qsize": _advisory,
    "empty": _advisory,
    "full": _advisory,
}

rule = Rule(
    code="EVT203",
    family="sync",
    step=1,
    summary="eventlet's queues become the stdlib's",
    apis=frozenset({*_TWINS, *(f"{name}.*" for name in _TWINS)}),
    match=match,
    checks=("C-FLOW", "C-TYPE", "C-ATOM"),
    relies_on="thread",
    references=("QUE-1", "QUE-2", "QUE-3", "QUE-4", "QUE-5", "QUE-6", "QUE-7", "QUE-9", "QUE-10"),
    before="""\
import eventlet.queue


class Worker:
    def __init__(self):
        self._jobs = eventlet.queue.LightQueue(100)

    def add(self, job):
        self._jobs.put(job)

    def run(self):
        while True:
            self._jobs.get()()
""",
    after="""\
import queue


class Worker:
    def __init__(self):
        self._jobs = queue.Queue(100)

    def add(self, job):
        self._jobs.put(job)

    def run(self):
        while True:
            self._jobs.get()()
""",
)
