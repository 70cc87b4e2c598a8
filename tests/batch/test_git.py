"""Git is run so that nothing of a repository is run, nothing waits, and no secret gets out."""

from __future__ import annotations

import os
import pickle
import select
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from repositories import Make, plain_git
from servers import git_server, nobody, silent_server

from eventlet_codemod.batch.git import HARMLESS, Git, GitError, protocol, redacted

GIT = Git(timeout=20, network_timeout=20)
SECRET = "s3cr3t-of-mine"


def refused(*arguments: str, git: Git = GIT) -> str:
    with pytest.raises(GitError) as error:
        git.network(Path("/"), *arguments)
    assert error.value.kind == "refused"
    return str(error.value)


# --- what is said --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        f"fatal: Authentication failed for 'https://me:{SECRET}@host/x.git/'",
        f"https://{SECRET}@github.com/o/r",
        f"https://me:{SECRET}/x@host/r and https://me:a@{SECRET}@host/r",
        f"ssh://me:{SECRET}@host:29418/r",
        f"> Authorization: Basic {SECRET}",
        f"http.extraHeader=AUTHORIZATION: bearer {SECRET}",
        f"Bearer {SECRET}0123456789",
        f"PRIVATE-TOKEN: {SECRET}",
        f"https://host/r?access_token={SECRET}&x=1",
        f'{{"token": "{SECRET}"}}',
        "ghp_" + SECRET.replace("-", "") + "abcdefgh",
        "glpat-" + SECRET + "abcdefgh",
        f"password={SECRET}",
    ],
)
def test_no_secret_gets_out(text: str) -> None:
    assert SECRET not in redacted(text)
    assert SECRET.replace("-", "") not in redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://opendev.org/openstack/nova",
        "ssh://me@review.example.org:29418/openstack/nova",
        "git@github.com:openstack/nova.git",
        "http://127.0.0.1:8080/a@b",
        "a basic authentication, the basic thing; 1234567 is no commit",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redacted(text) == text


def test_an_error_is_one_line_with_its_command(make: Make) -> None:
    with pytest.raises(GitError) as error:
        GIT.run(make(), "-c", "user.name=a", "rev-parse", "--verify", "nothing")
    assert str(error.value) == "git rev-parse: Needed a single revision"
    assert error.value.kind == "missing"
    again = pickle.loads(pickle.dumps(error.value))
    assert (again.kind, str(again)) == (error.value.kind, str(error.value))


@pytest.mark.parametrize("related", [True, False])
def test_what_a_push_was_refused_for_is_told(make: Make, *, related: bool) -> None:
    target = make(bare=True)
    other = make("other", 1)
    if related:
        first = plain_git(target, "rev-list", "--max-parents=0", "HEAD")
        plain_git(other, "fetch", "--quiet", str(target), f"{first}:refs/heads/first")
        plain_git(other, "reset", "--quiet", "--hard", "first")
    else:  # git asks in vain what it need not send, and goes on
        plain_git(other, "commit", "--quiet", "--amend", "--message=other")
    said = r"git push: ! \[rejected\] HEAD -> main"
    with git_server(target.parent) as server, pytest.raises(GitError, match=said) as error:
        GIT.network(other, "push", f"{server.url}/{target.name}", "HEAD:refs/heads/main")
    assert ("push negotiation failed" in error.value.said) is not related


# --- what is allowed -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://h/r", "https"),
        ("HTTPS://h/r", "https"),
        ("ssh://h/r", "ssh"),
        ("me@h:r", "ssh"),
        ("ext::sh -c x", "ext"),
        ("https::ext", "https"),
        ("/a:b", "file"),
        ("./a:b", "file"),
        ("file:///a", "file"),
    ],
)
def test_the_protocol_of_an_address(url: str, kind: str) -> None:
    assert protocol(url) == kind


def test_only_encrypted_protocols_and_this_machine() -> None:
    assert "not encrypted" in refused("fetch", "http://example.org/r")
    assert "not encrypted" in refused("fetch", "git://example.org/r")
    assert "is a path" in refused("fetch", "/etc")
    assert "is a path" in refused("fetch", "file:///etc")
    assert "not allowed, ext" in refused("fetch", "ext::sh -c 'touch marker'")
    assert "not allowed, ftp" in refused("ls-remote", "ftp://h/r", git=Git(insecure=True))


def test_http_elsewhere_when_asked_for() -> None:
    with silent_server() as url:
        # a name that only git looks up: nothing is asked of the network outside
        elsewhere = f"http://x.invalid:{url.rpartition(':')[2]}/r"
        with pytest.raises(GitError) as error:
            Git(insecure=True).network(Path("/"), "ls-remote", elsewhere, timeout=10)
    assert error.value.kind in ("unreachable", "timeout")


def test_options_are_not_taken_for_addresses_or_refs() -> None:
    assert "--exec is not allowed" in refused("ls-remote", "--exec=x", "https://h/r")
    assert "--upload-pack is not" in refused("fetch", "--upload-pack=touch x", "https://h/r")
    assert "--recei is not allowed" in refused("push", "--recei=x", "https://h/r")
    assert "no address" in refused("fetch", "--depth=1")
    assert "'-x' is no address" in refused("fetch", "--", "-x")
    assert "'--force' is no" in refused("push", "https://h/r", "--force")
    assert "no command for the network" in refused("clone", "https://h/r")


def test_a_directory_inside_of_a_repository_is_none(make: Make) -> None:
    with pytest.raises(GitError) as error:
        GIT.run(make() / "src", "rev-parse", "HEAD")
    assert error.value.kind == "missing"


def test_only_named_variables_reach_git(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make()
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    monkeypatch.setenv("LD_SOMETHING", "1")
    seen = GIT.text(project, "-c", "alias.env=!env", "env", environment={"GIT_AUTHOR_NAME": "b"})
    names = {line.partition("=")[0] for line in seen.splitlines()}
    assert "GIT_AUTHOR_NAME" in names
    assert not names & {"GIT_EXTERNAL_DIFF", "LD_SOMETHING", "HOME", "SSH_AUTH_SOCK"}


def test_the_users_config_is_for_the_network_only(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = make(bare=True)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    with git_server(target.parent, login=f"me:{SECRET}") as server:
        url = f"{server.url}/{target.name}"
        with pytest.raises(GitError) as error:
            GIT.network(target, "ls-remote", url)
        assert error.value.kind == "refused"
        helper = f"!f() {{ echo username=me; echo password={SECRET}; }}; f"
        plain_git(tmp_path, "config", "-f", str(home / ".gitconfig"), "credential.helper", helper)
        plain_git(tmp_path, "config", "-f", str(home / ".gitconfig"), "core.hooksPath", "/tmp")
        assert b"refs/heads/main" in GIT.network(target, "ls-remote", url)
    assert GIT.user_setting("credential.helper") == helper
    assert GIT.text(target, "config", "--get", "credential.helper", codes=(1,)) == ""


# --- the end of it -------------------------------------------------------------------------------


def test_a_server_that_never_answers(make: Make) -> None:
    with silent_server() as url, pytest.raises(GitError) as error:
        GIT.network(make(), "fetch", f"{url}/r", "main", timeout=0.5)
    assert error.value.kind == "timeout"
    assert str(error.value) == "git fetch: took more than 0.5 s"


def test_what_runs_in_other_threads_is_ended(make: Make) -> None:
    git = Git(network_timeout=60)
    place = make()
    with silent_server() as url, ThreadPoolExecutor(1) as threads:
        running = threads.submit(git.network, place, "fetch", f"{url}/r", "main")
        while not git._running:
            time.sleep(0.01)
        git.end()
        with pytest.raises(GitError) as error:
            running.result(10)
    assert error.value.kind == "failed"
    with pytest.raises(GitError, match="nothing is begun any more"):
        git.run(place, "rev-parse", "--git-dir")


def test_everything_that_git_began_ends_with_it(make: Make, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    # a program that ignores SIGTERM and holds the pipe, below a git
    stubborn = f"!trap '' TERM; exec >'{pipe}'; echo on; exec sleep 20"
    with pytest.raises(GitError) as error:
        GIT.run(make(), "-c", f"alias.wait={stubborn}", "wait", timeout=0.3)
    assert error.value.kind == "timeout"
    seen = [b""]
    while select.select([reader], [], [], 10)[0]:
        seen.append(os.read(reader, 100))
        if not seen[-1]:  # nobody holds the other end
            break
    os.close(reader)
    assert seen == [b"", b"on\n", b""]


def test_what_stays_behind_does_not_hold_it_up(make: Make, tmp_path: Path) -> None:
    # as the master connection of ssh: in a session of its own, with our standard error open
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    behind = f"!setsid sh -c 'read x <{pipe}' >/dev/null & echo done"
    done = GIT.text(make(), "-c", f"alias.leave={behind}", "leave", timeout=10)
    pipe.write_text("go\n")
    assert done == "done"


def test_nobody_there_and_nothing_there(make: Make) -> None:
    target = make(bare=True)
    with nobody() as url, pytest.raises(GitError) as error:
        GIT.network(target, "ls-remote", f"{url}/r")
    assert error.value.kind == "unreachable"
    with git_server(target.parent) as server:
        with pytest.raises(GitError) as error:
            GIT.network(target, "ls-remote", f"{server.url}/other.git")
        assert error.value.kind == "missing"
        with pytest.raises(GitError) as error:
            GIT.network(target, "fetch", f"{server.url}/{target.name}", "refs/heads/other")
        assert error.value.kind == "missing"


def test_wrong_credentials_are_not_told(make: Make) -> None:
    target = make(bare=True)
    with git_server(target.parent, login="me:right") as server:
        url = server.url.replace("//", f"//me:{SECRET}@")
        with pytest.raises(GitError) as error:
            GIT.network(target, "ls-remote", f"{url}/{target.name}")
    assert error.value.kind == "refused"
    assert SECRET not in str(error.value) + error.value.said + repr(error.value)


# --- what is fetched -----------------------------------------------------------------------------


def odd_tree(project: Path, name: str, mode: bytes) -> str:
    blob = plain_git(project, "hash-object", "-w", "--stdin", data=b"x\n")
    data = mode + b" " + name.encode() + b"\0" + bytes.fromhex(blob)
    words = ("hash-object", "-w", "--stdin", "-t", "tree", "--literally")
    return plain_git(project, *words, data=data)


def odd_commit(project: Path, tree: str, who: str) -> str:
    data = f"tree {tree}\nauthor {who}\ncommitter {who}\n\nodd\n".encode()
    words = ("hash-object", "-w", "--stdin", "-t", "commit", "--literally")
    return plain_git(project, *words, data=data)


@pytest.mark.parametrize(
    ("name", "mode", "who"),
    [
        ("sub", b"0100644", "a <a@b> 1 +0000"),
        ("sub", b"100644", "a <a@b>1 +0000"),
        ("sub", b"100644", "a <a@b> 1 +000000"),
        ("sub", b"100644", "a<a@b> 1 +0000"),
    ],
)
def test_old_faults_do_not_matter(make: Make, name: str, mode: bytes, who: str) -> None:
    project, target = make(), make("target")
    commit = odd_commit(project, odd_tree(project, name, mode), who)
    plain_git(project, "update-ref", "refs/heads/odd", commit)
    GIT.local(target, "fetch", source=project, refs=["refs/heads/odd:refs/heads/odd"])
    assert GIT.text(target, "rev-parse", "refs/heads/odd") == commit


def test_a_tree_that_is_an_attack_is_not_fetched(make: Make) -> None:
    project, target = make(), make("target")
    commit = odd_commit(project, odd_tree(project, ".git", b"100644"), "a <a@b> 1 +0000")
    plain_git(project, "update-ref", "refs/heads/odd", commit)
    with pytest.raises(GitError, match="hasDotgit"):
        GIT.local(target, "fetch", source=project, refs=["refs/heads/odd"])


def test_git_knows_all_the_faults(make: Make) -> None:
    project, target = make(), make("target", 1)
    GIT.local(target, "fetch", source=project, refs=["main"])
    words = [f"fetch.fsck.{name}=warn" for name in HARMLESS]
    plain = [part for word in words for part in ("-c", word)]
    said = plain_git(target, *plain, "-c", "transfer.fsckObjects=true", "fetch", str(project))
    assert "nknown" not in said


# --- hostile repositories ------------------------------------------------------------------------


@pytest.fixture
def hostile(make: Make, tmp_path: Path) -> tuple[Path, Path]:
    """A repository whose config, hooks and attributes leave a marker wherever they are run."""
    project = make("hostile")
    marker = tmp_path / "marker"
    script = tmp_path / "evil"
    script.write_text(f'#!/bin/sh\necho "$0 $*" >>{marker}\ncat\n')
    script.chmod(0o755)
    (project / ".gitattributes").write_text("* filter=evil diff=evil merge=evil\n")
    plain_git(project, "add", ".")
    plain_git(project, "commit", "--quiet", "-m", "attributes")
    alternates = project / ".git" / "objects" / "info" / "alternates"
    alternates.write_text(f"{make('alternate', 1) / '.git' / 'objects'}\n")
    hooks = project / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in [
        "post-checkout",
        "post-index-change",
        "reference-transaction",
        "pre-commit",
        "commit-msg",
        "post-commit",
        "prepare-commit-msg",
        "pre-push",
        "post-rewrite",
        "pre-auto-gc",
        "applypatch-msg",
        "fsmonitor-watchman",
    ]:
        (hooks / name).symlink_to(script)
    for key in [
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "core.editor",
        "core.gitProxy",
        "core.askPass",
        "core.alternateRefsCommand",
        "sequence.editor",
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "merge.evil.driver",
        "filter.evil.clean",
        "filter.evil.smudge",
        "gpg.program",
        "credential.helper",
        "uploadpack.packObjectsHook",
        "pager.log",
        "pager.diff",
        "remote.origin.uploadpack",
        "interactive.diffFilter",
    ]:
        plain_git(project, "config", key, str(script))
    plain_git(project, "config", "core.hooksPath", str(hooks))
    plain_git(project, "config", "commit.gpgSign", "true")
    plain_git(project, "config", "alias.fetch", f"!{script}")
    plain_git(project, "config", "remote.origin.url", f"ext::{script}")
    plain_git(project, "config", "remote.origin.promisor", "true")
    marker.unlink(missing_ok=True)
    return project, marker


def test_the_hostile_repository_is_one(hostile: tuple[Path, Path]) -> None:
    project, marker = hostile
    (project / "n.py").write_text("n = 'other'\n")
    plain_git(project, "diff")
    assert "evil" in marker.read_text()


def test_nothing_is_run_by_reading_a_hostile_repository(hostile: tuple[Path, Path]) -> None:
    project, marker = hostile
    for words in (
        ("rev-parse", "HEAD"),
        ("log", "-p", "-1"),
        ("show",),
        ("diff", "HEAD~1", "HEAD"),
        ("diff-tree", "-p", "HEAD~1", "HEAD"),
        ("format-patch", "--stdout", "-1"),
        ("for-each-ref",),
        ("cat-file", "-p", "HEAD"),
    ):
        GIT.run(project, *words)
        assert not marker.exists(), (words, marker.read_text())


def test_nothing_is_run_by_fetching_from_a_hostile_repository(
    hostile: tuple[Path, Path], make: Make
) -> None:
    project, marker = hostile
    target = make("target", 1)
    GIT.local(target, "ls-remote", source=project)
    GIT.local(target, "fetch", "--depth=1", source=project, refs=["main:refs/heads/theirs"])
    assert not marker.exists(), marker.read_text()
    assert GIT.text(target, "log", "-1", "--format=%s", "theirs") == "attributes"


def test_nothing_is_run_for_objects_that_a_hostile_repository_lacks(
    hostile: tuple[Path, Path], make: Make
) -> None:
    project, marker = hostile
    blob = plain_git(project, "rev-parse", "HEAD:n.py")
    (project / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    plain_git(project, "config", "core.repositoryFormatVersion", "1")
    plain_git(project, "config", "extensions.partialClone", "origin")
    with pytest.raises(GitError):
        GIT.local(make("target", 1), "fetch", "--depth=1", source=project, refs=["main"])
    assert not marker.exists(), marker.read_text()


def test_nothing_is_run_by_the_network_in_a_hostile_repository(
    hostile: tuple[Path, Path], make: Make
) -> None:
    project, marker = hostile
    target = make(bare=True)
    with git_server(target.parent) as server:
        url = f"{server.url}/{target.name}"
        GIT.network(project, "fetch", url, "main")
        GIT.network(project, "push", url, "HEAD:refs/heads/x")
    with nobody() as url:
        ssh = url.replace("http://", "ssh://") + "/r"
        with pytest.raises(GitError):
            GIT.network(project, "ls-remote", ssh)
    assert not marker.exists(), marker.read_text()
