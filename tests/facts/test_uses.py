"""Which places of a file depend on eventlet, and what each of them is."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from eventlet_codemod.facts import OPTIONAL, Facts, Project, gather

if TYPE_CHECKING:
    from pathlib import Path

SLEEP = "eventlet.greenthread.sleep"


def facts_of(source: str, project: Project | None = None, path: str = "pkg/mod.py") -> Facts:
    return gather(path, textwrap.dedent(source).lstrip("\n"), project or Project())


def uses_of(source: str, project: Project | None = None) -> list[str]:
    """The uses as ``line kind api``."""
    return [
        f"{use.node.lineno} {use.kind} {use.api}"  # type: ignore[attr-defined]
        for use in facts_of(source, project).uses
    ]


@pytest.mark.parametrize(
    ("source", "api"),
    [
        ("import eventlet\neventlet.sleep", SLEEP),
        ("import eventlet as ev\nev.sleep", SLEEP),
        ("import eventlet.greenthread\neventlet.greenthread.sleep", SLEEP),
        ("import eventlet.greenthread as gt\ngt.sleep", SLEEP),
        ("from eventlet import sleep\nsleep", SLEEP),
        ("from eventlet import greenthread\ngreenthread.sleep", SLEEP),
        ("from eventlet.greenthread import sleep as nap\nnap", SLEEP),
        ("from eventlet.green import time\nprint(time.sleep)", SLEEP),
        ("from eventlet import *\nsleep", SLEEP),
        ("from eventlet.greenthread import *\nspawn_n", "eventlet.greenthread.spawn_n"),
        ("import eventlet\neventlet.Timeout", "eventlet.timeout.Timeout"),
        ("import eventlet\neventlet.TimeoutError", "eventlet.timeout.Timeout"),
        ("import eventlet\neventlet.getcurrent", "greenlet.getcurrent"),
        ("import eventlet\neventlet.greenlet.GreenletExit", "greenlet.GreenletExit"),
        ("from eventlet.support import greenlets\ngreenlets.getcurrent", "greenlet.getcurrent"),
        ("import eventlet.hubs\neventlet.hubs.greenlet.getcurrent", "greenlet.getcurrent"),
        ("from eventlet.queue import Empty\nEmpty", "eventlet.queue.Empty"),
        ("import eventlet\neventlet.sleep.__name__", f"{SLEEP}.__name__"),
        ("import eventlet\neventlet.unheard_of", "eventlet.unheard_of"),
        ("import greenlet\ngreenlet.greenlet", "greenlet.greenlet"),
        ("import futurist\nfuturist.GreenFuture", "futurist.GreenFuture"),
        (
            "from oslo_utils import eventletutils\neventletutils.Event",
            "oslo_utils.eventletutils.Event",
        ),
        ("import oslo_utils\noslo_utils.eventletutils.Event", "oslo_utils.eventletutils.Event"),
    ],
)
def test_spellings(source: str, api: str) -> None:
    last = facts_of(source).uses[-1]
    assert (last.kind, last.api, last.loaded) == ("reference", api, True)


@pytest.mark.parametrize(
    "source",
    [
        "import futurist\nfuturist.ThreadPoolExecutor()",
        "from oslo_utils import timeutils\ntimeutils.utcnow()",
        "import eventlet_like\neventlet_like.sleep()",
        "from nova import eventlet_patch",
        "from . import eventlet\neventlet.sleep(1)",
        "from .eventlet import sleep\nsleep(1)",
        "from pkg.eventlet import sleep\nsleep(1)",
        "def eventlet():\n    pass\neventlet.sleep",
        "class greenlet:\n    pass\ngreenlet.getcurrent",
        "eventlet = 3\neventlet.sleep",
    ],
)
def test_not_ours(source: str) -> None:
    assert uses_of(source) == []


@pytest.mark.parametrize(
    ("source", "doubt"),
    [
        ("import eventlet\neventlet.sleep", ""),
        ("import eventlet\nimport eventlet\neventlet.sleep", ""),
        ("import eventlet\nimport eventlet.wsgi\neventlet.sleep", ""),
        ("try:\n import eventlet\nexcept ImportError:\n eventlet = None\neventlet.sleep", OPTIONAL),
        (
            "try:\n from eventlet import sleep\n"
            "except (ImportError, ValueError):\n from time import sleep\nsleep",
            OPTIONAL,
        ),
        (
            "try:\n from eventlet import sleep\nexcept Exception:\n from time import sleep\nsleep",
            "the same name is also bound on line 4",
        ),
        (
            "import eventlet\nif x:\n eventlet = 1\neventlet.sleep",
            "the same name is also bound on line 3",
        ),
        (
            "import eventlet\ndef f():\n global eventlet\n eventlet = 1\neventlet.sleep",
            "the same name is also bound on line 4",
        ),
        (
            "from eventlet import sleep\nfrom eventlet import spawn as sleep\nsleep",
            "several imports bind this name to different things",
        ),
        ("eventlet.sleep", "nothing in this file binds the name eventlet"),
        ("from eventlet import *\nsleep", ""),
        (
            "from eventlet import *\nfrom pkg.helpers import *\nsleep",
            "it came by a star import, as may others",
        ),
    ],
)
def test_doubt(source: str, doubt: str) -> None:
    assert facts_of(source).uses[-1].doubt == doubt


@pytest.mark.parametrize(
    "source",
    [
        "def f(eventlet):\n    eventlet.sleep",
        "def f(*eventlet):\n    eventlet.sleep",
        "def f(*, eventlet):\n    eventlet.sleep",
        "def f(**eventlet):\n    eventlet.sleep",
        "async def f(eventlet, /):\n    eventlet.sleep",
        "lambda eventlet: eventlet.sleep",
        "[eventlet.sleep for eventlet in x]",
        "{eventlet: eventlet.sleep for _, eventlet in x}",
        "[0 for a in x for eventlet in a if eventlet.sleep]",
        "def f():\n    eventlet = 1\n    eventlet.sleep",
        "def f():\n    eventlet.sleep\n    eventlet = 1",
        "def f():\n    for eventlet in x:\n        eventlet.sleep",
        "def f():\n    with x as (eventlet, y):\n        eventlet.sleep",
        "def f():\n    try:\n        pass\n    except E as eventlet:\n        eventlet.sleep",
        "def f():\n    [y := 1, eventlet := 2]\n    eventlet.sleep",
        "def f():\n    [eventlet := 2 for _ in x]\n    eventlet.sleep",
        "def f():\n    match x:\n        case [*eventlet]:\n            eventlet.sleep",
        "def f():\n    match x:\n        case {**eventlet}:\n            eventlet.sleep",
        "def f():\n    match x:\n        case A(b=eventlet):\n            eventlet.sleep",
        "def f():\n    match x:\n        case 1 | 2 as eventlet:\n            eventlet.sleep",
        "def f():\n    import pkg as eventlet\n    eventlet.sleep",
        "def f():\n    from pkg import eventlet\n    eventlet.sleep",
        "def f():\n    def eventlet(): pass\n    eventlet.sleep",
        "def f():\n    class eventlet: pass\n    eventlet.sleep",
        "def f():\n    eventlet: int\n    eventlet.sleep",
        "def f():\n    eventlet += 1\n    eventlet.sleep",
        "def f():\n    del eventlet\n    eventlet.sleep",
        "def f():\n eventlet = 1\n def g():\n  nonlocal eventlet\n  eventlet.sleep",
        "def f(eventlet):\n    def g():\n        return lambda: [eventlet.sleep for _ in x]",
        "def f(eventlet):\n    class A:\n        x = eventlet.sleep",
    ],
)
def test_hidden(source: str) -> None:
    assert uses_of(f"import eventlet\n{source}") == ["1 import eventlet"]


@pytest.mark.parametrize(
    "source",
    [
        "def f(x=eventlet.sleep, eventlet=None): pass",
        "def f(eventlet: eventlet.sleep): pass",
        "def f(eventlet) -> eventlet.sleep: pass",
        "@eventlet.sleep\ndef f(eventlet): pass",
        "lambda eventlet=eventlet.sleep: eventlet",
        "[eventlet for eventlet in eventlet.sleep]",
        "class A:\n    eventlet = 1\n    def f(self):\n        eventlet.sleep",
        "class A(eventlet.sleep):\n    pass",
        "def f():\n    def g(eventlet):\n        pass\n    eventlet.sleep",
        "def f():\n    [0 for eventlet in x]\n    eventlet.sleep",
        "def f(eventlet):\n    def g():\n        global eventlet\n        eventlet.sleep",
        "def f(x):\n    x.eventlet = 1\n    x['eventlet'] = 2\n    eventlet.sleep",
        "def f():\n    g(eventlet=1)\n    eventlet.sleep",
    ],
)
def test_seen(source: str) -> None:
    assert SLEEP in [use.api for use in facts_of(f"import eventlet\n{source}").uses]


@pytest.mark.parametrize(
    "source",
    [
        "class A:\n    eventlet = eventlet.sleep",
        "class A:\n    if x:\n        eventlet = 1\n    y = eventlet.sleep",
    ],
)
def test_seen_from_a_class_that_binds_the_name(source: str) -> None:
    assert SLEEP in [use.api for use in facts_of(f"import eventlet\n{source}").uses]


def test_an_import_in_a_function_is_seen_there_only() -> None:
    source = """
    def f():
        import eventlet
        eventlet.sleep(1)
        def g():
            eventlet.sleep(2)

    def h(eventlet):
        eventlet.sleep(3)
    """
    assert uses_of(source) == [f"3 reference {SLEEP}", f"5 reference {SLEEP}"]


def test_an_import_in_a_class_is_not_seen_by_its_methods() -> None:
    source = """
    class A:
        from eventlet import sleep
        nap = sleep
        def f(self):
            sleep(1)
    """
    assert uses_of(source) == [f"3 reference {SLEEP}"]


@pytest.mark.parametrize(
    ("source", "uses"),
    [
        ("import eventlet", ["1 import eventlet"]),
        ("import eventlet.wsgi", ["1 import eventlet"]),
        ("import eventlet.wsgi as w", ["1 import eventlet.wsgi"]),
        ("from eventlet import sleep, spawn\nspawn", None),
        ("from eventlet.green import socket\nsocket.x", ["1 import eventlet.green.socket"]),
        ("from eventlet import *", ["1 star eventlet"]),
        ("import eventlet, os, eventlet.wsgi as w\nw", None),
    ],
)
def test_imports_are_uses_when_nothing_refers_to_them(source: str, uses: list[str] | None) -> None:
    found = uses_of(source)
    if uses is None:
        assert len(found) == 2 and {use.split()[1] for use in found} == {"import", "reference"}
    else:
        assert found == uses


# --- strings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "api"),
    [
        ("eventlet", "eventlet"),
        ("greenlet", "greenlet"),
        ("eventlet.sleep", SLEEP),
        ("eventlet.unheard_of", "eventlet.unheard_of"),
        ("pkg.mod.eventlet", "eventlet"),
        ("pkg.mod.eventlet.sleep", SLEEP),
        ("pkg.mod.eventlet.greenthread.sleep", SLEEP),
        ("pkg.mod.greenthread.sleep", SLEEP),
        ("pkg.mod.tpool.execute", "eventlet.tpool.execute"),
        ("eventlet.posthooks", "eventlet.posthooks"),
        ("eventlet.wsgi.server=WARN", "eventlet.wsgi.server"),
        ("oslo.eventletutils.is_monkey_patched", "oslo_utils.eventletutils.is_monkey_patched"),
        ("greenlet.GreenletExit", "greenlet.GreenletExit"),
    ],
)
def test_strings_that_name_eventlet(value: str, api: str) -> None:
    assert uses_of(f"x = {value!r}") == [f"1 string {api}"]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Eventlet",
        "we use eventlet",
        "eventlet.sleep is called",
        "eventlet-codemod",
        "eventlet:server",
        "eventlet/queue.py",
        "eventlet.",
        "neutron.cmd.eventlet.agents",
        "pkg.eventlet_helper.sleep",
        "pkg.mod.tpool.other",
        "pkg.mod.greenthread",
        "eventlet.wsgi.server = WARN",
        "my eventlet.sleep",
        "tpool",
    ],
)
def test_strings_that_do_not(value: str) -> None:
    assert uses_of(f"x = {value!r}") == []


@pytest.mark.parametrize(
    "source",
    [
        '"eventlet.sleep"',
        'def f():\n    "eventlet.sleep"',
        'x = b"eventlet.sleep"',
        'x = f"eventlet.sleep"',
        "x = 1  # eventlet.sleep",
    ],
)
def test_places_where_a_string_names_nothing(source: str) -> None:
    assert uses_of(source) == []


def test_a_string_inside_an_f_string_expression() -> None:
    assert uses_of("x = f\"{get('eventlet.sleep')}\"") == [f"1 string {SLEEP}"]


def test_mock_targets_within_modules_of_the_project(tmp_path: Path) -> None:
    for name in ("neutron/__init__.py", "neutron/common/__init__.py", "neutron/common/eventlet.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    project = Project(root=tmp_path)
    assert uses_of("x = 'neutron.common.eventlet.sleep'") == [f"1 string {SLEEP}"]
    assert uses_of("x = 'neutron.common.eventlet.sleep'", project) == []
    assert uses_of("x = 'neutron.common.mod.eventlet.sleep'", project) != []


def test_strings_name_the_projects_own_eventlet() -> None:
    project = Project(local_modules=frozenset({"eventlet"}))
    assert uses_of("x = 'eventlet.sleep'", project) == []
    assert uses_of("import eventlet\neventlet.sleep(1)", project) == []
    assert uses_of("import greenlet\ngreenlet.getcurrent()", project) != []


# --- through another module's namespace ---------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "api"),
    [
        ("from pkg import mod\nmod.eventlet.sleep", SLEEP),
        ("import pkg.mod\npkg.mod.eventlet.sleep", SLEEP),
        ("from pkg import mod\nmod.greenthread.sleep", SLEEP),
        ("from pkg import mod\nmod.tpool.execute", "eventlet.tpool.execute"),
        ("from pkg import mod\nmod.eventlet", "eventlet"),
        ("from pkg import mod\nmod.eventlet.sleep = print", SLEEP),
        ("from pkg import mod\nmod.greenlet.GreenletExit", "greenlet.GreenletExit"),
    ],
)
def test_namespaces(source: str, api: str) -> None:
    (use,) = facts_of(source).uses
    assert (use.kind, use.api) == ("namespace", api)
    assert use.doubt


@pytest.mark.parametrize(
    "source",
    [
        "from pkg import mod\nmod.eventlet.something_of_ours",
        "class A:\n    def f(self):\n        self.eventlet.sleep(1)",
        "unknown.greenthread.sleep",
        "f().eventlet.sleep",
        "from pkg import mod\nmod.tpool.other",
    ],
)
def test_no_namespaces(source: str) -> None:
    assert uses_of(source) == []


def test_a_namespace_that_is_a_module_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "eventlet.py").write_text("")
    source = "import pkg.eventlet\npkg.eventlet.sleep(1)"
    assert uses_of(source, Project(root=tmp_path)) == []
    assert uses_of(source) == [f"2 namespace {SLEEP}"]


# --- what a use knows of its place --------------------------------------------------------------


def test_calls() -> None:
    facts = facts_of(
        """
        import eventlet
        eventlet.sleep(1)
        x = eventlet.sleep(1)
        (eventlet.sleep)(1)
        eventlet.sleep
        eventlet.sleep.a(1)
        print(eventlet.sleep)
        """
    )
    called = [use.call is not None for use in facts.uses]
    alone = [use.call is not None and use.call_is_statement for use in facts.uses]
    assert called == [True, True, True, False, True, False]
    assert alone == [True, False, True, False, True, False]


@pytest.mark.parametrize(
    ("source", "in_loop"),
    [
        ("for x in y:\n    eventlet.sleep(1)", True),
        ("while y:\n    if z:\n        eventlet.sleep(1)", True),
        ("[eventlet.sleep(1) for x in y]", True),
        ("for x in y:\n    def f():\n        eventlet.sleep(1)", False),
        ("for x in y:\n    class A:\n        eventlet.sleep(1)", False),
        ("for x in y:\n    lambda: eventlet.sleep(1)", False),
        ("if y:\n    eventlet.sleep(1)", False),
    ],
)
def test_loops(source: str, in_loop: bool) -> None:
    use = facts_of(f"import eventlet\n{source}").uses[-1]
    assert use.in_loop is in_loop


def test_suppressions() -> None:
    facts = facts_of(
        """
        import eventlet
        eventlet.sleep(1)  # eventlet-codemod: ignore[EVT101, spawn] measured
        eventlet.sleep(1)  # eventlet-codemod: ignore
        x = "# eventlet-codemod: ignore[EVT101]"
        """
    )
    told = [(item.line, item.codes, item.reason) for item in facts.suppressions]
    assert told == [
        (2, frozenset({"EVT101", "spawn"}), "measured"),
        (3, frozenset(), ""),
    ]


@pytest.mark.parametrize("source", ["x = (", "print 'x'", "def f(:\n  pass", "x = 1\n\ty = 2"])
def test_what_is_no_python_raises(source: str) -> None:
    with pytest.raises(SyntaxError):
        gather("a.py", source, Project())
