"""How objects of eventlet are followed from where they are made to what is done with them."""

from __future__ import annotations

import textwrap

import pytest

from eventlet_codemod.facts import Facts, Handle, Project, gather


def facts_of(source: str) -> Facts:
    text = "import eventlet\n" + textwrap.dedent(source).lstrip("\n")
    return gather("pkg/mod.py", text, Project())


def handles_of(source: str) -> list[Handle]:
    return facts_of(source).handles


def deeds(handle: Handle) -> list[str]:
    return [f"{use.how} {use.attribute}".strip() for use in handle.uses]


def test_a_local() -> None:
    (handle,) = handles_of(
        """
        def f():
            q = eventlet.Queue()
            q.put(1)
            put = q.put
            for x in q:
                pass
            with q:
                pass
            with q as got:
                pass
            if q or not q:
                pass
            while q:
                pass
            return q is None, q
        """
    )
    assert (handle.api, handle.label) == ("eventlet.queue.Queue", "q")
    assert deeds(handle) == [
        "attribute put",
        "attribute put",
        "iterate",
        "with",
        "with-as",
        "test",
        "test",
        "test",
        "compare-none",
        "escape",
    ]
    assert [use.call is not None for use in handle.uses[:2]] == [True, False]
    assert len(handle.escapes) == 2


@pytest.mark.parametrize(
    ("source", "label", "attribute", "exported", "owner"),
    [
        ("q = eventlet.Queue()", "q", "", "q", ""),
        ("class A:\n    q = eventlet.Queue()", "A.q", "q", "", "A"),
        (
            "class A:\n    def f(self):\n        self.q = eventlet.Queue()",
            "self.q",
            "q",
            "",
            "A",
        ),
        (
            "class A:\n    @classmethod\n    def f(cls):\n        cls.q = eventlet.Queue()",
            "cls.q",
            "q",
            "",
            "A",
        ),
        ("def f():\n    q: object = eventlet.Queue()", "q", "", "", ""),
        ("__q = eventlet.Queue()", "__q", "", "", ""),
    ],
)
def test_what_it_is_called(
    source: str, label: str, attribute: str, exported: str, owner: str
) -> None:
    (handle,) = handles_of(source)
    found = (handle.label, handle.attribute, handle.exported, handle.owner)
    assert found == (label, attribute, exported, owner)


@pytest.mark.parametrize(
    "source",
    [
        "f(eventlet.Queue())",
        "def f():\n    return eventlet.Queue()",
        "x.q = eventlet.Queue()",
        "lambda: eventlet.Queue()",
    ],
)
def test_an_object_that_is_handed_on_at_once_escapes(source: str) -> None:
    (handle,) = handles_of(source)
    assert [use.how for use in handle.uses] == ["escape"]
    assert handle.uses[0].reason


def test_what_is_done_to_a_call_at_once() -> None:
    (handle,) = handles_of("eventlet.Queue().put(1)\n")
    assert deeds(handle) == ["attribute put"]
    assert not handle.escapes


def test_an_attribute_across_methods() -> None:
    (handle,) = handles_of(
        """
        class A:
            def __init__(self):
                self.q = None
                self.q = eventlet.Queue()

            def put(self):
                self.q.put(1)

            def later(self):
                return lambda: [self.q.get() for _ in range(3)]

            class Inner:
                def f(self):
                    self.q.resize(2)
        """
    )
    assert deeds(handle) == ["attribute put", "attribute get"]
    assert not handle.conflicts


def test_a_subclass_of_the_file_shares_it() -> None:
    (handle,) = handles_of(
        """
        class A:
            def __init__(self):
                self.q = eventlet.Queue()

        class B(A):
            def f(self):
                self.q.resize(2)

        class C:
            def f(self):
                self.q.full()
        """
    )
    assert deeds(handle) == ["attribute resize"]


@pytest.mark.parametrize(
    ("use", "foreign"),
    [
        ("def g(other):\n    other.q.put(1)", [True]),
        ("def g(a):\n    a.b.q.put(1)", [True]),
        ("def g():\n    A.q.put(1)", [False]),
        ("def g():\n    a = A()\n    a.q.put(1)", [False]),
        ("def g():\n    a = B()\n    a.q.put(1)", [True]),
        ("import pkg\ndef g():\n    pkg.q.put(1)", []),
        ("from pkg import mod\ndef g():\n    mod.sub.q.put(1)", []),
    ],
)
def test_attributes_of_other_objects(use: str, foreign: list[bool]) -> None:
    source = f"class A:\n    def f(self):\n        self.q = eventlet.Queue()\n{use}\n"
    (handle,) = handles_of(source)
    assert [item.foreign for item in handle.uses] == foreign


def test_a_module_level_name_in_functions() -> None:
    (handle,) = handles_of(
        """
        q = eventlet.Queue()

        def f():
            q.put(1)

        def g(q):
            q.resize(1)

        def h():
            q = []
            q.append(1)

        class A:
            def q(self):
                return q.get()
        """
    )
    assert deeds(handle) == ["attribute put", "attribute get"]
    assert not handle.conflicts


def test_a_closure() -> None:
    (handle,) = handles_of(
        """
        def f():
            q = eventlet.Queue()

            def g():
                nonlocal_free = q.get()
                return [q.put(x) for x in nonlocal_free]

            return g
        """
    )
    assert deeds(handle) == ["attribute get", "attribute put"]


@pytest.mark.parametrize(
    ("source", "conflict"),
    [
        ("def f(q):\n    q = eventlet.Queue()", "line 2 leaves open what is passed for q"),
        ("def test_f(q):\n    q = eventlet.Queue()", "line 2 leaves open what is passed for q"),
        ("def f():\n    q = eventlet.Queue()\n    q = 3", "line 4 binds it to something else"),
        ("def f():\n    q = eventlet.Queue()\n    del q", ""),
        ("x = y or eventlet.Queue()", "line 2 may give something else in its place"),
        (
            "def f():\n    for q in x:\n        q = eventlet.Queue()",
            "line 3 binds it to something else",
        ),
        (
            "class A:\n    def f(self, q):\n        self.q = eventlet.Queue()\n        self.q = q",
            "line 5 binds it to something else",
        ),
        ("def f():\n    q = eventlet.Queue()\n    q = None", ""),
        ("def f():\n    q = eventlet.Queue()\n    q = eventlet.Queue(3)", ""),
        ("def f():\n    q: object\n    q = eventlet.Queue()", ""),
        ("def f():\n    import q\n    q = eventlet.Queue()", "line 3 binds its name as well"),
    ],
)
def test_conflicts(source: str, conflict: str) -> None:
    handle = handles_of(source)[0]
    if conflict:
        assert conflict in handle.conflicts
    else:
        assert not handle.conflicts


def test_two_functions_have_two_objects() -> None:
    first, second = handles_of(
        "def f():\n    q = eventlet.Queue()\n    q.put(1)\ndef g():\n    q = eventlet.Queue(0)\n"
    )
    assert [c.node.lineno for c in first.creations] == [3]
    assert deeds(first) == ["attribute put"] and deeds(second) == []


def test_one_object_made_in_two_places() -> None:
    (handle,) = handles_of(
        """
        class A:
            def f(self):
                self.q = eventlet.Queue()

            def g(self):
                self.q = eventlet.Queue(3)
        """
    )
    assert len(handle.creations) == 2


@pytest.mark.parametrize(
    "form",
    [
        "[q.get() for q in qs]",
        "{q.get() for q in qs if q.get()}",
        "all(q.get() for q in qs)",
        "{1: q.get() for q in qs}",
        "[q.get() for x in () for q in qs]",
    ],
)
def test_what_a_comprehension_reads(form: str) -> None:
    (handle,) = handles_of(f"qs = [eventlet.Queue()]\nprint({form})\n")
    assert set(deeds(handle)) == {"attribute get"}
    assert not handle.conflicts


@pytest.mark.parametrize(
    "double", ["mock.MagicMock()", "Mock(name='q')", "mock.sentinel.queue", "[fake][0] and fake"]
)
def test_a_mock_in_its_place(double: str) -> None:
    (handle,) = handles_of(
        f"""
        class A:
            def __init__(self):
                self.q = eventlet.Queue()

        class Test:
            def test(self, fake):
                a = A()
                a.q = {double}
                mock.call(a.q, 1)
                run.assert_called_once_with(a.q)
        """
    )
    is_mock = "fake" not in double
    assert bool(handle.assumed) == is_mock
    assert bool(handle.conflicts) != is_mock
    assert deeds(handle) == ["compare", "compare"]


def test_what_link_passes_to_a_callback() -> None:
    (handle, _) = handles_of(
        """
        def finish(thread, q, limit):
            q.get(limit)

        def start(f):
            q = eventlet.Queue()
            thread = eventlet.spawn(f)
            thread.link(finish, q, limit=3)
        """
    )
    assert deeds(handle) == ["attribute get"]
    assert not handle.conflicts


def test_a_sentinel_in_its_place() -> None:
    (handle,) = handles_of(
        """
        nothing = object()

        def take(qs, key):
            q = qs.pop(key, nothing)
            return q is not nothing and q.get()

        take({1: eventlet.Queue()}, 1)
        """
    )
    assert not handle.conflicts


@pytest.mark.parametrize("call", ["isinstance", "self.assertIsInstance"])
def test_the_class_that_isinstance_asks_for(call: str) -> None:
    (handle,) = handles_of(
        f"""
        def f(self):
            q = eventlet.Queue()
            {call}(q, eventlet.Queue)
            {call}(q, (eventlet.Queue, int))
        """
    )
    assert sorted(deeds(handle)) == ["class", "isinstance", "isinstance"]


@pytest.mark.parametrize("name", ["Timeout", "Queue.foo", "sleep"])
def test_what_is_not_followed(name: str) -> None:
    assert handles_of(f"x = eventlet.{name}(1)\n") == []


def test_what_is_in_doubt_is_not_followed() -> None:
    text = (
        "try:\n    import eventlet\nexcept ImportError:\n    eventlet = None\nq = eventlet.Queue()"
    )
    assert gather("a.py", text, Project()).handles == []


def test_its_uses_are_uses_of_the_file() -> None:
    facts = facts_of("def f():\n    q = eventlet.Queue()\n    q.put(q.get())\n    with q: pass\n")
    assert [(use.kind, use.api) for use in facts.uses] == [
        ("reference", "eventlet.queue.Queue"),
        ("handle", "eventlet.queue.Queue.put"),
        ("handle", "eventlet.queue.Queue.get"),
        ("handle", "eventlet.queue.Queue"),
    ]
    (handle,) = facts.handles
    assert {facts.handle_of[use] for use in facts.uses} == {handle}
    assert len(facts.deed) == 3


@pytest.mark.parametrize("other", ["eventlet.Semaphore()", "eventlet.queue.LightQueue()"])
def test_a_name_that_holds_objects_of_two_classes(other: str) -> None:
    (handle,) = handles_of(f"def f():\n    q = eventlet.Queue()\n    q = {other}\n")
    assert handle.mixed == f"it also holds a {other.split('.')[-1].removesuffix('()')}"


@pytest.mark.parametrize(
    "source",
    ["p = q = eventlet.Queue()", "q = eventlet.Queue()\n    p = q"],
)
def test_aliases_are_followed(source: str) -> None:
    (handle,) = handles_of(f"def f():\n    {source}\n    p.resize(2)\n    q.put(1)\n")
    assert {"attribute resize", "attribute put"} <= set(deeds(handle))


@pytest.mark.parametrize("alias", ["p, x = q, 1", "if (p := q): pass", "for p in [q]: pass"])
def test_other_ways_to_another_name_are_followed_too(alias: str) -> None:
    (handle,) = handles_of(f"def f():\n    q = eventlet.Queue()\n    {alias}\n    p.resize(2)\n")
    assert "attribute resize" in deeds(handle) and not handle.escapes
