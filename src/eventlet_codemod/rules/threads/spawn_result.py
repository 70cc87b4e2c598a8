"""A green thread whose result is used becomes a Future of a thread of its own.

`gt.wait()` gives the result, or raises what the work raised, even where its value is thrown away;
so it becomes `result()`, and not `join()`, which does neither. Each call gets a thread of its
own, as many as there are calls: a shared pool of a fixed size would wait for ever where tasks wait
for tasks. `link(f)` becomes `add_done_callback(f)`, with the arguments bound as they were; `dead`
becomes `done()`. A `kill()` below a `wait()` for the same did nothing, and goes.

With the setting `helpers` the project's own `spawn` starts a daemon thread, which does not hold up
the exit. Without it an executor of one worker does, and the interpreter waits for it at the end.

Where nobody asks for the result, a daemon thread is kept instead, which still prints its traceback.
It is assigned before it starts, so that the child finds it there. So is one that finds its own
entry by `getcurrent()`: its `wait()`, if nobody uses the value, becomes `join()`, and whether
someone relies on what that raised is asked.

Where a green thread runs eventlet's WSGI server and nothing else, the helper `WSGIThread` serves in
its place, and its `stop()` takes the place of `kill()`: both let the requests that have begun be
answered, and close the socket. `ServeThread` is the same for `eventlet.serve`.

Any other green thread stays when it is killed, when it is switched to or thrown into, and when it
leaves the analysis: what is done to it must change with it.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import partial

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle, HandleUse, Use
from eventlet_codemod.facts.module import Module
from eventlet_codemod.layout import Argument
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    Rewrite,
    Rule,
)
from eventlet_codemod.rules.threads import (
    _future,
    _kept,
    _layout,
    _loops,
    _server,
    _spawned,
    _started,
    _submitted,
    _together,
)

_CLASS = "eventlet.greenthread.GreenThread"
_FUTURES = "concurrent.futures"
_SUBMIT = f"{_FUTURES}.ThreadPoolExecutor.submit"
_LATE = "what it raises is raised where the result is asked for, and printed no more"
_LOST = "nobody asks for its result: what it raises is lost, and printed no more"
_GIVEN = "a codemod declares it; what is done to what it gives changes"
_WHY = "a Future of a thread of its own gives the result, or raises what the work raised"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a green thread as a whole: its creation, or one thing done to it."""
    handle = facts.handle_of.get(use)
    if handle is None or not handle.apis <= _spawned.APIS:
        return None
    plan = _spawned.plan(handle, settings)
    objection = plan.objection or _together.objection_to(handle, facts, settings)
    if plan.served is not None:
        objection = objection or _server.held_by(handle, facts, settings)
    if objection:
        return _leave(handle, objection, server=plan.served is not None)
    if plan.served is not None:
        if use in handle.creations:
            return _server.creation(use, plan.served)
        return _server.deed(facts.deed[use], plan.served)
    if plan.form == "given":
        done = not any(_deed(deed, plan.profile, "future").edits for deed in handle.uses)
        if use in handle.creations:
            name = facts.names.taken[use]
            return Rewrite(message=f"`{name}` gives a Future", why=_GIVEN, done=done)
        return replace(_deed(facts.deed[use], plan.profile, "future"), done=done)
    if use in handle.creations:
        return _creation(use, facts, handle, plan.profile, plan.form, settings)
    return _deed(facts.deed[use], plan.profile, plan.form)


def _leave(handle: Handle, objection: str, *, server: bool) -> Leave:
    killed = objection.startswith("it is killed")
    advice = (
        _server.ADVICE
        if server
        else _loops.how_to_stop(handle)
        if killed
        else _together.ADVICE
        if objection.startswith("getcurrent()")
        else "give the work a concurrent.futures.Future of its own thread: wait() becomes "
        "result(), link() becomes add_done_callback(); kill() needs a stop event"
    )
    return Leave(
        message=f"this green thread stays: {objection}",
        why="nothing native can be killed"
        if killed
        else "all that is done to it must change with it",
        advice=advice,
        setting="helpers" if server else None,
    )


# --- edits --------------------------------------------------------------------------------------


def _creation(
    use: Use,
    facts: Facts,
    handle: Handle,
    found: _future.Profile,
    form: str,
    settings: Settings,
) -> Rewrite:
    checks = dict(_started.checks(use, _target(use), facts, kept_first=form == "thread"))
    checks.update({**found.checks, **_together.asks(handle)})
    if form == "thread":
        return Rewrite(
            message="a daemon thread is kept instead of a green thread",
            why="it is what current_thread() gives in it, which no Future is"
            if _spawned.is_joined(handle, found)
            else "nobody asks for its result; a daemon thread prints its traceback and never holds "
            "up the exit",
            edits=(_kept.edit(use, facts, "thread", partial(_thread, use)),),
            checks=checks,
            needs=("threading",),
            setting="spawn",
        )
    checks["C-EXC"] = _LATE if "wait" in found.attributes else _LOST
    if settings.helpers is not None:
        module = settings.helpers
        return Rewrite(
            message=f"`{module}.spawn` gives a Future of a daemon thread",
            why=_WHY,
            edits=_submitted.edits(
                use, facts, partial(_helper, module), _spawned.NAMES, f"{module}.spawn"
            ),
            checks=checks,
            needs=(module,),
            helpers=("spawn",),
            setting="helpers",
        )
    life = _outlives(use, handle, facts)
    if life:
        checks["C-LIFE"] = life
    return Rewrite(
        message="an executor of one worker gives a Future of its own thread",
        why=_WHY,
        edits=_submitted.edits(use, facts, _executor, _spawned.NAMES, _SUBMIT),
        checks=checks,
        needs=(_FUTURES,),
        setting="helpers",
    )


def _deed(deed: HandleUse, found: _future.Profile, form: str) -> Rewrite:
    if deed.how == "annotation":
        module, name = ("threading", "Thread") if form == "thread" else (_FUTURES, "Future")
        return Rewrite(
            message=f"the annotation names `{module}.{name}`",
            why="that is what the object is now",
            edits=(_future.annotation_edit(deed, module, name),),
            needs=(module,),
        )
    kind = "Thread" if form == "thread" else "Future"
    twin = {"wait": "result", "link": "add_done_callback", "dead": "done"}.get(deed.attribute)
    checks = {
        code: text
        for code, text in found.checks.items()
        if code in _CHECKS_OF.get(deed.attribute or deed.how, ())
    }
    if form == "thread" and deed.attribute == "wait":
        return Rewrite(
            message="`join()` waits for the thread",
            why="the thread stands for the green thread",
            edits=_future.edits_for(deed, wait="join"),
            checks={
                "C-EXC": "join() does not raise what the work raised, as wait() did; the thread "
                "prints it: does someone rely on it?"
            },
        )
    if deed.attribute == "kill":
        return Rewrite(
            message="the kill goes: the work has ended by then",
            why="a statement above it waits for the same, so it did nothing",
            edits=_future.edits_for(deed),
        )
    return Rewrite(
        message=f"`{twin}()` says the same" if twin else f"the same on a {kind}",
        why=_WHY if form == "future" else "the thread stands for the green thread",
        edits=_future.edits_for(deed) if form == "future" else (),
        checks=checks,
    )


_CHECKS_OF = {
    "link": ("C-ORDER",),
    "cancel": ("C-KILL",),
    "test": ("C-TRUTH",),
    "text": ("C-TYPE",),
}


def _helper(module: str, context: Context) -> str:
    return f"{context.name(module)}.spawn"


def _executor(context: Context) -> str:
    return f"{context.name(_FUTURES)}.ThreadPoolExecutor(max_workers=1).submit"


def _thread(use: Use, spawn: cst.Call, context: Context) -> str:
    (function,), positional, keywords = _started.split(spawn, _spawned.NAMES, context)
    arguments: list[Argument] = [
        _started.named("target", function),
        *_started.passed_on(positional, keywords, use),
        "daemon=True",
    ]
    return _layout.call(context, f"{context.name('threading')}.Thread", arguments)


def _target(use: Use) -> ast.expr | None:
    assert use.call is not None
    return use.call.args[0] if use.call.args else use.call.keywords[0].value


def _outlives(use: Use, handle: Handle, module: Module) -> str:
    """What the exit of the process has to do with an executor's thread, unless that has ended.

    It has where the very next thing is to wait for it, if nothing but Ctrl-C can end the waiting.
    """
    near = [
        deed for deed in handle.uses if deed.attribute == "wait" and use.function in deed.parents
    ]
    if use.function is None or not near:
        return "the interpreter waits for it at the exit; a green thread was dropped"
    target = _target(use)
    body = _started.definition(target, use, module) if target is not None else None
    endless = body is not None and any(isinstance(node, ast.While) for node in ast.walk(body))
    if endless or use.in_loop or not any(_comes_next(deed, use) for deed in near):
        return "the interpreter waits for it at the exit, also where an error ends the waiting here"
    return ""


def _comes_next(deed: HandleUse, use: Use) -> bool:
    """Whether something is done in the statement of a creation, or first in what follows."""
    statement, wait = use.statement, deed.use.statement
    if statement is wait:
        return True
    holder = use.parents[use.parents.index(statement) - 1]
    for name in ("body", "orelse", "finalbody"):
        block = getattr(holder, name, None)
        if isinstance(block, list) and statement in block[:-1]:
            following = block[block.index(statement) + 1]
            first = following.body[0] if isinstance(following, ast.Try) else following
            return first is wait
    return False


rule = Rule(
    code="EVT113",
    family="threads",
    step=1,
    summary="a green thread whose result is used becomes a Future",
    apis=frozenset(
        {*_spawned.APIS, *(f"{name}.*" for name in _spawned.APIS), *_future.FUNCTIONS, _CLASS}
    ),
    match=match,
    checks=(
        *("C-START", "C-ATOM", "C-EXIT", "C-MAIN", "C-BOUND", "C-EXC", "C-LIFE"),
        *("C-FLOW", "C-KILL", "C-ORDER", "C-TRUTH", "C-TYPE"),
    ),
    relies_on="thread",
    settings=("spawn", "helpers"),
    references=("SPN-2", "SPN-4", "GT-WAIT", "GT-LINK", "GT-DEAD", "GT-CANCEL"),
    before="""\
import eventlet


def fetch_all(fetch, urls):
    threads = [eventlet.spawn(fetch, url) for url in urls]
    return [thread.wait() for thread in threads]
""",
    after="""\
from concurrent import futures


def fetch_all(fetch, urls):
    threads = [
        futures.ThreadPoolExecutor(max_workers=1).submit(fetch, url)
        for url in urls
    ]
    return [thread.result() for thread in threads]
""",
)
