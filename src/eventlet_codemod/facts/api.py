"""What eventlet calls its things: public names, their one canonical spelling, green modules.

Data only. Names are canonical when they are spelled through the module that defines them:
``eventlet.sleep`` is ``eventlet.greenthread.sleep``.
"""

from __future__ import annotations

import re

#: Names that ``import eventlet`` offers directly, and where each is defined.
TOP_LEVEL = {
    "BoundedSemaphore": "eventlet.semaphore.BoundedSemaphore",
    "CappedSemaphore": "eventlet.semaphore.CappedSemaphore",
    "Event": "eventlet.event.Event",
    "GreenPile": "eventlet.greenpool.GreenPile",
    "GreenPool": "eventlet.greenpool.GreenPool",
    "Queue": "eventlet.queue.Queue",
    "Semaphore": "eventlet.semaphore.Semaphore",
    "StopServe": "eventlet.convenience.StopServe",
    "Timeout": "eventlet.timeout.Timeout",
    "TimeoutError": "eventlet.timeout.Timeout",
    "call_after_global": "eventlet.greenthread.call_after_global",
    "connect": "eventlet.convenience.connect",
    "exc_after": "eventlet.greenthread.exc_after",
    "getcurrent": "greenlet.getcurrent",
    "import_patched": "eventlet.patcher.import_patched",
    "is_timeout": "eventlet.timeout.is_timeout",
    "kill": "eventlet.greenthread.kill",
    "listen": "eventlet.convenience.listen",
    "monkey_patch": "eventlet.patcher.monkey_patch",
    "serve": "eventlet.convenience.serve",
    "sleep": "eventlet.greenthread.sleep",
    "spawn": "eventlet.greenthread.spawn",
    "spawn_after": "eventlet.greenthread.spawn_after",
    "spawn_n": "eventlet.greenthread.spawn_n",
    "with_timeout": "eventlet.timeout.with_timeout",
    "wrap_is_timeout": "eventlet.timeout.wrap_is_timeout",
    "wrap_ssl": "eventlet.convenience.wrap_ssl",
}

#: Submodules of eventlet, with those that old releases had.
SUBMODULES = frozenset(
    [
        "api",
        "asyncio",
        "backdoor",
        "convenience",
        "corolocal",
        "coros",
        "dagpool",
        "db_pool",
        "debug",
        "event",
        "green",
        "greenio",
        "greenlet",
        "greenpool",
        "greenthread",
        "hubs",
        "lock",
        "patcher",
        "pool",
        "pools",
        "proc",
        "processes",
        "queue",
        "semaphore",
        "support",
        "timeout",
        "tpool",
        "util",
        "websocket",
        "wsgi",
        "zipkin",
    ]
)

PUBLIC_NAMES = SUBMODULES | TOP_LEVEL.keys()

#: Words of environ keys and logger names that live under "eventlet." without being importable.
STRING_NAMES = frozenset(
    ["posthooks", "input", "minimum_write_chunk_size", "set_idle", "common", "monkey_patch"]
)

#: Submodules that people import by their last name, and the names that make a dotted string a
#: mock target rather than a project's own module: ``"pkg.mod.greenthread.sleep"``.
WELL_KNOWN = {
    "greenthread": "sleep spawn spawn_n spawn_after spawn_after_local getcurrent kill "
    "GreenThread call_after_global",
    "greenpool": "GreenPool GreenPile",
    "tpool": "execute Proxy killall set_num_threads",
    "corolocal": "local get_ident",
    "greenio": "GreenPipe GreenSocket shutdown_safe",
    "eventletutils": "Event EventletEvent is_monkey_patched warn_eventlet_not_patched "
    "fetch_current_thread_functor",
    "eventlet_backdoor": "initialize_if_enabled register_opts",
}

#: Those of them that are modules of other packages.
_ELSEWHERE = {"eventletutils": "oslo_utils", "eventlet_backdoor": "oslo_service"}

#: Green module (below ``eventlet.green``) to the module it greens.
GREEN_MODULES = {
    "BaseHTTPServer": "http.server",
    "CGIHTTPServer": "http.server",
    "MySQLdb": "MySQLdb",
    "OpenSSL": "OpenSSL",
    "OpenSSL.SSL": "OpenSSL.SSL",
    "OpenSSL.crypto": "OpenSSL.crypto",
    "OpenSSL.rand": "OpenSSL.rand",
    "OpenSSL.tsafe": "OpenSSL.tsafe",
    "OpenSSL.version": "OpenSSL.version",
    "Queue": "queue",
    "SimpleHTTPServer": "http.server",
    "SocketServer": "socketserver",
    "_socket_nodns": "socket",
    "asynchat": "asynchat",
    "asyncore": "asyncore",
    "builtin": "builtins",
    "ftplib": "ftplib",
    "http": "http",
    "http.client": "http.client",
    "http.cookiejar": "http.cookiejar",
    "http.cookies": "http.cookies",
    "http.server": "http.server",
    "httplib": "http.client",
    "os": "os",
    "profile": "cProfile",
    "select": "select",
    "selectors": "selectors",
    "socket": "socket",
    "ssl": "ssl",
    "subprocess": "subprocess",
    "thread": "_thread",
    "threading": "threading",
    "time": "time",
    "urllib": "urllib",
    "urllib.error": "urllib.error",
    "urllib.parse": "urllib.parse",
    "urllib.request": "urllib.request",
    "urllib.response": "urllib.response",
    "urllib2": "urllib.request",
    "zmq": "zmq",
}

#: What a green module has and the plain one has not: a use beside the import that it goes through.
GREEN_ONLY = frozenset({"eventlet.green.ssl.wrap_socket"})

_PREFIXES = (
    ("eventlet.green.time.sleep", "eventlet.greenthread.sleep"),
    ("eventlet.greenthread.getcurrent", "greenlet.getcurrent"),
    ("eventlet.greenthread.greenlet", "greenlet"),
    ("eventlet.support.greenlets", "greenlet"),
    ("eventlet.hubs.greenlet", "greenlet"),
    ("eventlet.greenlet", "greenlet"),
    ("eventlet.greenio.base", "eventlet.greenio"),
    ("eventlet.greenio.py3", "eventlet.greenio"),
    ("greenlet.greenlet.getcurrent", "greenlet.getcurrent"),
    ("eventlet.queue.Empty", "queue.Empty"),
    ("eventlet.queue.Full", "queue.Full"),
)


def canonical(path: str) -> str:
    """The one spelling of a dotted name of eventlet; anything else is returned as it is."""
    head, _, rest = path.partition(".")
    if head == "eventlet" and rest:
        first, _, tail = rest.partition(".")
        if first in TOP_LEVEL:
            path = TOP_LEVEL[first] + (f".{tail}" if tail else "")
    for prefix, replacement in _PREFIXES:
        if path == prefix or path.startswith(prefix + "."):
            path = replacement + path[len(prefix) :]
    return _KEPT.get(path, path)


#: The exception classes are the stdlib's own; their use through eventlet is still a use.
_KEPT = {"queue.Empty": "eventlet.queue.Empty", "queue.Full": "eventlet.queue.Full"}


#: Modules of oslo's libraries that are about eventlet: most cannot be imported without it.
_OF_OSLO = re.compile(
    r"(?:oslo_utils\.eventletutils|oslo_service\.(?:eventlet_backdoor|fixture|wsgi))\b"
)

TIMEOUT = "eventlet.timeout.Timeout"
#: What a class of the project counts as that derives from `TIMEOUT`: not of eventlet, but it fires.
OWN_TIMEOUT = f"{TIMEOUT}.subclass"

#: An executor of futurist that is green when it is told to.
MAYBE_GREEN = "futurist.SynchronousExecutor"

#: What oslo.service has in another form when its threading backend is chosen.
BY_BACKEND = frozenset(
    {
        "oslo_service.service.ProcessLauncher",
        "oslo_service.service.ServiceLauncher",
        "oslo_service.service.launch",
        "oslo_service.threadgroup.ThreadGroup",
    }
)


def is_eventlet(path: str) -> bool:
    """Whether a resolved dotted name belongs to eventlet, greenlet or their green relatives."""
    head, _, rest = path.partition(".")
    return (
        head in ("eventlet", "greenlet")
        or _OF_OSLO.match(path) is not None
        or (head == "futurist" and rest.startswith("Green"))
    )


def leads_to_backend(path: str) -> bool:
    """Whether an import binds one of `BY_BACKEND`, or what it is reached through."""
    return any(f"{name}.".startswith(f"{path}.") for name in BY_BACKEND | SERVICES)


#: Classes of oslo.service that those of a project's services derive from.
SERVICES = frozenset({"oslo_service.service.Service", "oslo_service.service.ServiceBase"})


#: What tests patch of the module that oslo.service has for eventlet's WSGI server.
_OSLO_WSGI = re.compile(
    r"oslo_service\.wsgi\.(?:Loader|Request|Router|Server|list_opts|register_opts)(?:\.\w+)?"
)

_DOTTED = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(=\w+)?")
_MODE_WORDS = frozenset({"eventlet", "greenthreaded", "greenlet", "heartbeat_in_pthread"})


def string_api(value: str) -> str | None:
    """The eventlet name that a string literal spells, if it is a path, a key or a mode word.

    ``"eventlet.sleep"`` and ``"pkg.mod.eventlet.sleep"`` (mock targets), ``"eventlet.posthooks"``,
    ``"eventlet.wsgi.server=WARN"``, ``"eventlet"`` itself; never prose, and never a project's own
    module that happens to be called eventlet (``"neutron.cmd.eventlet.agents"``).
    """
    if _OSLO_WSGI.fullmatch(value):
        return value
    match = _DOTTED.fullmatch(value)
    if match is None:
        return None
    segments = match[1].split(".")
    if len(segments) == 1:
        return segments[0] if segments[0] in _MODE_WORDS else None
    for index, segment in enumerate(segments):
        rest = segments[index + 1 :]
        if segment == "futurist" and rest and rest[0].startswith("Green"):
            return ".".join(segments[index:])
        if segment in ("eventlet", "greenlet"):
            if index == 0 or not rest or rest[0] in PUBLIC_NAMES | STRING_NAMES:
                return canonical(".".join(segments[index:]))
        elif segment in WELL_KNOWN and rest and rest[0] in WELL_KNOWN[segment].split():
            package = _ELSEWHERE.get(segment, "eventlet")
            return canonical(".".join([package, *segments[index:]]))
    return None


_MODULE_NAMES = {
    "eventlet.green": frozenset(name for name in GREEN_MODULES if "." not in name),
    "eventlet.greenthread": frozenset(WELL_KNOWN["greenthread"].split()),
    "eventlet.greenpool": frozenset({"GreenPool", "GreenPile"}),
    "eventlet.queue": frozenset(
        ["Queue", "LightQueue", "PriorityQueue", "LifoQueue", "Empty", "Full", "Waiter"]
    ),
    "eventlet.semaphore": frozenset({"Semaphore", "BoundedSemaphore", "CappedSemaphore"}),
    "eventlet.event": frozenset({"Event"}),
    "eventlet.timeout": frozenset({"Timeout", "with_timeout"}),
    "eventlet.tpool": frozenset(WELL_KNOWN["tpool"].split()),
    "eventlet.corolocal": frozenset({"local", "get_ident"}),
    "futurist": frozenset({"GreenFuture", "GreenThreadPoolExecutor"}),
    "greenlet": frozenset({"greenlet", "getcurrent", "GreenletExit"}),
}


def names_of(module: str) -> frozenset[str]:
    """What ``from module import *`` brings in of eventlet."""
    return PUBLIC_NAMES if module == "eventlet" else _MODULE_NAMES.get(module, frozenset())


def module_path(name: str) -> str:
    """The full dotted name of a well-known submodule."""
    return f"{_ELSEWHERE.get(name, 'eventlet')}.{name}"
