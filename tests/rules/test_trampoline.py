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
    manual(
        "an exception of None",
        call("fd, read=True, timeout=t, timeout_exc=None"),
        says="ended none",
    ),
    manual("both", call("fd, read=True, write=True"), says="or for neither"),
    manual("neither", call("fd"), says="or for neither"),
    manual("neither, written out", call("fd, read=False, write=None"), says="or for neither"),
    manual("perhaps one", call("fd, read=t"), says="for neither"),
    manual("one, and perhaps the other", call("fd, read=t, write=True"), says="for neither"),
    manual(
        "conditions, and a descriptor that is computed",
        call("fd.fileno(), read=t, write=not t"),
        says="written twice",
    ),
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
    # --- what raises eventlet's Timeout, and stays ---
    manual(
        "a clause before it would take a TimeoutError",
        """
        import eventlet
        from eventlet import hubs


        def receive(sock):
            try:
                hubs.trampoline(sock, read=True, timeout=3)
            except OSError:
                return b""
            except eventlet.Timeout:
                return None
        """,
        says="the except clause on line 8 would take a TimeoutError",
    ),
    manual(
        "a clause on its way would take a TimeoutError",
        """
        import eventlet
        from eventlet import hubs


        def receive(sock):
            try:
                try:
                    hubs.trampoline(sock, read=True, timeout=3)
                except Exception:
                    return b""
            except eventlet.Timeout:
                return None
        """,
        says="the except clause on line 9 would take a TimeoutError",
    ),
    manual(
        "the clause reads what a Timeout has",
        """
        import eventlet
        from eventlet import hubs


        def receive(sock, log):
            try:
                hubs.trampoline(sock, read=True, timeout=3)
            except eventlet.Timeout as error:
                log(error.seconds)
        """,
        says="the one on line 8 stays",
    ),
    manual(
        "another class is called TimeoutError",
        """
        from eventlet import hubs
        from pkg import TimeoutError


        def receive(sock):
            hubs.trampoline(sock, read=True, timeout=3)
        """,
        says="not Python's in this file",
    ),
    manual(
        "eventlet's Timeout is named",
        """
        import eventlet
        from eventlet import hubs


        def receive(sock):
            hubs.trampoline(sock, read=True, timeout=3, timeout_exc=eventlet.Timeout)
        """,
        says="`timeout_exc` names eventlet's Timeout",
    ),
    manual(
        "a Timeout that flies beside it stays",
        """
        import eventlet
        from eventlet import hubs


        def receive(sock, work):
            hubs.trampoline(sock, read=True, timeout=3)
            with eventlet.Timeout(4):
                work()
        """,
        says="stays",
    ),
    manual(
        "a Timeout of the same clause stays",
        """
        import eventlet
        from eventlet import hubs


        def receive(sock, work):
            try:
                hubs.trampoline(sock, read=True, timeout=3)
                with eventlet.Timeout(4):
                    work()
            except eventlet.Timeout:
                return None
        """,
        says="the clause on line 10 stays",
    ),
    manual(
        "one that stays keeps the clause that catches its Timeout",
        """
        import eventlet
        from eventlet import hubs


        def receive(sock):
            try:
                return hubs.trampoline(sock, read=True, timeout=3)
            except eventlet.Timeout:
                return None
        """,
        says="no statement of its own",
    ),
    manual(
        "and one in another function",
        """
        import eventlet
        from eventlet import hubs


        def ready(sock):
            return hubs.trampoline(sock, read=True, timeout=3)


        def receive(sock):
            try:
                ready(sock)
            except eventlet.Timeout:
                return None
        """,
        says="no statement of its own",
    ),
    # --- what is rewritten ---
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
        "a limit alone",
        """
        from eventlet import hubs


        def receive(sock):
            hubs.trampoline(sock, read=True, timeout=2.5)
            return sock.recv(10)
        """,
        """
        import select


        def receive(sock):
            if not select.select([sock], [], [], 2.5)[0]:
                raise TimeoutError
            return sock.recv(10)
        """,
        checks=["C-SOCK", "C-CATCH"],
    ),
    fixes(
        "with the clauses that it reaches",
        """
        import eventlet
        from eventlet import hubs


        def receive(sock):
            hubs.trampoline(sock, read=True, timeout=2.5)
            return sock.recv(10)


        def ask(sock):
            try:
                return receive(sock)
            except eventlet.Timeout:
                return None
        """,
        """
        import select


        def receive(sock):
            if not select.select([sock], [], [], 2.5)[0]:
                raise TimeoutError
            return sock.recv(10)


        def ask(sock):
            try:
                return receive(sock)
            except TimeoutError:
                return None
        """,
        checks=["C-SOCK", "C-CATCH"],
    ),
    fixes(
        "two with their clause, whatever another Timeout does",
        """
        import eventlet
        from eventlet import hubs


        def exchange(sock, data):
            try:
                hubs.trampoline(sock, write=True, timeout=1)
                sock.sendall(data)
                hubs.trampoline(sock, read=True, timeout=2)
            except (ValueError, eventlet.Timeout) as error:
                return str(error)
            return sock.recv(10)


        def other(work):
            with eventlet.Timeout(4):
                work()
        """,
        """
        import select

        import eventlet


        def exchange(sock, data):
            try:
                if not select.select([], [sock], [], 1)[1]:
                    raise TimeoutError
                sock.sendall(data)
                if not select.select([sock], [], [], 2)[0]:
                    raise TimeoutError
            except (ValueError, TimeoutError) as error:
                return str(error)
            return sock.recv(10)


        def other(work):
            with eventlet.Timeout(4):
                work()
        """,
        checks=["C-SOCK", "C-CATCH"],
        left=1,
    ),
    fixes(
        "a clause that takes all",
        """
        from eventlet import hubs


        def receive(sock):
            try:
                hubs.trampoline(sock, read=True, timeout=2)
            except BaseException:
                sock.close()
        """,
        """
        import select


        def receive(sock):
            try:
                if not select.select([sock], [], [], 2)[0]:
                    raise TimeoutError
            except BaseException:
                sock.close()
        """,
        checks=ASKED,
    ),
    fixes(
        "a clause that lets it go on",
        """
        from eventlet import hubs


        def receive(sock):
            try:
                hubs.trampoline(sock, read=True, timeout=2)
            except BaseException:
                sock.close()
                raise
        """,
        """
        import select


        def receive(sock):
            try:
                if not select.select([sock], [], [], 2)[0]:
                    raise TimeoutError
            except BaseException:
                sock.close()
                raise
        """,
        checks=["C-SOCK", "C-CATCH"],
    ),
    fixes(
        "one or the other",
        """
        from eventlet import hubs


        def wait(fd, writes):
            hubs.trampoline(fd, read=not writes, write=writes)
        """,
        """
        import select


        def wait(fd, writes):
            select.select([fd] if not writes else [], [fd] if writes else [], [])
        """,
        checks=ASKED,
    ),
    fixes(
        "what it is told, with a limit",
        """
        from eventlet import hubs


        def wait(fd, read=False, write=False, timeout=None):
            hubs.trampoline(fd, read, write, timeout, OSError("late"))
        """,
        """
        import select


        def wait(fd, read=False, write=False, timeout=None):
            if not any(select.select(
                [fd] if read else [], [fd] if write else [], [], timeout
            )):
                raise OSError("late")
        """,
        checks=["C-SOCK", "C-TYPE"],
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


def test_a_timeout_that_flies_holds_the_whole_project(tmp_path: Path) -> None:
    """A trampoline that stays keeps what catches its Timeout in another file, and the reverse."""
    raises = "from eventlet.hubs import trampoline\n\n\ndef wait(fd):\n    {}\n"
    stays, goes = "return trampoline(fd, True, timeout=1)", "trampoline(fd, True, timeout=1)"
    catches = (
        "import eventlet\n\n\ndef f(g):\n    try:\n        g()\n    except {}:\n        pass\n"
    )
    value = "import eventlet\n\nLATE = eventlet.Timeout\n"
    for files, wanted in [
        ({"a.py": raises.format(goes), "b.py": catches.format("eventlet.Timeout")}, "rewritten"),
        ({"a.py": raises.format(stays), "b.py": catches.format("eventlet.Timeout")}, "left"),
        ({"a.py": raises.format(goes), "b.py": value}, "left"),
    ]:
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        changes = run(tmp_path, sorted(files), Settings(monkey_patched="yes")).changes
        assert {f.status for change in changes for f in change.entry.findings} == {wanted}
