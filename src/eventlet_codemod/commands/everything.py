"""All rules in one command."""

from __future__ import annotations

from eventlet_codemod.commands.base import EngineCommand


class EventletCommand(EngineCommand):
    """Every rule that the project's settings select."""

    DESCRIPTION = "Take code off eventlet, with every rule."
