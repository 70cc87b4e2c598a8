"""Handles: objects that eventlet made, followed from their creation to every use in the file.

A handle is a name (of a function or the module) or an attribute that is only ever given objects
of one eventlet class (or None). Each use is recorded with what is done with the object; what the
analysis cannot follow is an *escape*, with the reason, and rules drop a tier on it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from eventlet_codemod.facts.scopes import (
    Occurrence,
    Scope,
    Walker,
    names_bound_by_header,
    own_statements,
)
from eventlet_codemod.facts.uses import Use

#: Classes of eventlet whose objects are followed.
CLASSES = frozenset(
    {
        "eventlet.event.Event",
        "eventlet.lock.Lock",
        "eventlet.queue.LifoQueue",
        "eventlet.queue.LightQueue",
        "eventlet.queue.PriorityQueue",
        "eventlet.queue.Queue",
        "eventlet.semaphore.BoundedSemaphore",
        "eventlet.semaphore.CappedSemaphore",
        "eventlet.semaphore.Semaphore",
    }
)


@dataclass(eq=False, slots=True)
class HandleUse:
    """One thing done with a handle.

    ``how`` is ``attribute`` (then ``attribute`` names it and ``call`` is set if it is called),
    ``with``, ``with-as``, ``iterate``, ``test`` (truth value), ``compare-none`` or ``escape``.
    ``node`` is the reference to the object itself, ``parents`` lead to it. ``foreign`` says that
    only the attribute's name connects it to the handle: ``other.lock`` for ``self.lock``.
    """

    how: str
    node: ast.AST
    parents: tuple[ast.AST, ...]
    attribute: str = ""
    call: ast.Call | None = None
    reason: str = ""
    foreign: bool = False

    @property
    def value_unused(self) -> bool:
        """Whether the use is a call that stands alone as a statement."""
        holder = self.parents[-3] if len(self.parents) > 2 else None
        return isinstance(holder, ast.Expr) and holder.value is self.call


@dataclass(eq=False, slots=True)
class Handle:
    """An object of eventlet and all that this file does with it.

    ``creations`` are the uses that make it, ``escapes`` the places where it leaves the analysis.
    ``label`` is how a reader would call it: ``self._lock``, ``queue``. It may be reached from
    other files as an ``attribute`` of the class ``owner``, or as the module-level ``exported``;
    ``inherits`` says that the class has bases.
    """

    api: str
    label: str
    creations: list[Use] = field(default_factory=list)
    uses: list[HandleUse] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    attribute: str = ""
    exported: str = ""
    owner: str = ""
    inherits: bool = False

    @property
    def escapes(self) -> list[HandleUse]:
        """Uses that hand the object on to code that is not followed."""
        return [use for use in self.uses if use.how in ("escape", "with-as")]


def follow(walker: Walker, uses: list[Use]) -> list[Handle]:
    """The handles that begin at the calls among ``uses`` that create an object."""
    creations = [use for use in uses if use.api in CLASSES and use.call and not use.doubt]
    return _Follower(walker, creations).run()


class _Follower:
    def __init__(self, walker: Walker, creations: list[Use]) -> None:
        self.walker = walker
        self.creations = {use.call: use for use in creations}
        self.handles: dict[tuple[Any, ...], Handle] = {}
        self.direct: list[Handle] = []
        self.names: dict[str, list[tuple[Scope, Handle]]] = {}
        self.attributes: dict[str, list[Handle]] = {}

    def run(self) -> list[Handle]:
        for use in self.creations.values():
            self._begin(use)
        words = frozenset(self.names) | frozenset(self.attributes)
        for occurrence in self.walker.find(words) if words else ():
            self._occurrence(occurrence)
        for key, handle in self.handles.items():
            if len(key) == 2:
                for binding in key[0].bindings.get(key[1], ()):
                    if not isinstance(binding.node, ast.Name):
                        handle.conflicts.append(f"line {binding.line} binds its name as well")
        return [*self.handles.values(), *self.direct]

    # --- where the object goes first ---------------------------------------------------------

    def _begin(self, use: Use) -> None:
        call, holder = use.call, use.parents[-2]
        assert call is not None
        if isinstance(holder, (ast.Assign, ast.AnnAssign)) and holder.value is call:
            targets = holder.targets if isinstance(holder, ast.Assign) else [holder.target]
            if len(targets) == 1 and self._begin_at(targets[0], use):
                return
        handle = Handle(use.api, "", [use])
        handle.uses.append(_classify(call, use.parents[:-1]))
        self.direct.append(handle)

    def _begin_at(self, target: ast.expr, use: Use) -> bool:
        if isinstance(target, ast.Name):
            scope = use.scope
            if target.id in scope.outer or scope.kind not in ("function", "module", "class"):
                return False
            if scope.kind == "class":
                key: tuple[Any, ...] = ("attribute", target.id, scope.node)
                handle = self._handle(key, use, f"{_class_name(scope.node)}.{target.id}")
                handle.attribute, handle.owner = target.id, _class_name(scope.node)
                handle.inherits = _has_bases(scope.node)
                self.attributes.setdefault(target.id, []).append(handle)
            else:
                key = (scope, target.id)
                handle = self._handle(key, use, target.id)
                if scope.kind == "module" and not target.id.startswith("__"):
                    handle.exported = target.id
            self.names.setdefault(target.id, []).append((scope, handle))
            return True
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            owner = next((n for n in reversed(use.parents) if isinstance(n, ast.ClassDef)), None)
            if owner is None or target.value.id not in ("self", "cls"):
                return False
            handle = self._handle(
                ("attribute", target.attr, owner), use, f"{target.value.id}.{target.attr}"
            )
            handle.attribute, handle.owner = target.attr, owner.name
            handle.inherits = _has_bases(owner)
            if handle not in self.attributes.setdefault(target.attr, []):
                self.attributes[target.attr].append(handle)
            return True
        return False

    def _handle(self, key: tuple[Any, ...], use: Use, label: str) -> Handle:
        handle = self.handles.get(key)
        if handle is None:
            handle = self.handles[key] = Handle(use.api, label)
        elif handle.api != use.api:
            handle.conflicts.append(f"it also holds a {use.api.rpartition('.')[2]}")
        handle.creations.append(use)
        return handle

    # --- every other place where its name stands ---------------------------------------------

    def _occurrence(self, occurrence: Occurrence) -> None:
        node = occurrence.node
        if isinstance(node, ast.Name):
            for scope, handle in dict(self.names.get(node.id, ())).items():
                if occurrence.scope.lookup(node.id) is scope:
                    self._touch(handle, node, node.ctx, occurrence.parents)
        elif isinstance(node, ast.Attribute) and node.attr in self.attributes:
            for handle, foreign in self._handles_of(node, occurrence):
                self._touch(handle, node, node.ctx, occurrence.parents, foreign)

    def _handles_of(self, node: ast.Attribute, occurrence: Occurrence) -> list[tuple[Handle, bool]]:
        """Handles that ``<something>.attr`` may be: those of its own class for self, else all."""
        candidates = self.attributes[node.attr]
        if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")):
            if self._is_module(node.value, occurrence.scope):
                return []
            owners = {getattr(key[2], "name", "") for h in candidates for key in self._keys(h)}
            known = isinstance(node.value, ast.Name) and (
                node.value.id in owners or _made_by(node.value.id, occurrence.scope) in owners
            )
            return [(handle, not known) for handle in candidates]
        owner = next((n for n in reversed(occurrence.parents) if isinstance(n, ast.ClassDef)), None)
        own = [h for h in candidates if ("attribute", node.attr, owner) in self._keys(h)]
        if own or owner is None:
            return [(handle, False) for handle in own]
        related = _related_names(owner)
        return [(h, False) for h in candidates for key in self._keys(h) if _name_of(key) in related]

    def _is_module(self, node: ast.expr, scope: Scope) -> bool:
        """Whether an expression is a name, or a dotted chain from one, that an import binds."""
        while isinstance(node, ast.Attribute):
            node = node.value
        if not isinstance(node, ast.Name):
            return False
        module = scope.module()
        return self.walker.imports_name(node.id, scope.lookup(node.id) or module)

    def _keys(self, handle: Handle) -> list[tuple[Any, ...]]:
        return [key for key, item in self.handles.items() if item is handle]

    def _touch(
        self,
        handle: Handle,
        node: ast.AST,
        context: ast.expr_context,
        parents: tuple[ast.AST, ...],
        foreign: bool = False,
    ) -> None:
        if isinstance(context, ast.Load):
            use = _classify(node, parents)
            use.foreign = foreign
            handle.uses.append(use)
            return
        value = getattr(parents[-1], "value", None)
        if isinstance(parents[-1], (ast.Assign, ast.AnnAssign)):
            if value in self.creations and self.creations[value] in handle.creations:
                return
            if value is None or (isinstance(value, ast.Constant) and value.value is None):
                return
        if foreign:
            return  # some other object's attribute of that name
        line = getattr(node, "lineno", 0)
        handle.conflicts.append(f"line {line} binds it to something else")


def _classify(node: ast.AST, parents: tuple[ast.AST, ...]) -> HandleUse:
    """What the expression around ``node`` does with the object."""
    parent = parents[-1]
    if isinstance(parent, ast.Attribute) and parent.value is node:
        outer = parents[-2]
        call = outer if isinstance(outer, ast.Call) and outer.func is parent else None
        return HandleUse("attribute", node, parents, parent.attr, call)
    if isinstance(parent, ast.withitem) and parent.context_expr is node:
        return HandleUse("with" if parent.optional_vars is None else "with-as", node, parents)
    if isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is node:
        return HandleUse("iterate", node, parents)
    if isinstance(parent, ast.Compare) and _compares_with_none(parent):
        return HandleUse("compare-none", node, parents)
    if isinstance(parent, (ast.If, ast.While, ast.IfExp)) and parent.test is node:
        return HandleUse("test", node, parents)
    if isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not):
        return HandleUse("test", node, parents)
    return HandleUse("escape", node, parents, reason=_escape_reason(parent))


def _escape_reason(parent: ast.AST) -> str:
    line = getattr(parent, "lineno", None)
    where = f" (line {line})" if line else ""
    if isinstance(parent, (ast.Call, ast.keyword, ast.Starred)):
        return f"it is passed on{where}"
    if isinstance(parent, (ast.Return, ast.Yield, ast.YieldFrom)):
        return f"it is returned{where}"
    return f"it is stored or passed on{where}"


def _compares_with_none(node: ast.Compare) -> bool:
    return all(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops) and any(
        isinstance(item, ast.Constant) and item.value is None
        for item in (node.left, *node.comparators)
    )


def _made_by(name: str, scope: Scope) -> str:
    """The class in ``name = Class(…)``, where that is all that a function or module gives it."""
    for item in scope.chain():
        if item.kind not in ("module", "function") or name not in item.bound:
            continue
        statements = [
            s
            for s in own_statements(getattr(item.node, "body", []))
            if name in names_bound_by_header(s)
        ]
        made = statements[0] if len(statements) == 1 else None
        if isinstance(made, ast.Assign) and isinstance(made.value, ast.Call):
            function = made.value.func
            return function.id if isinstance(function, ast.Name) else ""
        return ""
    return ""


def _has_bases(owner: ast.AST) -> bool:
    bases = owner.bases if isinstance(owner, ast.ClassDef) else []
    return any(not (isinstance(base, ast.Name) and base.id == "object") for base in bases)


def _class_name(node: ast.AST) -> str:
    return str(getattr(node, "name", ""))


def _related_names(owner: ast.ClassDef) -> set[str]:
    return {base.id if isinstance(base, ast.Name) else "" for base in owner.bases} - {""}


def _name_of(key: tuple[Any, ...]) -> str:
    return _class_name(key[2]) if len(key) == 3 else ""
