"""Gerrit: the series as one chain of changes, by a push to ``refs/for``.

The same commits again change nothing there, and the same Change-Ids with other commits become new
patch sets of the same changes. What people decide about a change is theirs: topic, reviewers and
work-in-progress are given when it is made, and not again. A change that somebody else has made a
patch set of, or that is closed, is left alone as far as the server's API tells of it (``api_url``);
without it the server's own no is passed on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from eventlet_codemod.batch.git import Git
from eventlet_codemod.batch.publish import gitreview
from eventlet_codemod.batch.publish.base import Action, Commit, Proposal, Published, PublishError
from eventlet_codemod.batch.publish.gerrit_rest import Change, Changes
from eventlet_codemod.batch.publish.http import Http
from eventlet_codemod.batch.publish.limits import Pace
from eventlet_codemod.batch.publish.record import Record, load, save
from eventlet_codemod.batch.publish.remote import login, place, push, safe
from eventlet_codemod.report.words import count

if TYPE_CHECKING:
    from eventlet_codemod.batch.model import Repo

_CHANGE_ID = re.compile(r"I[0-9a-f]{40}", re.IGNORECASE)
_LINE = re.compile(r"  (?P<address>https?://\S+) (?P<subject>.*)")
_MARKS = re.compile(r"(?: \[(?:NEW|WIP|EDIT|PRIVATE)\])+$")
#: What may stand behind the ``%`` of a ref: no comma, and nothing that git takes no ref with.
_PLAIN = re.compile(r"[A-Za-z0-9_.@+/=-]+")
_NOTHING_NEW = ("no new changes", "commit(s) already exists (as current patchset)")


class GerritPublisher:
    """Pushes for review with git's own credentials, or GERRIT_USERNAME and GERRIT_PASSWORD."""

    def __init__(self, git: Git, http: Http, pace: Pace, environ: Mapping[str, str]) -> None:
        self._git = git
        self._http = http
        self._pace = pace
        self._environ = environ

    def publish(self, proposal: Proposal) -> Published:
        """Bring the changes to what the series is. Raises PublishError."""
        check_change_ids(proposal.commits)
        check_depends_on(proposal)
        url, project, target = self._where(proposal)
        where = f"{url}\0{target}\0{proposal.campaign}"
        record = load(self._git, proposal.git_dir, where)
        there = self._there(proposal, project, target)
        known = {**record.changes, **{change.change_id: change.address for change in there}}
        ids = [commit.change_id for commit in proposal.commits]
        now = {change.change_id: change.sha for change in there}
        if all(now.get(commit.change_id) == commit.sha for commit in proposal.commits):
            made, renewed = Counter[str](), Counter[str]()
        else:
            made, renewed = self._push(proposal, url, target, known)
        save(
            self._git,
            proposal.git_dir,
            where,
            Record(proposal.head, {name: known.get(name, "") for name in ids}),
        )
        gone = [address or name for name, address in record.changes.items() if name not in ids]
        return _published(ids, known, sum(made.values()), sum(renewed.values()), gone)

    def open_changes(self, repo: Repo) -> int | None:
        """Open changes of the topic and hashtags, None without ``api_url`` or without either."""
        changes = self._changes(repo)
        if changes is None or not (repo.topic or repo.hashtags):
            return None
        source = place(repo.push_url or repo.url)
        project = self._project(repo, source.path or repo.name)
        return changes.count_open(project, repo.target or repo.ref, repo.topic, repo.hashtags)

    def _where(self, proposal: Proposal) -> tuple[str, str, str]:
        """The address to push to, the project's name there, and the branch.

        What the manifest says comes before what ``.gitreview`` says.
        """
        repo = proposal.repo
        told = gitreview.read(self._git, proposal.git_dir, proposal.base)
        url = repo.push_url or told.url(self._environ.get("GERRIT_USERNAME", ""))
        if not url and told.remote:
            key = f"remote.{told.remote}.url"
            found = self._git.run(proposal.git_dir, "config", "--get", key, codes=(0, 1))
            url = found.decode().strip()
        url = url or repo.source
        own = repo.target or (proposal.target if repo.ref else "")
        target = own or told.branch or proposal.target
        path = "" if repo.push_url else told.project
        project = path or self._project(repo, place(url).path)
        return url, project, target.removeprefix("refs/heads/")

    def _project(self, repo: Repo, path: str) -> str:
        """The project that a path on the server names: below Gerrit's own, and ``a`` for HTTP."""
        prefix = f"{place(repo.api_url).path}/" if repo.api_url else ""
        return path.removeprefix(prefix).removeprefix("a/")

    def _changes(self, repo: Repo) -> Changes | None:
        if not repo.api_url:
            return None
        return Changes(repo.api_url, self._http, self._pace, self._environ)

    def _there(self, proposal: Proposal, project: str, target: str) -> list[Change]:
        """What the server has of the series, if it can be asked. Raises where it must stay."""
        changes = self._changes(proposal.repo)
        if changes is None:
            return []
        ids = [commit.change_id for commit in proposal.commits]
        there = changes.of_series(project, target, ids)
        git, git_dir = self._git, proposal.git_dir
        output = git.run(git_dir, "log", "-1", "--format=%ce", proposal.head)
        ours = output.decode(errors="replace").strip()
        wanted = {commit.change_id: commit.sha for commit in proposal.commits}
        for change in there:
            if change.sha == wanted[change.change_id]:
                continue
            if change.closed:
                text = f"{change.address} is {change.status.lower()}: it takes no more patch sets"
                raise PublishError("refused", safe(text))
            if other := change.reworked_by(ours):
                text = f"{change.address} has a patch set by {other}: take it over by hand"
                raise PublishError("refused", safe(text))
        return there

    def _push(
        self, proposal: Proposal, url: str, target: str, known: dict[str, str]
    ) -> tuple[Counter[str], Counter[str]]:
        """Push what is there and what is not by turns, for options count for all of a push.

        Gives the Change-Ids that were made, and those that got a patch set; ``known`` learns their
        addresses. That is one push where all changes are new, and one where none is.
        """
        made, renewed = Counter[str](), Counter[str]()
        repo = proposal.repo
        user = self._environ.get("GERRIT_USERNAME", "")
        secret = self._environ.get("GERRIT_PASSWORD", "")
        # What .gitreview says is anybody's word: it does not get the password.
        trusted = [repo.push_url, repo.url, repo.api_url]
        shown = login(url, user, secret, self._environ, trusted=trusted)
        old = frozenset(known)
        for is_old, group in groupby(proposal.commits, key=lambda c: c.change_id in old):
            commits = list(group)
            ref, options = f"refs/for/{target}", list[str]()
            if not is_old:
                ref, options = with_options(ref, push_options(repo))
            refspec = f"{commits[-1].sha}:{ref}"
            pushed = push(self._git, proposal.git_dir, url, refspec, options, shown)
            if pushed.reason and not pushed.reason.startswith(_NOTHING_NEW):
                raise _refused(pushed.reason, pushed.said)
            for commit, address, new in addresses(proposal.commits, pushed.said):
                known[commit.change_id] = address
                (made if new else renewed)[commit.change_id] += 1
            for commit in commits:
                known.setdefault(commit.change_id, "")
        return made, renewed


def check_change_ids(commits: Sequence[Commit]) -> None:
    """What Gerrit would refuse, before anything is sent. Raises PublishError."""
    if not commits:
        raise PublishError("refused", "there is nothing to publish: the series has no commit")
    for commit in commits:
        if not _CHANGE_ID.fullmatch(commit.change_id):
            raise PublishError("refused", safe(f"no Change-Id in {commit.subject!r}"))
    for name, number in Counter(commit.change_id for commit in commits).items():
        if number > 1:
            raise PublishError("refused", f"{number} commits of the series have the same {name}")


def check_depends_on(proposal: Proposal) -> None:
    """What the series needs must stand in its messages: only there does Zuul read it.

    Raises PublishError.
    """
    lines = {line for commit in proposal.commits for line in commit.body.splitlines()}
    for other in proposal.depends_on:
        if f"Depends-On: {other}" not in lines:
            raise PublishError("refused", safe(f"no commit says that it depends on {other}"))


def push_options(repo: Repo) -> list[str]:
    """What changes are made with, as Gerrit names it."""
    options = [f"topic={repo.topic}"] if repo.topic else []
    options += [f"t={tag}" for tag in repo.hashtags]
    options += ["wip"] if repo.wip else ["ready"]
    for who in repo.reviewers:
        options.append(who if who.startswith("cc=") else f"r={who.removeprefix('r=')}")
    return options


def with_options(ref: str, options: Sequence[str]) -> tuple[str, list[str]]:
    """A ref with its options behind a ``%``, as every Gerrit reads them.

    If one of them cannot stand in a ref, all become push options, as arguments for git.
    """
    if all(_PLAIN.fullmatch(o) and ".." not in o and not o.endswith(".lock") for o in options):
        return (f"{ref}%{','.join(options)}" if options else ref), []
    return ref, [f"--push-option={option}" for option in options]


def addresses(commits: Sequence[Commit], said: Sequence[str]) -> list[tuple[Commit, str, bool]]:
    """The commits that a server tells of, with their addresses, and whether they are new changes.

    It tells of those that it took, in the order of the chain, their subjects cropped.
    """
    result = []
    rest = list(commits)
    for line in said:
        if not (found := _LINE.fullmatch(line)):
            continue
        marks = _MARKS.search(found["subject"])
        subject = found["subject"][: marks.start()] if marks else found["subject"]
        start = subject.removesuffix("...").rstrip()
        for number, commit in enumerate(rest):
            if commit.subject == subject or commit.subject.startswith(start):
                result.append((commit, found["address"], line.endswith(" [NEW]")))
                del rest[: number + 1]
                break
    return result


def _refused(reason: str, said: Sequence[str]) -> PublishError:
    told = [line.strip() for line in said]
    error = next((line for line in told if line.lower().startswith("error:")), "")
    if "closed" in reason:
        reason += "; it takes no more patch sets"
    text = f"Gerrit refused: {reason}" + (f" ({error})" if error else "")
    return PublishError("auth" if "prohibited" in reason else "refused", safe(text))


def _published(
    ids: Sequence[str], known: Mapping[str, str], made: int, renewed: int, gone: Sequence[str]
) -> Published:
    """Without a word of the server, there was nothing new."""
    parts = [f"{made} new" if made else "", f"{renewed} with a new patch set" if renewed else ""]
    told = ", ".join(filter(None, parts)) or "nothing new"
    detail = f"{count(len(ids), 'change')}: {told}"
    if gone:
        detail += f"; no longer part of the series: {', '.join(gone)}"
    places = tuple(known[name] for name in ids if known.get(name))
    action: Action = "unchanged"
    if made or renewed:
        action = "updated" if renewed or made < len(ids) else "created"
    return Published(action, places, safe(detail))
