"""Code that reads as if a careful colleague had typed it: calls that fit the line."""

from __future__ import annotations

from collections.abc import Sequence


def call(
    function: str,
    arguments: Sequence[str],
    *,
    indent: str,
    column: int,
    limit: int,
    suffix: str = "",
    tail: int = 0,
) -> str:
    """Code of ``function(arguments)suffix``, broken over lines only where it must be.

    ``column`` is where the code begins, ``indent`` that of its statement, ``tail`` the number of
    characters that follow it on its last line, ``limit`` the longest line allowed.
    """
    joined = ", ".join(arguments)
    line = f"{function}({joined}){suffix}"
    if "\n" not in line and column + len(line) + tail <= limit:
        return line
    if "\n" in joined:  # keep the author's own line breaks
        return line
    inner = indent + "    "
    if len(inner) + len(joined) + 1 <= limit:
        return f"{function}(\n{inner}{joined}\n{indent}){suffix}"
    lines = "".join(f"{inner}{argument},\n" for argument in arguments)
    return f"{function}(\n{lines}{indent}){suffix}"
