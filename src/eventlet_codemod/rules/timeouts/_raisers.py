"""Who raises the Timeouts that a clause takes: code of the project, or nobody in it."""

from __future__ import annotations

import ast

from eventlet_codemod.facts import Facts, Module, Use
from eventlet_codemod.facts.api import TIMEOUT
from eventlet_codemod.facts.loading import load
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.rules.ecosystem._calls import last_name
from eventlet_codemod.rules.timeouts import _descriptor, _home, _limit, _with_timeout
from eventlet_codemod.rules.timeouts._catching import LIMITS

_RAISING = (TIMEOUT, _with_timeout.API, _descriptor.API)


def are_in_project(facts: Facts) -> bool:
    """Whether code of the project may let a Timeout fly; of a file alone that cannot be told.

    What tests raise, code does not catch, other than in tests.
    """
    if facts.project.root is None:
        return True
    if "raisers" not in facts.memo:
        facts.memo["raisers"] = _found(facts)
    return bool(facts.memo["raisers"])


def _found(facts: Facts) -> bool:
    paths = {path for api in _RAISING for path in facts.project.naming(api)}
    for path in sorted(paths | {facts.path}):
        if is_test(path) and not is_test(facts.path):
            continue
        module = facts if path == facts.path else load(facts.project, path)
        if module is None or any(_raises(use, module) for use in module.names.uses):
            return True
    return False


def _raises(use: Use, module: Module) -> bool:
    if use.kind != "reference":
        return False
    if use.api == _with_timeout.API:
        return _with_timeout.flies(use, module)
    if use.api == _descriptor.API:
        return _descriptor.may_raise(use, module)
    if use.api not in LIMITS or _is_asked_for(use):
        return False
    if use.call is None or _limit.is_bare(use.call):
        return True  # raised, or handed to what raises it
    return _home.flies(use, module)


def _is_asked_for(use: Use) -> bool:
    """Whether the class is only named, to take or to know one."""
    holder = next(n for n in reversed(use.parents) if not isinstance(n, (ast.Tuple, ast.List)))
    if isinstance(holder, ast.Call):
        return last_name(holder.func) in ("isinstance", "issubclass")
    return isinstance(holder, ast.ExceptHandler)
