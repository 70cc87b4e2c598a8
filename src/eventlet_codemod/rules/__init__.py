"""The rules: the built-in ones, one module each, and those of the codemods that are installed."""

from __future__ import annotations

import dataclasses
import difflib
import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from eventlet_codemod.config import Settings
from eventlet_codemod.rules.base import Rule

__all__ = [
    "WHOLE_FAMILIES",
    "Rule",
    "UnknownRule",
    "all_rules",
    "built_in",
    "every_rule",
    "expand",
    "extend",
    "family_is_selected",
    "find_rule",
    "rules_for",
    "selected_for",
]


class UnknownRule(ValueError):
    """A selector that names no rule; the message suggests the nearest."""


_extra: tuple[Rule, ...] = ()


def extend(rules: Sequence[Rule]) -> None:
    """Take in the rules of codemods, in the place of those taken in before.

    They are asked before the built-in ones: who wrote them knows the project.
    """
    global _extra
    _extra = tuple(rules)
    for cached in (all_rules, every_rule, rules_for, _selected):
        cached.cache_clear()


@cache
def _python_rules() -> tuple[Rule, ...]:
    """The built-in rules over uses in Python, by code."""
    rules = []
    for family in pkgutil.iter_modules(__path__, __name__ + "."):
        if not family.ispkg:
            continue
        package = importlib.import_module(family.name)
        for info in pkgutil.iter_modules(package.__path__, family.name + "."):
            rule = getattr(importlib.import_module(info.name), "rule", None)
            if isinstance(rule, Rule):
                rules.append(dataclasses.replace(rule, module=info.name))
    return tuple(sorted(rules, key=lambda rule: rule.code))


#: Families of which some rules do nothing unless all are selected.
WHOLE_FAMILIES = ("pools", "servers", "threads")


@cache
def built_in() -> tuple[Rule, ...]:
    """Every rule that comes with the tool, by code."""
    from eventlet_codemod.hazards import hazard_rules
    from eventlet_codemod.packaging import packaging_rules

    rules = (*_python_rules(), *packaging_rules(), *hazard_rules())
    return tuple(sorted(rules, key=lambda rule: rule.code))


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule over uses in Python, in the order in which they are asked."""
    own = sorted((rule for rule in _extra if rule.apis), key=lambda rule: rule.code)
    return (*own, *_python_rules())


@cache
def every_rule() -> tuple[Rule, ...]:
    """All that can be selected and explained: also those over hazards, and no Python."""
    return tuple(sorted((*built_in(), *_extra), key=lambda rule: rule.code))


@lru_cache(maxsize=4096)
def rules_for(api: str) -> tuple[Rule, ...]:
    """The rules that claim a name, in the order in which they are asked."""
    return tuple(rule for rule in all_rules() if rule.claims(api))


def find_rule(text: str) -> Rule:
    """The rule of that code or name. Raises UnknownRule."""
    for rule in every_rule():
        if text.upper() == rule.code or text.lower() == rule.name:
            return rule
    raise UnknownRule(_unknown(text))


def expand(selectors: Iterable[str]) -> frozenset[str]:
    """Codes of the rules that codes, code prefixes, names or families stand for."""
    codes: set[str] = set()
    for text in selectors:
        found = {
            rule.code
            for rule in every_rule()
            if rule.code.startswith(text.upper()) or text.lower() in (rule.name, rule.family)
        }
        if text.upper() == "ALL":
            found = {rule.code for rule in every_rule()}
        if not found:
            raise UnknownRule(_unknown(text))
        codes |= found
    return frozenset(codes)


def selected_for(path: str, settings: Settings) -> frozenset[str]:
    """Codes of the rules that apply to a file."""
    return _selected(settings.select, (*settings.ignore, *settings.ignored_for(path)))


def family_is_selected(family: str, path: str, settings: Settings) -> bool:
    """Whether each rule of a family, one of `WHOLE_FAMILIES`, applies to a file."""
    assert family in WHOLE_FAMILIES, family
    return selected_for(path, settings).issuperset(expand((family,)))


@lru_cache(maxsize=64)
def _selected(select: tuple[str, ...], ignore: tuple[str, ...]) -> frozenset[str]:
    chosen = expand(select) if select else expand(("ALL",))
    return chosen - expand(ignore)


def _unknown(text: str) -> str:
    known = [word for rule in every_rule() for word in (rule.code, rule.name, rule.family)]
    near = [word for word in known if text.upper().startswith(word)]
    near = near or difflib.get_close_matches(text.lower(), [w.lower() for w in known], n=1)
    hint = (
        f"; did you mean {near[0].upper() if near[0].startswith('evt') else near[0]}?"
        if near
        else ""
    )
    return f"no rule is called {text!r}{hint}"
