"""The client's end of a connection, plain and with TLS."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from eventlet_codemod import testing
from eventlet_codemod.config import Settings
from eventlet_codemod.run import run
from eventlet_codemod.testing import Case, check, noop

HELPERS = "pkg.concurrency"
manual = partial(testing.manual, helpers=HELPERS)
fixes = partial(testing.fixes, helpers=HELPERS)

CASES = [
    noop("another connect", "import socket\n\nsocket.create_connection(('a', 1))\n"),
    *(
        testing.manual(
            f"no helpers: {arguments}",
            f"import eventlet\n\nsock = eventlet.connect({arguments})\n",
            says=says,
        )
        for arguments, says in (
            ("address", "its host and port are not written out"),
            ("('a', 1, 0, 0), family=AF_INET6", "its family may be another"),
            ("('a', 1), family", "its family may be another"),
            ("'/run/socket', AF_UNIX", "its family may be another"),
            ("*given", "its host and port are not written out"),
            ("('a', 1), **more", "its arguments cannot be told apart"),
            ("('a', 1), more=2", "its arguments cannot be told apart"),
        )
    ),
    testing.fixes(
        "no helpers: a host and a port",
        """
        import socket

        import eventlet


        def ask(host, here):
            yield eventlet.connect((host, 80))
            yield eventlet.connect(("10.0.0.1", 80), family=socket.AF_INET)
            yield eventlet.connect(addr=(host, 80), bind=(here, 0))
            yield eventlet.connect((host, 80), socket.AF_INET, here)
        """,
        """
        import socket


        def ask(host, here):
            yield socket.create_connection((host, 80))
            yield socket.create_connection(("10.0.0.1", 80))
            yield socket.create_connection((host, 80), source_address=(here, 0))
            yield socket.create_connection((host, 80), source_address=here)
        """,
        checks=["C-SOCK"],
    ),
    manual(
        "a server that asks for certificates",
        "import eventlet\n\nsock = eventlet.wrap_ssl(s, server_side=True, cert_reqs=2)\n",
        says="`cert_reqs` is given",
    ),
    manual(
        "perhaps a server",
        "import eventlet\n\nsock = eventlet.wrap_ssl(s, None, 'c', side)\n",
        says="not all of its arguments can be seen",
    ),
    manual(
        "somebody meant to verify",
        "import eventlet\n\nsock = eventlet.wrap_ssl(s, ca_certs='ca.pem')\n",
        says="this wrap_ssl stays: it is told to verify, which it never did",
    ),
    manual(
        "verifying by position",
        "import eventlet\n\nsock = eventlet.wrap_ssl(s, None, None, False, CERT_REQUIRED)\n",
        says="this wrap_ssl stays: it is told to verify, which it never did",
    ),
    *(
        testing.manual(
            f"a socket that listens: {code}",
            f"import eventlet\n\n\ndef run(self, a, s):\n    {code}\n",
            says="its socket may be one that listens",
            helpers=HELPERS,
        )
        for code in (
            "return eventlet.wrap_ssl(make.listen(a), certfile=c)",
            "s = eventlet.wrap_ssl(s); return s.accept()",
            "s.listen(5); return eventlet.wrap_ssl(s)",
            "self.s = make.listen(a); return eventlet.wrap_ssl(self.s)",
        )
    ),
    manual(
        "verifying by a dict",
        """
        import ssl

        import eventlet


        def wrap(sock, ca):
            options = {"server_side": True, "cert_reqs": ssl.CERT_NONE}
            if ca:
                options["ca_certs"] = ca
                options["cert_reqs"] = ssl.CERT_REQUIRED
            return eventlet.wrap_ssl(sock, **options)
        """,
        says="to verify, which it never did (`options['ca_certs']` on line 9)",
        advises="decide whether to verify",
    ),
    manual(
        "another argument",
        "import eventlet\n\nsock = eventlet.wrap_ssl(s, ciphers='HIGH')\n",
        says="this wrap_ssl stays: it is given ciphers",
    ),
    manual(
        "arguments that cannot be seen",
        "import eventlet\n\nsock = eventlet.wrap_ssl(*given)\n",
        says="its arguments cannot be told apart",
    ),
    manual(
        "keywords that cannot be seen",
        "import eventlet\n\nsock = eventlet.wrap_ssl(s, **given)\n",
        says="it is given keywords that cannot be seen",
    ),
    testing.manual(
        "handed on, no helpers",
        "import eventlet\n\nopen_ = eventlet.connect\n",
        says="it is not called",
    ),
    fixes(
        "a socket that certainly listens, without a word of it",
        """
        import eventlet


        def bind(address, cert, key):
            return eventlet.wrap_ssl(eventlet.listen(address), key, cert, cert_reqs=None)
        """,
        """
        from pkg import concurrency


        def bind(address, cert, key):
            return concurrency.wrap_server(concurrency.listen(address), key, cert)
        """,
    ),
    fixes(
        "handed on",
        "import eventlet\n\nopen_ = eventlet.connect\n",
        "from pkg import concurrency\n\nopen_ = concurrency.connect\n",
        checks=["C-SOCK"],
    ),
    fixes(
        "a connection",
        "import eventlet\n\nsock = eventlet.connect(('a', 1))\n",
        "from pkg import concurrency\n\nsock = concurrency.connect(('a', 1))\n",
        checks=["C-SOCK"],
    ),
    fixes(
        "of another family, bound",
        "from eventlet import connect\n\nsock = connect(addr, family=6, bind=own)\n",
        "from pkg import concurrency\n\nsock = concurrency.connect(addr, family=6, bind=own)\n",
        checks=["C-SOCK"],
    ),
    fixes(
        "by the module's name",
        "from eventlet import convenience\n\nsock = convenience.connect(addr)\n",
        "from pkg import concurrency\n\nsock = concurrency.connect(addr)\n",
        checks=["C-SOCK"],
    ),
    fixes(
        "with TLS",
        "import eventlet\n\nsock = eventlet.wrap_ssl(plain)\n",
        "from pkg import concurrency\n\nsock = concurrency.wrap_ssl(plain)\n",
        checks=["C-SOCK", "C-TLS"],
    ),
    fixes(
        "with a certificate of its own",
        """
        import eventlet

        sock = eventlet.wrap_ssl(
            eventlet.connect((host, port)),
            keyfile=key,  # of the client
            certfile=cert)
        """,
        """
        from pkg import concurrency

        sock = concurrency.wrap_ssl(
            concurrency.connect((host, port)),
            keyfile=key,  # of the client
            certfile=cert)
        """,
        checks=["C-SOCK", "C-TLS"],
    ),
    fixes(
        "arguments that ask for nothing",
        """
        import ssl

        import eventlet

        first = eventlet.wrap_ssl(s, key, cert, False, ssl.CERT_NONE)
        second = eventlet.wrap_ssl(s, server_side=False, certfile=cert, cert_reqs=0, ca_certs=None)
        """,
        """
        import ssl

        from pkg import concurrency

        first = concurrency.wrap_ssl(s, key, cert)
        second = concurrency.wrap_ssl(s, certfile=cert)
        """,
        checks=["C-SOCK", "C-TLS"],
    ),
    fixes(
        "by position, and no server",
        "import eventlet\n\nsock = eventlet.wrap_ssl(s, 'k', 'c')\n",
        "from pkg import concurrency\n\nsock = concurrency.wrap_ssl(s, 'k', 'c')\n",
        checks=["C-SOCK", "C-TLS"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_client_socket(case: Case) -> None:
    check(case, "client-socket")


CODE = """\
import eventlet


def ask(addr, cert):
    return eventlet.wrap_ssl(eventlet.connect(addr), certfile=cert).makefile()
"""
TEST = """\
from unittest import mock

import eventlet

from pkg import client


@mock.patch.object(eventlet, 'connect')
@mock.patch.object(eventlet, 'wrap_ssl')
def test_ask(mock_ssl, mock_connect):
    client.ask('a', 'c')
    mock_connect.assert_called_once_with('a')
    mock_ssl.assert_called_once_with(mock_connect.return_value, certfile='c')
"""


def test_patches_of_them_follow(tmp_path: Path) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/client.py": CODE,
        "pkg/tests/__init__.py": "",
        "pkg/tests/test_client.py": TEST,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    settings = Settings(helpers=HELPERS, monkey_patched="yes")
    for change in run(tmp_path, sorted(files), settings).changes:
        if change.new is not None:
            (tmp_path / change.entry.path).write_bytes(change.new)
    assert "eventlet" not in (tmp_path / "pkg/tests/test_client.py").read_text()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "pkg"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "1 passed" in done.stdout, done.stdout
