"""Modules that eventlet had long ago: code that names them runs on no eventlet of today.

`eventlet.coros` still has its `metaphore`, a count that somebody waits for; the sketch does the
same. What other names of these modules became is said for each: first in eventlet, where the rules
for that say what it becomes on threads.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule
from eventlet_codemod.rules.rare import _by_hand

_CODE = "EVT739"
_GONE = "eventlet left it out years ago, so this code cannot have run on an eventlet of today"
_NOW = "delete it if nothing runs it; else write"
_COUNT = _by_hand.see(
    "count under a threading.Condition, and wait with wait_for(lambda: not count)", _CODE
)
_ADVICE = {
    "eventlet.api": f"{_NOW} what the name became: api.sleep is eventlet.sleep",
    "eventlet.api.sleep": f"{_NOW} time.sleep(seconds)",
    "eventlet.api.spawn": f"{_NOW} threading.Thread(target=…, daemon=True).start()",
    "eventlet.api.call_after": f"{_NOW} a daemon threading.Timer",
    "eventlet.api.tcp_listener": f"{_NOW} socket.create_server(address, backlog=50)",
    "eventlet.api.connect_tcp": f"{_NOW} socket.create_connection(address)",
    "eventlet.api.tcp_server": f"{_NOW} a socketserver.ThreadingTCPServer",
    "eventlet.api.timeout": f"{_NOW} a limit for the call that may hang",
    "eventlet.api.exc_after": f"{_NOW} a limit for the call that may hang",
    "eventlet.api.trampoline": f"{_NOW} select.select([fd], [], [], limit)",
    "eventlet.api.get_hub": f"{_NOW} nothing: there is no hub",
    "eventlet.api.use_hub": f"{_NOW} nothing: there is no hub",
    "eventlet.api.named": f"{_NOW} importlib.import_module(name)",
    "eventlet.coros": f"{_NOW} a queue.Queue for what hands values over",
    "eventlet.coros.metaphore": _COUNT,
    "eventlet.coros.event": f"{_NOW} a concurrent.futures.Future",
    "eventlet.coros.Event": f"{_NOW} a concurrent.futures.Future",
    "eventlet.coros.Semaphore": f"{_NOW} a threading.Semaphore",
    "eventlet.coros.semaphore": f"{_NOW} a threading.Semaphore",
    "eventlet.coros.BoundedSemaphore": f"{_NOW} a threading.Semaphore for each of its two bounds",
    "eventlet.coros.Queue": f"{_NOW} a queue.Queue",
    "eventlet.coros.queue": f"{_NOW} a queue.Queue",
    "eventlet.coros.Channel": f"{_NOW} a queue.Queue; its put() does not wait for the taker",
    "eventlet.coros.CoroutinePool": f"{_NOW} a concurrent.futures.ThreadPoolExecutor",
    "eventlet.coros.execute": f"{_NOW} submit() of an executor, and result() for wait()",
    "eventlet.coros.Actor": f"{_NOW} a thread that reads a queue.Queue",
    "eventlet.pool": f"{_NOW} a concurrent.futures.ThreadPoolExecutor: execute is submit",
    "eventlet.proc": f"{_NOW} a thread with a concurrent.futures.Future: link() is "
    "add_done_callback(), wait() is result(), waitall() is futures.wait()",
    "eventlet.proc.RunningProcSet": f"{_NOW} a list of futures, and futures.wait()",
    "eventlet.proc.ProcExit": f"{_NOW} an event that the work looks at",
    "eventlet.processes": f"{_NOW} subprocess.Popen, and communicate() for recv() and send()",
    "eventlet.processes.ProcessPool": f"{_NOW} subprocess.Popen, and a threading.BoundedSemaphore "
    "for how many there may be",
    "eventlet.saranwrap": f"{_NOW} multiprocessing.managers.BaseManager, whose proxies call into "
    "another process",
    "eventlet.util": f"{_NOW} the function of the standard library: nothing has to be wrapped",
    "eventlet.util.wrap_ssl": f"{_NOW} ssl.SSLContext.wrap_socket()",
    "eventlet.util.tcp_socket": f"{_NOW} socket.socket()",
    "eventlet.util.get_errno": f"{_NOW} error.errno",
    "eventlet.httpc": f"{_NOW} urllib.request",
    "eventlet.httpd": f"{_NOW} http.server.ThreadingHTTPServer",
    "eventlet.channel": f"{_NOW} a queue.Queue; its put() does not wait for the taker",
    "eventlet.twistedutil": f"{_NOW} Twisted's own deferToThread() and blockingCallFromThread()",
}
_HERE = "coros.metaphore has no twin in threading"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave it, with what it became."""
    why = _HERE if use.api.startswith("eventlet.coros.metaphore") else _GONE
    return _by_hand.leave(use, "", why, _ADVICE)


_SKETCH = '''\
import threading


class Metaphore:
    """A count that starts at 0; wait() returns while it is 0."""

    def __init__(self):
        self.count = 0
        self.changed = threading.Condition()

    def inc(self, by=1):
        with self.changed:
            self.count += by

    def dec(self, by=1):
        with self.changed:
            self.count = max(0, self.count - by)
            if not self.count:
                self.changed.notify_all()

    def wait(self, timeout=None):
        """Wait until it is 0; False if that took too long."""
        with self.changed:
            return self.changed.wait_for(lambda: not self.count, timeout)
'''

_EXAMPLE = """\
from eventlet import coros


def all_done(jobs, start):
    count = coros.metaphore()
    count.inc(len(jobs))
    for job in jobs:
        start(job, done=count.dec)
    count.wait()
"""

rule = Rule(
    code=_CODE,
    family="rare",
    step=1,
    summary="modules that eventlet has no more are left, with what they became",
    apis=frozenset(
        f"eventlet.{name}{end}"
        for name in (
            *("api", "channel", "coros", "httpc", "httpd", "pool", "proc", "processes"),
            *("saranwrap", "twistedutil", "util"),
        )
        for end in ("", ".*")
    ),
    match=match,
    references=("CRO-1", "LEG-1"),
    sketches={"a count that somebody waits for, as coros.metaphore": _SKETCH},
    before=_EXAMPLE,
    after=_EXAMPLE,
)
