"""A run that remembers earlier ones gives what it gives without; what was asked is not asked again.

Its objects travel, its tests follow, a Timeout stays, and nine rules have something to do.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eventlet_codemod import run as runs
from eventlet_codemod.config import Settings
from eventlet_codemod.discovery import discover
from eventlet_codemod.engine import FileChange
from eventlet_codemod.facts.project import Project
from eventlet_codemod.remembered import Memory, Question

FILES = {
    "pkg/__init__.py": "",
    "pkg/made.py": """
        import eventlet
        from eventlet import queue, semaphore

        LOCK = semaphore.Semaphore(2)
        QUEUE = queue.Queue()


        def begin(work):
            return eventlet.spawn(work)
        """,
    "pkg/used.py": """
        import eventlet
        from eventlet import event
        from pkg import made


        def work():
            with made.LOCK:
                eventlet.sleep(1)
            made.QUEUE.put(1)
            done = event.Event()
            eventlet.spawn_n(done.send)
            done.wait()
            with eventlet.Timeout(3):
                other()
            return made.begin(work).wait()


        def other():
            pool = eventlet.GreenPool()
            pool.spawn_n(work)
            pool.waitall()
        """,
    "pkg/tests/__init__.py": "",
    "pkg/tests/test_used.py": """
        from unittest import mock
        from pkg import used


        @mock.patch("pkg.used.eventlet.sleep")
        @mock.patch("eventlet.spawn_n")
        def test_work(spawn, sleep):
            used.work()
            sleep.assert_called_once_with(1)
        """,
    "run.py": """
        import eventlet
        eventlet.monkey_patch()
        from pkg import used
        used.work()
        """,
}
SELECTIONS = [
    (),
    ("EVT101",),
    ("EVT101", "EVT601"),
    ("EVT101", "EVT113", "EVT601"),
    ("EVT101", "EVT113", "EVT120", "EVT601"),
    ("threads",),
    ("threads", "pools", "servers", "sleep"),
    ("EVT2",),
    ("ALL",),
    ("EVT101",),
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    import textwrap

    for path, text in FILES.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(textwrap.dedent(text).lstrip("\n"))
    (tmp_path / "pyproject.toml").write_text("")
    return tmp_path


def changes(
    root: Path, selected: tuple[str, ...], memory: Memory | None = None, **settings: object
) -> tuple[FileChange, ...]:
    chosen = Settings(select=selected, **settings)  # type: ignore[arg-type]
    files = discover(root, [root], chosen).files
    return runs.run(root, files, chosen, whole_project=True, memory=memory).changes


@pytest.mark.parametrize("force", [False, True])
def test_each_run_gives_what_it_gives_without_a_memory(project: Path, force: bool) -> None:
    memory = Memory()
    for selected in SELECTIONS:
        remembered = changes(project, selected, memory, force=force)
        assert remembered == changes(project, selected, force=force), selected
    assert memory.answered  # or nothing was shown


def test_the_same_run_asks_nothing_again(project: Path) -> None:
    memory = Memory()
    changes(project, ("EVT101",), memory)
    first = memory.answered
    changes(project, ("EVT101",), memory)
    asked = memory.answered - first
    assert asked >= 4
    changes(project, ("EVT101", "EVT702"), memory)  # of which there is nothing
    assert memory.answered - first == 2 * asked


def test_other_settings_and_another_state_are_asked_anew(project: Path) -> None:
    memory = Memory()
    changes(project, ("EVT101",), memory)
    before = memory.answered
    changes(project, ("EVT101",), memory, sleep_zero="drop", line_length=70)
    assert memory.answered == before
    memory.begin("other files")
    changes(project, ("EVT101",), memory)
    assert memory.answered == before


def test_a_family_that_is_whole_elsewhere(project: Path) -> None:
    """Rules ask whether a family is whole also for the files that their objects go to."""
    memory = Memory()
    ignores = {"pkg/made.py": ("EVT101",), "pkg/used.py": ("threads",)}
    for selected in (("EVT101",), ("EVT101", "threads", "pools", "servers"), ("ALL",)):
        remembered = changes(project, selected, memory, per_file_ignores=ignores)
        assert remembered == changes(project, selected, per_file_ignores=ignores)
    asked = Question("pkg/used.py", b"", Settings(per_file_ignores=ignores), Project(), True, False)
    few = replace(asked, settings=replace(asked.settings, select=("EVT101",)))
    assert "threads" in asked.selected - few.selected


def test_a_file_that_has_changed_is_asked_anew(project: Path) -> None:
    memory = Memory()
    changes(project, ("EVT101",), memory)
    used = project / "pkg/used.py"
    used.write_text(used.read_text().replace("sleep(1)", "sleep(2)"))
    changed = {c.entry.path: c for c in changes(project, ("EVT101",), memory)}
    assert b"time.sleep(2)" in (changed["pkg/used.py"].new or b"")
