"""A service's endless loop gets a daemon thread of its own in place of utils.spawn.

On an executor it would hold one of its threads for ever, and the exit as well. Only where nobody
uses what spawn gives, and what it runs is a method whose body ends in `while True`.
"""

import ast

from eventlet_codemod import Leave, ReplaceExpression, Rewrite, Rule


def match(use, facts, settings):
    """Decide on one reference to utils.spawn."""
    call = use.call
    if call is None or not use.call_is_statement:
        return None
    if len(call.args) != 1 or call.keywords:
        return Leave(
            message="this spawn stays: the work is given arguments",
            why="its name alone does not say whether it ends",
            advice="if it never ends, start a threading.Thread(daemon=True) for it",
        )
    if not runs_for_ever(call.args[0], use):
        return None
    target = ast.unparse(call.args[0])
    return Rewrite(
        message="a daemon thread of its own runs the loop",
        why="the loop never ends, and nobody asks for its result",
        edits=(
            ReplaceExpression(
                call,
                lambda node, context: (
                    f"{context.name('threading')}.Thread(target={target}, daemon=True).start()"
                ),
            ),
        ),
        needs=("threading",),
        checks={"C-LOCAL": "spawn handed the request context on: does the loop log with it?"},
    )


def runs_for_ever(work, use):
    """Whether it is a method of the class around the use that loops without an end."""
    if not (isinstance(work, ast.Attribute) and isinstance(work.value, ast.Name)):
        return False
    if work.value.id != "self":
        return False
    for parent in reversed(use.parents):
        if isinstance(parent, ast.ClassDef):
            for item in parent.body:
                if isinstance(item, ast.FunctionDef) and item.name == work.attr:
                    last = item.body[-1]
                    return (
                        isinstance(last, ast.While)
                        and isinstance(last.test, ast.Constant)
                        and last.test.value is True
                    )
            return False
    return False


rule = Rule(
    code="NOVABACKGROU001",
    family="nova-background",
    step=1,
    summary="an endless loop gets a daemon thread in place of utils.spawn",
    apis=frozenset({"nova.utils.spawn"}),
    match=match,
    checks=("C-LOCAL",),
    before="""\
from nova import utils


class Host:
    def start(self):
        utils.spawn(self.dispatch)

    def dispatch(self):
        while True:
            self.one()
""",
    after="""\
import threading


class Host:
    def start(self):
        threading.Thread(target=self.dispatch, daemon=True).start()

    def dispatch(self):
        while True:
            self.one()
""",
)
