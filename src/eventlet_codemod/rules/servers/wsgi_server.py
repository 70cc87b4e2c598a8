"""`eventlet.wsgi.server` becomes a server on cheroot: the helper `wsgi_server`.

The setting `wsgi` says what takes the place of eventlet's server. With `cheroot` (the default) and
the setting `helpers`, the helper module gets `wsgi_server`. It takes the same socket and the same
keywords, so the call stays as it is but for the name. What eventlet's server does and cheroot does
not is in the helper:

- As many requests at a time as before: `max_size`, the size of `custom_pool`, or 1024. cheroot's
  own pool keeps the number of threads that it begins with; the helper's starts a thread when no
  other is free. A connection between two requests takes no thread.
- It serves the socket that it is given, with TLS, over UNIX and IPv6, also in several processes.
- Headers with an underscore are dropped, repeated ones are joined, and those that are too long,
  or contradict each other, are refused.
- `log`, `log_format`, `environ`, `keepalive`, `socket_timeout` (None is no limit),
  `url_length_limit`, `minimum_chunk_size` and the others mean what they meant.
- It ends when the socket is closed, also by a handler of a signal, on KeyboardInterrupt and on
  SystemExit of the application, and waits for requests that have begun.

A `protocol` whose class only gives a name to clients of a UNIX socket goes from the call, and the
class is for a person to delete: the helper calls them `unix`, as eventlet does by itself.

The call is left where another `protocol` or a `server_event` is given, or arguments cannot be seen.
The name alone, as in `spawn(wsgi.server, sock, app)`, is rewritten as well where the arguments
behind it can be seen. Where that green thread is killed, and nothing else is done to it but
waiting, it is `WSGIThread`, a server with a thread of its own, whose `stop()` takes the place of
`kill()`.

With `wsgi = "external"` it is left, and the run writes two files for the person who takes it over,
where there are none yet: a module with the application (`api_wsgi.py` beside `api.py`), which does
what the function does before it serves, and settings by which `gunicorn --config
api_gunicorn.conf.py`, or `uwsgi --ini api_uwsgi.ini` with `wsgi-external = "uwsgi"`, serves it.
Every keyword is a setting there with its origin beside it, or is named as what has no counterpart;
the finding says so as well, and how many threads take the place of how many green ones. No file is
written where the application cannot be had in another module, as where it is a parameter or an
attribute, where what comes before reads the command line, or where a certificate is computed: the
finding says what stands in the way, and has a command for doing it by hand. The settings are not
called `gunicorn.conf.py`, since gunicorn reads a file of that name unasked, for whatever it serves.
With `"manual"` the server is left to a person.
"""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import (
    Decision,
    Rewrite,
    Rule,
    leave_in_doubt,
)
from eventlet_codemod.rules.servers import _calls, _outside, _serving
from eventlet_codemod.rules.threads import _server, _spawned

HELPER = "wsgi_server"

_HTTP = (
    "cheroot reads the requests: 100 Continue is sent before the application reads, a request "
    "line must name its version, a head that is cut off is no request, a chunked body that is "
    "raises ValueError, headers that are too many get 413 and a late request 408, and "
    "`eventlet.input` and `headers_raw` are not in the environ; does a client or the application "
    "rely on one of these?"
)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Name the helper, or say what stands in the way."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    objection = _serving.objection_to(use, settings)
    stopped = None if objection else _spawned.of_server(use, facts, settings)
    together, killed = stopped or ("", "")
    if stopped is None and not objection:
        killed = _serving.killed_on(use, facts)
    elif killed:
        killed = f"the green thread that runs it does: {killed}"
    if objection or killed:
        return _outside.leave(objection or killed, use, facts, settings, killed=bool(killed))
    helper = _server.HELPERS[use.api] if together else HELPER
    module = settings.helpers
    assert module is not None
    call = _serving.arguments_of(use)
    assert call is not None
    size, sure = _serving.size_of(call, facts, use)
    return Rewrite(
        message=f"`{module}.{helper}` takes the place of eventlet's server, with up to {size} "
        "threads, started when needed",
        why="it has the same keywords and serves as many requests at a time",
        edits=(
            _calls.without(use, module, helper, _serving.PROTOCOL)
            if _serving.drops_protocol(use)
            else _calls.named(use, module, helper),
        ),
        checks=_checks(use, call, size, sure, _serving.told_of_100_continue(facts)),
        needs=(module,),
        helpers=("WSGIServer", helper),
        setting="wsgi",
        together=together,
    )


def _checks(use: Use, call: _serving.Arguments, size: str, sure: bool, more: str) -> dict[str, str]:
    if _serving.drops_protocol(use):
        named = ast.unparse(call.given[_serving.PROTOCOL])
        told = f"`{named}` named clients without an address, which are `unix` in REMOTE_ADDR now"
        more = f"{told}; {more}" if more else told
    checks = {
        "C-HTTP": f"{more}. And {_HTTP}" if more else _HTTP,
        "C-ATOM": "requests run in parallel: is what the application shares between them guarded?",
        "C-LOCAL": "its threads are used again: does a request expect thread-locals as at the "
        "start?",
    }
    if not sure:
        checks["C-BOUND"] = (
            f"it may come to {size} threads: do memory, and pools such as that of the database, "
            "allow for it?"
        )
    if "custom_pool" in call.given:
        pool = ast.unparse(call.given["custom_pool"])
        checks["C-FLOW"] = (
            f"of `{pool}` only the size counts now, when the server begins: is it resized, or "
            "asked or waited for on account of the connections?"
        )
    handlers = [
        node for node in use.parents if isinstance(node, ast.Try) and use.statement in node.body
    ]
    if any(node.handlers for node in handlers):
        checks["C-SOCK"] = (
            "it returns when the socket is closed, where eventlet's raised EBADF or EINVAL: does "
            "a handler around it do more than pass?"
        )
    return checks


rule = Rule(
    code="EVT701",
    family="servers",
    step=2,
    summary="eventlet's WSGI server becomes one on cheroot",
    apis=frozenset({"eventlet.wsgi.server"}),
    match=match,
    checks=("C-HTTP", "C-ATOM", "C-LOCAL", "C-BOUND", "C-FLOW", "C-SOCK"),
    relies_on="socket",
    settings=("wsgi", "wsgi-external", "helpers"),
    references=("WSG-1",),
    example_settings={"helpers": "pkg.concurrency"},
    before="""\
import eventlet.wsgi


def serve(sock, app, log):
    eventlet.wsgi.server(sock, app, log=log, max_size=64, keepalive=False)
""",
    after="""\
from pkg import concurrency


def serve(sock, app, log):
    concurrency.wsgi_server(sock, app, log=log, max_size=64, keepalive=False)
""",
)
