"""Gerrit: the series as one chain of changes, by a push to ``refs/for``.

The same commits again change nothing there, and the same Change-Ids with other commits become new
patch sets of the same changes. What people decide about a change is theirs: topic, reviewers and
work-in-progress are given when it is made, and not again; reviewers and hashtags that are new in
the manifest come to changes that are there by the API, where it has a login. A change that somebody
else has made a patch set of is left alone as far as the server's API tells of it (``api_url``).

A change that was merged or abandoned takes no more patch sets. The same content is not proposed
again: people said what they think of it. Another one is a new change, under the next of the names
that `later_id` gives. Whether a change is closed the API tells, or without one the server's no.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from eventlet_codemod.batch.git import Git
from eventlet_codemod.batch.publish import gitreview
from eventlet_codemod.batch.publish.base import Action, Commit, Proposal, Published, PublishError
from eventlet_codemod.batch.publish.content import content, recommitted
from eventlet_codemod.batch.publish.gerrit_rest import Change, Changes
from eventlet_codemod.batch.publish.http import Http
from eventlet_codemod.batch.publish.limits import Pace
from eventlet_codemod.batch.publish.record import Record, everywhere, load, save
from eventlet_codemod.batch.publish.remote import login, network, place, push, safe
from eventlet_codemod.batch.publish.trailers import change_id, later_id
from eventlet_codemod.report.words import count

if TYPE_CHECKING:
    from eventlet_codemod.batch.model import Repo

_CHANGE_ID = re.compile(r"I[0-9a-f]{40}", re.IGNORECASE)
_LINE = re.compile(r"  (?P<address>https?://\S+) (?P<subject>.*)")
_MARKS = re.compile(r"(?: \[(?:NEW|WIP|EDIT|PRIVATE)\])+$")
#: What may stand behind the ``%`` of a ref: no comma, and nothing that git takes no ref with.
_PLAIN = re.compile(r"[A-Za-z0-9_.@+/=-]+")
_CLOSED = re.compile(r"change (?P<address>\S*?(?P<number>\d+)/?) closed")
_NUMBER = re.compile(r"(\d+)/?$")
_AT_MOST = 100  # changes that the server may call closed in one go
_PAST = 1000  # commits that are remembered
_NOTHING_NEW = ("no new changes", "commit(s) already exists (as current patchset)")


@dataclass(frozen=True, slots=True)
class _Closed:
    """A change that is closed and does what a commit of the series does; ``how`` is a word."""

    address: str
    sha: str
    how: str


class _IsClosed(Exception):
    """The server takes nothing for a change, of which it gave the address."""

    def __init__(self, address: str, number: int, error: PublishError) -> None:
        super().__init__(address)
        self.address = address
        self.number = number
        self.error = error


@dataclass(slots=True)
class _Series:
    """A series on its way to one place, and under which names.

    ``login`` is what git shows there. ``generations`` and ``closed`` are by the Change-Ids that the
    series came with.
    """

    proposal: Proposal
    url: str
    target: str
    login: Mapping[str, str]
    generations: dict[str, int]
    closed: dict[str, _Closed] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """The Change-Ids that the commits came with, by those that they go with."""
        return {later_id(name, number): name for name, number in self.generations.items()}


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
        first = [commit.change_id for commit in proposal.commits]
        generations = {name: record.generations.get(name, 0) for name in first}
        series = _Series(proposal, url, target, self._login(proposal.repo, url), generations)
        changes = self._changes(proposal.repo)
        there = self._there(series, changes, project) if changes else []
        known = {**record.changes, **{change.change_id: change.address for change in there}}
        before = frozenset(known)
        made, renewed = Counter[str](), Counter[str]()
        for _ in range(_AT_MOST):
            now = {c.change_id: c.sha for c in there} if changes else dict(record.commits)
            commits = self._commits(series, there, now)
            due = self._due(series, commits, now, known, trusted=changes is not None)
            try:
                self._check(series, commits, there)
                self._push(series, due, known, made, renewed)
                break
            except _IsClosed as error:
                self._learn(series, error)
        else:
            raise PublishError("failed", "Gerrit calls change after change closed")
        ids = [commit.change_id for commit in commits]
        for name, old in series.names.items():
            if old in series.closed:
                known[name] = series.closed[old].address
        shas = {**now, **{commit.change_id: commit.sha for commit in due}}
        past = dict.fromkeys([*record.past, *(commit.sha for commit in due)])
        save(
            self._git,
            proposal.git_dir,
            where,
            Record(
                head=proposal.head,
                changes={name: known.get(name, "") for name in ids},
                commits={name: shas[name] for name in ids if name in shas},
                past=[*past][-_PAST:],
                generations={name: n for name, n in series.generations.items() if n},
            ),
        )
        former = {later_id(name, n) for name in first for n in range(series.generations[name])}
        gone = [
            address or name
            for name, address in record.changes.items()
            if name not in ids and name not in former
        ]
        closed = [f"{one.address} ({one.how})" for one in series.closed.values()]
        done = _published(ids, known, sum(made.values()), sum(renewed.values()), gone, closed)
        open_ = [
            known[name]
            for name in ids
            if name in before and series.names[name] not in series.closed
        ]
        return _late(proposal, changes, open_, done)

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

    def _login(self, repo: Repo, url: str) -> Mapping[str, str]:
        user = self._environ.get("GERRIT_USERNAME", "")
        secret = self._environ.get("GERRIT_PASSWORD", "")
        # What .gitreview says is anybody's word: it does not get the password.
        trusted = [repo.push_url, repo.url, repo.api_url]
        return login(url, user, secret, self._environ, trusted=trusted)

    def _there(self, series: _Series, changes: Changes, project: str) -> list[Change]:
        """What the server has of the series, under names that are not used up."""
        while True:
            there = changes.of_series(project, series.target, [*series.names])
            names = series.names
            news = [c for c in there if c.closed and names[c.change_id] not in series.closed]
            for change in news:
                how = change.status.lower()
                self._follow(series, names[change.change_id], change.address, change.number, how)
            if not news:
                return there

    def _learn(self, series: _Series, error: _IsClosed) -> None:
        """Find out which commit has met a closed change. Raises PublishError if none has."""
        name, _, _ = self._look(series, error.number)
        if (old := series.names.get(name)) is None or old in series.closed:
            raise error.error
        self._follow(series, old, error.address, error.number, "closed")

    def _follow(self, series: _Series, name: str, address: str, number: int, how: str) -> None:
        """Leave a commit to a closed change that does the same, or give it another name."""
        _, sha, theirs = self._look(series, number)
        if theirs == self._content(series, name):
            series.closed[name] = _Closed(address, sha, how)
        else:
            series.generations[name] += 1

    def _content(self, series: _Series, name: str) -> str:
        """A name for what the commit does that came with a Change-Id."""
        proposal = series.proposal
        shas = {commit.change_id: commit.sha for commit in proposal.commits}
        before = dict(zip(shas, [proposal.base, *shas.values()], strict=False))
        return content(self._git, proposal.git_dir, before[name], shas[name])

    def _look(self, series: _Series, number: int) -> tuple[str, str, str]:
        """The Change-Id of a change, its newest commit, and a name for what that does."""
        git = self._git
        below = f"refs/changes/{number % 100:02}/{number}"
        asked = ("ls-remote", series.url, f"{below}/*")
        told = network(git, series.proposal.git_dir, *asked, login=series.login)
        refs = [line.partition("\t")[2] for line in told.splitlines()]
        sets = [int(end) for ref in refs if (end := ref.rpartition("/")[2]).isdecimal()]
        if not sets:
            return "", "", ""
        with tempfile.TemporaryDirectory(prefix="change-") as directory:
            path = Path(directory)
            git.run(path, "init", "--quiet", "--bare", "--template=")
            words = ("fetch", "--quiet", "--no-tags", "--depth=2", series.url)
            network(git, path, *words, f"+{below}/{max(sets)}:refs/heads/it", login=series.login)
            name = change_id(git.text(path, "log", "-1", "--format=%B", "refs/heads/it"))
            sha = git.text(path, "rev-parse", "refs/heads/it")
            return name, sha, content(git, path, "refs/heads/it^", "refs/heads/it")

    def _commits(
        self, series: _Series, there: Sequence[Change], now: Mapping[str, str]
    ) -> tuple[Commit, ...]:
        """The commits under their names.

        None is one that Gerrit has and that is not current: it would take it for known. A series
        that is again what it was before is therefore committed a little later, as is one that was
        pushed for another branch.
        """
        proposal = series.proposal
        past = {sha for record in everywhere(self._git, proposal.git_dir) for sha in record.past}
        past |= {item.sha for change in there for item in change.patch_sets}
        past -= {*now.values()}
        later = 0
        while True:
            commits = recommitted(
                self._git, proposal.git_dir, proposal.commits, [*series.names], later=later
            )
            if past.isdisjoint(commit.sha for commit in commits):
                return commits
            later += 1

    def _due(
        self,
        series: _Series,
        commits: Sequence[Commit],
        now: Mapping[str, str],
        known: Mapping[str, str],
        *,
        trusted: bool,
    ) -> list[Commit]:
        """What is to be pushed: all up to the last commit that the server does not have.

        Raises PublishError where a closed change is in the way of something that is new.
        """
        names, closed = series.names, series.closed
        left = [
            number
            for number, commit in enumerate(commits, 1)
            if names[commit.change_id] not in closed
            and (now.get(commit.change_id) != commit.sha or not (trusted or closed))
        ]
        due = list(commits[: max(left, default=0)])
        met = [closed[names[c.change_id]] for c in due if names[c.change_id] in closed]
        shas = {commit.sha for commit in due}
        if all(one.sha in shas for one in met):
            return due
        if not any(self._is_new(series, commits[number - 1], known) for number in left):
            return []  # it is the base that is another one
        one = next(one for one in met if one.sha not in shas)
        plan = "`batch plan` takes the branch as it is now"
        other = "restore it, or leave its rule out with the setting `ignore`"
        how = {"merged": plan, "abandoned": other}
        advice = how.get(one.how, f"if it was merged, {plan}; else {other}")
        text = f"{one.address} is {one.how}, and the series has the same again: {advice}"
        raise PublishError("refused", safe(text))

    def _is_new(self, series: _Series, commit: Commit, known: Mapping[str, str]) -> bool:
        """Whether a commit does something else than its change, or has none."""
        found = _NUMBER.search(known.get(commit.change_id, ""))
        if found is None:
            return True
        _, _, theirs = self._look(series, int(found[1]))
        return theirs != self._content(series, series.names[commit.change_id])

    def _check(self, series: _Series, commits: Sequence[Commit], there: Sequence[Change]) -> None:
        """Raise PublishError where somebody else has worked on a change."""
        git, proposal = self._git, series.proposal
        output = git.run(proposal.git_dir, "log", "-1", "--format=%ce", proposal.head)
        ours = output.decode(errors="replace").strip()
        wanted = {commit.change_id: commit.sha for commit in commits}
        for change in there:
            if change.closed or change.sha == wanted[change.change_id]:
                continue
            if other := change.reworked_by(ours):
                text = f"{change.address} has a patch set by {other}: take it over by hand"
                raise PublishError("refused", safe(text))

    def _push(
        self,
        series: _Series,
        commits: Sequence[Commit],
        known: dict[str, str],
        made: Counter[str],
        renewed: Counter[str],
    ) -> None:
        """Push what is there and what is not by turns, for options count for all of a push.

        ``made`` gets the Change-Ids that were made, ``renewed`` those that got a patch set, and
        ``known`` their addresses. That is one push where all changes are new, and one where none
        is. Raises _IsClosed for a change that takes no more patch sets.
        """
        git_dir, repo = series.proposal.git_dir, series.proposal.repo
        old = frozenset(known)
        for is_old, group in groupby(commits, key=lambda c: c.change_id in old):
            some = list(group)
            ref, options = f"refs/for/{series.target}", list[str]()
            if not is_old:
                ref, options = with_options(ref, push_options(repo))
            refspec = f"{some[-1].sha}:{ref}"
            pushed = push(self._git, git_dir, series.url, refspec, options, series.login)
            if pushed.reason and not pushed.reason.startswith(_NOTHING_NEW):
                refused = _refused(pushed.reason, pushed.said)
                if found := _CLOSED.search(pushed.reason):
                    raise _IsClosed(found["address"], int(found["number"]), refused)
                raise refused
            for commit, address, new in addresses(commits, pushed.said):
                known[commit.change_id] = address
                (made if new else renewed)[commit.change_id] += 1
            for commit in some:
                known.setdefault(commit.change_id, "")


def _late(
    proposal: Proposal, changes: Changes | None, there: Sequence[str], done: Published
) -> Published:
    """Give changes that were there before what is new in the manifest."""
    late = [*proposal.late_hashtags, *proposal.late_reviewers]
    if not late or not there:
        return done
    missed: dict[str, str] = {}
    if changes is None or not changes.has_login:
        text = "changes that are there get them with api-url, GERRIT_USERNAME and GERRIT_PASSWORD"
        missed = dict.fromkeys(late, f"not given: {', '.join(late)}; {text}")
    else:
        ways = [(name, changes.add_hashtag) for name in proposal.late_hashtags]
        ways += [(name, changes.add_reviewer) for name in proposal.late_reviewers]
        numbers = [int(found[1]) for address in there if (found := _NUMBER.search(address))]
        for name, add in ways:
            for number in numbers:
                if why := add(number, name):
                    missed[name] = f"{name}: {why}"
    action: Action = "updated" if len(missed) < len(late) else done.action
    detail = safe("; ".join(dict.fromkeys([done.detail, *missed.values()])))
    return replace(done, action=action, detail=detail, missed=tuple(missed))


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
    text = f"Gerrit refused: {reason}" + (f" ({error})" if error else "")
    return PublishError("auth" if "prohibited" in reason else "refused", safe(text))


def _published(
    ids: Sequence[str],
    known: Mapping[str, str],
    made: int,
    renewed: int,
    gone: Sequence[str],
    closed: Sequence[str],
) -> Published:
    """Without a word of the server, there was nothing new."""
    parts = [f"{made} new" if made else "", f"{renewed} with a new patch set" if renewed else ""]
    told = ", ".join(filter(None, parts)) or "nothing new"
    detail = f"{count(len(ids), 'change')}: {told}"
    if gone:
        detail += f"; no longer part of the series: {', '.join(gone)}"
    if closed:
        detail += f"; not proposed again: {', '.join(closed)}"
    places = tuple(known[name] for name in ids if known.get(name))
    action: Action = "unchanged"
    if made or renewed:
        action = "updated" if renewed or made < len(ids) else "created"
    return Published(action, places, safe(detail))
