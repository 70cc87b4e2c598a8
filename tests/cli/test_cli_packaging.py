"""Requirements and settings in a run: they go with the last use, and come when code needs them."""

from __future__ import annotations

import pytest
from cli_projects import EASY

REQUIREMENTS = "eventlet>=0.30  # MIT\noslo.log>=5\n"
STAYS = "import eventlet\n\n\ndef f(work):\n    with eventlet.Timeout(3):\n        work()\n"
POOL = """\
import eventlet


class Agent:
    def __init__(self):
        self._pool = eventlet.GreenPool(4)

    def sync(self, nodes):
        for node in nodes:
            self._pool.spawn_n(print, node)

    def stop(self):
        self._pool.waitall()
"""
OPENSTACK = 'profile = "openstack"\nmonkey-patched = "yes"\n'


def test_the_requirement_goes_with_the_last_use(make, cli):
    project = make({"pkg/a.py": EASY, "requirements.txt": REQUIREMENTS})
    patch = cli("diff")
    assert patch.exit_code == 1
    project.git("apply", data=patch.stdout_bytes)
    assert project.read("requirements.txt") == b"oslo.log>=5\n"
    assert b"eventlet" not in project.read("pkg/a.py")
    assert cli("diff").exit_code == 0


def test_it_stays_while_something_is_left(make, cli):
    files = {"pkg/a.py": EASY, "pkg/b.py": STAYS, "requirements.txt": REQUIREMENTS}
    project = make({**files, "eventlet-codemod.toml": 'monkey-patched = "yes"\n'})
    assert cli("apply").exit_code == 1
    assert project.read("requirements.txt") == REQUIREMENTS.encode()
    text = cli("scan").stdout
    line = next(line for line in text.splitlines() if line.startswith("requirements.txt:1:"))
    assert "EVT801" in line
    assert "left: eventlet.timeout.Timeout (pkg/b.py:5) must go first" in line


def test_what_the_new_code_imports_comes_in_at_once(make, cli):
    files = {"pkg/a.py": POOL, "pkg/b.py": STAYS, "requirements.txt": REQUIREMENTS}
    project = make({**files, "eventlet-codemod.toml": OPENSTACK})
    assert cli("apply").exit_code == 1
    text = project.read("requirements.txt").decode()
    assert "import futurist" in project.read("pkg/a.py").decode()
    assert text.startswith("eventlet>=0.30") and "\nfuturist>=" in text


def test_only_the_requirement_is_left(make, cli):
    project = make({"pkg/a.py": "print(1)\n", "requirements.txt": REQUIREMENTS})
    assert cli("apply").exit_code == 0
    assert project.read("requirements.txt") == b"oslo.log>=5\n"


@pytest.mark.parametrize("path", ["etc/api.service", "Containerfile", "Makefile", "run.bash"])
def test_only_a_command_is_left(make, cli, path):
    make({"pkg/a.py": "print(1)\n", path: "ExecStart=gunicorn -k eventlet pkg:app\n"})
    assert "EVT805" in cli("scan", "--format", "text").stdout


def test_a_part_of_the_project_says_nothing_of_requirements(make, cli):
    project = make({"pkg/a.py": EASY, "requirements.txt": REQUIREMENTS})
    assert cli("apply", "pkg").exit_code == 0
    assert project.read("requirements.txt") == REQUIREMENTS.encode()


@pytest.mark.parametrize("option", [("--select", "EVT101"), ("--ignore", "packaging")])
def test_rules_that_are_not_selected(make, cli, option):
    project = make({"pkg/a.py": EASY, "requirements.txt": REQUIREMENTS})
    assert cli("apply", *option).exit_code == 1
    assert project.read("requirements.txt") == REQUIREMENTS.encode()


def test_in_a_series_it_comes_with_the_code_and_goes_last(make, cli):
    files = {"pkg/a.py": POOL, "pkg/b.py": EASY, "requirements.txt": REQUIREMENTS}
    project = make({**files, "eventlet-codemod.toml": OPENSTACK})
    result = cli("series", "--output-dir", "../out")
    assert result.exit_code == 1, result.stderr
    patches = sorted((project.root.parent / "out").glob("*.patch"))
    texts = [path.read_text() for path in patches]
    comes = next(n for n, text in enumerate(texts) if "\n+futurist>=" in text)
    assert "\n+import futurist" in texts[comes]
    assert "\n-eventlet>=0.30" in texts[-1] and comes < len(texts) - 1
    for path in patches:
        project.git("am", "--quiet", str(path))


SERVES = """\
import eventlet
import eventlet.wsgi


def serve(sock, app):
    eventlet.wsgi.server(sock, app)
"""
LEVELS = "[DEFAULT]\ndefault_log_levels = amqp=WARN,{}wsgi.server=WARN\n"


def test_levels_in_code_and_in_settings_agree(make, cli):
    code = "LOG_LEVELS = ['amqp=WARN', 'eventlet.wsgi.server=WARN']\n"
    project = make(
        {
            "pkg/__init__.py": "",
            "pkg/serve.py": SERVES,
            "pkg/log.py": code,
            "etc/pkg.conf": LEVELS.format("eventlet."),
        }
    )
    helpers = ("--config", "helpers=pkg.threads", "--config", "monkey-patched=yes")
    cli("apply", "--allow-dirty", *helpers)
    assert project.read("pkg/log.py").decode() == code.replace("eventlet.", "")
    assert project.read("etc/pkg.conf").decode() == LEVELS.format("")


def test_levels_stay_while_eventlet_serves(make, cli):
    stays = SERVES.replace("app)\n", "app, **given)\n").replace("app):", "app, **given):")
    files = {"pkg/__init__.py": "", "pkg/serve.py": SERVES, "pkg/other.py": stays}
    project = make({**files, "etc/pkg.conf": LEVELS.format("eventlet.")})
    cli("apply", "--allow-dirty", "--config", "helpers=pkg.threads")
    assert project.read("etc/pkg.conf").decode() == LEVELS.format("eventlet.")
