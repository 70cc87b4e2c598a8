"""A class of the project that derives from `Timeout` derives from `TimeoutError` natively.

What sets a limit with it, in whatever file, raises it as before, at the end of the wait that the
limit goes into; what catches, raises or expects it by its name stays as it is. So the class changes
together with all of these, and with every other `Timeout` of the project that may be raised where
it is caught, or not at all.

A class stays that has a part in how the limit works: one with `__init__`, or with methods that use
what a Timeout has. So does one that may be named by a way that nothing follows: from a package that
hands it on, by a star import, as an attribute of a class or an object, or by `getattr()`.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.api import TIMEOUT
from eventlet_codemod.facts.uses import class_deriving
from eventlet_codemod.rules.base import Decision, Leave, ReplaceExpression, Rewrite, Rule
from eventlet_codemod.rules.timeouts import _named, _subclass
from eventlet_codemod.rules.timeouts._catching import LIMITS

NATIVE = "TimeoutError"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on the base of a class."""
    owner = class_deriving(use)
    if owner is None or use.kind != "reference" or use.doubt or not _subclass.is_plain(owner):
        return None
    if facts.lookup(NATIVE, use.scope)[1] or not _subclass.has_name(owner, use):
        return None
    place = _named.unseen(owner.name, facts)
    if place:
        return Leave(
            message=f"`{owner.name}` may be named {place} by a way that is not followed",
            why="a Timeout changes with everything that names it: to set a limit with it natively "
            "is a TypeError",
            advice="import it there from the module that defines it, then run again",
            together=TIMEOUT,
        )
    node = use.node
    assert isinstance(node, ast.expr)
    edits = (ReplaceExpression(node, lambda n, c: NATIVE, NATIVE),)
    return Rewrite(
        message=f"`{owner.name}` is a {NATIVE} now",
        why="what sets a limit with it raises it where the wait ends",
        edits=edits if use.api == TIMEOUT else (),
        checks={
            "C-CATCH": f"`{owner.name}` is an Exception and an OSError now: does a clause between "
            "where it is raised and where it is caught take it, which let the Timeout through? And "
            "does one that still names Timeout, beside a Timeout of its own that stays, no longer "
            "take it?"
        },
        together=TIMEOUT,
    )


rule = Rule(
    code="EVT219",
    family="timeouts",
    step=1,
    summary="a class that derives from eventlet's Timeout derives from TimeoutError",
    apis=LIMITS,
    match=match,
    checks=("C-CATCH",),
    references=("TMO-1", "TMO-9"),
    before="""\
import queue

import eventlet


class NoAnswer(eventlet.Timeout):
    \"\"\"Nobody answered in time.\"\"\"


def ask(answers):
    jobs = queue.Queue()
    answers.append(jobs)
    try:
        with NoAnswer(5):
            return jobs.get()
    except NoAnswer:
        return None
""",
    after="""\
import queue


class NoAnswer(TimeoutError):
    \"\"\"Nobody answered in time.\"\"\"


def ask(answers):
    jobs = queue.Queue()
    answers.append(jobs)
    try:
        try:
            return jobs.get(timeout=5)
        except queue.Empty as error:
            raise NoAnswer("5 seconds") from error
    except NoAnswer:
        return None
""",
)
