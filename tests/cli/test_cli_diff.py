from __future__ import annotations

import os
import subprocess

import pytest
from cli_projects import EASY, HARD, LATIN1, NATIVE, command


def test_git_applies_what_it_prints(make, cli):
    project = make({"a.py": EASY, "pkg/b.py": HARD, "latin.py": LATIN1})
    result = cli("diff")
    assert result.exit_code == 1
    project.git("apply", "--check", "-", data=result.stdout_bytes)
    project.git("apply", "-", data=result.stdout_bytes)
    assert project.read("latin.py") == NATIVE
    patched = project.git("diff", "HEAD")
    project.git("checkout", "-q", ".")
    cli("apply")
    assert project.git("diff", "HEAD") == patched


def test_nothing_is_written(make, cli):
    project = make({"a.py": EASY})
    cli("diff")
    assert project.git("status", "--porcelain") == b""


def test_comments_explain_and_can_be_left_out(make, cli):
    make({"a.py": EASY})
    with_comments, without = cli("diff").stdout, cli("diff", "--no-comments").stdout
    assert with_comments.startswith("# a.py: 1 use rewritten, all safe")
    assert without.startswith("diff --git a/a.py b/a.py\n")
    assert with_comments.endswith(without)


def test_output_dir_mirrors_the_sources(make, cli):
    project = make({"a.py": EASY, "pkg/deep/b.py": EASY, "c.py": "x = 1\n"})
    result = cli("diff", "--output-dir", "../patches")
    directory = project.root.parent / "patches"
    assert result.stdout == ""
    assert "2 patches in ../patches" in result.stderr
    found = sorted(str(p.relative_to(directory)) for p in directory.rglob("*") if p.is_file())
    assert found == ["a.py.patch", "pkg/deep/b.py.patch"]
    for name in found:
        project.git("apply", str(directory / name))
    assert project.read("pkg/deep/b.py") == project.read("a.py") != EASY.encode()


def test_output_dir_says_what_else_lies_there(make, cli):
    make({"a.py": EASY, "patches/old.py.patch": "x"})
    result = cli("diff", "--output-dir", "patches")
    assert "1 other .patch file there, such as patches/old.py.patch" in result.stderr


def test_output_dir_that_cannot_be_written(make, cli):
    make({"a.py": EASY, "patches": "a file"})
    result = cli("diff", "--output-dir", "patches")
    assert result.exit_code == 3
    assert "error: patches/a.py.patch: " in result.stderr


def test_stat(make, cli):
    project = make({"a.py": EASY, "pkg/b.py": EASY})
    result = cli("diff", "--stat")
    assert result.stdout == (
        " a.py     | 4 ++--\n"
        " pkg/b.py | 4 ++--\n"
        " 2 files changed, 4 insertions(+), 4 deletions(-)\n"
    )
    project.git("apply", "-", data=cli("diff").stdout_bytes)
    assert project.git("diff", "--stat").decode() == result.stdout


def test_stat_of_long_changes_fits_the_terminal(make, cli):
    make({"a.py": "import eventlet\n" + "eventlet.sleep(1)\n" * 500, "b.py": EASY})
    lines = cli("diff", "--stat").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[1].endswith("+-")


def test_stdin(make, cli):
    project = make({"pkg/a.py": EASY})
    result = cli("diff", "-", "--stdin-filename", "pkg/a.py", data=EASY.encode())
    assert "diff --git a/pkg/a.py b/pkg/a.py" in result.stdout
    project.git("apply", "-", data=result.stdout_bytes)


def test_git_refusal_is_loud_and_costs_that_file_only(make, cli):
    # git shortens the keyword when it reads the file, so that it sees other lines than there are.
    keyword = "# $Id: 1234 $\n" + EASY
    project = make({"a.py": keyword, "b.py": EASY, ".gitattributes": "a.py ident\n"})
    result = cli("diff", "--ledger", "../ledger.json")
    assert result.exit_code == 3
    assert "error: a.py: git refuses the patch: " in result.stderr
    assert "a/a.py" not in result.stdout
    assert '"kind": "patch"' in (project.root.parent / "ledger.json").read_text()
    project.git("apply", "-", data=result.stdout_bytes)
    assert project.read("b.py") != EASY.encode()


def test_without_git(make, cli, monkeypatch):
    project = make({"a.py": EASY}, git=False)
    assert cli("diff").stdout.count("diff --git") == 1
    monkeypatch.setenv("PATH", str(project.root))
    result = cli("diff")
    assert result.stdout.count("diff --git") == 1
    assert "git has not proved the patch" in result.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away(make, monkeypatch, unbuffered):
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    source = "import eventlet\n" + "".join(f"eventlet.sleep({n})\n" for n in range(1, 200))
    make({f"m{n}.py": source for n in range(12)})  # more than a pipe holds
    process = subprocess.Popen(command("diff"), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 141


def test_color(make, cli):
    make({"a.py": EASY})
    plain, colored = cli("diff").stdout, cli("diff", "--color", "always", color=True).stdout
    assert "\x1b[32m+import time\x1b[0m\n" in colored
    assert "\x1b[1m--- a/a.py\x1b[0m\n" in colored
    import click

    assert click.unstyle(colored) == plain


def test_names_that_git_quotes(make):
    name = os.fsdecode(b"caf\xe9 d.py")
    project = make({name: EASY})
    patch = subprocess.run(command("diff", "-q"), capture_output=True).stdout
    project.git("apply", "-", data=patch)
    assert project.read(name) != EASY.encode()


@pytest.mark.parametrize("files", [{"a.py": "x = 1\n"}, {}], ids=["no use", "no file"])
def test_nothing_to_do(make, cli, files):
    make({"README": "eventlet", **files})
    result = cli("diff")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no use of eventlet in" in result.stderr
