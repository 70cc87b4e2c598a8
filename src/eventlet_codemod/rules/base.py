"""What a rule is made of.

A rule claims names of eventlet. For each use of one it decides, from facts alone: rewrite, with
the edit and what the reviewer must check, or leave, with advice. Rules are pure: they do no I/O
and keep nothing between uses or files.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import OPTIONAL, Binding, Facts, Use
from eventlet_codemod.imports import Import

if TYPE_CHECKING:
    import libcst as cst

    from eventlet_codemod.rewrite import Context

#: Questions that analysis could not answer, as asked of the reviewer.
CHECKS: Mapping[str, str] = {
    "C-START": "does the child read what the parent sets after starting it, or count on an order?",
    "C-ATOM": "is state that the child shares with others guarded by a lock?",
    "C-EXIT": "can the child raise SystemExit? It ends the thread only, no longer the process",
    "C-LIFE": "must this work survive the end of the main thread?",
    "C-EXC": "does someone rely on the printed traceback?",
    "C-LOCAL": "does the code rely on starting with clean thread-locals or context?",
    "C-BOUND": "how many threads can this create at once?",
    "C-KILL": "does something kill this code or time it out? A native call is not interrupted",
    "C-MAIN": "does the target need the main thread (signals, event loop)?",
    "C-AFF": "does the target use an object bound to the thread that created it?",
    "C-FORK": "does the process fork after this?",
    "C-YIELD": "does something rely on every ready green thread having run once here?",
    "C-ORDER": "does someone rely on the order in which waiters or callbacks run?",
    "C-TYPE": "can the argument be negative, None or not a number?",
    "C-NONE": "is the returned value used in a way that changes?",
    "C-SOCK": "does error handling depend on how eventlet's sockets and pipes behave?",
    "C-TLS": "may this connection go on without verifying who answers?",
    "C-HTTP": "does a client or the application rely on how eventlet's server speaks HTTP?",
    "C-FLOW": "the object leaves this file's analysis: is everything done to it elsewhere in step?",
    "C-ONCE": "does something rely on the AssertionError of a second send()?",
    "C-TRUTH": "a green thread was false once it had ended: is the test about None only?",
    "C-NEST": "can a task wait for another task of its pool? If every thread does, none goes on",
    "C-STATE": "the module is shared now: does the code rely on a private copy of it?",
    "C-MOCK": "everything in the process that calls this meets the mock: does a thread?",
    "C-EARLY": "can this run before monkey_patch() is called?",
    "C-VERSION": "is the library new enough, wherever this runs?",
    "C-MODE": "does a library choose how to run by whether eventlet is installed?",
    "C-CATCH": "does another except clause meet the TimeoutError, which Timeout was not?",
    "C-STALE": "does a comment speak of what goes?",
    "C-BRANCH": "was the branch that goes the one that production ran?",
    "C-CODEMOD": "is what this codemod changes right here?",
}


@dataclass(frozen=True, slots=True)
class ReplaceExpression:
    """Put what ``make`` returns, code or a node, in the place of an expression.

    ``make`` receives the concrete node, its inner edits already made. ``names`` is the dotted name
    that takes the place of eventlet's: what a test has to patch from then on. ``parents`` lead to
    an expression outside of the statement that the use stands in.
    """

    node: ast.expr
    make: Callable[[cst.BaseExpression, Context], cst.BaseExpression | str]
    names: str = ""
    parents: tuple[ast.AST, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplaceStatement:
    """Put lines of code in the place of one simple statement; no line removes it.

    ``names`` as in `ReplaceExpression`.
    """

    node: ast.stmt
    make: Callable[[cst.BaseSmallStatement, Context], Sequence[str]]
    names: str = ""


@dataclass(frozen=True, slots=True)
class ReplaceHandler:
    """Put other exceptions into an except clause; without ``make``, remove the clause.

    ``drops_name``: what it caught has a name no more.
    """

    node: ast.ExceptHandler
    make: Callable[[cst.BaseExpression, Context], str] | None = None
    drops_name: bool = False

    @property
    def removes(self) -> bool:
        """Whether the clause goes."""
        return self.make is None


@dataclass(frozen=True, slots=True)
class ReplaceImport:
    """Bind the name of one import to something else, or fold the try statement around it.

    With neither the import goes. ``lifted``: the new import stands at the top of the module.
    """

    binding: Binding
    new: Import | None = None
    fold_try: bool = False
    lifted: bool = False

    @property
    def drops(self) -> bool:
        """Whether the import goes."""
        return self.new is None and not self.fold_try


@dataclass(frozen=True, slots=True)
class Fold:
    """Put one block of a compound statement in its place: ``keep`` is ``body`` or ``orelse``.

    Of a loop only ``orelse`` is kept. ``above`` receives the statement, its inner edits made, and
    gives lines of code to put above the block.
    """

    node: ast.If | ast.Try | ast.For | ast.With
    keep: str
    above: Callable[[cst.BaseCompoundStatement, Context], Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """Make a ``try`` of a ``with`` statement: its block, and the clauses that ``make`` gives.

    ``above`` as of `Fold`.
    """

    node: ast.With
    make: Callable[[Context], str]
    above: Callable[[cst.BaseCompoundStatement, Context], Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """Make an ``if`` of a ``with`` statement, whose first statement, an expression, is the test.

    ``above`` as of `Fold`.
    """

    node: ast.With
    above: Callable[[cst.BaseCompoundStatement, Context], Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class DropFinally:
    """Take the finally clause from a try statement that has except clauses."""

    node: ast.Try


@dataclass(frozen=True, slots=True)
class DropMock:
    """Take a decorator from a function, with the parameter that it gave, if any."""

    node: ast.FunctionDef | ast.AsyncFunctionDef
    decorator: ast.expr
    parameter: str


@dataclass(frozen=True, slots=True)
class WrapBlock:
    """Make a ``with`` statement of the first of some statements of one block, around the others.

    ``make`` receives the first one, its inner edits already made, and gives what stands between
    ``with`` and the colon. ``drops_last``: the last one goes, since the end of the block says it.
    """

    statements: tuple[ast.stmt, ...]
    make: Callable[[cst.BaseSmallStatement, Context], str]
    drops_last: bool = False

    @property
    def node(self) -> ast.stmt:
        """The first statement."""
        return self.statements[0]


@dataclass(frozen=True, slots=True)
class ReplaceDefinition:
    """Put what ``make`` returns in the place of a function or class without decorators.

    ``make`` receives the concrete node, its inner edits already made.
    """

    node: ast.FunctionDef | ast.ClassDef
    make: Callable[[cst.CSTNode, Context], cst.CSTNode]


Edit = (
    ReplaceExpression
    | ReplaceStatement
    | ReplaceHandler
    | ReplaceImport
    | ReplaceDefinition
    | Fold
    | Guard
    | Condition
    | DropFinally
    | DropMock
    | WrapBlock
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """The decision to rewrite a use: safe when ``checks`` is empty, else for review.

    ``checks`` maps the codes of open questions to what to look at here ("" for the question
    itself). ``needs`` names the modules that the new code refers to. Without ``edits`` the text
    stays, because it is right for the native object too. ``binds`` are imports to add as they
    are; ``relies_on`` takes the place of the rule's own. ``helpers`` names what the new code uses
    of the project's helper module (`helper_module`), ``makes`` the module of the project that it
    calls and that the run writes (`dual_module`), ``follows`` the one with whose change this one
    goes. ``together`` names what this use has a part in: all uses of that name are rewritten or
    none, in the file or, for a name of eventlet, in the whole project. ``with_object`` is the
    object (the id of its `Handle.group`) of which the same holds: one that it ends the wait for.
    ``stays``: there is nothing to edit, and the use is none any more once nothing is patched.
    ``step`` takes the place of the rule's, where here it would be wrong before that. ``done``: all
    of it is as it should be, so that there is nothing to tell.
    """

    message: str
    why: str
    edits: tuple[Edit, ...] = ()
    checks: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    binds: tuple[Import, ...] = ()
    relies_on: str | None = None
    helpers: tuple[str, ...] = ()
    makes: str = ""
    follows: str = ""
    setting: str | None = None
    together: str = ""
    with_object: str = ""
    stays: bool = False
    step: int | None = None
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """The decision to leave a use alone: why, and what a person should do.

    ``together`` and ``with_object`` as in `Rewrite`: what has the same name stays with it. ``step``
    takes the place of the rule's: before which step the use has to go. ``writes`` are files of the
    project, path and text, that the run makes for that person where there are none. ``waits`` names
    the call that keeps it, and with it all that stays with it.
    """

    message: str
    why: str
    advice: str
    setting: str | None = None
    together: str = ""
    with_object: str = ""
    step: int | None = None
    writes: tuple[tuple[str, str], ...] = ()
    waits: str = ""


Decision = Rewrite | Leave


def removed_by(edit: Edit) -> list[ast.AST]:
    """The statements, clauses and conditions that go with an edit."""
    if isinstance(edit, ReplaceHandler):
        return [edit.node] if edit.removes else []
    if isinstance(edit, DropFinally):
        return list(edit.node.finalbody)
    if not isinstance(edit, Fold):
        return []
    if isinstance(edit.node, ast.Try):
        return [*edit.node.handlers, *edit.node.finalbody]
    if isinstance(edit.node, ast.With):
        return []
    return list(edit.node.orelse if edit.keep == "body" else edit.node.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One concept of eventlet.

    ``apis`` are canonical names; one that ends in ``.*`` claims everything below it. ``checks``
    are the codes of all questions that its rewrites may leave open. ``relies_on``
    is the part of the standard library, named as `monkey_patch` names it, that must be patched
    for native code to live beside green threads. A ``last`` rule waits until nothing else is left.
    ``beside``: its edits reach other statements of the block that a use stands in.
    ``before``/``after`` is the example of its page, run by the tests with ``example_settings``. The
    page's text is the docstring of the module. ``sketches`` is code, by title, that does by hand
    what the rule leaves; tests run it. ``alias`` names a rule that has no module to itself, and
    ``order`` says when the stage of a codemod runs, for which a rule may stand (see `codemods`).
    """

    code: str
    family: str
    step: int
    summary: str
    apis: frozenset[str]
    match: Callable[[Use, Facts, Settings], Decision | None]
    before: str
    after: str
    checks: tuple[str, ...] = ()
    relies_on: str | None = None
    last: bool = False
    beside: bool = False
    settings: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    example_settings: Mapping[str, object] = field(default_factory=dict)
    sketches: Mapping[str, str] = field(default_factory=dict)
    module: str = ""
    alias: str = ""
    order: Literal["before", "with", "after"] = "with"

    @property
    def name(self) -> str:
        """The rule's name: that of its module, in kebab case, or its alias."""
        return self.alias or self.module.rpartition(".")[2].replace("_", "-")

    @property
    def text(self) -> str:
        """What the rule's module says of it."""
        return inspect.cleandoc(sys.modules[self.module].__doc__ or "")

    def claims(self, api: str) -> bool:
        """Whether a use of ``api`` is offered to this rule."""
        if api in self.apis:
            return True
        parts = api.split(".")
        return any(".".join([*parts[:end], "*"]) in self.apis for end in range(len(parts)))


def is_elif(node: ast.If, facts: Facts) -> bool:
    """Whether an if statement is written as the ``elif`` of another."""
    line = facts.lines[node.lineno - 1].encode()[node.col_offset :]
    return line.startswith(b"elif")


def is_alone_in_block(use: Use) -> bool:
    """Whether the statement of a use is all that its block holds."""
    holder = use.parents[use.parents.index(use.statement) - 1]
    blocks = [getattr(holder, name, None) for name in ("body", "orelse", "finalbody")]
    block = next((b for b in blocks if isinstance(b, list) and use.statement in b), [])
    return len(block) == 1 and not isinstance(holder, ast.Module)


def has_own_lines(node: ast.stmt, facts: Facts) -> bool:
    """Whether a statement has its lines to itself, so that others can take its place."""
    first, last = facts.lines[node.lineno - 1], facts.lines[(node.end_lineno or 0) - 1]
    around = first.encode()[: node.col_offset] + last.encode()[node.end_col_offset :]
    return not around.strip()


def removed(use: Use) -> ReplaceStatement:
    """The edit that takes the statement of a use away."""
    return ReplaceStatement(use.statement, lambda node, context: ())


def fold_fallback(use: Use, facts: Facts, native: str) -> Rewrite | None:
    """The decision where ``except ImportError`` binds the name to its native twin anyway.

    The code must work with the twin already, so the fallback simply becomes the only import.
    """
    if use.doubt != OPTIONAL or len(use.bindings) != 1:
        return None
    binding = use.bindings[0]
    guard = next((n for n in reversed(binding.parents) if isinstance(n, ast.Try)), None)
    if guard is None or len(guard.handlers) != 1 or guard.orelse or guard.finalbody:
        return None
    if len(guard.body) != 1 or len(getattr(guard.body[0], "names", ())) != 1:
        return None
    body = guard.handlers[0].body
    twin = body[0] if len(body) == 1 and isinstance(body[0], ast.ImportFrom) else None
    if twin is None or twin.level or len(twin.names) != 1:
        return None
    alias = twin.names[0]
    if f"{twin.module}.{alias.name}" != native or (alias.asname or alias.name) != binding.name:
        return None
    first = facts.names.references[binding][0]
    return Rewrite(
        message=f"`{native}`, the fallback, is imported without condition",
        why="where eventlet is not installed this code runs on it already",
        edits=(ReplaceImport(binding, fold_try=True),) if use is first else (),
    )


def leave_in_doubt(use: Use) -> Leave | None:
    """The decision for a use whose name may mean something else, or that is no plain read."""
    if use.doubt:
        return Leave(
            message=f"`{use.path}` may not be eventlet's here: {use.doubt}",
            why="a name with two meanings cannot be rewritten for both",
            advice="make the name mean one thing in this file, then run again",
        )
    if use.kind == "reference" and not use.loaded:
        return Leave(
            message=f"`{use.path}` is assigned to",
            why="replacing an attribute of eventlet changes it for the whole process",
            advice="remove the assignment, or make it on the replacement by hand",
        )
    return None
