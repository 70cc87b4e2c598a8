"""Which files a run writes for a server outside, and what keeps it from writing any."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.discovery import discover
from eventlet_codemod.engine import FileChange
from eventlet_codemod.ledger import Finding
from eventlet_codemod.run import run

EXTERNAL = Settings(wsgi="external", monkey_patched="yes")
OSLO = Settings(wsgi="external", monkey_patched="yes", monkey_patch="init-backend")


def rewrite(
    root: Path, source: str, settings: Settings = EXTERNAL, path: str = "pkg/main.py"
) -> tuple[dict[str, str], Finding]:
    """Run over a project with one program: what was written, and what is said of its server."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    if path.startswith("pkg/"):
        (root / "pkg/__init__.py").touch()
    if not (root / path).exists():
        (root / path).write_text(textwrap.dedent(source), encoding="utf-8")
    changes = changes_of(root, settings)
    written = {c.entry.path: (c.new or b"").decode() for c in changes if c.created}
    found = [
        finding
        for change in changes
        for finding in change.entry.findings
        if finding.api in ("eventlet.wsgi.server", "oslo_service.wsgi.Server")
    ]
    return written, found[-1]


def changes_of(root: Path, settings: Settings = EXTERNAL) -> list[FileChange]:
    found = discover(root, [root], settings)
    return list(run(root, found.files, settings, whole_project=True).changes)


HEAD = """\
import eventlet
from eventlet import wsgi

from pkg import things


def app(environ, start_response):
    start_response("200 OK", [])
    return []


"""

BLOCKED = {
    "the module serves when it is imported": (
        HEAD + "wsgi.server(eventlet.listen(('', 80)), app)\n",
        "importing pkg/main.py starts it",
    ),
    "the module calls main when it is imported": (
        HEAD + "def main():\n    wsgi.server(eventlet.listen(('', 80)), app)\n\n\nmain()\n",
        "importing pkg/main.py runs `main` on line 16",
    ),
    "by way of another function": (
        HEAD + "def main():\n    wsgi.server(eventlet.listen(('', 80)), app)\n\n\n"
        "def run():\n    main()\n\n\nif things.ready:\n    run()\n",
        "importing pkg/main.py runs `run`",
    ),
    "a parameter": (
        HEAD + "def main(sock, made):\n    wsgi.server(sock, made)\n",
        "`made` is a parameter",
    ),
    "an attribute of an object": (
        HEAD + "class Service:\n    def run(self, sock):\n        wsgi.server(sock, self.app)\n",
        "`self` is a parameter",
    ),
    "a variable of the function around": (
        HEAD + "def main(sock):\n    made = things.make()\n\n"
        "    def serve():\n        wsgi.server(sock, made)\n\n    serve()\n",
        "`made` is a variable that something else sets",
    ),
    "a variable that functions set": (
        HEAD + "made = None\n\n\ndef setup():\n    global made\n    made = app\n\n\n"
        "def main(sock):\n    setup()\n    wsgi.server(sock, made)\n",
        "`made` is a variable that functions set",
    ),
    "nobody knows where it comes from": (
        HEAD.replace("import things", "import things\nfrom pkg.all import *")
        + "def main(sock):\n    wsgi.server(sock, made)\n",
        "it is not seen where `made` comes from",
    ),
    "under a condition": (
        HEAD + "def main(sock):\n    if things.serves:\n        wsgi.server(sock, app)\n",
        "it is started inside the statement on line 13",
    ),
    "in a with statement": (
        HEAD + "def main(sock):\n    with things.lock:\n        wsgi.server(sock, app)\n",
        "it is started inside the statement on line 13",
    ),
    "in a thread": (
        HEAD + "def main(sock):\n    eventlet.spawn(wsgi.server, sock, app)\n    things.run()\n",
        "it runs beside other code of its process",
    ),
    "two in a process": (
        HEAD + "def main(one, two):\n    eventlet.spawn_n(wsgi.server, one, app)\n"
        "    wsgi.server(two, app)\n",
        "the same process starts the server on line",
    ),
    "the command line": (
        HEAD.replace("import eventlet\n", "import sys\n\nimport eventlet\n")
        + "def main(sock):\n    things.parse(sys.argv)\n    wsgi.server(sock, app)\n",
        "line 15 reads the command line",
    ),
    "the command line, by oslo.config": (
        HEAD + "def main(sock):\n    things.CONF(project='x')\n    wsgi.server(sock, app)\n",
        "line 13 reads the command line",
    ),
    "signals": (
        HEAD + "def main(sock):\n    things.signal.signal(1, app)\n    wsgi.server(sock, app)\n",
        "line 13 is about signals",
    ),
    "it may return": (
        HEAD + "def main(sock):\n    if things.done:\n        return\n    wsgi.server(sock, app)\n",
        "line 14 may return before it serves",
    ),
    "green threads before it": (
        HEAD + "def main(sock):\n    eventlet.spawn_n(things.poll)\n    wsgi.server(sock, app)\n",
        "line 13 uses `eventlet.spawn_n`, too",
    ),
    "a pool that does other things, too": (
        HEAD + "def main(sock):\n    pool = eventlet.GreenPool(9)\n    pool.spawn(things.poll)\n"
        "    wsgi.server(sock, app, custom_pool=pool)\n",
        "more is done with `pool`, which line 13 sets",
    ),
    "what opens the socket would open it twice": (
        HEAD + "def main():\n    first = things.bind()\n    sock = things.wrap(first)\n"
        "    wsgi.server(sock, app)\n",
        "line 13 may open the socket",
    ),
    "the socket is made beside something else": (
        HEAD + "def main():\n    sock, port = things.bind()\n    wsgi.server(sock, app)\n",
        "more is done with `sock`, which line 13 sets",
    ),
    "the socket is made under a condition": (
        HEAD + "def main():\n    sock = things.bind()\n    if things.wraps:\n"
        "        sock = things.wrap(sock)\n    wsgi.server(sock, app)\n",
        "more is done with `sock`, which line 13 sets",
    ),
    "the socket is an attribute": (
        HEAD + "def main():\n    things.sock = things.bind()\n    wsgi.server(things.sock, app)\n",
        "more is done with `things.sock`, which line 13 sets",
    ),
    "a script sets what its functions read": (
        HEAD.replace("return []", "return [conf.body]")
        + "if __name__ == '__main__':\n    conf = things.load()\n    wsgi.server(conf.sock, app)\n",
        "`conf` is a variable of the module",
    ),
    "TLS by a certificate that is computed": (
        HEAD + "def main(conf):\n    sock = eventlet.listen(('', 80))\n"
        "    sock = eventlet.wrap_ssl(sock, certfile=conf.cert, server_side=True)\n"
        "    wsgi.server(sock, app)\n",
        "sockets of the file get TLS",
    ),
    "TLS in one expression": (
        HEAD + "def main(conf):\n    wsgi.server(eventlet.wrap_ssl(eventlet.listen(('', 80)), "
        "certfile=conf.cert, server_side=True), app)\n",
        "its TLS cannot be written out: `certfile=conf.cert`",
    ),
    "arguments that cannot be seen": (
        HEAD + "def main(sock, **given):\n    wsgi.server(sock, app, **given)\n",
        "not all of its arguments can be seen",
    ),
    "more for the environ that cannot be made": (
        HEAD + "def main(sock, more):\n    wsgi.server(sock, app, environ=more)\n",
        "`more` is a parameter",
    ),
}


@pytest.mark.parametrize("name", BLOCKED)
def test_nothing_is_written(name: str, tmp_path: Path) -> None:
    source, says = BLOCKED[name]
    written, found = rewrite(tmp_path, source)
    assert written == {}
    assert found.status == "left"
    assert "no file is written for it, since " in found.advice
    assert says in found.advice


def test_nothing_is_written_for_a_test(tmp_path: Path) -> None:
    source = HEAD + "def test_it(sock):\n    wsgi.server(sock, app)\n"
    written, found = rewrite(tmp_path, source, path="pkg/tests/test_it.py")
    assert not written
    assert "it is started by a test" in found.advice


def test_nothing_is_written_for_a_file_without_a_module_name(tmp_path: Path) -> None:
    written, found = rewrite(
        tmp_path, HEAD + "def main(sock):\n    wsgi.server(sock, app)\n", path="bin/my-api.py"
    )
    assert not written
    assert "bin/my-api.py cannot be imported by a name" in found.advice


ORIGIN = """
eventlet-codemod wrote this module, for a WSGI server such as gunicorn or
uWSGI. It belongs to this project now.
\"""
"""

ENTRIES = {
    "a function of the module": (
        HEAD + "def main(sock):\n    wsgi.server(sock, app)\n",
        "main() in pkg/main.py",
        """
        from pkg.main import app

        application = app
        """,
    ),
    "a call": (
        HEAD + "def main(sock):\n    wsgi.server(sock, things.wrap(app, 'x'))\n",
        "main() in pkg/main.py",
        """
        from pkg import things
        from pkg.main import app

        application = things.wrap(app, 'x')
        """,
    ),
    "relative and standard imports, and a module that sets things up": (
        HEAD.replace("from pkg import things", "import os\nfrom . import things\nthings.init()")
        + "def main(sock):\n    wsgi.server(sock, things.load(os.environ['APP']))\n",
        "main() in pkg/main.py",
        """
        import os

        import pkg.main  # noqa: F401  for what it sets up
        from pkg import things

        application = things.load(os.environ['APP'])
        """,
    ),
    "what the function does before": (
        HEAD
        + '''\
def main():
    """Serve."""
    eventlet.monkey_patch()
    things.setup(
        1,  # first
    )
    log = things.logger()
    threads = 20
    pool = eventlet.GreenPool(threads)
    sock = eventlet.listen(('', 80))
    sock.settimeout(3)
    made = things.wrap(app)
    try:
        for name in things.names:
            made = things.wrap(made, name)
        wsgi.server(sock, made, log, custom_pool=pool)
    finally:
        things.end()
    print("ended")
''',
        "main() in pkg/main.py",
        """
        from pkg import things
        from pkg.main import app


        def build():
            \"""Do what main() in pkg/main.py does before it serves.\"""
            things.setup(
                1,  # first
            )
            log = things.logger()
            made = things.wrap(app)
            for name in things.names:
                made = things.wrap(made, name)
            return made


        application = build()
        """,
    ),
    "calls whose result only the server gets": (
        HEAD + "def main():\n    size = 4\n    size = things.count(size)\n    keep = 3\n"
        "    sock = things.bind(keep)\n    wsgi.server(sock, app, max_size=size)\n",
        "main() in pkg/main.py",
        """
        from pkg import things
        from pkg.main import app


        def build():
            \"""Do what main() in pkg/main.py does before it serves.\"""
            size = 4
            size = things.count(size)
            return app


        application = build()
        """,
    ),
    "a script": (
        HEAD + "if __name__ == '__main__':\n    name = 'x'\n"
        "    wsgi.server(eventlet.listen(('', 80)), things.wrap(app, name))\n",
        "pkg/main.py",
        """
        from pkg import things
        from pkg.main import app


        def build():
            \"""Do what pkg/main.py does before it serves.\"""
            name = 'x'
            return things.wrap(app, name)


        application = build()
        """,
    ),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_the_entry_module(name: str, tmp_path: Path) -> None:
    source, place, body = ENTRIES[name]
    written, found = rewrite(tmp_path, source)
    assert sorted(written) == ["pkg/main_gunicorn.conf.py", "pkg/main_wsgi.py"]
    head = f'"""The WSGI application that {place} served.\n{ORIGIN}'
    assert written["pkg/main_wsgi.py"] == head + textwrap.dedent(body)
    assert max(map(len, written["pkg/main_gunicorn.conf.py"].splitlines())) <= 79
    assert found.status == "left"
    assert found.tier == "manual"
    assert "gunicorn --config pkg/main_gunicorn.conf.py" in found.advice


def test_patching_at_import_is_told(tmp_path: Path) -> None:
    serve = "def main(s):\n    wsgi.server(s, app)\n"
    patching = HEAD.replace("import wsgi\n", "import wsgi\neventlet.monkey_patch()\n")
    advice = rewrite(tmp_path / "one", patching + serve)[1].advice
    assert "line 3 of pkg/main.py patches when it is imported" in advice
    (tmp_path / "two/pkg").mkdir(parents=True)
    (tmp_path / "two/pkg/__init__.py").write_text("import eventlet\n\neventlet.monkey_patch()\n")
    assert "pkg/__init__.py patches when" in rewrite(tmp_path / "two", HEAD + serve)[1].advice
    guarded = HEAD + serve + "\n\nif __name__ == '__main__':\n    eventlet.monkey_patch()\n"
    assert "patches when" not in rewrite(tmp_path / "three", guarded)[1].advice


def test_settings_of_eventlet_are_left_out(tmp_path: Path) -> None:
    source = HEAD + (
        "def main(s):\n    wsgi.MAX_HEADER_LINE = 20000\n"
        "    wsgi.HttpProtocol.default_request_version = 'HTTP/1.0'\n    wsgi.server(s, app)\n"
    )
    written, found = rewrite(tmp_path, source)
    assert "build" not in written["pkg/main_wsgi.py"]
    assert settings_in(written["pkg/main_gunicorn.conf.py"])["limit_request_field_size"] == 20000
    assert "It leaves out lines 13, 14" in found.advice


def test_the_finding_tells_what_is_repeated_and_what_is_not(tmp_path: Path) -> None:
    advice = rewrite(tmp_path, ENTRIES["what the function does before"][0])[1].advice
    assert "Its `build()` repeats lines 15, 18, 23, 25: does something there read" in advice
    assert "It leaves out lines 14, 19, 20, 21, 22, which only the serving needs" in advice
    assert "What follows on line 30 is not done" in advice
    assert "20 threads take the place of `eventlet.GreenPool(threads)`" in advice


def settings_in(text: str) -> dict[str, object]:
    namespace: dict[str, object] = {}
    exec(text, namespace)
    return {key: value for key, value in namespace.items() if not key.startswith("_")}


def test_every_keyword_is_a_setting_or_told(tmp_path: Path) -> None:
    given = {
        "max_size": ("8", "threads", 8),
        "keepalive": ("7", "keepalive", 7),
        "url_length_limit": ("4000", "limit_request_line", 4000),
        "log_format": ("'%(client_ip)s %(request_line)s'", "access_log_format", "%(h)s %(r)s"),
        "log_output": ("False", "accesslog", None),
        "environ": ("{'x': 1}", None, "are gone"),
        "log": ("things.log", None, None),
        "debug": ("True", None, "no traceback"),
        "socket_timeout": ("9", None, "keeps a thread"),
        "minimum_chunk_size": ("1", None, "each part"),
        "max_http_version": ("'HTTP/1.0'", None, "HTTP/1.1"),
        "protocol": ("things.Protocol", None, "by middleware"),
        "server_event": ("things.event", None, "no server object"),
        "log_x_forwarded_for": ("True", None, "the peer alone"),
        "capitalize_response_headers": ("True", None, "as the application spells them"),
        "custom_pool": ("None", None, None),
        "unheard_of": ("1", None, "it is not known"),
    }
    for name, (value, setting, wanted) in given.items():
        root = tmp_path / name
        written, found = rewrite(
            root, HEAD + f"def main(s):\n    wsgi.server(s, app, {name}={value})\n"
        )
        text = written["pkg/main_gunicorn.conf.py"]
        if setting is not None:
            assert settings_in(text)[setting] == wanted, name
        elif wanted is not None:
            assert f"# - {name}: " in text, name
            assert str(wanted) in text.replace("\n#   ", " "), name
            assert f"`{name}` (" in found.advice, name
    assert len(given) == 17


def test_log_is_told_where_lines_are_written(tmp_path: Path) -> None:
    text = rewrite(tmp_path, HEAD + "def main(s):\n    wsgi.server(s, app, things.log)\n")[0]
    assert "# - log: `things.log` gets no lines" in text["pkg/main_gunicorn.conf.py"]


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    call = "wsgi.server(s, app, max_size=things.size, keepalive=things.keep, log_format=things.f)"
    written, found = rewrite(tmp_path, HEAD + f"def main(s):\n    {call}\n")
    text = written["pkg/main_gunicorn.conf.py"]
    assert settings_in(text)["threads"] == 64
    assert "64 threads take the place of `max_size=things.size`" in found.advice
    for name in ("max_size", "keepalive", "log_format"):
        assert f"# - {name}: " in text
    assert "bind" not in settings_in(text)
    assert "# bind: `s` is not written out; give --bind HOST:PORT" in text
    assert "--config pkg/main_gunicorn.conf.py --bind HOST:PORT`" in found.advice


def test_defaults_are_those_of_eventlet(tmp_path: Path) -> None:
    source = HEAD + "def main():\n    wsgi.server(eventlet.listen(('', 80), backlog=9), app)\n"
    found = settings_in(rewrite(tmp_path, source)[0]["pkg/main_gunicorn.conf.py"])
    assert found == {
        "wsgi_app": "pkg.main_wsgi:application",
        "bind": "0.0.0.0:80",
        "backlog": 9,
        "reuse_port": True,
        "workers": 1,
        "worker_class": "gthread",
        "threads": 1024,
        "worker_connections": 2024,
        "keepalive": 75,
        "graceful_timeout": 30,
        "limit_request_line": 8190,
        "limit_request_field_size": 8192,
        "accesslog": "-",
        "access_log_format": '%(h)s - - %(t)s "%(r)s" %(s)s %(B)s %(L)s',
    }


@pytest.mark.parametrize(
    ("listen", "bind"),
    [
        ("('127.0.0.1', 0)", "127.0.0.1:0"),
        ("('::1', 80), socket.AF_INET6", "[::1]:80"),
        ("('', 80), family=socket.AF_INET6", "[::]:80"),
        ("'/run/x', socket.AF_UNIX", "unix:/run/x"),
        ("(HOST, PORT)", "127.0.0.1:99"),
    ],
)
def test_an_address(listen: str, bind: str, tmp_path: Path) -> None:
    source = f"import socket\nHOST = '127.0.0.1'\nPORT = 99\n{HEAD}"
    source += f"def main():\n    wsgi.server(eventlet.listen({listen}), app)\n"
    found = settings_in(rewrite(tmp_path, source)[0]["pkg/main_gunicorn.conf.py"])
    assert found["bind"] == bind
    assert ("reuse_port" in found) == (not bind.endswith((":0", "x")))


def test_long_lines_are_broken(tmp_path: Path) -> None:
    where = "pkg/a_rather_long_name_of_a_directory/and_a_rather_long_one_of_a_file.py"
    options = "max_size=things.number_of_threads_that_are_to_serve, environ={'x': 1}"
    source = HEAD + f"def main(s):\n    things.start()\n    wsgi.server(s, app, {options})\n"
    written, _ = rewrite(tmp_path, source, path=where)
    for path, text in written.items():
        lines = [line for line in text.splitlines() if "_a_rather_" not in line]  # names cannot
        assert max(map(len, lines)) <= 79, path
        compile(text, path, "exec")


def ini(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if " = " in line and not line.startswith(";")]
    return dict(line.split(" = ", 1) for line in lines)


def uwsgi(root: Path, call: str) -> dict[str, str]:
    settings = Settings(wsgi="external", wsgi_external="uwsgi", monkey_patched="yes")
    written, found = rewrite(root, HEAD + f"def main(s):\n    wsgi.server({call})\n", settings)
    assert "uwsgi --ini pkg/main_uwsgi.ini" in found.advice
    return ini(written["pkg/main_uwsgi.ini"])


def test_uwsgi_gets_the_same(tmp_path: Path) -> None:
    listen = "eventlet.listen(('127.0.0.1', 80))"
    found = uwsgi(tmp_path / "1", f"{listen}, app, max_size=9, keepalive=7, socket_timeout=8")
    assert found["module"] == "pkg.main_wsgi:application"
    assert (found["http"], found["threads"], found["listen"]) == ("127.0.0.1:80", "9", "50")
    assert (found["http-keepalive"], found["socket-timeout"]) == ("7", "8")
    assert found["strict"] == "true"  # what this uWSGI was built without is an error
    found = uwsgi(tmp_path / "2", f"{listen}, app, keepalive=False, log_output=False")
    assert (found["http-socket"], found["disable-logging"]) == ("127.0.0.1:80", "true")
    assert not {"http", "http-keepalive", "log-format"} & found.keys()
    wrapped = f"eventlet.wrap_ssl({listen}, 'key.pem', 'cert.pem', server_side=True)"
    found = uwsgi(tmp_path / "3", f"{wrapped}, app")
    assert found["https"] == "127.0.0.1:80,cert.pem,key.pem"
    assert "http" not in found
    assert not {"http", "http-socket", "https"} & uwsgi(tmp_path / "4", "s, app").keys()


def test_the_limit_of_headers_is_that_of_the_module(tmp_path: Path) -> None:
    source = HEAD + "wsgi.MAX_HEADER_LINE = 20000\n\n\ndef main(s):\n    wsgi.server(s, app)\n"
    text = rewrite(tmp_path, source)[0]["pkg/main_gunicorn.conf.py"]
    assert settings_in(text)["limit_request_field_size"] == 20000


def test_a_server_of_oslo_service(tmp_path: Path) -> None:
    source = """\
        from oslo_config import cfg
        from oslo_service import wsgi

        from pkg import things

        CONF = cfg.CONF


        def main():
            server = wsgi.Server(CONF, "api", things.load("api"), "10.0.0.1", 80, pool_size=30)
            server.start()
            server.wait()
        """
    written, found = rewrite(tmp_path, source, OSLO)
    assert found.rule == "EVT704"
    assert "30 threads take the place of `pool_size=30`" in found.advice
    assert "`client_socket_timeout` (the option is not read any more" in found.advice
    assert "What follows on lines 11, 12 is not done" in found.advice
    got = settings_in(written["pkg/main_gunicorn.conf.py"])
    assert (got["bind"], got["threads"], got["keepalive"]) == ("10.0.0.1:80", 30, 900)
    assert got["limit_request_field_size"] == 16384
    assert 'application = things.load("api")' in written["pkg/main_wsgi.py"]


def test_a_socket_that_is_not_seen_is_told(tmp_path: Path) -> None:
    written, found = rewrite(tmp_path, HEAD + "def main(s):\n    wsgi.server(s, app)\n")
    assert (
        "# - sock: where it listens, and whether with TLS" in written["pkg/main_gunicorn.conf.py"]
    )
    assert "`sock` (where it listens, and whether with TLS, is not seen)" in found.advice


def test_a_server_of_oslo_service_with_tls(tmp_path: Path) -> None:
    source = "from oslo_service import wsgi\n\nfrom pkg import things\n\n\ndef main(conf, app):\n"
    source += "    wsgi.Server(conf, 'api', things.app, use_ssl=conf.ssl, pool_size=9)\n"
    written, found = rewrite(tmp_path, source, OSLO)
    assert not written
    assert "make a module ENTRY with `application = things.app`" in found.advice
    assert "--threads 9" in found.advice
    assert "its TLS comes from options: `use_ssl=conf.ssl`" in found.advice


# --- runs ---------------------------------------------------------------------------------------

SERVES = HEAD + "def main():\n    wsgi.server(eventlet.listen(('', 80)), app)\n"


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    rewrite(tmp_path, SERVES)
    for change in changes_of(tmp_path):
        if change.new is not None:
            (tmp_path / change.entry.path).write_bytes(change.new)
    assert (tmp_path / "pkg/main_wsgi.py").exists()
    again = changes_of(tmp_path)
    assert all(change.new is None for change in again)
    advice = next(f.advice for c in again for f in c.entry.findings if f.rule == "EVT701")
    assert "--bind" not in advice  # the address is seen in what took the place of listen


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/main_wsgi.py").write_text("mine = 1\n", encoding="utf-8")
    written, _ = rewrite(tmp_path, SERVES)
    assert sorted(written) == ["pkg/main_gunicorn.conf.py"]


@pytest.mark.parametrize(
    "settings",
    [
        {"safe_only": True},
        {"ignore": ("wsgi-server",)},
        {"select": ("sleep",)},
        {"steps": frozenset({1})},
        {"wsgi": "manual"},
        {"wsgi": "cheroot"},
    ],
    ids=str,
)
def test_files_are_written_where_they_are_asked_for(settings: dict, tmp_path: Path) -> None:
    chosen = Settings(**{"wsgi": "external", "monkey_patched": "yes", **settings})
    assert rewrite(tmp_path, SERVES, chosen)[0] == {}


def test_a_suppressed_server_gets_no_files(tmp_path: Path) -> None:
    line = "    wsgi.server(eventlet.listen(('', 80)), app)"
    written, _ = rewrite(tmp_path, SERVES.replace(line, f"{line}  # eventlet-codemod: ignore"))
    assert written == {}


def test_two_servers_of_a_file_get_files_of_their_own(tmp_path: Path) -> None:
    more = "\n\ndef admin():\n    wsgi.server(eventlet.listen(('', 81)), things.admin)\n"
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/__init__.py").touch()
    (tmp_path / "pkg/main.py").write_text(SERVES + more, encoding="utf-8")
    made = sorted(change.entry.path for change in changes_of(tmp_path) if change.created)
    assert made == [
        "pkg/main_admin_gunicorn.conf.py",
        "pkg/main_admin_wsgi.py",
        "pkg/main_main_gunicorn.conf.py",
        "pkg/main_main_wsgi.py",
    ]


def test_a_project_below_src(tmp_path: Path) -> None:
    (tmp_path / "src/pkg").mkdir(parents=True)
    (tmp_path / "src/pkg/__init__.py").touch()
    written, _ = rewrite(tmp_path, SERVES, path="src/pkg/main.py")
    found = settings_in(written["src/pkg/main_gunicorn.conf.py"])
    assert (found["wsgi_app"], found["pythonpath"]) == ("pkg.main_wsgi:application", "src")
