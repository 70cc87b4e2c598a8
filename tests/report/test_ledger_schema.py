from __future__ import annotations

import copy
import dataclasses
import json
from importlib import resources

import jsonschema
import pytest

from eventlet_codemod import ledger as ledgers
from eventlet_codemod.config import Settings, load
from eventlet_codemod.run import rewrite_one, run


@pytest.fixture(scope="module")
def schema():
    return json.loads(
        resources.files("eventlet_codemod").joinpath("ledger.schema.json").read_text()
    )


@pytest.fixture(scope="module")
def validator(schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_a_real_run_is_valid(validator, real):
    raw = json.loads(real.to_json())
    validator.validate(raw)
    statuses = {finding["status"] for entry in raw["files"] for finding in entry["findings"]}
    assert statuses == {"rewritten", "left", "suppressed"}
    assert {entry["status"] for entry in raw["files"]} == {"changed", "failed"}


def test_every_failure_is_valid(validator, tmp_path):
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "nul.py").write_bytes(b"import eventlet\0")
    (tmp_path / "coding.py").write_bytes(b"# coding: nope\nimport eventlet\n")
    (tmp_path / "deep.py").write_text("import eventlet\n" + "(" * 500 + ")" * 500 + "\n")
    names = ("nul.py", "coding.py", "deep.py", "gone.py")
    raw = json.loads(run(tmp_path, names, Settings()).ledger.to_json())
    validator.validate(raw)
    assert [entry["status"] for entry in raw["files"]] == ["failed"] * 4


def test_every_setting_may_stand_in_it(validator, real, tmp_path):
    settings = load(
        tmp_path,
        isolated=True,
        cli={
            "profile": "openstack",
            "select": "EVT1",
            "ignore": "sleep",
            "steps": "1,services",
            "helpers": "nova.helpers",
            "line-length": "100",
            "per-file-ignores": '{ "tests/" = ["sleep"] }',
            "exclude": "x/",
        },
    )
    for chosen in (settings, Settings()):
        raw = json.loads(real.to_json())
        raw["run"]["settings"] = chosen.as_dict()
        validator.validate(raw)


def test_schema_names_what_the_classes_name(schema):
    definitions = schema["$defs"]
    for name, cls in {
        "run": ledgers.Run,
        "file": ledgers.FileEntry,
        "error": ledgers.FileError,
        "finding": ledgers.Finding,
        "summary": ledgers.Summary,
    }.items():
        fields = [field.name for field in dataclasses.fields(cls)]
        assert list(definitions[name]["properties"]) == fields
        assert definitions[name]["required"] == fields
    assert list(definitions["settings"]["properties"]) == list(Settings().as_dict())
    assert schema["properties"]["schema"] == {"const": ledgers.SCHEMA_VERSION}
    steps = definitions["summary"]["properties"]["by_step"]["propertyNames"]["enum"]
    assert steps == list(ledgers.STEPS.values())


def test_every_object_is_closed(schema):
    def objects(part):
        if isinstance(part, dict):
            if "properties" in part and "type" in part:
                yield part
            for value in part.values():
                yield from objects(value)
        elif isinstance(part, list):
            for value in part:
                yield from objects(value)

    found = list(objects(schema))
    assert len(found) >= 8
    assert all(part["additionalProperties"] is False for part in found)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw.update(schema=2),
        lambda raw: raw.update(more=1),
        lambda raw: raw["summary"].pop("left"),
        lambda raw: raw["files"][0].update(status="done"),
        lambda raw: raw["files"][0].update(patch=""),
        lambda raw: raw["files"][1].update(error=None),
        lambda raw: raw["files"][0]["findings"][0].update(tier="info"),
        lambda raw: raw["files"][0]["findings"][0].update(line=0),
        lambda raw: raw["files"][0]["findings"][0].pop("shape"),
        lambda raw: raw["run"]["settings"].update(wsgi="apache"),
        lambda raw: raw["run"]["settings"].update(colour="red"),
        lambda raw: raw["summary"]["by_step"].update(sixth={}),
    ],
)
def test_what_is_no_ledger_is_refused(validator, real, spoil):
    raw = json.loads(real.to_json())
    spoiled = copy.deepcopy(raw)
    spoil(spoiled)
    validator.validate(raw)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(spoiled)


def test_kinds_of_failure_are_listed(schema):
    change = rewrite_one(b"import eventlet (", "a.py", Settings())
    assert change.entry.error is not None
    assert change.entry.error.kind in schema["$defs"]["error"]["properties"]["kind"]["description"]
