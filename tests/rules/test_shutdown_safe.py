from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

ASKED = ["C-TYPE"]
STATEMENT = "cannot be said in a statement"

CASES = [
    noop(
        "a function of the project",
        """
        from pkg.net import shutdown_safe

        import eventlet.wsgi

        shutdown_safe(sock)
        """,
    ),
    manual(
        "its value is used",
        """
        from eventlet import greenio


        def close(sock):
            return greenio.shutdown_safe(sock)
        """,
        says=STATEMENT,
    ),
    manual(
        "the socket is found by a call",
        """
        from eventlet import greenio


        def close(pool):
            greenio.shutdown_safe(pool.pop())
        """,
        says=STATEMENT,
    ),
    manual(
        "on a line with others",
        """
        from eventlet import greenio


        def close(sock):
            greenio.shutdown_safe(sock); sock.close()
            if sock: greenio.shutdown_safe(sock)
            greenio.shutdown_safe(sock)  # and told
        """,
        says=STATEMENT,
    ),
    manual(
        "connections of pyOpenSSL",
        """
        from eventlet import greenio
        from OpenSSL import SSL


        def close(connection):
            greenio.shutdown_safe(connection)
        """,
        says="pyOpenSSL",
    ),
    manual(
        "the function as a value",
        """
        from eventlet import greenio

        HOOKS = [greenio.shutdown_safe]
        """,
    ),
    fixes(
        "a socket that may be closed",
        """
        import eventlet.greenio
        import os


        class Server:
            def stop(self):
                # whoever waits is woken
                eventlet.greenio.shutdown_safe(self.sock)
                self.sock.close()
        """,
        """
        import errno
        import os
        import socket


        class Server:
            def stop(self):
                # whoever waits is woken
                try:
                    self.sock.shutdown(socket.SHUT_RDWR)
                except OSError as error:
                    if error.errno not in (
                        errno.EBADF, errno.ENOTCONN, errno.ENOTSOCK
                    ):
                        raise
                self.sock.close()
        """,
        checks=ASKED,
    ),
    fixes(
        "where the name of the error is taken",
        """
        import socket

        from eventlet import greenio


        def close(sock, error):
            greenio.shutdown_safe(sock)
            raise error
        """,
        """
        import errno
        import socket


        def close(sock, error):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError as error2:
                if error2.errno not in (errno.EBADF, errno.ENOTCONN, errno.ENOTSOCK):
                    raise
            raise error
        """,
        checks=ASKED,
    ),
    fixes(
        "by the bare name, at the top of a module",
        """
        import sys

        from eventlet.greenio import shutdown_safe

        from pkg.net import LISTENER

        shutdown_safe(LISTENER)
        sys.exit()
        """,
        """
        import errno
        import socket
        import sys

        from pkg.net import LISTENER

        try:
            LISTENER.shutdown(socket.SHUT_RDWR)
        except OSError as error:
            if error.errno not in (errno.EBADF, errno.ENOTCONN, errno.ENOTSOCK):
                raise
        sys.exit()
        """,
        checks=ASKED,
    ),
    fixes(
        "all that a handler does",
        """
        import errno

        from eventlet import greenio


        def serve(sock):
            try:
                sock.accept()
            except OSError as error:
                greenio.shutdown_safe(sock)
        """,
        """
        import errno
        import socket


        def serve(sock):
            try:
                sock.accept()
            except OSError as error:
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError as error2:
                    if error2.errno not in (
                        errno.EBADF, errno.ENOTCONN, errno.ENOTSOCK
                    ):
                        raise
        """,
        checks=ASKED,
    ),
    fixes(
        "where socket is a parameter",
        """
        from eventlet import greenio


        def close(socket):
            greenio.shutdown_safe(socket)
        """,
        """
        import errno
        import socket as socket_lib


        def close(socket):
            try:
                socket.shutdown(socket_lib.SHUT_RDWR)
            except OSError as error:
                if error.errno not in (errno.EBADF, errno.ENOTCONN, errno.ENOTSOCK):
                    raise
        """,
        checks=ASKED,
    ),
    fixes(
        "several of them",
        """
        from eventlet import greenio


        def close(first, pair):
            greenio.shutdown_safe(first)
            greenio.shutdown_safe(pair.second)
        """,
        """
        import errno
        import socket


        def close(first, pair):
            try:
                first.shutdown(socket.SHUT_RDWR)
            except OSError as error:
                if error.errno not in (errno.EBADF, errno.ENOTCONN, errno.ENOTSOCK):
                    raise
            try:
                pair.second.shutdown(socket.SHUT_RDWR)
            except OSError as error:
                if error.errno not in (errno.EBADF, errno.ENOTCONN, errno.ENOTSOCK):
                    raise
        """,
        checks=ASKED,
    ),
    fixes(
        "a line that gets too long",
        """
        from eventlet import greenio


        class Server:
            def stop(self):
                greenio.shutdown_safe(self.sock)
        """,
        """
        import errno
        import socket


        class Server:
            def stop(self):
                try:
                    self.sock.shutdown(socket.SHUT_RDWR)
                except OSError as error:
                    if error.errno not in (
                        errno.EBADF, errno.ENOTCONN, errno.ENOTSOCK
                    ):
                        raise
        """,
        checks=ASKED,
        line_length=79,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_shutdown_safe(case: Case) -> None:
    check(case, "shutdown-safe")
