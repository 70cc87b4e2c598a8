"""Settings: every place they may stand, which one wins, and what a mistake is told."""

from __future__ import annotations

import dataclasses
import json
import pickle
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from eventlet_codemod.config import (
    ConfigError,
    Settings,
    detect_line_length,
    explain,
    load,
    parse_overrides,
)
from eventlet_codemod.discovery import DEFAULT_EXCLUDE

if TYPE_CHECKING:
    from pathlib import Path

KEYS = [
    item.name.replace("_", "-")
    for item in dataclasses.fields(Settings)
    if item.name not in ("origins", "declared")
]

#: A value other than the default for every setting: in TOML, as text, as the field holds it.
OTHER: dict[str, tuple[str, str, Any]] = {
    "profile": ('"openstack"', "openstack", "openstack"),
    "select": ('["EVT1", "sleep"]', "EVT1, sleep", ("EVT1", "sleep")),
    "ignore": ('["EVT101"]', "EVT101", ("EVT101",)),
    "safe-only": ("true", "yes", True),
    "steps": ('[1, "entry-points"]', "1,entry-points", frozenset({1, 3})),
    "force": ("true", "yes", True),
    "executor": ('"futurist"', "futurist", "futurist"),
    "spawn": ('"helper"', "helper", "helper"),
    "helpers": ('"nova.concurrency"', "nova.concurrency", "nova.concurrency"),
    "sleep-zero": ('"drop"', "drop", "drop"),
    "tpool": ('"helper"', "helper", "helper"),
    "monkey-patch": ('"switch"', "switch", "switch"),
    "monkey-patch-module": ('"nova.mode"', "nova.mode", "nova.mode"),
    "wsgi": ('"external"', "external", "external"),
    "wsgi-external": ('"uwsgi"', "uwsgi", "uwsgi"),
    "services": ('"cotyledon"', "cotyledon", "cotyledon"),
    "mock-target": ('"global"', "global", "global"),
    "import-style": ('"one-per-line"', "one-per-line", "one-per-line"),
    "line-length": ("99", "99", 99),
    "monkey-patched": ('"no"', "no", "no"),
    "codemods": ('["oslo", "c/a.py"]', "oslo, c/a.py", ("oslo", "c/a.py")),
    "exclude": ('["a/", "*.b"]', "a/,*.b", ("a/", "*.b")),
    "extend-exclude": ('["[ab].py"]', '["[ab].py"]', ("[ab].py",)),
    "include": ('["*.wsgi"]', "*.wsgi", ("*.wsgi",)),
    "per-file-ignores": (
        '{"tests/**" = ["EVT101"], "a, b.py" = ["EVT2"]}',
        '{"tests/**" = ["EVT101"], "a, b.py" = ["EVT2"]}',
        {"tests/**": ("EVT101",), "a, b.py": ("EVT2",)},
    ),
}


def pyproject(root: Path, body: str) -> Path:
    path = root / "pyproject.toml"
    path.write_text(f'[project]\nname = "x"\n\n[tool.eventlet-codemod]\n{body}\n')
    return path


def value(settings: Settings, key: str) -> Any:
    return getattr(settings, key.replace("-", "_"))


def fails(root: Path, **arguments: Any) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load(root, **arguments)
    assert "\n" not in str(caught.value)
    return caught.value


# --- values ---------------------------------------------------------------------------------------


def test_defaults_are_the_stdlib_profile(tmp_path: Path) -> None:
    assert load(tmp_path) == Settings() == load(tmp_path, cli={"profile": "stdlib"})
    assert Settings().exclude == DEFAULT_EXCLUDE


def test_the_openstack_profile(tmp_path: Path) -> None:
    assert load(tmp_path, cli={"profile": "openstack"}) == Settings(
        profile="openstack",
        executor="futurist",
        monkey_patch="init-backend",
        import_style="one-per-line",
    )


def test_every_setting_has_a_case_here() -> None:
    assert sorted(OTHER) == sorted(KEYS)
    for key in KEYS:
        assert value(Settings(), key) != OTHER[key][2]


@pytest.mark.parametrize("key", KEYS)
def test_every_setting_everywhere(tmp_path: Path, key: str) -> None:
    toml, text, expected = OTHER[key]
    pyproject(tmp_path, f"{key} = {toml}")
    from_pyproject = load(tmp_path)
    assert value(from_pyproject, key) == expected
    assert from_pyproject.origins[key] == "pyproject.toml:5"
    own = tmp_path / "own"
    own.mkdir()
    (own / "eventlet-codemod.toml").write_text(f"# ours\n{key} = {toml}\n")
    from_own_file = load(own)
    from_override = load(tmp_path, isolated=True, overrides=parse_overrides([f"{key}={text}"]))
    from_cli_text = load(tmp_path, isolated=True, cli={key: text})
    from_cli_value = load(tmp_path, isolated=True, cli={key.replace("-", "_"): _plain(expected)})
    same = (from_own_file, from_override, from_cli_text, from_cli_value)
    assert all(settings == from_pyproject for settings in same)
    origins = [settings.origins[key] for settings in same]
    assert origins == ["eventlet-codemod.toml:2", "--config", "command line", "command line"]


def _plain(expected: Any) -> Any:
    return sorted(expected) if isinstance(expected, frozenset) else expected


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("steps", "all", None),
        ("steps", "2", frozenset({2})),
        ("steps", "[1, 'guard']", frozenset({1, 5})),
        ("helpers", "none", None),
        ("monkey-patch-module", "detect", None),
        ("line-length", "detect", None),
        ("safe-only", "TRUE", True),
        ("safe-only", "off", False),
        ("safe-only", "0", False),
        ("select", "", ()),
        ("select", "['EVT1']", ("EVT1",)),
        ("exclude", "", ()),
    ],
)
def test_text_is_taken_apart(tmp_path: Path, key: str, text: str, expected: Any) -> None:
    pyproject(tmp_path, f"{key} = {OTHER[key][0]}")
    assert value(load(tmp_path, overrides={key: text}), key) == expected


def test_a_table_of_per_file_ignores(tmp_path: Path) -> None:
    pyproject(
        tmp_path,
        'spawn = "helper"\n[tool.eventlet-codemod.per-file-ignores]\n'
        '"tests/**" = ["EVT101", "EVT2"]\n"*_test.py" = ["EVT3", "EVT2"]\n"/a" = ["EVT4"]\n',
    )
    settings = load(tmp_path)
    assert settings.ignored_for("tests/x_test.py") == ("EVT101", "EVT2", "EVT3")
    assert settings.ignored_for("pkg/tests/b.py") == ()
    assert settings.ignored_for("a/b/c.py") == ("EVT4",)
    assert settings.ignored_for("b/a.py") == ()


# --- which place wins -----------------------------------------------------------------------------


def test_the_nearer_place_wins(tmp_path: Path) -> None:
    pyproject(
        tmp_path, 'profile = "openstack"\nspawn = "helper"\ntpool = "helper"\nwsgi = "manual"'
    )
    settings = load(
        tmp_path,
        overrides={"tpool": "unwrap", "wsgi": "external", "line-length": "100"},
        cli={"wsgi": "cheroot", "select": (), "safe_only": None, "steps": "1"},
    )
    shown = {item.key: (item.value, item.origin) for item in explain(settings)}
    assert list(shown) == KEYS
    assert shown["profile"] == ('"openstack"', "pyproject.toml:5")
    assert shown["spawn"] == ('"helper"', "pyproject.toml:6")
    assert shown["tpool"] == ('"unwrap"', "--config")
    assert shown["wsgi"] == ('"cheroot"', "command line")
    assert shown["line-length"] == ("100", "--config")
    assert shown["steps"] == ("[1]", "command line")
    assert shown["executor"] == ('"futurist"', "profile openstack")
    assert shown["select"] == ("[]", "default")
    assert shown["helpers"] == ('"none"', "default")


@pytest.mark.parametrize("place", ["overrides", "cli"])
def test_a_setting_beats_the_profile_wherever_the_profile_stands(
    tmp_path: Path, place: str
) -> None:
    pyproject(tmp_path, 'executor = "concurrent.futures"\nprofile = "stdlib"')
    settings = load(tmp_path, **{place: {"profile": "openstack"}})
    assert (settings.profile, settings.executor) == ("openstack", "concurrent.futures")
    assert settings.import_style == "one-per-line"


def test_false_on_the_command_line_is_a_value(tmp_path: Path) -> None:
    pyproject(tmp_path, "safe-only = true")
    assert load(tmp_path).safe_only
    assert not load(tmp_path, cli={"safe_only": False}).safe_only
    assert load(tmp_path, cli={"safe_only": None}).safe_only


def test_extend_exclude_adds_up(tmp_path: Path) -> None:
    pyproject(tmp_path, 'extend-exclude = ["a"]\nignore = ["EVT1"]')
    cli = {"extend_exclude": ("c",), "ignore": ("EVT2",)}
    settings = load(tmp_path, overrides={"extend-exclude": "b"}, cli=cli)
    assert settings.extend_exclude == ("a", "b", "c")
    assert settings.origins["extend-exclude"] == "pyproject.toml:5, --config, command line"
    assert settings.ignore == ("EVT2",)


def test_isolated_reads_no_file(tmp_path: Path) -> None:
    pyproject(tmp_path, "broken = [")
    assert load(tmp_path, isolated=True) == Settings()
    error = fails(tmp_path, isolated=True, config_file=tmp_path / "pyproject.toml")
    assert "isolated" in str(error)


def test_a_file_that_is_given_is_the_only_one(tmp_path: Path) -> None:
    pyproject(tmp_path, 'spawn = "helper"')
    other = tmp_path / "conf" / "mine.toml"
    other.parent.mkdir()
    other.write_text('tpool = "helper"\n')
    settings = load(tmp_path, config_file=other)
    assert (settings.spawn, settings.tpool) == ("thread", "helper")
    assert settings.origins["tpool"] == "conf/mine.toml:1"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert load(elsewhere, config_file=tmp_path / "pyproject.toml").spawn == "helper"


@pytest.mark.parametrize("content", ["", "[project]\n", "tool = 3\n", "[tool.black]\n"])
def test_a_project_file_without_settings(tmp_path: Path, content: str) -> None:
    (tmp_path / "pyproject.toml").write_text(content)
    (tmp_path / "eventlet-codemod.toml").write_text('spawn = "helper"\n')
    assert load(tmp_path).spawn == "helper"


def test_two_files_with_settings_are_an_error(tmp_path: Path) -> None:
    pyproject(tmp_path, "")
    (tmp_path / "eventlet-codemod.toml").write_text("")
    assert str(fails(tmp_path)) == (
        "pyproject.toml:4: eventlet-codemod.toml holds settings as well; keep them in one place"
    )


# --- mistakes -------------------------------------------------------------------------------------

MISTAKES = [
    ("sleepzero = 1", "sleepzero: no such setting (did you mean 'sleep-zero'?)"),
    ("Mock_Target = 1", "Mock_Target: no such setting (did you mean 'mock-target'?)"),
    ("xyzzy = 1", "xyzzy: no such setting"),
    ("[tool.eventlet-codemod.per-path]\na = 1", "per-path: no such setting"),
    (
        'spawn = "helpers"',
        "spawn must be one of 'thread', 'helper', not 'helpers' (did you mean 'helper'?)",
    ),
    ("spawn = true", "spawn must be one of 'thread', 'helper', not True"),
    ('profile = "Stdlib"', "profile must be one of 'stdlib', 'openstack', not 'Stdlib' (did you"),
    ('safe-only = "true"', "safe-only must be true or false, not 'true'"),
    ("safe-only = 1", "safe-only must be true or false, not 1"),
    ('select = "EVT1"', "select must be a list of strings, not 'EVT1'"),
    ("select = [1]", "select must be a list of strings, not [1]"),
    ('select = [""]', "select must be a list of strings, not ['']"),
    ("line-length = true", "line-length must be 'detect' or a number of characters, not True"),
    ("line-length = 0", "line-length must be 'detect' or a number of characters, not 0"),
    ('line-length = "79"', "line-length must be 'detect' or a number of characters, not '79'"),
    ("steps = 1", "steps must be 'all' or a list of steps, not 1"),
    (
        '"steps" = ["servces"]',
        "steps holds 'servces'; the steps are 1 (primitives), 2 (services), 3 (entry-points), "
        "4 (packaging), 5 (guard) (did you mean 'services'?)",
    ),
    ("steps = [true]", "steps holds True; the steps are 1 (prim"),
    ('helpers = "a b"', "helpers must be 'none' or a module such as 'nova.concurrency', not 'a b'"),
    ('helpers = "a.async"', "helpers must be 'none' or a module such as"),
    ("monkey-patch-module = 1", "monkey-patch-module must be 'detect' or a module such as"),
    ("exclude = ['a', '!']", "exclude holds '!', which is not a pattern as in .gitignore"),
    (
        "per-file-ignores = ['a']",
        "per-file-ignores must be a table of pattern = [rules], not ['a']",
    ),
]


@pytest.mark.parametrize(("body", "message"), MISTAKES, ids=[case[0] for case in MISTAKES])
def test_mistakes_are_named_with_their_place(tmp_path: Path, body: str, message: str) -> None:
    pyproject(tmp_path, body)
    error = fails(tmp_path)
    assert str(error).startswith(f"pyproject.toml:5: {message}")
    assert (error.file, error.line) == ("pyproject.toml", 5)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("[tool]\n\n[tool . 'eventlet-codemod']\nbad = 1\n", 4),
        ("[tool]\neventlet-codemod.bad = 1\n", 2),
        ("tool.eventlet-codemod.bad = 1\n", 1),
        ("[tool]\neventlet-codemod = { spawn = 'thread', bad = 1 }\n", 2),
        ("[other]\nbad = 1\n[tool.eventlet-codemod.bad]\nx = 1\n", 3),
        ("[[tool.eventlet-codemod.bad]]\n", 1),
    ],
)
def test_the_line_is_found_however_the_key_is_written(
    tmp_path: Path, content: str, line: int
) -> None:
    (tmp_path / "pyproject.toml").write_text(content)
    error = fails(tmp_path)
    assert (error.line, error.message) == (line, "bad: no such setting")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('"tests/*.py" = "EVT1"', 'per-file-ignores."tests/*.py" must be a list of strings'),
        ("'!' = []", "per-file-ignores.\"!\" holds '!', which is not a pattern"),
    ],
)
def test_mistakes_inside_a_table(tmp_path: Path, table: str, message: str) -> None:
    pyproject(tmp_path, f"[tool.eventlet-codemod.per-file-ignores]\na = ['EVT1']\n{table}")
    assert str(fails(tmp_path)).startswith(f"pyproject.toml:7: {message}")


def test_mistakes_on_the_command_line(tmp_path: Path) -> None:
    assert str(fails(tmp_path, overrides={"spwn": "x"})) == (
        "--config spwn: no such setting (did you mean 'spawn'?)"
    )
    assert str(fails(tmp_path, overrides={"safe-only": "maybe"})) == (
        "--config safe-only must be true or false, not 'maybe'"
    )
    assert str(fails(tmp_path, overrides={"line-length": "-1"})).startswith(
        "--config line-length must be 'detect' or a number"
    )
    assert str(fails(tmp_path, overrides={"per-file-ignores": "a:EVT1"})).endswith("not 'a:EVT1'")
    assert str(fails(tmp_path, cli={"wsgi": "gunicorn"})) == (
        "--wsgi must be one of 'cheroot', 'external', 'manual', not 'gunicorn'"
    )


@pytest.mark.parametrize("item", ["spawn", "=helper", " = x", ""])
def test_overrides_are_key_and_value(item: str) -> None:
    with pytest.raises(ConfigError, match="--config takes KEY=VALUE"):
        parse_overrides([item])


def test_of_equal_overrides_the_last_wins() -> None:
    assert parse_overrides(["a = 1", "b=x=y", "a=2"]) == {"a": "2", "b": "x=y"}


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "eventlet-codemod.toml"
    path.write_text('spawn = "thread"\ntpool = \n')
    error = fails(tmp_path)
    assert (error.file, error.line) == ("eventlet-codemod.toml", 2)
    assert error.message.startswith("not valid TOML")
    path.write_bytes(b"# \xff\n")
    assert str(fails(tmp_path)) == "eventlet-codemod.toml: not UTF-8, as TOML must be"
    error = fails(tmp_path, config_file=tmp_path / "gone.toml")
    assert str(error) == "gone.toml: cannot be read: No such file or directory"
    path.write_text("[tool.eventlet-codemod]\nspawn = 'thread'\n")
    assert str(fails(tmp_path)) == (
        "eventlet-codemod.toml:1: settings stand at the top of this file, "
        "not below [tool.eventlet-codemod]"
    )
    path.unlink()
    (tmp_path / "pyproject.toml").write_text("[tool]\neventlet-codemod = 3\n")
    assert str(fails(tmp_path)) == "pyproject.toml:2: tool.eventlet-codemod must be a table"


# --- as data --------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["stdlib", "openstack", "all-other"])
def test_settings_survive_the_ledger_toml_and_pickling(tmp_path: Path, profile: str) -> None:
    if profile == "all-other":
        overrides = {key: text for key, (_, text, _) in OTHER.items()}
    else:
        overrides = {"profile": profile}
    settings = load(tmp_path, overrides=overrides)
    assert Settings.from_dict(json.loads(json.dumps(settings.as_dict()))) == settings
    assert pickle.loads(pickle.dumps(settings)) == settings
    shown = "".join(f"{item.key} = {item.value}  # {item.origin}\n" for item in explain(settings))
    assert tomllib.loads(shown) == settings.as_dict()
    (tmp_path / "eventlet-codemod.toml").write_text(shown)
    assert load(tmp_path) == settings


def test_from_dict_checks_too() -> None:
    with pytest.raises(ConfigError, match=r"setting spwn: no such setting"):
        Settings.from_dict({"spwn": 1})


# --- line length ----------------------------------------------------------------------------------

RUFF = "[tool.ruff]\nline-length = {}\n"
FLAKE8 = "[flake8]\nmax-line-length = {}\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, 79),
        ({"pyproject.toml": RUFF.format(100)}, 100),
        (
            {"pyproject.toml": "[tool.isort]\nline_length = 70\n[tool.black]\nline-length = 88\n"},
            88,
        ),
        ({"pyproject.toml": "[tool.isort]\nline_length = 70\n[tool.black]\n"}, 70),
        ({"ruff.toml": "line-length = 110\n", "pyproject.toml": RUFF.format(100)}, 110),
        ({".ruff.toml": "line-length = 110\n", "setup.cfg": FLAKE8.format(90)}, 110),
        ({"setup.cfg": "[metadata]\n", "tox.ini": FLAKE8.format("120 # why")}, 120),
        ({"setup.cfg": FLAKE8.format(90), "tox.ini": FLAKE8.format(91)}, 90),
        ({"tox.ini": "[a]\nb = 1\nb = 2\n[a]\n" + FLAKE8.format(72)}, 72),
        ({"tox.ini": "[pycodestyle]\nmax_line_length=99\n"}, 99),
        ({".flake8": "[flake8]\nmax-line-length: 85\n"}, 85),
        ({"tox.ini": "[testenv]\ncommands = x %(y)s {posargs}\n" + FLAKE8.format(80)}, 80),
        ({"pyproject.toml": "broken = [", "tox.ini": "no section\n"}, 79),
        ({"pyproject.toml": "tool = 1\n", "tox.ini": FLAKE8.format("wide")}, 79),
        ({"pyproject.toml": RUFF.format("'x'") + "[tool.black]\nline-length = true\n"}, 79),
        ({"pyproject.toml": "[tool]\nruff = 3\n", "tox.ini": FLAKE8.format(0)}, 79),
    ],
)
def test_line_length_is_the_project_s(tmp_path: Path, files: dict[str, str], expected: int) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    assert detect_line_length(tmp_path) == expected


def test_line_length_does_not_mind_other_encodings(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").write_bytes(b"[metadata]\nauthor = Jos\xe9\n")
    (tmp_path / "tox.ini").mkdir()
    assert detect_line_length(tmp_path) == 79
