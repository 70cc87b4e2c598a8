"""Write what the examples' tests expect: `python examples/regenerate.py`.

For each example: `expected.patch` is what `diff` prints, `expected.txt` what `scan -v` prints. Each
runs on a copy, since an example is a project of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLES = tuple(sorted(path.parent for path in HERE.glob("*/README.md")))
OUTPUTS = {
    "expected.patch": ("diff",),
    "expected.txt": ("scan", "--format", "text", "--verbose"),
}


def copy(example: Path, target: Path) -> Path:
    """Copy the programs of an example."""
    target.mkdir()
    for path in example.glob("*.py"):
        shutil.copy(path, target)
    return target


def run(arguments: tuple[str, ...], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the tool on the directory it is in."""
    command = [sys.executable, "-m", "eventlet_codemod", *arguments, "."]
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8"
    )


def main() -> None:
    """Write the expected output of every example."""
    with tempfile.TemporaryDirectory() as scratch:
        for example in EXAMPLES:
            work = copy(example, Path(scratch) / example.name)
            for name, arguments in OUTPUTS.items():
                done = run(arguments, work)
                if done.returncode != 1 or not done.stdout:
                    sys.exit(f"{example.name}: exit code {done.returncode}\n{done.stderr}")
                (example / name).write_text(done.stdout, encoding="utf-8")


if __name__ == "__main__":
    main()
