"""`'eventlet'` as the name of a mode of the program itself is a word, and runs nothing.

A program may offer several models of concurrency and call one of them 'eventlet'. What that mode
does is code, and other rules take care of it; the word only tells modes apart where it is compared,
or given to a function of the project that does nothing with it but compare it or write it into a
message. A word in a test chooses for the test alone.

Such a word holds nothing up: not the end of patching, nor that eventlet leaves the requirements. It
is left, since users may have written it into their configuration: whether the mode goes, or gets
another name, is for the owners to say.
"""

from __future__ import annotations

import ast
import re

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.names import Definition, Names
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.rules.base import Decision, Leave, Rule

_WORDS = ("eventlet", "greenlet", "greenthreaded")
_EQUAL = (ast.Eq, ast.NotEq)
_AMONG = (ast.In, ast.NotIn)
_NAMES_MODULES = re.compile(r"\b__(?:name|module|package)__\b")
_LISTS = (ast.Tuple, ast.List, ast.Set)
#: Methods and functions that make or write a message.
_TELL = frozenset({"critical", "debug", "error", "exception", "format", "info", "print", "warning"})


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave a word that only tells modes of the program apart."""
    if use.kind != "string" or use.path not in _WORDS or not _is_mode(use, facts):
        return None
    return Leave(
        message=f"the string {use.path!r} names a mode of the program itself",
        why="no library sees the word: what the mode does is what counts, and is told by itself",
        advice="when that runs on threads, deprecate the mode or let the word stand for it; users "
        "may have written it into their configuration",
    )


def _is_mode(use: Use, facts: Facts) -> bool:
    if isinstance(use.parent, ast.Dict):
        return False  # sys.modules
    if is_test(facts.path):
        return not _loads_a_module(use)
    return _is_compared(use.parents) or _is_given(use, facts)


def _loads_a_module(use: Use) -> bool:
    """Whether a call imports what the word names."""
    called = ast.unparse(use.parent.func).lower() if isinstance(use.parent, ast.Call) else ""
    return any(word in called for word in ("import", "module", "find_spec"))


def _is_compared(parents: tuple[ast.AST, ...]) -> bool:
    """Whether a value is only compared with others: alone, or in a list of them."""
    holder = parents[-2] if isinstance(parents[-1], _LISTS) else parents[-1]
    if not isinstance(holder, ast.Compare):
        return False
    searched = [
        item
        for operator, item in zip(holder.ops, holder.comparators, strict=True)
        if isinstance(operator, _AMONG)
    ]
    known = all(isinstance(op, (*_AMONG, *_EQUAL)) for op in holder.ops)
    # 'eventlet' in sys.modules asks for the library
    listed = all(isinstance(item, _LISTS) for item in searched)
    return known and listed and not _NAMES_MODULES.search(ast.unparse(holder))


# --- given to a function of the project -----------------------------------------------------------


def _is_given(use: Use, facts: Facts) -> bool:
    holder = use.parent
    keyword = holder.arg if isinstance(holder, ast.keyword) else None
    call = use.parents[-2] if isinstance(holder, ast.keyword) else holder
    if not isinstance(call, ast.Call) or any(isinstance(a, ast.Starred) for a in call.args):
        return False
    target = Names(facts.project, facts).resolve(facts, call.func, use.scope)
    if target is None or not isinstance(target.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    if target.owner is not None or target.node.decorator_list:
        return False  # a method may be another's, a decorator may look at the word
    parameters = [*target.node.args.posonlyargs, *target.node.args.args]
    names = {item.arg for item in (*parameters, *target.node.args.kwonlyargs)}
    if keyword is None:
        place = call.args.index(use.node)  # type: ignore[arg-type]
        keyword = parameters[place].arg if place < len(parameters) else None
    return keyword in names and _only_compares(target, keyword)


def _only_compares(function: Definition, name: str) -> bool:
    """Whether a function only compares a parameter, or writes it into messages."""
    pending: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(function.node, ())]
    while pending:
        node, parents = pending.pop()
        if isinstance(node, ast.Name) and node.id == name:
            loaded = isinstance(node.ctx, ast.Load)
            if not loaded or not (_is_compared(parents) or _is_told(parents)):
                return False
        inside = (*parents, node)
        pending += ((child, inside) for child in ast.iter_child_nodes(node))
    return True


def _is_told(parents: tuple[ast.AST, ...]) -> bool:
    holder = parents[-1]
    if isinstance(holder, ast.Tuple):
        holder = parents[-2]
    if isinstance(holder, ast.BinOp):
        return isinstance(holder.op, ast.Mod) and not isinstance(holder.left, ast.Name)
    if isinstance(holder, ast.Call):
        name = holder.func.attr if isinstance(holder.func, ast.Attribute) else ""
        return name in _TELL or getattr(holder.func, "id", "") in _TELL
    return isinstance(holder, ast.FormattedValue)


rule = Rule(
    code="EVT998",
    family="reporting",
    step=5,
    summary="a word that names a mode of the program itself is reported, and holds nothing up",
    apis=frozenset(_WORDS),
    match=match,
    before="""\
def executor_for(mode, native, green):
    if mode == 'eventlet':
        return green()
    return native()
""",
    after="""\
def executor_for(mode, native, green):
    if mode == 'eventlet':
        return green()
    return native()
""",
)
