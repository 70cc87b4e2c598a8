"""What the process of a job does: fetch the commit, check it out, take it through the stages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eventlet_codemod.batch.git import Git
from eventlet_codemod.batch.job import Event, Job, Result
from eventlet_codemod.batch.perform import Stages, perform
from eventlet_codemod.batch.workspace import Workspace, unbundle


@dataclass(frozen=True, slots=True)
class Local:
    """Works in mirrors of this machine, in a directory that all of its processes share."""

    cache: Path
    disk_limit: int = 0

    def __call__(self, job: Job, scratch: Path, tell: Callable[[Event], None]) -> Result:
        """Do a job. Never raises for what the repository is or holds."""
        stages = Stages(job, tell)
        git = Git()

        def work() -> Result:
            with stages.stage("fetch"):
                workspace = Workspace(self.cache, git, disk_limit=self.disk_limit)
                fetched = workspace.fetch(job.repo, job.commit)
                stages.note("fetched" if fetched else "it is there already")
            with workspace.worktree(job.repo, job.commit) as tree:
                return perform(stages, tree, git)

        return stages.attempt(work)


@dataclass(frozen=True, slots=True)
class Carried:
    """Works on another machine: on the commit that the job carries, or fetches it."""

    def __call__(self, job: Job, scratch: Path, tell: Callable[[Event], None]) -> Result:
        """Do a job. Never raises for what the repository is or holds."""
        if not job.data:
            return Local(scratch / "mirrors")(job, scratch, tell)
        stages = Stages(job, tell)
        tree = scratch / "tree"

        def work() -> Result:
            with stages.stage("fetch"):
                unbundle(job.data, tree)
                stages.note("it came with the job")
            return perform(stages, tree, Git())

        return stages.attempt(work)
