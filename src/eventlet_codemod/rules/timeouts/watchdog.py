"""A `Timeout` that `setUp()` starts, to end a test that hangs, is the `Timeout` of `fixtures`.

That one works by an alarm signal, which does interrupt the main thread, natively too, and the
fixture stops it by itself. So the assignment and the `cancel` at the end of the test become one
`self.useFixture(fixtures.Timeout(…, gentle=True))`. It is done where the project has `fixtures`
already, the limit is a whole number, and nothing else is done to the Timeout.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.api import TIMEOUT
from eventlet_codemod.rules.base import Decision, ReplaceStatement, Rewrite, Rule
from eventlet_codemod.rules.timeouts import _catching

_LIBRARY = "fixtures"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a Timeout that setUp() keeps on the test."""
    seconds = _seconds(use.call) if use.call is not None and not use.doubt else None
    if seconds is None:
        return None
    attribute = _kept_as(use)
    owner = next((n for n in reversed(use.parents) if isinstance(n, ast.ClassDef)), None)
    if attribute is None or owner is None or not _has_fixtures(facts):
        return None
    cancel = _cancel(owner, attribute)
    if cancel is None or not _is_private(facts, owner, attribute):
        return None
    return Rewrite(
        message="the Timeout of `fixtures` ends a test that hangs",
        why="an alarm signal interrupts the main thread with eventlet and without",
        edits=(
            ReplaceStatement(
                use.statement,
                lambda node, context: [
                    f"self.useFixture({context.name(_LIBRARY)}.Timeout({seconds}, gentle=True))"
                ],
            ),
            ReplaceStatement(cancel, lambda node, context: ()),
        ),
        checks={
            "C-MAIN": "a process has one alarm: does a base class set one already "
            "(OS_TEST_TIMEOUT)? This one takes its place, and it works in the main thread only"
        },
        needs=(_LIBRARY,),
    )


def _seconds(call: ast.Call) -> int | None:
    """The limit, if that is a whole number and all that the Timeout is given."""
    given = [*call.args, *(item.value for item in call.keywords if item.arg == "seconds")]
    if len(given) != 1 or len(call.args) + len(call.keywords) != 1:
        return None
    value = given[0].value if isinstance(given[0], ast.Constant) else None
    return value if type(value) is int and value > 0 else None


def _kept_as(use: Use) -> str | None:
    """The attribute of the test that ``setUp()`` keeps it as."""
    function, statement = use.function, use.statement
    if not isinstance(function, ast.FunctionDef) or function.name != "setUp":
        return None
    if not isinstance(statement, ast.Assign) or statement.value is not use.call:
        return None
    target = statement.targets[0]
    if len(statement.targets) > 1 or not isinstance(target, ast.Attribute):
        return None
    return target.attr if ast.unparse(target.value) == "self" else None


def _has_fixtures(facts: Facts) -> bool:
    """Whether tests of the project use the library, by the method that takes its fixtures."""
    names = {_LIBRARY, "useFixture"}
    if all(facts.search(rf"\b{name}\b") for name in names):
        return True
    return names <= facts.project.mentions(frozenset(names), facts.path).keys()


def _cancel(owner: ast.ClassDef, attribute: str) -> ast.stmt | None:
    """The statement that stops the Timeout when the test ends, if it is the only one."""
    wanted = {
        "setUp": f"self.addCleanup(self.{attribute}.cancel)",
        "tearDown": f"self.{attribute}.cancel()",
    }
    found = [
        statement
        for method in owner.body
        if isinstance(method, ast.FunctionDef) and method.name in wanted
        for statement in method.body
        if isinstance(statement, ast.Expr) and ast.unparse(statement.value) == wanted[method.name]
    ]
    return found[0] if len(found) == 1 else None


def _is_private(facts: Facts, owner: ast.ClassDef, attribute: str) -> bool:
    """Whether nothing but the two statements knows the Timeout, and no clause waits for it."""
    mentions = [
        node
        for node in ast.walk(facts.tree)
        if (isinstance(node, ast.Attribute) and node.attr == attribute)
        and ast.unparse(node.value) == "self"
        and owner.lineno <= node.lineno <= (owner.end_lineno or 0)
    ]
    clauses = any(
        isinstance(node, ast.ExceptHandler) and _catching.names_timeout(node, facts)
        for node in ast.walk(facts.tree)
    )
    heirs = facts.project.deriving_from(owner.name) - {facts.path}
    return (
        len(mentions) == 2
        and not clauses
        and not any(facts.project.holds(path, [attribute]) for path in heirs)
    )


rule = Rule(
    code="EVT224",
    family="timeouts",
    step=1,
    summary="a Timeout that ends a hanging test becomes that of fixtures",
    apis=frozenset({TIMEOUT}),
    match=match,
    checks=("C-MAIN",),
    references=("TMO-6",),
    before="""\
import eventlet
import fixtures

from pkg.tests import base


class TestQueue(base.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.NestedTempfile())
        self.limit = eventlet.Timeout(15)
        self.addCleanup(self.limit.cancel)
""",
    after="""\
import fixtures

from pkg.tests import base


class TestQueue(base.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.NestedTempfile())
        self.useFixture(fixtures.Timeout(15, gentle=True))
""",
)
