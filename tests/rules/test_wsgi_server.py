from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one
from eventlet_codemod.testing import Case, check, fixes, manual, noop

HELPERS = {"helpers": "pkg.concurrency"}
SERVED = ("C-HTTP", "C-ATOM", "C-LOCAL")
MANY = (*SERVED, "C-BOUND")

CASES = [
    noop(
        "a server of the project",
        """
        import eventlet.event
        from pkg import wsgi

        wsgi.server(sock, app)
        """,
        **HELPERS,
    ),
    noop(
        "a parameter hides the module",
        """
        from eventlet import wsgi


        def serve(wsgi, sock, app):
            wsgi.server(sock, app)
        """,
        **HELPERS,
    ),
    noop(
        "another part of the module",
        """
        from eventlet import wsgi

        print(wsgi.format_date_time(0))
        """,
        **HELPERS,
    ),
    manual(
        "no helpers",
        """
        from eventlet import wsgi

        wsgi.server(sock, app)
        """,
        says="`helpers` names no module",
    ),
    manual(
        "the server is to run outside",
        """
        from eventlet import wsgi

        wsgi.server(sock, app)
        """,
        wsgi="external",
        says="`wsgi` is set to `external`",
        **HELPERS,
    ),
    manual(
        "a person is to decide",
        """
        from eventlet import wsgi

        wsgi.server(sock, app)
        """,
        wsgi="manual",
        says="`wsgi` is set to `manual`",
        **HELPERS,
    ),
    manual(
        "a protocol of its own",
        """
        from eventlet import wsgi

        wsgi.server(sock, app, protocol=Protocol)
        """,
        says="the helper has no `protocol`",
        **HELPERS,
    ),
    manual(
        "a protocol that does more than to name clients",
        """
        from eventlet import wsgi


        class Local(wsgi.HttpProtocol):
            def __init__(self, conn_state, server):
                if not conn_state[0]:
                    conn_state[0] = ("<local>", 0)
                wsgi.HttpProtocol.__init__(self, conn_state, server)

            def log_message(self, message):
                pass


        def serve(sock, app):
            wsgi.server(sock, app, max_size=8, protocol=Local)
        """,
        says="the helper has no `protocol`",
        **HELPERS,
    ),
    manual(
        "a protocol that calls something",
        """
        from eventlet import wsgi


        class Local(wsgi.HttpProtocol):
            def __init__(self, conn_state, server):
                count(conn_state)
                wsgi.HttpProtocol.__init__(self, conn_state, server)


        def serve(sock, app):
            wsgi.server(sock, app, max_size=8, protocol=Local)
        """,
        says="the helper has no `protocol`",
        **HELPERS,
    ),
    manual(
        "the protocol by its position",
        """
        from eventlet import wsgi

        wsgi.server(sock, app, None, None, 8, "HTTP/1.1", Protocol)
        """,
        says="not all of its arguments can be seen",
        **HELPERS,
    ),
    manual(
        "someone waits for the server object",
        """
        from eventlet import wsgi

        wsgi.server(sock, app, server_event=ready)
        """,
        says="the helper has no `server_event`",
        **HELPERS,
    ),
    manual(
        "keywords that cannot be seen",
        """
        from eventlet import wsgi

        wsgi.server(sock, app, **options)
        """,
        says="not all of its arguments can be seen",
        **HELPERS,
    ),
    manual(
        "keywords of a dict that others may change",
        """
        from eventlet import wsgi


        def serve(sock, app, change):
            options = {"log": None}
            change(options)
            wsgi.server(sock, app, **options)
        """,
        says="not all of its arguments can be seen",
        **HELPERS,
    ),
    manual(
        "keywords of a dict of which one is computed",
        """
        from eventlet import wsgi


        def serve(sock, app, key):
            options = {"log": None}
            options[key] = 1
            wsgi.server(sock, app, **options)
        """,
        says="not all of its arguments can be seen",
        **HELPERS,
    ),
    manual(
        "a dict that may have a size",
        """
        from eventlet import wsgi


        def serve(sock, app, few):
            options = {}
            if few:
                options["max_size"] = 5
            wsgi.server(sock, app, **options)
        """,
        says="not all of its arguments can be seen",
        **HELPERS,
    ),
    manual(
        "a dict with a protocol",
        """
        from eventlet import wsgi


        def serve(sock, app, protocol):
            options = dict(log=None, protocol=protocol)
            wsgi.server(sock, app, **options)
        """,
        says="the helper has no `protocol`",
        **HELPERS,
    ),
    manual(
        "arguments that cannot be seen",
        """
        from eventlet import wsgi

        wsgi.server(*given)
        """,
        says="not all of its arguments can be seen",
        **HELPERS,
    ),
    manual(
        "it is kept for later",
        """
        import eventlet.wsgi

        options = {"func": eventlet.wsgi.server, "sock": sock, "site": app}
        """,
        says="not all of its arguments can be seen",
        **HELPERS,
    ),
    manual(
        "the name may be another's",
        """
        try:
            from eventlet import wsgi
        except ImportError:
            from pkg import wsgi

        wsgi.server(sock, app)
        """,
        says="may not be eventlet's",
        **HELPERS,
    ),
    manual(
        "keywords of a thread that cannot be seen",
        """
        import threading
        from eventlet import wsgi

        threading.Thread(target=wsgi.server, args=(sock, app), kwargs=options)
        """,
        says="not all of its arguments can be seen",
        **HELPERS,
    ),
    manual(
        "its green thread is killed, and somebody asks for its end",
        """
        import eventlet
        from eventlet import wsgi


        def serve(sock, app, until):
            thread = eventlet.spawn(wsgi.server, sock, app)
            if not thread.dead:
                thread.kill()
        """,
        says="the green thread that runs it does: .dead has no twin for a server, used on line 7",
        **HELPERS,
    ),
    manual(
        "what kill() throws is given",
        """
        import eventlet
        from eventlet import wsgi


        def serve(sock, app, until):
            thread = eventlet.spawn(wsgi.server, sock, app)
            until()
            thread.kill(ValueError)
        """,
        says=".kill() is given arguments on line 8",
        advises="stop() takes the place of kill()",
        **HELPERS,
    ),
    manual(
        "a wait for it under a Timeout",
        """
        import eventlet
        from eventlet import wsgi


        def serve(sock, app, until):
            thread = eventlet.spawn(wsgi.server, sock, app)
            thread.kill()
            with eventlet.Timeout(5):
                thread.wait()
        """,
        says="left: the one on line 8 stays",
        **HELPERS,
    ),
    manual(
        "it is killed, and its server stays",
        """
        import eventlet
        from eventlet import wsgi


        def serve(sock, app, until):
            thread = eventlet.spawn(wsgi.server, sock, app, protocol=Protocol)
            until()
            thread.kill()
        """,
        says="the helper has no `protocol`",
        **HELPERS,
    ),
    manual(
        "it is killed, and there are no helpers",
        """
        import eventlet
        from eventlet import wsgi


        def serve(sock, app, until):
            thread = eventlet.spawn(wsgi.server, sock, app)
            until()
            thread.kill()
        """,
        says="`helpers` names no module",
    ),
    manual(
        "one of two that are killed runs something else",
        """
        import eventlet
        from eventlet import wsgi


        def serve(sock, app, work):
            threads = [eventlet.spawn(wsgi.server, sock, app), eventlet.spawn(work)]
            for thread in threads:
                thread.kill()
        """,
        says="line 8 may kill it",
        **HELPERS,
    ),
    manual(
        "its green thread is kept by others",
        """
        import eventlet
        from eventlet import wsgi


        def serve(sock, app):
            return eventlet.spawn(wsgi.server, sock, app)
        """,
        says="may kill it",
        **HELPERS,
    ),
    fixes(
        "its green thread is killed",
        """
        import eventlet
        from eventlet import wsgi


        class Service:
            def start(self, sock, app, log):
                self._server = eventlet.spawn(wsgi.server, sock, app,
                                              log=log, max_size=8)

            def stop(self):
                if self._server is not None:
                    self._server.kill()

            def wait(self):
                self._server.wait()
        """,
        """
        from pkg import concurrency


        class Service:
            def start(self, sock, app, log):
                self._server = concurrency.WSGIThread(sock, app, log=log, max_size=8)

            def stop(self):
                if self._server is not None:
                    self._server.stop()

            def wait(self):
                self._server.wait()
        """,
        checks=SERVED,
        **HELPERS,
    ),
    fixes(
        "keywords that are gathered in a dict",
        """
        from eventlet import wsgi


        def serve(sock, app, conf):
            options = {
                "max_size": 8,
                "socket_timeout": float(conf["timeout"]),  # seconds
            }
            if conf["keepalive"]:
                options["keepalive"] = float(conf["keepalive"])
            wsgi.server(sock, app, **options)
        """,
        """
        from pkg import concurrency


        def serve(sock, app, conf):
            options = {
                "max_size": 8,
                "socket_timeout": float(conf["timeout"]),  # seconds
            }
            if conf["keepalive"]:
                options["keepalive"] = float(conf["keepalive"])
            concurrency.wsgi_server(sock, app, **options)
        """,
        checks=SERVED,
        **HELPERS,
    ),
    fixes(
        "green threads of a list are killed",
        """
        import eventlet
        from eventlet import wsgi


        def serve(socks, app, until):
            threads = [eventlet.spawn(wsgi.server, sock, app) for sock in socks]
            until()
            for thread in threads:
                thread.kill()
        """,
        """
        from pkg import concurrency


        def serve(socks, app, until):
            threads = [concurrency.WSGIThread(sock, app) for sock in socks]
            until()
            for thread in threads:
                thread.stop()
        """,
        checks=MANY,
        **HELPERS,
    ),
    fixes(
        "a protocol that only names clients",
        """
        from eventlet import wsgi


        class Local(wsgi.HttpProtocol):
            def __init__(self, conn_state, server):
                if not conn_state[0]:
                    conn_state[0] = ("<local>", 0)
                wsgi.HttpProtocol.__init__(self, conn_state, server)


        def serve(sock, app):
            wsgi.server(sock, app, max_size=8, protocol=Local)
        """,
        """
        from eventlet import wsgi
        from pkg import concurrency


        class Local(wsgi.HttpProtocol):
            def __init__(self, conn_state, server):
                if not conn_state[0]:
                    conn_state[0] = ("<local>", 0)
                wsgi.HttpProtocol.__init__(self, conn_state, server)


        def serve(sock, app):
            concurrency.wsgi_server(sock, app, max_size=8)
        """,
        checks=SERVED,
        left=2,
        **HELPERS,
    ),
    fixes(
        "a few threads",
        """
        from eventlet import wsgi


        def serve(sock, app):
            wsgi.server(sock, app, max_size=8)
        """,
        """
        from pkg import concurrency


        def serve(sock, app):
            concurrency.wsgi_server(sock, app, max_size=8)
        """,
        checks=SERVED,
        says="with up to 8 threads",
        **HELPERS,
    ),
    fixes(
        "as many as eventlet serves",
        """
        import eventlet.wsgi


        def serve(sock, app, log):
            eventlet.wsgi.server(sock, app, log, debug=False, socket_timeout=None)
        """,
        """
        from pkg import concurrency


        def serve(sock, app, log):
            concurrency.wsgi_server(sock, app, log, debug=False, socket_timeout=None)
        """,
        checks=MANY,
        says="with up to 1024 threads",
        **HELPERS,
    ),
    fixes(
        "a size that is a setting",
        """
        from eventlet import wsgi


        def serve(self, sock, app):
            wsgi.server(sock, app, max_size=self.threads)
        """,
        """
        from pkg import concurrency


        def serve(self, sock, app):
            concurrency.wsgi_server(sock, app, max_size=self.threads)
        """,
        checks=MANY,
        says="up to `self.threads` threads",
        **HELPERS,
    ),
    fixes(
        "a pool of its own, somebody else's",
        """
        from eventlet import wsgi


        def serve(pool, sock, app):
            wsgi.server(sock, app, custom_pool=pool)
        """,
        """
        from pkg import concurrency


        def serve(pool, sock, app):
            concurrency.wsgi_server(sock, app, custom_pool=pool)
        """,
        checks=(*MANY, "C-FLOW"),
        says="up to `pool.size` threads",
        **HELPERS,
    ),
    fixes(
        "its pool is asked about the connections, and stays",
        """
        import eventlet
        from eventlet import wsgi


        def serve(sock, app, log):
            pool = eventlet.GreenPool(100)
            wsgi.server(sock, app, custom_pool=pool)
            log(pool.running())
        """,
        """
        import eventlet
        from pkg import concurrency


        def serve(sock, app, log):
            pool = eventlet.GreenPool(100)
            concurrency.wsgi_server(sock, app, custom_pool=pool)
            log(pool.running())
        """,
        checks=(*MANY, "C-FLOW"),
        left=3,
        **HELPERS,
    ),
    fixes(
        "an error of the socket is caught",
        """
        import errno
        from eventlet.wsgi import server


        def serve(sock, app):
            try:
                server(sock, app, max_size=1)
            except OSError as error:
                if error.errno != errno.EINVAL:
                    raise
        """,
        """
        import errno

        from pkg import concurrency


        def serve(sock, app):
            try:
                concurrency.wsgi_server(sock, app, max_size=1)
            except OSError as error:
                if error.errno != errno.EINVAL:
                    raise
        """,
        checks=(*SERVED, "C-SOCK"),
        **HELPERS,
    ),
    fixes(
        "in a green thread",
        """
        import eventlet
        from eventlet import wsgi


        def serve(sock, app):
            eventlet.spawn(wsgi.server, sock, app, max_size=2)
        """,
        """
        import threading

        from pkg import concurrency


        def serve(sock, app):
            threading.Thread(
                target=concurrency.wsgi_server,
                args=(sock, app),
                kwargs={"max_size": 2},
                daemon=True,
            ).start()
        """,
        checks=SERVED,
        **HELPERS,
    ),
    fixes(
        "in a thread",
        """
        import threading
        from eventlet import wsgi


        def serve(sock, app):
            threading.Thread(
                target=wsgi.server, args=(sock, app), kwargs={"max_size": 2}
            ).start()
        """,
        """
        import threading

        from pkg import concurrency


        def serve(sock, app):
            threading.Thread(
                target=concurrency.wsgi_server, args=(sock, app), kwargs={"max_size": 2}
            ).start()
        """,
        checks=SERVED,
        **HELPERS,
    ),
    fixes(
        "a name is taken",
        """
        from eventlet import wsgi


        def serve(concurrency, sock, app):
            wsgi.server(sock, app, max_size=concurrency)
        """,
        """
        from pkg import concurrency as concurrency_lib


        def serve(concurrency, sock, app):
            concurrency_lib.wsgi_server(sock, app, max_size=concurrency)
        """,
        checks=MANY,
        **HELPERS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_wsgi_server(case: Case) -> None:
    check(case, "wsgi-server")


@pytest.mark.parametrize("settings", [HELPERS, {"wsgi": "external"}], ids=str)
def test_code_that_answers_100_continue_itself_is_named(settings: dict, tmp_path: Path) -> None:
    (tmp_path / "upload.py").write_text(
        "def upload(env):\n    env['wsgi.input'].send_hundred_continue_response()\n"
    )
    serve = b"from eventlet import wsgi\n\n\ndef serve(sock):\n    wsgi.server(sock, app)\n"
    serve += b"\n\ndef app(environ, start_response):\n    return []\n"
    chosen = Settings(monkey_patched="yes", **settings)
    findings = rewrite_one(serve, "serve.py", chosen, root=tmp_path).entry.findings
    advice = next(f.advice for f in findings if f.rule == "EVT701")
    assert "upload.py calls a method that only eventlet's `wsgi.input` has" in advice
