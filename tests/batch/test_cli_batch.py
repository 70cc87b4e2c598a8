"""The commands of `batch`, over real repositories: what they print, write and end with."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result
from stand import SLEEP, TREES, commit, make

from eventlet_codemod.cli import main

Batch = Callable[..., Result]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A manifest of a repository that changes, one of another group, and one that is nowhere."""
    for name in ("changed", "clean"):
        make(tmp_path / "repos" / name, TREES[name])
    (tmp_path / "m.toml").write_text(
        "[campaign]\nname = 'test'\n"
        "[[repo]]\nname = 'changed'\npath = 'repos/changed'\ngroup = 'one'\n"
        "[[repo]]\nname = 'clean'\npath = 'repos/clean'\ngroup = 'two'\n"
        "[[repo]]\nname = 'gone'\npath = 'repos/gone'\ngroup = 'two'\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


@pytest.fixture
def batch(root: Path) -> Batch:
    def batch(command: str, *options: str) -> Result:
        words = ["batch", command, "m.toml", "--output-dir", "out", *options]
        result = CliRunner().invoke(main, words)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return batch


def schema(name: str) -> object:
    return json.loads(resources.files("eventlet_codemod.batch").joinpath(name).read_text())


def locked(root: Path) -> set[str]:
    text = (root / "out/campaign.lock.json").read_text()
    return {one["name"] for one in json.loads(text)["repos"]}


def test_a_plan_says_what_would_run_and_does_nothing(batch: Batch, root: Path) -> None:
    done = batch("plan")
    assert done.exit_code == 3
    lines = done.stdout.splitlines()
    assert [line.partition(":")[0].split() for line in lines] == [
        ["runs", "changed"],
        ["runs", "clean"],
        ["failed", "gone"],
    ]
    assert lines[-1].startswith("failed     gone: ") and "no such directory" in lines[-1]
    assert "3 repositories, 2 to run; 1 cannot be resolved" in done.stderr
    assert locked(root) == {"changed", "clean"}
    assert not (root / "out/results").exists()


def test_a_plan_as_json_is_as_its_schema_says(batch: Batch) -> None:
    told = json.loads(batch("plan", "--format", "json").stdout)
    jsonschema.validate(told, schema("batch-plan.schema.json"))
    known = {one["name"]: one for one in told["repos"]}
    assert (known["changed"]["why"], known["changed"]["runs"]) == ("new", True)
    assert known["gone"]["error"] and not known["gone"]["commit"]
    batch("run", "--only", "changed")
    told = json.loads(batch("plan", "--format", "json").stdout)
    jsonschema.validate(told, schema("batch-plan.schema.json"))
    (again,) = [one for one in told["repos"] if one["name"] == "changed"]
    assert (again["why"], again["runs"]) == ("cached", False)


def test_a_run_of_some_asks_about_no_other(batch: Batch, root: Path) -> None:
    done = batch("run", "--only", "changed")
    assert done.exit_code == 1, done.stderr
    assert "changed: changed, 2 patches" in done.stderr and "gone" not in done.stderr
    assert "1 repository: 1 with a series" in done.stderr
    assert locked(root) == {"changed"}
    status = batch("status")
    assert status.exit_code == 1 and "not tried: 2" in status.stdout


def test_runs_status_and_another_try(batch: Batch, root: Path) -> None:
    done = batch("run")
    assert done.exit_code == 3
    assert "error: gone: failed in the stage fetch: " in done.stderr
    assert "next: `batch retry --failed`" in done.stderr
    status = batch("status", "-v")
    assert status.exit_code == 3
    assert "gone: failed in fetch: " in status.stdout and "clean: clean" in status.stdout
    told = json.loads(batch("status", "--format", "json").stdout)
    jsonschema.validate(told, schema("campaign.schema.json"))
    assert told == {
        **json.loads((root / "out/campaign.json").read_text()),
        "campaign": told["campaign"],
    }
    with (root / "m.toml").open("a") as file:
        file.write("[defaults]\ntest-cmd = 'exit 1'\n")
    done = batch("run")
    assert done.exit_code == 3 and "changed: failed in the stage tests" in done.stderr
    make(root / "repos/gone", TREES["clean"])
    done = batch("run")
    assert done.exit_code == 3, "what failed stays so"
    assert done.stderr.startswith("gone: clean") and "\nchanged: " not in done.stderr
    again = batch("retry", "--failed")
    assert again.stderr.startswith("changed: failed in tests") and "gone: " not in again.stderr
    commit(root / "repos/clean", {"pkg/pause.py": SLEEP})
    assert "clean: " not in batch("run").stderr, "runs keep to the commits of the plan"
    batch("plan")
    assert "clean: failed in the stage tests" in batch("run", "--group", "two").stderr
    (root / "out/dashboard.html").unlink()
    assert batch("report").exit_code == 0
    assert (root / "out/dashboard.html").is_file()


@pytest.mark.parametrize(
    ("command", "options", "said"),
    [
        (
            "run",
            ("--only", "chnaged"),
            "--only chnaged: there is none in the manifest (did you mean",
        ),
        ("run", ("--group", "tow"), "did you mean 'two'"),
        ("run", ("--disk-limit", "much"), "must be bytes, or text such as '2G', not 'much'"),
        ("run", ("--last-wave", "1"), "--last-wave goes with --publish"),
        (
            "run",
            ("--scheduler", "tcp://x:1"),
            "--executor dask and --scheduler ADDRESS go together",
        ),
        ("run", ("--jbos", "2"), "--jobs"),
        ("retry", (), "say which: --failed, or --only NAME"),
        ("status", (), "out: no run has worked there"),
        ("report", (), "out: no run has worked there"),
    ],
)
def test_what_is_refused_has_one_line(
    batch: Batch, root: Path, command: str, options: tuple[str, ...], said: str
) -> None:
    done = batch(command, *options)
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1 and said in done.stderr, done.stderr
    assert not (root / "out/results").exists()


def test_a_manifest_that_is_broken(batch: Batch, root: Path) -> None:
    with (root / "m.toml").open("a") as file:
        file.write("[[repo]]\nname = 'x'\npaht = 'y'\n")
    for command in ("plan", "run", "status", "report"):
        done = batch(command)
        assert done.exit_code == 2
        assert done.stderr == "error: m.toml:17: paht: no such key here (did you mean 'path'?)\n"
