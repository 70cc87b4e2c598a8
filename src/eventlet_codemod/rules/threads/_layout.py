"""Code of calls that got longer, laid out anew together with what holds them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

import libcst as cst

from eventlet_codemod.layout import Argument, Group, Item, holds_text
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Edit, ReplaceExpression

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp)
_ADDS = frozenset({"add", "append", "appendleft", "put"})
_MAKES = frozenset({"dict", "list", "set", "sorted", "tuple"})


def call(
    context: Context,
    function: str,
    arguments: Sequence[Argument],
    suffix: str = "",
    *,
    block: int | None = None,
) -> str:
    """Code of ``function(arguments)suffix`` in the place of an expression, laid out to fit.

    ``block`` is the column of the statement, where the expression may stand on a line below it.
    """
    code = context.call(function, arguments, suffix)
    if any(holds_text(str(item)) for item in arguments):
        return code
    extra = context.indent[block:] if block is not None else ""
    return code.replace("\n", f"\n{extra}")


def nested(
    context: Context,
    outer: str,
    function: str,
    arguments: Sequence[Argument],
    *,
    block: int | None = None,
) -> str:
    """Code of ``outer(function(arguments))``: the inner call on a line of its own if that fits."""
    inner = f"{function}({', '.join(map(str, arguments))})"
    commented = any(isinstance(item, (Item, Group)) and item.commented for item in arguments)
    if commented or "\n" in inner or _fits(f"{outer}({inner})", context):
        return call(context, f"{outer}({function}", arguments, ")", block=block)
    if len(context.indent) + 4 + len(inner) > context.limit:
        return call(context, f"{outer}({function}", arguments, ")", block=block)
    return _relative(f"{outer}(\n{context.indent}    {inner}\n{context.indent})", context, block)


def edits_of_holder(
    node: ast.Call,
    around: Sequence[ast.AST],
    statement: ast.stmt,
    siblings: Iterable[ast.AST | None],
) -> tuple[Edit, ...] | None:
    """The edits that lay out anew what holds a call, if that decides where it breaks; else None.

    ``around`` ends with the holder. Several calls of ``siblings`` in one display are one matter,
    which is that of the first.
    """
    holder, block = around[-1], statement.col_offset
    paired = isinstance(holder, ast.Tuple) and isinstance(around[-2], _COMPREHENSIONS)
    made = around[-2] if paired else holder
    if isinstance(made, _COMPREHENSIONS):
        element = made.value if isinstance(made, ast.DictComp) else made.elt
        if element is (holder if paired else node):
            return (ReplaceExpression(made, partial(_comprehension, block)),)
    if isinstance(holder, ast.GeneratorExp) and holder.elt is node:
        outer = around[-2]
        if _is_sole(holder, outer, lambda f: isinstance(f, ast.Name) and f.id in _MAKES):
            assert isinstance(outer, ast.Call)
            return (ReplaceExpression(outer, partial(_generator, block)),)
    if _is_sole(node, holder, lambda f: isinstance(f, ast.Attribute) and f.attr in _ADDS):
        assert isinstance(holder, ast.Call)
        return (ReplaceExpression(holder, partial(_sole, block)),)
    if not isinstance(statement, (ast.Assign, ast.Return)) or statement.value is not holder:
        return None
    if isinstance(holder, (ast.Tuple, ast.List)) and len(holder.elts) > 1:
        inside: Sequence[ast.AST] = holder.elts
        make = partial(_display, block)
    elif isinstance(holder, ast.Dict) and len(holder.values) > 1:
        inside, make = holder.values, partial(_display, block)
    elif isinstance(holder, ast.IfExp) and holder.test is not node:
        inside, make = (holder.body, holder.orelse), partial(_bracketed, block)
    else:
        return None
    if statement.lineno != statement.end_lineno:
        return None
    first = min((item for item in siblings if item in inside), key=inside.index)
    return (ReplaceExpression(holder, make),) if first is node else ()


def _is_sole(node: ast.AST, holder: ast.AST, test: Callable[[ast.expr], bool]) -> bool:
    """Whether a node is all that is passed to a function which passes a test."""
    return (
        isinstance(holder, ast.Call)
        and holder.args == [node]
        and not holder.keywords
        and test(holder.func)
    )


# --- what lays out ------------------------------------------------------------------------------


def _fits(code: str, context: Context) -> bool:
    return "\n" not in code and context.column + len(code) + context.tail <= context.limit


def _stays(node: cst.BaseExpression, context: Context, block: int) -> bool:
    """Whether code may stay as it is, since it fits, or has to for a comment or a text."""
    code = context.code(node)
    if _fits(code, context) or "\n" in context.value(node):
        return True
    first, *rest = code.split("\n")
    return (
        bool(rest)
        and context.column + len(first) <= context.limit
        and all(block + len(line) <= context.limit for line in rest)
    )


def _relative(code: str, context: Context, block: int | None) -> str:
    """Code with absolute indentation as the tree wants it, which adds that of the block."""
    indent = context.indent if block is None else context.indent[:block]
    newline = context.module.default_newline
    return code.replace(f"\n{indent}", "\n").replace("\n", newline)


def _absolute(context: Context) -> Callable[[str, Sequence[Argument]], str]:
    """What gives the code of a call with absolute indentation."""

    def make(function: str, arguments: Sequence[Argument]) -> str:
        code = context.call(function, arguments).replace("\r", "")
        return code.replace("\n", f"\n{context.indent}")

    return make


def _comprehension(block: int, node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    assert isinstance(node, (cst.ListComp, cst.SetComp, cst.DictComp))
    if _stays(node, context, block):
        return node
    code = context.value(node.with_changes(lpar=(), rpar=()))
    laid = _broken_comprehension(code[0], node, code[-1], context, block)
    return context.parse(laid).with_changes(lpar=node.lpar, rpar=node.rpar)


def _generator(block: int, node: cst.BaseExpression, context: Context) -> cst.BaseExpression | str:
    assert isinstance(node, cst.Call)
    inner = node.args[0].value
    if _stays(node, context, block) or not isinstance(inner, cst.GeneratorExp):
        return node
    return _broken_comprehension(f"{context.value(node.func)}(", inner, ")", context, block)


def _broken_comprehension(
    opening: str,
    node: cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp,
    closing: str,
    context: Context,
    block: int,
) -> str:
    """A comprehension on one line, or with a line for each of its parts."""
    key = f"{context.value(node.key)}: " if isinstance(node, cst.DictComp) else ""
    element = node.value if isinstance(node, cst.DictComp) else node.elt
    head = f"{key}{context.value(element)}"
    clauses = _clauses(node.for_in, context)
    flat = f"{opening}{head} {' '.join(clauses)}{closing}"
    if _fits(flat, context):
        return flat
    indent = f"{context.indent}    "
    if len(indent) + len(head) > context.limit and isinstance(element, cst.Call):
        inner = replace(context, indent=indent, column=len(indent) + len(key), tail=0)
        function = context.value(element.func)
        arguments = _plain_items(element, context)
        head = key + _absolute(inner)(function, arguments)
    elif len(indent) + len(head) > context.limit and isinstance(element, cst.Tuple):
        inner = replace(context, indent=indent)
        items = "".join(_item(item, inner) for item in element.elements)
        head = f"{key}(\n{items}{indent})"
    tail = " ".join(clauses)
    parts = [head, *([tail] if len(indent) + len(tail) <= context.limit else clauses)]
    body = "".join(f"{indent}{part}\n" for part in parts)
    return _relative(f"{opening}\n{body}{context.indent}{closing}", context, block)


def _clauses(clause: cst.CompFor | None, context: Context) -> list[str]:
    found: list[str] = []
    while clause is not None:
        alone = clause.with_changes(
            inner_for_in=None, ifs=(), whitespace_before=cst.SimpleWhitespace("")
        )
        found.append(context.value(alone))
        for test in clause.ifs:
            bare = test.with_changes(whitespace_before=cst.SimpleWhitespace(""))
            found.append(context.value(bare))
        clause = clause.inner_for_in
    return found


def _sole(block: int, node: cst.BaseExpression, context: Context) -> cst.BaseExpression | str:
    """``threads.append(spawn(…))``."""
    assert isinstance(node, cst.Call)
    inner = node.args[0].value
    if _stays(node, context, block) or not isinstance(inner, cst.Call):
        return node
    arguments = _plain_items(inner, context)
    outer, function = context.value(node.func), context.value(inner.func)
    if isinstance(node.whitespace_before_args, cst.ParenthesizedWhitespace):
        indent = f"{context.indent}    "
        below = _absolute(replace(context, indent=indent, column=len(indent), tail=0))
        code = below(function, arguments)
        return _relative(f"{outer}(\n{indent}{code}\n{context.indent})", context, block)
    return nested(context, outer, function, arguments, block=block)


def _display(block: int, node: cst.BaseExpression, context: Context) -> cst.BaseExpression | str:
    """A tuple, a list or a dict of one line, with a line for each item."""
    assert isinstance(node, (cst.Tuple, cst.List, cst.Dict))
    if _stays(node, context, block) or "\n" in context.code(node):
        return node
    body = "".join(_item(item, context) for item in node.elements)
    code = context.code(node.with_changes(lpar=(), rpar=()))
    opening, closing = (code[0], code[-1]) if not isinstance(node, cst.Tuple) else ("(", ")")
    return _relative(f"{opening}\n{body}{context.indent}{closing}", context, block)


def _item(item: cst.BaseElement | cst.BaseDictElement, context: Context) -> str:
    """One item of a display, on a line of its own or, if it is a call, on several."""
    indent = f"{context.indent}    "
    code = context.code(item.with_changes(comma=cst.MaybeSentinel.DEFAULT))
    value = item.value
    if len(indent) + len(code) + 1 > context.limit and isinstance(value, cst.Call):
        head = code.removesuffix(context.code(value))
        below = replace(context, indent=indent, column=len(indent) + len(head), tail=1)
        code = head + _absolute(below)(context.value(value.func), _plain_items(value, context))
    return f"{indent}{code},\n"


def _plain_items(node: cst.Call, context: Context) -> list[Argument]:
    return [
        f"{item.star}{item.keyword.value + '=' if item.keyword else ''}{context.value(item.value)}"
        for item in node.args
    ]


def _bracketed(block: int, node: cst.BaseExpression, context: Context) -> cst.BaseExpression | str:
    """``a if b else c`` in brackets, on a line of its own, or on three."""
    assert isinstance(node, cst.IfExp)
    code = context.code(node)
    if _stays(node, context, block) or "\n" in code or node.lpar:
        return node
    indent = f"{context.indent}    "
    if len(indent) + len(code) > context.limit:
        body, test, other = map(context.code, (node.body, node.test, node.orelse))
        code = f"{body}\n{indent}if {test}\n{indent}else {other}"
    return _relative(f"(\n{indent}{code}\n{context.indent})", context, block)
