"""Where an object goes as an argument: into functions, builtins, containers, eventlet itself."""

from __future__ import annotations

import ast

from eventlet_codemod.facts.calls import Arguments
from eventlet_codemod.facts.carried import callees, carried_by
from eventlet_codemod.facts.doing import is_setdefault, makes_mapping
from eventlet_codemod.facts.handles import HandleUse
from eventlet_codemod.facts.module import Module, Parents
from eventlet_codemod.facts.patches import patch_at
from eventlet_codemod.facts.reading import Reader
from eventlet_codemod.facts.scopes import Scope
from eventlet_codemod.facts.trail import ANY, COLLECTS, Path, Place
from eventlet_codemod.facts.uses import Use

#: Methods that put an argument into a container, and which argument it is.
PUTS = {
    **dict.fromkeys(("append", "appendleft", "add", "put", "put_nowait"), 0),
    **dict.fromkeys(("insert", "setdefault"), 1),
}
#: Methods that put all that an argument holds into a container.
MERGES = frozenset({"extend", "extendleft", "update"})
_ITERATES = (COLLECTS - {"dict"}) | {"enumerate", "zip", "next", "map", "filter"}
_LOOKS = frozenset({"len", "bool", "print", "repr", "str", "type", "format", "hash", "id"})
_LOGS = frozenset({"LOG", "log", "logger", "logging", "_logger", "LOGGER"})


def _named_in(call: ast.Call, node: ast.AST, name: str) -> str:
    """The method that ``hasattr(node, "method")``, or a patch of ``node``, names."""
    patch = patch_at(call, node)
    if patch is not None and patch.owner is node:
        return patch.name
    if name == "hasattr" and len(call.args) == 2 and call.args[0] is node:
        value = call.args[1]
        return str(value.value) if isinstance(value, ast.Constant) else ""
    return ""


class Passer(Reader):
    """Follows arguments."""

    def _link(self, module: Module, call: ast.Call, parents: Parents) -> None:
        """``gt.link(callback)`` passes the green thread itself to the callback, when it ends."""
        callback = call.args[0] if call.args else None
        given = Arguments(call.func, (), {}, 0)
        inside = (*parents, call)
        if callback is None or not self._enter(module, callback, inside, call, given, ()):
            self._escape(module, callback or call, inside, "it is passed to a callback")

    def _in_keyword(
        self, module: Module, node: ast.AST, parent: ast.keyword, outer: Parents, path: Path
    ) -> bool:
        call = outer[-1]
        if not isinstance(call, ast.Call) or parent.arg is None:
            return False
        return self._argument(module, node, call, outer[:-1], path, parent.arg)

    def _in_call(
        self, module: Module, node: ast.AST, parent: ast.Call, outer: Parents, path: Path
    ) -> bool:
        if parent.func is node:
            return False
        return self._argument(module, node, parent, outer, path, parent.args.index(node))  # type: ignore[arg-type]

    def _argument(
        self,
        module: Module,
        node: ast.AST,
        call: ast.Call,
        outer: Parents,
        path: Path,
        where: int | str,
    ) -> bool:
        """``node`` is an argument of ``call``; ``where`` is its position or keyword."""
        scope = module.scope_at(call, outer)
        use = module.use_of_call.get(call)
        if use is not None and self._given_to_eventlet(module, node, call, use, path):
            return True
        started = Arguments.of_started(call, where, use.api if use is not None else "", module)
        if started is not None and self._enter(module, started.target, outer, call, started, path):
            return True
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        asked = _named_in(call, node, name) if not path else ""
        if asked and node not in self.touched:
            self.touched.add(node)
            parents = (*outer, call)
            self._record(HandleUse("named", node, parents, call=call, reason=asked, module=module))
        if asked:
            return True
        if name and self._is_builtin(module, name, scope):
            return self._given_to_builtin(module, node, call, outer, path, name, where)
        plain = Arguments.of_call(call, where)
        if self._enter(module, call.func, (*outer, call), call, plain, path):
            return True
        if not isinstance(call.func, ast.Attribute):
            return False
        method, receiver = call.func.attr, call.func.value
        root = receiver.id if isinstance(receiver, ast.Name) else ""
        expects = method.startswith("assert_") or ast.unparse(call.func) == "mock.call"
        if root in _LOGS or expects or (root == "self" and method.startswith("assert")):
            how = "text" if root in _LOGS else "compare"
            if not path:
                if method in ("assertIsInstance", "assertNotIsInstance") and where == 0:
                    how = "isinstance"
                    self._class_named(module, call)
                self._look(module, node, (*outer, call), how)
            return True
        merges = method in MERGES and path
        if (method in PUTS and PUTS[method] == where) or merges:
            inner = path if merges else (ANY, *path)
            parents = (*outer, call, call.func)
            made = is_setdefault(receiver)
            if made is not None:  # d.setdefault(key, []).append(object)
                inside = (*parents, receiver, made.func)
                self._target(module, made.func.value, inside, (ANY, ANY, *inner[1:]), None)  # type: ignore[attr-defined]
                return True
            if isinstance(receiver, (ast.Name, ast.Attribute, ast.Subscript)):
                self._target(module, receiver, parents, (ANY, *inner[1:]), None)
                if method == "setdefault":
                    self._value(module, call, outer, path)
                return True
        return False

    def _given_to_eventlet(
        self, module: Module, node: ast.AST, call: ast.Call, use: Use, path: Path
    ) -> bool:
        """``greenthread.kill(gt)``, ``GreenPile(pool)``: something eventlet does to the object."""
        first = call.args[0] if call.args else None
        kind = use.api.rpartition(".")[2]
        direct = use.api in ("eventlet.greenthread.kill", "eventlet.greenthread.cancel")
        if not path and first is node and (direct or use.api == "eventlet.greenpool.GreenPile"):
            self.touched.add(node)
            parents = (*use.parents[:-1], call)
            deed = HandleUse("argument", node, parents, kind, call, module=module, use=use)
            self._record(deed)
            return True
        return False

    def _is_builtin(self, module: Module, name: str, scope: Scope) -> bool:
        return name == "deque" or module.lookup(name, scope)[0] is None

    def _is_mapping(self, module: Module, node: ast.AST, parents: Parents) -> bool:
        """Whether a name or attribute is only ever given dicts, so that it iterates over keys."""
        if isinstance(node, ast.Name):
            bindings = module.lookup(node.id, module.scope_at(node, parents))[1]
            values: list[ast.AST | None] = [binding.value for binding in bindings]
        elif isinstance(node, ast.Attribute):
            owner = self.program.class_of(module, node.value, (*parents, node))
            stores = [
                place
                for place in (self.program.attributes(owner, node.attr) if owner else ())
                if isinstance(getattr(place.node, "ctx", None), ast.Store)
            ]
            values = [getattr(place.parents[-1], "value", None) for place in stores]
        else:
            values = [node]
        return bool(values) and all(map(makes_mapping, values))

    def _given_to_builtin(
        self,
        module: Module,
        node: ast.AST,
        call: ast.Call,
        outer: Parents,
        path: Path,
        name: str,
        where: int | str,
    ) -> bool:
        parents = (*outer, call)
        if name in _LOOKS:
            how = {"bool": "test", "hash": "key", "id": "key"}.get(name, "text")
            if not path:
                self._look(module, node, parents, how)
            return True
        if name == "isinstance" and where == 0:
            if not path:
                self._class_named(module, call)
                self._look(module, node, parents, "isinstance")
            return True
        if not path:
            if name in COLLECTS | {"enumerate"}:
                self._look(module, node, parents, "iterate")
                return True
            return False
        if name in _ITERATES and self._is_mapping(module, node, parents):
            return True  # its keys are asked for
        if name in COLLECTS:
            self._value(module, call, outer, (ANY, *path[1:]))
        elif name == "enumerate":
            self._value(module, call, outer, (ANY, 1, *path[1:]))
        elif name == "zip" and isinstance(where, int):
            self._value(module, call, outer, (ANY, where, *path[1:]))
        elif name == "next":
            self._value(module, call, outer, path[1:])
        elif name in ("map", "filter") and where == 1:
            given = Arguments(call.args[0], (call.args[1],), {}, 0)
            if not self._enter(module, call.args[0], parents, call, given, path[1:]):
                return False
            if name == "filter":
                self._value(module, call, outer, path)
        else:
            return False
        return True

    def _enter(
        self,
        module: Module,
        function: ast.AST,
        parents: Parents,
        call: ast.Call,
        arguments: Arguments,
        path: Path,
    ) -> bool:
        """Follow an argument into the functions of the project that it is passed to."""
        if not arguments.in_tuple and self._carry(module, parents, call, arguments, path):
            return True
        targets = callees(self.program, module, function, parents)
        entered = False
        for target, bound in targets:
            given = path[0] if arguments.in_tuple and path else arguments.place
            arguments_node = getattr(target.node, "args", None)
            if given in (None, ANY) or arguments_node is None:
                return False
            found = Arguments.parameter_name(arguments_node, given, bound)
            if found is None:
                return False
            name, collects = found
            inner = path[1:] if arguments.in_tuple and path else path
            inner = (ANY, *inner) if collects else inner
            self._note(target.module, target.node, f"passed to {target.name}() as {name}")
            self._into(Place("name", target.module, target.node, name, target), inner)
            entered = True
        return entered

    def _carry(
        self, module: Module, parents: Parents, call: ast.Call, arguments: Arguments, path: Path
    ) -> bool:
        """The function that is called passes the argument on to another argument of the call."""
        place = arguments.place
        found = carried_by(
            self.program,
            module,
            arguments.target,
            arguments.positional,
            arguments.keywords,
            parents,
        )
        for item in found:
            if isinstance(place, int):
                if place < item.taken or item.positional is None:
                    continue
                inner: int | str = place - item.taken + item.added
            elif place in item.keywords:
                inner = str(place)
            else:
                continue
            given = Arguments(item.function, item.positional or (), item.keywords, inner)
            if self._enter(module, item.function, parents, call, given, path):
                if item.assumed:
                    self._assume(f"{item.assumed} ({module.path}:{call.lineno})")
                return True
        return False
