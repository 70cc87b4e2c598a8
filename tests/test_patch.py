from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from unidiff import PatchSet

from eventlet_codemod.ledger import FileEntry, Finding
from eventlet_codemod.patch import (
    HunkSpan,
    PatchError,
    apply_patch,
    commentary,
    file_patch,
    git_available,
    git_check,
    hunk_of,
    hunks,
    render,
    stat,
    to_bytes,
)

if TYPE_CHECKING:
    from pathlib import Path

GNU_PATCH = shutil.which("patch")
TWELVE = b"".join(b"l%d\n" % n for n in range(12))
PLAIN = 0o100644
EXECUTABLE = 0o100755


@dataclass(frozen=True)
class Case:
    name: str
    old: bytes | None
    new: bytes | None
    path: str = "t.py"
    new_path: str | None = None
    old_mode: int = PLAIN
    new_mode: int | None = None

    @property
    def patch(self) -> str:
        return file_patch(
            self.path,
            self.old,
            self.new,
            new_path=self.new_path,
            old_mode=self.old_mode,
            new_mode=self.new_mode,
        )

    def within(self, folder: str) -> Case:
        new_path = f"{folder}/{self.new_path}" if self.new_path else None
        return replace(self, path=f"{folder}/{self.path}", new_path=new_path)

    def write_old(self, root: Path) -> None:
        if self.old is not None:
            target = root / self.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self.old)
            target.chmod(self.old_mode & 0o777)

    def assert_new(self, root: Path) -> None:
        target = root / (self.new_path or self.path)
        if self.new is None:
            assert not target.exists()
            return
        assert target.read_bytes() == self.new
        mode = self.old_mode if self.new_mode is None else self.new_mode
        assert bool(target.stat().st_mode & 0o100) == bool(mode & 0o100)
        if self.new_path:
            assert not (root / self.path).exists()


def utf8(text: str) -> bytes:
    return text.encode()


CASES = [
    Case("plain", b"a\nb\nc\n", b"a\nB\nc\n"),
    Case("first line", TWELVE, TWELVE.replace(b"l0\n", b"L\n")),
    Case("last line", TWELVE, TWELVE.replace(b"l11\n", b"L\n")),
    Case("insert at the top", TWELVE, b"import time\n" + TWELVE),
    Case("append", TWELVE, TWELVE + b"x\ny\n"),
    Case("delete in the middle", TWELVE, TWELVE.replace(b"l5\nl6\n", b"")),
    Case("two hunks", TWELVE, TWELVE.replace(b"l0", b"L0").replace(b"l11", b"L11")),
    Case("hunks that nearly touch", TWELVE, TWELVE.replace(b"l1\n", b"").replace(b"l9\n", b"X\n")),
    Case(
        "changes that share a hunk", TWELVE, TWELVE.replace(b"l1\n", b"").replace(b"l8\n", b"X\n")
    ),
    Case("no newline, last line changed", b"a\nb", b"a\nB"),
    Case("no newline, first line changed", b"a\nb", b"A\nb"),
    Case("no newline, far from the hunk", TWELVE + b"z", b"X\n" + TWELVE + b"z"),
    Case("newline added", b"a\nb", b"a\nb\n"),
    Case("newline removed", b"a\nb\n", b"a\nb"),
    Case("no newline, line appended", b"a\nb", b"a\nb\nc"),
    Case("no newline, line removed", b"a\nb\nc", b"a\nb"),
    Case("crlf", b"a\r\nb\r\nc\r\n", b"a\r\nB\r\nc\r\n"),
    Case("crlf to lf", b"a\r\nb\r\n", b"a\nb\n"),
    Case("lf to crlf", b"a\nb\n", b"a\r\nb\r\n"),
    Case("crlf, no newline", b"a\r\nb", b"a\r\nB"),
    Case("mixed newlines", b"a\r\nb\nc\r\n", b"a\r\nB\nc\r\n"),
    Case("lone cr", b"a\rx\nb\rc\nd\n", b"a\rx\nB\rc\nd\n"),
    Case("cr at the end", b"a\nb\r", b"a\nb\r\n"),
    Case("form feed line", b"a\n\x0c\nb\nc\n", b"a\n\x0c\nB\nc\n"),
    Case("form feed inside", b"a\n\x0cimport b\nc\n", b"a\n\x0cimport B\nc\n"),
    Case("vt, nel, u+2028", utf8("a\v\x85\u2028x\nb\n"), utf8("a\v\x85\u2028x\nB\n")),
    Case("vt, nel, u+2028 changed", utf8("a\v\x85\u2028x\nb\n"), utf8("A\v\x85\u2028x\nb\n")),
    Case("file separators", b"a\x1cb\x1dc\x1ed\ne\n", b"a\x1cb\x1dc\x1eD\ne\n"),
    Case("latin-1 context", b"# \xe9\nb\nc\n", b"# \xe9\nB\nc\n"),
    Case("latin-1 changed", b'x="\xe9"\nb\n', b'y="\xe9"\nb\n'),
    Case("latin-1 at the end", b"b\n# \xe9", b"B\n# \xe9"),
    Case("broken utf-8", b"\xc3\n\xed\xa0\x80\nb\n", b"\xc3\n\xed\xa0\x80\nB\xc3\n"),
    Case("nul", b"a\x00b\nc\n", b"a\x00B\nc\n"),
    Case("bom", b"\xef\xbb\xbfa\nb\n", b"\xef\xbb\xbfA\nb\n"),
    Case("trailing blanks", b"a\n\n   \n\t\nb\n", b"a\n\n   \n\t\nB  \n"),
    Case("dashes and pluses", b"-- a\n++ b\n-- /dev/null\n", b"++ a\n++ b\n++ b/t.py\n"),
    Case("hunk headers", b"@@ -1 +1 @@\nb\n", b"@@ -1 +1 @@\nB\n"),
    Case("diff headers", b"diff --git a/x b/x\n--- a/x\nb\n", b"diff --git a/x b/x\n+++ b/x\nb\n"),
    Case(
        "a line like the marker",
        b"\\ No newline at end of file\nb\n",
        b"\\ No newline at end of file\nB\n\\ No newline at end of file",
    ),
    Case("blank lines only", b"\n\n\n\n\n", b"\n\n\n"),
    Case("new file", None, b"a\nb\n"),
    Case("new file, no newline", None, b"a"),
    Case("new empty file", None, b""),
    Case("new file, executable", None, b"#!/bin/sh\n", new_mode=EXECUTABLE),
    Case("deleted file", b"a\nb\n", None),
    Case("deleted file, no newline", b"a", None),
    Case("deleted empty file", b"", None),
    Case("deleted file, executable", b"a\n", None, old_mode=EXECUTABLE),
    Case("empty file filled", b"", b"a\n"),
    Case("file emptied", b"a\n", b""),
    Case("rename", b"a\nb\n", b"a\nb\n", "o.py", "p.py"),
    Case("rename and edit", TWELVE, TWELVE + b"x\n", "o.py", "new/p.py"),
    Case("rename, odd names", TWELVE, TWELVE + b"x\n", "o o.py", "p\té.py"),
    Case("mode", b"a\n", b"a\n", new_mode=EXECUTABLE),
    Case("mode and edit", b"a\n", b"b\n", old_mode=EXECUTABLE, new_mode=PLAIN),
    Case("mode, rename and edit", TWELVE, b"x\n" + TWELVE, "o.py", "p.py", new_mode=EXECUTABLE),
    Case("executable edited", b"a\n", b"b\n", old_mode=EXECUTABLE),
    Case("blank in the path", b"a\n", b"b\n", "d e/t f.py"),
    Case("blank in a new path", None, b"b\n", "d e/t f.py"),
    Case("blank and mode", b"a\n", b"a\n", "d e/t f.py", new_mode=EXECUTABLE),
    Case("blank b/ in the path", b"a\n", b"b\n", "x b/y.py"),
    Case("non-ascii path", b"a\n", b"b\n", "dé/té\u2028.py"),
    Case("latin-1 path", b"a\n", b"b\n", "t\udce9.py"),
    Case("quote, tab, backslash in the path", b"a\n", b"b\n", 'q "\t\\.py'),
    Case("newline in the path", b"a\n", b"b\n", "q\n--- a.py"),
]
by_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def run_git(root: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Git as a user runs it, but for the configuration of whoever runs the tests."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
    return subprocess.run(
        ["git", *arguments], cwd=root, input=stdin, env=environment, capture_output=True
    )


def gnu_patch(root: Path, patch: str) -> subprocess.CompletedProcess[bytes]:
    command = [str(GNU_PATCH), "-p1", "--binary", "-s", "-f"]
    return subprocess.run(command, cwd=root, input=to_bytes(patch), capture_output=True)


# -- one patch, three readers ----------------------------------------------------------------------


@by_case
def test_unidiff_reads_it_back(case: Case) -> None:
    (file,) = PatchSet(case.patch)
    assert all(hunk.is_valid() for hunk in file)
    # unidiff drops the TAB that GNU patch needs after a name with blanks
    assert str(file) == case.patch.replace("\t\n+++", "\n+++").replace("\t\n@@", "\n@@")
    assert stat(case.patch) == (file.added, file.removed)
    assert len(hunks(case.patch)) == len(file)


@by_case
def test_git_applies_it(case: Case, tmp_path: Path) -> None:
    case.write_old(tmp_path)
    assert git_check(case.patch, tmp_path) is None
    done = run_git(tmp_path, "apply", "--whitespace=nowarn", "-", stdin=to_bytes(case.patch))
    assert (done.returncode, done.stderr) == (0, b"")
    case.assert_new(tmp_path)


@pytest.mark.skipif(GNU_PATCH is None, reason="needs GNU patch")
@by_case
def test_gnu_patch_applies_it(case: Case, tmp_path: Path) -> None:
    if "\n" in case.path:
        pytest.skip("GNU patch refuses names with a newline")
    if " " in case.path and not hunks(case.patch):
        pytest.skip("GNU patch reads no name with blanks from a `diff --git` line, git's neither")
    case.write_old(tmp_path)
    done = gnu_patch(tmp_path, case.patch)
    assert (done.returncode, done.stdout) == (0, b"")
    case.assert_new(tmp_path)


@by_case
def test_apply_patch_gives_the_same_bytes(case: Case) -> None:
    assert apply_patch(case.old or b"", case.patch) == (case.new or b"")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    run_git(root, "init", "-q", "--template=")
    return root


@pytest.mark.parametrize(
    "case",
    # the one name that we have to write in another way for unidiff's sake
    [case for case in CASES if " b/" not in case.path],
    ids=lambda case: case.name,
)
def test_git_writes_the_same_header(case: Case, repository: Path) -> None:
    """But for the lines with hashes and similarity."""

    def tree(path: str, data: bytes | None, mode: int) -> str:
        run_git(repository, "read-tree", "--empty")
        if data is not None:
            blob = run_git(repository, "hash-object", "-w", "--stdin", stdin=data).stdout.strip()
            entry = b"%o %s\t%s\0" % (mode, blob, os.fsencode(path))
            run_git(repository, "update-index", "-z", "--index-info", stdin=entry)
        return run_git(repository, "write-tree").stdout.decode().strip()

    old = tree(case.path, case.old, case.old_mode)
    new = tree(case.new_path or case.path, case.new, case.new_mode or case.old_mode)
    theirs = run_git(repository, "diff", "--text", "--find-renames", old, new).stdout
    assert header(theirs) == header(to_bytes(case.patch))


def header(patch: bytes) -> list[bytes]:
    lines = itertools.takewhile(lambda line: not line.startswith(b"@@"), patch.split(b"\n"))
    return [line for line in lines if line and not line.startswith((b"index ", b"similarity "))]


@by_case
def test_names_are_told_by_unidiff(case: Case) -> None:
    """As git quotes them, which is how unidiff gives them."""
    (file,) = PatchSet(case.patch)
    name = file.path.strip('"').encode().decode("unicode_escape").encode("latin-1")
    assert os.fsdecode(name) == (case.new_path or case.path)


def test_nothing_changes() -> None:
    assert file_patch("t.py", b"a\n", b"a\n") == ""
    assert file_patch("t.py", b"", b"") == ""
    assert file_patch("t.py", None, None) == ""
    assert (hunks(""), stat(""), apply_patch(b"a", "")) == ((), (0, 0), b"a")


def test_the_text_of_a_patch() -> None:
    old = b"import eventlet\n" + TWELVE + b"eventlet.sleep(1)"
    new = b"import time\n" + TWELVE + b"time.sleep(1)\n"
    assert (
        file_patch("nova/a b.py", old, new, new_mode=EXECUTABLE)
        == """\
diff --git a/nova/a b.py b/nova/a b.py
old mode 100644
new mode 100755
--- a/nova/a b.py\t
+++ b/nova/a b.py\t
@@ -1,4 +1,4 @@
-import eventlet
+import time
 l0
 l1
 l2
@@ -11,4 +11,4 @@
 l9
 l10
 l11
-eventlet.sleep(1)
\\ No newline at end of file
+time.sleep(1)
"""
    )


def test_hunks_and_stat() -> None:
    new = b"x\ny\n" + TWELVE.replace(b"l11\n", b"")
    patch = file_patch("t.py", TWELVE, new)
    spans = (HunkSpan(1, 3, 1, 5), HunkSpan(9, 4, 11, 3))
    assert hunks(patch) == spans
    assert stat(patch) == (2, 1)
    assert stat(patch + file_patch("u.py", None, b"a")) == (3, 1)


@pytest.mark.parametrize(
    ("lines", "hunk"),
    [
        ((1, 1), 1),
        ((3, 3), 1),
        ((4, 8), None),
        ((4, 9), 2),
        ((3, 10), 2),
        ((3, 9), 1),
        ((12, 40), 2),
        ((13, 13), None),
    ],
)
def test_hunk_of(lines: tuple[int, int], hunk: int | None) -> None:
    assert hunk_of((HunkSpan(1, 3, 1, 5), HunkSpan(9, 4, 11, 3)), *lines) == hunk


def test_hunk_of_an_empty_file() -> None:
    assert hunk_of((HunkSpan(0, 0, 1, 2),), 1, 1) is None


# -- apply_patch is strict -------------------------------------------------------------------------

MIDDLE = file_patch("t.py", TWELVE, TWELVE.replace(b"l5\n", b"L5\n"))


@pytest.mark.parametrize(
    ("old", "patch"),
    [
        pytest.param(TWELVE.replace(b"l4", b"l4 "), MIDDLE, id="other context"),
        pytest.param(TWELVE.replace(b"l5", b"L5"), MIDDLE, id="applied already"),
        pytest.param(b"new\n" + TWELVE, MIDDLE, id="moved by a line"),
        pytest.param(TWELVE.replace(b"\n", b"\r\n"), MIDDLE, id="other newlines"),
        pytest.param(TWELVE[:8], MIDDLE, id="too short"),
        pytest.param(b"", MIDDLE, id="empty"),
        pytest.param(TWELVE, MIDDLE.replace("-3,7", "-4,7"), id="wrong old line"),
        pytest.param(TWELVE, MIDDLE.replace("+3,7", "+4,7"), id="wrong new line"),
        pytest.param(TWELVE, MIDDLE.replace("-3,7", "-3,8"), id="wrong length"),
        pytest.param(TWELVE, MIDDLE + MIDDLE, id="two files"),
        pytest.param(TWELVE, MIDDLE + MIDDLE[MIDDLE.index("@@") :], id="a hunk twice"),
        pytest.param(TWELVE, "hello\n", id="no patch"),
        pytest.param(b"a\nb", file_patch("t.py", b"a\nb\n", b"A\nb\n"), id="newline expected"),
        pytest.param(b"a\nb\n", file_patch("t.py", b"a\nb", b"A\nb"), id="no newline expected"),
        pytest.param(b"a", "--- a/t\n+++ b/t\n@@ -1,0 +2,1 @@\n+b\n", id="after no newline"),
        pytest.param(b"a\n", "--- a/t\n+++ b/t\n@@ -3,0 +2,1 @@\n+b\n", id="beyond the end"),
        pytest.param(
            b"a\nb\n",
            "--- a/t\n+++ b/t\n@@ -1,1 +1,1 @@\n-a\n+A\n\\ No newline at end of file\n",
            id="no newline in the middle",
        ),
        pytest.param(
            b"a\n",
            "--- a/t\n+++ b/t\n@@ -1,1 +1,1 @@\n-a\n+A\n" + 2 * "\\ No newline at end of file\n",
            id="marker twice",
        ),
    ],
)
def test_apply_patch_refuses(old: bytes, patch: str) -> None:
    with pytest.raises(PatchError):
        apply_patch(old, patch)


@pytest.mark.parametrize("read", [hunks, stat])
def test_a_broken_patch_is_a_patch_error(read: object) -> None:
    with pytest.raises(PatchError):
        read("--- a/t\n+++ b/t\n@@ -1,2 +1,1 @@\n-a\n")  # type: ignore[operator]


# -- any edit --------------------------------------------------------------------------------------

line_text = st.sampled_from(
    [
        *(
            "a",
            "b",
            "",
            "  ",
            "x\r",
            "\x0c",
            "y\rz",
            "\u2028q",
            "\x85",
            "\x1c",
            "é",
            "\udce9",
            "\ufeff",
        ),
        *("-- ", "++ b", "--- a/t", "+++ b/t", "@@ -1 +1 @@", "diff --git a/t b/t", "# note"),
        *("\\ No newline at end of file", "new file mode 100644", "rename to x", "\x00"),
    ]
)
several = st.lists(line_text, max_size=9)
kept_old_new = st.tuples(several, several, several)
files = st.tuples(st.lists(kept_old_new, max_size=5), several, st.booleans(), st.booleans())
Segments = list[tuple[list[str], list[str], list[str]]]
Files = tuple[Segments, list[str], bool, bool]
Range = tuple[int, int, int, int]


def build(made: Files) -> tuple[bytes, bytes, list[Range]]:
    """Two files and the ranges that differ; these may be wrong when only one ends in a newline."""
    segments, tail, old_newline, new_newline = made
    old: list[str] = []
    new: list[str] = []
    ranges = []
    for kept, before, after in segments:
        old += kept
        new += kept
        ranges.append((len(old), len(old) + len(before), len(new), len(new) + len(after)))
        old += before
        new += after
    sides = [
        to_bytes("\n".join(lines + tail) + "\n" * (newline and bool(lines + tail)))
        for lines, newline in ((old, old_newline), (new, new_newline))
    ]
    return sides[0], sides[1], ranges


@given(files)
@settings(max_examples=400, deadline=None)
def test_any_edit_comes_back(made: Files) -> None:
    old, new, changed = build(made)
    for patch in (file_patch("t.py", old, new), file_patch("t.py", old, new, changed=changed)):
        assert apply_patch(old, patch) == new
        assert str(PatchSet(patch)) == patch
        assert (patch == "") == (old == new)
        added, removed = stat(patch)
        assert added - removed == len(new.split(b"\n")) - len(old.split(b"\n")) or not (
            old.endswith(b"\n") and new.endswith(b"\n")
        )
        assert PatchSet(to_bytes(patch).decode("utf-8", "surrogateescape")) == PatchSet(patch)


@given(st.lists(files, min_size=10, max_size=40))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_edit_is_applied_by_git(tmp_path_factory: pytest.TempPathFactory, made: list) -> None:
    root = tmp_path_factory.mktemp("any")
    cases = []
    for number, each in enumerate(made):
        old, new, changed = build(each)
        case = Case("", old, new, f"{number}.py")
        if patch := file_patch(case.path, old, new, changed=changed if number % 2 else None):
            case.write_old(root)
            cases.append((case, patch))
    if cases:
        whole = "".join(patch for _, patch in cases)
        assert git_check(whole, root) is None
        done = run_git(root, "apply", "--whitespace=nowarn", "-", stdin=to_bytes(whole))
        assert done.stderr == b""
        for case, _ in cases:
            case.assert_new(root)


# -- the hint --------------------------------------------------------------------------------------


def test_the_hint_is_followed() -> None:
    same = b"x\n" * 20
    patch = file_patch("t.py", same, same + b"x\n", changed=[(10, 10, 10, 11)])
    assert hunks(patch) == (HunkSpan(8, 6, 8, 7),)
    assert hunks(file_patch("t.py", same, same + b"x\n")) != hunks(patch)


def test_inside_the_hint_difflib_finds_what_is_the_same() -> None:
    new = TWELVE.replace(b"l2\n", b"L2\n").replace(b"l9\n", b"")
    wide = file_patch("t.py", TWELVE, new, changed=[(1, 6, 1, 6), (6, 11, 6, 10)])
    assert wide == file_patch("t.py", TWELVE, new)
    assert stat(wide) == (1, 2)


def test_ranges_that_touch_are_taken_together() -> None:
    patch = file_patch("t.py", b"a\nb\n", b"b\na\n", changed=[(0, 1, 0, 1), (1, 2, 1, 2)])
    assert stat(patch) == (1, 1)


@given(st.lists(st.tuples(*[st.integers(-3, 15)] * 4), max_size=4))
@example([(0, 10, 0, 11), (2, 10, 2, 11)])
@example([(2, 10, 2, 11), (0, 10, 0, 11)])
@example([(2, 3, 2, 3), (9, 99, 9, 99)])
@example([(10, 9, 11, 9), (2, 10, 2, 11)])
@example([])
def test_a_wrong_hint_does_no_harm(changed: list[Range]) -> None:
    new = TWELVE.replace(b"l2\n", b"L2\n").replace(b"l9\n", b"x\ny")
    assert apply_patch(TWELVE, file_patch("t.py", TWELVE, new, changed=changed)) == new


def test_importing_is_light() -> None:
    code = (
        "import sys, eventlet_codemod.patch; "
        "print(sorted({'unidiff', 'libcst', 'subprocess', 'tempfile'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# -- commentary ------------------------------------------------------------------------------------

SLEEP = Finding(
    id="1",
    rule="EVT101",
    name="sleep",
    tier="safe",
    status="rewritten",
    step=1,
    api="eventlet.sleep",
    line=2,
    column=0,
    end_line=2,
    end_column=9,
    message="eventlet.sleep(n) becomes time.sleep(n).",
    why="time.sleep is what monkey patching replaces, so it is the same with patching on or off.",
    hunk=1,
)
SPAWN = replace(
    SLEEP,
    rule="EVT110",
    name="spawn",
    tier="review",
    api="eventlet.spawn",
    message="eventlet.spawn(f) becomes a daemon thread.",
    why="Nobody reads what f returns.",
    may_differ=("C-START", "C-EXIT"),
    advice="C-START: does it read what the next line assigns? C-EXIT: can it exit?",
)


def entry(*findings: Finding, changed_lines: tuple[int, ...] = (0, 20, 40, 60)) -> FileEntry:
    old = [b"l%d\n" % n for n in range(70)]
    new = [b"new\n" if n in changed_lines else line for n, line in enumerate(old)]
    patch = file_patch("nova/a.py", b"".join(old), b"".join(new))
    return FileEntry(path="nova/a.py", status="changed", patch=patch, findings=findings)


def test_commentary_reads_well() -> None:
    left = replace(SLEEP, status="left", tier="manual", hunk=None, api="eventlet.wsgi.server")
    text = commentary(
        entry(
            replace(SLEEP, hunk=2, line=21),
            replace(SPAWN, hunk=3, line=41),
            replace(SLEEP, hunk=4, line=61),
            replace(SLEEP, hunk=4, line=61),
            replace(SLEEP, hunk=None, line=65),
            replace(left, line=30),
            replace(left, line=12),
            replace(left, line=50, api="eventlet.tpool.execute"),
            replace(left, line=51, api="eventlet.Timeout", status="suppressed"),
        )
    )
    assert (
        text
        == """\
# nova/a.py: 5 uses rewritten, 1 to review; 3 left; 4 hunks.
# Hunk 1 (line 1): imports.
# Hunks 2, 4 (lines 18, 58): EVT101 sleep, safe, 3 uses.
#   eventlet.sleep(n) becomes time.sleep(n).
#   Why: time.sleep is what monkey patching replaces, so it is the same with patching on or off.
# Hunk 3 (line 38): EVT110 spawn, review.
#   eventlet.spawn(f) becomes a daemon thread.
#   Why: Nobody reads what f returns.
#   Check C-START: does it read what the next line assigns?
#   Check C-EXIT: can it exit?
# Unchanged and still right: 1 use.
# Left, by line of the old file: 2 eventlet.wsgi.server (lines 12, 30); 1 eventlet.tpool.execute
#   (line 50).
# Suppressed, by line of the old file: 1 eventlet.Timeout (line 51).
"""
    )


def test_commentary_of_findings_that_differ_is_not_folded() -> None:
    other = replace(SPAWN, message="eventlet.spawn(g) becomes a daemon thread.")
    text = commentary(entry(SPAWN, other, replace(other, tier="safe")))
    assert text.count("Hunk 1 (line 1): EVT110 spawn") == 3
    assert text.count("Check C-START") == 2
    assert "# Hunks 2, 3, 4 (lines 18, 38, 58): imports.\n" in text


def test_commentary_folds_what_is_to_be_checked() -> None:
    other = replace(
        SPAWN,
        may_differ=("C-EXIT", "C-BOUND"),
        advice="C-EXIT: can it exit? C-BOUND: how many?",
        hunk=2,
    )
    text = commentary(entry(SPAWN, other, replace(SPAWN, hunk=3)))
    assert text.count("EVT110") == 1
    assert [line[12:] for line in text.splitlines() if "#   Check " in line] == [
        "START: does it read what the next line assigns?",
        "EXIT: can it exit?",
        "BOUND: how many?",
    ]


def test_commentary_asks_of_what_stays_as_it_is() -> None:
    quiet = replace(SPAWN, hunk=None, line=30, message="the same on a pool")
    text = commentary(entry(replace(SLEEP, hunk=1), quiet, replace(quiet, line=31)))
    assert "# Unchanged, lines 30, 31: EVT110 spawn, review, 2 uses.\n#   the same on a" in text
    assert text.count("Check C-EXIT: can it exit?") == 1
    assert "still right" not in text


def test_commentary_asks_nothing_twice() -> None:
    text = commentary(entry(replace(SPAWN, hunk=1), replace(SPAWN, hunk=None, line=30)))
    assert text.count("Check C-EXIT") == 1
    assert "# Unchanged and still right: 1 use.\n" in text


def test_commentary_of_many_hunks_is_short() -> None:
    many = tuple(range(0, 70 * 8, 8))
    old = [b"l%d\n" % n for n in range(70 * 8)]
    new = [b"new\n" if n in many else line for n, line in enumerate(old)]
    patch = file_patch("a.py", b"".join(old), b"".join(new))
    findings = [replace(SLEEP, hunk=n) for n in range(1, 71)]
    findings += [replace(SLEEP, hunk=None, status="left", line=n) for n in range(1, 71)]
    text = commentary(
        FileEntry(path="a.py", status="changed", patch=patch, findings=tuple(findings))
    )
    assert "9, 10, 11, 12 and 58 more (lines 1, 6, 14" in text
    assert len(text.splitlines()) < 10


def test_commentary_without_findings() -> None:
    new_file = FileEntry(path="h.py", status="changed", patch=file_patch("h.py", None, b"a\n"))
    assert commentary(new_file) == "# h.py: new file; 1 hunk.\n"
    mode = FileEntry(
        path="h.py", status="changed", patch=file_patch("h.py", b"", b"", new_mode=EXECUTABLE)
    )
    assert commentary(mode) == "# h.py: no line changed.\n"
    assert commentary(FileEntry(path="h.py", status="unchanged", findings=(SLEEP,))) == ""


NASTY = [
    "\n--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-a\n+b\n",
    "\ndiff --git a/x b/x\nnew file mode 100644\n",
    "\rdiff --git a/x b/x\x0c--- a\u2028+++ b\x85@@ -1 +1 @@\x1cIndex: x\v",
    "\x1b[2J\x00\x07\x7f\x9b31m\u202egnp",
    "\udce9 \ud800 é",
    "word " * 80 + "x" * 300,
    "",
]


@pytest.mark.parametrize("nasty", NASTY)
def test_commentary_is_only_comment(nasty: str) -> None:
    finding = replace(SPAWN, message=nasty, why=nasty, advice=nasty, api=nasty, name=nasty)
    text = commentary(replace(entry(finding, replace(finding, status="left")), path=nasty))
    assert text.endswith("\n")
    for line in text.removesuffix("\n").split("\n"):
        assert line.startswith("# ")
        assert line.isprintable()
        assert len(line) <= 98 or "x" * 300 in line
    text.encode("utf-8")


def test_commentary_breaks_no_word() -> None:
    words = ["thread-pool"] * 40 + ["x" * 300, "https://example.org/a-b-c?d=e"] * 3
    text = commentary(entry(replace(SLEEP, message=" ".join(words), why="")))
    assert [w for w in text.split() if w in words] == words


def test_every_patch_with_commentary_in_front(tmp_path: Path) -> None:
    """All cases and all nasty messages in one patch, for unidiff, git and GNU patch."""
    cases = [case.within(f"c{number}") for number, case in enumerate(CASES)]
    entries = []
    for case, nasty in zip(cases, itertools.cycle(NASTY), strict=False):
        count = len(hunks(case.patch))
        findings = [replace(SPAWN, message=nasty, why=nasty, hunk=n) for n in range(1, count + 1)]
        findings.append(replace(SLEEP, advice=nasty, api=nasty, status="left", hunk=None))
        entries.append(
            FileEntry(path=case.path, status="changed", patch=case.patch, findings=tuple(findings))
        )
    whole = render(entries)
    bare = render(entries, comments=False)
    assert bare == "".join(case.patch for case in cases)
    for text in (whole, bare):
        parsed = PatchSet(text)
        assert len(parsed) == len(cases)
        assert [list(map(str, file)) for file in parsed] == [
            list(map(str, PatchSet(case.patch)[0])) for case in cases
        ]
    assert whole.count("\n# ") > len(cases)
    for name in ("git", "gnu"):
        root = tmp_path / name
        for case in cases:
            case.write_old(root)
    assert git_check(whole, tmp_path / "git") is None
    done = run_git(tmp_path / "git", "apply", "--whitespace=nowarn", "-", stdin=to_bytes(whole))
    assert (done.returncode, done.stderr) == (0, b"")
    for case in cases:
        case.assert_new(tmp_path / "git")
    if GNU_PATCH:
        readable = [
            (case, each)
            for case, each in zip(cases, entries, strict=True)
            if "\n" not in case.path and (" " not in case.path or hunks(case.patch))
        ]
        done = gnu_patch(tmp_path / "gnu", render(each for _, each in readable))
        assert (done.returncode, done.stdout) == (0, b"")
        for case, _ in readable:
            case.assert_new(tmp_path / "gnu")


def test_render_leaves_out_what_did_not_change() -> None:
    unchanged = FileEntry(path="b.py", status="unchanged", findings=(SLEEP,))
    assert render([unchanged, entry(SLEEP), unchanged]) == render([entry(SLEEP)])
    assert render([unchanged]) == ""


# -- git_check -------------------------------------------------------------------------------------

OLD, NEW = b"import eventlet\n", b"import time\n"
FITS = file_patch("pkg/a.py", OLD, NEW)


def tree_at(root: Path) -> Path:
    (root / "pkg").mkdir(parents=True)
    (root / "pkg" / "a.py").write_bytes(OLD)
    return root


def assert_checks(root: Path) -> None:
    assert git_check(FITS, root) is None
    misfit = file_patch("pkg/a.py", b"import other\n", NEW)
    assert "pkg/a.py: patch does not apply" in (git_check(misfit, root) or "")
    missing = file_patch("pkg/b.py", OLD, NEW)
    assert "pkg/b.py: No such file or directory" in (git_check(missing, root) or "")
    assert "pkg/a.py: already exists" in (git_check(file_patch("pkg/a.py", None, NEW), root) or "")
    assert (root / "pkg" / "a.py").read_bytes() == OLD


def test_there_is_a_git() -> None:
    assert git_available()


def test_git_check_outside_any_work_tree(tmp_path: Path) -> None:
    root = tree_at(tmp_path)
    assert run_git(root, "rev-parse").returncode != 0
    assert_checks(root)


def test_git_check_in_a_work_tree(tmp_path: Path) -> None:
    root = tree_at(tmp_path)
    run_git(root, "init", "-q")
    assert_checks(root)


def test_git_check_below_the_top_of_a_work_tree(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q")
    root = tree_at(tmp_path / "sub")
    # plain git passes over what it takes to be outside of here, and is content
    misfit = to_bytes(file_patch("pkg/a.py", b"import other\n", NEW))
    assert run_git(root, "apply", "--check", "-", stdin=misfit).returncode == 0
    assert_checks(root)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_git_check_in_a_work_tree_of_dubious_ownership(tmp_path: Path) -> None:
    root = tree_at(tmp_path)
    run_git(root, "init", "-q")
    for path in (root, root / ".git"):
        os.chown(path, 12345, 12345)
    assert b"dubious ownership" in run_git(root, "status").stderr
    assert_checks(root)


def test_git_check_obeys_no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree_at(tmp_path / "root")
    run_git(root, "init", "-q")
    trap = tmp_path / "trap"
    for key, value in (
        ("filter.evil.clean", f"touch {trap}; cat"),
        ("filter.evil.required", "true"),
        ("core.fsmonitor", f"touch {trap}"),
        ("core.autocrlf", "true"),
        ("apply.whitespace", "error-all"),
        ("apply.ignoreWhitespace", "change"),
    ):
        run_git(root, "config", key, value)
    (root / ".gitattributes").write_text("*.py filter=evil\n")
    run_git(root, "apply", "--check", "-", stdin=to_bytes(FITS))
    assert trap.exists()  # so the trap works
    trap.unlink()
    user = tmp_path / "user"
    user.write_text("[apply]\nignoreWhitespace = change\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(user))
    monkeypatch.setenv("GIT_DIR", str(root / ".git"))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "apply.ignoreWhitespace")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "change")
    assert_checks(root)
    (root / "pkg" / "a.py").write_bytes(b"import  eventlet\n")
    assert "does not apply" in (git_check(FITS, root) or "")
    assert not trap.exists()


def test_git_check_is_exact_about_bytes(tmp_path: Path) -> None:
    root = tree_at(tmp_path)
    (root / "pkg" / "a.py").write_bytes(b"import eventlet\r\n# \xe9\r\n")
    fits = file_patch("pkg/a.py", b"import eventlet\r\n# \xe9\r\n", b"import time\r\n# \xe9\r\n")
    assert git_check(fits, root) is None
    assert git_check(fits.replace("\r", ""), root) is not None
    assert git_check(fits.replace("\udce9", "é"), root) is not None


def test_git_check_of_nothing_and_of_nonsense(tmp_path: Path) -> None:
    assert git_check("", tmp_path) is None
    assert "No valid patches" in (git_check("# nothing\n", tmp_path) or "")
    assert "could not be run" in (git_check(FITS, tmp_path / "nowhere") or "")
