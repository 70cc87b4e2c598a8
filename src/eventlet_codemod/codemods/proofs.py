"""What must hold of the text that a stage gives."""

from __future__ import annotations

import builtins
import symtable
import tokenize
from collections.abc import Iterator

from eventlet_codemod.checks import comments
from eventlet_codemod.codemods.stage import Stage, Staged, StageError, is_python, prove_python

_BUILTIN = frozenset(dir(builtins)) | {
    *("__file__", "__name__", "__doc__", "__spec__", "__package__", "__path__", "__builtins__"),
    *("__loader__", "__cached__", "__annotations__", "__class__", "__module__", "__qualname__"),
}


def staged(stage: Stage, text: str, path: str) -> Staged:
    """What a stage makes of a text, proved. Raises StageError.

    It is Python if it was before, a second pass changes no more, and no name is undefined that was
    not before.
    """
    done = stage(text, path)
    if done.text == text:
        return done
    if is_python(text):
        prove_python(done.text, "broken")
    if stage(done.text, path).text != done.text:
        raise StageError("broken", "a second pass changes its own result again")
    missing = _undefined(done.text) - _undefined(text)
    if missing:
        raise StageError("broken", f"the name {min(missing)} would be undefined")
    return done


def lost_comments(before: str, after: str) -> list[str]:
    """The comments of a text that are not in the other."""
    if "#" not in before:
        return []
    try:
        return sorted((comments(before) - comments(after)).elements())
    except (SyntaxError, tokenize.TokenError):  # Python 2
        return []


def _undefined(text: str) -> frozenset[str]:
    """The names that code refers to and nothing defines, as far as a symbol table tells."""
    try:
        module = symtable.symtable(text, "<codemod>", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()
    if "import *" in text:
        return frozenset()
    bound = {s.get_name() for s in module.get_symbols() if s.is_assigned() or s.is_imported()}
    asked = set()
    for table in _tables(module):
        for symbol in table.get_symbols():
            if table is not module and symbol.is_declared_global() and symbol.is_assigned():
                bound.add(symbol.get_name())
            elif symbol.is_referenced() and (table is module or symbol.is_global()):
                asked.add(symbol.get_name())
    return frozenset(asked - bound - _BUILTIN)


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)
