"""Environment variables that only eventlet reads leave.

`EVENTLET_HUB`, `EVENTLET_THREADPOOL_SIZE`, `EVENTLET_NO_GREENDNS` and the few others that eventlet
knows do nothing when it is gone. They leave `tox.ini` (`setenv`, `passenv`), the options of pytest,
a `Dockerfile`, files of environments, units of systemd, supervisor's settings, scripts and YAML.
A size of `tpool`'s pool was tuned, though: the reviewer is asked whether another pool is to have
it.

It is left where its line cannot go without more: the only entry of a YAML mapping, the only
statement of a block in a script, an expression. Other variables that begin alike are the project's
own, and are not touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eventlet_codemod.packaging import commands, ini
from eventlet_codemod.packaging.base import (
    Context,
    Edit,
    PackagingRule,
    Place,
    drop_lines,
    line_at,
)
from eventlet_codemod.packaging.listing import without_item, without_word
from eventlet_codemod.packaging.toml import TomlError, values

_CODE = "EVT807"
_KNOWN = (
    r"EVENTLET_(?:HUB|THREADPOOL_SIZE|NO_GREENDNS|TPOOL_DNS|TESTS|IMPORT_VERSION_ONLY"
    r"|DEPRECATED_EAI_NODATA)"
)
_NAME = re.compile(rf"(?<!\w)(?P<name>{_KNOWN})\b")
_SAID = r"(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'\\]*)"
_PAIR = re.compile(rf"(?P<name>{_KNOWN})=(?P<value>{_SAID})")
_ITEM = re.compile(r"[\w.-]+=(?:\"[^\"\n]*\"|'[^'\n]*'|[^,\s]*)")
_SHELL = re.compile(rf"[ \t]*(?:export[ \t]+)?{_KNOWN}={_SAID}[ \t]*;?[ \t]*(?:#.*)?")
_OPENS = re.compile(r"(?:^|[\s;])(?:then|do|else|\{)[ \t]*$|\)[ \t]*$|:[ \t]*$")
_CLOSES = re.compile(r"[ \t]*(?:fi|done|elif|else|\}|;;|esac)\b|[ \t]*\}")


def reads(path: str) -> bool:
    """Whether a file may set variables."""
    return commands.kind_of(path) != "" or path.rpartition("/")[2] == "pyproject.toml"


def scan(text: str, context: Context) -> Iterator[Place]:
    """Every variable of eventlet's."""
    if context.name == "pyproject.toml":
        yield from _in_toml(text)
        return
    kind = commands.kind_of(context.path)
    found = [m for m in _NAME.finditer(text) if not commands.is_comment(text, m.start(), kind)]
    read = {m["name"] for m in found if re.search(r"\$\{?$", text[: m.start()])}
    for match in found:
        edits = None if match["name"] in read else _edits(text, match, kind)
        yield _place(text, match, edits)


def _edits(text: str, match: re.Match[str], kind: commands.Kind) -> tuple[Edit, ...] | None:
    if kind in ("tox", "cfg"):
        return _in_ini(text, match)
    if kind == "docker":
        return _in_dockerfile(text, match)
    if kind == "yaml":
        return _in_yaml(text, match)
    if kind == "unit":
        return _in_unit(text, match)
    return _in_shell(text, match, makes=kind == "shell")


# --- tox.ini, setup.cfg, pytest.ini --------------------------------------------------------------


def _in_ini(text: str, match: re.Match[str]) -> tuple[Edit, ...] | None:
    option = commands.option_of(text, match.start())
    if option is None:
        return None
    key = option.key.replace("_", "")
    span = next(s for s in option.values if s[0] <= match.start() < s[1])
    before, after = text[span[0] : match.start()], text[match.end() : span[1]]
    sets = key in ("setenv", "env") and re.fullmatch(r"(?:!?[\w{},.*-]+:\s+|[DR]:)*", before)
    if sets and re.match(r"\s*=", after):
        return _line_of_value(text, option, span)
    if key != "passenv":
        return None
    words = list(re.finditer(r"[^\s,]+", text[span[0] : span[1]]))
    items = [(span[0] + word.start(), span[0] + word.end()) for word in words]
    if len(items) == 1 or (len(items) == 2 and text[items[0][1] - 1] == ":"):
        return _line_of_value(text, option, span)
    return without_word(text, items, match.span()) if match.span() in items else None


def _line_of_value(text: str, option: ini.Option, span: tuple[int, int]) -> tuple[Edit, ...] | None:
    lead = text[line_at(text, span[0])[0] : span[0]]
    if not lead.strip():
        return drop_lines(text, *span)
    return ((span[0] - len(lead) + len(lead.rstrip()), span[1], ""),)


# --- pyproject.toml ------------------------------------------------------------------------------


def _in_toml(text: str) -> Iterator[Place]:
    try:
        found = values(text) if "EVENTLET_" in text else []
    except TomlError:
        return
    for value in found:
        name = _NAME.fullmatch(value.path[-1])
        if name:
            span = value.key[0], value.end
            alone = not text[line_at(text, span[0])[0] : span[0]].strip()
            yield _told(
                value.path[-1], span, drop_lines(text, *span) if alone else None, value.text
            )
            continue
        spans = [(item.start, item.end) for item in value.items]
        for item in value.items if value.kind == "array" else ():
            match = re.match(rf"(?:[DR]:)*\s*(?P<name>{_KNOWN})\s*=\s*(?P<value>.*)", item.text)
            if match:
                span = item.start, item.end
                yield _told(match["name"], span, without_item(text, spans, span), match["value"])


# --- Dockerfile, scripts, environments, units ----------------------------------------------------


def _in_dockerfile(text: str, match: re.Match[str]) -> tuple[Edit, ...] | None:
    start, end = commands.statement(text, match.start(), "docker")
    instruction = re.match(r"[ \t]*(ENV)[ \t]+(?:\\\r?\n[ \t]*)*", text[start:end])
    if instruction is None:
        return _before_command(text, match)
    body = start + instruction.end()
    if re.match(rf"{_KNOWN}[ \t]+\S", text[body:end]):  # ENV NAME value
        return drop_lines(text, start, end) if match.start() == body else None
    pairs = list(re.finditer(rf"[\w.-]+=(?:{_SAID})+", text[body:end]))
    items = [(body + pair.start(), body + pair.end()) for pair in pairs]
    own = [item for item in items if item[0] == match.start()]
    if not own:
        return None
    if len(items) == 1:
        return drop_lines(text, start, end)
    return _without_word(text, own[0], first=own[0] == items[0])


def _without_word(text: str, span: tuple[int, int], *, first: bool) -> tuple[Edit, ...]:
    """Take a word out of a command, with the gap before it, or after it where it is the first."""
    gap = r"(?:[ \t]|\\\r?\n)"
    if first:
        after = re.match(rf"{gap}*", text[span[1] :])
        return ((span[0], span[1] + (after.end() if after else 0), ""),)
    before = re.search(rf"{gap}+$", text[: span[0]])
    return ((before.start() if before else span[0], span[1], ""),)


def _before_command(text: str, match: re.Match[str]) -> tuple[Edit, ...] | None:
    """A variable that is set for one command: ``NAME=value command``."""
    pair = _PAIR.match(text, match.start())
    if pair is None or not pair["value"]:
        return None
    lead = text[line_at(text, match.start())[0] : match.start()]
    follows = re.match(r"[ \t]+(?=[\w./\"'$-])", text[pair.end() :])
    starts = re.search(r"(?:^|[;&|(:]|\bexec|\benv|\bRUN|\bCMD|\w=\S*)[ \t]*$", lead)
    if not follows or not starts or "$(" in pair["value"]:
        return None
    return ((match.start(), pair.end() + follows.end(), ""),)


def _in_shell(text: str, match: re.Match[str], *, makes: bool) -> tuple[Edit, ...] | None:
    start, end = line_at(text, match.start())
    line = text[start:end].rstrip("\r\n")
    if not _SHELL.fullmatch(line) or "$(" in line or "`" in line:
        return _before_command(text, match)
    above = text[line_at(text, start - 1)[0] : start].rstrip() if start else ""
    below = text[end : line_at(text, end)[1]] if end < len(text) else ""
    if above.endswith("\\") or (makes and _OPENS.search(above) and _CLOSES.match(below)):
        return None
    if makes and line.startswith("\t"):
        return None  # a recipe of make
    return drop_lines(text, start, end)


def _in_unit(text: str, match: re.Match[str]) -> tuple[Edit, ...] | None:
    start, end = line_at(text, match.start())
    line = text[start:end].rstrip("\r\n")
    if re.fullmatch(rf"Environment=([\"']?){_KNOWN}={_SAID}\1[ \t]*", line):
        return drop_lines(text, start, end)
    lead = text[start : match.start()]
    if re.match(r"Environment=", line):
        words = list(re.finditer(r"\"[^\"]*\"|'[^']*'|[^\s\"']+", line[len("Environment=") :]))
        base = start + len("Environment=")
        spans = [(base + word.start(), base + word.end()) for word in words]
        own = [span for span in spans if span[0] <= match.start() < span[1]]
        return _without_word(text, own[0], first=own[0] == spans[0]) if own else None
    if re.match(r"[ \t]*environment[ \t]*=", line) and lead.rstrip(" \t")[-1:] in ("=", ","):
        base = start + line.index("=") + 1
        spans = [pair.span() for pair in _ITEM.finditer(text, base, start + len(line))]
        own = [span for span in spans if span[0] == match.start()]
        if own and len(spans) > 1:
            return without_word(text, spans, own[0])
        return drop_lines(text, start, end) if own and len(spans) == 1 else None
    return None


# --- YAML ----------------------------------------------------------------------------------------


def _in_yaml(text: str, match: re.Match[str]) -> tuple[Edit, ...] | None:
    start, end = line_at(text, match.start())
    line = text[start:end].rstrip("\r\n")
    value = r"(?:\"[^\"]*\"|'[^']*'|[^\s\"'#{\[|>&*!][^#]*)"
    if re.fullmatch(rf"[ \t]*[\"']?{_KNOWN}[\"']?[ \t]*:[ \t]+{value}[ \t]*(?:#.*)?", line):
        return _unless_alone(text, start, end, item=False)
    if re.fullmatch(rf"[ \t]*- ([\"']?){_KNOWN}=[^\"'#]*\1[ \t]*(?:#.*)?", line):
        return _unless_alone(text, start, end, item=True)
    if re.fullmatch(rf"[ \t]*- name:[ \t]+[\"']?{_KNOWN}[\"']?[ \t]*", line):
        stop = line_at(text, end)[1]
        following = text[end:stop].rstrip("\r\n")
        indent = len(line) - len(line.lstrip()) + 2
        if re.fullmatch(rf"[ \t]{{{indent}}}value:[ \t]+{value}[ \t]*(?:#.*)?", following):
            return _unless_alone(text, start, stop, item=True)
        return None
    return _before_command(text, match)


def _unless_alone(text: str, start: int, end: int, *, item: bool) -> tuple[Edit, ...] | None:
    """Drop lines of a mapping or list that has others; an empty one may mean something else."""
    above, below = commands.neighbours(text, start, end)
    indent = commands.indent_of(text[start:end])
    before = bool(above) and (
        commands.indent_of(above) > indent
        or (commands.indent_of(above) == indent and above.lstrip().startswith("-") == item)
    )
    after = commands.indent_of(below) == indent and below.lstrip().startswith("-") == item
    return drop_lines(text, start, end) if before or (bool(below) and after) else None


def _place(text: str, match: re.Match[str], edits: tuple[Edit, ...] | None) -> Place:
    value = re.match(
        r"[\"']?(?:=|:[ \t]+|\r?\n[ \t]+value:[ \t]+)[\"']?([\w.-]*)", text[match.end() :]
    )
    return _told(match["name"], match.span("name"), edits, value[1] if value else "")


def _told(name: str, span: tuple[int, int], edits: tuple[Edit, ...] | None, value: str) -> Place:
    checks = {}
    if name == "EVENTLET_THREADPOOL_SIZE":
        size = f"{value} threads" if value else "another number of threads"
        checks["C-BOUND"] = f"tpool was to have {size}: is a pool of the rewritten code to have it?"
    return Place(
        rule=_CODE,
        api=name,
        start=span[0],
        end=span[1],
        message=f"`{name}` leaves" if edits else f"`{name}` is set, or read",
        why="only eventlet reads it",
        edits=edits,
        advice="" if edits else "delete it with the last use of eventlet",
        checks=checks if edits else {},
    )


rule = PackagingRule(
    code=_CODE,
    summary="environment variables that only eventlet reads leave",
    reads=reads,
    scan=scan,
    checks=("C-BOUND",),
    references=("IMP-9", "CFG-5"),
    file="tox.ini",
    before="""\
[testenv]
setenv =
    EVENTLET_NO_GREENDNS = yes
    PYTHONHASHSEED = 0
""",
    after="""\
[testenv]
setenv =
    PYTHONHASHSEED = 0
""",
)
