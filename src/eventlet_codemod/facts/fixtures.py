"""Who takes what a fixture of pytest gives: tests and fixtures with a parameter of its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from eventlet_codemod.facts.module import FUNCTIONS, Module, Parents
from eventlet_codemod.facts.names import Definition
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.scopes import parameters

_FIXTURES = frozenset({"fixture", "pytest.fixture", "pytest.yield_fixture"})
_SHARED = "conftest.py"


def is_fixture(function: ast.AST) -> bool:
    """Whether a decorator makes a function a fixture."""
    return _decorator(function) is not None


def takers(program: Program, fixture: Definition) -> tuple[str, list[Definition]] | None:
    """The parameter by which a fixture is taken, and the functions that have it.

    None where others may take it: those of other files, or by a name that is not written out.
    """
    name = _name_of(fixture.node)
    if not name or "getfixturevalue" in fixture.module.text:
        return None
    owner = fixture.owner
    if owner is not None:
        family = [(c.module, c.node.body, (*c.parents, c.node)) for c in program.family(owner)]  # type: ignore[attr-defined]
        found = [item for part in family for item in _functions(*part, name)]
        return name, [item for item in found if _takes(item.node, name)]
    modules = [fixture.module]
    *folders, file = fixture.module.path.split("/")
    if not file.startswith("test"):
        below = "".join(f"{folder}/" for folder in folders)
        for path in program.mentioning(name):
            other = program.load(path) if path != fixture.module.path else None
            if other is None:
                continue
            known = any(map(is_fixture, other.functions.get(name, ())))
            if file != _SHARED or (known and path.endswith(_SHARED)) or _asks(other):
                return None
            if path.startswith(below) and not known:
                modules.append(other)
    found = [item for m in modules for item in _functions(m, m.tree.body, (m.tree,), name)]
    return name, [item for item in found if _takes(item.node, name)]


def _decorator(function: ast.AST) -> ast.expr | None:
    for item in getattr(function, "decorator_list", ()):
        if ast.unparse(item.func if isinstance(item, ast.Call) else item) in _FIXTURES:
            return item  # type: ignore[no-any-return]
    return None


def _name_of(function: ast.AST) -> str:
    """The parameter that stands for a fixture; "" where its decorator does not tell."""
    decorator = _decorator(function)
    for item in decorator.keywords if isinstance(decorator, ast.Call) else ():
        if item.arg is None:
            return ""
        if item.arg == "name":
            return str(item.value.value) if isinstance(item.value, ast.Constant) else ""
    return str(getattr(function, "name", ""))


def _asks(module: Module) -> bool:
    return "getfixturevalue" in module.text


def _functions(
    module: Module, body: Sequence[ast.stmt], parents: Parents, name: str
) -> Iterator[Definition]:
    """The functions of a module or class, without classes that have a fixture of their own."""
    for node in body:
        if isinstance(node, FUNCTIONS):
            yield Definition(module, node, parents)
        elif isinstance(node, ast.ClassDef) and not _has_own(node, name):
            yield from _functions(module, node.body, (*parents, node), name)


def _has_own(node: ast.ClassDef, name: str) -> bool:
    return any(is_fixture(item) and _name_of(item) == name for item in node.body)


def _takes(function: ast.AST, name: str) -> bool:
    """Whether pytest gives the fixture for a parameter, which a mark may do otherwise."""
    assert isinstance(function, FUNCTIONS)
    by_pytest = function.name.startswith("test") or is_fixture(function)
    if not by_pytest or all(p.arg != name for p in parameters(function.args)):
        return False
    own = _decorator(function)
    return not any(name in ast.unparse(d) for d in function.decorator_list if d is not own)
