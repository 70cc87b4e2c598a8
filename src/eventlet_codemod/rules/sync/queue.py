"""eventlet's queues have twins in the stdlib's `queue`, with the same methods.

The maximum size means something else at one point: `Queue(0)` is a rendezvous in eventlet, where
`put` waits for a `get`, and unbounded in the stdlib. Such a queue becomes the project's own
`Channel` if the setting `helpers` is given, and stays if not. `Queue(None)`, unbounded in
eventlet, becomes `Queue()`. A size that is computed is for review. `LightQueue` becomes
`queue.Queue`, whose further methods do no harm.

Annotations and the class of an `isinstance` follow the queue. A subclass that overrides nothing,
or only `_init`, `_put` and `_get`, gets the stdlib's class as its base; what is made of it is not
followed.
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
        if use.api not in _TWINS:
            return None
        if isinstance(use.parent, ast.ClassDef):
            return _alike.as_base(use, "queue", _TWINS[use.api], _HOOKS, _OF_SUBCLASS)
        if any(_objection(item, {}, settings) for item in facts.handles):
            return None
        return _alike.as_value(use, facts, "queue", _TWINS[use.api])
    checks: dict[str, str] = {}
    objection = _objection(handle, checks, settings)
    if objection:
        return Leave(
            message=f"this {handle.api.rpartition('.')[2]} stays: {objection}",
            why="the stdlib's queue does not do that, or does something else",
            advice=_advice(objection),
            setting="helpers" if objection == _RENDEZVOUS else None,
        )
    names_it = _alike.names_class(use, facts)
    if use not in handle.creations and not names_it:
        others = {_TWINS[api] for api in handle.apis}
        twin = _TWINS[handle.api] if len(others) == 1 else "Queue"
        return Rewrite(message=f"the same on a `queue.{twin}`", why=_WHY, checks=checks)
    twin = _TWINS[use.api]
    if not names_it and _is_rendezvous(use):
        module = str(settings.helpers)
        return Rewrite(
            message=f"`{module}.Channel` takes the place of a queue without room",
            why="its put() waits for a get(), as that of eventlet's Queue(0) does",
            edits=(
                _alike.rename_class(use, module, "Channel"),
                ReplaceExpression(use.call, _without_arguments),  # type: ignore[arg-type]
            ),
            checks=checks,
            needs=(module,),
            helpers=("Channel",),
            setting="helpers",
        )
    return Rewrite(
        message=f"`queue.{twin}` takes the place of eventlet's",
        why=_WHY,
        edits=(
            _alike.rename_class(use, "queue", twin),
            *(() if names_it else _edit_size(use, facts)),
        ),
        checks=checks,
        needs=("queue",),
    )


_HOOKS = ("_init", "_put", "_get")
_OF_SUBCLASS = (
    "is it never made with 0 or None, and does nobody join() it whose _put counted no task?"
)
_RENDEZVOUS = "a size of 0 makes it a rendezvous, and the stdlib's unbounded"


def _advice(objection: str) -> str:
    if objection == _RENDEZVOUS:
        return "give the queue a positive size, or set `helpers` for a class that is a rendezvous"
    if ".resize" in objection:
        return (
            "make a queue of the size that it can grow to, or a semaphore beside it that bounds it"
        )
    if ".getting" in objection or ".putting" in objection:
        return (
            "count those who wait in the code that waits; between threads the number is old at once"
        )
    if "iterate" in objection:
        return "a queue of eventlet is not iterable either: take its items by get()"
    return "give it up, or test with get_nowait() and queue.Empty"


def _objection(handle: Handle, checks: dict[str, str], settings: Settings) -> str:
    """Why a queue must stay, if it must; else the open questions go to ``checks``."""
    if handle.api not in _TWINS:
        return ""
    outcome = _alike.examine(handle, _TWINS, _METHODS)
    checks.update(outcome.checks)
    if all(_has_limit(use) for use in handle.creations):
        checks.pop("C-NONE", None)
    objection = outcome.objection
    named = {deed.use.api for deed in handle.uses if deed.how == "class"}
    if _LIGHT in handle.apis and named - {_LIGHT}:
        objection = objection or "isinstance() tells a LightQueue from a Queue"
    for creation, module in zip(handle.creations, handle.origins, strict=True):
        objection = objection or _examine_size(creation, module, checks)
        if objection == _RENDEZVOUS and settings.helpers is not None and _is_rendezvous(creation):
            objection = "isinstance() asks for its class" if named else ""
    return objection


_LIGHT = "eventlet.queue.LightQueue"


def _has_limit(use: Use) -> bool:
    """Whether a creation makes a queue of a positive size, written out."""
    size = _size(use.call) if use.call is not None else None
    return size is not None and constant_sign(size) is Sign.POSITIVE


def _is_rendezvous(use: Use) -> bool:
    """Whether a creation makes a plain queue of size 0."""
    size = _size(use.call) if use.call is not None else None
    plain = _TWINS[use.api] == "Queue"
    return plain and size is not None and constant_sign(size) is Sign.ZERO


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
        return _RENDEZVOUS
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
    assert isinstance(node, cst.Call)
    return _alike.bare(node)


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


def _read_only(deed: HandleUse, use: Use, module: Module) -> str | None:
    node = deed.parents[-1]
    loaded = isinstance(getattr(node, "ctx", None), ast.Load)
    return None if loaded and deed.call is None else f"!.{deed.attribute} is set or called"


def _maxsize(deed: HandleUse, use: Use, module: Module) -> str | None:
    found = _read_only(deed, use, module)
    return found or "C-NONE: .maxsize of a queue without a limit was None, and is 0 now"


_METHODS: dict[str, _alike.MethodTest] = {
    "queue": _inside,
    "maxsize": _maxsize,
    "unfinished_tasks": _read_only,
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
    checks=("C-FLOW", "C-TYPE", "C-ATOM", "C-NONE"),
    relies_on="thread",
    settings=("helpers",),
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
