from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

KILL, CATCH = "C-KILL", "C-CATCH"

CASES = [
    noop(
        "a limit that the call has already, and no Timeout",
        """
        import subprocess

        import eventlet.wsgi

        subprocess.check_output(["true"], timeout=3)
        """,
    ),
    manual(
        "a limit of its own beside the Timeout",
        """
        import subprocess

        import eventlet


        def run(command):
            with eventlet.Timeout(5, ValueError):
                return subprocess.check_output(command, timeout=3)
        """,
        says="has a limit of its own already",
    ),
    manual(
        "something else waits in the block, too",
        """
        import subprocess

        import eventlet


        def run(command, lock):
            with eventlet.Timeout(5, ValueError):
                lock.acquire()
                return subprocess.check_output(command)
        """,
        says="`lock.acquire()` on line 8 waits in it, too",
    ),
    manual(
        "hidden arguments may hold a limit",
        """
        import subprocess

        import eventlet


        def run(command, **given):
            with eventlet.Timeout(5, ValueError):
                return subprocess.check_output(command, **given)
        """,
        says="cannot be seen",
    ),
    manual(
        "a clause in the block would take the exception",
        """
        import subprocess

        import eventlet


        def run(command):
            with eventlet.Timeout(5, ValueError):
                try:
                    return subprocess.check_output(command)
                except subprocess.SubprocessError:
                    return b""
        """,
        says="the except clause on line 10, inside the block",
    ),
    manual(
        "the name may be another process's",
        """
        import subprocess

        import eventlet


        def run(command, process=None):
            if process is None:
                process = subprocess.Popen(command)
            with eventlet.Timeout(5, ValueError):
                process.communicate()
        """,
        says="`process.communicate()` on line 10 waits in it, too",
    ),
    manual(
        "cancelled by hand, and caught by a caller",
        """
        import subprocess

        import eventlet


        def run(command):
            limit = eventlet.Timeout(5)
            try:
                return subprocess.check_output(command)
            finally:
                limit.cancel()
        """,
        says="its exception leaves the function",
    ),
    manual(
        "the clause may let it go on, to clauses for Timeout",
        """
        import subprocess

        import eventlet


        def run(command, log):
            try:
                with eventlet.Timeout(5):
                    return subprocess.check_output(command)
            except eventlet.Timeout:
                log("too late")
                raise
        """,
        says="may let it go on",
    ),
    manual(
        "a sleep beside it",
        """
        import subprocess
        import time

        import eventlet


        def run(command):
            with eventlet.Timeout(5, ValueError):
                subprocess.check_output(command)
                time.sleep(1)
        """,
        says="`subprocess.check_output()` on line 9 waits in it, too",
    ),
    fixes(
        "caught at home: the clause names what is raised now",
        """
        import subprocess

        import eventlet


        def run(command, log):
            try:
                with eventlet.Timeout(5):  # seconds
                    return subprocess.run(
                        command,
                        check=True,
                    )
            except (KeyError, eventlet.Timeout):
                log("too late")
        """,
        """
        import subprocess


        def run(command, log):
            try:
                return subprocess.run(
                    command,
                    check=True,
                    timeout=5,
                )
            except (KeyError, subprocess.TimeoutExpired):
                log("too late")
        """,
        checks=[CATCH],
        loses=["# seconds"],
    ),
    fixes(
        "an exception of one's own",
        """
        import subprocess

        import eventlet


        def run(command, seconds):
            with eventlet.Timeout(seconds, ValueError("slow")):
                process = subprocess.Popen(command)
                out, _ = process.communicate()
            return out
        """,
        """
        import subprocess


        def run(command, seconds):
            try:
                process = subprocess.Popen(command)
                out, _ = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired as error:
                raise ValueError("slow") from error
            return out
        """,
        checks=[KILL],
    ),
    fixes(
        "silent",
        """
        import eventlet
        from oslo_concurrency import processutils


        def run(command):
            with eventlet.Timeout(3, False):
                processutils.execute(command)
        """,
        """
        import subprocess

        from oslo_concurrency import processutils


        def run(command):
            try:
                processutils.execute(command, timeout=3)
            except subprocess.TimeoutExpired:
                pass
        """,
        checks=["C-VERSION"],
    ),
    fixes(
        "several share a deadline",
        """
        import subprocess

        import eventlet


        def run(commands, log):
            try:
                with eventlet.Timeout(60):
                    for command in commands:
                        subprocess.check_call(command)
            except eventlet.Timeout:
                log("too late")
        """,
        """
        import subprocess
        import time


        def run(commands, log):
            try:
                deadline = time.monotonic() + 60
                for command in commands:
                    subprocess.check_call(command, timeout=max(0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log("too late")
        """,
        checks=[CATCH],
        line_length=100,
    ),
    fixes(
        "the wait of a process, and one with a name of its own",
        """
        import subprocess as sp

        import eventlet


        def run(command, log):
            child = sp.Popen(command)
            try:
                with eventlet.Timeout(9):
                    child.wait()
            except eventlet.Timeout:
                child.kill()
        """,
        """
        import subprocess as sp


        def run(command, log):
            child = sp.Popen(command)
            try:
                child.wait(timeout=9)
            except sp.TimeoutExpired:
                child.kill()
        """,
        checks=[CATCH],
    ),
    fixes(
        "the long form",
        """
        import subprocess

        import eventlet


        def run(command, log):
            limit = eventlet.Timeout(9)
            try:
                subprocess.call(command)
            except eventlet.Timeout as error:
                if error is limit:
                    log("too late")
            finally:
                limit.cancel()
        """,
        """
        import subprocess


        def run(command, log):
            try:
                subprocess.call(command, timeout=9)
            except subprocess.TimeoutExpired:
                log("too late")
        """,
        checks=[CATCH],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_timeout_process(case: Case) -> None:
    check(case, "timeout" if case.kind == "manual" else "timeout-process")
