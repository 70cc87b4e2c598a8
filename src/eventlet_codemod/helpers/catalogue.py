"""What helpers there are."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Helper:
    """One helper, and what a project has to know of it."""

    name: str
    module: str  # the file of this package that defines it
    summary: str
    replaces: str  # the API of eventlet, by its canonical name
    requires: tuple[str, ...] = ()  # other helpers


#: The helpers that a project can have, in the order of a generated module.
HELPERS: Mapping[str, Helper] = MappingProxyType(
    {
        helper.name: helper
        for helper in (
            Helper(
                "spawn",
                "spawn",
                "a call in a daemon thread of its own, with a future",
                "eventlet.spawn",
            ),
            Helper(
                "call_later",
                "call_later",
                "a delayed call that can be cancelled",
                "eventlet.spawn_after",
            ),
            Helper(
                "log_failure",
                "log_failure",
                "shows the error that a future ended with",
                "the tracebacks that eventlet's hub prints",
            ),
            Helper(
                "BlockingPool",
                "blocking_pool",
                "a bounded number of tasks; starting one more blocks",
                "eventlet.GreenPool",
                ("log_failure", "spawn"),
            ),
            Helper(
                "LinkedThreadGroup",
                "linked_threads",
                "threads and timers; what a thread calls when it ends",
                "oslo_service.threadgroup.ThreadGroup",
                ("BlockingPool", "log_failure", "spawn"),
            ),
            Helper(
                "imap_bounded",
                "imap_bounded",
                "a map over an executor that reads ahead only so far",
                "eventlet.GreenPool.imap",
            ),
            Helper(
                "Channel",
                "channel",
                "a queue whose put returns when the item is taken",
                "eventlet.queue.Queue(0)",
            ),
            Helper(
                "OneShot",
                "one_shot",
                "an event that carries a value or an exception",
                "eventlet.event.Event",
            ),
            Helper(
                "CappedSemaphore",
                "capped_semaphore",
                "a semaphore whose release blocks at a limit",
                "eventlet.semaphore.CappedSemaphore",
            ),
            Helper(
                "ResourcePool",
                "resource_pool",
                "a pool of reusable objects, made when needed",
                "eventlet.pools.Pool",
            ),
            Helper(
                "TokenPool",
                "token_pool",
                "a pool of tokens that limit what goes on at a time",
                "eventlet.pools.TokenPool",
                ("ResourcePool",),
            ),
            Helper(
                "connect",
                "connect",
                "a socket that is connected to an address",
                "eventlet.connect",
            ),
            Helper(
                "wrap_ssl",
                "wrap_ssl",
                "TLS over a socket, for clients that verify nothing",
                "eventlet.wrap_ssl",
            ),
            Helper(
                "cooperative_yield",
                "cooperative_yield",
                "lets other green threads run, as long as there are any",
                "eventlet.sleep(0)",
            ),
            Helper(
                "tpool_execute",
                "tpool_execute",
                "a call that must not block the hub, as long as there is one",
                "eventlet.tpool.execute",
            ),
            Helper(
                "tpool_wrap",
                "tpool_wrap",
                "an object whose methods must not block the hub",
                "eventlet.tpool.Proxy",
            ),
            Helper(
                "listen",
                "listen",
                "a socket that listens, which other processes may share",
                "eventlet.listen",
            ),
            Helper(
                "wrap_server",
                "wrap_server",
                "the socket of a server, wrapped for TLS",
                "eventlet.wrap_ssl",
            ),
            Helper(
                "StopServe",
                "stop_serve",
                "the exception by which a handler ends `serve`",
                "eventlet.StopServe",
            ),
            Helper(
                "serve",
                "serve",
                "an accept loop with a thread for each connection",
                "eventlet.serve",
                ("StopServe",),
            ),
            Helper(
                "ServeThread",
                "serve_thread",
                "an accept loop in a thread, until it is stopped",
                "eventlet.spawn(eventlet.serve)",
                ("StopServe", "serve"),
            ),
            Helper(
                "WSGIServer",
                "cheroot_server",
                "a WSGI server on cheroot, for a socket that listens already",
                "the server behind eventlet.wsgi.server",
            ),
            Helper(
                "wsgi_server",
                "wsgi_server",
                "serves a WSGI application until its socket is closed",
                "eventlet.wsgi.server",
                ("WSGIServer",),
            ),
            Helper(
                "WSGIThread",
                "wsgi_thread",
                "serves a WSGI application in a thread, until it is stopped",
                "eventlet.spawn(eventlet.wsgi.server)",
                ("WSGIServer",),
            ),
            Helper(
                "register_wsgi_opts",
                "wsgi_options",
                "the options of a WSGI server, for oslo.config",
                "oslo_service.wsgi.register_opts",
            ),
            Helper(
                "ConfiguredWSGIServer",
                "configured_server",
                "a WSGI server whose settings are options of oslo.config",
                "oslo_service.wsgi.Server",
                ("WSGIServer", "listen", "register_wsgi_opts"),
            ),
            Helper(
                "PasteLoader",
                "paste_loader",
                "loads WSGI applications from a file of Paste",
                "oslo_service.wsgi.Loader",
                ("register_wsgi_opts",),
            ),
            Helper(
                "WSGIRouter",
                "wsgi_router",
                "hands requests to the WSGI applications of routes",
                "oslo_service.wsgi.Router",
            ),
        )
    }
)
