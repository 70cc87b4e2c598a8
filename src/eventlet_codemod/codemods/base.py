"""What a codemod is, wherever it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from eventlet_codemod.codemods.stage import Stage
from eventlet_codemod.config import ConfigError
from eventlet_codemod.declared import Declared
from eventlet_codemod.rules.base import Rule

#: When a codemod runs: as a stage before or after the built-in rules, or as rules among them.
Order = Literal["before", "with", "after"]
Kind = Literal["rules", "facts", "bowler", "libcst"]


class CodemodError(ConfigError):
    """A codemod that cannot be used: what is wrong, and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codemod:
    """A set of rules, of facts, or one stage.

    ``spec`` is how it was asked for, ``origin`` says for people where it comes from. ``make_stage``
    is given the root of the project, if there is one. A stage has one entry in ``rules``, by which
    it is selected, listed and explained, and which matches nothing. ``asks`` is what a reviewer has
    to see to where the stage edits; without a question its edits are safe.
    """

    name: str
    spec: str
    origin: str
    kind: Kind
    order: Order = "with"
    rules: tuple[Rule, ...] = ()
    declared: Declared = field(default_factory=Declared)
    make_stage: Callable[[Path | None], Stage] | None = None
    asks: str = ""
    summary: str = ""

    @property
    def code(self) -> str:
        """The code of its stage."""
        return self.rules[0].code
