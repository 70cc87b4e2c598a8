"""What the author of a codemod says of names that the code itself does not tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Declared:
    """Facts that codemods declare.

    ``names`` maps a dotted name, of the project or of a library, to what it is in eventlet:
    ``{"os_ken.lib.hub.spawn": "eventlet.spawn"}``; one that stands for itself is a name that rules
    of a codemod claim. ``patchers`` are functions that patch what a string names, as
    ``mock.patch`` does, by the last part of their name.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    patchers: frozenset[str] = frozenset()

    def may_matter(self, data: bytes | bytearray) -> bool:
        """Whether a file may use one of the names, as far as the words in it tell."""
        return any(
            all(part.encode() in data for part in name.split(".")[-2:]) for name in self.names
        )

    @property
    def watched(self) -> frozenset[str]:
        """The names that are uses although they are nothing of eventlet."""
        return frozenset(name for name, api in self.names.items() if name == api)


def merged(facts: Iterable[Declared]) -> Declared:
    """All of them in one. Raises ValueError where two say different things of a name."""
    names: dict[str, str] = {}
    patchers: frozenset[str] = frozenset()
    for one in facts:
        for name, api in one.names.items():
            if names.setdefault(name, api) != api:
                raise ValueError(f"{name} is declared to be {names[name]} and {api}")
        patchers |= one.patchers
    return Declared(names, patchers)
