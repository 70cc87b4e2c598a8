"""`greenio.shutdown_safe(sock)` shuts a socket down and does not mind if it is closed already.

`sock.shutdown(socket.SHUT_RDWR)` in a `try` does the same, with the three errors that eventlet
passes over. Its third case, pyOpenSSL's connections, whose `shutdown()` takes no argument, is left
where the file mentions OpenSSL; elsewhere it is asked about.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceStatement,
    Rewrite,
    Rule,
    has_own_lines,
    leave_in_doubt,
)

_IGNORED = ("EBADF", "ENOTCONN", "ENOTSOCK")


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Write the try statement out."""
    if use.kind != "reference" or use.call is None:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    call = use.call
    simple = len(call.args) == 1 and isinstance(call.args[0], (ast.Name, ast.Attribute))
    if (
        not use.call_is_statement
        or not simple
        or call.keywords
        or not has_own_lines(use.statement, facts)
    ):
        return Leave(
            message="what this shutdown_safe() gives, or shuts down, cannot be said in a statement",
            why="the errors that it passes over take a try statement",
            advice="name the socket, and call shutdown_safe() in a statement of its own",
        )
    if "OpenSSL" in facts.text:
        return Leave(
            message="this shutdown_safe() may get a connection of pyOpenSSL",
            why="its shutdown() takes no argument, and a socket's needs one",
            advice="call sock.shutdown(socket.SHUT_RDWR), or shutdown() of the connection, and "
            "ignore ENOTCONN, EBADF and ENOTSOCK",
        )
    name = facts.free_name("error", use.scope)

    def make(node: cst.BaseSmallStatement, context: Context) -> Sequence[str]:
        called = cst.ensure_type(cst.ensure_type(node, cst.Expr).value, cst.Call)
        sock, socket = context.value(called.args[0].value), context.name("socket")
        errno = context.name("errno")
        ignored = ", ".join(f"{errno}.{item}" for item in _IGNORED)
        test = f"if {name}.errno not in ({ignored}):"
        if len(context.indent) + 4 + len(test) > context.limit:
            test = f"if {name}.errno not in (\n        {ignored}\n    ):"
        return (
            "try:\n"
            f"    {sock}.shutdown({socket}.SHUT_RDWR)\n"
            f"except OSError as {name}:\n"
            f"    {test}\n"
            "        raise\n",
        )

    return Rewrite(
        message="the socket is shut down, and may be closed already",
        why="these are the errors that eventlet passes over",
        edits=(ReplaceStatement(use.statement, make),),
        checks={
            "C-TYPE": f"can `{ast.unparse(call.args[0])}` be a connection of pyOpenSSL? Its "
            "shutdown() takes no argument"
        },
        needs=("errno", "socket"),
    )


rule = Rule(
    code="EVT303",
    family="green",
    step=1,
    summary="shutdown_safe becomes shutdown() in a try statement",
    apis=frozenset({"eventlet.greenio.shutdown_safe"}),
    match=match,
    checks=("C-TYPE",),
    references=("GIO-3",),
    before="""\
from eventlet import greenio


def close(sock):
    greenio.shutdown_safe(sock)
    sock.close()
""",
    after="""\
import errno
import socket


def close(sock):
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError as error:
        if error.errno not in (errno.EBADF, errno.ENOTCONN, errno.ENOTSOCK):
            raise
    sock.close()
""",
)
