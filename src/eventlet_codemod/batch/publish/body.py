"""What a pull or merge request says: a part of its text that is ours, between two marks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from eventlet_codemod.batch.publish.base import Proposal
from eventlet_codemod.batch.publish.escape import code, plain, title
from eventlet_codemod.report.words import count
from eventlet_codemod.rules import UnknownRule, find_rule
from eventlet_codemod.rules.base import CHECKS

#: Where a line of a file as it was can be seen: path and line to an address, "" for nowhere.
Link = Callable[[str, int], str]

_PLACES = 5  # that one item names
_COMMITS = 50  # that are listed
_BEGIN = "<!-- eventlet-codemod: begin"
_END = "<!-- eventlet-codemod: end -->"
_OURS = re.compile(
    rf"{re.escape(_BEGIN)} (?P<title>[0-9a-f]{{12}})(?: of (?P<content>[0-9a-f]{{12}}))?[^>]*-->\n"
    rf".*?\n{re.escape(_END)}",
    re.DOTALL,
)
_Found = tuple[str, Mapping[str, Any]]


def title_of(proposal: Proposal) -> str:
    """The title of the request that holds the whole series."""
    commits = proposal.commits
    prefix = proposal.repo.subject_prefix
    if len(commits) == 1:
        return title(commits[0].subject)
    return title(f"{prefix}Take the code off eventlet: {count(len(commits), 'commit')}"[:200])


def body_of(proposal: Proposal, link: Link, limit: int, content: str) -> str:
    """Our part of the text, with its marks. Sections are left out past ``limit`` characters.

    ``content`` is a name for what the series does, as hex digits.
    """
    parts = [
        f"{_BEGIN} {_mark(title_of(proposal))} of {content[:12]}: "
        "this part is written anew each time; write above or below -->"
    ]
    parts += [_opening(proposal)]
    end = _closing(proposal)
    sections = [*_sections(proposal, link), *_left(proposal, link), *_hazards(proposal, link)]
    room = limit - len(parts[0]) - len(parts[1]) - len(end) - 200
    for number, section in enumerate(sections):
        if len(section) + 2 > room:
            parts.append(
                f"{count(len(sections) - number, 'section')} did not fit; see the commits."
            )
            break
        parts.append(section)
        room -= len(section) + 2
    return "\n\n".join([*parts, end]) + f"\n{_END}"


def is_ours(text: str) -> bool:
    """Whether a text has our part."""
    return bool(_OURS.search(_lines(text)))


def has_content(text: str, content: str) -> bool:
    """Whether a text is of a series that does this."""
    found = _OURS.search(_lines(text))
    return found is not None and found["content"] == content[:12]


def merged(old: str, ours: str) -> str:
    """The old text with our part renewed; one whose marks a person took out stays as it is."""
    text = _lines(old)
    return _OURS.sub(lambda _: ours, text, count=1) if is_ours(text) else text


def same(one: str, other: str) -> bool:
    """Whether two texts are one; forges change how lines end, and cut the end."""
    return _lines(one).strip() == _lines(other).strip()


def keeps_title(old_title: str, old_body: str) -> bool:
    """Whether the title is another one than we gave it: then a person chose it."""
    found = _OURS.search(_lines(old_body))
    return found is None or found["title"] != _mark(old_title)


def _mark(text: str) -> str:
    return hashlib.sha1(text.strip().encode(), usedforsecurity=False).hexdigest()[:12]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


# --- sections ------------------------------------------------------------------------------------


def _opening(proposal: Proposal) -> str:
    lines = ["Read it commit by commit; each is one idea, and the code works after each:", ""]
    for commit in proposal.commits[:_COMMITS]:
        rules = f" ({', '.join(commit.rules)})" if commit.rules else ""
        lines.append(f"- {commit.sha[:12]} {plain(commit.subject)}{rules}")
    if len(proposal.commits) > _COMMITS:
        lines.append(f"- and {len(proposal.commits) - _COMMITS} more")
    if proposal.depends_on:
        lines += ["", "It needs first:", ""]
        for other in proposal.depends_on:
            is_address = re.fullmatch(r"https?://[^\s<>`()]+", other)
            lines.append(f"- {other if is_address else code(other)}")
    return "\n".join(lines)


def _closing(proposal: Proposal) -> str:
    return (
        f"---\nMade by eventlet-codemod {plain(proposal.version)} in the campaign "
        f"{code(proposal.campaign)}, on top of {proposal.base[:12]}. "
        "`eventlet-codemod explain RULE` prints the page of a rule."
    )


def _findings(proposal: Proposal, status: str) -> list[_Found]:
    return [
        (entry["path"], finding)
        for entry in proposal.ledger.get("files", ())
        for finding in entry.get("findings", ())
        if finding["status"] == status
    ]


def _sections(proposal: Proposal, link: Link) -> Iterator[str]:
    """One for each rule that rewrote something: what, why, how many, and what to check."""
    by_rule: dict[str, list[_Found]] = {}
    for path, finding in _findings(proposal, "rewritten"):
        by_rule.setdefault(finding["rule"], []).append((path, finding))
    for rule, found in sorted(by_rule.items()):
        first = found[0][1]
        lines = [f"### {rule} {plain(first['name'])}", "", f"{plain(_summary(rule, first))}.", ""]
        lines += [f"{_sentence(why)}" for why in dict.fromkeys(f["why"] for _, f in found)]
        files = len({path for path, _ in found})
        review = sum(f["tier"] == "review" for _, f in found)
        asks = f", {review} to review" if review else ""
        lines += ["", f"{len(found)} rewritten in {count(files, 'file')}{asks}."]
        checks: dict[str, list[_Found]] = {}
        for path, finding in found:
            for name in finding.get("may_differ", ()):
                checks.setdefault(name, []).append((path, finding))
        if checks:
            lines += ["", "To check:", ""]
        for name, places in sorted(checks.items()):
            lines.append(f"- {name}: {plain(CHECKS.get(name, ''))} {_at(places, link)}")
        yield "\n".join(lines)


def _left(proposal: Proposal, link: Link) -> Iterator[str]:
    found = _findings(proposal, "left")
    said: dict[str, list[_Found]] = {}
    for path, finding in found:
        text = f"{finding['rule']}: {finding['message'].removeprefix('left: ')}; {finding['why']}."
        said.setdefault(text, []).append((path, finding))
    if found:
        lines = ["### Left", "", f"{count(len(found), 'use')} that a person must see to:", ""]
        yield "\n".join([*lines, *(f"- {plain(t)} {_at(at, link)}" for t, at in said.items())])


def _hazards(proposal: Proposal, link: Link) -> Iterator[str]:
    found = [
        (entry["path"], hazard)
        for entry in proposal.ledger.get("files", ())
        for hazard in entry.get("hazards", ())
        if hazard["status"] == "open"
    ]
    if found:
        lines = []
        for path, hazard in found:
            told = f"{hazard['rule']}: {hazard['message']}; {hazard['advice']}."
            lines.append(f"- {plain(told)} {_at([(path, hazard)], link)}")
        yield "\n".join(["### Hazards that come with threads", "", *lines])


def _summary(rule: str, finding: Mapping[str, Any]) -> str:
    try:
        return find_rule(rule).summary
    except UnknownRule:  # of a plug-in, which is not here
        return str(finding["message"])


def _sentence(text: str) -> str:
    return plain(f"{text[:1].upper()}{text[1:]}.")


def _at(places: Sequence[_Found], link: Link) -> str:
    told = []
    for path, item in places[:_PLACES]:
        shown = code(f"{path}:{item['line']}")
        address = link(path, item["line"])
        told.append(f"[{shown}]({address})" if address else shown)
    more = f" and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
    return f"At {', '.join(told)}{more}."
