from __future__ import annotations

import json
import resource
import stat
import subprocess

import pytest
from cli_projects import EASY, HARD, LATIN1, NATIVE, command


def test_all_done(make, cli):
    project = make({"a.py": EASY, "latin.py": LATIN1})
    (project.root / "a.py").chmod(0o755)
    project.commit()
    result = cli("apply")
    assert result.exit_code == 0
    assert project.read("a.py") == b"import time\n\n\ndef poll():\n    time.sleep(3)\n"
    assert project.read("latin.py") == NATIVE
    assert stat.S_IMODE((project.root / "a.py").stat().st_mode) == 0o755
    assert "2 files mention eventlet; 2 uses: 2 rewritten (2 safe, 0 to review)" in result.stderr
    assert "git diff" in result.stderr
    assert result.stdout == ""
    again = cli("apply")
    assert again.exit_code == 0 and "no use of eventlet in 2 Python files" in again.stderr


def test_what_is_left_is_told(make, cli):
    make({"a.py": HARD})
    result = cli("apply")
    assert result.exit_code == 1
    assert "left for a person:\n" in result.stderr
    assert "  1 eventlet.backdoor.backdoor_server (a.py:10)\n" in result.stderr
    assert "scan -v" in result.stderr


def test_left_by_choice_is_left(make, cli):
    make({"a.py": "import eventlet\n\n\ndef f(x):\n    eventlet.sleep(x)\n"})
    result = cli("apply", "--safe-only")
    assert result.exit_code == 1
    assert "1 not asked for" in result.stderr
    assert "left for a person" not in result.stderr


def test_uncommitted_changes_are_refused_before_anything_is_written(make, cli):
    project = make({"a.py": EASY, "b.py": EASY, "c.py": EASY, "d.py": "x = 1\n"})
    project.write({"b.py": EASY + "# more\n", "d.py": "x = 2\n", "new.py": EASY})
    project.git("add", "b.py")
    result = cli("apply")
    assert result.exit_code == 2
    assert "2 files to change have uncommitted changes: b.py, new.py. Nothing" in result.stderr
    assert project.read("a.py") == EASY.encode()
    assert cli("apply", "--allow-dirty").exit_code == 0
    assert b"time.sleep" in project.read("b.py") and b"time.sleep" in project.read("new.py")


def test_dirt_elsewhere_does_not_matter(make, cli):
    project = make({"a.py": EASY, "d.py": "x = 1\n"})
    project.write({"d.py": "x = 2\n", "notes.txt": "more"})
    assert cli("apply").exit_code == 0


def test_a_repository_without_commits(make, cli):
    project = make({"a.py": EASY}, git=False)
    project.git("init", "-q", ".")
    result = cli("apply")
    assert result.exit_code == 2 and "--allow-dirty" in result.stderr
    assert cli("apply", "--allow-dirty").exit_code == 0


def test_outside_git_there_is_nothing_to_ask(make, cli):
    project = make({"a.py": EASY}, git=False)
    assert cli("apply").exit_code == 0
    assert b"time.sleep" in project.read("a.py")


def test_a_read_only_file_fails_and_the_others_are_written(make, cli):
    project = make({"a.py": EASY, "b.py": EASY})
    (project.root / "a.py").chmod(0o444)
    result = cli("apply", "--ledger", "../ledger.json")
    assert result.exit_code == 3
    assert result.stderr.startswith("error: a.py: cannot be written: file is read-only\n")
    assert "1 use: 1 rewritten" in result.stderr and "1 file failed" in result.stderr
    assert project.read("a.py") == EASY.encode()
    assert b"time.sleep" in project.read("b.py")
    files = json.loads((project.root.parent / "ledger.json").read_text())["files"]
    assert [(f["path"], f["status"], f["error"] and f["error"]["kind"]) for f in files] == [
        ("a.py", "failed", "write"),
        ("b.py", "changed", None),
    ]


def test_what_relies_on_a_file_that_failed_is_not_written(make, cli):
    main = "import eventlet\neventlet.monkey_patch()\neventlet.sleep(1)\n"
    project = make({"a_main.py": main, "b.py": EASY, "c.py": EASY})
    (project.root / "b.py").chmod(0o444)
    result = cli("apply")
    assert result.exit_code == 3
    assert "error: a_main.py: not written, since others" in result.stderr
    assert project.read("a_main.py") == main.encode()
    assert b"time.sleep" in project.read("c.py")
    (project.root / "b.py").chmod(0o644)
    assert cli("apply", "--allow-dirty").exit_code == 0
    assert project.read("a_main.py") == b"import time\ntime.sleep(1)\n"


def test_a_write_that_does_not_fit_loses_nothing(make):
    long = EASY + "# " + "long" * 40_000 + "\n"
    project = make({"a.py": long, "b.py": EASY})

    def little_room() -> None:  # as a full disk: what is written beyond 64 kB fails
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))

    done = subprocess.run(command("apply"), capture_output=True, preexec_fn=little_room)
    assert done.returncode == 3
    assert b"error: a.py: cannot be written: File too large" in done.stderr
    assert project.read("a.py") == long.encode()
    assert b"time.sleep" in project.read("b.py")
    assert sorted(path.name for path in project.root.iterdir()) == [".git", "a.py", "b.py"]


def test_a_file_that_changed_meanwhile_is_not_overwritten(make):
    from eventlet_codemod.cli import tree
    from eventlet_codemod.config import Settings
    from eventlet_codemod.run import run

    project = make({"a.py": EASY, "b.py": EASY, "c.py": EASY})
    changes = run(project.root, ("a.py", "b.py", "c.py"), Settings()).changes
    project.write({"a.py": "mine = 1\n"})
    (project.root / "b.py").unlink()
    from eventlet_codemod.cli.terminal import People

    people = People(quiet=True, color="never")
    failures = tree.write(project.root, changes, people)
    assert {path: error.kind for path, error in failures.items()} == {
        "a.py": "changed",
        "b.py": "changed",
    }
    assert project.read("a.py") == b"mine = 1\n"
    assert not (project.root / "b.py").exists()
    assert b"time.sleep" in project.read("c.py")


def test_stdin_to_stdout(make, cli):
    project = make({"a.py": EASY})
    result = cli("apply", "-", "--stdin-filename", "a.py", data=LATIN1)
    assert result.stdout_bytes == NATIVE
    assert result.exit_code == 0
    assert project.read("a.py") == EASY.encode()
    for untouched, code in ((b"x = 1\r\n", 0), (b"import eventlet (\n", 3), (b"", 0)):
        result = cli("apply", "-", data=untouched)
        assert (result.stdout_bytes, result.exit_code) == (untouched, code)


def test_a_link_is_followed_not_replaced(make, cli):
    project = make({"real.py": EASY})
    (project.root / "link.py").symlink_to("real.py")
    project.commit()
    assert cli("apply").exit_code == 0
    assert (project.root / "link.py").is_symlink()
    assert b"time.sleep" in project.read("real.py")


@pytest.mark.parametrize("name", ["ledger.json", "report.txt"])
def test_output_that_cannot_be_written_is_a_failure(make, cli, name):
    project = make({"a.py": EASY, name: "kept"})
    (project.root / name).chmod(0o444)
    result = cli("apply", "--ledger", name)
    assert result.exit_code == 3
    assert f"error: {name}: " in result.stderr
    assert project.read(name) == b"kept"
    assert b"time.sleep" in project.read("a.py")
