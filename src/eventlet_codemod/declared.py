"""What the author of a codemod says of names that the code itself does not tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Declared:
    """Facts that codemods declare.

    ``names`` maps a dotted name, of the project or of a library, to what it is in eventlet:
    ``{"os_ken.lib.hub.spawn": "eventlet.spawn"}``; one that stands for itself is a name that rules
    of a codemod claim. ``patchers`` are functions that patch what a string names, as
    ``mock.patch`` does, by the last part of their name. ``futures`` are those of the names that
    give a Future already: their calls stay, and what is done to what they give changes. ``claimed``
    are those that rules of a codemod are asked about first, ``owners`` tells which codemod says
    what a name is; both are filled in when they are merged.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    patchers: frozenset[str] = frozenset()
    futures: frozenset[str] = frozenset()
    claimed: frozenset[str] = frozenset()
    owners: Mapping[str, str] = field(default_factory=dict, compare=False)

    def may_matter(self, data: bytes | bytearray) -> bool:
        """Whether a file may use one of the names, as far as the words in it tell."""
        return any(
            all(part.encode() in data for part in name.split(".")[-2:]) for name in self.names
        )

    @property
    def watched(self) -> frozenset[str]:
        """The names that are uses although they are nothing of eventlet."""
        return frozenset(name for name, api in self.names.items() if name == api)


def merged(facts: Mapping[str, Declared]) -> Declared:
    """All of them in one; the keys say whose they are, as errors call them.

    Where rules claim a name and another codemod says what it is in eventlet, both hold: it is that,
    and the rules are asked first. Raises ValueError where two say different things of a name.
    """
    names: dict[str, str] = {}
    whose: dict[str, str] = {}
    patchers: frozenset[str] = frozenset()
    futures: frozenset[str] = frozenset()
    claimed: frozenset[str] = frozenset()
    for owner, one in facts.items():
        for name, api in one.names.items():
            if api == name or name not in whose:
                names.setdefault(name, api)
            elif names[name] != api:
                said = f"{names[name]} by {whose[name]} and {api} by {owner}"
                raise ValueError(f"{name} is declared to be {said}")
            elif (name in futures) != (name in one.futures):
                gives, not_ = (owner, whose[name])[:: 1 if name in one.futures else -1]
                raise ValueError(f"{name} gives a Future as {gives} declares, not as {not_} does")
            if api != name:
                names[name], whose[name] = api, owner
        patchers |= one.patchers
        futures |= one.futures
        claimed |= one.claimed | one.watched
    return Declared(names, patchers, futures, claimed, whose)
