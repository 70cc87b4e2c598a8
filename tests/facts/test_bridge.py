"""Where nothing is patched, native code and green threads go together or not at all."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import Result, rewrite_one, run

if TYPE_CHECKING:
    from pathlib import Path

SLEEPS = "import eventlet\neventlet.sleep(1)\n"
SLEPT = "import time\ntime.sleep(1)\n"
WAITS = "import eventlet\neventlet.spawn(print).kill()\n"
PATCHES = "import eventlet\neventlet.monkey_patch()\n"


def run_on(
    root: Path, files: dict[str, str], only: list[str] | None = None, **settings: object
) -> Result:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text))
    return run(root, only or sorted(files), Settings(**settings))  # type: ignore[arg-type]


def text_of(result: Result, path: str) -> str:
    change = next(c for c in result.changes if c.entry.path == path)
    return change.result.decode()


def messages_of(result: Result, path: str) -> list[str]:
    entry = next(e for e in result.ledger.files if e.path == path)
    return [finding.message for finding in entry.findings if finding.status == "left"]


def test_everything_can_go_so_everything_goes(tmp_path: Path) -> None:
    result = run_on(
        tmp_path, {"a.py": SLEEPS, "b.py": "import eventlet\neventlet.spawn_n(print)\n"}
    )
    assert text_of(result, "a.py") == SLEPT
    assert "threading.Thread" in text_of(result, "b.py")


def test_a_green_thread_that_stays_holds_the_others_back(tmp_path: Path) -> None:
    result = run_on(tmp_path, {"a.py": SLEEPS, "b.py": WAITS})
    assert text_of(result, "a.py") == SLEEPS
    (message,) = messages_of(result, "a.py")
    assert "monkey_patch() does not cover time" in message
    assert "eventlet.greenthread.spawn (b.py:2)" in message
    assert message.endswith("set `monkey-patched` to yes")


def test_a_project_that_patches_is_not_told_how_to_say_so(tmp_path: Path) -> None:
    partly = "import eventlet\neventlet.monkey_patch(time=False)\n"
    result = run_on(tmp_path, {"a.py": SLEEPS, "b.py": WAITS, "main.py": partly})
    (message,) = messages_of(result, "a.py")
    assert message.endswith("they go together")


def test_it_is_enough_that_it_stays_in_a_file_that_is_not_looked_at(tmp_path: Path) -> None:
    result = run_on(tmp_path, {"a.py": SLEEPS, "b.py": WAITS}, only=["a.py"])
    assert text_of(result, "a.py") == SLEEPS
    assert [change.entry.path for change in result.changes] == ["a.py"]


def test_in_one_file(tmp_path: Path) -> None:
    both = "import eventlet\neventlet.spawn(print).kill()\neventlet.sleep(1)\n"
    assert text_of(run_on(tmp_path, {"a.py": both}), "a.py") == both


def test_patched_elsewhere_in_the_project(tmp_path: Path) -> None:
    files = {"a.py": SLEEPS, "b.py": WAITS, "cmd/main.py": PATCHES}
    result = run_on(tmp_path, files, only=["a.py"])
    assert text_of(result, "a.py") == SLEPT


@pytest.mark.parametrize(
    ("arguments", "rewritten"),
    [("time=True", True), ("socket=True", False), ("time=False", False), ("thread=False", True)],
)
def test_what_is_patched_matters(tmp_path: Path, arguments: str, rewritten: bool) -> None:
    patches = f"import eventlet\neventlet.monkey_patch({arguments})\n"
    result = run_on(tmp_path, {"a.py": SLEEPS, "b.py": WAITS, "c.py": patches})
    assert text_of(result, "a.py") == (SLEPT if rewritten else SLEEPS)


def test_parts_are_held_back_one_by_one(tmp_path: Path) -> None:
    files = {
        "a.py": "import eventlet\neventlet.sleep(1)\nlock = eventlet.Semaphore()\n",
        "b.py": WAITS,
        "c.py": "import eventlet\neventlet.monkey_patch(time=True)\n",
    }
    text = text_of(run_on(tmp_path, files), "a.py")
    assert "time.sleep(1)" in text and "eventlet.Semaphore()" in text


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_the_setting_has_the_last_word(tmp_path: Path, answer: str) -> None:
    files = {"a.py": SLEEPS, "b.py": WAITS}
    if answer == "no":
        files["c.py"] = PATCHES
    result = run_on(tmp_path, files, monkey_patched=answer)
    assert text_of(result, "a.py") == (SLEPT if answer == "yes" else SLEEPS)


@pytest.mark.parametrize(
    "harmless",
    [
        "x = 'eventlet.sleep'\n",
        "import greenlet\n",
        "import eventlet.patcher\neventlet.patcher.inject('x', {})\n",
    ],
)
def test_what_runs_nothing_green_holds_nothing_back(tmp_path: Path, harmless: str) -> None:
    result = run_on(tmp_path, {"a.py": SLEEPS, "b.py": harmless})
    assert text_of(result, "a.py") == SLEPT


def test_what_needs_nothing_patched_is_rewritten_all_the_same(tmp_path: Path) -> None:
    source = "from eventlet.queue import Empty\nraise Empty\n"
    result = run_on(tmp_path, {"a.py": source, "b.py": WAITS})
    assert text_of(result, "a.py") == "import queue\nraise queue.Empty\n"


def test_a_library_that_runs_green_threads(tmp_path: Path) -> None:
    service = "from oslo_service import service\nservice.launch(1, 2)\n"
    result = run_on(tmp_path, {"a.py": SLEEPS, "b.py": service}, only=["a.py"])
    assert text_of(result, "a.py") == SLEEPS
    assert "oslo_service.service (b.py)" in messages_of(result, "a.py")[0]


@pytest.mark.parametrize(
    "library",
    [
        "from oslo_service import (\n    sslutils,  # TLS\n    wsgi as base_wsgi,\n)\n",
        "from oslo_service.loopingcall import FixedIntervalLoopingCall\n",
        "import oslo_service.threadgroup as groups\n",
        "import oslo_service as library\n",
        "from oslo_service import *\n",
        "import importlib\nimportlib.import_module('oslo_service.service')\n",
        "__import__('oslo_service')\n",
        "import sys\n__import__('oslo_service.' + sys.argv[1])\n",
    ],
)
def test_however_it_is_taken(tmp_path: Path, library: str) -> None:
    result = run_on(tmp_path, {"a.py": SLEEPS, "b.py": library}, only=["a.py"])
    assert text_of(result, "a.py") == SLEEPS


@pytest.mark.parametrize(
    "library",
    [
        "from oslo_service import sslutils\nsslutils.is_enabled(1)\n",
        "from oslo_service import backend, systemd\nsystemd.notify_once()\n",
        "import oslo_service.sslutils\n",
        "x = 1  # requires options of oslo_service, which may be there\n",
    ],
)
def test_what_it_has_that_runs_nothing_green(tmp_path: Path, library: str) -> None:
    result = run_on(tmp_path, {"a.py": SLEEPS, "b.py": library}, only=["a.py"])
    assert text_of(result, "a.py") == SLEPT


def test_what_a_test_patches_of_it_runs_nothing(tmp_path: Path) -> None:
    patched = "from unittest import mock\nmock.patch('oslo_service.wsgi.Server')\n"
    files = {"a.py": SLEEPS, "tests/test_b.py": patched}
    assert text_of(run_on(tmp_path, files, only=["a.py"]), "a.py") == SLEPT
    files["tests/test_b.py"] += "from oslo_service import loopingcall\n"
    other = run_on(tmp_path / "other", files, only=["a.py"])
    assert text_of(other, "a.py") == SLEEPS


def test_a_suppressed_use_stays_and_so_counts(tmp_path: Path) -> None:
    source = "import eventlet\neventlet.spawn_n(print)  # eventlet-codemod: ignore\n"
    result = run_on(tmp_path, {"a.py": SLEEPS, "b.py": source})
    assert text_of(result, "a.py") == SLEEPS


def test_one_file_by_itself() -> None:
    settings = Settings()
    assert rewrite_one(SLEEPS.encode(), "a.py", settings).new == SLEPT.encode()
    both = (SLEEPS + WAITS.partition("\n")[2]).encode()
    assert rewrite_one(both, "a.py", settings).new is None


def test_one_file_with_its_project_around_it(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text(WAITS)
    assert rewrite_one(SLEEPS.encode(), "a.py", Settings(), root=tmp_path).new is None
    (tmp_path / "b.py").write_text(PATCHES)
    assert rewrite_one(SLEEPS.encode(), "a.py", Settings(), root=tmp_path).new == SLEPT.encode()


def test_the_same_answer_whatever_the_order(tmp_path: Path) -> None:
    files = {"a.py": SLEEPS, "b.py": WAITS, "c.py": SLEEPS, "d.py": "import eventlet\n"}
    forward = run_on(tmp_path, files, only=["a.py", "b.py", "c.py", "d.py"])
    backward = run_on(tmp_path, files, only=["d.py", "c.py", "b.py", "a.py"])
    assert forward.ledger.files == backward.ledger.files
