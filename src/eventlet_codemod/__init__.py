"""Take Python code off eventlet: reviewable rewrites to native threads.

What is named here is the public API, for those who write codemods: it changes by the rules of
semantic versioning. `docs/api.md` says what each name is for. Nothing is imported before it is
asked for.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from eventlet_codemod.codemods.base import Codemod as Codemod
    from eventlet_codemod.codemods.base import CodemodError as CodemodError
    from eventlet_codemod.codemods.bowler import BowlerStage as BowlerStage
    from eventlet_codemod.codemods.bowler import refers_to as refers_to
    from eventlet_codemod.codemods.bowler import remark as remark
    from eventlet_codemod.codemods.command import CommandStage as CommandStage
    from eventlet_codemod.codemods.loading import load_codemod as load_codemod
    from eventlet_codemod.codemods.stage import Remark as Remark
    from eventlet_codemod.codemods.stage import Stage as Stage
    from eventlet_codemod.codemods.stage import Staged as Staged
    from eventlet_codemod.codemods.stage import StageError as StageError
    from eventlet_codemod.config import Settings as Settings
    from eventlet_codemod.declared import Declared as Declared
    from eventlet_codemod.facts import Facts as Facts
    from eventlet_codemod.facts import Handle as Handle
    from eventlet_codemod.facts import HandleUse as HandleUse
    from eventlet_codemod.facts import Use as Use
    from eventlet_codemod.imports import Import as Import
    from eventlet_codemod.ledger import Finding as Finding
    from eventlet_codemod.ledger import Ledger as Ledger
    from eventlet_codemod.patch import HunkSpan as HunkSpan
    from eventlet_codemod.patch import PatchError as PatchError
    from eventlet_codemod.patches import FilePatch as FilePatch
    from eventlet_codemod.patches import Patch as Patch
    from eventlet_codemod.rewrite import Context as Context
    from eventlet_codemod.rules.base import Leave as Leave
    from eventlet_codemod.rules.base import ReplaceExpression as ReplaceExpression
    from eventlet_codemod.rules.base import ReplaceImport as ReplaceImport
    from eventlet_codemod.rules.base import ReplaceStatement as ReplaceStatement
    from eventlet_codemod.rules.base import Rewrite as Rewrite
    from eventlet_codemod.rules.base import Rule as Rule

#: Each public name, and the module that defines it.
_HOMES = {
    "BowlerStage": "codemods.bowler",
    "Codemod": "codemods.base",
    "CodemodError": "codemods.base",
    "CommandStage": "codemods.command",
    "Context": "rewrite",
    "Declared": "declared",
    "Facts": "facts",
    "FilePatch": "patches",
    "Finding": "ledger",
    "Handle": "facts",
    "HandleUse": "facts",
    "HunkSpan": "patch",
    "Import": "imports",
    "Leave": "rules.base",
    "Ledger": "ledger",
    "Patch": "patches",
    "PatchError": "patch",
    "Remark": "codemods.stage",
    "ReplaceExpression": "rules.base",
    "ReplaceImport": "rules.base",
    "ReplaceStatement": "rules.base",
    "Rewrite": "rules.base",
    "Rule": "rules.base",
    "Settings": "config",
    "Stage": "codemods.stage",
    "StageError": "codemods.stage",
    "Staged": "codemods.stage",
    "Use": "facts",
    "load_codemod": "codemods.loading",
    "refers_to": "codemods.bowler",
    "remark": "codemods.bowler",
}

__all__ = ["__version__", *sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    module = importlib.import_module(f"{__name__}.{_HOMES[name]}")
    return getattr(module, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
