"""The main job on real input: whole releases of OpenStack, as they are on the package index."""

from __future__ import annotations

import compileall
import hashlib
import json
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from travelling import half_rewritten

from eventlet_codemod.config import Settings
from eventlet_codemod.discovery import discover
from eventlet_codemod.run import run

IPA = "ironic-python-agent==10.2.0"

#: What is downloaded, and the SHA-256 of it.
RELEASES = {
    IPA: "15a33d7d77384bcee6a6d920c4c5114dc0fd1a367e551056350b8a6172b9349b",
    "glance==30.0.0": "e29df93474e2a1a34163ee159e72331941cc0b30b000922593f9540c01c68e5a",
    "mistral==19.0.0": "0040bc4d284bb0b22bb161b4ac5ad7a80bd88b15a4e85c8e5d0e04d3081852ff",
    "nova==31.0.0": "4c13bfd6be60ed110c973a8bf94532740ba746bd4d0e1a415e9bf2b6fef5bc24",
    "openstack-heat==24.0.0": "29e7f3addd9be05e92d579ffbd57412f2283f9117712d5fcc1d5cfca2968ec65",
    "manila==20.0.0": "cb60a7d40406dd097846d0af03b2e9608d18324ce95cb0904222956d9ce7bfb2",
    "neutron==25.0.0": "bc03513d0e1a72826b4ab6ab14d9ac20565eccc3ddf4157ce8f3b0a9bf813f9c",
}

pytestmark = pytest.mark.slow


def tool(tree: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "eventlet_codemod", *arguments]
    return subprocess.run(command, cwd=tree, capture_output=True, timeout=300)


def git(tree: Path, *arguments: str, data: bytes | None = None) -> bytes:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=tree, input=data, capture_output=True, check=True).stdout


@pytest.fixture(params=RELEASES, ids=str)
def release(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The unpacked sdist of a release, as a git repository."""
    name = request.param.partition("==")[0]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run(
        [*pip, "--no-binary", name, "--dest", str(tmp_path / "sdist"), request.param],
        check=True,
        timeout=300,
    )
    (sdist,) = (tmp_path / "sdist").iterdir()
    assert hashlib.sha256(sdist.read_bytes()).hexdigest() == RELEASES[request.param]
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "tree", filter="data")
    (tree,) = (tmp_path / "tree").iterdir()
    git(tree, "init", "--quiet")
    git(tree, "add", "--all")
    git(tree, "commit", "--quiet", "--message", "release")
    return tree


def test_a_release_becomes_a_patch(release: Path) -> None:
    ledger_file = release.parent / "ledger.json"
    done = tool(release, "diff", "--ledger", str(ledger_file))
    assert done.returncode == 1, done.stderr.decode()
    ledger = json.loads(ledger_file.read_text())
    summary = ledger["summary"]
    assert summary["files_failed"] == 0
    assert summary["uses"] == summary["rewritten"] + summary["left"] + summary["suppressed"] > 0
    assert tool(release, "diff", "--jobs", "1").stdout == done.stdout
    if done.stdout:
        git(release, "apply", data=done.stdout)
    changed = {entry["path"] for entry in ledger["files"] if entry["status"] == "changed"}
    assert set(git(release, "diff", "--name-only").decode().split()) == changed
    for path in changed:
        assert compileall.compile_file(release / path, quiet=1), path
    again = release.parent / "again.json"
    assert tool(release, "diff", "--ledger", str(again)).stdout == b""
    assert json.loads(again.read_text())["summary"]["rewritten"] == 0


@pytest.mark.parametrize("helpers", [None, "threads"])
def test_no_object_is_half_rewritten(release: Path, helpers: str | None) -> None:
    settings = Settings(helpers=helpers)
    files = discover(release, [release], settings).files
    result = run(release, files, settings, jobs=2, whole_project=True)
    assert half_rewritten(result.changes) == []
    assert result.ledger.summary.files_failed == 0


def test_what_stays_because_of_a_timeout_names_what_blocks(release: Path) -> None:
    files = discover(release, [release], Settings()).files
    ledger = run(release, files, Settings(), jobs=2, whole_project=True).ledger
    told = [
        f"{entry.path}:{finding.line}: {finding.message}; {finding.advice}"
        for entry in ledger.files
        for finding in entry.findings
        if finding.rule in ("EVT222", "EVT229") and finding.tier == "manual"
        if "Timeout" in finding.message or "the one on line" in finding.message
    ]
    # Of a context manager that yields, the calls are those of whoever enters it.
    open_ended = "what waits stands in the `with` blocks of its callers"
    named = re.compile(r"`[^`]+` \((?:line |[^`)]+:)\d+\)")
    assert [text for text in told if open_ended not in text and not named.search(text)] == []
