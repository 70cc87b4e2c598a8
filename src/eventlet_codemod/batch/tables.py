"""A campaign as data: tables for spreadsheets, and one JSON document.

Tables are CSV with a head, commas and newlines. They are opened by people, so that their cells are
as on the dashboard: characters that act are escaped. Only the JSON has every text as it is, but for
who signs on with an address.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Final

from eventlet_codemod.batch.model import Row, Snapshot
from eventlet_codemod.batch.tally import by_rule, no_secrets, shown, tally

#: Of the JSON document, which `campaign.schema.json` beside this module describes.
SCHEMA_VERSION: Final = 1

#: What a cell begins with that a spreadsheet takes for a formula; wide forms are taken so, too.
_FORMULA: Final = tuple("=+-@\t\r＝＋－＠")

_COUNTS: Final = (
    "uses",
    "safe",
    "review",
    "manual",
    "suppressed",
    "left",
    "hazards",
    "files_changed",
    "files_failed",
    "patches",
    "lines",
)


def repos_csv(snapshot: Snapshot) -> str:
    """Give one line for each repository.

    ``state`` is that of the model: ``waiting`` was not tried. Counts are empty where none are
    known. ``seconds`` are wall time, ``peak_memory`` is in bytes, ``cached`` is 0 or 1; several
    addresses in ``published`` have spaces between them.
    """
    head = ("name", "state", "source", "ref", "base", "group", "owner", "priority", "wave")
    rest = ("stage", "reason", "attempts", "cached", "seconds", "peak_memory", "tests")
    files = ("log", "patches_directory", "ledger", "published")
    return _csv((*head, *rest, *_COUNTS, *files), map(_repo, snapshot.rows))


def stages_csv(snapshot: Snapshot) -> str:
    """Give one line for each stage of the last attempt at each repository."""
    return _csv(
        ("name", "stage", "state", "seconds", "detail"),
        (
            (row.name, each.stage, each.state, _seconds(each.seconds), each.detail)
            for row in snapshot.rows
            for each in row.stages
        ),
    )


def rules_csv(snapshot: Snapshot) -> str:
    """Give one line for each rule and repository that has uses of it, and "" for all of them."""
    all_of_it = [("", rule, uses) for rule, (uses, _) in by_rule(snapshot.rows).items()]
    each = [
        (row.name, rule, uses)
        for row in snapshot.rows
        if row.counts is not None
        for rule, uses in sorted(row.counts.by_rule.items())
    ]
    return _csv(("name", "rule", "uses"), [*all_of_it, *each])


def failures_csv(snapshot: Snapshot) -> str:
    """Give one line for each repository that failed, or had files that did; none for others."""
    return _csv(
        ("name", "stage", "reason", "owner", "group", "wave", "attempts", "seconds", "log"),
        (
            (
                *(row.name, row.stage, row.reason, row.owner, row.group, row.wave or ""),
                *(row.attempts, _seconds(row.seconds), row.log),
            )
            for row in snapshot.rows
            if row.has_failure
        ),
    )


def history_csv(snapshot: Snapshot) -> str:
    """Give one line for each run that ended."""
    return _csv(
        ("when", "repos", "done", "failed", "uses", "rewritten", "manual", "left"),
        (
            (
                *(point.when, point.repos, point.done, point.failed),
                *(point.uses, point.rewritten, point.manual, point.uses - point.rewritten),
            )
            for point in snapshot.history
        ),
    )


def as_json(snapshot: Snapshot) -> str:
    """Give all of it as one document, as `campaign.schema.json` describes it; pure ASCII."""
    return "".join(json_lines(snapshot))


def json_lines(snapshot: Snapshot) -> Iterator[str]:
    """Give the same in pieces: a campaign may have many repositories, and each is a line."""
    total = tally(snapshot.rows)
    document = {
        "schema": SCHEMA_VERSION,
        "tool": {"name": "eventlet-codemod", "version": snapshot.version},
        "campaign": {
            "name": snapshot.campaign,
            "running": snapshot.running,
            "started": snapshot.started,
            "updated": snapshot.updated,
            "jobs": snapshot.jobs,
        },
        "summary": {
            "repos": total.repos,
            "states": total.states,
            "uses": total.uses,
            "safe": total.safe,
            "review": total.review,
            "left": total.left,
            "patches": total.patches,
            "rules": {rule: uses for rule, (uses, _) in by_rule(snapshot.rows).items()},
        },
        "history": [asdict(point) for point in snapshot.history],
    }
    head = json.dumps(document, indent=2).removesuffix("\n}")
    yield f'{head},\n  "repos": ['
    for number, row in enumerate(snapshot.rows):
        comma = "," if number else ""
        yield f"{comma}\n    {json.dumps(_without_secrets(asdict(row)))}"
    yield "\n  ]\n}\n"


def _without_secrets(value: object) -> object:
    if isinstance(value, str):
        return no_secrets(value)
    if isinstance(value, dict):
        return {key: _without_secrets(each) for key, each in value.items()}
    return [*map(_without_secrets, value)] if isinstance(value, list | tuple) else value


def _repo(row: Row) -> Sequence[object]:
    counts = row.counts
    found = [getattr(counts, name) for name in _COUNTS] if counts else [""] * len(_COUNTS)
    return (
        *(row.name, row.state, row.source, row.ref, row.base, row.group, row.owner),
        *(row.priority, row.wave or "", row.stage, row.reason, row.attempts, int(row.cached)),
        *(_seconds(row.seconds), row.peak_memory or "", row.tests, *found),
        *(row.log, row.patches, row.ledger, " ".join(row.published)),
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    """Make a text harmless: an apostrophe in front tells a spreadsheet that it is one."""
    if not isinstance(value, str):
        return value
    text = shown(value)
    return f"'{text}" if value.lstrip(" ").startswith(_FORMULA) else text
