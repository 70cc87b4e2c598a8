"""The journal of an output directory: what was begun and what is done, in SQLite.

It is written before and after each stage, so that a runner that was killed can go on. One runner
writes; others may read meanwhile.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import sqlite3
import sys
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from eventlet_codemod.batch.job import Event, Result
from eventlet_codemod.batch.model import STAGES, Counts, Point, StageRow

NAME = "journal.sqlite3"
_VERSION = 2
_SCHEMA = """
create table run (
    id integer primary key, campaign text, version text, jobs integer, pid integer,
    began text not null, ended text
);
create table repo (
    name text primary key, key text not null, base text not null, state text not null,
    stage text not null default '', reason text not null default '', attempts integer not null,
    result text not null default '', details text not null default '{}',
    began text not null, ended text, run integer not null
);
create table stage (
    name text not null, key text not null, stage text not null, state text not null,
    seconds real not null, detail text not null, at text not null,
    primary key (name, key, stage)
);
create table publication (
    name text not null, target text not null, head text not null, state text not null,
    addresses text not null default '[]', detail text not null default '',
    known text not null default '{}', at text not null,
    primary key (name, target)
);
create table point (at text not null, numbers text not null);
"""


class JournalError(Exception):
    """The journal cannot be read or written; the text is one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the journal holds of a repository: its last attempt.

    ``state`` is that of a `Result`, or ``running`` where that attempt has not ended. ``result`` is
    the directory of the results, relative to the output directory, "" where there is none.
    """

    name: str
    key: str
    base: str
    state: str
    stage: str = ""
    reason: str = ""
    attempts: int = 1
    result: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory: int = 0
    head: str = ""
    tests: str = ""
    distribution: str = ""
    needs: tuple[str, ...] = ()
    counts: Counts | None = None
    stages: tuple[StageRow, ...] = ()
    began: str = ""
    ended: str = ""
    run: int = 0


class Known(NamedTuple):
    """What an `Entry` says, in short."""

    name: str
    key: str
    state: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What was published of a repository: ``state`` is begun, done or failed.

    ``asked`` names where it goes and with what. ``addresses`` and ``given`` (labels and reviewers)
    are those of the last time that it was done, also while it is begun again.
    """

    name: str
    target: str
    head: str
    state: str
    addresses: tuple[str, ...] = ()
    detail: str = ""
    asked: str = ""
    given: tuple[str, ...] = ()
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEntry:
    """One run of a campaign; ``ended`` is "" while it works, or where it was killed."""

    id: int
    campaign: str
    version: str
    jobs: int
    began: str
    ended: str = ""


def now() -> str:
    """The time in ISO 8601, in UTC."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


@dataclass(slots=True)
class Journal:
    """The journal of an output directory. Raises JournalError for what cannot be read or written.

    ``read_only`` is for those that only look; there must be one then.
    """

    directory: Path
    read_only: bool = False
    _database: sqlite3.Connection = field(init=False, repr=False)

    def __post_init__(self) -> None:
        path = self.directory / NAME
        with self._errors():
            if self.read_only:
                address = f"{path.absolute().as_uri()}?mode=ro"
                self._database = sqlite3.connect(address, uri=True, timeout=10)
            else:
                self._database = sqlite3.connect(path, timeout=10)
                self._database.execute("pragma journal_mode = wal")
                self._database.execute("pragma synchronous = normal")
            self._database.row_factory = sqlite3.Row
            (version,) = self._database.execute("pragma user_version").fetchone()
            if version == 0 and not self.read_only:
                with self._database:
                    self._database.executescript(
                        f"begin; {_SCHEMA} pragma user_version = {_VERSION}; commit;"
                    )
            elif version != _VERSION:
                raise JournalError(
                    f"{path}: it is of version {version}, and this tool reads {_VERSION}; "
                    "take another output directory"
                )

    def close(self) -> None:
        """Close it; what was written is there for the next one."""
        self._database.close()

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise JournalError(f"{self.directory / NAME}: {error}") from None

    def _write(self, statement: str, *values: object) -> int:
        with self._errors(), self._database:
            return self._database.execute(statement, values).lastrowid or 0

    def _all(self, query: str, *values: object) -> Iterator[sqlite3.Row]:
        with self._errors():
            yield from self._database.execute(query, values)

    # --- runs ----------------------------------------------------------------------------------

    def begin_run(self, campaign: str, version: str, jobs: int) -> int:
        """Note that a run begins; its number."""
        return self._write(
            "insert into run (campaign, version, jobs, pid, began) values (?, ?, ?, ?, ?)",
            *(campaign, version, jobs, os.getpid(), now()),
        )

    def end_run(self, number: int, point: Point) -> None:
        """Note that a run has ended, and what it found."""
        numbers = {key: value for key, value in asdict(point).items() if key != "when"}
        with self._errors(), self._database:
            self._database.execute("update run set ended = ? where id = ?", (now(), number))
            self._database.execute(
                "insert into point values (?, ?)", (point.when, json.dumps(numbers))
            )

    def last_run(self) -> RunEntry | None:
        """The newest run."""
        for row in self._all("select * from run order by id desc limit 1"):
            keys = ("id", "campaign", "version", "jobs", "began")
            return RunEntry(**{key: row[key] for key in keys}, ended=row["ended"] or "")
        return None

    def points(self) -> tuple[Point, ...]:
        """What the runs had found when they ended, oldest first."""
        rows = self._all("select * from point order by at, rowid")
        return tuple(Point(when=row["at"], **json.loads(row["numbers"])) for row in rows)

    # --- repositories --------------------------------------------------------------------------

    def begin(self, name: str, key: str, base: str, run: int, done: Collection[str] = ()) -> None:
        """Note that a repository is begun, and of its stages all but those ``done`` before."""
        with self._errors(), self._database:
            kept = [*done]
            marks = ", ".join("?" * len(kept))
            self._database.execute(
                f"delete from stage where name = ? and (key != ? or stage not in ({marks}))",
                (name, key, *kept),
            )
            self._database.execute(
                """
                insert into repo (name, key, base, state, attempts, began, run)
                values (?, ?, ?, 'running', 1, ?, ?)
                on conflict (name) do update set
                    attempts = case when key = excluded.key then attempts + 1 else 1 end,
                    result = case when key = excluded.key then result else '' end,
                    details = case when key = excluded.key then details else '{}' end,
                    key = excluded.key, base = excluded.base, state = 'running', stage = '',
                    reason = '', began = excluded.began, ended = null, run = excluded.run
                """,
                (name, key, base, now(), run),
            )

    def stage(self, key: str, event: Event) -> None:
        """Note that a stage begins, or is done."""
        state = "running" if event.state == "began" else event.state
        with self._errors(), self._database:
            self._database.execute(
                "insert or replace into stage values (?, ?, ?, ?, ?, ?, ?)",
                (event.name, key, event.stage, state, event.seconds, event.detail, now()),
            )
            self._database.execute(
                "update repo set stage = ? where name = ?", (event.stage, event.name)
            )

    def stages_done(self, name: str, key: str) -> tuple[str, ...]:
        """The stages of an attempt that are done."""
        query = "select stage from stage where name = ? and key = ? and state = 'done'"
        return tuple(row["stage"] for row in self._all(query, name, key))

    def end(self, result: Result, directory: str) -> None:
        """Note what came of a repository; its files are in the ``directory``."""
        kept = ("seconds", "cpu_seconds", "peak_memory", "head", "tests", "distribution", "needs")
        details: dict[str, Any] = {key: getattr(result, key) for key in kept}
        details["counts"] = asdict(result.counts) if result.counts else None
        with self._errors(), self._database:
            for row in result.stages:
                self._database.execute(
                    "insert or replace into stage values (?, ?, ?, ?, ?, ?, ?)",
                    (
                        *(result.name, result.key, row.stage, row.state),
                        *(row.seconds, row.detail, now()),
                    ),
                )
            self._database.execute(
                "update stage set state = 'failed' where name = ? and state = 'running'",
                (result.name,),
            )
            self._database.execute(
                """
                update repo set state = ?, stage = ?, reason = ?, result = ?, details = ?, ended = ?
                where name = ?
                """,
                (
                    *(result.state, result.stage, result.reason, directory),
                    *(json.dumps(details), now(), result.name),
                ),
            )

    def known(self) -> dict[str, Known]:
        """By name, what is known of repositories in a few words: there may be very many."""
        rows = self._all("select name, key, state, result from repo order by name")
        return {row["name"]: Known(*row) for row in rows}

    def entry(self, name: str) -> Entry | None:
        """What is known of a repository."""
        return self._entries("where name = ?", name).get(name)

    def entries(self) -> dict[str, Entry]:
        """All that is known of repositories, by name."""
        return self._entries("")

    def _entries(self, where: str, *values: object) -> dict[str, Entry]:
        stages: dict[str, list[StageRow]] = {}
        for row in self._all(f"select * from stage {where}", *values):
            stage, state = (
                sys.intern(row["stage"]),
                sys.intern(row["state"]),
            )  # in each of many rows
            told = StageRow(stage, state, row["seconds"], row["detail"])  # type: ignore[arg-type]
            stages.setdefault(row["name"], []).append(told)
        found = {}
        for row in self._all(f"select * from repo {where} order by name", *values):
            known = sorted(stages.get(row["name"], ()), key=lambda s: STAGES.index(s.stage))
            found[row["name"]] = replace(_entry(row), stages=tuple(known))
        return found

    # --- publishing ------------------------------------------------------------------------------

    def publish(self, publication: Publication) -> None:
        """Note that something is being published, or has been."""
        self._write(
            "insert or replace into publication values (?, ?, ?, ?, ?, ?, ?, ?)",
            publication.name,
            publication.target,
            publication.head,
            publication.state,
            json.dumps(publication.addresses),
            publication.detail,
            json.dumps({"asked": publication.asked, "given": publication.given}),
            now(),
        )

    def publications(self) -> dict[str, Publication]:
        """The last publication of each repository, by name."""
        found = {}
        for row in self._all("select * from publication order by at, rowid"):
            told = {key: row[key] for key in ("name", "target", "head", "state", "detail", "at")}
            known = json.loads(row["known"])
            found[row["name"]] = Publication(
                **told,
                addresses=tuple(json.loads(row["addresses"])),
                asked=known["asked"],
                given=tuple(known["given"]),
            )
        return found


def _entry(row: sqlite3.Row) -> Entry:
    details = json.loads(row["details"])
    counts = details.pop("counts", None)
    if counts:
        counts["by_rule"] = {sys.intern(rule): uses for rule, uses in counts["by_rule"].items()}
    entry = Entry(
        **{key: row[key] for key in ("name", "key", "base", "state", "stage", "reason")},
        attempts=row["attempts"],
        result=row["result"],
        began=row["began"],
        ended=row["ended"] or "",
        run=row["run"],
        counts=Counts(**counts) if counts else None,
    )
    details["needs"] = tuple(details.get("needs", ()))
    return replace(entry, **details)
