"""What is done to a green thread, said to the Future that takes its place."""

from __future__ import annotations

import ast
import keyword
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import libcst as cst

from eventlet_codemod.facts import Handle, HandleUse
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules import unseen
from eventlet_codemod.rules.base import Edit, ReplaceExpression, ReplaceStatement
from eventlet_codemod.rules.limits import limited_by
from eventlet_codemod.rules.locations import kind_of, where
from eventlet_codemod.rules.sync._alike import flow_checks
from eventlet_codemod.rules.threads import _started

#: What reads the same on a Future, and on a Thread.
NEUTRAL = ("compare-none", "compare", "key", "text")

#: What eventlet does to a green thread that it is given.
FUNCTIONS = ("eventlet.greenthread.cancel", "eventlet.greenthread.kill")

#: What starts a green thread at once: the two differ in what can be done to it alone.
AT_ONCE = frozenset({"eventlet.greenthread.spawn", "eventlet.greenthread.spawn_n"})

_ON_FUTURE = ("wait", "link", "dead", "cancel")
#: What only a Future has.
_NATIVE = frozenset(
    {"result", "exception", "done", "running", "cancelled", "add_done_callback"}
    | {"set_result", "set_exception"}
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a green thread is for, as everything done to it shows.

    ``objection`` says why it must stay. ``attributes`` are those that are used.
    """

    objection: str = ""
    attributes: frozenset[str] = frozenset()
    checks: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_waited_on(self) -> bool:
        """Whether a Future is needed: somebody asks for its end or its result."""
        return bool(self.attributes & {"wait", "link", "dead"})


def profile(handle: Handle, *, native: bool = False) -> Profile:
    """Look at everything that is done to a green thread; ``native``: it may be a Future already."""
    key = "native future" if native else "future"
    if key not in handle.memo:
        handle.memo[key] = _profile(handle, native=native)
    found: Profile = handle.memo[key]
    return found


def _profile(handle: Handle, *, native: bool) -> Profile:
    if handle.mixed and not handle.apis <= AT_ONCE:
        return Profile(handle.mixed)
    if handle.conflicts:
        return Profile(handle.conflicts[0])
    if handle.escapes:
        return Profile(handle.escapes[0].reason)
    checks = flow_checks(handle)
    objection = unseen.objection_to(handle, checks)
    if objection:
        return Profile(objection)
    attributes: set[str] = set()
    for deed in handle.uses:
        if deed.foreign:
            return Profile(f"other objects' .{handle.attribute} may be it")
        if native and deed.how == "attribute" and deed.attribute in _NATIVE:
            continue
        objection = objection_to(deed, checks) or truth(deed, handle)
        if objection:
            return Profile(f"{objection} on {where(deed, handle)}", frozenset(attributes))
        if deed.attribute:
            attributes.add(deed.attribute)
    if "cancel" in attributes:
        for deed in handle.uses:
            if deed.attribute == "wait" and expects_exit(deed):
                objection = f"GreenletExit is caught on {where(deed, handle)}"
                return Profile(objection, frozenset(attributes))
        if "wait" in attributes:
            checks["C-KILL"] = f"{_CANCEL}; who waits gets its result, and GreenletExit no more"
    return Profile("", frozenset(attributes), checks)


def expects_exit(deed: HandleUse) -> bool:
    """Whether the GreenletExit that the wait for something cancelled raises is caught.

    It may be caught around the wait, or around a call of the function that waits.
    """
    name = getattr(deed.use.function, "name", None)
    for use in deed.module.names.uses:
        if use.api != "greenlet.GreenletExit":
            continue
        for holder in use.parents:
            if isinstance(holder, (ast.With, ast.AsyncWith)):  # suppress(GreenletExit)
                held = any(use.node in ast.walk(item) for item in holder.items)
            else:
                held = isinstance(holder, ast.Try) and use.node not in _nodes_of(holder.body)
            if held and _come_to(deed, name, holder.body):  # type: ignore[attr-defined]
                return True
    return False


def _come_to(deed: HandleUse, name: str | None, body: list[ast.stmt]) -> bool:
    """Whether statements do something, or call a function of the name of the one that does."""
    called = (n.func for n in _nodes_of(body) if isinstance(n, ast.Call))
    return any(item in deed.parents for item in body) or any(
        name is not None and name in (getattr(f, "id", ""), getattr(f, "attr", "")) for f in called
    )


def _nodes_of(body: list[ast.stmt]) -> Iterator[ast.AST]:
    return (node for item in body for node in ast.walk(item))


def truth(deed: HandleUse, handle: Handle) -> str:
    """Why a test of its truth cannot stay: it asks for more than whether there is one."""
    if deed.how != "test":
        return ""
    if not handle.optional or any(isinstance(node, ast.While) for node in deed.parents[-3:]):
        return "its truth, which says whether it runs, is asked for"
    return ""


def objection_to(deed: HandleUse, checks: dict[str, str]) -> str:
    """Why a Future cannot stand for what is done here; else its questions go to ``checks``."""
    if deed.how == "text":
        checks.setdefault("C-TYPE", "the text that it prints as changes")
    elif deed.how == "test":
        checks.setdefault("C-TRUTH", "")
    elif deed.how == "argument" and deed.attribute == "cancel":
        if deed.call is not None and len(deed.call.args) + len(deed.call.keywords) > 1:
            return "cancel() is given what to throw"
        if not isinstance(deed.parents[-2], ast.Expr):
            return "the answer of cancel() is used"
        checks.setdefault("C-KILL", _CANCEL)
    elif deed.how == "attribute":
        if deed.attribute == "kill":
            return "" if _has_ended(deed) else "it is killed"
        if not isinstance(getattr(deed.parents[-1], "ctx", None), ast.Load):
            return f".{deed.attribute} is set anew"
        if deed.attribute not in _ON_FUTURE:
            return f".{deed.attribute} has no native twin, used"
        called = deed.call is not None
        if deed.attribute != "wait" and (deed.attribute == "dead") == called:
            return f".{deed.attribute} is {'called' if called else 'passed on, uncalled'},"
        if deed.attribute == "wait" and limited_by(deed):
            return "a Timeout of eventlet may end the wait"
        if deed.attribute in ("wait", "cancel") and deed.call and _arguments(deed.call):
            return f".{deed.attribute}() is given arguments"
        if deed.attribute == "link":
            checks.setdefault("C-ORDER", _LINK)
            return _odd_link(deed)
        if deed.attribute == "cancel":
            checks.setdefault("C-KILL", _CANCEL)
            return "" if deed.value_unused else "the answer of cancel() is used"
    elif deed.how == "argument":
        return "it is killed" if deed.attribute == "kill" else f"{deed.attribute}() takes it"
    elif deed.how not in (*NEUTRAL, "annotation"):
        return f"{kind_of(deed)} has no native twin,"
    return ""


_TELLS = ("print", "LOG.", "log.", "logger.", "logging.", "self.assert")
_CANCEL = "only what has not started can be cancelled, and a thread starts at once"
_LINK = (
    "the callback runs in the thread that did the work, after those who wait were woken, and what "
    "it raises is logged"
)


def _has_ended(kill: HandleUse) -> bool:
    """Whether a kill comes when the green thread was waited for, and does nothing any more.

    A statement of the same block above it waits for the same: ``t.wait()`` and ``t.kill()``, or
    both for every one of a list.
    """
    statement = kill.use.statement
    if kill.call is None or _arguments(kill.call) or not isinstance(statement, ast.Expr):
        return False
    if statement.value is not kill.call and not isinstance(statement.value, ast.ListComp):
        return False
    wanted = _shape(statement.value, "kill")
    alone = isinstance(kill.node, ast.Name) and statement.value is kill.call
    local = alone and _is_bound_here(kill.node.id, kill)  # type: ignore[attr-defined]
    holder = kill.use.parents[kill.use.parents.index(statement) - 1]
    names = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}
    for block in ("body", "orelse", "finalbody"):
        items = getattr(holder, block, None)
        if wanted is not None and isinstance(items, list) and statement in items:
            for item in reversed(items[: items.index(statement)]):
                if any(_shape(node, "wait") == wanted for node in _surely_evaluated(item)):
                    own = names if isinstance(item, ast.Assign) else set()
                    return not _binds_but_names(item) and not _binds(item, own)
                if _binds(item, names) or not (local or _changes_nothing(item)):
                    return False
    return False


def _binds_but_names(statement: ast.stmt) -> bool:
    """Whether a statement gives something to an attribute, to an item, or by the way."""
    places = (ast.Attribute, ast.Subscript)
    return any(
        isinstance(node, ast.NamedExpr)
        or (isinstance(node, places) and isinstance(node.ctx, ast.Store))
        for node in ast.walk(statement)
    )


def _is_bound_here(name: str, kill: HandleUse) -> bool:
    """Whether a name is a local one that no other function binds."""
    function, scope = kill.use.function, kill.use.scope.lookup(name)
    return (
        function is not None
        and scope is not None
        and scope.kind == "function"
        and scope is kill.use.scope
        and not any(isinstance(n, ast.Nonlocal) and name in n.names for n in ast.walk(function))
    )


def _changes_nothing(statement: ast.stmt) -> bool:
    """Whether no green thread takes another's place in a statement: it waits, kills or logs."""
    if not isinstance(statement, ast.Expr):
        return False
    if _shape(statement.value, "wait") or _shape(statement.value, "kill"):
        return True
    function = statement.value.func if isinstance(statement.value, ast.Call) else None
    return function is not None and ast.unparse(function).startswith(_TELLS)


def _shape(node: ast.AST, method: str) -> str | None:
    """``t.wait()`` or ``[t.wait() for t in ts]`` as a text that does not name the method."""
    call = node.elt if isinstance(node, ast.ListComp) else node
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    if call.func.attr != method or (isinstance(node, ast.ListComp) and _has_test(node)):
        return None
    return ast.unparse(node).replace(f".{method}(", ".(", 1)


def _has_test(node: ast.ListComp) -> bool:
    return any(clause.ifs for clause in node.generators)


def _surely_evaluated(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a simple statement that are evaluated whenever it is."""
    if not isinstance(statement, (ast.Expr, ast.Assign, ast.AnnAssign)):
        return
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        yield node
        conditional = (ast.Lambda, ast.IfExp, ast.BoolOp, ast.ListComp, ast.SetComp, ast.DictComp)
        if not isinstance(node, (*conditional, ast.GeneratorExp)):
            pending.extend(ast.iter_child_nodes(node))


def _binds(statement: ast.stmt, names: set[str]) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Store)
        for node in ast.walk(statement)
    )


def _arguments(call: ast.Call) -> bool:
    return bool(call.args or call.keywords)


def _odd_link(deed: HandleUse) -> str:
    assert deed.call is not None
    call = deed.call
    if not call.args or isinstance(call.args[0], ast.Starred):
        return "the callback of link() cannot be seen"
    if not deed.value_unused:
        return "the answer of link() is used"
    return ""


def edits_for(deed: HandleUse, wait: str = "result") -> tuple[Edit, ...]:
    """The edits that say to a Future what a deed says to a green thread. See `profile`.

    ``wait`` is what waits for it.
    """
    if deed.how == "argument":  # greenthread.cancel(gt)
        assert deed.call is not None
        return (ReplaceExpression(deed.call, cancelled),)
    if deed.how != "attribute" or deed.attribute in ("cancel", *_NATIVE):
        return ()
    attribute = deed.parents[-1]
    assert isinstance(attribute, ast.Attribute)
    if deed.attribute == "kill":
        return (ReplaceStatement(deed.use.statement, lambda node, context: ()),)
    if deed.attribute == "wait":
        return (ReplaceExpression(attribute, _renamed(wait)),)
    if deed.attribute == "dead":
        return (ReplaceExpression(attribute, _done),)
    assert deed.attribute == "link" and deed.call is not None
    if len(deed.call.args) == 1 and not deed.call.keywords:
        return (ReplaceExpression(attribute, _renamed("add_done_callback")),)
    return (ReplaceExpression(deed.call, partial(_linked, _is_bound(deed))),)


def _renamed(name: str) -> Callable[[cst.BaseExpression, Context], cst.BaseExpression]:
    return lambda node, context: node.with_changes(attr=cst.Name(name))


def _done(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    assert isinstance(node, cst.Attribute)
    return cst.Call(
        node.with_changes(attr=cst.Name("done"), lpar=(), rpar=()), (), node.lpar, node.rpar
    )


def cancelled(node: cst.BaseExpression, context: Context) -> str:
    """``greenthread.cancel(gt)``, or kill, as a method of what it is given."""
    assert isinstance(node, cst.Call)
    return f"{context.value(node.args[0].value)}.cancel()"


def _is_bound(deed: HandleUse) -> bool:
    """Whether the callback of a link is certain to be the same when it is called.

    A name of a loop, and what a call gives, may be another one then.
    """
    assert deed.call is not None
    callback, scope = deed.call.args[0], deed.use.scope
    if isinstance(callback, ast.Lambda):
        return True
    while isinstance(callback, ast.Attribute):
        callback = callback.value
    if not isinstance(callback, ast.Name):
        return False
    home = scope.lookup(callback.id)
    if callback.id in ("self", "cls") or home is None or home.kind == "module":
        return True
    return _started.definition(callback, deed.use, deed.module) is not None


def _linked(is_bound: bool, node: cst.BaseExpression, context: Context) -> str:
    """``gt.link(f, a, k=b)``: what it passes is evaluated now, so defaults bind it."""
    assert isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
    first, *rest = node.args
    names: list[str] = ["future"]
    bound: list[str] = []
    passed: list[str] = ["future"]
    callback = context.value(first.value)
    if isinstance(first.value, cst.Lambda) and not first.value.lpar:
        callback = f"({callback})"
    elif not is_bound:
        name = callback.rpartition(".")[2]
        name = name if name.isidentifier() and name not in names else "callback"
        names.append(name)
        bound.append(f"{name}={callback}")
        callback = name
    for number, argument in enumerate(rest, 1):
        value = context.value(argument.value)
        constant = isinstance(argument.value, (cst.Integer, cst.SimpleString))
        constant = constant or keyword.iskeyword(value)  # None, True and False
        plain = value if value.isidentifier() and value not in names and not constant else ""
        name = plain or (argument.keyword.value if argument.keyword else f"arg{number}")
        while name in names:
            name += "_"
        names.append(name)
        if argument.star and not plain:
            name = "args" if argument.star == "*" else "kwargs"
        key = f"{argument.keyword.value}=" if argument.keyword else ""
        passed.append(f"{argument.star}{key}{value if constant else name}")
        if not constant:
            bound.append(f"{name}={value}")
    head = ", ".join(["future", *bound])
    inner = replace(context, indent=f"{context.indent}    ", column=len(context.indent) + 4, tail=0)
    function = inner.call(f"lambda {head}: {callback}", passed).replace("\n", f"\n{inner.indent}")
    return context.call(f"{context.code(node.func.value)}.add_done_callback", [function])


def annotation_edit(deed: HandleUse, module: str, name: str) -> ReplaceExpression:
    """The edit that lets an annotation name the class of the native object."""
    assert isinstance(deed.node, ast.expr)
    return ReplaceExpression(deed.node, lambda node, context: f"{context.name(module)}.{name}")
