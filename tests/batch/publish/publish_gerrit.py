"""A server that follows Gerrit's rules for ``refs/for``: a hook of a git server, and its REST API.

The rules are those of ReceiveCommits in Gerrit 3.x, as its documentation and source have them.
"""

from __future__ import annotations

import base64
import http.server
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from publish_git import serving

#: receive-pack runs this for refs below refs/for, and speaks pkt-lines with it.
PROC_RECEIVE = (
    f"#!{sys.executable}\n"
    + r"""
import json, os, re, subprocess, sys

def git(*arguments):
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout

def read():
    size = int(sys.stdin.buffer.read(4), 16)
    return sys.stdin.buffer.read(size - 4).rstrip(b"\n").decode() if size else None

def lines():
    while (line := read()) is not None:
        yield line

def write(text):
    data = (text + "\n").encode()
    sys.stdout.buffer.write(b"%04x" % (len(data) + 4) + data)

def flush():
    sys.stdout.buffer.write(b"0000")
    sys.stdout.buffer.flush()

def say(text):
    print(text, file=sys.stderr, flush=True)

def crop(subject):
    if len(subject) <= 80:
        return subject
    for end in range(77, 67, -1):
        if subject[end - 1].isspace():
            return subject[:end] + "..."
    return subject[:77] + "..."

class Rejected(Exception):
    pass

version = list(lines())
write("version=1\0push-options")
flush()
commands = [line.split(" ") for line in lines()]
pushed = list(lines()) if "push-options" in version[0] else []
old, new, ref = commands[0]
state = json.load(open("gerrit.json")) if os.path.exists("gerrit.json") else []
project = re.sub(r"(\.git)?/git-receive-pack$", "", os.environ["PATH_INFO"]).strip("/")
site = f"{os.environ['SERVER_URL']}/c/{project}/+"

def receive():
    branch, percent, text = ref.removeprefix("refs/for/").partition("%")
    options = [*pushed, *filter(None, text.split(","))]
    given = {}
    for option in options:
        name, _, value = option.partition("=")
        if name not in ("topic", "t", "hashtag", "wip", "ready", "r", "cc"):
            raise Rejected(f'"--{name}" is not a valid option')
        given.setdefault({"hashtag": "t"}.get(name, name), []).append(value)
    tip = subprocess.run(["git", "rev-parse", "--verify", "-q", f"refs/heads/{branch}"],
                         capture_output=True, text=True).stdout.strip()
    if not tip:
        raise Rejected(f"branch {branch} not found")
    tracked = set(git("for-each-ref", "--format=%(objectname)", "refs/changes").split())
    walk = git("rev-list", "--reverse", "--topo-order", new, "--not", "--branches").split()
    todo = []
    for sha in walk:
        if sha in tracked:
            continue
        message = git("log", "-1", "--format=%B", sha).strip("\n")
        last = message.split("\n\n")[-1] if "\n\n" in message else ""
        ids = re.findall(r"(?m)^Change-Id: *(I[0-9a-f]{40})$", last)
        if not ids:
            say(f"error: commit {sha[:7]}: missing Change-Id in message footer")
            raise Rejected(f"commit {sha[:7]}: missing Change-Id in message footer")
        todo.append((sha, ids[-1], message.partition("\n")[0]))
    names = [name for _, name, _ in todo]
    if len(set(names)) != len(names):
        raise Rejected("same Change-Id in multiple changes.\nSquash the commits")
    if not todo:
        raise Rejected("no new changes")
    told = []
    for change in state:
        if change["branch"] == branch and change["change_id"] in names:
            if change["status"] != "NEW":
                raise Rejected(f"change {site}/{change['_number']} closed")
    for sha, name, subject in todo:
        known = [c for c in state if (c["branch"], c["change_id"]) == (branch, name)]
        fresh = not known
        if fresh:
            known = [{"_number": len(state) + 1, "project": project, "branch": branch,
                      "change_id": name, "status": "NEW", "topic": "", "hashtags": [],
                      "reviewers": [], "cc": [], "wip": False, "revisions": []}]
            state.append(known[0])
        change = known[0]
        if "topic" in given:
            change["topic"] = given["topic"][-1]
        change["hashtags"] = sorted({*change["hashtags"], *given.get("t", [])})
        change["reviewers"] = sorted({*change["reviewers"], *given.get("r", [])})
        change["cc"] = sorted({*change["cc"], *given.get("cc", [])})
        if "wip" in given or "ready" in given:
            change["wip"] = "wip" in given
        change["subject"] = subject
        committer = git("log", "-1", "--format=%ce", sha).strip()
        change["revisions"].append({"sha": sha, "committer": committer, "kind": "REWORK"})
        number = change["_number"]
        patch_set = len(change["revisions"])
        git("update-ref", f"refs/changes/{number % 100:02}/{number}/{patch_set}", sha)
        marks = (" [WIP]" if change["wip"] else "") + (" [NEW]" if fresh else "")
        told.append(f"  {site}/{number} {crop(subject)}{marks}")
    json.dump(state, open("gerrit.json", "w"))
    say("Processing changes: refs: 1, new: 1, done")
    for line in ["", "SUCCESS", "", *told, ""]:
        say(line)

try:
    receive()
    write(f"ok {ref}")
except Rejected as error:
    write(f"ng {ref} " + str(error).replace("\n", " "))
flush()
"""
)

HOOKS = {"proc-receive": PROC_RECEIVE}


def changes(repository: Path) -> list[dict[str, Any]]:
    """What the server has, in the order in which it was made."""
    file = repository / "gerrit.json"
    return json.loads(file.read_text()) if file.exists() else []


def alter(repository: Path, number: int, **values: object) -> None:
    """Do to a change what people do on its page."""
    state = changes(repository)
    state[number - 1].update(values)
    (repository / "gerrit.json").write_text(json.dumps(state))


@contextmanager
def rest(repository: Path, *, page: int = 500) -> Iterator[tuple[str, list[str]]]:
    """The part of the REST API that finds changes: its address, and the queries that came.

    ``page`` is how many changes one answer has at most. With the login bot:s3cret it also takes
    reviewers, but for a stranger, and hashtags.
    """
    queries: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            assert parts.path.removeprefix("/a") == "/changes/"
            query = parse_qs(parts.query)
            queries.append(query["q"][0])
            found = [change for change in changes(repository) if _matches(query["q"][0], change)]
            start = int(query["S"][0])
            shown = [_info(change, query.get("o", [])) for change in found[start : start + page]]
            if start + page < len(found):
                shown[-1]["_more_changes"] = True
            self.answer(200, shown)

        def do_POST(self) -> None:
            data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            login = base64.b64encode(b"bot:s3cret").decode()
            assert self.headers["Authorization"] == f"Basic {login}"
            below, number, what = self.path.rsplit("/", 2)
            assert below == "/a/changes"
            change = changes(repository)[int(number) - 1]
            if what == "hashtags":
                tags = sorted({*change["hashtags"], *data["add"]})
                alter(repository, int(number), hashtags=tags)
                self.answer(200, tags)
            elif data["reviewer"] == "stranger":
                self.answer(
                    400, {"input": "stranger", "error": "stranger does not identify a user"}
                )
            else:
                kind = {"CC": "cc", "REVIEWER": "reviewers"}[data["state"]]
                names = sorted({*change[kind], data["reviewer"]})
                alter(repository, int(number), **{kind: names})
                self.answer(200, {"input": data["reviewer"], kind: []})

        def answer(self, status: int, shown: object) -> None:
            data = b")]}'\n" + json.dumps(shown).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with serving(Handler) as url:
        yield url, queries


def _matches(query: str, change: dict[str, Any]) -> bool:
    plain, _, names = query.partition("(")
    for term in plain.split():
        operator, _, value = term.partition(":")
        value = value.strip('"')
        have = {
            "project": change["project"],
            "branch": change["branch"],
            "topic": change["topic"],
            "status": "open" if change["status"] == "NEW" else "closed",
            "hashtag": value if value in change["hashtags"] else "",
        }
        if have[operator] != value:
            return False
    return not names or f"change:{change['change_id']}" in names.rstrip(")").split(" OR ")


def _info(change: dict[str, Any], options: list[str]) -> dict[str, Any]:
    """As ``ChangeInfo`` in Gerrit's documentation, as far as it was asked for."""
    info = {
        "id": f"{change['project']}~{change['branch']}~{change['change_id']}",
        "project": change["project"],
        "branch": change["branch"],
        "change_id": change["change_id"],
        "subject": change["subject"],
        "status": change["status"],
        "_number": change["_number"],
    }
    if "ALL_REVISIONS" in options:
        info["current_revision"] = change["revisions"][-1]["sha"]
        info["revisions"] = {
            item["sha"]: {
                "kind": item["kind"],
                "_number": number,
                **(
                    {"commit": {"committer": {"email": item["committer"]}}}
                    if "ALL_COMMITS" in options
                    else {}
                ),
            }
            for number, item in enumerate(change["revisions"], 1)
        }
    return info
