"""A test that patches a name of eventlet patches what the code under test uses now.

`mock.patch("eventlet.sleep")`, `mock.patch.object(mod.eventlet, "sleep")`, the `patchobject`,
`mock_object` and `stub_out` of projects and the patches of fixtures and pytest all name what they
replace. When the code under test is rewritten, the name is: `"pkg.mod.time.sleep"`. Which module
that is tell the target itself, the imports of the test, or its path.

The mock of a function of a standard module is seen by everything in the process that calls it by
that module, whichever module the target goes through; so the question is always asked. With
`mock-target = "global"` the standard module itself is named.

Where a spawn became a thread or a timer, assertions follow the new call:
`assert_called_once_with(f, 1)` becomes `…(target=f, args=(1,), daemon=True)`, and a side effect or
a stand-in that ran the function at once becomes one that gives a thread which runs it in `start()`.
What the mock gives is followed to what is asked of it: where a green thread became a Future,
`spawn.return_value.wait` is `….result` and `link` is `add_done_callback`; on a thread `wait` is
`join`, and on a timer `kill` is `cancel`. A class of the test that a patch gives instead gets the
new names of its methods, where nothing else knows it. The mock of a queue, a semaphore, an event or
a pool follows where nobody looks at the arguments that it is made with; `send` of an event is
`set`.

The mock of eventlet as a whole becomes that of the one function that the test looks at, where there
is just one; what it held off beside that is named in the question. A patch of `GreenPool.waitall`
becomes one of `shutdown`, where the code under test has an executor of futurist.

The patch of `Timeout.cancel` goes, with its parameter and what is asserted of it, when the code
under test has no Timeout any more.

A mock of `eventlet.sleep` that nothing under test calls becomes one of `time.sleep`, with the
question whether it is needed.

A patch stays where the code that it is for stays, where nothing under test uses the name, and where
calls of the new name have another shape, or the mock cannot be followed to what is asserted of it.
"""

from __future__ import annotations

import ast
from dataclasses import replace

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.patches import Patch
from eventlet_codemod.facts.project import Move
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import Decision, Edit, Leave, ReplaceExpression, Rewrite, Rule
from eventlet_codemod.rules.testing import _executors, _follow, _idle, _targets, _whole
from eventlet_codemod.rules.testing._mocks import NotFollowed
from eventlet_codemod.rules.testing._names import is_broken, laid_out, quoted, renamed

_WHY = "the code calls another name now, which a mock of eventlet's would not replace"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Name what the code under test uses now."""
    target = _targets.target_of(use, facts)
    if target is None:
        return None
    found = _targets.find(target, facts)
    if "." not in target.api:
        return _whole_module(use, target, facts, settings)
    if found is None and (inside := _targets.members_of(target, facts)):
        return _leave(
            target,
            f"it replaces the module as a whole, of which {target.module} used {', '.join(inside)}",
            "patch what is called in their place, one by one, and let the assertions follow",
        )
    if found is None and target.api == "eventlet.greenthread.sleep" and not target.module:
        nobody = _targets.Found("", Move("time.sleep"))
        return _rewrite(use, target, nobody, facts, settings)
    if found is None and (executor := _executors.find(target, facts)):
        return _shut_down(use, target, executor, facts, settings)
    if found is None:
        return _leave(
            target,
            "no code of this project that the run looks at uses it",
            "remove the patch with its parameter and assertions, if the code under test has none",
        )
    if found.move.stays:
        return _leave(
            target,
            f"{found.module} still uses it",
            "let it follow when that code is rewritten: patch the name that is used there then",
        )
    if target.api in _idle.METHODS:
        return _without(use, target, found, facts)
    if not found.move.native and target.api.startswith("eventlet.tpool."):
        return _leave(
            target,
            f"{found.module or 'the code under test'} calls the function itself now",
            "remove the patch, and assert on the function that was handed to the thread pool",
        )
    if not found.move.native:
        return _leave(target, f"{found.module} does that in several calls now", _ADVICE)
    try:
        more = _follow.edits_for(found.move, found.module, target.patch, use, facts)
    except NotFollowed as problem:
        return _leave(target, f"{problem}", f"{_ADVICE}: {_place(found)}")
    return _rewrite(use, target, found, facts, settings, more)


def _whole_module(use: Use, target: _targets.Target, facts: Facts, settings: Settings) -> Decision:
    """The mock of eventlet as a whole becomes that of the one function that a test looks at."""
    try:
        part = _whole.part_of(target, use, facts)
    except NotFollowed as problem:
        return _leave(
            target,
            f"{problem}",
            "patch the functions that the code under test calls now, one by one",
        )
    one = _targets.Target(target.patch, part.api, target.module)
    found = _targets.Found(target.module, part.move)
    decision = _rewrite(use, one, found, facts, settings, part.edits)
    if not part.others:
        return decision
    held_off = ", ".join(f"`{name}`" for name in part.others)
    question = (
        f"{decision.checks['C-MOCK']} And what took the place of {held_off} runs for real now"
    )
    return replace(decision, checks={"C-MOCK": question})


def _shut_down(
    use: Use,
    target: _targets.Target,
    found: _targets.Found,
    facts: Facts,
    settings: Settings,
) -> Decision:
    """What waited for the tasks of an executor is its shutdown itself now."""
    try:
        _executors.check(target.patch, use, facts)
    except NotFollowed as problem:
        return _leave(target, f"{problem}", f"{_ADVICE}: {_place(found)}")
    decision = _rewrite(use, target, found, facts, settings)
    question = (
        "shutdown() waited by waitall(): is it the waiting that the test is about? Under the "
    )
    question += "mock no executor is shut down"
    return replace(decision, checks={"C-MOCK": question})


def _without(use: Use, target: _targets.Target, found: _targets.Found, facts: Facts) -> Decision:
    """The patch of what is not called any more goes."""
    try:
        edits = _idle.edits_for(target.patch, use, facts)
    except NotFollowed as problem:
        return _leave(target, f"{problem}", "remove it: nothing under test calls that any more")
    return Rewrite(
        message=f"the patch of `{target.api}` goes: {found.module} does not call it any more",
        why="the mock would never be called",
        edits=edits,
        checks={"C-MOCK": "did the test assert this way what it should assert in another now?"},
        follows=found.module,
    )


_ADVICE = "patch what is called now, and let the assertions follow the new call"


def _place(found: _targets.Found) -> str:
    where = f"{found.module}.{found.move.local}" if found.move.local else found.move.native
    return f"`{where}`"


def _leave(target: _targets.Target, reason: str, advice: str) -> Leave:
    return Leave(
        message=f"this patch of `{target.api}` stays: {reason}",
        why="a patch has to replace what the code under test calls",
        advice=advice,
        setting="mock-target",
    )


def _rewrite(
    use: Use,
    target: _targets.Target,
    found: _targets.Found,
    facts: Facts,
    settings: Settings,
    more: tuple[Edit, ...] = (),
) -> Rewrite:
    native, local = found.move.native, found.move.local
    by_module = settings.mock_target == "module" and local and found.module
    new = f"{found.module}.{local}" if by_module else native
    checks = {"C-MOCK": _question(native, found, facts)}
    if any(item.arg == "autospec" for item in target.patch.call.keywords):
        checks["C-MOCK"] += _AUTOSPEC
    if target.patch.how == "object":
        return _object(use, target, found, facts, settings, checks, more)
    return Rewrite(
        message=f"the patch is for `{new}`, which the code under test calls now",
        why=_WHY,
        edits=(renamed(target.patch, new), *more),
        checks=checks,
        follows=found.module,
        setting="mock-target",
    )


#: Eventlet's name was another object than the one that tests of plain code mock.
_AUTOSPEC = " Its autospec fails where a base class or a fixture has mocked the same before"


def _object(
    use: Use,
    target: _targets.Target,
    found: _targets.Found,
    facts: Facts,
    settings: Settings,
    checks: dict[str, str],
    more: tuple[Edit, ...],
) -> Rewrite:
    """``patch.object(mod.eventlet, "sleep")``: the owner is replaced, and the attribute's name."""
    patch = target.patch
    native_owner, _, name = found.move.native.rpartition(".")
    local_owner = found.move.local.rpartition(".")[0]
    spelled = _spelled(use, patch, found.module, facts)
    if settings.mock_target == "global" or not local_owner or not spelled:
        owner, shown = "", found.move.native
    else:
        owner = f"{spelled}.{local_owner}"
        shown = f"{owner}.{name}"
    assert patch.owner is not None

    def make(node: cst.BaseExpression, context: Context) -> str:
        return owner or context.name(native_owner)

    edits = [ReplaceExpression(patch.owner, make)]
    if name != patch.name:
        edits.append(ReplaceExpression(patch.literal, lambda node, context: quoted(node, name)))
    if not is_broken(patch):
        edits.append(laid_out(patch))
    return Rewrite(
        message=f"the patch is for `{shown}`, which the code under test calls now",
        why=_WHY,
        edits=(*edits, *more),
        checks=checks,
        needs=() if owner else (native_owner,),
        follows=found.module,
        setting="mock-target",
    )


def _spelled(use: Use, patch: Patch, module: str, facts: Facts) -> str:
    """How the test spells the module under test, "" if it does not import it."""
    if use.kind == "namespace":
        return ast.unparse(use.node)[: -len(use.path) - 1]
    if use.kind == "string":
        assert patch.owner is not None
        return ast.unparse(patch.owner)
    return _targets.imported_modules(facts).get(module, "")


def _question(native: str, found: _targets.Found, facts: Facts) -> str:
    if not found.module and not found.others:
        return f"no code of this project calls eventlet's: is a mock of `{native}` needed at all?"
    text = f"everything in the process that calls `{native}` meets this mock: does a thread?"
    if found.others:
        more = f"{found.others[0]}" + (", …" if len(found.others) > 1 else "")
        text += f" It was for {more} as well"
    return text


rule = Rule(
    code="EVT601",
    family="testing",
    step=1,
    summary="a patch follows the code under test to what it uses now",
    apis=frozenset({"*"}),
    match=match,
    checks=("C-MOCK",),
    settings=("mock-target",),
    references=("TST-1",),
    before="""\
from unittest import mock

import eventlet


def pause():
    eventlet.sleep(1)


@mock.patch.object(eventlet, "sleep")
def test_pause(sleep):
    pause()
    sleep.assert_called_once_with(1)
""",
    after="""\
import time
from unittest import mock


def pause():
    time.sleep(1)


@mock.patch.object(time, "sleep")
def test_pause(sleep):
    pause()
    sleep.assert_called_once_with(1)
""",
)
