"""One command for each rule, named after it: ``SleepCommand`` for the rule ``sleep``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventlet_codemod.commands.base import EngineCommand
from eventlet_codemod.rules import all_rules

if TYPE_CHECKING:
    from eventlet_codemod.rules import Rule


def command_name(rule: Rule) -> str:
    """Give the name of a rule's command."""
    return "".join(word.capitalize() for word in rule.name.split("-")) + "Command"


def _command(rule: Rule) -> type[EngineCommand]:
    body = {
        "__module__": __name__,
        "__doc__": f"The rule {rule.code} {rule.name} alone.",
        "DESCRIPTION": f"{rule.code}: {rule.summary}",
        "RULES": (rule.code,),
    }
    return type(command_name(rule), (EngineCommand,), body)


# Attributes of the module, so that libcst's tool finds them and other processes can load them.
globals().update({command_name(rule): _command(rule) for rule in all_rules()})
