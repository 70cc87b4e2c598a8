"""An entry point that names futurist's green executor gives the native one.

Plugins are looked up by the name of their entry point, and a deployment may have that name in its
settings. So `eventlet = futurist:GreenThreadPoolExecutor` keeps its name and only leads elsewhere,
to `futurist:ThreadPoolExecutor`: whoever asks for it still gets an executor, of threads now. Read
are `setup.cfg` (setuptools and pbr), `setup.py` and `pyproject.toml`.

An entry point that leads into eventlet itself is left: what should be there instead is for the
project to say. The project's own modules that are called after eventlet are none of its business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eventlet_codemod.packaging import ini
from eventlet_codemod.packaging.base import Context, PackagingRule, Place
from eventlet_codemod.packaging.python import constant_strings, span_of
from eventlet_codemod.packaging.toml import TomlError, values

_CODE = "EVT803"
_GREEN = "futurist:GreenThreadPoolExecutor"
_TARGET = re.compile(
    r"(?P<target>futurist:GreenThreadPoolExecutor|(?:eventlet|greenlet)(?:\.[\w.]+)?:[\w.]+)"
    r"\s*(?:\[[^\]]*\])?\s*$"
)


def reads(path: str) -> bool:
    """Whether a file may name entry points."""
    return path.rpartition("/")[2] in ("setup.cfg", "setup.py", "pyproject.toml")


def scan(text: str, context: Context) -> Iterator[Place]:
    """The entry points that lead to something green."""
    for start, end in _spans(text, context.name):
        match = _TARGET.search(text, start, end)
        if match and (match.start() == start or text[match.start() - 1] in " \t="):
            yield _place(match)


def _spans(text: str, name: str) -> Iterator[tuple[int, int]]:
    """The spans of what entry points say."""
    if name == "setup.cfg":
        for option in ini.options(text):
            if option.section in ("entry_points", "options.entry_points"):
                yield from option.values
    elif name == "setup.py":
        for node, keyword in constant_strings(text):
            start, end = span_of(text, node)
            if keyword == "entry_points" and text[start + 1 : end - 1] == node.value:
                yield start + 1, end - 1
    else:
        try:
            found = values(text)
        except TomlError:
            return
        for value in found:
            groups = {"entry-points", "scripts", "gui-scripts", "plugins"} & {*value.path[:-1]}
            if groups and value.kind == "string":
                yield value.start + 1, value.end - 1


def _place(match: re.Match[str]) -> Place:
    start, end = match.span("target")
    if match["target"] != _GREEN:
        return Place(
            rule=_CODE,
            api=match["target"].replace(":", "."),
            start=start,
            end=end,
            message=f"an entry point leads to `{match['target']}`",
            why="who looks it up gets something of eventlet",
            advice="let it lead to what takes its place, or delete it if nobody looks it up",
            requires=True,
        )
    return Place(
        rule=_CODE,
        api="futurist.GreenThreadPoolExecutor",
        start=start,
        end=end,
        message="the entry point keeps its name and leads to futurist's native executor",
        why="who asks for it by name, in settings for one, still gets an executor",
        edits=((start, end, "futurist:ThreadPoolExecutor"),),
        checks={
            "C-ATOM": "tasks run in parallel: is what they share guarded by a lock?",
            "C-BOUND": "who makes it gave a size for green threads: does it suit threads?",
        },
        requires=True,
    )


rule = PackagingRule(
    code=_CODE,
    summary="an entry point for futurist's green executor gives the native one",
    reads=reads,
    scan=scan,
    checks=("C-ATOM", "C-BOUND"),
    references=("FUT-1", "CFG-6"),
    file="setup.cfg",
    before="""\
[entry_points]
kombu_driver.executors =
    threading = futurist:ThreadPoolExecutor
    eventlet = futurist:GreenThreadPoolExecutor
""",
    after="""\
[entry_points]
kombu_driver.executors =
    threading = futurist:ThreadPoolExecutor
    eventlet = futurist:ThreadPoolExecutor
""",
)
