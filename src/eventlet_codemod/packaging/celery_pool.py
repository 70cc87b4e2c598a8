"""Celery's pool of green threads becomes its pool of threads.

`-P eventlet` and `--pool eventlet` on command lines, `CELERYD_POOL` and its kin in environments,
and `worker_pool` in Celery's own settings become `threads`. The concurrency that is asked for stays
as it is, and where it is more than 64 the reviewer is asked, for now it counts threads. Celery
patched the process for its eventlet pool: with the pool goes the patching, which is why this waits
for the last use of eventlet.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from eventlet_codemod.packaging import commands
from eventlet_codemod.packaging.base import Context, PackagingRule, Place
from eventlet_codemod.packaging.python import assignments, parse, span_of

_CODE = "EVT806"
_MANY = 64
_NAMES = ("worker_pool", "CELERYD_POOL", "CELERY_WORKER_POOL")
_GAP = r"(?:[ \t]|\\\r?\n)"
_FLAG = re.compile(
    rf"(?<![\w-])(?:-P|--pool)(?:{_GAP}*={_GAP}*|{_GAP}*)(?P<quote>[\"']?)(?P<name>eventlet)"
    r"(?P=quote)(?![\w.-])"
)
_ITEMS = re.compile(
    r"(?P<quote>[\"'])(?:-P|--pool)(?P=quote)\s*,\s*(?P=quote)(?P<name>eventlet)(?P=quote)"
)
_LINES = re.compile(
    r"(?P<lead>[ \t]*- )(?P<quote>[\"']?)(?:-P|--pool)(?P=quote)[ \t]*\r?\n"
    r"(?P=lead)(?P=quote)(?P<name>eventlet)(?P=quote)(?=[ \t]*(?:\r?\n|$))"
)
_SETTING = re.compile(
    r"(?:worker_pool|CELERYD?_(?:WORKER_)?POOL)[\"']?[ \t]*[:=][ \t]*[\"']?(?P<name>eventlet)"
    r"(?![\w.-])",
    re.IGNORECASE,
)
_CONCURRENCY = re.compile(
    r"(?:(?<![\w-])-c|--concurrency|worker_concurrency|CELERYD_CONCURRENCY)[\s=\"',:]*(\d+)"
)
_PYTHON = re.compile(r"(?:^|/)[^/]*celery[^/]*\.py$", re.IGNORECASE)


def reads(path: str) -> bool:
    """Whether a file may start or configure Celery."""
    return bool(_PYTHON.search(path)) or commands.kind_of(path) not in ("", "cfg")


def scan(text: str, context: Context) -> Iterator[Place]:
    """Every place that asks for the eventlet pool."""
    if context.path.endswith(".py"):
        yield from _in_python(text)
        return
    kind = commands.kind_of(context.path)
    for pattern in (_ITEMS, _LINES, _FLAG, _SETTING):
        for match in pattern.finditer(text):
            place = match.start("name")
            command = commands.words_of(text, place, kind)
            known = pattern is _SETTING or (
                "celery" in command.lower() and commands.is_command(text, place, kind)
            )
            if known and not commands.is_comment(text, place, kind):
                yield _place(match.span("name"), "threads", command)


def _in_python(text: str) -> Iterator[Place]:
    tree = parse(text)
    for name in _NAMES if tree else ():
        assert tree is not None
        for statement in assignments(tree, name):
            value = statement.value
            if isinstance(value, ast.Constant) and value.value == "eventlet":
                start, end = span_of(text, value)
                quote = text[start]
                yield _place((start, end), f"{quote}threads{quote}", text)


def _place(span: tuple[int, int], new: str, around: str) -> Place:
    checks = {"C-ATOM": "tasks run in parallel: is what they share guarded by a lock?"}
    given = _CONCURRENCY.search(around)
    if given is None:
        checks["C-BOUND"] = "no concurrency stands here: is one set elsewhere, and for threads?"
    elif int(given[1]) > _MANY:
        checks["C-BOUND"] = f"{given[1]} threads may run at once in each worker: is that meant?"
    return Place(
        rule=_CODE,
        api="celery.concurrency.eventlet",
        start=span[0],
        end=span[1],
        message="Celery's pool of threads takes the place of its eventlet pool",
        why="it takes the same concurrency, and one thread runs one task at a time",
        edits=((*span, new),),
        checks=checks,
        requires=True,
    )


rule = PackagingRule(
    code=_CODE,
    summary="Celery's pool of green threads becomes its pool of threads",
    reads=reads,
    scan=scan,
    checks=("C-ATOM", "C-BOUND"),
    references=("CFG-2",),
    file="Procfile",
    before="""\
worker: celery -A app worker -P eventlet -c 500
""",
    after="""\
worker: celery -A app worker -P threads -c 500
""",
)
