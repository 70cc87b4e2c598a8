from __future__ import annotations

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one
from eventlet_codemod.testing import Case, check, fixes, manual, noop

HELPERS = {"helpers": "pkg.concurrency"}

CASES = [
    noop(
        "a setting of the project",
        """
        import eventlet.event
        from pkg import wsgi

        wsgi.MAX_HEADER_LINE = 1
        """,
        **HELPERS,
    ),
    noop(
        "a setting that is none of these",
        """
        from eventlet import wsgi

        wsgi.MINIMUM_CHUNK_SIZE = 1
        """,
        **HELPERS,
    ),
    manual(
        "no helpers",
        """
        from eventlet import wsgi

        wsgi.MAX_HEADER_LINE = 16384
        """,
        says="`helpers` names no module",
    ),
    manual(
        "a person is to decide",
        """
        from eventlet import wsgi

        wsgi.is_accepting = False
        """,
        says="`wsgi` is set to `manual`",
        wsgi="manual",
        **HELPERS,
    ),
    manual(
        "a server of the file stays",
        """
        from eventlet import wsgi


        def serve(sock, app):
            wsgi.MAX_HEADER_LINE = 16384
            wsgi.server(sock, app, protocol=Protocol)
        """,
        says="the server on line 6 stays",
        **HELPERS,
    ),
    manual(
        "a server of another file stays",
        """
        from eventlet import wsgi

        wsgi.MAX_HEADER_LINE = 16384
        """,
        says="the server of pkg/agent.py:5 stays",
        files={
            "pkg/agent.py": "from eventlet import wsgi\n\n\ndef serve(sock, app):\n"
            "    wsgi.server(sock, app, protocol=None)\n",
        },
        **HELPERS,
    ),
    manual(
        "the version is all of a block",
        """
        from eventlet import wsgi


        def serve(old):
            if old:
                wsgi.HttpProtocol.default_request_version = "HTTP/1.0"
        """,
        says="it is not just set",
        **HELPERS,
    ),
    manual(
        "the version is read",
        """
        from eventlet import wsgi

        print(wsgi.HttpProtocol.default_request_version)
        """,
        says="it is not just set",
        **HELPERS,
    ),
    fixes(
        "the length of a header",
        """
        import eventlet.wsgi


        def start(self, sock, app):
            eventlet.wsgi.MAX_HEADER_LINE = self.conf.max_header_line
            eventlet.wsgi.server(sock, app, max_size=4)
        """,
        """
        from pkg import concurrency


        def start(self, sock, app):
            concurrency.WSGIServer.max_header_line = self.conf.max_header_line
            concurrency.wsgi_server(sock, app, max_size=4)
        """,
        checks=("C-FLOW",),
        **HELPERS,
    ),
    fixes(
        "beside the name of a logger",
        """
        import logging
        import eventlet.wsgi

        LOG = logging.getLogger("eventlet.wsgi.server")


        def start(sock, app):
            eventlet.wsgi.MAX_HEADER_LINE = 16384
            eventlet.wsgi.server(sock, app, log=LOG, max_size=4)
        """,
        """
        import logging

        from pkg import concurrency

        LOG = logging.getLogger("wsgi.server")


        def start(sock, app):
            concurrency.WSGIServer.max_header_line = 16384
            concurrency.wsgi_server(sock, app, log=LOG, max_size=4)
        """,
        checks=("C-FLOW",),
        **HELPERS,
    ),
    fixes(
        "of all headers",
        """
        from eventlet import wsgi

        wsgi.MAX_TOTAL_HEADER_SIZE = 1 << 20
        """,
        """
        from pkg import concurrency

        concurrency.WSGIServer.max_header_size = 1 << 20
        """,
        checks=("C-FLOW",),
        **HELPERS,
    ),
    fixes(
        "a handler lets the servers stop",
        """
        import eventlet.wsgi


        def hup(self, *args):
            eventlet.wsgi.is_accepting = False
            self.sock.close()
        """,
        """
        from pkg import concurrency


        def hup(self, *args):
            concurrency.WSGIServer.is_accepting = False
            self.sock.close()
        """,
        checks=("C-FLOW",),
        **HELPERS,
    ),
    fixes(
        "it is asked for",
        """
        from eventlet import wsgi


        def fits(line):
            return len(line) < wsgi.MAX_HEADER_LINE
        """,
        """
        from pkg import concurrency


        def fits(line):
            return len(line) < concurrency.WSGIServer.max_header_line
        """,
        checks=("C-FLOW",),
        **HELPERS,
    ),
    fixes(
        "requests without a version",
        """
        import eventlet.wsgi


        def run(self):
            eventlet.wsgi.HttpProtocol.default_request_version = "HTTP/1.0"
            eventlet.wsgi.server(self.sock, self.app, max_size=1)
        """,
        """
        from pkg import concurrency


        def run(self):
            concurrency.wsgi_server(self.sock, self.app, max_size=1)
        """,
        checks=("C-HTTP",),
        **HELPERS,
    ),
    fixes(
        "several settings",
        """
        from eventlet import wsgi


        def configure(conf):
            wsgi.MAX_HEADER_LINE = conf.line
            wsgi.MAX_TOTAL_HEADER_SIZE = conf.headers
            wsgi.HttpProtocol.default_request_version = "HTTP/1.0"
        """,
        """
        from pkg import concurrency


        def configure(conf):
            concurrency.WSGIServer.max_header_line = conf.line
            concurrency.WSGIServer.max_header_size = conf.headers
        """,
        checks=("C-FLOW", "C-HTTP"),
        **HELPERS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_wsgi_setting(case: Case) -> None:
    check(case, "wsgi-setting")


@pytest.mark.parametrize(
    ("code", "settings", "says"),
    [
        ("wsgi.MAX_HEADER_LINE = 9", {}, "`limit_request_field_size`"),
        ("wsgi.MAX_HEADER_LINE = 9", {"wsgi_external": "uwsgi"}, "`buffer-size`"),
        ("wsgi.is_accepting = False", {}, "on SIGTERM"),
        ("wsgi.HttpProtocol.default_request_version = '1.0'", {}, "is refused"),
    ],
)
def test_the_advice_for_a_server_outside(code: str, settings: dict, says: str) -> None:
    source = f"from eventlet import wsgi\n\n{code}\n".encode()
    chosen = Settings(**{"wsgi": "external", "monkey_patched": "yes", **settings})
    (found,) = rewrite_one(source, "a.py", chosen).entry.findings
    assert (found.rule, found.status) == ("EVT703", "left")
    assert says in found.advice
