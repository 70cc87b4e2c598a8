"""Coverage measures threads in place of green threads.

The option `concurrency` tells coverage.py how the program under test runs, and `eventlet` or
`greenlet` there fails where that library is not installed. It becomes `thread`, coverage's own
default, and other values stay. Read are `.coveragerc`, and coverage's sections in `setup.cfg`,
`tox.ini` and `pyproject.toml`.

It is left where SQLAlchemy's asyncio layer is used, which runs on greenlets and is measured right
only with `greenlet`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eventlet_codemod.packaging import ini
from eventlet_codemod.packaging.base import GREEN, Context, Edit, PackagingRule, Place
from eventlet_codemod.packaging.listing import without_item, without_word
from eventlet_codemod.packaging.toml import TomlError, values

_CODE = "EVT804"
_WORD = re.compile(r"[\w.-]+")

#: A value of the option: its word, and the span with its quotes.
Item = tuple[str, tuple[int, int]]


def reads(path: str) -> bool:
    """Whether a file may hold coverage's settings."""
    name = path.rpartition("/")[2]
    return name in ("setup.cfg", "tox.ini", "pyproject.toml") or "coveragerc" in name


def scan(text: str, context: Context) -> Iterator[Place]:
    """The green values of each `concurrency`."""
    for items in _settings(text, context):
        native = any(word == "thread" for word, _ in items)
        green = [item for item in items if item[0] in GREEN]
        for word, span in green:
            yield _place(text, context, items, word, span, native or word != green[0][0])


def _settings(text: str, context: Context) -> Iterator[list[Item]]:
    if context.name.endswith(".toml"):
        try:
            found = values(text)
        except TomlError:
            return
        for value in found:
            if value.path[-3:] in (("coverage", "run", "concurrency"), ("run", "concurrency")):
                single = value.items if value.kind == "array" else (value,)
                yield [(item.text, (item.start, item.end)) for item in single]
        return
    for option in ini.options(text):
        ours = option.section == ("run" if "coveragerc" in context.name else "coverage:run")
        if ours and option.key == "concurrency":
            yield [
                (match[0], match.span())
                for start, end in option.values
                for match in _WORD.finditer(text, start, end)
                if not text[start : match.start()].lstrip().startswith(("#", ";"))
            ]


def _place(
    text: str,
    context: Context,
    items: list[Item],
    word: str,
    span: tuple[int, int],
    native: bool,
) -> Place:
    reason = context.stays.get("greenlet") if word == "greenlet" else None
    edits: tuple[Edit, ...] | None = None
    if reason is None:
        quote = text[span[0]] if text[span[0]] in "\"'" else ""
        edits = ((*span, f"{quote}thread{quote}"),)
        if native:
            take = without_item if context.name.endswith(".toml") else without_word
            edits = take(text, [item[1] for item in items], span)
    return Place(
        rule=_CODE,
        api=word,
        start=span[0],
        end=span[1],
        message=f"coverage stays with `{word}`" if reason else "coverage measures threads",
        why=reason or f"coverage.py refuses `{word}` where it is not installed",
        edits=edits,
        advice="keep it, beside `thread`" if reason else "",
        requires=reason is None,
    )


rule = PackagingRule(
    code=_CODE,
    summary="coverage measures threads in place of green threads",
    reads=reads,
    scan=scan,
    references=("CFG-6",),
    file=".coveragerc",
    before="""\
[run]
branch = True
concurrency = eventlet
""",
    after="""\
[run]
branch = True
concurrency = thread
""",
)
