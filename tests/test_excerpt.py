"""One property above all: putting back what was taken out of an excerpt gives the same file."""

from __future__ import annotations

import ast
import random
import sysconfig
import warnings
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from eventlet_codemod.excerpt import Excerpt, ExcerptError, take
from eventlet_codemod.source import SourceError, decode

PROGRAM = '''\
"""Doc."""
import os

x = 1
def f():
    if x:
        a = 1
        b = 2
    else:
        c = 3
    return """
text
"""

class A:
    @property
    def g(self):
        return 1
    def h(self): return 2
'''


def statements_of(tree: ast.Module) -> list[ast.stmt]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]


def excerpt_of(text: str, *kept: str) -> Excerpt:
    """The excerpt that keeps the statements whose first line begins with one of ``kept``."""
    tree = ast.parse(text)
    lines = text.splitlines()
    keep = [
        node
        for node in statements_of(tree)
        if lines[node.lineno - 1][node.col_offset :].startswith(kept or ("\0",))
    ]
    with_parents = {
        node for node in statements_of(tree) for inner in ast.walk(node) if inner in keep
    }
    return take(text, tree, with_parents)


def test_what_is_kept() -> None:
    small = excerpt_of(PROGRAM, "b = 2", "def g")
    assert small.text.splitlines() == [
        '"""Doc."""',
        "import os",
        "",
        "__excerpt0__",
        "def f():",
        "    if x:",
        "        __excerpt1__",
        "        b = 2",
        "    else:",
        "        __excerpt2__",
        "    __excerpt3__",
        "",
        "class A:",
        "    @property",
        "    def g(self):",
        "        __excerpt4__",
        "    __excerpt5__",
    ]
    assert small.put_back(small.text) == PROGRAM


def test_nothing_kept_and_everything_kept() -> None:
    assert len(excerpt_of(PROGRAM).taken) == 1
    tree = ast.parse(PROGRAM)
    whole = take(PROGRAM, tree, statements_of(tree))
    assert whole.text == PROGRAM and whole.taken == ()


def test_lines_that_are_kept_can_be_found() -> None:
    small = excerpt_of(PROGRAM, "b = 2", "def g")
    old, new = PROGRAM.splitlines(), small.text.splitlines()
    assert all(old[first - 1] == new[second - 1] for first, second in small.line_of.items())


def test_imports_stay_wherever_they_are() -> None:
    text = "def f():\n    if x:\n        import os\n    y = 1\nz = 2\n"
    assert "        import os\n" in excerpt_of(text).text


def test_statements_among_the_imports_stay_up_to_the_first_definition() -> None:
    text = "import a\npatch()\nif x:\n    y = a\nimport b\nafter()\n"
    assert excerpt_of(text).text == text.replace("after()", "__excerpt0__")
    text = "import a\nx = 1\ndef f():\n    return a\ny = f()\nimport b\n"
    kept = "import a\nx = 1\ndef f():\n    __excerpt0__\n__excerpt1__\nimport b\n"
    assert excerpt_of(text).text == kept


def test_whole_statements_keep_what_is_in_them() -> None:
    text = "if x:\n    a = 1\n    def f():\n        b = 2\ny = 1\n"
    tree = ast.parse(text)
    small = take(text, tree, [tree.body[0]], [tree.body[0]])
    assert small.text == "if x:\n    a = 1\n    def f():\n        b = 2\n__excerpt0__\n"


def test_the_placeholder_is_no_word_of_the_file() -> None:
    text = "__excerpt = 1\n__excerpt0__ = 2\nx = 3\n"
    small = excerpt_of(text, "__excerpt =")
    assert small.put_back(small.text) == text
    assert "__excerpt0__ = 2" not in small.text


def test_edits_between_placeholders_come_back() -> None:
    small = excerpt_of(PROGRAM, "b = 2")
    edited = small.text.replace("b = 2", "b = 3\n        bb = 4").replace("import os\n", "")
    expected = PROGRAM.replace("b = 2", "b = 3\n        bb = 4").replace("import os\n", "")
    assert small.put_back(edited) == expected


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("__excerpt0__\n", "", "stands where"),
        ("    __excerpt3__", "    pass", "stands where 3 should"),
        ("    __excerpt4__", "    pass", "is missing"),
        ("__excerpt0__\n", "__excerpt0__\n__excerpt0__\n", "stands where"),
        ("    __excerpt3__", "__excerpt3__", "was indented anew"),
        ("__excerpt0__", "__excerpt1__", "stands where"),
    ],
)
def test_a_placeholder_that_does_not_come_back_is_noticed(old: str, new: str, message: str) -> None:
    small = excerpt_of(PROGRAM, "b = 2", "def g")
    last = small.text.replace("    __excerpt5__\n", "")
    text = last if old == "    __excerpt4__" else small.text
    with pytest.raises(ExcerptError, match=message):
        small.put_back(text.replace(old, new))


def test_changed_lines_count_in_the_whole_file() -> None:
    small = excerpt_of(PROGRAM, "b = 2", "def g")
    edited = small.text.replace("        b = 2\n", "        b = 3\n        b = 4\n")
    assert small.changed_lines(edited) == [(7, 8, 7, 9)]
    assert small.changed_lines(small.text) == []


def test_changed_lines_are_not_counted_where_a_lone_cr_ends_lines() -> None:
    small = excerpt_of("x = 1\ry = 2\r")
    assert small.changed_lines(small.text) is None


# --- the property -------------------------------------------------------------------------------

SIMPLE = st.sampled_from(
    [
        "x = 1",
        "pass",
        "call(a, b=[c])",
        "import os",
        "from eventlet import sleep",
        "x = 1; y = 2",
        "import a; b = 1",
        'x = """one\n  two\n\tthree"""',
        "x = (1,\n2,\n   3)",
        "x = [  # comment\n\n    1,\n]",
        "a = b \\\n  + c",
        "'é'; x = '日本'",
        "x = 1  # __excerpt",
        "x: int = 3",
        "del x",
        "x = f'{a}{b!r:>{c}}'",
    ]
)
HEADERS = st.sampled_from(
    [
        ("if x:", True),
        ("while x:", True),
        ("for a in b:", True),
        ("with a as b, c:", True),
        ("def f(a, b=1):", True),
        ("async def f(\n        a):", True),
        ("class A(B):", True),
        ("@decorate(\n    1)\n@other\ndef g():", True),
        ("try:", False),
        ("match x:", False),
    ]
)
BETWEEN = st.sampled_from(["", "", "", "\n", "# comment\n", "\x0c\n", "   \n", "\n\n\x0c\n# a\n"])
LEADS = st.sampled_from(["", "", "", "", "\x0c"])
INDENTS = st.sampled_from(["    ", "  ", "\t"])


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0, indent: str = "") -> str:
    out = []
    for _ in range(draw(st.integers(1, 4))):
        out.append(draw(BETWEEN))
        if depth < 3 and draw(st.integers(0, 2)) == 0:
            out.append(draw(compound(depth, indent)))
        else:
            lead = draw(LEADS) if depth == 0 else ""
            tail = draw(st.sampled_from(["", "", "  # why", ";"]))
            out.append(f"{lead}{indent}{draw(SIMPLE)}{tail}\n")
    return "".join(out)


@st.composite
def compound(draw: st.DrawFn, depth: int, indent: str) -> str:
    header, one_line = draw(HEADERS)
    first, *rest = header.split("\n")
    head = "\n".join([indent + first, *(indent + line for line in rest)])
    inner = indent + draw(INDENTS)
    if one_line and draw(st.integers(0, 4)) == 0:
        return f"{head} a = 1; b = 2\n"
    if header == "match x:":
        body = draw(blocks(depth=depth + 1, indent=inner + "  "))
        return f"{head}\n{inner}case [1, *_]:\n{body}{inner}case _: pass\n"
    body = draw(blocks(depth=depth + 1, indent=inner))
    if header == "try:":
        handler = draw(blocks(depth=depth + 1, indent=inner))
        return f"{head}\n{body}{indent}except E as e:\n{handler}{indent}finally: pass\n"
    if header == "if x:" and draw(st.booleans()):
        other = draw(blocks(depth=depth + 1, indent=inner))
        word = draw(st.sampled_from(["else:", "elif y:"]))
        return f"{head}\n{body}{indent}{word}\n{other}"
    return f"{head}\n{body}"


def parsed(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError):
        return None


def is_python(text: str) -> bool:
    return parsed(text) is not None


@st.composite
def programs(draw: st.DrawFn) -> str:
    start = draw(st.sampled_from(["", '"""Doc."""\n', "#!/usr/bin/python\n", "'one'; import os\n"]))
    text = (start + draw(blocks())).removesuffix(draw(st.sampled_from(["", "\n"])))
    newline = draw(st.sampled_from(["\n", "\n", "\r\n", "\r", "mixed"]))
    if newline == "mixed":
        lines = text.split("\n")
        ends = [draw(st.sampled_from(["\n", "\r\n", "\r"])) for _ in lines]
        return "".join(line + end for line, end in zip(lines, ends, strict=True))
    return text.replace("\n", newline)


@given(programs(), st.randoms(use_true_random=False), st.integers(0, 4))
@settings(max_examples=300, deadline=None)
def test_what_was_taken_comes_back(text: str, chance: random.Random, one_in: int) -> None:
    tree = parsed(text)
    assume(tree is not None)
    everything = statements_of(tree)
    keep = [node for node in everything if one_in and chance.randrange(one_in) == 0]
    if chance.random() < 0.7:  # as the engine does: with every statement around one that is kept
        keep = [node for node in everything if any(n in keep for n in ast.walk(node))]
    whole = [node for node in keep if chance.random() < 0.1]
    small = take(text, tree, keep, whole)
    assert small.put_back(small.text) == text
    assert is_python(small.text), small.text
    old = [line for line in small.text.split("\n") if small.mark not in line]
    assert len(small.text) <= len(text) + (len(small.mark) + 16) * len(small.taken)
    assert old or small.taken


def corpus() -> list[Path]:
    library = Path(sysconfig.get_path("stdlib"))
    found = [path for path in library.rglob("*.py") if "site-packages" not in path.parts]
    return [path for path in sorted(found) if b"socket" in path.read_bytes()]


def test_every_module_of_the_standard_library_that_mentions_sockets_comes_back() -> None:
    chance = random.Random(7)
    seen = 0
    for path in corpus():
        try:
            text = decode(path.name, path.read_bytes()).text
        except SourceError:
            continue  # a test file for encodings
        tree = parsed(text)
        if tree is None:
            continue  # a test file for syntax errors
        everything = statements_of(tree)
        share = (0.0, 0.02, 0.3)[seen % 3]
        keep = {node for node in everything if chance.random() < share}
        small = take(text, tree, keep)
        assert small.put_back(small.text) == text, (path, share)
        assert is_python(small.text), (path, share)
        seen += 1
    assert seen > 60
