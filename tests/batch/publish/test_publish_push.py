from __future__ import annotations

from pathlib import Path

import pytest
from publish_git import BASE_TIME, JANE, TOOL, GitServer, Mirror, PlainGit, proposal

from eventlet_codemod.batch.git import Git
from eventlet_codemod.batch.model import Repo
from eventlet_codemod.batch.publish import Published, PublishError, publisher_for
from eventlet_codemod.batch.workspace import Workspace

BRANCH = "refs/heads/eventlet-codemod"


@pytest.fixture
def there(server: GitServer, mirror: Mirror) -> Path:
    return server.repository("nova", mirror)


@pytest.fixture
def repo(server: GitServer) -> Repo:
    return Repo(name="nova", url=f"{server.url}/nova.git", publish="push")


def publish(mirror: Mirror, repo: Repo, *texts: str) -> Published:
    publisher = publisher_for(repo, mirror.git, environ={})
    return publisher.publish(proposal(mirror, repo, mirror.series(*texts)))


def head(mirror: Mirror, there: Path, ref: str = BRANCH) -> str:
    return mirror.git.run(there, "rev-parse", "--verify", "-q", ref, codes=(0, 1)).decode().strip()


def put(mirror: Mirror, repo: Repo, commit: str) -> None:
    """Somebody pushes to the branch."""
    Git().network(mirror.path, "push", "-q", "--force", repo.url, f"{commit}:{BRANCH}")


def forget(mirror: Mirror) -> None:
    """Go on as another machine, which did not push before."""
    output = mirror.git.run(
        mirror.path, "for-each-ref", "--format=%(refname)", "refs/eventlet-codemod"
    )
    for ref in output.decode().split():
        mirror.git.run(mirror.path, "update-ref", "-d", ref)


def test_created_unchanged_updated(mirror: Mirror, repo: Repo, there: Path) -> None:
    first = publish(mirror, repo, "a", "b")
    assert first.action == "created"
    assert first.detail == f"branch eventlet-codemod of {repo.url}"
    assert head(mirror, there) == mirror.series("a", "b")[-1].sha
    pushes = sum(asked[0] == "push" for asked in mirror.git.asked)
    assert publish(mirror, repo, "a", "b").action == "unchanged"
    assert sum(asked[0] == "push" for asked in mirror.git.asked) == pushes
    assert publish(mirror, repo, "a", "c").action == "updated"
    assert head(mirror, there) == mirror.series("a", "c")[-1].sha
    assert publisher_for(repo, mirror.git).open_changes(repo) is None


def test_another_machine_goes_on(mirror: Mirror, repo: Repo, there: Path) -> None:
    publish(mirror, repo, "a", "b")
    forget(mirror)
    assert publish(mirror, repo, "c").action == "updated"


def test_a_new_base_is_nobodys_work(mirror: Mirror, repo: Repo, there: Path) -> None:
    publish(mirror, repo, "a")
    forget(mirror)
    mirror.base = mirror.commit(mirror.base, "Go on", {"more": "x"}, who=JANE)
    assert publish(mirror, repo, "a").action == "updated"


@pytest.fixture
def shallow(mirror: Mirror, repo: Repo, there: Path, tmp_path: Path) -> Mirror:
    """What another machine has, after a series was published and the target went on."""
    publish(mirror, repo, "a")
    base = mirror.commit(mirror.base, "Go on", {"more": "x"}, who=JANE)
    Git().network(mirror.path, "push", "-q", repo.url, f"{base}:refs/heads/master")
    workspace = Workspace(tmp_path / "cache", mirror.git)
    workspace.fetch(repo, base)
    return Mirror(mirror.git, workspace.mirror(repo), base)


def test_another_machine_goes_on_without_history(shallow: Mirror, repo: Repo, there: Path) -> None:
    assert shallow.git.text(shallow.path, "rev-list", "--count", shallow.base) == "1"
    assert publish(shallow, repo, "b").action == "updated"
    assert head(shallow, there) == shallow.series("b")[-1].sha


def test_work_on_the_branch_stays_without_history(
    mirror: Mirror, shallow: Mirror, repo: Repo, there: Path
) -> None:
    tip = mirror.series("a")[-1].sha
    work = mirror.commit(tip, "Mend it", {"part1.py": "mended"}, who=JANE)
    put(mirror, repo, work)
    with pytest.raises(PublishError, match="has 1 commit that this tool did not make"):
        publish(shallow, repo, "b")
    assert head(mirror, there) == work


def test_a_branch_that_its_target_has_is_nobodys_work(
    mirror: Mirror, repo: Repo, there: Path
) -> None:
    work = mirror.commit(mirror.base, "Go on", {"more": "x"}, who=JANE)
    put(mirror, repo, work)
    Git().network(mirror.path, "push", "-q", repo.url, f"{work}:refs/heads/master")
    assert publish(mirror, repo, "a").action == "updated"


@pytest.mark.parametrize("remembered", [True, False])
@pytest.mark.parametrize(
    ("who", "committed"),
    [(JANE, BASE_TIME), (TOOL, "2026-01-03T00:00:00+00:00")],
    ids=["somebody else", "the same person by hand"],
)
def test_work_on_the_branch_stays(
    mirror: Mirror,
    repo: Repo,
    there: Path,
    who: tuple[str, str],
    committed: str,
    remembered: bool,
) -> None:
    publish(mirror, repo, "a")
    tip = mirror.series("a")[-1].sha
    work = mirror.commit(tip, "Mend it", {"part1.py": "mended"}, who=who, committed=committed)
    put(mirror, repo, work)
    if not remembered:
        forget(mirror)
    # a mirror of all branches has it too
    mirror.git.run(mirror.path, "update-ref", BRANCH, work)
    with pytest.raises(PublishError) as caught:
        publish(mirror, repo, "b")
    assert caught.value.kind == "refused"
    assert str(caught.value) == (
        f"branch eventlet-codemod has 1 commit that this tool did not make, such as {work[:12]} "
        f"(Mend it) by {who[0]} <{who[1]}>: take it over by hand, or delete it"
    )
    assert head(mirror, there) == work


def test_a_branch_that_moves_meanwhile_is_not_overwritten(
    mirror: Mirror, repo: Repo, there: Path
) -> None:
    publish(mirror, repo, "a")
    work = mirror.commit(mirror.base, "Mend it", {"x": "y"}, who=JANE)

    class Slow(PlainGit):
        def network(self, directory: Path, command: str, *arguments: str, **other: object) -> bytes:
            if command == "push":
                put(mirror, repo, work)
            return super().network(directory, command, *arguments, **other)

    publisher = publisher_for(repo, Slow(mirror.git.home), environ={})
    with pytest.raises(PublishError, match="somebody pushed to it meanwhile"):
        publisher.publish(proposal(mirror, repo, mirror.series("b")))
    assert head(mirror, there) == work


@pytest.mark.parametrize("branch", ["master", "bad..name", "", "refs/heads/x", "a b"])
def test_never_onto_other_branches(
    server: GitServer, mirror: Mirror, there: Path, branch: str
) -> None:
    repo = Repo(name="nova", url=f"{server.url}/nova.git", publish="push", branch=branch)
    with pytest.raises(PublishError) as caught:
        publish(mirror, repo, "a")
    assert caught.value.kind == "refused"
    assert head(mirror, there, "refs/heads/master") == mirror.base


def test_never_onto_the_default_branch(mirror: Mirror, repo: Repo, there: Path) -> None:
    mirror.git.run(there, "update-ref", BRANCH, mirror.base)
    mirror.git.run(there, "symbolic-ref", "HEAD", BRANCH)
    with pytest.raises(PublishError, match="eventlet-codemod is the default branch of nova"):
        publish(mirror, repo, "a")
    assert head(mirror, there) == mirror.base


def test_a_hook_that_refuses_is_heard(server: GitServer, mirror: Mirror) -> None:
    hook = "#!/bin/sh\necho 'No branches on Fridays' >&2\nexit 1\n"
    server.repository("strict", mirror, hooks={"pre-receive": hook})
    repo = Repo(name="nova", url=f"{server.url}/strict.git", publish="push")
    with pytest.raises(PublishError) as caught:
        publish(mirror, repo, "a")
    assert str(caught.value) == (
        "branch eventlet-codemod was not taken: pre-receive hook declined: No branches on Fridays"
    )


def test_an_empty_series(mirror: Mirror, repo: Repo, there: Path) -> None:
    with pytest.raises(PublishError, match="no commit"):
        publish(mirror, repo)
    assert mirror.git.asked == []


def test_a_repository_that_is_not_published(mirror: Mirror) -> None:
    with pytest.raises(ValueError, match="nova is not to be published"):
        publisher_for(Repo(name="nova"), mirror.git)
