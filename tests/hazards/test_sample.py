"""`benchmarks/hazards.py`: what it draws, and what it counts."""

from __future__ import annotations

import importlib.util
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
