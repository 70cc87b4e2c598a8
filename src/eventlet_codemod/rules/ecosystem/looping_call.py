"""A looping call of oslo.service runs in a thread that is not a daemon.

On the threading backend a loop that nobody stops keeps its process from ending, where eventlet's
ended with it. So a loop is asked about that the file starts and neither stops nor waits for: in a
child of a launcher it does no harm, in a program that just returns from `main()` it does.

`start(…).wait(timeout)` gave None when the time was over, and raises RuntimeError now; that is
left, with what to do. Loops that are waited for without a limit, which most are, run as before.
These are uses while the run chooses that backend (`monkey-patch` is `init-backend`, or `switch`,
where they are left), not in tests.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.backend import LOOP
from eventlet_codemod.rules.base import Decision, Leave, Rewrite, Rule


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on the start of a loop that nothing ends, or a wait with a limit."""
    assert isinstance(use.node, ast.Attribute)
    name = ast.unparse(use.node.value)
    if use.api == f"{LOOP}.wait":
        return Leave(
            message=f"`{name}.wait()` raises RuntimeError when its time is over",
            why="eventlet's gave None then; the threading backend of oslo.service tells it apart "
            "from a loop that gave None",
            advice="catch RuntimeError and do there what was done for None; stop() the loop, which "
            "goes on either way",
        )
    kept = name if isinstance(use.node.value, (ast.Name, ast.Attribute)) else "the looping call"
    return Rewrite(
        message="nothing in this file stops this loop",
        why="the call is the same on oslo.service's threading backend",
        checks={
            "C-LIFE": f"the thread of {kept} holds up the exit unless the process is the child of "
            "a launcher: where does stop() belong?"
        },
        stays=True,
    )


rule = Rule(
    code="EVT415",
    family="ecosystem",
    step=3,
    summary="looping calls that hold up the exit are asked about",
    apis=frozenset({f"{LOOP}.*"}),
    match=match,
    checks=("C-LIFE",),
    references=("OSL-8",),
    example_settings={"monkey_patch": "init-backend", "monkey_patched": "yes"},
    before="""\
from oslo_service import loopingcall


def report(agent, interval):
    heartbeat = loopingcall.FixedIntervalLoopingCall(agent.report)
    heartbeat.start(interval=interval)
""",
    after="""\
from oslo_service import loopingcall


def report(agent, interval):
    heartbeat = loopingcall.FixedIntervalLoopingCall(agent.report)
    heartbeat.start(interval=interval)
""",
)
