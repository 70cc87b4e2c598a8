"""Settings by which gunicorn serves what eventlet's server served."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from eventlet_codemod.rules.servers._served import Served

NAME = "gunicorn"
TAIL = "_gunicorn.conf.py"
NEEDS = "gunicorn 22 or later"

_LONGEST_LINE = 8190  # the most that limit_request_line takes
_IDLE = 1000  # connections that rest between two requests
_KEPT = 75  # seconds, where eventlet had no limit

#: The fields of eventlet's log lines, as gunicorn names them.
_FIELDS = {
    "client_ip": "%(h)s",
    "date_time": "%(t)s",
    "request_line": "%(r)s",
    "status_code": "%(s)s",
    "body_length": "%(B)s",
    "wall_seconds": "%(L)s",
}


def command(path: str, bind: str) -> str:
    """How to start it; ``bind`` is what the file does not say."""
    return f"gunicorn --config {path}" + (f" --bind {bind}" if bind else "")


def lost(served: Served) -> Iterator[tuple[str, str]]:
    """What gunicorn has no setting for."""
    yield from served.lost.items()
    if served.timeout.value is not None:
        yield "socket_timeout", "a client that sends slowly keeps a thread: put a proxy in front"
    if served.request_line.value > _LONGEST_LINE + 2:
        yield "url_length_limit", f"gunicorn takes {_LONGEST_LINE} bytes at most, or any number (0)"
    if served.logs.value and log_format(served.log_format.value) is None:
        yield "log_format", "it has fields of its own: the format is the usual"


def log_format(text: str) -> str | None:
    """A format of eventlet's log in gunicorn's words; None if a field has none."""
    text = text.replace("[%(date_time)s]", "%(date_time)s")  # gunicorn's has the brackets
    names = re.findall(r"%\((\w+)\)", text)
    if not set(names) <= _FIELDS.keys() or text.count("%") != len(names):
        return None
    return re.sub(r"%\((\w+)\)[-+ #0-9.]*[a-zA-Z]", lambda match: _FIELDS[match[1]], text)


def settings(served: Served, target: str, path: str, place: str, width: int) -> str:
    """The text of the file, with lines of at most ``width`` where that can be."""
    bind = f" --bind {UNKNOWN}" if not served.bind.value else ""
    head = (
        f"# How gunicorn serves what {place} served:\n"
        "#\n"
        f"#     gunicorn --config {path}{bind}\n"
        "#\n"
        "# eventlet-codemod wrote this file. It belongs to this project now.\n"
    )
    lines = (part for line in _lines(served, target, path) for part in _fitted(line, width))
    return "\n".join([head, *lines, ""])


def _fitted(line: str, width: int) -> list[str]:
    """A comment on lines of its own where it is too long for the line of its setting."""
    if len(line) <= width:
        return [line]
    code, _, comment = line.rpartition("  # ")
    if line.startswith("#"):
        code, comment = "", line.removeprefix("# ")
    inner = "  " if comment.startswith("- ") else ""
    wrapped = textwrap.wrap(
        comment,
        width,
        initial_indent="# ",
        subsequent_indent=f"# {inner}",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [*wrapped, *filter(None, [code])] if comment and code != line else [line]


UNKNOWN = "HOST:PORT"


def _lines(served: Served, target: str, path: str) -> Iterator[str]:
    yield f'wsgi_app = "{target}"'
    if path.startswith("src/"):
        yield 'pythonpath = "src"'
    if served.bind.value:
        yield f"bind = {_quoted(served.bind.value)}  # {served.bind.origin}"
    else:
        yield f"# bind: {served.bind.origin} is not written out; give --bind {UNKNOWN}"
    yield f"backlog = {served.backlog.value}  # {served.backlog.origin}"
    if served.shares_port:
        yield "reuse_port = True  # as eventlet has it for a fixed port"
    for name in ("certfile", "keyfile", "ciphers"):
        if name in served.tls:
            yield f"{name} = {_quoted(served.tls[name])}  # of wrap_ssl"
    yield ""
    threads = served.threads.value
    yield "# One process, as before; more of them share no memory."
    yield "workers = 1"
    yield 'worker_class = "gthread"'
    yield f"threads = {threads}  # {served.threads.origin}: requests at a time"
    yield f"worker_connections = {threads + _IDLE}  # those between two requests take no thread"
    yield from _keep_alive(served)
    yield "# A worker that stops waits so long for requests; eventlet waited without a limit."
    yield "graceful_timeout = 30"
    yield ""
    limit = served.request_line
    yield f"limit_request_line = {min(limit.value, _LONGEST_LINE)}  # {limit.origin}"
    yield f"limit_request_field_size = {served.header_line.value}  # {served.header_line.origin}"
    yield ""
    yield from _log(served)
    told = dict(lost(served))
    if told:
        yield ""
        yield "# What has no counterpart here:"
        yield from (f"# - {name}: {said}." for name, said in sorted(told.items()))


def _keep_alive(served: Served) -> Iterator[str]:
    kept, origin = served.keep_alive.value, served.keep_alive.origin
    if kept is None and served.timeout.value:
        kept, origin = served.timeout.value, served.timeout.origin
    if kept is None:
        yield f"keepalive = {_KEPT}  # {origin}"
    else:
        yield f"keepalive = {max(int(kept), 1) if kept else 0}  # {origin}"


def _log(served: Served) -> Iterator[str]:
    if not served.logs.value:
        yield f"accesslog = None  # {served.logs.origin}"
        return
    yield 'accesslog = "-"  # standard output'
    known = log_format(served.log_format.value)
    if known is not None:
        yield f"# {served.log_format.origin}; without X-Forwarded-For: %({{x-forwarded-for}}i)s"
        yield f"access_log_format = {_quoted(known, single=True)}"


def _quoted(text: str, *, single: bool = False) -> str:
    return repr(text) if single or '"' in text or "\\" in text else f'"{text}"'
