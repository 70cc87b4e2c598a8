"""The environment of tox in which a project in dual mode runs on threads."""

from __future__ import annotations

import configparser

import pytest

VARIABLE = "OS_PKG_DISABLE_EVENTLET_PATCHING"
ADDED = """
[testenv:threading]
description = Run the tests on native threads, without eventlet.
setenv =
  {[testenv]setenv}
  OS_PKG_DISABLE_EVENTLET_PATCHING = 1
"""
TESTS = "[testenv]\nsetenv = A=1\ncommands =\n  stestr run\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tox.ini", ""),
        ("tox.ini", "[tox]\nenvlist = py3\n"),
        ("tox.ini", "[testenv]\nsetenv = A=1\n"),
        ("tox.ini", "[testenv:py3]\ncommands = stestr run\n"),
        ("tox.ini", f"{TESTS}\n[testenv:threading]\nsetenv = B=1\n"),
        ("tox.ini", f"{TESTS}passenv = {VARIABLE}\n"),
        ("setup.cfg", f"[tox:tox]\n{TESTS}"),
        ("sub/tox.ini", TESTS),
    ],
)
def test_what_stays(stays, path, text):
    stays(path, text, variable=VARIABLE)


def test_it_belongs_to_dual_mode(stays):
    stays("tox.ini", TESTS)


WAYS = pytest.mark.parametrize(
    ("before", "after"),
    [
        (TESTS, f"{TESTS}{ADDED}"),
        (
            f"{TESTS}\n# style\n[flake8]\nignore = E1\n",
            f"{TESTS}{ADDED}\n# style\n[flake8]\nignore = E1\n",
        ),
        (
            "[tox]\nskipsdist = True\n[testenv]\ncommands = pytest\n[testenv:docs]\nsetenv = B=1\n",
            "[tox]\nskipsdist = True\n[testenv]\ncommands = pytest\n"
            + ADDED.replace("  {[testenv]setenv}\n", "")
            + "[testenv:docs]\nsetenv = B=1\n",
        ),
        (TESTS.replace("setenv", "set_env"), (TESTS + ADDED).replace("setenv", "set_env")),
    ],
    ids=["alone", "before a comment", "without variables", "as tox 4 says it"],
)


@WAYS
def test_it_comes_below_the_one_it_takes_from(becomes, before, after):
    outcome = becomes("tox.ini", before, after, variable=VARIABLE)
    (told,) = outcome.told()
    assert told.endswith("EVT811 safe rewritten")
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(outcome.text("tox.ini"))
    section = parser["testenv:threading"]
    given = section.get("setenv") or section.get("set_env") or ""
    assert given.split("\n")[-1] == f"{VARIABLE} = 1"


def test_it_may_be_kept_out(stays):
    stays("tox.ini", f"# eventlet-codemod: ignore[EVT811]\n{TESTS}", says="runs", variable=VARIABLE)


@WAYS
def test_it_leaves_with_dual_mode(becomes, before, after):
    outcome = becomes("tox.ini", after, before, ended=VARIABLE)
    (told,) = outcome.told()
    assert told.endswith("EVT811 safe rewritten")


@pytest.mark.parametrize(
    "added",
    [
        f"{ADDED}commands = pytest\n",
        f"{ADDED}  OTHER = 2\n",
        ADDED.replace("= 1", "= yes"),
        ADDED.replace("threading]", "native]"),
    ],
)
def test_one_that_was_edited_stays(stays, added):
    stays("tox.ini", TESTS + added, ended=VARIABLE)
