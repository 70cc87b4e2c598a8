"""What the rules about packaging and configuration share.

They are no rules over Python uses: each looks at the text of one kind of file and names the places
in it that depend on eventlet, with the edit for each. They are pure: text in, places out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eventlet_codemod.rules.base import Decision, Rule

if TYPE_CHECKING:
    from eventlet_codemod.config import Settings
    from eventlet_codemod.facts import Facts, Use
    from eventlet_codemod.packaging.needed import Need

#: Text from start to end becomes another.
Edit = tuple[int, int, str]

#: The key of `Context.wants` for what no list can take.
NOWHERE = "!"

#: What leaves with the last use of eventlet.
GREEN = ("eventlet", "greenlet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of a file that depends on eventlet.

    ``edits`` is what to do about it, () where another place's edit takes it along; None leaves it
    to a person, with ``advice``. ``checks`` are
    open questions, as a rule asks them. ``waits``: it stays as long as any use of eventlet does.
    ``requires``: what this place runs fails when eventlet is not installed. ``keeps``: its text is
    right without eventlet as well.
    """

    rule: str
    api: str
    start: int
    end: int
    message: str
    why: str
    edits: tuple[Edit, ...] | None = None
    advice: str = ""
    checks: Mapping[str, str] = field(default_factory=dict)
    waits: bool = True
    requires: bool = False
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What a file's places depend on besides its text.

    ``wants`` holds what the rewrites need, by the key of the list that it is to stand in; ``stays``
    why a distribution has to stay; ``picky`` names libraries of the project that choose how to run
    by what is installed; ``variable`` is the environment variable of a dual mode that this run
    begins, and ``ended`` that of one that it ends, "" for none. ``served``: the project's helper
    serves in the place of eventlet's server.
    """

    path: str
    wants: Mapping[str, tuple[Need, ...]] = field(default_factory=dict)
    stays: Mapping[str, str] = field(default_factory=dict)
    picky: tuple[str, ...] = ()
    variable: str = ""
    served: bool = False
    ended: str = ""

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.rpartition("/")[2]


Scan = Callable[[str, Context], Iterable[Place]]


def never(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide nothing: a rule of this family is offered no use in Python."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagingRule(Rule):
    """A rule over files that are no Python, or that only configure something.

    ``scan`` finds its places, in the files that ``reads`` says yes to. ``file`` is the path that
    the example has.
    """

    family: str = "packaging"
    step: int = 4
    apis: frozenset[str] = frozenset()
    match: Callable[[Use, Facts, Settings], Decision | None] = never
    reads: Callable[[str], bool]
    scan: Scan
    file: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Make edits that do not overlap."""
    parts: list[str] = []
    at = 0
    for start, end, new in sorted(edits):
        if start < at:
            raise ValueError(f"edits overlap at {start}")
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])


def line_at(text: str, place: int) -> tuple[int, int]:
    """The line around a place: where it starts, and where the next one does."""
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    return start, len(text) if end < 0 else end + 1


def newline_of(text: str) -> str:
    """How the lines of a text end."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def drop_lines(text: str, start: int, end: int) -> tuple[Edit, ...]:
    """The edit that takes away every line between two places.

    Where the file ends without a newline, so does the line that is the last one then.
    """
    first, last = line_at(text, start)[0], line_at(text, max(start, end - 1))[1]
    if last == len(text) and not text.endswith("\n") and first > 0:
        first -= 2 if text[first - 2 : first] == "\r\n" else 1
    return ((first, last, ""),)
