"""The beginning of a codemod: its file, and a table of cases that fails until it is written."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from eventlet_codemod.codemods.base import CodemodError, Kind
from eventlet_codemod.rules import built_in

_NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")

#: Modules that codemods and their tests import, or that what they import does.
_HIDDEN = sys.stdlib_module_names | {"bowler", "fissix", "libcst", "pytest", "eventlet_codemod"}

_BOWLER = '''\
"""TODO: what becomes of what, in one line: the subject of its patches.

TODO: when that is right, and what it leaves alone.

    eventlet-codemod diff --codemod {file}
    bowler run {file} -- PATH [--write]
    python {file} PATH [--write]
"""

import sys

from bowler import Query
from fissix.fixer_util import Name

from eventlet_codemod import refers_to

CODE = "{code}"
ORDER = "before"  # or "after" the built-in rules
REQUIRES = ("TODO_old",)  # only files that hold one of these words are looked at
ASKS = "TODO: what must a reviewer see to? Leave it empty where every edit is safe."

BEFORE = """\\
from pkg import utils

utils.TODO_old(work)
"""
AFTER = """\\
from pkg import utils

utils.TODO_new(work)
"""


def rename(node, capture, filename):
    leaf = capture["name"]
    leaf.replace(Name("TODO_new", prefix=leaf.prefix))


def query(*paths):
    return (
        Query(*paths)
        .select("power< any+ trailer< '.' name='TODO_old' > any* >")
        .filter(refers_to("TODO.utils.TODO_old"))
        .modify(rename)
    )


def main():
    paths = [word for word in sys.argv[1:] if not word.startswith("-")]
    done = query(*paths).execute(interactive=False, write="--write" in sys.argv, silent=False)
    raise SystemExit(done.retcode)


if __name__ == "__main__":
    main()
'''

_LIBCST = '''\
"""TODO: what becomes of what, in one line: the subject of its patches.

TODO: when that is right, and what it leaves alone.

    eventlet-codemod diff --codemod {file}
"""

import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand
from libcst.metadata import QualifiedNameProvider

CODE = "{code}"
ORDER = "before"  # or "after" the built-in rules
REQUIRES = ("TODO_old",)  # only files that hold one of these words are looked at
ASKS = "TODO: what must a reviewer see to? Leave it empty where every edit is safe."

BEFORE = """\\
from pkg import utils

utils.TODO_old(work)
"""
AFTER = """\\
from pkg import utils

utils.TODO_new(work)
"""


class Command(VisitorBasedCodemodCommand):
    DESCRIPTION = "TODO: the same line, for libcst's own tool."
    METADATA_DEPENDENCIES = (QualifiedNameProvider,)

    def leave_Attribute(self, original_node, updated_node):
        names = self.get_metadata(QualifiedNameProvider, original_node, set())
        if not any(item.name == "TODO.utils.TODO_old" for item in names):
            return updated_node
        return updated_node.with_changes(attr=cst.Name("TODO_new"))
'''

_RULES = '''\
"""TODO: what becomes of what, in one line.

TODO: when that is right, what it asks of the reviewer, and what it leaves alone.

    eventlet-codemod diff --codemod {file}
"""

from eventlet_codemod import Leave, ReplaceExpression, Rewrite, Rule


def match(use, facts, settings):
    """Decide on one reference to the name."""
    if use.call is None:
        return Leave(
            message="TODO: what is in the way here",
            why="TODO: what would be different",
            advice="TODO: what a person should do",
        )
    return Rewrite(
        message="TODO: what the new code does",
        why="TODO: why that is the same",
        edits=(ReplaceExpression(use.node, lambda node, context: "utils.TODO_new"),),
        checks={{"C-CODEMOD": "TODO: what must a reviewer see to? No checks where it is safe."}},
    )


rule = Rule(
    code="{code}",
    family="{family}",
    step=1,
    summary="TODO: what becomes of what, in one line",
    apis=frozenset({{"TODO.utils.TODO_old"}}),
    match=match,
    checks=("C-CODEMOD",),
    before="""\\
from pkg import utils

utils.TODO_old(work)
""",
    after="""\\
from pkg import utils

utils.TODO_new(work)
""",
)
'''

_FACTS = """\
summary = "TODO: whose names these are"

# Functions that patch what a string names, as mock.patch does.
patchers = []

# What a name of the project, or of a library, is in eventlet.
[names]
# "pkg.hub.TODO_old" = "eventlet.sleep"

# What a function gives now that gave a green thread.
[returns]
# "pkg.utils.TODO_spawn" = "Future"
"""

_CASES = '''\
"""What the codemod {name} must leave alone, and what it makes of the rest."""

from pathlib import Path

import pytest

from eventlet_codemod.testing import Case, check, fixes, noop

CODEMOD = str(Path(__file__).with_name("{file}"))

CASES = [
    # --- what only looks like it ---
    noop(
        "another module",
        """
        from other import utils

        utils.TODO_old(work)
        """,
    ),
    # --- what it rewrites ---
    fixes(
        "a call",
        """
        from pkg import utils

        utils.TODO_old(1)
        """,
        """
        {after}
        """,{checks}
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_{module}(case: Case) -> None:
    check(case, CODEMOD)
'''

_TEMPLATES: dict[Kind, str] = {
    "bowler": _BOWLER,
    "libcst": _LIBCST,
    "rules": _RULES,
    "facts": _FACTS,
}


def begin_codemod(name: str, kind: Kind, directory: Path) -> tuple[Path, Path]:
    """Write a codemod and its cases into a directory; give their paths. Raises CodemodError."""
    if not _NAME.fullmatch(name):
        raise CodemodError(f"{name!r}: names are lower-case words with hyphens between")
    module = name.replace("-", "_")
    if any(name == rule.name for rule in built_in()):
        raise CodemodError(f"{name}: a built-in rule has this name")
    if kind != "facts" and module in _HIDDEN:
        raise CodemodError(f"{name}: {module}.py would hide the module of that name from Python")
    path = directory / f"{module}.{'toml' if kind == 'facts' else 'py'}"
    cases = directory / f"test_{module}.py"
    for file in (path, cases):
        if file.exists():
            raise CodemodError("it is there already", str(file))
    letters = re.sub("[^A-Z]", "", name.upper())[:12].ljust(2, "X")
    after = "TODO()" if kind == "facts" else "from pkg import utils\n\n        utils.TODO_new(1)"
    directory.mkdir(parents=True, exist_ok=True)
    path.write_text(
        _TEMPLATES[kind].format(file=path.as_posix(), code=f"{letters}001", family=name)
        if kind != "facts"
        else _FACTS,
        encoding="utf-8",
    )
    cases.write_text(
        _CASES.format(
            name=name,
            file=path.name,
            module=module,
            after=after,
            checks="" if kind == "facts" else '\n        checks=["C-CODEMOD"],',
        ),
        encoding="utf-8",
    )
    return path, cases
