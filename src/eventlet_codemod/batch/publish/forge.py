"""Forges: the series as a branch, and a request to merge it.

What people do to the request stays: text outside of our marks, a title of their own, whether it is
a draft, its labels and reviewers; only those that are new in the manifest are added. The same
series again changes nothing.

A branch whose request was merged or closed, or goes elsewhere, is not pushed to: what is new comes
from the next one, ``BRANCH-2`` and so on, as a new request. A series that does the same as one that
was closed is not proposed again: people have decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from eventlet_codemod.batch.git import Git
from eventlet_codemod.batch.publish.base import Action, Proposal, Published, PublishError
from eventlet_codemod.batch.publish.body import (
    body_of,
    has_content,
    is_ours,
    keeps_title,
    merged,
    same,
    title_of,
)
from eventlet_codemod.batch.publish.branch import push_branch
from eventlet_codemod.batch.publish.content import content
from eventlet_codemod.batch.publish.remote import safe

if TYPE_CHECKING:
    from eventlet_codemod.batch.model import Repo


_NAMES = 100  # that a branch may have


@dataclass(frozen=True, slots=True)
class Request:
    """One request. ``title`` is without a mark of a draft; ``number`` is its name there.

    ``state`` is open, merged or closed; ``head`` is the newest commit, ``reviewers`` are as the
    forge names them.
    """

    number: int
    address: str
    title: str
    body: str
    target: str
    state: str
    head: str
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()


class Forge(Protocol):
    """One repository on a forge. All raise PublishError."""

    #: Most characters of a text.
    limit: int

    def push_url(self) -> str:
        """Where the branch goes."""

    def login(self) -> Mapping[str, str]:
        """The environment in which git may push there."""

    def link(self, base: str, path: str, line: int) -> str:
        """Where a line can be seen."""

    def find(self, branch: str) -> Sequence[Request]:
        """All requests that there were ever of a branch."""

    def create(self, branch: str, target: str, title: str, body: str) -> Request:
        """Make one; a draft if the repository says so."""

    def update(self, request: Request, *, title: str, body: str) -> None:
        """Give it another title and text."""

    def decorate(
        self, request: Request, labels: Sequence[str], reviewers: Sequence[str]
    ) -> Mapping[str, str]:
        """Give it more labels and reviewers; those that it did not get, and why, for people."""

    def texts(self) -> Sequence[str]:
        """The texts of all open requests."""


class ForgePublisher:
    """Publishes to one forge."""

    def __init__(self, git: Git, forge: Forge) -> None:
        self._git = git
        self._forge = forge

    def publish(self, proposal: Proposal) -> Published:
        """Push the branch, and make or renew its request. Raises PublishError."""
        forge, branch, target = self._forge, proposal.repo.branch, proposal.target
        if not forge.push_url():
            raise PublishError("refused", f"{safe(proposal.repo.name)} has no url to push to")
        does = content(self._git, proposal.git_dir, proposal.base, proposal.head)
        branch, there, closed = self._find(branch, target)
        if there is None:
            for one in closed:
                if one.head == proposal.head or has_content(one.body, does):
                    text = f"it is {one.state}, and the series does the same"
                    return Published("unchanged", (one.address,), text)
        pushed = push_branch(self._git, proposal, forge.push_url(), branch, forge.login())
        title = title_of(proposal)

        def link(path: str, line: int) -> str:
            return forge.link(proposal.base, path, line)

        body = body_of(proposal, link, forge.limit, does)
        if there is None:
            request = self._create(branch, target, title, body)
            repo = proposal.repo
            missed = forge.decorate(request, repo.hashtags, repo.reviewers)
            return Published("created", (request.address,), _told(missed), tuple(missed))
        new_body = merged(there.body, body)
        new_title = there.title if keeps_title(there.title, there.body) else title
        changed = new_title != there.title or not same(new_body, there.body)
        if changed:
            forge.update(there, title=new_title, body=new_body)
        late = [*proposal.late_hashtags, *proposal.late_reviewers]
        missed = forge.decorate(there, proposal.late_hashtags, proposal.late_reviewers)
        known = pushed == "unchanged" and not changed and len(missed) == len(late)
        action: Action = "unchanged" if known else "updated"
        return Published(action, (there.address,), _told(missed), tuple(missed))

    def open_changes(self, repo: Repo) -> int | None:
        """The open requests that this tool made. Raises PublishError."""
        return sum(map(is_ours, self._forge.texts()))

    def _find(self, branch: str, target: str) -> tuple[str, Request | None, list[Request]]:
        """The branch to push to, its open request, and those to the target that are closed."""
        closed: list[Request] = []
        for number in range(1, _NAMES):
            name = f"{branch}-{number}" if number > 1 else branch
            found = self._forge.find(name)
            if not found:
                return name, None, closed
            for request in found:
                if request.target == target:
                    if request.state == "open":
                        return name, request, []
                    closed.append(request)
        raise PublishError("refused", f"{safe(branch)} was proposed {_NAMES - 1} times: clean up")

    def _create(self, branch: str, target: str, title: str, body: str) -> Request:
        """Make a request; one whose making had no answer may be there."""
        try:
            return self._forge.create(branch, target, title, body)
        except PublishError as error:
            if error.kind != "unreachable":
                raise
            there = [one for one in self._forge.find(branch) if one.state == "open"]
            return there[0] if there else self._forge.create(branch, target, title, body)


def _told(missed: Mapping[str, str]) -> str:
    return safe("; ".join(dict.fromkeys(missed.values())))
