"""Gerrit's REST API, as far as it tells of changes, and adds reviewers and hashtags to them."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eventlet_codemod.batch.publish.api import Api
from eventlet_codemod.batch.publish.base import PublishError
from eventlet_codemod.batch.publish.http import Http
from eventlet_codemod.batch.publish.limits import Pace

_AT_ONCE = 20  # Change-Ids to a query, so that addresses stay short
#: Patch sets that have the same difference as the one before: a button on the page makes them.
_SAME = ("TRIVIAL_REBASE", "TRIVIAL_REBASE_WITH_MESSAGE_UPDATE", "NO_CHANGE")


@dataclass(frozen=True, slots=True)
class PatchSet:
    """One patch set: by whom it was committed (an email), and what kind of a change it is."""

    number: int
    sha: str
    committer: str
    kind: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``sha`` is its current commit, ``status`` NEW, MERGED or ABANDONED."""

    change_id: str
    number: int
    address: str
    status: str
    sha: str
    patch_sets: tuple[PatchSet, ...] = ()

    @property
    def closed(self) -> bool:
        """Whether it takes no more patch sets."""
        return self.status != "NEW"

    def reworked_by(self, ours: str) -> str:
        """Who else made a patch set after our last one that is more than a rebase; or ""."""
        for item in sorted(self.patch_sets, key=lambda item: -item.number):
            if item.committer == ours:
                return ""
            if item.kind not in _SAME:
                return item.committer or "somebody else"
        return ""


class Changes:
    """Asks one server."""

    def __init__(self, base: str, http: Http, pace: Pace, environ: Mapping[str, str]) -> None:
        def secrets() -> dict[str, str]:
            user, password = environ.get("GERRIT_USERNAME"), environ.get("GERRIT_PASSWORD")
            if not user or not password:
                return {}
            token = base64.b64encode(f"{user}:{password}".encode()).decode()
            return {"Authorization": f"Basic {token}"}

        self.has_login = bool(secrets())
        base = base.rstrip("/").removesuffix("/a")
        self._pages = base
        # Who shows who they are asks below /a, as Gerrit wants it.
        self._api = Api(
            "Gerrit",
            f"{base}/a" if self.has_login else base,
            http,
            pace,
            secrets,
            {"Accept": "application/json"},
        )

    def of_series(self, project: str, branch: str, change_ids: Sequence[str]) -> list[Change]:
        """Those of these Change-Ids that are there. Raises PublishError."""
        result = []
        for start in range(0, len(change_ids), _AT_ONCE):
            names = " OR ".join(f"change:{name}" for name in change_ids[start : start + _AT_ONCE])
            query = f"{_term('project', project)} {_term('branch', branch)} ({names})"
            options = ("CURRENT_REVISION", "ALL_REVISIONS", "ALL_COMMITS")
            result += [self._change(raw) for raw in self._query(query, options)]
        return result

    def count_open(self, project: str, branch: str, topic: str, hashtags: Sequence[str]) -> int:
        """How many are open with the topic and all hashtags; of any branch if it is "".

        Raises PublishError.
        """
        terms = [_term("project", project), "status:open"]
        terms += [_term("branch", branch)] if branch else []
        terms += [_term("topic", topic)] if topic else []
        terms += [_term("hashtag", tag.lstrip("#")) for tag in hashtags]
        return sum(1 for _ in self._query(" ".join(terms), ()))

    def add_reviewer(self, number: int, name: str) -> str:
        """Add one to a change, in copy where ``name`` says so; why not, "" if it is done.

        Raises PublishError where nothing can be said of that.
        """
        state = "CC" if name.startswith("cc=") else "REVIEWER"
        who = name.removeprefix("cc=").removeprefix("r=")
        return self._add(f"/changes/{number}/reviewers", {"reviewer": who, "state": state})

    def add_hashtag(self, number: int, name: str) -> str:
        """Add one to a change; why not, "" if it is done. Raises PublishError as above."""
        return self._add(f"/changes/{number}/hashtags", {"add": [name]})

    def _add(self, path: str, data: Mapping[str, Any]) -> str:
        try:
            answer = self._api.ask("POST", path, data=data)
        except PublishError as error:
            if error.kind in ("limit", "unreachable"):
                raise
            return str(error)
        return str(answer.get("error", "")) if isinstance(answer, dict) else ""

    def _query(self, query: str, options: Sequence[str]) -> Iterator[Any]:
        start = 0
        more = True
        while more:
            asked = [("q", query), ("S", str(start)), *(("o", option) for option in options)]
            found = self._api.ask("GET", "/changes/", query=asked)
            yield from found
            start += len(found)
            more = bool(found) and bool(found[-1].get("_more_changes"))

    def _change(self, raw: Mapping[str, Any]) -> Change:
        current = raw.get("current_revision", "")
        patch_sets = tuple(
            PatchSet(
                item.get("_number", 0),
                sha,
                item.get("commit", {}).get("committer", {}).get("email", ""),
                item.get("kind", "REWORK"),
            )
            for sha, item in raw.get("revisions", {}).items()
        )
        address = f"{self._pages}/c/{raw['project']}/+/{raw['_number']}"
        number = int(raw["_number"])
        return Change(raw["change_id"], number, address, raw["status"], current, patch_sets)


def _term(operator: str, value: str) -> str:
    """One term of a query, its value as one word."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{operator}:"{quoted}"'
