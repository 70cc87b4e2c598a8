"""What the hazards say of threads, seen: the same program on green and on native ones."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

CLAIMS = {
    "a handler is set in the main thread alone": (
        """
        import signal, threading

        def run():
            try:
                signal.signal(signal.SIGUSR1, print)
                print("set")
            except ValueError:
                print("refused")

        t = threading.Thread(target=run)
        t.start()
        t.join()
        """,
        "set",
        "refused",
    ),
    "a lock is copied": (
        """
        import copy, threading

        class Task:
            def __init__(self):
                self.lock = threading.Lock()

        try:
            copy.deepcopy(Task())
            print("copied")
        except TypeError:
            print("refused")
        """,
        "copied",
        "refused",
    ),
    "a connection of sqlite3 is its thread's": (
        """
        import sqlite3, threading

        db = sqlite3.connect(":memory:")

        def run():
            try:
                db.execute("SELECT 1")
                print("used")
            except sqlite3.ProgrammingError:
                print("refused")

        t = threading.Thread(target=run)
        t.start()
        t.join()
        """,
        "used",
        "refused",
    ),
    "a generator is advanced by two": (
        """
        import threading

        def numbers():
            inside.set()
            for _ in range(10 ** 7):  # work that does not wait
                pass
            yield 1

        def run():
            inside.wait()
            try:
                next(shared)
            except (ValueError, StopIteration) as error:
                print(type(error).__name__)

        inside = threading.Event()
        shared = numbers()
        t = threading.Thread(target=run)
        t.start()
        next(shared)
        t.join()
        """,
        "StopIteration",
        "ValueError",
    ),
    "the number of a thread is given again": (
        """
        import threading

        def run():
            seen.add(threading.get_ident())
            kept.append(threading.current_thread())

        seen, kept = set(), []
        for _ in range(20):
            t = threading.Thread(target=run)
            t.start()
            t.join()
        print("few" if len(seen) < 20 else "one for each")
        """,
        "one for each",
        "few",
    ),
    "a connection is reset": (
        """
        import socket, struct, threading

        def run():
            try:
                print(connection.recv(10))
            except ConnectionResetError:
                print("raised")

        listener = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(listener.getsockname())
        connection, _ = listener.accept()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        t = threading.Thread(target=run)
        t.start()
        t.join()
        """,
        "b''",
        "raised",
    ),
    "the umask is the process's": (
        """
        import os, tempfile, threading

        def run():
            old = os.umask(0o077)
            started.set()
            for _ in range(10 ** 7):  # work that does not wait
                pass
            os.umask(old)

        os.umask(0o022)
        started = threading.Event()
        t = threading.Thread(target=run)
        t.start()
        started.wait()
        with tempfile.TemporaryDirectory() as scratch:
            os.close(os.open(scratch + "/new", os.O_CREAT | os.O_WRONLY, 0o666))
            print(oct(os.stat(scratch + "/new").st_mode & 0o777))
        t.join()
        """,
        "0o644",
        "0o600",
    ),
    "a thread that is no daemon keeps the process": (
        """
        import threading

        def run():
            started.set()
            threading.Event().wait(1)
            print("it went on", flush=True)

        started = threading.Event()
        threading.Thread(target=run).start()
        started.wait()
        print("main has ended", flush=True)
        """,
        "main has ended",
        "main has ended\nit went on",
    ),
}
PATCH = "import eventlet\neventlet.monkey_patch()\n"


@pytest.mark.parametrize(("program", "green", "native"), CLAIMS.values(), ids=CLAIMS.keys())
def test_native_threads_do_something_else(program: str, green: str, native: str) -> None:
    source = textwrap.dedent(program)
    assert output(PATCH + source) == green
    assert output(source) == native


def test_a_worker_keeps_what_a_task_of_a_pool_leaves() -> None:
    tasks = """
        import threading
        local = threading.local()
        def put():
            local.user = "alice"
        def get():
            return getattr(local, "user", None)
        """
    green = "pool = eventlet.GreenPool(1)\npool.spawn(put).wait()\nprint(pool.spawn(get).wait())\n"
    native = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(1) as pool:\n"
        "    pool.submit(put).result()\n"
        "    print(pool.submit(get).result())\n"
    )
    assert output(PATCH + textwrap.dedent(tasks) + green) == "None"
    assert output(textwrap.dedent(tasks) + native) == "alice"


def output(source: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", source]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()
