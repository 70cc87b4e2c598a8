"""The module that runs a project in two modes, in processes of its own with the real eventlet."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from eventlet_codemod import dual
from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one

VARIABLE = "OS_PKG_DISABLE_EVENTLET_PATCHING"
LONG = "OS_IRONIC_PYTHON_AGENT_EXTENSIONS_DISABLE_EVENTLET_PATCHING"

#: In the place of oslo.service: its backends are proved where it is installed.
BACKEND = """
from types import SimpleNamespace as BackendType

BackendType = BackendType(THREADING="threading")

def init_backend(kind):
    try:
        import eventlet
    except ImportError:
        print("backend:", kind)
"""

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run code beside the module, and give what it prints; it must end well and print no error."""
    (tmp_path / "switch.py").write_text(dual.render(VARIABLE, oslo_service=False))
    (tmp_path / "service.py").write_text(dual.render(VARIABLE, oslo_service=True))
    (tmp_path / "library.py").write_text("from eventlet import patcher\n")
    (tmp_path / "oslo_service").mkdir()
    (tmp_path / "oslo_service/__init__.py").touch()
    (tmp_path / "oslo_service/backend.py").write_text(BACKEND)

    def call(code: str, word: str | None = None) -> str:
        program = tmp_path / "program.py"
        program.write_text(textwrap.dedent(code))
        done = subprocess.run(
            [sys.executable, "-W", "ignore", str(program)],
            env={"PATH": os.environ.get("PATH", os.defpath), **({VARIABLE: word} if word else {})},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        return done.stdout

    return call


PARITY = """
    import switch
    assert not switch.is_patched()
    switch.patch({given})
    import eventlet, os, select, socket, threading, time
    from eventlet import patcher
    parts = ["os", "select", "socket", "thread", "time", "subprocess", "psycopg", "MySQLdb"]
    parts += ["builtins", "nothing", "threading", os, select, socket, threading, time]
    for part in parts:
        assert switch.is_patched(part) is patcher.is_monkey_patched(part), part
    print(sorted(patcher.already_patched))
"""


# --- on eventlet ----------------------------------------------------------------------------------


@pytest.mark.parametrize("word", [None, "", "0", "off", "False", " no "])
def test_without_the_variable_everything_is_patched(word: str | None, run: Run) -> None:
    whole = "['os', 'select', 'socket', 'subprocess', 'thread', 'time']\n"
    assert run(PARITY.format(given=""), word) == whole


@pytest.mark.parametrize(
    ("given", "patched"),
    [
        ("socket=True", ["socket"]),
        ("os=False, thread=False", ["select", "socket", "subprocess", "time"]),
        ("all=False, socket=True", ["socket"]),
    ],
)
def test_parts_are_passed_on(given: str, patched: list[str], run: Run) -> None:
    assert run(PARITY.format(given=given)) == f"{patched}\n"


def test_a_second_call_adds_parts(run: Run) -> None:
    code = """
        import switch
        switch.patch(socket=True)
        assert not switch.is_patched()
        switch.patch(thread=True)
        switch.patch(thread=True)
        print(switch.is_patched("socket"), switch.is_patched("thread"), switch.is_patched("time"))
    """
    assert run(code) == "True True False\n"


def test_what_eventlet_refuses_is_refused(run: Run) -> None:
    code = """
        import switch
        try:
            switch.patch(threads=True)
        except TypeError as error:
            print(error)
    """
    assert "unexpected keyword argument 'threads'" in run(code)


# --- on native threads ----------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["1", "TRUE", "yes", "on", "t", " Y "])
def test_with_the_variable_nothing_is_patched(word: str, run: Run) -> None:
    code = """
        import switch, sys, threading, time
        sleep, lock = time.sleep, threading.Lock
        switch.patch()
        switch.patch(thread=True)
        assert time.sleep is sleep and threading.Lock is lock
        assert repr(sys.meta_path).count("_NoEventlet") == 1
        print(switch.is_patched(), "eventlet" in sys.modules)
    """
    assert run(code, word) == "False False\n"


def test_every_import_of_eventlet_fails(run: Run) -> None:
    code = """
        import importlib, switch
        switch.patch()
        for load in (
            lambda: __import__("eventlet"),
            lambda: importlib.import_module("eventlet.tpool"),
            lambda: exec("from eventlet.green import socket"),
        ):
            try:
                load()
            except ModuleNotFoundError as error:
                print(error.name, "OS_PKG_DISABLE_EVENTLET_PATCHING" in str(error))
        try:
            import eventlet
        except ImportError:
            eventlet = None
        import greenlet  # others use it too
        print(eventlet)
    """
    assert run(code, "1") == "eventlet True\neventlet True\neventlet True\nNone\n"


def test_what_imported_eventlet_before_and_did_not_patch_does_no_harm(run: Run) -> None:
    code = """
        import library, switch
        switch.patch()
        print(library.patcher.is_monkey_patched("thread"), switch.is_patched())
        try:
            import eventlet
        except ImportError:
            print("refused")
    """
    assert run(code, "1") == "False False\nrefused\n"


def test_a_process_that_is_patched_before_is_refused(run: Run) -> None:
    code = """
        import eventlet, switch
        eventlet.monkey_patch(socket=True)
        try:
            switch.patch()
        except RuntimeError as error:
            print(error)
    """
    assert "eventlet has patched this process before" in run(code, "1")


@pytest.mark.parametrize(
    "code",
    [
        "import eventlet.hubs",
        "from eventlet.green import socket as sockets",
        "from eventlet import Timeout",
        "from eventlet import spawn as start",
        "import eventlet.semaphore; LOCK = eventlet.semaphore.Semaphore(); del eventlet",
    ],
)
def test_a_project_that_imports_eventlet_before_is_refused(code: str, run: Run) -> None:
    code = f"""
        {code}
        import switch
        try:
            switch.patch()
        except RuntimeError as error:
            print(error)
    """
    assert "and __main__ has imported eventlet: do so after patch()" in run(code, "1")


def test_an_unknown_word_is_an_error(run: Run) -> None:
    code = """
        import switch, sys
        try:
            switch.patch()
        except ValueError as error:
            print(error, "eventlet" in sys.modules)
    """
    told = "OS_PKG_DISABLE_EVENTLET_PATCHING is 'threads', and none of 0, 1, f, false, n, no, off,"
    assert run(code, "Threads") == f"{told} on, t, true, y, yes False\n"


@pytest.mark.parametrize(("word", "printed"), [("1", "backend: threading\n" * 2), ("0", "")])
def test_the_backend_is_chosen_once_eventlet_is_refused(word: str, printed: str, run: Run) -> None:
    assert run("import service\nservice.patch()\nservice.patch()\n", word) == printed


# --- the text -------------------------------------------------------------------------------------


def test_it_imports_nothing_that_is_patched(run: Run) -> None:
    code = """
        import sys
        before = set(sys.modules)
        import switch
        patched = {"select", "socket", "subprocess", "threading", "queue", "_thread", "eventlet"}
        print((set(sys.modules) - before) & patched)
    """
    assert run(code) == "set()\n"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("written")
    for number, name in enumerate((VARIABLE, LONG, "A_DISABLE_EVENTLET_PATCHING")):
        for service in (False, True):
            text = dual.render(name, oslo_service=service)
            (directory / f"written{number}{service:d}.py").write_text(text)
    return directory


def test_linters_have_nothing_to_say(written: Path) -> None:
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--isolated", "--no-cache", "--target-version", "py39", "--line-length", "79"]
    check = [*ruff, "check", *options, "--select", "E,F,W,I,B,UP,D1"]
    for command in (check, [*ruff, "format", "--check", *options]):
        done = subprocess.run(command, cwd=written, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_written_for_the_project(written: Path) -> None:
    texts = [path.read_text() for path in sorted(written.iterdir())]
    for text in texts:
        ast.parse(text, feature_version=(3, 9))
        assert dual.serves(text) == ""
    assert all("oslo" in text for text in texts[1::2])
    assert not any("oslo" in text for text in texts[::2])
    assert VARIABLE in str(ast.get_docstring(ast.parse(texts[0])))
    assert f'VARIABLE = "{LONG}"' in texts[2]


def test_its_own_uses_of_eventlet_are_said_to_be_meant() -> None:
    text = dual.render(VARIABLE, oslo_service=True)
    for value in ("keep", "remove", "init-backend", "switch"):
        settings = Settings(monkey_patch=value)  # type: ignore[arg-type]
        change = rewrite_one(text.encode(), "switch.py", settings)
        assert {finding.status for finding in change.entry.findings} == {"suppressed"}
        assert not change.entry.notices


@pytest.mark.parametrize(
    ("source", "lacks"),
    [
        ("def patch(", "it cannot be read"),
        ("", "it has no `patch(**parts)`"),
        ("def patch(): pass\ndef is_patched(part='thread'): pass", "it has no `patch(**parts)`"),
        ("def patch(how, **parts): pass", "it has no `patch(**parts)`"),
        ("def patch(*, how, **parts): pass", "it has no `patch(**parts)`"),
        ("def patch(**parts): pass", "it has no `is_patched(part='thread')`"),
        (
            "def patch(**parts): pass\ndef is_patched(): pass",
            "it has no `is_patched(part='thread')`",
        ),
        (
            "def patch(**parts): pass\ndef is_patched(part): pass",
            "it has no `is_patched(part='thread')`",
        ),
        ("def patch(how='', **parts): pass\ndef is_patched(part='thread'): pass", ""),
    ],
)
def test_what_a_module_lacks(source: str, lacks: str) -> None:
    assert dual.serves(source) == lacks


@pytest.mark.parametrize(
    ("module", "openstack", "name"),
    [
        ("nova.monkey_patch", True, "OS_NOVA_DISABLE_EVENTLET_PATCHING"),
        ("nova.common.modes", False, "NOVA_DISABLE_EVENTLET_PATCHING"),
    ],
)
def test_the_variable(module: str, openstack: bool, name: str) -> None:
    assert dual.variable(module, openstack=openstack) == name
