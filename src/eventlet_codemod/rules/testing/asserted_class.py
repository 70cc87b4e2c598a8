"""A test that asserts on the class of an object asserts on the class that the code makes now.

`assertIsInstance(server.pool, eventlet.GreenPool)` fails when the code under test is rewritten. The
class follows it, as patches do: which module that is tell the imports of the test, or its path.
Where several classes took the place of eventlet's, or none did, the assertion stays.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.patches import is_asserted_on
from eventlet_codemod.rules.base import (
    Decision,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.testing import _targets

#: Functions that are spelled like classes.
_FUNCTIONS = frozenset({"threading.Lock", "threading.RLock"})


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Name the class that took the place of eventlet's."""
    if use.kind != "reference" or not is_asserted_on(use):
        return None
    found = _targets.find_name(use.api, "", facts)
    if found is None or found.move.stays or not _is_class(found.move.native):
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    owner, _, name = found.move.native.rpartition(".")
    where = found.module or found.others[0]
    assert isinstance(use.node, ast.expr)
    return Rewrite(
        message=f"the class is `{found.move.native}`, which the code under test makes now",
        why="an object of eventlet's class is made there no longer",
        edits=(ReplaceExpression(use.node, lambda node, context: f"{context.name(owner)}.{name}"),),
        checks={"C-FLOW": f"is it {where} that makes this object?"},
        needs=(owner,),
        follows=found.module,
    )


def _is_class(native: str) -> bool:
    owner, _, name = native.rpartition(".")
    return bool(owner) and name[:1].isupper() and native not in _FUNCTIONS


rule = Rule(
    code="EVT602",
    family="testing",
    step=1,
    summary="a test asserts on the class that the code under test makes now",
    apis=frozenset(
        {
            "eventlet.event.Event",
            "eventlet.greenpool.GreenPool",
            "eventlet.pools.*",
            "eventlet.queue.*",
            "eventlet.semaphore.*",
        }
    ),
    match=match,
    checks=("C-FLOW",),
    references=("TST-1",),
    example_settings={"helpers": "pkg.concurrency", "monkey_patched": "yes"},
    before="""\
import unittest

import eventlet


class Server:
    def __init__(self, size):
        self.pool = eventlet.GreenPool(size)
        self.pool.resize(8)


class Test(unittest.TestCase):
    def assert_pooled(self, thing):
        self.assertIsInstance(thing, eventlet.GreenPool)
""",
    after="""\
import unittest

from pkg import concurrency


class Server:
    def __init__(self, size):
        self.pool = concurrency.BlockingPool(size)
        self.pool.resize(8)


class Test(unittest.TestCase):
    def assert_pooled(self, thing):
        self.assertIsInstance(thing, concurrency.BlockingPool)
""",
)
