"""Where a test puts something in the place of `time.sleep`, for the whole process.

Patches of eventlet's sleep become such patches, with the code that they are for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.carried import last_name
from eventlet_codemod.facts.module import FUNCTIONS
from eventlet_codemod.facts.patches import Patch, patch_at

_NAMED = r"""\bsleep["']"""
_SLEEPS = frozenset({"eventlet.sleep", "greenthread.sleep", "time.sleep"})
_BEFORE_ALL = frozenset({"asyncSetUp", "setUp", "setUpClass", "setup_class", "setup_method"})


def line_of_patch(use: Use, facts: Facts) -> int:
    """The line of a patch of `time.sleep` that holds where a use stands, or 0.

    What is patched by the very name of the use was the mock before.
    """
    if facts.search(_NAMED) is None:
        return 0
    for patch, parents, target in _patches(facts):
        same = target == ".".join(use.path.split(".")[-2:])
        if not same and _reaches(patch.call, parents, use):
            return patch.call.lineno
    return 0


def _patches(facts: Facts) -> Iterator[tuple[Patch, tuple[ast.AST, ...], str]]:
    """The patches of sleeps, with the last two parts of what they patch."""
    for found in facts.walker.find(frozenset({"sleep"})):
        call = found.parents[-1]
        if not isinstance(found.node, ast.Constant) or not isinstance(call, ast.Call):
            continue
        patch = patch_at(call, found.node)
        if patch is None:
            continue
        owner = last_name(patch.owner) if patch.owner is not None else ""
        target = ".".join(f"{owner}.{patch.name}".split(".")[-2:])
        if target in _SLEEPS:
            yield patch, found.parents[:-1], target


def _reaches(patch: ast.Call, parents: tuple[ast.AST, ...], use: Use) -> bool:
    """Whether a use is evaluated while the patch holds, or in what takes the place of the sleep."""
    if patch in use.parents:
        inside = use.parents[use.parents.index(patch) :]
        return any(isinstance(node, ast.Lambda) for node in inside)
    for outer in reversed(parents):
        if isinstance(outer, (ast.With, ast.AsyncWith)):
            if any(patch in ast.walk(item) for item in outer.items):
                return any(item in use.parents for item in outer.body)
        elif isinstance(outer, (*FUNCTIONS, ast.ClassDef)):
            if any(patch in ast.walk(item) for item in outer.decorator_list):
                return any(item in use.parents for item in outer.body)
            if getattr(outer, "name", "") not in _BEFORE_ALL:
                return outer in use.parents
    classes = [node for node in parents if isinstance(node, ast.ClassDef)]
    return not classes or classes[-1] in use.parents
