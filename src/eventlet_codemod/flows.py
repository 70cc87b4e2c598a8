"""What was concluded about the objects on a line: where they are made, go, and are used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eventlet_codemod.config import Settings
from eventlet_codemod.decisions import decide
from eventlet_codemod.discovery import discover, local_modules
from eventlet_codemod.facts import Handle, HandleUse, gather
from eventlet_codemod.facts.project import Origin, Project
from eventlet_codemod.source import SourceError, decode

_DID = {
    "annotation": "an annotation names its class",
    "class": "its class is asked for",
    "compare": "it is compared with something",
    "compare-none": "it is compared with None",
    "isinstance": "its class is asked for",
    "iterate": "it is iterated over",
    "key": "it is a key",
    "named": "a string names a method of it",
    "test": "its truth is asked for",
    "text": "it is printed or logged",
    "with": "a with statement enters it",
    "with-as": "a with statement binds what it yields",
}


def explain_flow(root: Path, path: str, line: int, settings: Settings) -> str:
    """Tell of each object that is made, kept or used on a line of a file, "" if there is none.

    Objects that come from other files are found by way of the files that mention eventlet. Raises
    SourceError, OSError, SyntaxError, ValueError or RecursionError for a file that cannot be read.
    """
    project = Project(root=root, local_modules=local_modules(root))
    origins = tuple(
        Origin(other, frozenset(places))
        for other in discover(root, [root], settings).files
        if other != path and (places := _places(root, other, project))
    )
    project = Project(
        root=root, local_modules=project.local_modules, incoming={path: origins} if origins else {}
    )
    facts = gather(path, decode(path, (root / path).read_bytes()).text, project)
    told = [handle for handle in facts.handles if _is_on(handle, path, line)]
    answers: dict[str, str] = {}
    for verdict in decide(facts, settings):
        owner = facts.handle_of.get(verdict.use)
        if owner is not None:
            answers.setdefault(owner.group.id, f"{verdict.rule.code}: {verdict.decision.message}")
    return "\n".join(
        "".join(f"{text}\n" for text in _told(handle, answers.get(handle.group.id, "")))
        for handle in told
    )


def _places(root: Path, path: str, project: Project) -> set[tuple[int, int]]:
    """Where a file makes objects that are followed."""
    from eventlet_codemod.facts.flow import creations_of

    try:
        facts = gather(path, decode(path, (root / path).read_bytes()).text, project, follow=False)
    except (SourceError, OSError, ValueError, SyntaxError, RecursionError):
        return set()
    return {(use.node.lineno, use.node.col_offset) for use in creations_of(facts)}  # type: ignore[attr-defined]


def _is_on(handle: Handle, path: str, line: int) -> bool:
    made = zip(handle.creations, handle.origins, strict=True)
    return (
        any(m.path == path and use.node.lineno == line for use, m in made)  # type: ignore[attr-defined]
        or any(deed.module.path == path and deed.line == line for deed in handle.uses)
        or any(where == path and number == line for where, number, _ in handle.trail)
    )


def _told(handle: Handle, answer: str) -> Iterator[str]:
    yield f"{handle.api}{f', called {handle.label}' if handle.label else ''}"
    for use, module in zip(handle.creations, handle.origins, strict=True):
        yield f"  made    {module.path}:{use.node.lineno}"  # type: ignore[attr-defined]
    for path, line, text in sorted(set(handle.trail)):
        yield f"  goes    {path}:{line}  {text}"
    for deed in handle.uses:
        if deed.how != "escape":
            yield f"  used    {deed.module.path}:{deed.line}  {_did(deed)}"
    for deed in handle.escapes:
        yield f"  escapes {deed.module.path}:{deed.line}  {deed.reason}"
    for label, texts in (("clash", handle.conflicts), ("assumed", handle.assumed)):
        for text in texts:
            yield f"  {label:7} {text}"
    if handle.mixed:
        yield f"  clash   {handle.mixed}"
    if handle.unseen is not None:
        yield f"  unseen  {handle.unseen.path} has an attribute of that name as well"
    if handle.maker is not None:
        yield f"  goes with the {handle.maker.api} of {handle.maker.id}"
    yield f"  answer  {answer or 'no rule is for it'}"


def _did(deed: HandleUse) -> str:
    if deed.how == "argument":
        return f"{deed.attribute}() is given it"
    if deed.how == "attribute":
        text = f".{deed.attribute}{'()' if deed.call is not None else ''}"
        return f"{text}, of another object perhaps" if deed.foreign else text
    return _DID.get(deed.how, deed.how)
