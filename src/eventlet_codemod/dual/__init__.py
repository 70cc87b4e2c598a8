"""The module that runs a project in two modes: ``monkey-patch = "switch"``.

`template` is that module, written for the project that gets it: with the
standard library only, for Python 3.9, and importing nothing that would come
too early for `monkey_patch`. `render` makes it the project's own, `serves`
tells whether a module does what rewritten code needs, and `written` whether
nobody has edited it.
"""

from __future__ import annotations

import ast
import re
import textwrap
from importlib import resources

#: What rewritten code calls.
PATCH, IS_PATCHED = "patch", "is_patched"

_NAME = "DISABLE_EVENTLET_PATCHING"
_BACKEND = """\
    from oslo_service import backend

    backend.init_backend(backend.BackendType.THREADING)
"""
_DOCUMENTED = """\
    raises ModuleNotFoundError, as if it were not installed, and oslo.service
    uses its threading backend. A further call adds parts, or does nothing.
"""
_PLAIN = """\
    raises ModuleNotFoundError, as if it were not installed. A further call
    adds parts, or does nothing.
"""


def variable(module: str, *, openstack: bool) -> str:
    """Return the environment variable of a project.

    ``OS_NOVA_DISABLE_EVENTLET_PATCHING`` is named after the package at the top
    of ``module``.
    """
    prefix = "OS_" if openstack else ""
    return f"{prefix}{module.partition('.')[0].upper()}_{_NAME}"


def render(name: str, *, oslo_service: bool) -> str:
    """Return the source of the module for the environment variable ``name``.

    ``oslo_service``: without eventlet it chooses the threading backend.
    """
    text = (
        resources.files(__name__)
        .joinpath("template.py")
        .read_text(encoding="utf-8")
    )
    if not oslo_service:
        text = text.replace(_BACKEND, "").replace(_DOCUMENTED, _PLAIN)
    text = text.replace(f'"{_NAME}"', f'"{name}"')
    start = text.index("The environment")
    end = text.index("\n\n", start)
    told = " ".join(text[start:end].split()).replace(_NAME, name)
    return f"{text[:start]}{textwrap.fill(told, 79)}{text[end:]}"


def serves(source: str) -> str:
    """Say what a module lacks that rewritten code calls, "" for nothing.

    It calls ``patch`` with what `monkey_patch` takes, and ``is_patched`` with
    one argument or none.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return "it cannot be read"
    functions = {
        item.name: item.args
        for item in tree.body
        if isinstance(item, ast.FunctionDef)
    }
    patch, asks = functions.get(PATCH), functions.get(IS_PATCHED)
    if patch is None or patch.kwarg is None or _required(patch):
        return f"it has no `{PATCH}(**parts)`"
    if (
        asks is None
        or len(asks.posonlyargs + asks.args) != 1
        or not asks.defaults
    ):
        return f"it has no `{IS_PATCHED}(part='thread')`"
    return ""


def _required(given: ast.arguments) -> bool:
    """Tell whether a function cannot be called without arguments."""
    positional = len(given.posonlyargs + given.args) > len(given.defaults)
    return positional or any(default is None for default in given.kw_defaults)


def written(source: str) -> str:
    """Return the variable of a module as `render` gives it, "" for another."""
    found = re.search(r'^VARIABLE = "(\w+)"$', source, re.MULTILINE)
    name = found[1] if found else ""
    plain = source.replace("\r\n", "\n")
    same = name and plain in (
        render(name, oslo_service=backend) for backend in (True, False)
    )
    return name if same else ""
