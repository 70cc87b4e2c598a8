"""What eventlet is made of, where a program reaches into it.

Each name is told what does the same for threads, or that it can go. Most are there to green a
module by hand, or belong to a class that another rule rewrites.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule
from eventlet_codemod.rules.rare import _by_hand

_CODE = "EVT744"
_WHY = "it is a part of how eventlet itself works"
_IMPORTS = (
    "delete it with the last use of eventlet in the process, and import the module itself, which "
    "has to be greened no more"
)
_FILTER = "delete the filter or the clause: nothing warns"
_TPOOL = "delete it: native threads need no pool to block in"
_ADVICE = {
    "eventlet.EventletDeprecationWarning": _FILTER,
    "eventlet.convenience.ReusePortUnavailableWarning": _FILTER,
    "eventlet.convenience.ReuseRandomPortWarning": _FILTER,
    "eventlet.__version__": "delete the question, with the branch for eventlet",
    "eventlet.version_info": "delete the question, with the branch for eventlet",
    "eventlet._version": "delete the question, with the branch for eventlet",
    "eventlet.event.NOT_USED": "compare with a sentinel of the project's own, `_UNSET = object()`",
    "eventlet.greenpool.DEBUG": "delete it: it printed what a GreenPool does",
    "eventlet.greenpool.GreenMap": "iterate over executor.map(function, items), which reads all "
    "items at once, or over the helper imap_bounded",
    "eventlet.greenthread.call_after": "start a daemon threading.Timer, and keep it for cancel()",
    "eventlet.greenthread.call_after_global": "start a daemon threading.Timer, and keep it for "
    "cancel()",
    "eventlet.greenthread.call_after_local": "start a daemon threading.Timer, and cancel() it in a "
    "finally of the thread that started it",
    "eventlet.greenthread.exc_after": "give the call that may hang a limit (timeout=…): nothing "
    "raises an error in another thread",
    "eventlet.patcher.SysModulesSaver": _IMPORTS,
    "eventlet.patcher.already_patched": "delete the question, with the branch for what is patched",
    "eventlet.patcher.inject": _IMPORTS,
    "eventlet.patcher.patch_function": _IMPORTS,
    "eventlet.patcher.slurp_properties": _IMPORTS,
    "eventlet.pools.Token": "use a threading.BoundedSemaphore, which has no tokens",
    "eventlet.queue.ItemWaiter": "wait in put() of a queue.Queue",
    "eventlet.queue.Waiter": _by_hand.see(
        "wait for a concurrent.futures.Future: switch() is set_result(), throw() is "
        "set_exception(), wait() is result()",
        _CODE,
    ),
    "eventlet.tpool.EXC_CLASSES": _TPOOL,
    "eventlet.tpool.QUIET": _TPOOL,
    "eventlet.tpool.SYS_EXCS": _TPOOL,
    "eventlet.tpool.proxy_call": "call the method itself",
    "eventlet.tpool.tpool_trampoline": _TPOOL,
    "eventlet.tpool.tworker": _TPOOL,
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave it, with what takes its place."""
    return _by_hand.leave(use, "", _WHY, _ADVICE)


_WAITER = '''\
from concurrent import futures


class Waiter:
    """What was queue.Waiter: somebody waits for a value that somebody else hands over."""

    def __init__(self):
        self.future = futures.Future()

    def switch(self, value=None):
        self.future.set_result(value)

    def throw(self, error):
        self.future.set_exception(error)

    def wait(self, timeout=None):
        return self.future.result(timeout)
'''

_EXAMPLE = """\
from eventlet import patcher

patcher.inject("pkg.driver", globals(), ("socket", patcher.original("socket")))
"""

rule = Rule(
    code=_CODE,
    family="rare",
    step=1,
    summary="what eventlet is made of is left, with what to do about each name",
    apis=frozenset(f"{name}{end}" for name in _ADVICE for end in ("", ".*")),
    match=match,
    references=("IMP-6", "IMP-8", "IMP-10"),
    sketches={"a value that is handed over once": _WAITER},
    before=_EXAMPLE,
    after=_EXAMPLE,
)
