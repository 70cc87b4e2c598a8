"""What a command line installs: ``pip install``, and the packages of systems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from eventlet_codemod.packaging import commands
from eventlet_codemod.packaging.base import GREEN, Edit, drop_lines, line_at
from eventlet_codemod.packaging.listing import name_of, parsed

_GAP = r"(?:[ \t]|\\\r?\n)"
_INSTALL = re.compile(
    rf"\b(?:(?:uv{_GAP}+)?pip[\d.]*{_GAP}+install|(?:uv|poetry|pdm|apk){_GAP}+add"
    rf"|(?:apt-get|apt|dnf|yum|microdnf|conda|mamba)\b(?:{_GAP}+-[^\s\\]+)*{_GAP}+install)(?![\w-])"
)
_TOKEN = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|&&|\|\||[;|()]|[^\s\\\"'&;|()]+|\\\r?\n|\\")
_ENDS = ("&&", "||", ";", "|", "(", ")")
_SYSTEM = re.compile(r"(?:python\d?-|py\d?-|python\d?dist\()(eventlet|greenlet)\)?$")
#: Options of pip and its like that a value follows.
_TAKES = re.compile(
    r"-[rceifdt]$|--(?:requirement|constraint|editable|index-url|extra-index-url|find-links|target|"
    r"prefix|root|python|platform|group|channel|repository)$"
)


@dataclass(frozen=True, slots=True)
class Install:
    """One package that a command installs. ``edits`` is None where it cannot go alone."""

    name: str
    start: int
    end: int
    text: str
    edits: tuple[Edit, ...] | None


def installs(text: str, path: str) -> Iterator[Install]:
    """Every green package that the commands of a file install, by name or as an extra."""
    kind = commands.kind_of(path)
    for match in _INSTALL.finditer(text) if kind else ():
        if commands.is_comment(text, match.start(), kind):
            continue
        if not commands.is_command(text, match.start(), kind):
            continue
        tokens = list(_tokens(text, match.end()))
        packages = [token for token in tokens if token[3]]
        others = [token for token in tokens if not _green(token[2])]
        for start, end, word, is_package in packages:
            name = _green(word)
            if name:
                edits = _without(text, start, end) if others else None
                if edits is None and kind == "docker":
                    edits = _whole(text, match.start(), tokens[-1][1])
                yield Install(name, start, end, word, edits)
            elif is_package and (edit := _extra(text, start, end)):
                yield Install("eventlet", start, end, word, (edit,))


def _tokens(text: str, place: int) -> Iterator[tuple[int, int, str, bool]]:
    """The words of a command from a place on: span, what it says, whether it is a package.

    Options are left out, and what they take counts as something that is installed.
    """
    takes = False
    at = place
    while match := _TOKEN.search(text, at):
        if "\n" in text[at : match.start()] or match[0] in _ENDS or match[0].startswith("#"):
            return
        at = match.end()
        if match[0].startswith("\\"):
            continue
        word = match[0].strip("\"'")
        if word.startswith("-") and not takes:
            takes = _TAKES.match(word) is not None
            continue
        yield match.start(), match.end(), word, not takes
        takes = False


def _green(word: str) -> str:
    """The name of the green package that a word installs, "" for another."""
    if system := _SYSTEM.match(word.partition("=")[0]):
        return system[1]
    name = name_of(word)
    known = name in GREEN and (parsed(word) is not None or "#egg=" in word)
    return name if known or (name in GREEN and re.fullmatch(r"\w+=[\w.*]+", word)) else ""


def _without(text: str, start: int, end: int) -> tuple[Edit, ...]:
    before = re.search(rf"{_GAP}+$", text[:start])
    return ((before.start() if before else start, end, ""),)


def _whole(text: str, start: int, end: int) -> tuple[Edit, ...] | None:
    """Drop an instruction of a Dockerfile that does nothing but install what leaves."""
    first, last = commands.statement(text, start, "docker")
    head = re.fullmatch(rf"[ \t]*RUN{_GAP}+(?:python\d?{_GAP}+-m{_GAP}+)?", text[first:start])
    alone = head is not None and not text[end:last].strip()
    return drop_lines(text, line_at(text, first)[0], last) if alone else None


def _extra(text: str, start: int, end: int) -> Edit | None:
    """The edit for ``gunicorn[eventlet]``."""
    match = re.match(r"[\"']?(gunicorn|celery)\[([^\]]*)\]", text[start:end], re.IGNORECASE)
    if match is None:
        return None
    extras = [extra.strip() for extra in match[2].split(",")]
    if "eventlet" not in extras:
        return None
    kept = ",".join(extra for extra in extras if extra != "eventlet")
    return start + match.start(2) - 1, start + match.end(2) + 1, f"[{kept}]" if kept else ""
