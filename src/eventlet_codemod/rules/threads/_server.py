"""A green thread that does nothing but run a server of eventlet's, and is killed to end that."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle, HandleUse, Module, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules import unseen
from eventlet_codemod.rules.base import Edit, ReplaceExpression, Rewrite
from eventlet_codemod.rules.limits import limited_by
from eventlet_codemod.rules.locations import kind_of, where
from eventlet_codemod.rules.servers import _serving
from eventlet_codemod.rules.sync._alike import flow_checks
from eventlet_codemod.rules.threads import _current, _future, _started

#: The helpers that serve in a thread of their own, which can be stopped, by what they do.
HELPERS = {_serving.API: "WSGIThread", "eventlet.convenience.serve": "ServeThread"}

_SPAWN = "eventlet.greenthread.spawn"
#: What to do by hand about one that stays.
ADVICE = (
    "keep a `WSGIThread(sock, app, …)` of the module of helpers in place of the green thread, or "
    "`ServeThread(sock, handle)` for eventlet.serve: it serves in a thread of its own, stop() "
    "takes the place of kill(), and wait() waits for its end. To close the socket ends "
    "`wsgi_server`, too"
)
_ENDS = (
    "handlers that run go on, as after kill(); a connection that was taken is closed; and wait() "
    "raises no GreenletExit"
)
_STOPS = (
    "stop() waits up to a second for requests that have begun, where kill() went on at once; "
    "wait() waits for all of them, and raises no GreenletExit"
)


@dataclass(frozen=True, slots=True)
class Served:
    """What keeps a green thread that runs a server from becoming the helper, and what to ask."""

    objection: str = ""
    checks: Mapping[str, str] = field(default_factory=dict)


def server_in(creation: Use, module: Module) -> Use | None:
    """The reference to a server of eventlet's that a spawn starts."""
    call = creation.call
    if creation.api != _SPAWN or call is None or not call.args:
        return None
    found = module.reference_of.get(call.args[0])
    return found if found is not None and found.api in HELPERS and not found.doubt else None


def served(handle: Handle, settings: Settings) -> Served | None:
    """How a green thread that runs a server ends natively; None for another, or for no kill."""
    if not any(deed.attribute == "kill" for deed in handle.uses):
        return None
    if handle.mixed or handle.conflicts or handle.escapes:
        return None  # it stays like any other
    servers = [
        server_in(creation, module)
        for creation, module in zip(handle.creations, handle.origins, strict=True)
    ]
    if None in servers or not servers:
        return None
    asked = ""
    for use in servers:
        assert use is not None
        asked = _STOPS if use.api == _serving.API else asked or _ENDS
        if objection := _objection_to_server(use, settings):
            return Served(f"the server that it runs does: {objection}")
    return _looked_at(handle, asked)


def _objection_to_server(use: Use, settings: Settings) -> str:
    if use.api == _serving.API:
        return _serving.objection_to(use, settings)
    return "" if settings.helpers is not None else "`helpers` names no module for it"


def held_by(handle: Handle, facts: Facts, settings: Settings) -> str:
    """Why an accept loop changes together with more than its green thread; "" if it does not."""
    servers = map(server_in, handle.creations, handle.origins)
    if all(use is None or use.api == _serving.API for use in servers):
        return ""
    own = f"{(settings.helpers or '').replace('.', '/')}.py"
    files = facts.project.mentions(frozenset({"StopServe"}), "").get("StopServe", ())
    named = facts.search("StopServe") or any(not path.endswith(own) for path in files)
    return "StopServe ends it too, and goes with all of its kind" if named else ""


def _looked_at(handle: Handle, asked: str) -> Served:
    checks = flow_checks(handle)
    if objection := unseen.objection_to(handle, checks):
        return Served(objection)
    if current := _current.compared_with(handle):
        return Served(f"getcurrent() on {current} may be compared with it")
    for creation, module in zip(handle.creations, handle.origins, strict=True):
        if _started.has_odd_comment(creation, module):
            line = creation.node.lineno  # type: ignore[attr-defined]
            return Served(f"a comment stands inside the arguments on line {line}")
    for deed in handle.uses:
        if deed.foreign:
            return Served(f"other objects' .{handle.attribute} may be it")
        if objection := _objection_to(deed, handle, checks):
            return Served(f"{objection} on {where(deed, handle)}")
    return Served("", {**checks, "C-KILL": asked})


def _objection_to(deed: HandleUse, handle: Handle, checks: dict[str, str]) -> str:
    if deed.how != "attribute":
        if deed.how in (*_future.NEUTRAL, "test"):
            return _future.objection_to(deed, checks) or _future.truth(deed, handle)
        return f"{kind_of(deed)} has no twin for a server,"
    if deed.attribute not in ("kill", "wait"):
        return f".{deed.attribute} has no twin for a server, used"
    if deed.call is None:
        return f".{deed.attribute} is passed on, uncalled,"
    if deed.call.args or deed.call.keywords:
        return f".{deed.attribute}() is given arguments"
    if not deed.value_unused:
        return f"what {deed.attribute}() gives is used"
    if deed.attribute == "wait" and limited_by(deed):
        return "a Timeout of eventlet may end the wait"
    return ""


def advice_for(target: ast.expr | None, body: ast.AST | None, module: Module) -> str | None:
    """How to end what runs a server, itself or in a function of the file; None for what does not.

    ``body`` is that function.
    """
    named = module.reference_of.get(target) if target is not None else None
    if named is not None and named.api in HELPERS:
        return ADVICE
    for node in ast.walk(body) if body is not None else ():
        use = module.use_of_call.get(node)
        if use is None or use.call is None or use.api not in HELPERS:
            continue
        where = f"{getattr(body, 'name', 'the lambda')}(), line {use.call.lineno}"
        if use.api != _serving.API:
            return (
                f"let {where}, keep a `ServeThread(sock, handle)` of the module of helpers where "
                "kill() is called: stop() takes its place"
            )
        arguments = _serving.arguments_of(use)
        sock = arguments.given.get("sock") if arguments is not None else None
        shown = f"`{ast.unparse(sock)}`" if sock is not None else "its socket"
        return (
            f"close the socket in place of kill(): `wsgi_server` of the module of helpers, for "
            f"{where}, answers what has begun and returns when {shown} is closed. Keep that socket "
            "where kill() is called, and join() the thread where its end matters"
        )
    return None


# --- edits ---------------------------------------------------------------------------------------


def creation(use: Use, found: Served) -> Rewrite:
    """The spawn goes, and what it started stands in its place: that is the helper by then."""
    assert use.call is not None
    checks = {code: text for code, text in found.checks.items() if code != "C-TRUTH"}
    return Rewrite(
        message="the server runs in a thread of its own, which can be stopped",
        why="nothing native can be killed, and stop() ends the server as kill() did",
        edits=(ReplaceExpression(use.call, _made),),  # its arguments are others: no mock follows
        checks=checks,
        setting="helpers",
    )


def _made(node: cst.BaseExpression, context: Context) -> str:
    first, *others = cst.ensure_type(node, cst.Call).args
    given = [
        f"{item.keyword.value}={context.value(item.value)}"
        if item.keyword is not None
        else context.value(item.value)
        for item in others
    ]
    return context.call(context.value(first.value), given)


def deed(done: HandleUse, found: Served) -> Rewrite:
    """Stop the server, or wait for it."""
    edits: tuple[Edit, ...] = ()
    if done.attribute == "kill":
        attribute = done.parents[-1]
        assert isinstance(attribute, ast.Attribute)
        edits = (ReplaceExpression(attribute, _stop),)
    code = {"kill": "C-KILL", "wait": "C-KILL", "test": "C-TRUTH", "text": "C-TYPE"}.get(
        done.attribute or done.how, ""
    )
    return Rewrite(
        message="`stop()` lets the server end" if edits else "the same on a server's thread",
        why="what has begun goes on, and nothing more begins, as after kill()",
        edits=edits,
        checks={code: found.checks[code]} if code in found.checks else {},
    )


def _stop(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    return node.with_changes(attr=cst.Name("stop"))
