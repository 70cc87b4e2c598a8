"""Writes the module of helpers of a project, and adds to one that is there."""

from __future__ import annotations

import textwrap
from functools import cache
from symtable import symtable
from typing import TYPE_CHECKING

from eventlet_codemod.helpers.catalogue import HELPERS
from eventlet_codemod.helpers.parts import load
from eventlet_codemod.imports import Add, Import, ImportPlanError, plan_imports
from eventlet_codemod.imports.style import Section, by_kind, section_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from eventlet_codemod.helpers.parts import Part

_SUBJECT = "Concurrency on native threads, for code that comes off eventlet."
_ORIGIN = (
    "eventlet-codemod wrote this module with the helpers that its rewrites"
    " use. It belongs to this project now: edit it freely. The tool adds what"
    " a later rewrite needs, and leaves what is here as it is."
)
_FUTURE = Import("__future__", "annotations")


class HelpersError(ValueError):
    """Helpers that do not exist, or that cannot be added to a module."""


def render(names: Iterable[str], *, line_length: int = 79) -> str:
    """Return the source of a module with ``names`` and what they require.

    ``line_length`` is for docstring and imports; the helpers themselves fit
    79 columns.

    Raises HelpersError for a name that is not in ``HELPERS``.
    """
    parts = _parts(names)
    head = f'"""{_SUBJECT}\n\n{textwrap.fill(_ORIGIN, line_length)}\n"""\n'
    sections = [head, "from __future__ import annotations\n"]
    imports = _imports(parts)
    for section in (Section.STDLIB, Section.THIRD_PARTY):
        found = [new for new in imports if _section(new) is section]
        sections += ["".join(_import_lines(found, line_length))]
    sections += ["".join(_constants(parts).values())]
    top = "\n".join(filter(None, sections))
    return "\n\n".join([top, *(part.text for part in parts)])


def names_in(source: str) -> frozenset[str]:
    """Return the helpers that a module has, whether defined there or imported.

    Raises SyntaxError if it cannot be parsed.
    """
    return _bound(source) & HELPERS.keys()


def extend(source: str, names: Iterable[str], *, line_length: int = 79) -> str:
    """Return the module ``source`` with those of ``names`` that it lacks.

    A module that is as ``render`` made it is made anew. In any other, which a
    person has edited, what is there stays as it is: new helpers go to its
    end, and the imports that they need among the others.

    Raises HelpersError for a name that is not in ``HELPERS``, or if the
    module uses a name that is needed for something else; SyntaxError if it
    cannot be parsed.
    """
    names = frozenset(names)
    bound = _bound(source)
    held = bound & HELPERS.keys()
    if not source.strip() or source == render(held, line_length=line_length):
        return render(held | names, line_length=line_length)
    parts = _parts(names, bound.__contains__)
    if not parts:
        return source
    for part in parts:
        for name in part.names:
            if name in bound:
                raise HelpersError(f"{name} is taken by something else")
    constants = "".join(
        line for name, line in _constants(parts).items() if name not in bound
    )
    blocks = [
        source.rstrip() + "\n",
        constants,
        *(part.text for part in parts),
    ]
    text = "\n\n".join(filter(None, blocks))
    if "\r\n" in source:
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    requests = [Add(new) for new in (_FUTURE, *_imports(parts))]
    try:
        return plan_imports(text, requests)
    except ImportPlanError as error:
        raise HelpersError(error.message) from error


def libraries(names: Iterable[str]) -> frozenset[str]:
    """Return the packages that ``names`` import beside the standard library.

    Raises HelpersError for a name that is not in ``HELPERS``.
    """
    imports = _imports(_parts(names))
    outside = [new for new in imports if _section(new) is Section.THIRD_PARTY]
    return frozenset(new.module.partition(".")[0] for new in outside)


def _parts(
    names: Iterable[str], is_there: Callable[[str], bool] = lambda name: False
) -> list[Part]:
    """Return the parts that ``names`` take, each behind those that it needs.

    The first name of a part decides whether it ``is_there`` already.
    """
    wanted = frozenset(names)
    if unknown := sorted(wanted - HELPERS.keys()):
        raise HelpersError(f"no such helper: {', '.join(unknown)}")
    found: set[str] = set()

    def add(part: Part) -> None:
        if part.module not in found and not is_there(part.names[0]):
            found.add(part.module)
            for module in part.needs:
                add(load(module))

    for name in wanted:
        add(load(HELPERS[name].module))
    return [part for part in _all_parts() if part.module in found]


@cache
def _all_parts() -> tuple[Part, ...]:
    """Return all parts in the order of a module."""
    parts: dict[str, Part] = {}

    def add(part: Part) -> None:
        for module in part.needs:
            add(load(module))
        parts.setdefault(part.module, part)

    for helper in HELPERS.values():
        add(load(helper.module))
    return tuple(parts.values())


def _constants(parts: Iterable[Part]) -> dict[str, str]:
    """Return the lines that define what ``parts`` share, by name."""
    return dict(sorted(item for part in parts for item in part.constants))


def _imports(parts: Iterable[Part]) -> list[Import]:
    """Return what ``parts`` import, but for ``__future__``."""
    return sorted(
        {new for part in parts for new in part.imports} - {_FUTURE},
        key=lambda new: (bool(new.name), new.module, by_kind(new.local)),
    )


def _section(new: Import) -> Section:
    return section_of(new.module.partition(".")[0], frozenset())


def _import_lines(
    imports: Sequence[Import], line_length: int
) -> Iterator[str]:
    """Write the statements of one section, one for each module."""
    names: dict[str, list[str]] = {}
    for new in imports:
        if new.name:
            names.setdefault(new.module, []).append(new.name)
        else:
            yield f"import {new.module}\n"
    for module, listed in names.items():
        line = f"from {module} import {', '.join(listed)}"
        if len(line) > line_length:
            line = "\n".join(
                [
                    f"from {module} import (",
                    *(f"    {name}," for name in listed),
                    ")",
                ]
            )
        yield f"{line}\n"


def _bound(source: str) -> frozenset[str]:
    """Return the names that a module binds at its top level."""
    symbols = symtable(source, "<helpers>", "exec").get_symbols()
    return frozenset(
        item.get_name()
        for item in symbols
        if item.is_assigned() or item.is_imported()
    )
