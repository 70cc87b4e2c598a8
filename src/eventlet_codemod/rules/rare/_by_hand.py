"""The decision on what a person has to write anew, with a sketch on the rule's page."""

from __future__ import annotations

from collections.abc import Mapping

from eventlet_codemod.facts import Use
from eventlet_codemod.rules.base import Decision, Leave, leave_in_doubt


def leave(use: Use, code: str, why: str, advice: Mapping[str, str]) -> Decision | None:
    """Leave a reference, with the advice for the longest part of its name that has one.

    ``code`` is the rule whose page has code for all of them, "" if for some only.
    """
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    parts = use.api.split(".")
    known = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
    told = next(advice[name] for name in known if name in advice)
    return Leave(
        message=f"`{use.path}` is left",
        why=why,
        advice=see(told, code) if code else told,
    )


def see(advice: str, code: str) -> str:
    """Advice that a sketch on the page of a rule belongs to."""
    return f"{advice}; `eventlet-codemod explain {code}` has code that runs"
