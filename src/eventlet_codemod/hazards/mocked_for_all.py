"""A mock of `time.sleep` is met by every thread of the process, not only by the test.

A green thread that the tested code starts most likely never ran while the test did: the test does
not wait. A native one runs at once. With `time.sleep` mocked its loop does not wait any more, turns
as fast as it can, and goes on when the test has ended; with `threading.Event` or `queue.Queue`
mocked it works on mocks.

It is told where a test mocks one of these for the process and calls, by its name, a function of a
module that it imports which starts a thread with a loop that waits by it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from eventlet_codemod.facts.carried import last_name
from eventlet_codemod.facts.module import FUNCTIONS, Module
from eventlet_codemod.facts.names import Definition
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.facts.reach import Calls, inside
from eventlet_codemod.facts.starts import Start, starts_in
from eventlet_codemod.hazards._words import started
from eventlet_codemod.hazards.base import Danger, HazardRule

#: What is mocked, and how code calls it. A sleep of eventlet becomes one of time.
_CALLED = {
    "time.sleep": ("time.sleep", "eventlet.sleep", "greenthread.sleep"),
    "threading.Event": ("threading.Event",),
    "threading.Event.wait": (),
    "queue.Queue": ("queue.Queue",),
}
#: A patch of one of these, as far as the text tells.
_PATCHING = r"patch(\.object)?\(\s*(['\"](time|threading|queue)\.|time,|threading[.,]|queue,)"


@dataclass(frozen=True, slots=True)
class _Mock:
    """What a test mocks, and where; ``calls`` are the names of what the test calls."""

    call: ast.Call
    name: str
    calls: frozenset[str]


def look(module: Module, program: Program) -> Iterator[Danger]:
    """Find mocks that a thread of the tested code meets."""
    asked = is_test(module.path) and module.search(_PATCHING) is not None
    mocks = list(_mocks(module)) if asked else []
    for tested in _tested(module, program) if mocks else ():
        for start in starts_in(tested, program):
            starter = start.function.name if start.function is not None else ""
            met = [mock for mock in mocks if starter in mock.calls]
            calls = Calls(program, start.owner)
            for item in calls.reached(start.functions).values() if met else ():
                for mock in met:
                    wait = _waits_by(item.function, mock.name)
                    if wait is not None:
                        yield _danger(module, mock, start, item.function, wait)


def _mocks(module: Module) -> Iterator[_Mock]:
    """The calls of ``patch`` that replace one of these for all."""
    for word in ("patch", "object"):
        for occurrence in module.occurrences(word) if "patch" in module.text else ():
            call = occurrence.parents[-1]
            if not isinstance(call, ast.Call) or call.func is not occurrence.node or not call.args:
                continue
            test = next((n for n in occurrence.parents if isinstance(n, FUNCTIONS)), None)
            name = _mocked(call, word)
            if name in _CALLED and test is not None:
                found = (n.func for n in ast.walk(test) if isinstance(n, ast.Call))
                yield _Mock(call, name, frozenset(map(last_name, found)))


def _mocked(call: ast.Call, word: str) -> str:
    """The dotted name that a call of ``patch`` or ``patch.object`` replaces."""
    first = call.args[0]
    if word == "patch":
        return str(first.value) if isinstance(first, ast.Constant) else ""
    tail = call.args[1] if len(call.args) > 1 else None
    return f"{ast.unparse(first)}.{tail.value!s}" if isinstance(tail, ast.Constant) else ""


def _tested(module: Module, program: Program) -> Iterator[Module]:
    """The modules of the project that a test imports."""
    seen = {module.path}
    for statement in module.tree.body:
        names = []
        if isinstance(statement, ast.ImportFrom) and not statement.level:
            names = [f"{statement.module}.{item.name}" for item in statement.names]
        if isinstance(statement, ast.Import):
            names = [item.name for item in statement.names]
        for name in names:
            found = program.named(name)
            if found is not None and found.path not in seen and not is_test(found.path):
                seen.add(found.path)
                yield found


def _waits_by(function: Definition, name: str) -> ast.AST | None:
    """The call in a loop of a function that a mock replaces."""
    for node, parents in inside(function.node):
        if isinstance(node, ast.Call) and any(isinstance(item, ast.While) for item in parents):
            if ast.unparse(node.func) in _CALLED[name]:
                return node
            if name == "threading.Event.wait" and last_name(node.func) == "wait":
                return node
    return None


def _danger(
    module: Module, mock: _Mock, start: Start, function: Definition, wait: ast.AST
) -> Danger:
    home = function.module
    return Danger(
        module=module,
        node=mock.call,
        message=f"`{mock.name}` is mocked for all threads, and the loop of {function.name}() waits "
        "by it",
        why="a native thread that the tested code starts runs at once, and meets the mock as well",
        advice="mock the name in the module under test, or keep the thread from starting, by a "
        "mock of what starts it",
        places=(
            (module, mock.call, f"{mock.name} is mocked"),
            *started([start]),
            (home, wait, f"the loop of {function.name}() waits by it"),
        ),
    )


rule = HazardRule(
    code="EVT909",
    summary="a test that mocks what a thread of the tested code waits by",
    look=look,
    asked_by="C-MOCK",
    references=("H21",),
    before="""\
import time
from unittest import mock

import eventlet

import service


class TestService:
    @mock.patch.object(time, "sleep")
    def test_start(self, sleep):
        service.Service().start()
""",
    example_files={
        "service.py": """\
import threading
import time


class Service:
    def start(self):
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            time.sleep(10)
"""
    },
    example_path="tests/test_service.py",
)
