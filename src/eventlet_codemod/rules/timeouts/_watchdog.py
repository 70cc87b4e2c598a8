"""The Timeout that a test keeps from `setUp()` to its end, where `fixtures` can take its place."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from eventlet_codemod.facts import Module, Use
from eventlet_codemod.facts.api import TIMEOUT
from eventlet_codemod.rules.timeouts import _catching

LIBRARY = "fixtures"


@dataclass(frozen=True, slots=True)
class Watchdog:
    """The limit in whole seconds, and the statement that stops the Timeout."""

    seconds: int
    cancel: ast.stmt


def read(use: Use, module: Module) -> Watchdog | None:
    """The watchdog that a Timeout is, if nothing else is done to it."""
    if use.api != TIMEOUT or use.call is None or use.doubt:
        return None
    seconds = _seconds(use.call)
    if seconds is None:
        return None
    attribute = _kept_as(use)
    owner = next((n for n in reversed(use.parents) if isinstance(n, ast.ClassDef)), None)
    if attribute is None or owner is None or not _has_fixtures(module):
        return None
    cancel = _cancel(owner, attribute)
    if cancel is None or not _is_private(module, owner, attribute):
        return None
    return Watchdog(seconds, cancel)


def _seconds(call: ast.Call) -> int | None:
    """The limit, if that is a whole number and all that the Timeout is given."""
    given = [*call.args, *(item.value for item in call.keywords if item.arg == "seconds")]
    if len(given) != 1 or len(call.args) + len(call.keywords) != 1:
        return None
    value = given[0].value if isinstance(given[0], ast.Constant) else None
    return value if type(value) is int and value > 0 else None


def _kept_as(use: Use) -> str | None:
    """The attribute of the test that ``setUp()`` keeps it as."""
    function, statement = use.function, use.statement
    if not isinstance(function, ast.FunctionDef) or function.name != "setUp":
        return None
    if not isinstance(statement, ast.Assign) or statement.value is not use.call:
        return None
    target = statement.targets[0]
    if len(statement.targets) > 1 or not isinstance(target, ast.Attribute):
        return None
    return target.attr if ast.unparse(target.value) == "self" else None


def _has_fixtures(module: Module) -> bool:
    """Whether tests of the project use the library, by the method that takes its fixtures."""
    names = {LIBRARY, "useFixture"}
    if all(module.search(rf"\b{name}\b") for name in names):
        return True
    return names <= module.project.mentions(frozenset(names), module.path).keys()


def _cancel(owner: ast.ClassDef, attribute: str) -> ast.stmt | None:
    """The statement that stops the Timeout when the test ends, if it is the only one."""
    wanted = {
        "setUp": f"self.addCleanup(self.{attribute}.cancel)",
        "tearDown": f"self.{attribute}.cancel()",
    }
    found = [
        statement
        for method in owner.body
        if isinstance(method, ast.FunctionDef) and method.name in wanted
        for statement in method.body
        if isinstance(statement, ast.Expr) and ast.unparse(statement.value) == wanted[method.name]
    ]
    return found[0] if len(found) == 1 else None


def _is_private(module: Module, owner: ast.ClassDef, attribute: str) -> bool:
    """Whether nothing but the two statements knows the Timeout, and no clause waits for it."""
    mentions = [
        node
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and node.attr == attribute)
        and ast.unparse(node.value) == "self"
        and owner.lineno <= node.lineno <= (owner.end_lineno or 0)
    ]
    clauses = any(
        isinstance(node, ast.ExceptHandler) and _catching.names_timeout(node, module)
        for node in ast.walk(module.tree)
    )
    heirs = module.project.deriving_from(owner.name) - {module.path}
    return (
        len(mentions) == 2
        and not clauses
        and not any(module.project.holds(path, [attribute]) for path in heirs)
    )
