"""The group of commands: loads each when it is needed, and turns every error into one line."""

from __future__ import annotations

import functools
import importlib
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

OK, LEFT, USAGE, FAILED, BUG, INTERRUPTED, NO_READER = 0, 1, 2, 3, 70, 130, 141


class LazyGroup(click.Group):
    """Commands by name; each is the attribute ``command`` of its module."""

    def __init__(self, *args: Any, commands_in: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commands_in = commands_in

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of the work."""
        return list(self.commands_in)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        module = self.commands_in.get(cmd_name)
        if module is None:
            return None
        command = importlib.import_module(module).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one may have been meant."""
        name = args[0]
        if name in self.commands_in or name.startswith("-"):
            return super().resolve_command(ctx, args)
        import difflib

        near = difflib.get_close_matches(name, self.commands_in, 1)
        known = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(self.commands_in)}"
        raise click.UsageError(f"no such command {name!r}; {known}", ctx)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, and see its output off while errors can still be told."""
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
            return code
        except BrokenPipeError:
            _drop_output()
            ctx.exit(NO_READER)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line and exit with its code."""
        run = functools.partial(
            super().main, args, prog_name, complete_var, standalone_mode=False, **extra
        )
        if not standalone_mode:
            return run()
        try:
            code: Any = run()
        except (click.Abort, KeyboardInterrupt):
            _fail("interrupted", INTERRUPTED)
        except click.ClickException as error:
            message = error.format_message()
            _fail(message[:1].lower() + message[1:], USAGE)
        except Exception as error:
            told = _usage_error(error)
            if told is not None:
                _fail(told, USAGE)
            _fail(_bug(error), BUG)
        sys.exit(code if isinstance(code, int) else OK)


def _usage_error(error: Exception) -> str | None:
    """What the user asked for that cannot be, or None for an error of ours."""
    from eventlet_codemod.config import ConfigError
    from eventlet_codemod.discovery import DiscoveryError
    from eventlet_codemod.rules import UnknownRule

    return str(error) if isinstance(error, (ConfigError, DiscoveryError, UnknownRule)) else None


def _bug(error: Exception) -> str:
    place = ""
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if f"eventlet_codemod{os.sep}" in code.co_filename:
            place = f" ({code.co_filename.rpartition(os.sep)[2]}:{trace.tb_lineno})"
        trace = trace.tb_next
    told = " ".join(f"{type(error).__name__}: {error}".split())
    return f"a bug in this tool: {told}{place}; please report this line and the file it happened on"


def _fail(message: str, code: int) -> NoReturn:
    from eventlet_codemod.cli.terminal import tell_error

    try:
        tell_error(message)
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
    sys.exit(code)


def _drop_output() -> None:
    """Nobody reads any more: let the interpreter flush into nothing at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError):
            continue
