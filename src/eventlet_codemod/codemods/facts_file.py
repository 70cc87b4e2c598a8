"""Facts of a project or a library, declared in a TOML file."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any

from eventlet_codemod.codemods.base import CodemodError
from eventlet_codemod.declared import Declared
from eventlet_codemod.facts.api import PUBLIC_NAMES, canonical, is_eventlet
from eventlet_codemod.toml_lines import line_of

_KEYS = ("summary", "names", "returns", "patchers")
#: What a function that is declared to return a Future was before: it gave a green thread.
_SPAWN = "eventlet.spawn"


def read_facts(path: Path, shown: str) -> tuple[str, Declared]:
    """The summary and the facts in a file, which errors call ``shown``. Raises CodemodError.

    ``[names]`` maps dotted names to what they are in eventlet, ``[returns]`` those of functions
    that gave a green thread to what they give now; ``patchers`` lists functions that patch what a
    string names. ``summary`` is for people.
    """
    try:
        text = path.read_text("utf-8")
        raw = tomllib.loads(text)
    except OSError as error:
        raise CodemodError(str(error.strerror), shown) from error
    except UnicodeDecodeError as error:
        raise CodemodError("not UTF-8, as TOML must be", shown) from error
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        raise CodemodError(f"not valid TOML: {error}", shown, int(at[1]) if at else None) from error
    for key in raw:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, 1)
            hint = f" (did you mean {near[0]!r}?)" if near else ""
            raise CodemodError(f"{key}: no such key{hint}", shown, line_of(text, key))
    names = raw.get("names", {})
    if not isinstance(names, dict):
        raise CodemodError("names must be a table", shown, line_of(text, "names"))
    for name, api in names.items():
        check_name(name, api, shown, line_of(text, "names", name))
    returns = raw.get("returns", {})
    if not isinstance(returns, dict):
        raise CodemodError("returns must be a table", shown, line_of(text, "returns"))
    for name, given in returns.items():
        line = line_of(text, "returns", name)
        check_name(name, _SPAWN, shown, line)
        if given != "Future":
            raise CodemodError(f'{name} must return "Future", not {given!r}', shown, line)
        if name in names:
            raise CodemodError(f"{name} is among the names as well", shown, line)
    patchers = raw.get("patchers", [])
    if not isinstance(patchers, list) or not all(isinstance(p, str) and p for p in patchers):
        raise CodemodError("patchers must be a list of names", shown, line_of(text, "patchers"))
    summary = raw.get("summary", "")
    if not isinstance(summary, str):
        raise CodemodError("summary must be text", shown, line_of(text, "summary"))
    return summary, Declared(
        {**{name: str(api) for name, api in names.items()}, **dict.fromkeys(returns, _SPAWN)},
        frozenset(patcher.rpartition(".")[2] for patcher in patchers),
        frozenset(returns),
    )


def check_name(name: str, api: Any, shown: str, line: int | None = None) -> None:
    """Raise CodemodError where a dotted name cannot stand for ``api``, a name of eventlet."""
    if "." not in name or not all(part.isidentifier() for part in name.split(".")):
        raise CodemodError(
            f'{name!r} must be a dotted name in quotes, such as "pkg.hub.spawn"', shown, line
        )
    if name.partition(".")[0] in ("eventlet", "greenlet"):
        raise CodemodError(f"{name} is eventlet's own name", shown, line)
    if not isinstance(api, str) or not is_eventlet(canonical(api)):
        raise CodemodError(f"{name} must be a name of eventlet, not {api!r}", shown, line)
    head, _, rest = api.partition(".")
    first = rest.partition(".")[0]
    if head == "eventlet" and first and first not in PUBLIC_NAMES:
        near = difflib.get_close_matches(first, sorted(PUBLIC_NAMES), 1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        raise CodemodError(f"{name}: eventlet has no {first!r}{hint}", shown, line)
