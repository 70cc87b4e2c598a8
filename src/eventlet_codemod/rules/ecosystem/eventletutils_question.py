"""What `oslo_utils.eventletutils` asks about the process has one answer once nothing is patched.

`fetch_current_thread_functor()` gives `threading.current_thread` then, and
`warn_eventlet_not_patched()` has nothing to warn of. So both belong to the end of a migration.
(`is_monkey_patched()` has a rule of its own, and so have the events.)

`EVENTLET_AVAILABLE` says whether eventlet is installed, not whether it is in use: another package
may bring it along. It is left.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    is_alone_in_block,
    leave_in_doubt,
    removed,
)

_MODULE = "oslo_utils.eventletutils"
_CURRENT = f"{_MODULE}.fetch_current_thread_functor"
_WARN = f"{_MODULE}.warn_eventlet_not_patched"
_AVAILABLE = f"{_MODULE}.EVENTLET_AVAILABLE"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a call of one of the functions, or a look at the flag."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    if use.api == _AVAILABLE:
        return Leave(
            message="this asks whether eventlet is installed",
            why="another package may bring eventlet along, and then the green branch runs",
            advice="keep the native branch and delete the question",
        )
    if use.call is None:
        return Leave(
            message=f"`{use.path}` is handed on",
            why="only a call of it has an answer",
            advice="hand on `lambda: threading.current_thread`, or nothing"
            if use.api == _CURRENT
            else "delete it together with what calls it",
        )
    return _current(use.call) if use.api == _CURRENT else _warning(use, use.call)


def _current(call: ast.Call) -> Decision:
    return Rewrite(
        message="the current thread is what `threading.current_thread` gives",
        why="where threads are not patched, that is what it gives too",
        edits=(ReplaceExpression(call, lambda n, c: f"{c.name('threading')}.current_thread"),),
        checks={
            "C-NONE": "what it gives is called for a thread, no more a greenlet: for more than "
            "to tell one from another?"
        },
        needs=("threading",),
    )


def _warning(use: Use, call: ast.Call) -> Decision:
    given = [*call.args, *(item.value for item in call.keywords)]
    acts = any(isinstance(n, (ast.Call, ast.NamedExpr)) for a in given for n in ast.walk(a))
    if not use.call_is_statement or is_alone_in_block(use) or acts:
        return Leave(
            message="this warning is all that its block does, or something acts in its arguments",
            why="what decides whether to warn has to go with it",
            advice="delete the warning together with what is around it only for its sake",
        )
    return Rewrite(
        message="nothing is patched any more, so nothing can be patched in part",
        why="it only warns where eventlet is in use and something is not patched",
        edits=(removed(use),),
    )


rule = Rule(
    code="EVT405",
    family="ecosystem",
    step=3,
    summary="what oslo.utils asks of eventlet is answered",
    apis=frozenset({_CURRENT, _WARN, _AVAILABLE}),
    match=match,
    checks=("C-NONE",),
    references=("OSU-2",),
    example_settings={"force": True},
    before="""\
from oslo_utils import eventletutils


class Lock:
    def __init__(self):
        eventletutils.warn_eventlet_not_patched(['thread'], what='this lock')
        self._get_thread = eventletutils.fetch_current_thread_functor()
""",
    after="""\
import threading


class Lock:
    def __init__(self):
        self._get_thread = threading.current_thread
""",
)
