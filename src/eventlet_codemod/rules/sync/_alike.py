"""Classes whose native twin has the same methods: what of an object's uses holds for both."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from eventlet_codemod.facts import Facts, Handle, HandleUse, Use
from eventlet_codemod.facts.values import Sign, constant_sign, sign
from eventlet_codemod.rules.base import ReplaceExpression, Rewrite

#: What a use of a method needs: None when it holds for both, a check ("C-…: text") to raise, or
#: an objection ("!…") that keeps the object with eventlet.
MethodTest = Callable[[HandleUse, Use, Facts], str | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known of an object: why it must stay, else the open questions."""

    objection: str = ""
    checks: Mapping[str, str] = field(default_factory=dict)


def examine(
    handle: Handle, facts: Facts, methods: Mapping[str, MethodTest], *, strict: bool = False
) -> Outcome:
    """Look at everything that is done to an object. ``strict``: nothing of it may escape."""
    checks: dict[str, str] = {}
    if handle.mixed or (handle.conflicts and strict):
        return Outcome(handle.mixed or handle.conflicts[0])
    outcome = _reach(handle, facts, strict, checks)
    if outcome:
        return Outcome(outcome)
    for use, deed in _deeds(handle, facts):
        if deed.how in ("test", "compare-none", "alias", "with") and not (
            strict and deed.how == "with"
        ):
            continue
        if deed.how != "attribute" or deed.attribute not in methods:
            what = f".{deed.attribute}" if deed.attribute else f"a use of kind {deed.how}"
            return Outcome(f"{what} on line {_line(deed)} has no native twin")
        found = methods[deed.attribute](deed, use, facts)
        if found is None:
            continue
        if found.startswith("!"):
            return Outcome(f"{found[1:]} on line {_line(deed)}")
        code, _, text = found.partition(": ")
        checks.setdefault(code, text)
    return Outcome(checks=checks)


def _reach(handle: Handle, facts: Facts, strict: bool, checks: dict[str, str]) -> str:
    """Where the object goes beyond this file: an objection when ``strict``, else a check."""
    reasons = [deed.reason or "it is bound by a with statement" for deed in handle.escapes]
    if any(deed.foreign for deed in handle.uses):
        reasons.append(f"other objects' .{handle.attribute} may be it")
    if strict and handle.attribute:
        twins = [h for h in facts.handles if h.attribute == handle.attribute]
        if len(twins) > 1 and any(twin.inherits for twin in twins):
            reasons.append(
                f"two classes here have a .{handle.attribute}, and one may be the other's"
            )
    mention = facts.elsewhere.get(handle)
    if mention is not None and (strict or mention.with_owner):
        reasons.append(f"{mention.path} mentions {handle.attribute or handle.exported}")
    if any(deed.how == "with-as" for deed in handle.uses):
        return "a with statement binds what it yields, which differs"
    reasons += handle.conflicts
    if reasons and strict:
        return reasons[0]
    if reasons:
        checks["C-FLOW"] = f"{reasons[0]}: is only what both classes offer done to it there?"
    return ""


def _deeds(handle: Handle, facts: Facts) -> list[tuple[Use, HandleUse]]:
    known = {id(deed): use for use, deed in facts.deed.items()}
    creation = handle.creations[0]
    return [(known.get(id(deed), creation), deed) for deed in handle.uses if deed.how != "escape"]


def _line(deed: HandleUse) -> int:
    return int(getattr(deed.node, "lineno", 0))


def uncalled(deed: HandleUse) -> str:
    """The objection to a bound method that is passed on, where its twin takes other arguments."""
    return f"!.{deed.attribute} is passed on, uncalled,"


def always(deed: HandleUse, use: Use, facts: Facts) -> str | None:
    """A method that is the same in both, whatever its arguments."""
    return None


def timeout_of(call: ast.Call, position: int) -> ast.expr | None:
    """The timeout that a call passes, by keyword or at ``position``."""
    for keyword in call.keywords:
        if keyword.arg == "timeout":
            return keyword.value
    return call.args[position] if len(call.args) > position else None


def has_stars(call: ast.Call) -> bool:
    """Whether a starred argument hides what is passed."""
    return any(isinstance(a, ast.Starred) for a in call.args) or any(
        k.arg is None for k in call.keywords
    )


def never_negative(node: ast.expr, use: Use, facts: Facts) -> bool:
    """Whether a number is known not to be negative; a written-out None counts as such."""
    if isinstance(node, ast.Constant) and node.value is None:
        return True
    return sign(node, use, facts) in (Sign.POSITIVE, Sign.ZERO, Sign.NOT_NEGATIVE)


def is_negative(node: ast.expr) -> bool:
    """Whether a negative number is written out."""
    return constant_sign(node) is Sign.NEGATIVE


def as_value(use: Use, facts: Facts, module: str, name: str) -> Rewrite | None:
    """The decision for a class that is named and not called, where its objects may follow it."""
    if use.kind != "reference" or use.call is not None or use.doubt or not use.loaded:
        return None
    if isinstance(use.parent, ast.ClassDef):
        return None  # a subclass may override what only the one has
    return Rewrite(
        message=f"`{module}.{name}` is named instead of eventlet's",
        why="objects of the one become objects of the other",
        edits=(rename_class(use, module, name),),
        checks={"C-FLOW": "is only what both classes offer done to what this class makes?"},
        needs=(module,),
    )


def rename_class(use: Use, module: str, name: str) -> ReplaceExpression:
    """The edit that makes a reference to an eventlet class one to ``module.name``."""
    assert isinstance(use.node, ast.expr)
    return ReplaceExpression(use.node, lambda node, context: f"{context.name(module)}.{name}")
