"""Proofs that stand between a rewritten file and the ledger.

A file that fails one is reported as failed and left as it was.
"""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from eventlet_codemod.facts import Facts, Use, gather
from eventlet_codemod.facts.api import OWN_TIMEOUT
from eventlet_codemod.imports import Drop, FoldTry, Replace
from eventlet_codemod.naming import Plan
from eventlet_codemod.patch import HunkSpan, PatchError, apply_patch, file_patch, hunks


class CheckFailed(Exception):
    """A rewritten file is not what it must be. ``line`` is of the rewritten text, if known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def prove_patch(
    path: str,
    old: bytes,
    new: bytes,
    changed: Sequence[tuple[int, int, int, int]] | None,
) -> tuple[str, tuple[HunkSpan, ...]]:
    """The file's patch, proved by applying it, and its hunks as unidiff reads them."""
    patch = file_patch(path, old, new, changed=changed)
    try:
        if apply_patch(old, patch) != new:
            raise CheckFailed("its patch does not give the rewritten file")
    except PatchError as error:
        raise CheckFailed(f"its patch does not apply: {error}") from error
    return patch, hunks(patch)


def prove_excerpt(
    facts: Facts,
    before: str,
    after: str,
    left: Sequence[Use],
    plan: Plan,
    removed: Sequence[str] = (),
    gone: Collection[ast.AST] = (),
    seen: Collection[int] | None = None,
) -> None:
    """Check a rewritten excerpt. What an excerpt leaves out is untouched by construction.

    It compiles; what is left of eventlet in it is just what was left alone, so a second pass is
    empty; no name is undefined that was not before; no comment is lost with a changed line.
    ``removed`` are the comments that went with statements, ``gone`` the nodes that edits took out.
    ``seen`` are the lines of the file that the excerpt holds; without them, all.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(after, facts.path, "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        raise CheckFailed(f"the rewritten code does not compile: {error}", line) from error
    again = gather(facts.path, after, facts.project, follow=False)
    moved = facts.project.has_moved
    rest = [use for use in again.uses if use.kind != "string" or not moved(use.path)]
    expected, found = _telling(left), _telling(rest)
    if expected != found:
        extra = ", ".join(f"{api} ({kind})" for kind, api in found - expected)
        lost = ", ".join(f"{api} ({kind})" for kind, api in expected - found)
        detail = "; ".join(
            part for part in (extra and f"unaccounted: {extra}", lost and f"lost: {lost}") if part
        )
        raise CheckFailed(f"a second pass finds other uses than those left: {detail}")
    _prove_names(facts, before, again, plan)
    if seen is not None:
        _prove_unseen(facts, again, seen)
    inside = {node for item in gone for node in ast.walk(item)}
    _prove_imports(facts, again, plan, inside)
    again.release()
    _prove_comments(before, after, [*removed, *_comments_of_imports(facts)])


def _telling(uses: Sequence[Use]) -> Counter[tuple[str, str]]:
    """Uses that look the same in an excerpt: not those known only by what it leaves out."""
    return Counter(
        (use.kind, use.api)
        for use in uses
        if (
            use.kind in ("reference", "string", "namespace") and not use.api.startswith(OWN_TIMEOUT)
        )
        or (use.kind == "import" and use.api.startswith("eventlet.green."))
    )


def _prove_names(facts: Facts, before: str, again: Facts, plan: Plan) -> None:
    wanted = {name.partition(".")[0] for names in plan.names.values() for name in names.values()}
    removed = {binding.name for binding in (*facts.names.imports, *facts.names.references)}
    words = frozenset(wanted | removed)
    for occurrence in again.walker.find(words):
        node = occurrence.node
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
            continue
        if occurrence.scope.lookup(node.id) is None and not _has_star(again):
            if _undefined_before(before, node.id, again):
                continue
            raise CheckFailed(f"the name {node.id} would be undefined", node.lineno)


def _prove_unseen(facts: Facts, again: Facts, seen: Collection[int]) -> None:
    """No line that the excerpt leaves out refers to a name that no import binds any more."""
    removed = {binding.name for binding in facts.names.imports if binding.at_top}
    for name in sorted(removed) if not _has_star(again) else ():
        again.occurrences(name)
        if again.walker.module.lookup(name) is not None:
            continue
        for occurrence in facts.occurrences(name):
            node = occurrence.node
            if not isinstance(node, ast.Name) or node.lineno in seen:
                continue
            scope = occurrence.scope.lookup(name) if isinstance(node.ctx, ast.Load) else None
            if scope is not None and scope.kind == "module":
                raise CheckFailed(f"the name {name} would be undefined on line {node.lineno}")


def _prove_imports(facts: Facts, again: Facts, plan: Plan, inside: Collection[ast.AST]) -> None:
    """New imports bind what they were planned to bind; all others are as they were."""
    before = facts.walker.import_statements
    old = _bindings([node for node in before if node not in inside])
    new = _bindings(again.walker.import_statements)
    for name, path in plan.bound:
        if (name, path) not in new:
            raise CheckFailed(f"no import binds {name} to {path}")
    targets = [r.target for r in plan.requests if isinstance(r, (Drop, Replace))]
    dropped = {_bindings([before[t.statement]], t.alias).pop() for t in targets}
    lost = old - new - dropped
    if lost and not any(isinstance(request, FoldTry) for request in plan.requests):
        raise CheckFailed(f"the import of {min(lost)[1]} would be lost")
    if extra := new - old - plan.bound:
        raise CheckFailed(f"an import of {min(extra)[1]} was not asked for")


def _bindings(statements: Sequence[ast.AST], index: int | None = None) -> set[tuple[str, str]]:
    """The ``(local name, dotted name)`` pairs that import statements bind.

    ``index`` picks one name of each statement.
    """
    found = set()
    for node in statements:
        names = getattr(node, "names", [])
        names = names if index is None else [names[index]]
        if isinstance(node, ast.Import):
            for alias in names:
                found.add((alias.asname or alias.name, alias.name))
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in names:
                found.add((alias.asname or alias.name, f"{module}.{alias.name}"))
    return found


def _has_star(facts: Facts) -> bool:
    return any(binding.name == "*" for binding in facts.walker.imports())


def _undefined_before(before: str, name: str, again: Facts) -> bool:
    facts = gather("", before, again.project, follow=False)
    return any(
        isinstance(o.node, ast.Name)
        and o.node.id == name
        and isinstance(o.node.ctx, ast.Load)
        and o.scope.lookup(name) is None
        for o in facts.walker.find(frozenset({name}))
    )


def _prove_comments(before: str, after: str, removed: Sequence[str]) -> None:
    """Comments may go only with a statement or import that goes."""
    if before.count("#") <= after.count("#"):
        return
    for comment in comments(before) - comments(after) - Counter(removed):
        raise CheckFailed(f"the comment {comment!r} would be lost")


def _comments_of_imports(facts: Facts) -> Iterator[str]:
    """Comments on the lines of import statements, which may go with a name that goes."""
    for node in facts.walker.import_statements:
        for line in facts.lines[node.lineno - 1 : node.end_lineno]:  # type: ignore[attr-defined]
            if "#" in line:
                yield line[line.index("#") :].rstrip()


def comments(text: str) -> Counter[str]:
    """The comments of a text, and how often each stands there. Raises as `tokenize` does."""
    tokens = tokenize.generate_tokens(io.StringIO(text, newline="").readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)
