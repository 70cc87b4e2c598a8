from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from publish_gerrit import HOOKS, alter, changes, rest
from publish_git import JANE, GitServer, Mirror, PlainGit, mirror_of, proposal

from eventlet_codemod.batch.git import Git
from eventlet_codemod.batch.model import Repo
from eventlet_codemod.batch.publish import Commit, Published, PublishError, gitreview, publisher_for
from eventlet_codemod.batch.publish.gerrit import addresses, push_options, with_options
from eventlet_codemod.batch.publish.limits import Pace
from eventlet_codemod.batch.publish.trailers import with_footers


@pytest.fixture
def gerrit(server: GitServer, mirror: Mirror) -> Path:
    return server.repository("nova", mirror, hooks=HOOKS)


def repo(server: GitServer, **values: object) -> Repo:
    given: dict[str, object] = {
        "name": "nova",
        "url": "https://example.org/openstack/nova",
        "publish": "gerrit",
        "push_url": f"{server.url}/nova.git",
        "topic": "eventlet-removal",
        "hashtags": ("off-eventlet", "batch"),
        "reviewers": ("jane@example.org", "cc=joe@example.org"),
        "wip": True,
    }
    return Repo(**(given | values))  # type: ignore[arg-type]


def publish(
    mirror: Mirror,
    repo: Repo,
    commits: tuple[Commit, ...],
    *,
    environ: dict[str, str] | None = None,
) -> Published:
    publisher = publisher_for(repo, mirror.git, environ=environ or {})
    return publisher.publish(proposal(mirror, repo, commits))


def test_a_series_becomes_a_chain_of_changes(
    server: GitServer, mirror: Mirror, gerrit: Path
) -> None:
    commits = mirror.series("a", "b", "c")
    done = publish(mirror, repo(server), commits)
    assert done.action == "created"
    assert done.addresses == tuple(f"{server.url}/c/nova/+/{n}" for n in (1, 2, 3))
    assert done.detail == "3 changes: 3 new"
    made = changes(gerrit)
    assert [change["change_id"] for change in made] == [commit.change_id for commit in commits]
    for change in made:
        assert change["topic"] == "eventlet-removal"
        assert change["hashtags"] == ["batch", "off-eventlet"]
        assert change["reviewers"] == ["jane@example.org"]
        assert change["cc"] == ["joe@example.org"]
        assert change["wip"]
    refs = mirror.git.run(gerrit, "for-each-ref", "--format=%(refname)").decode().split()
    assert "refs/changes/03/3/1" in refs
    assert len([a for a in mirror.git.asked if a[0] == "push"]) == 1


def test_the_same_series_again_changes_nothing(
    server: GitServer, mirror: Mirror, gerrit: Path
) -> None:
    commits = mirror.series("a", "b")
    first = publish(mirror, repo(server), commits)
    before = changes(gerrit)
    again = publish(mirror, repo(server), commits)
    assert again == Published("unchanged", first.addresses, "2 changes: nothing new")
    assert changes(gerrit) == before


def test_another_machine_does_not_duplicate(
    server: GitServer, mirror: Mirror, gerrit: Path, git: PlainGit, tmp_path: Path
) -> None:
    publish(mirror, repo(server), mirror.series("a", "b"))
    before = changes(gerrit)
    other = mirror_of(git, tmp_path / "other.git", {})
    assert publish(other, repo(server), other.series("a", "b")).action == "unchanged"
    assert changes(gerrit) == before


def test_a_changed_series_gives_patch_sets(server: GitServer, mirror: Mirror, gerrit: Path) -> None:
    first = publish(mirror, repo(server), mirror.series("a", "b", "c"))
    for number in (1, 2, 3):  # people take it up
        alter(gerrit, number, wip=False, topic="theirs", reviewers=[])
    done = publish(mirror, repo(server), mirror.series("a", "other", "c"))
    assert done == Published("updated", first.addresses, "3 changes: 2 with a new patch set")
    made = changes(gerrit)
    assert [len(change["revisions"]) for change in made] == [1, 2, 2]
    assert all(not c["wip"] and c["topic"] == "theirs" and not c["reviewers"] for c in made)


def test_a_series_that_grows_keeps_what_people_did(
    server: GitServer, mirror: Mirror, gerrit: Path
) -> None:
    publish(mirror, repo(server), mirror.series("a", "b"))
    alter(gerrit, 1, wip=False)
    done = publish(mirror, repo(server), mirror.series("other", "b", "c"))
    assert done.action == "updated"
    assert done.detail == "3 changes: 1 new, 2 with a new patch set"
    assert len(done.addresses) == 3
    assert [change["wip"] for change in changes(gerrit)] == [False, True, True]


def test_what_left_the_series_is_told(server: GitServer, mirror: Mirror, gerrit: Path) -> None:
    publish(mirror, repo(server), mirror.series("a", "b"))
    done = publish(mirror, repo(server), mirror.series("x"))
    assert done.detail.endswith(f"no longer part of the series: {server.url}/c/nova/+/2")


def test_rest_says_that_nothing_is_to_be_pushed(
    server: GitServer, mirror: Mirror, gerrit: Path, git: PlainGit, tmp_path: Path
) -> None:
    with rest(gerrit) as (api, queries):
        where = repo(server, api_url=api)
        publish(mirror, where, mirror.series("a", "b"))
        other = mirror_of(git, tmp_path / "other.git", {})
        git.asked.clear()
        done = publish(other, where, other.series("a", "b"))
        assert done.action == "unchanged"
        assert done.addresses == (f"{api}/c/nova/+/1", f"{api}/c/nova/+/2")
        assert git.asked == []
        assert queries[-1].startswith('project:"nova" branch:"master" (change:I')


@pytest.mark.parametrize("page", [1, 500])
def test_open_changes_are_counted(
    server: GitServer, mirror: Mirror, gerrit: Path, page: int
) -> None:
    publish(mirror, repo(server), mirror.series("a", "b", "c"))
    alter(gerrit, 2, status="MERGED")
    with rest(gerrit, page=page) as (api, _):
        where = repo(server, api_url=api)
        assert publisher_for(where, mirror.git, environ={}).open_changes(where) == 2
        elsewhere = repo(server, api_url=api, hashtags=("another",))
        assert publisher_for(elsewhere, mirror.git, environ={}).open_changes(elsewhere) == 0
    assert publisher_for(repo(server), mirror.git, environ={}).open_changes(repo(server)) is None


def test_a_patch_set_of_somebody_else_stays(
    server: GitServer, mirror: Mirror, gerrit: Path
) -> None:
    publish(mirror, repo(server), mirror.series("a", "b"))
    message = f"Rewrite part 1\n\nChange-Id: I{1:040x}\n"
    theirs = mirror.commit(mirror.base, message, {"part1.py": "better"}, who=JANE)
    Git().network(mirror.path, "push", "-q", f"{server.url}/nova.git", f"{theirs}:refs/for/master")
    before = changes(gerrit)
    with rest(gerrit) as (api, _):
        with pytest.raises(
            PublishError, match=r"/\+/1 has a patch set by jane@example.org"
        ) as caught:
            publish(mirror, repo(server, api_url=api), mirror.series("x", "b"))
        assert caught.value.kind == "refused"
        assert changes(gerrit) == before
        before[0]["revisions"][1]["kind"] = "TRIVIAL_REBASE"  # a button on the page, no work
        alter(gerrit, 1, revisions=before[0]["revisions"])
        assert (
            publish(mirror, repo(server, api_url=api), mirror.series("x", "b")).action == "updated"
        )


# --- what comes into the manifest later -----------------------------------------------------------

LATE = {"late_reviewers": ("new@example.org", "cc=also@example.org"), "late_hashtags": ("later",)}
BOT = {"GERRIT_USERNAME": "bot", "GERRIT_PASSWORD": "s3cret"}


def test_reviewers_and_hashtags_that_are_new_come_to_what_is_there(
    server: GitServer, mirror: Mirror, gerrit: Path
) -> None:
    publish(mirror, repo(server), mirror.series("a", "b"))
    alter(gerrit, 1, reviewers=[])  # a person took one off
    with rest(gerrit) as (api, _):
        where = repo(server, api_url=api)
        publisher = publisher_for(where, mirror.git, environ=BOT, clock=Pace(gap=0))
        done = publisher.publish(proposal(mirror, where, mirror.series("a", "b", "c"), **LATE))
        assert (done.action, done.missed) == ("updated", ())
        one, two, three = changes(gerrit)
        assert one["reviewers"] == ["new@example.org"]
        assert two["reviewers"] == ["jane@example.org", "new@example.org"]
        assert all("also@example.org" in change["cc"] for change in (one, two))
        assert all("later" in change["hashtags"] for change in (one, two))
        assert "later" not in three["hashtags"]  # this one was made with what the manifest says
        late = {"late_reviewers": ("stranger",)}
        done = publisher.publish(proposal(mirror, where, mirror.series("a", "b", "c"), **late))
        assert (done.action, done.missed) == ("unchanged", ("stranger",))
        assert "stranger: Gerrit: POST /changes/" in done.detail
        assert "does not identify a user" in done.detail


def test_without_a_login_it_is_told_what_is_not_given(
    server: GitServer, mirror: Mirror, gerrit: Path
) -> None:
    publish(mirror, repo(server), mirror.series("a"))
    before = changes(gerrit)
    with rest(gerrit) as (api, _):
        for where in (repo(server), repo(server, api_url=api)):
            publisher = publisher_for(where, mirror.git, environ={})
            done = publisher.publish(proposal(mirror, where, mirror.series("a"), **LATE))
            assert done.missed == ("later", *LATE["late_reviewers"])
            assert "with api-url, GERRIT_USERNAME and GERRIT_PASSWORD" in done.detail
    assert changes(gerrit) == before


# --- after changes were merged or abandoned ------------------------------------------------------


@pytest.fixture(params=[False, True], ids=["git only", "with REST"])
def where(
    request: pytest.FixtureRequest, server: GitServer, gerrit: Path
) -> Iterator[Callable[[], Repo]]:
    with rest(gerrit) as (api, _):
        yield lambda: repo(server, api_url=api if request.param else "")


Where = Callable[[], Repo]


def go_on(mirror: Mirror, text: str) -> None:
    """Let the branch go on, and begin there."""
    mirror.base = mirror.commit(mirror.base, "Go on", {"README": text}, who=JANE)
    url = f"{mirror.git.asked[-1][-2]}"
    Git().network(mirror.path, "push", "-q", url, f"{mirror.base}:refs/heads/master")


def tips(gerrit: Path) -> list[list[str]]:
    return [[item["sha"] for item in change["revisions"]] for change in changes(gerrit)]


@pytest.mark.parametrize("status", ["MERGED", "ABANDONED"])
def test_after_a_closed_change_comes_a_new_one(
    mirror: Mirror, gerrit: Path, git: PlainGit, tmp_path: Path, where: Where, status: str
) -> None:
    publish(mirror, where(), mirror.series("a", "b"))
    alter(gerrit, 1, status=status)
    done = publish(mirror, where(), mirror.series("new", "b"))
    assert done.action == "updated"
    assert done.detail == "2 changes: 1 new, 1 with a new patch set"
    closed, other, new = changes(gerrit)
    assert [len(one["revisions"]) for one in (closed, other, new)] == [1, 2, 1]
    assert new["change_id"] not in (closed["change_id"], other["change_id"])
    assert new["topic"] == "eventlet-removal" and new["reviewers"]
    assert done.addresses[0].endswith("/+/3") and done.addresses[1].endswith("/+/2")
    assert publish(mirror, where(), mirror.series("new", "b")).action == "unchanged"
    elsewhere = mirror_of(git, tmp_path / "other.git", {})
    assert publish(elsewhere, where(), elsewhere.series("new", "b")).action == "unchanged"
    for one in (mirror, elsewhere):  # a changed series renews the new one
        done = publish(one, where(), one.series(f"newer {one.path.name}", "b"))
        assert done.detail == "2 changes: 2 with a new patch set"
    assert [len(change["revisions"]) for change in changes(gerrit)] == [1, 4, 3]
    alter(gerrit, 3, status=status)
    assert publish(mirror, where(), mirror.series("newest", "b")).detail.startswith(
        "2 changes: 1 new"
    )
    assert len({change["change_id"] for change in changes(gerrit)}) == 4


def test_what_was_abandoned_is_not_proposed_again_on_another_base(
    mirror: Mirror, gerrit: Path, where: Where
) -> None:
    first = publish(mirror, where(), mirror.series("a", "b"))
    for number in (1, 2):
        alter(gerrit, number, status="ABANDONED")
    go_on(mirror, "another line\n")
    before = changes(gerrit)
    done = publish(mirror, where(), mirror.series("a", "b"))
    assert done.action == "unchanged" and len(done.addresses) == len(first.addresses)
    assert f"not proposed again: {done.addresses[0]} (" in done.detail
    assert changes(gerrit) == before
    alter(gerrit, 2, status="NEW")  # also where something else of it is open still
    before = changes(gerrit)
    assert publish(mirror, where(), mirror.series("a", "b")).action == "unchanged"
    assert changes(gerrit) == before


def test_a_change_that_was_restored_is_renewed(mirror: Mirror, gerrit: Path, where: Where) -> None:
    publish(mirror, where(), mirror.series("a", "b"))
    alter(gerrit, 1, status="ABANDONED")
    go_on(mirror, "another line\n")
    series = mirror.series("a", "b")
    assert publish(mirror, where(), series).action == "unchanged"
    alter(gerrit, 1, status="NEW")
    done = publish(mirror, where(), series)
    assert done.detail == "2 changes: 2 with a new patch set"
    assert [shas[-1] for shas in tips(gerrit)] == [commit.sha for commit in series]


def test_an_abandoned_change_at_the_end_keeps_no_other(
    mirror: Mirror, gerrit: Path, where: Where
) -> None:
    publish(mirror, where(), mirror.series("a", "b"))
    alter(gerrit, 2, status="ABANDONED")
    done = publish(mirror, where(), mirror.series("better", "b"))
    assert done.action == "updated"
    assert [len(change["revisions"]) for change in changes(gerrit)] == [2, 1]


@pytest.mark.parametrize(
    ("status", "advice"),
    [("MERGED", "`batch plan` takes the branch as it is now"), ("ABANDONED", "restore it, or")],
)
def test_an_abandoned_change_in_the_middle_is_told_with_what_to_do(
    mirror: Mirror, gerrit: Path, where: Where, status: str, advice: str
) -> None:
    publish(mirror, where(), mirror.series("a", "b", "c"))
    alter(gerrit, 2, status=status)
    before = changes(gerrit)
    with pytest.raises(PublishError) as caught:
        publish(mirror, where(), mirror.series("other", "b", "c"))
    assert caught.value.kind == "refused"
    assert f"/c/nova/+/2 is {status.lower() if where().api_url else 'closed'}" in str(caught.value)
    assert advice in str(caught.value)
    assert changes(gerrit) == before


def test_a_series_that_is_again_what_it_was_gives_patch_sets(
    mirror: Mirror, gerrit: Path, where: Where
) -> None:
    publish(mirror, where(), mirror.series("a", "b"))
    publish(mirror, where(), mirror.series("other", "b"))
    done = publish(mirror, where(), mirror.series("a", "b"))
    assert done.detail == "2 changes: 2 with a new patch set"
    first, second = changes(gerrit)
    assert len({item["sha"] for item in first["revisions"]}) == len(second["revisions"]) == 3
    newest = first["revisions"][-1]["sha"]
    assert mirror.git.text(gerrit, "show", f"{newest}:part1.py") == "a"
    assert publish(mirror, where(), mirror.series("a", "b")).action == "unchanged"


def test_a_closed_change_that_is_not_of_the_series_is_a_refusal(
    server: GitServer, mirror: Mirror
) -> None:
    says = "#!/bin/sh\necho 'change https://review.example.org/c/nova/+/7 closed'\nexit 1\n"
    server.repository("nova", mirror, hooks={"update": says})
    with pytest.raises(PublishError, match="hook declined"):
        publish(mirror, repo(server), mirror.series("a"))


def test_what_gerrit_refuses_is_not_sent(server: GitServer, mirror: Mirror, gerrit: Path) -> None:
    one, two = mirror.series("a", "b")
    twin = Commit(two.sha, two.subject, one.change_id, two.rules, two.body)
    nameless = Commit(two.sha, two.subject, "", two.rules, two.body)
    for commits, said in [
        ((one, twin), "same I0"),
        ((one, nameless), "no Change-Id"),
        ((), "no commit"),
    ]:
        with pytest.raises(PublishError, match=said):
            publish(mirror, repo(server), commits)
    assert mirror.git.asked == []


def test_the_server_has_these_rules_too(server: GitServer, mirror: Mirror, gerrit: Path) -> None:
    """Else the tests above would show nothing."""
    url = f"{server.url}/nova.git"
    name = f"I{1:040x}"
    not_last = mirror.commit(mirror.base, f"A\n\nChange-Id: {name}\n\nText\n", {"a": "a"})
    one = mirror.commit(mirror.base, f"A\n\nChange-Id: {name}\n", {"a": "a"})
    two = mirror.commit(one, f"B\n\nChange-Id: {name}\n", {"b": "b"})
    for spec, said in [
        (f"{not_last}:refs/for/master", "missing Change-Id in message footer"),
        (f"{two}:refs/for/master", "same Change-Id in multiple changes"),
        (f"{one}:refs/for/master%nonsense", "is not a valid option"),
        (f"{one}:refs/for/nowhere", "branch nowhere not found"),
    ]:
        output = mirror.git.network(
            mirror.path, "push", "--porcelain", url, spec, codes=(1,), stderr=True
        )
        assert said in output.decode()
    assert changes(gerrit) == []


def test_a_no_of_the_server_is_one_line(server: GitServer, mirror: Mirror, gerrit: Path) -> None:
    with pytest.raises(PublishError) as caught:
        publish(mirror, repo(server, target="nowhere"), mirror.series("a"))
    assert str(caught.value) == "Gerrit refused: branch nowhere not found"


def test_values_that_no_ref_can_hold_go_as_push_options(
    server: GitServer, mirror: Mirror, gerrit: Path
) -> None:
    publish(mirror, repo(server, hashtags=("off eventlet, all",)), mirror.series("a"))
    assert changes(gerrit)[0]["hashtags"] == ["off eventlet, all"]
    assert changes(gerrit)[0]["topic"] == "eventlet-removal"


def test_options_of_a_ref() -> None:
    one = Repo(name="a", topic="t-1", hashtags=("x",), reviewers=("joe",), wip=False)
    ref, options = with_options("refs/for/master", push_options(one))
    assert (ref, options) == ("refs/for/master%topic=t-1,t=x,ready,r=joe", [])
    assert with_options("refs/for/master", []) == ("refs/for/master", [])


def test_gitreview_says_where_and_for_which_branch(
    server: GitServer, git: PlainGit, tmp_path: Path
) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    text = (
        f"[gerrit]\nhost={host}\nport={port}\nproject=openstack/nova.git\n"
        "defaultbranch=stable\nscheme=http\n"
    )
    mirror = mirror_of(git, tmp_path / "reviewed.git", {".gitreview": text})
    gerrit = server.repository("openstack/nova", mirror, hooks=HOOKS)
    git.run(gerrit, "update-ref", "refs/heads/stable", mirror.base)
    done = publish(mirror, repo(server, push_url=""), mirror.series("a"))
    assert done.addresses == (f"{server.url}/c/openstack/nova/+/1",)
    assert changes(gerrit)[0]["branch"] == "stable"
    # the manifest's word is the last
    publish(mirror, repo(server, push_url="", target="master"), mirror.series("a2"))
    assert changes(gerrit)[1]["branch"] == "master"


def test_a_gitreview_does_not_get_the_password(
    server: GitServer, git: PlainGit, tmp_path: Path
) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    text = f"[gerrit]\nhost={host}\nport={port}\nproject=nova\nscheme=http\n"
    mirror = mirror_of(git, tmp_path / "reviewed.git", {".gitreview": text})
    gerrit = server.repository("nova", mirror, hooks=HOOKS)
    server.password = "bot:s3cret"
    environ = {"GERRIT_USERNAME": "bot", "GERRIT_PASSWORD": "s3cret"}
    where = repo(server, push_url="", url="https://example.org/nova")
    with pytest.raises(PublishError) as caught:
        publish(mirror, where, mirror.series("a"), environ=environ)
    assert caught.value.kind == "auth"
    assert changes(gerrit) == []
    trusted = repo(server, push_url="", url=f"{server.url}/elsewhere")
    assert publish(mirror, trusted, mirror.series("a"), environ=environ).action == "created"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not ini",
        "[other]\nhost=a\n",
        "[gerrit]\nhost=-oProxyCommand=x\nproject=p\n",
        "[gerrit]\nhost=a\nproject=p\nscheme=ext\n",
        "[gerrit]\nhost=a\n",
    ],
)
def test_a_gitreview_that_says_nothing_of_use(git: PlainGit, tmp_path: Path, text: str) -> None:
    mirror = mirror_of(git, tmp_path / "reviewed.git", {".gitreview": text})
    assert gitreview.read(git, mirror.path, mirror.base).url("me") == ""


def test_a_gitreview_as_openstack_has_them(git: PlainGit, tmp_path: Path) -> None:
    text = "[gerrit]\nhost=review.opendev.org\nport=29418\nproject=openstack/nova.git\n"
    mirror = mirror_of(git, tmp_path / "reviewed.git", {".gitreview": text})
    read = gitreview.read(git, mirror.path, mirror.base)
    assert read.url("me") == "ssh://me@review.opendev.org:29418/openstack/nova"
    assert read.url() == "ssh://review.opendev.org:29418/openstack/nova"


def test_what_it_depends_on_must_stand_in_a_message(
    server: GitServer, mirror: Mirror, gerrit: Path
) -> None:
    needed = "https://review.example.org/c/oslo/+/1"
    [one] = mirror.series("a")
    where = repo(server)
    publisher = publisher_for(where, mirror.git, environ={})
    with pytest.raises(PublishError, match="depends on https://review"):
        publisher.publish(proposal(mirror, where, (one,), depends_on=(needed,)))
    body = with_footers(f"{one.subject}\n\n{one.body}", [f"Depends-On: {needed}"])
    told = replace(one, body=body.partition("\n\n")[2])
    done = publisher.publish(proposal(mirror, where, (told,), depends_on=(needed,)))
    assert done.action == "created"


def test_an_error_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(PublishError("limit", "a\nb", retry_after=3.0)))
    assert (error.kind, str(error), error.retry_after) == ("limit", "a b", 3.0)


def test_the_password_is_shown_by_the_environment_only(
    server: GitServer, mirror: Mirror, gerrit: Path
) -> None:
    server.password = "bot:s3cret/pass"
    environ = {"GERRIT_USERNAME": "bot", "GERRIT_PASSWORD": "s3cret/pass"}
    done = publish(mirror, repo(server), mirror.series("a"), environ=environ)
    assert done.action == "created"
    assert "s3cret" not in str(mirror.git.asked)
    config = mirror.git.run(mirror.path, "config", "--list").decode()
    assert "extraheader" not in config.lower()


def test_who_is_not_let_in_is_told_so(server: GitServer, mirror: Mirror, gerrit: Path) -> None:
    server.password = "bot:right"
    where = repo(server, push_url=server.url.replace("//", "//bot:wrong-one@") + "/nova.git")
    with pytest.raises(PublishError) as caught:
        publish(mirror, where, mirror.series("a"))
    assert caught.value.kind == "auth"
    assert "wrong-one" not in str(caught.value)


def test_nobody_there(mirror: Mirror) -> None:
    where = Repo(name="nova", publish="gerrit", url="http://127.0.0.1:9/nova")
    with pytest.raises(PublishError) as caught:
        publish(mirror, where, mirror.series("a"))
    assert caught.value.kind == "unreachable"


def test_addresses_of_cropped_and_marked_subjects() -> None:
    long = "word " * 20 + "end"
    commits = [Commit("1", long, "I1", (), ""), Commit("2", "Short [NEW]", "I2", (), "")]
    said = [
        "Processing changes: refs: 1, new: 2, done",
        "SUCCESS",
        f"  https://r.example.org/c/a/b/+/7 {long[:75]}... [WIP] [NEW]",
        "  https://r.example.org/c/a/b/+/8 Short [NEW] [WIP]",
    ]
    assert [(c.sha, address, new) for c, address, new in addresses(commits, said)] == [
        ("1", "https://r.example.org/c/a/b/+/7", True),
        ("2", "https://r.example.org/c/a/b/+/8", False),
    ]
