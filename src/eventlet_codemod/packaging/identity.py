"""What a project is called, and which distributions it needs at run time."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eventlet_codemod.packaging import dependencies, ini
from eventlet_codemod.packaging.listing import canonical
from eventlet_codemod.packaging.python import parse
from eventlet_codemod.packaging.toml import TomlError, values

_TOML_NAMES = (("project", "name"), ("tool", "poetry", "name"))
_METADATA_NAME = re.compile(r"^Name: *(\S+)", re.MULTILINE)
_PLACES = ("*.txt", "*.in", "*.pip", "setup.cfg", "setup.py", "pyproject.toml", "Pipfile")
_BELOW = ("requirements/*.txt", "requirements/*.in", "tools/pip-requires")


@dataclass(frozen=True, slots=True)
class Identity:
    """A distribution: its canonical name, and those of the distributions that it needs."""

    name: str
    needs: frozenset[str]


def identity(root: Path) -> Identity:
    """Read the name and the requirements from the files at a project's root.

    A project that says its name nowhere is called as its directory. Files that cannot be read say
    nothing.
    """
    found = {path.relative_to(root).as_posix(): path for path in _files(root)}
    texts = {name: text for name, path in found.items() if (text := _text(path)) is not None}
    name = next(filter(None, _names(root, texts)), root.resolve().name)
    needs = {
        entry.name
        for path, text in texts.items()
        for listing in dependencies.listings(text, path)
        if dependencies.mine(listing, path)
        for entry in listing.entries
    }
    return Identity(canonical(name), frozenset(needs - {"", canonical(name)}))


def _files(root: Path) -> Iterator[Path]:
    for pattern in (*_PLACES, *_BELOW):
        for path in sorted(root.glob(pattern)):
            if dependencies.reads(path.relative_to(root).as_posix()) and path.is_file():
                yield path


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _names(root: Path, texts: dict[str, str]) -> Iterator[str]:
    yield from _from_toml(texts.get("pyproject.toml", ""))
    for option in ini.options(texts.get("setup.cfg", "")):
        if (option.section, option.key) == ("metadata", "name") and option.values:
            yield texts["setup.cfg"][slice(*option.values[0])].strip()
    yield from _from_setup_py(texts.get("setup.py", ""))
    if match := _METADATA_NAME.search(_text(root / "PKG-INFO") or ""):
        yield match[1]


def _from_toml(text: str) -> Iterator[str]:
    try:
        found = values(text)
    except TomlError:
        return
    yield from (value.text for value in found if value.path in _TOML_NAMES)


def _from_setup_py(text: str) -> Iterator[str]:
    tree = parse(text)
    for node in ast.walk(tree) if tree else ():
        if not isinstance(node, ast.keyword) or node.arg != "name":
            continue
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value
