"""What is done with patches gives patches that git applies."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_patch import CASES, Case, Files, build, files, run_git

from eventlet_codemod.config import Settings
from eventlet_codemod.discovery import discover
from eventlet_codemod.patch import PatchError, file_patch, git_check, to_bytes, unquoted
from eventlet_codemod.patches import FilePatch, Patch
from eventlet_codemod.run import run

TWELVE = b"".join(b"l%d\n" % n for n in range(12))
THIRTY = b"".join(b"l%d\n" % n for n in range(30))
by_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def only(patch: str) -> FilePatch:
    (file,) = Patch.read(patch).files
    return file


# --- reading -------------------------------------------------------------------------------------


@by_case
def test_a_patch_is_taken_apart_and_is_the_same(case: Case) -> None:
    patch = f"# a note\ndiff of something\n{case.patch}"
    read = Patch.read(patch + case.patch)
    assert str(read) == patch + case.patch
    first, second = read.files
    assert first.above == "# a note\ndiff of something\n"
    assert (first.bare, second.above) == (case.patch, "")
    assert first.path == (None if case.old is None else case.path)
    assert first.new_path == (None if case.new is None else case.new_path or case.path)
    assert [str(part) for part in read.split()] == [str(first), str(second)]


@by_case
def test_it_says_what_becomes_of_a_file(case: Case) -> None:
    file = only(case.patch)
    assert file.applied(case.old) == case.new
    assert (file.added, file.removed) == (Patch((file,)).added, Patch((file,)).removed)


def test_what_follows_the_last_file_is_kept() -> None:
    patch = file_patch("t.py", b"a\n", b"b\n") + "-- \n2.39.5\n\n"
    assert str(Patch.read(patch)) == patch
    assert Patch.read(patch).below == "-- \n2.39.5\n\n"
    assert str(Patch.read("")) == ""


@pytest.mark.parametrize(
    ("patch", "says"),
    [
        ("hello\n", "line 1: no `diff --git` in it"),
        ("--- a/t\n+++ b/t\n@@ -1,1 +1,1 @@\n-a\n+b\n", "line 1: `diff --git` expected"),
        ("diff --git a/t b/t\n--- a/t\n+++ b/t\n@@ -1,2 +1,2 @@\n-a\n+b\n", "line 6: the hunk is"),
        ("diff --git a/t b/t\n--- a/t\n+++ b/t\n@@ -1,1 +1,1 @@\n-a\nb\n", "line 6: no line of a"),
        ("diff --git a/t b/t\n--- a/t\n+++ b/t\n@@ -1,1 +1,1 @@\n-a\n-b\n", "line 6: no line of a"),
        ("diff --git a/t b/t\nBinary files a/t and b/t differ\n", "line 1: a patch of a binary"),
    ],
)
def test_what_is_no_patch(patch: str, says: str) -> None:
    with pytest.raises(PatchError, match=says):
        Patch.read(patch)


@pytest.mark.parametrize(
    "name", ['a "b".py', "é\t.py", "t\udce9.py", "a\\b.py", "q\nr", "\x7f", "plain"]
)
def test_names_are_unquoted(name: str) -> None:
    patch = file_patch(name, b"a\n", b"a\n", new_path=f"x/{name}")
    assert (only(patch).path, only(patch).new_path) == (name, f"x/{name}")
    assert unquoted('"') == '"'


# --- turning round -------------------------------------------------------------------------------


@by_case
def test_it_is_taken_back(case: Case, tmp_path: Path) -> None:
    back = Patch.read(case.patch).inverted()
    assert only(str(back)).applied(case.new) == case.old
    assert str(back.inverted()) == case.patch
    if "\n" in case.path:
        return  # git cannot write such a name on all systems, and the tests of `patch` try it
    case.write_old(tmp_path)
    for patch in (case.patch, str(back)):
        done = run_git(tmp_path, "apply", "--whitespace=nowarn", "-", stdin=to_bytes(patch))
        assert (done.returncode, done.stderr) == (0, b"")
    target = tmp_path / case.path
    assert (target.read_bytes() if target.exists() else None) == case.old


@by_case
def test_git_turns_it_round_in_the_same_way(case: Case, tmp_path: Path) -> None:
    """What `git apply --reverse` does with the patch, the inverted one does by itself."""
    case.write_old(tmp_path)
    run_git(tmp_path, "apply", "--whitespace=nowarn", "-", stdin=to_bytes(case.patch))
    patch = to_bytes(str(Patch.read(case.patch).inverted()))
    command = ("apply", "--reverse", "--check", "--whitespace=nowarn", "-")
    done = run_git(tmp_path, "apply", "--whitespace=nowarn", "-", stdin=patch)
    assert done.returncode == 0
    assert run_git(tmp_path, *command, stdin=patch).returncode == 0


def test_a_copy_cannot_be_taken_back() -> None:
    patch = "diff --git a/t b/u\nsimilarity index 100%\ncopy from t\ncopy to u\n"
    file = only(patch)
    assert (file.path, file.new_path) == ("t", "u")
    with pytest.raises(PatchError, match="u: a copy cannot be taken back"):
        file.inverted()


def test_what_git_writes_is_turned_round(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        command = ["git", *identity, *arguments]
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, check=True
        ).stdout.decode()

    git("init", "-q")
    (tmp_path / "t.py").write_bytes(THIRTY)
    (tmp_path / "gone.py").write_bytes(b"x\n")
    git("add", ".")
    git("commit", "-qm", "a")
    (tmp_path / "t.py").rename(tmp_path / "u.py")
    (tmp_path / "u.py").write_bytes(THIRTY.replace(b"l3\n", b"").replace(b"l20", b"L20"))
    (tmp_path / "u.py").chmod(0o755)
    (tmp_path / "gone.py").unlink()
    (tmp_path / "new.py").write_bytes(b"y")
    git("add", "-A")
    prefixes = ("diff", "--cached", "-M", "--src-prefix=b/", "--dst-prefix=a/")
    forth, back = git("diff", "--cached", "-M"), git(*prefixes, "-R")
    assert str(Patch.read(forth)) == forth
    turned = {str(file) for file in Patch.read(forth).inverted().files}
    assert turned == {str(file) for file in Patch.read(back).files}


# --- some hunks ----------------------------------------------------------------------------------


def test_a_hunk_that_goes_moves_those_behind_it(tmp_path: Path) -> None:
    new = b"first\n" + THIRTY.replace(b"l15\n", b"").replace(b"l29", b"L29")
    file = only(file_patch("t.py", THIRTY, new))
    kept = file.keeping([3])
    assert kept is not None
    assert kept.applied(THIRTY) == THIRTY.replace(b"l29", b"L29")
    assert [span.new_start for span in kept.hunks] == [27]
    (tmp_path / "t.py").write_bytes(THIRTY)
    assert git_check(str(kept), tmp_path) is None
    assert file.keeping([]) is None
    assert file.keeping([1, 2, 3]) is file


def test_a_rename_stays_without_its_hunks() -> None:
    file = only(file_patch("t.py", TWELVE, TWELVE + b"x\n", new_path="u.py"))
    kept = file.keeping([])
    assert kept is not None
    assert (kept.applied(TWELVE), kept.path, kept.new_path) == (TWELVE, "t.py", "u.py")


def test_a_new_file_is_kept_whole() -> None:
    file = only(file_patch("t.py", None, TWELVE))
    with pytest.raises(PatchError, match=r"t.py: a whole file has no hunks to choose"):
        file.keeping([])


PROGRAM = """\
import time

import eventlet


def nap():
    eventlet.sleep(1)


def more():
    return 1
    return 2
    return 3
    return 4


def serve(work):
    eventlet.spawn_n(work, 1)
"""


def test_the_hunks_of_a_rule(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(PROGRAM)
    (tmp_path / "b.py").write_text("import eventlet\n\neventlet.sleep(1)\n")
    chosen = Settings(monkey_patched="yes")
    found = discover(tmp_path, [tmp_path], chosen)
    ledger = run(tmp_path, found.files, chosen, whole_project=True).ledger
    patch = Patch.of(ledger)
    sleeps = patch.of_rules(ledger, ["sleep"])
    assert [file.new_path for file in sleeps.files] == ["b.py"]  # in a.py it shares its hunk
    assert str(sleeps) == next(entry.patch for entry in ledger.files if entry.path == "b.py")
    spawns = patch.of_rules(ledger, ["EVT110"])
    assert [line for body in spawns.files[0].bodies for line in body if line[0] in "+-"] == [
        "-    eventlet.spawn_n(work, 1)",
        "+    threading.Thread(target=work, args=(1,), daemon=True).start()",
    ]
    both = patch.of_rules(ledger, ["sleep", "EVT110"])
    assert str(both) == str(patch)
    assert patch.of_rules(ledger, ["lock"]).files == ()


# --- one after the other -------------------------------------------------------------------------


def test_patches_of_one_file_become_one() -> None:
    middle = THIRTY.replace(b"l3\n", b"")
    last = middle.replace(b"l20", b"L20")
    first = Patch.read(file_patch("t.py", THIRTY, middle) + file_patch("n.py", None, b"a\n"))
    later = Patch.read(
        file_patch("t.py", middle, last, new_path="u.py")
        + file_patch("n.py", b"a\n", b"b\n", new_mode=0o100755)
        + file_patch("old.py", b"x\n", None)
    )
    base = {"t.py": THIRTY, "old.py": b"x\n"}
    whole = first.combined(later, base.get)
    assert str(whole) == file_patch("old.py", b"x\n", None) + file_patch(
        "t.py", THIRTY, last, new_path="u.py"
    ) + file_patch("n.py", None, b"b\n", new_mode=0o100755)


def test_a_patch_and_its_inverse_come_to_nothing() -> None:
    patch = Patch.read(
        file_patch("t.py", THIRTY, TWELVE)
        + file_patch("n.py", None, b"a\n")
        + file_patch("old.py", b"x\n", None, old_mode=0o100755)
        + file_patch("r.py", b"x\n", b"y\n", new_path="s.py")
    )
    base = {"t.py": THIRTY, "old.py": b"x\n", "r.py": b"x\n"}
    assert str(patch.combined(patch.inverted(), base.get)) == ""


def test_a_patch_that_does_not_fit_is_refused() -> None:
    patch = Patch.read(file_patch("t.py", TWELVE, TWELVE.replace(b"l5", b"L5")))
    with pytest.raises(PatchError, match=r"hunk at line 3: the file has other lines there"):
        patch.combined(patch, {"t.py": TWELVE}.get)
    with pytest.raises(PatchError, match=r"t.py: it is there, or not, as not expected"):
        patch.combined(patch, {}.get)


def test_a_mode_that_only_the_later_patch_tells_is_kept(tmp_path: Path) -> None:
    first = Patch.read(file_patch("t.py", b"a\n", b"b\n"))
    text = file_patch("t.py", b"b\n", b"c\n", old_mode=0o100755, new_mode=0o100644)
    whole = first.combined(Patch.read(text), {"t.py": b"a\n"}.get)
    wanted = file_patch("t.py", b"a\n", b"c\n", old_mode=0o100755, new_mode=0o100644)
    assert str(whole) == wanted
    gone = Patch.read(file_patch("t.py", b"b\n", None, old_mode=0o100755))
    whole = first.combined(gone, {"t.py": b"a\n"}.get)
    assert str(whole) == file_patch("t.py", b"a\n", None, old_mode=0o100755)


def test_a_copy_is_not_joined_as_if_the_file_moved() -> None:
    copy = Patch.read(
        "diff --git a/t.py b/u.py\nsimilarity index 100%\ncopy from t.py\ncopy to u.py\n"
    )
    with pytest.raises(PatchError, match=r"u.py: a copy cannot be joined with other patches"):
        copy.combined(Patch(()), {"t.py": b"a\n"}.get)


# --- any edits -----------------------------------------------------------------------------------


@given(files, st.data())
@settings(max_examples=300, deadline=None)
def test_any_edit(made: Files, data: st.DataObject) -> None:
    old, new, _ = build(made)
    patch = file_patch("t.py", old, new)
    if not patch:
        return
    file = only(patch)
    back = file.inverted()
    assert str(back.inverted()) == patch
    assert back.applied(new) == old
    numbers = data.draw(st.sets(st.sampled_from(range(1, len(file.bodies) + 1))))
    others = set(range(1, len(file.bodies) + 1)) - numbers
    some = file.keeping(numbers)
    half = old if some is None else some.applied(old)
    assert half is not None
    rest = file_patch("t.py", half, new)
    done = Patch((some,) if some else ()).combined(Patch.read(rest), {"t.py": old}.get)
    assert done.files[0].applied(old) == new
    left = file.keeping(others)
    assert (some is None or some.added) + (left is None or left.added) or file.added == 0
    assert sum(f.added for f in (some, left) if f) == file.added


@given(st.lists(st.tuples(files, st.integers(0, 3)), min_size=8, max_size=30))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_git_applies_them(tmp_path_factory: pytest.TempPathFactory, made: list) -> None:
    root = tmp_path_factory.mktemp("any")
    cases = []
    for number, (each, kind) in enumerate(made):
        old, new, _ = build(each)
        path = f"{number}.py"
        before, after = (None if kind == 1 else old), (None if kind == 2 else new)
        new_path = f"r{number}.py" if kind == 3 else None
        case = Case("", before, after, path, new_path)
        if case.patch and (before, after) != (None, None):
            case.write_old(root)
            cases.append(case)
    patch = Patch.read("".join(case.patch for case in cases))
    for text in (str(patch), str(patch.inverted())) if cases else ():
        done = run_git(root, "apply", "--whitespace=nowarn", "-", stdin=to_bytes(text))
        assert done.stderr == b""
    for case in cases:
        target = root / case.path
        assert (target.read_bytes() if target.exists() else None) == case.old
