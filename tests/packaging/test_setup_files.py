"""Requirements in setup.cfg, setup.py, tox.ini and pyproject.toml."""

from __future__ import annotations

import pytest
from packaged import LEFT

from eventlet_codemod.config import Settings
from eventlet_codemod.packaging.toml import TomlError, values

# --- setup.cfg ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "[metadata]\nname = eventlet\ndescription = no eventlet here\nkeywords = eventlet, x\n",
        "[options]\npackages =\n    eventlet\n    eventlet.green\n",
        "[options]\ninstall_requires =\n    requests\n# eventlet\n    ; eventlet\n    # eventlet\n",
        "[entry_points]\nconsole_scripts =\n  a = a.cmd.eventlet.agent:main\n",
        "[files]\npackages =\n    eventlet\n",
    ],
)
def test_other_options_of_setup_cfg_stay(stays, text):
    stays("setup.cfg", text)


SETUP_CFG = """\
[metadata]
name = x
; a comment

[options]
python_requires = >=3.9
install_requires =
    alembic
    # pinned for its bugs
    eventlet>=0.3  # MIT
\tgreenlet ; python_version < "3.12"
    oslo.service>=2.0
tests_require = eventlet

[options.extras_require]
eventlet =
    eventlet
test =
    pytest
    eventlet>=0.2:python_version=='3.8'

[options.package_data]
x = *.txt
"""


def test_setup_cfg(becomes):
    after = """\
[metadata]
name = x
; a comment

[options]
python_requires = >=3.9
install_requires =
    alembic
    # pinned for its bugs
    futurist>=3.2.0
    oslo.service[threading]>=4.5.0
tests_require =

[options.extras_require]
eventlet =
test =
    pytest

[options.package_data]
x = *.txt
"""
    outcome = becomes("setup.cfg", SETUP_CFG, after, needs={"futurist", "oslo_service"})
    assert {line.split(maxsplit=2)[2] for line in outcome.told()} == {"safe rewritten"}


def test_setup_cfg_while_eventlet_stays(stays):
    assert len(stays("setup.cfg", SETUP_CFG, says="must go first", left=LEFT).told()) == 5


def test_a_requirement_beside_its_key(becomes, stays):
    before = "[options]\ninstall_requires = eventlet\n"
    becomes("setup.cfg", before, "[options]\ninstall_requires =\n")
    stays("setup.cfg", "[options]\ninstall_requires = eventlet; requests\n", says="seems to bring")


def test_a_list_on_one_line_gets_nothing_new(package):
    files = {"setup.cfg": "[options]\ninstall_requires = a; b\n", "requirements.txt": "a\n"}
    outcome = package(files, needs={"futurist"})
    assert {path for path, change in outcome.changes.items() if change.new} == {"requirements.txt"}


def test_extras_of_pbr(becomes):
    before = "[extras]\nfast =\n  eventlet>=0.3 # MIT\n  x # MIT\n"
    becomes("setup.cfg", before, "[extras]\nfast =\n  x # MIT\n")


# --- tox.ini --------------------------------------------------------------------------------------


def test_deps_of_tox(becomes):
    before = """\
[tox]
envlist = py311,eventlet

[testenv]
deps =
    -r{toxinidir}/requirements.txt
    eventlet>=0.3
    py38,py39: eventlet
    py{38,39}: greenlet # old
    flask
[testenv:eventlet]
deps = eventlet
commands = pytest
"""
    after = """\
[tox]
envlist = py311,eventlet

[testenv]
deps =
    -r{toxinidir}/requirements.txt
    flask
[testenv:eventlet]
deps =
commands = pytest
"""
    becomes("tox.ini", before, after)


def test_deps_of_tox_get_nothing_new(stays):
    text = "[testenv]\ndeps =\n    flask\n"
    stays("tox.ini", text, needs={"futurist"})


# --- setup.py -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "from setuptools import setup\nsetup(setup_requires=['pbr'], pbr=True)\n",
        "'''eventlet'''\n",
        "x = (\n",
    ],
)
def test_other_words_of_setup_py_stay(stays, text):
    stays("setup.py", text)


@pytest.mark.parametrize(
    "text",
    [
        "import setuptools as s\nR = ['a']\nR += ['eventlet>=0.3']\ns.setup(install_requires=R)\n",
        "import setuptools as s\nR = ['eventlet']\nR.append('x')\ns.setup(install_requires=R)\n",
        "from setuptools import setup\nsetup(install_requires=['a'] + ['eventlet'])\n",
        "from setuptools import setup\nsetup(**dict(install_requires=['eventlet']))\n",
    ],
)
def test_lists_that_cannot_be_seen_are_told(stays, text):
    stays("setup.py", text, says="cannot be seen")


def test_setup_py(becomes):
    before = """\
import setuptools

EXTRA = ("eventlet>=0.3", "greenlet")

setuptools.setup(
    name="x",
    install_requires=[
        "alembic",  # a
        # about it
        "eventlet>=0.3",  # MIT
        'oslo.service>=2',
        "zope"
    ],
    tests_require=["eventlet", "pytest"],
    extras_require={"test": ["pytest", "eventlet"], "green": EXTRA, "one": ["a", "greenlet", "b"]},
)
"""
    after = """\
import setuptools

EXTRA = ()

setuptools.setup(
    name="x",
    install_requires=[
        "alembic",  # a
        # about it
        "futurist>=3.2.0",
        'oslo.service[threading]>=4.5.0',
        "zope"
    ],
    tests_require=["pytest"],
    extras_require={"test": ["pytest"], "green": EXTRA, "one": ["a", "b"]},
)
"""
    becomes("setup.py", before, after, needs={"futurist", "oslo_service"})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("['eventlet']", "['futurist>=3.2.0']"),
        ("[]", '["futurist>=3.2.0"]'),
        ("['a', 'b']", "['a', 'b', 'futurist>=3.2.0']"),
        ("['g', 'h']", "['futurist>=3.2.0', 'g', 'h']"),
        ("[\n    'a',\n    'b'\n]", "[\n    'a',\n    'b',\n    'futurist>=3.2.0'\n]"),
        ("[\n    'a',\n    'z',\n]", "[\n    'a',\n    'futurist>=3.2.0',\n    'z',\n]"),
        ("[\n    'g',\n    'z',\n]", "[\n    'futurist>=3.2.0',\n    'g',\n    'z',\n]"),
    ],
)
def test_what_comes_into_setup_py(becomes, before, after):
    text = "from setuptools import setup\n\nsetup(install_requires={})\n"
    becomes("setup.py", text.format(before), text.format(after), needs={"futurist"})


def test_characters_beyond_ascii(becomes):
    text = "import setuptools\nsetuptools.setup(a='é', setup_requires=['ü', {}'z'])\n"
    becomes("setup.py", text.format("'eventlet', "), text.format(""))


def test_an_extra_called_eventlet_stays(becomes, package):
    text = "import setuptools\nsetuptools.setup(extras_require={'eventlet': [%s], 'a': ['b']})\n"
    outcome = becomes("setup.py", text % "'eventlet>=0.3'", text % "")
    assert outcome.told() == ["2 EVT801 safe rewritten", "2 EVT801 safe rewritten"]
    name = outcome.changes["setup.py"].entry.findings[0]
    assert name.hunk is None and "stays" in name.message
    assert package({"setup.py": text % ""}).changes["setup.py"].new is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("('eventlet', 'a')", "('a',)"),
        ("('a', 'eventlet')", "('a',)"),
        ("('a', 'eventlet',)", "('a',)"),
        ("('eventlet',)", "()"),
        ("(\n  'a',\n  'eventlet'\n)", "(\n  'a',\n)"),
        ("(\n  'eventlet',\n  'a'\n)", "(\n  'a',\n)"),
        ("('eventlet', 'a', 'greenlet')", "('a',)"),
        ("['eventlet', 'a', 'greenlet']", "['a']"),
        ("['a', 'eventlet', 'greenlet']", "['a']"),
        ("[ 'eventlet', 'greenlet' ]", "[  ]"),
        ("['a',  # one\n  'eventlet']", "['a',  # one\n  ]"),
        ("['a', 'eventlet',  # why\n  'b']", "['a',  # why\n  'b']"),
        ("['a',  # one\n 'eventlet',  # two\n 'b']", "['a',  # one\n 'b']"),
        ("[  # one\n 'eventlet', 'greenlet',  # two\n 'b']", "[  # one\n 'b']"),
        ("['eventlet',  # one\n 'b']", "[# one\n 'b']"),
        ("[\n  'a', 'eventlet',  # why\n]", "[\n  'a',  # why\n]"),
    ],
)
def test_lists_and_tuples(becomes, before, after):
    text = "from setuptools import setup\n\nsetup(install_requires={})\n"
    becomes("setup.py", text.format(before), text.format(after))


# --- pyproject.toml -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "eventlet"\nkeywords = ["eventlet"]\n',
        '[tool.other]\ndependencies = ["eventlet"]\n',
        '[project]\n# "eventlet"\ndependencies = [\n  # "eventlet",\n]\n',
        "[project\n",
    ],
)
def test_other_values_of_pyproject_stay(stays, text):
    stays("pyproject.toml", text)


PEP621 = """\
[build-system]
requires = ["setuptools", "eventlet"]

[project]
name = "x"
dependencies = [
    "alembic>=1.4.2",  # MIT
    # about it
    "eventlet>=0.27.0",  # MIT
    'greenlet ; python_version < "3.12"',
    "oslo.service>=2.4.0", # Apache-2.0
]

[project.optional-dependencies]
eventlet = ["eventlet"]
test = ["pytest", "eventlet>=0.3", "gunicorn[eventlet]"]

[dependency-groups]
dev = [{include-group = "test"}, "eventlet"]

[tool.uv]
dev-dependencies = [ "eventlet" , "x" ]

[tool.hatch.envs.default]
dependencies = [
  "eventlet",
]
"""


def test_pep_621_and_its_kin(becomes):
    after = """\
[build-system]
requires = ["setuptools"]

[project]
name = "x"
dependencies = [
    "alembic>=1.4.2",  # MIT
    "cheroot>=10.0.1",
    # about it
    "oslo.service[threading]>=4.5.0", # Apache-2.0
]

[project.optional-dependencies]
eventlet = []
test = ["pytest", "gunicorn"]

[dependency-groups]
dev = [{include-group = "test"}]

[tool.uv]
dev-dependencies = [ "x" ]

[tool.hatch.envs.default]
dependencies = [
]
"""
    becomes("pyproject.toml", PEP621, after, needs={"cheroot", "oslo_service"})


def test_pep_621_while_eventlet_stays(stays):
    stays("pyproject.toml", PEP621, says="must go first", left=LEFT)
    settings = Settings(safe_only=True, ignore=("EVT801",))
    stays("pyproject.toml", PEP621, says="not selected", settings=settings)


POETRY = """\
[tool.poetry.dependencies]
python = "^3.9"
eventlet = "^0.33"  # green
greenlet = {version = "*", optional = true}
flask = "*"

[tool.poetry.group.test.dependencies]
eventlet = {git = "https://example.org/e.git"}

[tool.poetry.dev-dependencies]
pytest = "*"
eventlet = "*"

[tool.poetry.extras]
green = ["greenlet"]
"""


def test_poetry(becomes):
    after = """\
[tool.poetry.dependencies]
python = "^3.9"
futurist = ">=3.2.0"
"oslo.service" = {version = ">=4.5.0", extras = ["threading"]}
flask = "*"

[tool.poetry.group.test.dependencies]

[tool.poetry.dev-dependencies]
pytest = "*"

[tool.poetry.extras]
green = []
"""
    outcome = becomes("pyproject.toml", POETRY, after, needs={"futurist", "oslo_service"})
    assert '`eventlet = "^0.33"` leaves' in outcome.messages()


def test_what_poetry_has_already(stays):
    text = '[tool.poetry.dependencies]\nfuturist = "^1.2"\n'
    stays("pyproject.toml", text, needs={"futurist"})
    text = (
        '[tool.poetry.dependencies]\n"oslo.service" = {version = "^4.6", extras = ["threading"]}\n'
    )
    stays("pyproject.toml", text, needs={"oslo_service"})
    text = '[tool.poetry.dependencies]\n"oslo.service" = "^2.6"\n'
    stays("pyproject.toml", text, says="make it `oslo.service[thr", needs={"oslo_service"})


def test_a_table_of_its_own_is_told(stays):
    text = '[tool.poetry.dependencies.eventlet]\nversion = "^0.33"\noptional = true\n'
    stays("pyproject.toml", text, says="seems to bring eventlet")


def test_dependencies_on_one_line_are_told(stays):
    text = '[tool.poetry]\ndependencies = {python = "*", eventlet = "*"}\n'
    stays("pyproject.toml", text, says="seems to bring eventlet")


def test_a_list_that_another_file_holds(package):
    files = {
        "setup.cfg": "[options]\ninstall_requires = file: requirements.txt\n",
        "requirements.txt": "a\neventlet\n",
    }
    outcome = package(files, needs={"futurist"})
    assert {path for path, change in outcome.changes.items() if change.new} == {"requirements.txt"}


def test_pipfile(becomes):
    before = '[packages]\neventlet = "*"\nflask = "*"\n\n[dev-packages]\ngreenlet = ">=1"\n'
    becomes("Pipfile", before, '[packages]\nflask = "*"\n\n[dev-packages]\n')


def test_requirements_go_where_the_project_has_them(package):
    files = {
        "pyproject.toml": '[project]\nname = "x"\ndynamic = ["dependencies"]\n',
        "setup.cfg": "[metadata]\nname = x\n",
        "setup.py": "import setuptools\nsetuptools.setup(pbr=True)\n",
        "requirements.txt": "a\n",
        "sub/requirements.txt": "b\n",
    }
    outcome = package(files, needs={"futurist"})
    assert {path for path, change in outcome.changes.items() if change.new} == {"requirements.txt"}
    files["pyproject.toml"] = '[project]\nname = "x"\ndependencies = ["a"]\n'
    outcome = package(files, needs={"futurist"})
    assert {path for path, change in outcome.changes.items() if change.new} == {"pyproject.toml"}


# --- the reader of TOML ---------------------------------------------------------------------------


def test_values_of_toml():
    text = (
        'a = "x" # c\nb.c = [1, "y", # d\n  \'z\', [2], {k = "v"}]\r\n[t."u.v"]\nd = """q"\\"""" \n'
        "e = '''a\n''' \n[[p]]\nf = 2020-01-01 00:00:00 # e\ng = {h = 1, i.j = 'k'}\n"
        'm = ""\nn = """a""""\n'
    )
    found = {".".join(value.path): value for value in values(text)}
    assert list(found) == ["a", "b.c", "t.u.v.d", "t.u.v.e", "p.f", "p.g", "p.m", "p.n"]
    assert text[found["a"].start : found["a"].end] == '"x"'
    assert [item.text for item in found["b.c"].items] == ["", "y", "z", "", ""]
    assert found["t.u.v.d"].text == 'q""' and found["p.n"].text == 'a"'
    assert text[found["p.f"].start : found["p.f"].end] == "2020-01-01 00:00:00"
    assert [item.path for item in found["p.g"].items] == [("p", "g", "h"), ("p", "g", "i", "j")]


@pytest.mark.parametrize("text", ["a =", "a = [", "[a", "a = 'x", "= 1"])
def test_no_toml(text):
    with pytest.raises(TomlError):
        values(text)
