"""A branch of our own on a server: pushed so that nobody's work is lost."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from eventlet_codemod.batch.git import Git, GitError
from eventlet_codemod.batch.publish.base import Action, Proposal, PublishError
from eventlet_codemod.batch.publish.record import Record, load, save
from eventlet_codemod.batch.publish.remote import network, place, push, safe
from eventlet_codemod.report.words import count

_FORMAT = "%H%x00%an <%ae>%x00%cn <%ce>%x00%at%x00%ct%x00%s"


def push_branch(
    git: Git, proposal: Proposal, url: str, branch: str, login: Mapping[str, str]
) -> Action:
    """Bring ``branch`` at ``url`` to the head of the series, if it is new or still ours.

    It is ours if it is what was pushed last from here, or if each of its commits is by whom those
    of the series are, and as it was made: one that was amended or rebased has another time as
    committed than as authored. Raises PublishError.
    """
    git_dir = proposal.git_dir
    _check_name(git, proposal, branch)
    if not proposal.commits:
        raise PublishError("refused", "there is nothing to publish: the series has no commit")
    heads = _heads(git, git_dir, url, branch, login)
    if heads.get("HEAD") == branch:
        raise PublishError("refused", f"{safe(branch)} is the default branch of {place(url).path}")
    there = heads.get(branch, "")
    where = f"{url}\0{branch}"
    if there == proposal.head:
        save(git, git_dir, where, Record(proposal.head))
        return "unchanged"
    if there and there != load(git, git_dir, where).head:
        _check_ours(git, proposal, url, branch, login)
    ref = f"refs/heads/{branch}"
    pushed = push(
        git,
        git_dir,
        url,
        f"{proposal.head}:{ref}",
        [f"--force-with-lease={ref}:{there}"],
        login,
    )
    if pushed.reason:
        more = next((line.strip() for line in pushed.said if line.strip()), "")
        detail = f": {more}" if more and pushed.reason != "stale info" else ""
        stale = "somebody pushed to it meanwhile" if pushed.reason == "stale info" else ""
        raise PublishError(
            "refused",
            safe(f"branch {branch} was not taken: {stale or pushed.reason}{detail}"),
        )
    save(git, git_dir, where, Record(proposal.head))
    return "updated" if there else "created"


def _check_name(git: Git, proposal: Proposal, branch: str) -> None:
    if branch in (proposal.target, proposal.repo.ref) or branch.startswith("refs/"):
        raise PublishError(
            "refused", f"{safe(branch)} is no branch to push to: give the series its own"
        )
    ref = f"refs/heads/{branch}"
    valid = git.run(proposal.git_dir, "check-ref-format", "--normalize", ref, codes=(0, 1))
    if valid.decode().strip() != ref:
        raise PublishError("refused", f"{safe(branch)} is no name for a branch")


def _heads(
    git: Git, git_dir: Path, url: str, branch: str, login: Mapping[str, str]
) -> dict[str, str]:
    """The commit of the branch, if it is there, and under HEAD the name of the default branch."""
    ref = f"refs/heads/{branch}"
    output = network(git, git_dir, "ls-remote", "--symref", url, "HEAD", ref, login=login)
    heads = {}
    for line in output.splitlines():
        value, _, name = line.partition("\t")
        if name == "HEAD" and value.startswith("ref: "):
            heads["HEAD"] = value.removeprefix("ref: ").removeprefix("refs/heads/")
        elif name == ref:
            heads[branch] = value
    return heads


def _check_ours(
    git: Git, proposal: Proposal, url: str, branch: str, login: Mapping[str, str]
) -> None:
    git_dir = proposal.git_dir
    ours = {tuple(row[1:3]) for row in _rows(git, git_dir, f"{proposal.base}..{proposal.head}")}
    there = _commits_of(git, proposal, url, branch, login)
    strange = [row for row in there if tuple(row[1:3]) not in ours or row[3] != row[4]]
    if strange:
        sha, author, committer, written, committed, subject = strange[0]
        who = committer if author == committer or written != committed else author
        raise PublishError(
            "refused",
            safe(
                f"branch {branch} has {count(len(strange), 'commit')} that this tool did not make, "
                f"such as {sha[:12]} ({subject}) by {who}: take it over by hand, or delete it"
            ),
        )


def _commits_of(
    git: Git, proposal: Proposal, url: str, branch: str, login: Mapping[str, str]
) -> list[tuple[str, ...]]:
    """The commits of a branch there that its target has not: that is no work on our branch.

    The other side says which, for the mirror has no history. They are fetched beside it: other
    branches of the mirror do not count, for one of them may be ours, with that work on it.
    """
    options = ["--quiet", "--no-tags", "--no-write-fetch-head"]
    ref = f"+refs/heads/{branch}:refs/heads/there"
    target = proposal.target.removeprefix("refs/heads/")
    with tempfile.TemporaryDirectory(prefix="branch-") as directory:
        path = Path(directory)
        git.run(path, "init", "--quiet", "--bare", "--template=")
        but = f"--shallow-exclude=refs/heads/{target}"
        known = [proposal.base]
        try:
            git.network(path, "fetch", *options, but, url, ref, environment=login)
        except GitError:
            # The target has all of it, or is not there, in a fork say, or this server cannot tell.
            refs = [ref, f"+refs/heads/{target}*:refs/targets/{target}*"]
            network(git, path, "fetch", *options, url, *refs, login=login)
            words = ("for-each-ref", "--format=%(objectname)", f"refs/targets/{target}")
            known += git.text(path, *words).split()
        return _rows(git, path, "--ignore-missing", "refs/heads/there", "--not", *known)


def _rows(git: Git, git_dir: Path, *revisions: str) -> list[tuple[str, ...]]:
    output = git.run(git_dir, "log", "-z", f"--format={_FORMAT}%x01", *revisions)
    rows = output.decode(errors="replace").split("\x01")
    return [tuple(row.strip("\0\n").split("\0")) for row in rows if row.strip("\0\n")]
