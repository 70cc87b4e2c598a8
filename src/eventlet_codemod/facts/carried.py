"""Functions that take another function and its arguments: ``run(function, *args, **kwargs)``.

What such a call passes goes to ``function``, if all that is done with ``args`` and ``kwargs`` is to
call it with them, or to hand the three on to something that does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from eventlet_codemod.facts.module import FUNCTIONS, Module, Parents
from eventlet_codemod.facts.names import Definition
from eventlet_codemod.facts.program import Program

#: The value of an argument that is not seen where the call stands.
HIDDEN = ast.Constant("hidden")

#: What calls a function with the arguments behind it, now or later, and where the function stands.
STARTERS = {
    "addClassCleanup": 0,
    "addCleanup": 0,
    "spawn": 0,
    "spawn_n": 0,
    "spawn_after": 1,
    "submit": 0,
    "add_thread": 0,
    "partial": 0,
    "call_soon": 0,
}

_DEEP = 4  # how many functions hand them on to each other
_ALIKE = 8  # files that define a method of that name


@dataclass(frozen=True, slots=True)
class Carried:
    """A function that a call passes on, and what it gets: ``positional`` is None if not known.

    ``taken`` is how many arguments of the call the functions in between keep, ``added`` how many
    they put in front. ``assumed`` says what was taken for granted, "" for nothing.
    """

    function: ast.expr
    positional: tuple[ast.expr, ...] | None
    keywords: dict[str, ast.expr]
    taken: int
    added: int
    assumed: str


@dataclass(frozen=True, slots=True)
class _Passage:
    """``added``: the arguments that are put before those passed on; None if they are mixed."""

    added: int | None
    sure: bool = True

    def then(self, other: _Passage) -> _Passage:
        known = self.added is not None and other.added is not None
        added = (self.added or 0) + (other.added or 0) if known else None
        return _Passage(added, self.sure and other.sure)


def carried_by(
    program: Program,
    module: Module,
    callee: ast.AST,
    positional: Sequence[ast.expr],
    keywords: Mapping[str, ast.expr],
    parents: Parents,
) -> Iterator[Carried]:
    """The functions among the arguments of a call that get other arguments of it."""
    if any(isinstance(item, ast.Starred) for item in positional):
        return
    given = [i for i, a in enumerate(positional) if isinstance(a, (ast.Name, ast.Attribute))]
    given += [i for i, a in enumerate(positional) if isinstance(a, ast.Lambda)]
    if not given or len(positional) + len(keywords) < 2:
        return
    targets = callees(program, module, callee, parents)
    sure = bool(targets)
    if not targets and isinstance(callee, ast.Attribute):
        targets = _methods_called(program, callee.attr, len(positional), keywords)
    for index in sorted(given):
        found = [_carried(program, t, b, index, positional, keywords) for t, b in targets]
        first = found[0] if found else None
        if first is None or any(
            item is None or (item.taken, item.added) != (first.taken, first.added) for item in found
        ):
            continue
        if not sure or any(item is not None and item.assumed for item in found):
            name = targets[0][0].name
            first = Carried(
                first.function,
                first.positional,
                first.keywords,
                first.taken,
                first.added,
                f"{name}() is taken to do no more with the arguments than to pass them to "
                f"{ast.unparse(first.function)}",
            )
        yield first


def _carried(
    program: Program,
    target: Definition,
    bound: int,
    index: int,
    positional: Sequence[ast.expr],
    keywords: Mapping[str, ast.expr],
) -> Carried | None:
    arguments = getattr(target.node, "args", None)
    if not isinstance(arguments, ast.arguments):
        return None
    named = _named(target.node)
    if index + bound >= len(named) or not (arguments.vararg or arguments.kwarg):
        return None
    passage = _passage(program, target, named[index + bound], frozenset(keywords), 0)
    if passage is None:
        return None
    taken = len(named) - bound
    own = {*named, *(item.arg for item in arguments.kwonlyargs)}
    rest = {key: value for key, value in keywords.items() if key not in own}
    more: tuple[ast.expr, ...] | None = tuple(positional[taken:])
    if passage.added is None:
        more = None
    elif more is not None:
        more = (HIDDEN,) * passage.added + more
    assumed = "" if passage.sure else target.name
    return Carried(positional[index], more, rest, taken, passage.added or 0, assumed)


def _passage(
    program: Program, function: Definition, called: str, keys: frozenset[str], depth: int
) -> _Passage | None:
    """How a function calls ``called`` with its ``*args`` and ``**kwargs``; None if it may not."""
    if depth:  # what is found depends on how deep that is
        return _find_passage(program, function, called, keys, depth)
    known: dict[object, _Passage | None] = program.memo.setdefault("passages", {})
    key = (function.node, called, keys)
    if key not in known:
        known[key] = _find_passage(program, function, called, keys, 0)
    return known[key]


def _find_passage(
    program: Program, function: Definition, called: str, keys: frozenset[str], depth: int
) -> _Passage | None:
    arguments = getattr(function.node, "args", None)
    if depth > _DEEP or not isinstance(arguments, ast.arguments):
        return None
    stars = {item.arg for item in (arguments.vararg, arguments.kwarg) if item is not None}
    nodes = list(_own(function.node, stars))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    if any(node.id == called and not isinstance(node.ctx, ast.Load) for node in names):
        return None
    open_names = {node for node in names if node.id in stars}
    found: list[_Passage | None] = []
    for node in nodes:
        if isinstance(node, ast.Call):
            spread = _spread(node, stars)
            if spread:
                open_names -= spread
                found.append(_through(program, function, node, called, keys, depth))
            elif _is_lookup(node.func, node.args, keys):
                open_names.discard(node.func.value)  # type: ignore[attr-defined]
        elif isinstance(node, ast.Subscript) and _is_other(node.slice, keys):
            open_names.discard(node.value)
        elif isinstance(node, ast.Compare) and _is_other(node.left, keys):
            open_names -= {item for item in node.comparators if isinstance(item, ast.Name)}
    first = found[0] if found else None
    if open_names or first is None or any(item is None for item in found):
        return None
    same = all(item is not None and item.added == first.added for item in found)
    sure = all(item is not None and item.sure for item in found) and _is_plain(function.node)
    return _Passage(first.added if same else None, sure)


def _through(
    program: Program,
    function: Definition,
    call: ast.Call,
    called: str,
    keys: frozenset[str],
    depth: int,
) -> _Passage | None:
    """A call with the spread arguments: of the function itself, or of what it is handed on to."""
    before = [item for item in call.args if not isinstance(item, ast.Starred)]
    if isinstance(call.func, ast.Name):
        if call.func.id == called:
            return _Passage(len(before))
        wrapper = _nested(function, call.func.id)
        if wrapper is not None:
            within = _passage(program, wrapper, called, keys, depth + 1)
            front = len(before) - len(_named(wrapper.node))
            return within.then(_Passage(front if front >= 0 else None)) if within else None
    for index, item in enumerate(before):
        if not isinstance(item, ast.Name):
            continue
        inner = _Passage(0) if item.id == called else None
        wrapper = _nested(function, item.id)
        if wrapper is not None:
            inner = _passage(program, wrapper, called, keys, depth + 1)
        if inner is None:
            continue
        outer = _handed_on(program, function, call, index, keys, depth)
        return inner.then(outer) if outer is not None else None
    return None


def _handed_on(
    program: Program,
    function: Definition,
    call: ast.Call,
    index: int,
    keys: frozenset[str],
    depth: int,
) -> _Passage | None:
    """What becomes of a function at ``index`` and the spread arguments in another call."""
    before = sum(not isinstance(item, ast.Starred) for item in call.args)
    inside = (*function.parents, function.node, call)
    targets = callees(program, function.module, call.func, inside)
    if not targets:
        name = last_name(call.func)
        return _Passage(before - index - 1, STARTERS.get(name) == index)
    found: list[_Passage] = []
    for target, bound in targets:
        named = _named(target.node)
        if _is_abstract(target.node):
            continue
        if index + bound >= len(named):
            return None
        passage = _passage(program, target, named[index + bound], keys, depth + 1)
        if passage is None:
            return None
        meets = before + bound == len(named)  # else the first of *args fill parameters of it
        found.append(passage if meets else _Passage(None, passage.sure))
    if not found:
        return None
    same = all(item.added == found[0].added for item in found)
    return _Passage(found[0].added if same else None, all(item.sure for item in found))


def _own(function: ast.AST, stars: set[str]) -> Iterator[ast.AST]:
    """The nodes of a function, without functions in it that have such names of their own."""
    pending: list[ast.AST] = list(getattr(function, "body", ()))
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, (*FUNCTIONS, ast.Lambda)):
            arguments = node.args
            own = {a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None}
            if own & stars:
                continue
        pending.extend(ast.iter_child_nodes(node))


def _named(function: ast.AST) -> list[str]:
    """The names of the parameters that take positional arguments."""
    arguments = getattr(function, "args", None)
    if not isinstance(arguments, ast.arguments):
        return []
    return [item.arg for item in (*arguments.posonlyargs, *arguments.args)]


def _spread(call: ast.Call, stars: set[str]) -> set[ast.Name]:
    values = [item.value for item in call.args if isinstance(item, ast.Starred)]
    values += [item.value for item in call.keywords if item.arg is None]
    return {item for item in values if isinstance(item, ast.Name) and item.id in stars}


def _nested(function: Definition, name: str) -> Definition | None:
    parents = (*function.parents, function.node)
    for node in ast.walk(function.node):
        if isinstance(node, FUNCTIONS) and node.name == name and node is not function.node:
            return Definition(function.module, node, parents)
    return None


def _is_lookup(function: ast.expr, arguments: Sequence[ast.expr], keys: frozenset[str]) -> bool:
    """``kwargs.get("other")``: it has nothing to do with what is passed here."""
    return (
        isinstance(function, ast.Attribute)
        and function.attr in ("get", "pop", "setdefault")
        and bool(arguments)
        and _is_other(arguments[0], keys)
    )


def _is_other(key: ast.expr, keys: frozenset[str]) -> bool:
    return isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value not in keys


def _is_plain(function: ast.AST) -> bool:
    names = [last_name(getattr(d, "func", d)) for d in getattr(function, "decorator_list", ())]
    return all(name in ("wraps", "staticmethod", "classmethod") for name in names)


def _is_abstract(function: ast.AST) -> bool:
    names = [last_name(item) for item in getattr(function, "decorator_list", ())]
    return "abstractmethod" in names


def _methods_called(
    program: Program, name: str, count: int, keywords: Mapping[str, ast.expr]
) -> list[tuple[Definition, int]]:
    """The methods of that name in the project that a call could be of, as far as names tell."""
    paths = sorted(program.project.defining(name))
    found: list[tuple[Definition, int]] = []
    for path in paths if len(paths) <= _ALIKE else ():
        module = program.load(path)
        for method in _methods_of(module, name) if module is not None else ():
            arguments = method.node.args  # type: ignore[attr-defined]
            named = [*arguments.posonlyargs, *arguments.args]
            known = {item.arg for item in (*named, *arguments.kwonlyargs)}
            fits = arguments.kwarg is not None or set(keywords) <= known
            if fits and (arguments.vararg is not None or count < len(named)):
                found.append((method, bound_count(method)))
    return found


def _methods_of(module: Module, name: str) -> Iterator[Definition]:
    module.occurrences(name)
    for scope in module.walker.scopes():
        for binding in scope.bindings.get(name, ()) if scope.kind == "class" else ():
            if isinstance(binding.node, FUNCTIONS):
                yield Definition(module, binding.node, binding.parents)


def callees(
    program: Program, module: Module, function: ast.AST, parents: Parents
) -> list[tuple[Definition, int]]:
    """The functions that an expression may call, and how many parameters are bound already."""
    if isinstance(function, ast.Lambda):
        return [(Definition(module, function, parents), 0)]
    scope = module.scope_at(function, parents)
    if isinstance(function, ast.Attribute):
        owner = program.class_of(module, function.value, (*parents, function))
        inner = program.inner_class(owner, function.attr) if owner is not None else None
        if inner is not None:
            start = program.member(inner, "__init__")
            return [(start, 1)] if start is not None else []
        if owner is not None:
            found = program.methods(owner, function.attr)
            return [(item, bound_count(item)) for item in found]
    target = program.resolve(module, function, scope)
    if target is None:
        return []
    if isinstance(target.node, ast.ClassDef):
        start = program.member(target, "__init__")
        return [(start, 1)] if start is not None else []
    if isinstance(target.node, FUNCTIONS):
        return [(target, int(has_decorator(target, "classmethod")))]
    return []


def bound_count(target: Definition) -> int:
    """How many parameters of a method have their value when it is called on an object."""
    return 0 if is_static(target) else 1


def is_static(function: Definition) -> bool:
    """Whether a method takes no ``self``."""
    return has_decorator(function, "staticmethod")


def has_decorator(function: Definition, name: str) -> bool:
    """Whether a function has a decorator of that plain name."""
    return isinstance(function.node, FUNCTIONS) and any(
        isinstance(item, ast.Name) and item.id == name for item in function.node.decorator_list
    )


def last_name(node: ast.AST) -> str:
    """``c`` of ``a.b.c``, and of ``c``; "" for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
