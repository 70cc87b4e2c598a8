"""A stock libcst codemod as a stage: any `CodemodCommand`, with a context of its own per file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventlet_codemod.codemods.stage import (
    LIMIT,
    Remark,
    Staged,
    StageError,
    described,
    guarded,
    prove_python,
)
from eventlet_codemod.facts.module import dotted_name, package_name

if TYPE_CHECKING:
    from libcst import Module
    from libcst.codemod import CodemodCommand, CodemodContext


class CommandStage:
    """A libcst codemod command, to be called with the text of each file.

    ``options`` are the keyword arguments that its command line would give it. ``root`` is the
    project, from which the command is told the full name of the file. Its warnings become remarks
    that ask for a person; SkipFile one that does not.
    """

    def __init__(
        self,
        command: type[CodemodCommand],
        *,
        options: Mapping[str, Any] | None = None,
        requires: Iterable[str] = (),
        limit: float = LIMIT,
        root: Path | None = None,
    ) -> None:
        self.command = command
        self.options = dict(options or {})
        self.requires = tuple(requires)
        self.limit = limit
        self.root = root

    def __call__(self, text: str, path: str) -> Staged:
        """Give the text after the command. Raises StageError."""
        from libcst.codemod import CodemodContext, SkipFile

        tree = _parsed(text)
        context = CodemodContext(
            filename=str(self.root / path) if self.root is not None else path,
            full_module_name=dotted_name(path),
            full_package_name=package_name(path),
        )
        try:
            with guarded(self.limit):
                result = self.command(context, **self.options).transform_module(tree).code
        except SkipFile as skipped:
            said = " ".join(str(skipped).split()) or "skipped"
            return Staged(text, (*_warnings(context, path), Remark(said, asks=False)))
        except StageError:
            raise
        except Exception as error:
            raise StageError("raised", described(error)) from error
        if result != text:
            prove_python(text, "unsupported")  # libcst reads more than this Python
            prove_python(result, "broken")
        return Staged(result, tuple(_warnings(context, path)))


def _parsed(text: str) -> Module:
    import libcst as cst

    try:
        tree = cst.parse_module(text)
        given_back = tree.code
    except cst.ParserSyntaxError as error:
        prove_python(text, "unsupported")  # which tells the place
        raise StageError("unsupported", "libcst cannot parse it", error.raw_line) from error
    except RecursionError as error:
        raise StageError("unsupported", "it is nested too deeply for libcst") from error
    except (cst.CSTValidationError, UnicodeError) as error:
        raise StageError("unsupported", f"libcst cannot parse it: {error}") from error
    if given_back != text:
        raise StageError("misread", "libcst does not give this file back as it is")
    return tree


def _warnings(context: CodemodContext, path: str) -> Iterable[Remark]:
    """What the command warned of, with the line where the text begins with it."""
    for text in context.warnings:
        said = " ".join(text.split())
        place = re.match(rf"(?:.*/)?{re.escape(path.rpartition('/')[2])}:(\d+)(?::\d+)?: ", said)
        if place is None:
            yield Remark(said)
        else:
            yield Remark(said[place.end() :], line=int(place[1]))
