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
