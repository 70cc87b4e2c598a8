"""What is known of a place that starts eventlet's WSGI server, and what is said where it stays."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.loading import load
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.rules.servers import _options, _protocol

API = "eventlet.wsgi.server"

#: How many connections eventlet serves at a time where nothing else is said.
DEFAULT_SIZE = 1024

#: So many threads are not worth a question.
_FEW = 64

#: The parameters that may be given by position to both servers.
_POSITIONAL = ("sock", "site", "log", "environ", "max_size", "max_http_version")
#: What the helper takes as well.
KEYWORDS = frozenset(
    [
        *_POSITIONAL,
        *("minimum_chunk_size", "log_x_forwarded_for", "custom_pool", "keepalive", "log_output"),
        *("log_format", "url_length_limit", "debug", "socket_timeout"),
        "capitalize_response_headers",
    ]
)
#: What passes a function on with the arguments behind it, and where the function stands.
_STARTERS = {"spawn": 0, "spawn_n": 0, "submit": 0, "add_thread": 0, "partial": 0}

#: What a file holds that starts or names eventlet's server.
_STARTS = r"(?s)\beventlet\b.*\b(?:wsgi\.server\b|server\()"


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments that eventlet's server gets at one place, by parameter."""

    given: Mapping[str, ast.expr]


def arguments_of(use: Use, *, gathered: bool = True) -> Arguments | None:
    """What the server is called with, here or by what starts it; None if that cannot be seen.

    ``gathered``: also what the function may have gathered in a dict, under conditions or not.
    """
    found = _written(use)
    if found is None:
        return None
    positional, keywords = found
    if len(positional) > len(_POSITIONAL) or any(isinstance(n, ast.Starred) for n in positional):
        return None
    given = dict(zip(_POSITIONAL, positional, strict=False))
    for item in keywords:
        if item.arg is not None:
            given[item.arg] = item.value
            continue
        options = _options.behind(item.value, use) if gathered else None
        if options is None or not _fit(options, given):
            return None
        given |= {name: values[0] for name, values in options.items.items()}
    return Arguments(given)


def _fit(options: _options.Gathered, given: Mapping[str, ast.expr]) -> bool:
    """Whether keywords of a dict can be taken for those of the call: what counts has one value."""
    items = options.items
    sized = items.keys() & {"sock", "site", "custom_pool", "max_size"}
    return not items.keys() & given.keys() and all(
        len(items[name]) == 1 and name in options.always for name in sized
    )


def _written(use: Use) -> tuple[list[ast.expr], list[ast.keyword]] | None:
    if use.call is not None:
        return use.call.args, use.call.keywords
    parent = use.parent
    if isinstance(parent, ast.Call):
        name = getattr(parent.func, "attr", getattr(parent.func, "id", ""))
        place = _STARTERS.get(name)
        if place is not None and parent.args[place : place + 1] == [use.node]:
            return parent.args[place + 1 :], parent.keywords
    if isinstance(parent, ast.keyword) and parent.arg == "target":
        call = use.parents[-2]
        if isinstance(call, ast.Call):
            return _of_thread(call)
    return None


def killed_on(use: Use, facts: Facts) -> str:
    """Why what runs the server by its name cannot run it natively; "" where nothing says so."""
    spawn = facts.use_of_call.get(use.parent) if use.call is None else None
    handle = facts.handle_of.get(spawn) if spawn is not None else None
    for deed in handle.uses if handle is not None else ():
        if deed.attribute in ("kill", "cancel") or deed.how == "escape":
            return f"the green thread that runs it is kept, and line {deed.line} may kill it"
    return ""


def _of_thread(call: ast.Call) -> tuple[list[ast.expr], list[ast.keyword]] | None:
    """``Thread(target=server, args=(sock, app), kwargs={"log": log})``."""
    given = {item.arg: item.value for item in call.keywords}
    args = given.get("args", ast.Tuple([], ast.Load()))
    options = given.get("kwargs", ast.Dict([], []))
    if None in given or not isinstance(args, (ast.Tuple, ast.List)):
        return None
    if not isinstance(options, ast.Dict):
        return None
    keywords = []
    for key, value in zip(options.keys, options.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            return None
        keywords.append(ast.keyword(key.value, value))
    return args.elts, keywords


def objection_to(use: Use, settings: Settings) -> str:
    """Why the server stays, "" if it need not."""
    if settings.wsgi != "cheroot":
        return f"`wsgi` is set to `{settings.wsgi}`"
    found = arguments_of(use)
    if found is None:
        return "not all of its arguments can be seen"
    for name in found.given:
        if name not in KEYWORDS and not (name == PROTOCOL and drops_protocol(use)):
            return f"the helper has no `{name}`"
    if not {"sock", "site"} <= found.given.keys():
        return "it gets no socket, or no application"
    if settings.helpers is None:
        return "`helpers` names no module for it"
    return ""


#: A keyword that says nothing to another server where its class only names clients.
PROTOCOL = "protocol"


def drops_protocol(use: Use) -> bool:
    """Whether a server is called with a protocol that only names clients without an address."""
    keywords = use.call.keywords if use.call is not None else ()
    return any(
        item.arg == PROTOCOL and _protocol.only_names_clients(item.value, use) is not None
        for item in keywords
    )


def servers_in(facts: Facts) -> list[Use]:
    """The places of a file that start or name eventlet's server."""
    return [use for use in facts.names.uses if use.api == API and use.kind == "reference"]


def stays_elsewhere(facts: Facts, settings: Settings) -> str:
    """Where another file of the project, tests aside, starts a server that stays; "" if none."""
    project = facts.project
    for path in project.mentions(frozenset({"wsgi"}), facts.path).get("wsgi", ()):
        if is_test(path) or not project.matches(path, _STARTS):
            continue
        module = load(project, path)
        if module is None:
            return f"{path}, which cannot be read,"
        for use in module.names.uses:
            if use.api == API and use.kind == "reference" and objection_to(use, settings):
                return f"{path}:{use.node.lineno}"  # type: ignore[attr-defined]
    return ""


#: Methods of eventlet's `wsgi.input` that no other server has.
_OWN_METHODS = frozenset(
    {"send_hundred_continue_response", "set_hundred_continue_response_headers"}
)


def told_of_100_continue(facts: Facts) -> str:
    """What is said of code that answers 100 Continue by itself; "" where there is none."""
    found = {p for paths in facts.project.mentions(_OWN_METHODS, "").values() for p in paths}
    paths = sorted(path for path in found if not is_test(path))
    if not paths and facts.search("|".join(_OWN_METHODS)):
        paths = [facts.path]
    if not paths:
        return ""
    return (
        f"{paths[0]} calls a method that only eventlet's `wsgi.input` has, for 100 Continue: the "
        "server in its place sends that itself"
    )


def size_of(arguments: Arguments, facts: Facts, use: Use) -> tuple[str, bool]:
    """How many threads it may come to, as text, and whether they are certainly few."""
    pool = arguments.given.get("custom_pool")
    if pool is not None:
        return f"`{ast.unparse(pool)}.size`", False
    size = arguments.given.get("max_size")
    if size is None or (isinstance(size, ast.Constant) and size.value is None):
        return str(DEFAULT_SIZE), False
    if isinstance(size, ast.Constant):
        return repr(size.value), isinstance(size.value, int) and 0 < size.value <= _FEW
    return f"`{ast.unparse(size)}`", False
