"""The results of a test run, read from what test runners print."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

#: unittest with -v: ``test_a (pkg.Case.test_a) ... ok``; a docstring may stand between.
_UNITTEST = re.compile(r"^(\w+) \(([\w.]+)\)(?:\n[^\n]*?)? \.\.\. ", re.MULTILINE)
_UNITTEST_WORD = re.compile(
    r"(?:^|(?<=\.\.\. ))(ok|FAIL|ERROR|skipped [^\n]*|expected failure|unexpected success)[ \t]*$",
    re.MULTILINE,
)
_WORDS = "PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS"
#: pytest with -v, with and without xdist: ``a.py::test_a PASSED [ 50%]``, ``[gw0] PASSED a.py::…``.
_PYTEST = re.compile(
    rf"^(?:\[gw\d+\] \[ *\d+%\] ({_WORDS}) (\S+::.+?)"
    rf"|(\S+::.+?) ({_WORDS})(?: \([^\n]*\))?(?: +\[ *\d+%\])?)[ \t]*$",
    re.MULTILINE,
)
#: pytest with -rA: ``PASSED a.py::test_a``, ``FAILED a.py::test_a - ValueError``.
_PYTEST_SUMMARY = re.compile(rf"^({_WORDS}) (\S+::.+?)(?: - .*)?$", re.MULTILINE)
#: stestr: ``{0} pkg.Case.test_a [0.01s] ... ok``; what tests print may stand in front of it.
_STESTR = re.compile(r"\{\d+\} ([\w.]+)(?:\([^)]*\))?(?: \[[\d.]+s\])? \.\.\. (\S+)")

#: How a packet of subunit, version 2, begins; letters of UTF-8 may begin so, too.
_PACKET = re.compile(rb"\xb3[\x20-\x2f]")
_STREAMED = {
    "success": "ok",
    "xfail": "ok",
    "skip": "skipped",
    "fail": "failed",
    "uxsuccess": "failed",
}

_PASSED = frozenset({"ok", "passed", "xfail", "xpass", "expected failure"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs of one suite, test by test. Names are sorted."""

    broken: tuple[str, ...]  # passed, and fails now
    mended: tuple[str, ...]
    missing: tuple[str, ...]  # passed, and is not run any more
    new: tuple[str, ...]
    passing: int  # in both
    before: int  # that passed before

    @property
    def lost(self) -> int:
        """How many tests that passed do not any more."""
        return len(self.broken) + len(self.missing)


class ResultsError(Exception):
    """Results that cannot be read; the text says what that takes."""


def read_results(printed: bytes) -> dict[str, str]:
    """The outcome of each test: ``passed``, ``failed`` or ``skipped``.

    Understands unittest and pytest with ``-v``, pytest with ``-rA``, what stestr prints, and
    subunit. A test that is told twice counts as failed if it failed once, and so does one that was
    begun and never ended. Raises ResultsError for subunit without the library that reads it.
    """
    found: dict[str, str] = {}
    if _holds_subunit(printed):
        printed = _read_subunit(printed, found)
    output = printed.decode(errors="replace").replace("\r\n", "\n")
    begun = list(_UNITTEST.finditer(output))
    for number, match in enumerate(begun):
        end = begun[number + 1].start() if number + 1 < len(begun) else len(output)
        word = _UNITTEST_WORD.search(output, match.end(), end)  # what it prints may come before
        name, place = match.groups()
        whole = place if place.rpartition(".")[2] == name else f"{place}.{name}"
        _note(found, whole, word[1] if word is not None else "no outcome")
    for first, one, two, last in _PYTEST.findall(output):
        _note(found, one or two, first or last)
    for word, name in _PYTEST_SUMMARY.findall(output):
        _note(found, name, word)
    for name, word in _STESTR.findall(output):
        _note(found, name, word)
    return found


def _holds_subunit(printed: bytes) -> bool:
    """Whether there is a whole packet: its length is that of what its checksum is of."""
    for match in _PACKET.finditer(printed):
        start = match.start()
        first = printed[start + 3 : start + 4]
        width = (first[0] >> 6) + 1 if first else 0
        size = int.from_bytes(printed[start + 3 : start + 3 + width], "big")
        size &= (1 << (8 * width - 2)) - 1 if width else 0
        packet = printed[start : start + size]
        if len(packet) == size >= 8:
            checksum = int.from_bytes(packet[-4:], "big")
            if zlib.crc32(packet[:-4]) == checksum:
                return True
    return False


def _read_subunit(printed: bytes, found: dict[str, str]) -> bytes:
    """Note what a stream tells, and return what stands between its packets."""
    try:
        import subunit  # type: ignore[import-untyped]
    except ImportError:
        raise ResultsError(
            "the tests print subunit; to read it: pip install 'eventlet-codemod[subunit]'"
        ) from None
    begun: set[str] = set()
    between: list[bytes] = []

    class Result:
        def status(
            self, test_id: str | None = None, test_status: str | None = None, **told: Any
        ) -> None:
            if test_id is None and told.get("file_name") == "printed":
                between.append(bytes(told["file_bytes"]))
            elif test_id is not None and test_status == "inprogress":
                begun.add(test_id)
            elif test_id is not None and test_status in _STREAMED:
                begun.discard(test_id)
                _note(found, test_id, _STREAMED[test_status])

    stream = subunit.ByteStreamToStreamResult(io.BytesIO(printed), non_subunit_name="printed")
    stream.run(Result())
    for name in begun:
        _note(found, name, "no outcome")
    return b"".join(between)


def _note(found: dict[str, str], name: str, word: str) -> None:
    told = word.strip().lower()
    outcome = "passed" if told in _PASSED else "failed"
    if told.startswith("skip"):
        outcome = "skipped"
    if found.get(name) != "failed":
        found[name] = outcome


def compare(before: Mapping[str, str], after: Mapping[str, str]) -> Comparison:
    """What became of each test."""
    passed = {name for name, outcome in before.items() if outcome == "passed"}
    passes = {name for name, outcome in after.items() if outcome == "passed"}
    failed = {name for name, outcome in after.items() if outcome == "failed"}
    gone = passed - after.keys()
    skipped = {name for name in passed if after.get(name) == "skipped"}
    return Comparison(
        broken=_sorted(passed & failed),
        mended=_sorted({n for n in passes if before.get(n) == "failed"}),
        missing=_sorted(gone | skipped),
        new=_sorted(after.keys() - before.keys()),
        passing=len(passed & passes),
        before=len(passed),
    )


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
