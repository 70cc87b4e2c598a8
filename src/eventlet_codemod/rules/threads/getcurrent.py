"""`getcurrent()` gives the running green thread; natively that is `threading.current_thread()`.

As a text in a log line, or as the key under which a thread finds its own entry again, the one
serves as well as the other. It stays where the object is used as what it is (switched to, killed,
linked), where it is handed on in a file that does such things, and where the file also keeps green
threads themselves as keys: then the two must change together. `id(getcurrent())` becomes
`threading.get_ident()`.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)

_WHY = "a thread stands where a green thread stood, one for each task"
_TEXTS = frozenset(
    {"str", "repr", "print", "debug", "info", "warning", "error", "exception", "log"}
)
_LOOKS_UP = frozenset(
    {"get", "pop", "setdefault", "add", "discard", "remove", "index", "count", "isinstance", "type"}
)
_DEEDS = frozenset({"kill", "link", "unlink", "switch", "throw", "dead", "gr_frame", "gr_context"})
_STOPS = ("eventlet.greenthread.cancel", "eventlet.greenthread.kill")
_MAKERS = ("eventlet.greenthread.", "eventlet.greenpool.")


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide by what is done with the object."""
    if use.kind != "reference" or use.call is None:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    if use.call.args or use.call.keywords:
        return None
    outer = use.parents[-2]
    if _is_id(outer, use.call):
        if _keeps_green_threads(facts):
            return _leave()
        assert isinstance(outer, ast.Call)
        return Rewrite(
            message="`threading.get_ident()` names the running thread",
            why=_WHY,
            edits=(ReplaceExpression(outer, lambda n, c: f"{c.name('threading')}.get_ident()"),),
            checks={"C-ORDER": "idents are used again soon after a thread has ended"},
            needs=("threading",),
        )
    if _is_text(use):
        checks = {"C-TYPE": "the text that it prints as changes"}
    elif _is_green_thread(use, facts) or _keeps_green_threads(facts):
        return _leave()
    elif _is_handed_on(use):
        if _has_deeds_of_green_threads(facts):
            return _leave()
        checks = {
            "C-FLOW": "is it only a key, compared with other threads or printed where it goes? "
            "Nothing kills, links to or switches to a thread"
        }
    else:
        checks = {"C-FLOW": "is every object that it is compared with a thread as well?"}
    return Rewrite(
        message="`threading.current_thread()` is the running thread",
        why=_WHY,
        edits=(
            ReplaceExpression(use.call, lambda n, c: f"{c.name('threading')}.current_thread()"),
        ),
        checks=checks,
        needs=("threading",),
    )


def _leave() -> Leave:
    return Leave(
        message="the current green thread is used as a green thread",
        why="a native thread cannot be switched to, and is not the object that spawn gave",
        advice="change it together with the spawns whose results it is compared with: then "
        "threading.current_thread() is the key",
    )


def is_only_printed(use: Use) -> bool:
    """Whether the current green thread is asked for just to be printed."""
    return use.call is not None and _is_text(use)


def _is_id(outer: ast.AST, call: ast.Call) -> bool:
    return (
        isinstance(outer, ast.Call)
        and isinstance(outer.func, ast.Name)
        and outer.func.id in ("id", "hash")
        and outer.args == [call]
    )


def _is_text(use: Use) -> bool:
    for node in reversed(use.parents[:-1]):
        if isinstance(node, ast.FormattedValue):
            return True
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            return isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            return name in _TEXTS
        if not isinstance(node, (ast.Tuple, ast.Dict)):
            return False
    return False


def _is_green_thread(use: Use, facts: Facts) -> bool:
    """Whether something is done with the object that only a green thread can do."""
    assert use.call is not None
    outer = use.parents[-2]
    if isinstance(outer, ast.Attribute):
        return True
    if isinstance(outer, ast.Call):
        return any(other.call is outer for other in facts.uses)
    names = {name for target in _targets(outer) for name in _last_names(target)}
    return bool(names) and (
        any(
            isinstance(node, ast.Attribute) and not names.isdisjoint(_last_names(node.value))
            for node in ast.walk(facts.tree)
        )
        or any(
            not names.isdisjoint(_last_names(item))
            for other in facts.uses
            if other.call is not None and other.api in _STOPS
            for item in other.call.args
        )
    )


def _is_handed_on(use: Use) -> bool:
    """Whether the object goes where it is not seen what is done to it."""
    assert use.call is not None
    child: ast.AST = use.call
    for node in reversed(use.parents[:-1]):
        if isinstance(node, (ast.Compare, ast.UnaryOp, ast.Expr, ast.Delete)):
            return False
        if isinstance(node, ast.Subscript):
            return child is not node.slice
        if isinstance(node, (ast.If, ast.While, ast.Assert)):
            return child is not node.test
        if isinstance(node, ast.Call):
            function = node.func
            name = getattr(function, "attr", None) or getattr(function, "id", None)
            return name not in _LOOKS_UP or node.args[:1] != [child]
        if not isinstance(node, (ast.BoolOp, ast.IfExp)):
            return True
        child = node
    return True


def _has_deeds_of_green_threads(facts: Facts) -> bool:
    """Whether the file does to some object what can be done to green threads alone."""
    return any(isinstance(n, ast.Attribute) and n.attr in _DEEDS for n in ast.walk(facts.tree)) or (
        any(use.api in _STOPS for use in facts.uses)
    )


def _targets(node: ast.AST) -> list[ast.expr]:
    """What an assignment gives its value to."""
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, (ast.AnnAssign, ast.NamedExpr)) else []


def _last_names(node: ast.expr) -> list[str]:
    """``x`` of ``x``, ``self.x`` and ``x[0]``."""
    if isinstance(node, ast.Subscript):
        return _last_names(node.value)
    if isinstance(node, ast.NamedExpr):
        return _last_names(node.target)
    name = getattr(node, "id", None) or getattr(node, "attr", None)
    return [str(name)] if name else []


def _keeps_green_threads(facts: Facts) -> bool:
    """Whether the file holds green threads that the current one may be compared with."""
    return any(
        use.api.startswith(_MAKERS)
        and not use.api.endswith(".sleep")
        and not (use.call is not None and use.call_is_statement)
        for use in facts.uses
    )


rule = Rule(
    code="EVT112",
    family="threads",
    step=1,
    summary="the current green thread becomes the current thread",
    apis=frozenset({"greenlet.getcurrent"}),
    match=match,
    checks=("C-TYPE", "C-FLOW", "C-ORDER"),
    relies_on="thread",
    references=("GT-CUR",),
    before="""\
import logging

import eventlet

LOG = logging.getLogger(__name__)


def trace(step):
    LOG.debug("%s in %s", step, eventlet.getcurrent())
""",
    after="""\
import logging
import threading

LOG = logging.getLogger(__name__)


def trace(step):
    LOG.debug("%s in %s", step, threading.current_thread())
""",
)
