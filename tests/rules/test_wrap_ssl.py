from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

HELPERS = {"helpers": "pkg.concurrency"}

CASES = [
    noop(
        "ssl's own",
        """
        import ssl
        import eventlet.event

        sock = ssl.wrap_socket(sock, server_side=True)
        """,
        **HELPERS,
    ),
    manual(
        "no helpers",
        """
        import eventlet

        made = eventlet.wrap_ssl(sock, certfile="c", server_side=True)
        """,
        says="`helpers` names no module",
    ),
    manual(
        "a client",
        """
        import eventlet

        made = eventlet.wrap_ssl(sock)
        """,
        says="not certain that this is a server",
    ),
    manual(
        "a side that is a variable",
        """
        import eventlet

        made = eventlet.wrap_ssl(sock, server_side=side)
        """,
        says="not certain that this is a server",
        **HELPERS,
    ),
    manual(
        "clients are to be verified",
        """
        import eventlet

        made = eventlet.wrap_ssl(sock, certfile="c", server_side=True, cert_reqs=2)
        """,
        says="`cert_reqs` is given",
        **HELPERS,
    ),
    manual(
        "authorities",
        """
        import eventlet

        made = eventlet.wrap_ssl(sock, certfile="c", server_side=True, ca_certs="ca")
        """,
        says="`ca_certs` is given",
        **HELPERS,
    ),
    manual(
        "a version",
        """
        import eventlet

        made = eventlet.wrap_ssl(sock, certfile="c", server_side=True, ssl_version=2)
        """,
        says="`ssl_version` is given",
        **HELPERS,
    ),
    manual(
        "hidden keywords",
        """
        import eventlet

        made = eventlet.wrap_ssl(sock, server_side=True, **options)
        """,
        says="not all of its arguments",
        **HELPERS,
    ),
    manual(
        "hidden arguments",
        """
        import eventlet

        made = eventlet.wrap_ssl(*given, server_side=True)
        """,
        says="not all of its arguments",
        **HELPERS,
    ),
    manual(
        "passed on",
        """
        import eventlet

        made = print(eventlet.wrap_ssl)
        """,
        says="it is not called",
        **HELPERS,
    ),
    fixes(
        "a certificate",
        """
        import eventlet


        def bind(sock, at, c, k):
            return eventlet.wrap_ssl(sock, certfile=c, server_side=True)
        """,
        """
        from pkg import concurrency


        def bind(sock, at, c, k):
            return concurrency.wrap_server(sock, certfile=c)
        """,
        **HELPERS,
    ),
    fixes(
        "a key as well",
        """
        import eventlet


        def bind(sock, at, c, k):
            return eventlet.wrap_ssl(sock, keyfile=k, certfile=c, server_side=True)
        """,
        """
        from pkg import concurrency


        def bind(sock, at, c, k):
            return concurrency.wrap_server(sock, keyfile=k, certfile=c)
        """,
        **HELPERS,
    ),
    fixes(
        "by their positions",
        """
        import eventlet


        def bind(sock, at, c, k):
            return eventlet.wrap_ssl(sock, k, c, server_side=True)
        """,
        """
        from pkg import concurrency


        def bind(sock, at, c, k):
            return concurrency.wrap_server(sock, k, c)
        """,
        **HELPERS,
    ),
    fixes(
        "ciphers",
        """
        import eventlet


        def bind(sock, at, c, k):
            return eventlet.wrap_ssl(sock, certfile=c, server_side=True, ciphers="ALL")
        """,
        """
        from pkg import concurrency


        def bind(sock, at, c, k):
            return concurrency.wrap_server(sock, certfile=c, ciphers="ALL")
        """,
        **HELPERS,
    ),
    fixes(
        "nothing is verified",
        """
        import eventlet


        def bind(sock, at, c, k):
            return eventlet.wrap_ssl(sock, certfile=c, server_side=True, cert_reqs=0)
        """,
        """
        from pkg import concurrency


        def bind(sock, at, c, k):
            return concurrency.wrap_server(sock, certfile=c)
        """,
        **HELPERS,
    ),
    fixes(
        "no authorities",
        """
        import eventlet


        def bind(sock, at, c, k):
            return eventlet.wrap_ssl(sock, server_side=True, certfile=c, ca_certs=None)
        """,
        """
        from pkg import concurrency


        def bind(sock, at, c, k):
            return concurrency.wrap_server(sock, certfile=c)
        """,
        **HELPERS,
    ),
    fixes(
        "of what listens",
        """
        import eventlet


        def bind(sock, at, c, k):
            return eventlet.wrap_ssl(eventlet.listen(at), certfile=c, server_side=True)
        """,
        """
        from pkg import concurrency


        def bind(sock, at, c, k):
            return concurrency.wrap_server(concurrency.listen(at), certfile=c)
        """,
        **HELPERS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_wrap_ssl(case: Case) -> None:
    check(case, "wrap-ssl")
