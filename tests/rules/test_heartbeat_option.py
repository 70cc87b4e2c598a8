from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

SETS = """
def prepare(conf):
    conf.{}('heartbeat_in_pthread'{})
    conf.set_default('rpc_response_timeout', 30)
"""
SET = """
def prepare(conf):
    conf.set_default('rpc_response_timeout', 30)
"""

CASES = [
    # --- what it is not about ---------------------------------------------------------------
    noop("another option", SET),
    noop("a longer name", "conf.set_default('heartbeat_in_pthread_too', True)\n"),
    noop("a docstring", "def f():\n    'heartbeat_in_pthread'\n"),
    noop("a keyword", "set_defaults(heartbeat_in_pthread=True)\n"),
    # --- what it leaves ---------------------------------------------------------------------
    manual("a list", "names = ['heartbeat_in_pthread', 'other']\n", says="is named here"),
    manual(
        "all that a block does",
        """
        if rabbit:
            conf.set_override('heartbeat_in_pthread', True)
        """,
        says="is named here",
    ),
    manual(
        "a value that is used",
        "old = conf.set_override('heartbeat_in_pthread', True)\nprint(old)\n",
    ),
    manual(
        "an argument that acts",
        "conf.set_override('heartbeat_in_pthread', choose())\nprint()\n",
    ),
    manual("an option of that name", "opt = cfg.BoolOpt('heartbeat_in_pthread')\nprint()\n"),
    # --- what it rewrites -------------------------------------------------------------------
    fixes("a default", SETS.format("set_default", ", False"), SET),
    fixes("an override", SETS.format("set_override", ", True, 'oslo_messaging_rabbit'"), SET),
    fixes("a group", SETS.format("set_override", ", True, group='oslo_messaging_rabbit'"), SET),
    fixes("a name as its value", SETS.format("set_override", ", value"), SET),
    fixes("what takes it back", SETS.format("clear_override", ", group='x'"), SET),
    fixes(
        "at the top of a module",
        "CONF.set_default('heartbeat_in_pthread', True)\nprint()\n",
        "print()\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_heartbeat_option(case: Case) -> None:
    check(case, "heartbeat-option")
