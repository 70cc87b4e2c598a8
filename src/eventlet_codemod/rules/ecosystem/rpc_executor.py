"""oslo.messaging's servers find out by themselves what they run on.

Since oslo.messaging 12.0 a server that is made without `executor` asks whether threads are patched:
if so it takes futurist's green executor, else the native one. So the argument goes, nothing changes
while the process is patched, and native threads serve once it no longer is. 16.0 deprecates the
argument. Before 12.0 a server without it handled one message at a time.

The assertions of tests that expect the argument follow where the test replaces the function of
oslo.messaging and the code of the project passes the argument to it.

Where the name of an executor reaches the library on a way through the project, as the default or
the value of a parameter called `executor`, it becomes `'threading'`: both names were always there,
and under `monkey_patch()` a native executor runs on green threads. That needs proof that whoever
gets the name knows the other one, such as another call with `executor='threading'`; an option is
given the other default where it is among its choices.
"""

from __future__ import annotations

import ast
import re
from functools import partial

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Decision, Leave, ReplaceExpression, Rewrite, Rule
from eventlet_codemod.rules.ecosystem._calls import (
    dotted_name,
    last_name,
    position_of,
    without,
)
from eventlet_codemod.rules.ecosystem._forks import question_of_fork
from eventlet_codemod.rules.ecosystem._options import argument, is_option

#: What makes a server of oslo.messaging; the executor is the fourth argument of each.
_MAKERS = ("get_rpc_server", "get_notification_listener", "get_batch_notification_listener")
_POSITION = 3
_LIBRARY = ("oslo_messaging", "oslo.messaging")

_ASSERTS = frozenset({"assert_called_with", "assert_called_once_with", "assert_any_call", "call"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

#: A call of one of them up to its last argument, with brackets two deep.
_INNER = r"(?:[^()]|\((?:[^()]|\([^()]*\))*\))*"
_CALLED = rf"\b(?:{'|'.join(_MAKERS)})\({_INNER}"
_GREEN = rf"{_CALLED}?\bexecutor\s*=\s*['\"]eventlet['\"]"
_OTHER = rf"{_CALLED}?\bexecutor\s*=\s*(?!\s|['\"]eventlet['\"])"

_BOUND = (
    "executor_thread_pool_size counts native threads once nothing is patched: does it suit them?"
)
_VERSION = "before oslo.messaging 12.0 a server without the argument handles one message at a time"
_ATOM = "once nothing is patched endpoints run in parallel: is what they share guarded by a lock?"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a string that is the name of an executor."""
    if use.kind != "string" or use.path != "eventlet":
        return None
    parent, outer = use.parents[-1], use.parents[-2]
    if isinstance(parent, ast.arguments):
        return _default(use, outer, parent, facts)
    if isinstance(parent, ast.keyword):
        assert isinstance(outer, (ast.Call, ast.ClassDef))
        if isinstance(outer, ast.ClassDef):
            return None
        if parent.arg == "executor":
            return _keyword(use, outer, facts)
        if parent.arg == "default" and is_option(outer, use, facts):
            return _option(use, outer)
    if isinstance(parent, ast.Call) and use.node in parent.args:
        return _positional(use, parent, facts)
    return None


# --- arguments ----------------------------------------------------------------------------------


def _keyword(use: Use, call: ast.Call, facts: Facts) -> Decision:
    if _is_maker(call, use, facts):
        return _dropped(use, call, facts)
    if last_name(call.func) in _ASSERTS:
        return _asserted(use, call, facts)
    name = last_name(call.func)
    if name and _knows_threading(name, facts):
        return _renamed(use, f"does {name}() know 'threading' wherever it is defined?")
    return Leave(
        message="the executor called 'eventlet' goes to code that is not known",
        why="not everything that takes the name of an executor knows the other one",
        advice="leave the argument out where it ends up in oslo.messaging (12.0 or newer), which "
        "then asks whether threads are patched; else name the threaded executor there",
    )


def _positional(use: Use, call: ast.Call, facts: Facts) -> Decision | None:
    place = call.args.index(use.node)  # type: ignore[arg-type]
    if any(isinstance(item, ast.Starred) for item in call.args[:place]):
        return None
    if _is_maker(call, use, facts) and place == _POSITION:
        if place == len(call.args) - 1:
            return _dropped(use, call, facts)
        return _rewrite(use, facts, ReplaceExpression(_node(use), lambda node, context: "None"))
    name = last_name(call.func)
    if name and _is_executor_of(name, place, facts) and _knows_threading(name, facts):
        return _renamed(use, f"does {name}() know 'threading' wherever it is defined?")
    return None


def _dropped(use: Use, call: ast.Call, facts: Facts) -> Decision:
    place = position_of(call, use.node)
    assert place is not None
    return _rewrite(use, facts, ReplaceExpression(call, partial(_without, place)))


def _rewrite(use: Use, facts: Facts, edit: ReplaceExpression) -> Rewrite:
    checks = {"C-ATOM": _ATOM, "C-BOUND": _BOUND, "C-VERSION": _VERSION}
    if fork := question_of_fork(use, facts):
        checks["C-FORK"] = fork
    return Rewrite(
        message="oslo.messaging chooses the executor itself",
        why="since 12.0 it asks whether threads are patched, so nothing changes until they are not",
        edits=(edit,),
        checks=checks,
    )


def _without(place: int, node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    return without(cst.ensure_type(node, cst.Call), place)


def _is_maker(call: ast.Call, use: Use, facts: Facts) -> bool:
    dotted = dotted_name(call.func, use.scope, facts)
    return dotted.startswith(tuple(f"{name}." for name in _LIBRARY)) and dotted.endswith(
        tuple(f".{name}" for name in _MAKERS)
    )


# --- assertions ---------------------------------------------------------------------------------


def _asserted(use: Use, call: ast.Call, facts: Facts) -> Decision:
    if not _replaces_a_maker(use):
        reason = "the test does not say that this is a call of oslo.messaging"
    else:
        reason = _why_not_followed(facts)
    if reason:
        return Leave(
            message=f"this assertion expects the executor 'eventlet': {reason}",
            why="an assertion has to follow the call that it is about",
            advice="take the argument out of the assertion together with that of the call",
        )
    place = position_of(call, use.node)
    assert place is not None
    return Rewrite(
        message="the assertion follows the call, which names no executor any more",
        why="oslo.messaging chooses the executor itself",
        edits=(ReplaceExpression(call, partial(_without, place)),),
        checks={"C-FLOW": "does the code under test make this very call without an executor now?"},
        relies_on="thread",
    )


def _replaces_a_maker(use: Use) -> bool:
    """Whether the test around the use names a function of oslo.messaging, as what it replaces."""
    for node in reversed(use.parents):
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            within = node.decorator_list if isinstance(node, ast.ClassDef) else [node]
            for item in (inner for part in within for inner in ast.walk(part)):
                text = item.value if isinstance(item, ast.Constant) else None
                if isinstance(text, str) and text.rpartition(".")[2] in _MAKERS:
                    return True
    return False


def _why_not_followed(facts: Facts) -> str:
    """Why the code under test may not pass the argument that goes, if so."""
    if facts.project.root is None:
        return "" if facts.search(_GREEN) else "no call that passes it is in sight"
    paths = {path for word in _MAKERS for path in _mentioning(word, facts) if not is_test(path)}
    matches = facts.project.matches
    if any(matches(path, _OTHER) for path in paths):
        return "other calls of the project compute it"
    if not any(matches(path, _GREEN) for path in paths):
        return "no call in the code of the project passes it"
    return ""


def _mentioning(word: str, facts: Facts) -> tuple[str, ...]:
    return facts.project.mentions(frozenset({word}), facts.path).get(word, ())


# --- parameters ---------------------------------------------------------------------------------


def _default(
    use: Use, function: ast.AST, arguments: ast.arguments, facts: Facts
) -> Decision | None:
    """Decide on the default of a parameter called executor."""
    positional = [*arguments.posonlyargs, *arguments.args]
    given = positional[len(positional) - len(arguments.defaults) :]
    pairs = [*zip(given, arguments.defaults, strict=True)]
    pairs += [
        (item, value)
        for item, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if value is not None
    ]
    if "executor" not in [item.arg for item, value in pairs if value is use.node]:
        return None
    name = getattr(function, "name", "")
    if name and (_only_for_makers(function, use, facts) or _knows_threading(name, facts)):
        return _renamed(use, f"does every {name}() know 'threading', and every caller?")
    return Leave(
        message="the parameter's default is the executor 'eventlet'",
        why="nothing shows that whoever gets the name knows the threaded executor",
        advice="make 'threading' the default where it ends up in oslo.messaging or stevedore, and "
        "leave the argument out where it ends up in oslo.messaging only",
    )


def _only_for_makers(function: ast.AST, use: Use, facts: Facts) -> bool:
    """Whether the parameter goes nowhere but to oslo.messaging."""
    scope = facts.walker.scope_of(function)
    body = getattr(function, "body", [])
    read = [n for s in body for n in ast.walk(s) if isinstance(n, ast.Name) and n.id == "executor"]
    given = [
        item.value
        for statement in body
        for call in ast.walk(statement)
        if isinstance(call, ast.Call)
        and scope is not None
        and dotted_name(call.func, scope, facts).startswith(_LIBRARY)
        and last_name(call.func) in _MAKERS
        for item in call.keywords
        if item.arg == "executor"
    ]
    return bool(read) and all(item in given for item in read)


def _is_executor_of(name: str, place: int, facts: Facts) -> bool:
    """Whether every function of the name in the project has ``executor`` at that position."""
    found = False
    others = (facts.project.reads(path) for path in _mentioning(name, facts))
    for text in (facts.text, *others):
        for header in re.findall(rf"\bdef\s+{re.escape(name)}\s*\(([^)]*)\)", text):
            names = [item.partition("=")[0].partition(":")[0].strip() for item in header.split(",")]
            names = names[1:] if names[0] in ("self", "cls") else names
            if names[place : place + 1] != ["executor"]:
                return False
            found = True
    return found


def _knows_threading(name: str, facts: Facts) -> bool:
    """Whether the project calls such a function with the threaded executor already."""
    pattern = rf"\b{re.escape(name)}\((?:{_INNER}?\bexecutor\s*=\s*)?['\"]threading['\"]"
    if facts.search(pattern):
        return True
    return any(facts.project.matches(path, pattern) for path in _mentioning(name, facts))


def _renamed(use: Use, flow: str) -> Rewrite:
    return Rewrite(
        message="the executor is the threaded one",
        why="under monkey_patch() its threads are green as well",
        edits=(ReplaceExpression(_node(use), _threading),),
        checks={"C-ATOM": _ATOM, "C-FLOW": flow},
    )


def _threading(node: cst.BaseExpression, context: Context) -> str:
    return context.code(node).replace("eventlet", "threading")


def _node(use: Use) -> ast.expr:
    assert isinstance(use.node, ast.expr)
    return use.node


# --- options ------------------------------------------------------------------------------------


def _option(use: Use, call: ast.Call) -> Decision:
    choices = argument(call, "choices")
    listed = {item.value for item in ast.walk(choices or call) if isinstance(item, ast.Constant)}
    if choices is None or "threading" not in listed:
        return Leave(
            message="the option's default is the executor 'eventlet'",
            why="nothing shows that the option may say 'threading'",
            advice="make the threaded executor the default, or deprecate the option and let "
            "oslo.messaging choose; either way with a release note",
        )
    flow = "the default of an option changes: does a release note say so, does code test it?"
    told = argument(call, "help")
    if told is not None and re.search("eventlet|green", ast.unparse(told), re.IGNORECASE):
        flow += f" Its help text on line {told.lineno} tells of green threads"
    return _renamed(use, flow)


rule = Rule(
    code="EVT402",
    family="ecosystem",
    step=2,
    summary="oslo.messaging's servers choose their executor themselves",
    apis=frozenset({"eventlet"}),
    match=match,
    checks=("C-ATOM", "C-BOUND", "C-VERSION", "C-FLOW", "C-FORK"),
    relies_on="thread",
    references=("OSM-1",),
    before="""\
import oslo_messaging as messaging


def get_server(transport, target, endpoints, serializer):
    return messaging.get_rpc_server(
        transport,
        target,
        endpoints,
        executor='eventlet',
        serializer=serializer,
    )
""",
    after="""\
import oslo_messaging as messaging


def get_server(transport, target, endpoints, serializer):
    return messaging.get_rpc_server(
        transport,
        target,
        endpoints,
        serializer=serializer,
    )
""",
)
