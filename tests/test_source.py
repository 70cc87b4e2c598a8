"""Reading and writing back is the identity; writing is all or nothing."""

from __future__ import annotations

import ast
import encodings.aliases
import errno
import os
import pickle
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eventlet_codemod import source
from eventlet_codemod.source import SourceError, decode, read, write_atomic

BOM = b"\xef\xbb\xbf"

# --- decode and encode ----------------------------------------------------------------------------

EXACT = {
    "empty": (b"", "", "utf-8", "\n"),
    "only-bom": (BOM, "", "utf-8", "\n"),
    "one-newline": (b"\n", "\n", "utf-8", "\n"),
    "no-final-newline": (b"a = 1\nb = 2", "a = 1\nb = 2", "utf-8", "\n"),
    "crlf": (b"a\r\nb\r\n", "a\r\nb\r\n", "utf-8", "\r\n"),
    "lone-cr": (b"a\rb\r", "a\rb\r", "utf-8", "\r"),
    "final-lone-cr": (b"a\nb\n\r", "a\nb\n\r", "utf-8", "\n"),
    "mostly-crlf": (b"a\r\nb\nc\r\n", "a\r\nb\nc\r\n", "utf-8", "\r\n"),
    "tie-goes-to-the-first": (b"a\r\nb\n", "a\r\nb\n", "utf-8", "\r\n"),
    "form-feed": (b"a\n\x0c\x0cb\n", "a\n\f\fb\n", "utf-8", "\n"),
    "vertical-tab-and-x1c": (b"'\x0b\x1c'\n", "'\v\x1c'\n", "utf-8", "\n"),
    "line-separator": ("s = '\u2028\x85'\n".encode(), "s = '\u2028\x85'\n", "utf-8", "\n"),
    "bom": (BOM + b"a\n", "a\n", "utf-8", "\n"),
    "two-boms": (BOM + BOM + b"a\n", "\ufeffa\n", "utf-8", "\n"),
    "bom-and-cookie": (BOM + b"# coding: utf-8\n", "# coding: utf-8\n", "utf-8", "\n"),
    "latin-1": (b"# coding: latin-1\n'\xe9'\n", "# coding: latin-1\n'é'\n", "iso-8859-1", "\n"),
    "cookie-on-line-2": (
        b"#!/usr/bin/python\n# -*- coding: cp1252 -*-\n'\x80'\n",
        "#!/usr/bin/python\n# -*- coding: cp1252 -*-\n'€'\n",
        "cp1252",
        "\n",
    ),
    "cookie-after-lone-cr": (
        b"#!python\r# vim: set fileencoding=latin-1 :\r'\xe9'\r",
        "#!python\r# vim: set fileencoding=latin-1 :\r'é'\r",
        "iso-8859-1",
        "\r",
    ),
    "cookie-line-is-not-utf-8": (
        b"# coding: latin-1, Jos\xe9\n",
        "# coding: latin-1, José\n",
        "iso-8859-1",
        "\n",
    ),
    "cookie-below-a-comment-that-is-not-utf-8": (
        b"# Jos\xe9\n# coding: latin-1\n",
        "# José\n# coding: latin-1\n",
        "iso-8859-1",
        "\n",
    ),
    "cookie-after-form-feed": (
        b"\x0c# coding: latin-1\n'\xe9'\n",
        "\f# coding: latin-1\n'é'\n",
        "iso-8859-1",
        "\n",
    ),
    "line-3-is-too-late": (
        "\n\n# coding: latin-1\n'é'\n".encode(),
        "\n\n# coding: latin-1\n'é'\n",
        "utf-8",
        "\n",
    ),
    "euc-jp": (
        "# coding: euc-jp\n'日本'\n".encode("euc-jp"),
        "# coding: euc-jp\n'日本'\n",
        "euc-jp",
        "\n",
    ),
    "python-2": (b"print 'x'\n", "print 'x'\n", "utf-8", "\n"),
}


@pytest.mark.parametrize(("data", "text", "encoding", "newline"), EXACT.values(), ids=EXACT)
def test_exact_text(data: bytes, text: str, encoding: str, newline: str) -> None:
    file = decode("a.py", data)
    assert (file.text, file.encoding, file.newline) == (text, encoding, newline)
    assert file.bom == (BOM if data.startswith(BOM) else b"")
    assert file.encode(file.text) == data


BROKEN = {
    "not-utf-8": (b"a = 1\n\nb = '\xe9'\n", "encoding", 3, "byte 0xe9 is not valid utf-8"),
    "encoded-surrogate": (b"'\xed\xa0\x80'\n", "encoding", 1, "byte 0xed is not valid utf-8"),
    "line-behind-lone-cr": (b"a\rb\r\n\xff", "encoding", 3, "byte 0xff is not valid utf-8"),
    "unknown-cookie": (b"#!x\n# coding: klingon\n", "encoding", 2, "unknown encoding: klingon"),
    "bom-against-cookie": (BOM + b"# coding: latin-1\n", "encoding", 1, "encoding problem: utf-8"),
    "no-text-codec": (
        b"# coding: rot13\n",
        "encoding",
        1,
        "rot13 is not usable for source text",
    ),
    "ascii-cookie": (b"# coding: ascii\n'\xe9'", "encoding", 2, "byte 0xe9 is not valid ascii"),
    "one-way-codec": (
        b"# coding: unicode_escape\n'\\x41'\n",
        "encoding",
        None,
        "the bytes are not the canonical form of unicode_escape",
    ),
    "nul": (b"a\n\0", "nul", 2, "NUL byte in the source"),
    "nul-first": (b"\0", "nul", 1, "NUL byte in the source"),
    "utf-16": ("a\n".encode("utf-16"), "nul", 1, "NUL byte in the source"),
}


@pytest.mark.parametrize(("data", "kind", "line", "message"), BROKEN.values(), ids=BROKEN)
def test_what_has_no_exact_text_says_why(
    data: bytes, kind: str, line: int | None, message: str
) -> None:
    with pytest.raises(SourceError) as caught:
        decode("a.py", data)
    assert (caught.value.kind, caught.value.line, caught.value.message) == (kind, line, message)
    assert str(caught.value) == message
    copy = pickle.loads(pickle.dumps(caught.value))  # it crosses processes
    assert (copy.kind, copy.line, copy.message) == (kind, line, message)


def test_encode_writes_changed_text_in_the_file_s_own_encoding() -> None:
    file = decode("a.py", b"# coding: latin-1\r\n'\xe9'\r\n")
    assert file.encode(file.text + "'è'\r\n") == file.data + b"'\xe8'\r\n"
    with_bom = decode("a.py", BOM + b"a\n")
    assert with_bom.encode("b\n") == BOM + b"b\n"


@pytest.mark.parametrize(
    ("data", "text", "line", "message"),
    [
        (b"# coding: latin-1\n", "# coding: latin-1\n\r'€'\n", 3, "U+20AC .* in iso-8859-1"),
        (b"a\n", "a\n'\udcff'\n", 2, "U\\+DCFF .* in utf-8"),
        (b"# coding: latin-1\n", "'é'\n", None, "byte 0xe9 is not valid utf-8"),
        (b"# coding: latin-1\n", "\n\n# coding: latin-1\n'é'", None, "byte 0xe9"),
        (b"a\n", "\ufeffa\n", None, "would not be read back the same"),
        (b"a\n", "a\0\n", 1, "NUL byte"),
    ],
    ids=["no-such-character", "surrogate", "cookie-lost", "cookie-moved", "bom-born", "nul-born"],
)
def test_encode_refuses_what_would_not_be_read_back(
    data: bytes, text: str, line: int | None, message: str
) -> None:
    with pytest.raises(SourceError, match=message.replace("U+", r"U\+")) as caught:
        decode("a.py", data).encode(text)
    if line is not None:
        assert caught.value.line == line


def _holds(data: bytes) -> None:
    try:
        file = decode("a.py", data)
    except SourceError as error:
        assert error.message
        assert "\n" not in error.message
        return
    assert file.data == data
    assert file.encode(file.text) == data
    assert file.bom + file.text.encode(file.encoding) == data
    assert file.newline in ("\n", "\r\n", "\r")


LINES = st.lists(
    st.sampled_from([b"x = 1", b"", b"\x0c", b"\xe9", "'\u2028é日'".encode(), b"\\", b"# y"])
)
COOKIES = st.one_of(
    st.sampled_from(["utf-8", "UTF8", "latin-1", "cp1252", "euc-jp", "iso2022_jp", "utf-7", "x"]),
    st.sampled_from(sorted(set(encodings.aliases.aliases.values()))),
    st.sampled_from(["utf-8-sig", "idna", "punycode", "unicode_escape", "undefined", "palmos"]),
)


@given(st.binary(max_size=60))
@example(b"\r")
@example(BOM + b"\r\n")
def test_any_bytes_come_back(data: bytes) -> None:
    _holds(data)


@pytest.mark.filterwarnings("ignore:invalid escape sequence")  # from unicode_escape
@given(st.booleans(), COOKIES, LINES, st.lists(st.sampled_from([b"\n", b"\r\n", b"\r"])))
def test_any_mix_of_newlines_and_cookies_comes_back(
    bom: bool, cookie: str, lines: list[bytes], newlines: list[bytes]
) -> None:
    ends = [*newlines, *[b"\n"] * len(lines)]
    body = b"".join(line + end for line, end in zip(lines, ends, strict=False))
    _holds(BOM * bom + f"# coding: {cookie}\n".encode() + body)
    _holds(BOM * bom + body + b"# no newline")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
@settings(max_examples=200)
def test_any_text_is_written_and_read_back(text: str) -> None:
    file = decode("a.py", b"pass\n")
    try:
        data = file.encode(text)
    except SourceError:
        assert text.startswith("\ufeff") or "coding" in text
    else:
        assert decode("a.py", data).text == text


def _tree(source: str | bytes) -> str:
    try:
        return ast.dump(ast.parse(source))
    except (SyntaxError, ValueError):
        return "no Python"


@pytest.mark.parametrize("case", EXACT)
def test_the_compiler_reads_the_same_text(case: str) -> None:
    data, text, *_ = EXACT[case]
    assert _tree(text) == _tree(data)


# --- read -----------------------------------------------------------------------------------------


def test_read(tmp_path: Path) -> None:
    path = tmp_path / "sub" / os.fsdecode(b"caf\xe9 1.py")
    path.parent.mkdir()
    path.write_bytes(b"a\r\n")
    relative = path.relative_to(tmp_path).as_posix()
    file = read(tmp_path, relative)
    assert (file.path, file.text) == (relative, "a\r\n")


def test_read_reports_what_the_system_says(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file or directory") as caught:
        read(tmp_path, "gone.py")
    assert (caught.value.kind, caught.value.line) == ("unreadable", None)
    with pytest.raises(SourceError, match="Is a directory"):
        read(tmp_path, ".")


# --- write_atomic ---------------------------------------------------------------------------------


def only(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o2755, 0o640, 0o200])
def test_mode_is_kept(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    path.chmod(mode)
    before = path.stat()
    write_atomic(path, b"new\r\n\0\xff")
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert path.stat().st_ino != before.st_ino
    path.chmod(0o600)
    assert path.read_bytes() == b"new\r\n\0\xff"
    assert only(tmp_path) == ["a.py"]


def test_a_new_file_gets_the_usual_mode(tmp_path: Path) -> None:
    umask = os.umask(0o027)
    try:
        write_atomic(tmp_path / "new.py", b"x")
    finally:
        os.umask(umask)
    assert stat.S_IMODE((tmp_path / "new.py").stat().st_mode) == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_owner_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    os.chown(path, 12345, 23456)
    path.chmod(0o4750)
    write_atomic(path, b"new")
    status = path.stat()
    assert (status.st_uid, status.st_gid) == (12345, 23456)
    assert stat.S_IMODE(status.st_mode) == 0o4750


def test_extended_attributes_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.note", b"kept")
    except (OSError, AttributeError):
        pytest.skip("no user attributes on this file system")
    write_atomic(path, b"new")
    assert os.getxattr(path, "user.note") == b"kept"


def test_a_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "links").mkdir()
    target = tmp_path / "real" / "a.py"
    target.write_bytes(b"old")
    (tmp_path / "links" / "one").symlink_to("../real/a.py")
    link = tmp_path / "links" / "two"
    link.symlink_to("one")
    write_atomic(link, b"new")
    assert link.is_symlink()
    assert str(link.readlink()) == "one"
    assert target.read_bytes() == b"new"
    assert only(tmp_path / "links") == ["one", "two"]
    assert only(tmp_path / "real") == ["a.py"]


@pytest.mark.parametrize("mode", [0o444, 0o555, 0o466])
def test_read_only_is_refused_even_to_root(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    path.chmod(mode)
    with pytest.raises(PermissionError, match="file is read-only"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert only(tmp_path) == ["a.py"]


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "directory").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    for name in only(tmp_path):
        with pytest.raises(OSError):
            write_atomic(tmp_path / name, b"x")
    with pytest.raises(FileNotFoundError):
        write_atomic(tmp_path / "no" / "a.py", b"x")
    assert only(tmp_path) == ["directory", "loop", "pipe"]


def test_the_longest_name(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 252 + ".py")
    path.write_bytes(b"old")
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"


FULL_DISK = """
import resource, sys
from pathlib import Path
from eventlet_codemod.source import write_atomic
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))  # no file may grow beyond
try:
    write_atomic(Path(sys.argv[1]), b"new" * 100_000)
except OSError as error:
    sys.exit(error.errno)
"""


def test_a_write_that_the_system_cuts_short_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    environment = {**os.environ, "PYTHONPATH": str(Path(source.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", FULL_DISK, path], env=environment)
    assert done.returncode == errno.EFBIG
    assert path.read_bytes() == b"old"
    assert only(tmp_path) == ["a.py"]


def test_no_reader_ever_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    contents = (b"a" * 300_000, b"b" * 200_000)
    path.write_bytes(contents[0])
    seen: set[bytes] = set()
    finished = threading.Event()

    def look() -> None:
        while not finished.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for turn in range(60):
            write_atomic(path, contents[turn % 2])
    finally:
        finished.set()
        reader.join()
    assert seen <= set(contents)
    assert path.read_bytes() == contents[1]
