"""What takes the place of `monkey_patch()` in a project that runs on oslo.service.

With the setting `monkey-patch = "init-backend"`, a call that patches the process becomes
`backend.init_backend(backend.BackendType.THREADING)`, at the same place: oslo.service takes the
backend when its modules are first imported, and takes eventlet's if nobody has chosen. Choosing the
same one again does nothing (since oslo.service 4.2), so every entry point may.

What is imported before the call decides whether it comes in time. Imports above it and the
packages around the file are followed through the project: where one of them takes oslo.service's
service, loopingcall, threadgroup or wsgi, or oslo.messaging, which does, the call is left. A
package that does so, and patches nothing, gets the choice as well, above its imports, and the
reviewer is told; below one that patches at its top, everything comes in time.

The threading backend refuses `oslo_service.wsgi.Server`, and `link()` of a ThreadGroup's thread
does nothing there. While a program loads code that relies on either, its call is left, and names
the place; a package of tests does not wait.

Scripts and test packages that load oslo.service and neither patch nor choose get the choice as
well, where the run covers them. Once for the project, the reviewer is told of the code that starts
workers, of executors, threads and RPC servers that services make before a launcher forks, and of
functions that set signals, which only the main thread may do.

Where a service of OpenStack that the project does not hold, such as neutron, is imported, its code
runs in the same process, and the reviewer is asked whether that still needs the patching.

Where nothing in the project uses these libraries, the call just goes; and so does one in a function
or in Sphinx's `conf.py` that patches a few parts of the process, but no threads.
What eventlet keeps as `__original_module_threading` is not there without patching: an import of it
gets the module itself, and lines that repaired something with it do nothing any more.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Leave,
    ReplaceExpression,
    ReplaceImport,
    Rewrite,
    Rule,
    is_alone_in_block,
    leave_in_doubt,
)
from eventlet_codemod.rules.ecosystem import _hosts
from eventlet_codemod.rules.ecosystem._before_fork import made_before_launchers
from eventlet_codemod.rules.ecosystem._forks import place_of_signal, starting_file
from eventlet_codemod.rules.ecosystem._packages import choice_around, chosen_before
from eventlet_codemod.rules.ecosystem._unsupported import unsupported, uses_the_backend
from eventlet_codemod.rules.patching import _emptied, _originals, _stale

#: What the finding of a call that became the choice says first.
CHOSEN = "oslo.service runs on threads from here on"

_BACKEND = "oslo_service.backend"
_PATCHES = "monkey_patch("
_AT_TOP = r"(?m)^(?:eventlet\.)?(?:patcher\.)?monkey_patch(?:\.patch)?\("


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Put the choice of a backend in the place of a call, where the setting says so."""
    if settings.monkey_patch != "init-backend" or use.kind != "reference" or use.call is None:
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    call = use.call
    acts = any(isinstance(n, ast.NamedExpr) for n in ast.walk(call))
    if not use.call_is_statement or acts:
        return _leave(
            "the value of this monkey_patch() is used, or its arguments bind a name",
            "choose the backend in a statement of its own, above the imports that need it",
        )
    if not _starts_a_program(use, call, facts) or not uses_the_backend(facts):
        return _gone(use, facts)
    if use.function is None:
        certain, doubtful = chosen_before(use.statement, facts)
    else:
        certain, doubtful = "", "what is imported before this function is called"
    if certain:
        return _leave(
            f"oslo.service has chosen its backend by then: {certain}",
            "move the choice of the backend above that import, into the __init__ of the outermost "
            "package that all entry points share, or move what needs the import out of there",
        )
    around = choice_around(facts.path, facts.project)
    package = around.missing or around.chosen
    refused = ""
    may_end = rule.step not in facts.project.blocked or settings.force
    if may_end and (not is_test(facts.path) or (package and not is_test(package))):
        # whatever stands in a package loads its __init__
        everywhere = use.function is not None or facts.path.endswith("__init__.py")
        everywhere = everywhere or bool(package)
        refused = unsupported(facts.path, facts.text, facts.project, everywhere=everywhere)
    if refused:
        return Leave(
            message=f"the threading backend does not do all that is asked of it: {refused}",
            why="on this backend that fails when it is reached, or is passed over in silence",
            advice="serve with cheroot or uWSGI in the place of wsgi.Server; start a "
            "threading.Thread whose target calls what link() was given; pass thread_pool_size by "
            "position. Then choose the backend here",
            setting="monkey-patch",
        )
    checks = {
        "C-LIFE": "threads and executors that are not daemons now hold up the exit, in files that "
        "never mention eventlet too",
        "C-ATOM": "code now runs in parallel wherever threads share state",
    }
    if doubtful:
        checks["C-EARLY"] = (
            f"does {doubtful} load oslo.service's service, loopingcall, threadgroup or wsgi? Then "
            "BackendAlreadySelected is raised here"
        )
    if condition := _condition(use):
        checks["C-BRANCH"] = (
            f"where not `{condition}`, no backend is chosen, and oslo.service takes eventlet's"
        )
    if around.missing:
        checks["C-EARLY"] = (
            f"{around.missing} loads oslo.service before this is reached: does it choose the "
            "backend now, above its imports? This change puts it there"
        )
    checks |= _stale.asks(use, facts, replaced=True)
    checks |= _of_hosts(use, facts)
    if use.function is None and _is_first(facts):
        checks |= _of_the_project(facts)
    return Rewrite(
        message=f"{CHOSEN}{_originals.repairs(facts)}",
        why="it takes eventlet's backend unless another one is chosen before it is used",
        edits=(ReplaceExpression(call, _init), *_left_behind(use, facts)),
        checks=checks,
        needs=(_BACKEND,),
        setting="monkey-patch",
    )


def _condition(use: Use) -> str:
    """What the call depends on, if no backend is chosen where that does not hold."""
    for outer, inner in itertools.pairwise((*use.parents, use.node)):
        if not isinstance(outer, ast.If) or inner is outer.test:
            continue
        in_body = inner in outer.body
        other = outer.orelse if in_body else outer.body
        if not any(_PATCHES in ast.unparse(item) for item in other):
            test = ast.unparse(outer.test)
            return test if in_body else f"not ({test})"
    return ""


def _is_first(facts: Facts) -> bool:
    """Whether this is the first file of the project, tests aside, that patches at its top."""
    if facts.project.root is None or is_test(facts.path):
        return False
    others = facts.project.mentions(frozenset({"monkey_patch"}), facts.path)
    return not any(
        path < facts.path and not is_test(path) and facts.project.matches(path, _AT_TOP)
        for path in others.get("monkey_patch", ())
    )


def _of_hosts(use: Use, facts: Facts) -> dict[str, str]:
    """The question about services whose code the project runs; of all files once."""
    if is_test(facts.path):
        return {}
    return _hosts.asks(facts, everywhere=use.function is None and _is_first(facts))


def _of_the_project(facts: Facts) -> dict[str, str]:
    """What to ask once for the whole project."""
    asked = {}
    path = starting_file(facts)
    if path:
        asked["C-FORK"] = (
            f"{path} starts workers. They are child processes now, even a single one, started in "
            "wait(): `workers=None` is an error (say 1), no_fork=True keeps it in this process, "
            "and what has threads or connections must be made in start(), not before"
        )
        if made := made_before_launchers(facts):
            asked["C-FORK"] += f": {made}"
    place = place_of_signal(facts)
    if place:
        asked["C-MAIN"] = (
            f"{place} sets a signal's handler or timer in a function. Green threads were all in "
            "the main thread; in any other that raises ValueError: does a handler of requests, an "
            "executor or a thread get there?"
        )
    return asked


def _leave(message: str, advice: str) -> Leave:
    return Leave(
        message=message,
        why="the backend must be chosen before the first import that takes one",
        advice=advice,
        setting="monkey-patch",
    )


def _gone(use: Use, facts: Facts) -> Decision:
    """The decision where no backend has to be chosen."""
    holder = use.parents[use.parents.index(use.statement) - 1]
    alone = is_alone_in_block(use)
    if alone and isinstance(holder, (ast.FunctionDef, ast.AsyncFunctionDef, ast.With)):
        return _leave(
            "this monkey_patch() is all that its block does, and chooses no backend",
            "remove it together with the function around it and its callers",
        )
    assert use.call is not None
    checks = {"C-ATOM": "code now runs in parallel wherever threads share state"}
    if _patches_threads(use.call):
        checks["C-LIFE"] = "threads and executors that are not daemons now hold up the exit"
    edits = _emptied.removal(use, facts)
    checks |= _stale.asks(use, facts, edits)
    if _starts_a_program(use, use.call, facts):
        checks |= _of_hosts(use, facts)
    return Rewrite(
        message=f"the process is no longer patched here{_originals.repairs(facts)}",
        why="it patched no threads, or nothing here runs on oslo.service",
        edits=(*edits, *_left_behind(use, facts)),
        checks=checks,
        setting="monkey-patch",
    )


def _init(node: object, context: Context) -> str:
    name = context.name(_BACKEND)
    return context.call(f"{name}.init_backend", [f"{name}.BackendType.THREADING"])


def _starts_a_program(use: Use, call: ast.Call, facts: Facts) -> bool:
    """Whether a call is there for the whole process, and not for some code in it."""
    docs = facts.path.rpartition("/")[2] == "conf.py"  # of Sphinx, which runs nothing
    return _patches_threads(call) or (use.function is None and not docs)


def _patches_threads(call: ast.Call) -> bool:
    """Whether the arguments may name threads, or patch all but a few parts of the process."""
    given = {item.arg: item.value for item in call.keywords}
    if None in given or call.args:
        return True
    if "thread" in given and not _is(given["thread"], False):
        return True
    if "all" in given:
        return not _is(given["all"], False)
    return not any(_is(value, True) for value in given.values())


def _is(node: ast.expr, value: bool) -> bool:
    return isinstance(node, ast.Constant) and bool(node.value) is value


# --- what patching left behind --------------------------------------------------------------------


def _left_behind(use: Use, facts: Facts) -> tuple[Edit, ...]:
    """The edits of imports that were there for the patching, made once for a file."""
    if use.call is None or not _originals.is_first(use, facts):
        return ()
    return (*_originals.take_the_module(use, facts), *_for_arguments(use.call, facts))


def _for_arguments(call: ast.Call, facts: Facts) -> Iterator[Edit]:
    """Imports that nothing but the arguments used."""
    for name in {item.id for item in ast.walk(call) if isinstance(item, ast.Name)}:
        inside = sum(isinstance(n, ast.Name) and n.id == name for n in ast.walk(call))
        bindings = facts.lookup(name, facts.walker.module)[1]
        if len(bindings) != 1 or not bindings[0].at_top or bindings[0] in facts.names.imports:
            continue
        if len(re.findall(rf"\b{name}\b", facts.text)) != inside + 1:
            continue  # comments and strings count: they may be evaluated
        if not facts.project.takes_from(facts.path, name):
            yield ReplaceImport(bindings[0])


rule = Rule(
    code="EVT410",
    family="ecosystem",
    step=3,
    summary="oslo.service's threading backend is chosen where monkey_patch() stood",
    apis=frozenset({"eventlet.patcher.monkey_patch"}),
    match=match,
    checks=(
        *("C-LIFE", "C-ATOM", "C-EARLY", "C-FORK", "C-MAIN", "C-BRANCH", "C-STALE", "C-VERSION"),
    ),
    settings=("monkey-patch",),
    references=("OSL-1", "OSL-3", "OSL-6", "OSL-9", "OSL-10"),
    example_settings={"monkey_patch": "init-backend"},
    before="""\
import eventlet
eventlet.monkey_patch()

import sys  # noqa: E402

from oslo_service import service  # noqa: E402


def main(conf, server):
    service.launch(conf, server, workers=1).wait()
    sys.exit()
""",
    after="""\
from oslo_service import backend
backend.init_backend(backend.BackendType.THREADING)

import sys  # noqa: E402

from oslo_service import service  # noqa: E402


def main(conf, server):
    service.launch(conf, server, workers=1).wait()
    sys.exit()
""",
)
