"""A module of `eventlet.green` becomes the module that it greens.

The local name stays, so nothing but the import changes. Under `monkey_patch()` the plain module is
green as well. What differs is listed per module: sockets and pipes report errors as the operating
system does, `http` and `urllib` are the current ones and not eventlet's old copies, non-daemon
threads hold up the exit, and so on. A green module without a plain equivalent stays, and so does
one of which an attribute is set: that was a repair of the green code. Where another file of the
project reaches it by the one that imports it (``wsgi.socket.error``), nothing changes there.

One that stays and whose import falls back to the plain module does not hold up the end of patching:
each thread that uses it gets a hub of its own.

The green `ssl` has a `wrap_socket` that verifies nothing, and the plain one is gone in Python 3.12:
the import goes when `wrap-socket` rewrites each call.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Binding, Facts, Use
from eventlet_codemod.facts.api import GREEN_MODULES
from eventlet_codemod.imports import Import
from eventlet_codemod.ledger import PACKAGING
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Leave,
    ReplaceExpression,
    ReplaceImport,
    ReplaceStatement,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.green._fallback import (
    GREEN,
    fallback_of,
    falls_back_to_plain,
    module_of,
)
from eventlet_codemod.rules.sockets import wrap_socket

_SOCKETS = {
    "C-SOCK": "a reset connection raises ConnectionResetError instead of reading as empty, "
    "sendall's timeout covers the whole of it, names resolve through the system"
}
_COPIES = {"C-TYPE": "eventlet kept an old copy: exceptions and classes are other objects now"}
_HTTP = {"C-TYPE": "the module was renamed in Python 3: does this code run there at all?"}
_THREADS = {
    "C-LIFE": "a thread that is not a daemon holds up the exit of the process, which under "
    "eventlet it did not"
}

#: What may differ, per green module; modules that are not here are the same.
_CHECKS: dict[str, dict[str, str]] = {
    "BaseHTTPServer": _HTTP,
    "CGIHTTPServer": _HTTP,
    "MySQLdb": {"C-AFF": "connections were proxies into a thread pool: is any shared by threads?"},
    "OpenSSL": _SOCKETS,
    "Queue": {},
    "SimpleHTTPServer": _HTTP,
    "SocketServer": {**_THREADS, "C-BOUND": "ThreadingMixIn starts a real thread per request"},
    "_socket_nodns": _SOCKETS,
    "http": _COPIES,
    "httplib": _HTTP,
    "os": {"C-SOCK": "os.read of a closed pipe raises instead of giving an empty string"},
    "select": {"C-SOCK": "every ready descriptor is reported, not one at a time"},
    "selectors": {"C-SOCK": "the default selector is epoll again"},
    "socket": _SOCKETS,
    "ssl": _SOCKETS,
    "thread": {"C-EXIT": "thread.exit() raised GreenletExit, and raises SystemExit now"},
    "threading": _THREADS,
    "urllib": _COPIES,
    "urllib2": _HTTP,
}
#: What `monkey_patch` calls the part of the stdlib that each green module greens.
_PARTS = {
    "Queue": "thread",
    "os": "os",
    "select": "select",
    "selectors": "select",
    "subprocess": "subprocess",
    "thread": "thread",
    "threading": "thread",
    "time": "time",
}
_STAYS = {
    "asynchat": "the module left Python in 3.12",
    "asyncore": "the module left Python in 3.12",
    "profile": "it profiles one green thread after another",
}
#: What has a rule of its own.
_OTHERS = frozenset({"profile", "zmq"})


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on the import of a green module, or on a dotted reference into one."""
    green = module_of(use.path)
    if green is None or use.kind not in ("import", "reference"):
        return None
    if green in _OTHERS or (use.path == wrap_socket.PATH and use.kind == "reference"):
        return None  # another rule's
    if objection := _objection(green, use, facts, settings):
        return Leave(
            message=f"`{GREEN}{green}` stays: {objection}",
            why="the plain module does not do the same here",
            advice="delete what sets it where that repaired eventlet, then run again"
            if "sets an attribute" in objection
            else f"use `{GREEN_MODULES[green]}` after a look at what changes",
            step=PACKAGING if _does_without(use) else None,
        )
    checks = _CHECKS.get(green, _CHECKS.get(green.partition(".")[0], {}))
    if use.kind == "import":
        return plain_import(use, green, checks, facts, settings)
    if doubt := leave_in_doubt(use):
        return doubt
    if _is_reached_through(use, facts):
        return Rewrite(
            message=f"another module gives `{GREEN_MODULES[green]}` by the same name",
            why="its import changes, and the name that it is taken by stays",
            checks=checks,
            relies_on=_PARTS.get(green),
        )
    return plain_reference(use, green, checks)


def _is_reached_through(use: Use, facts: Facts) -> bool:
    """Whether a reference is to an attribute of a module of the project: ``wsgi.socket.error``.

    A test may have put something else there.
    """
    if use not in facts.names.taken or any(item in facts.names.shims for item in use.bindings):
        return False
    return "eventlet" not in ast.unparse(use.node)  # `wsgi.eventlet.green` goes with its import


def _objection(green: str, use: Use, facts: Facts, settings: Settings) -> str:
    if green in _STAYS:
        return _STAYS[green]
    taken = [item for b in use.bindings for item in facts.names.references.get(b, ())]
    references = [use.path, *(item.path for item in taken)]
    for item in taken:
        if item.kind == "reference" and not item.loaded and item is not use:
            line = item.node.lineno  # type: ignore[attr-defined]
            return f"line {line} sets an attribute of it, which would be set for everyone"
    if any(part.startswith("Green") for path in references for part in path.split(".")):
        return "it names a class that only the green module has"
    if green == "ssl" and (told := _wraps(use, facts, settings)):
        return told
    if green == "select" and any(path.endswith(".get_fileno") for path in references):
        return "get_fileno() exists only there"
    if green == "subprocess" and "check_interval" in facts.text:
        return "check_interval is an argument only there"
    return ""


def _does_without(use: Use) -> bool:
    """Whether an import takes the plain module where eventlet is not installed.

    Until then it works in any thread of an unpatched process, since each gets a hub of its own.
    """
    guard = fallback_of(use.bindings[0]) if use.kind == "import" else None
    return guard is not None and falls_back_to_plain(guard)


def _wraps(use: Use, facts: Facts, settings: Settings) -> str:
    """Which call of `wrap_socket` keeps the import, "" if none does."""
    found = [item for b in use.bindings for item in facts.names.references.get(b, ())]
    calls = [item for item in found if item.path == wrap_socket.PATH]
    if use.path == wrap_socket.PATH and not calls:
        return "its wrap_socket may be taken from here"
    for call in calls:
        if reason := wrap_socket.objection_to(call, facts, settings):
            assert isinstance(call.node, ast.expr)
            return f"its wrap_socket on line {call.node.lineno} does, since {reason}"
    return ""


def plain_import(
    use: Use, green: str, checks: Mapping[str, str], facts: Facts, settings: Settings
) -> Decision:
    """Import the plain module in the place of its green copy."""
    binding = use.bindings[0]
    plain = GREEN_MODULES[green]
    why = "the local name stays, and under monkey_patch() the plain module is green as well"
    guard = fallback_of(binding)
    if guard is not None:
        twin = _only_import_of(binding, guard) if falls_back_to_plain(guard) else None
        waits = _waits(guard, green, facts)
        if twin is not None and not waits and not _goes_whole(guard, facts, settings):
            return Rewrite(
                message=f"`{plain}` is imported without condition",
                why=f"{why}; the other imports of the try statement stay",
                edits=(
                    ReplaceImport(binding, _new_import(plain, "", binding.name), lifted=True),
                    ReplaceStatement(twin, lambda node, context: ()),
                ),
                checks=checks,
                relies_on=_PARTS.get(green),
            )
        if waits or not falls_back_to_plain(guard) or not _goes_whole(guard, facts, settings):
            return Leave(
                message=f"`{use.path}` is imported in a try statement that must stay",
                why="its branches do more than import the same modules, or one of them has to stay",
                advice="import the plain module unconditionally",
            )
        edit = ReplaceImport(binding, fold_try=True)
        return Rewrite(
            message=f"only the plain `{plain}` is imported",
            why=why,
            edits=(edit,),
            checks=checks,
            relies_on=_PARTS.get(green),
        )
    rest = use.path.removeprefix(GREEN + green).lstrip(".")
    taken = {item.path for item in facts.names.references.get(binding, ())}
    goes = taken == {wrap_socket.PATH} and binding.name not in facts.names.exported
    new = None if goes else _new_import(plain, rest, binding.name)
    return Rewrite(
        message=f"`{plain}` is imported instead of its green copy",
        why=why,
        edits=(ReplaceImport(binding, new),),
        checks=checks,
        relies_on=_PARTS.get(green),
    )


def _new_import(plain: str, rest: str, name: str) -> Import:
    """An import that binds ``name`` to ``plain``, or to ``rest`` in it."""
    if rest:
        return Import(plain, rest, None if rest == name else name)
    package, _, last = plain.rpartition(".")
    if package:
        return Import(package, last, None if last == name else name)
    return Import(plain, None, None if plain == name else name)


def _waits(guard: ast.Try, own: str, facts: Facts) -> bool:
    """Whether a try statement holds an import that goes at another time than ``own``."""
    inside = (use for use in facts.uses if use.kind == "import" and guard in use.parents)
    return any((module_of(use.path) in _OTHERS) != (own in _OTHERS) for use in inside)


def _goes_whole(guard: ast.Try, facts: Facts, settings: Settings) -> bool:
    """Whether every green import of a try statement can go."""
    for use in facts.uses:
        if use.kind == "import" and guard in use.parents:
            green = module_of(use.path)
            if green is None or _objection(green, use, facts, settings):
                return False
    return True


def _only_import_of(binding: Binding, guard: ast.Try) -> ast.stmt | None:
    """The import of the except branch that binds the name, if it binds no other."""
    for statement in guard.handlers[0].body:
        names = [alias.asname or alias.name for alias in getattr(statement, "names", ())]
        if names == [binding.name]:
            return statement
    return None


def plain_reference(use: Use, green: str, checks: Mapping[str, str]) -> Decision:
    """Refer to the plain module."""
    plain = GREEN_MODULES[green]
    rest = use.path.removeprefix(GREEN + green)
    assert isinstance(use.node, ast.expr)
    edit: Edit = ReplaceExpression(
        use.node, lambda n, c: f"{c.name(plain)}{rest}", f"{plain}{rest}"
    )
    return Rewrite(
        message=f"`{plain}` is used instead of its green copy",
        why="under monkey_patch() the plain module is green as well",
        edits=(edit,),
        checks=checks,
        needs=(plain,),
        relies_on=_PARTS.get(green),
    )


rule = Rule(
    code="EVT301",
    family="green",
    step=1,
    summary="a module of eventlet.green becomes the plain module",
    apis=frozenset({"eventlet.green.*"}),
    match=match,
    checks=("C-SOCK", "C-TYPE", "C-LIFE", "C-AFF", "C-BOUND", "C-EXIT"),
    settings=("helpers",),
    relies_on="socket",
    references=("4.17", "QUE-12", "D23", "D24", "D25"),
    before="""\
import os

from eventlet.green import subprocess


def head():
    return subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=os.curdir)
""",
    after="""\
import os
import subprocess


def head():
    return subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=os.curdir)
""",
)
