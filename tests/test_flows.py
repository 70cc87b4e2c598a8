"""What `explain_flow` tells of the objects on a line."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.flows import explain_flow

FILES = {
    "pkg/__init__.py": "",
    "pkg/local.py": """
        import eventlet


        def call(work, other):
            gt = eventlet.spawn(work)
            gts = [gt]
            gts[0].wait()
            pool = eventlet.GreenPool()
            task = pool.spawn(work)
            other(task)
            lock = eventlet.semaphore.Semaphore()
            with lock:
                pass
            if lock is None or not lock:
                print(lock)
        """,
    "pkg/base.py": """
        import eventlet


        class Service:
            def start(self, work):
                self._runner = eventlet.spawn(work)
        """,
    "pkg/sub.py": """
        from pkg import base


        class Other(base.Service):
            def stop(self):
                self._runner.wait()
        """,
    "pkg/broken.py": "import eventlet\ndef (\n",
    "pkg/clash.py": """
        import eventlet


        class Service:
            def start(self, work, name):
                self.thread = eventlet.spawn(work)
                self.thread = name

            def join(self, other):
                other.thread.wait()
        """,
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("flows")
    for name, text in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(textwrap.dedent(text).removeprefix("\n"))
    return root


def told(project: Path, path: str, line: int, **settings: object) -> list[str]:
    given = Settings(monkey_patched="yes", **settings)  # type: ignore[arg-type]
    return explain_flow(project, path, line, given).splitlines()


@pytest.mark.parametrize("line", [5, 6, 7], ids=["made", "goes", "used"])
def test_a_local(project: Path, line: int) -> None:
    assert told(project, "pkg/local.py", line) == [
        "eventlet.greenthread.spawn, called gt",
        "  made    pkg/local.py:5",
        "  goes    pkg/local.py:5  the name gt",
        "  goes    pkg/local.py:6  the name gts",
        "  used    pkg/local.py:7  .wait()",
        "  answer  EVT113: an executor of one worker gives a Future of its own thread",
    ]


def test_two_objects_on_a_line(project: Path) -> None:
    lines = told(project, "pkg/local.py", 9)
    assert [line for line in lines if not line.startswith(" ")] == [
        "eventlet.greenpool.GreenPool, called pool",
        "",
        "eventlet.greenpool.GreenPool.spawn, called task",
    ]
    assert "  escapes pkg/local.py:10  it is passed on (line 10)" in lines
    assert "  goes with the eventlet.greenpool.GreenPool of pkg/local.py:8:11" in lines
    answers = [line for line in lines if line.startswith("  answer  EVT120: this GreenPool stays")]
    assert len(answers) == 2


def test_what_is_done_is_told_in_words(project: Path) -> None:
    used = [line for line in told(project, "pkg/local.py", 11) if line.startswith("  used")]
    assert used == [
        "  used    pkg/local.py:12  a with statement enters it",
        "  used    pkg/local.py:14  it is compared with None",
        "  used    pkg/local.py:14  its truth is asked for",
        "  used    pkg/local.py:15  it is printed or logged",
    ]


@pytest.mark.parametrize("place", [("pkg/base.py", 6), ("pkg/sub.py", 6)], ids=str)
def test_an_attribute_that_a_subclass_in_another_file_uses(
    project: Path, place: tuple[str, int]
) -> None:
    lines = told(project, *place)
    assert lines[:4] == [
        "eventlet.greenthread.spawn, called self._runner",
        "  made    pkg/base.py:6",
        "  goes    pkg/base.py:4  the attribute _runner of Service",
        "  used    pkg/sub.py:6  .wait()",
    ]
    assert lines[-1].startswith("  answer  EVT113: ")


def test_clashes_and_namesakes(project: Path) -> None:
    lines = told(project, "pkg/clash.py", 6)
    assert "  used    pkg/clash.py:10  .wait(), of another object perhaps" in lines
    assert any(line.startswith("  clash   ") and "line 7" in line for line in lines)
    assert lines[-1].startswith("  answer  EVT113: this green thread stays: ")


def test_the_answer_follows_the_settings(project: Path) -> None:
    assert told(project, "pkg/local.py", 5, helpers="pkg.threads")[-1] == (
        "  answer  EVT113: `pkg.threads.spawn` gives a Future of a daemon thread"
    )


@pytest.mark.parametrize("line", [0, 1, 4, 999])
def test_no_object_on_the_line(project: Path, line: int) -> None:
    assert told(project, "pkg/local.py", line) == []


def test_a_file_that_does_not_parse(project: Path) -> None:
    with pytest.raises(SyntaxError):
        explain_flow(project, "pkg/broken.py", 1, Settings())


def test_nothing_is_written(project: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    told(project, "pkg/base.py", 6)
    assert before == {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
