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
        "the port is a setting",
        """
        import eventlet


        def bind(port):
            return eventlet.listen(("", port))
        """,
        says="its port is not written out",
    ),
    manual(
        "the address is a variable",
        """
        import eventlet


        def bind(address):
            return eventlet.listen(address, backlog=5)
        """,
        says="its port is not written out",
    ),
    manual(
        "another family",
        """
        import socket
        from eventlet import listen

        sock = listen(("::", 8080), family=socket.AF_INET6)
        """,
        says="its family may be another",
    ),
    manual(
        "the family by its position",
        """
        import socket
        from eventlet import listen

        sock = listen(("", 8080), socket.AF_INET)
        """,
        says="not only an address",
    ),
    manual(
        "a port that is not to be taken again",
        """
        import eventlet

        sock = eventlet.listen(("", 8080), reuse_addr=False)
        """,
        says="not only an address",
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
