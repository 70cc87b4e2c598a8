"""Numbers that are written out somewhere: where code says how many, and where that stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from eventlet_codemod.facts.calls import parameter_for
from eventlet_codemod.facts.module import FUNCTIONS, Module, Parents
from eventlet_codemod.facts.names import enclosing
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.project import is_test

_OPTIONS = "IntOpt"


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number, where it is written, and as what."""

    value: int
    module: Module
    node: ast.AST
    what: str


def number_of(node: ast.expr, parents: Parents, module: Module, program: Program) -> Number | None:
    """The number that an expression is, as far as one place says it."""
    if isinstance(node, ast.Constant):
        return _number(node, module, "the size is written here")
    if isinstance(node, ast.Name):
        return _named(node, parents, module)
    if isinstance(node, ast.Attribute):
        return _option(node.attr, program)
    return None


def _number(node: ast.AST | None, module: Module, what: str) -> Number | None:
    value = node.value if isinstance(node, ast.Constant) else None
    return Number(value, module, node, what) if node is not None and type(value) is int else None


def _named(node: ast.Name, parents: Parents, module: Module) -> Number | None:
    function = enclosing(module, parents, FUNCTIONS)
    parameter = parameter_for(function.node.args, node.id) if function is not None else None  # type: ignore[attr-defined]
    if parameter is not None:
        return _number(parameter.default, module, f"the default of `{node.id}`")
    bindings = module.lookup(node.id, module.scope_at(node, parents))[1]
    if len(bindings) != 1:
        return None
    return _number(bindings[0].value, module, f"`{node.id}` is this")


def _option(name: str, program: Program) -> Number | None:
    """The default of the one option of that name that the project defines."""
    found = [item for item in _defaults(program) if item[0] == name]
    if len(found) != 1 or found[0][2] is None:
        return None
    _, module, default = found[0]
    return _number(default, module, f"the default of the option {name}")


def _defaults(program: Program) -> list[tuple[str, Module, ast.expr | None]]:
    known: list[tuple[str, Module, ast.expr | None]]
    known = program.memo.setdefault("options", [])
    if not known:
        known += _find_defaults(program)
    return known


def _find_defaults(program: Program) -> Iterator[tuple[str, Module, ast.expr | None]]:
    home = [program.home.path] if program.home is not None else []
    for path in dict.fromkeys([*home, *program.mentioning(_OPTIONS)]):
        module = program.load(path) if not is_test(path) else None
        for occurrence in module.occurrences(_OPTIONS) if module is not None else ():
            node = occurrence.node
            for parent in reversed(occurrence.parents):
                if isinstance(parent, ast.Call) and parent.func is node:
                    assert module is not None
                    yield from _option_of(parent, module)
                if not isinstance(parent, ast.Attribute):
                    break
                node = parent


def _option_of(call: ast.Call, module: Module) -> Iterator[tuple[str, Module, ast.expr | None]]:
    name = call.args[0] if call.args else None
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        given = {item.arg: item.value for item in call.keywords}
        yield name.value.replace("-", "_"), module, given.get("default")
