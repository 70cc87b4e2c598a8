"""`series`: what its patches hold, that each works, and that all of them give what `apply` does."""

from __future__ import annotations

import compileall
import re

import pytest

PAUSE = """\
import eventlet


def pause(seconds):
    eventlet.sleep(1)


def start(work):
    eventlet.spawn_n(work)
"""
EVENTS = """\
from eventlet import event

import eventlet


def go():
    done = event.Event()
    eventlet.spawn_n(done.send)
    done.wait()
"""
SPAWNS = "import eventlet\n\n\ndef begin(work):\n    return eventlet.spawn(work)\n"
WAITS = "from pkg.spawns import begin\n\n\ndef run(work):\n    return begin(work).wait()\n"
TEST = """\
from unittest import mock

from pkg import pause


@mock.patch("pkg.pause.eventlet.sleep")
def test_pause(sleep):
    pause.pause(1)
    sleep.assert_called_once_with(1)
"""
PROJECT = {
    "pkg/__init__.py": "",
    "pkg/pause.py": PAUSE,
    "pkg/events.py": EVENTS,
    "pkg/spawns.py": SPAWNS,
    "pkg/waits.py": WAITS,
    "tests/test_pause.py": TEST,
    "setup.cfg": "[eventlet-codemod]\n",
    "eventlet-codemod.toml": 'monkey-patched = "yes"\n',
}


def patches(project, name="out"):
    return sorted((project.root.parent / name).glob("*.patch"))


def subjects(project):
    texts = [path.read_text() for path in patches(project)]
    return [re.search(r"Subject: \[PATCH[^]]*\] (.*)", text)[1] for text in texts]


def files_of(patch):
    return set(re.findall(r"^\+\+\+ b/(.*)", patch.read_text(), re.MULTILINE))


@pytest.fixture
def done(make, cli):
    project = make(PROJECT)
    result = cli("series", "--output-dir", "../out")
    assert result.exit_code == 1, result.stderr  # there is something to do
    return project


def test_one_rule_after_the_other(done):
    assert subjects(done) == [
        "Eventlet's sleep becomes time.sleep",
        "A spawn whose result is unused becomes a daemon thread",
        "A green thread whose result is used becomes a Future",
        "An Event without a value becomes threading.Event",
    ]


def test_a_test_goes_with_its_code_and_an_object_with_all_its_files(done):
    sleep, _, future, _ = patches(done)
    assert files_of(sleep) == {"pkg/pause.py", "tests/test_pause.py"}
    assert files_of(future) == {"pkg/spawns.py", "pkg/waits.py"}
    assert "pkg.pause.time.sleep" in sleep.read_text()


def test_each_compiles_and_all_give_what_apply_does(done, cli, tmp_path):
    for patch in patches(done):
        done.git("am", "--quiet", str(patch))
        assert compileall.compile_dir(done.root / "pkg", quiet=1, force=True)
    done.git("clean", "-fdxq")
    series = done.git("rev-parse", "HEAD^{tree}")
    done.git("reset", "--hard", "--quiet", f"HEAD~{len(patches(done))}")
    assert cli("apply").exit_code == 0
    done.git("commit", "-aqm", "apply")
    assert done.git("rev-parse", "HEAD^{tree}") == series


def test_the_message(done):
    text = patches(done)[1].read_text()
    head = text.partition("\n---\n")[0]
    assert "EVT110 spawn: 2 rewritten, 2 to review." in head
    assert "- C-ATOM: is state that the child shares with others guarded by a lock?" in head
    assert "pkg/pause.py:9" in head
    assert "Made by `eventlet-codemod series --split rule`" in head
    assert re.search(r"\nChange-Id: I[0-9a-f]{40}\n*$", head)
    assert max(map(len, head.partition("\n\n")[2].splitlines())) <= 72


def test_the_message_tells_what_stays(make, cli):
    tied = "import eventlet\n\n\ndef end(work):\n    eventlet.spawn(work).kill()\n"
    limit = "\n\ndef limit():\n    return eventlet.Timeout(3)\n"
    project = make(PROJECT | {"pkg/pause.py": PAUSE + limit, "pkg/tied.py": tied})
    assert cli("series", "--output-dir", "../out").exit_code == 1
    heads = [" ".join(p.read_text().partition("\n---\n")[0].split()) for p in patches(project)]
    told = [head.partition("Left in these files:")[2] for head in heads]
    assert [bool(text) for text in told] == [False, True, False, False]
    assert "EVT229: this Timeout stays: it is neither in a `with`" in told[1]
    assert "At pkg/pause.py:13." in told[1]
    assert "tied.py" not in "".join(told)  # no patch touches it


def test_it_is_the_same_each_time(done, cli):
    assert cli("series", "--output-dir", "../again").exit_code == 1
    one, two = patches(done), patches(done, "again")
    assert [path.name for path in one] == [path.name for path in two]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_nothing_in_the_project_changes(done):
    assert done.git("status", "--porcelain") == b""
    assert done.read("pkg/pause.py") == PAUSE.encode()


@pytest.mark.parametrize(
    ("split", "count"), [("file", 3), ("owner", 1), ("size", 1)], ids=["file", "owner", "size"]
)
def test_other_ways_to_part_it(make, cli, split, count):
    project = make(PROJECT)
    cli("series", "--split", split, "--output-dir", "../out")
    assert len(patches(project)) == count
    for patch in patches(project):
        project.git("am", "--quiet", str(patch))


def test_a_patch_has_no_more_lines_than_asked_for(make, cli):
    files = {f"pkg/m{n}.py": PAUSE.replace("pause", f"pause{n}") for n in range(4)}
    project = make({**PROJECT, **files})
    result = cli("series", "--max-lines", "5", "--output-dir", "../out")
    assert subjects(project)[:2] == [
        "Eventlet's sleep becomes time.sleep (1 of 5)",
        "Eventlet's sleep becomes time.sleep (2 of 5)",
    ]
    assert "m3.py" not in result.stdout


def test_a_helper_comes_before_those_who_import_it(make, cli):
    project = make(PROJECT)
    cli("series", "--config", "helpers=pkg.concurrency", "--output-dir", "../out")
    first = next(p for p in patches(project) if "pkg/concurrency.py" in files_of(p))
    assert "pkg/spawns.py" in files_of(first)
    for patch in patches(project):
        project.git("am", "--quiet", str(patch))


def test_the_module_of_two_modes_comes_with_the_first_that_imports_it(make, cli):
    entry = "import eventlet\neventlet.monkey_patch()\n\nprint(1)\n"
    tox = "[testenv]\ncommands = stestr run\n"
    entries = {f"pkg/cmd{n}.py": entry for n in range(4)}
    project = make({**PROJECT, **entries, "tox.ini": tox})
    options = ("--config", "monkey-patch=switch", "--max-lines", "5")
    cli("series", *options, "--output-dir", "../out")
    ours = [files for files in map(files_of, patches(project)) if {*files} & {*entries}]
    assert ["pkg/monkey_patch.py" in files for files in ours] == [True, *[False] * 3]
    for patch in patches(project):
        project.git("am", "--quiet", str(patch))
    assert b"PKG_DISABLE_EVENTLET_PATCHING = 1" in project.read("tox.ini")


def test_latin_and_windows_line_ends(make, cli):
    crlf = PAUSE.replace("\n", "\r\n").encode()
    latin = b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + PAUSE.encode()
    project = make({**PROJECT, "pkg/crlf.py": crlf, "pkg/latin.py": latin})
    result = cli("series", "--output-dir", "../out")
    assert result.exit_code == 1, result.stderr
    for patch in patches(project):
        project.git("am", "--quiet", "--keep-cr", str(patch))
    assert b"time.sleep(1)\r\n" in project.read("pkg/crlf.py")
    assert b"caf\xe9" in project.read("pkg/latin.py")


def test_how_to_make_it_again(make, cli):
    project = make({"a.py": "import eventlet\n\neventlet.sleep(1)\n"})
    given = ("--profile", "openstack", "--select", "sleep,spawn", "--config", "sleep-zero=drop")
    assert cli("series", *given, "--output-dir", "../made").exit_code == 1
    (patch,) = (project.root.parent / "made").iterdir()
    text = " ".join(patch.read_text().split())
    assert (
        "Made by `eventlet-codemod series --profile openstack --select sleep --select spawn "
        "--config sleep-zero=drop --split rule`"
    ) in text


def test_a_prefix(make, cli):
    project = make(PROJECT)
    cli("series", "--subject-prefix", "eventlet: ", "--output-dir", "../out")
    assert all(text.startswith("eventlet: ") for text in subjects(project))


def test_nothing_to_do(make, cli):
    project = make({"a.py": "print(1)\n"})
    assert cli("series", "--output-dir", "../out").exit_code == 0
    assert patches(project) == []


# --- what it refuses -----------------------------------------------------------------------------


def test_a_directory_that_is_not_empty(make, cli):
    project = make(PROJECT)
    (project.root.parent / "out").mkdir()
    (project.root.parent / "out/mine.patch").write_text("x")
    result = cli("series", "--output-dir", "../out")
    assert result.exit_code == 2 and "not empty" in result.stderr
    assert [path.name for path in patches(project)] == ["mine.patch"]


def test_files_that_are_not_committed(make, cli):
    project = make(PROJECT)
    project.write({"pkg/pause.py": PAUSE + "\n"})
    result = cli("series", "--output-dir", "../out")
    assert result.exit_code == 2 and "pkg/pause.py" in result.stderr
    assert patches(project) == []


def test_stdin(make, cli):
    make(PROJECT)
    result = cli("series", "-", "--output-dir", "../out")
    assert result.exit_code == 2 and "stdin" in result.stderr


def test_no_repository(make, cli):
    project = make(PROJECT, git=False)
    result = cli("series", "--output-dir", "../out")
    assert result.exit_code == 2 and "no git repository" in result.stderr
    assert patches(project) == []


ENDS = {
    "pkg/__init__.py": "",
    "pkg/api.py": "import eventlet\neventlet.monkey_patch()\n\nimport sys\n",
    "pkg/modes.py": "from eventlet import patcher\n\nMODE = patcher.is_monkey_patched('os')\n",
    "requirements.txt": "eventlet\n",
    "tox.ini": "[testenv]\ncommands = stestr run\n",
}
OVER = ("--config", "monkey-patch=remove")


@pytest.fixture
def switched(make, cli):
    """A project in dual mode."""
    first = make(ENDS, name="first")
    assert cli("apply", "--config", "monkey-patch=switch").exit_code in (0, 1)
    assert b"[testenv:threading]" in first.read("tox.ini")
    # what is known of a directory is kept from run to run
    return make({name: first.read(name) for name in (*ENDS, "pkg/monkey_patch.py")})


def _is_over(project):
    assert not (project.root / "pkg/monkey_patch.py").exists()
    assert project.read("tox.ini") == ENDS["tox.ini"].encode()
    assert b"eventlet" not in project.read("pkg/api.py") + project.read("requirements.txt")


def test_apply_deletes_the_module_of_two_modes(switched, cli):
    assert cli("apply", *OVER).exit_code == 0
    _is_over(switched)
    assert cli("scan", *OVER).exit_code == 0


def test_git_takes_the_patch_that_deletes_it(switched, cli):
    told = cli("diff", *OVER)
    assert "# pkg/monkey_patch.py: deleted; " in told.stdout
    switched.git("apply", data=told.stdout.encode())
    _is_over(switched)


def test_a_series_deletes_it_behind_its_last_call(switched, cli):
    out = switched.root.parent / "out"
    assert cli("series", "--output-dir", str(out), *OVER).exit_code in (0, 1)
    made = patches(switched)
    deletes = [number for number, p in enumerate(made) if "deleted file mode" in p.read_text()]
    calls = [number for number, p in enumerate(made) if "-monkey_patch.patch()" in p.read_text()]
    assert len(deletes) == 1 and max(calls) <= deletes[0]
    switched.git("am", "-q", *map(str, made))
    _is_over(switched)


def test_a_module_that_was_changed_meanwhile_is_not_deleted(switched, cli, monkeypatch):
    from eventlet_codemod.cli import tree

    module = switched.root / "pkg/monkey_patch.py"
    refuse = tree.refuse_uncommitted

    def changed(root, changes):
        refuse(root, changes)
        module.write_text("x = 1\n")

    monkeypatch.setattr(tree, "refuse_uncommitted", changed)
    result = cli("apply", *OVER)
    assert "it was changed meanwhile" in result.stderr
    assert module.read_text() == "x = 1\n"


SERVER = """\
import eventlet
from eventlet import wsgi


def app(environ, start_response):
    eventlet.sleep(1)
    return []


def main():
    wsgi.server(eventlet.listen(("", 80)), app)
"""


def test_files_for_a_server_outside_are_a_patch_of_their_own(make, cli):
    project = make(PROJECT | {"pkg/serve.py": SERVER})
    external = ("--config", "wsgi=external")
    assert cli("series", *external, "--output-dir", "../out").exit_code == 1
    made = next(p for p in patches(project) if "serve_wsgi.py" in p.read_text())
    assert files_of(made) == {"pkg/serve_wsgi.py", "pkg/serve_gunicorn.conf.py"}
    head = made.read_text().partition("\n---\n")[0]
    assert "Write what another server serves the application by" in head
    assert "EVT701 wsgi-server: pkg/serve_gunicorn.conf.py, pkg/serve_wsgi.py written." in head
    for patch in patches(project):
        project.git("am", "--quiet", str(patch))
    series = project.git("rev-parse", "HEAD^{tree}")
    project.git("reset", "--hard", "--quiet", f"HEAD~{len(patches(project))}")
    assert cli("apply", *external).exit_code == 1
    project.git("add", "-A")
    project.git("commit", "-qm", "apply")
    assert project.git("rev-parse", "HEAD^{tree}") == series


def test_files_for_a_server_outside_may_be_all_that_is_done(make, cli):
    files = {"pkg/__init__.py": "", "pkg/serve.py": SERVER.replace("    eventlet.sleep(1)\n", "")}
    project = make({**files, "eventlet-codemod.toml": 'wsgi = "external"\nignore = ["listen"]\n'})
    assert cli("series", "--output-dir", "../out").exit_code == 1
    (only,) = patches(project)
    assert files_of(only) == {"pkg/serve_wsgi.py", "pkg/serve_gunicorn.conf.py"}
    project.git("am", "--quiet", str(only))
    assert cli("apply").exit_code == 1
    assert project.git("status", "--porcelain") == b""


def test_a_patch_with_files_for_a_server_outside_can_be_undone(make, cli):
    project = make({"pkg/__init__.py": "", "pkg/serve.py": SERVER})
    patch = cli("diff", "--config", "wsgi=external").stdout_bytes
    project.git("apply", "-", data=patch)
    assert (project.root / "pkg/serve_wsgi.py").exists()
    project.git("apply", "-R", "-", data=patch)
    assert project.git("status", "--porcelain") == b""
