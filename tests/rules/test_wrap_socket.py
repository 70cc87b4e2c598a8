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
        "it may be another",
        """
        try:
            from eventlet.green import ssl
        except ImportError:
            from pkg import ssl

        sock = ssl.wrap_socket(sock)
        """,
        says="it may not be eventlet's",
    ),
    manual(
        "it may be the plain one, which would verify",
        """
        try:
            from eventlet.green import ssl
        except ImportError:
            import ssl

        sock = ssl.wrap_socket(sock, ca_certs=cas)
        """,
        says="told to verify",
    ),
    manual(
        "it may be one that is made later",
        """
        try:
            from eventlet.green import ssl
        except ImportError:
            import ssl

        ssl = wrapped(ssl)
        sock = ssl.wrap_socket(sock)
        """,
        says="it may not be eventlet's",
    ),
    fixes(
        "it may be the plain one, which verifies nothing either",
        """
        try:
            from eventlet.green import socket
            from eventlet.green import ssl
        except ImportError:
            import socket
            import ssl


        def connect(address):
            sock = socket.create_connection(address)
            try:
                return ssl.wrap_socket(sock)
            except ssl.SSLError:
                return None
        """,
        """
        import socket
        import ssl

        from pkg import concurrency


        def connect(address):
            sock = socket.create_connection(address)
            try:
                return concurrency.wrap_ssl(sock)
            except ssl.SSLError:
                return None
        """,
        checks=["C-TLS"],
    ),
    fixes(
        "one of two, with a fallback",
        """
        try:
            from eventlet.green import ssl
        except ImportError:
            import ssl


        class Client:
            def wrap(self, sock):
                if self.insecure is True:
                    self.sock = ssl.wrap_socket(sock, self.key, self.cert,
                                                cert_reqs=ssl.CERT_NONE)
                else:
                    self.sock = ssl.wrap_socket(sock, ca_certs=self.ca,
                                                cert_reqs=ssl.CERT_REQUIRED)
        """,
        """
        from pkg import concurrency

        try:
            from eventlet.green import ssl
        except ImportError:
            import ssl


        class Client:
            def wrap(self, sock):
                if self.insecure is True:
                    self.sock = concurrency.wrap_ssl(sock, self.key, self.cert)
                else:
                    self.sock = ssl.wrap_socket(sock, ca_certs=self.ca,
                                                cert_reqs=ssl.CERT_REQUIRED)
        """,
        checks=["C-TLS"],
        left=2,
    ),
    fixes(
        "sockets that stay, though one may listen and one does",
        """
        import eventlet
        from eventlet.green import ssl


        def bind(address, cert, sock=None):
            if sock is None:
                sock = eventlet.listen(address)
            if cert:
                sock = ssl.wrap_socket(sock, certfile=cert)
            return sock


        def verify(address, cert):
            sock = eventlet.listen(address)
            yield ssl.wrap_socket(sock, certfile=cert)
            yield ssl.wrap_socket(sock, certfile=cert, cert_reqs=ssl.CERT_REQUIRED)
        """,
        """
        from eventlet.green import ssl
        from pkg import concurrency


        def bind(address, cert, sock=None):
            if sock is None:
                sock = concurrency.listen(address)
            if cert:
                sock = ssl.wrap_socket(sock, certfile=cert)
            return sock


        def verify(address, cert):
            sock = concurrency.listen(address)
            yield concurrency.wrap_server(sock, certfile=cert)
            yield ssl.wrap_socket(sock, certfile=cert, cert_reqs=ssl.CERT_REQUIRED)
        """,
        left=3,
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
        "one that listens, without a word of it",
        """
        from eventlet import listen, sleep
        from eventlet.green import socket, ssl


        def bind(address, conf):
            sock = None
            while not sock:
                try:
                    sock = listen(address, backlog=int(conf.get("backlog", 4096)))
                    if "cert_file" in conf:
                        sock = ssl.wrap_socket(sock, certfile=conf["cert_file"],
                                               keyfile=conf["key_file"])
                except socket.error as err:
                    sleep(0.1)
            return sock
        """,
        """
        import socket
        import time

        from pkg import concurrency


        def bind(address, conf):
            sock = None
            while not sock:
                try:
                    sock = concurrency.listen(
                        address, backlog=int(conf.get("backlog", 4096))
                    )
                    if "cert_file" in conf:
                        sock = concurrency.wrap_server(
                            sock, certfile=conf["cert_file"], keyfile=conf["key_file"]
                        )
                except socket.error as err:
                    time.sleep(0.1)
            return sock
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
