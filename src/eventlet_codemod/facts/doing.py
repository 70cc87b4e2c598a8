"""What an expression does with an object in it, and how functions give what they give."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from eventlet_codemod.facts.handles import HandleUse
from eventlet_codemod.facts.module import FUNCTIONS, Parents
from eventlet_codemod.facts.names import Definition


def classify(node: ast.AST, parents: Parents) -> HandleUse | None:
    """What the expression around ``node`` does with the object; None for nothing."""
    parent = parents[-1]
    if isinstance(parent, ast.Attribute) and parent.value is node:
        outer = parents[-2]
        call = outer if isinstance(outer, ast.Call) and outer.func is parent else None
        return HandleUse("attribute", node, parents, parent.attr, call)
    if isinstance(parent, ast.withitem) and parent.context_expr is node:
        return HandleUse("with" if parent.optional_vars is None else "with-as", node, parents)
    if isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is node:
        return HandleUse("iterate", node, parents)
    if isinstance(parent, ast.Compare):
        how = "compare-none" if compares_with_none(parent) else "compare"
        return HandleUse(how, node, parents)
    if isinstance(parent, (ast.If, ast.While, ast.IfExp, ast.Assert)) and parent.test is node:
        return HandleUse("test", node, parents)
    if isinstance(parent, ast.BoolOp) or (
        isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not)
    ):
        return HandleUse("test", node, parents)
    if isinstance(parent, (ast.FormattedValue, ast.JoinedStr)) or (
        isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod) and parent.right is node
    ):
        return HandleUse("text", node, parents)
    if isinstance(parent, (ast.Dict, ast.Subscript)):
        return HandleUse("key", node, parents)
    if isinstance(parent, ast.Tuple) and any(
        isinstance(n, ast.BinOp) and isinstance(n.op, ast.Mod) for n in parents[-2:-1]
    ):
        return HandleUse("text", node, parents)
    if isinstance(parent, (ast.Expr, ast.Delete)):
        return None
    return HandleUse("escape", node, parents, reason=escape_reason(parent))


def escape_reason(parent: ast.AST) -> str:
    """What code that is not followed does with the object."""
    line = getattr(parent, "lineno", None)
    where = f" (line {line})" if line else ""
    if isinstance(parent, (ast.Call, ast.keyword, ast.Starred)):
        return f"it is passed on{where}"
    if isinstance(parent, (ast.Return, ast.Yield, ast.YieldFrom)):
        return f"it is returned{where}"
    return f"it is stored or passed on{where}"


def compares_with_none(node: ast.Compare) -> bool:
    """Whether a comparison only asks for None."""
    return all(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops) and any(
        isinstance(item, ast.Constant) and item.value is None
        for item in (node.left, *node.comparators)
    )


def is_mock(node: ast.AST) -> bool:
    """Whether an expression makes a mock, or is a sentinel of one."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).rpartition(".")[2] in ("Mock", "MagicMock")
    return bool(re.fullmatch(r"(?:mock\.)?sentinel\.\w+", ast.unparse(node)))


def is_in_test(node: ast.AST, outer: Parents) -> bool:
    """Whether only the truth of an expression is asked for."""
    for parent in reversed(outer):
        if isinstance(parent, (ast.If, ast.While, ast.IfExp, ast.Assert)):
            return parent.test is node
        if not isinstance(parent, (ast.BoolOp, ast.UnaryOp)):
            return False
        if isinstance(parent, ast.UnaryOp):
            return isinstance(parent.op, ast.Not)
        node = parent
    return False


def makes_mapping(value: ast.AST | None) -> bool:
    """Whether a value is a dict."""
    if isinstance(value, ast.Call):
        name = ast.unparse(value.func).rpartition(".")[2]
        return name in ("dict", "defaultdict", "OrderedDict")
    return isinstance(value, (ast.Dict, ast.DictComp))


def is_setdefault(node: ast.AST) -> ast.Call | None:
    """The call of ``setdefault`` that an expression is."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node if node.func.attr == "setdefault" else None
    return None


# --- functions ---------------------------------------------------------------------------------


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, without those of functions and classes in it."""
    pending: list[ast.AST] = list(getattr(function, "body", ()))
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            pending.extend(ast.iter_child_nodes(node))


def has_yield(function: ast.AST) -> bool:
    """Whether a function is a generator."""
    return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in own_nodes(function))


def manner_of(function: ast.AST) -> str | None:
    """How a function gives its result: plain, as a property or a context; None for unknown."""
    decorators = [ast.unparse(item) for item in getattr(function, "decorator_list", ())]
    decorators = [item for item in decorators if item not in ("staticmethod", "classmethod")]
    if not decorators:
        return "plain"
    tail = decorators[0].rpartition(".")[2]
    if len(decorators) == 1 and tail in ("property", "cached_property"):
        return "property"
    if len(decorators) == 1 and tail == "contextmanager":
        return "context"
    return None


def is_offered(function: Definition) -> bool:
    """Whether other projects may call a function: it is public, and not in a test."""
    parts = function.module.path.split("/")
    if "tests" in parts or "test" in parts or parts[-1].startswith("test_"):
        return False
    names = [function.name, *(getattr(node, "name", "") for node in function.parents)]
    local = any(isinstance(node, FUNCTIONS) for node in function.parents)
    return len(parts) > 1 and not local and not any(name.startswith("_") for name in names)


#: Attributes that every other class has as well: their name alone proves nothing.
_COMMON = frozenset(
    [
        "event",
        "events",
        "queue",
        "lock",
        "pool",
        "thread",
        "threads",
        "timer",
        "result",
        "results",
        "name",
        "value",
        "done",
        "started",
        "stopped",
        "server",
        "worker",
        "workers",
        "semaphore",
    ]
)


def is_telling(name: str) -> bool:
    """Whether an attribute that only one class of the project has is known by its name."""
    return name not in _COMMON and len(name) > 3


def column(node: ast.AST) -> int:
    """Where a node begins in its line."""
    return int(getattr(node, "col_offset", 0))
