"""The module from which a WSGI server outside of the program takes its application."""

from __future__ import annotations

import ast
import builtins
import symtable
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.module import FUNCTIONS, dotted_name
from eventlet_codemod.facts.scopes import names_bound_by_header, own_statements
from eventlet_codemod.imports.style import section_of
from eventlet_codemod.rules.servers._before import Before, Blocked, before, is_guard, loaded

NAME = "application"

_ORIGIN = (
    "eventlet-codemod wrote this module, for a WSGI server such as gunicorn or uWSGI. It belongs "
    "to this project now."
)
_BUILD = "build"

#: A call of `monkey_patch` at the top of a module.
_PATCHES = r"(?m)^(?:\w+\.)*monkey_patch\("


@dataclass(frozen=True, slots=True)
class Entry:
    """``text`` of the module at ``path``; ``asks`` tells its reader what to look at.

    ``place`` says in words whose application it has.
    """

    path: str
    text: str
    place: str
    asks: tuple[str, ...]

    @property
    def target(self) -> str:
        """The application as servers name it."""
        return f"{dotted_name(self.path)}:{NAME}"


def entry_for(
    use: Use,
    given: Mapping[str, ast.expr],
    application: ast.expr,
    extra: ast.expr | None,
    facts: Facts,
    settings: Settings,
) -> Entry:
    """The module that offers ``application``, with ``extra`` in its environ. Raises Blocked."""
    needed = [application, *([extra] if extra is not None else [])]
    around = before(use, given, needed, facts)
    width = settings.line_length or 79
    code = _build(around, application, extra, facts, width)
    imports = list(_imports(_free_names(code, use, around, facts), facts, settings))
    subject = f"The WSGI application that {around.place} served."
    if len(subject) + 3 > width:
        subject = "The WSGI application, for another server."
    docstring = "\n".join(textwrap.wrap(_ORIGIN, width))
    head = f'"""{subject}\n\n{docstring}\n"""\n'
    if around.kept or extra is not None:
        body = f"\n\n{code}\n\n{_application(extra)}"
    elif (plain := _text(application, facts)) == NAME:
        body = f'__all__ = ["{NAME}"]\n'
    else:
        body = f"{NAME} = {plain}\n"
    text = "\n".join([head, *_sections(imports, facts), body.removeprefix("\n")])
    asks = tuple(_asks(around, facts))
    return Entry(path_beside(use, facts, "_wsgi.py"), text, around.place, asks)


def path_beside(use: Use, facts: Facts, tail: str) -> str:
    """The path of a file that belongs to one server, beside the file that starts it."""
    directory, _, name = facts.path.rpartition("/")
    stem = name.removesuffix(".py")
    stem = {"__init__": directory.rpartition("/")[2], "__main__": "main"}.get(stem, stem)
    others = [
        other
        for other in facts.names.uses
        if other.api == use.api and other.kind == "reference" and other is not use
    ]
    if others:
        stem += f"_{getattr(use.function, 'name', 'main')}"
    return f"{directory}/{stem}{tail}" if directory else f"{stem}{tail}"


# --- code ---------------------------------------------------------------------------------------


def _build(
    around: Before, application: ast.expr, extra: ast.expr | None, facts: Facts, width: int
) -> str:
    subject = f"Do what {around.place} does before it serves."
    if len(subject) + 10 > width:
        subject = "Do what comes before the server there."
    lines = [f"def {_BUILD}():", f'    """{subject}"""']
    for item in around.kept:
        lines += textwrap.indent(_source(item, facts), "    ").splitlines()
    given = _text(application, facts)
    if extra is not None:
        given += f", {_text(extra, facts)}"
    lines.append(f"    return {given}")
    return "\n".join(lines) + "\n"


def _application(extra: ast.expr | None) -> str:
    if extra is None:
        return f"{NAME} = {_BUILD}()\n"
    return textwrap.dedent(f'''\
        _served, _more = {_BUILD}()


        def {NAME}(environ, start_response):
            """Serve with more in the environ; the keys of the request win."""
            return _served({{**_more, **environ}}, start_response)
        ''')


def _source(node: ast.stmt, facts: Facts) -> str:
    """A statement as it is written, if that can stand at another depth."""
    first, last = node.lineno, node.end_lineno or node.lineno
    lines = facts.lines[first - 1 : last]
    inside = [n for n in ast.walk(node) if isinstance(n, (ast.Constant, ast.JoinedStr))]
    long = any(n.lineno != n.end_lineno for n in inside)
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    alone = len(indent) == node.col_offset and not lines[-1][facts.column(node, end=True) :].strip()
    deep = all(not line.strip() or line.startswith(indent) for line in lines)
    if long or not alone or not deep or "\t" in indent or getattr(node, "decorator_list", []):
        return ast.unparse(node)
    return "\n".join(line.removeprefix(indent).rstrip() for line in lines)


def _text(node: ast.expr, facts: Facts) -> str:
    if node.lineno != node.end_lineno:
        return ast.unparse(node)
    line = facts.lines[node.lineno - 1]
    return line[facts.column(node) : facts.column(node, end=True)]


# --- names --------------------------------------------------------------------------------------


def _free_names(code: str, use: Use, around: Before, facts: Facts) -> list[str]:
    """The names that the code takes from its module; all are bound when that is imported."""
    tables = symtable.symtable(code, "<entry>", "exec").get_children()
    names: set[str] = set()
    for table in tables:
        tables += table.get_children()
        names |= {item.get_name() for item in table.get_symbols() if item.is_global()}
    known = _bound_at_import(facts)
    for name in sorted(names):
        scope, bindings = facts.lookup(name, use.scope)
        if scope is not None and scope.kind != "module":
            if any(isinstance(binding.node, ast.arg) for binding in bindings):
                raise Blocked(f"`{name}` is a parameter")
            raise Blocked(f"`{name}` is a variable that something else sets")
        if name in facts.declared_global:
            raise Blocked(f"`{name}` is a variable that functions set (`global {name}`)")
        if name not in known and not hasattr(builtins, name):
            raise Blocked(f"it is not seen where `{name}` comes from")
    if use.function is None:
        _see_that_nobody_reads_them(around, use, facts)
    return sorted(name for name in names if name in known)


def _bound_at_import(facts: Facts) -> set[str]:
    """The names of the module that have their value when it has been imported."""
    found: set[str] = set()
    for item in own_statements([item for item in facts.tree.body if not is_guard(item)]):
        if isinstance(item, (ast.Import, ast.ImportFrom)):
            found |= {alias.asname or alias.name.partition(".")[0] for alias in item.names}
        else:
            found.update(names_bound_by_header(item))
    return found


def _see_that_nobody_reads_them(around: Before, use: Use, facts: Facts) -> None:
    """What the block of a script sets are variables of its module: others may read them."""
    stored = {name for item in around.kept for name in names_bound_by_header(item)}
    stored |= {
        node.id
        for item in around.kept
        for node in ast.walk(item)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    body = [item for item in facts.tree.body if not is_guard(item)]
    shared = stored & (loaded(body) | _bound_at_import(facts))
    if shared:
        raise Blocked(f"`{min(shared)}` is a variable of the module, which other code of it reads")


# --- imports ------------------------------------------------------------------------------------


def _imports(names: Iterable[str], facts: Facts, settings: Settings) -> Iterator[tuple[str, str]]:
    """The imports of the module, each with the top-level package that it is of."""
    taken: list[str] = []
    for name in names:
        line = _same_import(name, facts)
        if line is None:
            taken.append(name)
        else:
            yield line.split()[1].partition(".")[0], line
    top = facts.dotted.partition(".")[0]
    if taken and settings.import_style == "one-per-line":
        for name in taken:
            yield top, f"from {facts.dotted} import {name}"
    elif taken:
        line = f"from {facts.dotted} import {', '.join(taken)}"
        if len(line) > (settings.line_length or 79):
            rows = "".join(f"    {name},\n" for name in taken)
            line = f"from {facts.dotted} import (\n{rows})"
        yield top, line
    elif _does_something(facts):
        yield top, f"import {facts.dotted}  # noqa: F401  for what it sets up"


def _same_import(name: str, facts: Facts) -> str | None:
    """The import that binds a name in the module, if that is all that does."""
    found = facts.module_imports.get(name, [])
    if len(found) != 1 or name in facts.bound_otherwise:
        return None
    statement, alias, unconditional = found[0]
    if not unconditional:
        return None
    if isinstance(statement, ast.ImportFrom):
        base = statement.module or ""
        if statement.level:
            package = facts.package.split(".")
            package = package[: len(package) - statement.level + 1]
            base = ".".join(filter(None, [*package, base]))
        line = f"from {base} import {alias.name}" if base else f"import {alias.name}"
    else:
        line = f"import {alias.name}"
    return f"{line} as {alias.asname}" if alias.asname else line


def _does_something(facts: Facts) -> bool:
    """Whether importing the module does more than to define things."""
    for item in facts.tree.body:
        if isinstance(item, (ast.Import, ast.ImportFrom, *FUNCTIONS, ast.ClassDef)):
            continue
        if is_guard(item):
            continue
        value = getattr(item, "value", None)
        if not isinstance(item, (ast.Expr, ast.Assign)) or not isinstance(value, ast.Constant):
            return True
    return False


def _sections(imports: Sequence[tuple[str, str]], facts: Facts) -> Iterator[str]:
    own = frozenset({facts.dotted.partition(".")[0]}) | facts.project.local_modules
    groups: dict[int, set[str]] = {}
    for top, line in imports:
        groups.setdefault(section_of(top, own), set()).add(line)
    for _, lines in sorted(groups.items()):
        yield "".join(f"{line}\n" for line in sorted(lines, key=_by_kind))


def _by_kind(line: str) -> tuple[bool, str]:
    return line.startswith("from "), line


# --- what to look at ----------------------------------------------------------------------------


def _asks(around: Before, facts: Facts) -> Iterator[str]:
    calls = [item for item in around.kept if any(isinstance(n, ast.Call) for n in ast.walk(item))]
    if calls:
        yield (
            f"Its `{_BUILD}()` repeats {_lines(around.kept)}: does something there read the "
            "command line, which is the server's own?"
        )
    if around.left_out:
        yield f"It leaves out {_lines(around.left_out)}, which only the serving needs"
    if around.after:
        yield f"What follows on {_lines(around.after)} is not done"
    if patching := _patches_at_import(facts):
        yield (
            f"{patching} patches when it is imported, and so would the server outside: start that "
            "when the patching has gone"
        )


def _patches_at_import(facts: Facts) -> str:
    """The place that patches where the module, or a package around it, is imported; "" if none."""
    for use in facts.names.uses:
        at_import = use.function is None and not any(is_guard(node) for node in use.parents)
        if use.api == "eventlet.patcher.monkey_patch" and use.call and at_import:
            return f"line {use.call.lineno} of {facts.path}"
    parts = facts.dotted.split(".")
    for end in range(1, len(parts)):
        path = facts.project.path_of(".".join(parts[:end]))
        if path not in (None, facts.path) and facts.project.matches(path, _PATCHES):
            return path
    return ""


def _lines(items: Sequence[ast.stmt]) -> str:
    lines = [str(item.lineno) for item in items]
    return f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(lines)}"
