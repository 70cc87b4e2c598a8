from __future__ import annotations

from collections.abc import Iterator

import pytest
from publish_forge import FakeClock, Fault, Forge, forge, github, gitlab, recorded
from publish_git import GitServer, Mirror, proposal

from eventlet_codemod.batch.model import Repo
from eventlet_codemod.batch.publish import Published, PublishError, publisher_for
from eventlet_codemod.batch.publish.limits import Pace
from eventlet_codemod.batch.publish.remote import login

TOKENS = {"GITHUB_TOKEN": "t0ken", "GITLAB_TOKEN": "t0ken"}


@pytest.fixture
def hub(server: GitServer, mirror: Mirror) -> Iterator[Forge]:
    server.repository("openstack/nova", mirror)
    with forge(github) as made:
        yield made


@pytest.fixture
def lab(server: GitServer, mirror: Mirror) -> Iterator[Forge]:
    server.repository("openstack/nova", mirror)
    with forge(gitlab) as made:
        yield made


@pytest.fixture(params=["github", "gitlab"])
def either(request: pytest.FixtureRequest) -> Forge:
    made: Forge = request.getfixturevalue("hub" if request.param == "github" else "lab")
    return made


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def pace(clock: FakeClock) -> Pace:
    return Pace(clock.now, clock.sleep)


def repo(server: GitServer, forge: Forge, **values: object) -> Repo:
    given: dict[str, object] = {
        "name": "openstack/nova",
        "url": f"{server.url}/openstack/nova.git",
        "publish": "gitlab" if forge.answer is gitlab else "github",
        "api_url": forge.url,
        "hashtags": ("off-eventlet",),
        "reviewers": ("john_smith",),
        "wip": True,
    }
    return Repo(**(given | values))  # type: ignore[arg-type]


def publish(mirror: Mirror, repo: Repo, pace: Pace, *texts: str, **other: object) -> Published:
    environ = other.pop("environ", TOKENS)
    publisher = publisher_for(repo, mirror.git, clock=pace, environ=environ)  # type: ignore[arg-type]
    return publisher.publish(proposal(mirror, repo, mirror.series(*texts), **other))


# --- GitHub --------------------------------------------------------------------------------------


def test_a_pull_request_is_made(server: GitServer, mirror: Mirror, hub: Forge, pace: Pace) -> None:
    done = publish(mirror, repo(server, hub), pace, "a", "b")
    assert done == Published("created", ("https://github.example/openstack/nova/pull/1",), "")
    [pull] = hub.requests
    assert pull["title"] == "Take the code off eventlet: 2 commits"
    assert pull["draft"]
    assert pull["base"]["ref"] == "master"
    assert pull["head"]["label"] == "openstack:eventlet-codemod"
    assert pull["labels"] == [{"name": "off-eventlet"}]
    assert pull["requested_reviewers"] == [{"login": "john_smith"}]
    assert "Rewrite part 2" in pull["body"]


def test_the_same_again_changes_nothing(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace
) -> None:
    first = publish(mirror, repo(server, hub), pace, "a", "b")
    wrote = [asked for asked in hub.asked if asked.method != "GET"]
    hub.requests[0]["body"] = hub.requests[0]["body"].replace("\n", "\r\n")  # as a page sends it
    again = publish(mirror, repo(server, hub), pace, "a", "b")
    assert again == Published("unchanged", first.addresses)
    assert [asked for asked in hub.asked if asked.method != "GET"] == wrote


def test_a_changed_series_renews_its_part_of_the_text(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace
) -> None:
    publish(mirror, repo(server, hub), pace, "a", "b")
    [pull] = hub.requests
    pull["body"] = f"From a person, above.\r\n\r\n{pull['body']}\r\n\r\nAnd below: $1 \\1."
    pull["draft"] = False
    pull["labels"] = []
    done = publish(mirror, repo(server, hub), pace, "a", "b", "c")
    assert done.action == "updated"
    assert hub.requests == [pull]
    assert pull["title"] == "Take the code off eventlet: 3 commits"
    assert pull["body"].startswith("From a person, above.\n\n<!-- eventlet-codemod: begin ")
    assert pull["body"].endswith("<!-- eventlet-codemod: end -->\n\nAnd below: $1 \\1.")
    assert pull["body"].count("Rewrite part 3") == 1
    assert not pull["draft"] and not pull["labels"]


def test_a_title_and_text_that_a_person_chose_stay(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace
) -> None:
    publish(mirror, repo(server, hub), pace, "a", "b")
    [pull] = hub.requests
    pull["title"] = "Use threads"
    for text in "cd":  # also after the text was renewed once
        publish(mirror, repo(server, hub), pace, "a", "b", text)
        assert pull["title"] == "Use threads"
    assert "Rewrite part 3" in pull["body"]
    pull["body"] = "All my own."
    publish(mirror, repo(server, hub), pace, "a")
    assert (pull["title"], pull["body"]) == ("Use threads", "All my own.")


def test_it_is_found_on_a_later_page_and_counted(
    server: GitServer, mirror: Mirror, pace: Pace
) -> None:
    server.repository("openstack/nova", mirror)
    with forge(github, page=2) as hub:
        where = repo(server, hub)
        publish(mirror, where, pace, "a")
        for number in range(2, 6):  # others by people
            data = {
                "title": "x",
                "head": f"b{number}",
                "base": "master",
                "body": None,
                "draft": False,
            }
            asked = hub.asked[-1]
            asked.method, asked.path, asked.data = "POST", "/repos/openstack/nova/pulls", data
            github(hub, asked)
        publisher = publisher_for(where, mirror.git, clock=pace, environ=TOKENS)
        assert publisher.open_changes(where) == 1
        assert hub.asked[-1].query["page"] == "3"


def test_from_a_fork(server: GitServer, mirror: Mirror, hub: Forge, pace: Pace) -> None:
    server.repository("me/nova", mirror)
    where = repo(server, hub, push_url=f"{server.url}/me/nova.git")
    assert publish(mirror, where, pace, "a").action == "created"
    assert hub.requests[0]["head"]["label"] == "me:eventlet-codemod"
    assert publish(mirror, where, pace, "a").action == "unchanged"
    assert set(hub.did("GET")) == {"/repos/openstack/nova/pulls"}


def test_reviewers_that_are_not_taken_are_told(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace
) -> None:
    done = publish(mirror, repo(server, hub, reviewers=("stranger", "openstack/core")), pace, "a")
    assert done.action == "created"
    assert "Reviews may only be requested from collaborators" in done.detail


def test_labels_and_reviewers_that_are_new_come_to_what_is_there(
    server: GitServer, mirror: Mirror, either: Forge, pace: Pace
) -> None:
    where = repo(server, either, reviewers=())
    publish(mirror, where, pace, "a")
    [request] = either.requests
    request["labels"] = []  # a person took it off
    late = {"late_hashtags": ("later",), "late_reviewers": ("john_smith",)}
    done = publish(mirror, where, pace, "a", **late)
    assert (done.action, done.missed) == ("updated", ())
    names = (
        [one["login"] for one in request["requested_reviewers"]]
        if where.publish == "github"
        else [one["username"] for one in request["reviewers"]]
    )
    assert names == ["john_smith"]
    assert request["labels"] in ([{"name": "later"}], ["later"])
    assert publish(mirror, where, pace, "a").action == "unchanged"
    done = publish(mirror, where, pace, "a", late_reviewers=("stranger",))
    assert (done.action, done.missed) == ("unchanged", ("stranger",))
    assert request.get("reviewers", names) in (names, [{**recorded("gitlab_users")[0]}])


# --- limits and faults ---------------------------------------------------------------------------


def test_a_secondary_limit_without_a_time_is_waited_for(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace, clock: FakeClock
) -> None:
    no = Fault(403, recorded("github_secondary_limit"), method="POST")
    hub.faults = [no, no]
    told: list[tuple[str, float]] = []
    pace.told = lambda host, seconds: told.append((host, seconds))
    assert (
        publish(mirror, repo(server, hub, hashtags=(), reviewers=()), pace, "a").action == "created"
    )
    assert clock.slept == [60.0, 120.0]
    host = hub.url.removeprefix("http://").partition("/")[0]
    assert told == [(host, 60.0), (host, 120.0)]
    assert len(hub.requests) == 1


@pytest.mark.parametrize(
    ("headers", "slept"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "Fri, 15 Jan 2027 08:00:30 GMT"}, 30.0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1800000090"}, 90.0),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "1800000011"}, 11.0),
        ({"Retry-After": "nonsense"}, 60.0),
    ],
)
def test_the_time_that_a_limit_names_is_kept(
    server: GitServer,
    mirror: Mirror,
    hub: Forge,
    pace: Pace,
    clock: FakeClock,
    headers: dict[str, str],
    slept: float,
) -> None:
    hub.faults = [Fault(429, {"message": "Too many"}, headers, method="GET")]
    publish(mirror, repo(server, hub, hashtags=(), reviewers=()), pace, "a")
    assert clock.slept == [slept]


def test_the_servers_clock_counts(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace, clock: FakeClock
) -> None:
    clock.time += 3600  # ours is wrong
    body = recorded("github_primary_limit")
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1800000020"}
    hub.faults = [Fault(403, body, headers, method="GET")]
    publish(mirror, repo(server, hub, hashtags=(), reviewers=()), pace, "a")
    assert clock.slept == [20.0]


def test_a_limit_that_is_too_long_is_left_to_the_caller(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace, clock: FakeClock
) -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1800003000"}
    hub.faults = [Fault(403, recorded("github_primary_limit"), headers)]
    for asked in (1, 1):  # the second one does not ask at all
        with pytest.raises(PublishError) as caught:
            publish(mirror, repo(server, hub), pace, "a")
        assert (caught.value.kind, caught.value.retry_after) == ("limit", 3000.0)
        assert len(hub.asked) == asked
    assert clock.slept == []


def test_the_last_request_of_an_hour_makes_the_next_one_wait(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace, clock: FakeClock
) -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1800000040"}
    hub.faults = [Fault(200, [], headers)]
    publish(mirror, repo(server, hub, hashtags=(), reviewers=()), pace, "a")
    assert clock.slept == [40.0]


def test_things_are_made_with_a_gap(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace, clock: FakeClock
) -> None:
    publish(mirror, repo(server, hub), pace, "a")
    assert clock.slept == [1.0, 1.0]  # request, labels, reviewers


def test_a_passing_fault_is_tried_again(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace, clock: FakeClock
) -> None:
    hub.faults = [Fault(502, None), Fault(503, None)]
    publish(mirror, repo(server, hub, hashtags=(), reviewers=()), pace, "a")
    assert clock.slept == [1.0, 2.0]


def test_a_fault_that_stays(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace, clock: FakeClock
) -> None:
    hub.faults = [Fault(500, None)] * 5
    with pytest.raises(PublishError, match="GitHub answered 500") as caught:
        publish(mirror, repo(server, hub), pace, "a")
    assert caught.value.kind == "unreachable"
    assert clock.slept == [1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize("done", [True, False])
def test_a_request_whose_making_had_no_answer_is_made_once(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace, done: bool
) -> None:
    hub.faults = [Fault(502, None, method="POST", done=done)]
    assert publish(mirror, repo(server, hub), pace, "a").action == "created"
    assert len(hub.requests) == 1
    assert hub.did("POST").count("/repos/openstack/nova/pulls") == (1 if done else 2)


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (401, "github_bad_credentials", "auth", "Bad credentials"),
        (404, "github_not_found", "failed", "the token may not see it"),
        (422, "github_exists", "refused", "Validation Failed: A pull request already exists"),
    ],
)
def test_what_a_no_means(
    server: GitServer,
    mirror: Mirror,
    hub: Forge,
    pace: Pace,
    status: int,
    body: str,
    kind: str,
    said: str,
) -> None:
    hub.faults = [Fault(status, recorded(body), method="POST")]
    with pytest.raises(PublishError, match=said) as caught:
        publish(mirror, repo(server, hub), pace, "a")
    assert caught.value.kind == kind
    assert "\n" not in str(caught.value)


def test_a_redirect_is_told_and_not_followed(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace
) -> None:
    where = "https://elsewhere.example/repositories/1/pulls"
    hub.faults = [Fault(301, {"message": "Moved Permanently"}, {"Location": where})]
    with pytest.raises(PublishError, match="it has moved to https://elsewhere"):
        publish(mirror, repo(server, hub), pace, "a")


# --- tokens --------------------------------------------------------------------------------------


def test_a_token_is_shown_to_git_by_the_environment_only(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace
) -> None:
    server.password = "x-access-token:t0ken"
    assert publish(mirror, repo(server, hub), pace, "a").action == "created"
    assert "t0ken" not in str(mirror.git.asked)
    assert "t0ken" not in str([(asked.path, asked.query, asked.data) for asked in hub.asked])
    assert all(asked.headers["authorization"] == "Bearer t0ken" for asked in hub.asked)
    for file in mirror.path.rglob("*"):
        assert not file.is_file() or b"t0ken" not in file.read_bytes()


@pytest.mark.parametrize("token", ["t0\nken", "t0k\u2026n"])
def test_a_token_that_no_header_can_hold_is_not_told(
    server: GitServer, mirror: Mirror, either: Forge, pace: Pace, token: str
) -> None:
    environ = {"GITHUB_TOKEN": token, "GITLAB_TOKEN": token}
    with pytest.raises(PublishError, match="a token, cannot be sent") as caught:
        publish(mirror, repo(server, either), pace, "a", environ=environ)
    assert "t0" not in str(caught.value)


def test_a_line_break_at_the_end_of_a_token_is_none_of_it(
    server: GitServer, mirror: Mirror, either: Forge, pace: Pace
) -> None:
    environ = {"GITHUB_TOKEN": "t0ken\n", "GITLAB_TOKEN": "t0ken\r\n"}
    assert publish(mirror, repo(server, either), pace, "a", environ=environ).action == "created"


def test_an_address_that_is_no_api(
    server: GitServer, mirror: Mirror, either: Forge, pace: Pace
) -> None:
    either.faults = [Fault(200, {"it": "works"})]
    with pytest.raises(PublishError, match="no list; is it the API"):
        publish(mirror, repo(server, either), pace, "a")


def test_git_shows_no_token_to_another_host(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace
) -> None:
    server.password = "x-access-token:t0ken"
    elsewhere = f"{server.url.replace('127.0.0.1', 'localhost')}/openstack/nova.git"
    with pytest.raises(PublishError) as caught:
        publish(mirror, repo(server, hub, push_url=elsewhere), pace, "a")
    assert caught.value.kind == "auth"
    assert login("https://github.com/a/b", "u", "s", {}, trusted=["https://api.github.com"])
    assert not login("http://github.com/a/b", "u", "s", {}, trusted=["https://api.github.com"])
    assert not login("https://github.com.x/a", "u", "s", {}, trusted=["https://api.github.com"])
    assert not login("git@github.com:a/b", "u", "s", {}, trusted=["https://api.github.com"])


def test_a_token_that_the_server_sends_back_is_not_told(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace
) -> None:
    hub.faults = [Fault(422, {"message": "what is 'Bearer t0ken' or t0ken?"})]
    with pytest.raises(PublishError) as caught:
        publish(mirror, repo(server, hub), pace, "a")
    assert "t0ken" not in str(caught.value) and "what is" in str(caught.value)


def test_no_token_goes_over_plain_http(server: GitServer, mirror: Mirror, pace: Pace) -> None:
    server.repository("openstack/nova", mirror)
    where = Repo(
        name="nova",
        url=f"{server.url}/openstack/nova.git",
        publish="github",
        api_url="http://192.0.2.1/api/v3",  # answers nobody
    )
    with pytest.raises(
        PublishError, match=r"no token is sent to 192\.0\.2\.1 without https"
    ) as caught:
        publish(mirror, where, pace, "a")
    assert caught.value.kind == "auth"


# --- after a request was merged or closed --------------------------------------------------------


def close(forge: Forge, number: int, *, merged: bool = False) -> None:
    """Do to a request what a person does on its page."""
    request = forge.requests[number - 1]
    if forge.answer is gitlab:
        request["state"] = "merged" if merged else "closed"
    else:
        request["state"] = "closed"
        request["merged_at"] = "2026-01-03T00:00:00Z" if merged else None


def branches(server: GitServer, mirror: Mirror) -> dict[str, str]:
    form = "--format=%(refname:lstrip=2) %(objectname)"
    place = server.root / "openstack/nova.git"
    told = mirror.git.text(place, "for-each-ref", form, "refs/heads/eventlet-codemod*")
    return dict(line.split(" ") for line in told.splitlines())


def sources(forge: Forge) -> list[str]:
    return [one.get("source_branch") or one["head"]["ref"] for one in forge.requests]


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize("deleted", [True, False])
def test_a_new_series_after_a_closed_request_is_a_new_request(
    server: GitServer, mirror: Mirror, either: Forge, pace: Pace, merged: bool, deleted: bool
) -> None:
    where = repo(server, either)
    publish(mirror, where, pace, "a")
    before = dict(either.requests[0])
    close(either, 1, merged=merged)
    if deleted:
        place = server.root / "openstack/nova.git"
        mirror.git.run(place, "update-ref", "-d", "refs/heads/eventlet-codemod")
    there = branches(server, mirror)
    done = publish(mirror, where, pace, "a", "b")
    assert done.action == "created"
    assert sources(either) == ["eventlet-codemod", "eventlet-codemod-2"]
    assert branches(server, mirror) == {
        **there,
        "eventlet-codemod-2": mirror.series("a", "b")[-1].sha,
    }
    assert (either.requests[0]["title"], len(either.requests)) == (before["title"], 2)
    assert publish(mirror, where, pace, "a", "b").action == "unchanged"
    assert publish(mirror, where, pace, "a", "c").addresses == done.addresses
    close(either, 2)
    assert publish(mirror, where, pace, "d").action == "created"
    assert sources(either)[2:] == ["eventlet-codemod-3"]


@pytest.mark.parametrize("merged", [True, False])
def test_the_same_is_not_proposed_again(
    server: GitServer, mirror: Mirror, either: Forge, pace: Pace, merged: bool
) -> None:
    where = repo(server, either)
    first = publish(mirror, where, pace, "a", "b")
    close(either, 1, merged=merged)
    there = branches(server, mirror)
    mirror.base = mirror.commit(mirror.base, "Go on", {"README": "more\n"})
    done = publish(mirror, where, pace, "a", "b")
    word = "merged" if merged else "closed"
    said = f"it is {word}, and the series does the same"
    assert done == Published("unchanged", first.addresses, said)
    assert branches(server, mirror) == there and len(either.requests) == 1


def test_a_request_to_another_branch_is_left_alone(
    server: GitServer, mirror: Mirror, either: Forge, pace: Pace
) -> None:
    where = repo(server, either)
    publish(mirror, where, pace, "a")
    there = branches(server, mirror)
    assert publish(mirror, where, pace, "b", target="stable").action == "created"
    assert sources(either) == ["eventlet-codemod", "eventlet-codemod-2"]
    assert branches(server, mirror).items() > there.items()
    assert publish(mirror, where, pace, "b", target="stable").action == "unchanged"
    assert publish(mirror, where, pace, "c").action == "updated"
    assert len(either.requests) == 2


@pytest.mark.parametrize("label", ["stranger:eventlet-codemod", None])
def test_a_request_from_another_fork_is_not_ours(
    server: GitServer, mirror: Mirror, hub: Forge, pace: Pace, label: str | None
) -> None:
    publish(mirror, repo(server, hub), pace, "a")
    hub.requests[0]["head"]["label"] = label  # None: the fork is gone
    # as a server does that does not know the head
    hub.faults = [Fault(200, list(hub.requests), method="GET")]
    text = hub.requests[0]["body"]
    assert publish(mirror, repo(server, hub), pace, "b").action == "created"
    assert hub.requests[0]["body"] == text


# --- GitLab --------------------------------------------------------------------------------------


def test_a_merge_request_is_made_and_found_again(
    server: GitServer, mirror: Mirror, lab: Forge, pace: Pace
) -> None:
    where = repo(server, lab)
    done = publish(mirror, where, pace, "a", "b")
    assert done == Published("created", ("https://gitlab.example/mr/1",), "")
    [request] = lab.requests
    assert request["title"] == "Draft: Take the code off eventlet: 2 commits"
    assert request["labels"] == ["off-eventlet"]
    assert request["reviewer_ids"] == [1]
    assert lab.did("POST") == ["/projects/openstack%2Fnova/merge_requests"]
    assert publish(mirror, where, pace, "a", "b").action == "unchanged"
    assert publish(mirror, where, pace, "a", "c").action == "updated"
    assert request["title"] == "Draft: Take the code off eventlet: 2 commits"
    request["title"] = "Take the code off eventlet: 2 commits"  # ready, says a person
    assert publish(mirror, where, pace, "a").action == "updated"
    assert request["title"] == "Rewrite part 1"
    assert len(lab.requests) == 1
    publisher = publisher_for(where, mirror.git, clock=pace, environ=TOKENS)
    assert publisher.open_changes(where) == 1


def test_a_merge_request_from_a_fork(
    server: GitServer, mirror: Mirror, lab: Forge, pace: Pace
) -> None:
    server.repository("me/nova", mirror)
    where = repo(server, lab, push_url=f"{server.url}/me/nova.git", reviewers=("nobody",))
    done = publish(mirror, where, pace, "a")
    assert done.detail == "GitLab knows no user nobody"
    assert lab.did("POST") == ["/projects/me%2Fnova/merge_requests"]
    assert lab.requests[0]["target_project_id"] == 15513260
    assert publish(mirror, where, pace, "a").action == "unchanged"


def test_what_gitlab_says(server: GitServer, mirror: Mirror, lab: Forge, pace: Pace) -> None:
    lab.faults = [
        Fault(429, recorded("gitlab_too_many"), {"Retry-After": "3"}),
        Fault(409, recorded("gitlab_exists"), method="POST"),
    ]
    with pytest.raises(PublishError, match="Another open merge request already exists") as caught:
        publish(mirror, repo(server, lab), pace, "a")
    assert caught.value.kind == "refused"
