"""Clauses that name eventlet's Timeout, and what they catch when it is gone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import libcst as cst

from eventlet_codemod.facts import Facts, Module, Use
from eventlet_codemod.facts.api import OWN_TIMEOUT, TIMEOUT
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Leave,
    ReplaceExpression,
    ReplaceHandler,
    Rewrite,
)
from eventlet_codemod.rules.ecosystem._calls import last_name
from eventlet_codemod.rules.timeouts import (
    _advice,
    _catching,
    _descriptor,
    _home,
    _limit,
    _raisers,
    _with_timeout,
)
from eventlet_codemod.rules.timeouts._catching import LIMITS
from eventlet_codemod.rules.timeouts._limit import Limit
from eventlet_codemod.rules.timeouts._promoted import Promotion, promoted

NATIVE = "TimeoutError"
WHY = "what ends a wait natively raises TimeoutError, or is made to"
OWN = "the class of the project is named as before"
WHY_OWN = "it derives from TimeoutError now; what raises it names it"
_NATIVE_ONLY = "name TimeoutError when everything that raises it here is native"


def clause_of(use: Use) -> ast.ExceptHandler | None:
    """The except clause that a reference stands in, alone or in a tuple."""
    holder = use.parents[-1]
    if isinstance(holder, ast.Tuple):
        holder = use.parents[-2]
    return holder if isinstance(holder, ast.ExceptHandler) else None


def match(use: Use, facts: Facts, *, by_process: bool) -> Decision | None:
    """Decide on a clause; None where it is about a wait ``by_process`` and that was not asked."""
    handler = clause_of(use)
    if use.kind != "reference" or use.doubt or handler is None:
        return None
    block = use.parents[use.parents.index(handler) - 1]
    if not isinstance(block, ast.Try):
        return None  # except* catches groups
    of_project = use.api == OWN_TIMEOUT
    own = _own_limit(use, handler, block, facts) if not of_project else None
    if isinstance(own, Leave):
        return own
    waits = own.bounded if own is not None else None
    if (waits is not None and waits.by_process) is not by_process:
        return None
    together = TIMEOUT
    if own is not None:
        together = own.limit.together
    elif not of_project:
        together = _descriptor.group_of(handler, facts)
    natives = (NATIVE,) if own is None else own.natives
    shown = " and ".join(f"`{name}`" for name in natives)
    read = _read_of(handler, own)
    if read is not None:
        return Leave(
            message=f"`{ast.unparse(read)}` on line {read.lineno} reads what a Timeout has",
            why="a TimeoutError, or what a wait raises, has other attributes",
            advice="keep what is needed, such as the limit, in a name of its own",
            together=together,
        )
    blocker = next(
        (h for h in _catching.earlier(block, handler) if _catching.takes_native(h, facts)), None
    )
    if blocker is not None:
        return Leave(
            message=f"the clause on line {blocker.lineno} would take a TimeoutError first",
            why="TimeoutError is an OSError and an Exception, and Timeout was neither",
            advice="put this clause first, and look what the other one does",
            together=together,
        )
    if of_project:
        return Rewrite(message=OWN, why=WHY_OWN, together=together)
    foreign = own is None and together == TIMEOUT and not _raisers.are_in_project(facts)
    others = [node for node in _catching.elements(handler) if node is not use.node]
    covered = [node for node in others if last_name(node) in _BASES]
    place = _index(use, handler)
    if covered and (natives == (NATIVE,) or last_name(covered[0]) in _ALL):
        return Rewrite(
            message=f"`{ast.unparse(covered[0])}` takes {shown}, too",
            why=WHY,
            edits=(ReplaceHandler(handler, _Instead(place, ())),),
            checks={"C-CATCH": _FOREIGN} if foreign else {},
            together=together,
        )
    if foreign:
        return Leave(
            message="nothing in this project raises the Timeout that this clause takes",
            why="a library raises it, if anything does, and decides what it raises natively",
            advice="look what the library raises in the block when it runs on threads, and name "
            "that: beside Timeout while it may still run on eventlet, alone after that",
            together=together,
        )
    drops = own is not None and _is_named_for_nothing(handler, own.limit)
    edit: Edit = (
        renamed(use)
        if natives == (NATIVE,) and not drops
        else ReplaceHandler(handler, _Instead(place, natives), drops_name=drops)
    )
    return Rewrite(
        message=f"the clause takes {shown} in the place of eventlet's Timeout",
        why=WHY,
        edits=(edit,),
        checks=_catching.question(
            handler if together != TIMEOUT or own is not None else None,
            at=use,
            shown=shown,
            flies=own is not None and _limit.lets_go(own.limit),
        ),
        needs=tuple(dict.fromkeys(m for n in natives if (m := n.rpartition(".")[0]))),
        together=together,
    )


def left_in(module: Module) -> Iterator[ast.ExceptHandler]:
    """The clauses of a file that stay, since the Timeout of their own function does."""
    for use in module.names.uses:
        if use.api not in LIMITS or use.call is None or _limit.raises_no_timeout(use.call):
            continue
        if use.kind == "reference" and promoted(use, module) is None:
            yield from (h for h in _around(use, module) if _catching.names_any(h, module))
    for use in module.names.uses:
        if use.api == _with_timeout.API and use.kind == "reference":
            handler = _descriptor.catcher_of(use, module)
            if handler is not None and _with_timeout.may_raise(use):
                yield handler


def _around(use: Use, module: Module) -> Iterator[ast.ExceptHandler]:
    """The clauses of its function that may take what a Timeout raises."""
    handler = _descriptor.catcher_of(use, module)
    if handler is not None:
        yield handler
    for node in ast.walk(use.function if use.function is not None else module.tree):
        if isinstance(node, ast.Try) and _limit.is_limited_by(node, use):
            yield from node.handlers


def natives_of(use: Use, facts: Facts) -> tuple[str, ...]:
    """What the clause of a reference takes in the place of eventlet's Timeout; () if it stays."""
    handler = clause_of(use)
    block = use.parents[use.parents.index(handler) - 1] if handler is not None else None
    if handler is None or not isinstance(block, ast.Try):
        return ()
    own = _own_limit(use, handler, block, facts)
    if isinstance(own, Leave):
        return ()
    return (NATIVE,) if own is None else own.natives


_FOREIGN = (
    "nothing in this project raises a Timeout: does a library that still runs on eventlet? It is "
    "no Exception, and flies past then"
)
_ALL = frozenset({"Exception", "BaseException"})
_BASES = frozenset({"OSError", "IOError", "TimeoutError"}) | _ALL


def _own_limit(
    use: Use, handler: ast.ExceptHandler, block: ast.Try, facts: Facts
) -> Promotion | Leave | None:
    """The Timeout of the same function that the clause catches; a Leave where that one stays."""
    for other in facts.names.uses:
        if other.api not in LIMITS or other.call is None or _limit.is_bare(other.call):
            continue
        if other.function is not use.function:
            continue
        inside = not set(other.parents).isdisjoint(block.body)
        found = promoted(other, facts)
        if found is not None and found.limit.catcher is handler:
            return found
        if inside or _limit.is_limited_by(block, other):
            home = _home.is_apart(other, facts)
            waits = _advice.waiting(other, facts)
            where = f", where {waits} waits" if waits else ""
            return Leave(
                message=f"this clause goes with the Timeout on line {other.call.lineno}{where}",
                why="a clause must catch what is raised, and that Timeout stays",
                advice=_NATIVE_ONLY,
                together="" if home else TIMEOUT,
                waits=waits,
            )
    stays = _with_timeout.caught_by(handler, facts)
    if stays is not None:
        line = stays.node.lineno  # type: ignore[attr-defined]
        return Leave(
            message=f"this clause goes with the with_timeout() on line {line}",
            why="a clause must catch what is raised, and that call stays",
            advice=_NATIVE_ONLY,
            together=TIMEOUT if _home.calls_one_that_flies(stays, facts) else "",
        )
    return None


def _read_of(handler: ast.ExceptHandler, own: Promotion | None) -> ast.Attribute | None:
    """An attribute that the clause reads of what it caught, other than those of every exception."""
    names = {handler.name, own.limit.name if own is not None else None} - {None, ""}
    nodes = (node for statement in handler.body for node in ast.walk(statement))
    for node in nodes:
        if not isinstance(node, ast.Attribute) or node.attr in _COMMON:
            continue
        if isinstance(node.value, ast.Name) and node.value.id in names:
            return node
    return None


_COMMON = frozenset({"args", "with_traceback", "add_note", "__cause__", "__context__", "__class__"})


def _is_named_for_nothing(handler: ast.ExceptHandler, own: Limit) -> bool:
    """Whether nothing but the tests that go reads what the clause caught."""
    if handler.name is None:
        return False
    tests = [test.test for test, _ in _limit.identity_tests(own)]
    gone = {id(part) for test in tests for part in ast.walk(test)}
    return bool(tests) and not any(
        isinstance(node, ast.Name) and node.id == handler.name and id(node) not in gone
        for node in ast.walk(handler)
    )


def _index(use: Use, handler: ast.ExceptHandler) -> int:
    return next(i for i, node in enumerate(_catching.elements(handler)) if node is use.node)


class _Instead:
    """The classes of a clause with others in the place of one."""

    def __init__(self, index: int, natives: tuple[str, ...]) -> None:
        self.index = index
        self.natives = natives

    def __call__(self, node: cst.BaseExpression, context: Context) -> str:
        items = [e.value for e in node.elements] if isinstance(node, cst.Tuple) else [node]
        names = [context.value(item) for item in items]
        names[self.index : self.index + 1] = [_spelled(name, context) for name in self.natives]
        names = list(dict.fromkeys(names))
        return names[0] if len(names) == 1 else f"({', '.join(names)})"


def _spelled(native: str, context: Context) -> str:
    module, _, name = native.rpartition(".")
    return f"{context.name(module)}.{name}" if module else name


def renamed(use: Use) -> ReplaceExpression:
    """The edit that names the native class; an instance takes no arguments then."""
    if use.call is not None and (use.call.args or use.call.keywords):
        return ReplaceExpression(use.call, lambda n, c: f"{NATIVE}()", NATIVE)
    node = use.node
    assert isinstance(node, ast.expr)
    return ReplaceExpression(node, lambda n, c: NATIVE, NATIVE)
