"""The uses of eventlet in one file: every reference, import and string that depends on it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from eventlet_codemod.declared import Declared
from eventlet_codemod.facts import api
from eventlet_codemod.facts.backend import differs_by_backend, places_in, takes_part
from eventlet_codemod.facts.scopes import Binding, Occurrence, Scope, Walker

UseKind = Literal["reference", "import", "star", "string", "namespace", "handle"]

#: Words that make a line worth a look.
SEEDS = frozenset(
    {
        *("eventlet", "greenlet", "futurist", "greenthreaded", "heartbeat_in_pthread"),
        *("oslo_service", "oslo_utils"),
        *api.WELL_KNOWN,
    }
)

#: What an import may bind that something of eventlet is reached through, or that may be green.
_LEADING = frozenset({"futurist", "oslo_service", "oslo_utils", api.MAYBE_GREEN})

OPTIONAL = "the import is optional: on ImportError the name is bound to something else"

_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(eq=False, slots=True)
class Use:
    """One place that depends on eventlet.

    ``path`` is the dotted name as resolved, ``api`` its canonical form. ``node`` is the whole
    reference (``eventlet.green.time.sleep``), the import alias, or the string; ``parents`` runs
    from the module to the node that holds it. ``doubt`` says why the resolution is not certain.
    ``patchers`` are functions that patch what a string names, as a codemod declares.
    """

    kind: UseKind
    api: str
    path: str
    node: ast.AST
    parents: tuple[ast.AST, ...]
    scope: Scope
    doubt: str = ""
    bindings: tuple[Binding, ...] = ()
    patchers: frozenset[str] = frozenset()

    @property
    def parent(self) -> ast.AST:
        """The node that holds this one."""
        return self.parents[-1]

    @property
    def call(self) -> ast.Call | None:
        """The call of which this is the function, if it is called."""
        parent = self.parents[-1]
        return parent if isinstance(parent, ast.Call) and parent.func is self.node else None

    @property
    def loaded(self) -> bool:
        """Whether the reference only reads the name."""
        return isinstance(getattr(self.node, "ctx", None), ast.Load)

    @property
    def statement(self) -> ast.stmt:
        """The innermost statement around the use."""
        return next(node for node in reversed(self.parents) if isinstance(node, ast.stmt))

    @property
    def call_is_statement(self) -> bool:
        """Whether the call stands alone, so that nobody sees its value."""
        holder = self.parents[-2]
        return isinstance(holder, ast.Expr) and holder.value is self.call

    @property
    def function(self) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None:
        """The innermost function around the use."""
        for node in reversed(self.parents):
            if isinstance(node, _FUNCTIONS):
                return node
        return None

    @property
    def in_loop(self) -> bool:
        """Whether a loop or comprehension of the same function is around the use."""
        for node in reversed(self.parents):
            if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
                return False
            if isinstance(node, (*_LOOPS, ast.GeneratorExp)):
                return True
        return False


@dataclass(slots=True)
class Names:
    """What the names of one file mean for eventlet.

    ``imports`` are the bindings that import eventlet, ``references`` the places that refer to
    each, ``exported`` the names in ``__all__``. ``shims`` maps imports to the names of the project
    that they take, where those stand for something of eventlet; ``taken`` says the same of uses.
    ``classes`` names the class of the project that a use of `api.OWN_TIMEOUT` refers to.
    """

    uses: list[Use] = field(default_factory=list)
    imports: list[Binding] = field(default_factory=list)
    references: dict[Binding, list[Use]] = field(default_factory=dict)
    stars: list[Binding] = field(default_factory=list)
    exported: frozenset[str] = frozenset()
    shims: dict[Binding, str] = field(default_factory=dict)
    taken: dict[Use, str] = field(default_factory=dict)
    classes: dict[Use, str] = field(default_factory=dict)


def find_uses(
    walker: Walker,
    *,
    local_modules: frozenset[str] = frozenset(),
    has_module: Callable[[str], bool] = lambda name: False,
    shims: Mapping[str, str] | None = None,
    timeouts: Collection[str] = (),
    package: str = "",
    backend: bool = False,
    cotyledon: bool = False,
    declared: Declared | None = None,
) -> Names:
    """Every use of eventlet in a file.

    ``local_modules`` are top-level modules of the project, which hide installed ones of the same
    name; ``has_module`` tells whether a dotted name is a module of the project. ``shims`` are names
    of the project that stand for something of eventlet, ``timeouts`` its classes that derive from
    Timeout (see `Project`); relative imports start from ``package``. ``backend``: with what another
    backend of oslo.service does differently; ``cotyledon``: with every launch and every class of a
    service. ``declared`` is what codemods say of names; those of the ``shims`` that it watches
    count as uses all the same.
    """
    known = {**dict.fromkeys(timeouts, api.OWN_TIMEOUT), **(shims or {})}
    finder = _Finder(walker, local_modules, has_module, known, package)
    finder.backend, finder.cotyledon = backend, cotyledon
    if declared is not None:
        finder.watched, finder.futures = declared.watched, declared.futures
        finder.claimed = declared.claimed
    names = finder.run()
    if backend and (found := places_in(walker)):
        names.uses += (Use("handle", name, name, o.node, o.parents, o.scope) for name, o in found)
    if declared is not None and declared.patchers:
        for use in names.uses:
            use.patchers = declared.patchers
    names.uses.sort(key=lambda use: (use.node.lineno, use.node.col_offset))  # type: ignore[attr-defined]
    return names


class _Finder:
    def __init__(
        self,
        walker: Walker,
        local: frozenset[str],
        has_module: Callable[[str], bool],
        shims: Mapping[str, str],
        package: str,
    ) -> None:
        self.walker = walker
        self.backend = self.cotyledon = False
        self.watched = self.futures = self.claimed = frozenset[str]()
        self.shims = shims
        self.package = package
        modules = (name.split(".")[:-1] for name in shims)
        self.shim_modules = {".".join(m[:end]) for m in modules for end in range(1, len(m) + 1)}
        self.local = local
        self.has_module = has_module
        self.names = Names()
        self.consumed: set[ast.AST] = set()  # inner nodes of chains already taken
        self.partial: list[Binding] = []  # star imports that bring in more than what is green
        self.starred: dict[str, frozenset[str]] = {}

    def run(self) -> Names:
        names = self.names
        seeds = SEEDS | {part for name in self.shims for part in name.split(".")[-2:]}
        occurrences = self.walker.find(seeds)
        words = self._imported_words()
        if not words <= seeds:
            occurrences = self.walker.find(seeds | words)
        names.exported = frozenset(_dunder_all(self.walker.tree))
        for occurrence in occurrences:
            if isinstance(occurrence.node, ast.Name):
                self._name(occurrence, occurrence.node)
        for occurrence in occurrences:
            if isinstance(occurrence.node, ast.Attribute):
                self._namespace(occurrence, occurrence.node)
            elif isinstance(occurrence.node, ast.Constant):
                self._string(occurrence, occurrence.node)
        self._imports()
        self._own_classes()
        return names

    def _own_classes(self) -> None:
        """References to classes of this file that derive from Timeout, at whatever distance."""
        pending = [use for use in self.names.uses if use.kind == "reference"]
        seen: set[ast.AST] = set()  # a class may have the name of its base, or of another class
        for use in pending:
            owner = class_deriving(use) if use.api in (api.TIMEOUT, api.OWN_TIMEOUT) else None
            if owner is None:
                continue
            for occurrence in self.walker.find(frozenset({owner.name})):
                node = occurrence.node
                if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
                    continue
                scope, doubt = occurrence.scope.lookup(node.id), ""
                if scope is not None and scope.kind == "class" and scope.parent is not None:
                    scope, doubt = self._beyond_class(node, scope)
                bindings = scope.bindings[node.id] if scope is not None else []
                own = tuple(item for item in bindings if item.node is owner)
                if own and node not in seen:
                    seen.add(node)
                    pending.append(self._own_class(occurrence, doubt or _doubt(bindings, own)))

    def _own_class(self, occurrence: Occurrence, doubt: str) -> Use:
        node, parents, path = self._chain(occurrence.node, occurrence.parents, api.OWN_TIMEOUT)
        use = Use("reference", path, path, node, parents, occurrence.scope, doubt)
        self.names.classes[use] = str(getattr(occurrence.node, "id", ""))
        self.names.uses.append(use)
        return use

    def _is_ours(self, path: str) -> bool:
        return api.is_eventlet(path) and path.partition(".")[0] not in self.local

    # --- imports ---------------------------------------------------------------------------

    def _imported_words(self) -> frozenset[str]:
        """Local names by which this file may reach eventlet."""
        words: set[str] = set()
        for binding in self.walker.imports():
            path = str(binding.qualified)
            if binding.name == "*":
                module = path.removesuffix(".*")
                if self._is_ours(module):
                    self.names.stars.append(binding)
                    words |= api.names_of(module)
                elif passed := self._brought_by_star(module):
                    self.partial.append(binding)
                    words |= passed
            elif self._is_ours(path):
                self.names.imports.append(binding)
                words.add(binding.name)
            elif self._goes_with_its_uses(self._absolute(path)):
                self.names.imports.append(binding)
                self.names.shims[binding] = self._absolute(path)
                words.add(binding.name)
            elif self._leads(path):
                words.add(binding.name)
        return frozenset(words)

    def _goes_with_its_uses(self, name: str) -> bool:
        """Whether the import of a name of the project may go when nothing green is taken by it."""
        found = self.shims.get(name, api.OWN_TIMEOUT)
        return found != api.OWN_TIMEOUT and name not in self.futures

    def _absolute(self, path: str) -> str:
        """The dotted name that an import binds, without leading dots."""
        level = len(path) - len(path.lstrip("."))
        if not level:
            return path
        package = self.package.split(".")
        return ".".join([*package[: len(package) - level + 1], path[level:]])

    def _meaning(self, path: str) -> tuple[str, str]:
        """A dotted name with what it is in eventlet in the place of a shim, and that shim."""
        if self.shims:
            path = self._absolute(path)
            parts = path.split(".")
            for end in range(len(parts), 1, -1):
                shim = ".".join(parts[:end])
                if shim in self.shims:
                    return ".".join([self.shims[shim], *parts[end:]]), shim
        return path, ""

    def _imports(self) -> None:
        """A green import is a use by itself; so is one that nothing in the file refers to."""
        for binding in self.names.stars:
            self._import("star", binding, str(binding.qualified).removesuffix(".*"))
        for binding in self.names.imports:
            path = str(binding.qualified)
            if binding in self.names.shims:
                continue  # a name of the project's own
            green = api.canonical(path).startswith("eventlet.green.")
            if green or binding not in self.names.references:
                self._import("import", binding, path)

    def _import(self, kind: UseKind, binding: Binding, path: str) -> None:
        alias = binding.node.names[binding.alias]  # type: ignore[attr-defined]
        parents = (*binding.parents, binding.node)
        use = Use(kind, api.canonical(path), path, alias, parents, binding.scope)
        use.bindings = (binding,)
        self.names.uses.append(use)

    # --- references ------------------------------------------------------------------------

    def _name(self, occurrence: Occurrence, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            return
        scope = occurrence.scope.lookup(node.id)
        doubt = ""
        if scope is not None and scope.kind == "class" and scope.parent is not None:
            scope, doubt = self._beyond_class(node, scope)
        bindings = scope.bindings[node.id] if scope else []
        ours = tuple(b for b in bindings if b.is_import and self._leads(str(b.qualified)))
        star = self._star_source(node.id)
        if ours:
            root, doubt = str(ours[0].qualified), doubt or _doubt(bindings, ours)
        elif bindings:
            return
        elif star is not None:
            ours, root = (star,), f"{str(star.qualified).removesuffix('.*')}.{node.id}"
            doubt = "it came by a star import, as may others" if self._star_count() > 1 else ""
        elif node.id in ("eventlet", "greenlet") and node.id not in self.local:
            root, doubt = node.id, f"nothing in this file binds the name {node.id}"
        else:
            return
        self._reference(occurrence, root, ours, doubt)

    @staticmethod
    def _beyond_class(node: ast.Name, scope: Scope) -> tuple[Scope, str]:
        """Where a name in a class body is looked up: around the class until the class binds it."""
        outer = scope.parent.lookup(node.id) if scope.parent else None
        lines = [binding.line for binding in scope.bindings[node.id]]
        if outer is None or any(b.is_import for b in scope.bindings[node.id]):
            return scope, ""
        if min(lines) >= node.lineno and scope.outer.get(node.id) is None:
            return outer, ""
        return outer, f"the class body binds the same name on line {min(lines)}"

    def _leads(self, path: str) -> bool:
        if self._is_ours(path) or path in _LEADING:
            return True
        if (self.backend or self.cotyledon) and api.leads_to_backend(path):
            return True
        path = self._absolute(path) if self.shims else path
        return path in self.shims or path in self.shim_modules

    def _star_count(self) -> int:
        statements = self.walker.import_statements
        return sum(getattr(node, "names", [])[0].name == "*" for node in statements)

    def _star_source(self, name: str) -> Binding | None:
        for binding in (*self.names.stars, *self.partial):
            if name in self._brought_by_star(str(binding.qualified).removesuffix(".*")):
                return binding
        return None

    def _brought_by_star(self, module: str) -> frozenset[str]:
        """What ``from module import *`` brings in of eventlet, or of what stands for it."""
        if self._is_ours(module) or (module == "futurist" and module not in self.local):
            return api.names_of(module)
        if module not in self.starred:
            places = (name.rpartition(".") for name in self.shims)
            home = self._absolute(module)
            found = frozenset(n for m, _, n in places if m == home and not n.startswith("_"))
            self.starred[module] = found
        return self.starred[module]

    def _reference(
        self, occurrence: Occurrence, root: str, bindings: tuple[Binding, ...], doubt: str
    ) -> None:
        node, parents, path = self._chain(occurrence.node, occurrence.parents, root)
        path, shim = self._meaning(path)
        path = shim if shim in self.watched else path
        if (
            shim not in self.watched
            and not self._is_ours(path)
            and not self._depends(path, node, parents[-1])
        ):
            self._give_back(node)
            return
        name = api.canonical(path)
        use = Use("reference", name, path, node, parents, occurrence.scope, doubt, bindings)
        ignored = shim in self.futures and (use.call is None or use.call_is_statement)
        if ignored and shim not in self.claimed:
            return  # what it gives is of no interest here
        if name.startswith(api.OWN_TIMEOUT):
            self.names.classes[use] = shim
            bindings = ()  # its import is the project's own
        elif shim:
            self.names.taken[use] = shim
            bindings = () if shim in self.futures else bindings
        for binding in bindings:
            self.names.references.setdefault(binding, []).append(use)
        through_green_import = name.startswith("eventlet.green.") and any(
            api.canonical(str(b.qualified)).startswith("eventlet.green.") for b in bindings
        )
        # Else the import is the use, and this one follows it.
        if not through_green_import or name in api.GREEN_ONLY:
            self.names.uses.append(use)

    def _depends(self, path: str, node: ast.AST, parent: ast.AST) -> bool:
        """Whether a name of a library that is not eventlet's is used in a way that is."""
        if path == api.MAYBE_GREEN:
            called = isinstance(parent, ast.Call) and parent.func is node
            return called and any(item.arg == "green" for item in parent.keywords)  # type: ignore[attr-defined]
        if self.cotyledon and takes_part(path, node, parent):
            return True
        return self.backend and path in api.BY_BACKEND and differs_by_backend(path, node, parent)

    def _chain(
        self, node: ast.AST, parents: tuple[ast.AST, ...], path: str
    ) -> tuple[ast.AST, tuple[ast.AST, ...], str]:
        """The whole dotted reference that begins with ``node``."""
        while isinstance(parents[-1], ast.Attribute):
            node = parents[-1]
            self.consumed.add(node)
            path = f"{path}.{node.attr}"
            parents = parents[:-1]
        return node, parents, path

    def _give_back(self, node: ast.AST) -> None:
        """Let a chain be looked at again: it may lead to eventlet through another module."""
        while isinstance(node, ast.Attribute):
            self.consumed.discard(node)
            node = node.value

    def _namespace(self, occurrence: Occurrence, node: ast.Attribute) -> None:
        """``mod.eventlet.sleep``: eventlet seen through the namespace of another module."""
        base = _dotted(node.value)
        if base is None or node in self.consumed:
            return
        if base.rpartition(".")[2] in ("eventlet", "greenlet"):
            return  # that is the one to begin with
        if node.attr in ("eventlet", "greenlet"):
            known, path = api.PUBLIC_NAMES | {"GreenletExit"}, node.attr
            reachable = base not in ("self", "cls")
        elif node.attr in api.WELL_KNOWN:
            known = frozenset(api.WELL_KNOWN[node.attr].split())
            path = api.module_path(node.attr)
            root = base.partition(".")[0]
            scope = occurrence.scope.lookup(root) or occurrence.scope.module()
            reachable = root not in ("self", "cls") and self.walker.imports_name(root, scope)
        else:
            return
        whole, parents, full = self._chain(node, occurrence.parents, path)
        tail = full.removeprefix(path).removeprefix(".")
        if not reachable or (tail and tail.partition(".")[0] not in known):
            return
        if self.has_module(f"{base}.{node.attr}"):
            return
        doubt = "it is reached through the namespace of another module"
        use = Use("namespace", api.canonical(full), full, whole, parents, occurrence.scope, doubt)
        self.names.uses.append(use)

    def _string(self, occurrence: Occurrence, node: ast.Constant) -> None:
        if isinstance(occurrence.parents[-1], (ast.Expr, ast.JoinedStr)):
            return
        value = str(node.value)
        name = api.string_api(value)
        if name is None and self.shims:
            value, name = self._shim_named(occurrence, node, value)
        if name is None or value.partition(".")[0] in self.local & {"eventlet", "greenlet"}:
            return
        segments = value.split(".")
        prefixes = (".".join(segments[:end]) for end in range(2, len(segments) + 1))
        if any("eventlet" in p.split(".")[1:] and self.has_module(p) for p in prefixes):
            return
        self.names.uses.append(
            Use("string", name, value, node, occurrence.parents, occurrence.scope)
        )

    def _shim_named(
        self, occurrence: Occurrence, node: ast.Constant, value: str
    ) -> tuple[str, str | None]:
        """The name of the project that a patch is for: ``patch("pkg.mod.sleep")`` or an attribute.

        Returned with what it is in eventlet, None if it is nothing of it.
        """
        call = occurrence.parents[-1]
        if isinstance(call, ast.Call) and call.args[1:2] == [node]:
            module = self._module_named(call.args[0], occurrence.scope)
            if self._meaning(module)[1]:
                return value, None  # the object is a use by itself
            value = f"{module}.{value}" if module else value
        path, shim = self._meaning(value)
        own = path.startswith(api.OWN_TIMEOUT)  # it goes by its name as before
        return value, api.canonical(path) if shim and not own else None

    def _module_named(self, node: ast.expr, scope: Scope) -> str:
        """The dotted name of the module that an expression spells by way of an import."""
        root, _, rest = (_dotted(node) or "").partition(".")
        where = scope.lookup(root) if root else None
        bindings = where.bindings.get(root, []) if where is not None else []
        if len(bindings) != 1 or not bindings[0].is_import:
            return ""
        return ".".join(filter(None, [self._absolute(str(bindings[0].qualified)), rest]))


def class_deriving(use: Use) -> ast.ClassDef | None:
    """The class that has a use as one of its bases."""
    parent = use.parents[-1]
    return parent if isinstance(parent, ast.ClassDef) and use.node in parent.bases else None


def _doubt(bindings: list[Binding], ours: tuple[Binding, ...]) -> str:
    """Why a name that an import binds to eventlet may mean something else; "" when it cannot."""
    others = [b for b in bindings if b not in ours]
    if others:
        if all(_in_import_fallback(b) for b in others):
            return OPTIONAL
        return f"the same name is also bound on line {others[0].line}"
    if len({b.qualified for b in ours}) > 1:
        return "several imports bind this name to different things"
    return ""


def _in_import_fallback(binding: Binding) -> bool:
    return any(
        isinstance(node, ast.ExceptHandler) and catches_import_error(node)
        for node in binding.parents
    )


def catches_import_error(handler: ast.ExceptHandler) -> bool:
    """Whether an except clause is there for a module that is not installed."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        isinstance(kind, ast.Name) and kind.id in ("ImportError", "ModuleNotFoundError")
        for kind in kinds
    )


def _dotted(node: ast.AST) -> str | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def _dunder_all(tree: ast.Module) -> list[str]:
    found: list[str] = []
    for statement in tree.body:
        if not isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        if any(isinstance(item, ast.Name) and item.id == "__all__" for item in targets):
            found += [
                item.value
                for item in ast.walk(statement)
                if isinstance(item, ast.Constant) and isinstance(item.value, str)
            ]
    return found
