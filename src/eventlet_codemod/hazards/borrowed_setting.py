"""A setting of the whole process that a thread changes for a moment is changed for all threads.

The working directory, the umask and `sys.stdout` belong to the process. A green thread that changed
one, did something that does not wait, and put it back was seen by nobody. Of native threads another
one may open a file by a relative path meanwhile, create one with the wrong mode, or print into a
buffer; and where two do the same, what the second puts back is what the first had set.

It is told where a function that is started as a thread, or one that it calls in its class or file,
sets one of them and puts it back, without a lock.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.facts.carried import last_name
from eventlet_codemod.facts.module import Module, Parents
from eventlet_codemod.facts.names import Definition
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.facts.reach import Calls, inside, is_locked
from eventlet_codemod.facts.starts import Start, starts_in
from eventlet_codemod.hazards._words import started
from eventlet_codemod.hazards.base import Danger, HazardRule

#: What is set by a call, and put back by another one.
_SET_TWICE = {
    "os.chdir": "the working directory",
    "os.fchdir": "the working directory",
    "os.umask": "the umask",
    "locale.setlocale": "the locale",
    "socket.setdefaulttimeout": "the limit of new sockets",
}
#: What is set as long as a block runs.
_FOR_A_BLOCK = {
    "chdir": ("contextlib", "the working directory"),
    "redirect_stdout": ("contextlib", "`sys.stdout`"),
    "redirect_stderr": ("contextlib", "`sys.stderr`"),
    "catch_warnings": ("warnings", "the filters of warnings"),
}


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find settings of the process that a thread borrows."""
    told: set[ast.AST] = set()
    for start in starts_in(module, program) if not is_test(module.path) else ():
        for item in Calls(program, start.owner).reached(start.functions).values():
            function = item.function
            if item.locked or function.node in told or is_test(function.module.path):
                continue
            found = next(_borrowed(function), None)
            if found is not None:
                told.add(function.node)
                yield _danger(start, function, *found)


def _borrowed(function: Definition) -> Iterator[tuple[str, ast.AST, ast.AST | None]]:
    """What a function sets for a moment: that, where, and where it is put back."""
    before: dict[str, tuple[ast.AST, Parents]] = {}
    for node, parents in inside(function.node):
        if is_locked((*parents, node)):
            continue
        setting = _set_by(node)
        if setting in before:
            first, around = before[setting]
            if not _is_instead((*parents, node), (*around, first)):
                yield setting, first, node
        elif setting:
            before[setting] = node, parents
        for item in node.items if isinstance(node, ast.With) else ():
            call = item.context_expr
            name = last_name(call.func) if isinstance(call, ast.Call) else ""
            home, kept = _FOR_A_BLOCK.get(name, ("", ""))
            if home and home in function.module.text:
                yield kept, call, None


def _set_by(node: ast.AST) -> str:
    """What a call sets for the process, if it does."""
    if not isinstance(node, ast.Call):
        return ""
    name = ast.unparse(node.func)
    asks = len(node.args) < (2 if name == "locale.setlocale" else 1)
    return "" if asks else _SET_TWICE.get(name, "")


def _is_instead(one: Parents, two: Parents) -> bool:
    """Whether two nodes are in different branches of a statement: only one of them runs."""
    for node, mine, theirs in zip(one, one[1:], two[1:], strict=False):
        if mine is not theirs:
            branches = isinstance(node, ast.If) and (mine in node.body) != (theirs in node.body)
            handlers = isinstance(node, ast.Try) and isinstance(mine, ast.ExceptHandler)
            return branches or (handlers and isinstance(theirs, ast.ExceptHandler))
    return False


def _danger(
    start: Start, function: Definition, setting: str, node: ast.AST, back: ast.AST | None
) -> Danger:
    home = function.module
    places = [*started([start]), (home, node, f"{function.name}() sets {setting}")]
    if back is not None:
        places.append((home, back, "and sets it again"))
    return Danger(
        module=home,
        node=node,
        message=f"{function.name}() sets {setting} for a moment, and for every other thread",
        why="it belongs to the process, and another thread may run before it is put back",
        advice="do without: give absolute paths, open files with their mode (os.open), pass the "
        "stream; or hold one lock here and wherever it matters",
        places=tuple(places),
        alike=f"{function.name} {setting}",
    )


rule = HazardRule(
    code="EVT917",
    summary="a setting of the whole process that a thread changes for a moment",
    look=look,
    words=tuple(sorted({*(name.rpartition(".")[2] for name in _SET_TWICE), *_FOR_A_BLOCK})),
    references=("H21", "D30"),
    before="""\
import os

import eventlet


class Keys:
    def start(self, path):
        eventlet.spawn(self.write, path)

    def write(self, path):
        before = os.umask(0o077)
        try:
            path.touch()
        finally:
            os.umask(before)
""",
)
