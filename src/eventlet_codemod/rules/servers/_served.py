"""What a WSGI server is told where it starts, for one that is to run outside of the program."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.servers import _oslo, _serving

_LISTEN = "eventlet.convenience.listen"
_WRAP = "eventlet.convenience.wrap_ssl"
_POOL = "eventlet.greenpool.GreenPool"
_POOL_SIZE = 1000  # of a GreenPool that is given none
_BACKLOG = 50  # of eventlet.listen
_FOLLOWED = 4  # how many names stand between the server and what it gets

#: How many threads are written where the number cannot be read.
UNSEEN_SIZE = 64

#: What a file holds that wraps sockets.
_TLS = r"(?i)wrap_ssl|wrap_socket|wrap_server|ssl_?context|\bimport ssl\b"

_LISTEN_PARAMETERS = ("addr", "family", "backlog", "reuse_addr", "reuse_port")
_WRAP_PARAMETERS = ("sock", "keyfile", "certfile")

#: What `oslo_service.wsgi.Server` takes from oslo.config where its call says nothing.
_OPTIONS = {
    "wsgi_default_pool_size": 100,
    "max_header_line": 16384,
    "wsgi_keep_alive": True,
    "client_socket_timeout": 900,
}
_OSLO_BACKLOG = 128
_OSLO_FORMAT = (
    '%(client_ip)s "%(request_line)s" status: %(status_code)s  len: %(body_length)s '
    "time: %(wall_seconds).7f"
)
_FORMAT = (
    '%(client_ip)s - - [%(date_time)s] "%(request_line)s" %(status_code)s %(body_length)s '
    "%(wall_seconds).6f"
)
_LINE = 8192  # bytes: of a request line, and of a header


class Unseen(Exception):
    """What keeps a server from being started by settings in a file."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A value for the new server, and in words where it comes from."""

    value: Any
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """All that settings of another server can say of one.

    The value of ``bind`` is ``host:port`` or ``unix:path``, "" where it is not written out; that of
    ``keep_alive`` and ``timeout`` is in seconds, None for no limit; ``keep_alive`` 0 is for none.
    ``tls`` holds ``certfile``, ``keyfile`` and ``ciphers`` as far as they are given. ``lost`` tells
    by keyword what no setting says.
    """

    bind: Setting
    threads: Setting
    keep_alive: Setting
    request_line: Setting
    header_line: Setting
    log_format: Setting
    timeout: Setting
    backlog: Setting
    shares_port: bool = False
    logs: Setting
    tls: Mapping[str, str] = field(default_factory=dict)
    lost: Mapping[str, str] = field(default_factory=dict)


def arguments_of(use: Use) -> Mapping[str, ast.expr]:
    """What the server gets, by parameter. Raises Unseen."""
    if use.api == _oslo.API:
        given = _oslo.arguments_of(use)
    else:
        found = _serving.arguments_of(use, gathered=False)
        given = dict(found.given) if found is not None else None
    if given is None:
        raise Unseen("not all of its arguments can be seen")
    return given


def application_of(given: Mapping[str, ast.expr]) -> tuple[ast.expr, ast.expr | None]:
    """The application that is served, and what is added to the environ. Raises Unseen."""
    site = given.get("site", given.get("app"))
    if site is None:
        raise Unseen("it gets no application")
    extra = given.get("environ")
    return site, None if _is_none(extra) else extra


def served_by(use: Use, given: Mapping[str, ast.expr], facts: Facts) -> Served:
    """What one call starts. Raises Unseen."""
    seen = _Seen(use, facts)
    return _of_oslo(seen, given) if use.api == _oslo.API else _of_eventlet(seen, given)


# --- what an expression is ----------------------------------------------------------------------


_UNKNOWN = object()


@dataclass(frozen=True, slots=True)
class _Seen:
    """Looks at expressions where the server starts."""

    use: Use
    facts: Facts

    def behind(self, node: ast.expr | None) -> ast.expr | None:
        """What stands behind a name that is bound once, in the function or in the module."""
        for _ in range(_FOLLOWED):
            if not isinstance(node, ast.Name) or node.id in self.facts.declared_global:
                return node
            bindings = self.facts.lookup(node.id, self.use.scope)[1]
            if len(bindings) != 1 or bindings[0].value is None:
                return node
            node = bindings[0].value
        return node

    def value(self, node: ast.expr | None) -> Any:
        """What is written out, else _UNKNOWN; None where nothing is given."""
        if node is None:
            return None
        node = self.behind(node)
        try:
            return ast.literal_eval(node) if node is not None else None
        except ValueError:
            return _UNKNOWN

    def api(self, node: ast.expr | None) -> str:
        """The function of eventlet that an expression calls, "" for any other."""
        use = self.facts.use_of_call.get(node) if node is not None else None
        return use.api if use is not None else ""


def _shown(node: ast.AST | None) -> str:
    """Code on one line."""
    return " ".join(ast.unparse(node).split()) if node is not None else ""


def _is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _given_as(name: str, node: ast.expr | None, default: str) -> str:
    return f"`{name}={_shown(node)}`" if node is not None else default


# --- eventlet's server --------------------------------------------------------------------------


def _of_eventlet(seen: _Seen, given: Mapping[str, ast.expr]) -> Served:
    lost = dict(_lost_by_eventlet(seen, given))
    bind, backlog, shares, tls = _socket(seen, given.get("sock"), lost)
    logs = seen.value(given.get("log_output"))
    limits = _header_line(seen, lost)
    return Served(
        bind=bind,
        threads=_threads(seen, given, lost),
        keep_alive=_keep_alive(seen, given.get("keepalive"), "keepalive", lost),
        request_line=_number(
            seen, given.get("url_length_limit"), "url_length_limit", _LINE, lost, "of eventlet"
        ),
        header_line=limits,
        log_format=_log_format(seen, given.get("log_format"), _FORMAT, lost),
        timeout=_timeout(seen, given.get("socket_timeout"), lost),
        backlog=backlog,
        shares_port=shares,
        logs=Setting(
            bool(logs) or "log_output" not in given or logs is _UNKNOWN,
            _given_as("log_output", given.get("log_output"), "as by default"),
        ),
        tls=tls,
        lost=lost,
    )


def _lost_by_eventlet(seen: _Seen, given: Mapping[str, ast.expr]) -> Any:
    if seen.value(given.get("debug")) is not False:
        yield "debug", "an answer 500 shows no traceback any more"
    if not _is_none(given.get("log")) and seen.value(given.get("log_output")) is not False:
        shown = _shown(given["log"])
        yield "log", f"`{shown}` gets no lines: the server outside writes its own log"
    yield "environ", "`RAW_PATH_INFO`, `headers_raw` and what begins with `eventlet.` are gone"
    version = seen.value(given.get("max_http_version"))
    if version not in (None, "HTTP/1.1"):
        yield "max_http_version", "the server outside answers by HTTP/1.1"
    if "protocol" in given:
        yield "protocol", "what this class does to requests, do by middleware"
    if not _is_none(given.get("server_event")):
        yield "server_event", "there is no server object to wait for"
    if not _is_none(given.get("minimum_chunk_size")):
        yield "minimum_chunk_size", "each part that the application gives is sent as it is"
    if "log_x_forwarded_for" in given and seen.value(given["log_x_forwarded_for"]) is not False:
        yield "log_x_forwarded_for", "the log has the address of the peer alone"
    if seen.value(given.get("capitalize_response_headers")) is not False and (
        "capitalize_response_headers" in given
    ):
        yield "capitalize_response_headers", "headers are sent as the application spells them"
    if seen.value(given.get("log_output")) is _UNKNOWN:
        yield "log_output", f"`{_shown(given['log_output'])}` cannot be read there: it logs"
    for name in sorted(given.keys() - _serving.KEYWORDS - {"protocol", "server_event"}):
        yield name, "it is not known what this says"


def _threads(seen: _Seen, given: Mapping[str, ast.expr], lost: dict[str, str]) -> Setting:
    pool = given.get("custom_pool")
    if not _is_none(pool):
        call = seen.behind(pool)
        origin = f"`custom_pool={_shown(pool)}`" if pool is not None else ""
        if isinstance(call, ast.Call) and seen.api(call) == _POOL and len(call.args) < 2:
            size = [*call.args, *(k.value for k in call.keywords if k.arg == "size")]
            value = seen.value(size[0]) if size else _POOL_SIZE
            if isinstance(value, int):
                return Setting(value, f"`{_shown(call)}`")
        lost["custom_pool"] = f"its size cannot be read there: {UNSEEN_SIZE} threads, or choose"
        return Setting(UNSEEN_SIZE, origin)
    node = given.get("max_size")
    if _is_none(node):
        return Setting(_serving.DEFAULT_SIZE, "`max_size`, which eventlet takes by default")
    return _number(seen, node, "max_size", UNSEEN_SIZE, lost, "")


def _number(
    seen: _Seen, node: ast.expr | None, name: str, default: int, lost: dict[str, str], whose: str
) -> Setting:
    value = seen.value(node)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return Setting(value, _given_as(name, node, ""))
    if node is not None and value is not None:
        lost[name] = f"`{_shown(node)}` cannot be read there: {default}, or choose"
        return Setting(default, _given_as(name, node, ""))
    return Setting(default, f"`{name}` {whose}, by default".replace("  ", " "))


def _keep_alive(seen: _Seen, node: ast.expr | None, name: str, lost: dict[str, str]) -> Setting:
    value = seen.value(node)
    if node is None or value is True:
        return Setting(None, _given_as(name, node, f"`{name}` is on by default, without a limit"))
    if isinstance(value, (int, float)):
        return Setting(value, _given_as(name, node, ""))
    lost[name] = f"`{_shown(node)}` cannot be read there: connections are kept"
    return Setting(None, _given_as(name, node, ""))


def _timeout(seen: _Seen, node: ast.expr | None, lost: dict[str, str]) -> Setting:
    value = seen.value(node)
    if value is None:
        return Setting(None, _given_as("socket_timeout", node, "no `socket_timeout`"))
    if isinstance(value, (int, float)):
        return Setting(value, _given_as("socket_timeout", node, ""))
    lost["socket_timeout"] = f"`{_shown(node)}` cannot be read there" if node else ""
    return Setting(None, _given_as("socket_timeout", node, ""))


def _log_format(seen: _Seen, node: ast.expr | None, default: str, lost: dict[str, str]) -> Setting:
    value = seen.value(node)
    if isinstance(value, str):
        return Setting(value, "`log_format`")
    if node is not None:
        lost["log_format"] = f"`{_shown(node)}` cannot be read there: the format is the usual"
    return Setting(default, "`log_format`, by default")


def _header_line(seen: _Seen, lost: dict[str, str]) -> Setting:
    """The limit of a header, which is set by assignment for all servers of a process."""
    for use in seen.facts.names.uses:
        statement = use.statement
        if use.api != "eventlet.wsgi.MAX_HEADER_LINE" or not isinstance(statement, ast.Assign):
            continue
        if statement.targets == [use.node]:
            return _number(seen, statement.value, "MAX_HEADER_LINE", _LINE, lost, "of eventlet")
    return Setting(_LINE, "`MAX_HEADER_LINE` of eventlet, by default")


# --- the socket ---------------------------------------------------------------------------------


def _socket(
    seen: _Seen, node: ast.expr | None, lost: dict[str, str]
) -> tuple[Setting, Setting, bool, dict[str, str]]:
    """Address, backlog, whether the port is shared, and TLS. Raises Unseen."""
    if node is None:
        raise Unseen("it gets no socket")
    tls: dict[str, str] = {}
    call = seen.behind(node)
    if isinstance(call, ast.Call) and _calls(seen, call, _WRAP, "wrap_server"):
        wrapped = _bound(call, _WRAP_PARAMETERS)
        tls = _tls(seen, wrapped, lost)
        call = seen.behind(wrapped.get("sock"))
    if isinstance(call, ast.Call) and _calls(seen, call, _LISTEN, "listen", "create_server"):
        given = _bound(call, _LISTEN_PARAMETERS)
        family = _shown(given["family"]) if "family" in given else ""
        bind = _address(seen, given.get("addr"), family)
        backlog = seen.value(given.get("backlog"))
        shared = seen.value(given.get("reuse_port"))
        port = bind.value.rpartition(":")[2]
        return (
            bind,
            Setting(backlog if isinstance(backlog, int) else _BACKLOG, f"of `{_shown(call.func)}`"),
            bool(port not in ("", "0") if shared is None else shared is True)
            and not bind.value.startswith("unix:"),
            tls,
        )
    if tls or seen.facts.search(_TLS):
        raise Unseen("sockets of the file get TLS, and it is not seen what this one gets")
    lost["sock"] = "where it listens, and whether with TLS, is not seen"
    return Setting("", f"`{_shown(node)}`"), Setting(_BACKLOG, "of eventlet"), False, tls


def _calls(seen: _Seen, call: ast.Call, api: str, *native: str) -> bool:
    """Whether a call is one of eventlet, or of what a run before has put in its place."""
    function = call.func
    name = getattr(function, "attr", getattr(function, "id", ""))
    return seen.api(call) == api or (not seen.api(call) and name in native and bool(call.args))


def _bound(call: ast.Call, parameters: tuple[str, ...]) -> dict[str, ast.expr]:
    given = dict(zip(parameters, call.args, strict=False))
    if len(call.args) > len(parameters) or any(isinstance(a, ast.Starred) for a in call.args):
        raise Unseen(f"not all arguments of `{_shown(call.func)}` can be seen")
    for item in call.keywords:
        if item.arg is None:
            raise Unseen(f"not all arguments of `{_shown(call.func)}` can be seen")
        given[item.arg] = item.value
    return given


def _address(seen: _Seen, node: ast.expr | None, family: str) -> Setting:
    origin = f"`{_shown(node)}`" if node is not None else "its socket"
    value = seen.value(node)
    if isinstance(value, str) and family.endswith("AF_UNIX"):
        return Setting(f"unix:{value}", origin)
    target = seen.behind(node)
    if isinstance(target, ast.Tuple) and len(target.elts) >= 2:
        host, port = (seen.value(item) for item in target.elts[:2])
        if isinstance(host, str) and isinstance(port, int):
            return Setting(_host_and_port(host, port, family), origin)
    return Setting("", origin)


def _host_and_port(host: str, port: int, family: str) -> str:
    host = host or ("::" if family.endswith("AF_INET6") else "0.0.0.0")
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _tls(seen: _Seen, given: Mapping[str, ast.expr], lost: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, node in given.items():
        if name in ("certfile", "keyfile", "ciphers"):
            value = seen.value(node)
            if value is None:
                continue
            if not isinstance(value, str):
                raise Unseen(f"its TLS cannot be written out: `{name}={_shown(node)}`")
            found[name] = value
        elif name not in ("sock", "server_side", "do_handshake_on_connect"):
            lost[name] = "decide: `wrap_ssl` did not act on it"
    if "certfile" not in found:
        raise Unseen("its certificate cannot be seen")
    return found


# --- oslo.service's server ----------------------------------------------------------------------


def _of_oslo(seen: _Seen, given: Mapping[str, ast.expr]) -> Served:
    secured = seen.value(given.get("use_ssl"))
    if secured not in (None, False):
        raise Unseen(f"its TLS comes from options: `use_ssl={_shown(given['use_ssl'])}`")
    lost = {"environ": "`RAW_PATH_INFO`, `headers_raw` and what begins with `eventlet.` are gone"}
    lost["logger_name"] = "its logger gets no lines: the server outside writes its own log"
    if not _is_none(given.get("socket_mode")):
        lost["socket_mode"] = "set the rights of the socket by the settings of the server outside"
    if "protocol" in given:
        lost["protocol"] = "what this class does to requests, do by middleware"
    for name in ("wsgi_log_format", "tcp_keepidle", "wsgi_server_debug", *_OPTIONS):
        lost[name] = "the option is not read any more; its default is written out"
    lost["tcp_keepidle"] = "the option is not read any more, and has no counterpart"
    size = given.get("pool_size")
    backlog = seen.value(given.get("backlog"))
    return Served(
        bind=_oslo_address(seen, given),
        threads=_number(seen, size, "pool_size", UNSEEN_SIZE, lost, "")
        if not _is_none(size)
        else Setting(_OPTIONS["wsgi_default_pool_size"], "`wsgi_default_pool_size`, by default"),
        keep_alive=Setting(None, "`wsgi_keep_alive`, by default"),
        request_line=_number(
            seen, given.get("max_url_len"), "max_url_len", _LINE, lost, "of eventlet"
        ),
        header_line=Setting(_OPTIONS["max_header_line"], "`max_header_line`, by default"),
        log_format=Setting(_OSLO_FORMAT, "`wsgi_log_format`, by default"),
        timeout=Setting(_OPTIONS["client_socket_timeout"], "`client_socket_timeout`, by default"),
        backlog=Setting(
            backlog if isinstance(backlog, int) else _OSLO_BACKLOG, "of `oslo_service.wsgi.Server`"
        ),
        logs=Setting(True, "as by default"),
        lost=lost,
    )


def _oslo_address(seen: _Seen, given: Mapping[str, ast.expr]) -> Setting:
    if not _is_none(given.get("socket_file")):
        path = seen.value(given["socket_file"])
        shown = f"`socket_file={_shown(given['socket_file'])}`"
        return Setting(f"unix:{path}" if isinstance(path, str) else "", shown)
    host, port = given.get("host"), given.get("port")
    shown = f"`{_shown(host) if host else '0.0.0.0'}`, `{_shown(port) if port else 0}`"
    where = seen.value(host) if host is not None else "0.0.0.0"
    number = seen.value(port) if port is not None else 0
    if isinstance(where, str) and isinstance(number, int) and number:
        return Setting(_host_and_port(where, number, ""), shown)
    return Setting("", shown)
