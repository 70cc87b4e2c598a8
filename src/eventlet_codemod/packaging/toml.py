"""Where the values of a TOML file stand. tomlkit reads and writes TOML; it tells no places."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_OTHER = re.compile(r"[^,\]}\r\n#]+")


class TomlError(ValueError):
    """A text that is no TOML."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value and the key that it has, from the top of the file on.

    ``key`` spans the key that stands beside it. ``items`` are those of an array or inline table;
    ``text`` is what a string says.
    """

    path: tuple[str, ...]
    kind: str
    start: int
    end: int
    key: tuple[int, int] = (0, 0)
    items: tuple[Value, ...] = ()
    text: str = ""


def values(text: str) -> list[Value]:
    """Every value of a file, in order. Raises TomlError where tomlkit cannot read it either."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        tomlkit.parse(text)
    except TOMLKitError as error:
        raise TomlError(str(error)) from error
    try:
        return _Reader(text).read()
    except IndexError as error:
        raise TomlError("it ends too early") from error


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def read(self) -> list[Value]:
        found: list[Value] = []
        table: tuple[str, ...] = ()
        while True:
            self._skip(_GAP)
            if self.at >= len(self.text):
                return found
            if self.text[self.at] == "[":
                double = self.text.startswith("[[", self.at)
                self.at += 1 + double
                table = self._key()
                self._expect("]" * (1 + double))
                continue
            start = self.at
            key = self._key()
            span = start, self.at
            self._skip(_BLANK)
            self._expect("=")
            self._skip(_BLANK)
            found.append(self._value((*table, *key), span))

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _expect(self, word: str) -> None:
        if not self.text.startswith(word, self.at):
            raise TomlError(f"{word!r} is missing at character {self.at}")
        self.at += len(word)

    def _key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while True:
            self._skip(_BLANK)
            if self.text[self.at] in "\"'":
                parts.append(self._value((), (0, 0)).text)
            elif match := _BARE.match(self.text, self.at):
                parts.append(match[0])
                self.at = match.end()
            else:
                raise TomlError(f"no key at character {self.at}")
            end = self.at
            self._skip(_BLANK)
            if self.text[self.at : self.at + 1] != ".":
                self.at = end if self.text[self.at : self.at + 1] != "]" else self.at
                return tuple(parts)
            self.at += 1

    def _value(self, path: tuple[str, ...], key: tuple[int, int]) -> Value:
        start = self.at
        mark = self.text[start]
        if mark in "\"'":
            end = self._end_of_string(start)
            self.at = end
            return Value(path, "string", start, end, key, (), _said(self.text[start:end]))
        if mark == "[":
            items = self._items(path, "]")
            return Value(path, "array", start, self.at, key, items)
        if mark == "{":
            items = self._items(path, "}")
            return Value(path, "table", start, self.at, key, items)
        match = _OTHER.match(self.text, start)
        if match is None:
            raise TomlError(f"no value at character {start}")
        self.at = start + len(match[0].rstrip())
        return Value(path, "other", start, self.at, key)

    def _items(self, path: tuple[str, ...], close: str) -> tuple[Value, ...]:
        self.at += 1
        items: list[Value] = []
        while True:
            self._skip(_GAP)
            if self.text[self.at] == close:
                self.at += 1
                return tuple(items)
            if close == "}":
                start = self.at
                key = self._key()
                span = start, self.at
                self._skip(_BLANK)
                self._expect("=")
                self._skip(_BLANK)
                items.append(self._value((*path, *key), span))
            else:
                items.append(self._value(path, (0, 0)))
            self._skip(_GAP)
            if self.text[self.at] == ",":
                self.at += 1

    def _end_of_string(self, start: int) -> int:
        quote = self.text[start]
        triple = quote * 3
        if self.text.startswith(triple, start):
            at = start + 3
            while not self.text.startswith(triple, at):
                at += 2 if self.text[at] == "\\" and quote == '"' else 1
            at += 3
            while self.text[at : at + 1] == quote:  # a quotation may end in quotes of its own
                at += 1
            return at
        at = start + 1
        while self.text[at] != quote:
            at += 2 if self.text[at] == "\\" and quote == '"' else 1
        return at + 1


def _said(raw: str) -> str:
    import tomllib

    return str(tomllib.loads(f"said = {raw}")["said"])
