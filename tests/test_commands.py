"""The stock tool of libcst runs our rules."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import eventlet_codemod
from eventlet_codemod.commands import by_rule
from eventlet_codemod.commands.everything import EventletCommand
from eventlet_codemod.rules import all_rules

ALL = "eventlet_codemod.commands.everything.EventletCommand"
SLEEP = "eventlet_codemod.commands.by_rule.SleepCommand"

BEFORE = """\
import eventlet
from eventlet import backdoor

eventlet.monkey_patch()


def main(delay, sock):
    eventlet.sleep(0.5)  # kept
    eventlet.sleep(delay)
    lock = eventlet.semaphore.Semaphore()
    with lock:
        backdoor.backdoor_server(sock)
"""


def tool(*arguments: str, cwd: Path, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    source = str(Path(eventlet_codemod.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-m", "libcst.tool", *arguments],
        cwd=cwd,
        input=data,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": source},
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "a.py").write_text(BEFORE)
    return tmp_path


def ours(path: Path, *arguments: str) -> bytes:
    """What our own command line makes of the same file."""
    source = str(Path(eventlet_codemod.__file__).parents[1])
    done = subprocess.run(
        [
            *(sys.executable, "-m", "eventlet_codemod", "apply", "-", "-q", *arguments),
            *("--stdin-filename", str(path)),
        ],
        input=path.read_bytes(),
        capture_output=True,
        env={**os.environ, "PYTHONPATH": source},
    )
    return done.stdout


def test_everything(project):
    wanted = ours(project / "a.py")
    done = tool("codemod", "-x", ALL, "--no-format", "a.py", cwd=project)
    assert done.returncode == 0
    assert (project / "a.py").read_bytes() == wanted
    assert b"    time.sleep(0.5)  # kept\n" in wanted and b"threading" in wanted
    assert b"Transformed 1 files successfully" in done.stderr


def test_one_rule_alone(project):
    wanted = ours(project / "a.py", "--select", "sleep")
    done = tool("codemod", "-x", SLEEP, "--no-format", "a.py", cwd=project)
    assert done.returncode == 0
    assert (project / "a.py").read_bytes() == wanted
    assert b"time.sleep(0.5)" in wanted and b"eventlet.semaphore" in wanted


def test_findings_that_need_a_person_are_warnings(project):
    done = tool("codemod", "-x", ALL, "--no-format", "a.py", cwd=project)
    warnings = [line for line in done.stderr.decode().splitlines() if line.startswith("WARNING")]
    assert any(
        line.startswith("WARNING: a.py:9:5: EVT101 sleep [review] ") and "C-TYPE" in line
        for line in warnings
    )
    assert any("backdoor_server` is left (" in line for line in warnings)
    assert not any(":8:" in line for line in warnings)
    done = tool("codemod", "-x", SLEEP, "--no-format", "-u", "3", "a.py", cwd=project)
    assert b"backdoor_server` is left" not in done.stderr


def test_nothing_to_do_is_skipped(project):
    clean = b"x = 1\r\n\x0cy = 2"
    (project / "a.py").write_bytes(clean)
    (project / "b.py").write_text("import eventlet.backdoor\neventlet.backdoor.backdoor()\n")
    done = tool("codemod", "-x", ALL, "--no-format", "a.py", "b.py", cwd=project)
    assert done.returncode == 0
    assert b"Skipped 2 files" in done.stderr
    assert b"Skipped codemodding" in done.stderr and b"no mention of eventlet" in done.stderr
    assert (project / "a.py").read_bytes() == clean


def test_many_files_in_processes(project):
    for number in range(12):
        (project / f"m{number}.py").write_text(f"from eventlet import sleep\nsleep({number + 1})\n")
    (project / "a.py").write_text("import eventlet\neventlet.monkey_patch()\n")
    done = tool("codemod", "-x", SLEEP, "--no-format", "-j", "2", ".", cwd=project)
    assert done.returncode == 0, done.stderr
    assert b"Transformed 12 files successfully" in done.stderr
    assert (project / "m3.py").read_text() == "import time\ntime.sleep(4)\n"


@pytest.mark.parametrize(
    "data",
    [
        b"# -*- coding: latin-1 -*-\r\nimport eventlet\r\nx = 'caf\xe9'\r\neventlet.sleep(1)\r\n",
        b"\xef\xbb\xbfimport eventlet\n\x0c\neventlet.sleep(1)",
    ],
    ids=["latin-1 and CRLF", "byte order mark, form feed, no newline"],
)
def test_bytes_are_kept(project, data):
    (project / "a.py").write_bytes(data)
    done = tool("codemod", "-x", ALL, "--no-format", "a.py", cwd=project)
    assert done.returncode == 0, done.stderr
    assert (project / "a.py").read_bytes() == data.replace(b"eventlet", b"time")


def test_a_file_that_libcst_would_change_by_itself_stays(project):
    source = b"import eventlet\neventlet.sleep(1)\n\x0cx = 1\n\x0cy = 2\r"
    (project / "a.py").write_bytes(source)
    done = tool("codemod", "-x", ALL, "--no-format", "a.py", cwd=project)
    assert done.returncode == 1
    assert b"does not hold this file exactly" in done.stderr
    assert (project / "a.py").read_bytes() == source


def test_a_file_that_fails_stays(project):
    source = b"import eventlet\nx = 1 +\n"
    (project / "a.py").write_bytes(source)
    (project / "b.py").write_text("from eventlet import sleep\nsleep(1)\n")
    (project / "main.py").write_text("import eventlet\neventlet.monkey_patch()\n")
    done = tool("codemod", "-x", ALL, "--no-format", "a.py", "b.py", cwd=project)
    assert done.returncode == 1
    assert (project / "a.py").read_bytes() == source
    assert (project / "b.py").read_text() == "import time\ntime.sleep(1)\n"


def test_diff_writes_nothing(project):
    done = tool("codemod", "-x", SLEEP, "-u", "1", "--no-format", "a.py", cwd=project)
    assert done.returncode == 0
    assert b"\n-    eventlet.sleep(0.5)  # kept\n" in done.stdout
    assert b"\n+    time.sleep(0.5)  # kept\n" in done.stdout
    assert (project / "a.py").read_text() == BEFORE


@pytest.mark.parametrize("source", ["x = 1\n", "from eventlet import sleep\nsleep(1)\n"])
def test_stdin(project, source):
    done = tool("codemod", "-x", ALL, "--no-format", "-", cwd=project, data=source.encode())
    assert done.returncode == 0
    # libcst's tool prints the result, with a newline more.
    wanted = source.replace("from eventlet import sleep\nsleep", "import time\ntime.sleep")
    assert done.stdout.decode() == wanted + "\n"


def test_configured_in_a_project(project):
    (project / ".libcst.codemod.yaml").write_text("modules: ['eventlet_codemod.commands']\n")
    listed = tool("list", cwd=project).stdout.decode().splitlines()
    assert "everything.EventletCommand - Take code off eventlet, with every rule." in listed
    assert "by_rule.SleepCommand - EVT101: eventlet's sleep becomes time.sleep" in listed
    assert len(listed) == len(all_rules()) + 1
    done = tool("codemod", "by_rule.SleepCommand", "--no-format", "a.py", cwd=project)
    assert done.returncode == 0
    assert "time.sleep(0.5)" in (project / "a.py").read_text()


def test_the_example(tmp_path):
    example = Path(__file__).resolve().parents[1] / "examples" / "poller"
    names = ("poll.py", ".libcst.codemod.yaml", "expected.patch")
    ours, stock = tmp_path / "ours", tmp_path / "stock"
    for place in (ours, stock):
        place.mkdir()
        for name in names:
            (place / name).write_bytes((example / name).read_bytes())
    applied = ["git", "apply", "expected.patch"]
    subprocess.run(
        applied, cwd=ours, check=True, env={**os.environ, "GIT_CEILING_DIRECTORIES": "/"}
    )
    listed = tool("list", cwd=stock).stdout.decode()
    assert "everything.EventletCommand - Take code off eventlet" in listed
    command = ("codemod", "everything.EventletCommand", "--no-format", "poll.py")
    assert tool(*command, cwd=stock).returncode == 0
    assert (stock / "poll.py").read_text() == (ours / "poll.py").read_text()
    assert "eventlet" not in (stock / "poll.py").read_text()


def test_options_and_settings_of_the_project(project):
    (project / "a.py").write_text("import eventlet\n\n\ndef f(x):\n    eventlet.sleep(x)\n")
    before = (project / "a.py").read_text()
    tool("codemod", "-x", SLEEP, "--no-format", "--safe-only", "a.py", cwd=project)
    assert (project / "a.py").read_text() == before
    (project / "a.py").write_text("import eventlet\neventlet.sleep()\n")
    drop = ("--config", "sleep-zero=drop")
    tool("codemod", "-x", SLEEP, "--no-format", *drop, "a.py", cwd=project)
    assert "sleep" not in (project / "a.py").read_text()
    (project / "a.py").write_text("import eventlet\neventlet.sleep()\n")
    (project / "eventlet-codemod.toml").write_text("sleep-zero = 'drop'\n")
    tool("codemod", "-x", ALL, "--no-format", "a.py", cwd=project)
    assert "sleep" not in (project / "a.py").read_text()


def test_every_rule_has_a_command():
    assert EventletCommand.RULES == ()
    for rule in all_rules():
        command = getattr(by_rule, by_rule.command_name(rule))
        assert list(command.RULES) == [rule.code]
        assert rule.code in command.DESCRIPTION and command.__module__ == by_rule.__name__
