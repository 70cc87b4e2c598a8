"""The beginning of a rule: ``python -m eventlet_codemod.scaffold rule NAME --family FAMILY``.

Writes, in a checkout of this project, the rule's module, its table of cases and its line in the
changelog. The rule claims no use yet and its cases fail: what is to be done stands in TODOs.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

RULES = Path("src/eventlet_codemod/rules")
TESTS = Path("tests/rules")
CHANGELOG = Path("CHANGELOG.md")

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CODE = re.compile(r"EVT(\d{3})")
_ENTRY = re.compile(r"^- `EVT(\d{3})` .*$", re.MULTILINE)

_RULE = '''\
"""TODO: what eventlet's name does, and what takes its place, in a sentence or two.

TODO: when the rewrite is safe, what it asks of the reviewer, and what it leaves alone.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import (
    Decision,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    leave_in_doubt,
)


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on one use."""
    if use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    call = use.call
    if call is None or call.args or call.keywords:
        return Leave(
            message="TODO: what is in the way here",
            why="TODO: what the replacement would do differently",
            advice="TODO: what a person should do",
        )
    return Rewrite(
        message="TODO: what the new code does",
        why="TODO: why that is the same",
        edits=(ReplaceExpression(call, lambda node, context: f"{{context.name('time')}}.TODO()"),),
        needs=("time",),
    )


rule = Rule(
    code="{code}",
    family="{family}",
    step=1,
    summary="TODO: one line",
    apis=frozenset({{"eventlet.TODO"}}),
    match=match,
    before="""\\
import eventlet

eventlet.TODO()
""",
    after="""\\
import time

time.TODO()
""",
)
'''

_CASES = '''\
from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    # --- what it is not about ---
    noop(
        "TODO: what only looks like it",
        """
        import eventlet

        eventlet.TODO()
        """,
    ),
    # --- what it leaves ---
    manual(
        "TODO: what it must not touch",
        """
        import eventlet

        eventlet.TODO()
        """,
    ),
    # --- what it rewrites ---
    fixes(
        "TODO: the plain form",
        """
        import eventlet

        eventlet.TODO()
        """,
        """
        TODO()
        """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_{module}(case: Case) -> None:
    check(case, "{name}")
'''


class ScaffoldError(Exception):
    """The rule cannot be begun; the message says why."""


def begin_rule(root: Path, name: str, family: str, code: str | None = None) -> tuple[Path, ...]:
    """Write the files of a new rule in the checkout at ``root``; give them. Raises ScaffoldError.

    Without ``code`` the rule gets the next one of its family that was never used.
    """
    if not (root / RULES).is_dir() or not (root / CHANGELOG).is_file():
        raise ScaffoldError(f"{root}: no checkout of eventlet-codemod")
    for word in (name, family):
        if not _NAME.fullmatch(word):
            raise ScaffoldError(f"{word}: names are lower-case words with hyphens between")
    module, package = name.replace("-", "_"), family.replace("-", "_")
    families = sorted(path.name for path in (root / RULES).iterdir() if _is_package(path))
    if package not in families:
        raise ScaffoldError(f"{family}: no such family; there are {', '.join(families)}")
    taken = [path for path in (root / RULES).glob(f"*/{module}.py") if path.is_file()]
    if taken:
        raise ScaffoldError(f"{name}: there is {taken[0].relative_to(root)}")
    code = _checked(root, code) if code else _next_code(root, package)
    rule, cases = root / RULES / package / f"{module}.py", root / TESTS / f"test_{module}.py"
    if cases.exists():
        raise ScaffoldError(f"{name}: there is {cases.relative_to(root)}")
    changelog = _with_entry((root / CHANGELOG).read_text(encoding="utf-8"), code, name)
    cases.parent.mkdir(parents=True, exist_ok=True)
    rule.write_text(_RULE.format(code=code, family=family), encoding="utf-8")
    cases.write_text(_CASES.format(module=module, name=name), encoding="utf-8")
    (root / CHANGELOG).write_text(changelog, encoding="utf-8")
    return rule, cases, root / CHANGELOG


def _is_package(path: Path) -> bool:
    return (path / "__init__.py").is_file()


def _used(root: Path) -> set[int]:
    """The numbers of all rules that there are or ever were: the changelog remembers."""
    texts = [path.read_text(encoding="utf-8") for path in (root / RULES).glob("*/*.py")]
    texts.append((root / CHANGELOG).read_text(encoding="utf-8"))
    return {int(number) for text in texts for number in _CODE.findall(text)}


def _next_code(root: Path, package: str) -> str:
    texts = (path.read_text(encoding="utf-8") for path in (root / RULES / package).glob("*.py"))
    own = [int(n) for text in texts for n in re.findall(r'code="EVT(\d{3})"', text)]
    used = _used(root)
    free = (n for n in range(max(own, default=0) + 1, 999) if n not in used)
    number = next(free, None)
    if not own or number is None:
        raise ScaffoldError(f"{package} has no next code: name one with --code EVT###")
    return f"EVT{number:03}"


def _checked(root: Path, code: str) -> str:
    match = _CODE.fullmatch(code.upper())
    if match is None:
        raise ScaffoldError(f"{code}: a code is EVT and three digits")
    if int(match[1]) in _used(root):
        raise ScaffoldError(f"{code}: used before, and codes are never used twice")
    return code.upper()


def _with_entry(changelog: str, code: str, name: str) -> str:
    """The changelog with the rule's line, in its place among those of the newest section."""
    entries = list(_ENTRY.finditer(changelog.partition("\n## ")[2].partition("\n## ")[0]))
    if not entries:
        raise ScaffoldError(f"{CHANGELOG}: no list of rules in its first section")
    start = changelog.index("\n## ") + len("\n## ")
    line = f"- `{code}` `{name}`: TODO"
    after = [entry for entry in entries if int(entry[1]) < int(code[3:])]
    if after:
        place = start + after[-1].end()
        return f"{changelog[:place]}\n{line}{changelog[place:]}"
    place = start + entries[0].start()
    return f"{changelog[:place]}{line}\n{changelog[place:]}"


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m eventlet_codemod.scaffold", description="Begin a rule."
    )
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    rule = kinds.add_parser("rule", help="a rule, its cases and its changelog line")
    rule.add_argument("name", metavar="NAME", help="what it is about, in kebab case")
    rule.add_argument("--family", required=True, help="a package of eventlet_codemod.rules")
    rule.add_argument("--code", metavar="EVT###", help="default: the family's next")
    rule.add_argument("--root", type=Path, default=Path(), help="the checkout; default: here")
    given = parser.parse_args(arguments)
    try:
        written = begin_rule(given.root, given.name, given.family, given.code)
    except ScaffoldError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for path in written:
        print(path.relative_to(given.root).as_posix())
    print("next: fill in the TODOs; CONTRIBUTING.md has the steps", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
