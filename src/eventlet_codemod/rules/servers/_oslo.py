"""Whether a helper can take the place of oslo.service's WSGI server."""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Use

API = "oslo_service.wsgi.Server"

#: What registers options is replaced everywhere or nowhere: oslo.config takes options that differ
#: in their help for different ones.
TOGETHER = "oslo_service.wsgi"

_POSITIONAL = ("conf", "name", "app", "host", "port", "pool_size")
_KEYWORDS = frozenset(
    [
        *_POSITIONAL,
        *("backlog", "use_ssl", "max_url_len", "logger_name", "socket_family", "socket_file"),
        "socket_mode",
    ]
)
_HOOKS = frozenset({"_set_socket_opts"})


def objection_to(use: Use, settings: Settings) -> str:
    """Why the server stays, "" if it need not."""
    if use.api != API or use.kind != "reference" or use.doubt or not use.loaded:
        return "it is not certain that this is the server"
    if settings.wsgi != "cheroot":
        return f"`wsgi` is set to `{settings.wsgi}`"
    if settings.helpers is None:
        return "`helpers` names no module for it"
    if isinstance(use.parent, ast.ClassDef):
        return _objection_to_class(use.parent, use)
    if use.call is None:
        return "it is passed on"
    if len(use.call.args) > len(_POSITIONAL) or any(
        isinstance(item, ast.Starred) for item in use.call.args
    ):
        return "not all of its arguments can be seen"
    for item in use.call.keywords:
        if item.arg not in _KEYWORDS:
            return f"the helper has no `{item.arg}`" if item.arg else "it gets unseen keywords"
    return ""


def runs_outside(use: Use, settings: Settings) -> bool:
    """Whether a call certainly makes the server, and one outside is to serve in its place."""
    sure = use.api == API and use.kind == "reference" and not use.doubt and use.call is not None
    return settings.wsgi == "external" and sure


def _objection_to_class(node: ast.ClassDef, use: Use) -> str:
    if node.bases != [use.node] or node.keywords:
        return "the class has other bases, too"
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name not in _HOOKS:
            return f"the class has a {item.name} of its own"
        if not isinstance(item, (ast.FunctionDef, ast.Pass, ast.Expr)):
            return "the class is more than a few methods"
    return ""


def arguments_of(use: Use) -> dict[str, ast.expr] | None:
    """What the server is made with, by parameter; None if that cannot be seen."""
    if use.call is None or len(use.call.args) > len(_POSITIONAL):
        return None
    if any(isinstance(item, ast.Starred) for item in use.call.args):
        return None
    given = dict(zip(_POSITIONAL, use.call.args, strict=False))
    for item in use.call.keywords:
        if item.arg is None:
            return None
        given[item.arg] = item.value
    return given


def size_of(use: Use) -> str:
    """How many threads it may come to, as text."""
    given = {item.arg: item.value for item in use.call.keywords} if use.call is not None else {}
    if use.call is not None and len(use.call.args) == len(_POSITIONAL):
        given["pool_size"] = use.call.args[-1]
    size = given.get("pool_size")
    if size is None or (isinstance(size, ast.Constant) and size.value is None):
        return "`wsgi_default_pool_size` (100)"
    return f"`{ast.unparse(size)}`"
