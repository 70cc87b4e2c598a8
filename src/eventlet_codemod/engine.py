"""One file through the whole line: text, facts, decisions, edits, imports, checks, change.

`rewrite_source` is pure but for what it asks of the project around the file; `run` (in
`eventlet_codemod.run`) calls it for many.
"""

from __future__ import annotations

import ast
import hashlib
import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from eventlet_codemod import checks, excerpt, naming
from eventlet_codemod.config import Settings
from eventlet_codemod.facts import OPTIONAL, Binding, Facts, Project, Suppression, Use, gather
from eventlet_codemod.ledger import FileEntry, FileError, Finding, Notice
from eventlet_codemod.rules import all_rules, expand
from eventlet_codemod.rules.base import (
    CHECKS,
    Decision,
    Edit,
    Fold,
    Leave,
    ReplaceHandler,
    ReplaceImport,
    Rewrite,
    Rule,
    removed_by,
)
from eventlet_codemod.source import SourceError, SourceFile, decode

#: The pseudo-step of rules that wait until nothing else is left (see `Project.blocked`).
LAST = 9


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file before and after. ``new`` is None when the file stays as it is.

    ``uses`` counts the uses that the facts hold; the entry has a finding for each. ``relies_on``
    names what must be patched for the rewrites to live beside green threads.
    """

    entry: FileEntry
    old: bytes
    new: bytes | None = None
    uses: int = 0
    relies_on: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Verdict:
    """What becomes of one use."""

    use: Use
    rule: Rule
    decision: Decision
    status: str
    note: str = ""

    @property
    def rewritten(self) -> bool:
        return self.status == "rewritten"


ChangedLines = list[tuple[int, int, int, int]] | None


class _Failure(Exception):
    def __init__(self, kind: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.error = FileError(kind=kind, message=message, line=line)


def rewrite_source(
    data: bytes, path: str, settings: Settings, project: Project | None = None
) -> FileChange:
    """Rewrite one file. Never raises for what the file holds: a failure is in the entry."""
    before = hashlib.sha256(data).hexdigest()
    try:
        source = decode(path, data)
        return _rewrite(source, settings, project or Project(), before)
    except SourceError as error:
        failure = FileError(kind=error.kind, message=error.message, line=error.line)
    except _Failure as error:
        failure = error.error
    except Exception as error:  # one file must not stop a run over thousands
        failure = FileError(kind="internal", message=f"a bug of this tool: {_describe(error)}")
    entry = FileEntry(path=path, status="failed", error=failure, sha256_before=before)
    return FileChange(entry, data)


def _describe(error: Exception) -> str:
    """The error and the place in this tool that it comes from, on one line."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    text = " ".join(str(error).split()) or "no message"
    return f"{type(error).__name__}: {text} ({Path(frame.filename).name}:{frame.lineno})"


def _rewrite(source: SourceFile, settings: Settings, project: Project, before: str) -> FileChange:
    facts = _facts(source, project)
    try:
        return _change(source, facts, settings, before)
    finally:
        facts.walker.release()


def _change(source: SourceFile, facts: Facts, settings: Settings, before: str) -> FileChange:
    verdicts = _decide_all(facts, settings)
    entry = FileEntry(
        path=source.path,
        status="unchanged",
        sha256_before=before,
        notices=tuple(_notices(facts, verdicts)),
    )
    if not verdicts:
        return FileChange(replace(entry, sha256_after=before), source.data)
    text, changed = _edited_as_far_as_it_goes(facts, verdicts, settings)
    gone = {verdict.use for verdict in verdicts if verdict.rewritten}
    kept = naming.kept_for_others(facts, gone) if text != source.text else []
    entry = replace(entry, notices=(*entry.notices, *map(_notice_of_import, kept)))
    relied = frozenset(
        part
        for verdict in verdicts
        if verdict.rewritten and isinstance(verdict.decision, Rewrite)
        if (part := verdict.decision.relies_on or verdict.rule.relies_on) is not None
    )
    if text == source.text:
        findings = _findings(facts, verdicts, ())
        entry = replace(entry, sha256_after=before, findings=findings)
        return FileChange(entry, source.data, None, len(facts.uses), relied)
    new = source.encode(text)
    try:
        patch, spans = checks.prove_patch(source.path, source.data, new, changed)
    except checks.CheckFailed as error:
        raise _Failure("check", str(error)) from error
    entry = replace(
        entry,
        status="changed",
        sha256_after=hashlib.sha256(new).hexdigest(),
        patch=patch,
        findings=_findings(facts, verdicts, spans),
    )
    return FileChange(entry, source.data, new, len(facts.uses), relied)


def _facts(source: SourceFile, project: Project) -> Facts:
    try:
        return gather(source.path, source.text, project)
    except SyntaxError as error:
        raise _Failure("syntax", _why_unreadable(source, error), error.lineno) from error
    except (ValueError, RecursionError) as error:
        message = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise _Failure("syntax", message) from error


def _why_unreadable(source: SourceFile, error: SyntaxError) -> str:
    """What Python says; and whether a newer one could read the file."""
    import libcst

    if "multiple exception types" in str(error.msg):
        return str(error.msg)  # Python 2's `except A, e`, which means something else to libcst
    try:
        libcst.parse_module(source.text)
    except (libcst.ParserSyntaxError, libcst.CSTValidationError, RecursionError):
        return str(error.msg)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{error.msg}; its syntax is newer than Python {version}: run the tool under that one"


# --- decisions ---------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _selected(select: tuple[str, ...], ignore: tuple[str, ...]) -> frozenset[str]:
    chosen = expand(select) if select else expand(("ALL",))
    return chosen - expand(ignore)


@lru_cache(maxsize=4096)
def _rules_for(api: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in all_rules() if rule.claims(api))


def _decide_all(facts: Facts, settings: Settings) -> list[_Verdict]:
    ignored = (*settings.ignore, *settings.ignored_for(facts.path))
    selected = _selected(settings.select, ignored)
    verdicts = []
    for use in facts.uses:
        rule, decision = _decide(use, facts, settings)
        status, note = _status(use, rule, decision, facts, settings, selected)
        verdicts.append(_Verdict(use, rule, decision, status, note))
    _keep_handles_whole(facts, verdicts)
    _take_along(verdicts)
    return verdicts


def _decide(use: Use, facts: Facts, settings: Settings) -> tuple[Rule, Decision]:
    for rule in _rules_for(use.api):
        decision = rule.match(use, facts, settings)
        if decision is not None:
            if isinstance(decision, Rewrite) and not set(decision.checks) <= set(rule.checks):
                raise AssertionError(f"{rule.code} does not declare all of {list(decision.checks)}")
            return rule, decision
    raise AssertionError(f"no rule reports {use.api}")


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
    taken = [name for name in decision.needs if name.partition(".")[0] in facts.hiding]
    if taken:
        return "left", f"a module of this project is called {taken[0]}, as the one it needs"
    if rule.code not in selected:
        return "left", f"{rule.code} is not selected"
    if settings.steps is not None and rule.step not in settings.steps:
        return "left", f"step {rule.step} was not asked for"
    if settings.steps is None and rule.step in project.blocked:
        return "left", project.blocked[rule.step]
    if rule.last and LAST in project.blocked and settings.monkey_patch == "keep":
        return "left", project.blocked[LAST]
    part = decision.relies_on or rule.relies_on
    if part is not None and part in project.unbridged:
        return "left", project.unbridged[part]
    if settings.safe_only and decision.checks:
        return "left", "only safe rewrites were asked for"
    return "rewritten", ""


def _take_along(verdicts: list[_Verdict]) -> None:
    """Uses inside a branch or clause that goes are gone with it."""
    going: set[ast.AST] = set()
    for verdict in verdicts:
        if verdict.rewritten:
            going.update(node for edit in _edits(verdict) for node in removed_by(edit))
    for verdict in verdicts if going else ():
        if any(removed_by(edit) for edit in _edits(verdict)) or verdict.status == "suppressed":
            continue
        if not going.isdisjoint(verdict.use.parents):
            verdict.decision = Rewrite(
                message="it goes with the branch or clause around it",
                why="nothing reaches that branch or clause any more",
                checks={"C-BRANCH": ""},
            )
            verdict.status, verdict.note = "rewritten", ""


def _is_suppressed(use: Use, rule: Rule, facts: Facts) -> bool:
    return any(_covers(comment, use, rule) for comment in facts.suppressions)


def _covers(comment: Suppression, use: Use, rule: Rule) -> bool:
    first, last = _line_range(use)
    named = not comment.codes or comment.codes & {rule.code, rule.name}
    return bool(named) and first <= comment.line <= last


def _notice_of_import(binding: Binding) -> Notice:
    message = (
        f"the import of {binding.qualified} stays, though nothing here refers to it any more: a "
        "try statement, an export or another file needs the name"
    )
    return Notice(line=binding.line, message=message)


def _notices(facts: Facts, verdicts: Sequence[_Verdict]) -> Iterator[Notice]:
    """Suppression comments that name no rule, or suppress nothing."""
    known = {word for rule in all_rules() for word in (rule.code, rule.name)}
    for comment in facts.suppressions:
        if unknown := sorted(comment.codes - known):
            yield Notice(line=comment.line, message=f"no rule is called {unknown[0]!r}")
        elif not any(_covers(comment, v.use, v.rule) for v in verdicts):
            yield Notice(line=comment.line, message="this suppression suppresses nothing")


def _line_range(use: Use) -> tuple[int, int]:
    """The lines of the smallest statement around a use, without the body of a compound one."""
    statement = use.statement
    body = getattr(statement, "body", None)
    last = statement.end_lineno or statement.lineno
    if isinstance(body, list) and body:
        last = max(statement.lineno, body[0].lineno - 1)
    return min(statement.lineno, use.node.lineno), max(last, use.node.end_lineno)  # type: ignore[attr-defined]


def _keep_handles_whole(facts: Facts, verdicts: list[_Verdict]) -> None:
    """An object is rewritten with everything that is done to it, or not at all."""
    groups: dict[int, list[_Verdict]] = {}
    for verdict in verdicts:
        handle = facts.handle_of.get(verdict.use)
        if handle is not None:
            groups.setdefault(id(handle), []).append(verdict)
    for group in groups.values():
        held = next((v for v in group if not v.rewritten), None)
        if held is None:
            continue
        line = held.use.node.lineno  # type: ignore[attr-defined]
        for verdict in group:
            if verdict.rewritten:
                verdict.status = "left"
                verdict.note = held.note or f"what is done to the object on line {line} stays"


# --- edits -------------------------------------------------------------------------------------


def _edits(verdict: _Verdict) -> tuple[Edit, ...]:
    return verdict.decision.edits if isinstance(verdict.decision, Rewrite) else ()


def _edited_as_far_as_it_goes(
    facts: Facts, verdicts: list[_Verdict], settings: Settings
) -> tuple[str, ChangedLines]:
    """The text after every edit that can be made; what cannot be is left, with the reason."""
    wanted = [verdict for verdict in verdicts if verdict.rewritten]
    if not any(_edits(verdict) for verdict in wanted):
        return facts.text, None
    try:
        return _edited(facts, verdicts, settings)
    except _Failure as failure:
        reason = failure
    for verdict in wanted:
        verdict.status = "left"
    done: tuple[str, ChangedLines] = facts.text, None
    for group in _together(facts, wanted):
        for verdict in group:
            verdict.status = "rewritten"
        try:
            done = _edited(facts, verdicts, settings)
        except _Failure as failure:
            reason = failure
            for verdict in group:
                verdict.status, verdict.note = "left", f"the rewrite fails: {failure}"
    if reason.error.kind == "libcst":
        raise reason  # nothing can be done with this file
    return done


def _together(facts: Facts, verdicts: Sequence[_Verdict]) -> list[list[_Verdict]]:
    """Verdicts that stand or fall together: those of one object, and of one statement."""
    groups: dict[object, list[_Verdict]] = {}
    for verdict in verdicts:
        key: object = facts.handle_of.get(verdict.use)
        if key is None:
            folds = [edit for edit in _edits(verdict) if isinstance(edit, ReplaceImport)]
            binding = folds[0].binding if folds else next(iter(verdict.use.bindings), None)
            folded = verdict.use.doubt == OPTIONAL or (folds and folds[0].fold_try)
            key = binding.parents[-1] if folded and binding is not None else verdict.use.statement
        groups.setdefault(key, []).append(verdict)
    return list(groups.values())


def _edited(
    facts: Facts, verdicts: Sequence[_Verdict], settings: Settings
) -> tuple[str, ChangedLines]:
    """The new text, and which line ranges of old and new differ."""
    from eventlet_codemod.imports import ImportPlanError, plan_imports
    from eventlet_codemod.rewrite import RewriteError, Rewriter

    rewritten = [verdict for verdict in verdicts if verdict.rewritten]
    edits = [edit for verdict in rewritten for edit in _edits(verdict)]
    replaced = [edit for edit in edits if isinstance(edit, ReplaceImport)]
    needs = {verdict.use: verdict.decision.needs for verdict in rewritten}  # type: ignore[union-attr]
    binds = [new for verdict in rewritten for new in verdict.decision.binds]  # type: ignore[union-attr]
    gone = {verdict.use for verdict in rewritten}
    plan = naming.plan(facts, gone, replaced, needs, binds)
    edited = [verdict.use for verdict in rewritten if _edits(verdict)]
    keep = {node for use in edited for node in use.parents if isinstance(node, ast.stmt)}
    whole = [edit.node for edit in edits if isinstance(edit, (Fold, ReplaceHandler))]
    small = excerpt.take(facts.text, facts.tree, keep, whole, facts.walker.import_statements)
    nodes = [edit for edit in edits if not isinstance(edit, ReplaceImport)]
    names = {id(edit): plan.names[verdict.use] for verdict in rewritten for edit in _edits(verdict)}
    crlf = small.text.count("\r\n") == small.text.count("\n") == small.text.count("\r") > 0
    inner = replace(small, text=small.text.replace("\r\n", "\n")) if crlf else small
    rewriter = Rewriter(
        inner, facts.text, facts.tree, names, settings.line_length or 79, facts.free_name
    )
    try:
        middle = rewriter.run(nodes)
        result = plan_imports(
            middle,
            plan.requests,
            first_party=facts.project.local_modules,
            one_per_line=settings.import_style == "one-per-line",
        )
        result = result.replace("\n", "\r\n") if crlf else result
        new = small.put_back(result)
    except RewriteError as error:
        raise _Failure(error.kind, error.message, error.line) from error
    except ImportPlanError as error:
        raise _Failure("imports", str(error)) from error
    except excerpt.ExcerptError as error:
        raise _Failure("rewrite", str(error)) from error
    try:
        left = [v.use for v in verdicts if not v.rewritten and _in_excerpt(v.use, small)]
        gone_nodes = {node for edit in edits for node in removed_by(edit)}
        checks.prove_excerpt(facts, small.text, result, left, plan, rewriter.removed, gone_nodes)
    except checks.CheckFailed as error:
        raise _Failure("check", str(error), error.line) from error
    return new, small.changed_lines(result)


def _in_excerpt(use: Use, small: excerpt.Excerpt) -> bool:
    return use.node.lineno in small.line_of  # type: ignore[attr-defined]


# --- findings ----------------------------------------------------------------------------------


def _findings(
    facts: Facts, verdicts: Sequence[_Verdict], spans: Sequence[object]
) -> tuple[Finding, ...]:
    seen: dict[str, int] = {}
    return tuple(_finding(facts, verdict, spans, seen) for verdict in verdicts)


def _finding(
    facts: Facts, verdict: _Verdict, spans: Sequence[object], seen: dict[str, int]
) -> Finding:
    from eventlet_codemod.patch import hunk_of

    use, rule, decision = verdict.use, verdict.rule, verdict.decision
    node = use.node
    first, last = node.lineno, node.end_lineno  # type: ignore[attr-defined]
    hunk = None
    if verdict.rewritten and _edits(verdict):
        lines = _line_range(use)
        hunk = hunk_of(spans, first, last) or hunk_of(spans, *lines)  # type: ignore[arg-type]
    may_differ: tuple[str, ...] = ()
    if isinstance(decision, Leave):
        tier, advice = "manual", decision.advice
    else:
        may_differ = tuple(decision.checks)
        tier = "review" if may_differ else "safe"
        advice = " ".join(_question(code, text) for code, text in decision.checks.items())
    message = decision.message
    if verdict.note:
        held_by_choice = verdict.note.endswith(("asked for", "selected"))
        if not held_by_choice:
            tier, may_differ = "manual", ()
            advice = f"when that is done: {decision.message}"
        message = f"left: {verdict.note}"
    fingerprint = _fingerprint(facts, use, rule, seen)
    return Finding(
        id=f"{facts.path}:{first}:{_column(facts, node)}-{_column(facts, node, end=True)}",
        rule=rule.code,
        name=rule.name,
        tier=tier,  # type: ignore[arg-type]
        status=verdict.status,  # type: ignore[arg-type]
        step=rule.step,
        api=use.api,
        line=first,
        column=_column(facts, node),
        end_line=last,
        end_column=_column(facts, node, end=True),
        message=message,
        why=decision.why,
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


def _column(facts: Facts, node: ast.AST, *, end: bool = False) -> int:
    line = node.end_lineno if end else node.lineno  # type: ignore[attr-defined]
    offset: int = node.end_col_offset if end else node.col_offset  # type: ignore[attr-defined]
    text = facts.lines[line - 1]
    return offset if text.isascii() else len(text.encode()[:offset].decode(errors="ignore"))


def _fingerprint(facts: Facts, use: Use, rule: Rule, seen: dict[str, int]) -> str:
    """Stable when lines move: made of what the use says, not of where it stands."""
    first, last = _line_range(use)
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
