"""Where a file starts work in a thread, green or native, and which function that is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eventlet_codemod.facts.carried import callees
from eventlet_codemod.facts.module import FUNCTIONS, Module, Parents
from eventlet_codemod.facts.names import Definition, enclosing
from eventlet_codemod.facts.program import Program

#: Calls that start a function, and the place of that among the arguments.
_CALLS = {
    "spawn": 0,
    "spawn_n": 0,
    "spawn_after": 1,
    "spawn_after_local": 1,
    "submit": 0,
    "add_thread": 0,
    "add_timer": 1,
    "add_dynamic_timer": 0,
    "imap": 0,
    "starmap": 0,
    "start_new_thread": 0,
}
#: Classes that start a function when they are told to, and the keyword that names it.
_CLASSES = {
    "Thread": ("target", 1),
    "Timer": ("function", 1),
    "FixedIntervalLoopingCall": ("f", 0),
    "DynamicLoopingCall": ("f", 0),
}
#: What a file holds that may have methods called by servers.
_SERVED = re.compile(r"\bTarget\(|\bstart_response\b|\bperiodic|^class \w+\(.*Manager", re.M)
_CONTEXTS = frozenset({"context", "ctxt", "ctx", "cnxt", "req_context", "rpc_ctx"})
#: What an application is made from, once; objects for one request are made otherwise.
_APPLICATION = frozenset({"app", "application", "conf"})
_LOOPING = ("FixedIntervalLoopingCall", "DynamicLoopingCall")
#: They run the function once for each item.
_SPREADING = ("imap", "starmap")
_POOLS = frozenset({"spawn", "spawn_n", "submit", *_SPREADING})
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.GeneratorExp)


@dataclass(eq=False, frozen=True, slots=True)
class Start:
    """A place that has functions run in threads.

    ``node`` is the call that starts them, or what makes others call them; ``what`` says that in
    words. ``many``: several may run at once. ``pooled``: a pool runs it, whose threads may run
    other work before and after. ``owner`` is the class of the object whose methods they are.
    """

    module: Module
    node: ast.AST
    parents: Parents
    what: str
    functions: tuple[Definition, ...]
    owner: Definition | None
    many: bool
    pooled: bool

    @property
    def function(self) -> Definition | None:
        """The function that the call stands in."""
        return enclosing(self.module, self.parents, FUNCTIONS)

    @property
    def line(self) -> int:
        """Its line."""
        return int(getattr(self.node, "lineno", 1))


def starts_in(module: Module, program: Program) -> list[Start]:
    """Every start in a file of a function that the project defines."""
    known: dict[str, list[Start]] = program.memo.setdefault("starts", {})
    if module.path not in known:
        known[module.path] = [*_starts(module, program), *_served(module, program)]
    return known[module.path]


def _starts(module: Module, program: Program) -> Iterator[Start]:
    for name in (*_CALLS, *_CLASSES):
        for occurrence in module.occurrences(name) if name in module.text else ():
            call = occurrence.parents[-1]
            if not isinstance(call, ast.Call) or call.func is not occurrence.node:
                continue
            parents = occurrence.parents[:-1]
            target = _target(call, name)
            if target is None or (name in _LOOPING and _is_waited_for(call, parents)):
                continue
            functions, owner = _functions(target, (*parents, call), module, program)
            if functions:
                many = name in _SPREADING or _in_loop(parents) or _called_in_loop(module, parents)
                pooled = name in _POOLS and _is_method(call, parents, module)
                times = ", several times in a loop" if many else ""
                what = f"`{ast.unparse(target)}` is started in a thread{times}"
                yield Start(module, call, parents, what, functions, owner, many, pooled)


def _served(module: Module, program: Program) -> Iterator[Start]:
    """The classes whose methods a server calls in threads of its own, and periodic tasks."""
    for node in (_SERVED.search(module.text) and module.tree.body) or ():
        if not isinstance(node, ast.ClassDef):
            continue
        owner = Definition(module, node, (module.tree,))
        methods = [
            Definition(module, item, (module.tree, node))
            for item in node.body
            if isinstance(item, FUNCTIONS)
        ]
        for place, what, found in _serving(owner, methods, program):
            if found:
                parents = (module.tree, node)
                yield Start(module, place, parents, what, tuple(found), owner, True, True)
        for item in methods:
            decorators = map(ast.unparse, item.node.decorator_list)  # type: ignore[attr-defined]
            if any("periodic" in text for text in decorators):
                what = f"{item.name}() is run periodically, in a thread of its own"
                yield Start(module, item.node, item.parents, what, (item,), owner, False, False)


def _serving(
    owner: Definition, methods: Sequence[Definition], program: Program
) -> Iterator[tuple[ast.AST, str, list[Definition]]]:
    target = _rpc_target(owner, program)
    if target is not None:
        served = [m for m in methods if not m.name.startswith("_") and _takes_context(m)]
        what = f"an RPC server calls the methods of {owner.name}, several at once"
        yield target, what, served
    made = next((method for method in methods if method.name == "__init__"), None)
    application = made is not None and not _APPLICATION.isdisjoint(_parameters(made))
    for method in methods if application else ():
        if method.name == "__call__" and _parameters(method)[2:] == ["start_response"]:
            what = f"a WSGI server calls {owner.name}, for several requests at once"
            yield method.node, what, [method]


def _takes_context(method: Definition) -> bool:
    """Whether a method takes what an RPC server passes first."""
    return any(name in _CONTEXTS for name in _parameters(method)[1:2])


def _parameters(method: Definition) -> list[str]:
    return [item.arg for item in method.node.args.args]  # type: ignore[attr-defined]


def _rpc_target(owner: Definition, program: Program) -> ast.AST | None:
    """Where a class, or a base of it in the project, says how an RPC server offers it.

    It is told at the class itself.
    """
    for item in program.ancestors(owner):
        for node in getattr(item.node, "body", ()):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                names = [ast.unparse(place) for place in node.targets]
                if names == ["target"] and ast.unparse(node.value.func).endswith("Target"):
                    return node if item.node is owner.node else owner.node
    return None


def _is_method(call: ast.Call, parents: Parents, module: Module) -> bool:
    """Whether an object is told to start it, and no function of a module."""
    root: ast.AST = call.func
    if not isinstance(root, ast.Attribute):
        return False
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):
        return True
    bindings = module.lookup(root.id, module.scope_at(root, (*parents, call)))[1]
    return not any(binding.is_import for binding in bindings)


def _target(call: ast.Call, name: str) -> ast.expr | None:
    if any(isinstance(item, ast.Starred) for item in call.args):
        return None
    if name in _CALLS:
        place = _CALLS[name]
        return call.args[place] if len(call.args) > place else None
    keyword, place = _CLASSES[name]
    given = {item.arg: item.value for item in call.keywords}
    return given.get(keyword) or (call.args[place] if len(call.args) > place else None)


def _functions(
    target: ast.expr, parents: Parents, module: Module, program: Program
) -> tuple[tuple[Definition, ...], Definition | None]:
    if isinstance(target, ast.Call) and target.args:  # partial(function, …), wrap(function)
        target = target.args[0]
    if not isinstance(target, (ast.Name, ast.Attribute, ast.Lambda)):
        return (), None
    found = tuple(
        item for item, _ in callees(program, module, target, parents) if item.name != "__init__"
    )
    owner = None
    if isinstance(target, ast.Attribute):
        owner = program.class_of(module, target.value, (*parents, target))
    return found, owner


def _in_loop(parents: Parents) -> bool:
    """Whether a loop or comprehension of the same function is around."""
    for place in range(len(parents) - 1, -1, -1):
        node = parents[place]
        if isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            return False
        if isinstance(node, _LOOPS):
            return not _leaves(node)
    return False


def _called_in_loop(module: Module, parents: Parents) -> bool:
    """Whether a loop of this file calls the function around, by its name or on ``self``."""
    function = enclosing(module, parents, FUNCTIONS)
    for occurrence in module.occurrences(function.name) if function is not None else ():
        node, call = occurrence.node, occurrence.parents[-1]
        own = ast.unparse(node) in (function.name, f"self.{function.name}")  # type: ignore[union-attr]
        called = own and isinstance(call, ast.Call) and call.func is node
        if called and _in_loop(occurrence.parents[:-1]):
            return True
    return False


def _leaves(loop: ast.AST) -> bool:
    """Whether a loop ends by itself after a round, as one that only tries again does."""
    body = getattr(loop, "body", None)
    return isinstance(body, list) and isinstance(body[-1], (ast.Break, ast.Return))


def _is_waited_for(call: ast.Call, parents: Parents) -> bool:
    """Whether the function that makes a looping call also waits for its end."""
    function = next((node for node in reversed(parents) if isinstance(node, FUNCTIONS)), None)
    return function is not None and any(
        isinstance(node, ast.Attribute) and node.attr == "wait" for node in ast.walk(function)
    )
