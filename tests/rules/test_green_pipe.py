from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

ASKED = ["C-SOCK"]
STAYS = "this GreenPipe stays"

CASES = [
    noop(
        "a class of the project",
        """
        from pkg.greenio import GreenPipe

        import eventlet.wsgi

        pipe = GreenPipe(3, "rb", 0)
        """,
    ),
    noop(
        "a parameter hides the module",
        """
        from eventlet import greenio


        def wrap(greenio, fd):
            return greenio.GreenPipe(fd)
        """,
    ),
    manual(
        "a file object",
        """
        from eventlet.greenio import GreenPipe


        def read(process):
            return GreenPipe(process.stdout, "rb").read()
        """,
        says=f"{STAYS}: it is made of a file object",
    ),
    manual(
        "a file that is opened here",
        """
        from eventlet.greenio import GreenPipe


        def read(path):
            source = open(path)
            return GreenPipe(source).read()
        """,
        says=f"{STAYS}: it is made of a file object",
    ),
    manual(
        "a path",
        """
        from eventlet import greenio

        log = greenio.GreenPipe("/var/log/app", "w")
        """,
        says=f"{STAYS}: it is made of a file object or a path",
    ),
    manual(
        "eventlet's ignores whether to close",
        """
        import os

        from eventlet import greenio

        receiver = greenio.GreenPipe(os.dup(3), "rb", 0, closefd=False)
        """,
        says=STAYS,
    ),
    manual(
        "by position as well",
        """
        from eventlet import greenio

        receiver = greenio.GreenPipe(3, "r", 1, "utf-8", None, None, False)
        """,
        says=STAYS,
    ),
    manual(
        "arguments that cannot be seen",
        """
        from eventlet import greenio


        def wrap(*given):
            return greenio.GreenPipe(*given)
        """,
        says=STAYS,
    ),
    manual(
        "the descriptor by keyword",
        """
        from eventlet import greenio


        def wrap(fd):
            return greenio.GreenPipe(name=fd)
        """,
        says=STAYS,
    ),
    manual(
        "the class as a value",
        """
        from eventlet import greenio

        WRAPPER = greenio.GreenPipe
        """,
    ),
    manual(
        "a plain read would block the hub",
        """
        import eventlet
        from eventlet import greenio

        receiver = greenio.GreenPipe(3, "rb", 0)
        limit = eventlet.Timeout(4)
        """,
        says="eventlet.timeout.Timeout (example.py:5) must go first",
    ),
    fixes(
        "a pipe to wake a thread",
        """
        import os

        from eventlet import greenio


        class Waker:
            def __init__(self):
                receiver, sender = os.pipe()
                self.sender = greenio.GreenPipe(sender, "wb", 0)
                self.receiver = greenio.GreenPipe(receiver, "rb", 0)
        """,
        """
        import os


        class Waker:
            def __init__(self):
                receiver, sender = os.pipe()
                self.sender = os.fdopen(sender, "wb", 0)
                self.receiver = os.fdopen(receiver, "rb", 0)
        """,
        checks=ASKED,
    ),
    fixes(
        "one end of a pipe, in a with statement",
        """
        import os

        from eventlet.greenio import GreenPipe


        class Server:
            def start(self):
                with self.lock:
                    rfd, self.writer = os.pipe()
                self.reader = GreenPipe(rfd, mode="r")
        """,
        """
        import os


        class Server:
            def start(self):
                with self.lock:
                    rfd, self.writer = os.pipe()
                self.reader = os.fdopen(rfd, mode="r")
        """,
        checks=ASKED,
    ),
    fixes(
        "descriptors of every kind",
        """
        from eventlet import greenio


        def wrap(sock, path):
            fd = os.open(path, os.O_RDONLY)
            return greenio.GreenPipe(sock.fileno()), greenio.GreenPipe(fd), greenio.GreenPipe(0)
        """,
        """
        import os


        def wrap(sock, path):
            fd = os.open(path, os.O_RDONLY)
            return os.fdopen(sock.fileno()), os.fdopen(fd), os.fdopen(0)
        """,
        checks=ASKED,
    ),
    fixes(
        "what is wrapped is not seen",
        """
        import os

        from eventlet import greenio


        def wrap(fd, flag, other):
            if flag:
                fd = os.dup(1)
            reader = os.dup(0) if flag else other
            return greenio.GreenPipe(fd), greenio.GreenPipe(reader)
        """,
        """
        import os


        def wrap(fd, flag, other):
            if flag:
                fd = os.dup(1)
            reader = os.dup(0) if flag else other
            return os.fdopen(fd), os.fdopen(reader)
        """,
        checks=["C-SOCK", "C-TYPE"],
    ),
    fixes(
        "by the bare name, under another one, over several lines",
        """
        from eventlet.greenio import GreenPipe as Pipe


        def wrap(fd):
            return Pipe(
                fd.fileno(),
                "w",
                encoding="utf-8",  # for the log
            )
        """,
        """
        import os


        def wrap(fd):
            return os.fdopen(
                fd.fileno(),
                "w",
                encoding="utf-8",  # for the log
            )
        """,
        checks=ASKED,
    ),
    fixes(
        "where os is a parameter",
        """
        from eventlet import greenio


        def wrap(os, sock):
            return greenio.GreenPipe(sock.fileno(), "rb", 0)
        """,
        """
        import os as os_lib


        def wrap(os, sock):
            return os_lib.fdopen(sock.fileno(), "rb", 0)
        """,
        checks=ASKED,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_green_pipe(case: Case) -> None:
    check(case, "green-pipe")
