"""Where output goes: bytes for machines on stdout, words for people on stderr."""

from __future__ import annotations

import os
import sys
import time
from typing import IO, TYPE_CHECKING

import click

from eventlet_codemod.report.words import printable

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from eventlet_codemod.ledger import FileEntry

_WIDEST = 120


def wants_color(mode: str, stream: IO[str]) -> bool:
    """Whether to colour ``stream``: ``mode`` decides, then NO_COLOR, FORCE_COLOR, the stream."""
    if mode != "auto":
        return mode == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0", "false"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns to fill: those of the terminal or COLUMNS, 80 where there is neither."""
    import shutil

    return min(max(shutil.get_terminal_size((80, 24)).columns, 40), _WIDEST)


def write_out(data: str | bytes) -> None:
    """Write machine output, exactly."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogateescape")
    sys.stdout.flush()
    rest = memoryview(data)
    while rest:  # with PYTHONUNBUFFERED a write may take less than all
        rest = rest[sys.stdout.buffer.write(rest) :]
    sys.stdout.buffer.flush()


def read_in() -> bytes:
    """Read all of stdin."""
    return sys.stdin.buffer.read()


def tell_error(message: str, *, color: bool | None = None) -> None:
    """Print one line that starts with ``error:``, whatever is silenced."""
    if color is None:
        color = wants_color("auto", sys.stderr)
    text = printable(" ".join(message.split()))
    label = click.style("error:", fg="red", bold=True) if color else "error:"
    click.echo(f"{label} {text}", err=True, color=color)


class People:
    """Says things to the person at the terminal, unless told to be quiet."""

    def __init__(self, *, quiet: bool, color: str) -> None:
        self.quiet = quiet
        self.mode = color
        self.color = wants_color(color, sys.stderr)

    def tell(self, message: str, *, bold: bool = False) -> None:
        """Print a line."""
        if not self.quiet:
            text = printable(message)
            if bold and self.color:
                text = click.style(text, bold=True)
            click.echo(text, err=True, color=self.color)

    def error(self, message: str) -> None:
        """Print an error: these are never silenced."""
        tell_error(message, color=self.color)

    def failures(self, entries: list[FileEntry]) -> None:
        """Name the files that failed, and why."""
        for entry in entries:
            if entry.error is not None:
                line = f":{entry.error.line}" if entry.error.line else ""
                self.error(f"{entry.path}{line}: {entry.error.message}")
            for failure in entry.failures:
                from eventlet_codemod.report.words import stage_failed

                line = f":{failure.line}" if failure.line else ""
                self.error(f"{entry.path}{line}: {stage_failed(failure)}")


class Progress:
    """A bar on a terminal, for work that lasts; nothing anywhere else.

    It draws only when told of progress: a thread that did would not mix with processes that fork.
    """

    def __init__(self, people: People, *, after: float = 1.0, every: float = 0.1) -> None:
        self._wanted = not people.quiet and sys.stderr.isatty()
        self._color = people.color
        self._next = time.monotonic() + after
        self._every = every
        self._bar: Bar | None = None

    def __call__(self, done: int, total: int) -> None:
        """Note that ``done`` of ``total`` files are done."""
        now = time.monotonic()
        if not self._wanted or now < self._next or (self._bar is None and done == total):
            return
        self._next = now + self._every
        if self._bar is None:
            self._bar = self._start(total)
        self._bar.update(self._bar.task_ids[0], completed=done, total=total)
        self._bar.refresh()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _start(self, total: int) -> Bar:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        bar = RichProgress(
            TextColumn("rewriting"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("files"),
            TimeRemainingColumn(),
            console=Console(file=sys.stderr, no_color=not self._color),
            transient=True,
            auto_refresh=False,
        )
        bar.add_task("", total=total)
        bar.start()
        return bar
