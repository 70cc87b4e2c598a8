"""Which native object a green thread of spawn, or of spawn_n, becomes."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle, Use
from eventlet_codemod.rules.threads import _current, _future, _kept, _server, _started

APIS = _future.AT_ONCE

#: The parameters of the spawn itself.
NAMES = ("func",)


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a green thread: ``form`` is ``thread``, ``future`` or ``server``.

    It is ``given`` where it is a Future already, as a codemod declares. With an ``objection`` it
    stays. ``served`` tells of a server.
    """

    objection: str
    form: str
    profile: _future.Profile
    served: _server.Served | None = None


def plan(handle: Handle, settings: Settings) -> Plan:
    """Look at everything that is done to a green thread, and at how it is made."""
    found = _future.profile(handle)
    if given := _given(handle, settings):
        mixed = given < len(handle.creations)
        objection = "it is a Future already in one place, and not in another" if mixed else ""
        found = _future.profile(handle, native=True)
        return Plan(found.objection or objection, "given", found)
    served = _server.served(handle, settings)
    if served is not None:
        return Plan(served.objection, "server", found, served)
    objection = found.objection or _why_not_started(handle)
    return Plan(objection, _form(handle, found, settings), found)


def _given(handle: Handle, settings: Settings) -> int:
    """How many of its creations give a Future already, as a codemod declares."""
    made = zip(handle.creations, handle.origins, strict=True)
    names = (module.names.taken.get(creation, "") for creation, module in made)
    return sum(name in settings.declared.futures for name in names)


def of_server(use: Use, facts: Facts, settings: Settings) -> tuple[str, str] | None:
    """The group of the green thread that runs a server and is killed, and why it stays.

    None for any other use of a server.
    """
    spawn = facts.use_of_call.get(use.parent) if use.call is None else None
    handle = facts.handle_of.get(spawn) if spawn is not None else None
    if handle is None or not handle.apis <= APIS:
        return None
    found = plan(handle, settings)
    if found.served is None:
        return None
    return handle.group.id, found.objection or _server.held_by(handle, facts, settings)


def _why_not_started(handle: Handle) -> str:
    for creation, module in zip(handle.creations, handle.origins, strict=True):
        line = creation.node.lineno  # type: ignore[attr-defined]
        if not _started.has_plain_target(creation, 1, NAMES):
            return f"its target cannot be seen on line {line}"
        if green := _started.green_target(creation, module):
            return f"it runs `{green}` of eventlet, which stays, on line {line}"
        if _started.has_odd_comment(creation, module):
            return f"a comment stands inside the arguments on line {line}"
        assert creation.call is not None
        late = _started.target_comes_late(creation.call)
        if late and any(
            isinstance(n, ast.Call) for k in creation.call.keywords for n in ast.walk(k)
        ):
            return f"the target comes after other arguments on line {line}"
        if creation.api.endswith("spawn_n") and any(d.attribute for d in handle.uses):
            return "spawn_n gives nothing that can be waited for"
    return ""


def is_joined(handle: Handle, found: _future.Profile) -> bool:
    """Whether a green thread has to be the one that the current thread is, and is waited for.

    A Future would give what it raised, but is not what `current_thread()` gives in it.
    """
    if found.attributes != {"wait"} or not _current.compared_with(handle):
        return False
    waits = [deed for deed in handle.uses if deed.attribute == "wait"]
    compared = any(deed.how in ("key", "compare") for deed in handle.uses)
    return compared and all(deed.value_unused for deed in waits)


def _form(handle: Handle, found: _future.Profile, settings: Settings) -> str:
    """``thread`` or ``future``."""
    cancelled = "cancel" in found.attributes
    joined = is_joined(handle, found)
    wanted = not joined and (found.is_waited_on or cancelled or settings.spawn == "helper")
    statements = {creation.statement for creation in handle.creations}
    alone = len(statements) == len(handle.creations)
    if not wanted and alone and all(map(_kept.can_be_split, handle.creations)):
        return "thread"
    return "future"
