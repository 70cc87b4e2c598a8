from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import run
from eventlet_codemod.testing import Case, check, fixes, manual, noop

SOCK = "C-SOCK"

CASES = [
    noop(
        "the plain module",
        """
        import socket

        import eventlet.wsgi

        socket.socket()
        """,
    ),
    noop(
        "a green package of the project",
        """
        from pkg.eventlet.green import socket
        from .green import ssl

        socket.socket()
        """,
        path="pkg/example.py",
    ),
    noop(
        "the project's own eventlet",
        """
        from eventlet.green import socket

        socket.socket()
        """,
        files={"eventlet/green/socket.py": "", "eventlet/__init__.py": ""},
    ),
    noop(
        "a local hides the package",
        """
        import eventlet


        def connect(eventlet):
            eventlet.green.socket.socket()
        """,
    ),
    manual(
        "an attribute of it is set, for eventlet itself",
        """
        import socket

        from eventlet.green import ssl

        ssl.timeout_exc = socket.timeout
        """,
        says="line 5 sets an attribute of it",
    ),
    manual(
        "a module that left Python",
        """
        from eventlet.green import asyncore
        """,
        says="left Python",
    ),
    manual(
        "ssl.wrap_socket, which is gone",
        """
        from eventlet.green import ssl


        def wrap(sock):
            return ssl.wrap_socket(sock)
        """,
        says="its wrap_socket on line 5 does, since `helpers` names no module",
    ),
    manual(
        "a wrap_socket to be taken from here",
        "from eventlet.green.ssl import wrap_socket\n\n__all__ = ['wrap_socket']\n",
        says="may be taken from here",
        helpers="pkg.concurrency",
    ),
    manual(
        "ssl.wrap_socket, with a fallback that has none either",
        """
        try:
            from eventlet.green import ssl
        except ImportError:
            import ssl


        def wrap(sock):
            return ssl.wrap_socket(sock)
        """,
        says="its wrap_socket on line 8 does, since `helpers` names no module",
    ),
    manual(
        "select.get_fileno, which only the green one has",
        """
        from eventlet.green import select

        number = select.get_fileno(1)
        """,
        says="get_fileno() exists only there",
    ),
    manual(
        "the check_interval of green subprocess",
        """
        from eventlet.green import subprocess

        subprocess.Popen(["true"]).wait(check_interval=0.1)
        """,
        says="check_interval",
    ),
    manual(
        "a fallback to something else",
        """
        try:
            from eventlet.green import subprocess
        except ImportError:
            subprocess = None
        """,
        says="a try statement that must stay",
    ),
    manual(
        "a fallback to another module",
        """
        try:
            from eventlet.green import subprocess
        except ImportError:
            import multiprocessing as subprocess
        """,
        says="a try statement that must stay",
    ),
    manual(
        "a try that does more",
        """
        try:
            from eventlet.green import subprocess
            GREEN = True
        except ImportError:
            import subprocess
            GREEN = False
        """,
        says="a try statement that must stay",
    ),
    manual(
        "one import of a try must stay, and one statement binds both",
        """
        try:
            from eventlet.green import os, asyncore
        except ImportError:
            import os, asyncore
        """,
        says="a try statement that must stay",
    ),
    fixes(
        "wrap_socket by other names",
        """
        import eventlet.green.ssl
        from eventlet.green.ssl import wrap_socket as wrap


        def connect(sock):
            yield wrap(sock)
            yield eventlet.green.ssl.wrap_socket(sock)
            yield eventlet.green.ssl.SSLError
        """,
        """
        import ssl

        from pkg import concurrency


        def connect(sock):
            yield concurrency.wrap_ssl(sock)
            yield concurrency.wrap_ssl(sock)
            yield ssl.SSLError
        """,
        checks=["C-SOCK"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "one import of a try must stay",
        """
        try:
            from eventlet.green import asyncore
            from eventlet.green import os
        except ImportError:
            import asyncore
            import os
        """,
        """
        import os

        try:
            from eventlet.green import asyncore
        except ImportError:
            import asyncore
        """,
        checks=["C-SOCK"],
        left=1,
    ),
    manual(
        "a module that nobody knows",
        """
        from eventlet.green import unheard_of
        """,
    ),
    manual(
        "a green attribute is replaced",
        """
        import eventlet.green.socket

        eventlet.green.socket.socket = print
        """,
        says="assigned to",
    ),
    manual(
        "a mock target",
        """
        TARGET = "eventlet.green.subprocess.Popen"
        """,
    ),
    fixes(
        "it is used between the imports",
        """
        from eventlet.green import threading
        lock = threading.Lock()

        import os
        import sys

        print(os, sys)
        """,
        """
        import threading
        lock = threading.Lock()

        import os
        import sys

        print(os, sys)
        """,
        checks=["C-LIFE"],
    ),
    fixes(
        "a function that is called between the imports uses it",
        """
        from eventlet.green import threading


        def made():
            return threading.Lock()


        lock = made()
        import os
        """,
        """
        import threading


        def made():
            return threading.Lock()


        lock = made()
        import os
        """,
        checks=["C-LIFE"],
    ),
    fixes(
        "a module",
        """
        import os

        from eventlet.green import socket

        socket.socket()
        """,
        """
        import os
        import socket

        socket.socket()
        """,
        checks=[SOCK],
    ),
    fixes(
        "a module that is the same",
        """
        from eventlet.green import subprocess as sp

        sp.call(["true"])
        """,
        """
        import subprocess as sp

        sp.call(["true"])
        """,
    ),
    fixes(
        "a dotted import under an alias",
        """
        import eventlet.green.select as select

        select.select([], [], [])
        """,
        """
        import select

        select.select([], [], [])
        """,
        checks=[SOCK],
    ),
    fixes(
        "a dotted import is spelled out where it is used",
        """
        import eventlet.green.os


        def read(fd):
            return eventlet.green.os.read(fd, 1)
        """,
        """
        import os


        def read(fd):
            return os.read(fd, 1)
        """,
        checks=[SOCK],
    ),
    fixes(
        "through the green package",
        """
        from eventlet import green

        green.socket.socket()
        """,
        """
        import socket

        socket.socket()
        """,
        checks=[SOCK],
    ),
    fixes(
        "names of a green module",
        """
        from eventlet.green.threading import Lock as Mutex, Thread

        Thread(target=print, args=(Mutex(),)).start()
        """,
        """
        from threading import Lock as Mutex, Thread

        Thread(target=print, args=(Mutex(),)).start()
        """,
        checks=["C-LIFE"],
    ),
    fixes(
        "a module of a package keeps its local name",
        """
        from eventlet.green.http import client
        from eventlet.green.urllib import request as req

        client.HTTPConnection("a")
        req.urlopen("b")
        """,
        """
        from http import client
        from urllib import request as req

        client.HTTPConnection("a")
        req.urlopen("b")
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "names of Python 2",
        """
        from eventlet.green import Queue, httplib, urllib2

        Queue.Queue()
        httplib.HTTPConnection("a")
        urllib2.urlopen("b")
        """,
        """
        import queue as Queue
        from http import client as httplib
        from urllib import request as urllib2

        Queue.Queue()
        httplib.HTTPConnection("a")
        urllib2.urlopen("b")
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "a fallback to the plain module is folded",
        """
        import sys

        try:
            # green where it can be
            from eventlet.green import socket
        except ImportError:
            import socket

        socket.socket()
        """,
        """
        import sys

        # green where it can be
        import socket

        socket.socket()
        """,
        checks=[SOCK],
    ),
    fixes(
        "a fallback of several modules",
        """
        try:
            from eventlet.green import os, time
            import eventlet.green.select as select
        except ImportError:
            import os
            import select
            import time

        os.read, select.select, time.time
        """,
        """
        import os
        import select
        import time

        os.read, select.select, time.time
        """,
        checks=[SOCK],
    ),
    fixes(
        "in both branches of a condition",
        """
        if GREEN:
            from eventlet.green import socket
        else:
            import socket
        """,
        """
        if GREEN:
            import socket
        else:
            import socket
        """,
        checks=[SOCK],
    ),
    fixes(
        "in a function",
        """
        def connect():
            from eventlet.green import socket

            return socket.socket()
        """,
        """
        def connect():
            import socket

            return socket.socket()
        """,
        checks=[SOCK],
    ),
    fixes(
        "the plain module is there too, under its name",
        """
        import socket

        from eventlet.green import socket as gsocket

        gsocket.socket(), socket.socket()
        """,
        """
        import socket
        import socket as gsocket

        gsocket.socket(), socket.socket()
        """,
        checks=[SOCK],
    ),
    fixes(
        "a re-export",
        """
        from eventlet.green import socket

        __all__ = ["socket"]
        """,
        """
        import socket

        __all__ = ["socket"]
        """,
        checks=[SOCK],
    ),
    fixes(
        "mock.patch.object on the green module",
        """
        from unittest import mock

        from eventlet.green import subprocess


        @mock.patch.object(subprocess, "Popen")
        def test_run(popen):
            pass
        """,
        """
        import subprocess
        from unittest import mock


        @mock.patch.object(subprocess, "Popen")
        def test_run(popen):
            pass
        """,
    ),
    fixes(
        "some of a list must stay",
        """
        from eventlet.green import os, asyncore

        os.read(0, 1)
        """,
        """
        import os

        from eventlet.green import asyncore

        os.read(0, 1)
        """,
        checks=[SOCK],
        left=1,
    ),
    fixes(
        "the green time and its sleep",
        """
        from eventlet.green import time

        time.sleep(1)
        time.time()
        """,
        """
        import time

        time.sleep(1)
        time.time()
        """,
    ),
    fixes(
        "a third-party module goes to its group",
        """
        import os

        from eventlet.green.OpenSSL import SSL

        print(os, SSL)
        """,
        """
        import os

        from OpenSSL import SSL

        print(os, SSL)
        """,
        checks=[SOCK],
    ),
    fixes(
        "an exported name for type checkers only",
        """
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            from eventlet.green import socket


        def keep(sock: "socket.socket"):
            return sock
        """,
        """
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            import socket


        def keep(sock: "socket.socket"):
            return sock
        """,
        checks=[SOCK],
    ),
    # --- found the hard way ---
    manual(
        "a class that only green ssl has",
        """
            from eventlet.green.ssl import GreenSSLSocket


            def is_secure(sock):
                return isinstance(sock, GreenSSLSocket)
            """,
    ),
    manual(
        "a class of green ssl through the module",
        """
            from eventlet.green import ssl


            def is_secure(sock):
                return isinstance(sock, ssl.GreenSSLSocket)
            """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_green_module(case: Case) -> None:
    check(case, "green-module")


def test_what_is_reached_by_the_module_that_imports_it_stays(tmp_path: Path) -> None:
    """A test may have put something else there."""
    files = {
        "pkg/__init__.py": "",
        "pkg/wsgi.py": "from eventlet.green import ssl\n\nprint(ssl.SSLContext)\n",
        "tests/__init__.py": "",
        "tests/test_wsgi.py": "from pkg import wsgi\n\nassert wsgi.ssl.called\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    settings = Settings(monkey_patched="yes")
    changes = run(tmp_path, ["pkg/wsgi.py", "tests/test_wsgi.py"], settings).changes
    done = {change.entry.path: change.new for change in changes if change.new is not None}
    assert list(done) == ["pkg/wsgi.py"]
    assert done["pkg/wsgi.py"].startswith(b"import ssl\n")
