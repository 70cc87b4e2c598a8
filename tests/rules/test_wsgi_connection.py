"""Keys of the environ that are about eventlet's own connection."""

from __future__ import annotations

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one
from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "the body, as any server has it",
        """
        import eventlet.event


        def read(environ):
            return environ["wsgi.input"].read()
        """,
    ),
    noop(
        "a key of another server",
        """
        import eventlet.event


        def sock(environ):
            return environ["gunicorn.socket"]
        """,
    ),
    noop(
        "a sentence",
        """
        import eventlet.event

        TEXT = "eventlet.input is a key"
        """,
    ),
    manual(
        "the socket",
        """
        def sock(environ):
            return environ["eventlet.input"].get_socket()
        """,
        says="the string 'eventlet.input' is a key",
    ),
    manual(
        "a stop while it answers",
        """
        def idle(environ):
            environ["eventlet.set_idle"]()
        """,
        says="the string 'eventlet.set_idle' is a key",
    ),
    manual(
        "also where the project serves by the helper",
        """
        from eventlet import wsgi


        def application(environ, start_response):
            return [environ.get("eventlet.input").read()]


        wsgi.server(sock, application, protocol=Protocol)
        """,
        says="the string 'eventlet.input' is a key",
        helpers="pkg.concurrency",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_wsgi_connection(case: Case) -> None:
    check(case, "wsgi-connection")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ('env["eventlet.input"].get_socket()', "gunicorn.socket"),
        ('env["eventlet.input"].send_hundred_continue_response()', "sends 100 Continue"),
        ('env["eventlet.input"].set_hundred_continue_response_headers([])', "with the answer"),
        ('env["eventlet.input"].read()', "read environ['wsgi.input']"),
        ('"eventlet.input" in env', "keep the branch"),
        ('env["eventlet.set_idle"]()', "threading.Event"),
    ],
)
def test_the_advice_is_for_what_is_done(code: str, says: str) -> None:
    settings = Settings(monkey_patched="yes")
    source = f"def application(env):\n    return {code}\n".encode()
    (found,) = rewrite_one(source, "a.py", settings).entry.findings
    assert found.rule == "EVT709"
    assert says in found.advice
