"""The code of what is raised in the place of a Timeout."""

from __future__ import annotations

import ast

from eventlet_codemod import layout
from eventlet_codemod.facts import Facts
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.timeouts._limit import Limit


def raised(limit: Limit, text: str, context: Context) -> str:
    """What stands behind ``raise``, one level deeper than the place of the edit.

    ``text`` is the file. What ``str()`` says of a Timeout, a TimeoutError says too.
    """
    error = limit.error
    if error is None:
        name = "TimeoutError" if limit.own is None else source(limit.own, text)
        said = _said(limit.seconds)
        arguments = [said] if said else []
    elif isinstance(error, ast.Call):
        name = source(error.func, text)
        arguments = [source(item, text) for item in error.args]
        arguments += [f"{item.arg}={source(item.value, text)}" for item in error.keywords]
    else:
        return source(error, text)
    indent = context.indent + "    "
    code = layout.call(
        name,
        arguments,
        indent=indent,
        column=len(indent) + len("raise "),
        limit=context.limit,
    )
    return code.replace("\n" + context.indent, "\n")


def error_name(limit: Limit, facts: Facts) -> str:
    """What the clause that translates an exception calls it: its end takes that name away."""
    nodes = list(ast.walk(limit.use.function or facts.tree))
    taken = {node.id for node in nodes if isinstance(node, ast.Name) and _stores(node)}
    taken |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    taken |= {str(n.name) for n in limit.use.parents if isinstance(n, ast.ExceptHandler)}
    return "error" if "error" not in taken else facts.free_name("error", limit.use.scope)


def _stores(node: ast.Name) -> bool:
    return not isinstance(node.ctx, ast.Load)


def source(node: ast.AST, text: str) -> str:
    """The source of an expression, on one line where that loses nothing."""
    return layout.collapse(ast.get_source_segment(text, node) or ast.unparse(node))


def _said(seconds: ast.expr) -> str:
    if isinstance(seconds, ast.Constant) and isinstance(seconds.value, (int, float)):
        return f'"{seconds.value} second{"" if seconds.value == 1 else "s"}"'
    if isinstance(seconds, (ast.Name, ast.Attribute)):
        return f'f"{{{ast.unparse(seconds)}}} seconds"'
    return ""
