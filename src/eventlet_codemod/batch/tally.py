"""What every view of a campaign has in common: words, counts, times, and what may be shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from eventlet_codemod.batch.model import Row, Snapshot, State
from eventlet_codemod.report.words import printable

#: What each state is called, what needs a person first. One that was not tried did not fail.
WORDS: Final[dict[State, str]] = {
    "failed": "failed",
    "running": "running",
    "waiting": "not tried",
    "changed": "changed",
    "left": "by hand",
    "clean": "clean",
}

#: What these words mean.
MEANINGS: Final[dict[State, str]] = {
    "failed": "a stage ended in an error",
    "running": "work goes on",
    "waiting": "its turn has not come; nothing is known of it",
    "changed": "there are patches",
    "left": "uses are left, and none can be rewritten",
    "clean": "no use of eventlet",
}

#: The states of a repository that has a result.
DONE: Final[frozenset[State]] = frozenset({"changed", "left", "clean"})

#: Who signs on with an address: all of it over HTTP, else what has a password (not ``ssh://git@``).
_SIGN_ON = re.compile(
    r"(?:(?<=http://)|(?<=https://))[^/?#\s@]*@|(?<=://)[^/?#\s@:]*:[^/?#\s@]*@", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Tally:
    """Repositories by state, and what was found in those that have counts."""

    states: dict[State, int]
    uses: int
    safe: int
    review: int
    left: int
    patches: int

    @property
    def repos(self) -> int:
        """All of them."""
        return sum(self.states.values())

    @property
    def done(self) -> int:
        """Those with a result."""
        return sum(self.states[state] for state in DONE)


def tally(rows: Iterable[Row]) -> Tally:
    """Count."""
    rows = tuple(rows)
    states = Counter(row.state for row in rows)
    counts = [row.counts for row in rows if row.counts is not None]
    return Tally(
        states={state: states[state] for state in WORDS},
        uses=sum(each.uses for each in counts),
        safe=sum(each.safe for each in counts),
        review=sum(each.review for each in counts),
        left=sum(each.left for each in counts),
        patches=sum(each.patches for each in counts),
    )


def tallies(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, Tally]:
    """Count by ``key``, in the order of the keys, with "" last."""
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(key(row), []).append(row)
    return {name: tally(parts[name]) for name in sorted(parts, key=lambda name: (not name, name))}


def by_rule(rows: Iterable[Row]) -> dict[str, tuple[int, int]]:
    """Uses, and repositories that have them, by rule: the most uses first."""
    uses: Counter[str] = Counter()
    repos: Counter[str] = Counter()
    for row in rows:
        for rule, number in (row.counts.by_rule if row.counts else {}).items():
            uses[rule] += number
            repos[rule] += 1
    return {rule: (uses[rule], repos[rule]) for rule in sorted(uses, key=lambda r: (-uses[r], r))}


def seconds_left(rows: Sequence[Row], jobs: int) -> float | None:
    """Estimate how long the rest takes with ``jobs`` at once, in seconds; None: nobody knows.

    What comes is taken to last as long as what is finished did on average. What an earlier run had
    done took no time in this one, so it does not count.
    """
    took = [row.seconds for row in rows if _finished(row) and not row.cached and row.seconds > 0]
    waiting = sum(row.state == "waiting" for row in rows)
    elapsed = [row.seconds for row in rows if row.state == "running"]
    if not (waiting or elapsed):
        return 0.0
    if not took or jobs < 1:
        return None
    mean = sum(took) / len(took)
    rest = waiting * mean + sum(max(mean - each, 0.0) for each in elapsed)
    return rest / min(jobs, waiting + len(elapsed))


def _finished(row: Row) -> bool:
    return row.state in DONE or row.state == "failed"


def clock(seconds: float) -> str:
    """Give a time as a clock would: ``0:41``, ``1:02:03``."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def duration(seconds: float) -> str:
    """Give a time in words: ``41 s``, ``3 min``, ``2 h 10 min``."""
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02} min"


def no_secrets(text: str) -> str:
    """Leave out who signs on with the addresses in ``text``."""
    return _SIGN_ON.sub("", text) if "@" in text else text


def shown(text: str) -> str:
    """Make ``text`` fit to be read anywhere, on one line, and without secrets in addresses.

    What would act, turn text round or cannot be encoded is escaped as in Python.
    """
    return no_surrogates(printable(no_secrets(text)))


def shown_lines(text: str) -> str:
    """The same of many lines. Tabs stay; colours and carriage returns of terminals go."""
    text = re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", text)
    lines = re.split(r"\r\n|\r|\n", text)
    return "\n".join("\t".join(shown(part) for part in line.split("\t")) for line in lines)


def no_surrogates(text: str) -> str:
    """Spell bytes that are not UTF-8, which no page can hold."""
    return text.encode("utf-8", "backslashreplace").decode() if not text.isascii() else text


def web_link(address: str) -> str:
    """Give ``address`` if it is one of http or https that is what it looks like, else ""."""
    if not address.isprintable() or any(c in address for c in " \\\"'<>`\ufffd"):
        return ""
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return ""
    return no_surrogates(address) if known and "@" not in parts.netloc else ""


def file_link(path: str) -> str:
    """Give the relative address of ``path``, "" if it leads out of its directory."""
    if not path or path.startswith("/") or ".." in path.split("/"):
        return ""
    try:
        return quote(path.encode("utf-8", "surrogateescape"), safe="/")
    except UnicodeEncodeError:  # no file has such a name
        return ""


def campaign_name(snapshot: Snapshot) -> str:
    """What to call the campaign."""
    return shown(snapshot.campaign) or "campaign"
