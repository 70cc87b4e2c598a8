"""What os_ken.lib.hub gives is the standard library's, once the hub is the native one.

Names that are eventlet's own under another name are declared, and the built-in rules take them from
there. The hub's own functions have rules: what `spawn` starts is a thread, `Event` is
`threading.Event`, `patch` has nothing to do, and `kill` does nothing.

    eventlet-codemod diff --codemod os_ken_hub
"""

import ast

from eventlet_codemod import Declared, Leave, ReplaceExpression, ReplaceStatement, Rewrite, Rule

HUB = "os_ken.lib.hub"

declared = Declared(
    {
        f"{HUB}.{name}": api
        for name, api in {
            "BoundedSemaphore": "eventlet.semaphore.BoundedSemaphore",
            "HubEvent": "eventlet.event.Event",
            "Queue": "eventlet.queue.LightQueue",
            "QueueEmpty": "eventlet.queue.Empty",
            "Semaphore": "eventlet.semaphore.Semaphore",
            "TaskExit": "greenlet.GreenletExit",
            "Timeout": "eventlet.timeout.Timeout",
            "WebSocketWSGI": "eventlet.websocket.WebSocketWSGI",
            "connect": "eventlet.convenience.connect",
            "getcurrent": "eventlet.greenthread.getcurrent",
            "listen": "eventlet.convenience.listen",
            "sleep": "eventlet.greenthread.sleep",
        }.items()
    }
)

NATIVE = (
    "does this run on the native hub wherever it runs? It is the default since os-ken 4.0.0, "
    "unless OSKEN_HUB_TYPE says eventlet"
)


def in_doubt(use):
    """The decision for a name that may be something else, or that is assigned to."""
    if use.doubt or (use.kind == "reference" and not use.loaded):
        return Leave(
            message=f"`{use.path}` may be something else than the hub's here",
            why=use.doubt or "it is assigned to",
            advice="make the name mean one thing in this file, then run again",
        )
    return None


def match_spawn(use, facts, settings):
    """Nothing to edit: os-ken starts a thread itself. What is different is asked."""
    if use.kind == "string":
        return Rewrite(
            message="the hub's function is patched under the same name",
            why="the native hub has it too",
            stays=True,
        )
    if doubt := in_doubt(use):
        return doubt
    checks = {
        "C-MODE": NATIVE,
        "C-ATOM": "is state that the thread shares with others guarded by a lock?",
    }
    if use.path.endswith("spawn_after"):
        if use.call is None or any(word.arg == "raise_error" for word in use.call.keywords):
            checks["C-EXC"] = "the native hub takes raise_error and does not look at it"
    else:
        checks["C-LIFE"] = (
            "the thread is no daemon: does something end it when the process is to end?"
        )
    if use.call is None or not use.call_is_statement:
        checks["C-NONE"] = (
            "`.wait()` gives None and raises nothing of the work; there is no `.kill()`, and "
            "`.cancel()` stops only what spawn_after has not begun"
        )
    return Rewrite(
        message=f"os-ken's native hub starts a thread in `{use.path.rpartition('.')[2]}`",
        why="it is os-ken's function for both hubs, and it stays",
        checks=checks,
        stays=True,
    )


def match_event(use, facts, settings):
    """The hub's Event becomes threading's, whose wait() ends when its time is over."""
    if use.kind == "string":
        return Leave(
            message="a string names the hub's Event",
            why="a test patches it, and the code uses threading.Event",
            advice='patch "threading.Event" of the module under test',
        )
    if doubt := in_doubt(use):
        return doubt
    if not isinstance(use.node, ast.Name | ast.Attribute):
        return Leave(
            message="the hub's Event is imported and not used here",
            why="somebody may import it from here",
            advice="remove the import if nobody does",
        )
    return Rewrite(
        message="`threading.Event` takes the place of the hub's",
        why="it has the same four methods, and wait() gives the flag",
        edits=(
            ReplaceExpression(
                use.node,
                lambda node, context: f"{context.name('threading')}.Event",
                names="threading.Event",
            ),
        ),
        needs=("threading",),
    )


def match_kill(use, facts, settings):
    """The native hub kills nothing."""
    return Leave(
        message="hub.kill does nothing on the native hub",
        why="a thread cannot be killed",
        advice=(
            "give the work a threading.Event that it looks at, set it here, and join the thread "
            "with a timeout"
        ),
    )


def match_patch(use, facts, settings):
    """The native hub patches nothing."""
    if doubt := in_doubt(use):
        return doubt
    if use.call is None or not use.call_is_statement:
        return Leave(
            message="hub.patch is handed on",
            why="the native hub patches nothing",
            advice="remove it",
        )
    return Rewrite(
        message="the call that patched goes",
        why="the native hub patches nothing",
        edits=(ReplaceStatement(use.statement, lambda node, context: ()),),
        checks={"C-MODE": NATIVE},
    )


BEFORE = """\
from os_ken.lib import hub


class App:
    def start(self):
        self.ready = hub.Event()
        self.requests = hub.Queue()
        hub.spawn(self.loop)

    def loop(self):
        while not self.ready.wait(timeout=5):
            hub.sleep(1)
        self.handle(self.requests.get())
"""
AFTER = """\
import queue
import threading
import time

from os_ken.lib import hub


class App:
    def start(self):
        self.ready = threading.Event()
        self.requests = queue.Queue()
        hub.spawn(self.loop)

    def loop(self):
        while not self.ready.wait(timeout=5):
            time.sleep(1)
        self.handle(self.requests.get())
"""

rules = [
    Rule(
        code="OSKENHUB001",
        alias="hub-spawn",
        family="os-ken-hub",
        step=1,
        summary="what the hub spawns is a thread",
        apis=frozenset({f"{HUB}.spawn", f"{HUB}.spawn_after"}),
        match=match_spawn,
        checks=("C-MODE", "C-ATOM", "C-LIFE", "C-NONE", "C-EXC"),
        before=BEFORE,
        after=AFTER,
    ),
    Rule(
        code="OSKENHUB002",
        alias="hub-event",
        family="os-ken-hub",
        step=1,
        summary="the hub's Event becomes threading's",
        apis=frozenset({f"{HUB}.Event"}),
        match=match_event,
        relies_on="thread",
        before="from os_ken.lib import hub\n\nready = hub.Event()\n",
        after="import threading\n\nready = threading.Event()\n",
    ),
    Rule(
        code="OSKENHUB003",
        alias="hub-kill",
        family="os-ken-hub",
        step=1,
        summary="hub.kill is reported",
        apis=frozenset({f"{HUB}.kill"}),
        match=match_kill,
        before="from os_ken.lib import hub\n\nhub.kill(thread)\n",
        after="from os_ken.lib import hub\n\nhub.kill(thread)\n",
    ),
    Rule(
        code="OSKENHUB004",
        alias="hub-patch",
        family="os-ken-hub",
        step=3,
        summary="hub.patch goes",
        apis=frozenset({f"{HUB}.patch"}),
        match=match_patch,
        checks=("C-MODE",),
        before="from os_ken.lib import hub\n\nhub.patch()\n",
        after="",
    ),
]
