from __future__ import annotations

import json
import os
import subprocess

import pytest
from cli_projects import EASY, HARD, command


def test_text_is_one_line_for_each_use(make, cli):
    make({"a.py": HARD})
    result = cli("scan")
    lines = result.stdout.splitlines()
    assert lines[1] == "a.py:8:5: EVT101 sleep [safe] `time.sleep` sleeps instead of eventlet's"
    assert lines[2].startswith("a.py:9:5: EVT101 sleep [review] ")
    assert [line.split(":")[1] for line in lines] == ["4", "8", "9", "10"]


def test_summary_is_for_people(make, cli):
    make({"a.py": HARD, "b.py": EASY, "c.py": "x = 1\n"})
    result = cli("scan")
    assert "2 files mention eventlet; 5 uses: 3 can be rewritten" in result.stderr
    assert "(2 safe, 1 to review), 2 left for a person" in result.stderr
    assert "eventlet-codemod diff" in result.stderr
    assert "2 files mention" not in result.stdout


def test_verbose_text_gives_reasons_and_advice(make, cli):
    make({"a.py": HARD})
    result = cli("scan", "-v")
    assert "    why: under monkey_patch()" in result.stdout
    assert "    check: C-TYPE: can `delay` be negative?" in result.stdout
    assert "    advice: serve a code.InteractiveConsole" in result.stdout
    assert "1 Python file looked at" in result.stderr


def test_quiet_leaves_only_machine_output(make, cli):
    make({"a.py": HARD})
    loud, quiet = cli("scan"), cli("scan", "-q")
    assert quiet.stderr == ""
    assert quiet.stdout == loud.stdout
    assert quiet.exit_code == 1


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"a.py": "x = 1\n"}, 0),
        ({"a.py": "# eventlet is gone\n"}, 0),
        ({"a.py": EASY}, 1),
        ({"a.py": "import eventlet.backdoor\neventlet.backdoor.backdoor_server(1)\n"}, 1),
        ({"a.py": "import eventlet (\n", "b.py": EASY}, 3),
        ({"a.py": "import eventlet  # eventlet-codemod: ignore because\n"}, 0),
    ],
    ids=["nothing", "a mention", "to rewrite", "left", "failed", "suppressed"],
)
def test_exit_codes(make, cli, files, code):
    make(files)
    assert cli("scan").exit_code == code


def test_failed_file_is_told_everywhere_and_the_rest_is_done(make, cli):
    make({"a.py": "import eventlet\ndef (\n", "b.py": EASY})
    result = cli("scan")
    assert "a.py:2: error: invalid syntax\n" in result.stdout
    assert "b.py:5:5: EVT101" in result.stdout
    assert "error: a.py:2: invalid syntax\n" in result.stderr
    assert "1 file failed" in result.stderr
    lines = [json.loads(line) for line in cli("scan", "--format", "jsonl").stdout.splitlines()]
    assert lines[0] == {
        "path": "a.py",
        "error": {"kind": "syntax", "message": "invalid syntax", "line": 2},
    }
    assert lines[1]["path"] == "b.py" and lines[1]["line"] == 5


def test_failures_are_told_when_quiet(make, cli):
    make({"a.py": "import eventlet (\n"})
    result = cli("scan", "-q")
    assert result.exit_code == 3
    assert result.stderr.startswith("error: a.py:1: ")


def test_json_is_the_ledger(make, cli):
    project = make({"a.py": HARD})
    result = cli("scan", "--format", "json", "--ledger", "ledger.json")
    raw = json.loads(result.stdout)
    assert raw["schema"] == 1 and raw["run"]["root"] == str(project.root)
    assert json.loads(project.read("ledger.json"))["files"] == raw["files"]


def test_reports_of_one_run_in_several_formats(make, cli):
    project = make({"a.py": HARD})
    out = project.root.parent / "out"
    out.mkdir()
    forms = ("table", "text", "json", "jsonl", "statistics")
    result = cli("scan", *(f"--report={form}={out / form}" for form in forms))
    assert result.exit_code == 1
    assert (out / "text").read_text() == result.stdout
    assert (out / "table").read_text().startswith("a.py\n")
    assert json.loads((out / "json").read_text())["summary"]["uses"] == 4
    assert len((out / "jsonl").read_text().splitlines()) == 4
    assert "EVT101 sleep" in (out / "statistics").read_text()


def test_report_can_go_to_a_pipe(make):
    make({"a.py": EASY})
    done = subprocess.run(
        command("scan", "-q", "--format", "json", "--ledger", "/dev/stderr"), capture_output=True
    )
    assert json.loads(done.stderr)["files"] == json.loads(done.stdout)["files"]


def test_statistics(make, cli):
    make({"a.py": HARD, "b.py": EASY})
    result = cli("scan", "--statistics")
    rows = {
        line.rsplit(maxsplit=6)[0]: line.split()[-6:] for line in result.stdout.splitlines()[:5]
    }
    assert rows["rule"] == ["uses", "rewritten", "safe", "review", "left", "suppressed"]
    assert rows["EVT101 sleep"] == ["3", "3", "2", "1", "0", "0"]
    assert rows["all"] == ["5", "3", "2", "1", "2", "0"]
    assert "1 eventlet.backdoor.backdoor_server\n" in result.stdout


def test_paths_are_relative_to_the_root_wherever_one_stands(make, cli, monkeypatch):
    project = make({"pkg/deep/a.py": EASY, "b.py": EASY})
    monkeypatch.chdir(project.root / "pkg")
    result = cli("scan")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("pkg/deep/a.py:5:5: ")
    assert not [line for line in lines if line.startswith("b.py")]
    assert f"paths are relative to {project.root}" in result.stderr


def test_paths_of_two_projects_are_refused(make, cli, monkeypatch):
    one = make({"a.py": EASY}, name="one")
    two = make({"a.py": EASY}, name="two")
    result = cli("scan", str(one.root), str(two.root / "a.py"))
    assert result.exit_code == 2
    assert "run once for each project" in result.stderr


def test_a_path_that_is_not_there(make, cli):
    make({"a.py": EASY})
    result = cli("scan", "b.py")
    assert result.exit_code == 2
    assert result.stderr == "error: b.py: no such file or directory\n"


def test_selection(make, cli):
    make({"a.py": HARD})
    assert "[safe, left] left: EVT101 is not selected" in cli("scan", "--ignore", "sleep").stdout
    for selector in ("EVT101", "evt1", "sleep", "scheduling", "EVT999,sleep"):
        assert " 3 not asked for" not in cli("scan", "--select", selector).stderr
        assert "2 can be rewritten" in cli("scan", "--select", selector).stderr
    assert "1 can be rewritten (1 safe, 0 to review)" in cli("scan", "--safe-only").stderr
    assert "0 can be rewritten" in cli("scan", "--step", "services").stderr
    assert "2 can be rewritten" in cli("scan", "--step", "1", "--step", "services,5").stderr


def test_a_step_that_is_not_safe_yet(make, cli):
    folds = "from eventlet import patcher\nx = patcher.is_monkey_patched('os')\n"
    make({"a.py": folds, "b.py": "import eventlet\n\nlimit = eventlet.Timeout(4)\n"})
    refused = cli("scan", "--step", "3")
    assert refused.exit_code == 1 and "0 can be rewritten" in refused.stderr
    assert (
        "step 3 (entry-points) is not safe yet, it waits for 1 use of earlier steps: "
        "eventlet.timeout.Timeout (b.py:3)\n"
    ) in refused.stderr
    assert "is not safe yet" not in cli("scan", "--step", "1").stderr
    forced = cli("scan", "--step", "entry-points", "--force")
    assert "1 can be rewritten" in forced.stderr and "not safe yet" not in forced.stderr


def test_packaging_that_waits_for_a_name_in_a_test(make, cli):
    patch = 'from unittest import mock\n\nmock.patch("eventlet.spawn_after").start()\n'
    make({"a.py": EASY, "tests/test_a.py": patch, "requirements.txt": "eventlet\n"})
    assert (
        "step 4 (packaging) is not safe yet: eventlet.greenthread.spawn_after "
        "(tests/test_a.py:3) must go first\n"
    ) in cli("scan", "--step", "1", "--step", "packaging").stderr


def test_which_files(make, cli):
    project = make({"a.py": EASY, "b.py": EASY, "sub/c.py": EASY, "d.py": "x = 1\n"})
    assert cli("scan", "--show-files").stdout == "a.py\nb.py\nsub/c.py\n"
    assert cli("scan", "--show-files", "--exclude", "sub/").stdout == "a.py\nb.py\n"
    assert cli("scan", "--show-files", "sub", "b.py").stdout == "b.py\nsub/c.py\n"
    listed = cli("scan", "--show-files", "--files-from", "-", data=b"b.py\ngone.py\n")
    assert listed.stdout == "b.py\n"
    project.write({"sub/c.py": EASY + "\n", "new.py": EASY})
    changed = cli("scan", "--show-files", "--changed-since", "HEAD")
    assert (changed.stdout, changed.exit_code) == ("new.py\nsub/c.py\n", 0)
    assert cli("scan", "--changed-since", "nowhere").exit_code == 2


def test_show_settings_names_the_origin(make, cli):
    make(
        {
            "a.py": EASY,
            "pyproject.toml": '[tool.eventlet-codemod]\nwsgi = "manual"\n[tool.ruff]\n'
            "line-length = 99\n",
        }
    )
    result = cli("scan", "--show-settings", "--profile", "openstack", "--config", "tpool=helper")
    rows = dict(line.split("=", 1) for line in result.stdout.splitlines())
    shown = {key.strip(): value.strip() for key, value in rows.items()}
    assert shown["wsgi"] == '"manual"  # pyproject.toml:2'
    assert shown["profile"] == '"openstack"  # command line'
    assert shown["tpool"] == '"helper"  # --config'
    assert shown["executor"] == '"futurist"  # profile openstack'
    assert shown["line-length"].startswith("99")
    assert result.exit_code == 0
    isolated = cli("scan", "--show-settings", "--isolated").stdout
    assert '"cheroot"  # default' in isolated


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scan", "--selct", "x"], "--select"),
        (["scn"], "error: no such command 'scn'; did you mean 'scan'?\n"),
        (["scan", "--select", "slep"], "error: --select: no rule is called 'slep'; did you mean"),
        (["scan", "--config", "profil=x"], "(did you mean 'profile'?)"),
        (["scan", "--config", "wsgi=cherot"], "(did you mean 'cheroot'?)"),
        (["scan", "--config", "wsgi"], "error: --config takes KEY=VALUE"),
        (["scan", "--step", "primtives"], "error: --step holds 'primtives'"),
        (["scan", "--exclude", "!"], "error: --exclude holds '!'"),
        (["scan", "--profile", "opnstack"], "'opnstack' is not one of 'stdlib', 'openstack'"),
        (["scan", "--report", "html=x"], "no format 'html'; there are table"),
        (["scan", "--report", "json"], "--report takes FORMAT=FILE"),
        (["scan", "--ledger", "no/where.json"], "error: no/where.json: there is no directory no"),
        (["scan", "--ledger", "."], "is a directory"),
        (["scan", "--ledger", "-"], "scan --format"),
        (["scan", "--stdin-filename", "x.py"], "goes with the path -"),
        (["scan", "-", "a.py"], "stands alone"),
        (["scan", "-", "--files-from", "-"], "takes no list"),
        (["scan", "--files-from", "nowhere"], "--files-from nowhere: No such file"),
        (["scan", "-q", "-v"], "contradict"),
        (["scan", "--jobs", "0"], "--jobs"),
        (["scan", "--statistics", "--format", "json"], "--statistics"),
        (["explain", "sleeep"], "no rule is called 'sleeep'; did you mean sleep?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_usage_errors_are_one_line(make, cli, arguments, message):
    make({"a.py": EASY})
    result = cli(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr
    assert result.stderr.startswith("error: ") and result.stderr.count("\n") == 1


def test_configuration_errors_name_file_and_line(make, cli):
    project = make({"a.py": EASY, "pyproject.toml": "[tool.eventlet-codemod]\n\nsleep-zro = 'x'\n"})
    result = cli("scan")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: pyproject.toml:3: sleep-zro: no such setting")
    assert "'sleep-zero'" in result.stderr
    project.write({"pyproject.toml": "[tool.eventlet-codemod]\nignore = ['slep']\n"})
    assert "error: pyproject.toml:2: ignore: no rule is called" in cli("scan").stderr
    assert cli("scan", "--isolated").exit_code == 1
    project.write({"other.toml": "ignore = ['sleep']\n"})
    result = cli("scan", "--config-file", "other.toml")
    assert "not asked for" in result.stderr


def test_stdin(make, cli):
    make({"pkg/a.py": "x = 1\n"})
    result = cli("scan", "-", "--stdin-filename", "pkg/b.py", data=EASY.encode())
    assert result.stdout.startswith("pkg/b.py:5:5: EVT101 sleep [safe]")
    assert result.exit_code == 1
    result = cli("scan", "-", "--format", "json", data=EASY.encode())
    assert json.loads(result.stdout)["files"][0]["path"] == "stdin.py"
    assert cli("scan", "-", data=b"x = 1\n").exit_code == 0
    assert cli("scan", "-", data=b"import eventlet (\n").exit_code == 3


def test_stdin_is_seen_in_its_project(make, cli):
    # Green threads remain elsewhere, and nothing is patched: a native sleep would block them.
    make({"other.py": "import eventlet\neventlet.backdoor.backdoor_server(1)\n"})
    alone = cli("scan", "-", data=EASY.encode())
    assert "[safe]" in alone.stdout
    inside = cli("scan", "-", "--stdin-filename", "new.py", data=EASY.encode())
    assert "other.py:2" in inside.stdout and "[manual]" in inside.stdout


def test_names_that_are_not_utf8_or_not_printable(make):
    name = os.fsdecode(b"caf\xe9\x1b[31m.py")
    make({name: EASY})
    done = subprocess.run(command("scan", "-q"), capture_output=True)
    assert done.stdout.startswith(b"caf\xe9\\x1b[31m.py:5:5: EVT101")
    done = subprocess.run(command("scan", "-q", "--format", "jsonl"), capture_output=True)
    assert json.loads(done.stdout)["path"] == name
    done = subprocess.run(command("scan", "-q", "--format", "table"), capture_output=True)
    assert done.stdout.startswith(b"caf\xe9\\x1b[31m.py\n")
    done = subprocess.run(command("scan", "--show-files"), capture_output=True)
    assert done.stdout == os.fsencode(name) + b"\n"


def test_jobs_make_no_difference(make, cli):
    padding = "# " + "x" * 800_000 + "\n"  # enough in all that a second process is worth it
    make({f"m{n}.py": EASY + padding + HARD for n in range(3)})
    one, two = (cli("scan", "--format", "jsonl", "--jobs", jobs) for jobs in ("1", "2"))
    assert one.stdout == two.stdout
    assert one.stderr == two.stderr
    assert len(one.stdout.splitlines()) == 15
