"""A class of a test that stands for a green thread: its methods get the names of a Future's."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

import libcst as cst

from eventlet_codemod.facts import Facts
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Edit, ReplaceDefinition
from eventlet_codemod.rules.testing._mocks import NotFollowed

#: What is no method of a green thread, and is one of a Future.
_STATES = frozenset({"dead"})


def edits_for(value: ast.expr, facts: Facts, twins: Mapping[str, str]) -> Iterator[Edit]:
    """Rename the methods of the class that a patch is given, or an object of. Raises NotFollowed.

    Nothing else may know the class, nor call its methods by their old names.
    """
    fake = _class_of(value, facts)
    if fake is None:
        raise NotFollowed(f"what it gives instead is not followed (line {value.lineno})")
    methods = {item.name: item for item in fake.body if isinstance(item, ast.FunctionDef)}
    renamed = {name for name in methods if twins.get(name, name) != name}
    taken = {twins[name] for name in renamed} & methods.keys()
    if taken or fake.decorator_list or not _is_plain(fake) or _STATES & _names_in(fake):
        raise NotFollowed(f"`{fake.name}` is more than a class with a green thread's methods")
    named = [o for o in facts.occurrences(fake.name) if isinstance(o.node, (ast.Name, ast.alias))]
    if len(named) != 1:
        raise NotFollowed(f"`{fake.name}` stands for a green thread elsewhere, too")
    for name in sorted(renamed):
        if methods[name].decorator_list:
            raise NotFollowed(f"`{fake.name}.{name}` is decorated")
        for occurrence in facts.occurrences(name):
            if isinstance(occurrence.node, ast.Attribute):
                line = occurrence.node.lineno
                raise NotFollowed(f"line {line} may ask for `{fake.name}.{name}`")
        yield ReplaceDefinition(methods[name], _Renamed(twins[name]))


class _Renamed:
    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, node: cst.CSTNode, context: Context) -> cst.CSTNode:
        return cst.ensure_type(node, cst.FunctionDef).with_changes(name=cst.Name(self.name))


def _class_of(value: ast.expr, facts: Facts) -> ast.ClassDef | None:
    """The class at the top of the file that a value is, is made of, or that a lambda makes."""
    if isinstance(value, ast.Lambda):
        value = value.body
    if isinstance(value, ast.Call):
        value = value.func
    if not isinstance(value, ast.Name):
        return None
    classes = (item for item in facts.tree.body if isinstance(item, ast.ClassDef))
    return next((item for item in classes if item.name == value.id), None)


def _is_plain(fake: ast.ClassDef) -> bool:
    return not fake.keywords and [ast.unparse(base) for base in fake.bases] in ([], ["object"])


def _names_in(fake: ast.ClassDef) -> set[str]:
    """What the class defines or sets on its objects."""
    names = {node.attr for node in ast.walk(fake) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(fake) if isinstance(node, ast.Name)}
    return names | {item.name for item in ast.walk(fake) if isinstance(item, ast.FunctionDef)}
