"""Text that a forge shows as it is: names of files and findings mention nobody and link to nothing.

GitHub and GitLab find mentions and references in text, but not in code.
"""

from __future__ import annotations

import re

from eventlet_codemod.report.words import printable

_CODE = re.compile(r"`([^`\n]+)`")
_MARKDOWN = re.compile(r"([\\*_\[\]()|~])")
#: A sign that makes a reference of the word behind it: @who, #1, !1, $1, %1, &1, ~label.
_SIGN = re.compile(r"([@#!$%&~^])(?=[\w\"])")
_GH = re.compile(r"(?i)\b(GH)-(?=\d)")
_URL = re.compile(r"(?i)(?:https?|ftp)://|\bwww\.")
_ZERO = "\u200b"


def code(text: str) -> str:
    """A code span that holds ``text``, on one line, whatever backticks are in it."""
    text = printable(text) or " "
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def plain(text: str) -> str:
    """Prose: what is in single backticks is code, and nothing else acts."""
    parts = _CODE.split(printable(text))
    return "".join(code(part) if n % 2 else _quiet(part) for n, part in enumerate(parts))


def _quiet(text: str) -> str:
    text = _GH.sub(rf"\1{_ZERO}-", _SIGN.sub(rf"\1{_ZERO}", text))
    text = _URL.sub(
        lambda found: found[0].replace("/", f"/{_ZERO}").replace(".", f".{_ZERO}"), text
    )
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN.sub(r"\\\1", text).replace("`", "\\`")


def title(text: str) -> str:
    """A title: forges read references in it too, and no Markdown."""
    return _GH.sub(rf"\1{_ZERO}-", _SIGN.sub(rf"\1{_ZERO}", printable(text)))
