"""From edits to text: one concrete tree of the excerpt, one pass that replaces what rules chose.

The pass enters only the ancestors of the nodes to replace, so its cost follows the number of
edits and not the size of the file.
"""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from eventlet_codemod import layout
from eventlet_codemod.excerpt import Excerpt
from eventlet_codemod.rules.base import (
    Condition,
    DropFinally,
    DropMock,
    Fold,
    Guard,
    ReplaceDefinition,
    ReplaceExpression,
    ReplaceHandler,
    ReplaceStatement,
    WrapBlock,
)

NodeEdit = (
    ReplaceExpression
    | ReplaceStatement
    | ReplaceHandler
    | ReplaceDefinition
    | Fold
    | Guard
    | Condition
    | DropFinally
    | DropMock
    | WrapBlock
)

_KINDS: dict[type[ast.AST], tuple[type[cst.CSTNode], ...]] = {
    ast.Attribute: (cst.Attribute,),
    ast.Call: (cst.Call,),
    ast.Constant: (cst.SimpleString, cst.ConcatenatedString, cst.BaseNumber),
    ast.Name: (cst.Name,),
}


_FOLDED = (cst.If, cst.Try, cst.For, cst.With)


class RewriteError(Exception):
    """An edit could not be made. ``line`` is the line of the file it was for.

    ``kind`` is "libcst" where the trouble is with the file and not with the edit.
    """

    def __init__(self, message: str, line: int | None = None, kind: str = "rewrite") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.kind = kind


@dataclass(frozen=True)
class Context:
    """What an edit may ask for while it builds its code.

    ``names`` maps each module that rules asked for to the name it has in this file.
    """

    module: cst.Module
    names: Mapping[str, str]
    limit: int
    indent: str = ""
    column: int = 0
    tail: int = 0
    free_name: Any = None

    def at(self, columns: int) -> Context:
        """The same place, ``columns`` further to the right."""
        return dataclasses.replace(self, column=self.column + columns)

    def name(self, module: str) -> str:
        """The name by which this file's code reaches ``module``."""
        return self.names[module]

    def code(self, node: cst.CSTNode) -> str:
        """The source of a node, comments included."""
        return self.module.code_for_node(node)

    def parse(self, code: str) -> cst.BaseExpression:
        """An expression node from source that will stand inside brackets, or on one line."""
        if "\n" not in code and "\r" not in code:
            return cst.parse_expression(code, self.module.config_for_parsing)
        node = cst.parse_expression(f"({code})", self.module.config_for_parsing)
        return node.with_changes(lpar=node.lpar[1:], rpar=node.rpar[:-1])

    def value(self, node: cst.CSTNode) -> str:
        """The source of an argument, on one line where that loses nothing."""
        return layout.collapse(self.code(node))

    def comprehension(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """A comprehension laid out anew, a line for each of its parts, if it does not fit."""
        assert isinstance(node, (cst.ListComp, cst.SetComp))
        code = self.code(node)
        if "\n" in code or self.column + len(code) + self.tail <= self.limit:
            return node
        parts = [self.code(node.elt)]
        clause: cst.CompFor | None = node.for_in
        while clause is not None:
            alone = clause.with_changes(
                inner_for_in=None, ifs=(), whitespace_before=cst.SimpleWhitespace("")
            )
            parts.append(self.code(alone))
            for test in clause.ifs:
                bare = test.with_changes(whitespace_before=cst.SimpleWhitespace(""))
                parts.append(self.code(bare))
            clause = clause.inner_for_in
        opening, closing = code[0], code[-1]
        tail = " ".join(parts[1:])
        if len(self.indent) + 4 + len(tail) <= self.limit:
            parts[1:] = [tail]
        body = "".join(f"    {part}\n" for part in parts)
        return self.parse(f"{opening}\n{body}{closing}")

    def call(self, function: str, arguments: Sequence[layout.Argument], suffix: str = "") -> str:
        """Code of a call in the place of the expression, laid out to fit the line.

        A text of several lines among the arguments is not touched: its line breaks are part of it.
        """
        if any(map(layout.holds_text, (function, *map(str, arguments)))):
            if any(layout.is_commented(item) for item in arguments):
                raise RewriteError("a comment stands beside a text of several lines")
            return f"{function}({', '.join(map(str, arguments))}){suffix}"
        code = layout.call(
            function,
            arguments,
            indent=self.indent,
            column=self.column,
            limit=self.limit,
            suffix=suffix,
            tail=self.tail,
        )
        # the tree adds the indentation of the block to every line of an expression by itself
        code = code.replace("\n" + self.indent, "\n")
        newline = self.module.default_newline
        return code if newline == "\n" else re.sub(r"(?<!\r)\n", newline, code)


@dataclass
class Rewriter:
    """Applies edits to one excerpt. ``names`` maps the `id` of an edit to the names it may use."""

    excerpt: Excerpt
    text: str
    tree: ast.Module
    names: Mapping[int, Mapping[str, str]]
    limit: int
    free_name: Any
    removed: list[str] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)

    def run(self, edits: Sequence[NodeEdit]) -> str:
        """The excerpt's text after ``edits``. Raises RewriteError."""
        try:
            module = cst.parse_module(self.excerpt.text)
        except (cst.ParserSyntaxError, cst.CSTValidationError, RecursionError) as error:
            message = f"libcst cannot parse it: {str(error).splitlines()[0]}"
            raise RewriteError(message, kind="libcst") from error
        if module.code != self.excerpt.text:
            raise RewriteError("libcst does not give its text back unchanged", kind="libcst")
        if not edits:
            return self.excerpt.text
        self._lines = re.split(r"\r\n|\r|\n", self.text)
        self.module = module
        self.mark = self.excerpt.mark + "_gone__"
        parents = _parents(module)
        targets = self._locate(edits, parents)
        replacer = _Replacer(self, targets, _ancestors(targets, parents))
        for place, edit in targets.items():
            if isinstance(edit, WrapBlock):
                replacer.wraps.append(self._wrap(place, edit, parents))
        try:
            changed = module.visit(replacer)
        except (cst.ParserSyntaxError, cst.CSTValidationError) as error:
            raise RewriteError(
                f"the new code is no Python: {str(error).splitlines()[0]}"
            ) from error
        for node, edit in targets.items():
            if node not in replacer.done:
                raise RewriteError("an edit was lost", _line(edit.node))
        return self._drop_removed(changed.code)

    # --- finding the concrete node of each edit ----------------------------------------------

    def _locate(
        self, edits: Sequence[NodeEdit], parents: Mapping[cst.CSTNode, cst.CSTNode]
    ) -> dict[cst.CSTNode, NodeEdit]:
        wrapper = MetadataWrapper(self.module, unsafe_skip_copy=True)
        positions: Mapping[cst.CSTNode, CodeRange] = wrapper.resolve(PositionProvider)
        by_start: dict[tuple[int, int], list[cst.CSTNode]] = {}
        for node, where in positions.items():
            by_start.setdefault((where.start.line, where.start.column), []).append(node)
        found: dict[cst.CSTNode, NodeEdit] = {}
        for edit in edits:
            place = self._node_of(edit, by_start, positions)
            if isinstance(edit, (ReplaceStatement, WrapBlock)) and place is not None:
                line = parents[place]
                if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1:
                    place = line
                elif isinstance(edit, WrapBlock):
                    place = None
            if place is None or place in found:
                raise RewriteError("the place of an edit was not found", _line(edit.node))
            found[place] = edit
        return found

    def _node_of(
        self,
        edit: NodeEdit,
        by_start: Mapping[tuple[int, int], list[cst.CSTNode]],
        positions: Mapping[cst.CSTNode, CodeRange],
    ) -> cst.CSTNode | None:
        node = edit.node
        candidates = by_start.get(self._place(node.lineno, node.col_offset), [])
        if isinstance(edit, (ReplaceStatement, WrapBlock)):
            wanted: tuple[type[cst.CSTNode], ...] = (cst.BaseSmallStatement,)
            return next((item for item in candidates if isinstance(item, wanted)), None)
        if isinstance(edit, ReplaceHandler):
            return next((c for c in candidates if isinstance(c, cst.ExceptHandler)), None)
        if isinstance(edit, DropMock):
            return next((c for c in candidates if isinstance(c, cst.FunctionDef)), None)
        if isinstance(edit, (Fold, Guard, Condition, DropFinally)):
            return next((c for c in candidates if isinstance(c, _FOLDED)), None)
        if isinstance(edit, ReplaceDefinition):
            kinds = (cst.FunctionDef, cst.ClassDef)
            return next((c for c in candidates if isinstance(c, kinds)), None)
        wanted = _KINDS.get(type(node), (cst.BaseExpression,))
        end = self._place(node.end_lineno or 0, node.end_col_offset or 0)
        for item in candidates:
            stop = positions[item].end
            if isinstance(item, wanted) and (stop.line, stop.column) == end:
                return item
        return None

    def _wrap(
        self, first: cst.CSTNode, edit: WrapBlock, parents: Mapping[cst.CSTNode, cst.CSTNode]
    ) -> _Wrap:
        """The statements of the block around ``first`` that are to be wrapped."""
        block = parents[first]
        if not isinstance(block, (cst.Module, cst.IndentedBlock)):
            raise RewriteError("the block of an edit was not found", _line(edit.node))
        start = block.body.index(first)
        inside = block.body[start : start + len(edit.statements)]
        if len(inside) != len(edit.statements):
            raise RewriteError("the block of an edit ends too early", _line(edit.node))
        return _Wrap(block, tuple(inside), edit)

    def _place(self, line: int, offset: int) -> tuple[int, int]:
        """An `ast` position in the file as a libcst position in the excerpt."""
        cut = self.excerpt.cut_from.get(line, 0)
        return self.excerpt.line_of.get(line, 0), self.column(line, offset) - cut

    def column(self, line: int, offset: int) -> int:
        """A byte offset of `ast` as a number of characters."""
        text = self._lines[line - 1]
        return offset if text.isascii() else len(text.encode()[:offset].decode(errors="ignore"))

    def context(self, edit: NodeEdit) -> Context:
        """What code in the place of an edit has to fit, and the names it may use."""
        node, names = edit.node, self.names.get(id(edit), {})
        first = self._lines[node.lineno - 1]
        last = self._lines[(node.end_lineno or node.lineno) - 1]
        rest = last[self.column(node.end_lineno or node.lineno, node.end_col_offset or 0) :]
        rest = re.split(r"\s+#", rest)[0] if rest.strip() else ""
        return Context(
            module=self.module,
            names=names,
            limit=self.limit,
            indent=first[: len(first) - len(first.lstrip())],
            column=self.column(node.lineno, node.col_offset),
            tail=len(rest.rstrip()),
            free_name=self.free_name,
        )

    # --- removed statements ------------------------------------------------------------------

    def _drop_removed(self, code: str) -> str:
        """Take the marked lines out; the comments above them stay, doubled blank lines go."""
        if self.mark not in code:
            return code
        lines = code.splitlines(keepends=True) if "\r" not in code else _split_keep(code)
        out: list[str] = []
        skip_blank = False
        for index, line in enumerate(lines):
            if self.mark in line:
                before = not out or not out[-1].strip()
                after = index + 1 < len(lines) and not lines[index + 1].strip()
                skip_blank = before and after
                continue
            if skip_blank and not line.strip():
                skip_blank = False
                continue
            skip_blank = False
            out.append(line)
        if lines and self.mark in lines[-1]:
            while out and not out[-1].strip():
                out.pop()
        return "".join(out)


def _split_keep(code: str) -> list[str]:
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", code)


def _line(node: ast.AST) -> int | None:
    return getattr(node, "lineno", None)


def _fields(node: Any) -> list[cst.CSTNode]:
    found: list[cst.CSTNode] = []
    for item in dataclasses.fields(node):
        value = getattr(node, item.name)
        if isinstance(value, cst.CSTNode):
            found.append(value)
        elif isinstance(value, (list, tuple)):
            found += [entry for entry in value if isinstance(entry, cst.CSTNode)]
    return found


def _parents(root: cst.CSTNode) -> dict[cst.CSTNode, cst.CSTNode]:
    """The parent of every node below ``root``, but for whitespace and punctuation."""
    found: dict[cst.CSTNode, cst.CSTNode] = {}
    pending = [root]
    while pending:
        node = pending.pop()
        for child in _fields(node):
            found[child] = node
            if not isinstance(child, _LEAVES):
                pending.append(child)
    return found


def _ancestors(
    targets: Iterable[cst.CSTNode], parents: Mapping[cst.CSTNode, cst.CSTNode]
) -> set[cst.CSTNode]:
    """Every node on the way from the root to one of ``targets``, both included."""
    found: set[cst.CSTNode] = set()
    for target in targets:
        node: cst.CSTNode | None = target
        while node is not None and node not in found:
            found.add(node)
            node = parents.get(node)
    return found


_LEAVES = (
    cst.BaseParenthesizableWhitespace,
    cst.TrailingWhitespace,
    cst.EmptyLine,
    cst.Comma,
    cst.Dot,
    cst.AssignEqual,
)


@dataclass(frozen=True)
class _Wrap:
    """The statements of a block that a `WrapBlock` is for."""

    block: cst.Module | cst.IndentedBlock
    inside: tuple[cst.CSTNode, ...]
    edit: WrapBlock


class _Replacer(cst.CSTTransformer):
    def __init__(
        self,
        rewriter: Rewriter,
        targets: Mapping[cst.CSTNode, NodeEdit],
        ancestors: set[cst.CSTNode],
    ) -> None:
        super().__init__()
        self.rewriter = rewriter
        self.targets = targets
        self.ancestors = ancestors
        self.done: set[cst.CSTNode] = set()
        self.wraps: list[_Wrap] = []
        self.results: dict[cst.CSTNode, list[Any]] = {}  # what became of each wrapped statement

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node in self.ancestors

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        result = self._replaced(original_node, updated_node)
        if any(original_node in wrap.inside for wrap in self.wraps):
            several = isinstance(result, cst.FlattenSentinel)
            gone = result is cst.RemovalSentinel.REMOVE
            self.results[original_node] = [] if gone else list(result) if several else [result]
        for wrap in self.wraps:
            if wrap.block is original_node:
                result = self._wrapped(wrap, result)
        return result

    def _replaced(self, original_node: Any, updated_node: Any) -> Any:
        edit = self.targets.get(original_node)
        if isinstance(edit, WrapBlock):
            self.done.add(original_node)
            return updated_node
        if edit is not None:
            self.done.add(original_node)
            context = self.rewriter.context(edit)
            if isinstance(edit, ReplaceExpression):
                return _expression(edit, updated_node, context)
            if isinstance(edit, ReplaceHandler):
                return self._handler(edit, updated_node, context)
            if isinstance(edit, Fold):
                return self._fold(edit, updated_node, context)
            if isinstance(edit, DropMock):
                return self._without_mock(edit, updated_node)
            if isinstance(edit, Guard):
                return _guarded(edit, updated_node, context)
            if isinstance(edit, Condition):
                return _conditioned(edit, updated_node, context)
            if isinstance(edit, DropFinally):
                self._note_comments(original_node.finalbody)
                return updated_node.with_changes(finalbody=None)
            if isinstance(edit, ReplaceDefinition):
                return edit.make(updated_node, context)
            return self._statement(edit, updated_node, context)
        if original_node in self.ancestors:
            if isinstance(original_node, (cst.SimpleStatementLine, cst.SimpleStatementSuite)):
                return self._without_removed(updated_node)
            if isinstance(original_node, cst.IndentedBlock) and all(
                map(self._is_removed, updated_node.body)
            ):
                filler = cst.SimpleStatementLine([cst.Pass()])
                return updated_node.with_changes(body=[*updated_node.body, filler])
            if isinstance(original_node, cst.Else) and self._is_emptied(updated_node.body):
                self._note_comments(original_node)
                return cst.RemoveFromParent()
        return updated_node

    def _statement(self, edit: ReplaceStatement, node: Any, context: Context) -> Any:
        """The new statements: lines of their own where the old one had its line to itself."""
        alone = isinstance(node, cst.SimpleStatementLine)
        old = node.body[0] if alone else node
        old = old.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)  # no part of the statement
        code = edit.make(old, context) or (self.rewriter.mark,)
        lines = [cst.parse_statement(c, context.module.config_for_parsing) for c in code]
        if not alone:
            small = [
                s for line in lines for s in cst.ensure_type(line, cst.SimpleStatementLine).body
            ]
            return cst.FlattenSentinel(small)
        lines[0] = lines[0].with_changes(leading_lines=node.leading_lines)
        if self._is_removed(lines[-1]):
            comment = node.trailing_whitespace.comment
            self.rewriter.removed += [comment.value] if comment else []
        else:
            places = [i for i in (-1, 0) if isinstance(lines[i], cst.SimpleStatementLine)]
            behind = node.trailing_whitespace
            for place in places[:1]:
                lines[place] = lines[place].with_changes(trailing_whitespace=behind)
            if not places:
                lines[0] = _with_comment(lines[0], behind)
        return cst.FlattenSentinel(lines)

    def _wrapped(self, wrap: _Wrap, block: Any) -> Any:
        """The block with a with statement in the place of the statements."""
        results = [item for node in wrap.inside for item in self.results[node]]
        places = [i for i, item in enumerate(block.body) if item is results[0]]
        if not places:
            raise RewriteError("two blocks overlap", _line(wrap.edit.node))
        start = places[0]
        first, *inner = results
        footer: list[cst.EmptyLine] = []
        if wrap.edit.drops_last:
            last = inner.pop()
            comments = [line.comment for line in last.leading_lines if line.comment]
            behind = last.trailing_whitespace.comment
            footer = [cst.EmptyLine(comment=c) for c in [*comments, *filter(None, [behind])]]
        context = self.rewriter.context(wrap.edit)
        header = cst.parse_statement(
            f"with {wrap.edit.make(first.body[0], context)}:\n    pass\n",
            context.module.config_for_parsing,
        )
        inner = [_indented(node, first=not i) for i, node in enumerate(inner)]
        body = cst.IndentedBlock(inner, header=first.trailing_whitespace, footer=footer)
        new = header.with_changes(body=body, leading_lines=first.leading_lines)
        rest = block.body[start + len(results) :]
        return block.with_changes(body=[*block.body[:start], new, *rest])

    def _fold(
        self, edit: Fold, node: cst.If | cst.Try | cst.For | cst.With, context: Context
    ) -> Any:
        """One block in the place of the whole statement; the comments of the rest go with it."""
        kept: cst.CSTNode = node.body
        kept_from: cst.CSTNode = node
        if isinstance(node, cst.Try):
            for part in (*node.handlers, *filter(None, [node.finalbody])):
                self._note_comments(part)
        elif isinstance(node, (cst.If, cst.For)) and edit.keep == "orelse":
            other = node.orelse
            kept_from = other or node
            kept = other.body if isinstance(other, cst.Else) else cst.SimpleStatementSuite([])
            self._note_comments(node.body)
        elif isinstance(node, (cst.If, cst.For)) and node.orelse is not None:
            self._note_comments(node.orelse)
        code = edit.above(node, context) if edit.above is not None else ()
        above: list[Any] = [cst.parse_statement(c, context.module.config_for_parsing) for c in code]
        if isinstance(kept, cst.IndentedBlock):
            block = [] if self._is_emptied(kept) else list(kept.body)
            if not block:
                self._note_comments(kept)
            if above:
                above[-1] = above[-1].with_changes(trailing_whitespace=kept.header)
            else:
                self._note_comments(kept.header)
            statements = [*above, *block]
        else:
            body = cst.ensure_type(kept, cst.SimpleStatementSuite).body
            statements = [*above, cst.SimpleStatementLine(body)]
        if not statements or not getattr(statements[0], "body", True):
            name = cst.Expr(cst.Name(self.rewriter.mark))
            statements = [cst.SimpleStatementLine([name])]
        before = kept_from.leading_lines if isinstance(kept_from, cst.Else) else ()
        lead = [*node.leading_lines, *before, *getattr(statements[0], "leading_lines", ())]
        statements[0] = statements[0].with_changes(leading_lines=lead)
        if isinstance(kept, cst.IndentedBlock) and any(line.comment for line in kept.footer):
            # a line that goes, with the comments that stay above it
            name = cst.Expr(cst.Name(self.rewriter.mark))
            footer = [line.with_changes(indent=True) for line in kept.footer]
            statements.append(cst.SimpleStatementLine([name], leading_lines=footer))
        return cst.FlattenSentinel(statements)

    def _without_mock(self, edit: DropMock, node: cst.FunctionDef) -> cst.FunctionDef:
        """A function without a decorator, and without the parameter that it gave."""
        place = edit.node.decorator_list.index(edit.decorator)
        gone = node.decorators[place]
        self._note_comments(gone)
        decorators = [item for item in node.decorators if item is not gone]
        found = [*node.params.params]
        names = [item.name.value for item in found]
        if edit.parameter in names:
            place = names.index(edit.parameter)
            if place == len(found) - 1 and place > 0:
                found[place - 1] = found[place - 1].with_changes(comma=found[place].comma)
            del found[place]
        params = node.params.with_changes(params=found)
        return node.with_changes(decorators=decorators, params=params)

    def _handler(self, edit: ReplaceHandler, node: Any, context: Context) -> Any:
        if edit.make is None:
            self._note_comments(node)
            return cst.RemoveFromParent()
        node = node.with_changes(name=None) if edit.drops_name else node
        return node.with_changes(type=context.parse(edit.make(node.type, context)))

    def _note_comments(self, node: cst.CSTNode) -> None:
        code = self.rewriter.module.code_for_node(node)
        self.rewriter.removed += re.findall(r"#[^\r\n]*", code)

    def _is_removed(self, statement: cst.CSTNode) -> bool:
        if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
            statement = statement.body[0]
        value = statement.value if isinstance(statement, cst.Expr) else None
        return isinstance(value, cst.Name) and value.value == self.rewriter.mark

    def _is_emptied(self, block: cst.BaseSuite) -> bool:
        """Whether a block that held something holds nothing now but a filler."""
        *gone, filler = block.body
        return bool(gone) and all(map(self._is_removed, gone)) and _is_pass(filler)

    def _without_removed(self, line: Any) -> Any:
        """A line of several statements without those that were removed."""
        kept = [item for item in line.body if not self._is_removed(item)]
        if len(kept) == len(line.body):
            return line
        if not kept:
            return line.with_changes(body=[cst.Pass()])
        kept[-1] = kept[-1].with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
        return line.with_changes(body=kept)


def _guarded(edit: Guard, node: cst.With, context: Context) -> Any:
    """A try statement around the block, below the lines that belong above it."""
    config = context.module.config_for_parsing
    code = edit.above(node, context) if edit.above is not None else ()
    above: list[Any] = [cst.parse_statement(line, config) for line in code]
    new: Any = cst.parse_statement(f"try:\n    pass\n{edit.make(context)}", config)
    statements = [*above, new.with_changes(body=node.body)]
    statements[0] = statements[0].with_changes(leading_lines=node.leading_lines)
    return cst.FlattenSentinel(statements)


def _conditioned(edit: Condition, node: cst.With, context: Context) -> Any:
    """An if statement around all but the first statement of the block, which is its test."""
    config = context.module.config_for_parsing
    code = edit.above(node, context) if edit.above is not None else ()
    above: list[Any] = [cst.parse_statement(line, config) for line in code]
    first = cst.ensure_type(node.body.body[0], cst.SimpleStatementLine)
    test = cst.ensure_type(first.body[0], cst.Expr).value
    rest = node.body.with_changes(body=node.body.body[1:], header=first.trailing_whitespace)
    behind = node.body.header.comment if isinstance(node.body, cst.IndentedBlock) else None
    comments = [cst.EmptyLine(comment=behind)] if behind is not None else []
    new = cst.If(test=test, body=rest, leading_lines=[*comments, *first.leading_lines])
    statements = [*above, new]
    leading = [*node.leading_lines, *statements[0].leading_lines]
    statements[0] = statements[0].with_changes(leading_lines=leading)
    return cst.FlattenSentinel(statements)


def _with_comment(node: Any, behind: cst.TrailingWhitespace) -> Any:
    """A compound statement with what stood behind the simple one that it takes the place of."""
    inner = node.body.body[0]
    if isinstance(node, cst.Try) and isinstance(inner, cst.SimpleStatementLine):
        inner = inner.with_changes(trailing_whitespace=behind)
        body = node.body.with_changes(body=[inner, *node.body.body[1:]])
    else:
        body = node.body.with_changes(header=behind)
    return node.with_changes(body=body)


def _is_pass(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.SimpleStatementLine) and isinstance(node.body[0], cst.Pass)


def _expression(edit: ReplaceExpression, node: Any, context: Context) -> cst.BaseExpression:
    new = edit.make(node, context)
    if not isinstance(new, str):
        return new
    parsed = context.parse(new)
    return parsed.with_changes(lpar=node.lpar, rpar=node.rpar) if node.lpar else parsed


def _indented(node: Any, *, first: bool) -> Any:
    """A statement one level further in: empty lines stay empty, and none begins the block."""
    lines = list(node.leading_lines)
    while first and lines and lines[0].comment is None:
        del lines[0]
    kept = [line if line.comment else line.with_changes(indent=False) for line in lines]
    return node.with_changes(leading_lines=kept)
