"""A second engine looks for the names of eventlet: it must find what ours finds.

The other one is Bowler's: a fissix tree, a table of imports, no scopes. Where the two differ, a
third one has to say why: `symtable`, which is Python's own.
"""

from __future__ import annotations

import ast
import symtable
import sys
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eventlet_codemod.codemods.bowler import BowlerStage
from eventlet_codemod.codemods.stage import StageError
from eventlet_codemod.facts.scopes import Walker, parse
from eventlet_codemod.facts.uses import find_uses

pytest.importorskip("bowler")

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = sorted((ROOT / "tests" / "behaviour").rglob("*.py"))
#: Real code that mentions eventlet, wherever the tests run: its own tests, and its users.
INSTALLED = [
    path
    for name in ("eventlet", "oslo_service", "futurist", "oslo_utils", "cotyledon", "gunicorn")
    for path in sorted(Path(sysconfig.get_paths()["purelib"], name).rglob("*.py"))
]

Place = tuple[int, int]


def ours(text: str) -> dict[Place, str]:
    """Where a name stands that an import binds to eventlet, by our scopes."""
    names = find_uses(Walker(parse(text), text))
    found: dict[Place, str] = {}
    for binding, uses in names.references.items():
        if binding.name == "*" or not _is_plain(str(binding.qualified)):
            continue
        for use in uses:
            node: Any = use.node
            while isinstance(node, ast.Attribute):
                node = node.value
            if not any(isinstance(parent, ast.JoinedStr) for parent in use.parents):
                found[node.lineno, node.col_offset] = node.id
    return found


def _is_plain(path: str) -> bool:
    return path.partition(".")[0] == "eventlet"


class Collector:
    """A query whose modifiers write down what they are called with, and edit nothing."""

    def __init__(self) -> None:
        self.bound: set[str] = set()
        self.leaves: list[Any] = []

    def stage(self) -> BowlerStage:
        from bowler import Query

        imports = Query().select("import_name< any* > | import_from< any* >")
        return BowlerStage(
            imports.modify(self.note_import), Query().select("NAME").modify(self.note_name)
        )

    def note_import(self, node: Any, capture: Any, filename: str) -> None:
        words = (leaf.value for leaf in node.leaves())
        statement = ast.parse(" ".join(words)).body[0]
        module = getattr(statement, "module", None)
        for alias in statement.names:  # type: ignore[attr-defined]
            path = f"{module}.{alias.name}" if module else alias.name
            relative = getattr(statement, "level", 0)
            if not relative and _is_plain(path) and alias.name != "*":
                own = alias.asname or (alias.name if module else alias.name.partition(".")[0])
                self.bound.add(own)

    def note_name(self, node: Any, capture: Any, filename: str) -> None:
        self.leaves.append(node)

    def places(self, text: str) -> dict[Place, str]:
        lines = text.split("\n")
        found = {}
        for leaf in self.leaves:
            if leaf.value in self.bound and not _is_elsewhere(leaf):
                column = len(lines[leaf.lineno - 1][: leaf.column].encode())
                found[leaf.lineno, column] = leaf.value
        return found


def _is_elsewhere(leaf: Any) -> bool:
    """Whether a word is an attribute, the name of an argument, or part of an import."""
    from fissix.pygram import python_symbols as symbols

    parent = leaf.parent
    after = leaf.next_sibling
    if parent.type == symbols.trailer and parent.children[0].value == ".":
        return True
    if parent.type == symbols.dotted_name and parent.children[0] is not leaf:
        return True
    if (
        parent.type in (symbols.argument, symbols.typedargslist)
        and getattr(after, "value", "") == "="
    ):
        return True
    while parent is not None:
        if parent.type in (symbols.import_name, symbols.import_from):
            return True
        parent = parent.parent
    return False


def theirs(text: str) -> dict[Place, str]:
    collector = Collector()
    collector.stage()(text, "x.py")
    return collector.places(text)


def is_bound_otherwise(text: str, place: Place, name: str) -> bool:
    """Whether Python says that a name is, around a place, also something else than an import."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree, table = ast.parse(text), symtable.symtable(text, "x.py", "exec")
    if any(_binds(scope, name) for scope in _scopes(table, tree, place[0])):
        return True
    return any(_is_other_import(node, name) for node in ast.walk(tree))


def _is_other_import(node: ast.AST, name: str) -> bool:
    """Whether an import gives a name of something else."""
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        return False
    module = getattr(node, "module", None) or ""
    bound = {item.asname or item.name.partition(".")[0]: item.name for item in node.names}
    return name in bound and not _is_plain(module or bound[name])


def _scopes(table: Any, tree: ast.Module, line: int) -> Iterator[Any]:
    """The scopes around a line, as far as lines tell."""
    ends = {
        node.name: node.end_lineno or 0
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    }
    pending = [table]
    while pending:
        scope = pending.pop()
        yield scope
        for child in scope.get_children():
            if child.get_lineno() <= line <= ends.get(child.get_name(), line):
                pending.append(child)


def _binds(scope: Any, name: str) -> bool:
    try:
        symbol = scope.lookup(name)
    except KeyError:
        return False
    return (
        symbol.is_parameter()
        or (symbol.is_assigned() and not symbol.is_imported())
        or (symbol.is_imported() and symbol.is_assigned())
    )


def compared(paths: list[Path]) -> tuple[int, int, list[str]]:
    """How many files were compared, how many names found by both, and what has no reason."""
    files = both = 0
    unexplained = []
    for path in paths:
        try:
            text = path.read_text("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
        if "eventlet" not in text:
            continue
        try:
            other = theirs(text)
        except StageError as error:
            assert error.kind in ("unsupported", "misread")
            continue
        mine = ours(text)
        files += 1
        both += len(mine.keys() & other.keys())
        for place in sorted(mine.keys() ^ other.keys()):
            name = mine.get(place) or other[place]
            if place in mine or not is_bound_otherwise(text, place, name):
                who = "ours" if place in mine else "theirs"
                unexplained.append(f"{path}:{place[0]}:{place[1]} {name}: {who} only")
    return files, both, unexplained


def test_our_programs() -> None:
    files, both, unexplained = compared(PROGRAMS)
    assert unexplained == []
    assert files > 200
    assert both > 1000


@pytest.mark.slow
def test_installed_code() -> None:
    files, both, unexplained = compared(INSTALLED)
    assert unexplained == []
    assert files > 50
    assert both > 200


def test_a_shadow_is_explained_and_a_lost_name_is_not(tmp_path: Path, monkeypatch: Any) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "from eventlet import event\n\n\ndef f(event):\n    return event.x\n\n\nevent.Event()\n"
    )
    assert compared([path]) == (1, 1, [])
    monkeypatch.setattr(sys.modules[__name__], "ours", lambda text: {})
    assert compared([path])[2] == [f"{path}:8:0 event: theirs only"]
