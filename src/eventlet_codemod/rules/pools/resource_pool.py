"""`pools.Pool` lends out objects and `TokenPool` permissions; threads need no hub to wait for them.

A `TokenPool` of which only `with pool.item():` is used is a `threading.BoundedSemaphore`.

With the setting `helpers` any other becomes the project's `ResourcePool` or `TokenPool`, which have
the same methods and attributes, but for `channel`. A subclass that only overrides `create()`,
`get()` and `put()` gets another base: these two then have the pool to themselves while they run,
and what waited for an object by `return self.channel.get()` waits by `super().get()`. A `put()`
must leave it to that of the pool to take an object back. Without helpers these stay.

What the reviewer must know is whether the objects may be used by another thread than the one that
made them: a pool hands them round.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle, HandleUse, Use
from eventlet_codemod.facts.module import FUNCTIONS
from eventlet_codemod.facts.values import Sign, sign
from eventlet_codemod.layout import Argument
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.sync import _alike

_TWINS = {"eventlet.pools.Pool": "ResourcePool", "eventlet.pools.TokenPool": "TokenPool"}
_TOKENS = "eventlet.pools.TokenPool"
_DEFAULT = 4  # eventlet's max_size
_AFFINITY = "a pool hands its objects to other threads than the one that made them: may it?"
_FLOW = "its objects are not followed: does anything use their `channel`, which goes?"
_READS = ("current_size", "free", "free_items", "waiting")
_METHODS: dict[str, _alike.MethodTest] = dict.fromkeys(
    (
        *("get", "put", "item", "resize", "create", "min_size", "max_size", "order_as_stack"),
        *_READS,
    ),
    _alike.always,
)
_WAITS = frozenset({"get", "item"})
_OVERRIDES = frozenset({"item", "resize", "free", "waiting"})
_WHY = "it makes, lends, counts and limits objects in the same way, for threads"
_SKETCH = (
    "set `helpers` to a module of the project, such as `pkg.concurrency`: its `ResourcePool` takes "
    "the same arguments and has get(), put(), item(), resize(), free() and waiting(). By hand: "
    "`free = queue.LifoQueue()` and `slots = threading.Semaphore(max_size)`; to get: "
    "`slots.acquire()`, then `free.get_nowait()`, or make one on queue.Empty (and release the slot "
    "if that fails); to put: `free.put(item)`, then `slots.release()`"
)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a pool as a whole, on one thing done to it, or on the base of a subclass."""
    handle = facts.handle_of.get(use)
    if handle is None:
        return _subclass(use, facts, settings)
    if not handle.apis <= set(_TWINS):
        return None
    limit = _limit(handle)
    if limit is not None:
        return _semaphore(use, handle, facts, limit)
    checks: dict[str, str] = {}
    objection = _objection(handle, checks)
    if settings.helpers is None and not objection:
        objection = "nothing in the standard library lends out objects"
    name = _TWINS[handle.api]
    if objection:
        return _leave(f"this {handle.api.rpartition('.')[2]} stays: {objection}", settings)
    helpers = settings.helpers
    assert helpers is not None
    if use in handle.creations or _alike.names_class(use, facts):
        return Rewrite(
            message=f"`{helpers}.{name}` takes the place of eventlet's",
            why=_WHY,
            edits=(_alike.rename_class(use, helpers, name),),
            checks=checks,
            needs=(helpers,),
            helpers=(name,),
            setting="helpers",
        )
    asked = _questions(facts.deed[use])
    return Rewrite(message=f"the same on a {name}", why=_WHY, checks=asked)


def _leave(message: str, settings: Settings) -> Leave:
    return Leave(
        message=message,
        why="eventlet's pools make green threads wait on a channel of the hub's",
        advice=_SKETCH,
        setting="helpers" if settings.helpers is None else None,
    )


def _objection(handle: Handle, checks: dict[str, str]) -> str:
    """Why no ResourcePool can stand for a pool; else its questions go to ``checks``."""
    outcome = _alike.examine(handle, set(_TWINS), _METHODS)
    checks.update({**outcome.checks, **_alike.limited(handle, _WAITS)})
    if handle.api != _TOKENS:
        checks["C-AFF"] = _AFFINITY
    return outcome.objection


def _questions(deed: HandleUse) -> Mapping[str, str]:
    if deed.attribute in _READS:
        name = deed.attribute
        return {"C-ATOM": f"between threads {name} may be out of date as soon as it is read"}
    return {}


# --- a semaphore --------------------------------------------------------------------------------


def _limit(handle: Handle) -> ast.expr | int | None:
    """The size of a TokenPool of which only ``with pool.item():`` is used; None for any other."""
    if handle.apis != {_TOKENS} or handle.conflicts or len(handle.creations) != 1:
        return None
    call = handle.creations[0].call
    assert call is not None
    names = [item.arg for item in call.keywords]
    if call.args or _alike.has_stars(call) or names not in ([], ["max_size"]):
        return None
    size = call.keywords[0].value if names else None
    if isinstance(size, ast.Constant) and type(size.value) is not int:
        return None
    if any(not _only_holds(deed) for deed in handle.uses):
        return None
    return _DEFAULT if size is None else size


def _only_holds(deed: HandleUse) -> bool:
    if deed.how in ("compare-none", "test"):
        return not deed.foreign
    holder = deed.holder
    return (
        deed.attribute == "item"
        and deed.call is not None
        and not deed.foreign
        and not deed.call.args
        and not deed.call.keywords
        and isinstance(holder, ast.withitem)
        and holder.context_expr is deed.call
        and holder.optional_vars is None
    )


def _semaphore(use: Use, handle: Handle, facts: Facts, limit: ast.expr | int) -> Rewrite:
    why = "a token only counts how many may go on at once, as a semaphore does"
    checks = {**_alike.flow_checks(handle), **_alike.limited(handle, _WAITS)}
    if use in handle.creations:
        if not isinstance(limit, (int, ast.Constant)):
            known = sign(limit, use, facts)
            if known not in (Sign.POSITIVE, Sign.NOT_NEGATIVE, Sign.ZERO):
                checks["C-TYPE"] = f"can `{ast.unparse(limit)}` be negative, or no whole number?"

        def make(node: cst.BaseExpression, context: Context) -> str:
            assert isinstance(node, cst.Call)
            given = context.value(node.args[0].value) if node.args else str(_DEFAULT)
            arguments: list[Argument] = [given]
            return context.call(f"{context.name('threading')}.BoundedSemaphore", arguments)

        assert use.call is not None
        return Rewrite(
            message="`threading.BoundedSemaphore` takes the place of a TokenPool",
            why=why,
            edits=(ReplaceExpression(use.call, make),),
            checks=checks,
            needs=("threading",),
        )
    deed = facts.deed[use]
    edits: tuple[Edit, ...] = ()
    if deed.call is not None:
        edits = (ReplaceExpression(deed.call, _owner),)
    return Rewrite(message="the semaphore is held", why=why, edits=edits, checks=checks)


def _owner(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    assert isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
    return node.func.value


# --- subclasses ---------------------------------------------------------------------------------


def _subclass(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """A class that is derived from a pool, and what its body says of the pool."""
    root = use.api.removesuffix(".__init__")
    owner = next((n for n in reversed(use.parents) if isinstance(n, ast.ClassDef)), None)
    if use.kind != "reference" or owner is None or root not in _TWINS:
        return None
    bases = [facts.reference_of[b] for b in owner.bases if b in facts.reference_of]
    if root not in {base.api for base in bases}:
        return None
    if root == use.api and use.parent is not owner:
        return None
    doubt = leave_in_doubt(use)
    if doubt is not None:
        return doubt
    name = root.rpartition(".")[2]
    objection = _odd_body(owner)
    if settings.helpers is None and not objection:
        objection = "nothing in the standard library lends out objects"
    if objection:
        return _leave(f"this subclass of {name} stays: {objection}", settings)
    helpers, twin = settings.helpers, _TWINS[root]
    assert helpers is not None
    tail = use.api.removeprefix(root)
    assert isinstance(use.node, ast.expr)
    checks = {"C-FLOW": _FLOW}
    if root != _TOKENS:
        checks["C-AFF"] = _AFFINITY
    waits: list[Edit] = []
    if use.node in owner.bases:
        around = use.parents[: use.parents.index(owner)]
        waits = [
            ReplaceExpression(call, _wait, parents=(*around, *chain))
            for call, chain in _waits(owner)
        ]
        checks |= _question_of_get(owner)
    return Rewrite(
        message=f"the class is derived from `{helpers}.{twin}`",
        why=_WHY,
        edits=(
            ReplaceExpression(
                use.node, lambda node, context: f"{context.name(helpers)}.{twin}{tail}"
            ),
            *waits,
        ),
        checks=checks,
        needs=(helpers,),
        helpers=(twin,),
        setting="helpers",
    )


def _odd_body(owner: ast.ClassDef) -> str:
    """Why a subclass relies on how eventlet's pool works inside."""
    if len(owner.bases) > 1 or owner.keywords:
        return "it has other bases as well"
    for node in owner.body:
        if not isinstance(node, FUNCTIONS):
            continue
        if node.name in _OVERRIDES:
            return f"it overrides {node.name}() (line {node.lineno})"
        if node.name in ("__init__", "put") and not _calls_base(node):
            return f"its {node.name} does not call that of the pool (line {node.lineno})"
    waits = {call.func.value for call, _ in _waits(owner)}  # type: ignore[attr-defined]
    for inner in ast.walk(owner):
        if isinstance(inner, ast.Attribute) and inner.attr == "channel" and inner not in waits:
            return f"it uses the channel of the pool (line {inner.lineno})"
        if isinstance(inner, ast.Name) and inner.id == "channel":
            return f"it uses a name of the pool's, channel (line {inner.lineno})"
    return ""


def _waits(owner: ast.ClassDef) -> list[tuple[ast.Call, tuple[ast.AST, ...]]]:
    """The calls of ``return self.channel.get()`` in the ``get()`` of a subclass, with parents."""
    found = []
    for method in owner.body:
        if not isinstance(method, ast.FunctionDef) or method.name != "get":
            continue
        pending: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(method, (owner,))]
        while pending:
            node, parents = pending.pop()
            if isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)) and node is not method:
                continue  # super() would be another there
            call = node.value if isinstance(node, ast.Return) else None
            if isinstance(call, ast.Call) and ast.unparse(call) == "self.channel.get()":
                found.append((call, (*parents, node)))
            inside = (*parents, node)
            pending += ((child, inside) for child in ast.iter_child_nodes(node))
    return found


def _wait(node: cst.BaseExpression, context: Context) -> str:
    return "super().get()"


def _question_of_get(owner: ast.ClassDef) -> dict[str, str]:
    """What to ask where a subclass takes from the pool itself."""
    methods = [node for node in owner.body if isinstance(node, FUNCTIONS)]
    alone = [method for method in methods if method.name in ("get", "put")]
    if not alone:
        return {}
    named = " or ".join(f"{method.name}()" for method in alone)
    question = f"while its {named} runs, others wait to get and to put"
    names = {"free_items", "current_size"}
    for method in methods:
        touches = any(getattr(node, "attr", "") in names for node in ast.walk(method))
        if method not in alone and method.name != "__init__" and touches:
            question += f"; {method.name}() takes from the pool as well, and others may meanwhile"
    return {"C-ATOM": question}


def _calls_base(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a method calls the one that it overrides, or another of that name."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == function.name
        and ast.unparse(node.func.value) != "self"
        for node in ast.walk(function)
    )


rule = Rule(
    code="EVT122",
    family="pools",
    step=1,
    summary="a pool of resources becomes one for threads, a TokenPool a semaphore",
    apis=frozenset({*_TWINS, *(f"{name}.*" for name in _TWINS)}),
    match=match,
    checks=("C-FLOW", "C-AFF", "C-ATOM", "C-TYPE", "C-KILL"),
    relies_on="thread",
    settings=("helpers",),
    references=("PLS-1", "PLS-2", "PLS-3", "PLS-4"),
    before="""\
from eventlet import pools

SLOTS = pools.TokenPool(max_size=8)


def convert(page, tool):
    with SLOTS.item():
        tool.run(page)
""",
    after="""\
import threading

SLOTS = threading.BoundedSemaphore(8)


def convert(page, tool):
    with SLOTS:
        tool.run(page)
""",
)
