"""What the process of a job does: fetch the commit, check it out, take it through the stages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eventlet_codemod.batch.git import Git, GitError
from eventlet_codemod.batch.job import Event, Job, Result
from eventlet_codemod.batch.perform import StageFailed, Stages, perform
from eventlet_codemod.batch.workspace import Workspace, WorkspaceError


@dataclass(frozen=True, slots=True)
class Local:
    """Works in mirrors of this machine, in a directory that all of its processes share."""

    cache: Path
    disk_limit: int = 0

    def __call__(self, job: Job, scratch: Path, tell: Callable[[Event], None]) -> Result:
        """Do a job. Never raises for what the repository is or holds."""
        stages = Stages(job, tell)
        git = Git()
        workspace = Workspace(self.cache, git, disk_limit=self.disk_limit)
        try:
            with stages.stage("fetch"):
                fetched = workspace.fetch(job.repo, job.commit)
                stages.note("fetched" if fetched else "it is there already")
            with workspace.worktree(job.repo, job.commit) as tree:
                return perform(stages, tree, git)
        except (GitError, WorkspaceError) as error:
            return stages.failed(error)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            return stages.failed(StageFailed(f"{place}{error.strerror or error}"))
        except MemoryError:
            limit = job.repo.memory_limit
            return stages.failed(StageFailed(f"it needs more than {limit} bytes of memory"))


@dataclass(frozen=True, slots=True)
class Carried:
    """Works on another machine: on the commit that the job carries, or fetches it."""

    def __call__(self, job: Job, scratch: Path, tell: Callable[[Event], None]) -> Result:
        """Do a job. Never raises for what the repository is or holds."""
        if not job.data:
            return Local(scratch / "mirrors")(job, scratch, tell)
        from eventlet_codemod.batch.workspace import unbundle

        stages = Stages(job, tell)
        tree = scratch / "tree"
        try:
            with stages.stage("fetch"):
                unbundle(job.data, tree)
                stages.note("it came with the job")
            return perform(stages, tree, Git())
        except (GitError, WorkspaceError) as error:
            return stages.failed(error)
