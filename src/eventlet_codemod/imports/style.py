"""Import sections, the orders that imports are sorted in, and what comments are about."""

from __future__ import annotations

import re
import sys
from enum import IntEnum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventlet_codemod.imports.model import Import


class Section(IntEnum):
    """Import sections, in their order."""

    FUTURE = 0
    STDLIB = 1
    THIRD_PARTY = 2
    LOCAL = 3


#: In the standard library of some supported Python, perhaps not of the one that runs this.
_SOMETIMES_STDLIB = """
    aifc annotationlib asynchat asyncore audioop cgi cgitb chunk compression crypt distutils
    imghdr imp lib2to3 mailcap msilib nis nntplib ossaudiodev pipes smtpd sndhdr spwd sunau
    telnetlib uu xdrlib
"""
_STDLIB = sys.stdlib_module_names.union(_SOMETIMES_STDLIB.split())


def section_of(root: str, first_party: frozenset[str]) -> Section:
    """The section of a top-level package; a relative import has none."""
    if root == "__future__":
        return Section.FUTURE
    if not root or root in first_party:
        return Section.LOCAL
    return Section.STDLIB if root in _STDLIB else Section.THIRD_PARTY


Key: TypeAlias = tuple[Any, ...]
Sort: TypeAlias = "Callable[[Import], Key]"


def mixed(new: Import) -> Key:
    """Hacking's H306: by full path, whichever form. Also isort's force_sort_within_sections."""
    return (new.path.lower(),)


def straight_first(new: Import) -> Key:
    """isort and ruff: ``import x`` before ``from x import y``."""
    return (new.name is not None, new.module.lower(), (new.name or "").lower())


def from_first(new: Import) -> Key:
    """The other way round."""
    return (new.name is None, *straight_first(new)[1:])


def by_kind(name: str) -> tuple[int, str]:
    """The usual order of the names in a list: CONSTANT, Class, function."""
    plain = name.partition(" ")[0]
    return (0 if plain.isupper() else 1 if plain[:1].isupper() else 2), name.casefold()


#: Excuses the place of an import, so that its neighbours need the same.
POSITION = re.compile(
    r"\s*#\s*(?:noqa:\s*(?:E402|I\d+)(?:[,\s]+(?:E402|I\d+))*"
    r"|pylint:\s*disable=wrong-import-(?:position|order))\s*",
    re.IGNORECASE,
)
BARE_NOQA = re.compile(r"\s*#\s*noqa\s*", re.IGNORECASE)

#: Comments that belong to the file, or to all that follows, not to one import.
HEADER = re.compile(
    r"^\s*#(?:!|.*(?:copyright|licen[cs]e|spdx|coding[:=]|vim?:|-\*-)"
    r"|\s*(?:fmt|isort|flake8|ruff|pylint|mypy|pyright):)",
    re.IGNORECASE,
)
#: Comments that belong to a group.
HEADING = re.compile(
    r"^[\s#=*-]*(?:stdlib|(?:standard|built-?in|python|system|third|3rd|local|project|first|own|"
    r"internal|external)\b(?:[\s-]*(?:lib\w*|part\w+|imports?|modules?|packages?|app\w*))*)"
    r"[\s#=*:.-]*$",
    re.IGNORECASE,
)
