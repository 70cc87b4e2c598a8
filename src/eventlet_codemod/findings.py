"""From verdicts to what the ledger says of a file: findings and notices."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

from eventlet_codemod.decisions import Verdict, covers, edits_of, line_range
from eventlet_codemod.facts import Binding, Facts, Suppression, Use
from eventlet_codemod.hazards import hazard_rules
from eventlet_codemod.ledger import Finding, Notice
from eventlet_codemod.patch import HunkSpan, hunk_of
from eventlet_codemod.rules import all_rules, every_rule
from eventlet_codemod.rules.base import CHECKS, Decision, Leave, Rewrite, Rule


def findings_of(
    facts: Facts, verdicts: Sequence[Verdict], spans: Sequence[HunkSpan]
) -> tuple[Finding, ...]:
    """The finding of each verdict; ``spans`` are the hunks of the file's patch."""
    seen: dict[str, int] = {}
    return tuple(_finding(facts, verdict, spans, seen) for verdict in verdicts)


def _finding(
    facts: Facts, verdict: Verdict, spans: Sequence[HunkSpan], seen: dict[str, int]
) -> Finding:
    use, rule, decision = verdict.use, verdict.rule, verdict.decision
    node = use.node
    first, last = node.lineno, node.end_lineno  # type: ignore[attr-defined]
    hunk = None
    if verdict.rewritten and edits_of(verdict):
        lines = line_range(use)
        hunk = hunk_of(spans, first, last) or hunk_of(spans, *lines)
    may_differ: tuple[str, ...] = ()
    if isinstance(decision, Leave):
        tier, advice = "manual", decision.advice
    else:
        may_differ = tuple(decision.checks)
        tier = "review" if may_differ else "safe"
        advice = " ".join(_question(code, text) for code, text in decision.checks.items())
    message, why = decision.message, decision.why
    if verdict.note:
        held_by_choice = verdict.note.endswith(("asked for", "selected"))
        if not held_by_choice:
            tier, may_differ = "manual", ()
            why = "the rewrite is known; something else stands before it"
            asked = f". {advice}" if isinstance(decision, Rewrite) and decision.stays else ""
            advice = f"when that is done: {decision.message}{asked}"
        message = f"left: {verdict.note}"
    fingerprint = _fingerprint(facts, use, rule, seen)
    return Finding(
        id=f"{facts.path}:{first}:{facts.column(node)}-{facts.column(node, end=True)}",
        rule=rule.code,
        name=rule.name,
        tier=tier,  # type: ignore[arg-type]
        status=verdict.status,  # type: ignore[arg-type]
        step=verdict.step,
        api=use.api,
        line=first,
        column=facts.column(node),
        end_line=last,
        end_column=facts.column(node, end=True),
        message=message,
        why=why,
        may_differ=may_differ,
        advice=advice,
        setting=decision.setting,
        hunk=hunk,
        shape=_shape(use, rule, decision),
        fingerprint=fingerprint,
    )


def _question(code: str, text: str) -> str:
    """One open question for the reviewer: ``C-EXIT: …``, ended by one mark."""
    question = f"{code}: {text or CHECKS[code]}"
    return question if question[-1] in ".?" else f"{question}."


def _fingerprint(facts: Facts, use: Use, rule: Rule, seen: dict[str, int]) -> str:
    """Stable when lines move: made of what the use says, not of where it stands."""
    first, last = line_range(use)
    code = " ".join(" ".join(facts.lines[first - 1 : last]).split())
    key = "\0".join((facts.path, rule.code, use.api, code))
    count = seen[key] = seen.get(key, 0) + 1
    return hashlib.sha256(f"{key}\0{count}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _shape(use: Use, rule: Rule, decision: Decision) -> str:
    """Equal for edits that differ only in names and values."""
    node = use.call or use.node
    dump = ast.dump(node) if isinstance(node, ast.AST) else ""
    dump = re.sub(r"(id|attr|arg|name|asname|value)=('[^']*'|\"[^\"]*\"|[\d.]+)", r"\1", dump)
    key = "\0".join((rule.code, type(decision).__name__, decision.message, dump))
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def notice_of_import(binding: Binding) -> Notice:
    """What to say of an import of eventlet that stays for the sake of others."""
    message = (
        f"the import of {binding.qualified} stays, though nothing here refers to it any more: a "
        "try statement, an export or another file needs the name"
    )
    return Notice(line=binding.line, message=message)


def _words(rules: Iterable[Rule]) -> set[str]:
    return {word for rule in rules for word in (rule.code, rule.name)}


#: What a notice says of a comment that suppresses nothing.
IDLE = "this suppression suppresses nothing"


def notices_of(facts: Facts, verdicts: Sequence[Verdict]) -> Iterator[Notice]:
    """Suppression comments that name no rule, or suppress nothing."""
    if not facts.suppressions:
        return
    known, here = _words(every_rule()), _words(all_rules())
    for comment in facts.suppressions:
        if unknown := sorted(comment.codes - known):
            yield Notice(line=comment.line, message=f"no rule is called {unknown[0]!r}")
        elif comment.codes <= here and _is_idle(comment, verdicts):
            yield Notice(line=comment.line, message=IDLE)


def for_hazards(facts: Facts, verdicts: Sequence[Verdict]) -> Iterator[Suppression]:
    """Suppression comments that name a hazard and suppress no use: the run knows its hazards."""
    if not facts.suppressions:
        return
    here, hazards = _words(all_rules()), _words(hazard_rules())
    for comment in facts.suppressions:
        named = comment.codes & hazards
        if named and comment.codes <= here | hazards and _is_idle(comment, verdicts):
            yield comment


def _is_idle(comment: Suppression, verdicts: Sequence[Verdict]) -> bool:
    return not any(covers(comment, verdict.use, verdict.rule) for verdict in verdicts)
