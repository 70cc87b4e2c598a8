"""One handle while it is followed: the places that it got to, and what was found there."""

from __future__ import annotations

import abc
import ast
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from eventlet_codemod.facts.doing import classify, escape_reason
from eventlet_codemod.facts.handles import (
    CLASSES,
    GREEN_THREADS,
    MAKERS,
    SPAWNS,
    Handle,
    HandleUse,
)
from eventlet_codemod.facts.module import Module, Parents
from eventlet_codemod.facts.names import Definition, enclosing
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.uses import Use

Path = tuple[str | int, ...]

ANY = "*"
DEEP = 3  # a list of lists of lists of handles is as far as it goes

#: Builtins that make one container of another.
COLLECTS = frozenset(
    ["list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "dict", "deque"]
)

#: What annotations call an object that a function gives.
_CLASS_NAMES = dict.fromkeys((*SPAWNS, *MAKERS), "GreenThread|greenlet|Greenlet")


def _type_named(name: str, module: Module) -> ast.expr | None:
    """The type that a module gives a name to, as in ``Events = Dict[str, Event]``."""
    bindings = module.lookup(name, module.walker.module)[1]
    value = bindings[0].value if len(bindings) == 1 else None
    return value if isinstance(value, (ast.Subscript, ast.BinOp)) else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object can stay: a name of a scope, an attribute of a class, a function's result.

    ``node`` is the scope, the class or the function.
    """

    kind: str
    module: Module
    node: ast.AST
    name: str
    definition: Definition | None = None

    @property
    def key(self) -> tuple[str, ast.AST, str]:
        """What makes it this place."""
        return self.kind, self.node, self.name


@dataclass(frozen=True, slots=True)
class Stored:
    """Something that is put into a place: it must be the object as well, or nothing."""

    path: Path
    module: Module
    value: ast.AST | None
    line: int
    what: str


class Trail(abc.ABC):
    """What is known of one handle while it is followed, and how it is written down."""

    def __init__(self, program: Program, use_of: dict[ast.AST, Use], start: Use) -> None:
        self.program = program
        self.use_of = use_of  # shared by all that are followed
        self.handle = Handle(start.api)
        self.pending: deque[Callable[[], None]] = deque()
        self.seen: dict[tuple[ast.AST, Path], Module] = {}
        self.places: set[tuple[object, Path]] = set()
        self.stores: list[Stored] = []
        self.touched: set[ast.AST] = set()
        self.looked_at: set[str] = set()  # files where every such attribute is accounted for
        self.kept: set[tuple[str, Module, str]] = set()  # how, where and as what it is kept
        self.given: set[ast.AST] = set()  # targets of loops and unpackings that give the object
        self.taken: set[ast.AST] = set()  # functions that pytest gives the object
        self.returned: dict[ast.AST, tuple[ast.AST, Parents]] = {}

    @abc.abstractmethod
    def _value(self, module: Module, node: ast.AST, parents: Parents, path: Path) -> None:
        """``node`` evaluates to the object or, with a path, to something that holds it."""

    @abc.abstractmethod
    def _read(self, place: Place, path: Path) -> None:
        """Look at everything that reads a place."""

    @abc.abstractmethod
    def _link(self, module: Module, call: ast.Call, parents: Parents) -> None:
        """``gt.link(callback)`` passes the green thread itself to the callback, when it ends."""

    # --- what is put into a place ------------------------------------------------------------

    def is_fine(self, value: ast.AST | None, path: Path) -> bool:
        """Whether a value is the object, or holds nothing else."""
        if value is None or (value, path) in self.seen or (value, (ANY, *path[1:])) in self.seen:
            return True
        if value in self.given:
            return True
        if isinstance(value, ast.Constant):
            return value.value is None
        if isinstance(value, ast.IfExp):
            return all(self.is_fine(v, path) for v in (value.body, value.orelse))
        if isinstance(value, ast.BoolOp):
            return all(self.is_fine(v, path) for v in value.values)
        if isinstance(value, ast.NamedExpr):
            return self.is_fine(value.value, path)
        if isinstance(value, ast.Name) and self._is_sentinel(value):
            return True
        if not path:
            return False
        if isinstance(value, (ast.List, ast.Set, ast.Tuple)):
            wanted = path[0]
            items = value.elts
            if isinstance(wanted, int) and isinstance(value, ast.Tuple) and wanted < len(items):
                items = [items[wanted]]
            return all(self.is_fine(item, path[1:]) for item in items)
        if isinstance(value, ast.Dict):
            return all(self.is_fine(item, path[1:]) for item in value.values)
        if isinstance(value, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            return self.is_fine(value.elt, path[1:])
        if isinstance(value, ast.DictComp):
            return self.is_fine(value.value, path[1:])
        if isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Add, ast.Mult)):
            return self.is_fine(value.left, path)
        if isinstance(value, ast.Call):
            name = ast.unparse(value.func).rpartition(".")[2]
            empty = not value.args and not value.keywords
            if name == "defaultdict":
                return True
            return name in COLLECTS | {"OrderedDict", "Queue", "LifoQueue"} and (
                empty or name in ("Queue", "LifoQueue")
            )
        return False

    def _is_sentinel(self, value: ast.Name) -> bool:
        """Whether a name stands for a bare ``object()``, to which nothing can be done."""
        for module in self.handle.modules:
            if module.search(r"object\(\)") is None:
                continue
            for occurrence in module.occurrences(value.id):
                if occurrence.node is value:
                    made = [b.value for b in module.lookup(value.id, occurrence.scope)[1]]
                    return bool(made) and all(
                        isinstance(item, ast.Call) and ast.unparse(item) == "object()"
                        for item in made
                    )
        return False

    def _store(
        self, path: Path, module: Module, value: ast.AST | None, line: int, what: str
    ) -> None:
        self.stores.append(Stored(path, module, value, line, what))

    # --- places ------------------------------------------------------------------------------

    def _into(self, place: Place, path: Path) -> None:
        if (place.key, path) in self.places:
            return
        if len(path) > DEEP:
            self.handle.conflicts.append("it is nested too deeply to follow")
            return
        self.places.add((place.key, path))
        self.pending.append(lambda: self._read(place, path))

    def _note(self, module: Module, node: ast.AST, text: str) -> None:
        entry = (module.path, int(getattr(node, "lineno", 0)), text)
        if entry not in self.handle.trail:
            self.handle.trail.append(entry)

    def _target(
        self, module: Module, target: ast.AST, parents: Parents, path: Path, value: ast.AST | None
    ) -> None:
        """``target`` gets the object, or what holds it; ``parents`` lead to the target."""
        if isinstance(target, (ast.Tuple, ast.List)):
            for index, item in enumerate(target.elts):
                if isinstance(item, ast.Starred):
                    self._target(module, item.value, (*parents, target, item), path, None)
                elif path and path[0] in (ANY, index):
                    self._target(module, item, (*parents, target), path[1:], None)
            if not path:
                self._escape(module, value or target, parents, "it is unpacked")
            return
        self.given.add(target)
        if isinstance(target, ast.Name):
            module.occurrences(target.id)
            scope = module.scope_at(target, parents)
            if isinstance(target.ctx, ast.Load):  # something is put into what it holds
                scope = module.lookup(target.id, scope)[0] or module.walker.module
            else:
                scope = module.walker.binding_scope(target.id, target, scope)
            if scope.kind == "class":
                self._label(f"{getattr(scope.node, 'name', '')}.{target.id}")
                owner = enclosing(module, parents, (ast.ClassDef,))
                if owner is not None:
                    self._set_attribute(owner, target.id, path)
                return
            if not path:
                self._label(target.id)
            if scope.kind == "module" and not target.id.startswith("__") and not path:
                self.handle.exported = self.handle.exported or target.id
            self._note(module, target, f"the name {target.id}")
            self.kept.add(("global" if scope.kind == "module" else "local", module, target.id))
            self._into(Place("name", module, scope.node, target.id), path)
            return
        if isinstance(target, ast.Attribute):
            owner = self.program.class_of(module, target.value, (*parents, target))
            if owner is None:
                self._escape(module, target, parents, "it is stored on another object")
                return
            if not path:
                self._label(ast.unparse(target))
            self._set_attribute(owner, target.attr, path)
            return
        if isinstance(target, ast.Subscript):
            self._target(module, target.value, (*parents, target), (ANY, *path), None)
            return
        if isinstance(target, ast.Call):  # d.setdefault(k, []).append(object)
            self._escape(module, target, parents, "it is stored in what a call gives")
            return
        self._escape(module, target, parents, "it is stored")

    def _label(self, text: str) -> None:
        self.handle.label = self.handle.label or text

    def _set_attribute(self, owner: Definition, name: str, path: Path) -> None:
        handle = self.handle
        if not path and not handle.attribute:
            handle.attribute, handle.owner = name, owner.name
            bases = getattr(owner.node, "bases", [])
            plain = [b for b in bases if isinstance(b, ast.Name) and b.id == "object"]
            handle.inherits = len(bases) > len(plain)
        self.kept.add(("attribute", owner.module, name))
        top = self.program.ancestors(owner)[-1]
        self._note(owner.module, owner.node, f"the attribute {name} of {owner.name}")
        self._into(Place("attribute", top.module, top.node, name, owner), path)

    # --- what is written down ----------------------------------------------------------------

    def _assume(self, text: str) -> None:
        if text not in self.handle.assumed:
            self.handle.assumed.append(text)

    def _annotation(
        self, module: Module, annotation: ast.AST | None, names: tuple[str, ...] = ()
    ) -> None:
        """An annotation of a place that holds the object: it must change with it.

        ``names`` are those of the types that led here.
        """
        for node in ast.walk(annotation) if annotation is not None else ():
            use = module.reference_of.get(node)
            if use is not None and use.node not in self.touched:
                self.touched.add(use.node)
                deed = HandleUse("annotation", use.node, use.parents, module=module, use=use)
                self.handle.uses.append(deed)
            elif isinstance(node, ast.Name) and node.id not in names:
                alias = _type_named(node.id, module)
                self._annotation(module, alias, (*names, node.id))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                kind = _CLASS_NAMES.get(self.handle.api, self.handle.api.rpartition(".")[2])
                if re.search(rf"\b(?:{kind})\b", node.value):
                    line = node.lineno
                    self.handle.conflicts.append(f"line {line} names its class in a string")

    def _class_named(self, module: Module, call: ast.Call) -> None:
        """``isinstance(object, Class)``: the class must change with the object."""
        node = call.args[1] if len(call.args) > 1 else None
        use = module.reference_of.get(node) if node is not None else None
        if use is not None and use.api in CLASSES and use.node not in self.touched:
            self.touched.add(use.node)
            deed = HandleUse("class", use.node, use.parents, module=module, use=use)
            self.handle.uses.append(deed)

    def _type_comment(self, module: Module, statement: ast.stmt) -> None:
        line = module.lines[(statement.end_lineno or statement.lineno) - 1]
        if re.search(r"#\s*type:\s*(?!ignore)", line):
            reason = f"a type comment names its class (line {statement.lineno})"
            self.handle.conflicts.append(reason)

    def _escape(self, module: Module, node: ast.AST, parents: Parents, reason: str) -> None:
        line = getattr(node, "lineno", None) or getattr(parents[-1], "lineno", 0)
        text = reason if "(line" in reason else f"{reason} (line {line})"
        if node in self.touched:
            return
        self.touched.add(node)
        self._record(HandleUse("escape", node, parents, reason=text, module=module))

    def _touch(
        self, module: Module, node: ast.AST, parents: Parents, *, foreign: bool = False
    ) -> None:
        if node in self.touched:
            return
        deed = classify(node, parents)
        if deed is None:
            return
        self.touched.add(node)
        deed.module, deed.foreign = module, foreign
        self._record(deed)
        linked = deed.attribute == "link" and self.handle.api in GREEN_THREADS
        if linked and deed.call is not None and not foreign:
            self._link(module, deed.call, parents[:-2])

    def _record(self, deed: HandleUse) -> None:
        if deed.use is None:
            node, parents, api = deed.node, deed.parents, self.handle.api
            if deed.attribute and deed.how == "attribute":
                node, parents = parents[-1], parents[:-1]
                api = f"{self.handle.api}.{deed.attribute}"
            known = self.use_of.get(node)  # two handles may share what may be either
            if known is None:
                scope = deed.module.scope_at(node, parents)
                known = self.use_of[node] = Use("handle", api, api, node, parents, scope)
            deed.use = known
        self.handle.uses.append(deed)

    # Each of these answers whether it dealt with ``node`` in its ``parent``.

    def _held(self, module: Module, node: ast.AST, parents: Parents, path: Path) -> None:
        """A container is used in a way that is not followed."""
        parent = parents[-1]
        if isinstance(parent, (ast.Expr, ast.If, ast.While, ast.Delete, ast.Assert, ast.Compare)):
            return
        if isinstance(parent, (ast.UnaryOp, ast.FormattedValue, ast.JoinedStr)):
            return
        reason = escape_reason(parent).removeprefix("it ")
        self._escape(module, node, parents, f"what holds it {reason}")

    def _look(self, module: Module, node: ast.AST, parents: Parents, how: str) -> None:
        if node not in self.touched:
            self.touched.add(node)
            self._record(HandleUse(how, node, parents, module=module))
