"""The results of a test run, read from what test runners print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
_STESTR = re.compile(r"\{\d+\} ([\w.]+)(?:\([^)]*\))? \[[\d.]+s\] \.\.\. (\S+)")

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


def read_results(output: str) -> dict[str, str]:
    """The outcome of each test: ``passed``, ``failed`` or ``skipped``.

    Understands unittest and pytest with ``-v``, pytest with ``-rA``, and stestr. A test that is
    told twice counts as failed if it failed once.
    """
    output = output.replace("\r\n", "\n")
    found: dict[str, str] = {}
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
