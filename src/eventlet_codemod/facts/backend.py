"""What oslo.service's threading backend does differently, as far as one expression tells.

Its threads cannot be killed, linked or asked for a value, a full group raises where it waited, and
what is launched starts in a child process. Most code does none of this, and is no use of anything.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from eventlet_codemod.facts.groups import (
    GROUP,
    LINKED,
    SIZE,
    groups_made,
    sized_through_a_class,
)
from eventlet_codemod.facts.scopes import Occurrence, Walker

__all__ = ["GROUP", "LOOP", "SIZE", "THREAD", "differs_by_backend", "places_in", "takes_part"]

THREAD = "oslo_service.threadgroup.Thread"
LOOP = "oslo_service.loopingcall.LoopingCallBase"

#: What only a thread that can be linked has an answer to.
_ANSWERS = frozenset({f"{THREAD}.link", f"{THREAD}.wait"})

_DONE_NOTHING = frozenset({"cancel", "link", "stop", "unlink"})
_LOOPING = re.compile(r"(?:\w+\.)?\w+LoopingCall")
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def differs_by_backend(path: str, node: ast.AST, parent: ast.AST) -> bool:
    """Whether what is done with one of `api.BY_BACKEND` depends on the backend.

    A class that derives from a launcher does, an ``isinstance`` does not. A `ProcessLauncher` and
    a number of workers start child processes on both backends, and ``no_fork=True`` on neither.
    """
    if isinstance(parent, ast.ClassDef):
        return path != GROUP and node in parent.bases
    if not isinstance(parent, ast.Call) or parent.func is not node:
        return False
    if path == GROUP:
        return any(item.arg == SIZE for item in parent.keywords)
    if path.endswith(".launch"):
        given = {item.arg: item.value for item in parent.keywords}
        workers = given.get("workers", (*parent.args, None, None, None)[2])
        several = isinstance(workers, ast.Constant) and workers.value not in (None, 1)
        forks = "no_fork" not in given or ast.unparse(given["no_fork"]) != "True"
        return forks and not several
    return not path.endswith(".ProcessLauncher")


def takes_part(path: str, node: ast.AST, parent: ast.AST) -> bool:
    """Whether a name of `oslo_service.service` launches a service, or a class derives from it."""
    if path.endswith((".Service", ".ServiceBase")):
        return isinstance(parent, ast.ClassDef) and node in parent.bases
    called = isinstance(parent, ast.Call) and parent.func is node
    return called and path.startswith("oslo_service.service.")


def places_in(walker: Walker) -> list[tuple[str, Occurrence]]:
    """What a file does to objects of oslo.service that differs, each with a name for it."""
    text = walker.text
    found: list[tuple[str, Occurrence]] = []
    if "add_thread" in text and ("oslo_service" in text or ".tg." in text):
        found += thread_places(walker)
        if any(name in _ANSWERS for name, _ in found):
            found += ((GROUP, occurrence) for occurrence in groups_made(walker))
    if SIZE in text and "oslo_service" in text:
        found += ((f"{GROUP}.__init__", o) for o in sized_through_a_class(walker))
    if "LoopingCall(" in text and "oslo_service" in text:
        found += loop_places(walker)
    return found


def thread_places(walker: Walker) -> Iterator[tuple[str, Occurrence]]:
    """What a file does to groups of threads, and to their threads, that differs.

    ``add_thread`` in a loop; what is done to a thread by its name in one function, or by `link`
    anywhere in a file that goes on using what ``add_thread`` gives; the end of a group.
    """
    added = [o for o in walker.find(frozenset({"add_thread"})) if _is_method(o, walker)]
    if f"{LINKED}(" in walker.text:  # all but the threads of a service's own group can be linked
        added = [o for o in added if _receiver(o).endswith(".tg")]
    used = False
    found: dict[ast.AST, tuple[str, Occurrence]] = {}
    for occurrence in added:
        if _in_loop(occurrence):
            found[occurrence.node] = f"{GROUP}.add_thread", occurrence
        if not isinstance(occurrence.parents[-2], ast.Expr):
            used = True
            for deed in _deeds(occurrence, walker):
                found[deed.node] = f"{THREAD}.{deed.node.attr}", deed  # type: ignore[attr-defined]
    for occurrence in walker.find(frozenset({"link"})) if used else ():
        if _is_method(occurrence, walker):
            found.setdefault(occurrence.node, (f"{THREAD}.link", occurrence))
    for occurrence in _ends(added, walker) if "ThreadGroup(" in walker.text else ():
        name = occurrence.node.attr  # type: ignore[attr-defined]
        found[occurrence.node] = f"{GROUP}.{name}", occurrence
    yield from found.values()


def loop_places(walker: Walker) -> Iterator[tuple[str, Occurrence]]:
    """Where a looping call starts that the file neither ends nor waits for, or waits with a limit.

    The limit may stand behind ``start(…)`` at once, or behind the name that gets its value.
    """
    made = set()
    for occurrence in walker.find(frozenset(re.findall(r"\b\w+LoopingCall\b", walker.text))):
        around = next((n for n in reversed(occurrence.parents) if isinstance(n, ast.stmt)), None)
        if isinstance(around, ast.Assign) and _is_looping(around.value):
            made.add(ast.unparse(around.targets[0]))
    for occurrence in walker.find(frozenset({"start"})):
        node, call = occurrence.node, occurrence.parents[-1]
        if not isinstance(node, ast.Attribute) or not isinstance(call, ast.Call):
            continue
        name = ast.unparse(node.value)
        if call.func is not node or not (name in made or _is_looping(node.value)):
            continue
        holder = occurrence.parents[-2]
        if isinstance(holder, ast.Expr):
            if not re.search(rf"{re.escape(name)}\.(?:stop|wait)\b", walker.text):
                yield f"{LOOP}.start", occurrence
        elif isinstance(holder, ast.Attribute):
            waits = Occurrence(holder, occurrence.parents[:-2], occurrence.scope)
            if _has_limit(waits):
                yield f"{LOOP}.wait", waits
        elif isinstance(holder, ast.Assign) and isinstance(holder.targets[0], ast.Name):
            yield from _limits(holder.targets[0].id, occurrence, walker)


def _is_looping(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _LOOPING.fullmatch(ast.unparse(node.func)) is not None


def _limits(name: str, started: Occurrence, walker: Walker) -> Iterator[tuple[str, Occurrence]]:
    """Where the event that ``start`` gave to a local name is waited for with a limit."""
    function = next((n for n in reversed(started.parents) if isinstance(n, _FUNCTIONS)), None)
    for occurrence in walker.find(frozenset({"wait"})) if function is not None else ():
        value = getattr(occurrence.node, "value", None)
        known = isinstance(value, ast.Name) and value.id == name
        if known and function in occurrence.parents and _has_limit(occurrence):
            yield f"{LOOP}.wait", occurrence


def _has_limit(waits: Occurrence) -> bool:
    node, call = waits.node, waits.parents[-1]
    if not isinstance(node, ast.Attribute) or node.attr != "wait":
        return False
    return isinstance(call, ast.Call) and call.func is node and bool(call.args or call.keywords)


def _receiver(occurrence: Occurrence) -> str:
    return ast.unparse(occurrence.node.value)  # type: ignore[attr-defined]


def _is_method(occurrence: Occurrence, walker: Walker) -> bool:
    """Whether a word stands as a method that is called, and not of a module or of ``self``."""
    node, parent = occurrence.node, occurrence.parents[-1]
    if not isinstance(node, ast.Attribute):
        return False
    if not isinstance(parent, ast.Call) or parent.func is not node:
        return False
    if not isinstance(node.value, ast.Name):
        return True
    scope = occurrence.scope.lookup(node.value.id) or walker.module
    return node.value.id not in ("self", "cls") and not walker.imports_name(node.value.id, scope)


def _in_loop(occurrence: Occurrence) -> bool:
    for node in reversed(occurrence.parents):
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            return False
        if isinstance(node, _LOOPS):
            return True
    return False


def _deeds(added: Occurrence, walker: Walker) -> Iterator[Occurrence]:
    """What is done to the thread that ``add_thread`` gives, at once or by a local name."""
    holder = added.parents[-2]
    words = _DONE_NOTHING | {"wait"}
    if isinstance(holder, ast.Attribute) and holder.attr in words:
        deed = Occurrence(holder, added.parents[:-2], added.scope)
        if _matters(deed):
            yield deed
        return
    name = holder.targets[0] if isinstance(holder, ast.Assign) else None
    function = next((n for n in reversed(added.parents) if isinstance(n, _FUNCTIONS)), None)
    if not isinstance(name, ast.Name) or function is None or len(holder.targets) > 1:  # type: ignore[attr-defined]
        return
    for deed in walker.find(frozenset(words)):
        node = deed.node
        if not isinstance(node, ast.Attribute) or function not in deed.parents:
            continue
        if isinstance(node.value, ast.Name) and node.value.id == name.id and _matters(deed):
            yield deed


def _matters(deed: Occurrence) -> bool:
    """Whether a deed is a call, and of ``wait`` one whose value or exception is looked at."""
    node, call = deed.node, deed.parents[-1]
    if not isinstance(call, ast.Call) or call.func is not node:
        return False
    if node.attr != "wait" or not isinstance(deed.parents[-2], ast.Expr):  # type: ignore[attr-defined]
        return True
    return any(
        isinstance(item, ast.Try) and item.handlers and inner in item.body
        for item, inner in zip(deed.parents, deed.parents[1:], strict=False)
    )


def _ends(added: list[Occurrence], walker: Walker) -> Iterator[Occurrence]:
    """Where groups that are made in the file, and get threads there, are stopped or cancelled."""
    made = set()
    for occurrence in walker.find(frozenset({"ThreadGroup"})):
        holder = occurrence.parents[-2] if len(occurrence.parents) > 1 else None
        if isinstance(holder, ast.Assign) and len(holder.targets) == 1:
            made.add(ast.unparse(holder.targets[0]))
    busy = made & {ast.unparse(o.node.value) for o in added}  # type: ignore[attr-defined]
    for occurrence in walker.find(frozenset({"cancel", "stop"})) if busy else ():
        node = occurrence.node
        called = isinstance(occurrence.parents[-1], ast.Call)
        if called and isinstance(node, ast.Attribute) and ast.unparse(node.value) in busy:
            yield occurrence
