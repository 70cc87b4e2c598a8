"""Where a key stands in a TOML file: what a parser does not tell."""

from __future__ import annotations

import re

_PART = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
_DOTTED = rf"({_PART}(?:\s*\.\s*{_PART})*)"
_HEADER = rf"\s*\[\[?\s*{_DOTTED}\s*\]"
_KEY = rf"\s*{_DOTTED}\s*="

Keys = tuple[str, ...]


def line_of(text: str, *keys: str) -> int | None:
    """Find the line of a key, or of the table that holds it; a search, not a parse.

    A name in quotes, such as ``"pkg.spawn"``, is one key. None where no line has even the first.
    """
    table: Keys = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(_HEADER, line):
            name = table = _parts(header[1])
        elif key := re.match(_KEY, line):
            name = (*table, *_parts(key[1]))
        else:
            continue
        if name[: len(keys)] == keys:
            return number
    return line_of(text, *keys[:-1]) if keys else None


def _parts(name: str) -> Keys:
    return tuple(part.strip("\"'") for part in re.findall(_PART, name))
