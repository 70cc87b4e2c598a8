"""Some modules of oslo.service are there for eventlet only.

`oslo_service.wsgi` imports eventlet, so not even its option definitions and its `Loader` can be had
without it, and its `Server` refuses to be made on the threading backend. The `SleepFixture` of
`oslo_service.fixture` patches eventlet's event, on which nothing waits any more: looping calls
under test sleep for real then. Both modules go with oslo.service's support for eventlet.

Each use is named, with what to put in its place. A `Server` that `oslo-wsgi-server` can replace is
that rule's.
"""

from __future__ import annotations

import dataclasses

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.patches import patch_of
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.rules.base import Decision, Leave, Rule, leave_in_doubt
from eventlet_codemod.rules.ecosystem import oslo_wsgi
from eventlet_codemod.rules.servers import _oslo

_WSGI = "oslo_service.wsgi"
_FIXTURE = "oslo_service.fixture"

#: By the name in `oslo_service.wsgi`: what takes its place.
_INSTEAD = {
    "Server": "serve the application with cheroot (`cheroot.wsgi.Server(bind, app, numthreads=n)`, "
    "prepare() and serve() in a thread that start() begins, stop() in stop()), or deploy it under "
    "uWSGI or mod_wsgi and drop the service",
    "Loader": "find the file with `CONF.find_file(CONF.api_paste_config)` and load it with "
    "`paste.deploy.loadapp(f'config:{path}', name=name)`; it raises LookupError where the Loader "
    "raised PasteAppNotFound",
    "list_opts": "list the options that the project defines itself",
    "register_opts": "define the options that are still read (api_paste_config first of all) in "
    "the project's own conf module; the others configure eventlet's server",
    "InvalidInput": "catch ValueError, which the server in its place raises for a bad backlog",
    "Request": "derive from webob.Request, which is all that it is",
    "Router": "copy the class: it is a dozen lines around `routes.middleware.RoutesMiddleware`",
}


#: Names that register options, and the module by which all of them can be had.
_REGISTER = frozenset({_WSGI, _oslo.API, f"{_WSGI}.Loader", f"{_WSGI}.register_opts"})


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave the use, with advice for the name that it is of."""
    if _is_for_another(use, settings):
        return None
    left = _left(use, settings)
    if use.kind == "reference" and use.api in _REGISTER and not is_test(facts.path):
        return dataclasses.replace(left, together=_oslo.TOGETHER)
    return left


def _is_for_another(use: Use, settings: Settings) -> bool:
    """Whether a rule with something in the place of the name decides."""
    patch = patch_of(use)
    if use.kind == "string":
        return _goes(use.api, settings)
    if patch is not None and patch.owner is use.node:
        return _goes(f"{use.api}.{patch.name}", settings)
    if use.kind != "reference" or leave_in_doubt(use):
        return False
    if use.api == _oslo.API:
        return not _oslo.objection_to(use, settings) or _oslo.runs_outside(use, settings)
    return oslo_wsgi.replaces(use.api, settings)


def _goes(api: str, settings: Settings) -> bool:
    """Whether tests that patch a name follow what takes its place."""
    if api.startswith(_oslo.API):
        return settings.helpers is not None and settings.wsgi == "cheroot"
    return oslo_wsgi.replaces(api, settings)


def _left(use: Use, settings: Settings) -> Leave:
    if use.kind == "string":
        return _named(use)
    if use.kind == "reference" and (doubt := leave_in_doubt(use)):
        return doubt
    if use.kind == "import":
        return Leave(
            message=f"`{use.path}` is imported and not used",
            why="importing it fails without eventlet",
            advice="delete the import unless another module takes the name from here",
        )
    if use.api.startswith(_FIXTURE):
        return Leave(
            message="SleepFixture does nothing on oslo.service's threading backend",
            why="it patches the wait() of eventlet's event, and looping calls sleep on a threading "
            "one: the test passes, and takes as long as the intervals of its looping calls",
            advice="give the looping calls of the test a short interval, or patch the class of the "
            "looping call where the module under test names it",
        )
    name = use.api.removeprefix(_WSGI).lstrip(".").partition(".")[0]
    why = "the module imports eventlet"
    if name == "Server":
        why = "on the threading backend this raises UnsupportedBackendError; the module also needs "
        why += "eventlet to be imported at all"
    elif name and name[0].isupper() and name not in _INSTEAD:
        return Leave(
            message=f"`{use.path}` can be had only with eventlet",
            why=why,
            advice="raise and catch an exception of the project's own, together with what takes "
            "the place of the Loader or Server that raises it",
        )
    advice = _INSTEAD.get(name, "name what is meant, and copy it into the project")
    if use.api == _oslo.API and settings.wsgi == "cheroot":
        objection = _oslo.objection_to(use, settings)
        return Leave(
            message=f"`{use.path}` can be had only with eventlet: {objection}",
            why=why,
            advice="set `helpers` to a module of the project, such as `pkg.concurrency`: then "
            f"`ConfiguredWSGIServer` of it takes the same arguments. Or {advice}"
            if settings.helpers is None
            else advice,
            setting="helpers",
        )
    if name in oslo_wsgi.HELPERS:
        return Leave(
            message=f"`{use.path}` can be had only with eventlet",
            why=why,
            advice="set `helpers` to a module of the project, such as `pkg.concurrency`: then "
            f"`{oslo_wsgi.HELPERS[name][0]}` of it takes its place. Or {advice}",
            setting="helpers",
        )
    return Leave(message=f"`{use.path}` can be had only with eventlet", why=why, advice=advice)


def _named(use: Use) -> Leave:
    """A string, as a test has it that patches what stays."""
    return Leave(
        message=f"the string '{use.path}' names what can be had only with eventlet",
        why="a patch of it imports the module, which imports eventlet",
        advice="let it name what takes its place in the code under test",
    )


rule = Rule(
    code="EVT411",
    family="ecosystem",
    step=3,
    summary="what oslo.service has for eventlet only is named",
    apis=frozenset({_WSGI, f"{_WSGI}.*", _FIXTURE, f"{_FIXTURE}.*"}),
    match=match,
    references=("OSL-10", "OSL-11"),
    before="""\
from oslo_service import wsgi


def serve(conf, app):
    server = wsgi.Server(conf, 'api', app)
    server.start()
    server.wait()
""",
    after="""\
from oslo_service import wsgi


def serve(conf, app):
    server = wsgi.Server(conf, 'api', app)
    server.start()
    server.wait()
""",
)
