"""Tests that read how many permits a semaphore has left, which threading's keeps as ``_value``.

That attribute is private, so no other code is made to read it. Something else may stand in the
place of the semaphore, a class of the project with a ``balance`` of its own. Then a test is only
changed if its assertions tell which of the two it gets.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import libcst as cst

from eventlet_codemod.facts import Handle, HandleUse, Module
from eventlet_codemod.facts.values import Sign, constant_sign
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Edit, ReplaceExpression
from eventlet_codemod.rules.locations import where
from eventlet_codemod.rules.sync import _alike

READS = ("balance", "counter", "locked")
_EQUAL = ("assertEqual", "assertEquals", "assertIs")


def method_tests(handle: Handle) -> dict[str, _alike.MethodTest]:
    """What reading a count of this semaphore needs."""

    def test(deed: HandleUse, use: object, module: Module) -> str | None:
        if not _is_read_by_test(deed):
            return "!"
        if _may_be_negative(deed):
            return f"!.{deed.attribute} counts those who wait"
        found = reads(deed, handle)
        if not found:
            return f"!it cannot be told what .{deed.attribute} is asked of"
        if found == "other":
            return None
        place = where(deed, handle)
        if deed.attribute == "balance":
            return f"C-NONE: _value does not count who waits: does anyone when {place} reads it?"
        return f"C-NONE: {place} reads _value, which is private: is there something else to test?"

    return dict.fromkeys(READS, test)


def reads(deed: HandleUse, handle: Handle) -> str:
    """Whose count a test reads: that of ``this`` semaphore or of the ``other`` object.

    "" if unknown. Tests pass: what they assert holds.
    """
    number = _compared_with(deed)
    if deed.foreign or _may_be_negative(deed):
        return ""  # less than nothing is left where someone waits
    if not handle.conflicts:
        return "this"
    kinds = set(_kinds_asserted(deed))
    if len(kinds) == 1:
        return kinds.pop()
    # nothing limits what stands in its place
    return "this" if not kinds and number else ""


def edits(deed: HandleUse) -> tuple[Edit, ...]:
    """The edits that make a test read ``_value``."""
    node = deed.parents[-1]
    assert isinstance(node, ast.Attribute)
    if deed.attribute != "locked":
        return (ReplaceExpression(node, lambda n, c: n.with_changes(attr=cst.Name("_value"))),)
    assert deed.call is not None
    whole, holder, sign = deed.call, deed.parents[-3], "=="
    if isinstance(holder, ast.UnaryOp) and isinstance(holder.op, ast.Not):
        whole, holder, sign = holder, deed.parents[-4], "!="  # type: ignore[assignment]

    def make(node: cst.BaseExpression, context: Context) -> str:
        call = node.expression if isinstance(node, cst.UnaryOperation) else node
        assert isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute)
        code = f"{context.code(call.func.value)}._value {sign} 0"
        return code if isinstance(holder, _ROOMY) else f"({code})"

    return (ReplaceExpression(whole, make),)


#: Where a comparison can stand without brackets.
_ROOMY = (
    *(ast.Assert, ast.Assign, ast.BoolOp, ast.Call, ast.Expr, ast.If, ast.Return, ast.While),
    *(ast.keyword, ast.List, ast.Tuple),
)


def _is_read_by_test(deed: HandleUse) -> bool:
    node = deed.parents[-1]
    if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
        return False
    if deed.attribute == "locked":
        asked = deed.call is not None and not deed.call.args and not deed.call.keywords
    else:
        asked = deed.call is None
    return asked and _alike.is_test(deed.module)


def _compared_with(deed: HandleUse) -> int | None:
    """The number that an assertion says a count is equal to."""
    node = deed.parents[-1]
    outer = deed.parents[-2]
    others: list[ast.expr] = []
    if isinstance(outer, ast.Call) and len(outer.args) > 1 and _name(outer) in _EQUAL:
        others = [item for item in outer.args[:2] if item is not node]
    elif (
        isinstance(outer, ast.Compare)
        and isinstance(deed.parents[-3], ast.Assert)
        and [type(op) for op in outer.ops] == [ast.Eq]
    ):
        others = [item for item in (outer.left, *outer.comparators) if item is not node]
    try:
        values = [ast.literal_eval(item) for item in others]
    except ValueError:
        return None
    return values[0] if len(values) == 1 and type(values[0]) is int else None


def _may_be_negative(deed: HandleUse) -> bool:
    """Whether a count is compared with a negative number, or less than 0."""
    outer = deed.parents[-2]
    if isinstance(outer, ast.Compare):
        others = [outer.left, *outer.comparators]
        first = outer.left is deed.parents[-1]
        below = isinstance(outer.ops[0], ast.Lt if first else ast.Gt)
    elif isinstance(outer, ast.Call):
        others = list(outer.args)
        below = _name(outer) == "assertLess" and outer.args[0] is deed.parents[-1]
    else:
        return False
    signs = {constant_sign(item) for item in others}
    return Sign.NEGATIVE in signs or (below and Sign.ZERO in signs)


def _kinds_asserted(deed: HandleUse) -> Iterator[str]:
    """What the same test says of the class of the object that it asks: ``this`` or ``other``."""
    function, text = deed.use.function, ast.unparse(deed.node)
    root = deed.node
    while isinstance(root, ast.Attribute):
        root = root.value
    if function is None or not isinstance(root, ast.Name):
        return  # a call may give another one each time
    bound = [n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == root.id]
    if sum(isinstance(item.ctx, ast.Store) for item in bound) > 1:
        return
    for node in ast.walk(function):
        call = node.test if isinstance(node, ast.Assert) else node
        name = _name(call) if isinstance(call, ast.Call) else ""
        asserts = name in ("assertIsInstance", "assertNotIsInstance") or (
            name == "isinstance" and isinstance(node, ast.Assert)
        )
        if not asserts or not isinstance(call, ast.Call) or len(call.args) < 2:
            continue
        if ast.unparse(call.args[0]) != text:
            continue
        ours = call.args[1] in deed.module.reference_of
        yield "this" if ours is (name != "assertNotIsInstance") else "other"


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]
