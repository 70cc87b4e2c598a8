"""Manifests: what they give, and of what is wrong the line."""

from __future__ import annotations

import json
import subprocess
import textwrap
from pathlib import Path

import pytest

from eventlet_codemod.batch import listings, manifest
from eventlet_codemod.config import ConfigError

WHOLE = """
    [campaign]
    name = "autumn"

    [defaults]
    time-limit = "30m"
    settings = { profile = "openstack" }
    hashtags = ["eventlet-removal"]

    [groups.compute]
    owner = "compute-core"
    publish = "gerrit"
    settings = { helpers = "nova.threads" }

    [[source]]
    list = "more.txt"
    exclude = ["*/skipped"]
    priority = -1

    [[repo]]
    name = "openstack/nova"
    url = "https://opendev.org/openstack/nova"
    ref = "master"
    group = "compute"
    memory-limit = "2G"
    settings = { profile = "stdlib" }

    [[repo]]
    path = "checkouts/ipa"
    commit = "0123456789abcdef0123456789abcdef01234567"

    [[repo]]
    name = "openstack/heat"
    priority = 7
"""
MORE = """
https://opendev.org/openstack/heat  stable/2024.2   # this one
https://opendev.org/openstack/skipped
../beside
"""


def read(text: str, directory: Path, name: str = "repos.toml") -> manifest.Manifest:
    return manifest.read(name, textwrap.dedent(text).encode(), directory)


def test_what_a_manifest_gives(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text(MORE)
    found = read(WHOLE, tmp_path)
    assert found.campaign == "autumn"
    repos = {repo.name: repo for repo in found.repos}
    assert [*repos] == ["openstack/heat", "beside", "openstack/nova", "ipa"]
    nova = repos["openstack/nova"]
    assert (nova.owner, nova.publish, nova.ref) == ("compute-core", "gerrit", "master")
    assert nova.settings == {"profile": "stdlib", "helpers": "nova.threads"}
    assert (nova.time_limit, nova.memory_limit) == (1800, 2 * 2**30)
    assert nova.line == 20
    heat = repos["openstack/heat"]
    assert (heat.ref, heat.priority, heat.settings) == (
        "stable/2024.2",
        7,
        {"profile": "openstack"},
    )
    assert repos["beside"].path == str(tmp_path.parent / "beside")
    assert repos["ipa"].commit.startswith("01234567")
    assert all(repo.hashtags == ("eventlet-removal",) for repo in found.repos)


TWICE = """[[repo]]
name = 'a'
url = 'https://h/o/r.git'
branch = 'x'
publish = '{}'
[[repo]]
name = 'b'
url = 'ssh://git@h/o/r'
branch = 'x'
publish = '{}'
"""
WRONG = [
    ("", None, "it names no repository"),
    ("[[repo]]\nname = 3\n", 2, "name must be text on one line, not 3"),
    ("\n[[repo]]\nurl = 'https://h/a/b'\nreff = 'x'\n", 4, "reff: no such key here (did you mean"),
    (
        "[[repo]]\nurl = 'https://h/a/b'\n\n[[repo]]\nurl = 'https://h/a/b'\n",
        4,
        "first is on line 1",
    ),
    ("[[repo]]\nurl = 'https://h/a/b'\n[[repo]]\nurl = '-u'\n", 4, "begins with no dash"),
    ("[[repo]]\nname = 'a/b'\n", 1, "needs a url or a path"),
    ("[[repo]]\nname = '../b'\npath = 'x'\n", 1, "no name for a directory"),
    ("[[repo]]\nname = 'a'\npath = 'x'\n[[repo]]\nname = 'a/b'\npath = 'y'\n", 4, "cannot both"),
    ("[[repo]]\nname = 'a/b/c'\npath = 'x'\n[[repo]]\nname = 'A'\npath = 'y'\n", 4, "cannot both"),
    ("[[repo]]\nurl = 'https://h/a/b'\npath = 'x'\n", 1, "contradict"),
    ("[[repo]]\nurl = 'https://h/a/b'\ncommit = 'abc'\n", 3, "full commit id"),
    ("[[repo]]\nurl = 'https://h/a/b'\ntime-limit = 'soon'\n", 3, "must be seconds"),
    ("[[repo]]\nurl = 'https://h/a/b'\npublish = 'github '\n", 3, "did you mean 'github'"),
    ("[[repo]]\nurl = 'https://h/a/b'\nsettings = { profil = 'x' }\n", 3, "did you mean 'profile'"),
    ("[[repo]]\nurl = 'https://h/a/b'\nsettings = { select = ['EVT0000'] }\n", 3, "EVT0000"),
    ("[defaults]\nurl = 'x'\n", 2, "one repository's own"),
    ("[groups.a]\n[[repo]]\nurl = 'https://h/a/b'\ngroup = 'aa'\n", 2, "no group 'aa'"),
    ("[campaing]\nname = 'x'\n", 1, "did you mean 'campaign'"),
    ("a = \n", 1, "not valid TOML"),
    ("[[source]]\nlist = 'absent.txt'\n", 2, "absent.txt: No such file"),
    ("[[source]]\ninclude = []\n", 1, "one of list, glob and listing"),
    ("repo = 3\n", 1, "must be tables"),
    ("[defaults]\napi-url = 'review.example.org'\n", 2, "api-url must be an address"),
    (TWICE.format("push", "push"), 6, "'b' would overwrite the branch 'x' of 'a'"),
    (TWICE.format("github", "push"), 6, "give it another branch"),
]


@pytest.mark.parametrize(("text", "line", "said"), WRONG)
def test_what_is_wrong_is_told_with_its_line(
    text: str, line: int | None, said: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as caught:
        manifest.read("repos.toml", text.encode(), tmp_path)
    assert said in str(caught.value)
    assert (caught.value.file, caught.value.line) == ("repos.toml", line)
    assert "\n" not in str(caught.value)


def test_one_repository_twice_is_fine_with_a_branch_for_each(tmp_path: Path) -> None:
    other = TWICE.format("push", "push").replace("'x'", "'y'", 1)
    for text in (other, TWICE.format("gerrit", "gerrit"), TWICE.format("", "")):
        assert len(read(text, tmp_path).repos) == 2


def test_bytes_that_are_no_text_have_a_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"repos\.txt:2: not UTF-8"):
        manifest.read("repos.txt", b"https://h/a/b\n\xff\n", tmp_path)


def test_bytes_of_a_source_that_are_no_text_have_a_line(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_bytes(b"https://h/a/b\n\xff\n")
    with pytest.raises(ConfigError, match=r"more\.txt:2: not UTF-8"):
        read("[[source]]\nlist = 'more.txt'\n", tmp_path)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("https://opendev.org/openstack/nova", "openstack/nova"),
        ("https://github.com/psf/requests.git/", "psf/requests"),
        ("git@github.com:psf/requests.git", "psf/requests"),
        ("ssh://review@host:29418/openstack/nova", "openstack/nova"),
        ("https://host/alone.git", "alone"),
        ("/srv/git/nova.git", "nova"),
    ],
)
def test_names_from_addresses(source: str, name: str) -> None:
    assert listings.name_of(source) == name


GITHUB = [
    {"full_name": "o/a", "clone_url": "https://github.com/o/a.git", "default_branch": "main"},
    {"full_name": "o/b", "clone_url": "https://github.com/o/b.git", "archived": True},
    {"full_name": "o/c", "clone_url": "https://github.com/o/c.git", "fork": True},
]
GH = [{"nameWithOwner": "o/a", "url": "https://github.com/o/a", "defaultBranchRef": {"name": "m"}}]
GITLAB = [{"path_with_namespace": "g/s/p", "http_url_to_repo": "https://gl/g/s/p.git"}]
GERRIT = {"openstack/nova": {"state": "ACTIVE"}, "old": {"state": "READ_ONLY"}, "All-Users": {}}


def test_listings_of_forges(tmp_path: Path) -> None:
    found = listings.read(json.dumps(GITHUB), tmp_path)
    assert [(i.name, i.ref, i.archived, i.fork) for i in found] == [
        ("o/a", "main", False, False),
        ("o/b", "", True, False),
        ("o/c", "", False, True),
    ]
    (one,) = listings.read(json.dumps(GH), tmp_path)
    assert (one.name, one.url, one.ref) == ("o/a", "https://github.com/o/a", "m")
    (one,) = listings.read(json.dumps(GITLAB), tmp_path)
    assert (one.name, one.url) == ("g/s/p", "https://gl/g/s/p.git")
    text = ")]}'\n" + json.dumps(GERRIT)
    (one,) = listings.read(text, tmp_path, "https://opendev.org/")
    assert (one.name, one.url) == ("openstack/nova", "https://opendev.org/openstack/nova")


def test_a_listing_as_a_source_leaves_archived_ones_and_forks_out(tmp_path: Path) -> None:
    (tmp_path / "o.json").write_text(json.dumps(GITHUB))
    text = "[[source]]\nlisting = 'o.json'\n"
    assert [repo.name for repo in read(text, tmp_path).repos] == ["o/a"]
    assert [repo.name for repo in read(text + "forks = true\n", tmp_path).repos] == ["o/a", "o/c"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a b c\n", 1, "an address or a path"),
        ("# nothing\n", None, "it names no repository"),
        ("[\n{]\n", 2, "not valid JSON"),
        (")]}'\n{}", None, "base-url"),
        ('[{"name": "x"}]', None, "no address to clone from"),
        ("https://h/a/b\n--upload-pack=x\n", 2, "begins with a dash"),
    ],
)
def test_lists_that_are_wrong(text: str, line: int | None, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        manifest.read("repos.txt", text.encode(), tmp_path)
    assert said in str(caught.value)
    assert caught.value.line == line


def test_directories_by_a_pattern(tmp_path: Path) -> None:
    for name in ("b", "a"):
        subprocess.run(["git", "init", "--quiet", str(tmp_path / name)], check=True)
    (tmp_path / "c").mkdir()
    found = manifest.in_directories(f"{tmp_path}/*")
    assert [repo.name for repo in found.repos] == ["a", "b"]
    assert found.repos[0].path == str(tmp_path / "a")
    with pytest.raises(ConfigError, match="no git repository there"):
        manifest.in_directories(f"{tmp_path}/c*")
