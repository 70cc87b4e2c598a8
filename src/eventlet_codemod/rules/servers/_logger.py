"""The logger of the server on cheroot, and where its old name stands."""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules.base import ReplaceExpression, Rewrite
from eventlet_codemod.rules.servers import _serving

OLD = "eventlet.wsgi.server"
PARENT = "eventlet.wsgi"

#: What stands in a file that serves by one of the helpers, or by what becomes one.
_SERVES = (
    r"(?m)\b(?:wsgi_server|ConfiguredWSGIServer)\b|^[^'\"#\n]*\beventlet\.wsgi\b|"
    r"^[ \t]*from[ \t]+(?:eventlet|oslo_service)[ \t]+import[ \t]+[^\n]*\bwsgi\b"
)
_WORDS = frozenset({"wsgi", "wsgi_server", "ConfiguredWSGIServer"})


def is_served(facts: Facts, settings: Settings) -> bool:
    """Whether code of the project serves by a helper, and none by eventlet's server."""
    if settings.helpers is None or settings.wsgi != "cheroot":
        return False
    if any(_serving.objection_to(use, settings) for use in _serving.servers_in(facts)):
        return False
    paths = {p for found in facts.project.mentions(_WORDS, facts.path).values() for p in found}
    others = [path for path in sorted(paths) if not is_test(path)]
    serves = facts.search(_SERVES) or any(facts.project.matches(p, _SERVES) for p in others)
    return bool(serves) and not _serving.stays_elsewhere(facts, settings)


def renamed(use: Use) -> Rewrite:
    """Give the string the name that the logger has now."""
    assert isinstance(use.node, ast.Constant)
    return Rewrite(
        message=f"the logger of the WSGI server is called `{_new(use.path)}` now",
        why=f"`{use.path}` names a module that is there no more",
        edits=(ReplaceExpression(use.node, _quoted),),
        checks={
            "C-FLOW": f"do settings outside of the project's code name `{use.path}`, such as "
            f"default_log_levels? They are for `{_new(use.path)}` now"
        },
        setting="wsgi",
    )


def _new(name: str) -> str:
    return name.removeprefix("eventlet.")


def _quoted(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    assert isinstance(node, cst.SimpleString)
    return cst.SimpleString(node.value.replace("eventlet.wsgi", "wsgi"))
