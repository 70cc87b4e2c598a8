"""With `services = "cotyledon"`, services run on cotyledon and no more on oslo.service.

That is what oslo.service's threading backend uses itself. `launch(conf, Server(host), workers=n)`
and its `wait()` become a `cotyledon.ServiceManager`, linked to the configuration, to which the
class and its arguments are added: each worker makes the object for itself, after the fork. The
class derives from `cotyledon.Service`: `start()` is called `run()`, `stop()` `terminate()`, and
`__init__` gives its base the `worker_id` that it gets first.

Both ends change together or not at all. They do where it can be shown that other names are all that
is needed: the class stands in the same file, nothing else refers to it, it has no `wait()`, no
`reset()` and uses nothing of its base such as `self.tg`; the function makes, launches and waits as
the last thing that it does. Everywhere else they are left, with what the code would be.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.api import SERVICES
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceDefinition,
    ReplaceImport,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.ecosystem._converted import COTYLEDON, GLUE, converted, launching
from eventlet_codemod.rules.ecosystem._cotyledon import (
    LAUNCH,
    Launch,
    NotShown,
    launch_for,
    launch_of,
)

_LAUNCHERS = frozenset(
    {LAUNCH, "oslo_service.service.ProcessLauncher", "oslo_service.service.ServiceLauncher"}
)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a launch, or on the class of a service."""
    if settings.services != "cotyledon" or use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    if use.api in SERVICES:
        return _of_class(use, facts)
    if use.call is None:
        return None
    try:
        launch = launch_of(use, facts)
    except NotShown as problem:
        return _left_launch(use, use.call, str(problem))
    mutates = ", where it only read the configuration again" if "mutate" in launch.method else ""
    names = " and ".join(f"{item.owner.name}.__init__()" for item in launch.services)
    return Rewrite(
        message="the service is launched by cotyledon",
        why="oslo.service's threading backend does the same with it",
        edits=(
            ReplaceDefinition(launch.function, launching(launch, use, facts)),
            *_import_that_goes(use, facts),
        ),
        checks=_of_workers(launch)
        | {
            "C-FORK": f"{names} runs in each worker now, after the fork: does it do what must be "
            "done once, or before?",
            "C-LIFE": "the process ends with SystemExit in run(); a SIGHUP lets each worker end "
            f"and start anew{mutates}; stop() ran in the parent of several workers too, and runs "
            "in the workers only now",
        },
        needs=(COTYLEDON, GLUE),
        setting="services",
        together="cotyledon",
    )


def _of_workers(launch: Launch) -> dict[str, str]:
    given = [item.workers for item in launch.services if item.workers is not None]
    unknown = [ast.unparse(node) for node in given if not isinstance(node, ast.Constant)]
    if not unknown:
        return {}
    return {"C-TYPE": f"can `{unknown[0]}` be None? cotyledon takes a number only"}


def _of_class(use: Use, facts: Facts) -> Decision | None:
    owner = use.parent
    assert isinstance(owner, ast.ClassDef)
    try:
        launch_for(owner, facts)
    except NotShown as problem:
        return _left_class(owner, str(problem))
    return Rewrite(
        message=f"{owner.name} is a service of cotyledon",
        why="its methods have other names there, and are called at the same time",
        edits=(ReplaceDefinition(owner, converted), *_import_that_goes(use, facts)),
        needs=(COTYLEDON,),
        setting="services",
        together="cotyledon",
    )


def _import_that_goes(use: Use, facts: Facts) -> Iterator[ReplaceImport]:
    """The import of oslo.service, with the first of its uses, when all of them go."""
    for binding in use.bindings:
        roots = [
            o.node
            for o in facts.occurrences(binding.name)
            if isinstance(o.node, ast.Name) and isinstance(o.node.ctx, ast.Load)
        ]
        uses = [u for u in facts.names.uses if binding in u.bindings and _goes(u, facts)]
        if len(uses) != len(roots) or facts.project.takes_from(facts.path, binding.name):
            continue
        if uses[0] is use and binding.at_top:
            yield ReplaceImport(binding)


def _goes(use: Use, facts: Facts) -> bool:
    try:
        if use.call is not None:
            launch_of(use, facts)
        else:
            assert isinstance(use.parent, ast.ClassDef)
            launch_for(use.parent, facts)
    except (NotShown, AssertionError):
        return False
    return True


# --- what is left -------------------------------------------------------------------------------


def _left_launch(use: Use, call: ast.Call, reason: str) -> Leave:
    """The launch stays; the advice is the code that it would be."""
    options = {item.arg: ast.unparse(item.value) for item in call.keywords}
    conf = ast.unparse(call.args[0]) if call.args else "CONF"
    method = options.get("restart_method")
    more = f", reload_method={method}" if method else ""
    service = ast.unparse(call.args[1]) if use.api == LAUNCH and len(call.args) > 1 else "service"
    workers = options.get("workers", "1")
    return Leave(
        message=f"this launch stays on oslo.service, since {reason}",
        why="cotyledon makes the service in each worker, from its class and arguments",
        advice="`manager = cotyledon.ServiceManager()`, "
        f"`oslo_config_glue.setup(manager, {conf}{more})`, `manager.add(Class, "
        f"workers={workers}, args=(…))` with the class and the arguments that `{service}` is made "
        "of, and `manager.run()` in the place of wait(), which ends the process with SystemExit",
        setting="services",
    )


def _left_class(owner: ast.ClassDef, reason: str) -> Leave:
    methods = {m.name: m for m in owner.body if isinstance(m, ast.FunctionDef)}
    steps = []
    if "__init__" in methods:
        steps.append("`__init__(self, worker_id, …)` calls `super().__init__(worker_id)`")
    if "start" in methods:
        also = " and then does what wait() does" if "wait" in methods else ""
        steps.append(f"start() becomes `run(self)`{also}")
    if "stop" in methods:
        steps.append("stop() becomes `terminate(self)`, without graceful")
    if "reset" in methods:
        steps.append("reset() becomes `reload(self)`, without which a SIGHUP starts a new worker")
    if any(isinstance(n, ast.Attribute) and n.attr == "tg" for n in ast.walk(owner)):
        steps.append(
            "`self.tg` becomes threads of its own, which terminate() ends and joins: a "
            "threading.Event and `while not self._stop.wait(interval)` for each timer"
        )
    told = "; ".join(steps) or "it has nothing that needs another name"
    return Leave(
        message=f"{owner.name} stays a service of oslo.service, since {reason}",
        why="its launch and all that refers to it change with it",
        advice=f"derive it from cotyledon.Service: {told}. Change what launches it in one step",
        setting="services",
    )


rule = Rule(
    code="EVT416",
    family="ecosystem",
    step=3,
    summary="services run on cotyledon, where that is asked for",
    apis=frozenset({*_LAUNCHERS, *SERVICES}),
    match=match,
    checks=("C-TYPE", "C-FORK", "C-LIFE"),
    beside=True,
    settings=("services",),
    references=("OSL-9", "2.13"),
    example_settings={"services": "cotyledon", "monkey_patched": "yes"},
    before="""\
from oslo_service import service


class Server(service.Service):
    def __init__(self, host):
        super().__init__()
        self.host = host

    def start(self):
        super().start()
        self.listen(self.host)

    def stop(self, graceful=False):
        self.close()
        super().stop(graceful)


def main(conf):
    server = Server(conf.host)
    launcher = service.launch(conf, server, workers=conf.workers)
    launcher.wait()
""",
    after="""\
import cotyledon
from cotyledon import oslo_config_glue


class Server(cotyledon.Service):
    def __init__(self, worker_id, host):
        super().__init__(worker_id)
        self.host = host

    def run(self):
        self.listen(self.host)

    def terminate(self):
        self.close()


def main(conf):
    manager = cotyledon.ServiceManager()
    oslo_config_glue.setup(manager, conf)
    manager.add(Server, workers=conf.workers, args=(conf.host,))
    manager.run()
""",
)
