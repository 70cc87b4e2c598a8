"""What is known of a file before any rule looks at it: computed once, in one `ast` pass."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property

from eventlet_codemod.facts.handles import Handle, HandleUse, follow
from eventlet_codemod.facts.project import Project
from eventlet_codemod.facts.scopes import (
    Binding,
    Scope,
    Walker,
    names_bound_by_header,
    own_statements,
    parse,
    split_lines,
)
from eventlet_codemod.facts.uses import OPTIONAL, Names, Use, find_uses

__all__ = [
    "OPTIONAL",
    "Binding",
    "Facts",
    "Handle",
    "HandleUse",
    "Mention",
    "Project",
    "Scope",
    "Suppression",
    "Use",
    "gather",
]

_SUPPRESS = re.compile(r"#\s*eventlet-codemod:\s*ignore(?:\[([^\]]*)\])?\s*(.*)")


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment that keeps a use as it is. ``codes`` is empty when it covers every rule."""

    line: int
    codes: frozenset[str]
    reason: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Another file that names what a handle is called; ``with_owner``: its class or module too."""

    path: str
    with_owner: bool


@dataclass(eq=False)
class Facts:
    """All that rules may know of one file.

    ``uses`` holds every use in source order, those of handles included; ``handle_of`` maps a
    creation or a handle's use to its handle, and ``deed`` a handle's use to what it does.
    ``elsewhere`` maps handles that other files may reach to where they do. ``hiding`` names the
    project's modules that hide installed ones of the same name from this file.
    """

    path: str
    text: str
    tree: ast.Module
    walker: Walker
    names: Names
    project: Project
    uses: list[Use]
    handles: list[Handle]
    handle_of: dict[Use, Handle] = field(default_factory=dict)
    deed: dict[Use, HandleUse] = field(default_factory=dict)
    elsewhere: dict[Handle, Mention] = field(default_factory=dict)
    hiding: frozenset[str] = frozenset()

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file as Python counts them, without their ends."""
        return split_lines(self.text)

    @cached_property
    def declared_global(self) -> frozenset[str]:
        """Names that some function of the file declares ``global``."""
        declared = re.findall(r"^[ \t]*global[ \t]+([\w, \t]+)", self.text, re.MULTILINE)
        return frozenset(name.strip() for group in declared for name in group.split(","))

    @cached_property
    def module_bound(self) -> frozenset[str]:
        """Every name bound at module level, by ``global`` statements too."""
        return self.walker.module.bound | self.declared_global

    @cached_property
    def bound_otherwise(self) -> frozenset[str]:
        """Module-level names that something other than an import binds."""
        names = set(self.declared_global)
        for statement in own_statements(self.tree.body):
            if not isinstance(statement, (ast.Import, ast.ImportFrom)):
                names.update(names_bound_by_header(statement))
        return frozenset(names)

    @cached_property
    def has_foreign_star(self) -> bool:
        """Whether a star import of something else may bind any name at module level."""
        ours = {binding.node for binding in self.names.stars}
        return any(
            statement.names[0].name == "*" and statement not in ours
            for statement in self.tree.body
            if isinstance(statement, ast.ImportFrom)
        )

    @cached_property
    def module_imports(self) -> dict[str, list[tuple[ast.stmt, ast.alias, bool]]]:
        """Imports by the name they bind: statement, alias, and whether it is unconditional."""
        found: dict[str, list[tuple[ast.stmt, ast.alias, bool]]] = {}
        top = set(self.tree.body)
        for statement in own_statements(self.tree.body):
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                for alias in statement.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    found.setdefault(name, []).append((statement, alias, statement in top))
        return found

    @cached_property
    def suppressions(self) -> list[Suppression]:
        """The suppression comments of the file."""
        if "eventlet-codemod:" not in self.text:
            return []
        return list(_suppressions(self.text))

    def free_name(self, wanted: str, scope: Scope) -> str:
        """``wanted``, or a variation of it that nothing around ``scope`` binds."""
        taken = {name for item in scope.chain() for name in item.bound} | self.module_bound
        body = scope.node
        taken |= {node.id for node in ast.walk(body) if isinstance(node, ast.Name)}
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted}{number}", number + 1
        return name


def gather(path: str, text: str, project: Project) -> Facts:
    """Parse ``text`` and gather its facts. Raises SyntaxError, ValueError or RecursionError."""
    tree = parse(text, path)
    walker = Walker(tree, text)
    hiding = project.hiding_modules(path)
    names = find_uses(walker, local_modules=hiding, has_module=project.has_module)
    handles = follow(walker, names.uses)
    facts = Facts(path, text, tree, walker, names, project, list(names.uses), handles)
    taken: set[ast.AST] = set()
    calls = {use.call for use in names.uses if use.call}
    for handle in handles:
        for creation in handle.creations:
            facts.handle_of[creation] = handle
        for deed in handle.uses:
            if (deed.node in calls and not deed.attribute) or deed.node in taken:
                continue  # what is done with a call's value at once is the creation's own matter
            taken.add(deed.node)  # two handles of one attribute name share a foreign use
            use = _use_of_deed(handle, deed)
            facts.handle_of[use] = handle
            facts.deed[use] = deed
            facts.uses.append(use)
    facts.hiding = hiding
    facts.elsewhere = _find_elsewhere(handles, path, project)
    facts.uses.sort(key=lambda use: (use.node.lineno, use.node.col_offset))  # type: ignore[attr-defined]
    return facts


def _find_elsewhere(handles: list[Handle], path: str, project: Project) -> dict[Handle, Mention]:
    """Where other files name what a handle is called, and the class or module it belongs to."""
    named = [(handle, handle.attribute or handle.exported) for handle in handles]
    named = [(handle, name) for handle, name in named if name]
    mentions = project.mentions(frozenset(name for _, name in named), path)
    found: dict[Handle, Mention] = {}
    for handle, name in named:
        owner = handle.owner or path.removesuffix(".py").rpartition("/")[2]
        before = r"(?:\.\s*|['\"])" if handle.attribute else r"\b"
        attribute = rf"{before}{re.escape(name)}\b"
        for other in mentions.get(name, ()):
            text = project.reads(other)
            if re.search(attribute, text):
                certain = re.search(rf"\b{re.escape(owner)}\b", text) is not None
                if handle not in found or (certain and not found[handle].with_owner):
                    found[handle] = Mention(other, certain)
    return found


def _use_of_deed(handle: Handle, deed: HandleUse) -> Use:
    node, parents, api = deed.node, deed.parents, handle.api
    if deed.attribute:
        node, parents = parents[-1], parents[:-1]
        api = f"{handle.api}.{deed.attribute}"
    return Use("handle", api, api, node, parents, handle.creations[0].scope)


def _suppressions(text: str) -> list[Suppression]:
    import io
    import tokenize

    found = []
    for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
        if token.type == tokenize.COMMENT and (match := _SUPPRESS.search(token.string)):
            codes = frozenset(filter(None, re.split(r"[,\s]+", match[1] or "")))
            found.append(Suppression(token.start[0], codes, match[2].strip()))
    return found
