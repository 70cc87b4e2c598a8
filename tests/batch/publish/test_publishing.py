"""A campaign that publishes: only when asked to, once, and again only what has changed."""

from __future__ import annotations

import http.server
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from publish_forge import Forge, forge, github
from publish_gerrit import HOOKS, alter, changes, rest
from publish_git import JANE, GitServer, Mirror, PlainGit, git_server, mirror_of, serving

from eventlet_codemod.batch.journal import Journal
from eventlet_codemod.cli import main

FILES = {
    "pkg/__init__.py": "",
    "pkg/pause.py": "import eventlet\neventlet.monkey_patch()\neventlet.sleep(1)\n",
    "setup.cfg": "[metadata]\nname = nova\n[options]\ninstall_requires = oslo.log\n",
}
LIBRARY = {**FILES, "setup.cfg": "[metadata]\nname = oslo.log\n"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with git_server(tmp_path / "served") as server:
        git = PlainGit(tmp_path)
        for name, files in (("nova", FILES), ("oslo.log", LIBRARY)):
            mirror = mirror_of(git, tmp_path / f"{name}.mirror", files)
            server.repository(name, mirror, hooks=HOOKS)
        yield server


def manifest_at(path: Path, server: GitServer, **more: str) -> Path:
    lines = [f"{key} = {value}" for key, value in more.items()]
    for name in ("nova", "oslo.log"):
        lines += ["", "[[repo]]", f'name = "{name}"', f'url = "{server.url}/{name}.git"']
        lines += ['publish = "gerrit"', 'ref = "master"']
    defaults = "[defaults]\n" + "\n".join(lines) + "\n"
    path.write_text(defaults)
    return path


def batch(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["batch", *map(str, arguments)])


def test_nothing_without_being_asked_then_wave_by_wave_then_nothing_new(
    server: GitServer, tmp_path: Path
) -> None:
    manifest = manifest_at(tmp_path / "m.toml", server, topic='"off"')
    out = ("--output-dir", tmp_path / "out")
    served = {name: server.root / f"{name}.git" for name in ("nova", "oslo.log")}
    done = batch("run", manifest, *out)
    assert done.exit_code == 1, done.output
    assert [changes(path) for path in served.values()] == [[], []]
    done = batch("run", manifest, *out, "--publish", "--last-wave", "1")
    assert done.exit_code == 1, done.output
    assert [len(changes(path)) for path in served.values()] == [0, 2]
    assert f"oslo.log: published, created: {server.url}/c/oslo.log/+/1" in done.output
    assert "/+/2 (2 changes: 2 new)\n" in done.output
    done = batch("run", manifest, *out, "--publish")
    first = changes(served["nova"])
    assert len(first) == 2 and all(change["topic"] == "off" for change in first)
    before = len(server.requests)
    done = batch("run", manifest, *out, "--publish")
    assert done.exit_code == 1 and "published" not in done.output
    assert len(server.requests) == before
    manifest_at(manifest, server, **{"topic": '"off"', "subject-prefix": '"[off] "'})
    done = batch("run", manifest, *out, "--publish")
    assert "nova: published, updated" in done.output, done.output
    second = changes(served["nova"])
    assert [c["change_id"] for c in second] == [c["change_id"] for c in first]
    assert all(c["subject"].startswith("[off] ") for c in second)
    seen = json.loads((tmp_path / "out/campaign.json").read_text())
    assert seen["campaign"]["running"] is False
    status = batch("status", manifest, *out, "--format", "json")
    assert f"{server.url}/c/nova/+/1" in status.output


def test_a_server_that_refuses_is_a_failure_of_that_repository(
    server: GitServer, tmp_path: Path
) -> None:
    hook = server.root / "nova.git/hooks/pre-receive"
    hook.write_text(f"#!{sys.executable}\nraise SystemExit('closed for the weekend')\n")
    hook.chmod(0o755)
    manifest = manifest_at(tmp_path / "m.toml", server)
    out = ("--output-dir", tmp_path / "out")
    done = batch("run", manifest, *out, "--publish")
    assert done.exit_code == 3, done.output
    assert "error: nova: failed in the stage publish: " in done.output
    assert "oslo.log: published, created" in done.output
    assert "== checks" in (tmp_path / "out/dashboard.html").read_text()  # the failure's log
    hook.unlink()
    result = (tmp_path / "out/repos/nova").resolve()
    written = result.stat().st_mtime_ns
    done = batch("retry", manifest, *out, "--failed", "--publish")
    assert "nova: published, created" in done.output
    assert done.exit_code == 1
    assert result.stat().st_mtime_ns == written  # the series is that of the first run


def test_a_server_that_answers_nonsense_keeps_no_other(server: GitServer, tmp_path: Path) -> None:
    class Nonsense(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"[[]]")

        def log_message(self, *_: object) -> None:
            pass

    manifest = manifest_at(tmp_path / "m.toml", server)
    with serving(Nonsense) as api:
        more = f'name = "oslo.log"\napi-url = "{api}"'
        manifest.write_text(manifest.read_text().replace('name = "oslo.log"', more))
        done = batch("run", manifest, "--output-dir", tmp_path / "out", "--publish")
    assert "oslo.log: failed in the stage publish: a bug of this tool: " in done.output
    assert "nova: published, created" in done.output, done.output


def test_what_is_there_is_renewed_when_enough_is_open(server: GitServer, tmp_path: Path) -> None:
    served = server.root / "nova.git"
    out = ("--output-dir", tmp_path / "out", "--only", "nova", "--publish")
    with rest(served) as (api, _):
        more = {"topic": '"off"', "max-open": "2", "api-url": f'"{api}"'}
        batch("run", manifest_at(tmp_path / "m.toml", server, **more), *out)
        more["subject-prefix"] = '"[off] "'
        done = batch("run", manifest_at(tmp_path / "m.toml", server, **more), *out)
    assert "nova: published, updated" in done.output, done.output
    assert all(change["subject"].startswith("[off] ") for change in changes(served))


def test_a_place_that_changes_is_published_to(server: GitServer, tmp_path: Path) -> None:
    shutil.copytree(server.root / "nova.git", server.root / "other.git")
    out = ("--output-dir", tmp_path / "out", "--only", "nova", "--publish")
    manifest = manifest_at(tmp_path / "m.toml", server)
    batch("run", manifest, *out)
    more = f'name = "nova"\npush-url = "{server.url}/other.git"'
    manifest.write_text(manifest.read_text().replace('name = "nova"', more))
    done = batch("run", manifest, *out)
    assert "nova: published, created" in done.output, done.output
    assert len(changes(server.root / "other.git")) == 2


def test_no_more_than_may_be_open(server: GitServer, tmp_path: Path) -> None:
    served = server.root / "nova.git"
    out = ("--output-dir", tmp_path / "out", "--only", "nova", "--publish")
    with rest(served) as (api, _):
        more = {"topic": '"off"', "max-open": "1", "api-url": f'"{api}"'}
        done = batch("run", manifest_at(tmp_path / "m.toml", server, **more), *out)
    assert "0 changes are open there and 2 would come; max-open is 1" in done.output
    del more["api-url"]
    done = batch("run", manifest_at(tmp_path / "m.toml", server, **more), *out)
    assert "max-open cannot be kept: it needs an api-url" in done.output
    assert changes(served) == []


def test_the_same_series_goes_to_another_place(server: GitServer, tmp_path: Path) -> None:
    served = server.root / "nova.git"
    git = PlainGit(tmp_path)
    git.run(served, "update-ref", "refs/heads/stable", "refs/heads/master")
    out = ("--output-dir", tmp_path / "out", "--only", "nova", "--publish")
    batch("run", manifest_at(tmp_path / "m.toml", server), *out)
    done = batch("run", manifest_at(tmp_path / "m.toml", server, target='"stable"'), *out)
    assert "nova: published, created" in done.output, done.output
    assert [change["branch"] for change in changes(served)] == [*["master"] * 2, *["stable"] * 2]


def test_addresses_stay_known_while_publishing_fails(server: GitServer, tmp_path: Path) -> None:
    out = ("--output-dir", tmp_path / "out", "--only", "nova", "--publish")
    batch("run", manifest_at(tmp_path / "m.toml", server), *out)
    manifest = manifest_at(tmp_path / "m.toml", server, target='"nowhere"')
    done = batch("run", manifest, *out)
    assert done.exit_code == 3 and "branch nowhere not found" in done.output
    journal = Journal(tmp_path / "out", read_only=True)
    assert journal.publications()["nova"].addresses == tuple(
        f"{server.url}/c/nova/+/{number}" for number in (1, 2)
    )
    journal.close()


def test_reviewers_that_come_later_are_given_once(server: GitServer, tmp_path: Path) -> None:
    served = server.root / "nova.git"
    out = ("--output-dir", tmp_path / "out", "--only", "nova", "--publish")
    environ = {"GERRIT_USERNAME": "bot", "GERRIT_PASSWORD": "s3cret"}
    with rest(served) as (api, queries):
        more = {"reviewers": '["jane"]', "api-url": f'"{api}"'}
        batch("run", manifest_at(tmp_path / "m.toml", server, **more), *out)
        alter(served, 1, reviewers=[])
        more["reviewers"] = '["jane", "joe"]'
        manifest = manifest_at(tmp_path / "m.toml", server, **more)
        done = CliRunner(env=environ).invoke(main, ["batch", "run", *map(str, (manifest, *out))])
        assert "nova: published, updated" in done.output, done.output
        assert [one["reviewers"] for one in changes(served)] == [["joe"], ["jane", "joe"]]
        asked = len(queries)
        batch("run", manifest, *out)
        assert len(queries) == asked


@pytest.fixture
def hub(server: GitServer) -> Iterator[Forge]:
    shutil.copytree(server.root / "nova.git", server.root / "o/nova.git")
    with forge(github) as made:
        yield made


def run_with(hub: Forge, server: GitServer, place: Path, *arguments: str, **more: str) -> Result:
    lines = [f"{key.replace('_', '-')} = '{value}'" for key, value in more.items()]
    text = f"[[repo]]\nurl = '{server.url}/o/nova.git'\npublish = 'github'\n"
    text += f"api-url = '{hub.url}'\nhashtags = ['off']\n"
    (place / "m.toml").write_text(text + "\n".join(lines) + "\n")
    words = ("batch", "run", place / "m.toml", "--output-dir", place / "out", "--publish")
    env = {"GITHUB_TOKEN": "t0ken"}
    return CliRunner(env=env).invoke(main, [*map(str, words), *arguments])


def test_what_a_new_request_did_not_get_it_gets_the_next_time(
    server: GitServer, hub: Forge, tmp_path: Path
) -> None:
    answer, hub.answer = (
        hub.answer,
        lambda one, asked: (502, None) if "/labels" in asked.path else answer(one, asked),
    )
    done = run_with(hub, server, tmp_path)
    assert done.exit_code == 3 and "GitHub answered 502" in done.output, done.output
    assert hub.requests[0]["labels"] == []
    hub.answer = answer
    done = run_with(hub, server, tmp_path)
    assert "o/nova: published, updated: https://github.example/o/nova/pull/1" in done.output
    assert (len(hub.requests), hub.requests[0]["labels"]) == (1, [{"name": "off"}])


def test_a_branch_of_a_campaign_is_known_without_the_cache_and_on_another_base(
    server: GitServer, hub: Forge, tmp_path: Path
) -> None:
    run_with(hub, server, tmp_path)
    served = Mirror(PlainGit(tmp_path), server.root / "o/nova.git")
    head = served.git.text(served.path, "rev-parse", "refs/heads/master")
    after = served.commit(head, "Go on", {"README": "more\n"}, who=JANE)
    served.git.run(served.path, "update-ref", "refs/heads/master", after)
    shutil.rmtree(tmp_path / "out/cache")
    batch("plan", tmp_path / "m.toml", "--output-dir", tmp_path / "out")
    done = run_with(hub, server, tmp_path)
    assert "o/nova: published, updated" in done.output, done.output
    assert len(hub.requests) == 1
    branch = served.git.text(served.path, "log", "--format=%H", "refs/heads/eventlet-codemod")
    assert after in branch


def test_a_request_from_a_fork_is_for_the_default_branch_of_the_project(
    server: GitServer, hub: Forge, tmp_path: Path
) -> None:
    fork = server.root / "me/nova.git"
    shutil.copytree(server.root / "o/nova.git", fork)
    PlainGit(tmp_path).run(fork, "symbolic-ref", "HEAD", "refs/heads/old")
    run_with(hub, server, tmp_path, push_url=f"{server.url}/me/nova.git")
    [request] = hub.requests
    assert (request["head"]["label"], request["base"]["ref"]) == ("me:eventlet-codemod", "master")
