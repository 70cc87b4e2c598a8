"""Comments that speak of the patching that goes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Edit, Fold, is_alone_in_block

#: What such a comment mentions. Others may speak of anything that stands below them.
_SPEAKS = re.compile(r"eventlet|green(?:let|thread|[ \t]|$)|monkey|patch", re.IGNORECASE | re.M)


#: Comments for tools, which go with no statement.
_PRAGMA = re.compile(r"#\s*(?:!|noqa|flake8|pylint|isort|type:|fmt:|-\*-|ruff|mypy)")


def asks(
    use: Use, facts: Facts, edits: Sequence[Edit] = (), *, replaced: bool = False
) -> Mapping[str, str]:
    """The question about comments right above a call that goes, or above the import for it.

    They stay: only a person can tell what of them still holds. Those inside of a condition that
    goes by ``edits`` go with it. Where the call is ``replaced``, what does not speak of patching
    may be about what stands there now.
    """
    holder = use.parents[use.parents.index(use.statement) - 1]
    if is_alone_in_block(use) and use.statement in getattr(holder, "orelse", ()):
        return {}  # its clause goes whole
    folded = (edit.node.lineno for edit in edits if isinstance(edit, Fold))
    call = next(folded, use.statement.lineno)
    found = []
    for line in sorted({call, *(binding.line for binding in use.bindings)}):
        block = _above(line, facts) or _above(_over_gap(line, facts), facts)
        text = "\n".join(facts.lines[block.start - 1 : block.stop - 1])
        right_above = block.stop == line
        if _SPEAKS.search(text) or (text and right_above and line == call and not replaced):
            found.append(block)
    if not found:
        return {}
    places = " and ".join(
        f"lines {block.start}-{block.stop - 1}" if len(block) > 1 else f"line {block.start}"
        for block in found
    )
    speak = "comment" if len(found) == 1 else "comments"
    return {"C-STALE": f"the {speak} on {places} may speak of patching: what of it still holds?"}


def _over_gap(line: int, facts: Facts) -> int:
    """The line below the comment that a blank line keeps from ``line``."""
    return line - 1 if line > 1 and not facts.lines[line - 2].strip() else line


def _above(line: int, facts: Facts) -> range:
    """The lines of comments that end right above a line."""
    first = line
    while first > 1 and facts.lines[first - 2].lstrip().startswith("#"):
        if _PRAGMA.match(facts.lines[first - 2].lstrip()):
            break
        first -= 1
    return range(first, line)
