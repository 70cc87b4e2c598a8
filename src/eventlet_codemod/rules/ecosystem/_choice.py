"""The two lines that choose oslo.service's threading backend, put into a module's text."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

_NAMES = ("backend", "oslo_service_backend")


def with_backend(text: str) -> tuple[str, int] | None:
    """A module's text with the choice of a backend, and the line that it stands on.

    None where the module has a name for something else that the lines would bind.
    """
    tree = ast.parse(text)
    name = next((n for n in _NAMES if not re.search(rf"\b{n}\b", text)), None)
    if name is None:
        return None
    newline = "\r\n" if "\r\n" in text else "\n"
    alias = "" if name == "backend" else f" as {name}"
    new = [
        f"from oslo_service import backend{alias}",
        f"{name}.init_backend({name}.BackendType.THREADING)",
    ]
    lines = text.splitlines(keepends=True)
    line = _place(tree)
    if line is None:
        gap = [""] if lines and lines[-1].strip() else []
        if lines and not lines[-1].endswith(("\n", "\r")):
            lines[-1] += newline
        lines += [item + newline for item in (*gap, *new)]
        return "".join(lines), len(lines)
    lines[line - 1 : line - 1] = [item + newline for item in (*new, "")]
    return "".join(lines), line


def _place(tree: ast.Module) -> int | None:
    """The line of the first statement below docstring and imports of the standard library."""
    body = tree.body[1:] if ast.get_docstring(tree, clean=False) is not None else tree.body
    for statement in body:
        if any(name not in sys.stdlib_module_names for name in _roots(statement)):
            decorators = getattr(statement, "decorator_list", [])
            return int(min([statement.lineno, *(item.lineno for item in decorators)]))
    return None


def _roots(statement: ast.stmt) -> Iterator[str]:
    """The packages that an import statement takes from; "" for anything else."""
    if isinstance(statement, ast.ImportFrom) and not statement.level:
        yield (statement.module or "").partition(".")[0]
    elif isinstance(statement, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in statement.names)
    else:
        yield ""
