"""What the rules about hazards share.

A hazard is what threads make dangerous and no call of eventlet shows. It is no use of eventlet and
has no edit: a rule names the place, the evidence and the fix. These rules are pure, as others are.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eventlet_codemod.facts.module import Module
from eventlet_codemod.facts.program import Program
from eventlet_codemod.rules.base import Decision, Rule

if TYPE_CHECKING:
    from eventlet_codemod.config import Settings
    from eventlet_codemod.facts import Facts, Use


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """One hazard: ``node`` is where it stands, ``places`` what belongs to it, and what is there.

    ``alike`` tells it from others of the same code: what is shared, for one.
    """

    module: Module
    node: ast.AST
    message: str
    why: str
    advice: str
    places: tuple[tuple[Module, ast.AST, str], ...] = ()
    alike: str = ""


Look = Callable[[Module, Program], Iterable[Danger]]


def no_use(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide nothing: a rule of this family is offered no use."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardRule(Rule):
    """A rule that only warns.

    ``look`` finds its places in a file, and in others that the file leads to. ``asked_by`` is the
    question that says the same where a rewrite asks it: then the hazard is not told as well.
    ``example_files`` stand around the example, which is at ``example_path``. Where threads are
    patched it looks as well at files that mention no eventlet, if they hold one of ``words`` and
    match ``form``.
    """

    family: str = "hazards"
    step: int = 3
    apis: frozenset[str] = frozenset()
    match: Callable[[Use, Facts, Settings], Decision | None] = no_use
    look: Look
    asked_by: str = ""
    words: tuple[str, ...] = ()
    form: str = ""
    after: str = ""
    example_path: str = "service.py"
    example_files: Mapping[str, str] = field(default_factory=dict)
