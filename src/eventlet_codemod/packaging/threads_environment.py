"""In dual mode `tox -e threading` runs the tests on native threads.

With `monkey-patch = "switch"` an environment variable decides whether the process is patched (see
EVT511), and tox hides the environment from the tests. So `tox.ini` gets an environment of its own
with the variable set, and all else as in `[testenv]`. Nothing runs it unless it is named, as in
`tox -e threading` or a job of CI.

It comes in the run that writes the module, and only where `[testenv]` has commands to run; not
where there is an environment of that name, or the file names the variable already. The run that
deletes the module takes it out again, as long as it is what came in.
"""

from __future__ import annotations

from collections.abc import Iterator

from eventlet_codemod.packaging.base import Context, PackagingRule, Place, newline_of
from eventlet_codemod.packaging.ini import options, sections

_CODE = "EVT811"
_BASE, _NAME = "testenv", "threading"


def reads(path: str) -> bool:
    """Whether a file is the one in which tox looks for environments."""
    return path == "tox.ini"


def scan(text: str, context: Context) -> Iterator[Place]:
    """The place where the environment is to come in: below the one that it takes from."""
    if context.ended:
        yield from _leaves(text, context.ended)
    if not context.variable or context.variable in text:
        return
    found = {section.name: section for section in sections(text)}
    keys = {option.key for option in options(text) if option.section == _BASE}
    base = found.get(_BASE)
    if base is None or "commands" not in keys or f"{_BASE}:{_NAME}" in found:
        return
    yield Place(
        rule=_CODE,
        api=context.variable,
        start=base.start,
        end=base.start + len(f"[{_BASE}]"),
        message=f"`tox -e {_NAME}` runs the tests with {context.variable} set",
        why="both modes are to be tested while there are two, and tox hides the environment",
        edits=((base.end, base.end, _environment(text, context.variable)),),
        waits=False,
    )


def _environment(text: str, variable: str) -> str:
    """The section of the environment, with the line ends of the text."""
    keys = {option.key for option in options(text) if option.section == _BASE}
    setenv = "set_env" if "set_env" in keys else "setenv"
    lines = [
        *("", ""),
        f"[{_BASE}:{_NAME}]",
        "description = Run the tests on native threads, without eventlet.",
        f"{setenv} =",
        *([f"  {{[{_BASE}]{setenv}}}"] if setenv in keys else []),
        f"  {variable} = 1",
    ]
    return newline_of(text).join(lines)


def _leaves(text: str, variable: str) -> Iterator[Place]:
    """The environment of two modes, where there is one again."""
    section = next((s for s in sections(text) if s.name == f"{_BASE}:{_NAME}"), None)
    made = _environment(text, variable)
    start = text.find(made)
    if section is None or start < 0 or section.end != start + len(made):
        return
    yield Place(
        rule=_CODE,
        api=variable,
        start=section.start,
        end=section.start + len(f"[{_BASE}:{_NAME}]"),
        message=f"`tox -e {_NAME}` leaves: there is one mode again",
        why=f"nothing reads {variable} any more",
        edits=((start, section.end, ""),),
        waits=False,
    )


rule = PackagingRule(
    code=_CODE,
    step=1,
    summary="in dual mode tox runs the tests on native threads, too",
    reads=reads,
    scan=scan,
    settings=("monkey-patch",),
    references=("IMP-2",),
    file="tox.ini",
    before="""\
[testenv]
setenv =
  PYTHONDONTWRITEBYTECODE = 1
commands = stestr run {posargs}

[testenv:docs]
commands = sphinx-build doc build
""",
    after="""\
[testenv]
setenv =
  PYTHONDONTWRITEBYTECODE = 1
commands = stestr run {posargs}

[testenv:threading]
description = Run the tests on native threads, without eventlet.
setenv =
  {[testenv]setenv}
  PKG_DISABLE_EVENTLET_PATCHING = 1

[testenv:docs]
commands = sphinx-build doc build
""",
)
