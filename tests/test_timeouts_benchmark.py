"""`benchmarks/timeouts.py` counts what a scan says, by shape."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = """\
import eventlet
from eventlet import queue

eventlet.monkey_patch()


def ask(answers):
    try:
        with eventlet.Timeout(3):
            return answers.get()
    except eventlet.Timeout:
        return None


def talk(client):
    try:
        with eventlet.Timeout(3):
            client.talk()
    except eventlet.Timeout:
        return None


ask(queue.Queue())
"""


def test_limits_and_clauses_are_counted(tmp_path: Path) -> None:
    tree = tmp_path / "talker"
    tree.mkdir()
    (tree / "talk.py").write_text(PROGRAM)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "timeouts.py"), str(tree), "--left"],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    first, *rest = done.stdout.splitlines()
    assert first == (
        "talker: 1 of 2 limits and 1 of 2 clauses are rewritten; 2 of 2 that stay name what waits"
    )
    assert rest[:2] == [
        "    any code                        0 of    1",
        "    waits on objects                1 of    1",
    ]
    assert all("`client.talk()` (line 18)" in line for line in rest[2:4])
    assert rest[-1] == "talker: 1 of 2 limits (50 %), 2 of 4 places in all (50 %)"
