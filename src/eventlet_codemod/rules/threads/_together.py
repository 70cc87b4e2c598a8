"""Green threads and the current one: where one is a key for the other, they change together."""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle, Use
from eventlet_codemod.rules import family_is_selected
from eventlet_codemod.rules.threads import _current, _delayed, _spawned

_MAKERS = ("eventlet.greenthread.", "eventlet.greenpool.")
_PLAIN = ("text", "key", "elsewhere")

ADVICE = (
    "let the work itself keep `threading.current_thread()` as the first thing that it does, in "
    "place of the green thread, for which a Future stands: its result() is wait()"
)


def objection_to(handle: Handle, facts: Facts, settings: Settings) -> str:
    """Why the current green thread, which may be compared with another, keeps that from changing.

    A thread is what current_thread() gives in it; no call gives the Future that it works for.
    """
    objection = objection_to_future(handle)
    return "" if not objection or become_threads(facts, settings) else objection


def objection_to_future(handle: Handle) -> str:
    """The same for what becomes a Future in any case."""
    current = _current.compared_with(handle)
    return f"getcurrent() on {current} may be compared with it" if current else ""


def asks(handle: Handle) -> dict[str, str]:
    """The question about a green thread that the current one is compared with."""
    if not _current.compared_with(handle):
        return {}
    return {"C-START": "it may run before the next line: does it look itself up, if that keeps it?"}


def keeps_green_threads(facts: Facts) -> bool:
    """Whether the file holds green threads that the current one may be compared with."""
    return bool(_kept_in(facts))


def become_threads(facts: Facts, settings: Settings) -> bool:
    """Whether each green thread that a file keeps becomes a thread, and is known to it alone.

    Then what current_thread() gives in one of them is the very object that is kept.
    """
    if facts.suppressions or settings.per_file_ignores:
        return False  # one of the two may be meant to stay
    if not family_is_selected("threads", facts.path, settings):
        return False
    handles = [facts.handle_of.get(use) for use in _kept_in(facts)]
    asked = [use for use in facts.uses if use.api == "greenlet.getcurrent" and use.kind != "import"]
    return all(
        handle is not None and _is_of(handle, facts) and _becomes_thread(handle, settings)
        for handle in set(handles)
    ) and all(not use.doubt and _current.kind_of(use, facts) in _PLAIN for use in asked)


def _kept_in(facts: Facts) -> list[Use]:
    """Where the file deals with green threads that the current one may be compared with."""
    handles = [facts.handle_of.get(use) for use in facts.uses]
    return [
        use
        for use, handle in zip(facts.uses, handles, strict=True)
        if use.api.startswith(_MAKERS)
        and not use.api.endswith(".sleep")
        and not (use.call is not None and use.call_is_statement)
        and (handle is None or handle.maker or _current.compared_with(handle))
    ]


def _is_of(handle: Handle, facts: Facts) -> bool:
    """Whether nothing but this file has to do with a green thread."""
    own = all(module.path == facts.path for module in handle.modules)
    return own and not handle.assumed and handle.unseen is None


def _becomes_thread(handle: Handle, settings: Settings) -> bool:
    if handle.apis <= _spawned.APIS:
        plan = _spawned.plan(handle, settings)
        return not plan.objection and plan.form == "thread"
    if handle.apis <= _delayed.APIS:
        delayed = _delayed.plan(handle, settings)
        return not delayed.objection and not delayed.as_future
    return False
