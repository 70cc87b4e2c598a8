"""Repositories from lists: plain lines, or what GitHub, GitLab and Gerrit give when asked.

A plain line is ``URL-or-path [ref]``; ``#`` begins a comment. A listing is the JSON of

- GitHub: ``GET /orgs/ORG/repos``, or ``gh repo list ORG --json name,url,…``;
- GitLab: ``GET /groups/ID/projects``;
- Gerrit: ``GET /projects/?d``, with the base of the addresses to clone from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://|[\w.-]+@[\w.-]+:", re.IGNORECASE)
#: What Gerrit puts before its JSON so that no browser runs it.
_PREFIX = ")]}'"


class ListingError(Exception):
    """What is wrong with a list, and on which line."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class Listed:
    """One repository of a list. ``path`` is absolute; ``line`` is 0 where there is none."""

    name: str
    url: str = ""
    path: str = ""
    ref: str = ""
    archived: bool = False
    fork: bool = False
    line: int = 0


def read(text: str, directory: Path, base: str = "") -> list[Listed]:
    """The repositories of a list or a listing. Raises ListingError.

    ``base`` is the address that Gerrit's names are put behind.
    """
    begin = text.lstrip().removeprefix(_PREFIX).lstrip()[:1]
    found = list(_from_json(text, base) if begin in "[{" and begin else _lines(text, directory))
    if not found:
        raise ListingError("it names no repository")
    return found


def is_address(text: str) -> bool:
    """Whether text is an address rather than a path."""
    return bool(_ADDRESS.match(text))


def name_of(source: str) -> str:
    """What to call a repository by its address or path: its last two parts, or the last."""
    parts = [part for part in re.split(r"[/:\\]", source.rstrip("/")) if part]
    if not parts:
        return ""
    last = parts[-1].removesuffix(".git")
    plain = re.sub(r"^[a-z][a-z0-9+.-]*://[^/]*/?|^[\w.-]+@[\w.-]+:", "", source)
    if is_address(source) and plain.strip("/").count("/") >= 1:
        return f"{parts[-2]}/{last}".lstrip("~")
    return last


def _lines(text: str, directory: Path) -> Iterator[Listed]:
    for number, line in enumerate(text.splitlines(), 1):
        words = re.sub(r"(^|\s)#.*", "", line).split()
        if not words:
            continue
        if len(words) > 2:
            raise ListingError("a line is an address or a path, and a ref if need be", number)
        source, ref = words[0], words[1] if len(words) == 2 else ""
        if source.startswith("-") or ref.startswith("-"):
            raise ListingError(f"{line.strip()!r} begins with a dash", number)
        if is_address(source):
            yield Listed(name_of(source), url=source, ref=ref, line=number)
        else:
            path = (directory / source).resolve()
            yield Listed(path.name, path=str(path), ref=ref, line=number)


def _from_json(text: str, base: str) -> Iterator[Listed]:
    rest = text.lstrip().removeprefix(_PREFIX)
    skipped = text[: len(text) - len(rest)].count("\n")
    try:
        raw = json.loads(rest)
    except json.JSONDecodeError as error:
        raise ListingError(f"not valid JSON: {error.msg}", error.lineno + skipped) from None
    if isinstance(raw, dict):
        yield from _from_gerrit(raw, base)
        return
    for item in raw:
        if not isinstance(item, dict):
            raise ListingError(f"a repository is a table, not {item!r}")
        yield _from_forge(item)


def _from_gerrit(raw: Mapping[str, Any], base: str) -> Iterator[Listed]:
    if not base:
        raise ListingError("a listing of Gerrit needs the base-url that its names are put behind")
    for name, item in raw.items():
        if not isinstance(item, dict):
            raise ListingError(f"{name}: a project is a table, not {item!r}")
        if item.get("state", "ACTIVE") == "ACTIVE" and name not in ("All-Projects", "All-Users"):
            yield Listed(name, url=f"{base.rstrip('/')}/{name}")


def _from_forge(item: Mapping[str, Any]) -> Listed:
    def first(*keys: str) -> str:
        return next((value for key in keys if isinstance(value := item.get(key), str)), "")

    url = first("clone_url", "http_url_to_repo", "url")
    name = first("full_name", "path_with_namespace", "nameWithOwner") or name_of(url)
    if not is_address(url):
        raise ListingError(f"{name or item}: it tells no address to clone from")
    branch = item.get("default_branch") or item.get("defaultBranchRef") or ""
    if isinstance(branch, dict):
        branch = branch.get("name", "")
    return Listed(
        name,
        url=url,
        ref=str(branch),
        archived=bool(item.get("archived") or item.get("isArchived")),
        fork=bool(item.get("fork") or item.get("isFork") or item.get("forked_from_project")),
    )
