"""Which files a run looks at, in real git work trees and outside any."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pathspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventlet_codemod.config import Settings
from eventlet_codemod.discovery import (
    DEFAULT_EXCLUDE,
    PREFILTER,
    Discovered,
    DiscoveryError,
    discover,
    files_changed_since,
    find_root,
    local_modules,
    mentions_eventlet,
    parse_file_list,
    path_matcher,
    project_files,
    project_mentions,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

USE = "import eventlet\n"


@pytest.fixture(autouse=True, scope="module")
def _no_git_configuration() -> Iterator[None]:
    """Whoever runs the tests may ignore files globally."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield


def write(root: Path, *names: str, text: str = USE) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def git(root: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout


def commit(root: Path, message: str = "x") -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", message)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    return root


@pytest.fixture(params=["git", "walk"])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A root that git lists, and one that is walked: what they find must be the same."""
    root = tmp_path / "tree"
    root.mkdir()
    if request.param == "git":
        git(root, "init", "-q", "-b", "main")
    return root


def found(root: Path, *paths: str | Path, settings: Settings | None = None) -> list[str]:
    result = discover(root, [root / path for path in paths], settings or Settings())
    assert result.failed == ()
    assert result.note == ""
    return list(result.files)


# --- the prefilter --------------------------------------------------------------------------------


@pytest.mark.parametrize("word", PREFILTER)
def test_every_word_of_the_prefilter_counts(word: bytes) -> None:
    beside = b" green=True" if word == b"SynchronousExecutor" else b""
    assert mentions_eventlet(b"x = a." + word + b"(1" + beside + b")\n")
    assert mentions_eventlet(bytearray(b"\xff\0" + word + beside))


@pytest.mark.parametrize(
    "data",
    [b"", b"import time\n", b"Eventle", b"green = '#0f0'", b"screen", b"SynchronousExecutor()"],
)
def test_other_words_do_not(data: bytes) -> None:
    assert not mentions_eventlet(data)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("from oslo_service import wsgi", True),
        ("from oslo_service import service, wsgi as base", True),
        ("from oslo_service import (\n    service,\n    wsgi,\n)", True),
        ("from oslo_service.wsgi import Server", True),
        ("import oslo_service.wsgi", True),
        ("from oslo_service import fixture as service_fixture", True),
        ("from oslo_service import service", False),
        ("from oslo_service import (service)\nfrom pkg import wsgi", False),
        ("from oslo_service import service\nfrom pkg import wsgi", False),
        ("from oslo_service import wsgi_tools", False),
        ("from pkg import wsgi", False),
        ("conf.set_default('heartbeat_in_pthread', True)", True),
    ],
)
def test_modules_of_oslo_service_that_need_eventlet_count(text: str, counts: bool) -> None:
    assert mentions_eventlet(f"{text}\n".encode()) is counts


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("from oslo_service import threadgroup\nThreadGroup(thread_pool_size=3)", True),
        ("from oslo_service import threadgroup\ngroup.add_thread(work)", True),
        ("self.tg.add_thread(work)", True),
        ("from oslo_service import service\nservice.launch(conf, server)", True),
        ("from oslo_service import loopingcall", False),
        ("from oslo_service import loopingcall\nFixedIntervalLoopingCall(f).start(1)", True),
        (
            "from oslo_service import loopingcall\nFixedIntervalLoopingCall(f).start(1).wait()",
            False,
        ),
        ("self.pool.add_thread(work)", False),
    ],
)
def test_what_another_backend_does_counts_where_it_is_chosen(text: str, counts: bool) -> None:
    data = f"{text}\n".encode()
    assert mentions_eventlet(data, Settings(monkey_patch="init-backend")) is counts
    assert not mentions_eventlet(data, Settings())


# --- the root -------------------------------------------------------------------------------------


def test_root_is_the_work_tree(repo: Path) -> None:
    write(repo, "pkg/sub/a.py", "pkg/setup.py")
    assert find_root(repo / "pkg" / "sub" / "a.py") == repo.resolve()
    assert find_root(repo / "pkg" / "sub") == repo.resolve()
    assert find_root(repo) == repo.resolve()


def test_root_of_a_linked_work_tree(repo: Path, tmp_path: Path) -> None:
    commit(repo)
    git(repo, "worktree", "add", "-q", str(tmp_path / "linked"))
    write(tmp_path / "linked", "a/b.py")
    assert find_root(tmp_path / "linked" / "a") == (tmp_path / "linked").resolve()
    assert found(tmp_path / "linked") == ["a/b.py"]


@pytest.mark.parametrize("marker", ["pyproject.toml", "setup.cfg", "setup.py"])
def test_root_outside_git_is_the_nearest_project(tmp_path: Path, marker: str) -> None:
    write(tmp_path, "setup.py", f"inner/{marker}", "inner/pkg/a.py")
    assert find_root(tmp_path / "inner" / "pkg" / "a.py") == (tmp_path / "inner").resolve()
    (tmp_path / "link").symlink_to("inner/pkg")
    assert find_root(tmp_path / "link") == (tmp_path / "inner").resolve()


def test_root_without_any_project_is_the_directory(tmp_path: Path) -> None:
    write(tmp_path, "a/b.py")
    assert find_root(tmp_path / "a" / "b.py") == (tmp_path / "a").resolve()


def test_an_empty_git_directory_is_no_work_tree(tmp_path: Path) -> None:
    write(tmp_path, "setup.py", "a/b.py")
    (tmp_path / "a" / ".git").mkdir()
    assert find_root(tmp_path / "a" / "b.py") == tmp_path.resolve()


# --- what is taken, in a work tree and outside ----------------------------------------------------


def test_python_files_that_mention_eventlet(tree: Path) -> None:
    write(tree, "a.py", "b/c.pyi", "b/d e.py", "README.rst", "b/x.txt", "b/x.py.orig")
    write(tree, "plain.py", "b/plain.py", text="import time\n")
    result = discover(tree, [], Settings())
    assert result == Discovered(("a.py", "b/c.pyi", "b/d e.py"), seen=5)


def test_scripts_are_known_by_mode_and_first_line(tree: Path) -> None:
    shebang = "#!/usr/bin/env python3 -u\n" + USE
    write(tree, "bin/tool", "bin/not-executable", "bin/tool.sh", "bin/.hidden", text=shebang)
    write(tree, "bin/shell", text="#!/bin/sh\n# python\neventlet\n")
    write(tree, "bin/none", text=USE)
    write(tree, "bin/empty", text="")
    for path in (tree / "bin").iterdir():
        path.chmod(0o644 if path.name == "not-executable" else 0o755)
    assert discover(tree, [], Settings()) == Discovered(("bin/tool",), seen=1)


def test_names_may_hold_any_byte(tree: Path) -> None:
    names = [
        os.fsdecode(name)
        for name in (b"caf\xe9.py", b"new\nline.py", b" x .py", b"-q.py", b"\xe6\x97\xa5.py")
    ]
    write(tree, *names)
    assert found(tree) == sorted(names)


def test_gitignore_is_honoured_at_every_level(tree: Path) -> None:
    write(tree, "a.py", "gen/a.py", "gen/keep.py", "out/a.py", "sub/a.py", "sub/tmp_a.py")
    write(tree, "sub/deep/tmp_b.py", "sub/deep/a.py", "other/tmp_a.py", "sub/only/here.py")
    write(tree, ".gitignore", text="\ufeffout/\r\ngen/*\n!gen/keep.py\n# tmp_*\n")
    write(tree, "sub/.gitignore", text="tmp_*\n/only\n")
    write(tree, "sub/deep/.gitignore", text="!tmp_b.py\n")
    assert found(tree) == [
        "a.py",
        "gen/keep.py",
        "other/tmp_a.py",
        "sub/a.py",
        "sub/deep/a.py",
        "sub/deep/tmp_b.py",
    ]
    assert found(tree, "sub/deep") == ["sub/deep/a.py", "sub/deep/tmp_b.py"]


@pytest.mark.parametrize(
    "directory",
    [
        ".tox/py3",
        "venv/lib",
        "x/build/lib",
        "dist",
        "a.egg-info",
        "node_modules/x",
        "x/__pycache__",
    ],
)
def test_generated_directories_are_skipped(tree: Path, directory: str) -> None:
    write(tree, f"{directory}/a.py", "build.py", "dist.d/a.py")
    assert found(tree) == ["build.py", "dist.d/a.py"]


def test_a_virtual_environment_is_known_by_its_marker(tree: Path) -> None:
    write(tree, "env311/pyvenv.cfg", "env311/lib/a.py", "env311x/a.py", "a.py")
    assert found(tree) == ["a.py", "env311x/a.py"]


def test_a_directory_that_is_named_is_wanted(tree: Path) -> None:
    write(tree, ".gitignore", text="ignored/\n")
    write(tree, "build/a.py", "build/x/build/b.py", "ignored/a.py", "ignored/.tox/a.py", "a.py")
    settings = Settings(extend_exclude=("vendor", "*_gen.py"))
    write(tree, "vendor/a.py", "vendor/sub/a_gen.py", "vendor/sub/b.py")
    assert found(tree, settings=settings) == ["a.py"]
    assert found(tree, "build") == ["build/a.py"]
    assert found(tree, "ignored", settings=settings) == ["ignored/a.py"]
    assert found(tree, "vendor", settings=settings) == ["vendor/a.py", "vendor/sub/b.py"]
    assert found(tree, "vendor/sub", settings=settings) == ["vendor/sub/b.py"]
    assert found(tree, "vendor", settings=Settings(exclude=("/vendor/sub",))) == ["vendor/a.py"]


def test_paths_may_overlap_and_repeat(tree: Path) -> None:
    write(tree, "a/b.py", "a/c/d.py", "e.py")
    assert found(tree, "a", "a/c", "a/b.py", "a", "e.py") == ["a/b.py", "a/c/d.py", "e.py"]
    assert found(tree, "a/c") == ["a/c/d.py"]


def test_paths_are_relative_to_the_current_directory(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tree, "a/b.py", "a/c/d.py")
    monkeypatch.chdir(tree / "a")
    assert discover(tree, ["."], Settings()).files == ("a/b.py", "a/c/d.py")
    assert discover(tree, ["c", Path("../a/b.py")], Settings()).files == ("a/b.py", "a/c/d.py")


def test_a_file_that_is_named_is_always_taken(tree: Path) -> None:
    write(tree, ".gitignore", text="ignored.py\n")
    write(tree, "ignored.py", "build/a.py", "odd.tmpl", "vendor/a.py")
    write(tree, "plain.txt", text="nothing\n")
    settings = Settings(extend_exclude=("vendor/",), include=("*.pyx",))
    names = ["build/a.py", "ignored.py", "odd.tmpl", "vendor/a.py"]
    assert found(tree, *names, "plain.txt", settings=settings) == names
    assert discover(tree, [tree / "plain.txt"], settings).seen == 1


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(extend_exclude=("docs/",)), "a.py x/y.py src/gen/b.py src/gen/docs.py"),
        (Settings(extend_exclude=("/src/gen", "x/*.py")), "a.py docs/conf.py"),
        (Settings(extend_exclude=("**/gen/**", "y.py")), "a.py docs/conf.py"),
        (Settings(extend_exclude=("*.py", "!a.py")), "a.py"),
        (Settings(exclude=("docs",)), "a.py build/c.py x/y.py src/gen/b.py src/gen/docs.py"),
        (Settings(exclude=("gen",)), "a.py build/c.py docs/conf.py x/y.py"),
        (Settings(exclude=()), "a.py build/c.py docs/conf.py x/y.py src/gen/b.py src/gen/docs.py"),
        (Settings(include=("src/", "x")), "x/y.py src/gen/b.py src/gen/docs.py"),
        (Settings(include=("*.wsgi", "/a.py")), "a.py src/app.wsgi"),
        (Settings(include=("src/**",), extend_exclude=("docs.py",)), "src/gen/b.py"),
    ],
)
def test_exclude_and_include(tree: Path, settings: Settings, expected: str) -> None:
    write(tree, "a.py", "docs/conf.py", "src/gen/b.py", "src/gen/docs.py", "build/c.py")
    write(tree, "x/y.py", "src/app.wsgi", "src/README.rst")
    assert found(tree, settings=settings) == sorted(expected.split())


def test_a_link_is_taken_once(tree: Path, tmp_path: Path) -> None:
    write(tmp_path, "outside.py")
    write(tree, "real.py", "sub/script", "vendor/v.py", "sub/z.py")
    (tree / "a_link.py").symlink_to("real.py")
    (tree / "sub" / "run.py").symlink_to("script")  # what it leads to has no suffix
    (tree / "sub" / "run2.py").symlink_to("run.py")
    (tree / "leaves.py").symlink_to("../outside.py")
    (tree / "dangling.py").symlink_to("nowhere.py")
    (tree / "loop.py").symlink_to("loop.py")
    (tree / "directory.py").symlink_to("sub")
    (tree / "directory").symlink_to("sub")
    (tree / "excluded.py").symlink_to("vendor/v.py")
    settings = Settings(extend_exclude=("vendor",))
    assert found(tree, settings=settings) == ["real.py", "sub/script", "sub/z.py"]
    assert discover(tree, [], settings).seen == 3


def test_links_that_are_named(tree: Path, tmp_path: Path) -> None:
    write(tmp_path, "outside.py")
    write(tree, "real.py", "sub/a.py")
    (tree / "link.py").symlink_to("real.py")
    (tree / "leaves.py").symlink_to("../outside.py")
    (tree / "directory").symlink_to("sub")
    (tmp_path / "alias").symlink_to(tree)
    assert found(tree, "link.py", "leaves.py") == ["leaves.py", "real.py"]
    assert found(tree, "directory") == ["sub/a.py"]
    assert found(tmp_path / "alias", "sub") == ["sub/a.py"]


def test_wrong_paths_are_errors(tree: Path, tmp_path: Path) -> None:
    write(tmp_path, "outside.py")
    os.mkfifo(tree / "pipe.py")
    (tree / "dangling.py").symlink_to("nowhere.py")
    for path, message in (
        (tree / "gone.py", r"gone\.py: No such file or directory"),
        (tree / "dangling.py", r"dangling\.py: No such file or directory"),
        (tree / "pipe.py", r"pipe\.py: neither a file nor a directory"),
        (tmp_path / "outside.py", r"outside\.py: outside the project root"),
        (tmp_path, "outside the project root"),
    ):
        with pytest.raises(DiscoveryError, match=message):
            discover(tree, [path], Settings())
    assert found(tree) == []  # and nobody waits for a pipe


@contextmanager
def unprivileged() -> Iterator[None]:
    """Root reads everything, so be somebody else."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_what_cannot_be_read_is_reported_and_stops_nothing() -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own is closed to others
        root = Path(name)
        root.chmod(0o755)
        write(root, "a.py", "closed.py", "shut/b.py", "z.py", "closed")
        (root / "closed.py").chmod(0)
        (root / "closed").chmod(0)
        (root / "shut").chmod(0)
        try:
            with unprivileged():
                result = discover(root, [], Settings())
                named = discover(root, [root / "closed"], Settings())
        finally:
            (root / "shut").chmod(0o755)
    assert (result.files, result.seen) == (("a.py", "z.py"), 2)
    for entry in (*result.failed, *named.failed):
        assert (entry.status, entry.error and entry.error.kind) == ("failed", "unreadable")
        assert entry.error and entry.error.message == "Permission denied"
    assert [entry.path for entry in result.failed] == ["closed.py", "shut"]
    assert [entry.path for entry in named.failed] == ["closed"]


def test_large_files_are_read_to_the_end(tree: Path) -> None:
    write(tree, "big.py", text="# " + "x" * 3_000_000 + "\nimport eventlet\n")
    assert found(tree) == ["big.py"]


@pytest.mark.skipif(not Path("/proc/self/comm").exists(), reason="needs Linux's /proc")
def test_files_may_hold_more_than_their_size_says(tree: Path) -> None:
    name = Path("/proc/self/comm")
    before = name.read_text()
    name.write_text("eventlet")
    try:
        (tree / "link").symlink_to(name)
        assert name.stat().st_size == 0
        assert found(tree, "link") == ["link"]
    finally:
        name.write_text(before)


# --- git's own matters ----------------------------------------------------------------------------


def test_git_and_a_walk_and_git_grep_agree(repo: Path) -> None:
    write(repo, "a.py", "b/c.py", "b/tracked.py", "untracked/d.py", "ignored/e.py", "b/o.pyi")
    write(repo, "plain.py", "b/p.py", text="pass\n")
    (repo / "binary.py").write_bytes(b"\0\0\xff eventlet")
    write(repo, ".gitignore", text="ignored\n")
    git(repo, "add", "a.py", "b", "plain.py")
    (repo / "link.py").symlink_to("a.py")
    listed = found(repo)
    words = [argument for word in PREFILTER for argument in ("-e", word.decode())]
    grep = git(
        repo, "grep", "-lzFa", "--untracked", "--exclude-standard", *words, "--", "*.py", "*.pyi"
    )
    assert listed == sorted(filter(None, grep.split("\0")))
    shutil.rmtree(repo / ".git")
    assert found(repo) == listed


def test_what_git_tracks_is_never_taken_for_generated(repo: Path) -> None:
    write(repo, "build/tracked.py", "env/pyvenv.cfg", "env/a.py", "x.egg-info/a.py")
    commit(repo)
    write(repo, "build/untracked.py", "dist/a.py")
    assert found(repo) == ["build/tracked.py", "env/a.py", "x.egg-info/a.py"]
    assert found(repo, settings=Settings(extend_exclude=("build/",))) == [
        "env/a.py",
        "x.egg-info/a.py",
    ]
    assert found(repo, settings=Settings(exclude=("env", "build"))) == [
        "dist/a.py",
        "x.egg-info/a.py",
    ]


def test_deleted_and_conflicting_files(repo: Path) -> None:
    write(repo, "a.py", "gone.py", "dir/gone.py", "moved/b.py", "pipe.py")
    commit(repo)
    git(repo, "checkout", "-q", "-b", "side")
    write(repo, "a.py", text=USE + "side = 1\n")
    commit(repo)
    git(repo, "checkout", "-q", "main")
    write(repo, "a.py", text=USE + "main = 1\n")
    commit(repo)
    with pytest.raises(subprocess.CalledProcessError):
        git(repo, "merge", "side")
    (repo / "gone.py").unlink()
    (repo / "pipe.py").unlink()
    os.mkfifo(repo / "pipe.py")  # nobody writes to it, so nobody may wait for it
    shutil.rmtree(repo / "dir")
    write(repo, "dir")  # a file where a directory was
    (repo / "moved").rename(repo / "elsewhere")
    (repo / "moved").symlink_to("elsewhere")
    assert found(repo) == ["a.py", "elsewhere/b.py"]


def test_submodules_and_nested_repositories_are_projects_of_their_own(
    repo: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    write(other, "sub.py", "build/made.py")
    write(other, ".gitignore", text="build\n")
    commit(other)
    git(repo, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "mod.py")
    shutil.copytree(other, repo / "nested")
    assert found(repo) == []
    write(repo, "a.py")
    assert found(repo) == ["a.py"]
    assert project_files(repo, Settings()) == (".gitmodules", "a.py")
    assert found(repo, "mod.py") == ["mod.py/sub.py"]  # unless asked for
    assert found(repo, "nested") == ["nested/sub.py"]
    assert find_root(repo / "mod.py") == (repo / "mod.py").resolve()


def test_the_root_may_be_inside_the_work_tree(repo: Path) -> None:
    write(repo, "a.py", "pkg/b.py", "pkg/ignored.py")
    write(repo, ".gitignore", text="ignored.py\n")
    assert found(repo / "pkg") == ["b.py"]


def test_a_hook_s_environment_and_a_hostile_configuration_are_kept_out(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repo, "a.py")
    commit(repo)
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    (other / "index").write_text("garbage")
    for name, value in (("GIT_DIR", other / ".git"), ("GIT_INDEX_FILE", other / "index")):
        monkeypatch.setenv(name, str(value))
    script = tmp_path / "monitor"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    script.chmod(0o755)
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    shutil.copy(script, hooks / "post-index-change")
    with (repo / ".git" / "config").open("a") as config:
        config.write(f"[core]\n\tfsmonitor = {script}\n\thooksPath = {hooks}\n")
        config.write(f"[diff]\n\texternal = {script}\n")
    assert found(repo) == ["a.py"]
    write(repo, "a.py", text="changed\n")
    assert files_changed_since(repo, "HEAD") == ("a.py",)
    assert not (tmp_path / "ran").exists()


def test_where_git_refuses_the_tree_is_walked(repo: Path) -> None:
    write(repo, "a.py", "ignored/b.py")
    write(repo, ".gitignore", text="ignored\n")
    (repo / ".git" / "HEAD").write_text("garbage\n")
    result = discover(repo, [], Settings())
    assert result.files == ("a.py",)
    assert result.note.startswith("the directories were walked, since git cannot list them: fatal:")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give directories away")
def test_a_work_tree_of_somebody_else_is_walked(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SUDO_UID", raising=False)
    write(repo, "a.py")
    for path in (repo, repo / ".git"):
        os.chown(path, 12345, 12345)
    result = discover(repo, [], Settings())
    assert result.files == ("a.py",)
    assert "dubious ownership" in result.note


def test_without_git_the_tree_is_walked(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repo, "a.py")
    monkeypatch.setenv("PATH", str(repo))
    result = discover(repo, [], Settings())
    assert result.files == ("a.py",)
    assert result.note.endswith("git cannot be run (No such file or directory)")
    with pytest.raises(DiscoveryError, match=r"git cannot be run"):
        files_changed_since(repo, "HEAD")


# --- lists of files -------------------------------------------------------------------------------


def test_files_changed_since(repo: Path) -> None:
    write(repo, "same.py", "edited.py", "gone.py", "old name.py", "pkg/in.py", "staged.py")
    write(repo, ".gitignore", text="ignored.py\n")
    commit(repo)
    git(repo, "tag", "base")
    write(repo, "later.py")
    commit(repo)
    write(repo, "edited.py", "pkg/in.py", "staged.py", text=USE + "x = 1\n")
    write(repo, "new file.py", "pkg/new.py", "ignored.py", "notes.txt")
    git(repo, "add", "staged.py")
    (repo / "gone.py").unlink()
    (repo / "old name.py").rename(repo / "renamed.py")
    changed = files_changed_since(repo, "base")
    assert changed == (
        "edited.py",
        "later.py",
        "new file.py",
        "notes.txt",
        "pkg/in.py",
        "pkg/new.py",
        "renamed.py",
        "staged.py",
    )
    assert "later.py" not in files_changed_since(repo, "HEAD")
    assert files_changed_since(repo / "pkg", "base") == ("in.py", "new.py")
    result = discover(repo, [], Settings(extend_exclude=("pkg",)), only=changed)
    assert result.files == ("edited.py", "later.py", "new file.py", "renamed.py", "staged.py")


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("nowhere", "since 'nowhere': there is no commit 'nowhere'"),
        ("HEAD:a.py", "there is no commit 'HEAD:a.py'"),
        ("", "not a git revision: ''"),
        ("--since=1", "not a git revision: '--since=1'"),
    ],
)
def test_an_unknown_revision_is_an_error(repo: Path, ref: str, message: str) -> None:
    write(repo, "a.py")
    commit(repo)
    with pytest.raises(DiscoveryError, match=message):
        files_changed_since(repo, ref)


def test_changes_need_a_work_tree(tmp_path: Path) -> None:
    with pytest.raises(DiscoveryError, match="not a git work tree"):
        files_changed_since(tmp_path, "HEAD")


@pytest.mark.parametrize(
    "data",
    [
        b"a.py\nsub/b c.py\n",
        b"a.py\r\n\r\nsub/b c.py",
        b"a.py\0sub/b c.py\0",
        b"./a.py\ngone.py\nsub/../sub/b c.py",
    ],
)
def test_a_list_of_files(tmp_path: Path, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.py", "sub/b c.py")
    monkeypatch.chdir(tmp_path)
    assert parse_file_list(data, tmp_path) == ("a.py", "sub/b c.py")


def test_a_list_may_hold_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = (os.fsdecode(b"new\nline.py"), os.fsdecode(b"\xff.py"))
    write(tmp_path, *names, "root/x.py")
    (tmp_path / "link.py").symlink_to("root/x.py")
    monkeypatch.chdir(tmp_path / "root")
    data = b"\0".join(b"../" + os.fsencode(name) for name in (*names, "link.py"))
    assert parse_file_list(data, tmp_path) == tuple(sorted((*names, "link.py")))
    with pytest.raises(DiscoveryError, match=r"link\.py: outside the project root"):
        parse_file_list(b"../link.py\n", tmp_path / "root")
    assert parse_file_list(b"", tmp_path) == ()


# --- patterns -------------------------------------------------------------------------------------

NAMES = st.sampled_from(["a", "b.py", "build", "x.egg-info", ".git", "dist", "buildx", "日", "a b"])
PATHS = st.builds(
    lambda parts, end: "/".join(parts) + end,
    st.lists(NAMES, min_size=1),
    st.sampled_from(["", "/"]),
)
PATTERNS = st.sampled_from(
    [
        "a",
        "*.py",
        "build/",
        "*.egg-info/",
        "?",
        "/a",
        "a/b.py",
        "**/dist",
        "!a",
        "[ab]*",
        "b*",
        "x.*",
        "**",
        "a**",
        "**/",
    ]
)


@given(st.one_of(st.just(DEFAULT_EXCLUDE), st.lists(PATTERNS).map(tuple)), PATHS)
def test_patterns_are_gitignore_s(patterns: tuple[str, ...], path: str) -> None:
    expected = pathspec.GitIgnoreSpec.from_lines(patterns).match_file(path)
    assert path_matcher(patterns)(path) == expected


# --- the project at large -------------------------------------------------------------------------


def test_project_files_are_all_files(tree: Path) -> None:
    write(tree, "setup.cfg", "requirements.txt", "a.py", "build/x", "vendor/y", ".zuul.yaml")
    (tree / "link.cfg").symlink_to("setup.cfg")
    settings = Settings(extend_exclude=("vendor",))
    assert project_files(tree, settings) == (".zuul.yaml", "a.py", "requirements.txt", "setup.cfg")


@pytest.mark.parametrize("filler", [0, 20], ids=["few-words", "many-words"])
def test_project_mentions_finds_whole_words(tree: Path, filler: int) -> None:
    write(tree, "a.py", text="self._pool = 1\nself._pools = pool2\n")
    write(tree, "b/c.py", text="x._pool\n# größe\n")
    write(tree, "d.py", text="_pool_\xe9 = 'my_pool'\n")
    write(tree, "e.txt", text="_pool\n")
    write(tree, "build/f.py", text="_pool\n")
    words = {"_pool", "größe", "nowhere", *(f"word{number}" for number in range(filler))}
    mentions = project_mentions(tree, frozenset(words), Settings())
    assert mentions.keys() == words
    assert {word: set(files) for word, files in mentions.items() if files} == {
        "_pool": {"a.py", "b/c.py"},
        "größe": {"b/c.py"},
    }


def test_local_modules(tmp_path: Path) -> None:
    write(tmp_path, "queue.py", "eventlet/__init__.py", "data/x.py", "not-a-name.py", "x.txt")
    write(tmp_path, "src/time/__init__.py", "src/_lib.py", "src/time/inner.py")
    assert local_modules(tmp_path) == {"queue", "eventlet", "time", "_lib"}
    assert local_modules(tmp_path / "data") == {"x"}
    assert local_modules(tmp_path / "gone") == frozenset()
