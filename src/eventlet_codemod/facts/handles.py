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


#: A scope and a name, or "attribute", its name and the class.
Key = tuple[Any, ...]


@dataclass(eq=False, slots=True)
class HandleUse:
    """One thing done with a handle.

    ``how`` is ``attribute`` (then ``attribute`` names it and ``call`` is set if it is called),
    ``with``, ``with-as``, ``iterate``, ``test`` (truth value), ``compare-none``, ``alias`` (it gets
    another name, which is followed) or ``escape``.
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
    ``conflicts`` say where something else takes its name, ``mixed`` that it is several objects.
    ``label`` is how a reader would call it: ``self._lock``, ``queue``. It may be reached from
    other files as an ``attribute`` of the class ``owner``, or as the module-level ``exported``;
    ``inherits`` says that the class has bases.
    """

    api: str
    label: str
    creations: list[Use] = field(default_factory=list)
    uses: list[HandleUse] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    mixed: str = ""
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
    taken: set[ast.AST] = set()
    for use in uses if creations else ():
        node: ast.AST | None = use.node
        while node is not None:
            taken.add(node)
            node = getattr(node, "value", None) if isinstance(node, ast.Attribute) else None
    return _Follower(walker, creations, taken).run()


class _Follower:
    def __init__(self, walker: Walker, creations: list[Use], taken: set[ast.AST]) -> None:
        self.walker = walker
        self.taken = taken  # nodes of references to eventlet itself
        self.creations = {use.call: use for use in creations}
        self.handles: dict[Key, Handle] = {}
        self.aliases: dict[Handle, list[ast.AST]] = {}
        self.direct: list[Handle] = []
        self.names: dict[str, list[tuple[Scope, Handle]]] = {}
        self.attributes: dict[str, list[Handle]] = {}

    def run(self) -> list[Handle]:
        for use in self.creations.values():
            self._begin(use)
        seen: frozenset[str] = frozenset()
        while words := frozenset([*self.names, *self.attributes]) - seen:
            for occurrence in self.walker.find(words):
                self._occurrence(occurrence)
            seen |= words  # an alias found on the way asks for another round
        for key, handle in self.handles.items():
            if len(key) == 2:
                for binding in key[0].bindings.get(key[1], ()):
                    if not isinstance(binding.node, ast.Name):
                        handle.conflicts.append(f"line {binding.line} binds its name as well")
        return [*dict.fromkeys(self.handles.values()), *self.direct]

    # --- where the object goes first ---------------------------------------------------------

    def _begin(self, use: Use) -> None:
        call, holder = use.call, use.parents[-2]
        assert call is not None
        if isinstance(holder, (ast.Assign, ast.AnnAssign)) and holder.value is call:
            targets: list[ast.expr] = [holder.target] if isinstance(holder, ast.AnnAssign) else []
            targets = targets or getattr(holder, "targets", [])
            keys = [self._key(target, use.scope, use.parents) for target in targets]
            if all(keys):
                self._begin_at([key for key in keys if key], targets, use)
                return
        handle = Handle(use.api, "", [use])
        handle.uses.append(_classify(call, use.parents[:-1]))
        self.direct.append(handle)

    def _begin_at(self, keys: list[Key], targets: list[ast.expr], use: Use) -> None:
        """One object under all the names that its creation is assigned to."""
        known = [self.handles[key] for key in keys if key in self.handles]
        label = ast.unparse(targets[0])
        if len(keys[0]) == 3 and isinstance(targets[0], ast.Name):
            label = f"{_class_name(keys[0][2])}.{label}"
        handle = known[0] if known else Handle(use.api, label)
        if any(item is not handle for item in known):
            handle.mixed = "one assignment joins it with another object"
        if handle.api != use.api:
            handle.mixed = f"it also holds a {use.api.rpartition('.')[2]}"
        handle.creations.append(use)
        for key in keys:
            self._name(key, handle)

    def _key(self, target: ast.expr, scope: Scope, parents: tuple[ast.AST, ...]) -> Key | None:
        """What a name or ``self.name`` is known by: its scope, or the class it belongs to."""
        if isinstance(target, ast.Name):
            scope = self.walker.binding_scope(target.id, target, scope)
            if scope.kind == "class":
                return ("attribute", target.id, scope.node)
            return (scope, target.id) if scope.kind in ("function", "module") else None
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            owner = next((n for n in reversed(parents) if isinstance(n, ast.ClassDef)), None)
            if owner is not None and target.value.id in ("self", "cls"):
                return ("attribute", target.attr, owner)
        return None

    def _name(self, key: Key, handle: Handle) -> None:
        """Let ``handle`` be known by ``key`` as well."""
        self.handles[key] = handle
        if len(key) == 3:
            _, handle.attribute, owner = key
            handle.owner, handle.inherits = _class_name(owner), _has_bases(owner)
            if handle not in self.attributes.setdefault(handle.attribute, []):
                self.attributes[handle.attribute].append(handle)
            scope = next((s for s in self.walker.scopes() if s.node is owner), None)
            if scope is not None:
                self.names.setdefault(handle.attribute, []).append((scope, handle))
            return
        scope, name = key
        if scope.kind == "module" and not name.startswith("__"):
            handle.exported = name
        self.names.setdefault(name, []).append((scope, handle))

    # --- every other place where its name stands ---------------------------------------------

    def _occurrence(self, occurrence: Occurrence) -> None:
        node = occurrence.node
        if node in self.taken:
            return
        if isinstance(node, ast.Name):
            for scope, handle in dict(self.names.get(node.id, ())).items():
                if occurrence.scope.lookup(node.id) is scope:
                    self._touch(handle, node, node.ctx, occurrence)
        elif isinstance(node, ast.Attribute) and node.attr in self.attributes:
            for handle, foreign in self._handles_of(node, occurrence):
                self._touch(handle, node, node.ctx, occurrence, foreign)

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

    def _keys(self, handle: Handle) -> list[Key]:
        return [key for key, item in self.handles.items() if item is handle]

    def _touch(
        self,
        handle: Handle,
        node: ast.AST,
        context: ast.expr_context,
        occurrence: Occurrence,
        foreign: bool = False,
    ) -> None:
        parents = occurrence.parents
        if isinstance(context, ast.Load):
            use = _classify(node, parents)
            use.foreign = foreign
            if use.how == "escape" and not foreign and self._is_alias(handle, node, occurrence):
                use.how = "alias"
            handle.uses.append(use)
            return
        value = getattr(parents[-1], "value", None)
        if isinstance(parents[-1], (ast.Assign, ast.AnnAssign)):
            if value in self.aliases.get(handle, ()):
                return
            if value in self.creations:
                if self.creations[value] not in handle.creations:
                    handle.mixed = f"line {node.lineno} gives it another object"  # type: ignore[attr-defined]
                return
            if value is None or (isinstance(value, ast.Constant) and value.value is None):
                return
        if foreign:
            return  # some other object's attribute of that name
        line = getattr(node, "lineno", 0)
        handle.conflicts.append(f"line {line} binds it to something else")

    def _is_alias(self, handle: Handle, node: ast.AST, occurrence: Occurrence) -> bool:
        """Whether ``other = handle`` gives the object a second name, which is followed then."""
        parent = occurrence.parents[-1]
        if not isinstance(parent, ast.Assign) or parent.value is not node:
            return False
        keys = [
            self._key(target, occurrence.scope, occurrence.parents) for target in parent.targets
        ]
        fresh = [
            key for key in keys if key and key not in self.handles and key[1] not in self.names
        ]
        if len(fresh) < len(keys) or any(key[1] in self.attributes for key in fresh):
            return False
        self.aliases.setdefault(handle, []).append(node)
        for key in fresh:
            self._name(key, handle)
        return True


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


def _name_of(key: Key) -> str:
    return _class_name(key[2]) if len(key) == 3 else ""
