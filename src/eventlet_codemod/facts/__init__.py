"""What is known of a file before any rule looks at it: computed once, in one `ast` pass."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property

from eventlet_codemod.facts.flow import Flow, creations_of
from eventlet_codemod.facts.handles import Handle, HandleUse, Mention
from eventlet_codemod.facts.known import Known, known_of
from eventlet_codemod.facts.loading import parsed
from eventlet_codemod.facts.module import Module
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.project import Project
from eventlet_codemod.facts.scopes import (
    Binding,
    Scope,
    names_bound_by_header,
    own_statements,
)
from eventlet_codemod.facts.uses import OPTIONAL, Use

__all__ = [
    "OPTIONAL",
    "Binding",
    "Facts",
    "Handle",
    "HandleUse",
    "Mention",
    "Module",
    "Project",
    "Scope",
    "Suppression",
    "Use",
    "gather",
    "suppressions_in",
]

_SUPPRESS = re.compile(r"#\s*eventlet-codemod:\s*ignore(?:\[([^\]]*)\])?\s*(.*)")


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment that keeps a use as it is. ``codes`` is empty when it covers every rule."""

    line: int
    codes: frozenset[str]
    reason: str


@dataclass(eq=False, kw_only=True)
class Facts(Module):
    """All that rules may know of one file.

    ``uses`` holds every use in source order, those of handles included; ``handle_of`` maps a
    creation or a handle's use to its handle, and ``deed`` a handle's use to what it does.
    ``hiding`` names the project's modules that hide installed ones of the same name from this
    file. ``shared`` says that this process keeps the tree, for questions about other files.
    """

    uses: list[Use]
    handles: list[Handle] = field(default_factory=list)
    handle_of: dict[Use, Handle] = field(default_factory=dict)
    deed: dict[Use, HandleUse] = field(default_factory=dict)
    hiding: frozenset[str] = frozenset()
    shared: bool = False

    def release(self) -> None:
        """Let the file go; what this process goes on knowing of it stays."""
        self.handles.clear()
        self.handle_of.clear()
        self.deed.clear()
        if not self.shared:
            self.walker.release()

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
        return suppressions_in(self)

    def free_name(self, wanted: str, scope: Scope) -> str:
        """``wanted``, or a variation of it that nothing around ``scope`` binds."""
        taken = {name for item in scope.chain() for name in item.bound} | self.module_bound
        body = scope.node
        taken |= {node.id for node in ast.walk(body) if isinstance(node, ast.Name)}
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted}{number}", number + 1
        return name


def gather(path: str, text: str, project: Project, *, follow: bool = True) -> Facts:
    """Parse ``text`` and gather its facts. Raises SyntaxError, ValueError or RecursionError.

    ``follow`` says whether to look where objects go.
    """
    known = known_of(project) if follow else None
    module = known.program.load(path) if known is not None else None
    if module is None or module.text != text:
        known, module = None, parsed(path, text, project)
    facts = Facts(
        path,
        text,
        module.tree,
        module.walker,
        module.names,
        project=project,
        uses=list(module.names.uses),
        hiding=project.hiding_modules(path),
        shared=known is not None,
    )
    facts.share(module)
    if follow:
        known = known or Known(Program(project, module))
        _add_handles(facts, module, known.flow_of(path))
    facts.uses.sort(key=lambda use: (use.node.lineno, use.node.col_offset))  # type: ignore[attr-defined]
    return facts


def _add_handles(facts: Facts, own: Module, flow: Flow) -> None:
    """Follow what this file makes, and what comes to it from others."""
    handles = flow.follow(own)
    for origin in facts.project.incoming.get(facts.path, ()):
        other = flow.program.load(origin.path)
        if other is not None:
            starts = [use for use in creations_of(other) if _place(use) in origin.places]
            handles += flow.follow(other, starts)
    facts.handles = list(dict.fromkeys(handles))
    known = {use.call for use in facts.names.uses if use.call}
    listed = set(facts.uses)
    for handle in facts.handles:
        for creation, module in zip(handle.creations, handle.origins, strict=True):
            if module is own and creation.kind == "reference":
                facts.handle_of[creation] = handle
        for deed in handle.uses:
            direct = deed.how != "attribute" and deed.node in known
            if deed.module is not own or (direct and deed.how != "argument"):
                continue  # what is done with a call's value at once is the creation's own matter
            if deed.use in facts.handle_of and deed.how not in ("argument", "annotation"):
                continue
            facts.handle_of[deed.use] = handle
            facts.deed[deed.use] = deed
            if deed.use not in listed:
                listed.add(deed.use)
                facts.uses.append(deed.use)


def _place(use: Use) -> tuple[int, int]:
    return use.node.lineno, use.node.col_offset  # type: ignore[attr-defined]


def suppressions_in(module: Module) -> list[Suppression]:
    """The suppression comments of any file."""
    return list(_suppressions(module.text)) if "eventlet-codemod:" in module.text else []


def _suppressions(text: str) -> list[Suppression]:
    import io
    import tokenize

    found = []
    for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
        if token.type == tokenize.COMMENT and (match := _SUPPRESS.search(token.string)):
            codes = frozenset(filter(None, re.split(r"[,\s]+", match[1] or "")))
            found.append(Suppression(token.start[0], codes, match[2].strip()))
    return found
