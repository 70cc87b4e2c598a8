"""Mirrors, worktrees and bundles of real repositories, over HTTP and by path; killed runs."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from repositories import Make, plain_git
from servers import GitServer, git_server, nobody

from eventlet_codemod.batch.git import Git, GitError
from eventlet_codemod.batch.model import Repo
from eventlet_codemod.batch.workspace import Workspace, WorkspaceError, bundle_of, unbundle

GIT = Git(timeout=20, network_timeout=20)
WHO = {f"GIT_{role}_{what}": "b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "space", GIT)


@pytest.fixture
def served(make: Make) -> Iterator[tuple[GitServer, Repo]]:
    target = make(bare=True)
    with git_server(target.parent) as server:
        yield server, Repo(name="group/project", url=f"{server.url}/{target.name}")


def advance(project: Path, served: Path, text: str) -> str:
    """One more commit, also where it is served; its id."""
    (project / "n.py").write_text(text)
    plain_git(project, "commit", "--quiet", "-am", text)
    plain_git(project, "push", "--quiet", str(served), "HEAD:main")
    return plain_git(project, "rev-parse", "HEAD")


def listing(directory: Path) -> dict[str, tuple[object, ...]]:
    """Everything below a directory, byte for byte, and when it was written."""
    found: dict[str, tuple[object, ...]] = {}
    for path in sorted(directory.rglob("*")):
        told = path.lstat()
        data = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path)] = (told.st_mode, told.st_mtime_ns, told.st_ino, data)
    return found


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../x", "a//b", "/etc", "..", ".git", "-x", "a/../../b", "ä", "a\nb", "x" * 300]
)
def test_a_mirror_is_always_in_the_workspace(space: Workspace, name: str) -> None:
    place = space.mirror(Repo(name=name, url="https://h/r"))
    assert place.parent == space.directory / "mirrors"
    assert not place.name.startswith((".", "-"))
    assert len(place.name) < 120


def test_each_source_has_a_mirror_of_its_own(space: Workspace) -> None:
    made = {space.mirror(Repo(name=name, url="https://h/r")) for name in ("a/b", "a-c")}
    made |= {space.mirror(Repo(name="a/b", url="https://h/other"))}
    made |= {space.mirror(Repo(name="a/b", path="/r"))}
    assert len(made) == 4
    assert space.mirror(Repo(name="a/b", url="https://h/r", ref="x")) in made


# --- which commit --------------------------------------------------------------------------------


@pytest.mark.parametrize("local", [False, True])
def test_what_a_ref_names(
    space: Workspace, make: Make, served: tuple[GitServer, Repo], tmp_path: Path, local: bool
) -> None:
    target = tmp_path / "served" / "project.git"
    first, last = (plain_git(target, "rev-parse", name) for name in ("main~2", "main"))
    plain_git(target, "tag", "-a", "-m", "x", "v1", first)
    plain_git(target, "tag", "plain", first)
    plain_git(target, "branch", "deep/main", first)
    plain_git(target, "tag", "main", first)
    url = {"path": str(target)} if local else {"url": served[1].url}
    for ref, commit in {
        "": last,
        "main": last,  # a branch comes before a tag
        "deep/main": first,
        "v1": first,
        "plain": first,
        "refs/tags/v1": first,
        "refs/heads/main": last,
    }.items():
        assert space.resolve(Repo(name="p", ref=ref, **url)) == commit, ref
    with pytest.raises(WorkspaceError, match="no branch and no tag 'v'"):
        space.resolve(Repo(name="p", ref="v", **url))
    with pytest.raises(GitError, match="is no branch or tag"):
        space.resolve(Repo(name="p", ref="--exec=x", **url))
    assert list((space.directory / "mirrors").iterdir()) == []


def test_a_pinned_commit_is_not_asked_for(space: Workspace) -> None:
    assert space.resolve(Repo(name="p", url="https://h/r", commit="AB" * 20)) == "ab" * 20
    with pytest.raises(WorkspaceError, match="no full commit id"):
        space.resolve(Repo(name="p", url="https://h/r", commit="abcdef1"))


def test_an_empty_repository_has_no_commit(space: Workspace, make: Make) -> None:
    with pytest.raises(WorkspaceError, match="HEAD names no commit"):
        space.resolve(Repo(name="p", path=str(make("empty", 0))))


# --- fetching ------------------------------------------------------------------------------------


def test_one_commit_is_fetched_and_only_once(
    space: Workspace, served: tuple[GitServer, Repo]
) -> None:
    server, repo = served
    commit = space.resolve(repo)
    assert space.fetch(repo, commit) is True
    asked = len(server.asked)
    assert space.fetch(repo, commit) is False
    assert Workspace(space.directory, GIT).fetch(repo, commit) is False
    assert len(server.asked) == asked
    assert plain_git(space.mirror(repo), "rev-list", "--all") == commit
    assert list((space.directory / "fetching").iterdir()) == []


def test_the_next_commit_comes_on_top(
    space: Workspace, served: tuple[GitServer, Repo], tmp_path: Path
) -> None:
    server, repo = served
    project, target = tmp_path / "made" / "project", tmp_path / "served" / "project.git"
    (project / "large").write_bytes(os.urandom(200_000))
    plain_git(project, "add", ".")
    first, second = advance(project, target, "x = 1\n"), advance(project, target, "x = 2\n")
    space.fetch(repo, first)
    assert server.sent > 200_000
    server.sent = 0
    assert space.fetch(repo, second) is True
    assert server.sent < 10_000
    mirror = space.mirror(repo)
    assert set(plain_git(mirror, "rev-list", "--all").split()) == {first, second}
    plain_git(mirror, "fsck", "--strict")
    for commit, text in ((first, "x = 1\n"), (second, "x = 2\n")):
        with space.worktree(repo, commit) as place:
            assert (place / "n.py").read_text() == text


def test_a_mirror_does_not_grow_into_ever_more_packs(space: Workspace, make: Make) -> None:
    project = make()
    repo = Repo(name="p", path=str(project))
    first = space.resolve(repo)
    commits = [first]
    space.fetch(repo, first)
    with space.worktree(repo, first) as place:  # in use meanwhile, with a commit of its own
        head = series(place, first)
        for n in range(22):
            (project / "n.py").write_text(f"n = {n + 100}\n")
            plain_git(project, "commit", "--quiet", "-am", f"more {n}")
            commits.append(space.resolve(repo))
            assert space.fetch(repo, commits[-1])
        assert plain_git(place, "rev-parse", "HEAD") == head
        plain_git(place, "fsck", "--strict")
    mirror = space.mirror(repo)
    assert len(list(mirror.glob("objects/pack/*.pack"))) < 10
    for commit in commits:
        with space.worktree(repo, commit) as place:
            assert (place / "n.py").is_file()


def test_a_commit_that_is_not_there(space: Workspace, served: tuple[GitServer, Repo]) -> None:
    with pytest.raises(GitError) as error:
        space.fetch(served[1], "0" * 39 + "1")
    assert error.value.kind == "missing"
    assert not space.mirror(served[1]).exists()
    with nobody() as url, pytest.raises(GitError) as error:
        space.fetch(Repo(name="p", url=url), "1" * 40)
    assert error.value.kind == "unreachable"


def test_a_server_that_knows_only_files(space: Workspace, make: Make) -> None:
    target = make(bare=True)
    plain_git(target, "update-server-info")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(target)))
    thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.02))
    thread.start()
    try:
        repo = Repo(name="p", url=f"http://127.0.0.1:{server.server_port}", ref="main")
        commit = plain_git(target, "rev-parse", "main~1")
        assert space.fetch(repo, commit) is True
        with space.worktree(repo, commit) as place:
            assert (place / "n.py").read_text() == "n = 1\n"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# --- repositories on this machine ----------------------------------------------------------------


def test_a_local_repository_is_never_changed(space: Workspace, make: Make) -> None:
    project = make()
    plain_git(project, "branch", "other")
    (project / "n.py").write_text("n = 'mine'\n")
    (project / "new.py").write_text("")
    (project / ".gitignore").write_text("*.log\n")
    (project / "x.log").write_text("")
    os.utime(project / "src" / "a.py", (1, 1))  # `git status` would write that to the index
    before = listing(project)
    repo = Repo(name="p", path=str(project))
    commit = space.resolve(repo)
    assert space.uncommitted(repo) == 3
    assert space.fetch(repo, commit) is True
    with space.worktree(repo, commit) as place:
        assert (place / "n.py").read_text() == "n = 2\n"
        assert not (place / "new.py").exists()
    space.bundle(repo, commit)
    space.sweep()
    assert listing(project) == before


def test_kinds_of_local_repositories(space: Workspace, make: Make, tmp_path: Path) -> None:
    project = make()
    bare, shallow, shared, tree = (tmp_path / name for name in ("bare", "sh", "alt", "tree"))
    plain_git(project, "clone", "--quiet", "--bare", ".", str(bare))
    plain_git(project, "clone", "--quiet", "--depth=1", project.as_uri(), str(shallow))
    plain_git(project, "clone", "--quiet", "--shared", ".", str(shared))
    plain_git(project, "worktree", "add", "--quiet", "--detach", str(tree))
    for source in (bare, shallow, shared, tree):
        repo = Repo(name=source.name, path=str(source))
        assert space.fetch(repo, space.resolve(repo)) is True
        assert space.uncommitted(repo) == 0
        with space.worktree(repo, space.resolve(repo)) as place:
            assert (place / "n.py").read_text() == "n = 2\n"


def test_what_is_no_repository(space: Workspace, make: Make, tmp_path: Path) -> None:
    plain_git(tmp_path, "init", "--quiet")  # one around it does not make it one
    inner = make() / "src"
    for path, said in (
        (tmp_path / "nothing", "there is no such directory"),
        (inner, "is not the top of a git repository"),
    ):
        for ask in (space.resolve, space.uncommitted, partial(space.fetch, commit="1" * 40)):
            with pytest.raises(WorkspaceError, match=f"{path}: {said}"):
                ask(Repo(name="p", path=str(path)))


def test_nothing_of_a_hostile_repository_is_run(
    space: Workspace, make: Make, tmp_path: Path
) -> None:
    project, marker, script = make(), tmp_path / "marker", tmp_path / "evil"
    script.write_text(f"#!/bin/sh\necho $0 $* >>{marker}\ncat\n")
    script.chmod(0o755)
    (project / ".gitattributes").write_text("* filter=evil diff=evil\na filter=we.ird\n")
    (project / ".gitmodules").write_text('[submodule "s"]\npath = s\nurl = ./s\nupdate = none\n')
    plain_git(project, "add", ".")
    plain_git(project, "commit", "--quiet", "-m", "attributes")
    commit = plain_git(project, "rev-parse", "HEAD")
    hooks = project / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        (hooks / hook).symlink_to(script)
    for key in (
        "core.fsmonitor",
        "uploadpack.packObjectsHook",
        "core.sshCommand",
        "core.alternateRefsCommand",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "filter.we.ird.clean",
        "diff.evil.textconv",
    ):
        plain_git(project, "config", key, str(script))
    (project / "n.py").write_text("n = 5\n")
    repo = Repo(name="p", path=str(project))
    assert space.resolve(repo) == commit
    assert space.uncommitted(repo) == 1
    assert space.fetch(repo, commit) is True
    with space.worktree(repo, commit) as place:
        GIT.run(place, "status")
    unbundle(space.bundle(repo, commit), tmp_path / "worker", GIT)
    assert not marker.exists(), marker.read_text()
    with contextlib.suppress(AssertionError):  # it is a hostile one: git itself falls for it
        plain_git(project, "status")
    assert marker.exists()


# --- worktrees -----------------------------------------------------------------------------------


def test_a_worktree_is_gone_afterwards(space: Workspace, make: Make) -> None:
    repo = Repo(name="group/p", path=str(make()))
    commit = space.resolve(repo)
    with pytest.raises(WorkspaceError, match="is not fetched"), space.worktree(repo, commit):
        pass
    space.fetch(repo, commit)
    with (
        pytest.raises(FileNotFoundError),
        space.worktree(repo, commit) as one,
        space.worktree(repo, commit) as two,
    ):
        assert one != two
        assert one.name == two.name == "p"
        assert plain_git(one, "rev-parse", "--abbrev-ref", "HEAD") == "HEAD"
        (one / "dir").mkdir()
        (one / "dir" / "file").write_text("")
        (one / "dir").chmod(0o500)
        raise FileNotFoundError
    assert list((space.directory / "worktrees").iterdir()) == []
    assert list(space.mirror(repo).glob("worktrees/*")) == []


def test_what_a_worktree_writes_to_the_config_does_not_last(space: Workspace, make: Make) -> None:
    repo = Repo(name="p", path=str(make()))
    commit = space.resolve(repo)
    space.fetch(repo, commit)
    with space.worktree(repo, commit) as place:
        plain_git(place, "config", "core.sshCommand", "touch /nowhere")
    with space.worktree(repo, commit) as place:
        assert GIT.text(place, "config", "core.sshCommand", codes=(1,)) == ""


# --- to other machines and back ------------------------------------------------------------------


def series(place: Path, base: str) -> str:
    """Two commits on top of what is checked out; the last one's id."""
    for n in range(2):
        (place / "src" / "a.py").write_text(f"import threading  # {n}\n")
        GIT.run(place, "commit", "--quiet", "-am", f"rewrite {n}", environment=WHO)
    assert GIT.text(place, "rev-parse", "HEAD~2") == base
    return GIT.text(place, "rev-parse", "HEAD")


def test_a_worker_needs_only_the_bundle(
    space: Workspace, served: tuple[GitServer, Repo], tmp_path: Path
) -> None:
    repo = served[1]
    commit = space.resolve(repo)
    space.fetch(repo, commit)
    worker = tmp_path / "worker"
    unbundle(space.bundle(repo, commit), worker)
    assert GIT.text(worker, "status", "--porcelain", "--branch") == "## HEAD (no branch)"
    assert GIT.text(worker, "rev-parse", "HEAD") == commit
    head = series(worker, commit)
    data = bundle_of(GIT, worker, commit, head)
    space.take(repo, data, "topic/x", head)
    mirror = space.mirror(repo)
    assert plain_git(mirror, "rev-parse", "refs/heads/topic/x") == head
    assert plain_git(mirror, "log", "--format=%s", f"{commit}..topic/x") == "rewrite 1\nrewrite 0"
    plain_git(mirror, "fsck", "--strict")
    space.take(repo, data, "topic/x", head)  # once more does no harm


def test_what_is_not_taken(space: Workspace, make: Make, tmp_path: Path) -> None:
    repo = Repo(name="p", path=str(make()))
    commit = space.resolve(repo)
    with pytest.raises(WorkspaceError, match="is not fetched"):
        space.take(repo, b"", "x", commit)
    space.fetch(repo, commit)
    unbundle(space.bundle(repo, commit), tmp_path / "worker")
    head = series(tmp_path / "worker", commit)
    good = bundle_of(GIT, tmp_path / "worker", commit, head)
    only_last = bundle_of(GIT, tmp_path / "worker", f"{head}~1", head)
    for data, said in (
        (b"", "no git bundle"),
        (good.replace(head.encode(), b"1" * 40), f"does not hold {head}"),
        (good[:-30], "the commits are not whole"),
        (good[:-30] + b"x" * 30, "the commits are not whole"),
        (only_last, "the commits are not whole"),
    ):
        with pytest.raises(WorkspaceError, match=said):
            space.take(repo, data, "x", head)
    for branch in ("--force", "a..b", "a b", "x.lock", ""):
        with pytest.raises(GitError):
            space.take(repo, good, branch, head)
    assert plain_git(space.mirror(repo), "for-each-ref", "refs/heads") == ""


def test_what_is_no_bundle_leaves_nothing(space: Workspace, make: Make, tmp_path: Path) -> None:
    repo = Repo(name="p", path=str(make()))
    commit = space.resolve(repo)
    space.fetch(repo, commit)
    data = space.bundle(repo, commit)
    with pytest.raises(WorkspaceError, match="no commit for another machine"):
        unbundle(data[3:], tmp_path / "worker")
    with pytest.raises(GitError):
        unbundle(data[:-5], tmp_path / "worker")
    assert not (tmp_path / "worker").exists()
    with pytest.raises(WorkspaceError, match="something already"):
        unbundle(data, tmp_path)


@pytest.mark.parametrize("moved", [False, True])
def test_a_series_is_pushed_from_a_shallow_mirror(
    space: Workspace, served: tuple[GitServer, Repo], tmp_path: Path, moved: bool
) -> None:
    server, repo = served
    project, target = tmp_path / "made" / "project", tmp_path / "served" / "project.git"
    (project / "large").write_bytes(os.urandom(200_000))
    plain_git(project, "add", ".")
    commit = advance(project, target, "x = 1\n")
    space.fetch(repo, commit)
    with space.worktree(repo, commit) as place:
        head = series(place, commit)
        if moved:  # so that no ref there names the base any more
            advance(project, target, "x = 2\n")
        server.received = 0
        words = ("push", "--quiet", "--", repo.url, f"{head}:refs/heads/topic")
        GIT.network(place, *words)
    assert plain_git(target, "rev-parse", "topic~2") == commit
    assert not (target / "shallow").exists()
    plain_git(target, "fsck", "--strict")
    assert server.received < 10_000


# --- killed runs, and two at once ----------------------------------------------------------------

FETCH = """
import sys
from pathlib import Path
from eventlet_codemod.batch.git import Git
from eventlet_codemod.batch.model import Repo
from eventlet_codemod.batch.workspace import Workspace
space = Workspace(Path(sys.argv[1]), Git())
repo = Repo(name="group/project", url=sys.argv[2])
commit = sys.argv[3]
print(space.fetch(repo, commit), flush=True)
if sys.argv[4:]:
    with space.worktree(repo, commit) as place:
        print(place, flush=True)
        sys.stdin.read()
"""


def start(space: Workspace, repo: Repo, commit: str, *more: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", FETCH, str(space.directory), repo.url, commit, *more]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("again", [False, True])
def test_a_run_that_is_killed_in_the_middle_of_a_fetch(
    space: Workspace, served: tuple[GitServer, Repo], tmp_path: Path, again: bool
) -> None:
    server, repo = served
    project, target = tmp_path / "made" / "project", tmp_path / "served" / "project.git"
    if again:
        space.fetch(repo, space.resolve(repo))
    (project / "large").write_bytes(os.urandom(200_000))
    plain_git(project, "add", ".")
    commit = advance(project, target, "x = 1\n")
    server.stall = 100_000
    with start(space, repo, commit) as run:
        assert server.stalled.wait(20)
        os.kill(run.pid, signal.SIGKILL)
    assert list((space.directory / "fetching").iterdir()) != []
    server.stall = 0
    assert space.fetch(repo, commit) is True  # while the git of the killed run still waits
    gone = space.sweep()
    assert [path.parent.name for path in gone] == ["fetching"]
    assert list((space.directory / "fetching").iterdir()) == []
    server.go_on.set()
    plain_git(space.mirror(repo), "fsck", "--strict")
    with space.worktree(repo, commit) as place:
        assert (place / "large").stat().st_size == 200_000


def test_only_what_killed_runs_left_is_swept(
    space: Workspace, served: tuple[GitServer, Repo]
) -> None:
    repo = served[1]
    commit = space.resolve(repo)
    with start(space, repo, commit, "stay") as killed, start(space, repo, commit, "stay") as alive:
        assert killed.stdout and alive.stdout
        told = {killed.stdout.readline(), alive.stdout.readline()}
        assert told == {"True\n", "False\n"}  # one fetched, the other waited for it
        left, used = (Path(run.stdout.readline().strip()) for run in (killed, alive))
        killed.kill()
        killed.wait()
        mirror = space.mirror(repo)
        lock = mirror / "packed-refs.lock"
        lock.write_text("")
        assert space.sweep() == [left.parent]
        assert (used / "n.py").is_file()
        assert lock.exists()  # a git of the one that is alive might hold it
        assert alive.stdin
        alive.stdin.close()
    assert space.sweep() == [lock]
    assert list(mirror.glob("worktrees/*")) == []
    assert space.sweep() == []


# --- room ----------------------------------------------------------------------------------------


@pytest.fixture
def many(make: Make) -> list[Repo]:
    repos = []
    for n in range(4):
        project = make(f"p{n}", 1)
        (project / "large").write_bytes(os.urandom(300_000))
        plain_git(project, "add", ".")
        plain_git(project, "commit", "--quiet", "-m", "large")
        repos.append(Repo(name=f"p{n}", path=str(project)))
    return repos


def test_what_was_not_used_for_the_longest_goes(tmp_path: Path, many: list[Repo]) -> None:
    space = Workspace(tmp_path / "space", GIT, disk_limit=900_000)
    commits = [space.resolve(repo) for repo in many]
    for n in (0, 1):
        space.fetch(many[n], commits[n])
    assert 600_000 < space.usage() < 900_000
    os.utime(space.directory / "locks" / f"{space.mirror(many[1]).name}.use", (1, 1))
    space.fetch(many[2], commits[2])
    assert [space.mirror(repo).exists() for repo in many] == [True, False, True, False]
    assert space.usage() < 900_000
    with space.hold(many[0]), space.hold(many[2]):
        with pytest.raises(WorkspaceError, match=r"takes 0.\d MB; others in use leave less"):
            space.fetch(many[3], commits[3])
        assert [space.mirror(repo).exists() for repo in many] == [True, False, True, False]
    assert space.fetch(many[1], commits[1]) is True  # what went comes again


def test_one_that_is_too_large_alone(tmp_path: Path, many: list[Repo]) -> None:
    space = Workspace(tmp_path / "space", GIT, disk_limit=200_000)
    with pytest.raises(WorkspaceError, match=r"takes 0.\d MB, more than the limit of 0.2 MB"):
        space.fetch(many[0], space.resolve(many[0]))
    assert space.usage() == 0
    assert list((space.directory / "fetching").iterdir()) == []


def test_a_full_file_system(
    space: Workspace, many: list[Repo], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(WorkspaceError, match=r"is full: 1\.0 MB are left"):
        space.fetch(many[0], space.resolve(many[0]))
