"""With `tpool = "helper"` a wrapper of the project takes the place of tpool: it knows both modes.

So it does with `monkey-patch = "switch"`, whatever `tpool` says, since both modes are in use.
The helpers module (setting `helpers`) gets `tpool_execute` and `tpool_wrap`. As long as eventlet
has patched the process they do what `tpool.execute` and `tpool.Proxy` do; then they call the
function, or give the object, itself. So this need not wait for the end of monkey patching, and both
can be called from code that runs under eventlet and without it.

A proxy stays that wraps by names (`autowrap_names`), whose methods are called with
`nonblocking=True`, or whose class is only named. At the top of a module the question is asked
whether it may run before `monkey_patch()`.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)

_HELPERS = {"eventlet.tpool.execute": "tpool_execute", "eventlet.tpool.Proxy": "tpool_wrap"}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Name the helper."""
    dual = settings.monkey_patch == "switch"  # a direct call would be wrong in one of the modes
    if not (dual or settings.tpool == "helper") or use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    module, helper = settings.helpers, _HELPERS[use.api]
    if module is None:
        return Leave(
            message=f"`{'monkey-patch' if dual else 'tpool'}` is set to "
            f"`{'switch' if dual else 'helper'}`, and `helpers` names no module for the wrapper",
            why="that asks for a wrapper that knows both modes",
            advice="set `helpers` to a module of the project, such as `pkg.concurrency`; or call "
            "the project's own wrapper here",
            setting="helpers",
        )
    objection = _objection(use, facts)
    if objection:
        return Leave(
            message=f"`{module}.{helper}` does not do this: {objection}",
            why="without eventlet it is a plain call, or the object itself",
            advice="call the function, or use the object, in a way that does without; then run "
            "again",
            setting="tpool",
        )
    assert isinstance(use.node, ast.expr)
    early = "can this run before monkey_patch()? It is not wrapped then"
    return Rewrite(
        message=f"`{module}.{helper}` knows whether there is a hub",
        why="it does what tpool does while eventlet has patched the process, and nothing else then",
        edits=(
            ReplaceExpression(
                use.node,
                lambda node, context: f"{context.name(module)}.{helper}",
                f"{module}.{helper}",
            ),
        ),
        checks={"C-EARLY": early} if use.function is None else {},
        needs=(module,),
        helpers=(helper,),
        setting="tpool",
    )


def _objection(use: Use, facts: Facts) -> str:
    """What the helper has no answer to, "" for nothing."""
    call = use.call
    if call is None:
        return "it is not called"
    if use.api.endswith(".execute"):
        first = call.args[0] if call.args else None
        hidden = first is None or isinstance(first, ast.Starred)
        return "the function is hidden in a starred argument" if hidden else ""
    hidden = any(isinstance(item, ast.Starred) for item in call.args) or len(call.args) > 2
    if hidden or not call.args or any(item.arg != "autowrap" for item in call.keywords):
        return "it wraps by names, or its object cannot be seen"
    if "nonblocking" in facts.text:
        return "methods are called with nonblocking="
    return ""


rule = Rule(
    code="EVT500",
    family="patching",
    step=1,
    summary="tpool becomes a wrapper that knows both modes",
    apis=frozenset(_HELPERS),
    match=match,
    checks=("C-EARLY",),
    relies_on="thread",
    settings=("tpool", "helpers"),
    references=("TPL-1", "TPL-2"),
    example_settings={"tpool": "helper", "helpers": "pkg.concurrency"},
    before="""\
from eventlet import tpool


def connect(driver, pool):
    return tpool.Proxy(driver.Rados(pool=pool))
""",
    after="""\
from pkg import concurrency


def connect(driver, pool):
    return concurrency.tpool_wrap(driver.Rados(pool=pool))
""",
)
