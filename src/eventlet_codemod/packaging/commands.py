"""Files that hold commands or the environment of processes, and what a place in them belongs to."""

from __future__ import annotations

import re
from typing import Literal

from eventlet_codemod.packaging import ini
from eventlet_codemod.packaging.base import line_at

#: ``unit`` is a file of sections or settings that is no INI of Python's: systemd, supervisor.
Kind = Literal["docker", "shell", "env", "unit", "yaml", "tox", "cfg", ""]

_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_MAKE = ("Makefile", "makefile", "GNUmakefile")


def kind_of(path: str) -> Kind:
    """Which kind of such a file this is, "" for none."""
    name = path.rpartition("/")[2]
    lower = name.lower()
    if lower.startswith(("dockerfile", "containerfile")) or lower.endswith(".dockerfile"):
        return "docker"
    if lower.endswith((".sh", ".bash", ".mk")) or name.startswith("Procfile") or name in _MAKE:
        return "shell"
    if name.startswith((".env", ".flaskenv")) or lower.endswith((".env", ".env.example")):
        return "env"
    if lower.endswith((".yml", ".yaml")):
        return "yaml"
    if name in ("tox.ini", "setup.cfg", "pytest.ini"):
        return "tox" if name == "tox.ini" else "cfg"
    return "unit" if lower.endswith((".service", ".conf", ".ini", ".conf.sample")) else ""


def is_comment(text: str, place: int, kind: Kind) -> bool:
    """Whether a place stands in a comment."""
    before = text[line_at(text, place)[0] : place]
    bare = before.lstrip()
    if bare.startswith("#") or (kind in ("unit", "tox", "cfg") and bare.startswith(";")):
        return True
    if kind in ("unit", "cfg"):
        return False
    return re.search(r"[ \t]#", _QUOTED.sub("", before)) is not None


def statement(text: str, place: int, kind: Kind) -> tuple[int, int]:
    """The command around a place: its line, and those that it goes on in.

    In YAML it is the value of the key around it, which may be a list or several lines.
    """
    start, end = line_at(text, place)
    if kind == "yaml":
        start, end = _block(text, start, end)
    while start > 0 and text[: start - 1].rstrip("\r").endswith("\\"):
        start = line_at(text, start - 1)[0]
    while text[start:end].rstrip("\r\n").endswith("\\") and end < len(text):
        end = line_at(text, end)[1]
    return start, end


def words_of(text: str, place: int, kind: Kind) -> str:
    """What the command around a place says, comments left out."""
    start, end = statement(text, place, kind)
    return re.sub(r"(?m)(?:^|[ \t])#.*$", "", text[start:end])


def neighbours(text: str, start: int, end: int) -> tuple[str, str]:
    """The nearest lines above and below some lines that say something, "" for none."""
    above = below = ""
    while start > 0 and not _says(above):
        first = line_at(text, start - 1)[0]
        above, start = text[first:start], first
    while end < len(text) and not _says(below):
        last = line_at(text, end)[1]
        below, end = text[end:last], last
    return above if _says(above) else "", below if _says(below) else ""


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _block(text: str, start: int, end: int) -> tuple[int, int]:
    """The key above a line of YAML that is indented less, or stands on it, and all that it holds.

    Items of a list may stand as far left as their key.
    """
    line = text[start:end]
    indent = indent_of(line)
    if re.match(r"[ \t]*(?:- )?[\w.\"'-]+[ \t]*:[ \t]", line) or re.match(
        r"[ \t]*- [^-\"'\[\s]\S*[ \t]+\S", line
    ):
        own, top = indent, start
    else:
        own, top = indent, start
        while top > 0:
            top = line_at(text, top - 1)[0]
            above = text[top : line_at(text, top)[1]]
            dashed = above.lstrip().startswith("- ")
            if above.strip() and (
                indent_of(above) < indent or (indent_of(above) == indent and not dashed)
            ):
                own = indent_of(above)
                break
        else:
            return start, end
    stop = end
    while stop < len(text):
        following = text[stop : line_at(text, stop)[1]]
        item = following.lstrip().startswith("- ") and top != start
        if following.strip() and not (
            indent_of(following) > own or (indent_of(following) == own and item)
        ):
            break
        stop = line_at(text, stop)[1]
    return top, stop


def indent_of(line: str) -> int:
    """How far a line is indented."""
    return len(line) - len(line.lstrip(" \t"))


def option_of(text: str, place: int) -> ini.Option | None:
    """The option of an INI file that a place belongs to."""
    for option in ini.options(text):
        if any(start <= place < end for start, end in option.values):
            return option
    return None


def is_command(text: str, place: int, kind: Kind) -> bool:
    """Whether a place stands where a command does: tox.ini holds much besides."""
    if kind == "cfg":
        return False
    if kind == "tox":
        option = option_of(text, place)
        return option is not None and option.key.startswith("commands")
    return True
