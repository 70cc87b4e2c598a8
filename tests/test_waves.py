"""The order of projects: what others need comes first."""

from __future__ import annotations

import pytest

from eventlet_codemod.waves import waves


def test_no_project():
    assert waves({}) == []


def test_what_is_not_given_does_not_count():
    assert waves({"b": {"requests"}, "a": {"eventlet"}}) == [[("a",), ("b",)]]


def test_what_others_need_comes_first():
    needs = {"service": {"library", "base"}, "library": {"base"}, "base": set(), "other": set()}
    assert waves(needs) == [[("base",), ("other",)], [("library",)], [("service",)]]


def test_a_project_that_names_itself():
    assert waves({"a": {"a"}}) == [[("a",)]]


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_projects_that_need_each_other_go_together(names):
    first, second = names
    needs = {first: {second}, second: {first, "base"}, "base": {}, "top": {"a"}}
    assert waves(needs) == [[("base",)], [("a", "b")], [("top",)]]


def test_circles_that_meet_are_one():
    needs = {"a": {"b"}, "b": {"c", "a"}, "c": {"b", "d"}, "d": {"a"}, "e": {"d"}}
    assert waves(needs) == [[("a", "b", "c", "d")], [("e",)]]
