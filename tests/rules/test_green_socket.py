"""Green sockets, made and wrapped."""

from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

WRAPS = ["C-SOCK"]

CASES = [
    noop("another", "import eventlet.event\nfrom pkg import GreenSocket\n\nGreenSocket()\n"),
    noop("a plain socket", "import socket\n\nimport eventlet.event\n\nsocket.socket()\n"),
    manual(
        "a subclass",
        """
        from eventlet import greenio


        class Connection(greenio.GreenSocket):
            pass
        """,
        says="the class itself is used",
    ),
    manual(
        "handed on",
        "from eventlet.greenio import GreenSocket\n\nFACTORY = GreenSocket\n",
        says="the class itself is used",
    ),
    manual(
        "already non-blocking",
        "from eventlet import greenio\n\ngreenio.GreenSocket(sock, set_nonblocking=False)\n",
        says="not all of its arguments",
    ),
    manual(
        "arguments unseen",
        "from eventlet import greenio\n\ngreenio.GreenSocket(*given)\n",
        says="not all of its arguments",
    ),
    manual(
        "it may be anything",
        "from eventlet import greenio\n\n\ndef green(fd):\n    return greenio.GreenSocket(fd)\n",
        says="make a socket or wrap one",
    ),
    manual(
        "what a call gives",
        "from eventlet import greenio\n\ngreenio.GreenSocket(find())\n",
        says="make a socket or wrap one",
    ),
    fixes(
        "new ones",
        """
        import socket

        from eventlet import greenio


        def make(family, kind):
            return [
                greenio.GreenSocket(),
                greenio.GreenSocket(socket.AF_INET6),
                greenio.GreenSocket(family),
                greenio.GreenSocket(kind, socket.SOCK_DGRAM),
                greenio.GreenSocket(type=socket.SOCK_DGRAM),
            ]
        """,
        """
        import socket


        def make(family, kind):
            return [
                socket.socket(),
                socket.socket(socket.AF_INET6),
                socket.socket(family),
                socket.socket(kind, socket.SOCK_DGRAM),
                socket.socket(type=socket.SOCK_DGRAM),
            ]
        """,
    ),
    fixes(
        "another spelling of the module",
        "import eventlet.greenio.base\n\nsock = eventlet.greenio.base.GreenSocket(2)\n",
        "import socket\n\nsock = socket.socket(2)\n",
    ),
    fixes(
        "a socket that was just made",
        """
        import socket

        from eventlet.greenio import GreenSocket


        def make(fd, address):
            yield GreenSocket(socket.fromfd(fd, socket.AF_INET, socket.SOCK_STREAM))
            yield GreenSocket(socket.create_connection(address))
        """,
        """
        import socket


        def make(fd, address):
            yield socket.fromfd(fd, socket.AF_INET, socket.SOCK_STREAM)
            yield socket.create_connection(address)
        """,
        checks=WRAPS,
    ),
    fixes(
        "what was accepted",
        """
        from eventlet import greenio


        def take(listener):
            return greenio.GreenSocket(listener.accept()[0])
        """,
        """
        def take(listener):
            return listener.accept()[0]
        """,
        checks=WRAPS,
    ),
    fixes(
        "what is called a socket",
        """
        from eventlet import greenio


        class Server:
            def __init__(self, sock):
                self.sock = greenio.GreenSocket(sock)
        """,
        """
        class Server:
            def __init__(self, sock):
                self.sock = sock
        """,
        checks=["C-EARLY", "C-SOCK", "C-TYPE"],
    ),
    fixes(
        "the type",
        """
        from eventlet.greenio import GreenSocket


        def close(sock: GreenSocket) -> None:
            if isinstance(sock, (GreenSocket, int)) or isinstance(sock, GreenSocket):
                sock.close()
        """,
        """
        import socket


        def close(sock: socket.socket) -> None:
            if isinstance(sock, (socket.socket, int)) or isinstance(sock, socket.socket):
                sock.close()
        """,
    ),
    fixes(
        "where socket is a parameter",
        """
        from eventlet import greenio


        def clone(socket):
            return greenio.GreenSocket(socket.family, socket.type)
        """,
        """
        import socket as socket_lib


        def clone(socket):
            return socket_lib.socket(socket.family, socket.type)
        """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_green_socket(case: Case) -> None:
    check(case, "green-socket")
