"""An option that chooses an executor offers eventlet's no longer.

Where `'eventlet'` is one of the `choices` of an option of oslo.config for an executor, and
`'threading'` another, it is taken out of them together with the patching. A deployment whose file
still says so is refused at start, where it would fail when the executor is made. That needs a
release note, so it is for review.

The option's default is the matter of EVT402, which comes earlier.
"""

from __future__ import annotations

import ast
from functools import partial

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Decision, Leave, ReplaceExpression, Rewrite, Rule
from eventlet_codemod.rules.ecosystem._options import argument, is_option

_GREEN, _NATIVE = "eventlet", "threading"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on the name among the choices of an option."""
    if use.kind != "string" or use.path != _GREEN:
        return None
    place = next((i for i, n in enumerate(use.parents) if isinstance(n, ast.keyword)), None)
    if place is None or getattr(use.parents[place], "arg", "") != "choices":
        return None
    call, choices = use.parents[place - 1], use.parents[place].value  # type: ignore[attr-defined]
    if not isinstance(call, ast.Call) or not is_option(call, use, facts):
        return None
    reason = _why_not(use, call, choices, facts, settings)
    if reason:
        return Leave(
            message=f"this option has 'eventlet' among its choices: {reason}",
            why="files of deployments may name it, and would be refused",
            advice="deprecate the option (deprecated_for_removal) with a release note, or take the "
            "choice away with an upgrade note once no code knows it",
        )
    assert isinstance(choices, (ast.List, ast.Tuple))
    gone = choices.elts.index(use.node)  # type: ignore[arg-type]
    return Rewrite(
        message="the option offers eventlet's executor no longer",
        why="it could not be made any more",
        edits=(ReplaceExpression(call, partial(_without, gone)),),
        checks={
            "C-FLOW": "does a release note say so? A deployment that names it is refused at start"
        },
    )


def _why_not(use: Use, call: ast.Call, choices: ast.AST, facts: Facts, settings: Settings) -> str:
    if not isinstance(choices, (ast.List, ast.Tuple)) or use.node not in choices.elts:
        return "they are no plain list"
    listed = [item.value for item in choices.elts if isinstance(item, ast.Constant)]
    if _NATIVE not in listed:
        return "'threading' is none of them"
    default = argument(call, "default")
    if isinstance(default, ast.Constant) and default.value == _GREEN:
        held = settings.steps is not None and 2 not in settings.steps
        if held or facts.suppressions:
            return "it is the default"
    return ""


def _without(place: int, node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    """The call with one choice less."""
    call = cst.ensure_type(node, cst.Call)
    given = next(a for a in call.args if a.keyword is not None and a.keyword.value == "choices")
    choices = given.value
    assert isinstance(choices, (cst.List, cst.Tuple))
    elements = list(choices.elements)
    gone = elements.pop(place)
    if place == len(elements):
        elements[-1] = elements[-1].with_changes(comma=gone.comma)
    if isinstance(choices, cst.Tuple) and len(elements) == 1:
        elements[-1] = elements[-1].with_changes(comma=cst.Comma())
    new = given.with_changes(value=choices.with_changes(elements=elements))
    return call.with_changes(args=[new if item is given else item for item in call.args])


rule = Rule(
    code="EVT406",
    family="ecosystem",
    step=3,
    summary="options offer eventlet's executor no longer",
    apis=frozenset({_GREEN}),
    match=match,
    checks=("C-FLOW",),
    references=("OSM-1",),
    before="""\
from oslo_config import cfg

rpc_executor = cfg.StrOpt(
    'rpc_executor',
    default='threading',
    choices=['eventlet', 'threading'],
    help='The executor of RPC calls.')
""",
    after="""\
from oslo_config import cfg

rpc_executor = cfg.StrOpt(
    'rpc_executor',
    default='threading',
    choices=['threading'],
    help='The executor of RPC calls.')
""",
)
