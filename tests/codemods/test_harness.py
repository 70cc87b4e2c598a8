"""The harness for codemods: tables of cases, as for built-in rules, and what it finds wrong."""

from __future__ import annotations

import textwrap
from dataclasses import replace

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

pytest.importorskip("bowler")

WRAPPERS = '''
"""go() of this project becomes eventlet's spawn_n."""
from bowler import Query
from fissix.fixer_util import Name
from eventlet_codemod import refers_to

CODE = "PKG001"
REQUIRES = "go"


def rename(node, capture, filename):
    capture["name"].replace(Name("start", prefix=capture["name"].prefix))


def query(*paths):
    return (
        Query(*paths)
        .select("power< 'utils' trailer< '.' name='go' > any* >")
        .filter(refers_to("pkg.utils.go"))
        .modify(rename)
    )
'''
FACTS = '[names]\n"hub.sleep" = "eventlet.sleep"\n'
RULE = '''
"""What pkg.utils.stop becomes."""
from eventlet_codemod import Leave, ReplaceExpression, Rewrite, Rule


def match(use, facts, settings):
    if use.call is None:
        return None
    return Rewrite(
        message="it is close() now",
        why="they do the same",
        edits=(ReplaceExpression(use.node, lambda node, context: "utils.close"),),
    )


rule = Rule(
    code="PKG002",
    family="pkg",
    step=1,
    summary="stop() becomes close()",
    apis=frozenset({"pkg.utils.stop"}),
    match=match,
    before="",
    after="",
)
'''

IMPORT = "from pkg import utils\n\n"
GO = [
    noop("another module", "from other import utils\n\nutils.go(1)\n"),
    fixes(
        "a call, and a comment that stays",
        IMPORT + "def f():\n    # why\n    utils.go(1)  # how\n",
        IMPORT + "def f():\n    # why\n    utils.start(1)  # how\n",
        checks=["C-CODEMOD"],
    ),
]
SLEEP = [
    noop("another hub", "from other import hub\n\nhub.sleep(1)\n"),
    manual("unseen", "import hub\n\nhub.sleep(*a)\n", says="cannot be seen"),
    fixes("a call", "import hub\n\nhub.sleep(1)\n", "import time\n\ntime.sleep(1)\n"),
]
STOP = [
    noop("another name", IMPORT + "utils.go(1)\n"),
    manual("not called", IMPORT + "f = utils.stop\n", says="leaves this one"),
    fixes("a call", IMPORT + "utils.stop(1)\n", IMPORT + "utils.close(1)\n"),
]


@pytest.fixture
def path(tmp_path):
    def write(name, text):
        (tmp_path / name).write_text(textwrap.dedent(text))
        return str(tmp_path / name)

    return write


@pytest.mark.parametrize("case", GO, ids=str)
def test_a_stage(case: Case, path) -> None:
    check(case, path("wrappers.py", WRAPPERS))


@pytest.mark.parametrize("case", SLEEP, ids=str)
def test_facts(case: Case, path) -> None:
    check(case, path("hub.toml", FACTS))


@pytest.mark.parametrize("case", STOP, ids=str)
def test_a_rule(case: Case, path) -> None:
    check(case, path("stop.py", RULE))


def test_a_case_that_is_wrong_fails(path):
    with pytest.raises(AssertionError, match="the result is another"):
        check(replace(GO[1], after="x = 1\n"), path("wrappers.py", WRAPPERS))


def test_a_tier_that_is_wrong_fails(path):
    with pytest.raises(AssertionError, match="it asks C-CODEMOD; `checks` of the case: nothing"):
        check(
            fixes("a call", IMPORT + "utils.go(1)\n", IMPORT + "utils.start(1)\n"),
            path("wrappers.py", WRAPPERS),
        )


def test_a_codemod_that_cannot_be_loaded_is_told_on_one_line(path):
    spec = path("wrappers.py", "CODE = 'Long001'\ndef query(*paths): pass\n")
    with pytest.raises(AssertionError, match=r"wrappers.py: 'Long001' .* 2 to 12 capital") as told:
        check(GO[1], spec)
    assert "\n" not in str(told.value)


def test_a_codemod_that_fails_fails(path):
    broken = WRAPPERS.replace('capture["name"].replace', "raise ValueError")
    with pytest.raises(AssertionError, match=r"the codemod failed: \['ValueError"):
        check(GO[1], path("wrappers.py", broken))
