from __future__ import annotations

from functools import partial

import pytest

from eventlet_codemod import testing
from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one
from eventlet_codemod.testing import Case, check

noop = partial(testing.noop, services="cotyledon")
manual = partial(testing.manual, services="cotyledon")
fixes = partial(testing.fixes, services="cotyledon")

ASKS = ["C-FORK", "C-LIFE"]

SERVER = """
from oslo_service import service


class Server(service.Service):
    def __init__(self, host):
        super().__init__()
        self.host = host

    def start(self):
        super().start()
        listen(self.host)

    def stop(self, graceful=False):
        close(self.host)
        super().stop(graceful)
"""
MAIN = """

def main(conf):
    launcher = service.launch(conf, Server('api'))
    launcher.wait()
"""
SERVER_AFTER = """
import cotyledon
from cotyledon import oslo_config_glue


class Server(cotyledon.Service):
    def __init__(self, worker_id, host):
        super().__init__(worker_id)
        self.host = host

    def run(self):
        listen(self.host)

    def terminate(self):
        close(self.host)
"""
MAIN_AFTER = """

def main(conf):
    manager = cotyledon.ServiceManager()
    oslo_config_glue.setup(manager, conf)
    manager.add(Server, args=('api',))
    manager.run()
"""
BOTH = SERVER + MAIN


def changed(old: str, new: str) -> str:
    """The whole program with something else in one place."""
    assert BOTH.count(old) == 1
    return BOTH.replace(old, new)


CASES = [
    # --- what it is not about ---------------------------------------------------------------
    testing.noop("services stay on oslo.service", BOTH),
    noop("nothing is patched", BOTH, monkey_patched="auto"),
    noop("in a test", BOTH, path="pkg/tests/test_server.py"),
    noop("a module of the project", changed("from oslo_service", "from pkg")),
    noop("something else of the module", "from oslo_service import service\n\nservice.Singleton\n"),
    # --- what it leaves: the launch ---------------------------------------------------------
    manual(
        "more is chosen",
        changed("Server('api'))", "Server('api'), no_fork=True)"),
        says="this launch stays on oslo.service, since it is given more than a service",
    ),
    manual(
        "how it restarts is computed",
        changed("Server('api'))", "Server('api'), restart_method=CONF.restart)"),
        says="since how it restarts is computed",
    ),
    manual(
        "something is below it",
        BOTH + "    clean_up()\n",
        says="since more is done with the launcher than waiting for it",
    ),
    manual(
        "something is in between",
        changed("    launcher.wait()", "    notify()\n    launcher.wait()"),
        says="since something else is done between its statements",
    ),
    manual(
        "its result is the exit code",
        changed("    launcher.wait()", "    sys.exit(launcher.wait())"),
        says="since more is done with the launcher",
    ),
    manual(
        "a condition",
        changed("    launcher = ", "    if conf.run:\n        launcher = "),
        says="since it depends on a condition or a loop",
    ),
    manual(
        "at the top of a module",
        SERVER + "\n\nservice.launch(CONF, Server('api')).wait()\n",
        says="since it is not called in a plain function",
    ),
    manual(
        "a service from elsewhere",
        changed("def main(conf):", "def main(conf, Server):"),
        says="is not in this file",
    ),
    manual(
        "a service with a life of its own",
        changed(
            "service.launch(conf, Server('api'))",
            "service.launch(conf, server)",
        ).replace(
            "    launcher =", "    server = Server('api')\n    server.prepare()\n    launcher ="
        ),
        says="since `server` is not made here just for it",
    ),
    manual(
        "arguments of several lines",
        changed("Server('api')", "Server([\n        'api',\n    ])"),
        says="since an argument takes several lines",
    ),
    manual(
        "a comment suppresses the class",
        changed("(service.Service):", "(service.Service):  # eventlet-codemod: ignore[EVT416]"),
        says="since a comment in this file suppresses it",
    ),
    # --- what it leaves: the class ----------------------------------------------------------
    *(
        manual(
            name,
            changed("        listen(self.host)", f"        listen(self.host)\n{more}"),
            says=f"Server stays a service of oslo.service, since {reason}",
        )
        for name, more, reason in [
            ("its group of threads", "        self.tg.add_timer(1, f)\n", "line 12 uses `self.tg`"),
            ("it stops itself", "        self.stop()\n", "line 12 uses `self.stop`"),
            ("a wait", "\n    def wait(self):\n        pass\n", "Server has a method wait()"),
            ("a reset", "\n    def reset(self):\n        pass\n", "Server has a method reset()"),
            ("a run", "\n    def run(self):\n        pass\n", "Server has a method run()"),
            (
                "another method that calls the base",
                "\n    def end(self):\n        super().stop()\n",
                "line 13 reaches for its base",
            ),
            (
                "a method under two names",
                "\n    wait = start\n",
                "line 13 defines a method in another way",
            ),
        ]
    ),
    manual(
        "graceful decides",
        changed("        close(self.host)", "        close(self.host, graceful)"),
        says="since stop() makes a difference of graceful",
    ),
    manual(
        "another parameter",
        changed("graceful=False", "graceful=False, timeout=3"),
        says="since stop() takes something",
    ),
    manual(
        "the base is called in a condition",
        changed("        super().start()", "        if x:\n            super().start()"),
        says="since start() does more with its base",
    ),
    manual(
        "the base gets a number of threads",
        changed("super().__init__()", "super().__init__(threads=4)"),
        says="since __init__() gives its base something",
    ),
    manual(
        "a mixin",
        changed("(service.Service)", "(Mixin, service.Service)"),
        says="since Server derives from something else",
    ),
    manual(
        "a decorator",
        changed("class Server", "@registered\nclass Server"),
        says="since Server is decorated",
    ),
    manual(
        "a class that something else names",
        BOTH + "\n\nKINDS = [Server]\n",
        says="since Server is referred to more than once",
    ),
    manual(
        "a class that another file names",
        BOTH,
        says="since other files name Server",
        path="pkg/server.py",
        files={"pkg/__init__.py": "", "pkg/other.py": "from pkg.server import Server\n"},
    ),
    manual(
        "a class that nobody launches",
        SERVER,
        says="since no launch of it in this file can change along",
    ),
    # --- what it rewrites -------------------------------------------------------------------
    fixes("a service", BOTH, SERVER_AFTER + MAIN_AFTER, checks=ASKS),
    fixes(
        "that reads its configuration again",
        changed("Server('api'))", "Server('api'), restart_method='mutate')"),
        SERVER_AFTER
        + MAIN_AFTER.replace("manager, conf)", "manager, conf, reload_method='mutate')"),
        checks=ASKS,
    ),
    fixes(
        "at once",
        SERVER + "\n\ndef main(conf):\n    service.launch(conf, Server('api')).wait()\n",
        SERVER_AFTER + MAIN_AFTER,
        checks=ASKS,
    ),
    fixes(
        "with a name and workers",
        SERVER
        + """

def main(conf):
    prepare()
    server = Server(conf.host)  # the one
    # for ever
    launcher = service.launch(conf, server, workers=conf.workers)
    launcher.wait()
""",
        SERVER_AFTER
        + """

def main(conf):
    prepare()
    # for ever
    # the one
    manager = cotyledon.ServiceManager()
    oslo_config_glue.setup(manager, conf)
    manager.add(Server, workers=conf.workers, args=(conf.host,))
    manager.run()
""",
        checks=["C-TYPE", *ASKS],
    ),
    fixes(
        "a launcher of processes",
        SERVER
        + """

def main():
    launcher = service.ProcessLauncher(CONF)
    launcher.launch_service(Server(host='api'), workers=4)
    launcher.wait()
""",
        SERVER_AFTER
        + """

def main():
    manager = cotyledon.ServiceManager()
    oslo_config_glue.setup(manager, CONF)
    manager.add(Server, workers=4, kwargs={'host': 'api'})
    manager.run()
""",
        checks=ASKS,
    ),
    fixes(
        "two services",
        """
        from oslo_service import service


        class Api(service.Service):
            def start(self):
                serve()


        class Worker(service.Service):
            '''Works.'''

            def start(self):
                super().start()

            def work(self):
                pass


        def main(manager):
            launcher = service.ServiceLauncher(CONF)
            launcher.launch_service(Api())
            launcher.launch_service(Worker())
            launcher.wait()
        """,
        """
        import cotyledon
        from cotyledon import oslo_config_glue


        class Api(cotyledon.Service):
            def run(self):
                serve()


        class Worker(cotyledon.Service):
            '''Works.'''

            def run(self):
                pass

            def work(self):
                pass


        def main(manager):
            manager2 = cotyledon.ServiceManager()
            oslo_config_glue.setup(manager2, CONF)
            manager2.add(Api)
            manager2.add(Worker)
            manager2.run()
        """,
        checks=ASKS,
    ),
    fixes(
        "imported by name, the import stays for others",
        """
        from oslo_service.service import Service, launch
        from oslo_service import service


        class Server(Service):
            def stop(self, *, graceful=True):
                close()


        def main():
            launch(CONF, Server(), workers=None).wait()


        def other(launcher: service.Launcher):
            launcher.wait()
        """,
        """
        import cotyledon
        from cotyledon import oslo_config_glue
        from oslo_service import service


        class Server(cotyledon.Service):
            def terminate(self):
                close()


        def main():
            manager = cotyledon.ServiceManager()
            oslo_config_glue.setup(manager, CONF)
            manager.add(Server)
            manager.run()


        def other(launcher: service.Launcher):
            launcher.wait()
        """,
        checks=ASKS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cotyledon_service(case: Case) -> None:
    check(case, "cotyledon-service")


def test_what_is_left_is_sketched() -> None:
    source = changed("    launcher.wait()", "    sys.exit(launcher.wait())")
    source = source.replace("Server('api'))", "Server('api'), workers=n, restart_method='mutate')")
    source += "\n    def reset(self):\n        pass\n"
    settings = Settings(services="cotyledon", monkey_patched="yes")
    findings = rewrite_one(source.encode(), "a.py", settings).entry.findings
    of_class, of_launch = (f.advice for f in findings)
    assert "`__init__(self, worker_id, …)` calls `super().__init__(worker_id)`" in of_class
    assert "start() becomes `run(self)`; stop() becomes `terminate(self)`" in of_class
    assert "`oslo_config_glue.setup(manager, conf, reload_method='mutate')`" in of_launch
    assert "`manager.add(Class, workers=n, args=(…))`" in of_launch
    assert "`Server('api')` is made of" in of_launch
