"""Bowler queries as a stage: text in, text out, and everything that goes wrong is told."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from eventlet_codemod.codemods.bowler import BowlerStage, refers_to, remark
from eventlet_codemod.codemods.stage import Remark, StageError

pytest.importorskip("bowler")

SPAWN = "power< any+ trailer< '.' name='spawn_n' > any* >"


def query(*filters, modify=None):
    from bowler import Query
    from fissix.fixer_util import Name

    def rename(node, capture, filename):
        leaf = capture["name"]
        leaf.replace(Name("submit", prefix=leaf.prefix))

    made = Query().select(SPAWN)
    for one in filters:
        made = made.filter(one)
    return made.modify(modify or rename)


def stage(**given):
    return BowlerStage(query(), **given)


@pytest.mark.parametrize(
    "text",
    [
        "a.spawn_n(1)\n",
        "a.spawn_n(1)",
        "a.spawn_n(1)\r\nb = 2\r\n",
        "x = 1  # é\n\na . spawn_n (  1,\n   2 )  # kept\n",
        "s = '\u2028'\na.spawn_n(1)\n",
        "def f():\n\tif x:\n\t    a.spawn_n(1)\n",
        "x = '''\n\x0c'''\n\x0c\na.spawn_n(1)\n",
        "async def f():\n    await a.spawn_n(1)\n    return {**b, 'c': (y := 1)}\n",
    ],
)
def test_only_what_the_query_edits_changes(text):
    assert stage()(text, "a.py").text == text.replace("spawn_n", "submit")


def test_a_file_without_a_match_is_given_back():
    assert stage()("x = 1", "a.py").text == "x = 1"
    assert stage()("", "a.py").text == ""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a.spawn_n(1)\nmatch a:\n    case 1:\n        pass\n", 3),
        ("with (open(a) as b, open(c) as d):\n    pass\n", 1),
        ("def f(a, /):\n    pass\n", 1),
        ("try:\n    pass\nexcept* ValueError:\n    pass\n", 3),
        ("f = lambda a, /: a\n", 1),
        ("@a[0].b\ndef f():\n    pass\n", 1),
    ],
)
def test_syntax_that_fissix_does_not_know_is_an_error_with_its_line(text, line):
    with pytest.raises(StageError) as caught:
        stage()(text, "a.py")
    assert caught.value.kind == "unsupported"
    assert abs(caught.value.line - line) <= 1


def test_what_is_no_python_is_an_error_with_its_line():
    with pytest.raises(StageError) as caught:
        stage()("x = 1\nprint 'a'\n", "a.py")
    assert (caught.value.kind, caught.value.line) == ("unsupported", 2)


def test_exec_and_print_are_names():
    text = "a.exec(1)\nexec = print\na.spawn_n(1)\n"
    assert stage()(text, "a.py").text == text.replace("spawn_n", "submit")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="earlier versions refuse the syntax")
def test_an_f_string_that_fissix_reads_wrongly_is_an_error():
    with pytest.raises(StageError) as caught:
        stage()('x = 1\ny = f"{", ".join(z)}"\na.spawn_n(1)\n', "a.py")
    assert (caught.value.kind, caught.value.line) == ("misread", 2)


class Unpicklable(Exception):
    def __init__(self, one, two):
        super().__init__(one)
        self.held = lambda: two


@pytest.mark.parametrize("error", [ValueError("no"), Unpicklable("no", 2), StopIteration("no")])
def test_what_a_modifier_raises_is_told(error):
    def modify(node, capture, filename):
        raise error

    with pytest.raises(StageError) as caught:
        BowlerStage(query(modify=modify))("a.spawn_n(1)\n", "a.py")
    assert caught.value.kind == "raised"
    assert "no" in caught.value.message


def test_a_modifier_that_asks_bowler_to_try_again_is_told():
    from bowler.types import RetryFile

    def modify(node, capture, filename):
        raise RetryFile

    with pytest.raises(StageError) as caught:
        BowlerStage(query(modify=modify))("a.spawn_n(1)\n", "a.py")
    assert caught.value.message.startswith("RetryFile (test_bowler.py:")


def test_a_modifier_that_does_not_end_is_stopped():
    def modify(node, capture, filename):
        while True:
            pass

    begun = time.monotonic()
    with pytest.raises(StageError) as caught:
        BowlerStage(query(modify=modify), limit=0.2)("a.spawn_n(1)\n", "a.py")
    assert caught.value.kind == "timeout"
    assert time.monotonic() - begun < 30


def test_the_next_file_has_the_whole_time_again():
    one = stage(limit=60)
    for _ in range(2):
        assert "submit" in one("a.spawn_n(1)\n", "a.py").text


def test_a_result_that_is_no_python_is_told():
    from fissix.fixer_util import Name

    def modify(node, capture, filename):
        capture["name"].replace(Name("not a name"))

    with pytest.raises(StageError) as caught:
        BowlerStage(query(modify=modify))("a.spawn_n(1)\n", "a.py")
    assert caught.value.kind == "broken"


# --- names ---------------------------------------------------------------------------------------

NAMES = """\
from nova import utils
from nova import utils as u2
import nova.utils
import other.utils as ou
def a():
    utils.spawn_n(1)
    u2.spawn_n(2)
    nova.utils.spawn_n(3)
    ou.spawn_n(4)
def b(utils):
    utils.spawn_n(5)      # a parameter
def c():
    from x import utils
    utils.spawn_n(6)      # another module
class K:
    utils = 1
    def m(self):
        self.utils.spawn_n(7)
        utils.spawn_n(8)
async def d():
    await utils.spawn_n(9)
"""


def numbers(text):
    return [line.partition("submit(")[2][0] for line in text.split("\n") if "submit" in line]


def test_a_pattern_alone_takes_every_name_for_the_same():
    assert numbers(stage()(NAMES, "a.py").text) == list("123456789")


def test_refers_to_takes_the_right_ones_and_no_other():
    done = BowlerStage(query(refers_to("nova.utils.spawn_n")))(NAMES, "a.py")
    assert numbers(done.text) == list("12389")


@pytest.mark.parametrize("names", [(), ("",)])
def test_refers_to_without_names_would_match_nothing(names):
    with pytest.raises(ValueError, match="wants names"):
        refers_to(*names)


def test_refers_to_follows_relative_imports_and_the_module_itself():
    wanted = refers_to("nova.utils.spawn_n")
    text = "from . import utils\nfrom .. import utils as up\nutils.spawn_n(1)\nup.spawn_n(2)\n"
    assert numbers(BowlerStage(query(wanted))(text, "nova/a.py").text) == ["1"]
    assert numbers(BowlerStage(query(wanted))(text, "nova/compute/a.py").text) == ["2"]


def test_refers_to_is_right_after_earlier_edits_of_the_same_file():
    from bowler import Query
    from fissix.fixer_util import Name

    def grow(node, capture, filename):
        leaf = capture["name"]
        leaf.replace(Name("a_much_longer_name", prefix=leaf.prefix))

    def rename(node, capture, filename):
        capture["name"].replace(Name("submit"))

    made = (
        Query()
        .select("power< any+ trailer< '.' name='short' > any* >")
        .modify(grow)
        .select(SPAWN)
        .filter(refers_to("nova.utils.spawn_n"))
        .modify(rename)
    )
    text = "from nova import utils\n\n\nx.short(utils.spawn_n(1), y.spawn_n(2))\n"
    done = BowlerStage(made)(text, "a.py").text
    assert done.endswith("x.a_much_longer_name(utils.submit(1), y.spawn_n(2))\n")


# --- importing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("cache", ["/dev/null/no", ""])
def test_no_cache_directory_is_needed_or_made(tmp_path, cache):
    program = (
        "from eventlet_codemod.codemods.bowler import BowlerStage, _imported\n"
        "_imported()\n"
        "from bowler import Query\n"
        "query = Query().select_function('a').rename('b')\n"
        "print(BowlerStage(query)('a(1)\\n', 'x.py').text, end='')\n"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": cache, "HOME": str(tmp_path / "none")}
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("b(1)\n", "")
    assert list(tmp_path.iterdir()) == []


def test_the_same_query_under_stock_bowler_gives_the_same(tmp_path):
    """Where Bowler can parse the file and apply its own hunks."""
    file = tmp_path / "a.py"
    file.write_text(NAMES)
    made = query(refers_to("nova.utils.spawn_n"))
    made.paths = [str(tmp_path)]
    made.execute(interactive=False, write=True, silent=True)
    ours = BowlerStage(query(refers_to("nova.utils.spawn_n")))(NAMES, "a.py").text
    assert file.read_text() == ours
    assert Path.exists(file)


# --- what a query tells -----------------------------------------------------------------------


def test_what_a_query_tells_is_of_lines_as_they_were():
    from bowler import Query
    from fissix.fixer_util import Name

    def longer(node, capture, filename):
        capture["name"].replace(Name("go", prefix="\n\n"))

    def tell(node, capture, filename):
        remark(node, filename, "it waits", "do not")
        remark(node, filename, "it waits", "do not")

    one = Query().select("power< 'a' trailer< '(' name='x' ')' > >").modify(longer)
    two = Query().select("power< 'b' any* >").modify(tell)
    done = BowlerStage(one, two)("b(1)\na(x)\nb(2)\n", "a.py")
    assert done.text == "b(1)\na(\n\ngo)\nb(2)\n"
    assert done.remarks == (
        Remark("it waits", 1, advice="do not"),
        Remark("it waits", 3, advice="do not"),
    )
