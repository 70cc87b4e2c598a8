"""What is published, where to, and what can come of it, as plain values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from eventlet_codemod.batch.git import Git
    from eventlet_codemod.batch.model import Repo
    from eventlet_codemod.batch.publish.http import Http
    from eventlet_codemod.batch.publish.limits import Pace

Action = Literal["created", "updated", "unchanged"]
#: ``refused``: a rule of the server or of this package, or a person's work is in the way; trying
#: again does not help. ``limit``, ``unreachable``: it may help, later. ``auth``: credentials.
Kind = Literal["refused", "limit", "unreachable", "auth", "failed"]


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of a series. ``change_id`` is "" where the message has none; ``rules`` are codes.

    ``body`` is the message without its subject.
    """

    sha: str
    subject: str
    change_id: str
    rules: tuple[str, ...]
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A series that is to be published.

    ``git_dir`` is a bare repository that holds ``base..head``, which is ``commits``, the first one
    first. ``target`` is the branch that it is proposed for. ``ledger`` is the run's, as JSON.
    ``depends_on`` are Change-Ids or addresses of changes in other repositories. ``late_reviewers``
    and ``late_hashtags`` are new in the manifest, and for changes that are there already, too.
    """

    repo: Repo
    git_dir: Path
    base: str
    head: str
    commits: tuple[Commit, ...]
    target: str
    ledger: Mapping[str, Any]
    campaign: str
    version: str
    depends_on: tuple[str, ...] = ()
    late_reviewers: tuple[str, ...] = ()
    late_hashtags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """What came of it: ``addresses`` of the changes in the order of the series, as far as known.

    ``detail`` is one line for people. ``missed`` are the reviewers and hashtags that could not be
    given.
    """

    action: Action
    addresses: tuple[str, ...] = ()
    detail: str = ""
    missed: tuple[str, ...] = ()


class PublishError(Exception):
    """Why nothing, or not all, was published: one line, without credentials.

    ``retry_after`` is how many seconds the server wants to be left alone, None where it did not
    say.
    """

    def __init__(self, kind: Kind, text: str, retry_after: float | None = None) -> None:
        text = " ".join(text.split())
        super().__init__(kind, text, retry_after)  # all of them, so that it survives pickling
        self.kind: Kind = kind
        self.text = text
        self.retry_after = retry_after

    def __str__(self) -> str:
        return self.text


class Publisher(Protocol):
    """One way to publish."""

    def publish(self, proposal: Proposal) -> Published:
        """Publish a series; the same one again changes nothing. Raises PublishError."""

    def open_changes(self, repo: Repo) -> int | None:
        """How many changes of the campaign wait there for review, None where nobody can tell.

        Raises PublishError.
        """


def publisher_for(
    repo: Repo,
    git: Git,
    *,
    http: Http | None = None,
    clock: Pace | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Publisher:
    """How ``repo.publish`` is done. Raises ValueError where it is "".

    Publishers that share a ``clock`` (all of a process, without one) share their hosts' limits.
    Credentials are read from ``environ`` when they are needed, and kept nowhere.
    """
    # Imported here: each of these stands on this module.
    from eventlet_codemod.batch.publish.forge import ForgePublisher
    from eventlet_codemod.batch.publish.gerrit import GerritPublisher
    from eventlet_codemod.batch.publish.github import GitHub
    from eventlet_codemod.batch.publish.gitlab import GitLab
    from eventlet_codemod.batch.publish.http import Urllib
    from eventlet_codemod.batch.publish.limits import PACE
    from eventlet_codemod.batch.publish.push import PushPublisher

    http, pace = http or Urllib(), clock or PACE
    match repo.publish:
        case "push":
            return PushPublisher(git)
        case "gerrit":
            return GerritPublisher(git, http, pace, environ)
        case "github":
            return ForgePublisher(git, GitHub(repo, http, pace, environ))
        case "gitlab":
            return ForgePublisher(git, GitLab(repo, http, pace, environ))
    raise ValueError(f"{repo.name} is not to be published")
