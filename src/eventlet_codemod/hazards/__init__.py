"""Hazards: what threads make dangerous, in code that eventlet's cooperation kept safe.

A hazard is no use of eventlet, so it is counted apart and nothing waits for it. `hazards_of` looks
at one file, and `told_once` at what a whole run found.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache

from eventlet_codemod.facts import Facts, Suppression, suppressions_in
from eventlet_codemod.facts.known import known_of
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.project import Project, is_test
from eventlet_codemod.hazards.base import Danger, HazardRule
from eventlet_codemod.ledger import Evidence, FileEntry, Hazard

__all__ = ["HazardRule", "files_beside", "hazard_rules", "hazards_of", "is_covered", "told_once"]

#: A hazard, and the file that it stands in.
Placed = tuple[str, Hazard]

#: Gives the codes of the rules that are selected for a file.
Selected = Callable[[str], frozenset[str]]


@cache
def hazard_rules() -> tuple[HazardRule, ...]:
    """Every rule of this family, by code."""
    found = []
    for info in pkgutil.iter_modules(__path__, __name__ + "."):
        rule = getattr(importlib.import_module(info.name), "rule", None)
        if isinstance(rule, HazardRule):
            found.append(dataclasses.replace(rule, module=info.name))
    return tuple(sorted(found, key=lambda rule: rule.code))


def files_beside(project: Project, files: Collection[str], selected: Selected) -> list[str]:
    """The files that rules look at though they mention no eventlet, as ``files`` do."""
    if "thread" not in project.patched:
        return []  # threads are native already
    found: set[str] = set()
    for rule in hazard_rules():
        for path in {path for word in rule.words for path in _mentioning(word, project)}:
            if path in found or path in files or is_test(path):
                continue
            if rule.code in selected(path) and project.matches(path, rule.form):
                found.add(path)
    return sorted(found)


def _mentioning(word: str, project: Project) -> Iterable[str]:
    return project.mentions(frozenset({word}), "").get(word, ())


def hazards_of(
    facts: Facts, selected: frozenset[str], *, beside: bool = False
) -> tuple[Placed, ...]:
    """The hazards that a file leads to, in it or in others; ``selected`` are the rules' codes.

    ``beside``: it mentions no eventlet.
    """
    known = known_of(facts.project) if facts.shared else None
    program = known.program if known is not None else Program(facts.project, facts)
    seen: dict[str, int] = {}
    found: dict[str, Placed] = {}
    for rule in hazard_rules():
        asked = rule.code in selected and (rule.words or not beside)
        for danger in rule.look(facts, program) if asked else ():
            hazard = _hazard(rule, danger, seen)
            found.setdefault(hazard.id, (danger.module.path, hazard))
    return tuple(found.values())


def _hazard(rule: HazardRule, danger: Danger, seen: dict[str, int]) -> Hazard:
    node, module = danger.node, danger.module
    first, last = node.lineno, node.end_lineno  # type: ignore[attr-defined]
    column, end = module.column(node), module.column(node, end=True)
    code = " ".join(module.lines[first - 1].split())
    key = "\0".join((module.path, rule.code, danger.alike or code))
    count = seen[key] = seen.get(key, 0) + 1
    digest = hashlib.sha256(f"{key}\0{count}".encode("utf-8", "surrogatepass"))
    hazard = Hazard(
        id=f"{module.path}:{first}:{column}-{end}:{rule.code}",
        rule=rule.code,
        name=rule.name,
        status="open",
        line=first,
        column=column,
        end_line=last,
        end_column=end,
        message=danger.message,
        why=danger.why,
        advice=danger.advice,
        evidence=tuple(_evidence(danger)),
        fingerprint=digest.hexdigest()[:16],
    )
    suppressed = any(is_covered(hazard, comment) for comment in suppressions_in(module))
    return dataclasses.replace(hazard, status="suppressed") if suppressed else hazard


def _evidence(danger: Danger) -> Iterator[Evidence]:
    for module, node, what in danger.places:
        line = int(getattr(node, "lineno", 1))
        yield Evidence(path=module.path, line=line, what=what)


def is_covered(hazard: Hazard, comment: Suppression) -> bool:
    """Whether a comment on the lines of a hazard names its rule.

    A comment without codes is about eventlet: it does not make a hazard harmless.
    """
    named = comment.codes & {hazard.rule, hazard.name}
    return bool(named) and hazard.line <= comment.line <= hazard.end_line


def told_once(entries: Iterable[FileEntry], placed: Iterable[Placed]) -> dict[str, list[Hazard]]:
    """The hazards of a run by file, each once, without those that a rewrite there asks about."""
    asked = {rule.code: rule.asked_by for rule in hazard_rules() if rule.asked_by}
    findings = {entry.path: entry.findings for entry in entries}
    found: dict[str, dict[str, Hazard]] = {}
    for path, hazard in placed:
        question = asked.get(hazard.rule)
        known = any(
            question in finding.may_differ
            and finding.status == "rewritten"
            and finding.line <= hazard.end_line
            and hazard.line <= finding.end_line
            for finding in findings.get(path, ())
        )
        if not known:
            found.setdefault(path, {}).setdefault(hazard.id, hazard)
    return {
        path: sorted(items.values(), key=lambda item: (item.line, item.column, item.rule))
        for path, items in sorted(found.items())
    }
