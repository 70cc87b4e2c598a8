from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from eventlet_codemod import testing
from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one
from eventlet_codemod.testing import Case, check, noop

ASKS = ["C-ATOM", "C-LIFE"]
BY_BACKEND: dict[str, Any] = {"monkey_patch": "init-backend", "monkey_patched": "auto"}

manual = partial(testing.manual, **BY_BACKEND)
fixes = partial(testing.fixes, **BY_BACKEND)

ENTRY = """
import eventlet
eventlet.monkey_patch()

from oslo_service import service


def main(conf, server):
    service.launch(conf, server).wait()
"""
CHOSEN = """
from oslo_service import backend
backend.init_backend(backend.BackendType.THREADING)

from oslo_service import service


def main(conf, server):
    service.launch(conf, server).wait()
"""

SERVER = """\
from oslo_service import wsgi


class Service:
    def __init__(self, app):
        self.server = wsgi.Server(CONF, 'api', app)
"""
LINKS = """\
from oslo_service import threadgroup


def start(work, done):
    group = threadgroup.ThreadGroup()
    thread = group.add_thread(work)
    thread.link(done)
"""

CASES = [
    # --- what it is not about ---------------------------------------------------------------
    noop(
        "a backend is chosen already",
        """
        from oslo_service import backend
        backend.init_backend(backend.BackendType.THREADING)
        """,
    ),
    noop("a function of the project", "from pkg import utils\n\nutils.monkey_patch()\n"),
    noop("a comment", "# once: eventlet.monkey_patch()\n"),
    # --- services whose code runs in the same process -----------------------------------------
    fixes(
        "an agent on the code of neutron",
        """
        import eventlet
        eventlet.monkey_patch()

        from neutron.agent import rpc
        from oslo_service import service
        """,
        """
        from oslo_service import backend
        backend.init_backend(backend.BackendType.THREADING)

        from neutron.agent import rpc
        from oslo_service import service
        """,
        checks=[*ASKS, "C-VERSION"],
    ),
    fixes(
        "another file imports nova",
        """
        import eventlet
        eventlet.monkey_patch()

        from pkg import driver
        """,
        """
        from pkg import driver
        """,
        path="pkg/main.py",
        files={
            "pkg/__init__.py": "",
            "pkg/main.py": "",
            "pkg/driver.py": "from nova.virt import driver\n",
            "pkg/tests/test_driver.py": "import cinder\n",
        },
        checks=[*ASKS, "C-VERSION"],
    ),
    fixes(
        "neutron itself, and what is called like it",
        """
        import eventlet
        eventlet.monkey_patch()

        import neutron.agent
        import neutronclient
        """,
        """
        import neutron.agent
        import neutronclient
        """,
        path="neutron/cmd.py",
        files={"neutron/__init__.py": "", "neutron/cmd.py": "", "neutron/agent.py": ""},
        checks=ASKS,
    ),
    # --- what it leaves ---------------------------------------------------------------------
    manual(
        "its value is used",
        """
        import eventlet

        done = eventlet.monkey_patch()
        """,
        says="the value of this monkey_patch() is used",
    ),
    manual(
        "an argument binds a name",
        """
        import eventlet

        eventlet.monkey_patch(os=(posix := True))
        """,
        says="its arguments bind a name",
    ),
    manual(
        "eventlet may not be there",
        """
        try:
            import eventlet
        except ImportError:
            eventlet = None

        if eventlet:
            eventlet.monkey_patch()
        """,
        says="the import is optional",
    ),
    manual(
        "oslo.service is imported above",
        """
        import eventlet
        from oslo_service import service

        eventlet.monkey_patch()
        service.launch()
        """,
        says="oslo.service has chosen its backend by then: the import on line 2",
    ),
    manual(
        "oslo.messaging is imported above",
        """
        import eventlet
        import oslo_messaging

        eventlet.monkey_patch()
        oslo_messaging.set_transport_defaults("x")
        """,
        says="the import on line 2",
    ),
    manual(
        "a module of the project that is imported above loads it",
        """
        from pkg.common import config

        import eventlet

        eventlet.monkey_patch()
        config.read()
        """,
        says="the import on line 1, which loads pkg/service.py",
        path="pkg/cmd/api.py",
        files={
            "pkg/__init__.py": "",
            "pkg/common/__init__.py": "",
            "pkg/common/config.py": "try:\n    from ..service import (\n        Service,\n)\n"
            "except ImportError:\n    pass\n",
            "pkg/service.py": "from oslo_service import service as base\n",
        },
    ),
    manual(
        "a package around it loads it, and has no name for the choice",
        ENTRY,
        says="has chosen its backend by then: pkg/__init__.py",
        path="pkg/cmd/api.py",
        files={
            "pkg/__init__.py": "import oslo_messaging\nbackend = oslo_service_backend = 1\n",
            "pkg/cmd/__init__.py": "",
        },
    ),
    manual(
        "a package around it loads it, and patches below",
        ENTRY,
        says="has chosen its backend by then: pkg/__init__.py",
        path="pkg/cmd/api.py",
        files={
            "pkg/__init__.py": "import oslo_messaging\nimport eventlet\neventlet.monkey_patch()\n",
            "pkg/cmd/__init__.py": "",
        },
    ),
    manual(
        "a package around it loads it, and a server that the backend refuses is in the project",
        ENTRY,
        says="wsgi.Server refuses to start (pkg/api.py:6)",
        path="pkg/cmd/manage.py",
        files={
            "pkg/__init__.py": "import oslo_messaging\n",
            "pkg/cmd/__init__.py": "",
            "pkg/api.py": SERVER,
        },
    ),
    manual(
        "a package around it loads it, and one around that patches on a condition",
        ENTRY,
        says="has chosen its backend by then: pkg/cmd/__init__.py",
        path="pkg/cmd/api.py",
        files={
            "pkg/__init__.py": "import sys\nif sys.argv:\n    import eventlet\n"
            "    eventlet.monkey_patch()\n",
            "pkg/cmd/__init__.py": "import oslo_messaging\nbackend = oslo_service_backend = 1\n",
        },
    ),
    manual(
        "a server that the backend refuses",
        ENTRY.replace("import service\n", "import service\n\nfrom pkg import version\n"),
        says="oslo.service's wsgi.Server refuses to start (pkg/api/service.py:6)",
        path="pkg/cmd/api.py",
        files={
            "pkg/__init__.py": "",
            "pkg/cmd/__init__.py": "",
            "pkg/version.py": "def serve():\n    from pkg.api import service\n",
            "pkg/api/__init__.py": "",
            "pkg/api/service.py": SERVER,
        },
    ),
    manual(
        "threads that are linked, which a function loads",
        ENTRY + "    from ..engine import groups\n    groups.start()\n",
        says="link() of a ThreadGroup's thread does nothing (pkg/engine/groups.py:7)",
        path="pkg/cmd/engine.py",
        files={"pkg/__init__.py": "", "pkg/engine/__init__.py": "", "pkg/engine/groups.py": LINKS},
    ),
    manual(
        "a size by its name",
        ENTRY + "\n\ngroup = service.threadgroup.ThreadGroup(thread_pool_size=4)\n",
        says="takes no thread_pool_size by its name (line 11)",
    ),
    manual(
        "a function that others call",
        """
        import eventlet


        def patch():
            eventlet.monkey_patch()
        """,
        says="refuses to start (pkg/api.py:6)",
        path="pkg/patching.py",
        files={"pkg/__init__.py": "", "pkg/api.py": SERVER},
    ),
    manual(
        "a function that only patches sockets",
        """
        import eventlet


        def patch():
            eventlet.monkey_patch(all=False, socket=True)
        """,
        says="all that its block does",
    ),
    manual(
        "green threads remain",
        """
        import eventlet
        eventlet.monkey_patch()

        sock = eventlet.serve(sock, print)
        """,
        says="must go first",
    ),
    testing.manual(
        "another setting",
        ENTRY,
        says="the package that is to hold the switch",
        monkey_patch="switch",
        monkey_patched="auto",
    ),
    # --- what it rewrites -------------------------------------------------------------------
    fixes("an entry point", ENTRY, CHOSEN, checks=ASKS),
    fixes(
        "in the midst of a project",
        ENTRY,
        CHOSEN,
        checks=[*ASKS, "C-FORK"],
        path="pkg/cmd/api.py",
        files={
            "pkg/__init__.py": "import oslo_i18n\n",
            "pkg/cmd/__init__.py": "",
            "pkg/service.py": "from oslo_service import service\n",
        },
    ),
    fixes(
        "another program has the server that the backend refuses",
        ENTRY,
        CHOSEN,
        checks=[*ASKS, "C-FORK"],
        path="pkg/cmd/engine.py",
        files={
            "pkg/__init__.py": "",
            "pkg/api.py": SERVER,
            "pkg/engine.py": LINKS.replace("thread.link(", "thread.unlink("),
            "pkg/tests/__init__.py": "import eventlet\neventlet.monkey_patch()\n",
            "pkg/tests/test_engine.py": LINKS,
        },
    ),
    fixes(
        "tests do not start it",
        ENTRY.replace("import service\n", "import service\n\nfrom pkg import api\n"),
        CHOSEN.replace("import service\n", "import service\n\nfrom pkg import api\n"),
        checks=ASKS,
        path="pkg/tests/__init__.py",
        files={"pkg/__init__.py": "", "pkg/api.py": SERVER},
    ),
    fixes(
        "code of the project starts workers",
        ENTRY,
        CHOSEN,
        checks=[*ASKS, "C-FORK"],
        path="pkg/cmd/api.py",
        files={
            "pkg/__init__.py": "",
            "pkg/service.py": "from oslo_service import service\n\n\ndef serve(server):\n"
            "    return service.launch(CONF, server, workers=None)\n",
        },
    ),
    fixes(
        "signals that the main thread sets, and tests",
        ENTRY.replace("service\n\n", "service\nimport signal\n\nsignal.signal(1, 0)\n", 1),
        CHOSEN.replace("service\n\n", "service\nimport signal\n\nsignal.signal(1, 0)\n", 1),
        path="pkg/cmd/api.py",
        files={
            "pkg/__init__.py": "",
            "pkg/tests/__init__.py": "",
            "pkg/tests/test_a.py": "import signal\n\n\ndef test():\n    signal.alarm(3)\n",
        },
        checks=[*ASKS, "C-FORK"],
    ),
    fixes(
        "a function that sets a signal",
        ENTRY,
        CHOSEN,
        path="pkg/cmd/api.py",
        files={
            "pkg/__init__.py": "",
            "pkg/a.py": "import signal\n\n\ndef start(stop):\n    signal.signal(15, stop)\n",
        },
        checks=[*ASKS, "C-FORK", "C-MAIN"],
    ),
    fixes(
        "only the first file asks for the project",
        ENTRY.replace("    service.launch(conf, server).wait()", "    server.run()"),
        CHOSEN.replace("    service.launch(conf, server).wait()", "    server.run()"),
        checks=ASKS,
        path="pkg/cmd/share.py",
        files={
            "pkg/__init__.py": "",
            "pkg/cmd/__init__.py": "",
            "pkg/cmd/api.py": "import eventlet\neventlet.monkey_patch()\n",
            "pkg/service.py": "from oslo_service import service\n\n\ndef serve(server):\n"
            "    return service.launch(CONF, server, workers=None)\n",
            "pkg/tests/__init__.py": "",
        },
    ),
    fixes(
        "below an import of the project that loads nothing",
        """
        from pkg import config

        import eventlet

        eventlet.monkey_patch(os=False)
        config.read()
        """,
        """
        from oslo_service import backend

        from pkg import config

        backend.init_backend(backend.BackendType.THREADING)
        config.read()
        """,
        checks=ASKS,
        path="pkg/cmd/api.py",
        files={
            "pkg/__init__.py": "",
            "pkg/config.py": "import os\n\nfrom oslo_config import cfg\n\n\ndef read():\n"
            "    from pkg import service\n",
            "pkg/service.py": "from oslo_service import service\n",
        },
    ),
    fixes(
        "a package around it loads it, and gets the choice, too",
        ENTRY,
        CHOSEN,
        path="pkg/cmd/api.py",
        files={"pkg/__init__.py": "import oslo_messaging\n", "pkg/cmd/__init__.py": ""},
        checks=[*ASKS, "C-EARLY", "C-FORK"],
    ),
    fixes(
        "a package around it patches before it loads it",
        ENTRY,
        CHOSEN,
        path="pkg/tests/functional/test_it.py",
        files={
            "pkg/__init__.py": "",
            "pkg/tests/__init__.py": "import eventlet.patcher\neventlet.patcher.monkey_patch()\n",
            "pkg/tests/functional/__init__.py": "import oslo_messaging\n",
        },
        checks=ASKS,
    ),
    fixes(
        "below an import that is not known",
        """
        import eventlet
        import pymysql

        eventlet.monkey_patch()
        pymysql.install_as_MySQLdb()
        """,
        """
        import pymysql
        from oslo_service import backend

        backend.init_backend(backend.BackendType.THREADING)
        pymysql.install_as_MySQLdb()
        """,
        checks=[*ASKS, "C-EARLY"],
    ),
    fixes(
        "a module of the tests",
        '''
        """Tests."""

        import os

        os.environ['EVENTLET_NO_GREENDNS'] = 'yes'

        import eventlet

        # before anything else
        eventlet.monkey_patch()
        ''',
        '''
        """Tests."""

        import os

        os.environ['EVENTLET_NO_GREENDNS'] = 'yes'

        from oslo_service import backend

        # before anything else
        backend.init_backend(backend.BackendType.THREADING)
        ''',
        checks=ASKS,
    ),
    fixes(
        "in a function",
        """
        import os


        def patch():
            import eventlet
            if os.name == 'nt':
                eventlet.monkey_patch(os=False)
            else:
                eventlet.monkey_patch()
        """,
        """
        import os

        from oslo_service import backend


        def patch():
            if os.name == 'nt':
                backend.init_backend(backend.BackendType.THREADING)
            else:
                backend.init_backend(backend.BackendType.THREADING)
        """,
        checks=[*ASKS, "C-EARLY"],
    ),
    fixes(
        "on a condition",
        """
        import os

        if os.environ.get('EVENTLET', 'yes') == 'yes':
            import eventlet
            eventlet.monkey_patch()
        else:
            print('native')
        """,
        """
        import os

        from oslo_service import backend

        if os.environ.get('EVENTLET', 'yes') == 'yes':
            backend.init_backend(backend.BackendType.THREADING)
        else:
            print('native')
        """,
        checks=[*ASKS, "C-BRANCH"],
    ),
    fixes(
        "its arguments needed an import",
        """
        import sys

        import eventlet

        eventlet.monkey_patch(
            os=True,
            socket=True,
            thread=False if '--use-debugger' in sys.argv else True,
            time=True)
        """,
        """
        from oslo_service import backend

        backend.init_backend(backend.BackendType.THREADING)
        """,
        checks=ASKS,
    ),
    fixes(
        "its arguments needed an import that others need as well",
        """
        import sys

        import eventlet

        eventlet.monkey_patch(thread='--debug' not in sys.argv)


        def main():
            sys.exit()
        """,
        """
        import sys

        from oslo_service import backend

        backend.init_backend(backend.BackendType.THREADING)


        def main():
            sys.exit()
        """,
        checks=ASKS,
    ),
    fixes(
        "a copy that only patching makes",
        """
        import eventlet
        eventlet.monkey_patch()
        # Make current_thread() see green threads.
        import __original_module_threading as orig_threading
        import threading
        orig_threading.current_thread.__globals__['_active'] = threading._active

        import os
        """,
        """
        from oslo_service import backend
        backend.init_backend(backend.BackendType.THREADING)
        # Make current_thread() see green threads.
        import threading
        import threading as orig_threading
        orig_threading.current_thread.__globals__['_active'] = threading._active

        import os
        """,
        checks=ASKS,
        says="line 6 repaired what patching broke",
    ),
    fixes(
        "a name is taken",
        """
        import eventlet
        eventlet.monkey_patch()

        from pkg import backend

        backend.start()
        """,
        """
        from oslo_service import backend as backend_lib
        backend_lib.init_backend(backend_lib.BackendType.THREADING)

        from pkg import backend

        backend.start()
        """,
        checks=ASKS,
    ),
    fixes(
        "nothing runs on oslo.service",
        """
        import eventlet
        eventlet.monkey_patch()

        import sys
        """,
        """
        import sys
        """,
        checks=ASKS,
        path="pkg/cmd/api.py",
        files={"pkg/__init__.py": ""},
    ),
    fixes(
        "some parts of the process only",
        """
        import eventlet


        def serve(app):
            eventlet.patcher.monkey_patch(all=False, socket=True)
            app.run()
        """,
        """
        def serve(app):
            app.run()
        """,
        checks=["C-ATOM"],
    ),
    fixes(
        "some parts on a condition",
        """
        import eventlet


        def setup(url):
            if url and url.startswith("fake://"):
                # it sleeps in order to switch
                eventlet.monkey_patch(time=True)
            connect(url)
        """,
        """
        def setup(url):
            connect(url)
        """,
        checks=["C-ATOM"],
        loses=["# it sleeps in order to switch"],
    ),
    fixes(
        "some parts on a condition that does something",
        """
        import eventlet


        def setup(url):
            if configure(url):
                eventlet.monkey_patch(time=True)
            connect(url)
        """,
        """
        def setup(url):
            if configure(url):
                pass
            connect(url)
        """,
        checks=["C-ATOM"],
    ),
    fixes(
        "what an old eventlet does not take, in the settings of Sphinx",
        """
        import eventlet

        try:
            eventlet.monkey_patch(subprocess=True)
        except TypeError:
            pass
        x = 1
        """,
        """
        x = 1
        """,
        checks=["C-ATOM"],
        path="doc/source/conf.py",
    ),
    fixes(
        "a process whose sockets only were patched",
        """
        import os

        import eventlet

        os.environ["EVENTLET_NO_GREENDNS"] = "yes"
        # threads break the streaming of images
        eventlet.monkey_patch(all=False, socket=True)
        """,
        """
        import os

        from oslo_service import backend

        os.environ["EVENTLET_NO_GREENDNS"] = "yes"
        # threads break the streaming of images
        backend.init_backend(backend.BackendType.THREADING)
        """,
        checks=ASKS,
        path="pkg/__init__.py",
        files={"pkg/agent.py": "from oslo_service import loopingcall\n"},
    ),
    fixes(
        "a library that takes no backend",
        """
        import eventlet
        eventlet.monkey_patch()

        import sys
        """,
        """
        import sys
        """,
        checks=ASKS,
        path="pkg/cmd/api.py",
        files={"pkg/tls.py": "from oslo_service import sslutils  # no oslo_messaging\n"},
    ),
    manual(
        "a process whose sockets only were patched, for a server that the backend refuses",
        """
        import eventlet

        eventlet.monkey_patch(all=False, socket=True)
        """,
        says="refuses to start (pkg/api.py:6)",
        path="pkg/__init__.py",
        files={"pkg/api.py": SERVER},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_init_backend(case: Case) -> None:
    check(case, "init-backend")


def test_a_time_limit_by_a_signal_is_named_first(tmp_path: Path) -> None:
    files = {
        "main.py": "import eventlet\neventlet.monkey_patch()\nimport oslo_messaging\n",
        "a.py": "import signal\n\n\ndef start(stop):\n    signal.signal(15, stop)\n",
        "b.py": "import signal\n\n\ndef limit():\n    signal.setitimer(0, 0.02)\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    settings = Settings(monkey_patch="init-backend")
    change = rewrite_one((tmp_path / "main.py").read_bytes(), "main.py", settings, root=tmp_path)
    (finding,) = change.entry.findings
    assert "C-MAIN" in finding.may_differ and "b.py:5 sets a signal's handler" in finding.advice


def test_what_is_made_before_a_launcher_forks_is_named(tmp_path: Path) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/cmd.py": ENTRY,
        "pkg/api.py": """\
import futurist


class Api:
    def __init__(self):
        self.pool = futurist.ThreadPoolExecutor()
""",
        "pkg/launch.py": """\
from oslo_service import service

from pkg import api


def serve(conf):
    launcher = service.ProcessLauncher(conf)
    launcher.launch_service(api.Api(), workers=4)
    launcher.launch_service(conf.other)
    return launcher
""",
        "pkg/tests/__init__.py": "launcher.launch_service(Executor())\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    settings = Settings(monkey_patch="init-backend")
    change = rewrite_one(ENTRY.encode(), "pkg/cmd.py", settings, root=tmp_path)
    finding = next(f for f in change.entry.findings if f.name == "init-backend")
    place = "ThreadPoolExecutor() (pkg/api.py:6) before launch_service() (pkg/launch.py:8)"
    assert f"must be made in start(), not before: {place}" in finding.advice
    assert finding.advice.count("launch_service()") == 1
