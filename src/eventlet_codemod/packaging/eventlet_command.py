"""A command that runs a script through eventlet runs the script itself.

`python -m eventlet.patcher script.py` patches the standard library and then runs the script. When
no use of eventlet is left that is `python script.py`. This is for the reviewer, since patching goes
with it: what the script's own threads share is to be looked at. Any other module of eventlet's that
a command runs is left, and so is code on a command line that imports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eventlet_codemod.packaging import commands
from eventlet_codemod.packaging.base import Context, PackagingRule, Place

_CODE = "EVT810"
_GAP = r"(?:[ \t]|\\\r?\n)"
_MODULE = re.compile(
    rf"(?P<gap>{_GAP}+)-m{_GAP}*(?P<name>(?:eventlet|greenlet)(?:\.\w+)*)(?![\w.-])"
)
_CODE_LINE = re.compile(r"\bpython[\d.]*[ \t]+-c[ \t]+(?P<quote>[\"'])(?P<code>.*?)(?P=quote)")
_IMPORT = re.compile(r"\b(?:import|from)[ \t]+(?P<name>(?:eventlet|greenlet)(?:\.\w+)*)\b")


def reads(path: str) -> bool:
    """Whether a file may hold commands."""
    return commands.kind_of(path) not in ("", "cfg")


def scan(text: str, context: Context) -> Iterator[Place]:
    """Every command that runs something of eventlet's."""
    kind = commands.kind_of(context.path)
    for match in _MODULE.finditer(text):
        if "python" in commands.words_of(text, match.start("name"), kind):
            yield from _commanded(text, match.span("name"), match["name"], kind, match)
    for match in _CODE_LINE.finditer(text):
        if found := _IMPORT.search(match["code"]):
            start = match.start("code") + found.start("name")
            yield from _commanded(text, (start, start + len(found["name"])), found["name"], kind)


def _commanded(
    text: str,
    span: tuple[int, int],
    name: str,
    kind: commands.Kind,
    module: re.Match[str] | None = None,
) -> Iterator[Place]:
    if commands.is_comment(text, span[0], kind) or not commands.is_command(text, span[0], kind):
        return
    follows = re.match(rf"{_GAP}+[\w./]", text[span[1] :])
    if module is not None and name == "eventlet.patcher" and follows:
        yield Place(
            rule=_CODE,
            api=name,
            start=span[0],
            end=span[1],
            message="the script is run itself, unpatched",
            why="nothing that it runs uses eventlet any more",
            edits=((module.start("gap"), module.end(), ""),),
            checks={"C-ATOM": "its threads are native: is what they share guarded by a lock?"},
            requires=True,
        )
        return
    yield Place(
        rule=_CODE,
        api=name,
        start=span[0],
        end=span[1],
        message=f"a command runs `{name}`",
        why="it fails where eventlet is not installed",
        advice="delete the command, or let it run what takes the place of this",
        requires=True,
    )


rule = PackagingRule(
    code=_CODE,
    summary="a command that runs a script through eventlet runs the script itself",
    reads=reads,
    scan=scan,
    checks=("C-ATOM",),
    references=("IMP-7", "CFG-5"),
    file="run.sh",
    before="""\
exec python -m eventlet.patcher serve.py --port 80
""",
    after="""\
exec python serve.py --port 80
""",
)
