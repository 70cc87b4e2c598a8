"""The mock of eventlet as a whole, of which a test looks at one function only."""

from __future__ import annotations

import ast
from collections.abc import Container
from dataclasses import dataclass
from functools import partial

import libcst as cst

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.api import canonical
from eventlet_codemod.facts.module import Parents
from eventlet_codemod.facts.project import Move
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Edit, ReplaceExpression
from eventlet_codemod.rules.testing import _follow
from eventlet_codemod.rules.testing._mocks import SAME, NotFollowed, mock_of
from eventlet_codemod.rules.testing._targets import Target


@dataclass(frozen=True, slots=True)
class Part:
    """The one function that a test looks at: ``api``, what became of it, and the edits for that.

    ``others`` are functions of eventlet that the module calls and that the mock held off as well.
    """

    api: str
    move: Move
    edits: tuple[Edit, ...]
    others: tuple[str, ...]


def part_of(target: Target, use: Use, facts: Facts) -> Part:
    """What a test looks at of a mock of eventlet as a whole. Raises NotFollowed."""
    known = facts.project.moves.get(target.module, {})
    mock = mock_of(target.patch, use, facts)
    given = [keyword.arg for keyword in target.patch.call.keywords]
    if mock.given is not None or mock.objection or given or not known:
        raise NotFollowed("it replaces eventlet as a whole")
    found: set[str] = set()
    edits: list[Edit] = []
    for node, parents in mock.places:
        api, chain = _function(node, parents, known.keys())
        if not api:
            raise NotFollowed("it replaces eventlet as a whole")
        _check(known[api], parents[: -len(chain)], node)
        found.add(api)
        edits.append(ReplaceExpression(chain[-1], partial(_mock_alone, node), parents=parents))
    if len(found) != 1:
        raise NotFollowed("it replaces eventlet as a whole")
    api = found.pop()
    others = tuple(sorted(name for name in known if name != api and known[name].native))
    return Part(api, known[api], tuple(edits), others)


def _mock_alone(mock: ast.expr, node: cst.BaseExpression, context: Context) -> str:
    return ast.unparse(mock)


def _function(
    node: ast.expr, parents: Parents, known: Container[str]
) -> tuple[str, list[ast.Attribute]]:
    """The function that ``mock.wsgi.server`` is, and the attributes that say so, inner first."""
    chain: list[ast.Attribute] = []
    path = "eventlet"
    for outer in reversed(parents):
        if not isinstance(outer, ast.Attribute):
            break
        chain.append(outer)
        path += f".{outer.attr}"
        if canonical(path) in known:
            return canonical(path), chain
    return "", []


def _check(move: Move, parents: Parents, node: ast.expr) -> None:
    """What is asked of the function has to be the same for what is called in its place."""
    if move.stays:
        raise NotFollowed("the code under test still uses it")
    asked = parents[-1]
    same = isinstance(asked, ast.Attribute) and asked.attr in SAME
    if not move.native or not (same or _follow.is_alike(move.native)):
        raise NotFollowed(f"what is asked of it is another call now (line {node.lineno})")
