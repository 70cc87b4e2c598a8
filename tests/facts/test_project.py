"""What the files of a project together say: what is patched, which modules are its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eventlet_codemod.facts.project import PATCHABLE, Project, patched_by

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("arguments", "patched"),
    [
        ("", PATCHABLE),
        ("all=True", PATCHABLE),
        ("all=False", frozenset()),
        ("os=False", PATCHABLE - {"os"}),
        ("os=False, thread=False", PATCHABLE - {"os", "thread"}),
        ("socket=True", {"socket"}),
        ("socket=True, time=True", {"socket", "time"}),
        ("socket=True, time=False", {"socket"}),
        ("all=True, thread=False", PATCHABLE - {"thread"}),
        ("all=False, thread=True", {"thread"}),
        ("MySQLdb=True", {"MySQLdb"}),
        ("all=True, builtins=True", PATCHABLE | {"builtins"}),
        ("MySQLdb=False", PATCHABLE),
        ("socket=flag", {"socket"}),
        ("thread=not debug", {"thread"}),
        ("all=True, thread=not debug", PATCHABLE),
        ("**given", PATCHABLE),
        ("os=None", PATCHABLE - {"os"}),
        ("os=0, select=1", {"select"}),
    ],
)
def test_arguments(arguments: str, patched: frozenset[str]) -> None:
    text = f"import eventlet\neventlet.monkey_patch({arguments})\n"
    assert patched_by([("a.py", text)]) == frozenset(patched)


@pytest.mark.parametrize(
    "text",
    [
        "from eventlet.patcher import monkey_patch\nmonkey_patch()",
        "from eventlet import patcher as p\np.monkey_patch()",
        "def f():\n    import eventlet\n    eventlet.monkey_patch()",
        "import eventlet\nif x:\n    eventlet.monkey_patch()",
        "import eventlet\nhooks = [eventlet.monkey_patch]",
        "import eventlet.patcher\neventlet.patcher.monkey_patch()",
    ],
)
def test_spellings(text: str) -> None:
    assert patched_by([("a.py", text)]) == PATCHABLE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import eventlet\n# eventlet.monkey_patch()",
        '"""eventlet.monkey_patch()"""',
        "from pkg import monkey_patch\nmonkey_patch()",
        "import eventlet\ndef f(eventlet):\n    eventlet.monkey_patch()",
        "this is no python: eventlet.monkey_patch()",
        "import gevent.monkey\ngevent.monkey.patch_all()",
    ],
)
def test_no_patching(text: str) -> None:
    assert patched_by([("a.py", text)]) == frozenset()


SWITCH = "import eventlet\ndef patch(**parts):\n    eventlet.monkey_patch(**parts)"


@pytest.mark.parametrize(
    ("text", "patched"),
    [
        ("from pkg import mode\nmode.patch(socket=True)", {"socket"}),
        ("from . import mode as m\nm.patch()", PATCHABLE),
        ("from pkg.mode import patch\npatch(all=False, time=True)", {"time"}),
        ("import pkg.mode\nhooks = [pkg.mode.patch]", PATCHABLE),
        ("import mock\nmock.patch('pkg.mode.patch')", set()),
        ("from pkg import mode\nmode.is_patched()", set()),
        ("from other import mode\nmode.patch()", set()),
    ],
)
def test_callers_say_what_a_switch_patches(text: str, patched: set[str]) -> None:
    texts = [("pkg/mode.py", SWITCH), ("pkg/api.py", text)]
    assert patched_by(texts, {"pkg/mode.py": "pkg.mode.patch"}) == patched


def test_the_files_of_a_project_together() -> None:
    first = "import eventlet\neventlet.monkey_patch(socket=True)"
    second = "import eventlet\neventlet.monkey_patch(time=True)"
    broken = "eventlet.monkey_patch("
    texts = [("a.py", first), ("b.py", broken), ("c.py", second)]
    assert patched_by(texts) == {"socket", "time"}


def test_modules_of_the_project(tmp_path: Path) -> None:
    for name in ("pkg/__init__.py", "pkg/a.py", "src/other/__init__.py", "plain/b.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    project = Project(root=tmp_path)
    assert all(map(project.has_module, ["pkg", "pkg.a", "other", "plain.b"]))
    assert not any(map(project.has_module, ["pkg.b", "plain", "os", "pkg.a.c"]))
    assert not Project().has_module("pkg")


def test_modules_beside_a_script_hide_others(tmp_path: Path) -> None:
    for name in ("tools/run.py", "tools/queue.py", "pkg/__init__.py", "pkg/time.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    project = Project(root=tmp_path, local_modules=frozenset({"pkg"}))
    assert project.hiding_modules("tools/run.py") == {"pkg", "queue"}
    assert project.hiding_modules("pkg/mod.py") == {"pkg"}


def test_mentions_name_the_other_files(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("self.finished_event = 1\n")
    (tmp_path / "b.py").write_text("call.finished_event\n")
    (tmp_path / "c.py").write_text("unfinished_event, finished_events\n")
    (tmp_path / "d.txt").write_text("finished_event\n")
    project = Project(root=tmp_path)
    assert project.mentions(frozenset({"finished_event"}), "a.py") == {"finished_event": ("b.py",)}
    assert project.mentions(frozenset({"nobody_says_this"}), "a.py") == {}
    assert project.mentions(frozenset(), "a.py") == {}
    assert Project().mentions(frozenset({"finished_event"}), "a.py") == {}
