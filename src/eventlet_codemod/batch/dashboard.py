"""A campaign as one HTML page that opens from a disk, asks the network for nothing, and prints.

It is whole without its script, which only sorts and filters. Jinja2 is not used: see `markup`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import Final

from eventlet_codemod.batch import burndown
from eventlet_codemod.batch.markup import (
    NEWLINE,
    Element,
    Lines,
    digest,
    document,
    inline,
    joined,
    tag,
    to_file,
    to_id,
    to_web,
)
from eventlet_codemod.batch.model import Row, Snapshot, State
from eventlet_codemod.batch.tally import (
    MEANINGS,
    WORDS,
    Tally,
    by_rule,
    campaign_name,
    clock,
    duration,
    seconds_left,
    tallies,
    tally,
)
from eventlet_codemod.report.words import count

#: Characters of logs that a page has room for, and the least and the most of one log.
_ALL_LOGS: Final = 2_000_000
_LEAST_LOG: Final = 1_000
_MOST_LOG: Final = 16_000

#: The columns of the table of repositories; those of numbers stand to the right.
_COLUMNS: Final = (
    ("Repository", False),
    ("State", False),
    ("Wave", True),
    ("Owner", False),
    ("Group", False),
    ("Base", False),
    ("Uses", True),
    ("Safe", True),
    ("Review", True),
    ("Manual", True),
    ("Left", True),
    ("Patches", True),
    ("Tests", False),
    ("Time", True),
    ("Files", False),
    ("Changes", False),
)


def render(snapshot: Snapshot, *, logs: Mapping[str, str] = {}) -> str:
    """Give the page.

    ``logs`` has the text of logs by their path as rows name them; the end of each is shown. Links
    to files are relative: the page belongs at the top of the output directory. All of it can be
    encoded as UTF-8.
    """
    style, script = _packaged("dashboard.css"), _packaged("dashboard.js")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{campaign_name(snapshot)} – eventlet-codemod"),
        inline("style", style),
    )
    total = tally(snapshot.rows)
    main = tag(
        "main",
        _failures(snapshot, logs),
        _running(snapshot),
        _repositories(snapshot, total),
        _totals(snapshot),
        _history(snapshot),
        id="main",
    )
    body = tag(
        "body",
        tag("a", "Skip to the content", href=to_id("main"), class_="skip"),
        _head(snapshot, total),
        main,
        _foot(snapshot),
        inline("script", script),
    )
    return document(tag("html", head, NEWLINE, body, lang="en"))


def _packaged(name: str) -> str:
    return resources.files("eventlet_codemod.batch").joinpath(name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src {digest(style)}; script-src {digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _head(snapshot: Snapshot, total: Tally) -> Element:
    states = total.states
    now: list[Element | str] = ["running" if snapshot.running else "not running"]
    if snapshot.running and snapshot.jobs:
        now.append(count(snapshot.jobs, "job"))
    left = seconds_left(snapshot.rows, snapshot.jobs) if snapshot.running else None
    if left:
        now.append(f"about {duration(left)} left")
    if snapshot.started:
        now.append(joined("started ", _time(snapshot.started)))
    if snapshot.updated:
        now.append(joined("as of ", _time(snapshot.updated)))
    numbers = [
        ("done", total.done, "done"),
        ("running", states["running"], "running"),
        ("failed", states["failed"], "failed"),
        ("not tried", states["waiting"], "waiting"),
    ]
    sections = [
        ("failures", "Failures"),
        ("repositories", "Repositories"),
        ("totals", "Totals"),
        ("burndown", "Burndown"),
    ]
    return tag(
        "header",
        tag("p", "eventlet-codemod campaign", class_="kicker"),
        tag("h1", campaign_name(snapshot)),
        tag("p", [tag("span", each) for each in now], class_="facts"),
        tag(
            "dl",
            tag("div", tag("dt", "repositories"), tag("dd", _number(total.repos))),
            [
                tag("div", tag("dt", word), tag("dd", _number(number)), class_=kind)
                for word, number, kind in numbers
            ],
            class_="numbers",
        ),
        _bar(total),
        tag(
            "nav",
            tag("ul", [tag("li", tag("a", word, href=to_id(name))) for name, word in sections]),
            aria_label="Sections",
        ),
    )


def _bar(total: Tally) -> Element:
    """The share of each state. The numbers above say the same, so it is hidden from readers."""
    parts: list[Element] = []
    x = 0.0
    for kind, number in (
        ("done", total.done),
        ("failed", total.states["failed"]),
        ("running", total.states["running"]),
    ):
        share = 100 * number / total.repos if total.repos else 0.0
        if number:
            place = {"x": f"{x:.3f}%", "width": f"{share:.3f}%"}
            parts.append(tag("rect", height="100%", class_=kind, **place))
        x += share
    return tag("svg", parts, class_="bar", aria_hidden="true", focusable="false")


def _failures(snapshot: Snapshot, logs: Mapping[str, str]) -> Element:
    numbered = [each for each in enumerate(snapshot.rows) if each[1].has_failure]
    numbered.sort(key=lambda each: each[1].state != "failed")  # those of single files come last
    failed = [row for _, row in numbered]
    if not failed:
        return _section("failures", "Failures", tag("p", "No repository failed.", class_="none"))
    room = min(max(_ALL_LOGS // len(failed), _LEAST_LOG), _MOST_LOG)
    stages = [
        f"{stage or 'unknown stage'} {part.repos:,}"
        for stage, part in tallies(
            failed, lambda row: "single files" if row.files_failed else row.stage
        ).items()
    ]
    return _section(
        "failures",
        f"Failures ({len(failed):,})",
        tag("p", f"By stage: {', '.join(stages)}."),
        tag(
            "ul", [_failure(number, row, logs, room) for number, row in numbered], class_="failures"
        ),
    )


def _failure(number: int, row: Row, logs: Mapping[str, str], room: int) -> Element:
    where = f"failed in {row.stage}" if row.stage else "failed"
    if row.files_failed:
        where = f"{count(row.files_failed, 'file')} failed"
    facts = [row.owner and f"owner {row.owner}", row.group and f"group {row.group}"]
    if row.attempts:
        facts.append(count(row.attempts, "attempt"))
    if row.seconds:
        facts.append(duration(row.seconds))
    link = _file("whole log", row.log)
    log = logs.get(row.log, "").rstrip() if row.log else ""
    told: Element | None = None
    if log:
        told = tag(
            "details",
            tag("summary", "End of the log"),
            tag(
                "pre", Lines(_end(log, room)), tabindex=0, aria_label=f"End of the log, {row.name}"
            ),
        )
    return tag(
        "li",
        tag("h3", row.name, " ", tag("strong", where, class_="failed")),
        tag("p", row.reason or "No reason was noted.", class_="reason"),
        tag("p", [tag("span", fact) for fact in facts if fact], link, class_="facts"),
        told,
        id=f"failure-{number}",
    )


def _end(log: str, room: int) -> str:
    """The last lines of a log that there is room for."""
    if len(log) <= room:
        return log
    end = log[-room:]
    return "…\n" + (end.partition("\n")[2] or end)


def _running(snapshot: Snapshot) -> Element | None:
    running = [row for row in snapshot.rows if row.state == "running"]
    if not running:
        return None
    rows = [
        tag(
            "tr",
            tag("th", row.name, scope="row"),
            tag("td", row.stage),
            tag("td", clock(row.seconds) if row.seconds else None, class_="n"),
        )
        for row in running
    ]
    head = [("Repository", False), ("Stage", False), ("Time", True)]
    title = f"Running ({len(running):,})" if snapshot.running else f"Broken off ({len(running):,})"
    note = None
    if not snapshot.running:
        note = tag("p", "No runner is at work: these go on when the campaign is resumed.")
    return _section("running", title, note, _table("Repositories that are worked on", head, rows))


def _repositories(snapshot: Snapshot, total: Tally) -> Element:
    present = [state for state in WORDS if total.states[state]]
    legend = [
        tag(
            "div",
            tag("dt", tag("b", WORDS[state], class_=state), " ", _number(total.states[state])),
            tag("dd", MEANINGS[state]),
        )
        for state in present
    ]
    head = tag("tr", [_heading(word, number) for word, number in _COLUMNS])
    rows = [_repository(number, row) for number, row in enumerate(snapshot.rows)]
    table = tag(
        "table",
        tag(
            "caption",
            "Repositories in the order of the manifest. Safe and review are uses that patches take "
            "away; manual are those for a person; left is what is there after the patches. Times "
            "are h:mm:ss.",
        ),
        tag("thead", head),
        tag("tbody", NEWLINE, rows),
        id="repos",
        class_="repos",
    )
    return _section(
        "repositories",
        "Repositories",
        tag("dl", legend, class_="legend"),
        _filters(snapshot, present),
        tag("div", table, class_="wide", tabindex=0, role="region", aria_label="Repositories"),
    )


def _filters(snapshot: Snapshot, present: list[State]) -> Element:
    """What the script fills with life; without it, it stays hidden."""
    states = [tag("option", WORDS[state], value=state) for state in present]
    owners = [tag("option", name) for name in sorted({row.owner for row in snapshot.rows} - {""})]
    groups = [tag("option", name) for name in sorted({row.group for row in snapshot.rows} - {""})]
    return tag(
        "div",
        tag(
            "label",
            tag("span", "Find"),
            tag("input", type="search", id="find", autocomplete="off", spellcheck="false"),
        ),
        tag("label", tag("span", "State"), tag("select", _any(), states, id="state")),
        tag("label", tag("span", "Owner"), tag("select", _any(), owners, id="owner")),
        tag("label", tag("span", "Group"), tag("select", _any(), groups, id="group")),
        tag("button", "Clear", type="button", id="clear"),
        tag("output", id="shown", aria_live="polite"),
        id="filters",
        class_="filters",
        role="search",
        aria_label="Filter the repositories",
        hidden=True,
    )


def _any() -> Element:
    return tag("option", "any", value="")


def _repository(number: int, row: Row) -> Element:
    counts = row.counts
    found: list[int | None] = [None] * 6
    if counts is not None:
        found = [counts.uses, counts.safe, counts.review, counts.manual, counts.left]
        found.append(counts.patches)
    web = to_web(row.source)
    word: list[Element | str] = [tag("b", WORDS[row.state], class_=row.state)]
    if row.state in ("failed", "running") and row.stage:
        word.append(f" in {row.stage}")
    if row.state == "failed":
        word = [tag("a", word, href=to_id(f"failure-{number}"))]
    if row.cached:
        word.append(" (earlier run)")
    base = [tag("code", row.base[:12])] if row.base else []
    files = [_file("patches", row.patches), _file("ledger", row.ledger), _file("log", row.log)]
    cells = [
        tag("th", tag("a", row.name, href=web, rel="noreferrer") if web else row.name, scope="row"),
        tag("td", word),
        tag("td", row.wave or None, class_="n"),
        tag("td", row.owner),
        tag("td", row.group),
        tag("td", base, " " if base and row.ref else None, row.ref),
        *(tag("td", each, class_="n") for each in found),
        tag("td", row.tests),
        tag("td", clock(row.seconds) if row.seconds else None, class_="n"),
        tag("td", _spaced(files)),
        tag("td", _changes(row)),
    ]
    return joined(tag("tr", cells, data_state=row.state), NEWLINE)


def _changes(row: Row) -> Element | None:
    """Links to the changes: the end of each address, after its host where that is a new one."""
    links: list[Element] = []
    before = ""
    for address in row.published:
        host, _, path = address.partition("://")[2].rstrip("/").partition("/")
        word = " ".join([host] * (host != before) + [f"…/{path.rpartition('/')[2]}"] * bool(path))
        web = to_web(address)
        before = host if web else ""
        linked = tag("a", word, href=web, rel="noreferrer")
        links.append(linked if web else tag("span", address))
    if len(links) <= 3:
        return _spaced(links)
    return tag("details", tag("summary", f"{len(links):,}"), _spaced(links))


def _spaced(parts: Sequence[Element | None]) -> Element | None:
    there = [part for part in parts if part is not None]
    return joined([joined(" " if index else None, part) for index, part in enumerate(there)])


def _file(word: str, path: str) -> Element | None:
    link = to_file(path)
    return tag("a", word, href=link) if link else None


def _totals(snapshot: Snapshot) -> Element:
    rules = [
        tag("tr", tag("th", rule, scope="row"), *_numbers(uses, repos))
        for rule, (uses, repos) in by_rule(snapshot.rows).items()
    ]
    heads = [("Rule", False), ("Uses", True), ("Repositories", True)]
    return _section(
        "totals",
        "Totals",
        tag(
            "div",
            _totals_by("Group", snapshot, lambda row: row.group),
            _table("By rule", heads, rules) if rules else None,
            _totals_by("Owner", snapshot, lambda row: row.owner),
            class_="totals",
        ),
    )


def _totals_by(word: str, snapshot: Snapshot, key: Callable[[Row], str]) -> Element:
    parts = tallies(snapshot.rows, key)
    heads = [(word, False)]
    heads += [(head, True) for head in ("Repositories", "Done", "Running", "Failed", "Not tried")]
    heads += [(head, True) for head in ("Uses", "Safe", "Review", "Left", "Patches")]
    rows = [
        tag("tr", tag("th", name or f"no {word.lower()}", scope="row"), *_tally_cells(part))
        for name, part in parts.items()
    ]
    total = tally(snapshot.rows)
    foot = tag("tr", tag("th", "all", scope="row"), *_tally_cells(total))
    return _table(f"By {word.lower()}", heads, rows, foot)


def _tally_cells(part: Tally) -> Iterator[Element]:
    states = part.states
    yield from _numbers(
        part.repos, part.done, states["running"], states["failed"], states["waiting"]
    )
    yield from _numbers(part.uses, part.safe, part.review, part.left, part.patches)


def _history(snapshot: Snapshot) -> Element:
    points = snapshot.history
    if not points:
        none = tag("p", "No run of this campaign has ended yet.", class_="none")
        return _section("burndown", "Burndown", none)
    rows = [
        tag(
            "tr",
            tag("th", _time(point.when), scope="row"),
            *_numbers(point.repos, point.done, point.failed),
            *_numbers(point.uses, point.rewritten, point.manual, point.uses - point.rewritten),
        )
        for point in points
    ]
    heads = [("Run ended", False), *((word, True) for word in ("Repositories", "Done", "Failed"))]
    heads += [(word, True) for word in ("Uses", "Rewritten", "Manual", "Left")]
    return _section(
        "burndown",
        "Burndown",
        tag(
            "p",
            "Uses of eventlet that each run found, and those that are left once its patches are "
            "merged. A run that is not done with all repositories has not found all uses.",
        ),
        tag(
            "div", burndown.chart(points), _table("What each run found", heads, rows), class_="two"
        ),
    )


def _foot(snapshot: Snapshot) -> Element:
    made = f"eventlet-codemod {snapshot.version}".rstrip()
    return tag(
        "footer",
        tag(
            "p",
            f"Made by {made}. This page loads nothing; links to files work beside the output of "
            "the campaign. The journal of the campaign is the record; this is a view of it.",
        ),
    )


def _section(name: str, title: str, *content: Element | None) -> Element:
    heading = tag("h2", title, id=f"{name}-title")
    return tag("section", heading, *content, id=name, aria_labelledby=f"{name}-title")


def _table(
    caption: str, heads: list[tuple[str, bool]], rows: list[Element], foot: Element | None = None
) -> Element:
    """A table that scrolls by itself where it is too wide, by keys as well."""
    table = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", [_heading(word, number) for word, number in heads])),
        tag("tbody", rows),
        tag("tfoot", foot) if foot else None,
    )
    return tag("div", table, class_="wide", tabindex=0, role="region", aria_label=caption)


def _heading(word: str, number: bool) -> Element:
    return tag("th", word, scope="col", class_="n" if number else None)


def _numbers(*numbers: int) -> Iterator[Element]:
    for number in numbers:
        yield tag("td", _number(number), class_="n" if number else "n none")


def _number(number: int) -> str:
    return f"{number:,}"


def _time(when: str) -> Element:
    """A time to the minute, in its own zone; as it is if it is no time."""
    try:
        found = datetime.fromisoformat(when)
    except ValueError:
        return tag("span", when)
    zone = (found.tzname() or "").replace("+00:00", "")
    return tag("time", f"{found:%Y-%m-%d %H:%M} {zone}".rstrip(), datetime=when)
