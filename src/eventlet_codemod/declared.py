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
    ``mock.patch`` does, by the last part of their name. ``futures`` are those of the names that
    give a Future already: their calls stay, and what is done to what they give changes.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    patchers: frozenset[str] = frozenset()
    futures: frozenset[str] = frozenset()

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
    seen: set[str] = set()
    patchers: frozenset[str] = frozenset()
    futures: frozenset[str] = frozenset()
    for one in facts:
        for name, api in one.names.items():
            if names.setdefault(name, api) != api:
                raise ValueError(f"{name} is declared to be {names[name]} and {api}")
        if other := (futures ^ one.futures) & seen & one.names.keys():
            raise ValueError(f"{min(other)} is declared to give a Future, and not to")
        seen |= one.names.keys()
        patchers |= one.patchers
        futures |= one.futures
    return Declared(names, patchers, futures)
