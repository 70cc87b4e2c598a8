"""What becomes of the statements that are there: names taken out or put in, whole rows removed."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeGuard

from eventlet_codemod.imports.listing import insert_name, rewritten
from eventlet_codemod.imports.model import name_text, statement_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventlet_codemod.imports.edits import Edits
    from eventlet_codemod.imports.rows import Row, Source, Statement, Suite


def edit_statements(source: Source, edits: Edits) -> None:
    """Carry out the marks on all statements."""
    for suite in source.suites:
        gone = sum(statement.gone and not statement.replaced for statement in suite.imports)
        if gone == len(suite.body) and not suite.top:
            _empty(source, edits, suite)
            continue
        for row in suite.rows:
            changed = any(statement.dropped or statement.appended for statement in row.imports)
            if changed and not row.kept:
                _edit_row(source, edits, row)


def _edit_row(source: Source, edits: Edits, row: Row) -> None:
    imports = {id(statement.node): statement for statement in row.imports}
    spans = [source.span(node) for node in row.body]
    items: list[str | None] = []
    for node, (start, end) in zip(row.body, spans, strict=True):
        statement = imports.get(id(node))
        items.append(_edited(source, edits, statement) if statement else source.text[start:end])
    if any(items):
        start, end = spans[0][0], spans[-1][1]
        text = rewritten(source.text[start:end], _relative(start, spans), items, ";")
        edits.replace(start, end, text)
    else:
        nested = not row.imports[0].suite.top
        edits.remove_lines(row.first, row.last, heads_suite=nested and row.index == 0)


def _edited(source: Source, edits: Edits, statement: Statement) -> str | None:
    """The statement as it is to be; None when it goes."""
    row = statement.row
    indent = source.before(row.body[0])
    own_line = statement.alone and not indent.strip()
    contents = [statement_text([new]) for new in statement.replaced]
    if not statement.gone:
        if contents and own_line:  # below it, so that its trailing comment stays where it is
            edits.insert_lines(row.last + 1, [indent + content for content in contents])
            contents = []
        contents.insert(0, _with_names(source, statement))
    return (source.newline(row.first) + indent if own_line else "; ").join(contents) or None


def _with_names(source: Source, statement: Statement) -> str:
    """The statement without the dropped names and with the merged ones."""
    start, end = source.span(statement.node)
    text = source.text[start:end]
    spans = _relative(start, map(source.span, statement.node.names))
    items = [
        None if index in statement.dropped else text[begin:stop]
        for index, (begin, stop) in enumerate(spans)
    ]
    if not statement.appended:
        return rewritten(text, spans, items, ",")
    names = list(filter(None, items))
    for new in statement.appended:
        insert_name(names, name_text(new))
    return text[: spans[0][0]] + ", ".join(names)


def _relative(start: int, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(begin - start, end - start) for begin, end in spans]


def _empty(source: Source, edits: Edits, suite: Suite) -> None:
    """A suite cannot be empty; a TYPE_CHECKING block without anything goes."""
    owner, parent = suite.owner, suite.parent
    if _is_type_checking(owner) and parent and (parent.top or len(parent.body) > 1):
        _remove_block(source, edits, owner)
        return
    head, *rest = suite.rows
    edits.replace(source.span(head.body[0])[0], source.row_end(head), "pass")
    for row in rest:
        edits.remove_lines(row.first, row.last)


def _is_type_checking(owner: ast.AST) -> TypeGuard[ast.If]:
    match owner:
        case ast.If(
            test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"), orelse=[]
        ):
            return True
    return False


def _remove_block(source: Source, edits: Edits, block: ast.If) -> None:
    """Remove a compound statement; comments on lines of their own stay."""
    assert block.end_lineno is not None
    indent = source.before(block)
    for line in range(block.lineno - 1, block.end_lineno):
        if source.is_comment(line):
            start = source.starts[line]
            content = source.lines[line]
            edits.replace(start, start + len(content) - len(content.lstrip()), indent)
        else:
            edits.remove_lines(line, line)
