"""What else there is in greenio."""

from __future__ import annotations

import pytest

from eventlet_codemod.rules.sockets.greenio_name import _ERRORS
from eventlet_codemod.testing import Case, check, fixes, manual, noop

STAYS = "it belongs to green sockets"

CASES = [
    noop("a name of the project", "import eventlet.event\nfrom pkg import SOCKET_CLOSED\n"),
    noop("a plain file", "import io\n\nimport eventlet.event\n\nio.FileIO(1)\n"),
    *(
        manual(
            name,
            f"from eventlet import greenio\n\n\ndef run(fd):\n    return greenio.{name}(fd)\n",
            says=STAYS,
        )
        for name in ("socket_accept", "socket_connect", "socket_checkerr", "GreenFileIO", "odd")
    ),
    manual("a part of a part", "from eventlet import greenio\n\ngreenio.SSL.WantReadError\n"),
    manual(
        "handed on",
        "from eventlet import greenio\n\nACTIONS = [greenio.set_nonblocking]\n",
        says=STAYS,
    ),
    manual(
        "set in eventlet",
        "from eventlet import greenio\n\ngreenio.SOCKET_CLOSED = set()\n",
        says="is assigned to",
    ),
    fixes(
        "the numbers of errors",
        """
        import errno

        from eventlet.greenio import CONNECT_ERR, CONNECT_SUCCESS, SOCKET_BLOCKING


        def told(code):
            if code in CONNECT_SUCCESS:
                return True
            if code in CONNECT_ERR:
                return None
            return code in SOCKET_BLOCKING | {errno.EPIPE}
        """,
        """
        import errno


        def told(code):
            if code in {0, errno.EISCONN}:
                return True
            if code in {errno.EINPROGRESS, errno.EALREADY, errno.EWOULDBLOCK}:
                return None
            return code in {errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOTCONN} | {errno.EPIPE}
        """,
    ),
    fixes(
        "those of a closed socket",
        "from eventlet import greenio\n\nCLOSED = greenio.SOCKET_CLOSED\n",
        "import errno\n\nCLOSED = {errno.ECONNRESET, errno.ESHUTDOWN, errno.EPIPE}\n",
    ),
    fixes(
        "a timeout among others",
        """
        from eventlet import greenio


        def run(work):
            try:
                work()
            except (greenio.socket_timeout, ValueError):
                pass
        """,
        """
        import socket


        def run(work):
            try:
                work()
            except (socket.timeout, ValueError):
                pass
        """,
    ),
    fixes(
        "by the module that defines it",
        "from eventlet.greenio import base\n\nraise base.socket_timeout('late')\n",
        "import socket\n\nraise socket.timeout('late')\n",
    ),
    fixes(
        "a socket that must not block",
        """
        from eventlet.greenio import set_nonblocking


        def prepare(self, sock):
            set_nonblocking(sock)
            set_nonblocking(self.listener)
        """,
        """
        def prepare(self, sock):
            sock.setblocking(False)
            self.listener.setblocking(False)
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "what a call gives",
        "from eventlet import greenio\n\ngreenio.set_nonblocking(find('a'))\n",
        "find('a').setblocking(False)\n",
        checks=["C-TYPE"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_greenio_name(case: Case) -> None:
    check(case, "greenio-name")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(_ERRORS))
def test_the_numbers_are_those_of_eventlet(name: str) -> None:
    import errno

    from eventlet import greenio

    assert getattr(greenio, name) == {getattr(errno, n, 0) for n in _ERRORS[name]}
