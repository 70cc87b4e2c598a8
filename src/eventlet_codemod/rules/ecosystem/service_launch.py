"""A launched service is a child process on oslo.service's threading backend, even a single one.

Eventlet's `launch(conf, service)` and `ServiceLauncher` ran the service in the process that called
them. The threading backend starts a child for each worker, in `wait()`: what the caller does with
the service between the two, or shares with it, is not there in the child. What has threads, such as
an executor, an RPC server or a started thread, must be made in `start()`; where it is made at the
top of the launched class's module, in its `__init__`, or above in the same function, the finding
names the place.

Two more things differ, and are told where they show: `workers=None` is an error, and a SIGHUP does
not call the service's `reset()` but ends the child, in whose place a new one starts.

A `ProcessLauncher` had children before, so making one is no use, and neither is a launch with
`no_fork=True` or several workers; but a class that derives from any launcher relies on its inner
workings, and is left. These are uses while the run chooses that backend (`monkey-patch` is
`init-backend`, or `switch`, where they are left), not in tests.
"""

from __future__ import annotations

import ast
import re

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.classes import Classes
from eventlet_codemod.facts.names import defined_in
from eventlet_codemod.rules.base import Decision, Leave, Rewrite, Rule, leave_in_doubt
from eventlet_codemod.rules.ecosystem._before_fork import made_before
from eventlet_codemod.rules.ecosystem._options import argument

_SERVICE = "oslo_service.service"
_LAUNCH = f"{_SERVICE}.launch"
_ONE = f"{_SERVICE}.ServiceLauncher"
_BASE_RESET = re.compile(r"super\(.*\)\.reset\(\)")
_MANY = f"{_SERVICE}.ProcessLauncher"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a call that launches, or makes what does."""
    if use.kind != "reference" or settings.services == "cotyledon":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    if use.call is None:
        return Leave(
            message=f"a class derives from `{use.path}`",
            why="on the threading backend launchers are made of cotyledon's ServiceManager, and "
            "have neither the children nor the signal handling of eventlet's",
            advice="hold a launcher instead of being one, or derive from cotyledon.ServiceManager",
        )
    call = use.call
    service = _argument(call, 1, "service") if use.api == _LAUNCH else None
    workers = _argument(call, 2, "workers") if use.api == _LAUNCH else None
    if isinstance(workers, ast.Constant) and workers.value is None:
        return Leave(
            message="workers=None is an error on the threading backend",
            why="eventlet's launch() took it for one worker",
            advice="leave the argument out, or say 1",
        )
    checks = {"C-FORK": _of_fork(use, service, facts)}
    if workers is not None and not isinstance(workers, ast.Constant):
        checks["C-TYPE"] = f"can `{ast.unparse(workers)}` be None? That is an error now: say 1"
    if flow := _of_life(use, service, facts):
        checks["C-LIFE"] = flow
    return Rewrite(
        message="what is launched runs in child processes, which start in wait()",
        why="oslo.service's threading backend has no other way to launch a service",
        checks=checks,
        stays=True,
    )


def _argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    if any(isinstance(item, ast.Starred) for item in call.args[: position + 1]):
        return None
    return call.args[position] if len(call.args) > position else argument(call, name)


def _of_fork(use: Use, service: ast.expr | None, facts: Facts) -> str:
    made = made_before(use, service, facts)
    if made:
        return (
            f"{', '.join(made)} comes before the child: what it has of threads and connections by "
            "then is not there. Make it in start()"
        )
    if use.api == _ONE:
        return "do the services share anything? Each is a process of its own now"
    name = ast.unparse(service) if isinstance(service, ast.Name) else ""
    line = _touched(use, name, facts) if name else 0
    if line:
        return f"line {line} goes on with `{name}`, which has started in the child only"
    return "has the service threads or connections from before? A child has none of them"


def _touched(use: Use, name: str, facts: Facts) -> int:
    """The first line below a launch, in the same function, that goes on with the service."""
    function, last = use.function, use.statement.end_lineno or 0
    if function is None:
        return 0
    lines = [
        o.node.lineno
        for o in facts.occurrences_in(name, function)
        if isinstance(o.node, ast.Name) and o.node.lineno > last
    ]
    return min(lines, default=0)


def _of_life(use: Use, service: ast.expr | None, facts: Facts) -> str:
    if service is None:
        return ""
    names = Classes(facts.project, facts)
    owner = names.class_of(facts, service, (*use.parents, use.node))
    for item in names.ancestors(owner) if owner is not None else ():
        for method in defined_in(item, "reset"):
            if not all(map(_does_nothing, method.node.body)):  # type: ignore[attr-defined]
                return (
                    f"reset() ({item.module.path}:{method.line}) is not called any more: a SIGHUP "
                    "ends the child, and a new one starts"
                )
    return ""


def _does_nothing(statement: ast.stmt) -> bool:
    """Whether a statement is `pass`, a docstring or the call of the base's reset()."""
    if not isinstance(statement, ast.Expr):
        return isinstance(statement, ast.Pass)
    text = ast.unparse(statement.value)
    return isinstance(statement.value, ast.Constant) or bool(_BASE_RESET.fullmatch(text))


rule = Rule(
    code="EVT414",
    family="ecosystem",
    step=3,
    summary="launched services run in child processes, and what that changes is asked",
    apis=frozenset({_LAUNCH, _ONE, _MANY}),
    match=match,
    checks=("C-FORK", "C-TYPE", "C-LIFE"),
    settings=("monkey-patch",),
    references=("OSL-9",),
    example_settings={"monkey_patch": "init-backend", "monkey_patched": "yes"},
    before="""\
from oslo_service import service


def main(conf, server):
    launcher = service.launch(conf, server)
    launcher.wait()
""",
    after="""\
from oslo_service import service


def main(conf, server):
    launcher = service.launch(conf, server)
    launcher.wait()
""",
)
