"""Publishing what a campaign has made: only when asked for, wave by wave, through the journal.

A series whose last commit was published, as the manifest asks for it now, is not published again;
one that was interrupted is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from eventlet_codemod.batch.campaign import Campaign, wave_numbers
from eventlet_codemod.batch.git import Git, GitError, redacted
from eventlet_codemod.batch.journal import Entry, Publication
from eventlet_codemod.batch.model import Repo
from eventlet_codemod.batch.perform import BUNDLE, LEDGER
from eventlet_codemod.batch.publish.base import (
    Commit,
    Proposal,
    Published,
    Publisher,
    PublishError,
    publisher_for,
)
from eventlet_codemod.batch.publish.limits import Pace
from eventlet_codemod.batch.publish.trailers import change_id
from eventlet_codemod.batch.workspace import Workspace, WorkspaceError

#: The line of a commit message that counts what a rule did.
_RULE = re.compile(r"^([A-Z]+\d+) [\w-]+: \d+ rewritten", re.MULTILINE)
_RECORD, _FIELD = "\x1e", "\x1f"
#: Fields of a repository that say where its series goes, and with what.
_ASKED = (
    *("publish", "url", "path", "ref", "target", "branch", "push_url", "api_url"),
    *("topic", "hashtags", "reviewers", "wip"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of publishing a repository: ``error`` is "" where it went well."""

    name: str
    said: str
    error: str = ""


def publish(
    campaign: Campaign,
    workspace: Workspace,
    git: Git,
    *,
    names: Collection[str],
    last_wave: int = 0,
    told: Callable[[Outcome], None] = lambda _: None,
    waits: Callable[[str, float], None] = lambda host, seconds: None,
) -> list[Outcome]:
    """Publish the series of repositories that say where to, libraries before what needs them.

    ``last_wave`` is the last one to publish, 0 for all. One that fails keeps no other. ``waits``
    gets the host and the seconds of each long wait for a host's limit.
    """
    clock = Pace(told=waits)
    found = []
    for repo, entry, before in _due(campaign, names, last_wave):
        done = _one(campaign, workspace, git, repo, entry, before, clock)
        found.append(done)
        told(done)
    return found


def _due(
    campaign: Campaign, names: Collection[str], last_wave: int
) -> Iterator[tuple[Repo, Entry, Publication | None]]:
    """The repositories with a series that is not published, in the order of their waves.

    With each comes what was published of it before.
    """
    entries = campaign.journal.entries()
    known = campaign.journal.publications()
    numbers = wave_numbers(entries)
    repos = [repo for repo in campaign.manifest.repos if repo.publish and repo.name in names]
    for repo in sorted(repos, key=lambda repo: numbers.get(repo.name, 0)):
        entry = entries.get(repo.name)
        if entry is None or entry.state != "changed":
            continue
        if last_wave and numbers.get(repo.name, 0) > last_wave:
            continue
        before = known.get(repo.name)
        wanted = ("done", entry.head, asked(repo))
        if before is None or (before.state, before.head, before.asked) != wanted:
            yield repo, entry, before


def asked(repo: Repo) -> str:
    """A name for where a series goes and with what, as hex digits: no address is written down."""
    text = redacted(json.dumps({name: getattr(repo, name) for name in _ASKED}))
    return hashlib.sha256(text.encode()).hexdigest()


def _one(
    campaign: Campaign,
    workspace: Workspace,
    git: Git,
    repo: Repo,
    entry: Entry,
    before: Publication | None,
    clock: Pace,
) -> Outcome:
    if before is not None and before.target != repo.publish:
        before = None
    note = _Note(campaign, repo, entry, before)
    note("begun")
    try:
        publisher = publisher_for(repo, git, clock=clock)
        with workspace.hold(repo) as mirror:
            workspace.fetch(repo, entry.base)
            place = campaign.output.root / entry.result
            workspace.take(repo, (place / BUNDLE).read_bytes(), repo.branch, entry.head)
            proposal = _proposal(campaign, git, mirror, repo, entry, place)
            if before is not None:  # else what is there may be as people want it
                proposal = replace(
                    proposal,
                    late_reviewers=tuple(n for n in repo.reviewers if n not in before.given),
                    late_hashtags=tuple(n for n in repo.hashtags if n not in before.given),
                )
            if not (before and before.addresses):  # else it updates what is there
                _check_limit(publisher, proposal)
            done = publisher.publish(proposal)
    except Exception as error:  # whatever a server answers: one that fails keeps no other
        reason = " ".join(str(error).split())
        if not isinstance(error, PublishError | GitError | WorkspaceError | OSError):
            reason = f"a bug of this tool: {type(error).__name__}: {reason}"
        reason = redacted(reason)
        note("failed", detail=reason)
        return Outcome(repo.name, "", reason)
    note("done", done)
    where = f": {' '.join(done.addresses)}" if done.addresses else ""
    more = f" ({done.detail})" if done.detail else ""
    return Outcome(repo.name, f"{done.action}{where}{more}")


@dataclass(frozen=True, slots=True)
class _Note:
    """Writes into the journal how far it is; ``before`` is what stands there."""

    campaign: Campaign
    repo: Repo
    entry: Entry
    before: Publication | None

    def __call__(self, state: str, done: Published | None = None, detail: str = "") -> None:
        last, repo = done or self.before, self.repo
        given = self.before.given if self.before else ()
        if done:
            names = (*repo.reviewers, *repo.hashtags)
            given = tuple(name for name in names if name not in done.missed)
        self.campaign.journal.publish(
            Publication(
                name=self.repo.name,
                target=self.repo.publish,
                head=self.entry.head,
                state=state,
                addresses=last.addresses if last else (),
                detail=done.detail if done else detail,
                asked=asked(repo),
                given=given,
            )
        )


def _check_limit(publisher: Publisher, proposal: Proposal) -> None:
    """Raise PublishError where a project has enough open changes already."""
    repo = proposal.repo
    if not repo.max_open:
        return
    there = publisher.open_changes(repo)
    if there is None and repo.publish == "gerrit":
        text = "max-open cannot be kept: it needs an api-url, and a topic or hashtags to count by"
        raise PublishError("refused", text)
    more = len(proposal.commits) if repo.publish == "gerrit" else 1
    if there is not None and there + more > repo.max_open:
        raise PublishError(
            "limit",
            f"{there} changes are open there and {more} would come; max-open is {repo.max_open}",
        )


def _proposal(
    campaign: Campaign, git: Git, mirror: Path, repo: Repo, entry: Entry, place: Path
) -> Proposal:
    return Proposal(
        repo=repo,
        git_dir=mirror,
        base=entry.base,
        head=entry.head,
        commits=tuple(_commits(git, mirror, entry.base, entry.head)),
        target=repo.target or repo.ref or _default_branch(git, mirror, repo),
        ledger=json.loads((place / LEDGER).read_bytes()),
        campaign=campaign.manifest.campaign,
        version=campaign.version,
        depends_on=repo.depends_on,
    )


def _commits(git: Git, mirror: Path, base: str, head: str) -> Iterator[Commit]:
    form = f"--format=%H{_FIELD}%s{_FIELD}%b{_FIELD}%B{_RECORD}"
    text = git.text(mirror, "log", "--reverse", form, f"{base}..{head}")
    for record in text.split(_RECORD)[:-1]:
        sha, subject, body, whole = record.lstrip("\n").split(_FIELD)
        rules = tuple(dict.fromkeys(_RULE.findall(body)))
        yield Commit(sha, subject, change_id(whole), rules, body)


def _default_branch(git: Git, mirror: Path, repo: Repo) -> str:
    """The branch that HEAD of the project is. Raises PublishError where it tells none.

    Where it is pushed to may be a fork, which has its own.
    """
    url = repo.url or repo.push_url
    if url:
        said = git.network(mirror, "ls-remote", "--symref", url, "HEAD").decode(errors="replace")
        if found := re.search(r"^ref: refs/heads/(\S+)\tHEAD", said, re.MULTILINE):
            return found[1]
    raise PublishError("refused", "which branch it is proposed for is not known: give a target")
