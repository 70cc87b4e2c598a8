"""What a patch in a test is for, and where the code under test has that name now."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.api import canonical
from eventlet_codemod.facts.patches import Patch, patch_of
from eventlet_codemod.facts.project import Move


@dataclass(frozen=True, slots=True)
class Target:
    """A patch of something of eventlet: ``api``, as the ``module`` of the project has it.

    ``module`` is "" where the patch is for everyone who reaches it through eventlet itself.
    """

    patch: Patch
    api: str
    module: str


@dataclass(frozen=True, slots=True)
class Found:
    """Where the code under test is: its module, and what it uses now."""

    module: str
    move: Move
    others: tuple[str, ...] = ()  # modules that use it too, and that the patch was for as well


def target_of(use: Use, facts: Facts) -> Target | None:
    """What a use in a patch stands for; None if it is in no patch, or only part of a target."""
    patch = patch_of(use)
    if patch is None:
        return None
    if use.kind == "string":
        if patch.literal is not use.node:
            return None
        of_owner = "." not in use.api and patch.owner is not None
        module = _module_of(ast.unparse(patch.owner), facts) if of_owner else ""  # type: ignore[arg-type]
        return Target(patch, use.api, module or _module_in(use.path, facts))
    if patch.owner is not use.node or (use.doubt and use.kind != "namespace"):
        return None
    api = canonical(f"{use.path}.{patch.name}")
    module = ""
    if use.kind == "namespace":
        module = _module_before(use, facts)
        if not module:
            return None
    return Target(patch, api, module)


def _module_in(path: str, facts: Facts) -> str:
    """The module of the project that a dotted name begins with, the longest one."""
    parts = path.split(".")
    for end in range(len(parts) - 1, 0, -1):
        if facts.project.has_module(".".join(parts[:end])):
            return ".".join(parts[:end])
    return ""


def _module_before(use: Use, facts: Facts) -> str:
    """The module in whose namespace ``mod.eventlet`` looks."""
    spelled = ast.unparse(use.node)
    return _module_of(spelled[: -len(use.path) - 1] if spelled.endswith(use.path) else "", facts)


def _module_of(spelled: str, facts: Facts) -> str:
    """The module of the project that a test spells like that, "" for none."""
    root, _, rest = spelled.partition(".")
    for statement, alias, _ in facts.module_imports.get(root, ()):
        for dotted in _bound_by(statement, alias, facts):
            name = ".".join(filter(None, [dotted, rest]))
            if facts.project.has_module(name):
                return name
    return ""


def _bound_by(statement: ast.stmt, alias: ast.alias, facts: Facts) -> Iterator[str]:
    """The dotted name that an import binds a name to."""
    if isinstance(statement, ast.Import):
        yield alias.name if alias.asname else alias.name.partition(".")[0]
    elif isinstance(statement, ast.ImportFrom):
        package = facts.package.split(".")
        start = package[: len(package) - statement.level + 1] if statement.level else []
        yield ".".join(filter(None, [*start, statement.module, alias.name]))


def imported_modules(facts: Facts) -> dict[str, str]:
    """The modules of the project that a file imports at its top, each with its name there."""
    found: dict[str, str] = {}
    for name, imports in facts.module_imports.items():
        for statement, alias, _ in imports:
            for dotted in _bound_by(statement, alias, facts):
                if facts.project.has_module(dotted):
                    found.setdefault(dotted, name)
    return found


def find(target: Target, facts: Facts) -> Found | None:
    """Where the code under test uses the name, if it can be told; None if nothing uses it."""
    return find_name(target.api, target.module, facts)


def members_of(target: Target, facts: Facts) -> list[str]:
    """The names that the code under test used of a module which a patch replaces as a whole."""
    known = facts.project.moves.get(target.module, {})
    start = f"{target.api}."
    return sorted(name.removeprefix(start) for name in known if name.startswith(start))


def find_name(api: str, module: str, facts: Facts) -> Found | None:
    """Where the code under test uses a name of eventlet: in ``module``, if one is given."""
    moves = facts.project.moves
    if module:
        move = _moved(api, moves.get(module, {}))
        return Found(module, move) if move is not None else None
    found = ((name, _moved(api, known)) for name, known in sorted(moves.items()))
    users = {name: move for name, move in found if move is not None}
    if not users:
        return None
    chosen = _under_test(list(users), facts)
    if chosen:
        return Found(chosen, users[chosen], tuple(name for name in users if name != chosen))
    first, move = next(((n, m) for n, m in users.items() if m.stays), next(iter(users.items())))
    if move.stays or any(other != replace(move, local=other.local) for other in users.values()):
        return Found(first, Move(stays=move.stays))
    return Found("", replace(move, local=""), tuple(users))


def _moved(api: str, known: Mapping[str, Move]) -> Move | None:
    """What became of a name, or of the module or class that it is an attribute of."""
    parts = api.split(".")
    for end in range(len(parts), 1, -1):
        move = known.get(".".join(parts[:end]))
        if move is not None:
            return move if end == len(parts) else move.member(".".join(parts[end:]))
    return None


def _under_test(users: list[str], facts: Facts) -> str:
    """Of some modules the one that a test is about: by its imports, then by its path.

    "" where neither tells.
    """
    imported = imported_modules(facts)
    near = [name for name in users if name in imported]
    near = near or [name for name in users if _likeness(name, facts.path) > 1 or len(users) == 1]
    return max(near, key=lambda name: (_likeness(name, facts.path), -near.index(name)), default="")


def _likeness(module: str, path: str) -> int:
    """How many parts the end of a test's path and of a module's name have in common."""
    test = path.removesuffix(".py").split("/")
    test[-1] = test[-1].removeprefix("test_").removesuffix("_test")
    count = 0
    for mine, theirs in zip(reversed(test), reversed(module.split(".")), strict=False):
        if mine != theirs:
            break
        count += 1
    return count
