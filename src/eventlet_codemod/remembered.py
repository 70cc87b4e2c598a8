"""What runs over the same files made of each: a series asks again with a rule more every time.

Nothing of a file depends on which rules are selected but the status of the uses that they decide
about, and on a few families being selected as a whole. So a result is right again where the
selection is the same as far as it was asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from eventlet_codemod.config import Settings
from eventlet_codemod.engine import FileChange
from eventlet_codemod.facts.project import Project
from eventlet_codemod.hazards import hazard_rules
from eventlet_codemod.rules import WHOLE_FAMILIES, every_rule, family_is_selected, selected_for


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked of one file: with which settings, but for the rules, and what else."""

    path: str
    data: bytes
    settings: Settings
    project: Project
    look: bool
    beside: bool

    @property
    def selected(self) -> frozenset[str]:
        """Codes of the rules that may change the file, with the families that are all of them."""
        # Rules ask it also of the files that their objects go to, so of no path in particular.
        anywhere = replace(self.settings, per_file_ignores={})
        whole = {f for f in WHOLE_FAMILIES if family_is_selected(f, self.path, anywhere)}
        return selected_for(self.path, self.settings) | whole


@dataclass(frozen=True, slots=True)
class _Answer:
    settings: Settings
    project: Project
    selected: frozenset[str]
    asked: frozenset[str]
    change: FileChange


@dataclass(slots=True)
class Memory:
    """The results of earlier runs over the same project. Its files must not change meanwhile.

    ``answered`` counts the questions that were answered from it.
    """

    answered: int = 0
    _state: Hashable = None
    _known: dict[Hashable, list[_Answer]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether any run has used it."""
        return bool(self._known)

    def begin(self, state: Hashable) -> None:
        """Begin a run over the project in a state; what is known of another is forgotten."""
        if state != self._state:
            self._known.clear()
            self._state = state

    def get(self, question: Question) -> FileChange | None:
        """What was made of the file when the same was asked."""
        selected = question.selected
        for answer in self._known.get(_key(question), ()):
            if (
                answer.selected == selected & answer.asked
                and answer.settings == _settings(question)
                and answer.project == _project(question)
            ):
                self.answered += 1
                return answer.change
        return None

    def put(self, question: Question, change: FileChange) -> None:
        """Remember what was made of a file."""
        asked = _asked(change, question)
        answer = _Answer(
            _settings(question), _project(question), question.selected & asked, asked, change
        )
        self._known.setdefault(_key(question), []).append(answer)


def _key(question: Question) -> Hashable:
    digest = hashlib.sha256(question.data).digest()
    return question.path, digest, question.look, question.beside


def _settings(question: Question) -> Settings:
    return replace(question.settings, select=(), ignore=())


def _project(question: Question) -> Project:
    return replace(question.project, root=None)  # a copy of it, where stages come first


def _asked(change: FileChange, question: Question) -> frozenset[str]:
    """The rules, and families, whose selection the result depends on."""
    if change.entry.error is not None:
        return frozenset({*(rule.code for rule in every_rule()), *WHOLE_FAMILIES})
    hazards = hazard_rules() if question.look else ()
    rules = (*(f.rule for f in change.entry.findings), *(rule.code for rule in hazards))
    return frozenset({*rules, *WHOLE_FAMILIES})
