"""The module through which a project in dual mode patches: which it is, and what it loads."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from eventlet_codemod import dual
from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.facts.scopes import Walker, parse
from eventlet_codemod.rules.base import Leave, ReplaceExpression
from eventlet_codemod.rules.ecosystem._loading import loaded

#: Packages at the top of a project that are not the project.
_ASIDE = frozenset(
    ["benchmarks", "contrib", "doc", "docs", "examples", "scripts", "test", "tests", "tools"]
)

#: Modules that `import eventlet` loads itself before it patches, and some that keep nothing of what
#: is patched.
_EARLY = frozenset(
    [
        *("abc", "ast", "asyncio", "atexit", "base64", "bisect", "builtins", "calendar", "codecs"),
        *("collections", "contextlib", "contextvars", "copy", "csv", "dataclasses"),
        *("datetime", "dis", "email", "enum", "errno", "eventlet", "fnmatch", "functools"),
        *("greenlet", "hashlib", "heapq", "hmac", "importlib", "inspect", "io", "ipaddress"),
        *("itertools", "linecache", "locale", "logging", "math", "operator", "os", "pathlib"),
        *("pkgutil", "queue", "random", "re", "select", "selectors", "shutil", "signal", "socket"),
        *("ssl", "stat", "string", "struct", "subprocess", "sys", "tempfile", "textwrap"),
        *("threading", "time", "traceback", "types", "typing", "unicodedata", "urllib"),
        *("warnings", "weakref", "zipfile", "__future__", "argparse", "configparser", "decimal"),
        *("getopt", "gettext", "glob", "json", "numbers", "optparse", "pprint", "shlex", "uuid"),
    ]
)

_PATCHES_AT_TOP = rf"(?m)^(?:[\w.]+\.)?monkey_patch(?:\.{dual.PATCH})?\("


def module_of(facts: Facts, settings: Settings) -> str | Leave:
    """The dotted name of the module; or why there is none to call here."""
    module = settings.monkey_patch_module
    if module is None:
        packages = _packages(facts)
        if len(packages) != 1:
            named = f"there are {', '.join(packages)}" if packages else "there is none"
            return _leave(
                f"the package that is to hold the switch cannot be told: {named}",
                "name the module in `monkey-patch-module`, such as `pkg.monkey_patch`",
            )
        module = f"{packages[0]}.monkey_patch"
    if facts.dotted == module:
        return _leave(
            f"`{module}` is where the project decides about patching",
            "keep it: this is what the switch is for"
            if not dual.serves(facts.text)
            else "let it offer `patch(**parts)` and `is_patched(part='thread')`, and keep this "
            "call inside; or name another module in `monkey-patch-module`",
        )
    package, _, last = module.rpartition(".")
    home = facts.project.path_of(package) if package else None
    if home is not None and _binds(home, package, last, facts):
        return _leave(
            f"`{package}` has something else called {last}",
            "name another module in `monkey-patch-module`",
        )
    path = facts.project.path_of(module)
    lacks = dual.serves(facts.project.reads(path)) if path is not None else ""
    if lacks:
        return _leave(
            f"`{module}` is there already, and {lacks}",
            f"call what `{module}` has for this; or name another module in `monkey-patch-module`",
        )
    return module


def _binds(path: str, package: str, name: str, facts: Facts) -> bool:
    """Whether a package has a name of its own that hides the module of that name."""
    text = facts.text if path == facts.path else facts.project.reads(path)
    if name not in text:
        return False
    try:
        walker = Walker(parse(text), text)
    except (SyntaxError, ValueError, RecursionError):
        return False  # nothing in it can be imported
    walker.find(frozenset({name}))
    own = {f"{package}.{name}", f".{name}"}
    return any(item.qualified not in own for item in walker.module.bindings.get(name, ()))


def variable(module: str, settings: Settings) -> str:
    """The environment variable that the module asks."""
    return dual.variable(module, openstack=settings.profile == "openstack")


def calls(use: Use, module: str, name: str) -> ReplaceExpression:
    """The edit that names a function of the module in the place of eventlet's."""
    assert isinstance(use.node, ast.expr)
    return ReplaceExpression(
        use.node, lambda node, context: f"{context.name(module)}.{name}", f"{module}.{name}"
    )


def is_out_of_reach(module: str, facts: Facts) -> bool:
    """Whether a file that stands outside the package may not be able to import it.

    It can if it does so already, and does not see to it by itself first.
    """
    package, dot, _ = module.partition(".")
    if facts.project.root is None or _around(facts.path)[:1] == [package]:
        return False
    if not dot:
        return _around(facts.path) != []  # it stands beside the scripts that call it
    found = {name.partition(".")[0] for name, _ in _imported(facts)}
    return package not in found or "sys.path" in facts.text


def loaded_early(module: str, use: Use, facts: Facts) -> str:
    """What importing the module may load before the process is patched; "" for nothing new.

    The packages around a file are loaded before it, unless it runs as a script.
    """
    if facts.project.root is None:
        return ""
    known = {name for name, line in _imported(facts) if use.function or line < use.statement.lineno}
    if not facts.search(r"(?m)^if[ \t]+__name__[ \t]*=="):
        around = _around(facts.path)
        known |= {".".join(around[:end]) for end in range(1, len(around) + 1)}
    parts = module.split(".")[:-1]
    packages = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
    fresh = [p for p in packages if not any(f"{name}.".startswith(f"{p}.") for name in known)]
    for path, names in loaded(fresh, facts.project):
        for name in names if path != facts.path else ():
            top = name.partition(".")[0]
            if top not in _EARLY and facts.project.path_of(top) is None:
                return f"{path}, which loads {name}"
    return ""


def set_after_import(use: Use, facts: Facts) -> int:
    """A line between the import of eventlet and the call that names one of its variables, or 0."""
    first = min((binding.line for binding in use.bindings), default=len(facts.lines))
    last = len(facts.lines) if use.function is not None else use.statement.lineno
    lines = range(first, last)
    return next((n + 1 for n in lines if "EVENTLET_" in facts.lines[n]), 0)


def is_patched_before(facts: Facts) -> bool:
    """Whether a package around the file patches at its top, before the file is reached."""
    packages = _around(facts.path)
    names = [".".join(packages[:end]) for end in range(1, len(packages) + 1)]
    paths = {facts.project.path_of(name) for name in names} - {None, facts.path}
    return any(path and facts.project.matches(path, _PATCHES_AT_TOP) for path in paths)


def _around(path: str) -> list[str]:
    """The packages around a file, outermost first, as far as its path tells."""
    return path.removeprefix("src/").split("/")[:-1]


def _imported(facts: Facts) -> Iterator[tuple[str, int]]:
    """What the file imports at its top from other modules, by its full name, and the line."""
    for statement in facts.tree.body:
        if isinstance(statement, ast.Import):
            yield from ((alias.name, statement.lineno) for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom) and not statement.level:
            yield statement.module or "", statement.lineno


def _packages(facts: Facts) -> list[str]:
    """The packages of the project; of several those that patch outside of tests."""
    project = facts.project
    names = sorted(
        name
        for name in project.local_modules - _ASIDE
        if (project.path_of(name) or "").endswith("/__init__.py")
    )
    if len(names) < 2:
        return names
    mentions = project.mentions(frozenset({"monkey_patch"}), facts.path)
    own = (facts.path,) if facts.search(r"\bmonkey_patch\b") else ()
    paths = (*own, *mentions.get("monkey_patch", ()))
    patching = {path.removeprefix("src/").split("/")[0] for path in paths if not is_test(path)}
    return [name for name in names if name in patching] or names


def _leave(message: str, advice: str) -> Leave:
    return Leave(
        message=message,
        why="in dual mode one module of the project patches, or does not, as the environment says",
        advice=advice,
        setting="monkey-patch-module",
    )
