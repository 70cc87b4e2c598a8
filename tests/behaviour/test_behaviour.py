"""Proof by running: small programs do the same before and after the rewrite.

README.md beside this file describes the programs, their headers and the legs.
"""

from __future__ import annotations

import io
import tokenize
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Outcome, Program

    from eventlet_codemod.engine import FileChange

TIERS = ("none", "safe", "review", "manual")

#: What the rules rewrite. Each must have a program that is rewritten in full.
APIS = {
    "eventlet.": [
        *("sleep", "spawn", "spawn_n", "spawn_after", "getcurrent", "monkey_patch"),
        *("Semaphore", "BoundedSemaphore", "Queue", "Event", "StopServe", "import_patched"),
        *("semaphore.Semaphore", "semaphore.BoundedSemaphore", "lock.Lock", "event.Event"),
        *("corolocal.local", "corolocal.get_ident", "greenlet.GreenletExit"),
        *("GreenPool", "GreenPile", "GreenPile.spawn"),
    ],
    "eventlet.GreenPool.": [
        *("spawn", "spawn_n", "waitall", "imap", "starmap", "running", "free"),
    ],
    "eventlet.greenthread.GreenThread.": ["wait", "link", "cancel", "kill", "dead"],
    "eventlet.event.Event.": [
        *("send", "send_exception", "wait", "ready", "has_result", "has_exception"),
        *("poll", "poll_result", "poll_exception"),
    ],
    "eventlet.greenthread.": ["sleep", "spawn", "spawn_n", "spawn_after", "getcurrent"],
    "eventlet.queue.": ["Queue", "LightQueue", "PriorityQueue", "LifoQueue", "Empty", "Full"],
    "eventlet.green.": [
        *("socket", "select", "subprocess", "threading", "thread", "time", "os", "Queue"),
        *("urllib.request", "http.client", "httplib", "BaseHTTPServer", "SocketServer"),
    ],
    "eventlet.patcher.": ["original", "import_patched", "is_monkey_patched"],
    "eventlet.tpool.": ["execute", "Proxy", "set_num_threads", "killall"],
    "eventlet.debug.": ["hub_exceptions", "hub_prevent_multiple_readers"],
    "eventlet.hubs.": ["use_hub", "get_hub"],
    "greenlet.": ["GreenletExit"],
}


def test_original_runs_as_its_header_says(program: Program, before: Outcome) -> None:
    assert (before.exit, before.errors) == (program.exit, program.errors)
    assert before.stdout.strip(), "a program that prints nothing proves nothing"


def test_findings_are_as_the_header_says(program: Program, change: FileChange) -> None:
    findings = change.entry.findings
    listed = "\n".join(f"{f.line}: {f.tier} {f.status} {f.api}: {f.message}" for f in findings)
    assert change.entry.error is None
    worst = max((finding.tier for finding in findings), key=TIERS.index, default="none")
    assert worst == program.tier, listed
    if program.rewrite == "full":
        assert {finding.status for finding in findings} == {"rewritten"}, listed
        assert change.new is not None
        assert names_in(change.new).isdisjoint({"eventlet", "greenlet"}), change.new.decode()
    elif program.rewrite == "partial":
        assert any(f.tier == "manual" and f.status == "left" for f in findings), listed
        assert program.keeps.encode() in (change.new or program.source)
    else:
        assert change.new in (None, program.source), change.new.decode()
    if program.differs:
        assert program.differs in {code for finding in findings for code in finding.may_differ}


def test_rewritten_behaves_as_before(
    program: Program, leg: str, before: Outcome, run_rewritten: Callable[[str], Outcome]
) -> None:
    expected = program.expected(leg, before)
    assert (expected != before) == (leg in program.differing_legs), "announced, but the same"
    assert run_rewritten(leg) == expected


def test_every_api_of_the_rules_has_a_program(programs: tuple[Program, ...]) -> None:
    rewritten = {api for program in programs if program.rewrite == "full" for api in program.api}
    wanted = {module + name for module, names in APIS.items() for name in names}
    assert wanted <= rewritten, sorted(wanted - rewritten)
    for program in programs:
        names = names_in(program.source)
        for api in program.api:
            assert api.rpartition(".")[2] in names, f"{program.name} does not use {api}"


def test_there_are_programs_of_every_kind(programs: tuple[Program, ...]) -> None:
    assert len([program for program in programs if program.rewrite == "full"]) >= 180
    assert len([program for program in programs if program.tier == "manual"]) >= 40
    assert len([program for program in programs if program.exit or program.errors]) >= 20
    announced = {"C-EXC", "C-EXIT", "C-LOCAL", "C-START", "C-TYPE"}
    assert {program.differs for program in programs} >= announced


def names_in(source: bytes) -> set[str]:
    """The names in the code: not in comments, not in strings."""
    tokens = tokenize.tokenize(io.BytesIO(source).readline)
    return {token.string for token in tokens if token.type == tokenize.NAME}
