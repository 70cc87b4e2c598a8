"""A block of waits that take a limit of their own: those of `subprocess`, `requests`, `dns`."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from eventlet_codemod.facts import Module
from eventlet_codemod.rules.ecosystem._calls import dotted_name
from eventlet_codemod.rules.timeouts import _catching, _limit
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
    versions of the library know no such keyword.
    """

    keyword: str
    error: str
    in_pieces: bool = False
    is_new: bool = False


_REQUESTS = Wait("timeout", "requests.Timeout", in_pieces=True)
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
    if several and any(wait.in_pieces for _, wait in found):
        raise NotBounded("requests refuses a limit of 0, which may be the rest for the second one")
    result = Bounded(tuple(found), several)
    _refuse_form(limit, result)
    return result


def _wait_of(call: ast.Call, limit: Limit, module: Module) -> Wait | None:
    known = _FUNCTIONS.get(dotted_name(call.func, limit.use.scope, module))
    if known is not None:
        return known
    function = call.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        found = module.lookup(function.value.id, limit.use.scope)[1]
        made = [value_of(binding) for binding in found]
        if made and all(_is_popen(value, limit, module) for value in made):
            return _OF_A_PROCESS.get(function.attr)
    return None


def _is_popen(value: ast.AST | None, limit: Limit, module: Module) -> bool:
    return isinstance(value, ast.Call) and (
        dotted_name(value.func, limit.use.scope, module) == "subprocess.Popen"
    )


def _refuse(
    call: ast.Call, wait: Wait, parents: Sequence[ast.AST], limit: Limit, module: Module
) -> None:
    given = [item.arg for item in call.keywords]
    name = ast.unparse(call.func)
    if wait.keyword in given:
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
    if not limit.raises_itself or limit.catcher is None:
        if isinstance(limit.block, ast.Try):
            raise NotBounded("no clause of this function catches it")
        return
    if _catching.reraises(limit.catcher) and not _limit.identity_tests(limit):
        raise NotBounded("the clause that catches it may let it go on")


def is_translated(limit: Limit) -> bool:
    """Whether the exception of the wait is caught at the block, to raise another or none."""
    return not limit.raises_itself or limit.catcher is None
