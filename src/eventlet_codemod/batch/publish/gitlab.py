"""GitLab's REST API, as far as a merge request needs it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from eventlet_codemod.batch.publish.api import Api
from eventlet_codemod.batch.publish.base import PublishError
from eventlet_codemod.batch.publish.forge import Request
from eventlet_codemod.batch.publish.http import Http
from eventlet_codemod.batch.publish.limits import Pace
from eventlet_codemod.batch.publish.remote import login, place

if TYPE_CHECKING:
    from eventlet_codemod.batch.model import Repo

_DRAFT = re.compile(r"(?:\[Draft\]|\(Draft\)|Draft:)\s*", re.IGNORECASE)


def _token(environ: Mapping[str, str]) -> str:
    return environ.get("GITLAB_TOKEN", "").strip()


class GitLab:
    """One project. ``push_url`` may be a fork: the request is from there to ``url``.

    A draft is one by its title there.
    """

    limit = 200_000  # of 1,048,576: nobody reads more

    def __init__(self, repo: Repo, http: Http, pace: Pace, environ: Mapping[str, str]) -> None:
        def secrets() -> dict[str, str]:
            token = _token(environ)
            return {"PRIVATE-TOKEN": token} if token else {}

        self._repo = repo
        self._environ = environ
        self._there = place(repo.url or repo.push_url)
        self._from = place(repo.push_url or repo.url)
        host = self._there.netloc if self._there.scheme == "https" else self._there.host
        base = repo.api_url or f"https://{host}/api/v4"
        self._api = Api("GitLab", base, http, pace, secrets, {"Accept": "application/json"})
        self._path = f"/projects/{quote(self._there.path, safe='')}"

    def push_url(self) -> str:
        """Where the branch goes."""
        return self._repo.push_url or self._repo.url

    def login(self) -> Mapping[str, str]:
        """The environment in which git shows the token."""
        token, trusted = _token(self._environ), [self._api.base]
        return login(self.push_url(), "oauth2", token, self._environ, trusted=trusted)

    def link(self, base: str, path: str, line: int) -> str:
        """Where a line can be seen."""
        blob = quote(f"{self._there.path}/-/blob/{base}/{path}")
        return f"https://{self._there.host}/{blob}#L{line}"

    def find(self, branch: str) -> Sequence[Request]:
        """All merge requests that there were ever of a branch. Raises PublishError."""
        query = {"state": "all", "source_branch": branch, "per_page": "100"}
        fork = self._project_id() if self._from.path != self._there.path else None
        return [
            _request(raw)
            for raw in self._api.pages(f"{self._path}/merge_requests", query)
            if raw["source_branch"] == branch
            and raw["source_project_id"] == (fork or raw["target_project_id"])
        ]

    def create(self, branch: str, target: str, title: str, body: str) -> Request:
        """Open one; a draft if the repository says so. Raises PublishError."""
        data: dict[str, Any] = {
            "source_branch": branch,
            "target_branch": target,
            "title": f"Draft: {title}" if self._repo.wip else title,
            "description": body,
            "remove_source_branch": True,
        }
        path = self._path
        if self._from.path != self._there.path:  # it is made where it comes from
            data["target_project_id"] = self._api.ask("GET", path)["id"]
            path = f"/projects/{quote(self._from.path, safe='')}"
        if self._repo.hashtags:
            data["labels"] = ",".join(self._repo.hashtags)
        return _request(self._api.ask("POST", f"{path}/merge_requests", data=data))

    def update(self, request: Request, *, title: str, body: str) -> None:
        """Give it another title and text; a draft stays one. Raises PublishError."""
        path = f"{self._path}/merge_requests/{request.number}"
        there = self._api.ask("GET", path)
        draft = _DRAFT.match(there["title"])
        data = {"title": f"{draft[0] if draft else ''}{title}", "description": body}
        self._api.ask("PUT", path, data=data)

    def decorate(
        self, request: Request, labels: Sequence[str], reviewers: Sequence[str]
    ) -> Mapping[str, str]:
        """Give it more labels and reviewers. Raises PublishError."""
        missed, data = dict[str, str](), dict[str, Any]()
        if more := [label for label in labels if label not in request.labels]:
            data["add_labels"] = ",".join(more)
        ids = []
        # It takes all of them, not more of them.
        for name in (*request.reviewers, *reviewers) if reviewers else ():
            if found := self._api.ask("GET", "/users", query=[("username", name)]):
                ids.append(found[0]["id"])
            elif name in reviewers:
                missed[name] = f"GitLab knows no user {name}"
        if ids and len(missed) < len(reviewers):
            data["reviewer_ids"] = list(dict.fromkeys(ids))
        if data:
            try:
                path = f"{self._path}/merge_requests/{request.number}"
                self._api.ask("PUT", path, data=data)
            except PublishError as error:
                if error.kind in ("limit", "unreachable"):
                    raise
                # the request is there all the same
                missed |= dict.fromkeys([*more, *reviewers], str(error))
        return missed

    def texts(self) -> Sequence[str]:
        """The texts of all open merge requests. Raises PublishError."""
        query = {"state": "opened", "per_page": "100"}
        found = self._api.pages(f"{self._path}/merge_requests", query)
        return [raw["description"] or "" for raw in found]

    def _project_id(self) -> int:
        found = self._api.ask("GET", f"/projects/{quote(self._from.path, safe='')}")
        return int(found["id"])


def _request(raw: Mapping[str, Any]) -> Request:
    title = _DRAFT.sub("", raw["title"], count=1)
    return Request(
        number=raw["iid"],
        address=raw["web_url"],
        title=title,
        body=raw["description"] or "",
        target=raw["target_branch"],
        state="open" if raw["state"] in ("opened", "locked") else raw["state"],
        head=raw.get("sha") or "",
        labels=tuple(raw.get("labels", ())),
        reviewers=tuple(user["username"] for user in raw.get("reviewers", ())),
    )
