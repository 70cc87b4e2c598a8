"""Sphinx has no more need to mock eventlet's modules.

`autodoc_mock_imports` in `docs/conf.py` names modules that autodoc is not to import. When nothing
in the project imports eventlet, its entries leave the list. A list that is put together in another
way than as a literal is left. A link to eventlet's documentation, in `intersphinx_mapping`, needs
no eventlet and stays.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from eventlet_codemod.packaging.base import GREEN, Context, PackagingRule, Place
from eventlet_codemod.packaging.listing import without_item
from eventlet_codemod.packaging.python import assignments, parse, span_of

_CODE = "EVT809"
_GREEN = re.compile(r"(?:eventlet|greenlet)(?:\.[\w.]+)?")


def reads(path: str) -> bool:
    """Whether a file may be Sphinx's settings."""
    return path.rpartition("/")[2] == "conf.py"


def scan(text: str, context: Context) -> Iterator[Place]:
    """The names of green modules in `autodoc_mock_imports`."""
    tree = parse(text)
    for key in _linked(tree) if tree else ():
        yield Place(
            rule=_CODE,
            api=str(key.value),
            start=span_of(text, key)[0],
            end=span_of(text, key)[1],
            message="a link to eventlet's documentation stays",
            why="a link needs nothing to be installed",
            edits=(),
            keeps=True,
            waits=False,
        )
    for statement in ast.walk(tree) if tree else ():
        value = _value(statement)
        if value is None:
            continue
        items = value.elts if isinstance(value, ast.List | ast.Tuple) else []
        spans = [span_of(text, item) for item in items]
        for node in ast.walk(value):
            said = node.value if isinstance(node, ast.Constant) else None
            if not isinstance(said, str) or not _GREEN.fullmatch(said):
                continue
            assert isinstance(node, ast.expr)
            listed = isinstance(value, ast.List) and node in items
            yield _place(text, said, span_of(text, node), spans if listed else [])


def _linked(tree: ast.Module) -> Iterator[ast.Constant]:
    """The keys of `intersphinx_mapping` that are called after a green package."""
    for statement in assignments(tree, "intersphinx_mapping"):
        keys = statement.value.keys if isinstance(statement.value, ast.Dict) else []
        yield from (k for k in keys if isinstance(k, ast.Constant) and k.value in GREEN)


def _value(statement: ast.AST) -> ast.expr | None:
    """What a statement puts into the list."""
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AugAssign | ast.AnnAssign):
        targets = [statement.target]
    else:
        return None
    named = any(isinstance(t, ast.Name) and t.id == "autodoc_mock_imports" for t in targets)
    return statement.value if named else None


def _place(text: str, said: str, span: tuple[int, int], spans: list[tuple[int, int]]) -> Place:
    return Place(
        rule=_CODE,
        api=said,
        start=span[0],
        end=span[1],
        message="autodoc mocks it no more" if spans else f"`{said}` is mocked",
        why="nothing that autodoc imports imports it",
        edits=without_item(text, spans, span) if spans else None,
        advice="" if spans else "delete it with the last use of eventlet",
    )


rule = PackagingRule(
    code=_CODE,
    summary="Sphinx mocks eventlet's modules no more",
    reads=reads,
    scan=scan,
    references=("CFG-6",),
    file="docs/conf.py",
    before="""\
extensions = ["sphinx.ext.autodoc"]
autodoc_mock_imports = ["eventlet", "libvirt"]
""",
    after="""\
extensions = ["sphinx.ext.autodoc"]
autodoc_mock_imports = ["libvirt"]
""",
)
