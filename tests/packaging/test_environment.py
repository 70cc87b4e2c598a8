"""Environment variables, and settings for loggers."""

from __future__ import annotations

import pytest
from packaged import LEFT

# --- variables: what is none ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tox.ini", "[testenv]\nsetenv =\n  EVENTLET_MONKEYPATCH = 1\n  OS_EVENTLET_HUB=1\n"),
        ("tox.ini", "[testenv]\nsetenv =\n  # EVENTLET_HUB = poll\n  A = 1\n"),
        ("tox.ini", "[testenv]\npassenv =\n  NOVA_RAISE_ON_GREENLET_LEAK\n"),
        ("run.sh", "# export EVENTLET_HUB=poll\n"),
        ("a.yml", "a: 1 # EVENTLET_HUB: poll\n"),
        ("README.rst", "EVENTLET_HUB=poll\n"),
        (".env", "EVENTLET_HUBS=1\n"),
    ],
)
def test_other_variables_stay(stays, path, text):
    stays(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tox.ini", "[testenv]\nsetenv =\n  A = {env:EVENTLET_NO_GREENDNS:yes}\n"),
        ("tox.ini", "[testenv]\ncommands =\n  env EVENTLET_HUB=poll pytest\n"),
        ("run.sh", "if true; then\n  export EVENTLET_HUB=poll\nfi\n"),
        ("run.sh", "if true\nthen\n    export EVENTLET_HUB=poll\nfi\n"),
        ("run.sh", "f() {\n  export EVENTLET_HUB=poll\n}\n"),
        ("run.sh", "export A=1 EVENTLET_HUB=poll\n"),
        ("run.sh", "export EVENTLET_HUB=$(choose)\n"),
        ("run.sh", "export EVENTLET_HUB=poll\necho $EVENTLET_HUB\n"),
        ("run.sh", "echo ${EVENTLET_HUB:-poll}\n"),
        ("Makefile", "test:\n\texport EVENTLET_HUB=poll\n\tpytest\n"),
        ("a.yml", "environment:\n  EVENTLET_HUB: poll\nnext: 1\n"),
        ("a.yml", "environment:\n  - EVENTLET_HUB=poll\nnext: 1\n"),
        ("a.yml", "env:\n  - name: EVENTLET_HUB\n    valueFrom: x\n  - name: A\n    value: b\n"),
        ("a.yml", "env:\n  # why\n  EVENTLET_HUB: poll\n  # more\n\nnext: 1\n"),
        ("a.yml", "my-env:  # a - b\n- EVENTLET_HUB=poll\nnext: 1\n"),
        ("a.yml", "env: {EVENTLET_HUB: poll, A: 1}\n"),
        ("a.yml", "env:\n  A: 1\n  EVENTLET_HUB: >\n    poll\n"),
        ("Dockerfile", "ARG EVENTLET_HUB=poll\n"),
        ("Dockerfile", "ENV HUB=$EVENTLET_HUB\n"),
        ("pyproject.toml", "[tool.pytest_env]\nx = {EVENTLET_HUB = 'poll'}\n"),
    ],
)
def test_what_cannot_go_alone_is_told(stays, path, text):
    if "x = {" in text:
        stays(path, text)
        return
    stays(path, text, says="delete it with the last use of eventlet")


# --- variables ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (
            "tox.ini",
            "[testenv]\nsetenv =\n  A=1\n  EVENTLET_NO_GREENDNS=yes\n  py39: EVENTLET_HUB = poll\n"
            "passenv =\n  EVENTLET_HUB\n  B\n[x]\n",
            "[testenv]\nsetenv =\n  A=1\npassenv =\n  B\n[x]\n",
        ),
        ("tox.ini", "[testenv]\nset_env = EVENTLET_HUB=poll\n", "[testenv]\nset_env =\n"),
        ("tox.ini", "[testenv]\npassenv = A EVENTLET_HUB B\n", "[testenv]\npassenv = A B\n"),
        ("tox.ini", "[testenv]\npass_env = A,EVENTLET_HUB\n", "[testenv]\npass_env = A\n"),
        (
            "setup.cfg",
            "[tool:pytest]\nenv =\n    D:EVENTLET_HUB=poll\n    A=1\n",
            "[tool:pytest]\nenv =\n    A=1\n",
        ),
        (
            "pyproject.toml",
            '[tool.pytest.ini_options]\nenv = [\n  "EVENTLET_HUB=poll",\n  "A=1",\n]\n',
            '[tool.pytest.ini_options]\nenv = [\n  "A=1",\n]\n',
        ),
        (
            "pyproject.toml",
            '[tool.pytest_env]\nEVENTLET_HUB = "poll"\nA = 1\n',
            "[tool.pytest_env]\nA = 1\n",
        ),
        (".env", "A=1\nEVENTLET_NO_GREENDNS=yes\nB=2\n", "A=1\nB=2\n"),
        ("x.env", 'export EVENTLET_NO_GREENDNS="yes"\n', ""),
        ("run.sh", "#!/bin/sh\nexport EVENTLET_HUB=poll # x\nexec a\n", "#!/bin/sh\nexec a\n"),
        ("run.sh", "EVENTLET_HUB=poll exec ./a -k\n", "exec ./a -k\n"),
        ("run.sh", "a && EVENTLET_HUB=poll B=1 ./b\n", "a && B=1 ./b\n"),
        ("Procfile", "web: EVENTLET_HUB=poll ./a\n", "web: ./a\n"),
        ("Dockerfile", "FROM x\nENV EVENTLET_HUB=poll\nRUN a\n", "FROM x\nRUN a\n"),
        ("Dockerfile", "FROM x\nENV EVENTLET_HUB poll\nRUN a\n", "FROM x\nRUN a\n"),
        ("Dockerfile", "ENV A=1 EVENTLET_HUB=poll B=2\n", "ENV A=1 B=2\n"),
        ("Dockerfile", "ENV EVENTLET_HUB=poll B=2\n", "ENV B=2\n"),
        (
            "Dockerfile",
            "ENV A=1 \\\n    EVENTLET_HUB=poll \\\n    B=2\n",
            "ENV A=1 \\\n    B=2\n",
        ),
        ("Dockerfile", "ENV A=1 \\\n    EVENTLET_HUB=poll\nRUN a\n", "ENV A=1\nRUN a\n"),
        ("Dockerfile", "RUN EVENTLET_HUB=poll make x\n", "RUN make x\n"),
        (
            "a.service",
            '[Service]\nEnvironment=EVENTLET_HUB=poll\nEnvironment="A=1" "EVENTLET_HUB=x"\n',
            '[Service]\nEnvironment="A=1"\n',
        ),
        (
            "s.conf",
            '[program:a]\nenvironment=A="1",EVENTLET_HUB="poll"\ncommand=a\n',
            '[program:a]\nenvironment=A="1"\ncommand=a\n',
        ),
        ("s.conf", "[a]\nenvironment = EVENTLET_HUB=poll\nb = 1\n", "[a]\nb = 1\n"),
        (
            "a.yml",
            'environment:\n  A: 1\n  EVENTLET_HUB: "poll"  # x\nb: 1\n',
            "environment:\n  A: 1\nb: 1\n",
        ),
        ("a.yml", "env:\n  EVENTLET_HUB: poll\n  A: 1\n", "env:\n  A: 1\n"),
        ("a.yml", "env:\n- EVENTLET_HUB=poll\n- A=1\n", "env:\n- A=1\n"),
        ("a.yml", "env:\n  - A=1\n  - 'EVENTLET_HUB=poll'\nb: 1\n", "env:\n  - A=1\nb: 1\n"),
        (
            "a.yaml",
            "env:\n  - name: A\n    value: b\n  - name: EVENTLET_HUB\n    value: poll\n",
            "env:\n  - name: A\n    value: b\n",
        ),
        ("a.yml", "run: EVENTLET_HUB=poll pytest\n", "run: pytest\n"),
    ],
)
def test_variables_leave(becomes, stays, path, before, after):
    outcome = becomes(path, before, after)
    assert all(line.endswith("EVT807 safe rewritten") for line in outcome.told())
    stays(path, before, says="must go first", left=LEFT)


def test_the_size_of_a_pool_is_asked_about(becomes):
    outcome = becomes(".env", "A=1\nEVENTLET_THREADPOOL_SIZE=40\n", "A=1\n")
    assert outcome.told() == ["2 EVT807 review rewritten"]
    assert "tpool was to have 40 threads" in outcome.messages()


# --- loggers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.conf", "[logger_x]\nqualname = nova.eventlet\n# eventlet\n"),
        ("a.conf", "[other]\nqualname = eventlet\n"),
        ("a.conf", "#default_log_levels = amqp=WARN,eventlet.wsgi.server=WARN\n"),
        ("a.yaml", "eventlet:\n  a: 1\nb: 1\n"),
        ("a.yaml", "api:\n  eventlet_opts:\n    a: 1\n"),
        ("a.json", '{"eventlet": 1}\n'),
        ("a.conf", "[DEFAULT]\ndefault_log_levels = my.eventlet=WARN\n"),
    ],
)
def test_other_settings_stay(stays, path, text):
    stays(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.json", '{"loggers": {"eventlet.wsgi.server": {"level": "WARN"}}}\n'),
        ("a.yaml", "loggers:\n  eventlet.wsgi.server:\n    level: WARN\nroot: 1\n"),
        ("a.conf", "[DEFAULT]\ndefault_log_levels = eventlet.wsgi.server=WARN\n"),
        ("a.yaml", "loggers:\n  # eventlet's\n  eventlet.wsgi.server:\n    level: WARN\n"),
        ("a.yaml", "default_log_levels: amqp=WARN,eventlet.wsgi.server=WARN\n"),
    ],
)
def test_loggers_that_cannot_go_alone_are_told(stays, path, text):
    stays(path, text, says="the logger `eventlet.wsgi.server` is configured")


LOGGING = """\
[loggers]
keys = root, eventletwsgi, nova

[logger_suds]
level = INFO
qualname = suds

[logger_eventletwsgi]
level = WARNING
handlers = stderr
qualname = eventlet.wsgi.server

# how it is handled
[handler_stderr]
class = StreamHandler
"""


def test_a_section_of_logging(becomes, stays):
    after = """\
[loggers]
keys = root, nova

[logger_suds]
level = INFO
qualname = suds

# how it is handled
[handler_stderr]
class = StreamHandler
"""
    outcome = becomes("etc/x/logging_sample.conf", LOGGING, after)
    assert outcome.told() == ["2 EVT808 safe rewritten", "11 EVT808 safe rewritten"]
    stays("etc/x/logging_sample.conf", LOGGING, says="must go first", left=LEFT)


def test_a_section_that_is_kept_keeps_its_name_in_the_list(stays):
    text = LOGGING.replace("qualname = ev", "; eventlet-codemod: ignore\nqualname = ev")
    stays("logging.conf", text, says="the rewrite fails")


def test_the_last_section(becomes):
    before = "[loggers]\nkeys=root,e\n\n[logger_e]\nqualname=eventlet\nlevel=INFO\n"
    becomes("logging.ini", before, "[loggers]\nkeys=root\n")


def test_levels_of_oslo_log(becomes):
    text = "[DEFAULT]\ndefault_log_levels = amqp=WARN,{}a.b=INFO\n"
    becomes("etc/a.conf", text.format("eventlet.wsgi.server=WARN,"), text.format(""))
    text = "[DEFAULT]\ndefault_log_levels = amqp=WARN,\n    a.b=INFO{}\n"
    becomes("etc/a.conf.sample", text.format(",\n    eventlet=WARN"), text.format(""))


def test_loggers_in_yaml(becomes):
    before = """\
version: 1
loggers:
  "eventlet.wsgi.server":
    level: WARN
    handlers: [a]
  nova:
    level: INFO
  eventlet:
    level: INFO
root:
  level: INFO
"""
    after = """\
version: 1
loggers:
  nova:
    level: INFO
root:
  level: INFO
"""
    becomes("logging.yaml", before, after)


# --- a helper serves in the place of eventlet's server -----------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("etc/logging.conf", LOGGING),
        ("etc/a.conf", "[DEFAULT]\ndefault_log_levels = eventlet.wsgi.server=WARN,a.b=INFO\n"),
        ("etc/a.conf", "[DEFAULT]\ndefault_log_levels = eventlet.wsgi.server=WARN\n"),
        ("a.yaml", "loggers:\n  eventlet.wsgi.server:\n    level: WARN\n"),
        ("a.yaml", "loggers:\n  pkg:\n    level: WARN\nwatched: eventlet.wsgi\n"),
        ("a.json", '{"loggers": {"eventlet.wsgi.server": {}}}\n'),
    ],
)
def test_the_logger_of_the_server_gets_its_new_name(becomes, path, text):
    new = text.replace("eventlet.wsgi", "wsgi")
    outcome = becomes(path, text, new, served=True, left=LEFT)
    assert {line.partition(" ")[2] for line in outcome.told()} == {"EVT808 safe rewritten"}


def test_other_loggers_leave_where_a_helper_serves(becomes):
    text = "[DEFAULT]\ndefault_log_levels = {},wsgi.server=WARN,a.b=INFO\n"
    old = text.replace("wsgi.server", "eventlet.wsgi.server").format("eventlet=WARN")
    becomes("etc/a.conf", old, text.replace("{},", ""), served=True)
