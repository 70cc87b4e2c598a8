"""Waiting for a descriptor."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import run
from eventlet_codemod.testing import Case, check, fixes, manual, noop

ASKED = ["C-SOCK"]


def call(arguments: str) -> str:
    return f"from eventlet import hubs\n\n\ndef wait(fd, t, E):\n    hubs.trampoline({arguments})\n"


CASES = [
    noop("another", "import eventlet.event\nfrom pkg import trampoline\n\ntrampoline(1)\n"),
    noop("a method", "import eventlet.event\n\npool.trampoline(1, read=True)\n"),
    manual("its own exception", call("fd, read=True, timeout=t"), says="raises eventlet's"),
    manual(
        "an exception of None",
        call("fd, read=True, timeout=t, timeout_exc=None"),
        says="raises eventlet's",
    ),
    manual("both", call("fd, read=True, write=True"), says="for neither"),
    manual("neither", call("fd"), says="for neither"),
    manual("perhaps one", call("fd, read=t"), says="for neither"),
    manual("who is told", call("fd, read=True, mark_as_closed=E"), says="is to be told"),
    manual("arguments unseen", call("*fd"), says="can be seen"),
    manual("keywords unseen", call("fd, **E"), says="can be seen"),
    manual("no descriptor", call("read=True"), says="can be seen"),
    manual(
        "its value is used",
        "from eventlet import hubs\n\nfound = hubs.trampoline(3, read=True)\n",
        says="no statement of its own",
    ),
    manual(
        "on a line with others",
        "from eventlet import hubs\n\nhubs.trampoline(3, read=True); go()\n",
        says="no statement of its own",
    ),
    manual(
        "with a comment",
        """
        from eventlet import hubs


        def receive(sock):
            hubs.trampoline(
                sock,  # or a pipe
                read=True)
        """,
        says="the comment '# or a pipe' would be lost",
    ),
    manual(
        "handed on",
        "from eventlet import hubs\n\nwait = hubs.trampoline\n",
        says="no statement of its own",
    ),
    fixes(
        "for reading",
        """
        from eventlet.hubs import trampoline


        def receive(sock):
            # until something comes
            trampoline(sock, read=True)
            return sock.recv(10)
        """,
        """
        import select


        def receive(sock):
            # until something comes
            select.select([sock], [], [])
            return sock.recv(10)
        """,
        checks=ASKED,
    ),
    fixes(
        "for writing, by position",
        """
        from eventlet import hubs


        def send(conn):
            hubs.trampoline(conn.fileno(), None, True)
            hubs.trampoline(conn.fileno(), False, write=True, timeout=None)
        """,
        """
        import select


        def send(conn):
            select.select([], [conn.fileno()], [])
            select.select([], [conn.fileno()], [])
        """,
        checks=ASKED,
    ),
    fixes(
        "a limit and its exception",
        """
        from eventlet import hubs


        def receive(sock):
            hubs.trampoline(sock, read=True, timeout=2.5, timeout_exc=IOError("too late"))
        """,
        """
        import select


        def receive(sock):
            if not select.select([sock], [], [], 2.5)[0]:
                raise IOError("too late")
        """,
        checks=ASKED,
    ),
    fixes(
        "a limit that may be negative",
        """
        import time

        from eventlet import hubs


        def receive(sock, end, late):
            hubs.trampoline(
                fd=sock,
                write=True,
                timeout=end - time.time(),
                timeout_exc=late)
        """,
        """
        import select
        import time


        def receive(sock, end, late):
            if not select.select([], [sock], [], end - time.time())[1]:
                raise late
        """,
        checks=["C-SOCK", "C-TYPE"],
    ),
    fixes(
        "a name that is taken",
        """
        from eventlet import hubs


        def receive(select):
            hubs.trampoline(select.fileno(), read=True)
        """,
        """
        import select as select_lib


        def receive(select):
            select_lib.select([select.fileno()], [], [])
        """,
        checks=ASKED,
    ),
    fixes(
        "all that a loop does",
        """
        from eventlet import hubs


        def receive(socks):
            for sock in socks:
                hubs.trampoline(sock, read=True, timeout=1, timeout_exc=TimeoutError)
        """,
        """
        import select


        def receive(socks):
            for sock in socks:
                if not select.select([sock], [], [], 1)[0]:
                    raise TimeoutError
        """,
        checks=ASKED,
    ),
    fixes(
        "a line that gets long",
        """
        from eventlet import hubs


        def receive(connection):
            hubs.trampoline(
                connection.descriptor_of_the_socket_that_is_read_next, read=True,
                timeout=1, timeout_exc=OSError)
        """,
        """
        import select


        def receive(connection):
            if not select.select(
                [connection.descriptor_of_the_socket_that_is_read_next], [], [], 1
            )[0]:
                raise OSError
        """,
        checks=ASKED,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_trampoline(case: Case) -> None:
    check(case, "trampoline")


CODE = """\
from eventlet.hubs import trampoline


def wait(fd):
    trampoline(fd, read=True)
"""
TEST = """\
from unittest import mock

from pkg import net


@mock.patch('pkg.net.trampoline')
def test_wait(mock_wait):
    net.wait(3)
    mock_wait.assert_called_once_with(3, read=True)
"""


def test_a_mock_of_it_is_left_to_a_person(tmp_path: Path) -> None:
    """What is called now has other arguments, so its assertions would fail."""
    files = {"pkg/__init__.py": "", "pkg/net.py": CODE, "pkg/tests/test_net.py": TEST}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    changes = run(tmp_path, sorted(files), Settings(monkey_patched="yes")).changes
    found = {f.name: f.status for change in changes for f in change.entry.findings}
    assert found == {"trampoline": "rewritten", "mock-target": "left"}
