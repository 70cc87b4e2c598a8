"""Objects that several files have a part in: rewritten in all of them or in none."""

from __future__ import annotations

import itertools
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from travelling import half_rewritten

from eventlet_codemod.config import Settings
from eventlet_codemod.discovery import discover
from eventlet_codemod.engine import FileChange, Traveller
from eventlet_codemod.ledger import FileEntry
from eventlet_codemod.run import Result, run

BASE = """
    import eventlet


    class Service:
        def start(self, work):
            self._runner = eventlet.spawn(work)
"""

USER = """
    from pkg import base


    class Other(base.Service):
        def stop(self):
            return self._runner.wait()
"""

BASE_AFTER = """
    from concurrent import futures


    class Service:
        def start(self, work):
            self._runner = futures.ThreadPoolExecutor(max_workers=1).submit(work)
"""

USER_AFTER = USER.replace("wait()", "result()")

#: Another file with a part in it, which mentions eventlet.
THIRD = """
    import eventlet

    from pkg import base


    class Third(base.Service):
        def stop(self):
            eventlet.sleep(1)
            self._runner.wait()
"""

PAIR = {"pkg/base.py": BASE, "pkg/user.py": USER}

Run = Callable[..., Result]


def program(text: str) -> str:
    return textwrap.dedent(text).removeprefix("\n")


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in {"pkg/__init__.py": "", **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(program(text))


def run_all(root: Path, *, jobs: int = 1, **given: object) -> Result:
    """A run on the whole project, checked for objects that are half rewritten."""
    settings = Settings(**{"monkey_patched": "yes", "line_length": 100, **given})  # type: ignore[arg-type]
    found = discover(root, [root], settings)
    result = run(root, found.files, settings, jobs=jobs, whole_project=True)
    assert half_rewritten(result.changes) == []
    return result


def after(result: Result) -> dict[str, str]:
    return {c.entry.path: c.new.decode() for c in result.changes if c.new is not None}


def reasons(result: Result, path: str) -> set[str]:
    (entry,) = [entry for entry in result.ledger.files if entry.path == path]
    return {finding.message for finding in entry.findings if finding.status == "left"}


def cli(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "eventlet_codemod", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, timeout=100)


def git(root: Path, *arguments: str, data: bytes | None = None) -> bytes:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=root, input=data, capture_output=True, check=True).stdout


# --- all -----------------------------------------------------------------------------------------


def test_all_files_are_rewritten(tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    result = run_all(tmp_path)
    assert after(result) == {
        "pkg/base.py": program(BASE_AFTER),
        "pkg/user.py": program(USER_AFTER),
    }


def test_a_file_without_a_mention_of_eventlet_is_in_the_ledger(tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    ledger = run_all(tmp_path).ledger
    (entry,) = [entry for entry in ledger.files if entry.path == "pkg/user.py"]
    assert [(f.rule, f.line, f.status) for f in entry.findings] == [("EVT113", 6, "rewritten")]
    assert entry.status == "changed"
    assert "self._runner.result()" in entry.patch
    assert ledger.summary.uses == ledger.summary.rewritten


def test_every_file_of_several(tmp_path: Path) -> None:
    write(tmp_path, {**PAIR, "pkg/third.py": THIRD})
    changed = after(run_all(tmp_path))
    assert sorted(changed) == ["pkg/base.py", "pkg/third.py", "pkg/user.py"]
    assert "self._runner.result()" in changed["pkg/third.py"]


def test_a_second_run_finds_nothing(tmp_path: Path) -> None:
    write(tmp_path, {**PAIR, "pkg/third.py": THIRD})
    for path, text in after(run_all(tmp_path)).items():
        (tmp_path / path).write_text(text)
    assert after(run_all(tmp_path)) == {}


def test_an_object_that_goes_through_three_files(tmp_path: Path) -> None:
    files = {
        "pkg/make.py": """
            import eventlet


            def make(work):
                return eventlet.spawn(work)
        """,
        "pkg/keep.py": """
            from pkg import make


            class Keeper:
                def __init__(self, work):
                    self.kept = make.make(work)
        """,
        "pkg/wait.py": """
            from pkg import keep


            def main(work):
                keeper = keep.Keeper(work)
                return keeper.kept.wait()
        """,
    }
    write(tmp_path, files)
    changed = after(run_all(tmp_path))
    assert sorted(changed) in ([], ["pkg/make.py", "pkg/wait.py"])
    assert sorted(changed) == ["pkg/make.py", "pkg/wait.py"]


@pytest.mark.parametrize("jobs", [1, 2, 8])
def test_the_number_of_jobs_does_not_matter(
    tmp_path: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventlet_codemod.processing._WORTH_A_PROCESS", 0)
    write(tmp_path, {**PAIR, "pkg/third.py": THIRD})
    result = run_all(tmp_path, jobs=jobs)
    assert sorted(after(result)) == ["pkg/base.py", "pkg/third.py", "pkg/user.py"]
    paths = [entry.path for entry in result.ledger.files]
    assert paths == sorted(paths)


def test_the_order_of_the_files_does_not_matter(tmp_path: Path) -> None:
    names = ["pkg/base.py", "pkg/third.py", "pkg/zone.py"]
    write(tmp_path, {**PAIR, "pkg/third.py": THIRD, "pkg/zone.py": THIRD})
    settings = Settings(monkey_patched="yes", line_length=100)
    seen = set()
    for order in itertools.permutations(names):
        result = run(tmp_path, order, settings, whole_project=True)
        assert half_rewritten(result.changes) == []
        patches = [(e.path, e.patch) for e in sorted(result.ledger.files, key=lambda e: e.path)]
        seen.add(tuple(patches))
    assert len(seen) == 1


# --- none ----------------------------------------------------------------------------------------


def held(root: Path, *, at: str = "pkg/base.py", **given: object) -> str:
    """Run, and give the one reason for which the object stays in ``at``."""
    result = run_all(root, **given)
    text = "\n".join(after(result).values())
    assert "ThreadPoolExecutor" not in text and "result()" not in text
    (reason,) = reasons(result, at)
    return reason.removeprefix("left: ")


@pytest.mark.parametrize("comment", ["ignore because", "ignore[EVT113] because"])
def test_a_suppression_in_one_file_holds_all(tmp_path: Path, comment: str) -> None:
    kept = USER.replace("wait()", f"wait()  # eventlet-codemod: {comment}")
    write(tmp_path, {**PAIR, "pkg/user.py": kept, "pkg/third.py": THIRD})
    reason = "a comment keeps what is done to it in pkg/user.py:6"
    assert held(tmp_path) == reason
    assert f"left: {reason}" in reasons(run_all(tmp_path), "pkg/third.py")


def test_a_suppression_where_it_is_made_holds_all(tmp_path: Path) -> None:
    kept = BASE.replace("(work)\n", "(work)  # eventlet-codemod: ignore[spawn-result] mine\n")
    write(tmp_path, {**PAIR, "pkg/base.py": kept, "pkg/third.py": THIRD})
    reason = "a comment keeps what is done to it in pkg/base.py:6"
    assert held(tmp_path, at="pkg/third.py") == reason


def test_a_use_that_nothing_native_has_holds_all(tmp_path: Path) -> None:
    kept = USER.replace("wait()", "throw(ValueError)")
    write(tmp_path, {**PAIR, "pkg/user.py": kept, "pkg/third.py": THIRD})
    reason = ".throw has no native twin, used on pkg/user.py:6"
    assert held(tmp_path) == f"this green thread stays: {reason}"
    assert held(tmp_path, at="pkg/third.py") == f"this green thread stays: {reason}"


@pytest.mark.parametrize("name", ["pkg/third.py", "pkg/aaa.py"])
def test_a_file_that_does_not_parse_holds_what_it_may_use(tmp_path: Path, name: str) -> None:
    write(tmp_path, {**PAIR, name: THIRD + "\n    def (\n"})
    result = run_all(tmp_path)
    assert [e.path for e in result.ledger.files if e.status == "failed"] == [name]
    text = "\n".join(after(result).values())
    made = "ThreadPoolExecutor" in text
    assert made == ("result()" in text)
    findings = [f for e in result.ledger.files for f in e.findings if f.rule == "EVT113"]
    asked = any("C-FLOW" in f.may_differ for f in findings)
    assert asked or not made, "it is rewritten, and nobody is told of the file that failed"


def test_a_file_that_cannot_be_decoded_does_not_stop_the_run(tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    (tmp_path / "pkg/odd.py").write_bytes(b"import eventlet\nself._runner.kill()  # \xff\n")
    result = run_all(tmp_path)
    assert [e.path for e in result.ledger.files if e.status == "failed"] == ["pkg/odd.py"]


def test_only_some_rules(tmp_path: Path) -> None:
    write(tmp_path, {**PAIR, "pkg/third.py": THIRD})
    result = run_all(tmp_path, select=("EVT101",))
    assert list(after(result)) == ["pkg/third.py"]
    assert reasons(result, "pkg/base.py") == {"left: EVT113 is not selected"}


def test_a_rule_that_is_ignored_in_one_file_holds_all(tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    assert held(tmp_path, per_file_ignores={"pkg/user.py": ("EVT113",)})


def test_safe_only(tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    assert "only safe rewrites were asked for" in held(tmp_path, safe_only=True)


def test_a_step_that_was_not_asked_for(tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    assert held(tmp_path, steps=(2,)) == "step 1 was not asked for"


# --- a run on some of the files ------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in git that calls monkey_patch, and has a place for helpers."""
    root = tmp_path / "project"
    root.mkdir()
    write(root, PAIR)
    (root / "pyproject.toml").write_text('[tool.eventlet-codemod]\nmonkey-patched = "yes"\n')
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "x")
    return root


def test_a_run_on_the_file_that_makes_it(project: Path) -> None:
    done = cli(project, "scan", "--format", "text", "pkg/base.py")
    assert b"left: pkg/user.py uses it too, and was not asked for" in done.stdout
    assert cli(project, "diff", "pkg/base.py").stdout == b""


def test_a_run_on_the_file_that_uses_it(project: Path) -> None:
    assert cli(project, "diff", "pkg/user.py").stdout == b""


def test_a_run_on_both(project: Path) -> None:
    done = cli(project, "diff", "pkg/base.py", "pkg/user.py")
    assert done.stdout == cli(project, "diff", "pkg").stdout == cli(project, "diff", ".").stdout
    assert done.stdout.count(b"diff --git") == 2


def test_a_run_on_what_another_directory_uses(project: Path) -> None:
    write(project, {"pkg/sub/__init__.py": "", "pkg/sub/user.py": USER})
    git(project, "rm", "--quiet", "pkg/user.py")
    git(project, "add", "--all")
    assert cli(project, "diff", "pkg/sub").stdout == b""
    assert cli(project, "diff", "pkg").stdout.count(b"diff --git") == 2


def test_stdin_is_one_file(project: Path) -> None:
    data = (project / "pkg/base.py").read_bytes()
    command = [sys.executable, "-m", "eventlet_codemod", "diff", "-"]
    done = subprocess.run(
        [*command, "--stdin-filename", "pkg/base.py"], cwd=project, input=data, capture_output=True
    )
    assert done.stdout == b""


@pytest.mark.parametrize("mentions", [False, True], ids=["no mention", "a mention"])
def test_a_file_that_the_settings_exclude(project: Path, mentions: bool) -> None:
    if mentions:
        write(project, {"pkg/user.py": "\n    import eventlet  # by its base\n" + USER})
    (project / "pyproject.toml").write_text(
        '[tool.eventlet-codemod]\nmonkey-patched = "yes"\nextend-exclude = ["pkg/user.py"]\n'
    )
    done = cli(project, "scan", "--format", "text")
    assert b"pkg/user.py uses it too, and was not asked for" in done.stdout
    assert cli(project, "diff").stdout == b""


def test_only_files_that_changed(project: Path) -> None:
    with (project / "pkg/base.py").open("a") as file:
        file.write("\n\nX = 1\n")
    assert cli(project, "diff", "--changed-since", "HEAD").stdout == b""
    with (project / "pkg/user.py").open("a") as file:
        file.write("\n\nX = 1\n")
    done = cli(project, "diff", "--changed-since", "HEAD")
    assert done.stdout.count(b"diff --git") in (0, 2)


# --- the helper module ---------------------------------------------------------------------------


def test_the_helper_module_is_made(project: Path) -> None:
    with (project / "pyproject.toml").open("a") as file:
        file.write('helpers = "pkg.threads"\n')
    git(project, "commit", "--quiet", "--all", "--message", "y")
    done = cli(project, "diff")
    assert done.stdout.count(b"diff --git") == 3
    assert b"new file mode 100644" in done.stdout and b"+++ b/pkg/threads.py" in done.stdout
    git(project, "apply", "--check", data=done.stdout)
    git(project, "apply", data=done.stdout)
    assert cli(project, "diff").stdout == b""
    made = (project / "pkg/threads.py").read_text()
    assert "def spawn(" in made
    check = "import pkg.threads as t; print(t.spawn(pow, 2, 3).result())"
    run_it = subprocess.run([sys.executable, "-c", check], cwd=project, capture_output=True)
    assert run_it.stdout == b"8\n"


def test_apply_writes_the_helper_module(project: Path) -> None:
    with (project / "pyproject.toml").open("a") as file:
        file.write('helpers = "pkg.threads"\n')
    git(project, "commit", "--quiet", "--all", "--message", "y")
    patch = cli(project, "diff").stdout
    assert cli(project, "apply").returncode == 0
    applied = {p: p.read_bytes() for p in (project / "pkg").glob("*.py")}
    again = cli(project, "apply")
    assert again.returncode == 0
    assert {p: p.read_bytes() for p in (project / "pkg").glob("*.py")} == applied
    git(project, "stash", "--quiet", "--include-untracked")
    git(project, "apply", data=patch)
    assert {p: p.read_bytes() for p in (project / "pkg").glob("*.py")} == applied


def test_the_helper_module_is_extended(tmp_path: Path) -> None:
    own = '"""Ours."""\n\n\ndef ours():\n    return 1\n'
    write(tmp_path, {**PAIR, "pkg/threads.py": own})
    changed = after(run_all(tmp_path, helpers="pkg.threads"))
    text = changed["pkg/threads.py"]
    assert text.startswith('"""Ours."""') and "def ours():" in text and "def spawn(" in text
    for path, new in changed.items():
        (tmp_path / path).write_text(new)
    assert after(run_all(tmp_path, helpers="pkg.threads")) == {}


def test_a_helper_that_is_there_is_kept(tmp_path: Path) -> None:
    own = "def spawn(function, /, *args, **kwargs):\n    return our_pool.submit(function, *args)\n"
    write(tmp_path, {**PAIR, "pkg/threads.py": own})
    changed = after(run_all(tmp_path, helpers="pkg.threads"))
    assert sorted(changed) == ["pkg/base.py", "pkg/user.py"]


def test_two_runs_make_one_module(tmp_path: Path) -> None:
    late = "\n    import eventlet\n\n    done = eventlet.spawn_after(1, print).wait()\n"
    write(tmp_path, PAIR)
    for path, text in after(run_all(tmp_path, helpers="pkg.threads")).items():
        (tmp_path / path).write_text(text)
    first = (tmp_path / "pkg/threads.py").read_text()
    assert "def call_later(" not in first
    write(tmp_path, {"pkg/late.py": late})
    changed = after(run_all(tmp_path, helpers="pkg.threads"))
    assert sorted(changed) == ["pkg/late.py", "pkg/threads.py"]
    text = changed["pkg/threads.py"]
    assert text.count("def spawn(") == 1 and text.count("def call_later(") == 1


def test_no_module_is_made_for_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"pkg/a.py": "import eventlet\n\neventlet.sleep(1)\n"})
    assert list(after(run_all(tmp_path, helpers="pkg.threads"))) == ["pkg/a.py"]


def test_a_package_that_is_not_there_is_a_clear_failure(project: Path) -> None:
    done = cli(project, "diff", "--config", "helpers=nowhere.threads")
    assert done.returncode == 2 and not done.stdout
    assert b"helpers: nowhere.threads has no place" in done.stderr
    assert b"there is no package nowhere here" in done.stderr


# --- the check itself ----------------------------------------------------------------------------


def test_the_check_finds_what_is_half_rewritten() -> None:
    paths = frozenset({"a.py", "b.py"})

    def change(path: str, *items: Traveller) -> FileChange:
        return FileChange(FileEntry(path=path, status="unchanged"), b"", travellers=items)

    done = Traveller("a.py:1:0", (), paths, "")
    stays = replace(done, held="it is killed")
    assert half_rewritten([change("a.py", done), change("b.py", done)]) == []
    assert half_rewritten([change("a.py", stays), change("b.py", stays)]) == []
    (text,) = half_rewritten([change("a.py", done), change("b.py", stays)])
    assert text == "a.py:1:0 is rewritten in a.py: it stays in b.py: it is killed"
    assert half_rewritten([change("a.py", done)])
    assert half_rewritten([change("a.py", done), change("b.py")])
