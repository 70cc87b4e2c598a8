from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from eventlet_codemod import testing
from eventlet_codemod.config import Settings
from eventlet_codemod.run import run
from eventlet_codemod.testing import Case, check

if TYPE_CHECKING:
    from pathlib import Path

    from eventlet_codemod.ledger import Finding

noop = partial(testing.noop, monkey_patch="init-backend")
manual = partial(testing.manual, monkey_patch="init-backend")

MAIN = """
from oslo_service import service


def main(conf, server):
    launcher = service.launch(conf, server)
    launcher.wait()
"""
MANY = MAIN.replace("service.launch(conf, server)", "service.ProcessLauncher(conf)")


def kept(id: str, source: str, *checks: str, says: str = "") -> Case:
    """A case in which the launch stays as it is, with questions."""
    says = says or "what is launched runs in child processes"
    return testing.fixes(id, source, source, checks=checks, says=says, monkey_patch="init-backend")


CASES = [
    # --- what it is not about ---------------------------------------------------------------
    testing.noop("no backend is chosen", MAIN),
    testing.noop("nothing is patched", MAIN, monkey_patch="init-backend", monkey_patched="auto"),
    noop("in a test", MAIN, path="pkg/tests/test_main.py"),
    noop("a launcher of processes", MANY),
    noop("several workers", MAIN.replace("server)\n", "server, workers=4)\n", 1)),
    noop("several workers, by position", MAIN.replace("server)\n", "server, 4)\n", 1)),
    noop("no fork", MAIN.replace("launch(conf, server", "launch(conf, server, no_fork=True")),
    noop("a module of the project", MAIN.replace("from oslo_service", "from pkg")),
    noop(
        "a question of type",
        """
        from oslo_service import service

        single = isinstance(launcher, service.ServiceLauncher)
        """,
    ),
    noop(
        "a class that derives from Service",
        """
        from oslo_service import service


        class Api(service.Service):
            pass
        """,
    ),
    # --- what it leaves ---------------------------------------------------------------------
    manual(
        "no workers",
        MAIN.replace("launch(conf, server", "launch(conf, server, workers=None"),
        says="workers=None is an error on the threading backend",
    ),
    manual(
        "no workers, by position",
        MAIN.replace("launch(conf, server", "launch(conf, server, None"),
        says="workers=None is an error on the threading backend",
    ),
    manual(
        "a class that derives from a launcher",
        """
        from oslo_service import service


        class Launcher(service.ProcessLauncher):
            def _start_child(self, wrap):
                return super()._start_child(wrap)
        """,
        says="a class derives from `oslo_service.service.ProcessLauncher`",
    ),
    manual(
        "a name with two meanings",
        MAIN.replace("\n\n\ndef", "\nif tests:\n    from pkg import service\n\n\ndef"),
        says="the same name is also bound on line 3",
    ),
    # --- what stays, with a question --------------------------------------------------------
    kept("a service", MAIN, "C-FORK"),
    kept("one worker", MAIN.replace("server)\n", "server, workers=1)\n", 1), "C-FORK"),
    kept(
        "a number that is configured",
        MAIN.replace("launch(conf, server", "launch(conf, server, workers=conf.workers"),
        "C-FORK",
        "C-TYPE",
    ),
    kept("imported by name", "from oslo_service.service import launch\n\nlaunch(a, b)\n", "C-FORK"),
    kept(
        "a launcher in this process",
        """
        from oslo_service import service


        def main(conf):
            launcher = service.ServiceLauncher(conf)
            launcher.launch_service(Api())
            launcher.launch_service(Conductor())
            launcher.wait()
        """,
        "C-FORK",
    ),
    kept(
        "a service that reloads itself",
        """
        from oslo_service import service


        class Api(service.Service):
            def reset(self):
                super().reset()
                self.policy.clear()


        def main(conf):
            service.launch(conf, Api()).wait()
        """,
        "C-FORK",
        "C-LIFE",
    ),
    kept(
        "a service that does not",
        """
        from oslo_service import service


        class Api(service.Service):
            def reset(self):
                '''Do nothing.'''
                super().reset()


        def main(conf):
            service.launch(conf, Api()).wait()
        """,
        "C-FORK",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_service_launch(case: Case) -> None:
    check(case, "service-launch")


# --- what is asked --------------------------------------------------------------------------------

PROJECT = {
    "pkg/__init__.py": "",
    "pkg/base.py": """\
from oslo_service import service


class Base(service.Service):
    def __init__(self):
        super().__init__()
        self.tg.add_timer(10, self.report)
""",
    "pkg/manager.py": """\
import futurist
import threading

from pkg import base

EXECUTOR = futurist.ThreadPoolExecutor()


class Manager(base.Base):
    def __init__(self):
        super().__init__()
        threading.Thread(target=self.watch).start()

    def start(self):
        self.executor = futurist.ThreadPoolExecutor()
""",
    "pkg/main.py": """\
import eventlet
eventlet.monkey_patch()

from oslo_service import service

from pkg import manager


def main(conf):
    server = manager.Manager()
    launcher = service.launch(conf, server)
    server.ready()
    launcher.wait()
""",
}


def asked(root: Path, files: dict[str, str]) -> Finding:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    settings = Settings(monkey_patch="init-backend")
    ledger = run(root, sorted(files), settings, whole_project=True).ledger
    findings = [f for entry in ledger.files for f in entry.findings if f.name == "service-launch"]
    assert len(findings) == 1
    return findings[0]


def test_what_is_made_before_the_fork_is_named(tmp_path: Path) -> None:
    advice = asked(tmp_path, PROJECT).advice
    places = "Thread() (pkg/manager.py:12), ThreadPoolExecutor() (pkg/manager.py:6), add_timer() "
    assert f"C-FORK: {places}(pkg/base.py:7) comes before the child" in advice


def test_what_goes_on_with_the_service_is_named(tmp_path: Path) -> None:
    files = {**PROJECT, "pkg/manager.py": "class Manager:\n    pass\n"}
    advice = asked(tmp_path, files).advice
    assert "C-FORK: line 12 goes on with `server`, which has started in the child only." in advice


def test_what_is_made_in_the_same_function_is_named(tmp_path: Path) -> None:
    main = PROJECT["pkg/main.py"].replace("    server = ", "    pool = Executor()\n    server = ")
    files = {**PROJECT, "pkg/manager.py": "class Manager:\n    pass\n", "pkg/main.py": main}
    assert "C-FORK: Executor() (pkg/main.py:10) comes before" in asked(tmp_path, files).advice


def test_what_is_made_in_start_or_has_no_threads_is_not(tmp_path: Path) -> None:
    source = """\
import futurist


class Manager:
    def __init__(self):
        self.executor = futurist.SynchronousExecutor()
        self.make = lambda: futurist.ThreadPoolExecutor()

    def start(self):
        self.executor = futurist.ThreadPoolExecutor()
"""
    files = {**PROJECT, "pkg/manager.py": source}
    assert "Executor()" not in asked(tmp_path, files).advice


def test_nothing_is_asked_once_the_backend_is_chosen(tmp_path: Path) -> None:
    chosen = PROJECT["pkg/main.py"].replace(
        "import eventlet\neventlet.monkey_patch()\n",
        "from oslo_service import backend\nbackend.init_backend(backend.BackendType.THREADING)\n",
    )
    for name, text in {**PROJECT, "pkg/main.py": chosen}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    settings = Settings(monkey_patch="init-backend")
    ledger = run(tmp_path, sorted(PROJECT), settings, whole_project=True).ledger
    assert not [finding for entry in ledger.files for finding in entry.findings]
