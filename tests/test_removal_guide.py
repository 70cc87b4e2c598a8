"""`docs/removal-guide.md` tells what the tool does with each shape of the public guide.

That the programs do the same before and after is shown with the others, in `tests/behaviour`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import run

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "removal-guide.md").read_text(encoding="utf-8")
PROGRAMS = ROOT / "tests" / "behaviour" / "programs"
ROWS = re.findall(r"^\| [^|]+ \| `(guide_\w+)` \| ([A-Z0-9 ]+) \| (\w+) \|", PAGE, re.MULTILINE)
TIERS = ("safe", "review", "manual")


def test_every_shape_has_a_row_and_a_program() -> None:
    assert len(ROWS) == 13
    assert {name for name, _, _ in ROWS} == {path.stem for path in PROGRAMS.glob("guide_*.py")}


@pytest.mark.parametrize(("name", "rules", "tier"), ROWS, ids=[row[0] for row in ROWS])
def test_a_row_says_what_the_tool_does(name: str, rules: str, tier: str, tmp_path: Path) -> None:
    text = (PROGRAMS / f"{name}.py").read_text(encoding="utf-8")
    helpers = "concurrency" if "helpers=concurrency" in text else None
    (tmp_path / "app.py").write_text(text, encoding="utf-8")
    result = run(tmp_path, ["app.py"], Settings(helpers=helpers), whole_project=True)
    entry = next(entry for entry in result.ledger.files if entry.path == "app.py")
    told = [finding for finding in entry.findings if finding.rule != "EVT514"]
    assert " ".join(sorted({finding.rule for finding in told})) == rules
    assert max((finding.tier for finding in told), key=TIERS.index) == tier
    if tier == "manual":
        assert all(finding.advice for finding in told if finding.status == "left")
    else:
        assert {finding.status for finding in told} == {"rewritten"}
