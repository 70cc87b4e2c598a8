"""Imports by which a module passes a name of eventlet on: cases across the files of a project."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import run

SHIM = 'from eventlet import Queue, sleep\n\n__all__ = ["Queue", "sleep"]\n'
TAKER = "from pkg.concurrency import sleep\n\n\ndef f():\n    sleep(1)\n"


def after(tmp_path: Path, files: dict[str, str], **settings: object) -> dict[str, str]:
    """The files of a project after a run over those that mention eventlet."""
    for name, text in {"pkg/__init__.py": "", **files}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    mentioning = [name for name, text in files.items() if "eventlet" in text]
    chosen = Settings(monkey_patched="yes", **settings)  # type: ignore[arg-type]
    result = run(tmp_path, mentioning, chosen, whole_project=True)
    assert not [change.entry.error for change in result.changes if change.entry.error]
    changed = {c.entry.path: (c.old if c.new is None else c.new).decode() for c in result.changes}
    return {**files, **changed}


def test_a_name_that_nobody_takes_is_only_reported(tmp_path: Path) -> None:
    assert after(tmp_path, {"pkg/concurrency.py": SHIM})["pkg/concurrency.py"] == SHIM


def test_it_stays_while_a_file_needs_it(tmp_path: Path) -> None:
    taker = "from pkg.concurrency import sleep\nfrom pkg import concurrency\n\nback_off = [sleep]\n"
    taker += "\n\ndef f(q=concurrency.Queue()):\n    return sleep(1), q.resize(3)\n"
    done = after(tmp_path, {"pkg/concurrency.py": SHIM, "pkg/taker.py": taker})
    assert "from eventlet import Queue\n" in done["pkg/concurrency.py"]
    assert '__all__ = ["Queue"]' in done["pkg/concurrency.py"]
    assert "concurrency.Queue()" in done["pkg/taker.py"]
    assert "time.sleep(1)" in done["pkg/taker.py"]


@pytest.mark.parametrize(
    ("header", "call"),
    [
        ("from pkg.concurrency import sleep", "sleep(1)"),
        ("from pkg.concurrency import sleep as pause", "pause(1)"),
        ("from pkg import concurrency", "concurrency.sleep(1)"),
        ("from pkg import concurrency as c", "c.sleep(1)"),
        ("from .concurrency import sleep", "sleep(1)"),
        ("from . import concurrency", "concurrency.sleep(1)"),
        ("import pkg.concurrency", "pkg.concurrency.sleep(1)"),
    ],
)
def test_every_way_to_take_it(tmp_path: Path, header: str, call: str) -> None:
    files = {
        "pkg/concurrency.py": "from eventlet import sleep\n",
        "pkg/taker.py": f"{header}\n\n\ndef f():\n    {call}\n",
    }
    done = after(tmp_path, files)
    assert "time.sleep(1)" in done["pkg/taker.py"]
    assert "eventlet" not in done["pkg/concurrency.py"]


def test_a_name_that_only_looks_alike_is_left(tmp_path: Path) -> None:
    other = "from other.concurrency import sleep\n\n\ndef f():\n    sleep(1)\n"
    files = {"pkg/concurrency.py": SHIM, "pkg/taker.py": TAKER, "pkg/other.py": other}
    assert after(tmp_path, files)["pkg/other.py"] == other


def test_a_test_that_takes_it_counts(tmp_path: Path) -> None:
    files = {"pkg/concurrency.py": SHIM, "pkg/tests/test_f.py": TAKER}
    done = after(tmp_path, files)
    assert "time.sleep(1)" in done["pkg/tests/test_f.py"]


def test_a_rule_that_is_not_selected_keeps_it(tmp_path: Path) -> None:
    files = {"pkg/concurrency.py": SHIM, "pkg/taker.py": TAKER}
    done = after(tmp_path, files, ignore=("sleep",))
    assert done["pkg/taker.py"] == TAKER
    assert "sleep" in done["pkg/concurrency.py"]


def test_a_mock_that_names_it_keeps_it(tmp_path: Path) -> None:
    mock = 'from unittest import mock\n\nmock.patch("pkg.concurrency.sleep").start()\n'
    files = {"pkg/concurrency.py": SHIM, "pkg/taker.py": TAKER, "pkg/tests/test_f.py": mock}
    done = after(tmp_path, files)
    assert done["pkg/concurrency.py"] == SHIM


def test_a_second_module_that_passes_it_on_keeps_it(tmp_path: Path) -> None:
    files = {"pkg/concurrency.py": SHIM, "pkg/taker.py": TAKER}
    files["pkg/api.py"] = "from pkg.concurrency import sleep\n"
    done = after(tmp_path, files)
    assert done["pkg/concurrency.py"] == SHIM


def test_a_suppressed_import_keeps_what_the_module_lists(tmp_path: Path) -> None:
    shim = SHIM.replace("sleep\n\n", "sleep  # eventlet-codemod: ignore\n\n")
    done = after(tmp_path, {"pkg/concurrency.py": shim, "pkg/taker.py": TAKER})
    assert done["pkg/concurrency.py"] == shim


def test_a_module_that_its_own_file_uses_is_kept(tmp_path: Path) -> None:
    files = {
        "pkg/pubsub.py": """\
            from eventlet.green import zmq


            def connect():
                return zmq.Context()
            """,
        "pkg/other.py": "from pkg import pubsub\n\nzmq = pubsub.connect()\n",
    }
    done = after(tmp_path, files)
    assert "import zmq\n" in done["pkg/pubsub.py"]


@pytest.mark.parametrize("module", ["pkg.concurrency", ".concurrency"])
def test_it_is_taken_by_a_star_import(tmp_path: Path, module: str) -> None:
    files = {
        "pkg/concurrency.py": "from eventlet import sleep\n",
        "pkg/taker.py": f"from {module} import *\n\n\ndef f():\n    sleep(1)\n",
    }
    done = after(tmp_path, files)
    assert "    time_lib.sleep(1)" in done["pkg/taker.py"]  # the star may bring in a `time`
    assert done["pkg/concurrency.py"] == ""


def test_a_star_import_may_pass_it_on(tmp_path: Path) -> None:
    files = {
        "pkg/concurrency.py": "from eventlet import sleep\n",
        "pkg/sub/__init__.py": "from pkg.concurrency import *\n",
        "pkg/far.py": "from pkg.sub import sleep\n\n\ndef g():\n    sleep(2)\n",
        "pkg/taker.py": TAKER,
    }
    done = after(tmp_path, files)
    assert "time.sleep(1)" in done["pkg/taker.py"]
    assert done["pkg/concurrency.py"] == "from eventlet import sleep\n"
