"""`backdoor_server` serves Python's prompt on a socket.

Eventlet swaps `sys.stdin` and `sys.stdout` whenever the green thread of a console runs, which
threads cannot do. A console that reads and writes its own connection needs no swap. Where the
backdoor is only there to look at stacks, `faulthandler` shows them without a port.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule
from eventlet_codemod.rules.rare import _by_hand

_CODE = "EVT731"
_WHY = "the backdoor swaps sys.stdin and sys.stdout per green thread, which threads cannot do"
_MODULE = "eventlet.backdoor"
_ADVICE = {
    _MODULE: "serve a code.InteractiveConsole that reads and writes its own connection, on "
    "127.0.0.1 only, or register faulthandler for SIGUSR1 where stacks are all that is looked for",
    f"{_MODULE}.backdoor": "give the connection to a code.InteractiveConsole that reads and writes "
    "it, in a thread of its own",
    "oslo_service.eventlet_backdoor": "leave it out: oslo.service removes it without a "
    "replacement. For stacks there is oslo.reports, or faulthandler.register(SIGUSR1)",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave it, with what takes its place."""
    return _by_hand.leave(use, _CODE, _WHY, _ADVICE)


_CONSOLE = '''\
import code
import socketserver
import sys
import threading


class Console(code.InteractiveConsole):
    """Python's prompt on two files; it ends with the one that it reads."""

    def __init__(self, reader, writer, names):
        own = {"print": self.tell, "exit": self.leave, "quit": self.leave}
        super().__init__({**own, **names})
        self.reader, self.writer = reader, writer

    def tell(self, *values, **options):
        print(*values, **{"file": self.writer, "flush": True, **options})

    def leave(self):
        raise SystemExit  # the exit() of Python would close the stdin of the process

    def raw_input(self, prompt=""):
        self.write(prompt)
        line = self.reader.readline()
        if not line:
            raise EOFError
        return line.rstrip("\\r\\n")

    def write(self, data):
        self.writer.write(data)
        self.writer.flush()

    def runcode(self, code):
        before, sys.displayhook = sys.displayhook, self.show
        try:
            super().runcode(code)
        finally:
            sys.displayhook = before

    def show(self, value):
        if value is not None:
            self.locals["_"] = value
            self.write(f"{value!r}\\n")


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        reader = self.request.makefile("r", encoding="utf-8")
        writer = self.request.makefile("w", encoding="utf-8")
        try:
            Console(reader, writer, self.server.names).interact(exitmsg="")
        except (OSError, SystemExit):
            pass  # the client has gone, or said exit()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def start_backdoor(port, names):
    """Whoever can connect can do anything: to this machine only."""
    server = Server(("127.0.0.1", port), Handler)
    server.names = names
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
'''
_STACKS = """\
import faulthandler
import signal


def show_stacks_on_signal():
    # kill -USR1 PID writes the stack of every thread to stderr
    faulthandler.register(signal.SIGUSR1, all_threads=True)
"""

_EXAMPLE = """\
import eventlet
from eventlet import backdoor


def start(names):
    listener = eventlet.listen(address_of(names))
    eventlet.spawn(backdoor.backdoor_server, listener, locals=names)
"""

rule = Rule(
    code=_CODE,
    family="rare",
    step=1,
    summary="the backdoor is left, with a console for threads",
    apis=frozenset({f"{_MODULE}.*", "oslo_service.eventlet_backdoor.*"}),
    match=match,
    references=("BKD-1",),
    sketches={
        "Python's prompt on a local port": _CONSOLE,
        "the stacks of all threads, by a signal": _STACKS,
    },
    before=_EXAMPLE,
    after=_EXAMPLE,
)
