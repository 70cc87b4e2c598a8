"""Forges that answer with recorded JSON, and remember what they were told."""

from __future__ import annotations

import http.server
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from publish_git import serving

RECORDED = Path(__file__).parent / "recorded"


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


@dataclass
class Fault:
    """What the next request that matches is answered with. ``done``: it is carried out first."""

    status: int
    body: object
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = ""
    done: bool = False


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    data: Any
    headers: dict[str, str]


class FakeClock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@dataclass
class Forge:
    """One forge with any number of repositories; ``requests`` are all of them, as it shows them."""

    answer: Callable[[Forge, Asked], tuple[int, Any]]
    page: int = 100
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    tokens: set[str] = field(default_factory=lambda: {"Bearer t0ken", "t0ken"})

    def did(self, method: str) -> list[str]:
        return [asked.path for asked in self.asked if asked.method == method]


@contextmanager
def forge(answer: Callable[[Forge, Asked], tuple[int, Any]], *, page: int = 100) -> Iterator[Forge]:
    made = Forge(answer, page)

    class Handler(http.server.BaseHTTPRequestHandler):
        def handle_all(self) -> None:
            parts = urlsplit(self.path)
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(
                self.command, parts.path, query, json.loads(data) if data else None, headers
            )
            made.asked.append(asked)
            fault = next((f for f in made.faults if f.method in ("", asked.method)), None)
            if fault is not None:
                made.faults.remove(fault)
                if fault.done:
                    made.answer(made, asked)
                self.reply(fault.status, fault.body, fault.headers)
                return
            shown = headers.get("authorization") or headers.get("private-token") or ""
            if shown not in made.tokens:
                self.reply(401, recorded("github_bad_credentials"), {})
                return
            status, body = made.answer(made, asked)
            more = {}
            if isinstance(body, list) and asked.method == "GET":
                start = (int(query.get("page", "1")) - 1) * made.page
                if start + made.page < len(body):
                    rest = re.sub(r"&page=\d+", "", self.path)
                    following = f"{made.url}{rest}&page={start // made.page + 2}"
                    more["Link"] = f'<{made.url}/last>; rel="last", <{following}>; rel="next"'
                body = body[start : start + made.page]
            self.reply(status, body, more)

        do_GET = do_POST = do_PATCH = do_PUT = handle_all

        def reply(self, status: int, body: object, headers: Mapping[str, str]) -> None:
            data = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return "Fri, 15 Jan 2027 08:00:00 GMT"  # 1,800,000,000: that of the clock

        def log_message(self, *_: object) -> None:
            pass

    with serving(Handler) as url:
        made.url = url
        yield made


def github(forge: Forge, asked: Asked) -> tuple[int, Any]:
    found = re.fullmatch(r"/repos/([^/]+)/([^/]+)/(pulls|issues)(?:/(\d+))?(?:/(\w+))?", asked.path)
    if not found:
        return 404, recorded("github_not_found")
    owner, name, _, number, below = found.groups()
    mine = [pull for pull in forge.requests if pull["url"].startswith(f"r/{owner}/{name}/")]
    if asked.method == "GET":
        want = asked.query
        return 200, [
            pull
            for pull in reversed(mine)
            if want.get("state", "open") in ("all", pull["state"])
            and want.get("head", pull["head"]["label"]) == pull["head"]["label"]
            and want.get("base", pull["base"]["ref"]) == pull["base"]["ref"]
        ]
    data = asked.data
    if asked.method == "POST" and not number:
        head = data["head"] if ":" in data["head"] else f"{owner}:{data['head']}"
        if any(p["head"]["label"] == head and p["state"] == "open" for p in mine):
            return 422, recorded("github_exists")
        count = len(mine) + 1
        pull = recorded("github_pull") | {
            "url": f"r/{owner}/{name}/{count}",
            "html_url": f"https://github.example/{owner}/{name}/pull/{count}",
            "number": count,
            "title": data["title"],
            "body": data["body"],
            "draft": data["draft"],
            "head": {"label": head, "ref": head.partition(":")[2]},
            "base": {"label": f"{owner}:{data['base']}", "ref": data["base"]},
        }
        forge.requests.append(pull)
        return 201, pull
    pull = mine[int(number) - 1]
    if asked.method == "PATCH":
        pull.update(data)
    elif below == "labels":
        pull["labels"] = [*pull["labels"], *({"name": label} for label in data["labels"])]
    elif "stranger" in data["reviewers"]:
        return 422, recorded("github_no_reviewer")
    else:
        pull["requested_reviewers"] = [
            *pull["requested_reviewers"],
            *({"login": login} for login in data["reviewers"]),
        ]
        pull["requested_teams"] = [{"slug": slug} for slug in data["team_reviewers"]]
    return 200, pull


def gitlab(forge: Forge, asked: Asked) -> tuple[int, Any]:
    parts = asked.path.split("/")
    if parts[1] == "users":
        return 200, [
            u for u in recorded("gitlab_users") if u["username"] == asked.query["username"]
        ]
    project = unquote(parts[2])
    ids = {"openstack/nova": 15513260, "me/nova": 7}
    if project not in ids:
        return 404, {"message": "404 Project Not Found"}
    if len(parts) == 3:
        return 200, {"id": ids[project], "path_with_namespace": project}
    number = int(parts[4]) if len(parts) > 4 else 0
    data = asked.data
    if asked.method == "POST":
        target = data.get("target_project_id", ids[project])
        request = recorded("gitlab_merge_request") | {
            "iid": len(forge.requests) + 1,
            "title": data["title"],
            "draft": data["title"].startswith("Draft: "),
            "description": data["description"],
            "source_branch": data["source_branch"],
            "target_branch": data["target_branch"],
            "source_project_id": ids[project],
            "target_project_id": target,
            "labels": data.get("labels", "").split(","),
            "web_url": f"https://gitlab.example/mr/{len(forge.requests) + 1}",
        }
        forge.requests.append(request)
        return 201, request
    if asked.method == "PUT":
        request = forge.requests[number - 1]
        data = dict(data)
        request["labels"] = [
            *request["labels"],
            *filter(None, data.pop("add_labels", "").split(",")),
        ]
        if "reviewer_ids" in data:
            users = {user["id"]: user for user in recorded("gitlab_users")}
            request["reviewers"] = [users[number] for number in data["reviewer_ids"]]
        request.update(data)
        return 200, request
    if number:
        return 200, forge.requests[number - 1]
    return 200, [
        request
        for request in reversed(forge.requests)
        if request["target_project_id"] == ids[project]
        and asked.query["state"] in ("all", request["state"])
        and asked.query.get("source_branch", request["source_branch"]) == request["source_branch"]
        and asked.query.get("target_branch", request["target_branch"]) == request["target_branch"]
    ]
