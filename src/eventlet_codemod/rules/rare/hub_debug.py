"""What `eventlet.debug` tells of the hub is told of threads by the standard library.

`faulthandler` and `sys._current_frames()` show where each thread is, `trace` and
`threading.settrace` which lines run. Switches of the hub
go with it, where they stand as statements: see `hub-tuning`.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule
from eventlet_codemod.rules.rare import _by_hand

_CODE = "EVT741"
_WHY = "it looks into the hub, which goes"
_DEBUG = "eventlet.debug"
_SHOW = "show where each thread is: traceback.format_stack(frame) for sys._current_frames()"
_ADVICE = {
    _DEBUG: "delete it, or show the stacks of threads with faulthandler",
    f"{_DEBUG}.format_hub_listeners": _SHOW,
    f"{_DEBUG}.format_hub_timers": f"{_SHOW}; a threading.Timer is a thread among them",
    f"{_DEBUG}.format_threads_info": f"{_SHOW}; threading.enumerate() lists them",
    f"{_DEBUG}.format_asyncio_info": "print asyncio.all_tasks(loop)",
    f"{_DEBUG}.spew": "trace the lines that run with trace.Trace, or a function for "
    "threading.settrace()",
    f"{_DEBUG}.Spew": "trace the lines that run with trace.Trace, or a function for "
    "threading.settrace()",
    f"{_DEBUG}.unspew": "call threading.settrace(None) and sys.settrace(None)",
    f"{_DEBUG}.hub_blocking_detection": "delete it: a thread that blocks stops no other; "
    "faulthandler.dump_traceback_later() shows where one hangs",
    f"{_DEBUG}.hub_exceptions": "set threading.excepthook where errors in threads are not to be "
    "printed",
    f"{_DEBUG}.hub_prevent_multiple_readers": "delete it: nobody keeps two threads from reading "
    "one socket",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave it, with what takes its place."""
    return _by_hand.leave(use, _CODE, _WHY, _ADVICE)


_STACKS = '''\
import sys
import threading
import traceback


def format_threads():
    """Where each thread is, as text."""
    frames = sys._current_frames()
    parts = []
    for thread in threading.enumerate():
        parts.append(f"{thread.name}{' (daemon)' if thread.daemon else ''}:\\n")
        if thread.ident in frames:
            parts += traceback.format_stack(frames[thread.ident])
    return "".join(parts)
'''
_LINES = '''\
import sys
import threading


def spew(write, names):
    """Tell which lines run in modules of these names, in threads that begin from now on."""

    def trace(frame, event, arg):
        name = frame.f_globals.get("__name__", "")
        if name not in names:
            return None
        if event == "line":
            write(f"{threading.current_thread().name}: {name}:{frame.f_lineno}")
        return trace

    threading.settrace(trace)
    sys.settrace(trace)


def unspew():
    threading.settrace(None)
    sys.settrace(None)
'''

_EXAMPLE = """\
from eventlet import debug


def dump(log):
    log.info(debug.format_hub_listeners())
    log.info(debug.format_hub_timers())
"""

rule = Rule(
    code=_CODE,
    family="rare",
    step=1,
    summary="what looks into the hub is left, with what shows threads",
    apis=frozenset({f"{_DEBUG}.*"}),
    match=match,
    references=("DBG-1", "DBG-3", "DBG-4", "DBG-5"),
    sketches={"where each thread is": _STACKS, "which lines run": _LINES},
    before=_EXAMPLE,
    after=_EXAMPLE,
)
