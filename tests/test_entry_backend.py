"""The choice of oslo.service's backend in files that never patched."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.discovery import local_modules
from eventlet_codemod.engine import FileChange
from eventlet_codemod.entry_backend import backend_changes
from eventlet_codemod.facts.project import Project
from eventlet_codemod.patch import apply_patch, git_available, git_check
from eventlet_codemod.rules.ecosystem._choice import with_backend
from eventlet_codemod.rules.ecosystem._entries import entries_without_backend
from eventlet_codemod.run import rewrite_one, run

SETTINGS = Settings(monkey_patch="init-backend")

CHOICE = """\
from oslo_service import backend
backend.init_backend(backend.BackendType.THREADING)
"""

PATCHING = "import eventlet\neventlet.monkey_patch()\n\nfrom pkg import service\n"

#: Where scripts and packages of tests stand.
ENTRIES = {
    "setup.cfg": """\
[entry_points]
console_scripts =
    pkg-api = pkg.cmd.api:main
    pkg-manage = pkg.cmd.manage:main
    pkg-share = pkg.cmd.share:main
    pkg-version = pkg.version:main
wsgi_scripts =
    pkg-wsgi = pkg.wsgi:app
""",
    "pkg/__init__.py": "",
    "pkg/cmd/__init__.py": "",
    "pkg/cmd/api.py": PATCHING,
    "pkg/cmd/manage.py": "from pkg import service\n",
    "pkg/cmd/share.py": PATCHING,
    "pkg/service.py": "from oslo_service import service\n",
    "pkg/version.py": "import os\n",
    "pkg/wsgi.py": "import oslo_messaging\n",
    "pkg/tests/__init__.py": "",
    "pkg/tests/unit/__init__.py": "",
}

PROJECT = {
    "setup.cfg": """\
[entry_points]
console_scripts =
    pkg-api = pkg.cmd.api:main
    pkg-manage = pkg.cmd.manage:main
    pkg-version = pkg.version:main
""",
    "pkg/__init__.py": "",
    "pkg/cmd/__init__.py": "",
    "pkg/cmd/api.py": PATCHING,
    "pkg/cmd/manage.py": "# Copyright\n\nimport sys\n\nfrom pkg import service\n",
    "pkg/service.py": "from oslo_service import service\n",
    "pkg/version.py": "import os\n",
    "pkg/tests/__init__.py": "",
}


@pytest.mark.parametrize(
    ("changed", "listed"),
    [
        ({}, ["pkg/cmd/manage.py", "pkg/wsgi.py", "pkg/tests/__init__.py"]),
        ({"pkg/tests/unit/__init__.py": CHOICE}, ["pkg/cmd/manage.py", "pkg/wsgi.py"]),
        ({"pkg/wsgi.py": CHOICE}, ["pkg/cmd/manage.py", "pkg/tests/__init__.py"]),
        ({"setup.cfg": "[entry_points"}, ["pkg/tests/__init__.py"]),
    ],
)
def test_entries_without_a_backend(
    changed: dict[str, str], listed: list[str], tmp_path: Path
) -> None:
    assert entries_without_backend(_write(tmp_path, {**ENTRIES, **changed})) == listed


# --- the text -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("", CHOICE, 2),
        ("# Copyright\n", f"# Copyright\n\n{CHOICE}", 4),
        ("# Copyright", f"# Copyright\n\n{CHOICE}", 4),
        ('"""Tests."""\n', f'"""Tests."""\n\n{CHOICE}', 4),
        (
            '"""A script."""\n\nfrom __future__ import annotations\n\nimport os, sys\n\n'
            "from oslo_config import cfg\n",
            '"""A script."""\n\nfrom __future__ import annotations\n\nimport os, sys\n\n'
            f"{CHOICE}\nfrom oslo_config import cfg\n",
            7,
        ),
        ("from . import service\n", f"{CHOICE}\nfrom . import service\n", 1),
        ("import sys\n\nsys.path.pop()\n", f"import sys\n\n{CHOICE}\nsys.path.pop()\n", 3),
        (
            "@decorated\ndef main():\n    pass\n",
            f"{CHOICE}\n@decorated\ndef main():\n    pass\n",
            1,
        ),
        (
            "import os\r\nimport pbr\r\n",
            "import os\r\n" + CHOICE.replace("\n", "\r\n") + "\r\nimport pbr\r\n",
            2,
        ),
        (
            "from pkg import backend\n",
            "from oslo_service import backend as oslo_service_backend\n"
            "oslo_service_backend.init_backend(oslo_service_backend.BackendType.THREADING)\n"
            "\nfrom pkg import backend\n",
            1,
        ),
    ],
)
def test_where_it_stands(before: str, after: str, line: int) -> None:
    assert with_backend(before) == (after, line)
    compile(after, "x.py", "exec")


def test_names_that_are_taken() -> None:
    assert with_backend("backend = oslo_service_backend = None\n") is None


# --- the project ----------------------------------------------------------------------------------


def _write(root: Path, files: dict[str, str]) -> Project:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())
    return Project(root=root, local_modules=local_modules(root))


def _done(root: Path, *paths: str, settings: Settings = SETTINGS) -> dict[str, FileChange]:
    return {
        path: rewrite_one((root / path).read_bytes(), path, settings, root=root) for path in paths
    }


def test_entry_points_that_choose_nothing(tmp_path: Path) -> None:
    project = _write(tmp_path, PROJECT)
    changes = backend_changes(tmp_path, SETTINGS, project, _done(tmp_path, "pkg/cmd/api.py"))
    assert [change.entry.path for change in changes] == [
        "pkg/cmd/manage.py",
        "pkg/tests/__init__.py",
    ]
    script, tests = changes
    assert script.new == (
        f"# Copyright\n\nimport sys\n\n{CHOICE}\nfrom pkg import service\n".encode()
    )
    assert tests.new == CHOICE.encode()
    for change in changes:
        (finding,) = change.entry.findings
        assert (finding.rule, finding.tier, finding.status) == ("EVT410", "review", "rewritten")
        assert change.uses == 1 and finding.hunk == 1 and finding.may_differ == ("C-LIFE",)
        assert change.entry.status == "changed"
        assert apply_patch(change.old, change.entry.patch) == change.new
    if git_available():
        assert git_check("".join(change.entry.patch for change in changes), tmp_path) is None


def test_nothing_more_the_second_time(tmp_path: Path) -> None:
    project = _write(tmp_path, PROJECT)
    done = _done(tmp_path, "pkg/cmd/api.py")
    for change in (*done.values(), *backend_changes(tmp_path, SETTINGS, project, done)):
        assert change.new is not None
        (tmp_path / change.entry.path).write_bytes(change.new)
    other = tmp_path / "again"  # what is known of a directory is kept
    again = _write(other, {n: (tmp_path / n).read_text() for n in PROJECT})
    assert backend_changes(other, SETTINGS, again, done) == []


@pytest.mark.parametrize("choice", ["keep", "remove", "switch"])
def test_another_setting(choice: str, tmp_path: Path) -> None:
    project = _write(tmp_path, PROJECT)
    settings = Settings(monkey_patch=choice)  # type: ignore[arg-type]
    done = _done(tmp_path, "pkg/cmd/api.py", settings=settings)
    assert backend_changes(tmp_path, settings, project, done) == []


def test_a_run_that_chooses_nothing_yet(tmp_path: Path) -> None:
    held = f"{PATCHING}\nimport eventlet\n\nlimit = eventlet.Timeout(3)\n"
    project = _write(tmp_path, {**PROJECT, "pkg/cmd/api.py": held})
    done = _done(tmp_path, "pkg/cmd/api.py")
    assert backend_changes(tmp_path, SETTINGS, project, done) == []


TOOL = {
    "setup.cfg": "[entry_points]\nconsole_scripts =\n    tool = tool.cmd:main\n",
    "tool/__init__.py": '"""A tool."""\nimport os\n\nfrom tool import service\n',
    "tool/cmd.py": "from tool import service\n",
    "tool/service.py": "from oslo_service import service\n",
    "run.py": "import eventlet\neventlet.monkey_patch()\n",
}


def test_a_package_that_loads_it_before(tmp_path: Path) -> None:
    """It gets the choice, and what is below needs none."""
    project = _write(tmp_path, TOOL)
    (change,) = backend_changes(tmp_path, SETTINGS, project, _done(tmp_path, "run.py"))
    assert change.entry.path == "tool/__init__.py" and change.new is not None
    assert change.new.decode() == (
        f'"""A tool."""\nimport os\n\n{CHOICE}\nfrom tool import service\n'
    )
    (finding,) = change.entry.findings
    assert (finding.tier, finding.status) == ("review", "rewritten")
    assert finding.may_differ == ("C-LIFE", "C-EARLY")
    assert "for whoever imports this package" in finding.message


def test_a_package_around_the_place_of_the_patching(tmp_path: Path) -> None:
    """No script leads to it, but what stood there comes too late without it."""
    files = {
        "pkg/__init__.py": "import oslo_messaging\n",
        "pkg/cmd/__init__.py": "import eventlet\neventlet.monkey_patch()\n",
        "pkg/cmd/api.py": "from oslo_service import service\n",
    }
    _write(tmp_path, files)
    changes = run(tmp_path, ["pkg/cmd/__init__.py"], SETTINGS, whole_project=True).changes
    changed = {change.entry.path: change.new for change in changes if change.new is not None}
    assert changed == {
        "pkg/__init__.py": f"{CHOICE}\nimport oslo_messaging\n".encode(),
        "pkg/cmd/__init__.py": CHOICE.encode(),
    }
    for path, data in changed.items():
        (tmp_path / path).write_bytes(data)
    again = run(tmp_path, [], SETTINGS, whole_project=True)
    assert not any(change.new for change in again.changes)


def test_a_package_that_loads_it_before_and_cannot_choose(tmp_path: Path) -> None:
    taken = "from tool import service\nbackend = oslo_service_backend = 1\n"
    project = _write(tmp_path, {**TOOL, "tool/__init__.py": taken})
    (change,) = backend_changes(tmp_path, SETTINGS, project, _done(tmp_path, "run.py"))
    (finding,) = change.entry.findings
    assert (change.new, finding.tier, finding.status) == (None, "manual", "left")
    assert "tool/__init__.py, which loads tool/service.py" in finding.message


def test_a_script_that_needs_what_threads_cannot_do(tmp_path: Path) -> None:
    server = "from oslo_service import wsgi\n\n\ndef serve():\n    wsgi.Server().start()\n"
    project = _write(tmp_path, {**PROJECT, "pkg/service.py": server, "pkg/cmd/api.py": ""})
    (tmp_path / "run.py").write_text("import eventlet\neventlet.monkey_patch()\n")
    script, tests = backend_changes(tmp_path, SETTINGS, project, _done(tmp_path, "run.py"))
    assert script.new is None and tests.new == CHOICE.encode()
    assert "refuses to start (pkg/service.py:5)" in script.entry.findings[0].message


def test_a_file_that_the_run_changes_anyway(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import sys

        import eventlet
        from pkg import service


        def main():
            service.start()
            eventlet.sleep(3)
            sys.exit()
        """
    ).lstrip()
    _write(tmp_path / "other", PROJECT)
    project = _write(tmp_path / "this", {**PROJECT, "pkg/cmd/manage.py": script})
    done = _done(tmp_path / "other", "pkg/cmd/api.py")
    done |= _done(tmp_path / "this", "pkg/cmd/manage.py")
    change = backend_changes(tmp_path / "this", SETTINGS, project, done)[0]
    assert change.entry.path == "pkg/cmd/manage.py"
    assert (
        change.new is not None
        and change.new.decode()
        == textwrap.dedent(
            f"""
        import sys
        import time

        {CHOICE.splitlines()[0]}
        {CHOICE.splitlines()[1]}

        from pkg import service


        def main():
            service.start()
            time.sleep(3)
            sys.exit()
        """
        ).lstrip()
    )
    assert [finding.rule for finding in change.entry.findings] == ["EVT410", "EVT101"]
    assert change.uses == 2 and all(finding.hunk for finding in change.entry.findings)
    assert apply_patch(change.old, change.entry.patch) == change.new


def test_a_whole_run_gives_them_the_choice(tmp_path: Path) -> None:
    _write(tmp_path, PROJECT)
    changes = run(tmp_path, ["pkg/cmd/api.py"], SETTINGS, whole_project=True).changes
    changed = {change.entry.path for change in changes if change.new is not None}
    assert changed == {"pkg/cmd/api.py", "pkg/cmd/manage.py", "pkg/tests/__init__.py"}


def test_a_run_over_some_files_leaves_the_others(tmp_path: Path) -> None:
    _write(tmp_path, PROJECT)
    changes = run(tmp_path, ["pkg/cmd/api.py"], SETTINGS).changes
    assert [change.entry.path for change in changes] == ["pkg/cmd/api.py"]


def test_what_is_forced_knows_what_else_goes(tmp_path: Path) -> None:
    """A server that the backend refuses is gone after the same run, in another file."""
    pytest.importorskip("eventlet_codemod.rules.servers.oslo_wsgi_server")
    files = {
        "pkg/__init__.py": "",
        "pkg/cmd.py": "import eventlet\neventlet.monkey_patch()\n\nfrom pkg import service\n",
        "pkg/service.py": "from oslo_service import wsgi\n\n\ndef make(conf, app):\n"
        "    return wsgi.Server(conf, 'api', app)\n",
    }
    _write(tmp_path, files)
    settings = Settings(monkey_patch="init-backend", helpers="pkg.threads", force=True)
    changes = run(tmp_path, [path for path in files if path != "pkg/__init__.py"], settings).changes
    made = {change.entry.path: change.result.decode() for change in changes}
    assert "oslo_service" not in made["pkg/service.py"]
    assert CHOICE in made["pkg/cmd.py"] or "eventlet" not in made["pkg/cmd.py"]
