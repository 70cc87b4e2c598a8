'''A harness for tables of cases: what a rule must leave alone, and what it makes of the rest.

    CASES = [
        noop("somebody else's sleep", """
            from asyncio import sleep
        """),
        manual("the argument cannot be seen", """
            import eventlet
            eventlet.sleep(*given)
        """, says="cannot be seen"),
        fixes("a number", """
            import eventlet
            eventlet.sleep(1)
        """, """
            import time
            time.sleep(1)
        """),
    ]

    @pytest.mark.parametrize("case", CASES, ids=str)
    def test_sleep(case):
        check(case, "sleep")

Programs stand indented in the table. A case counts as part of a program that calls
``monkey_patch()`` somewhere, unless it says ``monkey_patched="auto"`` or ``"no"``.
'''

from __future__ import annotations

import ast
import difflib
import io
import tempfile
import textwrap
import tokenize
import warnings
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from eventlet_codemod import pipeline
from eventlet_codemod.codemods.base import Codemod, CodemodError
from eventlet_codemod.codemods.installed import using
from eventlet_codemod.codemods.loading import load_codemod
from eventlet_codemod.config import Settings
from eventlet_codemod.patch import PatchError, apply_patch, git_available, git_check
from eventlet_codemod.rules import Rule, find_rule
from eventlet_codemod.run import rewrite_one

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from eventlet_codemod.engine import FileChange
    from eventlet_codemod.ledger import Finding

__all__ = ["Case", "check", "fixes", "manual", "noop"]

Tier = Literal["safe", "review"]

UNUSED_IMPORT = "unused-import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One program, and what the rule must do with it.

    ``after`` is None where the program must stay as it is. ``checks`` are the codes of all open
    questions, ``left`` is how many uses of anything stay, ``loses`` the comments that go with
    what they stand at. ``files`` are other files of the project around ``path``.
    """

    id: str
    kind: Literal["noop", "manual", "fixes"]
    before: str
    after: str | None = None
    tier: Tier = "safe"
    checks: frozenset[str] = frozenset()
    says: str = ""
    advises: str = ""
    left: int = 0
    loses: tuple[str, ...] = ()
    path: str = "example.py"
    files: Mapping[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)

    def __str__(self) -> str:
        return self.id


def noop(
    id: str,
    source: str,
    *,
    path: str = "example.py",
    files: Mapping[str, str] | None = None,
    **settings: Any,
) -> Case:
    """Make a case in which nothing is what the rule is about: it has no finding."""
    return Case(
        id=id,
        kind="noop",
        before=_program(source),
        path=path,
        files=files or {},
        settings=_settings(settings),
    )


def manual(
    id: str,
    source: str,
    *,
    says: str = "",
    advises: str = "",
    path: str = "example.py",
    files: Mapping[str, str] | None = None,
    **settings: Any,
) -> Case:
    """Make a case that is reported and left.

    ``says`` is part of a finding's message, ``advises`` of its advice.
    """
    return Case(
        id=id,
        kind="manual",
        before=_program(source),
        says=says,
        advises=advises,
        path=path,
        files=files or {},
        settings=_settings(settings),
    )


def fixes(
    id: str,
    before: str,
    after: str,
    *,
    tier: Tier | None = None,
    checks: Sequence[str] = (),
    says: str = "",
    left: int = 0,
    loses: Sequence[str] = (),
    path: str = "example.py",
    files: Mapping[str, str] | None = None,
    **settings: Any,
) -> Case:
    """Make a case that is rewritten; its tier follows from ``checks`` unless it is given."""
    return Case(
        id=id,
        kind="fixes",
        before=_program(before),
        after=_program(after),
        tier=tier or ("review" if checks else "safe"),
        checks=frozenset(checks),
        says=says,
        left=left,
        loses=tuple(loses),
        path=path,
        files=files or {},
        settings=_settings(settings),
    )


def _program(source: str) -> str:
    return textwrap.dedent(source).removeprefix("\n")


def _settings(given: dict[str, Any]) -> Settings:
    return Settings(**{"monkey_patched": "yes", **given})


def check(case: Case, rule: Rule | Codemod | str) -> None:
    """Assert all that a case says, and what must hold of every rewrite.

    ``rule`` is a rule or its name, or a codemod: what `load_codemod` gives, or the path of its
    file. A codemod is run with the built-in rules, as it would be in a project.

    The result compiles; a second pass finds nothing more; no comment is lost and no line changed
    but those of the uses and of imports; the patch applies and gives the result; and all is the
    same with CRLF line ends and without a newline at the end. Raises AssertionError.
    """
    __tracebackhide__ = True
    if isinstance(rule, str) and rule.endswith((".py", ".toml")):
        try:
            rule = load_codemod(rule)
        except CodemodError as error:  # one line, and not the way to it
            raise AssertionError(str(error)) from None
    if isinstance(rule, Codemod):
        given = replace(case.settings, codemods=(rule.spec,), declared=rule.declared)
        with using(rule):
            _check(replace(case, settings=given), _Subject.of_codemod(rule))
        return
    rule = find_rule(rule) if isinstance(rule, str) else rule
    _check(case, _Subject.of_rule(rule))


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is tested: which findings are its own."""

    name: str
    claims: Callable[[Finding], bool]
    does: Callable[[Finding], bool]

    @classmethod
    def of_rule(cls, rule: Rule) -> _Subject:
        return cls(rule.name, lambda f: rule.claims(f.api), lambda f: f.rule == rule.code)

    @classmethod
    def of_codemod(cls, codemod: Codemod) -> _Subject:
        codes = {rule.code for rule in codemod.rules}
        if not codes:  # facts: whatever the built-in rules find is due to them
            return cls(codemod.name, lambda f: True, lambda f: True)
        names = codemod.declared.names
        return cls(
            codemod.name,
            lambda f: f.rule in codes or f.api in names,
            lambda f: f.rule in codes,
        )


def _check(case: Case, rule: _Subject) -> None:
    __tracebackhide__ = True
    if rule.name != UNUSED_IMPORT:  # it would take the import that only sets the scene
        ignore = (*case.settings.ignore, UNUSED_IMPORT)
        case = replace(case, settings=replace(case.settings, ignore=ignore))
    with tempfile.TemporaryDirectory(prefix="eventlet-codemod-") as scratch:
        root = Path(scratch)
        for name, text in case.files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(_program(text).encode())
        project = root if case.files else None
        change = _run(case, case.before, project)
        _check_result(case, rule, change)
        if change.new is not None:
            _check_always(case, change, project)
        crlf = case.before.replace("\n", "\r\n")
        bare = case.before.rstrip("\n")
        variants = [(change, "a.py")]
        for before, name, said in ((crlf, "b.py", "CRLF"), (bare, "c.py", "no last newline")):
            other = _run(case, before, project)
            _check_same(case, change, other, said)
            variants.append((other, name))
        _check_patches(case, variants, root)


def _run(case: Case, text: str, root: Path | None) -> FileChange:
    settings = case.settings

    def by_rules(data: bytes) -> FileChange:
        return rewrite_one(data, case.path, settings, root=root)

    if not settings.codemods:
        return by_rules(text.encode())
    return pipeline.rewrite_one(text.encode(), case.path, settings, by_rules, root=root)


# --- what the case says -------------------------------------------------------------------------


def _check_result(case: Case, rule: _Subject, change: FileChange) -> None:
    __tracebackhide__ = True
    entry = change.entry
    _assert(entry.error is None, case, change, f"it failed: {entry.error}")
    told = [failure.message for failure in entry.failures]
    _assert(not told, case, change, f"the codemod failed: {told}")
    got = (change.result or b"").decode()
    wanted = case.before if case.after is None else case.after
    _assert(got == wanted, case, change, "the result is another", wanted, got)
    ours = [f for f in entry.findings if rule.claims(f)]
    done = [f for f in ours if f.status == "rewritten" and rule.does(f)]
    if case.kind == "noop":
        _assert(not ours, case, change, f"{rule.name} has a finding")
    elif case.kind == "manual":
        left = [f for f in ours if f.status == "left"]
        _assert(bool(left), case, change, f"nothing that {rule.name} is about is left")
        _check_words(case, left, change)
    else:
        _assert(bool(done), case, change, f"{rule.name} rewrote nothing")
        _check_words(case, done, change)
        asked = {code for finding in done for code in finding.may_differ}
        asks, wants = (", ".join(sorted(codes)) or "nothing" for codes in (asked, case.checks))
        _assert(
            asked == case.checks, case, change, f"it asks {asks}; `checks` of the case: {wants}"
        )
        worst = "review" if any(f.tier == "review" for f in done) else "safe"
        _assert(worst == case.tier, case, change, f"the tier is not {case.tier}")
        left = [f for f in entry.findings if f.status == "left"]
        _assert(len(left) == case.left, case, change, f"{case.left} were to be left")


def _check_words(case: Case, findings: Sequence[Finding], change: FileChange) -> None:
    __tracebackhide__ = True
    found = any(case.says in finding.message for finding in findings)
    _assert(found, case, change, f"no message says {case.says!r}")
    found = any(case.advises in finding.advice for finding in findings)
    _assert(found, case, change, f"no advice says {case.advises!r}")


# --- what holds of every rewrite ----------------------------------------------------------------


def _check_always(case: Case, change: FileChange, root: Path | None) -> None:
    __tracebackhide__ = True
    assert change.new is not None
    new = change.new.decode()
    _compile(case, change, new)
    again = _run(case, new, root)
    _assert(again.entry.error is None, case, again, "a second pass fails")
    _assert(again.new is None, case, again, "a second pass rewrites more")
    findings = change.entry.findings
    told = [finding.status for finding in findings]
    _assert(len(told) == change.uses, case, change, f"{change.uses} uses are to be accounted for")
    lost = _comments(case.before) - _comments(new) - Counter(case.loses)
    _assert(not lost, case, change, f"the comment {min(lost, default='')!r} is lost")
    movable = _movable_lines(case.before, findings)
    for number in _removed_lines(case.before, new):
        _assert(number in movable, case, change, f"line {number} was nobody's to change")


def _compile(case: Case, change: FileChange, text: str) -> None:
    __tracebackhide__ = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, case.path, "exec", dont_inherit=True)
    except SyntaxError as error:
        _assert(False, case, change, f"the result does not compile: {error}")


def _comments(text: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text, newline="").readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


def _removed_lines(before: str, after: str) -> Iterator[int]:
    """Numbers of the lines that are not there any more, not even one level further in."""
    old, new = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, False)
    inner = Counter(new) - Counter(old)
    for tag, first, last, _, _ in matcher.get_opcodes():
        for number in range(first, last) if tag != "equal" else ():
            moved = f"    {old[number]}"
            if not inner[moved]:
                yield number + 1
            inner[moved] -= bool(inner[moved])


def _movable_lines(before: str, findings: Sequence[Finding]) -> set[int]:
    """Lines of imports and of the statements around what was rewritten, and empty ones.

    Comments at the end of a block belong to it.
    """
    tree = ast.parse(before)
    lines = before.splitlines()
    movable = {number for number, line in enumerate(lines, 1) if not line.strip()}
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    changed = [node for node in statements if _holds_only_imports(node)]
    for finding in findings:
        if finding.status != "rewritten":
            continue
        around = [node for node in statements if _holds(node, finding, before)]
        around.reverse()  # inner ones first
        around.sort(key=lambda node: len(_lines(node)))
        changed.append(around[0])
        if finding.api.startswith("codemod."):  # of a stage: lines that stand together are one
            movable.update(range(finding.line, finding.end_line + 1))
        if len(around) > 1 and (
            around[0] in _only_statements(around[1]) or find_rule(finding.rule).beside
        ):
            changed.append(around[1])
        changed += _cleaning_up(around[0], statements)
    for node in changed:
        movable.update(_lines(node))
        movable.update(_comments_below(node, lines))
    return movable


def _cleaning_up(node: ast.stmt, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    """What only cancels what an assignment keeps: the statement, and the try that ends with it."""
    names = [f"{ast.unparse(target)}.cancel" for target in getattr(node, "targets", ())]
    return [
        other
        for other in statements
        for part in (other.finalbody if isinstance(other, ast.Try) else [other])
        if isinstance(part, ast.Expr) and any(name in ast.unparse(part) for name in names)
    ]


def _comments_below(node: ast.stmt, lines: Sequence[str]) -> Iterator[int]:
    """Lines of comments that stand in the block of a compound statement, below its last line."""
    for number in range((node.end_lineno or 0) + 1, len(lines) + 1):
        line = lines[number - 1]
        comment = line.lstrip().startswith("#") and len(line) - len(line.lstrip()) > node.col_offset
        if line.strip() and not comment:
            return
        yield number


def _holds(node: ast.stmt, finding: Finding, text: str) -> bool:
    """Whether a finding lies in a statement, or in its decorators."""
    if finding.line < node.lineno:
        return finding.line in _lines(node)
    line = text.splitlines()[finding.line - 1]
    start = (finding.line, len(line[: finding.column].encode()))
    end = (node.end_lineno or 0, node.end_col_offset or 0)
    return (node.lineno, node.col_offset) <= start < end


def _lines(node: ast.AST) -> range:
    first = min(
        [getattr(node, "lineno", 0)] + [item.lineno for item in getattr(node, "decorator_list", ())]
    )
    return range(first, (getattr(node, "end_lineno", 0) or 0) + 1)


def _holds_only_imports(node: ast.AST) -> bool:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return True
    if not isinstance(node, (ast.If, ast.Try)):
        return False
    inner = [item for item in ast.walk(node) if isinstance(item, ast.stmt) and item is not node]
    return all(isinstance(item, (ast.Import, ast.ImportFrom, ast.Pass)) for item in inner)


def _only_statements(node: ast.AST) -> list[ast.stmt]:
    """The statements that are all that a block of a compound statement holds."""
    blocks = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
    return [block[0] for block in blocks if len(block) == 1]


def _check_same(case: Case, change: FileChange, other: FileChange, said: str) -> None:
    """The same program in other bytes comes out the same."""
    __tracebackhide__ = True
    _assert(other.entry.error is None, case, other, f"it fails with {said}: {other.entry.error}")
    wanted = (change.result or b"").decode()
    got = (other.result or b"").decode()
    if said == "CRLF":
        wanted = wanted.replace("\n", "\r\n")
        same = got == wanted
    else:
        same = got.rstrip("\n") == wanted.rstrip("\n")
    _assert(same, case, other, f"with {said} the result is another", wanted, got)
    told, again = ([_gist(f) for f in c.entry.findings] for c in (change, other))
    _assert(told == again, case, other, f"with {said} the findings are others")


def _gist(finding: Finding) -> tuple[object, ...]:
    return (finding.rule, finding.line, finding.status, finding.tier, finding.message)


def _check_patches(case: Case, variants: Sequence[tuple[FileChange, str]], root: Path) -> None:
    """Each patch gives its result, and git takes them all."""
    __tracebackhide__ = True
    patches = ""
    for change, name in variants:
        patch = change.entry.patch
        if change.new is None:
            _assert(not patch, case, change, "there is a patch although nothing changed")
            continue
        try:
            given = apply_patch(change.old, patch)
        except PatchError as error:
            _assert(False, case, change, f"its patch does not apply: {error}")
        _assert(given == change.new, case, change, "its patch gives something else")
        (root / name).write_bytes(change.old)
        header = patch.split("@@", 1)[0]
        patches += header.replace(case.path, name) + patch.removeprefix(header)
    if patches and git_available():
        refused = git_check(patches, root)
        _assert(refused is None, case, variants[0][0], f"git refuses the patch: {refused}")


# --- what a failure says ------------------------------------------------------------------------


def _assert(
    holds: bool, case: Case, change: FileChange, message: str, wanted: str = "", got: str = ""
) -> None:
    __tracebackhide__ = True
    if holds:
        return
    lines = [f"{case.id}: {message}"]
    if wanted != got:
        old, new = wanted.splitlines(), got.splitlines()
        lines += difflib.unified_diff(old, new, "wanted", "got", lineterm="")
    else:
        lines += ["", change.entry.patch or (change.result or b"").decode()]
    lines.append("")
    for finding in change.entry.findings:
        asked = f" [{' '.join(finding.may_differ)}]" if finding.may_differ else ""
        lines.append(
            f"{finding.line}:{finding.column} {finding.rule} {finding.tier} {finding.status} "
            f"{finding.api}{asked}: {finding.message}"
        )
    raise AssertionError("\n".join(lines))
