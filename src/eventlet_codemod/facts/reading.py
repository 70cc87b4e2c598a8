"""Who reads a place that the object got to, and what else is put there."""

from __future__ import annotations

import ast

from eventlet_codemod.facts.calls import arguments_for, calls_of, parameter_for
from eventlet_codemod.facts.carried import HIDDEN
from eventlet_codemod.facts.doing import (
    has_yield,
    is_offered,
    is_telling,
    manner_of,
    own_nodes,
)
from eventlet_codemod.facts.fixtures import is_fixture, takers
from eventlet_codemod.facts.module import FUNCTIONS, Module, Parents
from eventlet_codemod.facts.names import Definition
from eventlet_codemod.facts.program import Program, Reference
from eventlet_codemod.facts.trail import ANY, Path, Place, Trail


class Reader(Trail):
    """Finds the readers of names, attributes and results."""

    def _read(self, place: Place, path: Path) -> None:
        if place.kind == "name":
            self._read_name(place, path)
        elif place.kind == "attribute":
            self._read_attribute(place, path)
        else:
            self._read_result(place, path)

    def _read_name(self, place: Place, path: Path) -> None:
        module, name = place.module, place.name
        for occurrence in module.occurrences_in(name, place.node):
            node = occurrence.node
            if not isinstance(node, ast.Name) or node in module.spelling:
                continue
            scope = occurrence.scope
            if isinstance(node.ctx, ast.Load):
                where = scope.lookup(name)
                if where is not None and where.node is place.node:
                    self._value(module, node, occurrence.parents, path)
            elif module.walker.binding_scope(name, node, scope).node is place.node:
                self._bound(module, node, occurrence.parents, path)
        self._other_bindings(place, path)
        if isinstance(place.node, (*FUNCTIONS, ast.Lambda)):
            self._arguments_for(place, path)
        if isinstance(place.node, ast.Module) and not name.startswith("__"):
            self._read_imported(place, path)

    def _bound(self, module: Module, node: ast.Name, parents: Parents, path: Path) -> None:
        """Something binds the name: an assignment, a loop, a with statement."""
        parent = parents[-1]
        what = "binds it to something else"
        if isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is not None:
            self._store(path, module, parent.value, node.lineno, what)
            self._share(module, parent.value, parents, path)
            if isinstance(parent, ast.AnnAssign):
                self._annotation(module, parent.annotation)
            self._type_comment(module, parent)
            return
        if isinstance(parent, ast.NamedExpr):
            self._store(path, module, parent.value, node.lineno, what)
            return
        if isinstance(parent, ast.AnnAssign):
            self._annotation(module, parent.annotation)
            return
        if isinstance(parent, ast.AugAssign):
            if path and isinstance(parent.op, ast.Add):
                self._store(path, module, parent.value, node.lineno, what)
            else:
                self.handle.conflicts.append(f"line {node.lineno} {what}")
            return
        if isinstance(node.ctx, ast.Del):
            return
        # loops, with statements and unpacking: they must have been passed on the way here
        self._store(path, module, node, node.lineno, what)

    def _share(self, module: Module, value: ast.AST, parents: Parents, path: Path) -> None:
        """Another name for a container: what the one holds, the other holds as well."""
        if not path or (value, path) in self.seen:
            return
        method = value.func if isinstance(value, ast.Call) else None
        if isinstance(value, (ast.Name, ast.Attribute, ast.Subscript)):
            self.seen[value, path] = module
            self._target(module, value, parents, path, None)
        elif isinstance(method, ast.Attribute) and method.attr in ("get", "setdefault"):
            self.seen[value, path] = module
            self._target(module, method.value, (*parents, value, method), (ANY, *path), None)

    def _other_bindings(self, place: Place, path: Path) -> None:
        """A function, class, import or except clause that takes the same name."""
        scope = place.module.walker.scope_of(place.node)
        for binding in scope.bindings.get(place.name, ()) if scope else ():
            if isinstance(binding.node, (ast.Name, ast.arg)):
                continue
            if place.definition is not None and binding.is_import:
                continue
            self.handle.conflicts.append(f"line {binding.line} binds its name as well")

    def _arguments_for(self, place: Place, path: Path) -> None:
        """The name is a parameter: whatever else calls pass for it must be the object too."""
        function = definition_of(place, self.program)
        arguments = getattr(place.node, "args", None)
        parameter = parameter_for(arguments, place.name) if arguments else None
        if parameter is None or function is None:
            return
        if parameter.node.annotation is not None:
            self._annotation(place.module, parameter.node.annotation)
        what = f"passes something else for {place.name}"
        calls = list(calls_of(self.program, function))
        known = False
        for call in calls:
            known = known or (call.certain and call.arguments is not None)
            if call.arguments is None:
                if call.certain:
                    self._assume(f"line {call.line} hands {function.name} on")
                continue
            inner = path[1:] if parameter.collects else path
            for value in arguments_for(call.arguments, parameter) if call.certain else ():
                if value is HIDDEN:
                    self.handle.conflicts.append(f"line {call.line} hides what it passes")
                else:
                    self._store(inner, call.module, value, call.line, what)
        if not known and isinstance(place.node, FUNCTIONS) and place.node not in self.taken:
            line = parameter.node.lineno
            if parameter.default is None:
                what = f"leaves open what is passed for {place.name}"
                self.handle.conflicts.append(f"line {line} {what}")
            else:
                self._store(path, place.module, parameter.default, line, what)

    def _read_imported(self, place: Place, path: Path) -> None:
        """Other files that take a module-level name."""
        module, name = place.module, place.name
        sources = self.program.sharing(module, name)
        files = [file for item in sources for file in self.program.files_importing(item, name)]
        for file in dict.fromkeys(files):
            other = self.program.load(file)
            if other is None or other is module:
                continue
            for occurrence in other.occurrences(name):
                node = occurrence.node
                if isinstance(node, ast.Attribute) and node.attr == name:
                    base = self.program.resolve(other, node.value, occurrence.scope)
                    if base is None or not isinstance(base.node, ast.Module):
                        continue
                    if self.program.source_of(base.module, name) is not module:
                        continue
                    if isinstance(node.ctx, ast.Load):
                        self._value(other, node, occurrence.parents, path)
                    else:
                        self._assigned_attribute(other, node, occurrence.parents, path)
                elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                    bound = other.lookup(name, occurrence.scope)[1]
                    if not bound and self.program.source_of(other, name) is module:
                        self._value(other, node, occurrence.parents, path)
            for scope in other.walker.scopes():
                for bindings in list(scope.bindings.values()):
                    for binding in bindings:
                        tail = str(binding.qualified).rpartition(".")[2]
                        if not binding.is_import or tail != name:
                            continue
                        source = self.program.imported_module(other, str(binding.qualified))
                        if self.program.source_of(source, name) is module:
                            self._note(other, binding.node, f"imported as {binding.name}")
                            target = Place(
                                "name",
                                other,
                                scope.node,
                                binding.name,
                                Definition(other, scope.node),
                            )
                            self._into(target, path)

    def _assigned_attribute(
        self, module: Module, node: ast.Attribute, parents: Parents, path: Path
    ) -> None:
        parent = parents[-1]
        line = node.lineno
        if isinstance(node.ctx, ast.Del):
            return
        if isinstance(parent, (ast.Assign, ast.AnnAssign)):
            if isinstance(parent, ast.AnnAssign):
                self._annotation(module, parent.annotation)
            self._type_comment(module, parent)
            if parent.value is not None:
                what = "binds it to something else"
                self._store(path, module, parent.value, line, what)
            return
        if isinstance(parent, ast.AugAssign) and path and isinstance(parent.op, ast.Add):
            self._store(path, module, parent.value, line, "adds something else")
            return
        self._store(path, module, node, line, "binds it to something else")

    def _never_set(
        self, read: Reference, references: list[Reference], family: list[Definition], name: str
    ) -> str:
        """The class that reads an attribute which it is not seen to have, only a relative of it."""
        program = self.program

        def owner(reference: Reference) -> Definition | None:
            assert isinstance(reference.node, ast.Attribute)
            parents = (*reference.parents, reference.node)
            return program.class_of(reference.module, reference.node.value, parents)

        reader = owner(read)
        if reader is None or len(family) == 1:
            return ""
        stored = [r for r in references if not isinstance(getattr(r.node, "ctx", None), ast.Load)]
        setters = {found.node for found in map(owner, stored) if found is not None}
        for item in family:
            setters |= {o.scope.node for o in item.module.occurrences(name) if _is_bound(o.node)}
        if not setters or reader.node in setters:
            return ""
        met = program.may_have(reader, family, setters)
        return "" if met else f"{reader.name}, which is not seen to set it"

    def _read_attribute(self, place: Place, path: Path) -> None:
        owner = place.definition
        assert owner is not None
        name = place.name
        references = list(self.program.attributes(owner, name))
        family = self.program.family(owner)
        sole: bool | None = None
        for reference in references:
            node, module = reference.node, reference.module
            self.looked_at.add(module.path)
            if node in module.spelling:
                continue
            assert isinstance(node, ast.Attribute)
            if not reference.certain and sole is None:
                sole = not self.program.defined_elsewhere(owner, name)
            if not isinstance(node.ctx, ast.Load):
                if reference.certain:
                    self._assigned_attribute(module, node, reference.parents, path)
                elif not self._is_nothing(node, reference.parents):
                    place_of = f"{module.path}:{node.lineno}"
                    self._assume(f"`{ast.unparse(node)}` ({place_of}) may be it, set anew")
                continue
            if reference.certain:
                reader = self._never_set(reference, references, family, name)
                if reader:
                    place_of = f"{module.path}:{node.lineno}"
                    self._assume(f"`{ast.unparse(node)}` ({place_of}) is read in {reader}")
                self._value(module, node, reference.parents, path)
            elif sole and is_telling(name):
                self._assume(f"`{ast.unparse(node)}` ({module.path}:{node.lineno}) is taken for it")
                self._value(module, node, reference.parents, path)
            elif not path:
                self._touch(module, node, reference.parents, foreign=True)
            else:
                self._assume(f"`{ast.unparse(node)}` ({module.path}:{node.lineno}) may hold it")
        for item in family:
            scope = item.module.walker.scope_of(item.node)
            for occurrence in item.module.occurrences(name):
                node = occurrence.node
                if node in item.module.spelling:
                    continue
                if isinstance(node, ast.Name) and scope and occurrence.scope is scope:
                    if isinstance(node.ctx, ast.Load):
                        self._value(item.module, node, occurrence.parents, path)
                    else:
                        self._bound(item.module, node, occurrence.parents, path)
            for member in getattr(item.node, "body", ()):
                if isinstance(member, FUNCTIONS) and member.name == name:
                    self.handle.conflicts.append(f"line {member.lineno} binds its name as well")

    @staticmethod
    def _is_nothing(node: ast.Attribute, parents: Parents) -> bool:
        """Whether an attribute is deleted, or set to None."""
        value = getattr(parents[-1], "value", None)
        return isinstance(node.ctx, ast.Del) or (
            isinstance(value, ast.Constant) and value.value is None
        )

    def _read_result(self, place: Place, path: Path) -> None:
        """A function gives the object: to everyone who calls it."""
        function = place.definition
        assert function is not None
        node = function.node
        if isinstance(node, ast.AsyncFunctionDef):
            self.handle.conflicts.append(f"line {node.lineno}: a coroutine returns it")
            return
        returns = getattr(node, "returns", None)
        if returns is not None:
            self._annotation(function.module, returns)
        manner = manner_of(node)
        if is_fixture(node):
            self._read_fixture(function, path)
        elif manner is None:
            self._assume(f"{function.name}() is decorated, and returns it (line {function.line})")
        owner = function.owner
        alike = self.program.methods(owner, function.name) if owner is not None else [function]
        for item in alike:  # those of base classes and subclasses answer the same calls
            self._returns(item, path)
        references = self.program.references(function)
        if not any(reference.call for reference in references) and manner == "plain":
            reason = f"it is returned, and nothing here calls {function.name}()"
            given, parents = self.returned[node]
            self._escape(function.module, given, parents, reason)
        elif is_offered(function):
            self._assume(f"{function.name}() returns it to whoever calls")
        for reference in references:
            self._result_of(reference.module, reference, function, manner, path)

    def _read_fixture(self, fixture: Definition, path: Path) -> None:
        """A fixture of pytest gives the object for a parameter of its name."""
        found = takers(self.program, fixture)
        if found is None:
            given, parents = self.returned[fixture.node]
            reason = f"the fixture {fixture.name}() gives it to whoever takes it"
            self._escape(fixture.module, given, parents, reason)
            return
        name, functions = found
        inner = path[1:] if has_yield(fixture.node) else path
        for item in functions:
            if item.node is not fixture.node:
                self.taken.add(item.node)
                self._into(Place("name", item.module, item.node, name, item), inner)

    def _returns(self, function: Definition, path: Path) -> None:
        """What a function gives must be the object, wherever it returns."""
        for statement in own_nodes(function.node):
            if isinstance(statement, ast.Return) and statement.value is not None:
                if not has_yield(function.node):
                    what = f"returns something else from {function.name}()"
                    self._store(path, function.module, statement.value, statement.lineno, what)
            elif isinstance(statement, ast.Yield) and path and statement.value is not None:
                what = f"yields something else from {function.name}()"
                line = statement.lineno
                self._store(path[1:], function.module, statement.value, line, what)

    def _result_of(
        self,
        module: Module,
        reference: Reference,
        function: Definition,
        manner: str | None,
        path: Path,
    ) -> None:
        if manner == "property":
            if reference.certain:
                self._value(module, reference.node, reference.parents, path)
            return
        call = reference.call
        if call is not None:
            if not reference.certain:
                owner = function.owner
                sole = owner is not None and not self.program.defined_elsewhere(
                    owner, function.name
                )
                if not sole:
                    return
                self._assume(
                    f"`{ast.unparse(reference.node)}()` ({module.path}:{call.lineno}) is taken "
                    "for it"
                )
            parents = reference.parents[:-1]
            if manner == "context":
                holder = parents[-1]
                if isinstance(holder, ast.withitem) and holder.optional_vars is not None:
                    self._target(module, holder.optional_vars, parents, path[1:], None)
                return
            self._value(module, call, parents, path)
        elif reference.certain and not self._is_started(reference):
            line = getattr(reference.node, "lineno", 0)
            self.handle.conflicts.append(f"line {line} hands on {function.name}, which returns it")

    @staticmethod
    def _is_started(reference: Reference) -> bool:
        """Whether the function is only started, so that nobody sees what it returns."""
        parent = reference.parents[-1]
        return isinstance(parent, ast.keyword) and parent.arg == "target"


def definition_of(place: Place, program: Program) -> Definition | None:
    """The function whose parameter a place may be."""
    if place.definition is not None and place.definition.node is place.node:
        return place.definition
    module = place.module
    name = getattr(place.node, "name", "")
    if not name:
        return None
    module.occurrences(name)
    for scope in module.walker.scopes():
        for binding in scope.bindings.get(name, ()):
            if binding.node is place.node:
                return Definition(module, place.node, binding.parents)
    return None


def _is_bound(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
