"""Facts in TOML: what they say, what is wrong with them, and what follows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eventlet_codemod.codemods.base import CodemodError
from eventlet_codemod.codemods.facts_file import read_facts
from eventlet_codemod.declared import Declared, merged
from eventlet_codemod.testing import Case, check, fixes, manual, noop

FACTS = """\
summary = "shop's tasks"

[returns]
"shop.tasks.begin" = "Future"
"""

CASES = [
    noop(
        "a function of that name from elsewhere",
        """
        from other.tasks import begin

        begin(print).wait()
        """,
    ),
    noop(
        "what it gives is dropped",
        """
        from shop import tasks

        tasks.begin(print, 1)
        """,
    ),
    noop(
        "it is handed on",
        """
        from shop.tasks import begin


        def run(work):
            return work(begin)
        """,
    ),
    noop(
        "all that is done to it is that of a Future",
        """
        from shop import tasks


        def run(work):
            task = tasks.begin(work)
            print(tasks.begin(work))
            return task.result()
        """,
    ),
    fixes(
        "it came by a star import",
        """
        from shop.tasks import *

        task = begin(print)
        task.wait()
        """,
        """
        from shop.tasks import *

        task = begin(print)
        task.result()
        """,
    ),
    manual(
        "what it gives is killed",
        """
        from shop import tasks


        def run(work):
            task = tasks.begin(work)
            task.kill()
        """,
        says="this green thread stays: it is killed",
    ),
    manual(
        "it is a green thread in another branch",
        """
        import eventlet
        from shop import tasks


        def run(work, own):
            task = tasks.begin(work) if own else eventlet.spawn(work)
            return task.wait()
        """,
        says="it is a Future already in one place, and not in another",
    ),
    fixes(
        "what it gives is waited for",
        """
        from shop import tasks
        from shop.tasks import begin as start


        def ended(task):
            print("ended")


        class Runner:
            def __init__(self, work):
                self.task = tasks.begin(work, 1)
                self.task.link(ended)

            def stop(self):
                return self.task.wait()


        def run(works):
            running = [start(work) for work in works]
            return [task.wait() for task in running if not task.done()]
        """,
        """
        from shop import tasks
        from shop.tasks import begin as start


        def ended(task):
            print("ended")


        class Runner:
            def __init__(self, work):
                self.task = tasks.begin(work, 1)
                self.task.add_done_callback(ended)

            def stop(self):
                return self.task.result()


        def run(works):
            running = [start(work) for work in works]
            return [task.result() for task in running if not task.done()]
        """,
        checks=["C-ORDER"],
    ),
    fixes(
        "what it gives has no name",
        """
        from shop.tasks import begin


        def run(work, log):
            log(begin(work, 1).wait())
            return [begin(one).wait() for one in work]
        """,
        """
        from shop.tasks import begin


        def run(work, log):
            log(begin(work, 1).result())
            return [begin(one).result() for one in work]
        """,
    ),
    fixes(
        "a Timeout is around the wait for it",
        """
        import eventlet
        from shop import tasks


        def run(work):
            task = tasks.begin(work)
            with eventlet.Timeout(3, ValueError):
                return task.wait()
        """,
        """
        from concurrent import futures

        from shop import tasks


        def run(work):
            task = tasks.begin(work)
            try:
                return task.result(timeout=3)
            except futures.TimeoutError as error:
                raise ValueError from error
        """,
        checks=["C-CATCH"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_function_returns_a_future(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "tasks.toml"
    path.write_text(FACTS)
    check(case, str(path))


def test_what_a_file_says(tmp_path: Path) -> None:
    path = tmp_path / "tasks.toml"
    path.write_text(FACTS + '\n[names]\n"shop.hub.pause" = "eventlet.sleep"\n')
    summary, declared = read_facts(path, "tasks.toml")
    assert summary == "shop's tasks"
    assert declared == Declared(
        {"shop.hub.pause": "eventlet.sleep", "shop.tasks.begin": "eventlet.spawn"},
        futures=frozenset({"shop.tasks.begin"}),
    )


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("return = 1\n", 1, "return: no such key (did you mean 'returns'?)"),
        ("returns = 1\n", 1, "returns must be a table"),
        ('[returns]\n"a.b" = "Thread"\n', 2, "a.b must return \"Future\", not 'Thread'"),
        ('[names]\n"a.b" = "eventlet.slep"\n', 2, "a.b: eventlet has no 'slep' (did you mean 's"),
        ('[names]\n"eventlet.sleep" = "eventlet.spawn"\n', 2, "sleep is eventlet's own name"),
        ('[returns]\n"eventlet.spawn" = "Future"\n', 2, "spawn is eventlet's own name"),
        ('[returns]\nb = "Future"\n', 2, "'b' must be a dotted name"),
        (
            '[names]\n"a.b" = "eventlet.spawn"\n\n[returns]\n"a.b" = "Future"\n',
            5,
            "a.b is among the names as well",
        ),
    ],
)
def test_what_is_wrong_with_a_file(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = tmp_path / "facts.toml"
    path.write_text(text)
    with pytest.raises(CodemodError) as found:
        read_facts(path, "facts.toml")
    assert (found.value.line, found.value.file) == (line, "facts.toml")
    assert says in found.value.message


def test_a_name_may_be_eventlet_itself(tmp_path: Path) -> None:
    path = tmp_path / "compat.toml"
    path.write_text('[names]\n"shop.compat.eventlet" = "eventlet"\n')
    before = "from shop.compat import eventlet as ev\n\nev.sleep(1)\nev.queue.Queue()\n"
    after = "import queue\nimport time\n\ntime.sleep(1)\nqueue.Queue()\n"
    check(fixes("eventlet", before, after), str(path))


def test_two_files_that_contradict_each_other() -> None:
    spawn = Declared({"a.b": "eventlet.spawn"})
    future = Declared({"a.b": "eventlet.spawn"}, futures=frozenset({"a.b"}))
    said = "a.b gives a Future as two declares, not as one does"
    with pytest.raises(ValueError, match=said):
        merged({"one": spawn, "two": future})
    with pytest.raises(ValueError, match=said):
        merged({"two": future, "one": spawn})
    assert merged({"one": future, "two": Declared(), "three": future}) == future


def test_a_name_that_rules_claim_and_facts_explain() -> None:
    claimed = Declared({"a.b": "a.b"})
    future = Declared({"a.b": "eventlet.spawn"}, futures=frozenset({"a.b"}))
    both = replace(future, claimed=frozenset({"a.b"}))
    assert merged({"one": claimed, "two": future, "three": claimed}) == both
    assert merged({"one": future, "two": claimed}) == both
