"""eventlet's queues have twins in the stdlib's `queue`, with the same methods.

The maximum size means something else at one point: `Queue(0)` is a rendezvous in eventlet, where
`put` waits for a `get`, and unbounded in the stdlib. Such a queue becomes the project's own
`Channel` if the setting `helpers` is given, and stays if not. `Queue(None)`, unbounded in
eventlet, becomes `Queue()`. A size that may be 0 is for review. `LightQueue` becomes
`queue.Queue`, whose further methods do no harm.

Annotations and the class of an `isinstance` follow the queue. A subclass that overrides nothing,
or only `_init`, `_put` and `_get`, gets the stdlib's class as its base; what is made of it is not
followed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle, HandleUse, Module, Use
from eventlet_codemod.facts.values import Sign, constant_sign
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Decision, Edit, Leave, ReplaceExpression, Rewrite, Rule
from eventlet_codemod.rules.locations import where
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
            return _alike.as_base(use, facts, "queue", _TWINS[use.api], _HOOKS, _OF_SUBCLASS)
        if any(_objection(item, {}, settings) for item in facts.handles):
            return None
        if _makes_unseen_size(use):
            return None
        question = "is 0, a rendezvous, never passed to it, and only what both classes offer done"
        return _alike.as_value(use, facts, "queue", _TWINS[use.api], f"{question} to its objects?")
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
        twin = f"queue.{_TWINS[handle.api] if len(others) == 1 else 'Queue'}"
        if all(map(_is_rendezvous, handle.creations)):
            twin = "Channel"
        return Rewrite(message=f"the same on a `{twin}`", why=_WHY, checks=checks)
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


#: What to do by hand, by a piece of the objection.
_ADVICE = {
    _RENDEZVOUS: "give the queue a positive size, or set `helpers` for a class that is a "
    "rendezvous",
    ".resize": "make a queue of the size that it can grow to, or a semaphore beside it that "
    "bounds it",
    ".getting": "count those who wait in the code that waits; between threads the number is old "
    "at once",
    ".putting": "count those who wait in the code that waits; between threads the number is old "
    "at once",
    "iterate": "a queue of eventlet is not iterable either: take its items by get()",
    "negative timeout": "pass block=False, which is what it meant",
    "cannot be seen": "spell the arguments out, then run again",
    "whole number": "pass an int that is not 0, or nothing for a queue without a limit",
    "a Channel has not": "give the queue a positive size, or do not ask: it has no room",
    "tells a LightQueue": "drop the question: queue.Queue is both",
    "asks for its class": "give the queue a positive size, or drop the question",
}


def _advice(objection: str) -> str:
    found = (text for piece, text in _ADVICE.items() if piece in objection)
    return next(found, "do by hand what queue.Queue does not offer, or do without")


def _objection(handle: Handle, checks: dict[str, str], settings: Settings) -> str:
    """Why a queue must stay, if it must; else the open questions go to ``checks``."""
    if handle.api not in _TWINS:
        return ""
    outcome = _alike.examine(handle, _TWINS, _METHODS)
    checks.update(outcome.checks)
    checks.update(_alike.limited(handle, ("get", "put", "join")))
    if all(_has_limit(use) for use in handle.creations):
        checks.pop("C-NONE", None)
    objection = outcome.objection
    named = {deed.use.api for deed in handle.uses if deed.how == "class"}
    if _LIGHT in handle.apis and named - {_LIGHT}:
        objection = objection or "isinstance() tells a LightQueue from a Queue"
    for creation, module in zip(handle.creations, handle.origins, strict=True):
        objection = objection or _examine_size(creation, module, checks)
        if objection == _RENDEZVOUS and settings.helpers is not None and _is_rendezvous(creation):
            objection = _objection_to_channel(handle, bool(named))
    return objection


def _objection_to_channel(handle: Handle, named: bool) -> str:
    if named:
        return "isinstance() asks for its class"
    for deed in handle.uses:
        if deed.attribute in ("maxsize", "queue"):
            return f".{deed.attribute} on {where(deed, handle)}, which a Channel has not"
    return ""


_LIGHT = "eventlet.queue.LightQueue"


def _makes_unseen_size(use: Use) -> bool:
    """Whether a class that is only named gets a size: ``partial(Queue, n)``, ``Queue[int](n)``."""
    outer = use.parents[-2]
    call = outer if isinstance(use.parent, ast.Subscript) else use.parent
    if not isinstance(call, ast.Call):
        return False
    given = [*call.args, *(item.value for item in call.keywords)]
    sizes = [item for item in given if item is not use.node]
    partial = ast.unparse(call.func).rpartition(".")[2] == "partial"
    called = call.func is use.parent
    return (partial or called) and any(constant_sign(n) is not Sign.POSITIVE for n in sizes)


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
    if size is None:
        return ""
    if isinstance(size, ast.Constant) and size.value is not None and type(size.value) is not int:
        return "its size is no whole number"
    if constant_sign(size) is Sign.ZERO or _named_zero(size, creation, module):
        return _RENDEZVOUS
    if any(leaf.may_be_zero(creation, module) for leaf in _leaves(size)):
        text = ast.unparse(size)
        checks["C-TYPE"] = (
            f"can `{text}` be 0? That was a rendezvous, and is unbounded now; None stays unbounded"
        )
    return ""


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A value that a size may have. A ``true`` one is taken only if it is neither 0 nor None."""

    node: ast.expr
    true: bool

    def may_be_zero(self, use: Use, module: Module) -> bool:
        """Whether it may be 0, which is a rendezvous."""
        if self.true or _is_none(self.node):
            return False
        if constant_sign(self.node) is not None:
            return constant_sign(self.node) is Sign.ZERO
        if isinstance(self.node, ast.Call) and ast.unparse(self.node.func) == "max":
            return not any(constant_sign(item) is Sign.POSITIVE for item in self.node.args)
        values = _named(self.node, use, module)
        return not values or any(constant_sign(item) is Sign.ZERO for item in values)

    def may_be_none(self, use: Use, module: Module) -> bool:
        """Whether it may be None, which is unbounded."""
        if self.true or isinstance(self.node, (ast.BinOp, ast.UnaryOp)):
            return False
        if isinstance(self.node, ast.Constant):
            return self.node.value is None
        if isinstance(self.node, ast.Call):
            return ast.unparse(self.node.func) not in _NUMBERS
        values = _named(self.node, use, module)
        return not values or any(map(_is_none, values))


_NUMBERS = frozenset({"abs", "int", "len", "max", "min", "round"})


def _leaves(node: ast.expr, *, true: bool = False) -> Iterator[_Leaf]:
    if isinstance(node, ast.IfExp):
        yield from _leaves(node.body, true=true)
        yield from _leaves(node.orelse, true=true)
    elif isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        for item in node.values[:-1]:
            yield from _leaves(item, true=True)
        yield from _leaves(node.values[-1], true=true)
    else:
        yield _Leaf(node, true)


def _named(node: ast.expr, use: Use, module: Module) -> list[ast.expr]:
    """The numbers that a name stands for, where it is given nothing else."""
    if not isinstance(node, ast.Name):
        return []
    values = [binding.value for binding in module.lookup(node.id, use.scope)[1]]
    given = [item for item in values if item is not None]
    plain = all(_is_none(item) or constant_sign(item) is not None for item in given)
    return given if plain and len(given) == len(values) else []


def _named_zero(node: ast.expr, use: Use, module: Module) -> bool:
    values = _named(node, use, module)
    return bool(values) and all(constant_sign(item) is Sign.ZERO for item in values)


def _edit_size(use: Use, facts: Facts) -> tuple[Edit, ...]:
    """``None`` goes; what may be None at run time becomes 0, the stdlib's word for unbounded."""
    assert use.call is not None
    size = _size(use.call)
    if size is None:
        return ()
    if _is_none(size):
        return (ReplaceExpression(use.call, _without_arguments),)
    nothing = [leaf.node for leaf in _leaves(size) if leaf.may_be_none(use, facts)]
    if not nothing:
        return ()
    if all(map(_is_none, nothing)):
        return (ReplaceExpression(size, lambda node, context: _with_zero(node)),)
    return (ReplaceExpression(size, _or_unbounded),)


def _with_zero(node: cst.BaseExpression) -> cst.BaseExpression:
    """A size with 0 where it may be None."""
    if isinstance(node, cst.Name) and node.value == "None":
        return cst.Integer("0", lpar=node.lpar, rpar=node.rpar)
    if isinstance(node, cst.IfExp):
        return node.with_changes(body=_with_zero(node.body), orelse=_with_zero(node.orelse))
    if isinstance(node, cst.BooleanOperation):  # in the others it is passed over
        return node.with_changes(right=_with_zero(node.right))
    return node


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
    checks=("C-FLOW", "C-TYPE", "C-ATOM", "C-NONE", "C-KILL"),
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
