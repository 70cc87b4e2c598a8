"""Properties of every rewrite, over programs that nobody wrote.

A program is made of ordinary statements with uses of eventlet spliced in, in all the places where
a statement or an expression may stand.
"""

from __future__ import annotations

import ast
import os
import subprocess
import tempfile
import warnings
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from unidiff import PatchSet

from eventlet_codemod.config import Settings
from eventlet_codemod.discovery import mentions_eventlet
from eventlet_codemod.engine import FileChange, rewrite_source
from eventlet_codemod.facts import Project, gather
from eventlet_codemod.ledger import Ledger
from eventlet_codemod.patch import apply_patch, file_patch, git_check, to_bytes
from eventlet_codemod.run import rewrite_one, run
from eventlet_codemod.source import decode

PATCHED = Settings(monkey_patched="yes")
STEP_BY_STEP = Settings(monkey_patched="yes", force=True)
#: The same programs in every run; with EXPLORE set, new ones.
LOOSE = settings(
    deadline=None,
    derandomize=not os.environ.get("EXPLORE"),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

IMPORTS = st.lists(
    st.sampled_from(
        [
            "import eventlet",
            "import eventlet as ev",
            "from eventlet import greenthread",
            "from eventlet import greenthread as gt, sleep",
            "from eventlet import spawn, event, queue, semaphore, tpool, patcher",
            "from eventlet.green import socket, time",
            "from eventlet.green import subprocess as sp, threading",
            "import eventlet.green.os",
            "from eventlet.queue import (Empty,\n    LightQueue)",
            "import greenlet",
            "try:\n    import eventlet\nexcept ImportError:\n    eventlet = None",
            "try:\n    from eventlet.green import select\nexcept ImportError:\n    import select",
            "from eventlet import *",
            "import os, sys",
            "import time",
            "import threading as queue_lib",
            "from time import time  # noqa",
            "from datetime import time",
            "if os:\n    import queue",
            "from __future__ import annotations",
        ]
    ),
    min_size=1,
    max_size=5,
    unique=True,
)
EXPRESSIONS = st.sampled_from(
    [
        "eventlet.sleep(1)",
        "eventlet.sleep()",
        "eventlet.sleep(a - b)",
        "eventlet.sleep(seconds=conf.wait)",
        "ev.sleep(0)",
        "sleep(2)",
        "gt.sleep(max(0, a))",
        "eventlet.sleep",
        "eventlet.sleep(*a)",
        "eventlet.spawn(f)",
        "eventlet.spawn(f, 1, *a, k=2, **b)",
        "eventlet.spawn_n(func=f, x=eventlet.sleep(1))",
        "spawn(lambda: eventlet.sleep(3), é)",
        "greenthread.spawn_after(1, f, 'x')",
        "eventlet.spawn_after(a, f, k='y')",
        "eventlet.spawn(f).wait()",
        "eventlet.GreenPool(10)",
        "eventlet.Semaphore(2)",
        "semaphore.BoundedSemaphore()",
        "eventlet.Queue(a)",
        "queue.LightQueue()",
        "LightQueue(0)",
        "eventlet.Event()",
        "event.Event().send()",
        "eventlet.getcurrent()",
        "id(greenthread.getcurrent())",
        "patcher.original('time').time()",
        "patcher.is_monkey_patched('os')",
        "eventlet.import_patched('ftplib')",
        "tpool.execute(f, 1)",
        "tpool.Proxy(a or b).c",
        "eventlet.green.os.read(0)",
        "socket.socket()",
        "time.sleep(3)",
        "sp.call([])",
        "'eventlet.sleep'",
        "mod.eventlet.sleep(1)",
        "queue.Empty",
        "time",
        "queue",
        "threading.Lock()",
    ]
)
SHAPES = st.sampled_from(
    [
        "{0}",
        "{0}",
        "{0}  # why",
        "x = {0}",
        "x = y = {0}",
        "self.lock = {0}",
        "with {0}: pass",
        "with {0} as x: pass",
        "if {0}: {1}",
        "return_ = [{0} for time in {1}]",
        "z = lambda time=({0}): {1}",
        "print(f'{{{0}!r}} {{{{x}}}}')",
        "x = {0} if {1} else {2}",
        "call(\n    {0},  # first\n    k={1},\n)",
        "x = ({0},\n     {1})",
        "{0}; {1}; x = 2",
        "for time in {0}: {1}",
        "assert {0}, {1}",
        "del x[{0}]",
        "@decorate({0})\ndef g(time={1}): return {2}",
        "class B(C, k={0}):\n    q = {1}\n    def m(self): return self.q",
        "try:\n    {0}\nexcept (Empty, KeyError) as time:\n    {1}\nfinally:\n    {2}",
        "async def h(queue):\n    {0}\n    await {1}",
        "def p(threading, *args, **kwargs):\n    # body\n    {0}\n    return {1}",
        "while {0}:\n    {1}\nelse:\n    {2}",
        "match {0}:\n    case [time, *_]: {1}\n    case _: {2}",
        "eventlet.monkey_patch()",
        "global_ = 1",
        "time = 1",
        "jobs = eventlet.Queue()\njobs.put({0})\nx = jobs.get({1})",
        "done = eventlet.Event()\nif x:\n    done.send()\ndone.wait()",
        "try:\n    {0}\nexcept greenlet.GreenletExit:\n    pass",
        "{0}  # eventlet-codemod: ignore",
        "'''text\n  over {1}\n'''; {0}",
    ]
)


@st.composite
def suites(draw: st.DrawFn, depth: int = 0) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        shape = draw(SHAPES)
        filled = shape.format(*(draw(EXPRESSIONS) for _ in range(3)))
        if depth < 2 and draw(st.integers(0, 3)) == 0:
            inner = "    " + draw(suites(depth=depth + 1)).replace("\n", "\n    ").rstrip(" ")
            head = draw(st.sampled_from(["def f(time=None):", "class A:", "if x:", "with x:"]))
            filled = f"{head}\n{inner}"
        parts.append(filled.rstrip("\n") + draw(st.sampled_from(["\n", "\n", "\n\n", "\n# c\n"])))
    return "".join(parts)


@st.composite
def programs(draw: st.DrawFn) -> bytes:
    imports = draw(IMPORTS)
    if "from __future__ import annotations" in imports:
        imports.remove("from __future__ import annotations")
        imports.insert(0, "from __future__ import annotations")
    text = draw(st.sampled_from(["", '"""Doc."""\n', "# -*- coding: utf-8 -*-\n"]))
    text += "\n".join(imports) + draw(st.sampled_from(["\n", "\n\n", "\n\n\n"])) + draw(suites())
    text = text.removesuffix(draw(st.sampled_from(["", "\n"])))
    if draw(st.integers(0, 4)) == 0:
        text = text.replace("\n", "\r\n")
    assume(is_python(text))
    return text.encode()


def is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "a.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def outcome(change: FileChange) -> bytes:
    return change.old if change.new is None else change.new


#: Failures that are known, by a part of their message. A file may fail, but not in a new way.
KNOWN = (
    "would be lost",
    "stands in a try/except ImportError",
    "a second pass finds other uses",
    "is bound by another import",  # two imports of one name
    "libcst does not give its text back unchanged",  # lines of blanks that end in CRLF
)


@given(programs(), st.sampled_from([PATCHED, STEP_BY_STEP, Settings()]))
@settings(LOOSE, max_examples=250)
def test_a_rewrite(data: bytes, asked: Settings) -> None:
    change = rewrite_one(data, "a.py", asked)
    entry = change.entry
    if entry.error is not None:
        event(f"failed: {entry.error.message[:40]}")
        assert any(part in entry.error.message for part in KNOWN), entry.error
        assert change.new is None and not entry.findings and not entry.patch
        return
    event(entry.status)
    told = Counter(finding.status for finding in entry.findings)
    uses = gather("a.py", decode("a.py", data).text, Project()).uses
    assert len(uses) == change.uses == told["rewritten"] + told["left"] + told["suppressed"]
    assert len({finding.id for finding in entry.findings}) == len(entry.findings)
    assert len({finding.fingerprint for finding in entry.findings}) == len(entry.findings)
    for finding in entry.findings:
        assert (finding.tier == "review") == bool(finding.may_differ)
        assert finding.status != "rewritten" or finding.tier != "manual"
        assert finding.message and finding.why
    if change.new is None:
        assert entry.sha256_before == entry.sha256_after and not entry.patch
        return
    new = change.new.decode()
    assert is_python(new)
    assert (b"\r\n" in data) == ("\r\n" in new) or "\n" not in new.rstrip("\n")
    again = rewrite_one(change.new, "a.py", asked)
    assert again.new is None
    assert apply_patch(data, entry.patch) == change.new
    (patched,) = PatchSet.from_string(entry.patch, errors="surrogateescape")
    assert patched.added + patched.removed > 0
    hunks = {finding.hunk for finding in entry.findings} - {None}
    assert hunks <= set(range(1, len(patched) + 1))


@given(st.lists(programs(), min_size=1, max_size=12))
@settings(LOOSE, max_examples=15)
def test_git_takes_the_patches(sources: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        patch = ""
        wanted = {}
        for number, data in enumerate(sources):
            name = f"m{number}.py"
            (root / name).write_bytes(data)
            change = rewrite_source(data, name, STEP_BY_STEP)
            patch += change.entry.patch
            wanted[name] = outcome(change)
        assert git_check(patch, root) is None
        if patch:
            command = ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"]
            subprocess.run(
                command, input=to_bytes(patch), cwd=root, check=True, capture_output=True
            )
        assert {name: (root / name).read_bytes() for name in wanted} == wanted


@given(suites(), st.booleans())
@settings(LOOSE, max_examples=60)
def test_without_eventlet_no_byte_changes(text: str, crlf: bool) -> None:
    for word, other in (("eventlet", "eventbrite"), ("greenlet", "leaflet"), ("reen", "lue")):
        text = text.replace(word, other)
    for word in ("tpool", "futurist", "corolocal", "eventletutils"):
        text = text.replace(word, "pool")
    data = (text.replace("\n", "\r\n") if crlf else text).encode()
    assume(is_python(data.decode()))
    assert not mentions_eventlet(data)
    change = rewrite_one(data, "a.py", PATCHED)
    assert change.new is None and change.entry.findings == () and change.uses == 0


@given(programs())
@settings(LOOSE, max_examples=100)
def test_the_order_of_selecting_does_not_matter(data: bytes) -> None:
    """What one rule leaves alone, another does not see otherwise."""
    whole = rewrite_source(data, "a.py", PATCHED)
    narrow = rewrite_source(data, "a.py", Settings(monkey_patched="yes", select=("sleep",)))
    assume(whole.entry.error is None and narrow.entry.error is None)
    for one, other in zip(whole.entry.findings, narrow.entry.findings, strict=True):
        assert (one.id, one.api, one.rule) == (other.id, other.api, other.rule)
        if one.rule == "EVT101":
            assert one == one.__class__(**{**_fields(other), "hunk": one.hunk})


def _fields(finding: object) -> dict[str, object]:
    return {name: getattr(finding, name) for name in finding.__slots__}  # type: ignore[attr-defined]


@given(programs())
@settings(LOOSE, max_examples=60)
def test_safe_only_changes_no_more(data: bytes) -> None:
    change = rewrite_source(data, "a.py", Settings(monkey_patched="yes", safe_only=True))
    rewritten = [f for f in change.entry.findings if f.status == "rewritten"]
    assert all(finding.tier == "safe" for finding in rewritten)


@given(programs())
@settings(LOOSE, max_examples=60)
def test_ignoring_everything_changes_nothing(data: bytes) -> None:
    change = rewrite_source(data, "a.py", Settings(monkey_patched="yes", ignore=("ALL",)))
    assert change.new is None and change.entry.error is None


@given(programs())
@settings(LOOSE, max_examples=60)
def test_reading_and_writing_give_the_same_bytes(data: bytes) -> None:
    source = decode("a.py", data)
    assert source.encode(source.text) == data


@given(programs())
@settings(LOOSE, max_examples=60)
def test_the_ledger_survives_json(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "a.py").write_bytes(data)
        ledger = run(Path(scratch), ["a.py"], PATCHED).ledger
    assert Ledger.from_json(ledger.to_json()) == ledger


@given(programs(), programs())
@settings(LOOSE, max_examples=40)
def test_a_patch_goes_there_and_back(old: bytes, new: bytes) -> None:
    assert apply_patch(old, file_patch("a.py", old, new)) == new or old == new
    assert apply_patch(new, file_patch("a.py", new, old)) == old or old == new


def test_two_processes_say_what_one_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eventlet_codemod.processing._WORTH_A_PROCESS", 0)
    files = []
    bodies = ["eventlet.sleep(1)", "q = eventlet.Queue()", "eventlet.spawn(print)", "x = ("]
    for number in range(24):
        name = f"pkg/m{number}.py"
        (tmp_path / name).parent.mkdir(exist_ok=True)
        text = f"import eventlet\n\n\n{bodies[number % 4]}\n" + "x = 1\n" * (number * 7)
        (tmp_path / name).write_text(text)
        files.append(name)
    one = run(tmp_path, files, PATCHED, jobs=1)
    two = run(tmp_path, files, PATCHED, jobs=2)
    assert one.ledger.files == two.ledger.files
    assert [(c.entry.path, c.new) for c in one.changes] == [
        (c.entry.path, c.new) for c in two.changes
    ]
    assert one.ledger.summary == two.ledger.summary


def test_the_programs_hold_what_they_should() -> None:
    """The generator is worth something: it reaches every rule."""
    seen: set[str] = set()

    @given(programs())
    @settings(LOOSE, max_examples=150, database=None)
    def collect(data: bytes) -> None:
        ast.parse(data)
        entry = rewrite_source(data, "a.py", STEP_BY_STEP).entry
        seen.update(finding.name for finding in entry.findings if finding.status == "rewritten")

    collect()
    assert {"sleep", "spawn", "queue", "semaphore", "green-module", "patcher-original"} <= seen
