"""Where a project starts its workers, what is made before that, and what only one thread may do."""

from __future__ import annotations

import ast
import re

from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.project import is_test

#: Words of code that starts child processes, and the calls that do.
_WORDS = ("oslo_service", "cotyledon", "fork")
_STARTS = (
    r"\b(?:\w*service|\w*launcher)\.launch(?:_service)?\(|\bProcessLauncher\(|"
    r"\bServiceManager\(|\bos\.fork\(\)"
)

#: In a function: what Python allows to the main thread only, a time limit first.
_SIGNALS = (
    r"(?m)^[ \t]+signal\.(?:alarm|setitimer)\(|^[ \t]+signal\.signal\(signal\.SIGALRM\b",
    r"(?m)^[ \t]+signal\.signal\(",
)


def place_of_signal(facts: Facts) -> str:
    """Where a function of the project, tests aside, sets a signal's handler or timer; or ""."""
    project = facts.project
    known = (*_mentioning("signal", facts), facts.path)
    paths = sorted(path for path in known if not is_test(path))
    for pattern in _SIGNALS:
        for path in paths:
            text = facts.text if path == facts.path else project.reads(path)
            if (found := re.search(pattern, text)) is not None:
                line = text.count("\n", 0, found.start()) + 1
                return f"{path}:{line}"
    return ""


def starting_file(facts: Facts) -> str:
    """The first file of the project, tests aside, that starts workers; "" if none does."""
    found = {path for word in _WORDS for path in _mentioning(word, facts)}
    others = [path for path in found if facts.project.matches(path, _STARTS)]
    own = [facts.path] if facts.search(_STARTS) and any(w in facts.text for w in _WORDS) else []
    return min((path for path in (*own, *others) if not is_test(path)), default="")


def question_of_fork(use: Use, facts: Facts) -> str:
    """What to ask of an object that may be made before workers are started, "" if nothing."""
    function = use.function
    if isinstance(function, ast.Lambda) or is_test(facts.path):
        return ""
    if function is not None and function.name != "__init__":
        return ""
    path = starting_file(facts)
    if not path:
        return ""
    where = "when the module is imported" if function is None else "in __init__()"
    return (
        f"it is made {where}, and {path} starts workers: if that is later, a child has the object "
        "without its threads. Make it in start() then"
    )


def _mentioning(word: str, facts: Facts) -> tuple[str, ...]:
    return facts.project.mentions(frozenset({word}), facts.path).get(word, ())
