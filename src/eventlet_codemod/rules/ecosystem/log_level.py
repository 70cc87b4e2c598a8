"""Levels of eventlet's own loggers leave a list of log levels.

`'eventlet.wsgi.server=WARN'` among the default levels that a program gives oslo.log is about a
logger that only eventlet's server writes to. It goes together with the patching, when nothing else
is left. (Settings files have EVT808.)

Where the helpers `wsgi_server` or `ConfiguredWSGIServer` serve, their logger has another name, and
the level goes on for that.

Taken out are elements of a list that is called, or passed as, something with `log` and `level` in
it, and whose elements are all of that form.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import partial

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Decision, Leave, ReplaceExpression, Rewrite, Rule
from eventlet_codemod.rules.ecosystem._calls import last_name
from eventlet_codemod.rules.servers import _logger

_Test = Callable[[ast.expr], bool]

_LEVEL = re.compile(r"[\w.]+=\w+")
_OURS = re.compile(r"eventlet(?:\.\w+)*=\w+")


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a string that gives a logger of eventlet its level."""
    if use.kind != "string" or not _OURS.fullmatch(use.path):
        return None
    holder = use.parents[-1]
    served = _logger.is_served(facts, settings)
    if served and use.api.startswith("eventlet.wsgi"):
        return _logger.renamed(use)
    is_ours = _is_others if served else _is_ours
    reason = _why_not(holder, use, facts, is_ours)
    if reason:
        return Leave(
            message=f"{use.path!r} gives a logger of eventlet its level: {reason}",
            why="whoever reads it may count on it",
            advice="take it out with eventlet's last server; nothing else writes to that logger",
        )
    assert isinstance(holder, ast.List)
    first = next(item for item in holder.elts if is_ours(item))
    return Rewrite(
        message="the level of a logger that only eventlet writes to goes",
        why="nothing of eventlet is left that would log",
        edits=(ReplaceExpression(holder, partial(_without, holder, is_ours)),)
        if use.node is first
        else (),
    )


def _why_not(holder: ast.AST, use: Use, facts: Facts, is_ours: _Test) -> str:
    if not isinstance(holder, ast.List):
        return "it stands in no list"
    values = [item.value if isinstance(item, ast.Constant) else None for item in holder.elts]
    if not all(isinstance(value, str) and _LEVEL.fullmatch(value) for value in values):
        return "the list holds something else as well"
    if all(map(is_ours, holder.elts)):
        return "nothing else is in the list"
    if sum(map(is_ours, holder.elts)) > 1 and facts.suppressions:
        return "a comment keeps something in this file"
    if not re.search(r"log\w*level|level\w*log", _called(use), re.IGNORECASE):
        return "the list is not said to be of log levels"
    return ""


def _called(use: Use) -> str:
    """What the list is called: the name or parameter that it is given to."""
    outer = use.parents[-2]
    if isinstance(outer, ast.BinOp):  # LEVELS + [...]
        outer = next(node for node in reversed(use.parents[:-2]) if not isinstance(node, ast.BinOp))
    if isinstance(outer, ast.keyword):
        return outer.arg or ""
    if isinstance(outer, ast.Assign):
        return " ".join(map(last_name, outer.targets))
    if isinstance(outer, (ast.AnnAssign, ast.AugAssign)):
        return last_name(outer.target)
    return ""


def _is_ours(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and bool(_OURS.fullmatch(str(node.value)))


def _is_others(node: ast.expr) -> bool:
    """Whether a level is of a logger of eventlet other than that of its server."""
    return _is_ours(node) and not str(getattr(node, "value", "")).startswith("eventlet.wsgi")


def _without(
    holder: ast.List, is_ours: _Test, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    assert isinstance(node, cst.List)
    kept = [
        element
        for element, item in zip(node.elements, holder.elts, strict=True)
        if not is_ours(item)
    ]
    if kept[-1] is not node.elements[-1]:
        kept[-1] = kept[-1].with_changes(comma=node.elements[-1].comma)
    return node.with_changes(elements=kept)


rule = Rule(
    code="EVT407",
    family="ecosystem",
    step=3,
    summary="levels of eventlet's own loggers go",
    apis=frozenset({"eventlet", "eventlet.wsgi", "eventlet.wsgi.server"}),
    match=match,
    checks=("C-FLOW",),
    settings=("wsgi", "helpers"),
    references=("CFG-5",),
    before="""\
from oslo_log import log

_DEFAULT_LOG_LEVELS = [
    'eventlet.wsgi.server=WARN',
    'oslo_service.periodic_task=INFO',
]


def setup(conf):
    log.set_defaults(default_log_levels=_DEFAULT_LOG_LEVELS)
    log.setup(conf, 'service')
""",
    after="""\
from oslo_log import log

_DEFAULT_LOG_LEVELS = [
    'oslo_service.periodic_task=INFO',
]


def setup(conf):
    log.set_defaults(default_log_levels=_DEFAULT_LOG_LEVELS)
    log.setup(conf, 'service')
""",
)
