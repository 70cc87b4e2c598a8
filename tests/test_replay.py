"""The pure parts of `benchmarks/replay.py`: what is the same, what counts, scores, notes."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


replay = load("replay")  # which also makes the two others importable
scoring = importlib.import_module("scoring")
statements = importlib.import_module("statements")

IMPORTS = """
import eventlet
from eventlet import greenthread
from unittest import mock
import concurrent.futures
import queue
import threading
import time
from nova import utils
"""


def read(source: str, parent: str | None = None) -> statements.Version:
    before = None if parent is None else statements.read(dedent(parent))
    return statements.read(dedent(source), before)


def lines(source: str, parent: str | None = None) -> list[str]:
    return [str(entry) for entry in read(source, parent).statements]


def score(parent: str, tool: str, human: str) -> scoring.Score:
    before = read(parent)
    return scoring.score(
        before, statements.read(dedent(tool), before), statements.read(dedent(human), before)
    )


# --- entries ------------------------------------------------------------------------------------


def test_a_compound_statement_is_its_header_and_what_is_inside() -> None:
    assert lines(
        '''
        """Docstring."""
        @decorate
        class C(Base, metaclass=M):
            """Docstring."""
            def f(self, a, *, b=1) -> int:
                if a:  # comment
                    return 1
                elif b:
                    pass
                else:
                    while a: b()
                with x as y, z:
                    for i in y: z(i)
                try:
                    raise E
                except (A, B) as e:
                    del e
                finally:
                    a = {}
        '''
    ) == [
        "C: @decorate",
        "C: class C(Base, metaclass=M)",
        "C.f: def f(self, a, *, b=1) -> int",
        "C.f: if a",
        "C.f: return 1",
        "C.f: else",
        "C.f: if b",
        "C.f: else",
        "C.f: while a",
        "C.f: b()",
        "C.f: with x as y",
        "C.f: with z",
        "C.f: for i in y",
        "C.f: z(i)",
        "C.f: try",
        "C.f: raise E",
        "C.f: except (A, B) as e",
        "C.f: del e",
        "C.f: finally",
        "C.f: a = {}",
    ]


def test_layout_and_quotes_do_not_count() -> None:
    assert lines("f(a,\n  'b',  # why\n)") == lines('f(a, "b")')


def test_equal_statements_of_two_functions_differ() -> None:
    one, other = read("def f(): g()\ndef h(): g()").statements[1::2]
    assert one != other
    assert (one.unit, other.unit) == ("f", "h")


def test_a_nested_function_belongs_to_the_outermost() -> None:
    entry = read("class C:\n def f(self):\n  def g():\n   h()").statements[-1]
    assert (entry.scope, entry.unit, entry.owner) == ("C.f.g", "C.f", "C")


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "import eventlet\neventlet.greenthread.sleep(1)",
        "import eventlet.greenthread\neventlet.greenthread.sleep(1)",
        "import eventlet.greenthread as g\ng.sleep(1)",
        "from eventlet import greenthread\ngreenthread.sleep(1)",
        "from eventlet.greenthread import sleep as nap\nnap(1)",
    ],
)
def test_an_import_is_written_out(source: str) -> None:
    assert lines(source) == ["(module): eventlet.greenthread.sleep(1)"]


def test_two_ways_to_import_a_module_are_one() -> None:
    one = lines("from concurrent import futures\nfutures.wait(x)")
    assert one == lines("import concurrent.futures\nconcurrent.futures.wait(x)")


@pytest.mark.parametrize(
    "source",
    [
        "import queue as q\ndef f(q): q.get()",
        "import queue as q\ndef f():\n q = g()\n q.get()",
        "import queue as q\ndef f():\n for q in g: q.get()",
        "import queue as q\ndef f():\n [q.get() for q in g]",
        "import queue as q\nf = lambda q: q.get()",
    ],
)
def test_a_name_that_hides_the_import_is_left(source: str) -> None:
    assert ".get()" in lines(source)[-1]
    assert "queue" not in lines(source)[-1]


def test_a_name_of_a_class_body_does_not_hide_the_import_from_its_methods() -> None:
    source = "import time\nclass C:\n time = time.time()\n def f(self): return time.time()"
    assert lines(source)[-1] == "C.f: return time.time()"


def test_an_import_inside_of_a_function_counts_there() -> None:
    found = lines("def f():\n from time import sleep\n sleep(1)\ndef g(): sleep(1)")
    assert found[1::2] == ["f: time.sleep(1)", "g: sleep(1)"]


def test_of_two_imports_of_a_name_the_first_counts() -> None:
    source = (
        "try:\n from eventlet.green import socket\nexcept ImportError:\n import socket\nsocket.x"
    )
    assert lines(source)[-1] == "(module): eventlet.green.socket.x"


def test_imports_are_listed_by_dotted_name() -> None:
    version = read("import a.b as c\nfrom d import e as f, g\nfrom . import h\nfrom ..i import j")
    assert version.imports == ("a.b", "d.e", "d.g", ".h", "..i.j")
    assert version.statements == ()


# --- what is the same ---------------------------------------------------------------------------

SAME = {
    "daemon": ("threading.Thread(target=f)", "threading.Thread(target=f, daemon=True)"),
    "order of keywords": (
        "threading.Thread(args=(a,), target=f)",
        "threading.Thread(None, f, None, [a])",
    ),
    "no arguments": ("threading.Thread(target=f, args=())", "threading.Thread(target=f)"),
    "timer": ("threading.Timer(1, f, (a,))", "threading.Timer(interval=1, function=f, args=[a])"),
    "variable of a comprehension": (
        "x = [a.b(t) for t in c if t]\ny = {k: [v for v in w] for k, w in d}",
        "x = [a.b(u) for u in c if u]\ny = {k: [i for i in w] for k, w in d}",
    ),
    "daemon by attribute": (
        "t = threading.Timer(1, f)\nt.start()",
        "t = threading.Timer(1, f)\nt.daemon = True\nt.start()",
    ),
    "started at once": (
        "threading.Thread(target=f).start()",
        "t = threading.Thread(target=f)\nt.daemon = True\nt.start()",
    ),
    "yield by hand": ("a()", "a()\ntime.sleep(0)"),
    "yield by helper": ("a()", "a()\nutils.cooperative_yield()"),
    "pass": ("if a: pass", "if a: time.sleep(0)"),
    "tpool_wrap": ("x = utils.tpool_wrap(a.B())", "x = a.B()"),
    "tpool_wrap of a function": ("x = utils.tpool_wrap(f)(1)", "x = f(1)"),
    "helper and executor": (
        "x = utils.spawn(f, a)",
        "x = concurrent.futures.ThreadPoolExecutor(max_workers=1).submit(f, a)",
    ),
    "two spellings of one": (
        "x = concurrent.futures.ThreadPoolExecutor(1).submit(f, a)",
        "x = utils.spawn(f, a)",
    ),
    "size of a queue": ("queue.Queue(2)", "queue.Queue(maxsize=2)"),
    "no size of a queue": ("queue.Queue(0)", "queue.Queue()"),
    "value of a semaphore": ("threading.Semaphore(1)", "threading.Semaphore()"),
    "mock of a function": (
        "mock.patch('time.sleep')",
        "mock.patch.object(time, 'sleep')",
    ),
    "mock through a module": (
        "mock.patch('time.sleep', side_effect=x)",
        "mock.patch('nova.virt.driver.time.sleep', side_effect=x)",
    ),
    "mock through an imported module": (
        "mock.patch('time.sleep')",
        "mock.patch.object(utils.time, 'sleep')",
    ),
}

DIFFERENT = {
    "another target": ("threading.Thread(target=f)", "threading.Thread(target=g)"),
    "another argument": ("threading.Thread(target=f, args=(a,))", "threading.Thread(target=f)"),
    "other elements": ("[t.join() for t in c]", "[t.result() for t in c]"),
    "join and result": ("t.join()", "t.result()"),
    "join and wait": ("t.join()", "t.wait()"),
    "sleep": ("time.sleep(1)", "a()"),
    "sleep without argument": ("time.sleep()", "time.sleep(0)"),
    "eventlet's yield": ("eventlet.sleep(0)", "time.sleep(0)"),
    "thread that is kept": (
        "t = threading.Thread(target=f)\nt.start()\nreturn t",
        "threading.Thread(target=f).start()",
    ),
    "attribute that is kept": (
        "self.t = threading.Thread(target=f)\nself.t.start()",
        "threading.Thread(target=f).start()",
    ),
    "something between": (
        "t = threading.Thread(target=f)\na()\nt.start()",
        "threading.Thread(target=f).start()\na()",
    ),
    "thread and future": ("threading.Thread(target=f).start()", "utils.spawn(f)"),
    "larger executor": (
        "concurrent.futures.ThreadPoolExecutor(2).submit(f)",
        "utils.spawn(f)",
    ),
    "eventlet's spawn": ("eventlet.spawn(f)", "utils.spawn(f)"),
    "task of a pool": ("self.pool.submit(f)", "self.pool.spawn(f)"),
    "size of a queue": ("queue.Queue(2)", "queue.Queue()"),
    "mock of the module's name": (
        "mock.patch('nova.virt.driver.time')",
        "mock.patch('time.sleep')",
    ),
    "mock of a module of the project": (
        "mock.patch('nova.queue.sleep')",
        "mock.patch('queue.sleep')",
    ),
    "mock of eventlet": ("mock.patch('eventlet.green.time.sleep')", "mock.patch('time.sleep')"),
}


def in_function(body: str) -> list[str]:
    inside = "\n".join(f"    {line}" for line in body.splitlines())
    return lines(f"{IMPORTS}\ndef f():\n{inside}\n")


@pytest.mark.parametrize("name", SAME)
def test_the_same(name: str) -> None:
    one, other = SAME[name]
    assert in_function(one) == in_function(other)


@pytest.mark.parametrize("name", DIFFERENT)
def test_different(name: str) -> None:
    one, other = DIFFERENT[name]
    assert Counter(in_function(one)) != Counter(in_function(other))


def test_a_local_executor_is_compared_where_it_is_made() -> None:
    found = in_function("e = concurrent.futures.ThreadPoolExecutor(2)\nx = e.submit(f)")
    assert found[1:] == [
        "f: e = concurrent.futures.ThreadPoolExecutor(max_workers=2)",
        "f: x = submit(f)",
    ]


def test_a_new_variable_is_named_after_what_it_is_given() -> None:
    parent = "def f():\n return g()"
    one = lines("def f():\n t = T(1)\n u = T(2)\n return t, u", parent)
    assert one == lines("def f():\n a = T(1)\n b = T(2)\n return a, b", parent)
    assert one != lines("def f():\n a = T(1)\n b = T(2)\n return b, a", parent)


def test_the_variable_of_a_comprehension_is_another_one() -> None:
    parent = "def f(c):\n [t() for t in c]"
    one = lines("def f(c):\n t = T(1)\n t.start()\n [t() for t in c]", parent)
    assert one == lines("def f(c):\n u = T(1)\n u.start()\n [t() for t in c]", parent)


def test_star_parameters_are_passed_on() -> None:
    head = "import threading\ndef f(*args, **kwargs): "
    plain = f"{head}threading.Thread(target=g, args=args, kwargs=kwargs)"
    assert lines(plain) == lines(f"{head}threading.Thread(None, g, None, (*args,), {{**kwargs}})")
    other = "import threading\ndef f(a): threading.Thread(target=g, args=(*a,))"
    assert "(*a,)" in lines(other)[-1]


def test_a_variable_of_the_parent_keeps_its_name() -> None:
    parent = "def f():\n t = S(1)\n return t"
    assert lines("def f():\n t = T(1)\n return t", parent)[1] == "f: t = T(1)"


def test_a_global_variable_keeps_its_name() -> None:
    assert lines("def f():\n global t\n t = T(1)", "def f(): a()")[-1] == "f: t = T(1)"


def test_what_takes_the_place_of_a_mock_has_its_name() -> None:
    parent = "def f():\n with patch('a') as a: a.check()"
    assert lines("def f():\n with patch('b') as b: b.check()", parent)[1:] == [
        "f: with patch('b') as a",
        "f: a.check()",
    ]


def test_the_parameters_of_mocks_come_by_position() -> None:
    parent = f"{IMPORTS}\n@mock.patch('eventlet.sleep')\ndef test(self, sleep): sleep.check()"
    changed = f"{IMPORTS}\n@mock.patch('time.sleep')\ndef test(self, nap): nap.check()"
    assert lines(changed, parent)[1:] == lines(parent)[1:]


def test_other_parameters_do_not() -> None:
    assert lines("def f(b): b()", "def f(a): a()") == ["f: def f(b)", "f: b()"]


def test_a_test_may_have_another_name() -> None:
    parent = "class T:\n def test_capabilties(self):\n  a()\n  b()\n  c()"
    changed = "class T:\n def test_capabilities(self):\n  a()\n  b()\n  d()"
    assert lines(changed, parent)[:-1] == lines(parent)[:-1]
    other = "class T:\n def test_something(self):\n  d()\n  e()\n  c()"
    assert lines(other, parent)[1] == "T.test_something: def test_something(self)"


# --- filters ------------------------------------------------------------------------------------

PARENT = """
import eventlet
import logging

class C:
    def __init__(self):
        self.event = eventlet.event.Event()
        self.other = logging.getLogger()

    def stop(self):
        self.event.send()

    def run(self):
        self.event.wait()
        eventlet.sleep(1)

    def unrelated(self):
        return 1
"""


def changed(*pairs: tuple[str, str], source: str = PARENT) -> str:
    for old, new in pairs:
        assert old in source
        source = source.replace(old, new)
    return source


SLEEP = ("eventlet.sleep(1)", "import time; time.sleep(1)")
EVENT = (
    ("eventlet.event.Event()", "threading.Event()"),
    ("self.event.send()", "self.event.set()"),
    ("import logging", "import logging, threading"),
)


def test_what_the_tool_missed_counts() -> None:
    found = score(PARENT, PARENT, changed(SLEEP, *EVENT))
    assert found.f1 == 0
    assert found.human.total == 6


def test_a_handle_counts_where_it_is_used() -> None:
    found = score(PARENT, changed(SLEEP), changed(SLEEP, EVENT[1]))
    assert [str(entry) for entry in found.human.removed] == [
        "C.stop: self.event.send()",
        "C.run: eventlet.sleep(1)",
    ]
    assert found.f1 == pytest.approx(2 * 2 / 6)


def test_a_change_in_a_function_without_eventlet_does_not_count() -> None:
    human = changed(SLEEP, ("return 1", "return 2"))
    found = score(PARENT, changed(SLEEP), human)
    assert found.f1 == 1
    assert found.raw == pytest.approx(2 * 2 / 6)
    assert found.unrelated.total == 2


def test_a_change_in_a_function_with_eventlet_counts() -> None:
    parent = changed(("eventlet.sleep(1)", "eventlet.sleep(1); self.other.info('on')"))
    human = changed(SLEEP, ("'on'", "'off'"), source=parent)
    found = score(parent, changed(SLEEP, source=parent), human)
    assert found.human_only == [
        "removes C.run: self.other.info('on')",
        "adds    C.run: self.other.info('off')",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "threads.append(eventlet.spawn(f))\n for t in threads: t.kill()",
        "threads = [eventlet.spawn(f)]\n [t.kill() for t in threads]",
        "t = eventlet.spawn(f)\n threads = [t]; u = t; u.kill()",
        "with eventlet.Timeout(1) as t: t.kill()",
    ],
)
def test_handles_are_followed(line: str) -> None:
    version = read(f"import eventlet\ndef g(threads):\n {line}")
    facts = scoring.Facts(version)
    killed = [entry for entry in version.statements if "kill" in entry.text]
    assert killed
    assert all(facts.about(entry) for entry in killed)


def test_the_same_name_elsewhere_is_no_handle() -> None:
    version = read("import eventlet\ndef f():\n t = eventlet.spawn(g)\ndef h(t): t.wait()")
    assert not scoring.Facts(version).about(version.statements[-1])


@pytest.mark.parametrize(
    "line",
    [
        "mock.patch('eventlet.sleep')",
        "rpc(executor='eventlet')",
        "oslo_utils.eventletutils.Event()",
        "futurist.GreenThreadPoolExecutor(3)",
        "def f(use_eventlet): a()",
    ],
)
def test_strings_and_the_like_name_eventlet(line: str) -> None:
    version = read(line)
    assert scoring.Facts(version).about(version.statements[0])


def test_a_method_of_an_object_from_elsewhere_counts_by_its_native_name() -> None:
    parent = "def test(): check(manager().lock.balance)\ndef other(): a()"
    human = "def test(): check(manager().lock._value)\ndef other(): b()"
    found = score(parent, parent, human)
    assert found.human.total == 2
    assert found.unrelated.total == 2


def test_a_new_name_brings_its_statements_and_its_function() -> None:
    human = changed(
        ("self.event.wait()\n", "self.done.wait(); helper()\n"),
        ("return 1", "self.done = 1; other()"),
        ("class C:", "def helper(): return 5\n\nclass C:"),
        ("logging.getLogger()", "logging.getLogger('a')"),
    )
    found = score(PARENT, PARENT, human)
    assert {str(entry) for entry in found.human.added} == {
        "C.run: self.done.wait()",
        "C.run: helper()",
        "C.unrelated: self.done = 1",
        "helper: def helper()",
        "helper: return 5",
    }


def test_all_of_a_class_with_a_base_of_eventlets_counts() -> None:
    parent = "import eventlet\nclass P(eventlet.pools.Pool):\n def get(self): return a()"
    human = "class P:\n def get(self): return b()\n def put(self): c()"
    assert score(parent, parent, human).human.total == 6


def test_a_try_around_imports_of_eventlet_counts() -> None:
    parent = "try:\n from eventlet.green import ssl\nexcept ImportError:\n import ssl\n"
    found = score(parent, parent, "import ssl\n")
    assert len(found.human.removed) == 2


def test_an_api_that_the_person_left_is_beyond_the_commit() -> None:
    found = score(PARENT, changed(SLEEP, *EVENT), changed(SLEEP))
    assert found.f1 == 1
    assert found.beyond.total == 4
    assert found.raw == pytest.approx(2 * 2 / 8)


def test_a_method_that_tells_the_api_that_the_person_left() -> None:
    parent = "import eventlet\ndef f(event):\n    eventlet.sleep(1)\n    event.send()\n"
    person = parent.replace("eventlet", "time")
    found = score(parent, person.replace("send", "set"), person)
    assert found.f1 == 1
    assert found.beyond.total == 2


def test_a_case_may_leave_the_mean_where_the_tool_is_right() -> None:
    noted = result(PARENT, replay.Note("tool", "because"))
    (easy,) = [text for text in replay.summary([GOOD, noted]) if text.startswith("easy")]
    assert easy.split()[-3:] == ["1.00", "of", "1"]


def test_an_api_that_the_person_left_in_one_place_is_not() -> None:
    parent = changed(("return 1", "eventlet.sleep(2)"))
    tool = changed(SLEEP, ("eventlet.sleep(2)", "import time; time.sleep(2)"), source=parent)
    found = score(parent, tool, changed(SLEEP, source=parent))
    assert found.beyond.total == 0
    assert found.f1 == pytest.approx(2 * 2 / 6)


# --- scores -------------------------------------------------------------------------------------


def test_f1_counts_what_is_removed_and_added() -> None:
    a, b, c = (statements.Statement("", text) for text in "abc")
    tool = scoring.Edits(Counter([a]), Counter([b]))
    human = scoring.Edits(Counter([a]), Counter([c]))
    assert scoring.f1(tool, human) == 0.5
    assert scoring.f1(tool, tool) == 1
    assert scoring.f1(scoring.Edits(), scoring.Edits()) is None


def test_equal_statements_are_counted_one_by_one() -> None:
    parent = "import eventlet\ndef f():\n eventlet.sleep(1)\n eventlet.sleep(1)"
    one = "import eventlet, time\ndef f():\n time.sleep(1)\n eventlet.sleep(1)"
    both = "import time\ndef f():\n time.sleep(1)\n time.sleep(1)"
    assert score(parent, one, both).f1 == pytest.approx(2 * 2 / 6)


def test_a_use_of_a_module_changes_with_its_import() -> None:
    parent = "from eventlet.green import socket\nsocket.gethostname()"
    assert score(parent, parent, "import socket\nsocket.gethostname()").human.total == 2


def test_imports_are_scored_where_nothing_else_is_edited() -> None:
    parent = "import eventlet\nimport os\na()"
    found = score(parent, "import os\na()", "import os, sys\na()")
    assert found.f1 == found.imports == 1
    assert score(parent, parent, "import os\na()").f1 == 0


def test_imports_are_scored_beside_the_statements() -> None:
    parent = "import eventlet\ndef f(): eventlet.sleep(1)"
    human = "import time\ndef f(): time.sleep(1)"
    found = score(parent, "import time, eventlet\ndef f(): time.sleep(1)", human)
    assert found.f1 == 1
    assert found.imports == pytest.approx(2 / 3)


# --- cases, notes, result -----------------------------------------------------------------------

CASE = replay.Case("o/name", "1" * 40, "2" * 40, "a.py", "eventlet.sleep", "easy", "")


def result(tool: str, note: replay.Note | None = None, difficulty: str = "easy") -> replay.Result:
    case = replay.Case("o/name", "1" * 40, "2" * 40, "a.py", "", difficulty, "")
    return replay.Result(case, note or replay.Note(), score(PARENT, tool, changed(SLEEP)))


GOOD, BAD = result(changed(SLEEP)), result(PARENT)


def test_a_low_score_needs_a_note() -> None:
    assert BAD.lacks_note
    assert "no note" in replay.line(BAD)
    assert not replay.passed([GOOD] * 20 + [BAD])
    noted = result(PARENT, replay.Note("tool", "because"))
    assert "tool right: because" in replay.line(noted)
    assert replay.passed([GOOD] * 20 + [noted])


def test_a_reason_to_leave_a_case_out_does_not_say_who_is_right() -> None:
    assert result(PARENT, replay.Note(excluded="needs a rule")).lacks_note


def test_excluded_cases_are_in_one_mean_only() -> None:
    note = replay.Note("human", "because", "needs a rule")
    results = [GOOD, result(PARENT, note)]
    (easy,) = [text for text in replay.summary(results) if text.startswith("easy")]
    assert " ".join(easy.split()) == "easy 1.00 of 1 >= 0.9 met 0.50 of 2 1.00 of 1"
    assert replay.passed(results)
    assert replay.as_json(results)["mean"]["easy"] == 1
    assert replay.as_json(results)["mean_with_excluded"]["easy"] == 0.5


def test_a_mean_below_its_target_fails() -> None:
    low = result(PARENT, replay.Note("tool", "because"), "medium")
    assert not replay.passed([low])
    assert replay.passed([result(PARENT, replay.Note("tool", "because"), "hard")])


def test_a_failure_of_the_tool_fails() -> None:
    broken = replay.Result(CASE, replay.Note(), GOOD.score, error="it broke")
    assert "the tool failed: it broke" in replay.line(broken)
    assert not replay.passed([broken])


def test_a_note_is_found_by_the_beginning_of_the_commit() -> None:
    note = replay.Note("tool", "because")
    assert replay.note_of(CASE, {"o/name a.py@222": note}) == note
    for other in ("o/name a.py@111", "o/name b.py@222", "o/other a.py@222"):
        assert replay.note_of(CASE, {other: note}) == replay.Note()


def test_a_correction_has_to_be_there_once() -> None:
    note = replay.Note(corrections=(("a", "b"),))
    assert replay.corrected("x = a", note, CASE) == "x = b"
    for source in ("x = c", "a = a"):
        with pytest.raises(replay.UsageError):
            replay.corrected(source, note, CASE)


@pytest.mark.parametrize(
    "entry",
    [
        'right = "me"\nwhy = "because"',
        'right = "tool"',
        'why = "because"',
        'right = "tool"\nwhy = "because"\nnote = 1',
    ],
)
def test_a_wrong_note_is_refused(entry: str, tmp_path: Path) -> None:
    path = tmp_path / "notes.toml"
    path.write_text(f'["o/name a.py@2"]\n{entry}\n')
    with pytest.raises(replay.UsageError):
        replay.read_notes(path)


def test_our_notes_can_be_read() -> None:
    notes = replay.read_notes(replay.NOTES)
    assert notes
    assert all(note.right for note in notes.values())


def test_cases_are_read_by_difficulty(tmp_path: Path) -> None:
    table = tmp_path / "cases.tsv"
    rows = [CASE, replay.Case(*["x"] * 5, "hard", 'a " quote')]
    table.write_text(
        "\n".join(["\t".join(replay.COLUMNS), *("\t".join(vars_of(row)) for row in rows)]) + "\n"
    )
    assert replay.read_cases(table) == rows
    assert replay.read_cases(table, "easy,medium") == rows[:1]
    for wrong in ("trivial", "medium"):
        with pytest.raises(replay.UsageError):
            replay.read_cases(table, wrong)


def vars_of(case: replay.Case) -> list[str]:
    return [getattr(case, name) for name in replay.COLUMNS]


def test_what_is_missing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "cases.tsv"
    assert replay.main(["--cases", str(table), "--clones", str(tmp_path)]) == 2
    table.write_text("\t".join(replay.COLUMNS) + "\n" + "\t".join(vars_of(CASE)) + "\n")
    assert replay.main(["--cases", str(table), "--clones", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "cases.tsv: No such file" in told
    assert "no clone in" in told
    assert "o/name" in told


@pytest.mark.parametrize("place", ["o+name/repo", "o/name", "name", "name.git", "o/name/.git"])
def test_clones_are_found(place: str, tmp_path: Path) -> None:
    store = tmp_path / place
    (store / "objects").mkdir(parents=True)
    (store / "HEAD").touch()
    assert replay.find_clone(tmp_path, "o/name") == [f"--git-dir={store}"]
    assert replay.find_clone(tmp_path, "o/another") is None


def test_objects_are_read_from_a_batch() -> None:
    batch = b"a1 blob 3\nx\ny\nb2 missing\nc3 blob 0\n\n"
    assert list(replay.read_objects(batch)) == [b"x\ny", None, b""]
