from __future__ import annotations

import json
import os
import pty
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cli_projects import EASY, HARD, command

from eventlet_codemod import __version__
from eventlet_codemod.cli import main
from eventlet_codemod.cli.terminal import People, Progress


def in_terminal(arguments: list[str], **environment: str) -> tuple[str, int]:
    """Run a program whose stdout and stderr are one terminal of 80 columns."""
    reading, writing = pty.openpty()
    env = {**os.environ, "COLUMNS": "80", **environment}
    process = subprocess.Popen(arguments, stdout=writing, stderr=writing, env=env)
    os.close(writing)
    parts = []
    try:
        while part := os.read(reading, 1 << 16):
            parts.append(part)
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(reading)
    return b"".join(parts).decode().replace("\r\n", "\n"), process.wait()


def test_terminal_gets_a_table_in_color(make):
    make({"a.py": HARD})
    output, code = in_terminal(command("scan"))
    assert code == 1
    assert "\x1b[1ma.py\x1b[0m\n" in output
    assert "\x1b[32msafe\x1b[0m" in output and "\x1b[33mreview\x1b[0m" in output
    assert "→ serve a code.InteractiveConsole" in re.sub(r"\x1b\[\d*m", "", output)
    table = re.sub(r"\x1b\[\d*m", "", output).partition("\n\n")[0]
    assert max(map(len, table.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "environment", "colored"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ([], {"TERM": "dumb"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
    ],
)
def test_color_on_a_terminal(make, arguments, environment, colored):
    make({"a.py": "import eventlet (\n", "b.py": EASY})
    output, _ = in_terminal(command("scan", *arguments), **environment)
    sets_color = re.search(r"\x1b\[[\d;]*m", output)  # a slow run has a bar, which moves the cursor
    assert bool(sets_color) is colored
    assert "EVT101" in output


@pytest.mark.parametrize(
    ("arguments", "environment", "colored"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "0"}, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
        (["--color", "always"], {}, True),
    ],
)
def test_color_in_a_pipe(make, arguments, environment, colored):
    make({"a.py": EASY})
    done = subprocess.run(
        command("scan", *arguments), capture_output=True, env={**os.environ, **environment}
    )
    assert (b"\x1b[" in done.stdout) is colored
    assert (b"\x1b[" in done.stderr) is colored


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_formats_for_machines_have_no_color(make, cli, form):
    make({"a.py": EASY})
    assert "\x1b" not in cli("scan", "--color=always", f"--format={form}", color=True).stdout


SHOW_PROGRESS = """
import sys
from eventlet_codemod.cli.terminal import People, Progress
people = People(quiet=sys.argv[1] == "quiet", color="auto")
with Progress(people, after=float(sys.argv[2]), every=0) as progress:
    for number in range(1, 41):
        progress(number, 40)
"""


def test_progress_shows_on_a_terminal_and_goes_again():
    output, _ = in_terminal([sys.executable, "-c", SHOW_PROGRESS, "loud", "0"])
    assert "20/40" in output and "files" in output
    assert output.rstrip("\x1b[?25h\r").endswith("\x1b[2K")  # the line is wiped


@pytest.mark.parametrize(("who", "after"), [("quiet", "0"), ("loud", "60")])
def test_no_progress_for_short_work_or_the_quiet(who, after):
    output, _ = in_terminal([sys.executable, "-c", SHOW_PROGRESS, who, after])
    assert output == ""


def test_no_progress_in_a_pipe(capsys):
    with Progress(People(quiet=False, color="auto"), after=0, every=0) as progress:
        for number in range(1, 11):
            progress(number, 10)
    assert capsys.readouterr() == ("", "")


def test_interrupt(make, tmp_path):
    make({"a.py": EASY})
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        command("scan", "--files-from", str(pipe)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # a test run in the background ignores the signal, and so would all that it starts
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with pipe.open("wb"):  # opens when the program has opened it too
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert (out, err.strip()) == (b"", b"error: interrupted")


def test_a_bug_is_one_line_and_70(make, tmp_path):
    make({"a.py": EASY})
    broken = (
        "from eventlet_codemod import run\n"
        "def broken(*_): raise KeyError('x')\n"
        "run._account = broken\n"
        "from eventlet_codemod.cli import main\n"
        "main(['scan'])\n"
    )
    done = subprocess.run([sys.executable, "-c", broken], capture_output=True, text=True)
    assert done.returncode == 70
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert re.match(r"error: a bug in this tool: KeyError: 'x' \(", done.stderr)


def test_a_bug_in_a_rule_fails_its_file_alone(make):
    make({"a.py": EASY, "b.py": "import eventlet\n\neventlet.spawn_n(print, 1)\n"})
    broken = (
        "import eventlet_codemod.rules.threads.spawn as s, dataclasses\n"
        "from eventlet_codemod import rules\n"
        "def broken(*_): raise KeyError('x')\n"
        "s.rule = dataclasses.replace(s.rule, match=broken)\n"
        "rules.all_rules.cache_clear()\n"
        "from eventlet_codemod.cli import main\n"
        "main(['scan'])\n"
    )
    done = subprocess.run([sys.executable, "-c", broken], capture_output=True, text=True)
    assert done.returncode == 3
    assert "b.py: error: a bug of this tool: KeyError: 'x' (" in done.stdout
    assert "a.py:5:5: EVT101" in done.stdout


def test_version(cli):
    assert cli("--version").stdout == f"eventlet-codemod {__version__}\n"


def test_help_names_every_command_and_exit_code(cli):
    result = cli("--help")
    assert result.exit_code == 0
    for name in main.commands_in:
        assert re.search(rf"^  {name}  +[A-Z].*\.$", result.stdout, re.MULTILINE)
        assert cli(name, "--help").exit_code == 0
    for code in ("0", "1", "2", "3", "70"):
        assert re.search(rf"^    {code} ", result.stdout, re.MULTILINE)


def test_help_loads_nothing_heavy():
    code = (
        "import sys\n"
        "from eventlet_codemod.cli import main\n"
        "try:\n"
        "    main(sys.argv[1:])\n"
        "except SystemExit:\n"
        "    pass\n"
        "heavy = {'libcst', 'rich', 'unidiff', 'tomllib', 'pathspec', 'multiprocessing'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    for arguments in (["--help"], ["scan", "--help"], ["--version"]):
        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True)
        assert done.stdout.endswith(b"\n[]\n")


def test_help_starts_fast():
    def cost(*arguments: str) -> float:
        def once() -> float:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        return min(once() for _ in range(5))

    assert cost("-m", "eventlet_codemod", "--help") - cost("-c", "pass") < 0.15


def test_explain(cli):
    page = cli("explain", "sleep")
    assert page.stdout.startswith("# EVT101 sleep\n\n")
    assert cli("explain", "evt101").stdout == page.stdout
    assert json.loads(cli("explain", "EVT101", "--format", "json").stdout)["name"] == "sleep"


def test_rules(cli):
    from eventlet_codemod.rules import every_rule

    text = [line for line in cli("rules").stdout.splitlines() if line.endswith("\tbuilt-in")]
    assert [line.split("\t")[0] for line in text] == [rule.code for rule in every_rule()]
    told = json.loads(cli("rules", "--format", "json").stdout)
    assert told[0] == {
        "code": "EVT101",
        "name": "sleep",
        "family": "scheduling",
        "step": 1,
        "summary": "eventlet's sleep becomes time.sleep",
        "origin": "built-in",
    }
    table = cli("rules", "--format", "table").stdout
    assert max(map(len, table.splitlines())) <= 80
    assert all(rule.code in table for rule in every_rule())


def test_the_module_runs():
    done = subprocess.run(command("--version"), capture_output=True, text=True)
    assert done.stdout == f"eventlet-codemod {__version__}\n"


def test_the_entry_point_is_the_group():
    import tomllib

    pyproject = Path(__file__).parents[2] / "pyproject.toml"
    scripts = tomllib.loads(pyproject.read_text())["project"]["scripts"]
    assert scripts == {"eventlet-codemod": "eventlet_codemod.cli:main"}
