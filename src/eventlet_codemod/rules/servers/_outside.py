"""What is said of a WSGI server that stays, and by which files another serves in its place."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Leave
from eventlet_codemod.rules.servers import _entry, _gunicorn, _served, _serving, _uwsgi
from eventlet_codemod.rules.servers._before import Blocked
from eventlet_codemod.rules.threads import _server

_LISTEN = "eventlet.convenience.listen"
_LINE = 8190  # what gunicorn allows for a request line at most
_WHY = (
    "a server of threads takes other arguments, limits its threads and reads HTTP by rules of its "
    "own"
)


def leave(
    objection: str, use: Use, facts: Facts, settings: Settings, *, killed: bool = False
) -> Leave:
    """The decision for a server of eventlet that stays; ``killed``: for what is done to it."""
    if settings.wsgi == "external":
        return external(f"eventlet's WSGI server stays: {objection}", use, facts, settings)
    if killed:
        advice = f"{_server.ADVICE}. Or serve it by a WSGI server of its own, such as gunicorn"
    elif settings.wsgi == "manual":
        advice = "replace the server by hand: by cheroot, or by gunicorn, uWSGI or mod_wsgi outside"
    else:
        advice = (
            "serve it with cheroot by hand, or by a WSGI server of its own: gunicorn's gthread "
            "worker (`--threads n`), uWSGI or mod_wsgi"
        )
        if settings.helpers is None:
            advice = (
                "set `helpers` to a module of the project, such as `pkg.concurrency`: then "
                "`wsgi_server` of it, on cheroot, takes the same socket and keywords. Or " + advice
            )
    return Leave(
        message=f"eventlet's WSGI server stays: {objection}",
        why=_WHY,
        advice=f"{advice}. {_threads()}",
        setting="wsgi",
    )


def external(message: str, use: Use, facts: Facts, settings: Settings) -> Leave:
    """The decision for a server that is to run outside, with the files by which it does."""
    try:
        given = _served.arguments_of(use)
        application, extra = _served.application_of(given)
        entry = _entry.entry_for(use, given, application, extra, facts, settings)
        served = _served.served_by(use, given, facts)
    except (Blocked, _served.Unseen) as reason:
        advice = f"no file is written for it, since {reason}: {_advice(use, facts)}. {_threads()}"
        return Leave(message=message, why=_WHY, advice=advice, setting="wsgi")
    server = _uwsgi if settings.wsgi_external == "uwsgi" else _gunicorn
    path = _entry.path_beside(use, facts, server.TAIL)
    width = settings.line_length or 79
    unseen = "" if served.bind.value else server.UNKNOWN
    threads = served.threads
    told = dict(server.lost(served))
    said = [
        f"`apply` writes {entry.path}, which has the application, and {path}, where they are not "
        "there yet",
        f"Start it by `{server.command(path, unseen)}` ({server.NEEDS}), then delete the code that "
        f"serves it on line {use.statement.lineno}",
        f"{threads.value} threads take the place of {threads.origin}",
        *entry.asks,
    ]
    if more := _serving.told_of_100_continue(facts):
        said.append(more)
    if told:
        listed = "; ".join(f"`{name}` ({text})" for name, text in told.items())
        said.append(f"Without counterpart: {listed}")
    return Leave(
        message=message,
        why=_WHY,
        advice=" ".join(part if part.endswith("?") else f"{part}." for part in said).removesuffix(
            "."
        ),
        setting="wsgi",
        writes=(
            (entry.path, entry.text),
            (path, server.settings(served, entry.target, path, entry.place, width)),
        ),
    )


def _threads() -> str:
    return (
        "For the threads take what the application bears at a time: eventlet served up to "
        f"`max_size` ({_serving.DEFAULT_SIZE}) connections, or as many as `custom_pool` has room "
        "for"
    )


def _advice(use: Use, facts: Facts) -> str:
    try:
        given = _served.arguments_of(use)
    except _served.Unseen:
        given = {}
    host, port = _address(given.get("sock"), facts)
    target, entry = _target(given.get("site", given.get("app")), facts)
    size = given.get("max_size", given.get("pool_size"))
    threads = ast.unparse(size) if isinstance(size, ast.Constant) and size.value else "N"
    options = " ".join(["", *_options(given)])
    return (
        f"{entry}start it by `gunicorn --worker-class gthread --threads {threads} "
        f"--bind {host}:{port}{options} {target}`, or by `uwsgi --master --http-socket "
        f"{host}:{port} --threads {threads} --module {target}`; then delete the code that serves "
        "it here. The access log is gunicorn's `--access-logfile -`, a certificate its "
        "`--certfile` and `--keyfile`, and its workers are processes (`--workers`)"
    )


def _address(sock: ast.expr | None, facts: Facts) -> tuple[str, str]:
    """Host and port of a socket that is made by ``eventlet.listen`` in the same expression."""
    use = facts.use_of_call.get(sock) if sock is not None else None
    address = use.call.args[0] if use is not None and use.call and use.call.args else None
    parts = address.elts if isinstance(address, ast.Tuple) else []
    if use is None or use.api != _LISTEN or len(parts) != 2:
        return "HOST", "PORT"
    host, port = (p.value if isinstance(p, ast.Constant) else None for p in parts)
    shown = (host or "0.0.0.0") if isinstance(host, str) else "HOST"
    return shown, str(port) if isinstance(port, int) else "PORT"


def _target(site: ast.expr | None, facts: Facts) -> tuple[str, str]:
    """The application as servers name it, and what it takes to have it under that name."""
    if isinstance(site, ast.Name) and site.id in facts.module_bound:
        return f"{facts.dotted}:{site.id}", ""
    shown = f"`application = {ast.unparse(site)}`" if site is not None else "`application = …`"
    return "ENTRY:application", f"make a module ENTRY with {shown} and what that needs; "


def _options(given: Mapping[str, ast.expr]) -> Iterator[str]:
    """What is written out and has an option of gunicorn."""
    values = {k: v.value for k, v in given.items() if isinstance(v, ast.Constant)}
    kept = values.get("keepalive", True)
    if kept is False or kept == 0:
        yield "--keep-alive 0"
    elif isinstance(kept, (int, float)) and kept is not True:
        yield f"--keep-alive {max(int(kept), 1)}"
    limit = values.get("url_length_limit")
    if isinstance(limit, int):
        yield f"--limit-request-line {min(limit, _LINE)}"
