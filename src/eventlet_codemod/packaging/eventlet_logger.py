"""Settings for eventlet's loggers leave, or get the name that the server's logger has now.

Where a server of the helper module takes the place of eventlet's, its logger is `wsgi.server`, in
code (`wsgi-logger`, `log-level`) and in settings; they change with the server.

Elsewhere, only eventlet's own server logs as `eventlet.wsgi.server`; when it is gone, a setting for
that name does nothing. In an INI file for `logging.config` the section leaves that has such a name
as its `qualname`, and its word in the list of loggers; in a setting of oslo.log,
`default_log_levels`, the pair leaves; in YAML the block of the logger does. Code that logs under
the name is a use of its own, and this waits for it. It is left in JSON, and where nothing else
would stay beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from eventlet_codemod.packaging import commands, ini
from eventlet_codemod.packaging.base import (
    Context,
    Edit,
    PackagingRule,
    Place,
    drop_lines,
    line_at,
)
from eventlet_codemod.packaging.listing import without_word

_CODE = "EVT808"
_OLD, _NEW = "eventlet.wsgi", "wsgi"
_LOGGER = re.compile(r"eventlet(?:\.[\w.]+)?")
_NAME = re.compile(r"[^\s,]+")
_PAIR = re.compile(r"[^\s,=#]+=\w+")
_KEY = re.compile(
    r"^(?P<indent>[ \t]*)(?P<quote>[\"']?)(?P<name>eventlet(?:\.[\w.]+)?)(?P=quote):", re.M
)
_SERVER = re.compile(r"(?<![\w.])eventlet\.wsgi(?:\.server)?(?![\w.])")
_FILES = re.compile(r"\.(?:conf|ini|cfg|ya?ml|json)(?:\.(?:sample|example|template))?$")


def reads(path: str) -> bool:
    """Whether a file may configure logging; release notes only tell of that."""
    return bool(_FILES.search(path)) and "releasenotes" not in path.split("/")


def scan(text: str, context: Context) -> Iterator[Place]:
    """Every setting for a logger of eventlet's."""
    if re.search(r"\.ya?ml", context.path):
        found = _in_yaml(text)
    elif ".json" in context.path:
        found = _in_json(text)
    else:
        found = _in_ini(text)
    for place in found:
        if not (context.served and place.api.startswith(_OLD)):
            yield place
        elif place.edits != ():  # its word in the list of loggers is the project's own
            yield _renamed(place)


def _renamed(place: Place) -> Place:
    """The same logger by the name that the server's has now, the rest of the setting untouched."""
    new = place.api.replace(_OLD, _NEW)
    return replace(
        place,
        message=f"the logger of the WSGI server is called `{new}` here too",
        why=f"`{place.api}` names a module that is there no more",
        edits=((place.start, place.start + len(place.api), new),),
        advice="",
        waits=False,
    )


def _in_ini(text: str) -> Iterator[Place]:
    options = ini.options(text)
    sections = ini.sections(text)
    for option in options:
        spans = option.values
        if option.key == "qualname" and option.section.startswith("logger_") and spans:
            said = text[spans[0][0] : spans[0][1]]
            if _LOGGER.fullmatch(said):
                name = option.section.removeprefix("logger_")
                section = next(s for s in sections if s.name == option.section)
                span, edits = _without_key(text, options, name)
                yield _place(said, spans[0], (*_without_section(text, section), *edits))
                if span:
                    yield _place(said, span, ())  # which goes with the section
        elif option.key == "default_log_levels":
            yield from _levels(text, option)


def _without_section(text: str, section: ini.Section) -> tuple[Edit, ...]:
    start, end = line_at(text, section.start)[0], line_at(text, section.end)[1]
    while end < len(text):
        stop = line_at(text, end)[1]
        if text[end:stop].strip():
            break
        end = stop
    if end == len(text):  # the last one, so the blank lines before it go
        return drop_lines(text, line_at(text, len(text[:start].rstrip()))[1] if start else 0, end)
    return ((start, end, ""),)


def _without_key(
    text: str, options: list[ini.Option], name: str
) -> tuple[tuple[int, int] | None, tuple[Edit, ...]]:
    """Where the list of loggers names one, and the edit that takes it out."""
    for option in options:
        if option.section == "loggers" and option.key == "keys":
            items = [
                match.span()
                for start, end in option.values
                for match in _NAME.finditer(text, start, end)
            ]
            for span in items:
                if text[span[0] : span[1]] == name:
                    return span, without_word(text, items, span)
    return None, ()


def _levels(text: str, option: ini.Option) -> Iterator[Place]:
    items = [
        match.span() for start, end in option.values for match in _PAIR.finditer(text, start, end)
    ]
    for span in items:
        name = text[span[0] : span[1]].partition("=")[0]
        if _LOGGER.fullmatch(name):
            yield _place(name, span, without_word(text, items, span) if len(items) > 1 else None)


def _in_yaml(text: str) -> Iterator[Place]:
    for match in _KEY.finditer(text):
        start, end = line_at(text, match.start("name"))
        indent = len(match["indent"])
        while end < len(text):
            stop = line_at(text, end)[1]
            line = text[end:stop]
            if line.strip() and len(line) - len(line.lstrip()) <= indent:
                break
            end = stop
        block = text[start:end]
        end = start + len(block.rstrip()) if block.strip() else end
        if not _is_logger(text, start, indent, block, match["name"]):
            continue
        alone = not _has_sibling(text, start, line_at(text, end - 1)[1], indent)
        edits = None if alone else drop_lines(text, start, end)
        yield _place(match["name"], match.span("name"), edits)
    for match in _SERVER.finditer(text):
        key = re.match(r"[\"']?:(?:\s|$)", text[match.end() :])
        if not key and not commands.is_comment(text, match.start(), "yaml"):
            yield _place(match[0], match.span(), None)


def _is_logger(text: str, start: int, indent: int, block: str, name: str) -> bool:
    """Whether a block of YAML stands below ``loggers``, or says what a logger's does."""
    parent = start
    while parent > 0:
        parent = line_at(text, parent - 1)[0]
        line = text[parent : line_at(text, parent)[1]]
        if line.strip() and len(line) - len(line.lstrip()) < indent:
            return re.match(r"\s*[\"']?loggers[\"']?:", line) is not None
    return False


def _has_sibling(text: str, start: int, end: int, indent: int) -> bool:
    above, below = commands.neighbours(text, start, end)
    before = bool(above) and commands.indent_of(above) >= indent
    return before or (bool(below) and commands.indent_of(below) == indent)


def _in_json(text: str) -> Iterator[Place]:
    if '"loggers"' in text:
        for match in re.finditer(r"\"(?P<name>eventlet(?:\.[\w.]+)?)\"\s*:", text):
            yield _place(match["name"], match.span("name"), None)


def _place(name: str, span: tuple[int, int], edits: tuple[Edit, ...] | None) -> Place:
    return Place(
        rule=_CODE,
        api=name,
        start=span[0],
        end=span[1],
        message=f"the setting for the logger `{name}` leaves"
        if edits is not None
        else f"the logger `{name}` is configured",
        why="nothing logs under that name any more",
        edits=edits,
        advice="" if edits is not None else "delete its settings with the last use of eventlet",
    )


rule = PackagingRule(
    code=_CODE,
    summary="settings for eventlet's loggers leave",
    reads=reads,
    scan=scan,
    references=("WSG-7", "CFG-5"),
    file="etc/logging.conf",
    before="""\
[loggers]
keys = root, eventletwsgi

[logger_root]
level = WARNING

[logger_eventletwsgi]
level = WARNING
qualname = eventlet.wsgi.server

[handlers]
keys = stderr
""",
    after="""\
[loggers]
keys = root

[logger_root]
level = WARNING

[handlers]
keys = stderr
""",
)
