"""Eventlet and greenlet leave the lists of requirements when no use of them is left.

Read are `requirements*.txt`, `test-requirements.txt` and their like, `lower-constraints.txt`,
`setup.cfg` (`install_requires`, extras, the extras of pbr), `setup.py` where the list can be seen,
`pyproject.toml` (PEP 621, dependency groups, Poetry, PDM, Hatch, uv), `Pipfile`, the `deps` of
`tox.ini`, `bindep.txt`, and `pip install` and the like in a `Dockerfile`, a script or a workflow.
`gunicorn[eventlet]` and `celery[eventlet]` lose their extra. Upper constraints stay as they are: a
pin of what nobody installs does nothing.

The comment on its own line goes with a requirement, comments above stay. An extra that holds
nothing else stays, empty, so that asking for it is no error.

It is left where a use of eventlet stays, in Python or in what another of these files runs; where a
list was made by a tool, which is to make it again; and greenlet is left where SQLAlchemy's asyncio
layer is used, which needs it. A library that chooses how to run by what is installed may choose
otherwise then, and the reviewer is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eventlet_codemod.packaging import commands, dependencies
from eventlet_codemod.packaging.base import GREEN, Context, PackagingRule, Place
from eventlet_codemod.packaging.installs import Install, installs
from eventlet_codemod.packaging.listing import Entry, Listing, name_of, parsed, without

_CODE = "EVT801"
_MENTION = re.compile(r"(?<![\w.])(?:eventlet|greenlet)(?![\w.])", re.IGNORECASE)
_WHY = "nothing in the project uses it any more"
_UNPINNED = "; a library that still brings it is not pinned here any longer"
_GENERATED = (
    "a tool made this list: make it again from its source when eventlet is gone from there "
    "(`pip-compile`, `uv lock`, `poetry lock`)"
)


def reads(path: str) -> bool:
    """Whether a file lists requirements, or may hold commands that install some."""
    return dependencies.reads(path) or commands.kind_of(path) not in ("", "cfg")


def scan(text: str, context: Context) -> Iterator[Place]:
    """Every requirement of eventlet or greenlet, and every extra of that name."""
    for listing in dependencies.listings(text, context.path):
        for entry in listing.entries:
            if entry.name in GREEN:
                yield _dependency(text, context, listing, entry)
            elif place := _extra(text, listing, entry) or _unread(listing, entry):
                yield place
    for found in installs(text, context.path):
        yield _installed(context, found)
    for start, end, said in dependencies.named_extras(text, context.path):
        yield Place(
            rule=_CODE,
            api=said,
            start=start,
            end=end,
            message=f"the extra `{said}` stays, for who asks for it",
            why="an extra that brings nothing is no error",
            edits=(),
            keeps=True,
            waits=False,
        )
    for start, end, said in dependencies.words(text, context.path):
        yield Place(
            rule=_CODE,
            api=said,
            start=start,
            end=end,
            message="a word that describes the project stays",
            why="nothing is installed for it",
            edits=(),
            keeps=True,
            waits=False,
        )
    for start, end, said in dependencies.unseen(text, context.path):
        yield Place(
            rule=_CODE,
            api=name_of(said),
            start=start,
            end=end,
            message=f"`{said}` is a requirement, but how setup() gets it cannot be seen",
            why="only lists that are given to setup(), or named once, can be read",
            advice="delete it with the last use of eventlet",
        )


def _dependency(text: str, context: Context, listing: Listing, entry: Entry) -> Place:
    reason = context.stays.get(entry.name)
    if listing.role == "lock" or reason:
        return Place(
            rule=_CODE,
            api=entry.name,
            start=listing.shown(entry)[0],
            end=listing.shown(entry)[1],
            message=f"`{entry.name}` stays: {reason}" if reason else f"`{entry.name}` is locked",
            why="something else needs it" if reason else "what a tool wrote is not to be edited",
            advice="require `sqlalchemy[asyncio]`, which brings it, and delete this line"
            if reason
            else _GENERATED,
        )
    checks = {}
    if context.picky and entry.name == "eventlet":
        names = " and ".join(context.picky)
        checks["C-MODE"] = (
            f"{names} may run in another mode without it: is the threaded mode given explicitly?"
        )
    return Place(
        rule=_CODE,
        api=entry.name,
        start=listing.shown(entry)[0],
        end=listing.shown(entry)[1],
        message=f"`{text[entry.start : entry.end]}` leaves",
        why=_WHY + _UNPINNED * (listing.role == "lower"),
        edits=without(text, listing, entry),
        checks=checks,
    )


def _installed(context: Context, found: Install) -> Place:
    """A package that a command installs."""
    reason = context.stays.get(found.name)
    edits = None if reason else found.edits
    return Place(
        rule=_CODE,
        api=found.name,
        start=found.start,
        end=found.end,
        message=f"`{found.text}` is installed" + (" no more" if edits else ""),
        why=reason or _WHY,
        edits=edits,
        advice="" if edits else reason or "delete the command with the last use of eventlet",
    )


def _extra(text: str, listing: Listing, entry: Entry) -> Place | None:
    """The extra of a library that brings eventlet: ``gunicorn[eventlet]``."""
    match = re.match(r"[\w.-]+\s*\[(?P<extras>[^\]]*)\]", entry.text)
    if match is None:
        return None
    extras = [extra.strip() for extra in match["extras"].split(",")]
    if "eventlet" not in extras:
        return None
    known = entry.name in ("gunicorn", "celery")
    requirement = parsed(entry.text)
    kept = ",".join(extra for extra in extras if extra != "eventlet")
    start, end = match.span("extras")
    edit = (
        (entry.start + start, entry.start + end, kept)
        if kept
        else (entry.start + start - 1, entry.start + end + 1, "")
    )
    editable = known and requirement is not None and listing.role != "lock"
    return Place(
        rule=_CODE,
        api="eventlet",
        start=listing.shown(entry)[0],
        end=listing.shown(entry)[1],
        message=f"the extra `eventlet` of {entry.name} leaves"
        if editable
        else f"`{entry.text}` asks for an extra `eventlet`",
        why="it does nothing but bring eventlet",
        edits=(edit,) if editable else None,
        advice="" if editable else "see what it brings, and drop it if that is eventlet alone",
    )


def _unread(listing: Listing, entry: Entry) -> Place | None:
    """A line that names eventlet but cannot be read: a path or an address."""
    if entry.name or not _MENTION.search(entry.text):
        return None
    if re.match(r"-(?:r|c)\b|--(?:requirement|constraint)\b", entry.text):
        return None
    return Place(
        rule=_CODE,
        api="eventlet",
        start=listing.shown(entry)[0],
        end=listing.shown(entry)[1],
        message=f"`{entry.text}` seems to bring eventlet",
        why="which distribution it names cannot be seen",
        advice="delete it with the last use of eventlet, if it is eventlet",
    )


rule = PackagingRule(
    code=_CODE,
    summary="eventlet and greenlet leave the lists of requirements when no use is left",
    reads=reads,
    scan=scan,
    checks=("C-MODE",),
    references=("CFG-6", "CFG-3"),
    file="requirements.txt",
    before="""\
pbr>=5.5.0 # Apache-2.0
eventlet>=0.27.0 # MIT
greenlet>=0.4.16 # MIT
lxml>=4.5.2 # BSD
""",
    after="""\
pbr>=5.5.0 # Apache-2.0
lxml>=4.5.2 # BSD
""",
)
