"""Where the options of an INI file stand: setup.cfg, tox.ini, .coveragerc, logging settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SECTION = re.compile(r"\[(?P<name>[^\]\r\n]*)\]")
_KEY = re.compile(r"(?P<key>[^\s=:#;\[][^=:\r\n]*?)[ \t]*[=:][ \t]*")


@dataclass(frozen=True, slots=True)
class Option:
    """One option. ``values`` are the spans of what its lines hold, comments left out."""

    section: str
    key: str
    start: int
    end: int
    values: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its header, and up to where its last option goes."""

    name: str
    start: int
    end: int


def lines_of(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the lines, without what ends them."""
    at = 0
    for line in text.split("\n"):
        yield at, at + len(line) - line.endswith("\r")
        at += len(line) + 1


def options(text: str) -> list[Option]:
    """Every option, in order."""
    return _read(text)[1]


def sections(text: str) -> list[Section]:
    """Every section, in order."""
    return _read(text)[0]


def _read(text: str) -> tuple[list[Section], list[Option]]:
    found: list[Section] = []
    read: list[Option] = []
    section = ""
    for start, end in lines_of(text):
        line = text[start:end]
        bare = line.strip()
        if not bare or bare[0] in "#;":
            continue
        if line[0] in " \t" and read and read[-1].section == section:
            last = read[-1]
            span = start + len(line) - len(line.lstrip()), start + len(line.rstrip())
            read[-1] = Option(section, last.key, last.start, end, (*last.values, span))
        elif header := _SECTION.match(line):
            section = header["name"]
            found.append(Section(section, start, end))
            continue
        elif option := _KEY.match(line):
            value = start + option.end(), start + len(line.rstrip())
            values = (value,) if value[0] < value[1] else ()
            read.append(Option(section, option["key"].strip(), start, end, values))
        if found:
            found[-1] = Section(found[-1].name, found[-1].start, end)
    return found, read
