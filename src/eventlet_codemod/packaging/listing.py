"""Lists of requirements, as files of several kinds hold them, and how one line of them changes."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from eventlet_codemod.packaging.base import GREEN, Edit, drop_lines, line_at, newline_of
from eventlet_codemod.packaging.needed import NEEDS, Need

if TYPE_CHECKING:
    from packaging.requirements import Requirement

#: What the list is for. ``lower`` pins the oldest releases that are tested; ``other`` is for tests,
#: docs and extras; a ``lock`` is made by a tool.
Role = Literal["runtime", "lower", "other", "lock"]
Shape = Literal["lines", "brackets", "table"]

_NAME = re.compile(r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?")
#: A list of which at least so many are in order is taken as sorted.
_SORTED = 0.75

_NEEDED = frozenset(need.distribution.replace(".", "-") for need in NEEDS.values())
_EGG = re.compile(r"#egg=([\w.-]+)")
_COMMENT = re.compile(r"[ \t]+#[^\r\n]*")
_LICENCE = re.compile(r"[ \t]+#[ \t]*(?:Apache|MIT|BSD|L?GPL|PSF|ISC|MPL|ZPL)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One requirement: its span without quotes and comment, and the span that goes with it."""

    name: str
    start: int
    end: int
    outer: tuple[int, int]
    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of requirements. ``start`` and ``end`` enclose where its entries may stand."""

    key: str
    role: Role
    shape: Shape
    start: int
    end: int
    entries: tuple[Entry, ...] = field(default=())

    def named(self, name: str) -> list[Entry]:
        """The entries for a distribution."""
        return [entry for entry in self.entries if entry.name == canonical(name)]

    def shown(self, entry: Entry) -> tuple[int, int]:
        """The span of an entry that a finding tells: with its quotes, as for a use in Python."""
        return entry.outer if self.shape == "brackets" else (entry.start, entry.end)


def canonical(name: str) -> str:
    """A distribution's name as the index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def name_of(requirement: str) -> str:
    """The canonical name that a requirement is about, "" where it cannot be seen."""
    if egg := _EGG.search(requirement):
        return canonical(egg[1])
    match = _NAME.match(requirement)
    if match is None:
        return ""
    rest = requirement[match.end() :].lstrip()
    return canonical(match[0]) if not rest or rest[0] in "[<>=!~;@(," else ""


def parsed(requirement: str) -> Requirement | None:
    """The requirement as `packaging` reads it, None where it cannot.

    pbr's own form of a marker, ``name>=1:python_version<'3'``, is taken as well.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    for said in (requirement, re.sub(r":(?!//)(.*)", r"; \1", requirement, count=1)):
        try:
            return Requirement(said)
        except InvalidRequirement:
            continue
    return None


# --- taking out ----------------------------------------------------------------------------------


def without(text: str, listing: Listing, entry: Entry) -> tuple[Edit, ...]:
    """The edit that takes an entry out."""
    start, end = entry.outer
    if listing.shape != "brackets":
        lead = text[line_at(text, start)[0] : start]
        if lead.strip() not in ("", "-"):  # the key stands on the same line
            return ((start - len(lead) + len(lead.rstrip()), end, ""),)
        return drop_lines(text, start, end)
    items = [item.outer for item in listing.entries]
    edits = without_item(text, items, entry.outer)
    if text[listing.start - 1] != "(" or len(items) != 2:
        return edits
    # A tuple of one needs its comma.
    last = next(item for item in items if item != entry.outer)[1]
    start, end, _ = edits[0]
    touching = start <= last <= end
    comma = re.match(r"[ \t\r\n]*,", text[end if touching else last :])
    if comma:
        return edits
    return ((start, end, ","),) if touching else (*edits, (last, last, ","))


def without_word(
    text: str, items: list[tuple[int, int]], item: tuple[int, int]
) -> tuple[Edit, ...]:
    """The edit that takes an item out of a list, with what parts it from the next or last one."""
    index = items.index(item)
    start, end = item
    following = items[index + 1][0] if index + 1 < len(items) else None
    previous = items[index - 1][1] if index else None
    if following is not None and "#" not in text[end:following]:
        return ((start, following, ""),)
    if previous is not None and "#" not in text[previous:start]:
        return ((previous, end, ""),)
    comma = re.match(r"[ \t]*,[ \t]*", text[end:])  # a comment on each side, which stays
    return ((start, end + (comma.end() if comma else 0), ""),)


def without_item(
    text: str, items: list[tuple[int, int]], item: tuple[int, int]
) -> tuple[Edit, ...]:
    """The edit that takes an item out of a list in brackets, with its comma."""
    start, end = item
    first, last = line_at(text, start)[0], line_at(text, end)[1]
    tail = re.match(r"[ \t]*,?[ \t]*(?:#[^\r\n]*)?\r?\n?", text[end:last])
    if not text[first:start].strip() and tail and end + tail.end() == last:
        return ((first, last, ""),)
    return without_word(text, items, item)


# --- putting in ----------------------------------------------------------------------------------


def with_new(text: str, listing: Listing, need: Need) -> tuple[Edit, ...]:
    """The edit that puts in what the list lacks: in its place if the list is sorted.

    Else it takes the place of what leaves, or stands at the end.
    """
    requirement = need.requirement
    if listing.role == "lower":
        requirement = f"{need.distribution}=={need.minimum}"
    neighbour, after = _place(listing, need.distribution)
    newline = newline_of(text)
    if neighbour is None:
        return _into_empty(text, listing, requirement, newline)
    if listing.shape == "brackets":
        return _beside(text, listing, neighbour, after, requirement, newline)
    first, last = line_at(text, neighbour.outer[0])[0], line_at(text, neighbour.outer[1] - 1)[1]
    indent = _indent_of(text, listing, neighbour)
    if listing.shape == "table":
        line = _pair(need)
    else:
        line = requirement + (f" # {need.licence}" if _licensed(text, listing) else "")
    if after and last == len(text) and not text.endswith("\n"):
        return ((last, last, f"{newline}{indent}{line}"),)
    if not after and first < neighbour.start and text[first : neighbour.start].strip():
        return ((neighbour.start, neighbour.start, f"{line}{newline}{indent}"),)
    place = last if after else first
    return ((place, place, f"{indent}{line}{newline}"),)


def _pair(need: Need) -> str:
    import tomlkit

    version = tomlkit.string(f">={need.minimum}").as_string()
    if not need.extras:
        return f"{_toml_key(need.distribution)} = {version}"
    extras = ", ".join(tomlkit.string(extra).as_string() for extra in need.extras)
    return f"{_toml_key(need.distribution)} = {{version = {version}, extras = [{extras}]}}"


def _toml_key(name: str) -> str:
    return f'"{name}"' if "." in name else name


def _indent_of(text: str, listing: Listing, neighbour: Entry) -> str:
    """The white space that the list's lines begin with."""
    for entry in (neighbour, *listing.entries):
        lead = text[line_at(text, entry.start)[0] : entry.start]
        if not lead.strip():
            return lead
    return "    "


def _place(listing: Listing, name: str) -> tuple[Entry | None, bool]:
    """Beside which entry a new one stands, and whether after it."""
    entries = [entry for entry in listing.entries if entry.name]
    if not entries:
        return (listing.entries[-1], True) if listing.entries else (None, True)
    rest = [entry for entry in entries if entry.name not in ("pbr", "python")]
    for key in (str, _folded):
        in_order = _longest_rising([key(entry.name) for entry in rest])
        if len(rest) > 1 and len(in_order) >= _SORTED * len(rest):
            before = [i for i in in_order if key(rest[i].name) < key(canonical(name))]
            return (rest[before[-1]], True) if before else (rest[0], False)
    leaving = [index for index, entry in enumerate(entries) if entry.name in GREEN]
    if not leaving:
        return entries[-1], True
    at = leaving[0]
    while at + 1 < len(entries) and entries[at + 1].name in _NEEDED:
        at += 1
    return entries[at], True


def _longest_rising(names: list[str]) -> list[int]:
    """Which names to keep, as few as possible left out, so that the rest is sorted."""
    ends: list[int] = []
    previous: dict[int, int | None] = {}
    for index, name in enumerate(names):
        at = bisect.bisect_left([names[end] for end in ends], name)
        previous[index] = ends[at - 1] if at else None
        ends[at : at + 1] = [index]
    found: list[int] = []
    last = ends[-1] if ends else None
    while last is not None:
        found.append(last)
        last = previous[last]
    return found[::-1]


def _folded(name: str) -> str:
    return name.replace("-", "")


def _licensed(text: str, listing: Listing) -> bool:
    """Whether most lines of a list end in a licence, as OpenStack's do."""
    tails = Counter(
        bool(_LICENCE.match(text, entry.end)) for entry in listing.entries if entry.name
    )
    return tails[True] > tails[False]


def _beside(
    text: str, listing: Listing, neighbour: Entry, after: bool, requirement: str, newline: str
) -> tuple[Edit, ...]:
    start, end = neighbour.outer
    quote = text[start]
    item = f"{quote}{requirement}{quote}"
    first, last = line_at(text, start)[0], line_at(text, end)[1]
    indent = text[first:start]
    if indent.strip():  # several on one line
        return ((end, end, f", {item}"),) if after else ((start, start, f"{item}, "),)
    if not after:
        return ((start, start, f"{item},{newline}{indent}"),)
    tail = re.match(r"[ \t]*(,)?[ \t]*(?:#[^\r\n]*)?\r?\n", text[end:last])
    if tail is None:
        return ((end, end, f", {item}"),)
    if tail[1]:
        return ((last, last, f"{indent}{item},{newline}"),)
    return (end, end, ","), (last, last, f"{indent}{item}{newline}")


def _into_empty(text: str, listing: Listing, requirement: str, newline: str) -> tuple[Edit, ...]:
    if listing.shape == "brackets":
        if text[listing.start : listing.end].strip():
            return ()  # a comment, or something that is no requirement
        return ((listing.start, listing.end, f'"{requirement}"'),)
    if listing.start == 0:
        lead = newline if text and not text.endswith("\n") else ""
        return ((len(text), len(text), f"{lead}{requirement}{newline}"),)
    return ()


# --- raising -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Raised:
    """What a requirement becomes so that it meets a need; ``objection`` is why it cannot."""

    text: str = ""
    objection: str = ""


def raised(entry: Entry, listing: Listing, need: Need) -> Raised | None:
    """What to make of an entry so that it meets a need; None where it does already."""
    from packaging.version import InvalidVersion, Version

    if not need.minimum:
        return None
    requirement = parsed(entry.text)
    if requirement is None:
        return Raised(objection="it cannot be read as a requirement")
    if requirement.url:
        return None if set(need.extras) <= requirement.extras else Raised(objection="it is a URL")
    minimum = Version(need.minimum)
    text = entry.text
    versions = {s.operator: s.version for s in requirement.specifier}
    pin = versions.get("==") or versions.get("===")
    bounds = [s.version for s in requirement.specifier if s.operator in (">=", ">", "~=")]
    try:
        low = [bound for bound in bounds if Version(bound) < minimum]
        pinned_low = pin is not None and Version(pin.removesuffix(".*")) < minimum
    except InvalidVersion:
        return Raised(objection=f"its version {bounds or pin} cannot be compared")
    if need.raises and listing.role == "lower":
        if not pinned_low or pin is None:
            return None
        return Raised(text=text.replace(pin, need.minimum, 1))
    missing = [extra for extra in need.extras if extra not in requirement.extras]
    if missing and listing.role != "lower":
        extras = sorted({*requirement.extras, *missing})
        name = _NAME.match(text)
        assert name is not None
        tail = re.sub(r"^\s*\[[^\]]*\]", "", text[name.end() :])
        text = f"{name[0]}[{','.join(extras)}]{tail}"
    if need.raises:
        if pinned_low:
            return Raised(objection=f"it is pinned to {pin}, older than {need.minimum}")
        if "~=" in versions and low:
            return Raised(objection=f"`~={versions['~=']}` keeps {need.minimum} out")
        if not all(_admits(s.operator, s.version, minimum) for s in requirement.specifier):
            return Raised(objection=f"`{requirement.specifier}` keeps {need.minimum} out")
        if low:
            text = re.sub(
                rf"(>=?\s*){re.escape(low[0])}(?![\w.])", f">={need.minimum}", text, count=1
            )
        elif not bounds and pin is None:
            text = _with_bound(text, need.minimum)
    return Raised(text=text) if text != entry.text else None


def _admits(operator: str, version: str, minimum: object) -> bool:
    """Whether a specifier that is no lower bound leaves room for the release that is needed."""
    from packaging.specifiers import SpecifierSet

    if operator in (">=", ">", "~=", "!=", "==", "==="):
        return True  # or asked about before
    return SpecifierSet(f"{operator}{version}").contains(str(minimum), prereleases=True)


def _with_bound(text: str, minimum: str) -> str:
    """Put a lower bound in front of whatever else a requirement says."""
    match = re.match(r"[\w.-]+(?:\s*\[[^\]]*\])?", text)
    assert match is not None
    rest = text[match.end() :]
    joined = "," if rest.lstrip()[:1] in ("<", "!", "=", "~") else ""
    return f"{match[0]}>={minimum}{joined}{rest}"


def comment_after(text: str, place: int) -> int:
    """Where the comment behind a place on its line ends, if there is one."""
    match = _COMMENT.match(text, place)
    return match.end() if match else place


def requirement_lines(text: str, spans: list[tuple[int, int]]) -> Iterator[Entry]:
    """The requirements on some lines: comments, options and hashes are not of their text.

    Lines that a backslash joins are one entry.
    """
    joined: list[tuple[int, int]] = []
    open_ended = False
    for start, end in spans:
        if open_ended:
            joined[-1] = joined[-1][0], end
        elif text[start:end].strip():
            joined.append((start, end))
        else:
            continue
        open_ended = text[start:end].rstrip().endswith("\\")
    for start, end in joined:
        line = text[start:end]
        lead = len(line) - len(line.lstrip())
        bare = line[lead:]
        if bare[0] in "#;":
            continue
        cut = re.search(r"\s+#|\s*\\\s*$|\s*\\\r?\n|\s+--?[a-z]", bare)
        said = bare[: cut.start()] if cut else bare.rstrip()
        place = start + lead
        name = name_of(said)
        if name in GREEN and not _EGG.search(said) and parsed(said) is None:
            name = ""
        yield Entry(name, place, place + len(said), (start, end), said)
