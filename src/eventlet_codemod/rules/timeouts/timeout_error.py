"""Where code names `eventlet.Timeout` to catch, raise or expect it, it is `TimeoutError` natively.

That holds for `except` clauses, alone or in a tuple, `raise Timeout()`, `isinstance`,
`assertRaises`, and the side effects of mocks. A clause around a `Timeout` of its own function
changes with that one; everything else that names the class, in the whole project, changes together
with every `Timeout` that may reach it, or not at all.

`except (Exception, Timeout)` was written so because `Timeout` is no `Exception`; `TimeoutError` is,
so `except Exception` says the same. A clause stays where an earlier one of the same `try` would
take a `TimeoutError` first.
"""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Leave,
    ReplaceExpression,
    ReplaceHandler,
    Rewrite,
    Rule,
)
from eventlet_codemod.rules.ecosystem._calls import last_name
from eventlet_codemod.rules.timeouts import _catching, _limit
from eventlet_codemod.rules.timeouts._catching import TIMEOUT
from eventlet_codemod.rules.timeouts._limit import Limit
from eventlet_codemod.rules.timeouts._promoted import promoted

_NATIVE = "TimeoutError"
_WHY = "what ends a wait natively raises TimeoutError, or is made to"
_ADVICE = "name TimeoutError when everything that raises it here is native"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on one place that names the class without setting a limit."""
    if use.kind != "reference" or use.doubt or not use.loaded:
        return None
    if use.call is not None and not _limit.is_bare(use.call):
        return None
    handler, holder = _place(use)
    if handler is None and not _is_expected(use, holder):
        return None
    if facts.lookup(_NATIVE, use.scope)[1]:
        return Leave(
            message="`TimeoutError` is another class in this file",
            why="the native exception has that name",
            advice="import the other one under a name of its own",
            together=TIMEOUT,
        )
    if handler is not None:
        return _clause(use, handler, facts)
    return Rewrite(
        message="`TimeoutError` takes the place of eventlet's Timeout",
        why=_WHY,
        edits=(_renamed(use),),
        checks={"C-CATCH": "is TimeoutError what is raised here now?"} if use.call is None else {},
        together=TIMEOUT,
    )


def _place(use: Use) -> tuple[ast.ExceptHandler | None, ast.AST]:
    """The clause that names the class, and what holds the reference or its call."""
    parents = use.parents[:-1] if use.call is not None else use.parents
    holder = parents[-1]
    while isinstance(holder, (ast.Tuple, ast.List)) and len(parents) > 1:
        parents = parents[:-1]
        holder = parents[-1]
    if isinstance(holder, ast.ExceptHandler) and use.call is None:
        return holder, holder
    return None, holder


def _is_expected(use: Use, holder: ast.AST) -> bool:
    """Whether the class, or an instance made to be raised, is handed to what raises or asks."""
    if isinstance(holder, ast.Raise):
        return True
    if isinstance(holder, ast.keyword):
        return holder.arg == "side_effect"
    if isinstance(holder, ast.Assign):
        return all(last_name(target) == "side_effect" for target in holder.targets)
    if isinstance(holder, ast.Call):
        name = last_name(holder.func)
        return name.startswith(("assertRaises", "assert_raises", "raises")) or (
            name in ("isinstance", "issubclass", "set_exception", "send_exception")
        )
    return False


def _renamed(use: Use) -> ReplaceExpression:
    if use.call is not None and (use.call.args or use.call.keywords):
        return ReplaceExpression(use.call, lambda n, c: f"{_NATIVE}()", _NATIVE)
    node = use.node
    assert isinstance(node, ast.expr)
    return ReplaceExpression(node, lambda n, c: _NATIVE, _NATIVE)


# --- clauses -----------------------------------------------------------------------------------


def _clause(use: Use, handler: ast.ExceptHandler, facts: Facts) -> Decision:
    block = use.parents[use.parents.index(handler) - 1]
    assert isinstance(block, ast.Try)
    own = _own_limit(use, handler, block, facts)
    if isinstance(own, Leave):
        return own
    together = TIMEOUT if own is None else own.together
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
    others = [node for node in _catching.elements(handler) if node is not use.node]
    covered = [node for node in others if last_name(node) in _BASES]
    edits: tuple[Edit, ...]
    if covered:
        checks: dict[str, str] = {}
        message = f"`{ast.unparse(covered[0])}` takes a TimeoutError, too"
        edits = (ReplaceHandler(handler, _Without(len(others), _index(use, handler))),)
    else:
        checks = _catching.question(handler if own is not None else None, at=use)
        message = "the clause takes TimeoutError in the place of eventlet's Timeout"
        drops = own is not None and _is_named_for_nothing(handler, own)
        edits = (
            (ReplaceHandler(handler, lambda n, c: _NATIVE, drops_name=True),)
            if drops and not others
            else (_renamed(use),)
        )
    return Rewrite(message=message, why=_WHY, edits=edits, checks=checks, together=together)


_BASES = frozenset({"Exception", "BaseException", "OSError", "IOError", "TimeoutError"})


def _own_limit(
    use: Use, handler: ast.ExceptHandler, block: ast.Try, facts: Facts
) -> Limit | Leave | None:
    """The Timeout of the same function that the clause catches; a Leave where that one stays."""
    for other in facts.names.uses:
        if other.api != TIMEOUT or other.call is None or _limit.is_bare(other.call):
            continue
        if other.function is not use.function:
            continue
        inside = block in other.parents and other.call.lineno < handler.lineno
        limit = promoted(other, facts)
        if limit is not None and limit.catcher is handler:
            return limit
        if inside or _limit.is_limited_by(block, other):
            home = _limit.stays_at_home(other, facts)
            return Leave(
                message=f"this clause goes with the Timeout on line {other.call.lineno}",
                why="a clause must catch what is raised, and that Timeout stays",
                advice=_ADVICE,
                together="" if home else TIMEOUT,
            )
    return None


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


class _Without:
    """The classes of a clause but for one."""

    def __init__(self, others: int, index: int) -> None:
        self.others = others
        self.index = index

    def __call__(self, node: cst.BaseExpression, context: Context) -> str:
        items = [e.value for e in cst.ensure_type(node, cst.Tuple).elements]
        del items[self.index]
        names = list(dict.fromkeys(context.value(item) for item in items))
        return names[0] if len(names) == 1 else f"({', '.join(names)})"


rule = Rule(
    code="EVT222",
    family="timeouts",
    step=1,
    summary="eventlet's Timeout, caught or raised, becomes TimeoutError",
    apis=frozenset({TIMEOUT}),
    match=match,
    checks=("C-CATCH",),
    references=("TMO-8", "TMO-9", "TMO-12"),
    before="""\
import eventlet


def attempt(work, log):
    try:
        return work()
    except (Exception, eventlet.Timeout) as error:
        log(error)


def give_up():
    raise eventlet.Timeout()
""",
    after="""\
def attempt(work, log):
    try:
        return work()
    except Exception as error:
        log(error)


def give_up():
    raise TimeoutError()
""",
)
