"""The exact text of a file: bytes to text and back without a byte lost, and atomic writes."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import sys
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

SourceErrorKind = Literal["encoding", "nul", "unreadable"]

_BOM = b"\xef\xbb\xbf"
_FIRST_TWO_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?[^\r\n]*")
_NON_ASCII = re.compile(rb"[\x80-\xff]")
_NEWLINE = re.compile(r"\r\n|\r|\n")
_TEMPORARY = (".eventlet-codemod-", ".tmp")


class SourceError(Exception):
    """A file whose text cannot be had, or cannot be written back, exactly.

    ``kind`` is one of "encoding" (the bytes are not what the file declares, or the text has no
    exact form in that encoding), "nul" and "unreadable"; ``message`` is one line.
    """

    def __init__(self, kind: SourceErrorKind, message: str, line: int | None = None) -> None:
        super().__init__(kind, message, line)  # all of them, so that it survives pickling
        self.kind = kind
        self.message = message
        self.line = line

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as it is on disk and as text.

    ``text`` keeps every newline as it stands in the file and leaves out the byte order mark, which
    is ``bom``. ``newline`` is the one that most lines end with.
    """

    path: str
    data: bytes
    text: str
    encoding: str
    bom: bytes
    newline: str

    def encode(self, text: str) -> bytes:
        """Give the bytes of ``text`` in this file's encoding: the exact inverse of `decode`.

        Raises SourceError when the encoding lacks a character, and when the bytes would not be
        read back as ``text`` (a coding cookie that moved or went, say).
        """
        try:
            data = self.bom + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            char = ord(text[error.start])
            raise SourceError(
                "encoding",
                f"character U+{char:04X} cannot be written in {self.encoding}",
                _line_of(text, error.start),
            ) from error
        if text != self.text and decode(self.path, data).text != text:
            raise SourceError(
                "encoding", f"the text would not be read back the same from {self.encoding}"
            )
        return data


def decode(path: str, data: bytes) -> SourceFile:
    """Decode ``data`` as Python would (PEP 263): byte order mark, coding cookie, else UTF-8.

    For every result, ``decode(path, data).encode(decode(path, data).text) == data``; where that
    cannot be had, and for NUL bytes, which no Python reads, SourceError is raised.
    """
    nul = data.find(b"\0")
    if nul >= 0:
        raise SourceError("nul", "NUL byte in the source", _line_of_byte(data, nul))
    encoding = _detect_encoding(data)
    bom = _BOM if data.startswith(_BOM) else b""
    body = data[len(bom) :]
    try:
        text = body.decode(encoding)
        exact = text.encode(encoding) == body
    except UnicodeDecodeError as error:
        raise SourceError(
            "encoding",
            f"byte 0x{body[error.start]:02x} is not valid {encoding}",
            _line_of_byte(body, error.start),
        ) from error
    except (LookupError, ValueError) as error:  # "rot13" and such: a codec, but not of text
        raise SourceError("encoding", f"{encoding} is not usable for source text", 1) from error
    if not exact:
        raise SourceError("encoding", f"the bytes are not the canonical form of {encoding}")
    return SourceFile(path, data, text, encoding, bom, _dominant_newline(text))


def read(root: Path, path: str) -> SourceFile:
    """Read and decode ``root / path``. Raises SourceError, of kind "unreadable" for OS errors."""
    try:
        data = (root / path).read_bytes()
    except OSError as error:
        raise SourceError("unreadable", error.strerror or type(error).__name__) from error
    return decode(path, data)


def is_temporary(name: str) -> bool:
    """Whether a file of this name is one that `write_atomic` was killed over."""
    return name.startswith(_TEMPORARY[0]) and name.endswith(_TEMPORARY[1])


def write_atomic(target: Path, data: bytes | Iterable[bytes]) -> None:
    """Make ``data`` the content of ``target``: afterwards all of it is there, or nothing changed.

    What is large may come in pieces.

    A symlink stays, and what it points to is written. Permission bits and extended attributes are
    kept, the owner where the system permits. A file whose owner may not write it (by its mode, so
    root is held to it too) raises PermissionError. Any failure raises OSError and leaves neither a
    changed file nor a temporary one. Other hard links to the file keep the old content.
    """
    real = os.path.realpath(target)
    before = _replaceable(real)
    directory = os.path.dirname(real)  # noqa: PTH120 - a plain string, surrogates and all
    # A fixed short name, since the target's own may already be as long as a name can be.
    temporary = os.path.join(directory, f"{_TEMPORARY[0]}{os.urandom(8).hex()}{_TEMPORARY[1]}")  # noqa: PTH118
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    # 0o666 lets the umask decide for a new file; a replaced one is private until it has its mode.
    descriptor = os.open(temporary, flags, 0o600 if before else 0o666)
    try:
        try:
            for piece in [data] if isinstance(data, bytes) else data:
                _write_all(descriptor, piece)
            if before:
                _copy_metadata(real, before, descriptor)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(temporary, real)  # noqa: PTH105
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
        raise
    _sync_directory(directory)


def _detect_encoding(data: bytes) -> str:
    bom = _BOM if data.startswith(_BOM) else b""
    head = _FIRST_TWO_LINES.match(data, len(bom))
    assert head is not None
    # Python ends a line at a lone CR too, and looks for the cookie in bytes; `tokenize` splits at
    # "\n" only and wants UTF-8 before it has seen the cookie. What the bytes are worth is found
    # out by the full decode.
    lines = _NON_ASCII.sub(b"?", head[0]).splitlines(keepends=True) or [b""]
    lines[0] = bom + lines[0]
    try:
        encoding, _ = tokenize.detect_encoding(iter(lines).__next__)
    except SyntaxError as error:
        raise SourceError("encoding", str(error), 1 if b"coding" in lines[0] else 2) from error
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _dominant_newline(text: str) -> str:
    crlf = text.count("\r\n")
    counts = {"\n": text.count("\n") - crlf, "\r\n": crlf, "\r": text.count("\r") - crlf}
    most = max(counts.values())
    if not most:
        return "\n"
    # On a tie, the one that the file meets first.
    first = (match[0] for match in _NEWLINE.finditer(text))
    return next(newline for newline in first if counts[newline] == most)


def _line_of(text: str, index: int) -> int:
    return 1 + sum(1 for _ in _NEWLINE.finditer(text, 0, index))


def _line_of_byte(data: bytes, index: int) -> int:
    return _line_of(data[:index].decode("latin-1"), index)


def _replaceable(path: str) -> os.stat_result | None:
    """Give the status of the file to replace, None where there is none yet."""
    try:
        status = os.stat(path)  # noqa: PTH116
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", path)
    # A rename would get around a read-only mode, and root around any; a lock is a lock.
    if not status.st_mode & stat.S_IWUSR or not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "file is read-only", path)
    return status


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _copy_metadata(source: str, before: os.stat_result, descriptor: int) -> None:
    now = os.fstat(descriptor)
    for owner, group in ((-1, before.st_gid), (before.st_uid, -1)):
        if (owner, group) not in ((-1, now.st_gid), (now.st_uid, -1)):
            with contextlib.suppress(PermissionError):
                os.fchown(descriptor, owner, group)
    if hasattr(os, "listxattr"):  # Linux: access control lists, security labels
        with contextlib.suppress(OSError):  # not every file system has them
            for name in os.listxattr(source):
                os.setxattr(descriptor, name, os.getxattr(source, name))
    os.fchmod(descriptor, stat.S_IMODE(before.st_mode))  # last: changing the owner clears bits


def _sync_directory(directory: str) -> None:
    # The new content is in place by now; a file system that cannot sync a directory is no failure.
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def why_unreadable(text: str, error: SyntaxError) -> str:
    """What Python says; and whether a newer one could read the file."""
    import libcst

    if "multiple exception types" in str(error.msg):
        return str(error.msg)  # Python 2's `except A, e`, which means something else to libcst
    try:
        libcst.parse_module(text)
    except (libcst.ParserSyntaxError, libcst.CSTValidationError, RecursionError):
        return str(error.msg)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{error.msg}; its syntax is newer than Python {version}: run the tool under that one"
