"""Proof by running, for objects that travel from file to file: small projects in ``multi/``.

Headers (of ``main.py``) and legs are those of the programs; README.md describes both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conftest import ALL_PROJECTS, rewrite_project, run
from test_behaviour import TIERS, names_in

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Outcome, Program


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.py")}


def test_original_runs_as_its_header_says(program: Program, before: Outcome) -> None:
    assert (before.exit, before.errors) == (program.exit, program.errors)
    assert before.stdout.strip(), "a project that prints nothing proves nothing"


def test_findings_are_as_the_header_says(program: Program, project: Path) -> None:
    original = contents(project)
    names = set().union(*map(names_in, original.values()))
    for api in program.api:
        assert api.rpartition(".")[2] in names, f"{program.name} does not use {api}"
    result = rewrite_project(project, program)
    findings = [f for change in result.changes for f in change.entry.findings]
    listed = "\n".join(f"{f.line}: {f.tier} {f.status} {f.api}: {f.message}" for f in findings)
    assert {change.entry.error for change in result.changes} == {None}
    worst = max((finding.tier for finding in findings), key=TIERS.index, default="none")
    assert worst == program.tier, listed
    rewritten = contents(project)
    if program.rewrite == "full":
        assert {finding.status for finding in findings} == {"rewritten"}, listed
        for name, source in rewritten.items():
            assert names_in(source).isdisjoint({"eventlet", "greenlet"}), (name, source.decode())
    elif program.rewrite == "partial":
        assert any(f.tier == "manual" and f.status == "left" for f in findings), listed
        assert any(program.keeps.encode() in source for source in rewritten.values())
    else:
        assert rewritten == original
    if program.differs:
        assert program.differs in {code for finding in findings for code in finding.may_differ}


def test_rewritten_behaves_as_before(
    program: Program, leg: str, before: Outcome, project: Path, tmp_path: Path
) -> None:
    expected = program.expected(leg, before)
    assert (expected != before) == (leg in program.differing_legs), "announced, but the same"
    rewrite_project(project, program)
    for name, source in contents(project).items():
        print(f"# --- {name}\n{source.decode()}")  # pytest shows it when the test fails
    assert run(leg, project / "main.py", tmp_path) == expected


def test_there_are_projects_of_every_kind() -> None:
    assert len([program for program in ALL_PROJECTS if program.rewrite == "full"]) >= 10
    assert len([program for program in ALL_PROJECTS if program.tier == "manual"]) >= 4
