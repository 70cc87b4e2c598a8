"""A patch of what futurist's green executor waited by when it was shut down."""

from __future__ import annotations

import ast

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.patches import Patch
from eventlet_codemod.facts.project import Move
from eventlet_codemod.rules.testing import _targets
from eventlet_codemod.rules.testing._mocks import NotFollowed, mock_of

_WAITALL = "eventlet.greenpool.GreenPool.waitall"
_THREADS = "futurist.ThreadPoolExecutor"


def find(target: _targets.Target, facts: Facts) -> _targets.Found | None:
    """The executor of the code under test that called ``waitall``, and whose shutdown waits now."""
    if target.api != _WAITALL or target.module:
        return None
    found = _targets.find_name("futurist.GreenThreadPoolExecutor", "", facts)
    if found is None or found.move.native != _THREADS:
        return None
    local = f"{found.move.local}.shutdown" if found.move.local else ""
    return _targets.Found(found.module, Move(f"{_THREADS}.shutdown", local), found.others)


def check(patch: Patch, use: Use, facts: Facts) -> None:
    """Raise NotFollowed where a test asks for more than that it waited."""
    mock = mock_of(patch, use, facts)
    given = [k.arg for k in patch.call.keywords if k.arg not in ("autospec", "create")]
    if mock.objection or mock.given is not None or given:
        raise NotFollowed("shutdown() of an executor waits in its place now, where it is one")
    for node, parents in mock.places:
        asked = parents[-1]
        if not isinstance(asked, ast.Attribute) or asked.attr not in ("called", "assert_called"):
            raise NotFollowed(f"more is asked than whether it waited (line {node.lineno})")
