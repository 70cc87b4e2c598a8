"""HTML in which nothing can be left unescaped: text is escaped because it is text.

A template engine escapes what goes between tags. Here the places where that does not help are shut,
too: an address has to be a `Link`, and attributes that run code or style cannot be written.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Final, TypeAlias

from eventlet_codemod.batch.tally import file_link, shown, shown_lines, web_link

_VOID: Final = frozenset({"meta", "input", "br"})
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z]+)*")


@dataclass(frozen=True, slots=True)
class Element:
    """A piece of HTML that is complete. Only this module makes them."""

    html: str


#: A new line in the source, for those who read it.
NEWLINE: Final = Element("\n")


@dataclass(frozen=True, slots=True)
class Lines:
    """Text of several lines, such as a log."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link leads; made by `to_web`, `to_file` and `to_id`."""

    address: str


Content: TypeAlias = "Element | Lines | str | int | Iterable[Content] | None"
Attribute: TypeAlias = "str | int | bool | Link | None"


def to_web(address: str) -> Link | None:
    """Lead to an address of http or https, and to no other."""
    found = web_link(address)
    return Link(found) if found else None


def to_file(path: str) -> Link | None:
    """Lead to a file in the directory of the page or below, and to no other."""
    found = file_link(path)
    return Link(found) if found else None


def to_id(name: str) -> Link:
    """Lead to a place on the page."""
    return Link(f"#{name}")


def tag(name: str, /, *content: Content, **attributes: Attribute) -> Element:
    """Make an element. ``class_`` and ``aria_label`` stand for ``class`` and ``aria-label``.

    An attribute that is None or False is left out.

    Raises:
        ValueError: an attribute is not to be used: one that runs code or style, or an address that
            is no `Link`.
    """
    told = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in ("script", "style") or not _NAME.fullmatch(name):
        raise ValueError(f"no element {name!r}: see inline()")
    if name in _VOID:
        return Element(f"<{name}{told}>")
    return Element(f"<{name}{told}>{_html(content)}</{name}>")


def inline(name: str, code: str) -> Element:
    """Make a ``script`` or ``style`` of code that comes with this package."""
    if name not in ("script", "style") or "</" in code or "<!--" in code:
        raise ValueError(f"not fit for an element {name!r}")
    return Element(f"<{name}>{code}</{name}>")


def joined(*content: Content) -> Element:
    """Put pieces one after another."""
    return Element(_html(content))


def document(root: Element) -> str:
    """Give a whole page."""
    return f"<!DOCTYPE html>\n{root.html}\n"


def digest(code: str) -> str:
    """What a Content-Security-Policy calls ``code`` by."""
    found = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    return f"'sha256-{found}'"


def _html(content: Content) -> str:
    if content is None:
        return ""
    if isinstance(content, Element):
        return content.html
    if isinstance(content, str):
        return escape(shown(content))
    if isinstance(content, int):
        return str(content)
    if isinstance(content, Lines):
        return escape(shown_lines(content.text))
    return "".join(map(_html, content))


def _attribute(key: str, value: Attribute) -> str:
    name = key.rstrip("_").replace("_", "-")
    plain = name.lower()  # SVG has attributes with capitals
    if not _NAME.fullmatch(plain) or plain.startswith("on") or plain in ("style", "srcdoc"):
        raise ValueError(f"no attribute {name!r} here")
    if value is None or value is False:
        return ""
    if plain in ("href", "src", "action", "formaction") and not isinstance(value, Link):
        raise ValueError(f"{name}: {value!r} is no Link")
    if value is True:
        return f" {name}"
    text = value.address if isinstance(value, Link) else shown(str(value))
    # Quotes may be left out around what needs none: thousands of rows have classes.
    bare = re.fullmatch(r"[A-Za-z0-9_-]+", text)
    return f" {name}={text}" if bare else f' {name}="{escape(text)}"'
