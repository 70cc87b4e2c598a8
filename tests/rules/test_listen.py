from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

HELPERS = {"helpers": "pkg.concurrency"}
ACCEPTS = ("C-SOCK",)

CASES = [
    noop(
        "a socket's own listen",
        """
        import socket
        import eventlet.event

        sock = socket.socket()
        sock.listen(5)
        """,
    ),
    noop(
        "a listen of the project",
        """
        import eventlet.event
        from pkg.net import listen

        sock = listen(("", 80))
        """,
    ),
    manual(
        "the port is computed",
        """
        import eventlet


        def bind(next_port):
            return eventlet.listen(("", next_port()))
        """,
        says="its port is computed in the call",
    ),
    manual(
        "the address is computed",
        """
        import eventlet


        def bind(address):
            return eventlet.listen(address(), backlog=5)
        """,
        says="its address is computed in the call",
    ),
    manual(
        "no port",
        """
        import eventlet


        def bind(given):
            return eventlet.listen((*given, 80))
        """,
        says="its port is not written out",
    ),
    manual(
        "the family is computed",
        """
        import eventlet


        def bind(host, family_of):
            return eventlet.listen((host, 80), family_of(host))
        """,
        says="its family is computed in the call",
    ),
    manual(
        "whether it is shared is a setting",
        """
        import eventlet


        def bind(port, shared):
            return eventlet.listen(("", port), reuse_port=shared)
        """,
        says="whether the port is shared is not written out",
    ),
    manual(
        "its arguments cannot be seen",
        """
        import eventlet


        def bind(given):
            return eventlet.listen(("", 80), **given)
        """,
        says="arguments can be seen",
    ),
    manual(
        "no address",
        """
        import eventlet


        def bind():
            return eventlet.listen(backlog=5)
        """,
        says="arguments can be seen",
    ),
    manual(
        "a path that is shared",
        """
        import socket
        import eventlet


        def bind(path):
            return eventlet.listen(path, family=socket.AF_UNIX, reuse_port=True)
        """,
        says="with a path",
    ),
    manual(
        "a setting says whether its address may be taken again",
        """
        import eventlet


        def bind(again):
            return eventlet.listen(("", 8080), reuse_addr=again)
        """,
        says="to be taken again",
    ),
    manual(
        "a port that is not to be taken again",
        """
        import eventlet

        sock = eventlet.listen(("", 8080), reuse_addr=False)
        """,
        says="to be taken again",
    ),
    manual(
        "it is passed on",
        """
        import eventlet


        def bind(call):
            return call(eventlet.listen)
        """,
        says="it is not called",
    ),
    manual(
        "the name may be another's",
        """
        try:
            from eventlet import listen
        except ImportError:
            from pkg.net import listen

        sock = listen(("", 80))
        """,
        says="may not be eventlet's",
        **HELPERS,
    ),
    fixes(
        "a fixed port is shared",
        """
        import eventlet


        def bind():
            return eventlet.listen(("", 8080))
        """,
        """
        import socket


        def bind():
            return socket.create_server(("", 8080), backlog=50, reuse_port=True)
        """,
        checks=ACCEPTS,
    ),
    fixes(
        "a random port is not",
        """
        from eventlet import listen


        def bind(host):
            return listen((host, 0), backlog=128)
        """,
        """
        import socket


        def bind(host):
            return socket.create_server((host, 0), backlog=128)
        """,
        checks=ACCEPTS,
    ),
    fixes(
        "a fixed port that is not shared",
        """
        import socket

        import eventlet


        def bind():
            return eventlet.listen(("", 8080), family=socket.AF_INET, reuse_port=False)
        """,
        """
        import socket


        def bind():
            return socket.create_server(("", 8080), family=socket.AF_INET, backlog=50)
        """,
        checks=ACCEPTS,
    ),
    fixes(
        "the port is a setting",
        """
        import eventlet


        def bind(conf, port):
            one = eventlet.listen((conf.host, conf.ports["web"]), backlog=conf.backlog)
            return one, eventlet.listen(("", int(port)))
        """,
        """
        import socket


        def bind(conf, port):
            one = socket.create_server(
                (conf.host, conf.ports["web"]),
                backlog=conf.backlog,
                reuse_port=conf.ports["web"] != 0,
            )
            return one, socket.create_server(
                ("", int(port)), backlog=50, reuse_port=int(port) != 0
            )
        """,
        checks=ACCEPTS,
    ),
    fixes(
        "the address is a variable",
        """
        import eventlet


        def bind(address):
            return eventlet.listen(address, backlog=5)
        """,
        """
        import socket


        def bind(address):
            return socket.create_server(address, backlog=5, reuse_port=address[1] != 0)
        """,
        checks=ACCEPTS,
    ),
    fixes(
        "the family by its position",
        """
        import socket
        from eventlet import listen

        sock = listen(("", 8080), socket.AF_INET, 5, True, None)
        """,
        """
        import socket

        sock = socket.create_server(
            ("", 8080), family=socket.AF_INET, backlog=5, reuse_port=True
        )
        """,
        checks=ACCEPTS,
    ),
    fixes(
        "IPv6",
        """
        import socket
        from eventlet import listen

        here = listen(("::1", 8080), family=socket.AF_INET6)
        everywhere = listen(("::", 0), family=socket.AF_INET6)
        """,
        """
        import socket

        here = socket.create_server(
            ("::1", 8080), family=socket.AF_INET6, backlog=50, reuse_port=True
        )
        everywhere = socket.create_server(
            ("::", 0), family=socket.AF_INET6, backlog=50, dualstack_ipv6=True
        )
        """,
        checks=ACCEPTS,
    ),
    fixes(
        "a path",
        """
        import socket
        import eventlet


        def bind(make_path, backlog):
            return eventlet.listen(make_path(), family=socket.AF_UNIX, backlog=backlog)
        """,
        """
        import socket


        def bind(make_path, backlog):
            return socket.create_server(
                make_path(), family=socket.AF_UNIX, backlog=backlog
            )
        """,
        checks=ACCEPTS,
    ),
    fixes(
        "what getaddrinfo found",
        """
        from eventlet.green import socket
        import eventlet


        def bind(host, port, backlog):
            info = socket.getaddrinfo(host, port, socket.AF_UNSPEC,
                                      socket.SOCK_STREAM)[0]
            family = info[0]
            try:
                return eventlet.listen(info[-1], family, backlog=backlog)
            except OSError:
                return eventlet.listen(info[4], family=info[0])
        """,
        """
        import socket


        def bind(host, port, backlog):
            info = socket.getaddrinfo(host, port, socket.AF_UNSPEC,
                                      socket.SOCK_STREAM)[0]
            family = info[0]
            try:
                return socket.create_server(
                    info[-1],
                    family=family,
                    backlog=backlog,
                    reuse_port=info[-1][1] != 0,
                    dualstack_ipv6=family == socket.AF_INET6,
                )
            except OSError:
                return socket.create_server(
                    info[4],
                    family=info[0],
                    backlog=50,
                    reuse_port=info[4][1] != 0,
                    dualstack_ipv6=info[0] == socket.AF_INET6,
                )
        """,
        checks=ACCEPTS,
    ),
    fixes(
        "the helper takes the same arguments",
        """
        import eventlet


        def bind(conf, address, family):
            return eventlet.listen(address,
                                   backlog=conf.backlog,
                                   family=family)
        """,
        """
        from pkg import concurrency


        def bind(conf, address, family):
            return concurrency.listen(address,
                                      backlog=conf.backlog,
                                      family=family)
        """,
        checks=ACCEPTS,
        **HELPERS,
    ),
    fixes(
        "the helper is passed on",
        """
        import eventlet


        def bind(call):
            return call(eventlet.listen, ("", 80))
        """,
        """
        from pkg import concurrency


        def bind(call):
            return call(concurrency.listen, ("", 80))
        """,
        checks=ACCEPTS,
        **HELPERS,
    ),
    fixes(
        "the server gets it",
        """
        import eventlet
        from eventlet import wsgi


        def serve(app):
            wsgi.server(eventlet.listen(("", 8090)), app)
        """,
        """
        from pkg import concurrency


        def serve(app):
            concurrency.wsgi_server(concurrency.listen(("", 8090)), app)
        """,
        **HELPERS,
    ),
    fixes(
        "a server that stays gets it",
        """
        import eventlet
        from eventlet import wsgi


        def serve(app):
            wsgi.server(eventlet.listen(("", 8090)), app)
        """,
        """
        import socket

        from eventlet import wsgi


        def serve(app):
            wsgi.server(socket.create_server(
                ("", 8090), backlog=50, reuse_port=True
            ), app)
        """,
        checks=ACCEPTS,
        left=1,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_listen(case: Case) -> None:
    check(case, "listen")
