"""What becomes of each use of a file: the rules' decisions, and what holds them back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Suppression, Use
from eventlet_codemod.facts.patches import is_asserted_on, is_specification, patch_of
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.ledger import ENTRY_POINTS, PACKAGING
from eventlet_codemod.rules import find_rule, rules_for, selected_for
from eventlet_codemod.rules.base import (
    CHECKS,
    Decision,
    Edit,
    Leave,
    ReplaceImport,
    Rewrite,
    Rule,
    removed_by,
)

#: The pseudo-step of rules that wait until nothing else is left (see `Project.blocked`).
LAST = 9
_OTHER = "EVT999"


class RuleError(Exception):
    """A rule of a codemod decides in a way that no rule may."""

    def __init__(self, rule: Rule, message: str) -> None:
        super().__init__(message)
        self.rule = rule


@dataclass(slots=True)
class Verdict:
    """What becomes of one use."""

    use: Use
    rule: Rule
    decision: Decision
    status: str
    note: str = ""

    @property
    def rewritten(self) -> bool:
        """Whether the use is rewritten in this run."""
        return self.status == "rewritten"

    @property
    def done(self) -> bool:
        """Whether all is as it should be, so that there is nothing to tell."""
        return isinstance(self.decision, Rewrite) and self.decision.done

    @property
    def step(self) -> int:
        """The step of the rule; a use that only needs eventlet installed stays until packaging."""
        if self.rewritten and isinstance(self.decision, Leave):
            return self.rule.step
        return self.decision.step or self.rule.step


def edits_of(verdict: Verdict) -> tuple[Edit, ...]:
    """The edits that a verdict brings, made or not."""
    return verdict.decision.edits if isinstance(verdict.decision, Rewrite) else ()


def decide(
    facts: Facts, settings: Settings, without: frozenset[str] = frozenset()
) -> list[Verdict]:
    """One verdict for each use of the file, in source order.

    ``without`` are the codes of rules of codemods that failed on this file. Raises RuleError.
    """
    selected = selected_for(facts.path, settings)
    verdicts = []
    for use in facts.uses:
        rule, decision = _ask_rules(use, facts, settings, without)
        if settings.monkey_patch == "switch":
            decision = _in_both_modes(use, rule, decision)
        if isinstance(decision, Leave) and _is_named_in_a_test(use, facts):
            decision = replace(decision, step=PACKAGING)
        decision = _with_comment(use, _with_owner(use, decision, facts), facts)
        status, note = _status(use, rule, decision, facts, settings, selected)
        if isinstance(decision, Leave) and decision.writes:
            decision = _as_asked(decision, rule, status, settings, selected)
        verdicts.append(Verdict(use, rule, decision, status, note))
    _keep_handles_whole(facts, verdicts)
    _take_along(verdicts)
    return verdicts


def _with_owner(use: Use, decision: Decision, facts: Facts) -> Decision:
    """Tell the codemod without whose facts nothing would be known of a use."""
    owners = facts.project.declared.owners
    if not owners:
        return decision
    taken = facts.names.taken
    handle = facts.handle_of.get(use)
    makers = (use, *(handle.creations if handle is not None else ()))
    shim = next((taken[maker] for maker in makers if taken.get(maker) in owners), "")
    if not shim:
        return decision
    said = f"`{shim}` is what the codemod {owners[shim]} declares"
    return replace(decision, why=f"{decision.why}; {said}" if decision.why else said)


#: What a comment says that speaks of green threads; and where its paragraph begins.
_GREEN = re.compile(r"eventlet|green[ -]?(?:let|thread|pool)|spawn_n\b", re.IGNORECASE)
_BEGINS = re.compile(r"\s*(?:$|(?:async )?def |class )")


#: Comments that are for tools: they go with their line.
_FOR_TOOLS = re.compile(
    r"#\s*(?:noqa(?::[\sA-Z0-9,]*)?$|(?:type|pylint|isort|mypy|ruff|pyright|flake8|fmt|yapf):|"
    r"pragma\b|nosec\b|eventlet-codemod:)",
    re.IGNORECASE,
)


def _with_comment(use: Use, decision: Decision, facts: Facts) -> Decision:
    """Ask about a comment on an import that may go, and about one that speaks of green threads.

    The second is asked of what is for review anyway. It may stand higher up, as long as no blank
    line is between.
    """
    if not isinstance(decision, Rewrite) or not decision.edits or "C-STALE" in decision.checks:
        return decision
    if not any(isinstance(edit, ReplaceImport) for edit in decision.edits):  # that one keeps it
        for line, comment in _comments_on_imports(use, facts):
            asked = f"the comment `{comment}` on line {line} goes with the import: does it hold?"
            return replace(decision, checks={**decision.checks, "C-STALE": asked})
    if not decision.checks:
        return decision
    found = []
    for line in range(use.statement.lineno - 1, 0, -1):
        text = facts.lines[line - 1]
        if _BEGINS.match(text):
            break
        if text.lstrip().startswith("#") and _GREEN.search(text):
            found.append(line)
    if not found:
        return decision
    asked = f"the comment on line {found[-1]} speaks of green threads: what of it still holds?"
    return replace(decision, checks={**decision.checks, "C-STALE": asked})


def _comments_on_imports(use: Use, facts: Facts) -> Iterator[tuple[int, str]]:
    """Comments for people on the lines of the imports through which a use is reached.

    A green copy of a module is imported plainly in its place, and keeps them.
    """
    for binding in use.bindings:
        if not binding.is_import or (binding.qualified or "").startswith("eventlet.green."):
            continue
        statement = facts.walker.import_statements[binding.statement]
        if not isinstance(statement, (ast.Import, ast.ImportFrom)):
            continue
        lone = len(statement.names) == 1
        part = statement if lone else statement.names[binding.alias]
        for line in range(part.lineno, (part.end_lineno or part.lineno) + 1):
            _, mark, comment = facts.lines[line - 1].partition("#")
            if mark and not _FOR_TOOLS.match(mark + comment):
                yield line, (mark + comment).strip()


def _as_asked(
    decision: Leave, rule: Rule, status: str, settings: Settings, selected: frozenset[str]
) -> Leave:
    """Files for a person are written as rewrites are: where the rule and its step are asked for."""
    asked = rule.code in selected and (settings.steps is None or rule.step in settings.steps)
    if asked and status == "left" and not settings.safe_only:
        return decision
    return replace(decision, writes=())


def _ask_rules(
    use: Use, facts: Facts, settings: Settings, without: frozenset[str]
) -> tuple[Rule, Decision]:
    declared = facts.project.declared
    watched = use.api in declared.watched
    shim = facts.names.taken.get(use, "")
    ignored = shim in declared.futures and (use.call is None or use.call_is_statement)
    for rule in _rules_over(use, shim):
        if watched and use.api not in rule.apis:
            break  # no built-in rule knows it
        if ignored and shim not in rule.apis:
            return find_rule("spawn-result"), Rewrite(
                message=f"`{shim}` gives a Future",
                why="a codemod declares it; nobody asks for its result here",
                done=True,
            )
        decision = rule.match(use, facts, settings) if rule.code not in without else None
        if decision is not None:
            _check_decision(decision, rule)
            return rule, decision
    if watched:
        rule = rules_for(use.api)[0]
        short = use.api.rpartition(".")[2]
        deed = "failed on" if rule.code in without else "leaves"
        return rule, Leave(
            message=f"the codemod that claims {short} {deed} this one",
            why="none of its rules knows this shape",
            advice="see what the codemod does elsewhere, and do it by hand",
        )
    raise AssertionError(f"no rule reports {use.api}")


def _rules_over(use: Use, shim: str) -> Iterator[Rule]:
    """The rules to ask: first those of codemods that claim ``shim``, the project's own name."""
    own = [rule for rule in rules_for(shim) if shim in rule.apis] if shim else []
    yield from own
    yield from (rule for rule in rules_for(use.api) if rule not in own)


def _check_decision(decision: Decision, rule: Rule) -> None:
    if not isinstance(decision, (Leave, Rewrite)):
        raise RuleError(rule, f"match gives {decision!r}, which is no Rewrite, Leave or None")
    if isinstance(decision, Rewrite) and (more := set(decision.checks) - set(rule.checks)):
        raise RuleError(rule, f"it asks {', '.join(sorted(more))}, which its `checks` do not list")


def _is_named_in_a_test(use: Use, facts: Facts) -> bool:
    """Whether a test only looks a name of eventlet up: to patch it, or to compare with it.

    No green thread runs for that, so it is the same where nothing is patched. What oslo.service
    has on its eventlet backend alone is gone with that.
    """
    if use.api.startswith("oslo_") or not is_test(facts.path):
        return False
    return patch_of(use) is not None or is_asserted_on(use) or is_specification(use)


def _in_both_modes(use: Use, rule: Rule, decision: Decision) -> Decision:
    """What belongs to the end of patching is left while a project also runs patched."""
    if use.api.startswith("oslo_service.") and isinstance(decision, Leave):
        return decision  # what its threading backend refuses fails while the switch is on
    if isinstance(decision, Rewrite) and decision.stays:
        asked = (f"{code}: {text or CHECKS[code]}" for code, text in decision.checks.items())
        return Leave(
            message="while the switch is on, oslo.service's threading backend runs this",
            why=decision.why,
            advice=f"see that it is right in both modes. {' '.join(asked)}",
            setting="monkey-patch",
        )
    if isinstance(decision, Rewrite) and (decision.step or rule.step) == ENTRY_POINTS:
        return Leave(
            message="both modes stay with `monkey-patch = switch`, and eventlet's needs this",
            why="what goes at the end of monkey patching is wrong while it can be switched on",
            advice=_advice(use),
            setting="monkey-patch",
        )
    if isinstance(decision, Leave) and not use.doubt:
        rest = rule.code == _OTHER or rule.family == "rare"
        other = rest and any(r.step == ENTRY_POINTS for r in rules_for(use.api))
        word = use.kind == "string" and "." not in use.path
        if rule.step == ENTRY_POINTS or (other and (word or use.kind == "reference")):
            return replace(decision, advice=_advice(use, chooses=other and word))
    return decision


def _advice(use: Use, *, chooses: bool = False) -> str:
    """What to do about a use that only one of two modes needs; ``chooses``: its word is a mode."""
    if chooses:
        return (
            "let the project's `is_patched()` choose: this word where it says so, the threaded "
            "mode elsewhere"
        )
    if use.kind == "string" or use.api.startswith(("oslo_", "greenlet.")):
        return "nothing, as long as there are two modes: it does no harm on native threads"
    return (
        "import eventlet only where the project's `is_patched()` says so, and do without it "
        "elsewhere: on native threads its import fails"
    )


def _status(
    use: Use,
    rule: Rule,
    decision: Decision,
    facts: Facts,
    settings: Settings,
    selected: frozenset[str],
) -> tuple[str, str]:
    """The status of a use, and why a rewrite is held back if it is."""
    if _is_suppressed(use, rule, facts):
        return "suppressed", ""
    if isinstance(decision, Leave):
        return "left", ""
    project = facts.project
    native = [n for n in decision.needs if n not in (settings.helpers, decision.makes)]
    taken = [name for name in native if name.partition(".")[0] in facts.hiding]
    if taken:
        return "left", f"a module of this project is called {taken[0]}, as the one it needs"
    if rule.code not in selected:
        return "left", f"{rule.code} is not selected"
    step = decision.step or rule.step
    if settings.steps is not None and step not in settings.steps:
        return "left", f"step {step} was not asked for"
    if step in project.blocked and not settings.force:
        return "left", project.blocked[step]
    if rule.last and LAST in project.blocked and settings.monkey_patch == "keep":
        return "left", project.blocked[LAST]
    part = decision.relies_on or rule.relies_on
    if part is not None and part in project.unbridged:
        return "left", project.unbridged[part]
    if settings.safe_only and decision.checks:
        return "left", "only safe rewrites were asked for"
    return "rewritten", ""


def _take_along(verdicts: list[Verdict]) -> None:
    """Uses inside a branch or clause that goes are gone with it."""
    going: set[ast.AST] = set()
    for verdict in verdicts:
        if verdict.rewritten:
            going.update(node for edit in edits_of(verdict) for node in removed_by(edit))
    for verdict in verdicts if going else ():
        if any(removed_by(edit) for edit in edits_of(verdict)) or verdict.status == "suppressed":
            continue
        if not going.isdisjoint(verdict.use.parents):
            verdict.decision = Rewrite(
                message="it goes with the branch or clause around it",
                why="nothing reaches that branch or clause any more",
                checks={"C-BRANCH": ""},
            )
            verdict.status, verdict.note = "rewritten", ""


def _is_suppressed(use: Use, rule: Rule, facts: Facts) -> bool:
    return any(covers(comment, use, rule) for comment in facts.suppressions)


def covers(comment: Suppression, use: Use, rule: Rule) -> bool:
    """Whether a suppression comment keeps ``rule`` from ``use``."""
    first, last = line_range(use)
    named = not comment.codes or comment.codes & {rule.code, rule.name}
    return bool(named) and first <= comment.line <= last


def line_range(use: Use) -> tuple[int, int]:
    """The lines of the smallest statement around a use, without the body of a compound one."""
    statement = use.statement
    body = getattr(statement, "body", None)
    last = statement.end_lineno or statement.lineno
    if isinstance(body, list) and body:
        last = max(statement.lineno, body[0].lineno - 1)
    return min(statement.lineno, use.node.lineno), max(last, use.node.end_lineno)  # type: ignore[attr-defined]


def waits_in(verdict: Verdict) -> str:
    """What keeps a use that limits a wait, to be said with that it stays."""
    decision = verdict.decision
    waits = decision.waits if isinstance(decision, Leave) else ""
    return f", where {waits} waits" if waits else ""


def _keep_handles_whole(facts: Facts, verdicts: list[Verdict]) -> None:
    """An object is rewritten with everything that is done to it, or not at all."""
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        for name in goes_with(verdict, facts):
            groups.setdefault(name, []).append(verdict)
    rewritten = -1
    while rewritten != (left := sum(verdict.rewritten for verdict in verdicts)):
        rewritten = left  # what is in two groups carries the reason from one to the other
        _hold_groups(groups, facts)


def goes_with(verdict: Verdict, facts: Facts) -> tuple[str, ...]:
    """The names of all that a use changes with: its object, or what its decision says."""
    handle = facts.handle_of.get(verdict.use)
    name = handle.group.id if handle is not None else verdict.decision.together
    return tuple(filter(None, dict.fromkeys((name, verdict.decision.with_object))))


def _hold_groups(groups: Mapping[str, Sequence[Verdict]], facts: Facts) -> None:
    for name, group in groups.items():
        kept = [verdict for verdict in group if not verdict.rewritten]
        held = min(kept, key=lambda v: not waits_in(v), default=None)
        reason = facts.project.held.get(name, "")
        if held is not None:
            line = held.use.node.lineno  # type: ignore[attr-defined]
            is_object = held.use in facts.handle_of
            what = "what is done to the object on line" if is_object else "the one on line"
            reason = held.note or f"{what} {line} stays{waits_in(held)}"
        for verdict in group if reason else ():
            if verdict.rewritten:
                verdict.status, verdict.note = "left", reason
