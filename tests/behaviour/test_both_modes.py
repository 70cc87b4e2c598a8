"""Proof by running: projects in dual mode do the same as before, patched and on native threads."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.discovery import discover
from eventlet_codemod.run import run

VARIABLE = "PKG_DISABLE_EVENTLET_PATCHING"

#: A service of several files: workers, results, a pool of native threads, and yields.
SERVICE = {
    "pkg/__init__.py": "",
    "pkg/cmd.py": """\
        import eventlet
        eventlet.monkey_patch()

        import sys

        from pkg import work


        def main():
            print(work.total(5))
            print(work.checksum(b"abc"))
            print(work.busy(3))
            sys.exit(3)


        if __name__ == "__main__":
            main()
        """,
    "pkg/work.py": """\
        import hashlib
        import threading

        import eventlet
        from eventlet import patcher
        from eventlet import queue
        from eventlet import tpool


        def total(count):
            jobs = [eventlet.spawn(_slow, number) for number in range(count)]
            return sum(job.wait() for job in jobs)


        def _slow(number):
            eventlet.sleep(0.001 * number)
            return number


        def checksum(data):
            return tpool.execute(hashlib.sha256, data).hexdigest()[:8]


        def busy(count):
            done = queue.Queue()
            for number in range(count):
                eventlet.spawn_n(done.put, number)
            if patcher.is_monkey_patched("thread"):
                lock = threading.Semaphore()  # green by now
            else:
                lock = threading.Lock()
            with lock:
                eventlet.sleep(0)
                return sorted(done.get() for _ in range(count))
        """,
}

#: An agent that patches its sockets only, in the package itself.
AGENT = {
    "pkg/__init__.py": "import eventlet\n\neventlet.monkey_patch(all=False, socket=True)\n",
    "pkg/cmd.py": """\
        import socket
        import time

        from eventlet import patcher


        def main():
            one, other = socket.socketpair()
            one.sendall(b"ping")
            print(other.recv(4), time.sleep.__module__ if hasattr(time.sleep, "__module__") else "")
            print(patcher.is_monkey_patched("thread"))


        if __name__ == "__main__":
            main()
        """,
}

#: Uses of eventlet that no rule rewrites yet.
HALF = {
    "pkg/__init__.py": "",
    "pkg/cmd.py": """\
        import eventlet
        eventlet.monkey_patch()

        with eventlet.Timeout(60):
            print("done")
        """,
}

PROJECTS = {"service": SERVICE, "agent": AGENT}


def make(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text))
    return root


def rewrite(root: Path) -> None:
    settings = Settings(
        monkey_patch="switch", helpers="pkg.concurrency", sleep_zero="helper", force=True
    )
    found = discover(root, [root], settings)
    for change in run(root, found.files, settings, whole_project=True).changes:
        assert change.entry.error is None
        if change.new is not None:
            (root / change.entry.path).write_bytes(change.new)


def outcome(root: Path, *, threads: bool = False, blocked: bool = False) -> tuple[int, str, str]:
    """Exit code, output and errors of ``python -m pkg.cmd``; ``blocked``: without eventlet."""
    block = "sys.modules['eventlet'] = None; " if blocked else ""
    start = f"import runpy, sys; {block}runpy.run_module('pkg.cmd', None, '__main__', True)"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", start],
        cwd=root,
        env={"PATH": os.environ.get("PATH", os.defpath), **({VARIABLE: "1"} if threads else {})},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", PROJECTS)
def test_the_same_before_and_in_both_modes(name: str, tmp_path: Path) -> None:
    root = make(tmp_path, PROJECTS[name])
    before = outcome(root)
    assert before[1] and not before[2]
    rewrite(root)
    assert outcome(root) == before
    assert outcome(root, threads=True) == before
    assert outcome(root, threads=True, blocked=True) == before  # not installed


def test_green_where_it_is_asked(tmp_path: Path) -> None:
    """Both branches of a question are there, and the mode takes one."""
    root = make(tmp_path, SERVICE)
    rewrite(root)
    shown = 'print("mode:", type(lock).__module__)\n            with lock:'
    work = root / "pkg/work.py"
    work.write_text(work.read_text().replace("with lock:", shown.replace("            ", "    ")))
    assert "mode: threading" in outcome(root)[1]
    assert "mode: _thread" in outcome(root, threads=True)[1]


def test_what_is_not_rewritten_fails_loudly_on_threads_only(tmp_path: Path) -> None:
    root = make(tmp_path, HALF)
    before = outcome(root)
    rewrite(root)
    assert outcome(root) == before == (0, "done\n", "")
    code, output, errors = outcome(root, threads=True)
    assert (code, output) == (1, "")
    told = f"RuntimeError: {VARIABLE} asks for native threads, and __main__ has imported eventlet"
    assert errors.splitlines()[-1].startswith(told)


def test_what_is_not_rewritten_below_fails_loudly_on_threads_only(tmp_path: Path) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/cmd.py": "import eventlet\neventlet.monkey_patch()\n\nfrom pkg import half\n",
        "pkg/half.py": 'import eventlet\n\nwith eventlet.Timeout(60):\n    print("done")\n',
    }
    root = make(tmp_path, files)
    rewrite(root)
    assert outcome(root) == (0, "done\n", "")
    code, output, errors = outcome(root, threads=True)
    assert (code, output) == (1, "")
    assert errors.splitlines()[-1].startswith(f"ModuleNotFoundError: {VARIABLE} asks for native")
