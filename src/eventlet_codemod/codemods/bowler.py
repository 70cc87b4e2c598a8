"""Bowler queries as a stage: the query is compiled, and fissix is driven on text.

Bowler's own `Query.execute` is never called: it finds files, prompts, prints, and tells nothing of
what it could not parse or apply. Here each of these is an error of the stage on that file, and
what the query does not touch stays as it was, to the byte.

Bowler and fissix are imported where they are needed, through `_imported`: importing fissix writes
a cache below the home directory, and fails where it cannot.
"""

from __future__ import annotations

import contextlib
import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from types import SimpleNamespace
from typing import Any

from eventlet_codemod.codemods.stage import (
    LIMIT,
    Remark,
    Staged,
    StageError,
    described,
    guarded,
    is_python,
    prove_python,
)
from eventlet_codemod.config import ConfigError
from eventlet_codemod.linemap import LineMap

_FSTRING = re.compile(r"\b[rR]?[fFtT][rR]?['\"]")


class BowlerMissing(ConfigError):
    """Bowler is not installed, or cannot be imported; the message says what to do."""


def missing(error: ImportError) -> BowlerMissing:
    """What to say where Bowler cannot be imported."""
    return BowlerMissing(
        f"a Bowler query needs Bowler ({error}): pip install 'eventlet-codemod[bowler]'"
    )


@cache
def _imported() -> SimpleNamespace:
    """Bowler's and fissix's modules. Raises BowlerMissing."""
    try:
        prepare()
        import bowler
        from fissix import pygram, pytree, refactor
        from fissix.pgen2 import driver, parse, token
        from fissix.pgen2 import tokenize as tokens
    except ImportError as error:
        raise missing(error) from error
    return SimpleNamespace(
        bowler=bowler,
        driver=driver,
        parse=parse,
        pygram=pygram,
        pytree=pytree,
        refactor=refactor,
        token=token,
        tokens=tokens,
    )


def prepare() -> None:
    """Import fissix without its cache: the grammar takes 10 ms to make. Raises ImportError.

    This comes before anything imports Bowler.
    """
    import sys

    if "fissix.pygram" in sys.modules:
        return
    from fissix.pgen2 import driver, pgen  # fissix puts a loader of its own, with a cache, here

    loader = driver.load_packaged_grammar
    driver.load_packaged_grammar = lambda package, source: pgen.generate_grammar(source)
    try:
        import fissix.pygram  # noqa: F401
    finally:
        driver.load_packaged_grammar = loader


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as fissix can read it, and the way back."""

    body: str
    crlf: bool
    padded: bool

    @classmethod
    def of(cls, text: str) -> _Text:
        crlf = "\r\n" in text and text.count("\r") == text.count("\n") == text.count("\r\n")
        body = text.replace("\r\n", "\n") if crlf else text
        padded = bool(body) and not body.endswith("\n")
        return cls(body + "\n" * padded, crlf, padded)

    def back(self, body: str) -> str:
        text = body.removesuffix("\n") if self.padded else body
        return text.replace("\n", "\r\n") if self.crlf else text


def is_query(made: Any) -> bool:
    """Whether an object is a Bowler query. Raises BowlerMissing."""
    return isinstance(made, _imported().bowler.Query)


@contextlib.contextmanager
def only_made() -> Iterator[None]:
    """Let no query be executed in the block: it would find and write files by itself.

    Raises BowlerMissing, and ValueError in the block.
    """
    stock = _imported().bowler.Query

    def execute(self: Any, **given: Any) -> Any:
        raise ValueError("it executes the query, and should only give it")

    before, stock.execute = stock.execute, execute
    try:
        yield
    finally:
        stock.execute = before


class BowlerStage:
    """A query, to be called with the text of each file.

    ``requires`` as of `Stage`; ``limit`` in seconds. ``python2``: it is for files that only Python
    2 can read, and lets all others be. Raises BowlerMissing, and ValueError for a query that cannot
    be run.
    """

    def __init__(
        self,
        *queries: Any,
        requires: Iterable[str] = (),
        limit: float = LIMIT,
        python2: bool = False,
    ) -> None:
        self.requires = tuple(requires)
        self.limit = limit
        self.python2 = python2
        self._tools = [_tool(_compiled(query), python2) for query in queries]

    def __call__(self, text: str, path: str) -> Staged:
        """Give the text after the query. Raises StageError."""
        given = _Text.of(text)
        if not self.python2:
            prove_python(given.body, "unsupported")
        elif is_python(given.body):
            return Staged(text)
        remarks: list[Remark] = []
        with guarded(self.limit):
            body = given.body
            for tool in self._tools:
                lines = LineMap.between(given.body, body)
                body, said = _refactored(tool, body, path, self.python2)
                remarks += [replace(one, line=lines.back(one.line)) for one in said]
        if body == given.body:
            return Staged(text, tuple(remarks))
        self._prove(body)
        return Staged(given.back(body), tuple(remarks))

    def _prove(self, body: str) -> None:
        if not self.python2:
            prove_python(body, "broken")
        else:
            try:
                _parsed(self._tools[0], body)
            except StageError as error:
                raise StageError("broken", error.message, error.line) from error


def _compiled(query: Any) -> list[Any]:
    """The fixers of a query. Raises ValueError."""
    fixers: list[Any] = query.compile()
    if not all(transform.callbacks for transform in query.transforms):
        raise ValueError("it edits nothing: it gives no function to modify()")
    if query.processors:
        raise ValueError("process() is for hunks of a terminal: say with filter() what is edited")
    for fixer in fixers:
        try:
            fixer({}, [])
        except Exception as error:  # from anywhere in the compiler of patterns
            told = " ".join(str(error).split()) or type(error).__name__
            raise ValueError(f"its pattern is wrong: {told}") from error
    return fixers


def _refactored(tool: Any, text: str, path: str, python2: bool) -> tuple[str, list[Remark]]:
    """The text after all fixers of one query, and what they have to say of it."""
    tree = _parsed(tool, text)
    if str(tree) != text:
        raise StageError("misread", "fissix does not give this file back as it is")
    if not python2 and (line := _misread(tree, text)):
        raise StageError("misread", "fissix reads an f-string of this file wrongly", line)
    tree.source = text  # `refers_to` resolves names in it
    remarks: list[Remark] = []
    tree.remarks = remarks
    try:
        tool.refactor_tree(tree, path)
    except StageError:
        raise
    except RecursionError as error:
        raise StageError("raised", "it is nested too deeply") from error
    except Exception as error:
        raise StageError("raised", described(error)) from error
    return str(tree), sorted(remarks, key=lambda one: one.line)


def _parsed(tool: Any, text: str) -> Any:
    modules = _imported()
    try:
        tree = tool.driver.parse_string(text)
    except modules.parse.ParseError as error:
        place = error.context[1] if error.context and len(error.context) > 1 else (None,)
        raise StageError("unsupported", f"fissix cannot parse {error.value!r}", place[0]) from error
    except modules.tokens.TokenError as error:
        message, place = error.args
        raise StageError("unsupported", f"fissix cannot parse it: {message}", place[0]) from error
    except IndentationError as error:
        raise StageError("unsupported", f"fissix: {error.msg}", error.lineno) from error
    except (AssertionError, KeyError, RecursionError) as error:
        told = type(error).__name__
        raise StageError("unsupported", f"fissix cannot parse it ({told})") from error
    tree.future_features = modules.refactor._detect_future_features(text)
    return tree


def _misread(tree: Any, text: str) -> int | None:
    """The line of the first string that fissix takes for something else.

    It reads ``f"{", ".join(x)}"`` as two strings and a comma, and gives it back unchanged. Only
    Python 3.12 and later have this syntax: earlier ones do not get here with it.
    """
    if not hasattr(tokenize, "FSTRING_START") or not _FSTRING.search(text):
        return None
    opens = {getattr(tokenize, "FSTRING_START", -1), getattr(tokenize, "TSTRING_START", -1)}
    ends = {getattr(tokenize, "FSTRING_END", -1), getattr(tokenize, "TSTRING_END", -1)}
    wanted, depth = set(), 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in opens or token.type == tokenize.STRING:
            wanted |= {token.start} if depth == 0 else set()
        depth += (token.type in opens) - (token.type in ends)
    string = _imported().token.STRING
    found = {(leaf.lineno, leaf.column) for leaf in tree.leaves() if leaf.type == string}
    return min(wanted ^ found)[0] if wanted != found else None


@cache
def _tool_class() -> type:
    modules = _imported()

    class Tool(modules.refactor.RefactoringTool):  # type: ignore[misc,name-defined]
        """fissix's tool for texts: no files, no processes, no error that is only logged."""

        def __init__(self, fixers: Iterable[Any], python2: bool) -> None:
            super().__init__(list(fixers), {"print_function": not python2})
            if not python2:  # Bowler takes `print` from the keywords, and leaves `exec`
                self.grammar = modules.pygram.python_grammar_no_print_and_exec_statement
            self.driver = modules.driver.Driver(self.grammar, convert=modules.pytree.convert)

        def get_fixers(self) -> tuple[list[Any], list[Any]]:
            made = [fixer(self.options, self.fixer_log) for fixer in self.fixers]
            return (
                [fixer for fixer in made if fixer.order == "pre"],
                [fixer for fixer in made if fixer.order == "post"],
            )

    return Tool


def _tool(fixers: Iterable[Any], python2: bool) -> Any:
    return _tool_class()(fixers, python2)


# --- names ---------------------------------------------------------------------------------------


def refers_to(*names: str) -> Callable[[Any, Any, str], bool]:
    """A filter for queries: what is matched begins with a reference to one of ``names``.

    ``refers_to("nova.utils.spawn")`` follows imports, aliases and scopes, which a pattern cannot:
    a parameter, an attribute or an import of another module of the same name is none. An ``await``
    may stand before the reference. It works in a stage and under stock Bowler. Raises ValueError
    without names, since nothing would be matched then.
    """
    wanted = frozenset(names)
    if not names or not all(names):
        raise ValueError("refers_to wants names, such as 'pkg.utils.spawn'")

    def refers(node: Any, capture: Any, filename: str) -> bool:
        leaves = iter(node.leaves()) if hasattr(node, "children") else iter((node,))
        leaf = next((leaf for leaf in leaves if leaf.value != "await"), None)
        if leaf is None:
            return False
        from eventlet_codemod.codemods.references import names_at

        return bool(wanted & names_at(_source(node, filename), filename, leaf.lineno, leaf.column))

    return refers


def remark(node: Any, filename: str, message: str, advice: str = "") -> None:
    """Tell of a place that a query finds and cannot edit, from its modifier.

    In a stage it becomes a finding for a person, who is given ``advice``. Under stock Bowler it is
    printed to stderr. A place is told once.
    """
    said = Remark(message, node.get_lineno() or 1, advice=advice)
    root = _root(node)
    remarks = getattr(root, "remarks", None)
    if remarks is None:  # stock Bowler
        root.remarks = remarks = []
        root.prints = True
    if said in remarks:
        return
    remarks.append(said)
    if getattr(root, "prints", False):
        import sys

        more = f"; {advice}" if advice else ""
        print(f"{filename}:{said.line}: {message}{more}", file=sys.stderr)


def _root(node: Any) -> Any:
    while node.parent is not None:
        node = node.parent
    return node


def _source(node: Any, filename: str) -> str:
    """The text that the positions of a tree refer to, which its nodes no longer spell."""
    root = _root(node)
    source = getattr(root, "source", None)
    if source is None:  # stock Bowler, which writes files only when all are done
        from pathlib import Path

        path = Path(filename)
        data = path.read_bytes() if path.is_file() else None
        if data is None:
            source = str(root)
        else:
            from eventlet_codemod.source import decode

            source = decode(filename, data).text.replace("\r\n", "\n")
        root.source = source
    return str(source)
