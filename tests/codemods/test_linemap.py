"""Lines of a text as those of the one before it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eventlet_codemod.linemap import LineMap

TEXTS = st.lists(st.sampled_from(["a", "b", "c", "", "dd"]), max_size=12).map("\n".join)


def test_lines_around_a_change_keep_their_text():
    old = "a\nb\nc\nd\ne\n"
    new = "a\nx\ny\nz\nc\nd\nnew\ne\n"
    found = LineMap.between(old, new)
    assert [found.back(line) for line in range(1, 10)] == [1, 2, 2, 2, 3, 4, 5, 5, 6]


@given(TEXTS, TEXTS)
def test_a_line_that_did_not_change_is_itself(old, new):
    found = LineMap.between(old, new)
    before, after = old.split("\n"), new.split("\n")
    inside = [line for _, _, start, stop in found.changes for line in range(start, stop)]
    for line, text in enumerate(after, 1):
        back = found.back(line)
        assert 1 <= back <= len(before)
        if line not in inside:
            assert before[back - 1] == text


@given(TEXTS, TEXTS)
def test_the_order_of_lines_is_kept(old, new):
    found = LineMap.between(old, new)
    backs = [found.back(line) for line in range(1, new.count("\n") + 2)]
    assert backs == sorted(backs)
