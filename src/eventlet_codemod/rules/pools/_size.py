"""The size of a pool: what is given, and whether a pool of threads takes it as well."""

from __future__ import annotations

import ast

from eventlet_codemod.facts import Module, Use
from eventlet_codemod.facts.values import Sign, constant_sign, sign
from eventlet_codemod.rules.sync._alike import has_stars

DEFAULT = 1000  # eventlet's
_MANY = 64


def size_of(call: ast.Call, keyword: str = "size") -> ast.expr | None:
    """What a call gives as the size, if anything."""
    return call.args[0] if call.args else call.keywords[0].value if call.keywords else None


def objection_to(call: ast.Call, *, zero: bool, keyword: str = "size") -> str:
    """Why the size of a pool of green threads cannot be that of a pool of threads."""
    names = [item.arg for item in call.keywords]
    if has_stars(call) or len(call.args) + len(names) > 1 or names not in ([], [keyword]):
        return "its size cannot be seen"
    size = size_of(call)
    if size is None:
        return ""
    if constant_sign(size) is Sign.NEGATIVE:
        return "its size is negative"
    if isinstance(size, ast.Constant):
        if type(size.value) is not int:
            return "its size is no whole number"
        if size.value == 0 and not zero:
            return "of size 0 it never runs anything"
    return ""


def checks_of(call: ast.Call, use: Use, module: Module, *, zero: bool) -> dict[str, str]:
    """The questions that a size leaves open."""
    size = size_of(call)
    if size is None:
        return {
            "C-BOUND": f"the default is {DEFAULT} green threads: choose a bound for threads, "
            "such as 64"
        }
    if isinstance(size, ast.Constant):
        if not isinstance(size.value, int) or size.value <= _MANY:
            return {}
        return {"C-BOUND": f"{size.value} threads may run at once: is that meant?"}
    text = ast.unparse(size)
    if zero:
        return {"C-TYPE": f"can `{text}` be a string? A GreenPool made a number of it"}
    known = constant_sign(size) or sign(size, use, module)
    if known is Sign.POSITIVE:
        return {}
    return {
        "C-TYPE": f"can `{text}` be 0, a string or None? An executor takes no 0 and no string, and "
        "chooses a small number by itself for None"
    }
