"""What can be said of a number without running the program."""

from __future__ import annotations

import ast
import enum
import re

from eventlet_codemod.facts.module import Module
from eventlet_codemod.facts.scopes import own_statements, parameters
from eventlet_codemod.facts.uses import Use


class Sign(enum.Enum):
    """The sign that an expression can have."""

    POSITIVE = enum.auto()
    ZERO = enum.auto()
    NOT_NEGATIVE = enum.auto()
    NEGATIVE = enum.auto()
    MAY_BE_NEGATIVE = enum.auto()
    UNKNOWN = enum.auto()


_FINE = (Sign.POSITIVE, Sign.ZERO, Sign.NOT_NEGATIVE)
_NOT_NEGATIVE_CALLS = {"abs", "len", "random.random", "time.time", "time.monotonic"}
_FROM_LOWER_BOUND = (".randint", ".uniform", ".randrange")


def constant_sign(node: ast.expr) -> Sign | None:
    """The sign of a number that is written out; None for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = constant_sign(node.operand)
        return {Sign.POSITIVE: Sign.NEGATIVE, Sign.ZERO: Sign.ZERO}.get(inner) if inner else None
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Sign.POSITIVE if value > 0 else Sign.ZERO
    return None


def sign(node: ast.expr, use: Use, module: Module) -> Sign:
    """The sign of ``node``, evaluated where ``use`` stands.

    UNKNOWN is a plain name, attribute or item; MAY_BE_NEGATIVE holds a subtraction or a call.
    """
    constant = constant_sign(node)
    if constant is not None:
        return constant
    if isinstance(node, ast.Name):
        return _sign_of_name(node.id, use, module)
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, (ast.Add, ast.Mult, ast.Div, ast.FloorDiv, ast.Pow, ast.Mod)):
            return _both(sign(node.left, use, module), sign(node.right, use, module))
        return Sign.MAY_BE_NEGATIVE
    if isinstance(node, ast.IfExp):
        return _both(sign(node.body, use, module), sign(node.orelse, use, module))
    if isinstance(node, ast.BoolOp):
        signs = [sign(item, use, module) for item in node.values]
        found = signs[0]
        for item in signs[1:]:
            found = _both(found, item)
        return found
    if isinstance(node, ast.Call):
        return _sign_of_call(node, use, module)
    if any(isinstance(item, (ast.Call, ast.Sub, ast.USub)) for item in ast.walk(node)):
        return Sign.MAY_BE_NEGATIVE
    return Sign.UNKNOWN


def _both(left: Sign, right: Sign) -> Sign:
    if left in _FINE and right in _FINE:
        return Sign.NOT_NEGATIVE
    if Sign.MAY_BE_NEGATIVE in (left, right) or Sign.NEGATIVE in (left, right):
        return Sign.MAY_BE_NEGATIVE
    return Sign.UNKNOWN


def _sign_of_call(node: ast.Call, use: Use, module: Module) -> Sign:
    name = ast.unparse(node.func)
    if name in _NOT_NEGATIVE_CALLS:
        return Sign.NOT_NEGATIVE
    arguments = [sign(item, use, module) for item in node.args]
    if name.endswith(_FROM_LOWER_BOUND) and len(arguments) > 1 and arguments[0] in _FINE:
        return Sign.NOT_NEGATIVE  # a higher bound that is lower raises
    if name in ("float", "int", "round", "min") and arguments:
        return Sign.NOT_NEGATIVE if all(s in _FINE for s in arguments) else Sign.MAY_BE_NEGATIVE
    if name == "max" and any(s in _FINE for s in arguments):
        return Sign.NOT_NEGATIVE
    return Sign.MAY_BE_NEGATIVE


def _sign_of_name(name: str, use: Use, module: Module) -> Sign:
    """The sign of a name that is only ever given written-out numbers."""
    if re.search(rf"\bnonlocal\b[^\n]*\b{re.escape(name)}\b", module.text):
        return Sign.UNKNOWN
    for position, scope in enumerate(use.scope.chain()):
        if scope.kind == "class" and position:
            continue  # methods do not see the names of their class
        if scope.kind == "module":
            values = _assigned(name, module.tree.body)
            exact = name not in module.declared_global
        elif name in scope.bound:
            values = _assigned(name, getattr(scope.node, "body", []))
            arguments = getattr(scope.node, "args", None)
            exact = not (arguments and any(a.arg == name for a in parameters(arguments)))
        else:
            continue
        if not exact or values is None or not values:
            return Sign.UNKNOWN
        signs = [constant_sign(value) for value in values]
        return Sign.NOT_NEGATIVE if all(s in _FINE for s in signs) else Sign.UNKNOWN
    return Sign.UNKNOWN


def _assigned(name: str, body: object) -> list[ast.expr] | None:
    """Every value that ``name`` is given in a body; None when it is bound in another way too."""
    if not isinstance(body, list):
        return None
    values: list[ast.expr] = []
    for statement in own_statements(body):
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    values.append(statement.value)
                elif _binds(target, name):
                    return None
        elif isinstance(statement, ast.AnnAssign) and _binds(statement.target, name):
            if statement.value is not None:
                values.append(statement.value)
        elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if statement.name == name:
                return None
        elif isinstance(statement, (ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal)):
            names = [
                getattr(item, "asname", None) or getattr(item, "name", item)
                for item in statement.names
            ]
            if name in names:
                return None
        elif any(_binds(item, name) for item in headers(statement)):
            return None
    return values


def headers(statement: ast.stmt) -> list[ast.AST]:
    """The parts of a statement that are not statements themselves."""
    found: list[ast.AST] = []
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.ExceptHandler):
            found += [ast.Name(child.name, ast.Store())] if child.name else []
        elif not isinstance(child, (ast.stmt, ast.match_case)):
            found.append(child)
        elif isinstance(child, ast.match_case):
            found.append(child.pattern)
    return found


def _binds(node: ast.AST, name: str) -> bool:
    return any(
        (isinstance(item, ast.Name) and item.id == name and not isinstance(item.ctx, ast.Load))
        or (isinstance(item, (ast.MatchAs, ast.MatchStar)) and item.name == name)
        for item in ast.walk(node)
    )
