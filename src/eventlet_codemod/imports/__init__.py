"""The import planner: adds, drops and replaces imports the way a careful reviewer would.

A pure function over text, run once per file after all rules. The stdlib ``ast`` says where the
imports are, edits are character spans, so whatever is not edited stays byte for byte.

At module level a dropped import leaves a slot; an added one is sorted into its group and takes
a slot that lies at its place, which keeps the diff of a replacement to one line. Everywhere else
(functions, ``try``, ``if``) imports are edited where they stand.

Each room uses only those before it: `model` (values), `rows` (the text as rows of statements),
`edits`; `folding` and `marking` (requests become marks on statements); `style`, `layout`,
`placing`, `writing` (where new imports go); `listing` and `in_place` (marks become edits).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventlet_codemod.imports.edits import Edits
from eventlet_codemod.imports.folding import fold
from eventlet_codemod.imports.in_place import edit_statements
from eventlet_codemod.imports.layout import Layout
from eventlet_codemod.imports.marking import mark
from eventlet_codemod.imports.model import (
    Add,
    Drop,
    FoldTry,
    Import,
    ImportPlanError,
    Replace,
    Request,
    Target,
)
from eventlet_codemod.imports.placing import place
from eventlet_codemod.imports.rows import Source, parse
from eventlet_codemod.imports.writing import write

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "Add",
    "Drop",
    "FoldTry",
    "Import",
    "ImportPlanError",
    "Replace",
    "Request",
    "Target",
    "plan_imports",
]


def plan_imports(
    text: str,
    requests: Sequence[Request],
    *,
    first_party: frozenset[str] = frozenset(),
    one_per_line: bool = False,
) -> str:
    """Return ``text`` with all ``requests`` carried out.

    ``first_party`` names the project's own top-level packages. ``one_per_line`` forbids adding
    a name to an existing list, and settles how to sort where the file does not tell.

    Raises ImportPlanError, and then nothing has been done.
    """
    if not requests:
        return text
    source = Source(text)
    if any(isinstance(request, FoldTry) for request in requests):
        source, requests = fold(source, requests)
    edits = Edits(source)
    news = mark(source, requests)
    if news:
        layout = Layout(source, first_party, one_per_line)
        place(layout, news)
        write(layout, edits)
    edit_statements(source, edits)
    result = edits.apply()
    if result != text:
        parse(result)
    return result
