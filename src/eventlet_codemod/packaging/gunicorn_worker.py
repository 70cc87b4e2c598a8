"""Gunicorn's eventlet worker becomes its worker of threads.

`-k eventlet` and `--worker-class eventlet`, on command lines in a `Dockerfile`, scripts, units,
YAML and `tox.ini`, and `worker_class` in gunicorn's own settings, become `gthread`. That worker
takes as many requests at once as it has threads, one by default, where eventlet's took up to
`worker_connections`, 1000 by default. So `--threads` comes beside it: as many as
`worker_connections` said if those are no more than 64, else 64, and the reviewer is asked. A number
of threads that stands there already is kept. The eventlet worker also patched the process: with it
goes the patching, which is why this waits for the last use of eventlet. Where Flask-SocketIO or
its kin is required, the reviewer is asked for what serves WebSocket from threads.

A worker class that comes from another variable or template is left.
"""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator

from eventlet_codemod.packaging import commands
from eventlet_codemod.packaging.base import Context, Edit, PackagingRule, Place, newline_of
from eventlet_codemod.packaging.python import assignments, parse, span_of

_CODE = "EVT805"
_MANY = 64
_CLASS = r"(?:eventlet|gunicorn\.workers\.geventlet\.EventletWorker|egg:gunicorn#eventlet)"
_GAP = r"(?:[ \t]|\\\r?\n)"
_WORDS = re.compile(
    rf"(?<![\w-])(?P<flag>-k|--worker-class)(?P<gap>{_GAP}*={_GAP}*|{_GAP}+)"
    rf"(?P<quote>[\"']?)(?P<name>{_CLASS})(?P=quote)(?![\w./-])"
)
_ITEMS = re.compile(
    r"(?P<quote>[\"'])(?P<flag>-k|--worker-class)(?P=quote)(?P<gap>\s*,\s*)"
    rf"(?P=quote)(?P<name>{_CLASS})(?P=quote)"
)
_LINES = re.compile(
    r"(?P<lead>[ \t]*- )(?P<quote>[\"']?)(?P<flag>-k|--worker-class)(?P=quote)[ \t]*(?P<gap>\r?\n)"
    rf"(?P=lead)(?P=quote)(?P<name>{_CLASS})(?P=quote)(?=[ \t]*(?:\r?\n|$))"
)
_SETTING = re.compile(
    rf"worker[_-]?class[\"']?[ \t]*[:=][ \t]*[\"']?(?P<name>{_CLASS})(?![\w./-])", re.IGNORECASE
)
_THREADS = re.compile(r"(?:--threads\b|\bthreads[ \t]*=)[\s=\"',]*[^\s\"',]*")
_CONNECTIONS = re.compile(r"(?:--worker-connections|\bworker_connections)[\s=\"',-]+(\d+)")
_PYTHON = re.compile(r"(?:^|/)[^/]*gunicorn[^/]*\.py$|(?:^|/)gunicorn\.conf$")


def reads(path: str) -> bool:
    """Whether a file may start or configure gunicorn."""
    return bool(_PYTHON.search(path)) or commands.kind_of(path) not in ("", "cfg")


def scan(text: str, context: Context) -> Iterator[Place]:
    """Every place that asks for the eventlet worker."""
    for place in _places(text, context):
        if place.edits is not None and context.picky:
            names = " and ".join(context.picky)
            asked = f"WebSocket from threads takes simple-websocket ({names}): is it required?"
            place = dataclasses.replace(place, checks={**place.checks, "C-MODE": asked})
        yield place


def _places(text: str, context: Context) -> Iterator[Place]:
    if context.path.endswith(".py"):
        yield from _in_python(text)
        return
    kind = commands.kind_of(context.path)
    for pattern in (_ITEMS, _LINES, _WORDS, _SETTING):
        for match in pattern.finditer(text):
            place = match.start("name")
            if commands.is_comment(text, place, kind):
                continue
            if pattern is _SETTING:
                yield _told(match.span("name"))
            elif commands.is_command(text, place, kind) or "GUNICORN" in text:
                yield from _on_command_line(text, match, pattern, kind)


def _on_command_line(
    text: str, match: re.Match[str], pattern: re.Pattern[str], kind: commands.Kind
) -> Iterator[Place]:
    command = commands.words_of(text, match.start("name"), kind)
    if "gunicorn" not in command.lower():
        if match["flag"] == "-k":
            return  # pytest has that option too
        yield _told(match.span("name"))
        return
    threads, checks = _threads(command)
    edits: list[Edit] = [(*match.span("name"), "gthread")]
    if threads:
        after = match.end() if pattern is not _WORDS or match["quote"] else match.end("name")
        edits.append((after, after, _more(text, match, pattern, threads)))
    yield _place(match.span("name"), tuple(edits), checks)


def _more(text: str, match: re.Match[str], pattern: re.Pattern[str], threads: int) -> str:
    """The option for the number of threads, written as the one before it."""
    quote = match["quote"]
    if pattern is _LINES:
        lead = f"{match['gap']}{match['lead']}"
        number = f'"{threads}"'
        return f"{lead}{quote}--threads{quote}{lead}{number}"
    if pattern is _ITEMS:
        return f", {quote}--threads{quote}, {quote}{threads}{quote}"
    if "=" not in match["gap"]:
        return f" --threads {threads}"
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    listed = text[: match.start() - 1].rstrip()[-1:] in ("[", ",")
    if before and before == after and before in "\"'" and listed:
        return f"{after}, {before}--threads={threads}"
    return f" --threads={threads}"


def _threads(command: str) -> tuple[int, dict[str, str]]:
    """How many threads to ask for, 0 where that is said, and what is to be asked."""
    checks = {"C-ATOM": "requests run in parallel: is what they share guarded by a lock?"}
    given = _CONNECTIONS.search(command)
    number = int(given[1]) if given else 1000
    if threads := _THREADS.search(command):
        checks["C-BOUND"] = (
            f"a worker took up to {number} requests at once and no notice of threads; now it takes "
            f"as many as {threads[0].strip()} says: choose a number"
        )
        return 0, checks
    if 0 < number <= _MANY:
        return number, checks
    checks["C-BOUND"] = (
        f"a worker took up to {number} requests at once, this one {_MANY}: choose a number"
    )
    return _MANY, checks


def _in_python(text: str) -> Iterator[Place]:
    tree = parse(text) if "worker_class" in text else None
    found = assignments(tree, "worker_class") if tree else []
    for statement in found:
        value = statement.value
        said = value.value if isinstance(value, ast.Constant) else None
        if value is None or not isinstance(said, str) or not re.fullmatch(_CLASS, said):
            continue
        assert tree is not None
        start, end = span_of(text, value)
        quote = text[start]
        if len(found) > 1 or text[start + 1 : end - 1] != said:
            yield _told((start, end))
            continue
        threads, checks = _threads(_settings(text, tree))
        edits: list[Edit] = [(start, end, f"{quote}gthread{quote}")]
        if threads:
            edits.append((end, end, f"{newline_of(text)}threads = {threads}"))
            if text[end:].partition("\n")[0].strip():  # a comment, which stays on its line
                stop = end + len(text[end:].partition("\n")[0].rstrip("\r"))
                edits[-1] = (stop, stop, edits[-1][2])
        yield _place((start, end), tuple(edits), checks)


def _settings(text: str, tree: ast.Module) -> str:
    """What gunicorn's settings in Python say of threads and connections, comments left out."""
    found = [s for name in ("threads", "worker_connections") for s in assignments(tree, name)]
    return "\n".join(text[slice(*span_of(text, statement))] for statement in found)


def _place(span: tuple[int, int], edits: tuple[Edit, ...], checks: dict[str, str]) -> Place:
    return Place(
        rule=_CODE,
        api="gunicorn.workers.geventlet",
        start=span[0],
        end=span[1],
        message="gunicorn's worker of threads takes the place of its eventlet worker",
        why="one thread serves one request, as one green thread did",
        edits=edits,
        checks=checks,
        requires=True,
    )


def _told(span: tuple[int, int]) -> Place:
    return Place(
        rule=_CODE,
        api="gunicorn.workers.geventlet",
        start=span[0],
        end=span[1],
        message="gunicorn's eventlet worker is asked for",
        why="how this reaches gunicorn cannot be seen",
        advice=f"ask for `gthread`, with `--threads {_MANY}` or what the application needs",
        requires=True,
    )


rule = PackagingRule(
    code=_CODE,
    summary="gunicorn's eventlet worker becomes its worker of threads",
    reads=reads,
    scan=scan,
    checks=("C-ATOM", "C-BOUND", "C-MODE"),
    references=("CFG-1", "CFG-3"),
    file="Dockerfile",
    before="""\
FROM python:3.12
CMD ["gunicorn", "-k", "eventlet", "-w", "2", "app:app"]
""",
    after="""\
FROM python:3.12
CMD ["gunicorn", "-k", "gthread", "--threads", "64", "-w", "2", "app:app"]
""",
)
