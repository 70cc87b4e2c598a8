"""`benchmarks/hazards.py`: what it draws, and what it counts."""

from __future__ import annotations

import importlib.util
import runpy
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "hazards.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hazards_benchmark", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def placed(rule: str, line: int, tree: Path = Path()) -> tuple[Path, str, dict[str, object]]:
    evidence = [{"path": "a.py", "line": line, "what": "it is here"}]
    hazard = {"rule": rule, "name": "x", "line": line, "message": "m", "evidence": evidence}
    return tree, "a.py", hazard


def test_a_seed_gives_the_same_sample(script: ModuleType) -> None:
    found = [placed("EVT900", line) for line in range(1, 100)]
    first = script.sample(found, 50, 1)
    assert first == script.sample(found, 50, 1) != script.sample(found, 50, 2)
    lines = [hazard["line"] for _, _, hazard in first]
    assert len(lines) == 50 and lines == sorted(lines)
    assert script.sample(found[:3], 50, 1) == found[:3]


def test_the_table_counts_by_rule(script: ModuleType) -> None:
    found = [placed("EVT900", 1), placed("EVT901", 2), placed("EVT901", 3)]
    rows = [row.split() for row in script.table(found, found[1:])]
    assert rows == [["EVT900", "x", "1", "0"], ["EVT901", "x", "2", "2"], ["all", "3", "2"]]


def test_a_hazard_is_told_with_its_code(script: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("one\ntwo\nthree\n")
    told = list(script.told(placed("EVT900", 2, tmp_path), 0))
    assert told[1:] == ["    a.py:2: it is here", "           2 two"]
    assert len(list(script.told(placed("EVT900", 2, tmp_path), 1))) == 5
    assert len(list(script.told(placed("EVT900", 2, tmp_path), -1))) == 2


def test_what_was_judged_is_counted(tmp_path: Path) -> None:
    module = runpy.run_path(str(SCRIPT))
    judged = tmp_path / "judged.tsv"
    judged.write_text(
        "corpus\tproject\tversion\tpath\tline\trule\tverdict\twhy\n"
        "held out\tone\t1\ta.py\t3\tEVT903\ttrue\t\n"
        "held out\tone\t1\ta.py\t4\tEVT903\tfalse\tit is locked\n"
    )
    tree = Path("one-1.0.2")
    found = [(tree, "a.py", {"line": line, "rule": "EVT903"}) for line in (3, 4, 5)]
    assert module["verdicts"](found, judged) == ["held out: 1 of 2 are true", "not judged: 1"]


def test_every_verdict_has_its_place_and_a_false_one_its_reason() -> None:
    lines = (SCRIPT.parent / "hazards_judged.tsv").read_text().splitlines()
    rows = [line.split("\t") for line in lines[1:]]
    assert all(len(row) == 8 and row[4].isdigit() for row in rows)
    assert {row[6] for row in rows} == {"true", "false"}
    assert all(bool(row[7]) == (row[6] == "false") for row in rows)
