"""`heartbeat_in_pthread` is an option of oslo.messaging no more.

It kept RabbitMQ's heartbeats out of the hub of a patched process. Where nothing is patched both
values mean a native thread, and oslo.messaging 18 has no such option: setting it raises
NoSuchOptError. So a call that sets it goes, with the patching.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Leave, Rewrite, Rule, is_alone_in_block, removed

_OPTION = "heartbeat_in_pthread"
_SETS = frozenset({"clear_default", "clear_override", "set_default", "set_override"})


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on the option's name where it stands as a string."""
    call = use.parent
    sets = (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in _SETS
        and call.args[:1] == [use.node]
        and isinstance(use.parents[-2], ast.Expr)
    )
    acts = sets and any(
        isinstance(item, (ast.Call, ast.NamedExpr))
        for given in ast.iter_child_nodes(call)
        if not isinstance(given, ast.Attribute)
        for item in ast.walk(given)
    )
    if not sets or acts or is_alone_in_block(use):
        return Leave(
            message=f"the option {_OPTION} is named here",
            why="oslo.messaging 18 has no such option",
            advice="delete what is done with it, together with what is around it for its sake only",
        )
    return Rewrite(
        message=f"{_OPTION} is set no more",
        why="where nothing is patched both of its values mean a native thread",
        edits=(removed(use),),
    )


rule = Rule(
    code="EVT408",
    family="ecosystem",
    step=3,
    summary=f"the option {_OPTION} of oslo.messaging is set no more",
    apis=frozenset({_OPTION}),
    match=match,
    references=("OSM-2",),
    before="""\
def prepare(conf):
    conf.set_default('heartbeat_in_pthread', False, group='oslo_messaging_rabbit')
    conf.set_default('rpc_response_timeout', 30)
""",
    after="""\
def prepare(conf):
    conf.set_default('rpc_response_timeout', 30)
""",
)
