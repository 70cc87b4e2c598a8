"""One file through the line, and a run over several: what is held back, and what fails alone."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.engine import FileChange, rewrite_source
from eventlet_codemod.ledger import Finding
from eventlet_codemod.rules import Rule, extend
from eventlet_codemod.rules.base import Decision, ReplaceImport, Rewrite
from eventlet_codemod.run import Result, rewrite_one, run

if TYPE_CHECKING:
    from pathlib import Path

    from eventlet_codemod.facts import Facts, Use

SLEEPS = "import eventlet\neventlet.sleep(1)\n"


def rewritten(source: str | bytes, **settings: object) -> FileChange:
    given = {"monkey_patched": "yes", **settings}
    data = textwrap.dedent(source).lstrip("\n").encode() if isinstance(source, str) else source
    return rewrite_one(data, "mod.py", Settings(**given))  # type: ignore[arg-type]


def text_of(change: FileChange) -> str:
    return change.result.decode()


def only(change: FileChange) -> Finding:
    (finding,) = change.entry.findings
    return finding


def run_on(root: Path, files: dict[str, str | bytes], **settings: object) -> Result:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else textwrap.dedent(content).encode()
        (root / name).write_bytes(data)
    return run(root, sorted(files), Settings(**settings))  # type: ignore[arg-type]


# --- what a finding says ------------------------------------------------------------------------


def test_a_safe_rewrite() -> None:
    change = rewritten(SLEEPS)
    finding = only(change)
    assert (finding.rule, finding.name, finding.tier) == ("EVT101", "sleep", "safe")
    assert (finding.status, finding.step, finding.may_differ) == ("rewritten", 1, ())
    assert (finding.line, finding.column, finding.end_line, finding.end_column) == (2, 0, 2, 14)
    assert finding.hunk == 1
    assert change.entry.status == "changed"
    assert change.entry.patch.startswith("diff --git a/mod.py b/mod.py\n")


def test_columns_count_characters() -> None:
    finding = only(rewritten("import eventlet\nx = '日本é'; eventlet.sleep(1)\n"))
    assert (finding.column, finding.end_column) == (11, 25)


def test_a_finding_that_changes_no_line_has_no_hunk() -> None:
    change = rewritten(
        """
        import eventlet


        def f():
            q = eventlet.Queue()



            # far away



            q.put(1)
        """
    )
    made, used = change.entry.findings
    assert (made.hunk, used.hunk) == (1, None)
    assert used.status == "rewritten"


def test_hunks_are_counted() -> None:
    filler = "x = 1\n" * 20
    change = rewritten(f"import eventlet\n{filler}eventlet.sleep(1)\n{filler}eventlet.sleep(2)\n")
    assert [finding.hunk for finding in change.entry.findings] == [2, 3]


def test_fingerprints_survive_moved_lines() -> None:
    here = rewritten(SLEEPS).entry.findings[0]
    moved = rewritten(
        "import os\nimport eventlet\n\nx = 1\neventlet.sleep( 1 )\n".replace(" 1 ", "1")
    )
    assert moved.entry.findings[0].fingerprint == here.fingerprint
    other = rewritten("import eventlet\neventlet.sleep(2)\n").entry.findings[0]
    assert other.fingerprint != here.fingerprint
    assert other.shape == here.shape


def test_equal_statements_have_different_fingerprints() -> None:
    change = rewritten("import eventlet\neventlet.sleep(1)\neventlet.sleep(1)\n")
    first, second = change.entry.findings
    assert first.fingerprint != second.fingerprint
    assert first.id != second.id


def test_nothing_of_eventlet_is_no_entry(tmp_path: Path) -> None:
    result = run_on(tmp_path, {"a.py": "import os\n"})
    assert result.ledger.files == ()
    assert result.changes[0].new is None


# --- suppression --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "comment",
    ["", "[EVT101]", "[sleep]", "[EVT999, sleep]", "[EVT101 sleep]", "[sleep] it is measured"],
)
def test_suppressed(comment: str) -> None:
    change = rewritten(f"import eventlet\neventlet.sleep(1)  # eventlet-codemod: ignore{comment}\n")
    finding = only(change)
    assert (finding.status, change.new) == ("suppressed", None)
    assert change.entry.notices == ()


@pytest.mark.parametrize("comment", ["[EVT110]", "[spawn]"])
def test_suppressed_for_another_rule(comment: str) -> None:
    change = rewritten(f"import eventlet\neventlet.sleep(1)  # eventlet-codemod: ignore{comment}\n")
    assert only(change).status == "rewritten"
    assert [(n.line, n.message) for n in change.entry.notices] == [
        (2, "this suppression suppresses nothing")
    ]


def test_a_suppression_that_names_no_rule_is_noticed() -> None:
    change = rewritten("import eventlet\neventlet.sleep(1)  # eventlet-codemod: ignore[sleeep]\n")
    assert [(n.line, n.message) for n in change.entry.notices] == [
        (2, "no rule is called 'sleeep'")
    ]


def test_a_suppression_of_a_rule_over_other_files_is_known() -> None:
    change = rewritten("import eventlet\neventlet.sleep(1)  # eventlet-codemod: ignore[EVT803]\n")
    assert change.entry.notices == ()


def test_suppressed_on_any_line_of_the_statement() -> None:
    change = rewritten(
        """
        import eventlet
        eventlet.sleep(
            1
        )  # eventlet-codemod: ignore
        eventlet.sleep(2)
        """
    )
    assert [finding.status for finding in change.entry.findings] == ["suppressed", "rewritten"]
    assert "import eventlet\n" in text_of(change)


def test_a_suppression_in_the_header_does_not_reach_into_the_body() -> None:
    change = rewritten(
        """
        import eventlet
        if eventlet.sleep(1):  # eventlet-codemod: ignore
            eventlet.sleep(2)
        """
    )
    assert [finding.status for finding in change.entry.findings] == ["suppressed", "rewritten"]


def test_a_comment_in_a_string_suppresses_nothing() -> None:
    change = rewritten("import eventlet\nprint(eventlet.sleep(1), '# eventlet-codemod: ignore')\n")
    assert only(change).status == "rewritten"


def test_suppressing_one_use_of_an_object_keeps_it_whole() -> None:
    change = rewritten(
        """
        import eventlet


        def f():
            lock = eventlet.Semaphore()
            lock.release()  # eventlet-codemod: ignore
            with lock:
                pass
        """
    )
    assert change.new is None
    assert [finding.status for finding in change.entry.findings] == ["left", "suppressed", "left"]


# --- what is asked for --------------------------------------------------------------------------

BOTH = "import eventlet\neventlet.sleep(1)\neventlet.spawn(print)\n"


@pytest.mark.parametrize(
    ("settings", "statuses"),
    [
        ({}, ["rewritten", "rewritten"]),
        ({"select": ("sleep",)}, ["rewritten", "left"]),
        ({"select": ("EVT11",)}, ["left", "rewritten"]),
        ({"ignore": ("EVT101",)}, ["left", "rewritten"]),
        ({"ignore": ("threads", "scheduling")}, ["left", "left"]),
        ({"select": ("EVT1",), "ignore": ("spawn",)}, ["rewritten", "left"]),
        ({"safe_only": True}, ["rewritten", "left"]),
        ({"steps": frozenset({1})}, ["rewritten", "rewritten"]),
        ({"steps": frozenset({2, 3})}, ["left", "left"]),
        ({"per_file_ignores": {"mod.py": ("sleep",)}}, ["left", "rewritten"]),
        ({"per_file_ignores": {"other.py": ("sleep",)}}, ["rewritten", "rewritten"]),
    ],
)
def test_what_is_selected(settings: dict[str, object], statuses: list[str]) -> None:
    change = rewritten(BOTH, **settings)
    assert [finding.status for finding in change.entry.findings] == statuses
    assert "import eventlet" in text_of(change) or "left" not in statuses


def test_what_is_not_selected_keeps_its_tier_and_its_question() -> None:
    finding = rewritten(BOTH, select=("sleep",)).entry.findings[1]
    assert (finding.tier, finding.status) == ("review", "left")
    assert finding.message == "left: EVT110 is not selected"
    assert finding.may_differ


def test_an_object_is_left_whole_where_one_use_is_not_selected() -> None:
    source = """
    import eventlet
    from eventlet import event


    def f():
        done = event.Event()
        done.send()
    """
    change = rewritten(source, ignore=("event",))
    assert change.new is None
    assert {finding.status for finding in change.entry.findings} == {"left"}


def test_a_safe_creation_is_left_with_its_open_question() -> None:
    source = """
    import eventlet


    def f(limit):
        lock = eventlet.Semaphore()
        lock.acquire(timeout=limit)
    """
    change = rewritten(source, safe_only=True)
    assert change.new is None


# --- steps --------------------------------------------------------------------------------------

FOLDS = "from eventlet import patcher\nx = patcher.is_monkey_patched('os')\n"
LIMIT = "import eventlet\nlimit = eventlet.Timeout(4)\n"
PATCH = "import eventlet\neventlet.monkey_patch()\n"


def statuses_of(result: Result) -> dict[str, list[str]]:
    return {e.path: [f.status for f in e.findings] for e in result.ledger.files}


def test_step_3_waits_for_steps_1_and_2(tmp_path: Path) -> None:
    result = run_on(tmp_path, {"a.py": FOLDS, "b.py": LIMIT})
    assert statuses_of(result) == {"a.py": ["left"], "b.py": ["left"]}
    message = result.ledger.files[0].findings[0].message
    assert message == "left: eventlet.timeout.Timeout (b.py:2) must go first"


def test_step_3_goes_when_nothing_is_before_it(tmp_path: Path) -> None:
    result = run_on(tmp_path, {"a.py": FOLDS, "b.py": SLEEPS})
    assert statuses_of(result) == {"a.py": ["rewritten"], "b.py": ["rewritten"]}


@pytest.mark.parametrize("steps", [{3}, {1, 3}])
def test_asking_for_step_3_does_not_force_it(steps: set[int], tmp_path: Path) -> None:
    result = run_on(tmp_path, {"a.py": FOLDS, "b.py": LIMIT}, steps=frozenset(steps))
    assert statuses_of(result) == {"a.py": ["left"], "b.py": ["left"]}


def test_what_was_not_asked_for_stands_before_step_3(tmp_path: Path) -> None:
    result = run_on(tmp_path, {"a.py": FOLDS, "b.py": SLEEPS}, steps=frozenset({3}))
    assert statuses_of(result) == {"a.py": ["left"], "b.py": ["left"]}
    (tmp_path / "b.py").unlink()
    result = run_on(tmp_path, {"a.py": FOLDS}, steps=frozenset({3}))
    assert statuses_of(result)["a.py"] == ["rewritten"]


def test_step_3_goes_when_it_is_forced(tmp_path: Path) -> None:
    result = run_on(tmp_path, {"a.py": FOLDS, "b.py": LIMIT}, force=True)
    assert statuses_of(result) == {"a.py": ["rewritten"], "b.py": ["left"]}


def test_what_waits_looks_at_files_that_were_not_named(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text(LIMIT)
    result = run_on(tmp_path, {"a.py": FOLDS})
    assert statuses_of(result) == {"a.py": ["left"]}


def test_monkey_patch_goes_last_of_all(tmp_path: Path) -> None:
    files = {"a.py": PATCH, "b.py": FOLDS, "c.py": SLEEPS}
    assert statuses_of(run_on(tmp_path, files)) == {
        "a.py": ["rewritten"],
        "b.py": ["rewritten"],
        "c.py": ["rewritten"],
    }
    files["d.py"] = "from eventlet import patcher\npatcher.inject('x', {})\n"
    result = run_on(tmp_path, files)
    assert statuses_of(result)["a.py"] == ["left"]


def test_monkey_patch_waits_for_what_step_3_cannot_do(tmp_path: Path) -> None:
    left = "from eventlet import patcher\nif x and patcher.is_monkey_patched('os'):\n    pass\n"
    result = run_on(tmp_path, {"a.py": PATCH, "b.py": left})
    assert statuses_of(result) == {"a.py": ["left"], "b.py": ["left"]}
    assert "b.py:2" in result.ledger.files[0].findings[0].message


def test_several_entry_points_go_together(tmp_path: Path) -> None:
    result = run_on(tmp_path, {"a.py": PATCH, "b.py": PATCH})
    assert statuses_of(result) == {"a.py": ["rewritten"], "b.py": ["rewritten"]}


def test_a_file_that_failed_stands_before_what_waits(tmp_path: Path) -> None:
    result = run_on(tmp_path, {"a.py": PATCH, "b.py": "import eventlet\nprint 'x'\n"})
    assert statuses_of(result)["a.py"] == ["left"]
    assert "b.py, which failed" in result.ledger.files[0].findings[0].message


def test_a_suppressed_use_stands_before_what_waits(tmp_path: Path) -> None:
    kept = "import eventlet\neventlet.sleep(1)  # eventlet-codemod: ignore\n"
    result = run_on(tmp_path, {"a.py": PATCH, "b.py": kept})
    assert statuses_of(result) == {"a.py": ["left"], "b.py": ["suppressed"]}


TPOOL = "from eventlet import tpool\n\n\ndef f(work):\n    tpool.execute(work)\n"
MOCKS = """\
from unittest import mock

import eventlet


@mock.patch("eventlet.tpool.execute")
@mock.patch.object(eventlet, "spawn_after")
def test(later, execute):
    thread = mock.Mock(spec=eventlet.greenthread.GreenThread)
    assertIsInstance(thread, eventlet.Event)
"""


@pytest.mark.parametrize("path", ["b.py", "lib/testing.py"])
def test_a_name_that_is_looked_up_outside_of_tests_stands_before_step_3(
    path: str, tmp_path: Path
) -> None:
    result = run_on(tmp_path, {"a.py": TPOOL, path: MOCKS})
    assert statuses_of(result)["a.py"] == ["left"]


def test_a_test_that_runs_green_threads_stands_before_step_3(tmp_path: Path) -> None:
    runs = "import eventlet\n\n\ndef test():\n    eventlet.spawn(print).kill()\n"
    result = run_on(tmp_path, {"a.py": TPOOL, "tests/test_a.py": runs})
    assert statuses_of(result)["a.py"] == ["left"]


@pytest.mark.parametrize("monkey_patch", ["keep", "remove"])
def test_a_test_that_only_names_eventlet_stands_before_packaging_alone(
    monkey_patch: str, tmp_path: Path
) -> None:
    files = {"a.py": TPOOL, "main.py": PATCH, "tests/test_a.py": MOCKS}
    result = run_on(tmp_path, files, monkey_patch=monkey_patch)
    statuses = statuses_of(result)
    assert (statuses["a.py"], statuses["main.py"]) == (["rewritten"], ["rewritten"])
    test = next(e for e in result.ledger.files if e.path == "tests/test_a.py")
    assert {(f.status, f.step) for f in test.findings} == {("left", 4)}


def test_a_green_module_with_a_fallback_stands_before_packaging_alone(tmp_path: Path) -> None:
    green = "try:\n    from eventlet.green import ssl\nexcept ImportError:\n    import ssl\n"
    used = "\n\ndef f(sock):\n    return ssl.wrap_socket(sock)\n"
    result = run_on(tmp_path, {"a.py": green + used, "main.py": PATCH})
    assert statuses_of(result) == {"a.py": ["left", "left"], "main.py": ["rewritten"]}
    plain = "from eventlet.green import ssl\n"
    result = run_on(tmp_path, {"a.py": plain + used, "main.py": PATCH})
    assert statuses_of(result) == {"a.py": ["left", "left"], "main.py": ["left"]}


def test_green_sockets_work_in_native_threads_that_nothing_patches() -> None:
    """The server answers when all have asked, so that none may hold up another."""
    program = """
    import socket as plain, threading
    from eventlet.green import socket

    everyone = threading.Barrier(4)
    server = plain.create_server(("127.0.0.1", 0))
    answers = []

    def answer(peer):
        text = peer.recv(1)
        everyone.wait(60)
        peer.sendall(text)

    def serve():
        for _ in range(4):
            threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()

    def ask(text):
        sock = socket.create_connection(server.getsockname(), 60)
        sock.sendall(text)
        answers.append(sock.recv(1))

    threading.Thread(target=serve, daemon=True).start()
    clients = [threading.Thread(target=ask, args=(text,)) for text in (b"a", b"b", b"c", b"d")]
    [client.start() for client in clients]
    [client.join() for client in clients]
    print(sorted(answers))
    """
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.stdout, done.stderr) == ("[b'a', b'b', b'c', b'd']\n", "")


# --- failures -----------------------------------------------------------------------------------

DEEP = "x = " + "(" * 400 + ")" * 400


@pytest.mark.parametrize(
    ("source", "kind", "line"),
    [
        (b"import eventlet\nx = (\n", "syntax", 2),
        (b"import eventlet\nprint 'x'\n", "syntax", 2),
        (b"import eventlet\ntry:\n  pass\nexcept A, e:\n  pass\n", "syntax", 4),
        (b"import eventlet\n\tx = 1\n", "syntax", 2),
        (b"import eventlet\nx = 'caf\xe9'\n", "encoding", 2),
        (b"# coding: no-such-code\nimport eventlet\n", "encoding", 1),
        (b"import eventlet\nx = '\0'\n", None, None),
        (b"import eventlet\n" + DEEP.encode() + b"\n", None, None),
    ],
)
def test_a_file_that_cannot_be_read_fails_by_itself(
    tmp_path: Path, source: bytes, kind: str | None, line: int | None
) -> None:
    result = run_on(tmp_path, {"a.py": source, "b.py": SLEEPS}, monkey_patched="yes")
    failed, fine = result.ledger.files
    assert (failed.status, failed.findings, failed.patch) == ("failed", (), "")
    assert failed.error is not None and failed.error.message
    if kind is not None:
        assert failed.error.kind == kind
        assert failed.error.line == line
    assert fine.status == "changed"
    assert result.ledger.summary.files_failed == 1
    change = next(c for c in result.changes if c.entry.path == "a.py")
    assert (change.old, change.new) == (source, None)


def test_python_3_12_syntax_asks_for_a_newer_python() -> None:
    change = rewritten("import eventlet\ntype Number = int\neventlet.sleep(1)\n")
    if change.entry.error is not None:
        assert "its syntax is newer than Python" in change.entry.error.message


def test_a_file_that_is_gone_fails_by_itself(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text(SLEEPS)
    result = run(tmp_path, ["a.py", "b.py"], Settings(monkey_patched="yes"))
    assert [entry.status for entry in result.ledger.files] == ["failed", "changed"]
    assert result.ledger.files[0].error is not None
    assert result.ledger.files[0].error.kind == "unreadable"


@pytest.mark.parametrize(
    "source",
    [
        "eventlet.spawn(run := make())",
        "def f(conf):\n    jobs = eventlet.Queue(\n        conf.a\n        + 1)\n    jobs.put(1)",
        "if x:\n    pass\nelif y:\n    eventlet.tpool.killall()",
        "try:\n    pass\nexcept* eventlet.greenlet.GreenletExit:\n    pass",
    ],
)
def test_code_that_rules_stumble_over_fails_by_itself_if_at_all(
    tmp_path: Path, source: str
) -> None:
    result = run_on(
        tmp_path, {"a.py": f"import eventlet\n{source}\n", "b.py": SLEEPS}, monkey_patched="yes"
    )
    assert result.ledger.files[1].status == "changed"


@pytest.mark.parametrize(
    ("ending", "newline"),
    [
        ("\n", "\n"),
        ("", "\n"),
        ("\r\n", "\r\n"),
        ("", "\r\n"),
        ("", "\r"),
        pytest.param(
            *("\r", "\r"),
            marks=pytest.mark.xfail(reason="the file fails: libcst loses a lone CR at the end"),
        ),
    ],
)
def test_line_ends_stay(ending: str, newline: str) -> None:
    source = newline.join(["import eventlet", "", "eventlet.sleep(1)"]) + ending
    change = rewritten(source.encode())
    assert text_of(change) == newline.join(["import time", "", "time.sleep(1)"]) + ending


@pytest.mark.parametrize(
    ("encoding", "cookie"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("latin-1", "# coding: latin-1\n"),
        ("cp1252", "# -*- coding: cp1252 -*-\n"),
    ],
)
def test_encodings_stay(encoding: str, cookie: str) -> None:
    source = f"{cookie}import eventlet\nx = 'é'; eventlet.sleep(1)  # ü\n"
    expected = source.replace("import eventlet", "import time").replace("eventlet.", "time.")
    change = rewritten(source.encode(encoding))
    assert change.new == expected.encode(encoding)


@pytest.mark.parametrize("text", ["\f\nimport eventlet\n\f\neventlet.sleep(1)\n"])
def test_form_feeds_stay(text: str) -> None:
    expected = text.replace("import eventlet", "import time").replace("eventlet.", "time.")
    assert text_of(rewritten(text.encode())) == expected


def test_rewrite_source_needs_no_project() -> None:
    change = rewrite_source(SLEEPS.encode(), "a.py", Settings())
    assert text_of(change) == "import time\ntime.sleep(1)\n"


def test_progress_is_told_once_per_file(tmp_path: Path) -> None:
    for name in ("a.py", "b.py", "c.py"):
        (tmp_path / name).write_text(SLEEPS)
    told: list[tuple[int, int]] = []
    run(
        tmp_path,
        ["a.py", "b.py", "c.py"],
        Settings(),
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_summary_adds_up(tmp_path: Path) -> None:
    kept = "import eventlet\neventlet.sleep(1)  # eventlet-codemod: ignore\n"
    result = run_on(tmp_path, {"a.py": BOTH, "b.py": LIMIT, "c.py": kept}, monkey_patched="yes")
    summary = result.ledger.summary
    assert (summary.uses, summary.rewritten, summary.left, summary.suppressed) == (4, 2, 1, 1)
    assert summary.files_changed == 1


def test_no_notice_of_an_import_that_goes_with_the_try_around_it() -> None:
    source = """
        try:
            from eventlet import sleep
        except ImportError:
            from time import sleep


        def pause():
            sleep(1)
        """
    change = rewritten(source)
    assert text_of(change).startswith("from time import sleep\n")
    assert change.entry.notices == ()


def test_an_import_stays_while_code_that_is_not_rewritten_needs_it() -> None:
    def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
        edits = tuple(map(ReplaceImport, use.bindings))
        return Rewrite(message="gone", why="wrongly", edits=edits)

    wrong = Rule(
        code="WRONG1",
        family="green",
        step=1,
        summary="drop an import",
        apis=frozenset({"eventlet.green.socket"}),
        match=match,
        before="",
        after="",
        module="tests.wrong",
    )
    extend([wrong])
    try:
        source = "from eventlet.green import socket\n\n\ndef f():\n    return socket.socket()\n"
        change = rewritten(source)
    finally:
        extend([])
    assert text_of(change) == source
    assert "the name socket would be undefined on line 5" in only(change).message
