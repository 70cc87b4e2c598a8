"""`corolocal` keeps values per green thread; `threading.local` and `get_ident` do per thread.

Under `monkey_patch()` they are the same thing, and natively each thread stands where a green
thread stood. Subclasses work alike: their `__init__` runs anew in every thread.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rewrite, Rule, leave_in_doubt
from eventlet_codemod.rules.sync import _alike

_NAMES = {"eventlet.corolocal.local": "local", "eventlet.corolocal.get_ident": "get_ident"}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Rename a reference to `local` or `get_ident`."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    name = _NAMES[use.api]
    return Rewrite(
        message=f"`threading.{name}` takes the place of corolocal's",
        why="a thread stands where a green thread stood, and under monkey_patch() the two are one",
        edits=(_alike.rename_class(use, "threading", name),),
        needs=("threading",),
    )


rule = Rule(
    code="EVT206",
    family="sync",
    step=1,
    summary="corolocal becomes threading.local and get_ident",
    apis=frozenset(_NAMES),
    match=match,
    relies_on="thread",
    references=("LOC-1", "LOC-2"),
    before="""\
from eventlet import corolocal

_store = corolocal.local()


def remember(context):
    _store.context = context
    return corolocal.get_ident()
""",
    after="""\
import threading

_store = threading.local()


def remember(context):
    _store.context = context
    return threading.get_ident()
""",
)
