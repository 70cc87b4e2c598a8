"""A protocol of eventlet's server that does nothing but name a client without an address."""

from __future__ import annotations

import ast

from eventlet_codemod.facts import Use

_BASE = "HttpProtocol"


def only_names_clients(given: ast.expr, use: Use) -> ast.ClassDef | None:
    """The class of the file, where all that it has is an ``__init__`` for the client's address.

    That sets local names and an item of what it is given, and calls the ``__init__`` of its base.
    """
    found = [
        node
        for node in getattr(use.parents[0], "body", [])
        if isinstance(node, ast.ClassDef) and isinstance(given, ast.Name) and node.name == given.id
    ]
    if len(found) != 1 or found[0].decorator_list or found[0].keywords:
        return None
    (owner,) = found
    bases = [ast.unparse(base) for base in owner.bases]
    if len(bases) != 1 or bases[0].rpartition(".")[2] != _BASE:
        return None
    methods = [node for node in owner.body if not _is_text(node)]
    if len(methods) != 1 or not isinstance(methods[0], ast.FunctionDef):
        return None
    method = methods[0]
    plain = method.name == "__init__" and not method.decorator_list
    return owner if plain and all(_is_harmless(item, bases[0]) for item in method.body) else None


def _is_harmless(node: ast.stmt, base: str) -> bool:
    if isinstance(node, ast.If):
        inside = [*node.body, *node.orelse]
        return _calls_nothing(node.test) and all(_is_harmless(item, base) for item in inside)
    if isinstance(node, ast.Assign):
        places = (ast.Name, ast.Subscript)
        stored = all(isinstance(target, places) for target in node.targets)
        return stored and _calls_nothing(node.value)
    return isinstance(node, ast.Pass) or _is_text(node) or _is_call_of_base(node, base)


def _is_call_of_base(node: ast.stmt, base: str) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return False
    named = ast.unparse(call.func)
    own = named == f"{base}.__init__" or (
        named.startswith("super(") and named.endswith(").__init__")
    )
    values = [*call.args, *(item.value for item in call.keywords)]
    return own and all(_calls_nothing(value) for value in values)


def _calls_nothing(node: ast.expr) -> bool:
    """Whether an expression calls nothing but ``len`` and ``isinstance``."""
    calls = (item for item in ast.walk(node) if isinstance(item, ast.Call))
    return all(ast.unparse(call.func) in ("len", "isinstance") for call in calls)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
