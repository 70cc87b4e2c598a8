"""Threads of a `ThreadGroup` cannot be linked, cancelled, stopped or asked for a value any more.

On oslo.service's threading backend `link()`, `cancel()` and `stop()` of what `add_thread()` gives
do nothing, and say nothing; `wait()` gives None, whatever the work returned or raised. Each such
place is left, with what to do there, unless `linked-threads` has an answer to it.

Two things go on working and are asked about: `add_thread()` in a loop, since a full group raises
RuntimeError where eventlet's made the caller wait (a ThreadGroup held 10 unless told otherwise, and
holds 1000); and `stop()` of a group, which killed its threads and now only lets go of them.

These are uses while the run chooses that backend (`monkey-patch` is `init-backend`, or `switch`,
where they are left), not in tests.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.backend import GROUP, THREAD
from eventlet_codemod.rules.base import Decision, Leave, Rewrite, Rule
from eventlet_codemod.rules.ecosystem import _linked

_ADD = f"{GROUP}.add_thread"
_STOP = f"{GROUP}.stop"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on what is done to a group or to one of its threads."""
    call = use.parent
    if not isinstance(use.node, ast.Attribute) or not isinstance(call, ast.Call):
        return None
    if not _linked.objection_to(use, facts, settings):
        return None
    receiver = ast.unparse(use.node.value)
    if use.api == _ADD:
        return _kept(
            "the loop goes on adding threads to the group",
            {
                "C-BOUND": f"when {receiver} is full (1000 threads, unless it was made with a "
                "number), add_thread() raises RuntimeError here, where it waited for a thread to "
                "end: what bounds the loop, or catches that?"
            },
        )
    if use.api == _STOP:
        work = _work_of(receiver, facts)
        return _kept(
            "the group lets go of its threads",
            {
                "C-KILL": f"stop() killed what runs in {receiver} ({work}); a native thread goes "
                "on, and holds up the exit: what ends it?"
            },
        )
    if use.api == f"{GROUP}.cancel":
        return Leave(
            message=f"`{receiver}.cancel()` is not there on the threading backend",
            why="its groups cannot take back threads, and have no such method",
            advice="let the work look at a threading.Event and set it here",
        )
    return _of_thread(use, call, receiver, _linked.objection_to(use, facts, settings))


def _kept(message: str, checks: dict[str, str]) -> Rewrite:
    return Rewrite(
        message=message,
        why="the call is the same on oslo.service's threading backend",
        checks=checks,
        stays=True,
    )


def _work_of(receiver: str, facts: Facts) -> str:
    """What the file starts in a group, as it is written."""
    found = []
    for occurrence in facts.occurrences("add_thread"):
        node, call = occurrence.node, occurrence.parents[-1]
        if not isinstance(node, ast.Attribute) or ast.unparse(node.value) != receiver:
            continue
        if isinstance(call, ast.Call) and call.args:
            found.append(ast.unparse(call.args[0]))
    return ", ".join(dict.fromkeys(found)) or "what was added to it"


def _of_thread(use: Use, call: ast.Call, receiver: str, objection: str) -> Leave:
    helper, setting = _linked.advice(objection), _linked.setting(objection)
    name = use.api.removeprefix(f"{THREAD}.")
    if name == "link":
        given = ast.unparse(call.args[0]) if call.args else "the callback"
        rest = "".join(f", {ast.unparse(item)}" for item in [*call.args[1:], *call.keywords])
        return Leave(
            message=f"link() of a ThreadGroup's thread does nothing, so {given} is never called",
            why="native threads tell nobody when they end; a thread from `threads` of the group "
            "has no link() at all",
            advice=f"hand the callback to what is started, which calls it last: "
            f"`try: func(*args, **kwargs)`, `finally: {given}(None{rest})`; where it reads the "
            "result with wait(), give it the value or the exception instead of None. Or start the "
            f"work on an executor, and add_done_callback() to its future. {helper}",
            setting=setting,
        )
    if name == "wait":
        return Leave(
            message=f"`{receiver}.wait()` gives None, and raises nothing",
            why="on the threading backend it only joins the thread; eventlet's gave what the work "
            "returned and raised what it raised",
            advice="let the work put its result and its error into a concurrent.futures.Future and "
            f"read that, or submit it to an executor and call result(). {helper}",
            setting=setting,
        )
    return Leave(
        message=f"`{receiver}.{name}()` does nothing on the threading backend",
        why="a native thread cannot be ended from outside",
        advice="let the work look at a threading.Event (`while not done.wait(interval)`), set it "
        "here, and wait() for the thread where what follows needs that it is over",
    )


rule = Rule(
    code="EVT413",
    family="ecosystem",
    step=3,
    summary="what oslo.service's threads cannot do any more is named",
    apis=frozenset({f"{GROUP}.*", f"{THREAD}.*"}),
    match=match,
    checks=("C-BOUND", "C-KILL"),
    references=("OSL-4", "OSL-5", "OSL-6", "OSL-7"),
    example_settings={"monkey_patch": "init-backend", "monkey_patched": "yes"},
    before="""\
from oslo_service import threadgroup


def run(work, done):
    group = threadgroup.ThreadGroup()
    thread = group.add_thread(work)
    thread.link(done)
    return thread.wait()
""",
    after="""\
from oslo_service import threadgroup


def run(work, done):
    group = threadgroup.ThreadGroup()
    thread = group.add_thread(work)
    thread.link(done)
    return thread.wait()
""",
)
