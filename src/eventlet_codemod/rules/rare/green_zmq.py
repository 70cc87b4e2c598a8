"""`eventlet.green.zmq` becomes `zmq` itself, once the hub has gone.

The green sockets put calls of several green threads in a row. Those of zmq belong to one thread at
a time: the reviewer is asked whether one is shared. A Context may be shared by all. As `zmq` waits
in C, where nothing is patched, this is a matter of the step in which patching ends.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule, leave_in_doubt
from eventlet_codemod.rules.green import green_module

_MODULE = "eventlet.green.zmq"
_CHECKS = {
    "C-AFF": "does more than one thread call methods of one socket? zmq allows none of that, and "
    "green threads queued up for it: a socket for each thread, and `inproc://` between them",
    "C-KILL": "what ends a recv() that waits? A green thread could be killed: set RCVTIMEO, or "
    "poll() with a limit",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Import the plain module."""
    if use.kind == "import":
        return green_module.plain_import(use, "zmq", _CHECKS, facts, settings)
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    return green_module.plain_reference(use, "zmq", _CHECKS)


rule = Rule(
    code="EVT735",
    family="rare",
    step=3,
    summary="the green zmq becomes zmq",
    apis=frozenset({_MODULE, f"{_MODULE}.*"}),
    match=match,
    checks=("C-AFF", "C-KILL"),
    references=("4.17",),
    example_settings={"force": True},
    before="""\
from eventlet.green import zmq


def subscribe(address):
    sock = zmq.Context.instance().socket(zmq.SUB)
    sock.connect(address)
    return sock
""",
    after="""\
import zmq


def subscribe(address):
    sock = zmq.Context.instance().socket(zmq.SUB)
    sock.connect(address)
    return sock
""",
)
