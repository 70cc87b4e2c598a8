"""`patcher.original("mod")` of a module that `monkey_patch()` leaves alone gives a copy of it.

Nothing outside the standard library is patched (but `MySQLdb` and `psycopg2`), so the module itself
is the same code. Only what it keeps in its globals is no longer apart from that of the module that
others import: its caches, and the identity of its classes. Modules of the standard library wait for
`patcher-original`.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rewrite, Rule, leave_in_doubt
from eventlet_codemod.rules.patching import _stale
from eventlet_codemod.rules.patching.patcher_original import (
    is_patchable,
    module_named,
    put_in_place,
)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Import the module itself."""
    if use.kind != "reference" or use.call is None:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    name = module_named(use.call.args[0], facts) if len(use.call.args) == 1 else None
    if name is None or is_patchable(name):
        return None
    goes = use.function is None and isinstance(use.statement, ast.Assign)
    return Rewrite(
        message=f"`{name}` itself: monkey_patch() leaves it alone",
        why="`original` gave a second copy of the same code",
        checks={"C-STATE": "", **_stale.asks(use, facts, replaced=not goes)},
        **put_in_place(use, use.call, name, facts),
    )


rule = Rule(
    code="EVT509",
    family="patching",
    step=1,
    summary="patcher.original of a module that is never patched gives way to the module",
    apis=frozenset({"eventlet.patcher.original"}),
    match=match,
    checks=("C-STATE", "C-STALE"),
    references=("IMP-4",),
    before="""\
import eventlet.patcher

reversename = eventlet.patcher.original("dns.reversename")


def zone_of(address):
    return reversename.from_address(address)
""",
    after="""\
from dns import reversename


def zone_of(address):
    return reversename.from_address(address)
""",
)
