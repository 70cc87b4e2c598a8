"""What eventlet needed for old Pythons."""

from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    noop("another", "import eventlet.event\nfrom pkg import support\n\nsupport.get_errno(1)\n"),
    noop("an attribute", "import eventlet.event\n\nerror.errno\n"),
    manual(
        "an error that may be anything",
        """
        from eventlet.support import get_errno


        def run(work):
            try:
                work()
            except Exception as error:
                return get_errno(error)
        """,
        says="get_errno` is left",
    ),
    manual(
        "an error from elsewhere",
        "from eventlet import support\n\n\ndef told(error):\n    return support.get_errno(error)\n",
        says="get_errno` is left",
    ),
    manual(
        "an error that is exchanged",
        """
        from eventlet.support import get_errno


        def run(work):
            try:
                work()
            except OSError as error:
                error = error.__cause__
                return get_errno(error)
        """,
        says="get_errno` is left",
    ),
    manual(
        "handed on",
        "from eventlet import support\n\nFIND = support.get_errno\n",
        says="get_errno` is left",
    ),
    manual(
        "bytes that cannot be seen",
        "from eventlet import support\n\nTEXT = support.bytes_to_str(*given)\n",
        says="bytes_to_str` is left",
    ),
    manual(
        "names by dnspython",
        "from eventlet.support import greendns\n\nADDRESSES = greendns.resolve('a')\n",
        says="resolve` is left",
    ),
    manual(
        "a question about an address",
        "from eventlet.support import greendns\n\nFOUND = greendns.is_ipv4_addr('a')\n",
        says="is_ipv4_addr` is left",
    ),
    manual(
        "a deprecated name",
        "from eventlet.support import wrap_deprecated\n\nold = wrap_deprecated('a', 'b')(new)\n",
        says="wrap_deprecated` is left",
    ),
    fixes(
        "the number of an error, compared",
        """
        import errno
        import socket

        from eventlet.support import get_errno


        def send(sock, data):
            try:
                sock.sendall(data)
            except (OSError, socket.error) as e:
                if get_errno(e) not in (errno.EPIPE, errno.ECONNRESET):
                    raise
        """,
        """
        import errno
        import socket


        def send(sock, data):
            try:
                sock.sendall(data)
            except (OSError, socket.error) as e:
                if e.errno not in (errno.EPIPE, errno.ECONNRESET):
                    raise
        """,
    ),
    fixes(
        "the number of an error, kept",
        """
        import eventlet.support


        def run(work):
            try:
                work()
            except IOError as e:
                return eventlet.support.get_errno(e)
        """,
        """
        def run(work):
            try:
                work()
            except IOError as e:
                return e.errno
        """,
        checks=["C-NONE"],
    ),
    fixes(
        "text of bytes",
        """
        from eventlet.support import bytes_to_str


        def texts(data, parts):
            return bytes_to_str(data), bytes_to_str(parts[0], 'utf-8')
        """,
        """
        def texts(data, parts):
            return data.decode("ascii"), parts[0].decode('utf-8')
        """,
    ),
    fixes(
        "text of bytes, by keyword",
        "from eventlet import support\n\nTEXT = support.bytes_to_str(read(), encoding=ENCODING)\n",
        "TEXT = read().decode(encoding=ENCODING)\n",
    ),
    fixes(
        "an old Python",
        "from eventlet import support\n\nSLOW = support.PY33 or OLD\n",
        "SLOW = False or OLD\n",
    ),
    fixes(
        "names by the system",
        """
        from eventlet.support import greendns


        def find(host):
            return greendns.getaddrinfo(host, 80, type=1), greendns.gethostbyname(host)
        """,
        """
        import socket


        def find(host):
            return socket.getaddrinfo(host, 80, type=1), socket.gethostbyname(host)
        """,
        checks=["C-SOCK"],
    ),
    fixes(
        "a lookup that is handed on",
        "from eventlet.support.greendns import getnameinfo\n\nFIND = getnameinfo\n",
        "import socket\n\nFIND = socket.getnameinfo\n",
        checks=["C-SOCK"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_support(case: Case) -> None:
    check(case, "support")
