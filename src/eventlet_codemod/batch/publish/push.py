"""Plain: the series as a branch, and people do the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventlet_codemod.batch.git import Git
from eventlet_codemod.batch.publish.base import Proposal, Published
from eventlet_codemod.batch.publish.branch import push_branch
from eventlet_codemod.batch.publish.remote import safe

if TYPE_CHECKING:
    from eventlet_codemod.batch.model import Repo


class PushPublisher:
    """Pushes the branch with git's own credentials."""

    def __init__(self, git: Git) -> None:
        self._git = git

    def publish(self, proposal: Proposal) -> Published:
        """Push the series. Raises PublishError."""
        repo = proposal.repo
        url = repo.push_url or repo.source
        action = push_branch(self._git, proposal, url, repo.branch, {})
        return Published(action, (), safe(f"branch {repo.branch} of {url}"))

    def open_changes(self, repo: Repo) -> int | None:
        """A branch says nothing of reviews."""
        return None
