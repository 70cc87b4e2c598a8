"""Coverage, entry points and Sphinx."""

from __future__ import annotations

import pytest
from packaged import LEFT

from eventlet_codemod.config import Settings

# --- settings of services ------------------------------------------------------------------------

RABBIT = "[oslo_messaging_rabbit]\n{}heartbeat_rate = 3\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("etc/a.conf", RABBIT.format("#heartbeat_in_pthread = true\n")),
        ("etc/a.conf", RABBIT.format("heartbeat_in_pthreads = true\n")),
        ("etc/a.conf", RABBIT.format("note = heartbeat_in_pthread\n")),
        ("etc/a.txt", RABBIT.format("heartbeat_in_pthread = true\n")),
    ],
)
def test_other_settings_of_services_stay(stays, path, text):
    stays(path, text)


@pytest.mark.parametrize("path", ["etc/a.conf", "etc/a.conf.sample", "devstack/a.ini"])
@pytest.mark.parametrize("line", ["heartbeat_in_pthread = true", "heartbeat_in_pthread=False"])
def test_the_setting_for_heartbeats_leaves(becomes, stays, path, line):
    text = RABBIT.format(f"{line}\n")
    becomes(path, text, RABBIT.format(""))
    stays(path, text, says=f"left: {LEFT} must go first", left=LEFT)


# --- coverage ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".coveragerc", "[run]\nconcurrency = thread\nomit =\n  x/cmd/eventlet/agent.py\n"),
        (".coveragerc", "[run]\n# concurrency = eventlet\n"),
        (".coveragerc", "[report]\nconcurrency = eventlet\n"),
        ("setup.cfg", "[run]\nconcurrency = eventlet\n"),
        ("pyproject.toml", '[tool.other]\nconcurrency = ["eventlet"]\n'),
        (".coveragerc", "[run]\nconcurrency = gevent\n# eventlet\n"),
    ],
)
def test_other_settings_stay(stays, path, text):
    stays(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".coveragerc", "[run]\nbranch = True\nconcurrency = {}\n\n[report]\n"),
        (".coveragerc_functional", "[run]\nconcurrency: {}\n"),
        ("setup.cfg", "[coverage:run]\nconcurrency={}\n"),
        ("tox.ini", "[coverage:run]\nconcurrency =\n    {}\n[testenv]\n"),
        ("pyproject.toml", '[tool.coverage.run]\nconcurrency = ["{}"] # c\n'),
        ("pyproject.toml", '[tool.coverage]\nrun.concurrency = "{}"\n'),
    ],
)
def test_coverage_measures_threads(becomes, stays, path, text):
    outcome = becomes(path, text.format("eventlet"), text.format("thread"))
    assert outcome.told()[0].endswith("EVT804 safe rewritten")
    becomes(path, text.format("greenlet"), text.format("thread"))
    stays(path, text.format("eventlet"), says=f"left: {LEFT} must go first", left=LEFT)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("eventlet, multiprocessing", "thread, multiprocessing"),
        ("thread, eventlet", "thread"),
        ("eventlet,thread", "thread"),
        ("eventlet,greenlet", "thread"),
        ("\n  multiprocessing\n  greenlet\n  thread", "\n  multiprocessing\n  thread"),
    ],
)
def test_other_values_stay(becomes, before, after):
    text = "[run]\nconcurrency = {}\nparallel = True\n"
    becomes(".coveragerc", text.format(before), text.format(after))


def test_items_of_an_array(becomes):
    text = "[tool.coverage.run]\nconcurrency = [{}]\n"
    becomes("pyproject.toml", text.format('"thread", "greenlet"'), text.format('"thread"'))
    becomes("pyproject.toml", text.format("'eventlet', 'x'"), text.format("'thread', 'x'"))


def test_greenlet_is_measured_for_sqlalchemy(package):
    files = {
        ".coveragerc": "[run]\nconcurrency = greenlet, thread\n",
        "db.py": "from sqlalchemy.ext.asyncio import AsyncSession\n",
    }
    outcome = package(files)
    assert outcome.text(".coveragerc") == files[".coveragerc"]
    assert outcome.told() == ["2 EVT804 manual left"]


def test_the_requirement_stays_with_what_fails_without_it(package):
    files = {".coveragerc": "[run]\nconcurrency = eventlet\n", "requirements.txt": "eventlet\n"}
    outcome = package(files, settings=Settings(ignore=("EVT804",)))
    assert outcome.text("requirements.txt") == "eventlet\n"
    assert "left: eventlet (.coveragerc:2) must go first" in outcome.messages()
    assert package(files).text("requirements.txt") == ""


# --- entry points --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("setup.cfg", "[entry_points]\nconsole_scripts =\n  a = a.cmd.eventlet.agent:main\n"),
        ("setup.cfg", "[entry_points]\nx =\n  eventlet = a.eventlet:main\n  b = my_eventlet:x\n"),
        ("setup.cfg", "[metadata]\nsummary = futurist:GreenThreadPoolExecutor\n"),
        ("pyproject.toml", '[project.scripts]\na = "a.cmd.eventlet:main"\n'),
    ],
)
def test_entry_points_of_the_project_stay(stays, path, text):
    stays(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("setup.cfg", "[entry_points]\nx.executors = \n\teventlet = {}\n\tb = c:d\n"),
        ("setup.cfg", "[options.entry_points]\nx =\n  green={}\n"),
        ("setup.py", "from setuptools import setup\nsetup(entry_points={{'x': ['g = {}']}})\n"),
        ("pyproject.toml", '[project.entry-points."x.y"]\ng = "{}"\n'),
        ("pyproject.toml", '[tool.poetry.plugins.x]\ng = "{}"\n'),
    ],
)
def test_entry_points_of_green_executors(becomes, stays, path, text):
    green = text.format("futurist:GreenThreadPoolExecutor")
    outcome = becomes(path, green, text.format("futurist:ThreadPoolExecutor"))
    assert outcome.told()[0].endswith("EVT803 review rewritten")
    stays(path, green, says="must go first", left=LEFT)
    stays(path, text.format("eventlet.wsgi:server"), says="leads to `eventlet.wsgi:server`")


# --- Sphinx --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "autodoc_mock_imports = ['libvirt']\n",
        "project = 'eventlet'\n",
        "autodoc_mock_imports = ['my.eventlet', 'eventletx']\n",
    ],
)
def test_other_settings_of_sphinx_stay(stays, text):
    stays("docs/conf.py", text)


def test_mocked_imports(becomes):
    before = """\
autodoc_mock_imports = [
    'eventlet',
    "eventlet.green",  # c
    'libvirt',
    'greenlet'
]
autodoc_mock_imports += ['a', 'eventlet']
"""
    after = """\
autodoc_mock_imports = [
    'libvirt',
]
autodoc_mock_imports += ['a']
"""
    becomes("doc/source/conf.py", before, after)


@pytest.mark.parametrize(
    "text",
    [
        "autodoc_mock_imports = ['a'] + ['eventlet']\n",
        "autodoc_mock_imports = ('a', 'eventlet')\n",
    ],
)
def test_lists_put_together_are_told(stays, text):
    stays("docs/conf.py", text, says="`eventlet` is mocked")


# --- what the run did before ---------------------------------------------------------------------


def test_a_file_that_the_run_rewrites_too(package, tmp_path):
    from eventlet_codemod.run import rewrite_one

    text = (
        "import eventlet\n\neventlet.sleep(1)\nx = 1\n\n\n\n\n\n\n\n\n"
        "autodoc_mock_imports = ['eventlet', 'x']\n"
    )
    first = rewrite_one(text.encode(), "conf.py", Settings())
    assert [f.rule for f in first.entry.findings] == ["EVT101", "EVT999"]
    outcome = package({"conf.py": text}, done={"conf.py": first})
    change = outcome.changes["conf.py"]
    assert [(f.line, f.rule, f.hunk) for f in change.entry.findings] == [
        (3, "EVT101", 1),
        (13, "EVT809", 2),
    ]
    after = text.replace("eventlet.sleep", "time.sleep").replace("import eventlet", "import time")
    assert outcome.text("conf.py") == after.replace("'eventlet', ", "")
    held = package({"conf.py": text}, done={"conf.py": first}, left=LEFT)
    assert held.text("conf.py") == after
    assert [f.rule for f in held.changes["conf.py"].entry.findings] == ["EVT101", "EVT809"]


def test_a_suppression_in_python_is_no_notice(package):
    from eventlet_codemod.run import rewrite_one

    text = "from setuptools import setup\n\nsetup(\n    install_requires=[\n"
    text += "        'eventlet',  # eventlet-codemod: ignore[EVT801] why\n        'a',\n    ],\n)\n"
    first = rewrite_one(text.encode(), "setup.py", Settings())
    entry = package({"setup.py": text}, done={"setup.py": first}).changes["setup.py"].entry
    assert [(f.rule, f.status) for f in entry.findings] == [("EVT801", "suppressed")]
    assert entry.notices == ()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "setup.py",
            "import setuptools as s\ns.setup(name='eventlet', keywords=['greenlet'])\n",
        ),
        ("docs/conf.py", "intersphinx_mapping = {'eventlet': ('https://example.org', None)}\n"),
    ],
)
def test_words_that_need_no_eventlet_stay_and_block_nothing(package, path, text):
    from eventlet_codemod.packaging import claimed
    from eventlet_codemod.run import rewrite_one

    first = rewrite_one(text.encode(), path, Settings())
    assert {f.id for f in first.entry.findings} == claimed(path, text.encode())
    entry = package({path: text}, done={path: first}).changes[path].entry
    assert {(f.tier, f.status, f.hunk) for f in entry.findings} == {("safe", "rewritten", None)}


def test_the_ledger_takes_it(package):
    import json
    from importlib.resources import files as resources

    import jsonschema

    from eventlet_codemod.ledger import Clock, Ledger
    from eventlet_codemod.patch import render

    outcome = package(
        {
            "requirements.txt": "eventlet\n",
            "setup.cfg": "[entry_points]\na =\n  b = eventlet:x\n",
            "logging.conf": "[loggers]\nkeys=root,e\n\n[a]\nb=1\n\nc=2\nd=3\n\n[logger_e]\n"
            "qualname=eventlet\n",
            ".coveragerc": "[run]\nconcurrency = eventlet\n",
        },
        needs={"futurist"},
    )
    entries = [change.entry for change in outcome.changes.values()]
    ledger = Clock().ledger(".", Settings().as_dict(), entries, files_seen=4, files_parsed=4)
    text = ledger.to_json()
    schema = (resources("eventlet_codemod") / "ledger.schema.json").read_text()
    jsonschema.validate(json.loads(text), json.loads(schema))
    assert Ledger.from_json(text) == ledger
    assert ledger.summary.uses == 6
    assert ": imports." not in render(entries)
