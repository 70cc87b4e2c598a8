"""A campaign at the terminal: how it stands, and how it goes while it runs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Final, Literal

from eventlet_codemod.batch.model import Row, Snapshot, State
from eventlet_codemod.batch.tally import (
    DONE,
    WORDS,
    Tally,
    campaign_name,
    clock,
    duration,
    seconds_left,
    shown,
    tally,
)
from eventlet_codemod.report.words import count

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live
    from rich.table import Table

    from eventlet_codemod.report import Style

_COLORS: Final[dict[State, str]] = {
    "failed": "bold red",
    "running": "blue",
    "waiting": "dim",
    "changed": "green",
    "left": "yellow",
    "clean": "",
}

#: Running repositories that a live display has lines for.
_LINES: Final = 16

#: How many times as long as a drawing takes it is until the next: it counts all repositories.
_SHARE: Final = 20


def render_status(
    snapshot: Snapshot,
    style: Style,
    *,
    verbose: bool = False,
    form: Literal["table", "text"] = "table",
) -> str:
    """Tell how a campaign stands: what failed, with its reason and log, what runs, then the rest.

    The rest is counted; where ``verbose`` or ``style`` says so, each is named. A ``table`` is for
    a terminal and as wide as ``style`` says; ``text`` has one line for each thing told.
    """
    verbose = verbose or style.verbose
    return _table(snapshot, style, verbose) if form == "table" else _text(snapshot, verbose)


def headline(snapshot: Snapshot) -> str:
    """Tell on one line how far a campaign is."""
    total = tally(snapshot.rows)
    told = [f"{total.done} of {repositories(total.repos)} done", *_others(total)]
    if snapshot.running:
        left = seconds_left(snapshot.rows, snapshot.jobs)
        told += [f"about {duration(left)} left"] if left else []
    elif total.states["running"] or total.states["waiting"]:
        told.append("stopped")
    return f"{campaign_name(snapshot)}: {', '.join(told)}"


def outcome(row: Row) -> str:
    """Tell on one line what became of a repository: ``changed, 12 patches, 41 s``."""
    told = [WORDS[row.state]]
    if row.state == "waiting":
        return told[0]
    if row.state in ("failed", "running") and row.stage:
        told = [f"{told[0]} in {shown(row.stage)}"]
    if row.state == "failed":
        return f"{told[0]}: {shown(row.reason) or 'no reason was noted'}"
    if row.counts is not None and row.state == "changed":
        told.append(_patches(row.counts.patches))
    if row.counts is not None and row.state in ("changed", "left") and row.counts.left:
        told.append(f"{count(row.counts.left, 'use')} left")
    if row.files_failed:
        told.append(f"{count(row.files_failed, 'file')} failed ({shown(row.reason)})")
    if row.seconds:
        told.append(duration(row.seconds))
    if row.cached:
        told.append("earlier run")
    return ", ".join(told)


def repositories(repos: int) -> str:
    """Give a number of repositories in words."""
    return "1 repository" if repos == 1 else f"{repos} repositories"


def _patches(number: int) -> str:
    return "1 patch" if number == 1 else f"{number} patches"


def _others(total: Tally) -> list[str]:
    """Those that are not done, each in a word of its own."""
    states: tuple[State, ...] = ("failed", "running", "waiting")
    return [f"{total.states[each]} {WORDS[each]}" for each in states if total.states[each]]


def _found(total: Tally) -> str:
    told = f"{count(total.uses, 'use')} found: {total.safe} safe, {total.review} review, "
    return f"{told}{total.left} left; {_patches(total.patches)}"


def _rest(snapshot: Snapshot) -> Iterator[tuple[State, list[Row]]]:
    """What neither failed nor runs, by state."""
    for state in WORDS:
        rows = [row for row in snapshot.rows if row.state == state]
        if rows and state not in ("failed", "running"):
            yield state, rows


def _text(snapshot: Snapshot, verbose: bool) -> str:
    lines = [headline(snapshot)]
    for state in ("failed", "running"):
        for row in snapshot.rows:
            if row.state == state:
                log = f" ({shown(row.log)})" if row.log and state == "failed" else ""
                lines.append(f"{shown(row.name)}: {outcome(row)}{log}")
    for state, rows in _rest(snapshot):
        if verbose:
            lines += [f"{shown(row.name)}: {outcome(row)}" for row in rows]
        else:
            lines.append(f"{WORDS[state]}: {len(rows)}")
            lines += [f"{shown(row.name)}: {outcome(row)}" for row in rows if row.files_failed]
    total = tally(snapshot.rows)
    lines += [_found(total)] if total.uses else []
    return "".join(f"{line}\n" for line in lines)


def _table(snapshot: Snapshot, style: Style, verbose: bool) -> str:
    from rich.text import Text

    from eventlet_codemod.report.table import printed

    blocks: list[RenderableType] = [Text(headline(snapshot), "bold"), ""]
    failed = [row for row in snapshot.rows if row.state == "failed"]
    running = [row for row in snapshot.rows if row.state == "running"]
    if failed:
        table = _grid()
        for row in failed:
            told = Text(shown(row.reason) or "no reason was noted")
            if row.log:
                told.append(f"\n{shown(row.log)}", "dim")
            where = Text.assemble(("failed", _COLORS["failed"]), f" in {shown(row.stage)}")
            table.add_row(shown(row.name), where if row.stage else where[:6], told)
        blocks += [table, ""]
    if running:
        blocks += [_running(running, {row.name: row.seconds for row in running}), ""]
    table = _grid()
    for state, rows in _rest(snapshot):
        if verbose:
            for row in rows:
                word, _, more = outcome(row).partition(", ")
                table.add_row(shown(row.name), Text.assemble((word, _COLORS[state])), more)
        else:
            word = WORDS[state]
            table.add_row(Text(str(len(rows))), Text.assemble((word, _COLORS[state])), "")
    blocks += [table] if table.row_count else []
    total = tally(snapshot.rows)
    blocks += ["", _found(total)] if total.uses else []
    return printed(blocks, style)


def _grid() -> Table:
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(overflow="fold", min_width=9)
    table.add_column(overflow="fold", ratio=1)
    return table


def _running(rows: list[Row], ages: dict[str, float]) -> Table:
    from rich.text import Text

    table = _grid()
    for row in rows:
        where = Text.assemble(("running", _COLORS["running"]))
        if row.stage:
            where.append(f" in {shown(row.stage)}")
        table.add_row(shown(row.name), where, clock(ages[row.name]))
    return table


class LiveProgress:
    """How a campaign goes, while it runs.

    On a terminal: a bar, and a line for each repository that is worked on. Elsewhere: a line for
    each that is finished. It draws only when told, by `update` and `tick`: a thread that did would
    not mix with processes that fork.
    """

    def __init__(
        self,
        rows: Iterable[Row],
        *,
        jobs: int,
        quiet: bool = False,
        color: bool = False,
        file: IO[str] | None = None,
        every: float = 0.1,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with all rows of the campaign: of what is finished in them, nothing is told.

        ``jobs`` is how many run at once, ``file`` stderr unless given, ``every`` the least time
        between two drawings in seconds, ``now`` a clock.
        """
        self._rows = {row.name: _slim(row) for row in rows}
        self._jobs = jobs
        self._quiet = quiet
        self._color = color
        self._file = sys.stderr if file is None else file
        self._every = every
        self._now = now
        self._next = 0.0
        # When work on a repository began, and when its stage did, as far as this has seen.
        self._began = dict.fromkeys(self._rows, now())
        self._stage_began = dict.fromkeys(self._rows, now())
        self._live: Live | None = None

    def __enter__(self) -> LiveProgress:
        if not self._quiet and self._file.isatty():
            from rich.console import Console
            from rich.live import Live

            console = Console(
                file=self._file, no_color=not self._color, highlight=False, emoji=False
            )
            self._live = Live(
                console=console, auto_refresh=False, transient=True, redirect_stdout=False
            )
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.update("", refresh=True)
            self._live.stop()
            self._live = None

    def update(self, rows: Iterable[Row]) -> None:
        """Note rows that changed; those that did not may be among them."""
        for row in rows:
            before = self._rows.get(row.name)
            self._rows[row.name] = _slim(row)
            if before is None or before.state != row.state:
                self._began[row.name] = self._now()
            if before is None or (before.state, before.stage) != (row.state, row.stage):
                self._stage_began[row.name] = self._now()
            if _over(row) and not (before is not None and _over(before)):
                self._tell(row)
        self.tick()

    def tick(self) -> None:
        """Draw again if it is time to: ages grow while nothing else changes."""
        now = self._now()
        if self._live is not None and now >= self._next:
            self._live.update(self._drawing(now), refresh=True)
            took = self._now() - now
            self._next = now + max(self._every, _SHARE * took)

    def _tell(self, row: Row) -> None:
        """Say what became of a repository; on a terminal only if it failed, above the bar."""
        line = f"{shown(row.name)}: {outcome(row)}"
        if self._live is not None:
            if row.state == "failed":
                from rich.text import Text

                self._live.console.print(Text(line, "red" if self._color else ""))
        elif not self._quiet:
            print(line, file=self._file, flush=True)

    def _drawing(self, now: float) -> RenderableType:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        rows = [
            replace(row, seconds=now - self._began[row.name]) if row.state == "running" else row
            for row in self._rows.values()
        ]
        total = tally(rows)
        over = total.done + total.states["failed"]
        told = [f"{over}/{total.repos}"]
        told += [f"{total.states['failed']} failed"] if total.states["failed"] else []
        left = seconds_left(rows, self._jobs)
        told += [f"about {duration(left)} left"] if left else []
        head = Table.grid(padding=(0, 2, 0, 0))
        head.add_row(
            ProgressBar(total=max(total.repos, 1), completed=over, width=30), Text(", ".join(told))
        )
        running = [row for row in rows if row.state == "running"]
        ages = {row.name: now - self._stage_began[row.name] for row in running}
        blocks: list[RenderableType] = [head, _running(running[:_LINES], ages)]
        if len(running) > _LINES:
            blocks.append(Text(f"and {len(running) - _LINES} more"))
        return Group(*blocks)


def _slim(row: Row) -> Row:
    """What has to be known of a repository when all are counted: there may be very many."""
    return Row(
        name=row.name, state=row.state, stage=row.stage, seconds=row.seconds, cached=row.cached
    )


def _over(row: Row) -> bool:
    return row.state in DONE or row.state == "failed"
