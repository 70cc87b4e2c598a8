"""What this process has found out about a project: kept from one file, and round, to the next."""

from __future__ import annotations

from dataclasses import dataclass, field

from eventlet_codemod.facts.flow import Flow
from eventlet_codemod.facts.loading import forget_modules
from eventlet_codemod.facts.program import Program
from eventlet_codemod.facts.project import Project, forget_files

#: Characters of source whose trees are kept; a tree takes some hundred times the space.
_MOST = 12_000_000


@dataclass(eq=False, slots=True)
class Known:
    """The files that were parsed, and where objects go from each file that was looked at."""

    program: Program
    flows: dict[str, Flow] = field(default_factory=dict)

    def flow_of(self, path: str) -> Flow:
        """The flow that begins in a file. Its handles stay the same from round to round."""
        if path not in self.flows:
            self.flows[path] = Flow(self.program)
        return self.flows[path]


_known: list[Known] = []  # one at most: runs work on one project after the other


def known_of(project: Project) -> Known | None:
    """What is known of a project so far; None where it is no directory."""
    if project.root is None:
        return None
    if _known:
        program = _known[0].program
        mine, theirs = project, program.project
        alike = (
            mine.root == theirs.root
            and mine.shims == theirs.shims
            and mine.timeouts == theirs.timeouts
            and mine.local_modules == theirs.local_modules
            and mine.chooses_backend == theirs.chooses_backend
            and mine.takes_cotyledon == theirs.takes_cotyledon
            and mine.declared == theirs.declared
        )
        if not alike or program.size > _MOST:
            _known.clear()
    if not _known:
        _known.append(Known(Program(project)))
    return _known[0]


def forget() -> None:
    """Begin anew: files may have changed."""
    _known.clear()
    forget_modules()
    forget_files()
