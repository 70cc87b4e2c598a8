"""Whether the groups of a file can be those of the helper, whose threads can be linked."""

from __future__ import annotations

import ast

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.backend import GROUP, SIZE, THREAD
from eventlet_codemod.facts.groups import LINKED, derives_from_group

_ANSWERS = (f"{THREAD}.link", f"{THREAD}.wait")
_WITHOUT = (f"{THREAD}.stop", f"{THREAD}.cancel", f"{GROUP}.cancel")


def objection(facts: Facts, settings: Settings) -> str:
    """Why the groups that a file makes stay oslo.service's; "" if the helper takes their place."""
    found = [use for use in facts.names.uses if use.api.startswith((GROUP, THREAD))]
    if not any(use.api in _ANSWERS for use in found):
        return "nothing is asked of their threads"
    if settings.helpers is None:
        return "`helpers` names no module for threads that can be linked"
    made = [use for use in found if use.api == GROUP and use.call is not None]
    if not made:
        return "the group is made in another file"
    if (owner := derives_from_group(facts.walker)) is not None:
        return f"{owner.name} derives from a group"
    for use in made:
        call = use.call
        assert call is not None
        known = all(item.arg == SIZE for item in call.keywords)
        plain = not any(isinstance(item, ast.Starred) for item in call.args)
        if use.doubt or not known or not plain or len(call.args) + len(call.keywords) > 1:
            return f"the arguments on line {call.lineno} are not just a size"
    for use in found:
        if use.api in _WITHOUT:
            line = use.node.lineno  # type: ignore[attr-defined]
            return f"line {line} calls {use.api.rpartition('.')[2]}(), which threads cannot follow"
    return ""


def advice(reason: str) -> str:
    """What to say of the helper where an objection stands against it."""
    if setting(reason):
        return (
            f"With `helpers` set to a module of the project, `{LINKED}` of it takes the place of "
            "the group"
        )
    return f"`{LINKED}`, a helper whose threads can be linked, is not used here, since {reason}"


def setting(reason: str) -> str | None:
    """The setting that an objection is about."""
    return "helpers" if reason.startswith("`helpers`") else None


def objection_to(use: Use, facts: Facts, settings: Settings) -> str:
    """The same of something that is done to a group or to one of its threads."""
    if reason := objection(facts, settings):
        return reason
    group = group_of(use, facts)
    if group.endswith(".tg") and group not in names_of_groups(facts):
        return f"`{group}` is the group of a service, which oslo.service makes"
    return ""


def group_of(use: Use, facts: Facts) -> str:
    """The group that something is done to, or whose thread it is, as code; "" if unknown."""
    assert isinstance(use.node, ast.Attribute)
    receiver = use.node.value
    if use.api.startswith(f"{GROUP}."):
        return ast.unparse(receiver)
    if isinstance(receiver, ast.Call):
        return _added_to(receiver)
    if not isinstance(receiver, ast.Name) or use.function is None:
        return ""
    found = {
        _added_to(node.value)
        for node in ast.walk(use.function)
        if isinstance(node, ast.Assign)
        and [ast.unparse(item) for item in node.targets] == [receiver.id]
    }
    return found.pop() if len(found) == 1 else ""


def _added_to(node: ast.expr) -> str:
    """The group that a call adds a thread to, "" if it is no such call."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return ""
    return ast.unparse(node.func.value) if node.func.attr == "add_thread" else ""


def names_of_groups(facts: Facts) -> frozenset[str]:
    """What the groups that a file makes are assigned to, as code."""
    found: set[str] = set()
    for use in facts.names.uses:
        holder = use.parents[-2] if use.api == GROUP and len(use.parents) > 1 else None
        if isinstance(holder, ast.Assign):
            found.update(ast.unparse(target) for target in holder.targets)
    return frozenset(found)
