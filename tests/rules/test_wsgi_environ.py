from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

GIVEN = {
    "helpers": "pkg.concurrency",
    "files": {"pkg/server.py": "from pkg.concurrency import wsgi_server\n"},
}

CASES = [
    noop(
        "a key of the project",
        """
        def hook(environ):
            environ["pkg.posthooks"].append(print)
        """,
        **GIVEN,
    ),
    noop(
        "in a sentence",
        """
        TEXT = "there may be eventlet.posthooks in it"
        """,
        **GIVEN,
    ),
    manual(
        "no helpers",
        """
        def hook(environ):
            environ["eventlet.posthooks"].append(print)
        """,
        says="a key that only eventlet's server",
        files=GIVEN["files"],
    ),
    manual(
        "nothing serves",
        """
        def hook(environ):
            environ["eventlet.posthooks"].append(print)
        """,
        says="a key that only eventlet's server",
        helpers="pkg.concurrency",
    ),
    manual(
        "a person is to decide",
        """
        def hook(environ):
            environ["eventlet.posthooks"].append(print)
        """,
        says="a key that only eventlet's server",
        wsgi="manual",
        **GIVEN,
    ),
    manual(
        "a size where nothing serves",
        """
        def hook(environ):
            environ["eventlet.minimum_write_chunk_size"] = 0
        """,
        says="a key that only eventlet's server",
        helpers="pkg.concurrency",
    ),
    manual(
        "one server of two stays",
        """
        def hook(environ):
            environ["eventlet.posthooks"].append(print)
        """,
        says="a key that only eventlet's server",
        helpers="pkg.concurrency",
        files={
            **GIVEN["files"],
            "pkg/agent.py": "from eventlet import wsgi\n\n\ndef serve(sock, app):\n"
            "    wsgi.server(sock, app, protocol=None)\n",
        },
    ),
    manual(
        "only a test serves",
        """
        def hook(environ):
            environ["eventlet.posthooks"].append(print)
        """,
        says="a key that only eventlet's server",
        helpers="pkg.concurrency",
        files={"pkg/tests/test_server.py": GIVEN["files"]["pkg/server.py"]},
    ),
    manual(
        "a question where nothing serves",
        """
        def may_hook(environ):
            return "eventlet.posthooks" in environ
        """,
        says="a key that only eventlet's server",
        helpers="pkg.concurrency",
    ),
    fixes(
        "a hook",
        """
        def hook(environ):
            environ["eventlet.posthooks"].append((print, (), {}))
        """,
        """
        def hook(environ):
            environ["wsgi_server.posthooks"].append((print, (), {}))
        """,
        checks=("C-FLOW",),
        **GIVEN,
    ),
    fixes(
        "a size",
        """
        def hook(environ):
            environ["eventlet.minimum_write_chunk_size"] = 0
        """,
        """
        def hook(environ):
            environ["wsgi_server.minimum_write_chunk_size"] = 0
        """,
        checks=("C-FLOW",),
        **GIVEN,
    ),
    fixes(
        "a question",
        """
        def hook(environ):
            return "eventlet.posthooks" in environ
        """,
        """
        def hook(environ):
            return "wsgi_server.posthooks" in environ
        """,
        checks=("C-FLOW",),
        **GIVEN,
    ),
    fixes(
        "an answer of None",
        """
        def hook(environ):
            return environ.get("eventlet.posthooks")
        """,
        """
        def hook(environ):
            return environ.get("wsgi_server.posthooks")
        """,
        checks=("C-FLOW",),
        **GIVEN,
    ),
    fixes(
        "a default",
        """
        def hook(environ):
            environ.setdefault("eventlet.minimum_write_chunk_size", 1)
        """,
        """
        def hook(environ):
            environ.setdefault("wsgi_server.minimum_write_chunk_size", 1)
        """,
        checks=("C-FLOW",),
        **GIVEN,
    ),
    fixes(
        "other quotes",
        """
        def hook(environ):
            environ['eventlet.posthooks'].clear()
        """,
        """
        def hook(environ):
            environ['wsgi_server.posthooks'].clear()
        """,
        checks=("C-FLOW",),
        **GIVEN,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_wsgi_environ(case: Case) -> None:
    check(case, "wsgi-environ")
