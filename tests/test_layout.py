from __future__ import annotations

import ast
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from eventlet_codemod.layout import Argument, Group, Item, call, collapse, tuple_of


def laid(*arguments: Argument, indent: str = "", limit: int = 30, **given: object) -> list[str]:
    column = given.pop("column", len(indent))
    code = call(
        "run",
        arguments,
        indent=indent,
        column=column,  # type: ignore[arg-type]
        limit=limit,
        **given,  # type: ignore[arg-type]
    )
    return code.split("\n")


@pytest.mark.parametrize(
    ("items", "code"),
    [([], "args=()"), (["a"], "args=(a,)"), (["a", "b"], "args=(a, b)"), (["*a"], "args=(*a,)")],
)
def test_tuples(items: list[str], code: str) -> None:
    assert str(tuple_of("args=", items)) == code


def test_one_line_if_it_fits() -> None:
    assert laid("a", "b=1") == ["run(a, b=1)"]
    assert laid() == ["run()"]


def test_it_fits_to_the_last_column() -> None:
    assert laid("a" * 25) == [f"run({'a' * 25})"]
    assert laid("a" * 26) == ["run(", f"    {'a' * 26}", ")"]
    assert laid("a" * 25, column=1) == ["run(", f"    {'a' * 25}", ")"]
    assert laid("a" * 20, suffix=".go()") == [f"run({'a' * 20}).go()"]
    assert laid("a" * 21, suffix=".go()") == ["run(", f"    {'a' * 21}", ").go()"]
    assert laid("a" * 25, tail=1) == ["run(", f"    {'a' * 25}", ")"]


def test_one_argument_to_a_line() -> None:
    long = "x" * 12
    assert laid(long, long, indent="  ") == ["run(", f"      {long},", f"      {long},", "  )"]


def test_a_group_is_broken_when_it_must_be() -> None:
    arguments = ["target=run", tuple_of("args=", ["a" * 11, "b" * 11]), "daemon=True"]
    assert laid(*arguments) == [
        "run(",
        "    target=run,",
        "    args=(",
        f"        {'a' * 11},",
        f"        {'b' * 11},",
        "    ),",
        "    daemon=True,",
        ")",
    ]


def test_a_tuple_of_one_keeps_its_comma_when_broken() -> None:
    assert laid(tuple_of("args=", ["a" * 22])) == [
        "run(",
        "    args=(",
        f"        {'a' * 22},",
        "    ),",
        ")",
    ]


def test_comments_stand_where_their_author_put_them() -> None:
    items = [Item.of("a", ["# first", "# second"]), Item.of("b", behind="# why")]
    assert laid(*items) == ["run(", "    # first", "    # second", "    a,", "    b,  # why", ")"]
    assert laid(tuple_of("args=", items)) == [
        "run(",
        "    args=(",
        "        # first",
        "        # second",
        "        a,",
        "        b,  # why",
        "    ),",
        ")",
    ]


def test_a_string_over_lines_is_left_as_it_is() -> None:
    assert laid('"""a\nb"""', "c") == ["run(", '    """a', 'b""",', "    c,", ")"]


names = st.text("ab", min_size=1, max_size=14)
groups = st.lists(names, min_size=1, max_size=4).map(lambda items: tuple_of("k=", items))


@given(
    st.lists(names, max_size=3),
    groups,
    st.integers(0, 8),
    st.integers(20, 60),
    st.sampled_from(["", ".start()"]),
)
def test_the_code_is_the_same_however_it_is_broken(
    items: list[str], group: Group, column: int, limit: int, suffix: str
) -> None:
    arguments: list[Argument] = [*items, group]
    code = call("f", arguments, indent=" " * column, column=column, limit=limit, suffix=suffix)
    flat = f"f({', '.join(map(str, arguments))}){suffix}"
    assert ast.dump(ast.parse(code)) == ast.dump(ast.parse(flat))
    lines = code.split("\n")
    assert column + len(lines[0]) <= limit or len(lines) > 1
    assert all(line == line.rstrip() for line in lines)
    longest = max(map(len, [*items, *group.items])) + column + 12
    assert all(len(line) <= max(limit, longest) for line in lines[1:])


# --- collapse -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("a", "a"),
        ("a  +  b", "a  +  b"),
        ("f(\n    a,\n    b,\n)", "f(a, b)"),
        ("f(a,\n  b)", "f(a, b)"),
        ("(\n    a,\n)", "(a,)"),
        ("{\n    'a': 1,\n    'b': [\n        2,\n        3,\n    ],\n}", "{'a': 1, 'b': [2, 3]}"),
        ("a +\n    b", "a + b"),
        ("a \\\n    + b", "a + b"),
        ("a\n.b\n.c()", "a .b .c()"),
        ("[x for x in y\n if x]", "[x for x in y if x]"),
        ("'a'\n'b'", "'a' 'b'"),
        ("f'{a}'\n'b'", "f'{a}' 'b'"),
        ("a  # why\n+ b", "a  # why\n+ b"),
        ('f("""a\nb""",\n c)', 'f("""a\nb""",\n c)'),
        ("f(a,\r\n  b)", "f(a, b)"),
        ("not\n a", "not a"),
        ("f(\n\n\n)", "f()"),
        ("[\n    a,\n]", "[a]"),
        ("{\n  a,\n}", "{a}"),
        pytest.param(
            *("f(\n    a,\n)", "f(a)"),
            marks=pytest.mark.xfail(reason="style: it may be a tuple, as far as it can see"),
        ),
    ],
)
def test_collapse(code: str, line: str) -> None:
    assert collapse(code) == line


def test_collapse_keeps_the_braces_of_an_f_string() -> None:
    assert collapse("f(f'{{x}} {y}',\n  z)") == "f(f'{{x}} {y}', z)"


expressions = st.recursive(
    st.sampled_from(["a", "1", "'s'", "f'{a} {{b}}'", "lambda: 0", "b.c", "-d"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda items: f"f({', '.join(items)})"),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: f"[{','.join(items)},]"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}) + ({pair[1]})"),
        inner.map(lambda item: f"({item},)"),
        inner.map(lambda item: f"{{1: {item}}}"),
    ),
    max_leaves=8,
)


@given(expressions, st.data())
def test_collapse_keeps_the_meaning(code: str, data: st.DataObject) -> None:
    broken = "".join(
        char + ("\n" + " " * data.draw(st.integers(0, 3)) if data.draw(st.booleans()) else "")
        if char in "([{,"
        else char
        for char in code
    )
    assume(not re.search(r"f'[^']*\n", broken))  # from 3.12 on a break may stand in an f-string
    wanted = ast.dump(ast.parse(f"({code})"))
    try:
        same = ast.dump(ast.parse(f"({broken})")) == wanted
    except SyntaxError:
        same = False
    assume(same)  # a break within a string is another string
    line = collapse(broken)
    assert ast.dump(ast.parse(f"({line})")) == wanted
    assert "\n" not in line
