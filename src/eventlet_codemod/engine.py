"""One file through the whole line: text, facts, decisions, edits, imports, checks, change.

`rewrite_source` is pure but for what it asks of the project around the file; `run` (in
`eventlet_codemod.run`) calls it for many.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import re
import sys
import traceback
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from eventlet_codemod import checks, excerpt, naming
from eventlet_codemod.config import Settings
from eventlet_codemod.decisions import (
    RuleError,
    Verdict,
    decide,
    edits_of,
    goes_with,
    waits_in,
)
from eventlet_codemod.facts import (
    OPTIONAL,
    Binding,
    Facts,
    Handle,
    Project,
    Suppression,
    Use,
    gather,
)
from eventlet_codemod.facts.patches import is_asserted_on, patch_of
from eventlet_codemod.facts.project import Move, Origin
from eventlet_codemod.findings import findings_of, for_hazards, notice_of_import, notices_of
from eventlet_codemod.hazards import hazards_of
from eventlet_codemod.ledger import FileEntry, FileError, Hazard, StageFailure
from eventlet_codemod.moves import moves_of
from eventlet_codemod.rules import selected_for
from eventlet_codemod.rules.base import (
    Condition,
    DropFinally,
    DropMock,
    Fold,
    Guard,
    Leave,
    ReplaceDefinition,
    ReplaceExpression,
    ReplaceHandler,
    ReplaceImport,
    ReplaceStatement,
    Rewrite,
    WrapBlock,
    removed_by,
)
from eventlet_codemod.source import SourceError, SourceFile, decode, why_unreadable

#: Edits of which the whole statement must be seen.
_WHOLE = (Fold, Guard, Condition, DropFinally, DropMock, ReplaceDefinition, ReplaceHandler)


@dataclass(frozen=True, slots=True)
class Traveller:
    """An object that more than one file has a part in, as one of them sees it.

    ``id`` names it, ``origins`` are the places where it is made, ``paths`` the files with a part in
    it. ``held`` says why this file's part stays, "" where it is rewritten.
    """

    id: str
    origins: tuple[Origin, ...]
    paths: frozenset[str]
    held: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file before and after. ``new`` is None when the file stays as it is.

    ``uses`` counts the uses that the facts hold; the entry has a finding for each. ``relies_on``
    names what must be patched for the rewrites to live beside green threads. ``travellers`` are the
    objects of this file that other files do something to, ``helpers`` what the rewrites need of the
    project's helper module, ``makes`` the module of a project in dual mode that they call,
    ``writes`` the files of the project, each path with a text and the rule, that are to be there
    for what stays, ``takes`` the shims of the project that this file still uses. ``created`` says
    that there was no such file, ``written_by`` is the rule whose ``writes`` it is of, ``deleted``
    that there is none after it, and ``new`` is empty. ``moves`` tells what the file uses in the
    place of names of eventlet, ``patches`` whether it patches such a name somewhere, as tests do,
    ``follows`` the modules with whose changes this one goes, ``needs`` the libraries that the new
    code imports. ``hazards`` are those that the file leads to, each with the path of the file that
    it stands in; None where nobody looked. ``idle`` are the suppression comments that name a hazard
    and suppress no use.
    """

    entry: FileEntry
    old: bytes
    new: bytes | None = None
    uses: int = 0
    relies_on: frozenset[str] = frozenset()
    travellers: tuple[Traveller, ...] = ()
    helpers: frozenset[str] = frozenset()
    makes: str = ""
    writes: tuple[tuple[str, str, str], ...] = ()
    takes: frozenset[str] = frozenset()
    created: bool = False
    written_by: str = ""
    deleted: bool = False
    moves: Mapping[str, Move] = field(default_factory=dict)
    patches: bool = False
    follows: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    hazards: tuple[tuple[str, Hazard], ...] | None = None
    idle: tuple[Suppression, ...] = ()

    @property
    def result(self) -> bytes | None:
        """What the file holds after the change, None where it is gone."""
        return None if self.deleted else self.old if self.new is None else self.new


ChangedLines = list[tuple[int, int, int, int]] | None


class _Failure(Exception):
    def __init__(self, kind: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.error = FileError(kind=kind, message=message, line=line)


def rewrite_source(
    data: bytes,
    path: str,
    settings: Settings,
    project: Project | None = None,
    *,
    hazards: bool = False,
    beside: bool = False,
) -> FileChange:
    """Rewrite one file. Never raises for what the file holds: a failure is in the entry.

    ``hazards`` says whether to look for what threads make dangerous, too; ``beside``, that it is a
    file without eventlet, at which nothing else is looked for. A rule of a codemod that fails is
    left out, which the entry tells.
    """
    before = hashlib.sha256(data).hexdigest()
    lost: dict[str, StageFailure] = {}
    while True:
        task = _Task(settings, project or Project(), frozenset(lost), hazards, beside)
        try:
            change = _rewrite(decode(path, data), task, before)
            failures = tuple(lost.values())
            return replace(change, entry=replace(change.entry, failures=failures))
        except SourceError as error:
            failure = FileError(kind=error.kind, message=error.message, line=error.line)
        except _Failure as error:
            failure = error.error
        except MemoryError:
            said = "there is not enough memory for it"
            failure = FileError(kind="memory", message=said)
        except Exception as error:  # one file must not stop a run over thousands
            found = _failed_rule(error)
            if found is not None and found[0] not in lost:
                lost[found[0]] = found[1]
                continue
            failure = FileError(kind="internal", message=f"a bug of this tool: {_describe(error)}")
        entry = FileEntry(path=path, status="failed", error=failure, sha256_before=before)
        return FileChange(entry, data)


def _failed_rule(error: Exception) -> tuple[str, StageFailure] | None:
    """The code of the codemod's rule that an error comes from, and what to tell of it."""
    from eventlet_codemod.codemods.installed import installed
    from eventlet_codemod.codemods.stage import described

    rules = {rule.code: codemod.name for codemod in installed() for rule in codemod.rules}
    if isinstance(error, RuleError) and error.rule.code in rules:
        name = rules[error.rule.code]
        return error.rule.code, StageFailure(stage=name, kind="broken", message=str(error))
    homes = {
        inspect.unwrap(rule.match).__code__.co_filename: rule.code
        for codemod in installed()
        for rule in codemod.rules
        if codemod.make_stage is None and hasattr(inspect.unwrap(rule.match), "__code__")
    }
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename in homes:
            code = homes[frame.filename]
            return code, StageFailure(stage=rules[code], kind="raised", message=described(error))
    return None


def _describe(error: Exception) -> str:
    """The error and the place in this tool that it comes from, on one line."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    text = " ".join(str(error).split()) or "no message"
    return f"{type(error).__name__}: {text} ({Path(frame.filename).name}:{frame.lineno})"


@dataclass(frozen=True, slots=True)
class _Task:
    """What is asked of a file; ``without`` are the codes of rules that failed on it."""

    settings: Settings
    project: Project
    without: frozenset[str] = frozenset()
    hazards: bool = False
    beside: bool = False


def _rewrite(source: SourceFile, task: _Task, before: str) -> FileChange:
    facts = _facts(source, task.project)
    try:
        change = _change(source, facts, task, before)
        if not task.hazards:
            return change
        selected = selected_for(source.path, task.settings)
        return replace(change, hazards=hazards_of(facts, selected, beside=task.beside))
    finally:
        facts.release()


def _change(source: SourceFile, facts: Facts, task: _Task, before: str) -> FileChange:
    settings = task.settings
    verdicts = decide(facts, settings, task.without)
    told = [verdict for verdict in verdicts if not verdict.done]
    idle = tuple(for_hazards(facts, verdicts))
    entry = FileEntry(
        path=source.path,
        status="unchanged",
        sha256_before=before,
        notices=tuple(notices_of(facts, verdicts)),
    )
    if not verdicts:
        takes = frozenset(_still_taken(facts, verdicts, source.text))
        entry = replace(entry, sha256_after=before)
        return FileChange(entry, source.data, takes=takes, idle=idle)
    text, changed = _edited_as_far_as_it_goes(facts, verdicts, settings)
    gone = {verdict.use for verdict in verdicts if not _remains(verdict)}
    kept = _kept_imports(facts, verdicts, gone) if text != source.text else []
    entry = replace(entry, notices=(*entry.notices, *map(notice_of_import, kept)))
    relied = frozenset(
        part
        for verdict in told
        if verdict.rewritten and isinstance(verdict.decision, Rewrite)
        if (part := verdict.decision.relies_on or verdict.rule.relies_on) is not None
    )
    travellers = tuple(_travellers(facts, verdicts))
    result = FileChange(
        entry,
        source.data,
        uses=len(facts.uses) - (len(verdicts) - len(told)),
        relies_on=relied,
        travellers=travellers,
        takes=frozenset(_still_taken(facts, verdicts, text)),
        moves=moves_of(facts, verdicts, text),
        patches=any(patch_of(use) or is_asserted_on(use) for use in facts.names.uses),
        follows=frozenset(
            verdict.decision.follows
            for verdict in verdicts
            if verdict.rewritten and isinstance(verdict.decision, Rewrite)
        )
        - {""},
        needs=_libraries(verdicts, settings),
        idle=idle,
        writes=tuple(
            (path, content, verdict.rule.code)
            for verdict in verdicts
            if isinstance(verdict.decision, Leave)
            for path, content in verdict.decision.writes
        ),
    )
    if text == source.text:
        findings = findings_of(facts, told, ())
        return replace(result, entry=replace(entry, sha256_after=before, findings=findings))
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
        findings=findings_of(facts, told, spans),
    )
    helpers = frozenset(
        name
        for verdict in verdicts
        if verdict.rewritten and isinstance(verdict.decision, Rewrite)
        for name in verdict.decision.helpers
    )
    makes = (
        verdict.decision.makes
        for verdict in verdicts
        if verdict.rewritten and isinstance(verdict.decision, Rewrite)
    )
    return replace(result, entry=entry, new=new, helpers=helpers, makes=max(makes, default=""))


def _libraries(verdicts: Sequence[Verdict], settings: Settings) -> frozenset[str]:
    """The top-level modules that new code imports and that Python does not bring."""
    decisions = [
        verdict.decision
        for verdict in verdicts
        if verdict.rewritten and isinstance(verdict.decision, Rewrite)
    ]
    modules = {module for decision in decisions for module in decision.needs}
    modules |= {new.module for decision in decisions for new in decision.binds}
    own = {settings.helpers, *(decision.makes for decision in decisions)}
    tops = {module.partition(".")[0] for module in modules - own}
    found = frozenset(tops - sys.stdlib_module_names)
    helpers = {name for decision in decisions for name in decision.helpers}
    if not helpers:
        return found
    from eventlet_codemod.helpers import libraries

    return found | libraries(helpers)


def _still_taken(facts: Facts, verdicts: Sequence[Verdict], text: str) -> Iterator[str]:
    """The names that the file goes on taking from modules of the project that pass them on."""
    gone = {verdict.use for verdict in verdicts if not _remains(verdict)}
    yield from (shim for use, shim in facts.names.taken.items() if use not in gone)
    dropped = naming.droppable(facts, gone) if text != facts.text else []
    yield from (shim for binding, shim in facts.names.shims.items() if binding not in dropped)
    for shim in facts.project.shims_in(text):  # what a mock names, for one
        tail = ".".join(shim.split(".")[-2:])
        if tail in text and re.search(rf"['\"][\w.]*\b{re.escape(tail)}\b", text):
            yield shim


def _travellers(facts: Facts, verdicts: Sequence[Verdict]) -> Iterator[Traveller]:
    """The objects of the file in which other files have a part, with what became of this one."""
    groups: dict[str, list[Handle]] = {}
    for handle in facts.handles:
        groups.setdefault(handle.group.id, []).append(handle)
    for name, handles in sorted(groups.items()):
        paths = frozenset(module.path for handle in handles for module in handle.modules)
        if not paths - {facts.path}:
            continue
        own = [v for v in verdicts if facts.handle_of.get(v.use) in handles]
        yield Traveller(name, tuple(_origins(handles)), paths, _why_held(facts, own))
    for name in sorted({v.decision.together for v in verdicts}):
        if name.startswith(("eventlet.", "oslo_service.")):
            own = [verdict for verdict in verdicts if verdict.decision.together == name]
            paths = facts.project.naming(name) | {facts.path}
            stays = [v for v in own if not v.rewritten and not v.note]
            kept = min(stays, key=lambda v: not waits_in(v), default=None)
            held = _why_held(facts, own)
            if kept is not None:
                short = name.rpartition(".")[2]
                line = kept.use.node.lineno  # type: ignore[attr-defined]
                held = f"the {short} in {facts.path}:{line} stays{waits_in(kept)}"
            yield Traveller(name, (), paths, held)


def _why_held(facts: Facts, verdicts: Sequence[Verdict]) -> str:
    """Why an object stays, as the first use says that does not stay because of another."""
    kept = [verdict for verdict in verdicts if not verdict.rewritten]
    if not kept:
        return ""
    first = next((verdict for verdict in kept if not verdict.note), kept[0])
    line = first.use.node.lineno  # type: ignore[attr-defined]
    if first.status == "suppressed":
        return f"a comment keeps what is done to it in {facts.path}:{line}"
    return first.note or first.decision.message


def _origins(handles: Sequence[Handle]) -> Iterator[Origin]:
    places: dict[str, set[tuple[int, int]]] = {}
    for handle in handles:
        for use, module in zip(handle.creations, handle.origins, strict=True):
            if use.kind == "reference":
                place = (use.node.lineno, use.node.col_offset)  # type: ignore[attr-defined]
                places.setdefault(module.path, set()).add(place)
    for path in sorted(places):
        yield Origin(path, frozenset(places[path]))


def _facts(source: SourceFile, project: Project) -> Facts:
    try:
        return gather(source.path, source.text, project)
    except SyntaxError as error:
        raise _Failure("syntax", why_unreadable(source.text, error), error.lineno) from error
    except (ValueError, RecursionError) as error:
        message = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise _Failure("syntax", message) from error


# --- edits -------------------------------------------------------------------------------------


def _edited_as_far_as_it_goes(
    facts: Facts, verdicts: list[Verdict], settings: Settings
) -> tuple[str, ChangedLines]:
    """The text after every edit that can be made; what cannot be is left, with the reason."""
    wanted = [verdict for verdict in verdicts if verdict.rewritten]
    if not any(edits_of(verdict) for verdict in wanted):
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


def _together(facts: Facts, verdicts: Sequence[Verdict]) -> list[list[Verdict]]:
    """Verdicts that stand or fall together: those of one object, and of one statement."""
    groups: dict[object, list[Verdict]] = {}
    for verdict in verdicts:
        names = goes_with(verdict, facts)
        key: object = names[0] if names else None
        if key is None:
            folds = [edit for edit in edits_of(verdict) if isinstance(edit, ReplaceImport)]
            binding = folds[0].binding if folds else next(iter(verdict.use.bindings), None)
            folded = verdict.use.doubt == OPTIONAL or (folds and folds[0].fold_try)
            key = binding.parents[-1] if folded and binding is not None else verdict.use.statement
            if any(edit.drops for edit in folds):
                key = "imports that go"  # with the one list of what the module exports
        found = groups.setdefault(key, [])
        for name in names[1:]:
            other = groups.setdefault(name, found)
            if other is not found:
                other += found
                groups.update({at: other for at, one in groups.items() if one is found})
                found = other
        found.append(verdict)
    return list({id(group): group for group in groups.values()}.values())


def _edited(
    facts: Facts, verdicts: Sequence[Verdict], settings: Settings
) -> tuple[str, ChangedLines]:
    """The new text, and which line ranges of old and new differ."""
    from eventlet_codemod.imports import ImportPlanError, plan_imports
    from eventlet_codemod.rewrite import RewriteError, Rewriter

    rewritten = [verdict for verdict in verdicts if verdict.rewritten]
    edits = [edit for verdict in rewritten for edit in edits_of(verdict)]
    replaced = [edit for edit in edits if isinstance(edit, ReplaceImport)]
    needs = {verdict.use: verdict.decision.needs for verdict in rewritten}  # type: ignore[union-attr]
    binds = [new for verdict in rewritten for new in verdict.decision.binds]  # type: ignore[union-attr]
    gone = {verdict.use for verdict in rewritten if not _remains(verdict)}
    plan = naming.plan(facts, gone, replaced, needs, binds)
    edited = [verdict.use for verdict in rewritten if edits_of(verdict)]
    keep = {node for use in edited for node in use.parents if isinstance(node, ast.stmt)}
    whole: list[ast.stmt | ast.ExceptHandler] = [
        edit.node for edit in edits if isinstance(edit, _WHOLE)
    ]
    wrapped = [node for edit in edits if isinstance(edit, WrapBlock) for node in edit.statements]
    keep.update(wrapped)
    apart = [edit.parents for edit in edits if isinstance(edit, ReplaceExpression)]
    keep.update(node for parents in apart for node in parents if isinstance(node, ast.stmt))
    keep.update(
        _around(facts, [edit for edit in edits if isinstance(edit, ReplaceExpression)], keep)
    )
    kinds = (ReplaceStatement, ReplaceDefinition)
    lone = [e.node for e in edits if isinstance(e, kinds) and e.node not in keep]
    keep.update(node for statement in lone for node in _path_to(statement, facts.tree))
    whole += wrapped
    small = excerpt.take(facts.text, facts.tree, keep, whole, facts.walker.import_statements)
    nodes = [edit for edit in edits if not isinstance(edit, ReplaceImport)]
    names = {
        id(edit): plan.names[verdict.use] for verdict in rewritten for edit in edits_of(verdict)
    }
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
        futures = facts.project.declared.futures  # calls of these stay, also in what is edited
        given = {use for use, name in facts.names.taken.items() if name in futures}
        stay = (v.use for v in verdicts if _remains(v) or (v.use in given and not edits_of(v)))
        left = [use for use in stay if _in_excerpt(use, small)]
        gone_nodes = {node for edit in edits for node in removed_by(edit)}
        checks.prove_excerpt(
            facts, small.text, result, left, plan, rewriter.removed, gone_nodes, small.line_of
        )
    except checks.CheckFailed as error:
        raise _Failure("check", str(error), error.line) from error
    return new, small.changed_lines(result)


def _kept_imports(
    facts: Facts, verdicts: Sequence[Verdict], gone: Collection[Use]
) -> list[Binding]:
    """Imports that nothing here refers to any more, and that no edit takes out either."""
    edits = (edit for verdict in verdicts if verdict.rewritten for edit in edits_of(verdict))
    replaced = [edit.binding for edit in edits if isinstance(edit, ReplaceImport)]
    return [item for item in naming.kept_for_others(facts, gone) if item not in replaced]


def _around(
    facts: Facts, edits: Sequence[ReplaceExpression], keep: Collection[ast.AST]
) -> Iterator[ast.stmt]:
    """The module's own simple statements in which an edit stands, where no use does."""
    for edit in edits:
        for statement in facts.tree.body:
            if statement.lineno <= edit.node.lineno <= (statement.end_lineno or 0):
                if statement not in keep and not hasattr(statement, "body"):
                    yield statement
                break


def _path_to(statement: ast.stmt, inside: ast.AST) -> Iterator[ast.stmt]:
    """A statement and the compound statements around it."""
    place = (statement.lineno, statement.col_offset)
    for node in _statements_in(inside):
        if node is statement:
            yield node
        elif _start(node) <= place < (node.end_lineno or 0, node.end_col_offset or 0):
            yield node
            yield from _path_to(statement, node)


def _statements_in(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements of all blocks of a compound statement, not those inside of them."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif not isinstance(child, ast.expr):
            yield from _statements_in(child)


def _start(node: ast.stmt) -> tuple[int, int]:
    decorators = getattr(node, "decorator_list", ())
    return min((item.lineno, item.col_offset) for item in (node, *decorators))


def _remains(verdict: Verdict) -> bool:
    """Whether a second pass finds the use as well."""
    decision = verdict.decision
    return not verdict.rewritten or (isinstance(decision, Rewrite) and decision.stays)


def _in_excerpt(use: Use, small: excerpt.Excerpt) -> bool:
    return use.node.lineno in small.line_of  # type: ignore[attr-defined]
