"""How findings say where something stands."""

from __future__ import annotations

from eventlet_codemod.facts import Handle, HandleUse


def where(deed: HandleUse, handle: Handle) -> str:
    """The line of a use, with its file where that is not the one that makes the object."""
    return f"line {deed.line}" if is_home(deed, handle) else f"{deed.module.path}:{deed.line}"


def is_home(deed: HandleUse, handle: Handle) -> bool:
    """Whether a use stands in the one file that makes the object."""
    return set(handle.origins) == {deed.module}


def kind_of(deed: HandleUse) -> str:
    """What a use is, where it is none of those that a rule knows."""
    if deed.how == "named":
        return f"a string that names its {deed.reason}"
    return f"a use of kind {deed.how}"
