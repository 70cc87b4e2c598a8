"""TLS by the function that only the green ssl has."""

from __future__ import annotations

from functools import partial

import pytest

from eventlet_codemod import testing
from eventlet_codemod.testing import Case, check, noop

HELPERS = "pkg.concurrency"
manual = partial(testing.manual, helpers=HELPERS)
fixes = partial(testing.fixes, helpers=HELPERS)

CASES = [
    noop("a method of a context", "import eventlet.event\n\ncontext.wrap_socket(sock)\n"),
    noop("the plain one", "import ssl\n\nimport eventlet.event\n\nssl.wrap_socket(sock)\n"),
    testing.manual(
        "no helpers",
        "from eventlet.green import ssl\n\nssl.wrap_socket(sock)\n",
        says="`helpers` names no module",
    ),
    manual(
        "told to verify",
        "from eventlet.green import ssl\n\nsock = ssl.wrap_socket(s, cert_reqs=2)\n",
        says="told to verify",
    ),
    manual(
        "it is given ssl_version",
        "from eventlet.green import ssl\n\nsock = ssl.wrap_socket(s, ssl_version=3)\n",
        says="it is given ssl_version",
    ),
    manual(
        "it may be a server or a client",
        "from eventlet.green import ssl\n\nsock = ssl.wrap_socket(s, server_side=side)\n",
        says="it may be a server or a client",
    ),
    manual(
        "cannot be told apart",
        "from eventlet.green import ssl\n\nsock = ssl.wrap_socket(*given)\n",
        says="cannot be told apart",
    ),
    manual(
        "it is not called",
        "from eventlet.green import ssl\n\nsock = ssl.wrap_socket\n",
        says="it is not called",
    ),
    manual(
        "a socket that listens",
        """
        from eventlet.green import ssl
        from pkg.net import listen


        def bind(address, cert):
            sock = listen(address)
            if cert:
                sock = ssl.wrap_socket(sock, certfile=cert)
            return sock
        """,
        says="its socket may be one that listens",
    ),
    manual(
        "it may be the plain one",
        """
        try:
            from eventlet.green import ssl
        except ImportError:
            import ssl

        sock = ssl.wrap_socket(sock)
        """,
        says="it may not be eventlet's",
    ),
    fixes(
        "one that somebody meant to verify keeps the import",
        """
        from eventlet.green import ssl


        def wrap(sock, cas):
            yield ssl.wrap_socket(sock)
            yield ssl.wrap_socket(sock, ca_certs=cas)
        """,
        """
        from eventlet.green import ssl
        from pkg import concurrency


        def wrap(sock, cas):
            yield concurrency.wrap_ssl(sock)
            yield ssl.wrap_socket(sock, ca_certs=cas)
        """,
        checks=["C-TLS"],
        left=2,
    ),
    fixes(
        "a client",
        """
        from eventlet.green import ssl


        class Client:
            def wrap(self, sock):
                try:
                    self.sock = ssl.wrap_socket(sock, self.key_file, self.cert_file,
                                                cert_reqs=ssl.CERT_NONE)
                except ssl.SSLError:
                    self.sock = None
        """,
        """
        import ssl

        from pkg import concurrency


        class Client:
            def wrap(self, sock):
                try:
                    self.sock = concurrency.wrap_ssl(
                        sock, self.key_file, self.cert_file
                    )
                except ssl.SSLError:
                    self.sock = None
        """,
        checks=["C-TLS"],
    ),
    fixes(
        "a server",
        """
        from eventlet.green import ssl


        def listen(sock, key):
            return ssl.wrap_socket(sock, key, ciphers="HIGH", server_side=True)
        """,
        """
        from pkg import concurrency


        def listen(sock, key):
            return concurrency.wrap_server(sock, key, ciphers="HIGH")
        """,
    ),
    fixes(
        "by its own name",
        """
        from eventlet.green.ssl import wrap_socket as wrap


        def connect(sock):
            return wrap(sock)
        """,
        """
        from pkg import concurrency


        def connect(sock):
            return concurrency.wrap_ssl(sock)
        """,
        checks=["C-TLS"],
    ),
    fixes(
        "by its whole name",
        """
        import eventlet.green.ssl


        def connect(sock):
            yield eventlet.green.ssl.wrap_socket(sock, None, None, False)
            yield eventlet.green.ssl.SSLError
        """,
        """
        import ssl

        from pkg import concurrency


        def connect(sock):
            yield concurrency.wrap_ssl(sock, None, None)
            yield ssl.SSLError
        """,
        checks=["C-TLS"],
    ),
    fixes(
        "beside a function of the project",
        """
        from eventlet.green import ssl

        from pkg import concurrency


        def connect(address):
            return ssl.wrap_socket(concurrency.connect(address))
        """,
        """
        from pkg import concurrency


        def connect(address):
            return concurrency.wrap_ssl(concurrency.connect(address))
        """,
        checks=["C-TLS"],
    ),
    fixes(
        "all that is imported of it",
        """
        from eventlet.green.ssl import CERT_NONE, wrap_socket


        def connect(sock):
            return wrap_socket(sock, cert_reqs=CERT_NONE), CERT_NONE
        """,
        """
        from ssl import CERT_NONE

        from pkg import concurrency


        def connect(sock):
            return concurrency.wrap_ssl(sock), CERT_NONE
        """,
        checks=["C-TLS"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_wrap_socket(case: Case) -> None:
    check(case, "wrap-socket")
