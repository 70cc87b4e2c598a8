"""Places in files of Python that only configure something: setup.py, conf.py, gunicorn.conf.py."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator


def parse(text: str) -> ast.Module | None:
    """The tree of a file, None where it cannot be read or its lines cannot be counted."""
    if "\r" in text.replace("\r\n", "\n") or "\f" in text:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None


def span_of(text: str, node: ast.expr | ast.stmt) -> tuple[int, int]:
    """Where a node stands, in characters."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    return (
        _place(text, node.lineno, node.col_offset),
        _place(text, node.end_lineno, node.end_col_offset),
    )


def _place(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    row = text[start : start + column]
    return start + (column if row.isascii() else len(_first(text[start:], column)))


def _first(text: str, size: int) -> str:
    return text.encode("utf-8", "surrogatepass")[:size].decode("utf-8", "surrogatepass")


def assignments(tree: ast.Module, name: str) -> list[ast.Assign | ast.AnnAssign]:
    """The statements at the top of a module that bind a name."""
    found: list[ast.Assign | ast.AnnAssign] = []
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        if isinstance(node, ast.Assign | ast.AnnAssign) and any(
            isinstance(target, ast.Name) and target.id == name for target in targets
        ):
            found.append(node)
    return found


def constant_strings(text: str) -> Iterator[tuple[ast.Constant, str | None]]:
    """The strings of a file that stand in an expression, with the keyword of the call around.

    Those that are keys are left out.
    """
    tree = parse(text)
    if tree is None:
        return
    pending: list[tuple[ast.AST, str | None]] = [(tree, None)]
    while pending:
        node, keyword = pending.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        if isinstance(node, ast.JoinedStr):
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node, keyword
        if isinstance(node, ast.keyword):
            keyword = keyword or node.arg
        children = node.values if isinstance(node, ast.Dict) else ast.iter_child_nodes(node)
        pending += [(child, keyword) for child in children]
