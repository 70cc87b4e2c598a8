"""The last paragraph of a commit message, which Gerrit and Zuul read.

A Change-Id names a change within one project and branch: Gerrit looks it up there, so the same one
in another repository, or for another branch, is another change (that is how a backport keeps its
name). Two things make it the wrong name all the same: `series.change_id` knows rules and paths
only, so that two campaigns over one project, or the next series after the first one was merged,
would meet the changes of the other; and a ``Depends-On`` that names a Change-Id means every change
of that name on the server. `change_ids` therefore mixes the project and the campaign in, and not
the branch. `later_id` gives the names of changes that come after closed ones.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

_TRAILER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*: ?\S.*")
_CHANGE_ID = re.compile(r"(?m)^Change-Id: *(I[0-9a-fA-F]{40})[ \t]*$")


def with_footers(message: str, footers: Iterable[str]) -> str:
    """Put footers (``Key: value``) into the last paragraph, before its Change-Id; each once.

    Where the last paragraph is none of footers, they become one. Raises ValueError for a footer
    that is not one line of that form.
    """
    head, block = _parted(message)
    for footer in footers:
        if not _TRAILER.fullmatch(footer):
            raise ValueError(f"not a footer: {footer!r}")
        if footer not in block:
            ids = (n for n, line in enumerate(block) if line.startswith("Change-Id:"))
            block.insert(next(ids, len(block)), footer)
    return "\n".join([head, "", *block]) + "\n" if block else f"{head}\n"


def change_id(message: str) -> str:
    """The Change-Id of a message where Gerrit looks for it, "" without one; the last counts."""
    _, block = _parted(message)
    found = _CHANGE_ID.findall("\n".join(block))
    return str(found[-1]) if found else ""


def with_change_id(message: str, new: str) -> str:
    """The message with another Change-Id, or with its first."""
    head, block = _parted(message)
    block = [line for line in block if not line.startswith("Change-Id:")]
    return "\n".join([head, "", *block, f"Change-Id: {new}"]) + "\n"


def change_ids(messages: Sequence[str], *, project: str, campaign: str) -> list[str]:
    """The messages of a series with Change-Ids that are this campaign's own, and differ.

    They are the same for the same series.
    """
    told: dict[str, int] = {}
    result = []
    for message in messages:
        old = change_id(message)
        told[old] = told.get(old, 0) + 1
        new = _id_of(project, campaign, "0", old or message, str(told[old]))
        result.append(with_change_id(message, new))
    return result


def later_id(name: str, generation: int) -> str:
    """The name of the change that comes after those of all generations before; 0 is the first.

    One that was merged or abandoned takes no more patch sets.
    """
    return _id_of(name, str(generation)) if generation else name


def _id_of(*parts: str) -> str:
    text = "\0".join(parts).encode(errors="surrogateescape")
    return f"I{hashlib.sha1(text, usedforsecurity=False).hexdigest()}"


def _parted(message: str) -> tuple[str, list[str]]:
    """A message without its last paragraph, and the lines of that; none if it holds no footers."""
    text = message.strip("\n")
    head, gap, last = text.rpartition("\n\n")
    lines = last.split("\n")
    if not gap or not all(_TRAILER.fullmatch(line) or line[:1] in " \t" for line in lines):
        return text, []
    return head.rstrip("\n"), lines
