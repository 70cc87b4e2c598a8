"""Which except clauses meet a TimeoutError where a Timeout, a BaseException, flew past."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterable, Iterator, Sequence

from eventlet_codemod.facts import Module, Use
from eventlet_codemod.facts.api import OWN_TIMEOUT, TIMEOUT

#: What sets a limit when it is called: eventlet's class, and those of the project that derive.
LIMITS = frozenset({TIMEOUT, OWN_TIMEOUT})

#: Last names of the classes that what ends a wait natively is an instance of; Timeout was of none.
_TAKERS = frozenset(
    {"Exception", "OSError", "IOError", "EnvironmentError", "TimeoutError", "timeout", "error"}
    | {"SubprocessError", "TimeoutExpired", "RequestException", "Timeout", "DNSException"}
)
_ALL = frozenset({"BaseException"})


def elements(handler: ast.ExceptHandler) -> list[ast.expr]:
    """The classes that a clause names, one by one; none for a bare one."""
    if handler.type is None:
        return []
    return list(handler.type.elts) if isinstance(handler.type, ast.Tuple) else [handler.type]


def names_timeout(handler: ast.ExceptHandler, module: Module) -> bool:
    """Whether a clause names eventlet's Timeout, or a class of the project that derives from it."""
    return bool(list(_named(handler, module)))


def names_any(handler: ast.ExceptHandler, module: Module) -> bool:
    """Whether a clause names eventlet's own class, which takes every Timeout."""
    return any(use.api == TIMEOUT for use in _named(handler, module))


def _named(handler: ast.ExceptHandler, module: Module) -> Iterator[Use]:
    found = (module.reference_of.get(node) for node in elements(handler))
    return (use for use in found if use is not None and use.api in LIMITS)


def _names_class_of(handler: ast.ExceptHandler, limit: Use, module: Module) -> bool:
    """Whether a clause names what a limit raises. Raises Swallowed where that is not certain."""
    classes = module.names.classes
    named = {classes.get(use, "") for use in _named(handler, module)}
    own = classes.get(limit, "")
    if named & {"", own}:
        return True
    if named and own:
        raise Swallowed(handler)  # one may derive from the other
    return False


def takes_all(handler: ast.ExceptHandler) -> bool:
    """Whether a clause caught a Timeout without naming it."""
    return handler.type is None or any(_last(node) in _ALL for node in elements(handler))


def takes_native(handler: ast.ExceptHandler, module: Module) -> bool:
    """Whether a clause catches a TimeoutError and let a Timeout through, as far as names tell."""
    return any(
        _last(node) in _TAKERS and node not in module.reference_of for node in elements(handler)
    )


def may_take(handler: ast.ExceptHandler) -> bool:
    """Whether a clause names a class that is none of Python's own: it may be a base of another."""
    named = (_last(node) for node in elements(handler))
    return any(not isinstance(getattr(builtins, name, None), type) for name in named)


def _last(node: ast.expr) -> str:
    return str(getattr(node, "attr", getattr(node, "id", "")))


def reraises(handler: ast.ExceptHandler, but: Collection[ast.stmt] = ()) -> bool:
    """Whether a clause may let go on what it caught, outside of some statements."""
    apart = {node for statement in but for node in ast.walk(statement)}
    for statement in handler.body:
        for node in ast.walk(statement):
            if node in apart:
                continue
            if isinstance(node, ast.Raise):
                error = node.exc
                if error is None or (isinstance(error, ast.Name) and error.id == handler.name):
                    return True
            if isinstance(node, ast.Call) and _last(node.func).startswith("save_and_reraise"):
                return True
    return False


class Swallowed(Exception):
    """A clause on the way would take the native exception, or `contextlib.suppress` would."""

    def __init__(self, taker: ast.ExceptHandler | ast.With) -> None:
        what = "except clause" if isinstance(taker, ast.ExceptHandler) else "with statement"
        super().__init__(f"the {what} on line {taker.lineno}")


def catcher(
    around: Sequence[ast.AST], inner: ast.AST, limit: Use, module: Module
) -> ast.ExceptHandler | None:
    """The clause that catches what a limit raises in ``inner``, up to the function around it.

    Raises Swallowed where a clause comes first that let a Timeout through.
    """
    for block, _ in blocks(around, inner):
        if isinstance(block, ast.With):
            raise Swallowed(block)
        for handler in block.handlers:
            if _names_class_of(handler, limit, module):
                return handler
            if takes_all(handler):
                if reraises(handler):
                    break
                return handler
            if takes_native(handler, module):
                raise Swallowed(handler)
    return None


def blocks(
    around: Sequence[ast.AST], inner: ast.AST
) -> Iterator[tuple[ast.Try | ast.With, ast.AST]]:
    """What `tries` gives, and the with statements that swallow what is raised in them."""
    child = inner
    for node in reversed(around):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return
        if isinstance(node, ast.TryStar) and child in node.body:
            raise Swallowed(node.handlers[0])  # it catches groups
        if isinstance(node, ast.Try) and child in node.body:
            yield node, child
        if isinstance(node, ast.With) and any(map(_swallows, node.items)):
            yield node, child
        child = node


def _swallows(item: ast.withitem) -> bool:
    call = item.context_expr
    return isinstance(call, ast.Call) and _last(call.func) in _SWALLOWING


_SWALLOWING = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex"})


def tries(around: Sequence[ast.AST], inner: ast.AST) -> Iterator[tuple[ast.Try, ast.AST]]:
    """The try statements whose body ``inner`` stands in, innermost first, up to the function."""
    for node, child in blocks(around, inner):
        if isinstance(node, ast.Try):
            yield node, child


def earlier(block: ast.Try, handler: ast.ExceptHandler) -> Iterable[ast.ExceptHandler]:
    """The clauses of a try statement that come before one of them."""
    return block.handlers[: block.handlers.index(handler)]


def question(
    handler: ast.ExceptHandler | None,
    at: Use | None = None,
    shown: str = "`TimeoutError`",
    *,
    flies: bool = False,
) -> dict[str, str]:
    """What to ask where another exception takes the place of a Timeout that ``handler`` catches.

    Without one it flies: ``at`` is then a clause somewhere else that names it. It ``flies`` also
    where the clause raises it again.
    """
    if handler is not None:
        text = (
            f"the clause on line {handler.lineno} takes every {shown} now, and no Timeout of "
            "eventlet's: can the block raise one of them that has nothing to do with this limit?"
        )
        if flies:
            text += (
                f" The clause raises it again: {shown} is an Exception, does a clause of a caller "
                "take it that let the Timeout through?"
            )
    elif at is not None:
        text = (
            "does a TimeoutError come here that has nothing to do with this limit (a socket's)? "
            "And can a clause on its way take it, which let the Timeout through?"
        )
    else:
        text = (
            "a TimeoutError is an Exception and an OSError: does a clause of a caller take it that "
            "let the Timeout through? And does one of a caller that still names Timeout, beside a "
            "Timeout of its own that stays, no longer take it?"
        )
    return {"C-CATCH": text}
