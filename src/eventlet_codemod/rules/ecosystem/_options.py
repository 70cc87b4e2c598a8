"""Options of oslo.config that choose an executor."""

from __future__ import annotations

import ast

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.ecosystem._calls import dotted_name


def is_option(call: ast.Call, use: Use, facts: Facts) -> bool:
    """Whether a call makes an option of oslo.config that is about an executor."""
    dotted = dotted_name(call.func, use.scope, facts)
    first = call.args[0] if call.args else argument(call, "name")
    name = first.value if isinstance(first, ast.Constant) else ""
    return dotted.startswith("oslo_config.cfg.") and "executor" in str(name)


def argument(call: ast.Call, name: str) -> ast.expr | None:
    """The value that a call gives to a keyword."""
    return next((item.value for item in call.keywords if item.arg == name), None)
