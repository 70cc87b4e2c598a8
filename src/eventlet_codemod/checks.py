"""Proofs that stand between a rewritten file and the ledger.

A file that fails one is reported as failed and left as it was.
"""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections import Counter
from collections.abc import Sequence

from eventlet_codemod.facts import Facts, Use, gather
from eventlet_codemod.imports import FoldTry
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
    removed_comments: Sequence[str] = (),
) -> None:
    """Check a rewritten excerpt. What an excerpt leaves out is untouched by construction.

    It compiles; what is left of eventlet in it is just what was left alone, so a second pass is
    empty; no name is undefined that was not before; no comment is lost with a changed line.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(after, facts.path, "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        raise CheckFailed(f"the rewritten code does not compile: {error}", line) from error
    again = gather(facts.path, after, facts.project)
    expected, found = _telling(left), _telling(again.uses)
    if expected != found:
        extra = ", ".join(f"{api} ({kind})" for kind, api in found - expected)
        gone = ", ".join(f"{api} ({kind})" for kind, api in expected - found)
        detail = "; ".join(
            part for part in (extra and f"unaccounted: {extra}", gone and f"lost: {gone}") if part
        )
        raise CheckFailed(f"a second pass finds other uses than those left: {detail}")
    _prove_names(facts, before, again, plan)
    _prove_imports(facts.walker.import_statements, again.walker.import_statements, plan)
    again.walker.release()
    _prove_comments(before, after, removed_comments)


def _telling(uses: Sequence[Use]) -> Counter[tuple[str, str]]:
    """Uses that look the same in an excerpt: not those known only by what it leaves out."""
    return Counter(
        (use.kind, use.api)
        for use in uses
        if use.kind in ("reference", "string", "namespace")
        or (use.kind == "import" and use.api.startswith("eventlet.green."))
    )


def _prove_names(facts: Facts, before: str, again: Facts, plan: Plan) -> None:
    wanted = {name.partition(".")[0] for names in plan.names.values() for name in names.values()}
    removed = {binding.name for binding in facts.names.imports}
    words = frozenset(wanted | removed)
    for occurrence in again.walker.find(words):
        node = occurrence.node
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
            continue
        if occurrence.scope.lookup(node.id) is None and not _has_star(again):
            if _undefined_before(before, node.id, again):
                continue
            raise CheckFailed(f"the name {node.id} would be undefined", node.lineno)


def _prove_imports(before: list[ast.AST], after: list[ast.AST], plan: Plan) -> None:
    """New imports bind what they were planned to bind; all others are as they were."""
    old, new = _bindings(before), _bindings(after)
    for name, path in plan.bound:
        if (name, path) not in new:
            raise CheckFailed(f"no import binds {name} to {path}")
    going = {"eventlet", "greenlet"}
    lost = {pair for pair in old - new if pair[1].partition(".")[0] not in going}
    if lost and not any(isinstance(request, FoldTry) for request in plan.requests):
        raise CheckFailed(f"the import of {min(lost)[1]} would be lost")
    if extra := new - old - plan.bound:
        raise CheckFailed(f"an import of {min(extra)[1]} was not asked for")


def _bindings(statements: list[ast.AST]) -> set[tuple[str, str]]:
    """The ``(local name, dotted name)`` pairs that import statements bind."""
    found = set()
    for node in statements:
        if isinstance(node, ast.Import):
            for alias in node.names:
                found.add((alias.asname or alias.name, alias.name))
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                found.add((alias.asname or alias.name, f"{module}.{alias.name}"))
    return found


def _has_star(facts: Facts) -> bool:
    return any(binding.name == "*" for binding in facts.walker.imports())


def _undefined_before(before: str, name: str, again: Facts) -> bool:
    facts = gather("", before, again.project)
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
    lost = _comments(before) - _comments(after) - Counter(removed)
    gone_with_import = Counter(
        line[line.index("#") :].rstrip()
        for line in before.splitlines()
        if "#" in line and line.split()[0] in ("import", "from")
    )
    for comment in lost - gone_with_import:
        raise CheckFailed(f"the comment {comment!r} would be lost")


def _comments(text: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text, newline="").readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)
