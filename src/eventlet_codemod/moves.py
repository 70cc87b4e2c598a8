"""What became of the names of eventlet in a file: what tests that patch them have to follow."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence

from eventlet_codemod.decisions import Verdict, edits_of
from eventlet_codemod.facts import Facts
from eventlet_codemod.facts.api import GREEN_MODULES
from eventlet_codemod.facts.patches import is_asserted_on
from eventlet_codemod.facts.project import Move, is_test
from eventlet_codemod.facts.scopes import own_statements
from eventlet_codemod.rules.base import ReplaceExpression, ReplaceImport, ReplaceStatement

_KINDS = ("reference", "import")


def moves_of(facts: Facts, verdicts: Sequence[Verdict], text: str) -> dict[str, Move]:
    """By canonical name, what a module uses instead in ``text``, its new form.

    Nothing for a test: that is no module that others patch.
    """
    if is_test(facts.path):
        return {}
    natives: dict[str, set[str | None]] = {}
    stars: dict[str, set[frozenset[str]]] = {}
    for verdict in verdicts:
        of_group = verdict.use.api.startswith("oslo_service.threadgroup.")
        counts = verdict.use.kind in _KINDS or of_group
        if counts and not is_asserted_on(verdict.use):
            native = _native(verdict) if verdict.rewritten else None
            natives.setdefault(verdict.use.api, set()).add(native)
            if verdict.use.call is not None:
                stars.setdefault(verdict.use.api, set()).add(_stars(verdict.use.call))
    named = any(any(found) for found in natives.values())
    spelled = list(_imported(text)) if named else []
    return {api: _move(found, spelled, stars.get(api, ())) for api, found in natives.items()}


def _stars(call: ast.Call) -> frozenset[str]:
    """The stars of a call: what is made of them is passed on, whether there is anything or not."""
    found = {"*"} if any(isinstance(item, ast.Starred) for item in call.args) else set()
    return frozenset(found | {"**" for item in call.keywords if item.arg is None})


def _native(verdict: Verdict) -> str:
    """The dotted name that the edits of a verdict put in the place of eventlet's."""
    for edit in edits_of(verdict):
        if isinstance(edit, (ReplaceExpression, ReplaceStatement)) and edit.names:
            return edit.names
        if isinstance(edit, ReplaceImport):
            return _imported_by(edit, verdict.use.api)
    return ""


def _imported_by(edit: ReplaceImport, api: str) -> str:
    if edit.new is not None:
        return ".".join(filter(None, [edit.new.module, edit.new.name]))
    green = api.removeprefix("eventlet.green.")
    return GREEN_MODULES.get(green, "") if edit.fold_try and green != api else ""


def _move(
    natives: set[str | None],
    spelled: Sequence[tuple[str, str]],
    stars: Collection[frozenset[str]],
) -> Move:
    """``natives`` holds None for each use that stays."""
    native = next(iter(natives)) if len(natives) == 1 else ""
    if None in natives or not native:
        return Move(stays=None in natives)
    found = [
        local + native[len(dotted) :]
        for local, dotted in spelled
        if native == dotted or native.startswith(dotted + ".")
    ]
    shared = frozenset.intersection(*stars) if stars else frozenset()
    return Move(native, min(found, key=len) if found else "", stars=shared)


def _imported(text: str) -> Iterator[tuple[str, str]]:
    """The names that imports at the top of a module bind, and the dotted names that those mean."""
    for statement in own_statements(ast.parse(text).body):
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                top = alias.name.partition(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (top, top)
        elif isinstance(statement, ast.ImportFrom) and not statement.level:
            for alias in statement.names:
                yield alias.asname or alias.name, f"{statement.module}.{alias.name}"
