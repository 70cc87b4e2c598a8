"""Many files through one Bowler stage, as `benchmarks/bowler_files.py` sends them."""

from __future__ import annotations

import random
import sys
import sysconfig
from pathlib import Path

import pytest

pytest.importorskip("bowler")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import bowler_files


def tally_of(files):
    return bowler_files.run(files, random.Random(1))


@pytest.mark.slow
def test_no_file_is_lost_and_the_memory_stays_as_it_is():
    rng = random.Random(2)
    stdlib = Path(sysconfig.get_paths()["stdlib"])
    real = bowler_files.real_files([stdlib], 250, rng)
    tally = tally_of([*real, *bowler_files.generated(750, rng)])
    assert tally.lost == []
    assert tally.files == 1000
    assert min(tally.outcomes["changed"], tally.outcomes["refused"]) > 50
    # The same files once more: one tree that is kept takes some megabytes.
    again = tally_of(real)
    assert again.megabytes[-1] < tally.megabytes[-1] * 1.25


def test_a_file_that_a_stage_passes_over_is_told(monkeypatch):
    """The count can fail: a query that leaves some places alone is found out."""
    query = bowler_files.query

    def blind():
        return query().filter(lambda node, capture, name: node.get_lineno() > 1)

    monkeypatch.setattr(bowler_files, "query", blind)
    tally = tally_of(["x.append(1)\nx.append(2)\n", "\nx.append(1)\n", "print x\n"] * 10)
    assert len(tally.lost) == 10
    assert tally.lost[0].endswith("1 of 2 renamed")
    assert (tally.outcomes["changed"], tally.outcomes["refused"]) == (20, 10)
