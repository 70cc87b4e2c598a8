"""A sample of the hazards of some trees, to be judged by reading the code.

    python benchmarks/hazards.py TREE [TREE …]                  # counts, and 50 at random
    python benchmarks/hazards.py TREE --number 20 --seed 7
    python benchmarks/hazards.py TREE --around 3                # with the lines around the evidence
    python benchmarks/hazards.py TREE [TREE …] --judged         # how many were judged true

Each tree is scanned as `eventlet-codemod scan` does it. The sample is the same for the same seed,
trees and version. A hazard is *true* if a reviewer who reads its places would ask for a change, or
for a comment that says why the code is right. `hazards_judged.tsv` has what was judged so, by
project and release: those of the releases that the rules were tuned on, and those *held out*, of
releases that were looked at only when the rules were done. A tree is named like its project.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

JUDGED = Path(__file__).with_name("hazards_judged.tsv")
TOOL = (sys.executable, "-m", "eventlet_codemod")

Hazard = dict[str, Any]
Placed = tuple[Path, str, Hazard]


def hazards(tree: Path, profile: str) -> Iterator[Placed]:
    """The open hazards of a tree, in the order of their files."""
    command = [*TOOL, "scan", "--isolated", "--profile", profile, "--format", "jsonl", "."]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{tree}: {done.stderr.strip()}")
    for line in done.stdout.splitlines():
        item = json.loads(line)
        if "hazard" in item and item["hazard"]["status"] == "open":
            yield tree, item["path"], item["hazard"]


def sample(found: Sequence[Placed], number: int, seed: int) -> list[Placed]:
    """Some of them at random, in their order."""
    chosen = random.Random(seed).sample(range(len(found)), min(number, len(found)))
    return [found[place] for place in sorted(chosen)]


def table(found: Sequence[Placed], chosen: Sequence[Placed]) -> list[str]:
    """How many there are of each rule, and in the sample."""
    name = {hazard["rule"]: hazard["name"] for _, _, hazard in found}
    counts = Counter(hazard["rule"] for _, _, hazard in found)
    sampled = Counter(hazard["rule"] for _, _, hazard in chosen)
    rows = [(code, name[code], counts[code], sampled[code]) for code in sorted(counts)]
    rows.append(("all", "", len(found), len(chosen)))
    return [f"{code:7} {name:24} {count:5} {some:8}" for code, name, count, some in rows]


def verdicts(found: Sequence[Placed], judged: Path) -> list[str]:
    """How many of them were judged true, by corpus, and how many nobody judged."""
    with judged.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    known = {(row["project"], row["path"], row["line"], row["rule"]): row for row in rows}
    counts: dict[str, Counter[str]] = {}
    for tree, path, hazard in found:
        name = re.sub(r"-\d[\w.]*$", "", tree.name).replace("_", "-")
        row = known.get((name, path, str(hazard["line"]), hazard["rule"]))
        corpus, verdict = (row["corpus"], row["verdict"]) if row else ("not judged", "")
        counts.setdefault(corpus, Counter())[verdict] += 1
    lines_out = []
    for corpus, verdict in sorted(counts.items()):
        total = verdict.total()
        said = f"{verdict['true']} of {total} are true" if verdict[""] == 0 else f"{total}"
        lines_out.append(f"{corpus}: {said}")
    return lines_out


def told(placed: Placed, around: int) -> Iterator[str]:
    """One hazard with its places, and the code there."""
    tree, path, hazard = placed
    yield f"{tree.name}/{path}:{hazard['line']}: {hazard['rule']} {hazard['message']}"
    for place in hazard["evidence"]:
        yield f"    {place['path']}:{place['line']}: {place['what']}"
        lines = (tree / place["path"]).read_text(errors="replace").splitlines()
        first, last = max(place["line"] - around, 1), place["line"] + around
        for number in range(first, min(last, len(lines)) + 1) if around >= 0 else ():
            yield f"      {number:6} {lines[number - 1]}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("trees", nargs="+", type=Path, metavar="TREE")
    parser.add_argument("--number", type=int, default=50, help="how many to sample (default: 50)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--around", type=int, default=-1, help="lines of code around each place")
    parser.add_argument("--profile", default="openstack")
    parser.add_argument("--judged", action="store_true", help="only count what was judged")
    given = parser.parse_args()
    found = [item for tree in given.trees for item in hazards(tree.resolve(), given.profile)]
    if given.judged:
        print("\n".join(verdicts(found, JUDGED)))
        return 0
    chosen = sample(found, given.number, given.seed)
    for placed in chosen:
        print("\n".join([*told(placed, given.around), ""]))
    print(f"{'rule':7} {'':24} {'found':>5} {'sampled':>8}", *table(found, chosen), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
