"""Run a suite of unittest in several processes, and outlive what breaks in it.

    python suite.py [--top DIR] [--workers N] [--limit SECONDS] [--match REGEX] START

It is run by the Python of the project under test, so it is one file and needs nothing else. Each
test is told in a line, as stestr does it: ``{0} pkg.Case.test_a [0.01s] ... ok``.

`stestr run` stops before the first test when one module cannot be imported, and a test that hangs
stops all of them. Here the one is a failure of its own, as unittest has it, and the process of the
other is ended after the limit and another one goes on behind it. What failed is tried once more, in
a fresh process: what passes then passed, so that neither the order of tests nor a busy machine is
blamed on a change.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

Error = Any  # what sys.exc_info() gives

#: More failures than this have a cause that trying again will not mend.
TRIED_AGAIN = 100
MISSING = "unittest.loader._FailedTest"


def main() -> int | None:
    options = read_options()
    if options.worker is not None:
        return work(options)
    names = [name for name in listed(options) if re.search(options.match, name)]
    if not names:
        sys.exit("no test was found")
    suite = Suite(options)
    suite.run(shares(names, options.workers))
    again = [name for name in suite.held if not name.startswith(MISSING)]
    if again and len(again) <= TRIED_AGAIN:
        print(f"trying again: {len(again)}")
        for name in again:
            del suite.held[name]
        suite.run([list(dict.fromkeys(listed_as(name, set(names)) for name in again))])
    for text in suite.held.values():
        print(text)
    print(f"ran {len(suite.outcomes)}, failed {len(suite.held)}")
    return 1 if suite.held else 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("start", metavar="START", help="the directory where tests are looked for")
    parser.add_argument("--top", default=".", help="the directory that imports begin from")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--limit", type=float, default=300.0, metavar="SECONDS", help="of a test")
    parser.add_argument("--match", default="", metavar="REGEX", help="only tests of such a name")
    parser.add_argument("--worker", choices=["list", "run"], help=argparse.SUPPRESS)
    return parser.parse_args()


def shares(names: list[str], workers: int) -> list[list[str]]:
    """The names in as many parts, each class whole and in the order in which it was found."""
    classes: dict[str, list[str]] = {}
    for name in names:
        classes.setdefault(class_of(name), []).append(name)
    parts: list[list[str]] = [[] for _ in range(max(1, workers))]
    for tests in classes.values():
        min(parts, key=len).extend(tests)
    return [part for part in parts if part]


def class_of(name: str) -> str:
    return re.sub(r"\(.*", "", name).rpartition(".")[0]


def listed_as(name: str, names: set[str]) -> str:
    """By which name a test was found: one of several scenarios is made when it is run."""
    return name if name in names else name.partition("(")[0]


def listed(options: argparse.Namespace) -> list[str]:
    """The names of all tests."""
    with tempfile.TemporaryFile() as printed:
        done = subprocess.run(
            own_command(options, "list"), stdout=subprocess.PIPE, stderr=printed, check=False
        )
        if done.returncode:
            printed.seek(0)
            sys.exit(printed.read().decode(errors="replace"))
    return json.loads(done.stdout.splitlines()[-1])


def own_command(options: argparse.Namespace, role: str) -> list[str]:
    return [
        sys.executable,
        __file__,
        *("--top", options.top, "--limit", str(options.limit), "--worker", role),
        options.start,
    ]


class Suite:
    """What became of the tests, and the processes that run them."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.outcomes: dict[str, str] = {}
        self.held: dict[str, str] = {}  # failures, told when they were tried again
        self.lock = threading.Lock()

    def run(self, parts: list[list[str]]) -> None:
        threads = [
            threading.Thread(target=self._part, args=(number, part))
            for number, part in enumerate(parts)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _part(self, number: int, names: list[str]) -> None:
        """Run the tests, in another process wherever one ends early."""
        while names:
            with tempfile.TemporaryFile() as printed:
                done, begun = self._process(number, names, printed)
                printed.seek(0)
                last = printed.read().decode(errors="replace")[-4000:]
            known = set(names)
            done = {listed_as(name, known) for name in done}
            names = [name for name in names if name not in done]
            if begun is None:
                for name in names:  # setUpClass failed, or nothing can be run
                    self._note(number, name, 0.0, "FAILED", "It was not run.\n" + last)
                return
            self._note(number, begun, self.options.limit, "FAILED", "Its process ended.\n" + last)
            names = [name for name in names if name != listed_as(begun, known)]

    def _process(
        self, number: int, names: list[str], printed: IO[bytes]
    ) -> tuple[set[str], str | None]:
        """The tests that ended, and the one that did not."""
        done, begun = set(), None
        process = subprocess.Popen(
            own_command(self.options, "run"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=printed,
        )
        process.stdin.write(json.dumps(names).encode())
        process.stdin.close()
        for line in process.stdout:
            told = json.loads(line)
            begun = told["name"]
            if "outcome" in told:
                self._note(number, begun, told["seconds"], told["outcome"], told["details"])
                done.add(begun)
                begun = None
        process.wait()
        return done, begun

    def _note(self, number: int, name: str, seconds: float, outcome: str, details: str) -> None:
        plain = re.sub(r"[^\w.]+", "_", name).rstrip("_")  # scenarios have names with blanks
        text = f"{{{number}}} {plain} [{seconds:.3f}s] ... {outcome}"
        with self.lock:
            self.outcomes[name] = outcome
            if outcome == "FAILED":
                indented = "\n".join("    " + line for line in details.strip().splitlines())
                self.held[name] = f"{text}\n{indented}"
            else:
                print(text, flush=True)


# --- in the process that runs tests ---------------------------------------------------------------


def work(options: argparse.Namespace) -> None:
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what tests print
    sys.path.insert(0, str(Path(options.top).resolve()))
    wanted = json.loads(sys.stdin.read()) if options.worker == "run" else []
    found = unittest.TestLoader().discover(options.start, top_level_dir=options.top)
    tests = list(flat(found))
    if options.worker == "list":
        print(json.dumps([test.id() for test in tests]), file=told, flush=True)
    else:
        names = set(wanted)
        suite = unittest.TestSuite(test for test in tests if test.id() in names)
        suite.run(Told(told, options.limit))
    sys.stdout.flush()
    os._exit(0)  # threads that a test left behind do not hold us up


def flat(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from flat(item)
        else:
            yield item


class Told(unittest.TestResult):
    """Tells of the beginning and the end of each test, in lines of JSON."""

    def __init__(self, told: IO[str], limit: float) -> None:
        super().__init__()
        self.told = told
        self.limit = limit
        self.worst: tuple[str, str] | None = None
        self.begun = 0.0

    def _tell(self, **what: object) -> None:
        print(json.dumps(what), file=self.told, flush=True)

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self.worst, self.begun = None, time.perf_counter()
        self._tell(name=test.id())
        faulthandler.dump_traceback_later(self.limit, exit=True)

    def stopTest(self, test: unittest.TestCase) -> None:
        faulthandler.cancel_dump_traceback_later()
        outcome, details = self.worst or ("FAILED", "It told of no outcome.")
        seconds = time.perf_counter() - self.begun
        self._tell(name=test.id(), outcome=outcome, seconds=seconds, details=details)
        super().stopTest(test)

    def _note(self, outcome: str, details: str = "") -> None:
        if self.worst is None or self.worst[0] != "FAILED":
            self.worst = (outcome, details)

    def addSuccess(self, test: unittest.TestCase) -> None:
        self._note("ok")

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        self._note("SKIPPED")

    def addExpectedFailure(self, test: unittest.TestCase, err: Error) -> None:
        self._note("ok")

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        self._note("FAILED", "It passed, and was expected to fail.")

    def addError(self, test: unittest.TestCase, err: Error) -> None:
        self._note("FAILED", text_of(err))
        if not hasattr(test, "run") or type(test).__name__ == "_ErrorHolder":
            print(text_of(err), file=sys.stderr)  # of a class or a module: no test is running

    def addFailure(self, test: unittest.TestCase, err: Error) -> None:
        self._note("FAILED", text_of(err))

    def addSubTest(self, test: unittest.TestCase, subtest: object, err: Error | None) -> None:
        if err is not None:
            self._note("FAILED", text_of(err))


def text_of(err: Error) -> str:
    try:
        return "".join(traceback.format_exception(*err))
    except Exception as error:  # an exception whose own text fails
        return f"{err[0].__name__}: no text ({error!r})"


if __name__ == "__main__":
    sys.exit(main())
