"""GitHub's REST API, as far as a pull request needs it."""

from __future__ import annotations

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


def _token(environ: Mapping[str, str]) -> str:
    return (environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN") or "").strip()


class GitHub:
    """One repository. ``push_url`` may be a fork: the request is from there to ``url``.

    Reviewers with a slash (``org/team``) are teams.
    """

    limit = 65_000  # of 65,536, in which other characters than ours are counted too

    def __init__(self, repo: Repo, http: Http, pace: Pace, environ: Mapping[str, str]) -> None:
        def secrets() -> dict[str, str]:
            token = _token(environ)
            return {"Authorization": f"Bearer {token}"} if token else {}

        self._repo = repo
        self._environ = environ
        self._there = place(repo.url or repo.push_url)
        self._from = place(repo.push_url or repo.url)
        host = self._there.netloc if self._there.scheme == "https" else self._there.host
        is_main = host in ("github.com", "www.github.com", "ssh.github.com")
        base = "https://api.github.com" if is_main else f"https://{host}/api/v3"
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        self._api = Api("GitHub", repo.api_url or base, http, pace, secrets, headers)
        self._path = f"/repos/{quote(self._there.path)}"

    def push_url(self) -> str:
        """Where the branch goes."""
        return self._repo.push_url or self._repo.url

    def login(self) -> Mapping[str, str]:
        """The environment in which git shows the token."""
        token = _token(self._environ)
        trusted = [self._api.base]
        return login(self.push_url(), "x-access-token", token, self._environ, trusted=trusted)

    def link(self, base: str, path: str, line: int) -> str:
        """Where a line can be seen."""
        return (
            f"https://{self._there.host}/{quote(f'{self._there.path}/blob/{base}/{path}')}#L{line}"
        )

    def find(self, branch: str) -> Sequence[Request]:
        """All pull requests that there were ever of a branch. Raises PublishError."""
        head = self._head(branch)
        query = {"state": "all", "head": head, "per_page": "100"}
        # A server that does not know the head answers with all of them.
        return [
            _request(raw)
            for raw in self._api.pages(f"{self._path}/pulls", query)
            # the label of a fork that is gone is none
            if raw["head"]["ref"] == branch and (raw["head"]["label"] or "").lower() == head.lower()
        ]

    def create(self, branch: str, target: str, title: str, body: str) -> Request:
        """Open one; a draft if the repository says so. Raises PublishError."""
        same = self._from.path == self._there.path
        data = {
            "title": title,
            "head": branch if same else self._head(branch),
            "base": target,
            "body": body,
            "draft": self._repo.wip,
            "maintainer_can_modify": True,
        }
        return _request(self._api.ask("POST", f"{self._path}/pulls", data=data))

    def update(self, request: Request, *, title: str, body: str) -> None:
        """Give it another title and text. Raises PublishError."""
        path = f"{self._path}/pulls/{request.number}"
        self._api.ask("PATCH", path, data={"title": title, "body": body})

    def decorate(
        self, request: Request, labels: Sequence[str], reviewers: Sequence[str]
    ) -> Mapping[str, str]:
        """Give it more labels and reviewers. Raises PublishError."""
        missed: dict[str, str] = {}
        people = [name for name in reviewers if "/" not in name]
        teams = [name.rpartition("/")[2] for name in reviewers if "/" in name]
        asked: list[tuple[str, dict[str, Any], Sequence[str]]] = []
        if labels:
            asked.append(("issues/{}/labels", {"labels": list(labels)}, labels))
        if reviewers:
            data = {"reviewers": people, "team_reviewers": teams}
            asked.append(("pulls/{}/requested_reviewers", data, reviewers))
        for path, data, names in asked:
            try:
                self._api.ask("POST", f"{self._path}/{path.format(request.number)}", data=data)
            except PublishError as error:
                if error.kind in ("limit", "unreachable"):
                    raise
                missed |= dict.fromkeys(names, str(error))  # the request is there all the same
        return missed

    def texts(self) -> Sequence[str]:
        """The texts of all open pull requests. Raises PublishError."""
        query = {"state": "open", "per_page": "100"}
        return [raw["body"] or "" for raw in self._api.pages(f"{self._path}/pulls", query)]

    def _head(self, branch: str) -> str:
        return f"{self._from.path.partition('/')[0]}:{branch}"


def _request(raw: Mapping[str, Any]) -> Request:
    state = "merged" if raw.get("merged_at") else raw["state"]
    return Request(
        number=raw["number"],
        address=raw["html_url"],
        title=raw["title"],
        body=raw["body"] or "",
        target=raw["base"]["ref"],
        state=state,
        head=raw["head"].get("sha", ""),
    )
