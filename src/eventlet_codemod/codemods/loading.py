"""Finds and loads codemods: files, modules, entry points, and the packs that ship with the tool.

A codemod in Python is a program that runs when it is loaded. So nothing is loaded that nobody
named, and what only the configuration of a project names is loaded only if it is no program or
the user allows it (`needs_permission`).
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import difflib
import importlib
import importlib.metadata
import importlib.util
import inspect
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial, wraps
from pathlib import Path
from types import ModuleType
from typing import Any

from eventlet_codemod.codemods.base import Codemod, CodemodError, Kind, Order
from eventlet_codemod.codemods.facts_file import check_name, read_facts
from eventlet_codemod.codemods.stage import LIMIT, Stage, StageError, guarded, printing_aside
from eventlet_codemod.config import ConfigError
from eventlet_codemod.declared import Declared, merged
from eventlet_codemod.facts.api import canonical, is_eventlet
from eventlet_codemod.rules.base import CHECKS, Rule

#: The entry points by which an installed package offers codemods.
GROUP = "eventlet_codemod.codemods"

#: Below this name the modules of codemods are known to Python.
_NAMESPACE = "eventlet_codemods"
_CODE = re.compile(r"[A-Z]{2,12}[0-9]{3}")
_SHIPPED = "ships with eventlet-codemod"
_SUFFIXES = (".py", ".toml")
#: What a module says of its stage or its rules; of `OPTIONS`, to a command.
_CONSTANTS = frozenset(
    {
        "CODE",
        "ORDER",
        "STEP",
        "ASKS",
        "REQUIRES",
        "TIMEOUT",
        "BEFORE",
        "AFTER",
        "PYTHON2",
        "OPTIONS",
    }
)
_BOWLER = ("bowler", "fissix")


def load_codemod(spec: str, root: Path | None = None) -> Codemod:
    """The codemod that ``spec`` names. Raises CodemodError.

    It is a file (``.py`` or ``.toml``, relative to ``root``), ``module:attribute``, or the name of
    a pack or of an entry point.
    """
    if _is_file(spec):
        path = Path(spec) if root is None else root / spec
        return _from_file(path, spec, origin=spec)
    if ":" in spec:
        return _from_attribute(spec)
    name = spec.replace("_", "-")
    paths = [path for path in packs() if _named(path) == name]
    points = [point for point in _entry_points() if _called(point) == name]
    if len(paths) + len(points) > 1:
        told = [_SHIPPED for _ in paths] + [f"is an {_origin(point)}" for point in points]
        raise CodemodError(f"more than one codemod is called {spec}: one {', one '.join(told)}")
    if paths:
        return _pack(paths[0], spec)
    if points:
        return _from_entry_point(points[0], spec)
    near = difflib.get_close_matches(name, available(), 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise CodemodError(f"no codemod is called {spec!r}{hint}")


def needs_permission(spec: str) -> bool:
    """Whether loading it runs a program that was not installed with the tool or beside it."""
    return (_is_file(spec) and not spec.endswith(".toml")) or ":" in spec


def available() -> tuple[str, ...]:
    """The names of the packs, and of what entry points offer."""
    names = [*map(_named, packs()), *sorted(map(_called, _entry_points()))]
    return tuple(dict.fromkeys(names))


def packs() -> tuple[Path, ...]:
    """The files of the packs that ship with the tool, sorted.

    Each has a directory of its name, with its page and its cases. They stand in the package where
    it was built, and beside ``src`` in a checkout.
    """
    here = Path(__file__).resolve()
    installed, checkout = here.parents[1] / "packs", here.parents[3] / "codemods"
    place = checkout if here.parents[2].name == "src" else installed
    found = place.glob("*/*") if place.is_dir() else ()
    named = (path for path in found if path.stem == path.parent.name)
    return tuple(sorted(path for path in named if path.suffix in _SUFFIXES))


def _entry_points() -> tuple[importlib.metadata.EntryPoint, ...]:
    return tuple(importlib.metadata.entry_points(group=GROUP))


def _called(point: importlib.metadata.EntryPoint) -> str:
    return point.name.replace("_", "-")


def _origin(point: importlib.metadata.EntryPoint) -> str:
    package = f" of {point.dist.name} {point.dist.version}" if point.dist is not None else ""
    return f"entry point{package}"


def _is_file(spec: str) -> bool:
    return spec.endswith(_SUFFIXES)


def _named(path: Path) -> str:
    return path.stem.replace("_", "-")


def _pack(path: Path, spec: str) -> Codemod:
    try:
        return _from_file(path, spec, origin=_SHIPPED)
    except CodemodError as error:
        said = f"the pack {spec}, which {_SHIPPED}: {error.message}"
        raise CodemodError(said, str(path), error.line) from error


# --- modules -------------------------------------------------------------------------------------


def _from_file(path: Path, spec: str, origin: str) -> Codemod:
    if not path.is_file():
        raise CodemodError("no such file", spec)
    if path.suffix == ".toml":
        summary, declared = read_facts(path, spec)
        return Codemod(
            name=_named(path),
            spec=spec,
            origin=origin,
            kind="facts",
            declared=declared,
            summary=summary,
        )
    return _from_module(_module_at(path, spec), spec, origin)


def _module_at(path: Path, spec: str) -> ModuleType:
    """Run a file as a module, and register it, so that dataclasses in it work."""
    if not path.stem.isidentifier():
        raise CodemodError("its name must be that of a Python module", spec)
    name = f"{_NAMESPACE}.{path.stem}"
    made = importlib.util.spec_from_file_location(name, path)
    assert made is not None and made.loader is not None
    module = importlib.util.module_from_spec(made)
    sys.modules[name] = module
    _prepare_for(path)
    try:
        with printing_aside():
            made.loader.exec_module(module)
    except SyntaxError as error:
        del sys.modules[name]
        raise CodemodError(str(error.msg), spec, error.lineno) from error
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        if isinstance(error, ImportError) and (error.name or "").split(".")[0] in _BOWLER:
            from eventlet_codemod.codemods.bowler import missing

            raise missing(error) from error
        raise CodemodError(_told(error), spec, _line_in(error, str(path))) from error
    return module


def _prepare_for(path: Path | None) -> None:
    """See to it that a codemod can import Bowler, if it does."""
    from eventlet_codemod.codemods import bowler

    with contextlib.suppress(ImportError, OSError):  # told where it matters
        if path is None or b"bowler" in path.read_bytes():
            bowler.prepare()


def _told(error: BaseException) -> str:
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _line_in(error: BaseException, file: str) -> int | None:
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    return lines[-1] if lines else None


def _from_attribute(spec: str) -> Codemod:
    name, _, attribute = spec.partition(":")
    _prepare_for(None)
    try:
        with printing_aside():
            module = importlib.import_module(name)
    except (Exception, SystemExit) as error:
        raise CodemodError(_told(error), spec) from error
    if not attribute or not hasattr(module, attribute):
        if not attribute:
            raise CodemodError(f"say which attribute of {name} it is: {name}:NAME", spec)
        raise CodemodError(f"the module {name} has no {attribute}", spec)
    return _from_object(getattr(module, attribute), module, spec, origin=spec)


def _from_entry_point(point: importlib.metadata.EntryPoint, spec: str) -> Codemod:
    origin = _origin(point)
    _prepare_for(None)
    try:
        with printing_aside():
            found = point.load()
    except (Exception, SystemExit) as error:
        raise CodemodError(f"the {origin} cannot be loaded: {_told(error)}", spec) from error
    if isinstance(found, ModuleType):
        codemod = _from_module(found, spec, origin)
    else:
        codemod = _from_object(found, sys.modules[point.module], spec, origin)
    return dataclasses.replace(codemod, name=_called(point))  # by which it can be asked for


# --- what a module holds -------------------------------------------------------------------------


def _from_module(module: ModuleType, spec: str, origin: str) -> Codemod:
    """A codemod is known by what it defines: ``rule`` or ``rules``, ``query``, or a command."""
    rules = getattr(module, "rules", None) or getattr(module, "rule", None)
    if rules is not None:
        return _from_object(rules, module, spec, origin)
    query = getattr(module, "query", None)
    if callable(query):
        return _from_object(query, module, spec, origin)
    commands = list(_commands(module))
    if len(commands) == 1:
        return _from_object(commands[0], module, spec, origin)
    if commands:
        names = ", ".join(command.__name__ for command in commands)
        raise CodemodError(f"it defines more than one command, {names}: give module:NAME", spec)
    raise CodemodError(
        "it is no codemod: it defines no rule, no query() and no CodemodCommand", spec
    )


def _commands(module: ModuleType) -> Iterator[type[Any]]:
    from libcst.codemod import CodemodCommand

    for found in vars(module).values():
        own = inspect.isclass(found) and found.__module__ == module.__name__
        if own and issubclass(found, CodemodCommand) and not inspect.isabstract(found):
            yield found


def _from_object(found: Any, module: ModuleType, spec: str, origin: str) -> Codemod:
    if isinstance(found, Codemod):
        return found
    if isinstance(found, Rule):
        found = (found,)
    if isinstance(found, list | tuple) and all(isinstance(item, Rule) for item in found):
        return _of_rules(found, module, spec, origin)
    if inspect.isclass(found):
        from libcst.codemod import CodemodCommand

        if issubclass(found, CodemodCommand):
            _check_options(found, module, spec)
            made = partial(_command, found, module)
            return _of_stage(made, "libcst", module, spec, origin, found.DESCRIPTION)
    elif callable(found):
        made = partial(_query, found, module, spec)
        return _of_stage(made, "bowler", module, spec, origin)
    raise CodemodError("it is neither rules, nor a query, nor a CodemodCommand", spec)


def _of_rules(rules: Sequence[Rule], module: ModuleType, spec: str, origin: str) -> Codemod:
    own = []
    _check_constants(module, spec)
    for rule in rules:
        _check_code(rule.code, spec)
        _check_rule(rule, spec)
        alias = rule.alias or (f"{_name(module)}-{rule.code.lower()}" if len(rules) > 1 else "")
        match = _guarded(rule, _limit(module))
        own.append(dataclasses.replace(rule, module=module.__name__, alias=alias, match=match))
    names = {api: api for rule in own for api in rule.apis if not is_eventlet(api)}
    starred = sorted(name for name in names if name.endswith("*"))
    if starred:
        raise CodemodError(f"{starred[0]}: only names of eventlet can end with a star", spec)
    return Codemod(
        name=_name(module),
        spec=spec,
        origin=origin,
        kind="rules",
        rules=tuple(own),
        declared=_declared(module, spec, names),
        summary=_summary(module),
    )


def _check_rule(rule: Rule, spec: str) -> None:
    """Raise CodemodError for what would be passed over in silence, or fail late."""
    if isinstance(rule.apis, str) or not all(isinstance(api, str) for api in rule.apis):
        raise CodemodError(f"{rule.code}: apis is a set of names, not {rule.apis!r}", spec)
    for api in sorted(rule.apis):
        spelled = canonical(api)
        if spelled != api:
            raise CodemodError(f"{rule.code}: {api} is {spelled} here", spec)
        if "." not in api:
            raise CodemodError(f"{rule.code}: {api!r} is no dotted name", spec)
    unknown = sorted(set(rule.checks) - CHECKS.keys())
    if unknown:
        raise CodemodError(
            f"{rule.code}: there is no question {unknown[0]}; for one of your own take C-CODEMOD",
            spec,
        )
    if rule.step not in range(1, 6):
        raise CodemodError(f"{rule.code}: step is a number from 1 to 5, not {rule.step!r}", spec)


def _guarded(rule: Rule, limit: float) -> Callable[[Any, Any, Any], Any]:
    """The `match` of a rule, which neither ends the run nor holds it up, nor prints into it."""

    @wraps(rule.match)
    def match(use: Any, facts: Any, settings: Any) -> Any:
        try:
            with guarded(limit):
                return rule.match(use, facts, settings)
        except StageError as error:
            from eventlet_codemod.decisions import RuleError

            raise RuleError(rule, error.message) from error

    return match


def _of_stage(
    make: Callable[[Path | None], Stage],
    kind: Kind,
    module: ModuleType,
    spec: str,
    origin: str,
    described: str = "",
) -> Codemod:
    """A stage, as the constants of its module say.

    CODE, ORDER, STEP, ASKS, REQUIRES, TIMEOUT, and BEFORE and AFTER as the example of its page;
    PYTHON2 of a query for what only Python 2 can read.
    """
    name = _name(module)
    letters = re.sub("[^A-Z]", "", name.upper())[:12].ljust(2, "X")
    code = getattr(module, "CODE", f"{letters}001")
    _check_code(code, spec)
    order: Order = getattr(module, "ORDER", "before")
    if order not in ("before", "after"):
        raise CodemodError(f"ORDER is 'before' or 'after', not {order!r}", spec)
    step = getattr(module, "STEP", 1)
    if step not in range(1, 6):
        raise CodemodError(f"STEP is a number from 1 to 5, not {step!r}", spec)
    _check_constants(module, spec)
    asks = getattr(module, "ASKS", CHECKS["C-CODEMOD"])
    if not isinstance(asks, str):
        raise CodemodError(f"ASKS is a question to the reviewer, or '', not {asks!r}", spec)
    rule = Rule(
        code=code,
        family=name,
        step=step,
        summary=_summary(module) or described.partition("\n")[0].rstrip(".") or name,
        apis=frozenset(),
        match=_matches_nothing,
        before=getattr(module, "BEFORE", ""),
        after=getattr(module, "AFTER", ""),
        checks=("C-CODEMOD",) if asks else (),
        module=module.__name__,
        order=order,
    )
    return Codemod(
        name=name,
        spec=spec,
        origin=origin,
        kind=kind,
        order=order,
        rules=(rule,),
        declared=_declared(module, spec),
        make_stage=cache(make),  # a query is compiled once
        asks=asks,
        summary=rule.summary,
    )


def _declared(module: ModuleType, spec: str, own: Mapping[str, str] | None = None) -> Declared:
    """The facts that a module declares beside its rules or its stage, and the names of its rules.

    Raises CodemodError.
    """
    given = getattr(module, "declared", Declared())
    if not isinstance(given, Declared):
        raise CodemodError(f"declared is what Declared(...) gives, not {given!r}", spec)
    for name, api in given.names.items():
        check_name(name, api, spec)
    return merged({"its rules": Declared(own or {}), _name(module): given})


def _query(query: Any, module: ModuleType, shown: str, root: Path | None) -> Stage:
    from eventlet_codemod.codemods.bowler import BowlerStage, is_query, only_made

    try:
        with printing_aside(), only_made():
            made = query()
    except (Exception, SystemExit) as error:
        if isinstance(error, ConfigError):  # there is no Bowler
            raise
        line = _line_in(error, str(module.__file__))
        raise CodemodError(f"{query.__name__}() fails: {_told(error)}", shown, line) from error
    if not is_query(made):
        raise CodemodError(f"{query.__name__}() gives no Bowler query", shown)
    python2 = getattr(module, "PYTHON2", False) is True
    try:
        return BowlerStage(made, requires=_requires(module), limit=_limit(module), python2=python2)
    except ValueError as error:
        raise CodemodError(f"{query.__name__}(): {error}", shown) from error


def _command(command: Any, module: ModuleType, root: Path | None) -> Stage:
    from eventlet_codemod.codemods.command import CommandStage

    options = getattr(module, "OPTIONS", {})
    return CommandStage(
        command, options=options, requires=_requires(module), limit=_limit(module), root=root
    )


def _check_options(command: Any, module: ModuleType, spec: str) -> None:
    """Raise CodemodError where a command is not given what it wants."""
    options = getattr(module, "OPTIONS", {})
    if not isinstance(options, Mapping):
        raise CodemodError(f"OPTIONS is a dict of keyword arguments, not {options!r}", spec)
    with contextlib.suppress(ValueError):  # it has no signature
        try:
            inspect.signature(command).bind(None, **options)
        except TypeError as error:
            said = f"{command.__name__}: {error}; a file of your own can give OPTIONS to it"
            raise CodemodError(said, spec) from error


def _requires(module: ModuleType) -> tuple[str, ...]:
    words = getattr(module, "REQUIRES", ())
    return (words,) if isinstance(words, str) else tuple(words)


def _limit(module: ModuleType) -> float:
    return float(getattr(module, "TIMEOUT", LIMIT))


def _check_constants(module: ModuleType, spec: str) -> None:
    """Raise CodemodError where REQUIRES, TIMEOUT, BEFORE or AFTER cannot be, or one is misspelt."""
    words = getattr(module, "REQUIRES", ())
    listed = words if isinstance(words, list | tuple | set | frozenset) else [words]
    if not all(isinstance(word, str) and word for word in listed):
        raise CodemodError(f"REQUIRES is a tuple of words, not {words!r}", spec)
    limit = getattr(module, "TIMEOUT", LIMIT)
    if not isinstance(limit, int | float) or not limit > 0:
        raise CodemodError(f"TIMEOUT is a number of seconds, not {limit!r}", spec)
    for name in ("BEFORE", "AFTER"):
        if not isinstance(getattr(module, name, ""), str):
            raise CodemodError(f"{name} is text, not {getattr(module, name)!r}", spec)
    for name in _idle_constants(module):
        near = difflib.get_close_matches(name, _CONSTANTS, 1, cutoff=0.75)
        if near:
            raise CodemodError(f"nothing uses {name} (did you mean {near[0]!r}?)", spec)


def _idle_constants(module: ModuleType) -> Iterator[str]:
    """Names in capitals that a module binds, and does not use itself."""
    try:
        tree = ast.parse(inspect.getsource(module))
    except (OSError, TypeError, SyntaxError):
        return
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    loads = (ast.Load, ast.Del)
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, loads)}
    yield from sorted(n for n in names - used - _CONSTANTS if n.isupper() and hasattr(module, n))


def _matches_nothing(use: Any, facts: Any, settings: Any) -> None:
    return None


def _name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2].replace("_", "-")


def _summary(module: ModuleType) -> str:
    first = inspect.cleandoc(module.__doc__ or "").partition("\n")[0]
    return first.rstrip(".")


def _check_code(code: Any, spec: str) -> None:
    if not isinstance(code, str) or not _CODE.fullmatch(code) or code.startswith("EVT"):
        raise CodemodError(
            f"{code!r} is no code for a codemod: 2 to 12 capital letters and three digits, such as "
            "NOVA001, and not EVT",
            spec,
        )
