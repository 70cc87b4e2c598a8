"""What several projects have before them, and in which order they go."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eventlet_codemod.roadmap import Roadmap, counted
from eventlet_codemod.waves import Group, waves

#: Of the machine format, which `plan.schema.json` beside this module describes.
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Planned:
    """A project and its roadmap, or why there is none. ``needs`` are names of distributions."""

    name: str
    root: Path
    needs: frozenset[str]
    roadmap: Roadmap | None
    error: str = ""

    @property
    def label(self) -> str:
        """What to call it where another one may have its name."""
        return f"{self.name} ({self.root})"


def in_waves(projects: Sequence[Planned]) -> list[list[list[Planned]]]:
    """The projects in the order in which they go: waves, and in these the groups."""
    found: dict[str, list[Planned]] = {}
    for project in projects:
        found.setdefault(project.name, []).append(project)
    needs = {name: {n for one in same for n in one.needs} for name, same in found.items()}

    def members(group: Group) -> list[Planned]:
        return [project for name in group for project in found[name]]

    return [[members(group) for group in wave] for wave in waves(needs)]


def render_projects(projects: Sequence[Planned]) -> str:
    """The order of projects as text, and for each one its steps."""
    lines: list[str] = []
    names = {project.name for project in projects}
    for number, wave in enumerate(in_waves(projects), 1):
        lines.append(f"wave {number}:")
        for group in wave:
            for project in group:
                lines += _told(project, names)
            if len(group) > 1:
                together = " and ".join(dict.fromkeys(project.name for project in group))
                lines.append(f"    {together} need each other, or are one: take them together")
        lines.append("")
    return "\n".join(lines)


def _told(project: Planned, names: set[str]) -> Iterator[str]:
    needed = sorted(project.needs & (names - {project.name}))
    yield f"  {project.label}"
    if needed:
        yield from _wrapped(f"after {', '.join(needed)}")
    if project.error:
        yield from _wrapped(f"failed: {project.error}")
    elif project.roadmap is not None and not project.roadmap.steps:
        yield "    no use of eventlet"
    elif project.roadmap is not None:
        yield from (f"    step {s.number} {s.name}: {counted(s)}" for s in project.roadmap.steps)


def _wrapped(text: str) -> list[str]:
    margin = " " * 4
    return textwrap.wrap(
        text,
        96,
        initial_indent=margin,
        subsequent_indent=margin,
        break_on_hyphens=False,
        break_long_words=False,
    )


def as_json(projects: Sequence[Planned]) -> str:
    """The projects in order, as `plan.schema.json` describes it."""
    told = [
        _as_dict(project, number)
        for number, wave in enumerate(in_waves(projects), 1)
        for group in wave
        for project in group
    ]
    return json.dumps({"schema": SCHEMA_VERSION, "projects": told}, indent=2) + "\n"


def _as_dict(project: Planned, wave: int) -> dict[str, object]:
    found = project.roadmap
    return {
        "name": project.name,
        "root": str(project.root),
        "wave": wave,
        "needs": sorted(project.needs),
        "error": project.error or None,
        "steps": [asdict(step) for step in found.steps] if found else [],
        "reasons": [
            {
                "rule": knot.places[0][1].rule,
                "reason": knot.reason,
                "advice": knot.advice,
                "places": [{"path": path, "line": finding.line} for path, finding in knot.places],
                "cleans": list(knot.cleans),
            }
            for knot in (found.knots if found else ())
        ],
        "files": [{"path": path, "left": left} for path, left in (found.files if found else ())],
    }
