"""Statements that only tune eventlet's machinery go: there is no hub and no pool to tune.

`hubs.use_hub()` and `get_hub()`, what tells the hub of descriptors, `tpool.set_num_threads()`,
`killall()` and `setup()`, `make_psycopg_green()`, the switches of `eventlet.debug`, and those of
the hub, such as `get_hub().debug_exceptions = False`. A call whose value is used stays. Where one
is all that is tried, the try statement goes with it.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import (
    Decision,
    Fold,
    Rewrite,
    Rule,
    is_alone_in_block,
    leave_in_doubt,
    removed,
)
from eventlet_codemod.rules.patching import _emptied

_CHECKS: dict[str, dict[str, str]] = {
    "eventlet.debug.hub_blocking_detection": {},
    "eventlet.debug.hub_exceptions": {
        "C-EXC": "threads print their tracebacks through threading.excepthook, whatever this said"
    },
    "eventlet.debug.hub_listener_stacks": {},
    "eventlet.debug.hub_prevent_multiple_readers": {
        "C-ATOM": "it allowed two readers of one socket: where are they, and may they race?"
    },
    "eventlet.debug.hub_timer_stacks": {},
    "eventlet.debug.tpool_exceptions": {},
    "eventlet.hubs.get_hub": {},
    "eventlet.hubs.use_hub": {
        "C-FORK": "after a fork it made a new hub: does the process fork here?"
    },
    "eventlet.hubs.notify_close": {
        "C-SOCK": "it woke green threads that wait for the descriptor: what wakes threads now? "
        "shutdown() of a socket does, close() does not"
    },
    "eventlet.hubs.notify_opened": {},
    "eventlet.support.psycopg2_patcher.make_psycopg_green": {
        "C-AFF": "connections may be shared by threads, a transaction may not: is any shared?"
    },
    "eventlet.tpool.killall": {"C-BOUND": "is the number of threads limited elsewhere?"},
    "eventlet.tpool.set_num_threads": {"C-BOUND": "is the number of threads limited elsewhere?"},
    "eventlet.tpool.setup": {},
}
#: Attributes of the hub that only change what it prints.
_SWITCHES = frozenset({"debug_blocking", "debug_blocking_resolution", "debug_exceptions"})


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Remove the statement; leave a call whose value is used, or one that is all of its block."""
    if use.kind != "reference" or use.call is None:
        return None
    switch = _switch(use)
    if not use.call_is_statement and switch is None:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    given = [*use.call.args, *(item.value for item in use.call.keywords)]
    given += [switch.value] if switch is not None else []
    if any(_acts(item) for item in given):
        return None
    tried = _tried(use)
    holder = use.parents[use.parents.index(use.statement) - 1]
    handles = isinstance(holder, (ast.ExceptHandler, ast.Try)) and _handles(holder, use)
    if tried is None and handles:
        return None
    sets_exceptions = switch is not None and "debug_exceptions" in ast.unparse(switch.targets[0])
    api = "eventlet.debug.hub_exceptions" if sets_exceptions else use.api
    checks = dict(_CHECKS[api])
    if tried is not None:
        checks["C-BRANCH"] = "what was done about its failure goes as well"
    if api.endswith("hub_exceptions") and given and _is_true(given[0]):
        checks = {}
    return Rewrite(
        message=f"`{use.path}()` goes: there is nothing left to tune",
        why="it only changed how eventlet's hub or thread pool worked",
        edits=(Fold(tried, "body"), removed(use)) if tried else _emptied.removal(use, facts),
        checks=checks,
    )


def _switch(use: Use) -> ast.Assign | None:
    """The statement that sets a switch of the hub: ``get_hub().debug_exceptions = False``."""
    statement = use.statement
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return None
    target = statement.targets[0]
    if not isinstance(target, ast.Attribute) or target.attr not in _SWITCHES:
        return None
    return statement if target.value is use.call else None


def _handles(holder: ast.ExceptHandler | ast.Try, use: Use) -> bool:
    """Whether the statement is all that is tried, or done about an error."""
    if not is_alone_in_block(use):
        return False
    if isinstance(holder, ast.ExceptHandler):
        return True
    return use.statement not in holder.finalbody or bool(holder.handlers or holder.orelse)


def _tried(use: Use) -> ast.Try | None:
    """The try statement around nothing but this one, if all that it does is handle its errors."""
    holder = use.parents[use.parents.index(use.statement) - 1]
    if not isinstance(holder, ast.Try) or holder.body != [use.statement]:
        return None
    return None if holder.orelse or holder.finalbody else holder


def _acts(node: ast.expr) -> bool:
    """Whether evaluating an argument may do something that must not be lost."""
    return any(isinstance(n, (ast.Call, ast.NamedExpr, ast.Await)) for n in ast.walk(node))


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


rule = Rule(
    code="EVT506",
    family="patching",
    step=3,
    summary="statements that only tune the hub or tpool go",
    apis=frozenset(_CHECKS),
    match=match,
    checks=("C-EXC", "C-ATOM", "C-FORK", "C-BOUND", "C-BRANCH", "C-SOCK", "C-AFF"),
    references=("HUB-1", "HUB-4", "TPL-4", "SUP-3", "DBG-1", "DBG-2", "DBG-3"),
    example_settings={"force": True},
    before="""\
from eventlet import debug


def configure(settings):
    debug.hub_blocking_detection(False)
    return dict(settings)
""",
    after="""\
def configure(settings):
    return dict(settings)
""",
)
