"""`plan`: what it says of a project on its way."""

from __future__ import annotations

import json
from importlib import resources

import jsonschema
import pytest

from eventlet_codemod.ledger import Clock, FileEntry, Finding
from eventlet_codemod.roadmap import render, roadmap

SLEEPS = "import eventlet\n\n\ndef f():\n    eventlet.sleep(1)\n"
LIMIT = "import eventlet\n\n\ndef f(work):\n    with eventlet.Timeout(3):\n        work()\n"
BOTH = LIMIT + "\n\ndef g():\n    eventlet.backdoor.backdoor_server(3)\n"
ENTRY = "import eventlet\n\neventlet.monkey_patch()\n"


def finding(line: int, **given: object) -> Finding:
    fields: dict[str, object] = {
        "id": f"a.py:{line}:0-1",
        "rule": "EVT101",
        "name": "sleep",
        "tier": "safe",
        "status": "rewritten",
        "step": 1,
        "api": "eventlet.greenthread.sleep",
        "line": line,
        "column": 0,
        "end_line": line,
        "end_column": 1,
        "message": "m",
        "why": "w",
        "advice": "do it",
    }
    return Finding(**{**fields, **given})  # type: ignore[arg-type]


def told(*entries: FileEntry) -> str:
    return render(
        roadmap(Clock().ledger("/p", {"profile": "stdlib"}, entries, files_seen=1, files_parsed=1))
    )


def left(line: int, message: str, **given: object) -> Finding:
    return finding(line, status="left", tier="manual", message=message, **given)


def test_a_project(make, cli):
    make({"a.py": SLEEPS, "b.py": LIMIT, "c.py": BOTH, "main.py": ENTRY})
    result = cli("plan")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[:2] == [
        "step 1 primitives: 1 go now (1 safe, 0 to review), 3 left for a person",
        "step 3 entry-points: 1 go by themselves when 3 of earlier steps are gone",
    ]
    holds = (
        "    2 EVT229 timeout: this Timeout stays: nothing in the block is known to take a limit"
    )
    assert f"{holds} (first: b.py:5)\n" in result.stdout
    assert "      then clean: b.py\n" in result.stdout
    assert "  b.py: 1 left\n  c.py: 2 left\n" in result.stdout


def test_nothing_is_left(make, cli):
    make({"a.py": "print(1)\n"})
    result = cli("plan")
    assert (result.exit_code, result.stdout) == (0, "")


def test_what_is_suppressed_is_in_no_step() -> None:
    kept = finding(1, status="suppressed")
    assert told(FileEntry(path="a.py", status="unchanged", findings=(kept,))) == ""


def test_one_reason_that_is_told_in_two_files() -> None:
    text = told(
        FileEntry(path="a.py", status="unchanged", findings=(left(3, "it stays: line 3 waits"),)),
        FileEntry(path="b.py", status="unchanged", findings=(left(4, "it stays: a.py:3 waits"),)),
    )
    assert "    2 EVT101 sleep: it stays: line 3 waits (first: a.py:3)\n" in text
    assert "then clean: a.py, b.py\n" in text


def test_two_rules_are_two_reasons() -> None:
    one, two = left(3, "no"), left(4, "no", rule="EVT110", name="spawn")
    text = told(FileEntry(path="a.py", status="unchanged", findings=(one, two)))
    assert text.count("    1 EVT1") == 2
    assert "then clean" not in text


@pytest.mark.parametrize(("most", "more"), [(10, "and 2 more reasons"), (None, "m11")])
def test_long_lists_are_cut(most: int | None, more: str) -> None:
    findings = tuple(left(n, f"m{n}") for n in range(12))
    entry = FileEntry(path="a.py", status="unchanged", findings=findings)
    ledger = Clock().ledger("/p", {"profile": "stdlib"}, [entry], files_seen=1, files_parsed=1)
    assert more in render(roadmap(ledger), most=most)


# --- as JSON, and several projects ---------------------------------------------------------------


def checked(text: str) -> list[dict]:
    """The projects of a plan in JSON, which is as its schema has it."""
    schema = resources.files("eventlet_codemod").joinpath("plan.schema.json").read_text()
    jsonschema.Draft202012Validator.check_schema(json.loads(schema))
    raw = json.loads(text)
    jsonschema.validate(raw, json.loads(schema), jsonschema.Draft202012Validator)
    return raw["projects"]


def setup_cfg(name: str, *requires: str) -> str:
    lines = "".join(f"    {text}\n" for text in requires)
    return f"[metadata]\nname = {name}\n\n[options]\ninstall_requires =\n{lines}"


def test_one_project_as_json(make, cli):
    project = make(
        {
            "a.py": SLEEPS,
            "b.py": LIMIT,
            "main.py": ENTRY,
            "setup.cfg": setup_cfg("Some.Thing", "six"),
        }
    )
    result = cli("plan", "--format", "json")
    (one,) = checked(result.stdout)
    assert (one["name"], one["root"], one["wave"]) == ("some-thing", str(project.root), 1)
    assert (one["needs"], one["error"]) == (["six"], None)
    steps = [(s["number"], s["safe"], s["waiting"], s["left"]) for s in one["steps"]]
    assert steps == [(1, 1, 0, 1), (3, 0, 1, 0)]
    assert one["reasons"][0]["places"] == [{"path": "b.py", "line": 5}]
    assert one["files"] == [{"path": "b.py", "left": 1}]


@pytest.fixture
def three(make, tmp_path, monkeypatch):
    """A service, the library that it needs, and one that it needs for its tests only."""
    make({"a.py": "print(1)\n", "setup.cfg": setup_cfg("tools", "service")}, name="tools")
    make({"b.py": SLEEPS, "requirements.txt": "the_library>=2\n"}, name="service")
    make({"c.py": LIMIT, "pyproject.toml": '[project]\nname = "The.Library"\n'}, name="library")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_libraries_before_services(three, cli):
    result = cli("plan", "tools", "service/b.py", "library")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "wave 1:",
        f"  the-library ({three}/library)",
        "    step 1 primitives: 1 left for a person",
        "",
        "wave 2:",
        f"  service ({three}/service)",
        "    after the-library",
        "    step 1 primitives: 1 go now (1 safe, 0 to review)",
        "",
        "wave 3:",
        f"  tools ({three}/tools)",
        "    after service",
        "    no use of eventlet",
    ]
    assert "3 projects, 2 with uses of eventlet\n" in result.stderr


def test_several_projects_as_json(three, cli):
    found = checked(cli("plan", "--format", "json", "tools", "service", "library").stdout)
    assert [(one["name"], one["wave"]) for one in found] == [
        ("the-library", 1),
        ("service", 2),
        ("tools", 3),
    ]
    assert found[1]["needs"] == ["the-library"]


def test_projects_that_need_each_other(three, cli):
    (three / "library/requirements.txt").write_text("service\n")
    result = cli("plan", "service", "library")
    assert "wave 2" not in result.stdout
    assert "    service and the-library need each other, or are one: take them" in result.stdout


def test_a_project_that_fails_keeps_no_other(three, cli):
    (three / "library/eventlet-codemod.toml").write_text("colour = 3\n")
    (three / "service/b.py").write_text("import eventlet\nx = (\n")
    result = cli("plan", "tools", "service", "library")
    assert result.exit_code == 3
    assert "    failed: eventlet-codemod.toml:1: colour: no such setting" in result.stdout
    assert "b.py" in result.stderr
    assert "    no use of eventlet\n" in result.stdout
    assert "3 projects, 0 with uses of eventlet; 1 failed\n" in result.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--ledger", "x.json"), "--ledger is for one project; these paths are of several"),
        (("--show-files",), "--show-files is for one project"),
        (("nowhere",), "nowhere: no such file or directory"),
    ],
)
def test_what_is_of_one_project(three, cli, options, told):
    result = cli("plan", "service", "library", *options)
    assert result.exit_code == 2
    assert told in result.stderr
