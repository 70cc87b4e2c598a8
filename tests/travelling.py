"""Whether objects that several files have a part in were rewritten in all of them or in none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eventlet_codemod.engine import FileChange, Traveller

#: Rewrites that go together for the name that they are about, not for an object: which files may
#: name it is told by their words, and those that do not have no part in it.
NAMED = ("eventlet.", "oslo_service.")


def half_rewritten(changes: Sequence[FileChange]) -> list[str]:
    """What is wrong with each object that is rewritten in one file and not in another."""
    by_path = {change.entry.path: change for change in changes}
    return [
        f"{item.id} is rewritten in {path}: {problem}"
        for path, change in by_path.items()
        for item in change.travellers
        if not item.held
        for problem in _problems(item, by_path)
    ]


def _problems(item: Traveller, changes: dict[str, FileChange]) -> Iterator[str]:
    for path in sorted(item.paths):
        change = changes.get(path)
        if change is None and not item.id.startswith(NAMED):
            yield f"{path} has a part in it and was not looked at"
        elif change is not None and change.entry.error is not None:
            yield f"{path} has a part in it and failed"
        elif change is not None:
            parts = [other for other in change.travellers if other.id == item.id]
            if not parts and not item.id.startswith(NAMED):
                yield f"{path} has a part in it and does not know"
            for part in parts:
                if part.held:
                    yield f"it stays in {path}: {part.held}"
                if not item.id.startswith(NAMED) and (part.paths, part.origins) != (
                    item.paths,
                    item.origins,
                ):
                    yield f"{path} sees another object in it"
