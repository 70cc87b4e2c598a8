"""What becomes of a GreenPool and of the green threads that it makes: one plan for all of it."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Handle, HandleUse
from eventlet_codemod.rules import unseen
from eventlet_codemod.rules.limits import limited_by
from eventlet_codemod.rules.locations import kind_of, where
from eventlet_codemod.rules.pools import _block, _pile, _places, _served, _size
from eventlet_codemod.rules.pools._places import ENDLESS, FINITE, UNKNOWN
from eventlet_codemod.rules.sync._alike import flow_checks, has_stars
from eventlet_codemod.rules.threads import _future, _started, _together

API = "eventlet.greenpool.GreenPool"
SPAWN = f"{API}.spawn"

#: How the objection begins where eventlet needs a GreenPool for itself.
FOR_EVENTLET = "eventlet's own code gets it"

#: Methods in which an object of a service ends.
STOPS = frozenset(
    ["stop", "close", "shutdown", "terminate", "cleanup", "__exit__", "tearDown", "kill", "quit"]
)

_RUNS = frozenset({"spawn", "spawn_n"})
_MAPS = frozenset({"imap", "starmap"})
_WAITS = {"waitall", "wait", *_RUNS, *_MAPS}
_OF_HELPER = _RUNS | _MAPS | {"waitall", "running", "waiting", "free", "resize", "size"}
_NEUTRAL = ("test", *_future.NEUTRAL)


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a pool. With an ``objection`` it stays.

    ``form`` is ``helper`` or ``executor``. ``block`` are the statements that a with statement goes
    around; without it, waitall() becomes shutdown(). ``checks`` are asked where it is made.
    ``by_helper`` says that only an executor cannot do what is done to it, ``served`` that a WSGI
    server gets it, which goes with it.
    """

    objection: str = ""
    form: str = "executor"
    block: _block.Block | None = None
    checks: Mapping[str, str] = field(default_factory=dict)
    by_helper: bool = False
    served: bool = False


def plan(pool: Handle, settings: Settings) -> Plan:
    """Look at everything that is done to a pool, and to what its spawn() gives."""
    checks: dict[str, str] = {}
    served = _served.served(pool, settings)
    objection = _surface(pool, checks, served)
    if settings.helpers is not None:
        objection = objection or _reach(pool, checks, served, strict=bool(pool.made))
        checks = {**_sizes(pool, zero=True), **checks}
        return Plan(objection, "helper", checks=checks, served=bool(served))
    by_helper = not objection
    objection = objection or _reach(pool, checks, (), strict=True)
    by_helper = by_helper and not objection
    if objection:
        return Plan(objection, by_helper=by_helper)
    return _executor(pool, checks, settings)


# --- for both forms -----------------------------------------------------------------------------


def _surface(pool: Handle, checks: dict[str, str], served: Sequence[HandleUse]) -> str:
    """Why neither form can do what is done to a pool."""
    if pool.apis != {API}:
        return pool.mixed or "it is not always a GreenPool"
    for creation in pool.creations:
        assert creation.call is not None
        objection = _size.objection_to(creation.call, zero=True)
        if objection:
            return f"{objection} (line {creation.call.lineno})"
    for deed in pool.escapes:
        if deed not in served and _is_for_eventlet(deed):
            return f"{FOR_EVENTLET} on {where(deed, pool)}"
    for deed in pool.uses:
        objection = _objection(deed, pool)
        if objection:
            return f"{objection} on {where(deed, pool)}"
    if served and (objection := _served.objection_to(pool)):
        return f"{FOR_EVENTLET}, and {objection}"
    objection = unseen.objection_to(pool, checks)
    if objection:
        return objection
    for deed in [*pool.uses, *(deed for made in pool.made for deed in made.uses)]:
        if (deed.attribute in _WAITS or _pile.is_read(deed)) and limited_by(deed):
            return f"a Timeout ends what waits on {where(deed, pool)}, and nothing native would"
    for made in pool.made:
        if made.api == _pile.API:
            objection = _pile.objection_to(made, helpers=True)
            if objection:
                return f"the GreenPile that takes it stays: {objection}"
            continue
        found = _future.profile(made)
        objection = found.objection or _together.objection_to_future(made)
        if objection:
            return f"a green thread of it cannot become a Future: {objection}"
        checks.update({k: v for k, v in found.checks.items() if k == "C-FLOW"})
    return ""


def _objection(deed: HandleUse, pool: Handle) -> str:
    if deed.how in ("annotation", "class"):
        plain = deed.use.api == API and deed.use.loaded and not deed.use.doubt
        return "" if plain else "another class is named for it"
    if deed.how in (*_NEUTRAL, "escape"):
        return ""
    if deed.how == "isinstance":
        call = deed.parents[-1]
        named = {item.node for item in pool.uses if item.how == "class"}
        plain = isinstance(call, ast.Call) and len(call.args) == 2 and call.args[1] in named
        return "" if plain else "its class is compared with another"
    if deed.how == "named" and deed.reason in _RUNS:
        return ""
    if deed.how == "argument":
        return "" if deed.attribute == "GreenPile" else f"a {deed.attribute} takes it"
    if deed.how != "attribute":
        return f"{kind_of(deed)} has no native twin,"
    if deed.attribute not in _OF_HELPER:
        return f".{deed.attribute} has no native twin, used"
    attribute = deed.parents[-1]
    if deed.attribute == "size":
        stored = not isinstance(getattr(attribute, "ctx", None), ast.Load)
        return "its size is written" if stored or deed.call is not None else ""
    if deed.attribute in _RUNS:
        return _odd_spawn(deed)
    if deed.attribute in _MAPS and deed.call is not None:
        first = deed.call.args[0] if deed.call.args else None
        if first is None or isinstance(first, ast.Starred) or deed.call.keywords:
            return f"the function of {deed.attribute}() cannot be seen"
    return ""


def _is_for_eventlet(deed: HandleUse) -> bool:
    """Whether the pool goes to a function of eventlet, such as a WSGI server."""
    if any(node in deed.module.use_of_call for node in deed.parents):
        return True
    return "custom_pool" in deed.module.text  # what holds it may be spelled out in any way


def _odd_spawn(deed: HandleUse) -> str:
    if deed.call is None:
        if deed.attribute == "spawn" and not is_passed_and_dropped(deed):
            return "its spawn is passed on, and what it gives is not followed,"
        return ""
    if deed.attribute == "spawn_n" and not deed.value_unused:
        return "the None of spawn_n() is used"
    if not _started.has_plain_target(deed.use, 1, ("function",)):
        return "the target of a spawn cannot be seen"
    if any(item.arg == "function" for item in deed.call.keywords):
        late = deed.call.args or deed.call.keywords[0].arg != "function"
        return "the target comes after other arguments" if late else ""
    if _started.has_odd_comment(deed.use, deed.module):
        return "a comment stands inside the arguments"
    return ""


def is_passed_and_dropped(deed: HandleUse) -> bool:
    """Whether a method is handed to a call whose value nobody uses."""
    call, statement = deed.parents[-2], deed.parents[-3]
    return isinstance(call, ast.Call) and isinstance(statement, ast.Expr)


def _reach(
    pool: Handle, checks: dict[str, str], served: Sequence[HandleUse], *, strict: bool
) -> str:
    """Where the pool goes beyond what is followed: an objection when ``strict``, else a check."""
    reasons = [
        deed.reason if deed.module in pool.origins else f"{deed.module.path}: {deed.reason}"
        for deed in pool.escapes
        if deed not in served
    ]
    if any(deed.foreign for deed in pool.uses):
        reasons.append(f"other objects' .{pool.attribute} may be it")
    reasons += pool.conflicts
    if reasons and strict:
        return reasons[0]
    if reasons:
        checks["C-FLOW"] = (
            f"{reasons[0]}: does something there wait() for what its spawn() gives? That is a "
            "Future now, and has a result()"
        )
    elif strict:
        checks.update(flow_checks(pool))
    return ""


def _sizes(pool: Handle, *, zero: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    for creation, module in zip(pool.creations, pool.origins, strict=True):
        assert creation.call is not None
        found.update(_size.checks_of(creation.call, creation, module, zero=zero))
    return found


# --- an executor --------------------------------------------------------------------------------


def _executor(pool: Handle, checks: dict[str, str], settings: Settings) -> Plan:
    """The plan without helpers: what an executor does in the same way, or what it asks."""
    objection = _executors_surface(pool)
    if objection:
        return Plan(objection, by_helper=True)
    checks = {**_sizes(pool, zero=False), **checks}
    checks["C-LOCAL"] = (
        "its threads are used again: does a task expect thread-locals or context to be as at the "
        "start?"
    )
    name = _block.local_name(pool)
    waits = [deed for deed in pool.uses if deed.attribute == "waitall"]
    objection = _tasks_of(pool, waits, checks, local=name is not None)
    if any(isinstance(_places.function_of(deed.use), ast.AsyncFunctionDef) for deed in waits):
        objection = "a coroutine waits for it"
    if not objection and waits:
        objection = _final(pool, waits, name)
    if objection:
        return Plan(objection, by_helper=True)
    chained = name is None and any(d.node in {c.call for c in pool.creations} for d in pool.uses)
    block = None
    if name is not None:
        block = _block.block_of(pool, waits[0] if waits else None, settings.line_length or 79)
    if block is None and any(creation.in_loop for creation in pool.creations):
        checks.setdefault("C-BOUND", "a loop makes one each time: how many threads can that be?")
    if block is None and not waits and not chained:
        checks["C-LIFE"] = (
            "the interpreter waits at its exit for all that runs and all that is queued: where is "
            "it shut down?"
        )
    elif block is not None and (block.drops is None or _block.may_fail(block, pool)):
        checks["C-LIFE"] = "the with statement waits for its tasks, also where an error leaves it"
    elif block is None and waits and name is not None and not _block.is_reached(pool, waits[0]):
        checks["C-LIFE"] = (
            "where shutdown() is not reached, the interpreter waits for its tasks at the exit"
        )
    elif waits and name is None:
        checks["C-LIFE"] = "it takes no task after shutdown(): is one spawned later, or it reused?"
    return Plan("", "executor", block, checks)


def _executors_surface(pool: Handle) -> str:
    """Why an executor cannot do what is done to a pool that the helper can replace."""
    for creation in pool.creations:
        assert creation.call is not None
        objection = _size.objection_to(creation.call, zero=False)
        if objection:
            return f"{objection} (line {creation.call.lineno})"
    for deed in pool.uses:
        if deed.how == "argument":
            return f"a GreenPile shares it on {where(deed, pool)}"
        if deed.how != "attribute":
            continue
        objection = ""
        if deed.attribute in _RUNS:
            objection = _places.feeding(deed, pool)
        elif deed.attribute in _MAPS:
            objection = _mapping(deed)
        elif deed.attribute == "waitall":
            plain = deed.call is not None and not deed.call.args and not deed.call.keywords
            objection = "" if plain else "waitall is passed on, uncalled,"
        else:
            objection = f"an executor has no {deed.attribute},"
        if objection:
            return f"{objection} on {where(deed, pool)}"
    return ""


def _mapping(deed: HandleUse) -> str:
    """Why ``map`` of an executor, which reads everything at once, is not ``imap``."""
    call = deed.call
    if call is None:
        return f"{deed.attribute} is passed on, uncalled,"
    if is_zip(deed):
        return ""
    if has_stars(call):
        return f"what {deed.attribute}() reads cannot be seen"
    if deed.attribute == "starmap" and (
        len(call.args) != 2 or not isinstance(call.args[0], (ast.Name, ast.Attribute))
    ):
        return "the function of starmap() is not named"
    extents = [_places.extent(item, deed.use, deed.module) for item in call.args[1:]]
    if ENDLESS in extents:
        return f"what {deed.attribute}() reads is made as it is read"
    if not _places.is_consumed(call, deed.parents[:-2]) or _may_be_cut(call, deed.parents[-3]):
        return f"not all that {deed.attribute}() gives is taken at once"
    return ""


def _may_be_cut(call: ast.Call, outer: ast.AST) -> bool:
    """Whether a zip() may end before the results that it is given beside something else."""
    if not isinstance(outer, ast.Call) or getattr(outer.func, "id", "") != "zip":
        return False
    read = {ast.unparse(item) for item in call.args[1:]}
    return any(ast.unparse(item) not in read for item in outer.args if item is not call)


def is_zip(deed: HandleUse) -> bool:
    """Whether an imap only pairs its inputs: its function is None."""
    return (
        deed.attribute == "imap"
        and deed.call is not None
        and isinstance(deed.call.args[0], ast.Constant)
        and deed.call.args[0].value is None
    )


def reads_unseen(deed: HandleUse, pool: Handle) -> list[str]:
    """What a deed reads that may be endless, or too much to hold at once."""
    if deed.attribute in _MAPS and deed.call is not None:
        given = [] if is_zip(deed) else deed.call.args[1:]
    else:
        given = [source for source in _places.sources_of(deed.use, pool) if source is not None]
    found = [(_places.extent(item, deed.use, deed.module), ast.unparse(item)) for item in given]
    if deed.attribute == "imap" and any(kind == FINITE for kind, _ in found):
        return []  # it ends with the shortest
    return [text for kind, text in found if kind == UNKNOWN]


def _tasks_of(pool: Handle, waits: list[HandleUse], checks: dict[str, str], *, local: bool) -> str:
    """Why tasks must not use the pool that runs them.

    A ``local`` pool is another one in each run of its function, so what that does itself is none
    of its tasks.
    """
    inside = [*(d for d in pool.uses if d.attribute), *(d for m in pool.made for d in m.uses)]
    if local:
        home = _places.run_of(pool.creations[0])
        inside = [deed for deed in inside if _places.run_of(deed.use) is not home]
    for deed in _places.in_tasks(pool, inside):
        done = deed.attribute if deed.attribute in _RUNS | _MAPS | {"waitall"} else "wait"
        dropped = deed.value_unused or deed.call is None
        if done in _RUNS and dropped and not waits:
            continue  # it only queues more work
        if done in _RUNS and dropped:
            return "its tasks spawn further ones, which shutdown() forbids,"
        return f"its tasks come to its {done}(), and may wait for each other"
    if pool.made and not local and not _places.knows_tasks(pool):
        checks["C-NEST"] = ""
    return ""


def _final(pool: Handle, waits: list[HandleUse], name: str | None) -> str:
    """Why the waitall() of a pool is not the end of it, as shutdown() would be."""
    if len(waits) > 1:
        return "waitall() is called in several places, and shutdown() can be called but once"
    wait = waits[0]
    end = _position(wait)
    later = [d for d in pool.uses if d is not wait and d.attribute and _position(d) > end]
    reused = "after waitall() it is used again"
    if name is not None:
        same = _places.loops_of(wait.use) == _places.loops_of(pool.creations[0])
        return "" if same and not later else reused
    function = _places.function_of(wait.use)
    if function is None or getattr(function, "name", "") not in STOPS:
        return f"waitall() on {where(wait, pool)} may not be the end of it, as shutdown() would be"
    within = [d for d in later if function in d.parents]
    return reused if within or _places.loops_of(wait.use) else ""


def _position(deed: HandleUse) -> tuple[int, int]:
    return deed.line, getattr(deed.node, "col_offset", 0)
