"""How the arguments of a call and the parameters of a function belong together."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from eventlet_codemod.facts.carried import (
    HIDDEN,
    STARTERS,
    carried_by,
    has_decorator,
    is_static,
    last_name,
)
from eventlet_codemod.facts.module import Module
from eventlet_codemod.facts.names import Definition
from eventlet_codemod.facts.program import Program, Reference

#: Classes of threads, and the keyword that names their function.
_THREADS = {"Thread": "target", "Timer": "function"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function: its position among the positional ones, if it has one."""

    node: ast.arg
    index: int | None
    default: ast.expr | None
    collects: bool = False  # *args


@dataclass(frozen=True, slots=True)
class Arguments:
    """An argument on its way into ``target``: ``place`` is its position or keyword there.

    ``in_tuple`` says that it stands in a tuple of arguments, as with ``Thread(args=(…))``.
    """

    target: ast.AST
    positional: tuple[ast.expr, ...]
    keywords: dict[str, ast.expr]
    place: int | str | None
    in_tuple: bool = False

    @classmethod
    def of_call(cls, call: ast.Call, where: int | str) -> Arguments:
        """A plain call."""
        return cls(call.func, tuple(call.args), _keywords(call), where)

    @classmethod
    def of_started(
        cls, call: ast.Call, where: int | str, api: str, module: Module
    ) -> Arguments | None:
        """A call that starts a function, or binds its arguments, if it is one."""
        name = api.rpartition(".")[2] or last_name(call.func)
        if name in _THREADS:
            return cls._of_thread(call, where, name)
        if name == "link" and isinstance(call.func, ast.Attribute) and call.args and where != 0:
            positional = (call.func.value, *call.args[1:])  # the green thread comes first
            return cls(call.args[0], positional, _keywords(call), where)
        start = STARTERS.get(name)
        if start is None or len(call.args) <= start:
            return None
        if isinstance(where, int) and where <= start:
            return None
        place = where - start - 1 if isinstance(where, int) else where
        rest = tuple(call.args[start + 1 :])
        return cls(call.args[start], rest, _keywords(call), place)

    @classmethod
    def _of_thread(cls, call: ast.Call, where: int | str, name: str) -> Arguments | None:
        keywords = _keywords(call)
        target = keywords.get(_THREADS[name])
        if target is None and name == "Timer" and len(call.args) > 1:
            target = call.args[1]
        given = keywords.get("args")
        if target is None or where != "args" or not isinstance(given, (ast.Tuple, ast.List)):
            return None
        return cls(target, tuple(given.elts), {}, None, in_tuple=True)

    @staticmethod
    def parameter_name(
        arguments: ast.arguments, place: int | str, bound: int
    ) -> tuple[str, bool] | None:
        """The parameter that an argument at ``place`` is for, and whether it collects several."""
        positional = [*arguments.posonlyargs, *arguments.args]
        if isinstance(place, int):
            if place + bound < len(positional):
                return positional[place + bound].arg, False
            return (arguments.vararg.arg, True) if arguments.vararg else None
        known = {item.arg for item in (*arguments.args, *arguments.kwonlyargs)}
        return (place, False) if place in known else None


@dataclass(frozen=True, slots=True)
class CallSite:
    """A call of a function, or a place that hands the function on (``arguments`` is None)."""

    module: Module
    line: int
    certain: bool
    arguments: Given | None


@dataclass(frozen=True, slots=True)
class Given:
    """What a call passes. ``bound`` parameters have their value already."""

    positional: tuple[ast.expr, ...]
    keywords: dict[str, ast.expr]
    bound: int
    starred: bool = False


def parameter_for(arguments: ast.arguments, name: str) -> Parameter | None:
    """The parameter called ``name``, if it is an ordinary one."""
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    for index, (node, default) in enumerate(zip(positional, defaults, strict=True)):
        if node.arg == name:
            return Parameter(node, index, default)
    for node, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if node.arg == name:
            return Parameter(node, None, default)
    if arguments.vararg is not None and arguments.vararg.arg == name:
        return Parameter(arguments.vararg, len(positional), None, collects=True)
    return None


def arguments_for(given: Given, parameter: Parameter) -> list[ast.expr | None]:
    """What a call passes for a parameter: its value, the default, or HIDDEN; all for ``*args``."""
    if not parameter.collects:
        return [_argument_for(given, parameter)]
    start = max((parameter.index or 0) - given.bound, 0)
    if any(isinstance(value, ast.Starred) for value in given.positional):
        return [HIDDEN]
    return list(given.positional[start:])


def _argument_for(given: Given, parameter: Parameter) -> ast.expr | None:
    if parameter.node.arg in given.keywords:
        return given.keywords[parameter.node.arg]
    if parameter.index is not None:
        place = parameter.index - given.bound
        if 0 <= place < len(given.positional):
            value = given.positional[place]
            before = given.positional[: place + 1]
            return HIDDEN if any(isinstance(v, ast.Starred) for v in before) else value
    if given.starred:
        return HIDDEN
    return parameter.default


def calls_of(program: Program, function: Definition) -> Iterator[CallSite]:
    """Every call of a function, also where it is started by a thread. Raises TooCommon."""
    owner = function.owner
    if function.name == "__init__" and owner is not None:
        yield from _calls_of_classes(program, function, owner)
    if isinstance(function.node, ast.Lambda):
        return
    for reference in program.references(function):
        yield _site(program, reference, function)


def _calls_of_classes(
    program: Program, function: Definition, owner: Definition
) -> Iterator[CallSite]:
    for item in program.family(owner):
        start = program.member(item, "__init__")
        if start is None or start.node is not function.node:
            continue
        for reference in program.references(item):
            call = reference.call
            if call is not None:
                yield CallSite(reference.module, call.lineno, True, _given(call, 1))


def _site(program: Program, reference: Reference, function: Definition) -> CallSite:
    line = int(getattr(reference.node, "lineno", 0))
    bound = _bound(program, reference, function)
    call = reference.call
    if call is not None:
        given: Given | None = _given(call, bound)
    else:
        given = _given_by_start(reference, bound) or _given_by_carrier(program, reference, bound)
    return CallSite(reference.module, line, reference.certain, given)


def _given(call: ast.Call, bound: int) -> Given:
    starred = any(isinstance(a, ast.Starred) for a in call.args) or any(
        k.arg is None for k in call.keywords
    )
    return Given(tuple(call.args), _keywords(call), bound, starred)


def _given_by_start(reference: Reference, bound: int) -> Given | None:
    """The arguments that a spawn, a thread or a partial passes to the function."""
    parent = reference.parents[-1]
    if isinstance(parent, ast.keyword) and isinstance(reference.parents[-2], ast.Call):
        call = reference.parents[-2]
        name = last_name(call.func)
        if _THREADS.get(name) != parent.arg:
            return None
        return _given_to_thread(call, bound)
    if not isinstance(parent, ast.Call):
        return None
    name = last_name(parent.func)
    if name == "link" and isinstance(parent.func, ast.Attribute):
        given = _given(parent, bound)
        if given.positional[:1] == (reference.node,):  # the green thread comes first
            positional = (parent.func.value, *given.positional[1:])
            return Given(positional, given.keywords, bound, given.starred)
    if name == "Timer" and parent.args[1:2] == [reference.node]:
        return _given_to_thread(parent, bound)
    start = STARTERS.get(name)
    if start is None or parent.args[start : start + 1] != [reference.node]:
        return None
    given = _given(parent, bound)
    return Given(given.positional[start + 1 :], given.keywords, bound, given.starred)


def _given_by_carrier(program: Program, reference: Reference, bound: int) -> Given | None:
    """The arguments that another function passes on to this one."""
    parents = reference.parents
    call = parents[-1]
    if not isinstance(call, ast.Call) or reference.node not in call.args:
        return None
    start = STARTERS.get(last_name(call.func), -1)
    place = call.args.index(reference.node)
    callee = call.args[start] if 0 <= start < place else call.func
    passed = call.args[start + 1 :] if 0 <= start < place else call.args
    keywords = _keywords(call)
    for item in carried_by(program, reference.module, callee, passed, keywords, parents):
        if item.function is reference.node:
            known = item.positional is not None
            return Given(item.positional or (), item.keywords, bound, starred=not known)
    return None


def _given_to_thread(call: ast.Call, bound: int) -> Given | None:
    keywords = _keywords(call)
    args, kwargs = keywords.get("args"), keywords.get("kwargs")
    if args is not None and not isinstance(args, (ast.Tuple, ast.List)):
        return None
    if kwargs is not None:
        return None
    return Given(tuple(args.elts) if args is not None else (), {}, bound)


def _bound(program: Program, reference: Reference, function: Definition) -> int:
    """How many parameters have their value where the function is reached by a reference."""
    if function.owner is None or is_static(function):
        return 0
    node = reference.node
    if isinstance(node, ast.Attribute):
        scope = reference.module.scope_at(node, reference.parents)
        base = program.resolve(reference.module, node.value, scope)
        if base is not None and isinstance(base.node, ast.ClassDef):
            return int(has_decorator(function, "classmethod"))
        return 1
    return 0


def _keywords(call: ast.Call) -> dict[str, ast.expr]:
    return {item.arg: item.value for item in call.keywords if item.arg is not None}
