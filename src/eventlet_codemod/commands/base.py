"""A codemod command that hands each file to the engine."""

from __future__ import annotations

import os
from abc import ABC
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import libcst as cst
from libcst.codemod import CodemodCommand, CodemodContext, SkipFile

from eventlet_codemod.config import Settings, load, parse_overrides
from eventlet_codemod.discovery import find_root, mentions_eventlet
from eventlet_codemod.run import rewrite_one

if TYPE_CHECKING:
    import argparse

    from eventlet_codemod.ledger import FileEntry, Finding

#: What a source from stdin is called.
STDIN_NAME = "stdin.py"


class RewriteFailed(Exception):
    """The engine could not rewrite the file, which stays as it is."""


class EngineCommand(CodemodCommand, ABC):
    """Rewrites a module as `eventlet-codemod apply` would.

    What is to be reviewed or left for a person becomes a warning. Settings are the project's.
    """

    #: The codes of the rules to run; none stands for all that the settings select.
    RULES: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self, context: CodemodContext, *, config: list[str] | None = None, safe_only: bool = False
    ) -> None:
        super().__init__(context)
        self._config = tuple(config or ())
        self._safe_only = safe_only

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        """Add the options that this command has besides those of libcst's tool."""
        arg_parser.add_argument(
            "--config", action="append", metavar="KEY=VALUE", help="Set a setting."
        )
        arg_parser.add_argument(
            "--safe-only", action="store_true", help="Only rewrites that need no review."
        )

    def transform_module(self, tree: cst.Module) -> cst.Module:
        """Rewrite the module. Raises SkipFile when that changes nothing.

        Overridden because libcst would copy the tree first, to compute metadata nobody needs.
        """
        return self.transform_module_impl(tree)

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        """Rewrite the module. Raises SkipFile when that changes nothing."""
        data = tree.bytes
        if not mentions_eventlet(data):
            return self._unchanged(tree, "no mention of eventlet")
        root, path = _place(self.context.filename)
        settings = _settings(root or Path.cwd(), self._config, self._safe_only, self.RULES)
        change = rewrite_one(data, path, settings, root=root)
        self._report(change.entry)
        if change.new is None:
            return self._unchanged(tree, "nothing to rewrite")
        result = cst.parse_module(change.new)
        if result.bytes != change.new or not _is_held(self.context.filename):
            raise RewriteFailed(f"{path}: libcst's tree does not hold this file exactly")
        return result

    def _unchanged(self, tree: cst.Module, reason: str) -> cst.Module:
        # libcst's tool takes a skipped stdin for a failure.
        if self.context.filename is None:
            return tree
        raise SkipFile(reason)

    def _report(self, entry: FileEntry) -> None:
        if entry.error is not None:
            line = f":{entry.error.line}" if entry.error.line else ""
            raise RewriteFailed(f"{entry.path}{line}: {entry.error.message}")
        for finding in entry.findings:
            ours = not self.RULES or finding.rule in self.RULES
            if ours and finding.status != "suppressed" and finding.tier != "safe":
                self.warn(_warning(entry.path, finding))


def _is_held(filename: str | None) -> bool:
    """Whether libcst gives the file back as it is: it loses a form feed here, a CR there."""
    if filename is None:
        return True
    data = Path(filename).read_bytes()
    return cst.parse_module(data).bytes == data


def _warning(path: str, finding: Finding) -> str:
    place = f"{path}:{finding.line}:{finding.column + 1}"
    advice = f" ({finding.advice})" if finding.advice else ""
    return f"{place}: {finding.rule} {finding.name} [{finding.tier}] {finding.message}{advice}"


def _place(filename: str | None) -> tuple[Path | None, str]:
    if filename is None:
        return None, STDIN_NAME
    path = Path(os.path.realpath(filename))
    root = find_root(path)
    return root, path.relative_to(root).as_posix()


@lru_cache(maxsize=32)
def _settings(
    root: Path, config: tuple[str, ...], safe_only: bool, rules: tuple[str, ...]
) -> Settings:
    given = {"select": rules, "safe-only": safe_only or None}
    return load(root, overrides=parse_overrides(config), cli=given)
