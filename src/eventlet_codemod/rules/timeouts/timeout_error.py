"""Where code names `eventlet.Timeout` to catch, raise or expect it, it is `TimeoutError` natively.

That holds for `except` clauses, alone or in a tuple, `raise Timeout()`, `isinstance`,
`assertRaises`, the side effects of mocks, and what a test hands to its own code. A clause around a
`Timeout` of its own function changes with that one; everything else that names the class, in the
whole project, changes together with every `Timeout` that may reach it, or not at all.

`except (Exception, Timeout)` was written so because `Timeout` is no `Exception`; `TimeoutError` is,
so `except Exception` says the same. A clause stays where an earlier one of the same `try` would
take a `TimeoutError` first.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.api import OWN_TIMEOUT, TIMEOUT
from eventlet_codemod.facts.loading import load
from eventlet_codemod.facts.patches import patch_of
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.rules.base import Decision, Leave, Rewrite, Rule
from eventlet_codemod.rules.ecosystem._calls import last_name
from eventlet_codemod.rules.timeouts import _catching, _clauses, _limit
from eventlet_codemod.rules.timeouts._catching import LIMITS


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on one place that names the class without setting a limit."""
    if use.kind != "reference" or use.doubt or not use.loaded:
        return None
    if use.call is not None and not _limit.is_bare(use.call):
        return None
    handler = _clauses.clause_of(use) if use.call is None else None
    if handler is None and not _is_expected(use, _holder(use)) and not _is_given(use, facts):
        return None
    if use.api == OWN_TIMEOUT:
        if handler is not None:
            return _clauses.match(use, facts, by_process=False)
        return Rewrite(message=_clauses.OWN, why=_clauses.WHY_OWN, together=TIMEOUT)
    if facts.lookup(_clauses.NATIVE, use.scope)[1]:
        return Leave(
            message="`TimeoutError` is another class in this file",
            why="the native exception has that name",
            advice="import the other one under a name of its own",
            together=TIMEOUT,
        )
    if handler is not None:
        return _clauses.match(use, facts, by_process=False)
    taker = _taken_by(facts) if is_test(facts.path) else ""
    if taker:
        return Leave(
            message=f"the clause on {taker} takes it, and stays",
            why="a test must raise what the code under test catches",
            advice="let it follow when that clause is rewritten",
        )
    return Rewrite(
        message="`TimeoutError` takes the place of eventlet's Timeout",
        why=_clauses.WHY,
        edits=(_clauses.renamed(use),),
        checks={"C-CATCH": _asked(use, facts)},
        together=TIMEOUT,
    )


def _is_given(use: Use, facts: Facts) -> bool:
    """Whether a test hands the class, or an instance that limits nothing, to its own code."""
    reference = use.call if use.call is not None else use.node
    holder = use.parents[-2] if use.call is not None else use.parents[-1]
    if not is_test(facts.path) or patch_of(use) is not None:
        return False
    if isinstance(holder, ast.Call):
        return reference in holder.args
    if isinstance(holder, ast.Assign):
        return use.call is not None  # no other name for the class, but one to be raised
    kinds = (ast.keyword, ast.Tuple, ast.List, ast.Dict, ast.Compare, ast.Return, ast.Yield)
    return isinstance(holder, kinds)


def _holder(use: Use) -> ast.AST:
    """What holds the reference, or its call, beyond tuples and lists."""
    parents = use.parents[:-1] if use.call is not None else use.parents
    return next(node for node in reversed(parents) if not isinstance(node, (ast.Tuple, ast.List)))


def _is_expected(use: Use, holder: ast.AST) -> bool:
    """Whether the class, or an instance made to be raised, is handed to what raises or asks."""
    if isinstance(holder, ast.Raise):
        return True
    if isinstance(holder, ast.keyword):
        return holder.arg == "side_effect"
    if isinstance(holder, ast.Assign):
        return all(last_name(target) == "side_effect" for target in holder.targets)
    if isinstance(holder, ast.Call):
        name = last_name(holder.func)
        return name.startswith(("assertRaises", "assert_raises", "raises")) or (
            name in ("isinstance", "issubclass", "set_exception", "send_exception")
        )
    return False


def _taken_by(facts: Facts) -> str:
    """A clause of the code under test, as far as its words tell, that stays with its Timeout."""
    if facts.project.root is None:
        return ""
    if "stays" not in facts.memo:
        facts.memo["stays"] = next(_clauses_that_stay(facts), "")
    return str(facts.memo["stays"])


def _clauses_that_stay(facts: Facts) -> Iterator[str]:
    for path in sorted(facts.project.naming(TIMEOUT)):
        module = load(facts.project, path) if not is_test(path) else None
        if module is None or not re.search(rf"\b{Path(path).stem}\b", facts.text):
            continue
        for handler in _clauses.left_in(module):
            yield f"line {handler.lineno} of {path}"


def _asked(use: Use, facts: Facts) -> str:
    if is_test(facts.path):
        return (
            "is TimeoutError what the code under test raises or catches now? Where its waits take "
            "the limit, it is theirs (subprocess.TimeoutExpired, …)"
        )
    if use.call is None:
        return "is TimeoutError what is raised here now?"
    return _catching.question(None)["C-CATCH"]


rule = Rule(
    code="EVT222",
    family="timeouts",
    step=1,
    summary="eventlet's Timeout, caught or raised, becomes TimeoutError",
    apis=LIMITS,
    match=match,
    checks=("C-CATCH",),
    references=("TMO-8", "TMO-9", "TMO-12"),
    before="""\
import eventlet


def attempt(work, log):
    try:
        return work()
    except (Exception, eventlet.Timeout) as error:
        log(error)


def give_up():
    raise eventlet.Timeout()
""",
    after="""\
def attempt(work, log):
    try:
        return work()
    except Exception as error:
        log(error)


def give_up():
    raise TimeoutError()
""",
)
