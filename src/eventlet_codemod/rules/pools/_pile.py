"""What becomes of a GreenPile: one plan for all that is done to it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Handle, HandleUse
from eventlet_codemod.rules.limits import limited_by
from eventlet_codemod.rules.locations import kind_of, where
from eventlet_codemod.rules.pools import _block, _places, _size
from eventlet_codemod.rules.sync._alike import flow_checks
from eventlet_codemod.rules.threads import _started

API = "eventlet.greenpool.GreenPile"


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a pile. With an ``objection`` it stays.

    ``pool`` is the GreenPool that it was given, if it was. ``checks`` are asked where it is made.
    """

    objection: str = ""
    pool: Handle | None = None
    checks: Mapping[str, str] = field(default_factory=dict)


def plan(pile: Handle, settings: Settings) -> Plan:
    """Look at everything that is done to a pile."""
    objection = objection_to(pile, helpers=settings.helpers is not None)
    if objection:
        return Plan(objection)
    checks = flow_checks(pile)
    creation, module = pile.creations[0], pile.origins[0]
    assert creation.call is not None
    if pile.maker is not None:
        if settings.helpers is None:
            return Plan("it shares a pool, and only a full one holds up its spawn()")
        return Plan("", pile.maker, checks)
    zero = settings.helpers is not None
    objection = _size.objection_to(creation.call, zero=zero, keyword="size_or_pool")
    checks |= _size.checks_of(creation.call, creation, module, zero=zero)
    if "C-TYPE" in checks:
        size = _size.size_of(creation.call)
        name = getattr(size, "id", None) or getattr(size, "attr", None) or ""
        if "pool" in name.lower():
            objection = f"`{name}` may be a GreenPool, which is not followed to here"
        checks["C-TYPE"] += ". Or a GreenPool, which a pile takes as well?"
    return Plan(objection, None, checks)


def objection_to(pile: Handle, *, helpers: bool) -> str:
    """Why a list cannot be what a pile is, as far as that is up to what is done to it."""
    if pile.apis != {API}:
        return pile.mixed or "it is not always a GreenPile"
    if pile.conflicts:
        return pile.conflicts[0]
    if len(pile.creations) > 1 or (
        pile.maker is None and _block.local_name(pile, escapes=True) is None
    ):
        return "it is not made, fed and read by one function"
    found = (_objection(deed, pile, helpers=helpers) for deed in pile.uses)
    return _order(pile) or _odd_pool(pile) or next(filter(None, found), "")


def _odd_pool(pile: Handle) -> str:
    """Why the pool that a pile was given cannot be named where the pile is fed."""
    creation = pile.creations[0]
    if pile.maker is None or creation.call is None:
        return ""
    given = creation.call.args
    named = len(given) == 1 and isinstance(given[0], ast.Name) and not creation.call.keywords
    return "" if named else "the pool that it is given has no name there"


def is_read(deed: HandleUse) -> bool:
    """Whether all results of the pile are taken, one by one, where it stands."""
    node, parents = deed.node, deed.parents
    outer = parents[-1]
    if isinstance(outer, (ast.For, ast.comprehension)):
        return outer.iter is node
    return _is_unpacked(node, outer) or _places.is_consumed(node, parents)


def _is_unpacked(node: ast.AST, outer: ast.AST) -> bool:
    """``a, b = pile``."""
    return (
        isinstance(outer, ast.Assign)
        and outer.value is node
        and len(outer.targets) == 1
        and isinstance(outer.targets[0], (ast.Tuple, ast.List))
    )


def _objection(deed: HandleUse, pile: Handle, *, helpers: bool) -> str:
    place = where(deed, pile)
    if (deed.attribute == "spawn" or is_read(deed)) and limited_by(deed):
        return f"a Timeout ends what waits on {place}, and nothing native would"
    if deed.foreign:
        return f"other objects' .{pile.attribute} may be it"
    if deed.how == "attribute":
        if deed.attribute != "spawn":
            return f".{deed.attribute} has no native twin, used on {place}"
        objection = _odd_spawn(deed)
        if not objection and not helpers:
            objection = _places.feeding(deed, pile)
        return f"{objection} on {place}" if objection else ""
    if deed.how == "argument":
        return f"a {deed.attribute} takes it on {place}"
    if is_read(deed) or deed.how == "compare-none":
        return ""
    outer = deed.parents[-1]
    if isinstance(outer, ast.Call) and isinstance(outer.func, ast.Name) and outer.func.id == "next":
        return f"next() takes one result of it on {place}"
    return deed.reason or f"{kind_of(deed)} has no native twin, on {place}"


def _odd_spawn(deed: HandleUse) -> str:
    if deed.call is None:
        return "its spawn is passed on, uncalled,"
    if not deed.value_unused:
        return "the None of its spawn() is used"
    if not _started.has_plain_target(deed.use, 1, ("func",)):
        return "the target of a spawn cannot be seen"
    if any(k.arg == "func" for k in deed.call.keywords) and deed.call.args:
        return "the target comes after other arguments"
    if deed.call.keywords and not deed.call.args and deed.call.keywords[0].arg != "func":
        return "the target comes after other arguments"
    if _started.has_odd_comment(deed.use, deed.module):
        return "a comment stands inside the arguments"
    return ""


def _order(pile: Handle) -> str:
    """Why the pile is not made, then fed, then read once."""
    creation = pile.creations[0]
    home = _places.run_of(creation)
    spawns = [deed for deed in pile.uses if deed.attribute == "spawn"]
    reads = [deed for deed in pile.uses if is_read(deed)]
    others = [d for d in reads if not isinstance(d.node, ast.Call)]
    if any(_places.run_of(deed.use) is not home for deed in (*spawns, *others)):
        return "it is not made, fed and read by one function"
    if len(others) > 1 or (others and len(reads) > 1):
        return "it is read more than once, and gives each result only once"
    if not others:
        return ""
    read = others[0]
    if any(deed.line >= read.line for deed in spawns):
        return "it is fed after it was read"
    loops = _places.loops_of(read.use)
    if isinstance(read.parents[-1], ast.comprehension):
        first = loops[-1].generators[0].iter is read.node  # type: ignore[attr-defined]
        loops = loops[:-1] if first else loops
    elif isinstance(read.parents[-1], ast.For):
        loops = loops[:-1] if loops and loops[-1] is read.parents[-1] else loops
    if loops != _places.loops_of(creation):
        return "a loop reads it again and again"
    return ""
