"""`eventlet.serve`: an accept loop with a thread for each connection."""

from __future__ import annotations

import collections
import contextlib
import selectors
import socket
import threading
from collections.abc import Callable
from typing import Any

from eventlet_codemod.helpers.stop_serve import StopServe


def serve(
    sock: socket.socket,
    handle: Callable[[socket.socket, Any], object],
    concurrency: int = 1000,
) -> None:
    """Call ``handle`` with each connection and its address.

    Each call is in a daemon thread, and closes the connection in the end. When
    there are ``concurrency`` of them, one more connection is taken and waits.

    Returns when a handler raises StopServe, and raises whatever else one
    raises: an error in a handler ends the server. Handlers that run go on.
    """
    pair = socket.socketpair()
    _accept(sock, handle, concurrency, collections.deque(), pair)


def _accept(
    sock: socket.socket,
    handle: Callable[[socket.socket, Any], object],
    concurrency: int,
    failures: collections.deque[BaseException],
    pair: tuple[socket.socket, socket.socket],
) -> None:
    """Do what ``serve`` does, until there are failures.

    ``pair`` is connected: what is sent by the second one makes it look.
    """
    slots = threading.BoundedSemaphore(concurrency)
    woken, waker = pair
    limit = sock.gettimeout()

    def run(conn: socket.socket, addr: Any) -> None:
        try:
            try:
                handle(conn, addr)
            finally:
                conn.close()
        except BaseException as error:
            failures.append(error)
            with contextlib.suppress(OSError):  # the server has ended
                waker.send(b"!")
        finally:
            slots.release()

    def take() -> tuple[socket.socket, Any] | None:
        if not selector.select(limit):
            raise socket.timeout("timed out")
        try:
            return None if failures else sock.accept()
        except socket.timeout:  # another process was faster
            return None

    with woken, waker, selectors.DefaultSelector() as selector:
        waker.setblocking(False)
        selector.register(woken, selectors.EVENT_READ)
        selector.register(sock, selectors.EVENT_READ)
        sock.settimeout(1)
        try:
            while not failures:
                taken = take()
                if taken is None:
                    continue
                slots.acquire()  # one that fails lets go of its slot as well
                if failures:
                    taken[0].close()
                    break
                thread = threading.Thread(target=run, args=taken, daemon=True)
                try:
                    thread.start()
                except BaseException:
                    taken[0].close()
                    raise
        finally:
            if sock.fileno() != -1:
                sock.settimeout(limit)
    if not isinstance(failures[0], StopServe):
        raise failures[0]
