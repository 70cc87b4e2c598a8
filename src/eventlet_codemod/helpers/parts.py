"""Reads the files of which a generated module is put together.

A part is what one file defines: a helper, or something private that several
helpers use. Its imports say which modules it needs, and which other parts.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from importlib import resources

from eventlet_codemod.imports import Import

_PACKAGE = __name__.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Part:
    """The contents of one file."""

    module: str
    imports: tuple[Import, ...]
    needs: tuple[str, ...]  # modules of other parts
    constants: tuple[tuple[str, str], ...]  # name and line
    names: tuple[str, ...]  # of the definitions
    text: str  # the definitions


@cache
def load(module: str) -> Part:
    """Read the part that is in the file ``module``."""
    file = resources.files(_PACKAGE).joinpath(f"{module}.py")
    source = file.read_text(encoding="utf-8")
    imports: list[Import] = []
    needs: list[str] = []
    constants: list[tuple[str, str]] = []
    names: list[str] = []
    start = 0
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            imports += [Import(name.name) for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module.startswith(f"{_PACKAGE}."):
                needs.append(node.module.rpartition(".")[2])
            else:
                origin = node.module
                imports += [Import(origin, name.name) for name in node.names]
        elif isinstance(node, ast.Assign):
            line = f"{ast.get_source_segment(source, node)}\n"
            constants.append((line.partition(" ")[0], line))
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.append(node.name)
            start = start or node.lineno
    text = "".join(source.splitlines(keepends=True)[start - 1 :])
    return Part(
        module,
        tuple(imports),
        tuple(needs),
        tuple(constants),
        tuple(names),
        text,
    )
