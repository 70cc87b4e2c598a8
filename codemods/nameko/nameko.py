"""What a service takes from nameko is reported, with what does the same on threads.

Nameko runs on eventlet, and there is no other way to run it: nothing here is rewritten. Code of the
service that uses eventlet itself is for the built-in rules.

    eventlet-codemod scan -v --codemod nameko
"""

from eventlet_codemod import Leave, Rule

WHY = "nameko runs each of its workers in a green thread, and has no other way"

#: Alias, code, what the names are, the names by module, and what to do.
PARTS = [
    (
        "nameko-messages",
        "NAMEKO001",
        "an entrypoint that nameko calls with a message",
        {
            "nameko.rpc": ("rpc", "Rpc"),
            "nameko.events": ("event_handler", "EventHandler"),
            "nameko.messaging": ("consume", "Consumer"),
        },
        "let a kombu `ConsumerMixin` receive in a thread and hand each message to a "
        "`ThreadPoolExecutor` of max_workers threads, and acknowledge when the work is done; "
        "prefetch_count is max_workers. For calls that need no answer a Celery task with "
        "`--pool threads` does",
    ),
    (
        "nameko-web",
        "NAMEKO002",
        "an entrypoint of nameko's web server",
        {
            "nameko.web.handlers": ("http", "HttpRequestHandler"),
            "nameko.web.server": ("WebServer",),
            "nameko.web.websocket": (
                *("rpc", "WebSocketRpc", "WebSocketHub", "WebSocketHubProvider", "WebSocketServer"),
            ),
        },
        "the handler already takes a Werkzeug request and gives a response: put it under a "
        "`werkzeug.routing.Map` or in a Flask application, and serve that with "
        "`gunicorn --worker-class gthread --threads N`. WebSocket is `simple-websocket` there",
    ),
    (
        "nameko-timer",
        "NAMEKO003",
        "an entrypoint that nameko's timer calls",
        {"nameko.timer": ("timer", "Timer")},
        "loop in a daemon thread, `while not stopped.wait(interval): work()`, with a "
        "threading.Event that the shutdown sets; or a scheduler of the deployment",
    ),
    (
        "nameko-dependency",
        "NAMEKO004",
        "a dependency that nameko's container makes and injects",
        {
            "nameko.rpc": ("RpcProxy", "ServiceRpc", "ClusterRpc"),
            "nameko.events": ("EventDispatcher",),
            "nameko.messaging": ("Publisher",),
            "nameko.dependency_providers": ("Config",),
            "nameko.contextdata": (
                *("ContextDataProvider", "Language", "UserId", "UserAgent", "AuthToken"),
            ),
            "nameko.extensions": (
                *("DependencyProvider", "SharedExtension", "Extension", "Entrypoint"),
                "ProviderCollector",
            ),
        },
        "make it an object that the service is given: what `setup` and `start` do goes into its "
        "construction after the fork, what `stop` does into `close()`, and what `get_dependency` "
        "gives is made for each call. Calls and events of other services: "
        "`nameko.standalone.rpc.ClusterRpcProxy` and `nameko.standalone.events.event_dispatcher` "
        "work in plain threads, one for each",
    ),
    (
        "nameko-runner",
        "NAMEKO005",
        "what runs nameko's services",
        {
            "nameko.runners": ("ServiceRunner", "run_services"),
            "nameko.containers": ("ServiceContainer", "get_container_cls", "get_service_name"),
            "nameko.cli.run": ("run", "main", "start_backdoor", "setup_backdoor"),
        },
        "start the threads of each service from a main() of your own, wait for a signal with a "
        "threading.Event, and stop them in reverse order",
    ),
    (
        "nameko-concurrency",
        "NAMEKO006",
        "a helper of nameko's for green threads",
        {"nameko.utils.concurrency": ("fail_fast_imap", "SpawningProxy", "SpawningSet")},
        "`ThreadPoolExecutor.map` gives results in order and raises the first error; cancel the "
        "Futures that are left",
    ),
]

TESTS = (
    "nameko-tests",
    "NAMEKO007",
    "a helper of nameko's for tests",
    {
        "nameko.testing.services": (
            *("dummy", "once", "worker_factory", "replace_dependencies", "restrict_entrypoints"),
            *("entrypoint_hook", "entrypoint_waiter"),
        ),
        "nameko.testing.utils": ("get_extension", "get_container"),
    },
    "call the method of the service with dependencies that the test gives it: nothing runs beside "
    "it then",
)


def leave(what, advice, step=None):
    """A rule's decision, the same for all of its names."""

    def match(use, facts, settings):
        return Leave(
            message=f"{use.api.rpartition('.')[2]} is {what}", why=WHY, advice=advice, step=step
        )

    return match


def rule_of(part, step=None):
    """The rule for some names."""
    alias, code, what, names, advice = part
    return Rule(
        code=code,
        alias=alias,
        family="nameko",
        step=2,
        summary=f"{what} is reported",
        apis=frozenset(f"{module}.{name}" for module in names for name in names[module]),
        match=leave(what, advice, step),
        before="",
        after="",
    )


# What only tests use stands before the end of eventlet's installation, and before nothing else.
rules = [*map(rule_of, PARTS), rule_of(TESTS, step=4)]
