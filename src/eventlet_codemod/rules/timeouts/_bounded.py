"""A block of waits that take a limit of their own: those of libraries, processes and sockets."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from eventlet_codemod.facts import Module
from eventlet_codemod.facts.values import Sign, constant_sign
from eventlet_codemod.rules.ecosystem._calls import dotted_name, last_name
from eventlet_codemod.rules.timeouts import _catching, _limit, _local_socket
from eventlet_codemod.rules.timeouts._limit import Limit
from eventlet_codemod.rules.timeouts._objects import value_of
from eventlet_codemod.rules.timeouts._waits import inside, is_idle, is_sleep, waits

_EXPIRED = "subprocess.TimeoutExpired"
_LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class NotBounded(Exception):
    """The waits of the limited block cannot take the limit; the text says why."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How a function takes a limit: its keyword, and the exception when the time is over.

    ``in_pieces``: the limit is for each wait on the socket, not for the whole call. ``is_new``: old
    versions of the library know no such keyword. ``before`` is how many arguments come before the
    limit where it may also be given by its position. ``prepared``: another call takes the keyword
    and gives what is called. ``socket`` is the name of the socket that is told instead. ``wraps``
    is an exception that may hold ``error`` as its ``reason``.
    """

    keyword: str
    error: str
    in_pieces: bool = False
    is_new: bool = False
    before: int | None = None
    prepared: bool = False
    socket: str = ""
    wraps: str = ""


_SOCKET = "socket.timeout"  # TimeoutError from Python 3.10 on
_REQUESTS = Wait("timeout", "requests.Timeout", in_pieces=True)
_URLOPEN = Wait("timeout", _SOCKET, in_pieces=True, before=2, wraps="urllib.error.URLError")
_RPC = Wait("timeout", "oslo_messaging.MessagingTimeout", prepared=True)
_SSH = {
    "connect": Wait("timeout", _SOCKET, in_pieces=True, before=6),
    "exec_command": Wait("timeout", _SOCKET, in_pieces=True, before=2),
}
_FUNCTIONS = {
    **dict.fromkeys(
        [f"subprocess.{name}" for name in ("call", "check_call", "check_output", "run")],
        Wait("timeout", _EXPIRED),
    ),
    **dict.fromkeys(
        [
            f"requests.{name}"
            for name in ("get", "post", "put", "patch", "delete", "head", "options", "request")
        ],
        _REQUESTS,
    ),
    "dns.query.xfr": Wait("lifetime", "dns.exception.Timeout"),
    "urllib.request.urlopen": _URLOPEN,
    "oslo_concurrency.processutils.execute": Wait("timeout", _EXPIRED, is_new=True),
}
_OF_A_PROCESS = {name: Wait("timeout", _EXPIRED) for name in ("wait", "communicate")}


@dataclass(frozen=True, slots=True)
class Bounded:
    """The waits of a block, and whether more than one of them may run."""

    waits: tuple[tuple[ast.Call, Wait], ...]
    several: bool

    @property
    def errors(self) -> tuple[str, ...]:
        """What is raised when the time is over."""
        return tuple(dict.fromkeys(wait.error for _, wait in self.waits))

    @property
    def wraps(self) -> tuple[str, ...]:
        """The exceptions that may hold another one that says so."""
        return tuple(dict.fromkeys(wait.wraps for _, wait in self.waits if wait.wraps))

    @property
    def sockets(self) -> tuple[str, ...]:
        """The names of the sockets that are told the limit."""
        return tuple(dict.fromkeys(wait.socket for _, wait in self.waits if wait.socket))

    @property
    def by_process(self) -> bool:
        """Whether a child process is waited for.

        Under monkey_patch() the TimeoutExpired that is raised is that of another copy of
        `subprocess`, and no clause for it matches.
        """
        return _EXPIRED in self.errors


def bounded(limit: Limit, module: Module) -> Bounded:
    """The waits that take the limit. Raises NotBounded."""
    found: list[tuple[ast.Call, Wait]] = []
    looped = False
    for node, parents in inside(limit.block.body):
        if isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await)):
            raise NotBounded("the block yields: what its caller does meanwhile is limited too")
        if not isinstance(node, ast.Call):
            continue
        other = module.use_of_call.get(node)
        if other is not None and not other.api.startswith("eventlet.green."):
            raise NotBounded(f"`{ast.unparse(node.func)}()` on line {node.lineno} is eventlet's")
        wait = _wait_of(node, limit, module)
        if wait is not None:
            _refuse(node, wait, parents, limit, module)
            found.append((node, wait))
            looped = looped or any(isinstance(parent, _LOOPS) for parent in parents)
        elif is_sleep(node, limit.use, module) or (waits(node, module) and not is_idle(node)):
            raise NotBounded(f"`{ast.unparse(node.func)}()` on line {node.lineno} waits in it, too")
    if not found:
        raise NotBounded("nothing in the block is known to take a limit")
    several = looped or len(found) > 1
    if several and all(wait.socket for _, wait in found):
        several = False  # each of their waits has all of the time
    if several and any(wait.in_pieces for _, wait in found):
        raise NotBounded(
            "its waits on a socket cannot share the limit: 0, which may be the rest for the second "
            "one, means something else there"
        )
    pieces = any(wait.in_pieces for _, wait in found)
    if pieces and constant_sign(limit.seconds) in (Sign.ZERO, Sign.NEGATIVE):
        raise NotBounded("a limit of 0 means something else to a socket")
    result = Bounded(tuple(found), several)
    _refuse_form(limit, result)
    return result


def _wait_of(call: ast.Call, limit: Limit, module: Module) -> Wait | None:
    name = dotted_name(call.func, limit.use.scope, module)
    known = _FUNCTIONS.get(name.removeprefix("eventlet.green."))
    if known is not None:
        return known
    if socket := _local_socket.waited_for(call, limit, module):
        return Wait("", _SOCKET, in_pieces=True, socket=socket)
    function = call.func
    if not isinstance(function, ast.Attribute):
        return None
    if _is_rpc(call, function, limit, module):
        return _RPC
    if isinstance(function.value, ast.Name):
        found = module.lookup(function.value.id, limit.use.scope)[1]
        made = {_maker(value_of(binding), limit, module) for binding in found}
        if made == {"subprocess.Popen"}:
            return _OF_A_PROCESS.get(function.attr)
        if made == {"paramiko.SSHClient"}:
            return _SSH.get(function.attr)
    return None


def _maker(value: ast.AST | None, limit: Limit, module: Module) -> str:
    """The dotted name of what makes a value by a call, "" for anything else."""
    if not isinstance(value, ast.Call):
        return ""
    return dotted_name(value.func, limit.use.scope, module)


def _is_rpc(call: ast.Call, function: ast.Attribute, limit: Limit, module: Module) -> bool:
    """Whether a call is one of oslo.messaging's, to be answered: ``client.call(ctxt, "name")``."""
    named = [item.value for item in call.args[1:2] if isinstance(item, ast.Constant)]
    if function.attr != "call" or not named or not isinstance(named[0], str):
        return False
    if not any(_names_library(node) for node in module.walker.import_statements):
        return False
    clients: list[ast.AST | None] = [function.value]
    if isinstance(function.value, ast.Name):
        clients = [value_of(b) for b in module.lookup(function.value.id, limit.use.scope)[1]]
    return bool(clients) and all(
        isinstance(made, ast.Call)
        and (
            (last_name(made.func) == "prepare" and all(_is_plain(k) for k in made.keywords))
            or _maker(made, limit, module) in ("oslo_messaging.RPCClient", _GET_CLIENT)
        )
        for made in clients
    )


def _names_library(node: ast.AST) -> bool:
    """Whether an import is one of oslo.messaging."""
    names = [getattr(node, "module", None), *(alias.name for alias in getattr(node, "names", ()))]
    return any(str(name).partition(".")[0] == "oslo_messaging" for name in names)


def _is_plain(item: ast.keyword) -> bool:
    """Whether a keyword of ``prepare()`` is neither a limit nor may hold one."""
    return item.arg not in (None, "timeout")


_GET_CLIENT = "oslo_messaging.get_rpc_client"


def _refuse(
    call: ast.Call, wait: Wait, parents: Sequence[ast.AST], limit: Limit, module: Module
) -> None:
    given = [item.arg for item in call.keywords]
    name = ast.unparse(call.func)
    if wait.keyword in given or (wait.before is not None and len(call.args) > wait.before):
        raise NotBounded(f"`{name}()` on line {call.lineno} has a limit of its own already")
    if None in given or any(isinstance(item, ast.Starred) for item in call.args):
        raise NotBounded(f"the arguments of `{name}()` on line {call.lineno} cannot be seen")
    if name.endswith(".communicate") and len(call.args) > 1:
        raise NotBounded(f"`{name}()` on line {call.lineno} has a limit of its own already")
    for block, _ in _catching.blocks(parents, call):
        if isinstance(block, ast.With):
            raise NotBounded(f"the with statement on line {block.lineno} swallows what is raised")
        for handler in block.handlers:
            if _catching.takes_all(handler) or _catching.takes_native(handler, module):
                raise NotBounded(
                    f"the except clause on line {handler.lineno}, inside the block, would take "
                    "the exception"
                )


def _refuse_form(limit: Limit, result: Bounded) -> None:
    """A clause at home names the new exceptions; else the block itself gives them another form."""
    if limit.raises_itself and limit.catcher is None and result.by_process:
        raise NotBounded("its exception leaves the function, and must not while it is patched")
    if not limit.raises_itself or limit.catcher is None or limit.own is not None:
        if isinstance(limit.block, ast.Try):
            raise NotBounded("no clause of this function catches it")
        return
    if _limit.lets_go(limit):
        raise NotBounded("the clause that catches it may let it go on")


def is_translated(limit: Limit, bounded: Bounded) -> bool:
    """Whether the exception of the wait is caught at the block, to raise another or none."""
    itself = limit.raises_itself and limit.own is None
    return bool(bounded.wraps) or not itself or limit.catcher is None
