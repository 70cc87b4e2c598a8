"""What rewritten code imports comes into the lists of requirements.

Rewrites may import `futurist`, `cheroot`, `cotyledon`, the threading backend of oslo.service, or
what that loads and routes WSGI applications with.
Each comes in with a lower bound that has a reason, which the finding tells. It goes where eventlet
is required at run time, else into the project's first list of this kind; `lower-constraints.txt`
gets its pin. Where a list is sorted it goes into its place, else to where eventlet stood or to the
end; where the lines of a list end in a licence, so does this one.

What is required already is kept. A lower bound is raised only where older releases will not do.
This does not wait for the last use of eventlet: code that is rewritten needs it at once. Nor does
it follow the setting `steps`, since it belongs to the rewrites that import it.

It is left where a pin or an upper bound keeps the needed release out, where a list demands hashes
or was made by a tool, and where nothing is known of the module that the code imports.
"""

from __future__ import annotations

from collections.abc import Iterator

from eventlet_codemod.packaging import dependencies
from eventlet_codemod.packaging.base import NOWHERE, Context, PackagingRule, Place
from eventlet_codemod.packaging.listing import Entry, Listing, raised, with_new
from eventlet_codemod.packaging.needed import Need

_CODE = "EVT802"


def scan(text: str, context: Context) -> Iterator[Place]:
    """What is to come into each list of the file, and what is to be raised."""
    for need in context.wants.get(NOWHERE, ()):
        yield _unlisted(need)
    for listing in dependencies.listings(text, context.path):
        for need in context.wants.get(listing.key, ()):
            entries = listing.named(need.distribution)
            for entry in entries:
                if place := _raise(listing, entry, need):
                    yield place
            if not entries:
                yield _add(text, listing, need)


def _unlisted(need: Need) -> Place:
    return Place(
        rule=_CODE,
        api=need.distribution,
        start=0,
        end=0,
        message=f"`{need.named}` is to come in, and no list of requirements can be seen",
        why=f"rewritten code imports it; {need.why}",
        advice=f"require `{need.requirement}`",
        waits=False,
    )


def _add(text: str, listing: Listing, need: Need) -> Place:
    hashed = listing.role == "lock" or "--hash=" in text[listing.start : listing.end]
    edits = None if hashed or not need.minimum else with_new(text, listing, need) or None
    anchor = edits[-1][0] if edits else listing.start
    start, end = _shown(text, min(anchor, max(len(text) - 1, 0)), listing)
    return Place(
        rule=_CODE,
        api=need.distribution,
        start=start,
        end=end,
        message=f"`{need.requirement}` comes in" if edits else f"`{need.named}` is to come in here",
        why=f"rewritten code imports it; {need.why}",
        edits=edits,
        advice=""
        if edits
        else f"add what brings `{need.distribution}`"
        if not need.minimum
        else f"add `{need.requirement}`"
        + (": this list demands hashes, or a tool writes it" if hashed else ""),
        waits=False,
    )


def _shown(text: str, place: int, listing: Listing) -> tuple[int, int]:
    """A place to show for something that is not there yet: the entry before it."""
    before = [entry for entry in listing.entries if entry.start < place]
    near = before[-1:] or list(listing.entries[:1])
    return listing.shown(near[0]) if near else (listing.start, listing.start)


def _raise(listing: Listing, entry: Entry, need: Need) -> Place | None:
    made = raised(entry, listing, need)
    if made is None:
        return None
    locked = listing.role == "lock"
    editable = bool(made.text) and not locked and listing.shape != "table"
    return Place(
        rule=_CODE,
        api=need.distribution,
        start=listing.shown(entry)[0],
        end=listing.shown(entry)[1],
        message=f"`{entry.text}` becomes `{made.text}`"
        if editable
        else f"`{entry.text}` does not meet what rewritten code needs",
        why=f"{need.why}" if editable else made.objection or "what stands here is not edited",
        edits=((entry.start, entry.end, made.text),) if editable else None,
        advice="" if editable else f"make it `{need.requirement}`",
        waits=False,
    )


rule = PackagingRule(
    code=_CODE,
    step=1,
    summary="what rewritten code imports comes into the lists of requirements",
    reads=dependencies.reads,
    scan=scan,
    references=("CFG-6", "OSL-1"),
    settings=("executor", "wsgi", "monkey-patch"),
    file="requirements.txt",
    before="""\
alembic>=1.4.2 # MIT
eventlet>=0.27.0 # MIT
oslo.service>=2.4.0 # Apache-2.0
""",
    after="""\
alembic>=1.4.2 # MIT
futurist>=3.2.0 # Apache-2.0
oslo.service[threading]>=4.5.0 # Apache-2.0
""",
)
