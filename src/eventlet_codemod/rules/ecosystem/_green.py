"""Whether a module has oslo.service run green threads, although it may not mention eventlet."""

from __future__ import annotations

import re

from eventlet_codemod.facts.project import is_test

#: The library, as code and discovery name it.
LIBRARY = "oslo_service"

#: Its modules that start nothing and wait for nothing.
_HARMLESS = frozenset({"_i18n", "_options", "backend", "sslutils", "systemd", "version"})

_TAKEN = re.compile(rf"\bfrom[ \t]+{LIBRARY}[ \t]+import[ \t]*(\([^)]*\)|[^\n#]*)")
#: A module of it by its whole name, also in a string; with no name where the code computes one.
_NAMED = re.compile(rf"\b{LIBRARY}\.(\w*)")
#: What a test names in a string is patched, and runs nothing.
_PATCHED = re.compile(rf"(['\"]){LIBRARY}[\w.]*\1")
_UNSEEN = re.compile(rf"\bimport[ \t]+{LIBRARY}[ \t]+as\b|(['\"]){LIBRARY}\1")


def runs_green(text: str, path: str) -> str:
    """The module of oslo.service that a file takes and that may run green threads, or ""."""
    if is_test(path):
        text = _PATCHED.sub("''", text)
    names = [match[1] for match in _NAMED.finditer(text)]
    for match in _TAKEN.finditer(text):
        items = re.sub(r"#[^\n]*", "", match[1]).strip("() \t\r\n").split(",")
        names += [item.split()[0] for item in items if item.split()]
    if _UNSEEN.search(text):
        names.append("")
    green = sorted(set(names) - _HARMLESS)
    return f"{LIBRARY}.{green[0]}".rstrip(".") if green else ""
