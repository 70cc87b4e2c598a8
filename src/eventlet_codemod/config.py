"""Settings: what they are, where they may stand, and which place wins.

The order is command line, ``--config KEY=VALUE``, configuration file, profile, default; the profile
is itself a setting and found the same way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, Literal

from eventlet_codemod import toml_lines
from eventlet_codemod.declared import Declared
from eventlet_codemod.discovery import DEFAULT_EXCLUDE, path_matcher
from eventlet_codemod.ledger import STEPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

CONFIG_FILE = "eventlet-codemod.toml"
SECTION = "tool.eventlet-codemod"
DEFAULT_LINE_LENGTH = 79

Profile = Literal["stdlib", "openstack"]


class ConfigError(Exception):
    """A setting that cannot be: what is wrong, where, and what may have been meant."""

    def __init__(
        self,
        message: str,
        file: str | None = None,
        line: int | None = None,
        suggestion: str | None = None,
    ) -> None:
        super().__init__(message, file, line, suggestion)
        self.message = message
        self.file = file
        self.line = line
        self.suggestion = suggestion

    def __str__(self) -> str:
        place = "".join(f"{part}:" for part in (self.file, self.line) if part is not None)
        hint = f" (did you mean {self.suggestion!r}?)" if self.suggestion else ""
        return f"{place} {self.message}{hint}".strip()


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is to do. Field names are those of the TOML keys with "_" for "-".

    ``Settings()`` is the stdlib profile; `load` gives those of a project.
    """

    profile: Profile = "stdlib"
    #: Rule codes, prefixes or names; nothing selected means every rule.
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    safe_only: bool = False
    #: None: every step. A step waits until nothing of those before it is left, unless forced.
    steps: frozenset[int] | None = None
    force: bool = False
    executor: Literal["concurrent.futures", "futurist"] = "concurrent.futures"
    spawn: Literal["thread", "helper"] = "thread"
    #: The module to write helpers to, as it is imported.
    helpers: str | None = None
    sleep_zero: Literal["keep", "helper", "drop"] = "keep"
    tpool: Literal["unwrap", "helper"] = "unwrap"
    #: "keep" keeps the call until the project holds no other use, "remove" does not wait.
    monkey_patch: Literal["keep", "remove", "init-backend", "switch"] = "keep"
    #: The module to write for "switch", as it is imported. None: `monkey_patch` in the package.
    monkey_patch_module: str | None = None
    wsgi: Literal["cheroot", "external", "manual"] = "cheroot"
    #: For which server "external" writes files.
    wsgi_external: Literal["gunicorn", "uwsgi"] = "gunicorn"
    #: What runs services: oslo.service, with the backend that is chosen, or cotyledon by itself.
    services: Literal["oslo", "cotyledon"] = "oslo"
    mock_target: Literal["module", "global"] = "module"
    import_style: Literal["detect", "one-per-line"] = "detect"
    #: None: what the project's own tools are set to (`detect_line_length`).
    line_length: int | None = None
    monkey_patched: Literal["auto", "yes", "no"] = "auto"
    #: Codemods to run with: files, names, `module:attribute` (see `codemods.loading`).
    codemods: tuple[str, ...] = ()
    #: gitignore-style patterns, relative to the root; `exclude` replaces the built-in list.
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    #: When given, only files that match are taken. A pattern with a dot in its last part (`*.wsgi`)
    #: takes them whatever they are, others (`nova/`) what is Python among them.
    include: tuple[str, ...] = ()
    per_file_ignores: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: What those codemods declare of names; who loads them puts it here.
    declared: Declared = field(default_factory=Declared, repr=False)
    #: Where each value comes from, if not from its default; by key, for `explain`.
    origins: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Give the settings by key as they would stand in TOML, for the ledger."""
        return {key: spec.plain(getattr(self, spec.field)) for key, spec in _SPECS.items()}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Settings:
        """Take back what `as_dict` gave. Raises ConfigError."""
        return _build({"": _convert_all(raw, lambda *keys: _Place(f"setting {_dotted(keys)}"))})

    def ignored_for(self, path: str) -> tuple[str, ...]:
        """Give the selectors that ``per-file-ignores`` holds for ``path``, relative to the root."""
        found: dict[str, None] = {}
        for pattern, selectors in self.per_file_ignores.items():
            if path_matcher((pattern,))(path):
                found.update(dict.fromkeys(selectors))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Explained:
    """One setting, its value in TOML, and where the value comes from."""

    key: str
    value: str
    origin: str


def load(
    root: Path,
    *,
    config_file: Path | None = None,
    isolated: bool = False,
    overrides: Mapping[str, Any] | None = None,
    cli: Mapping[str, Any] | None = None,
) -> Settings:
    """Find the settings of the project at ``root``. Raises ConfigError.

    ``overrides`` are those of ``--config`` (see `parse_overrides`); ``cli`` holds options by key or
    field name, where None and an empty tuple mean "not given". Text is taken apart as needed:
    ``{"steps": "1,services"}``. ``isolated`` reads no file. A later place replaces the value of
    an earlier one, save that ``codemods`` and ``extend-exclude`` add up.
    """
    layers: dict[str, dict[str, _Value]] = {}
    if isolated and config_file:
        raise ConfigError("a configuration file cannot be given for an isolated run")
    if not isolated:
        layers["file"] = _load_file(root, config_file)
    layers["--config"] = _convert_all(
        overrides or {}, lambda *keys: _Place(f"--config {_dotted(keys)}", origin="--config")
    )
    given = {
        key.replace("_", "-"): value
        for key, value in (cli or {}).items()
        if value is not None and value != ()
    }
    layers["cli"] = _convert_all(
        given, lambda *keys: _Place(f"--{_dotted(keys)}", origin="command line")
    )
    return _build(layers)


def parse_overrides(items: Iterable[str]) -> dict[str, str]:
    """Take ``KEY=VALUE`` texts apart; of equal keys the last wins. Raises ConfigError."""
    parsed = {}
    for item in items:
        key, equals, value = item.partition("=")
        if not equals or not key.strip():
            raise ConfigError(f"--config takes KEY=VALUE, not {item!r}")
        parsed[key.strip()] = value.strip()
    return parsed


def explain(settings: Settings) -> tuple[Explained, ...]:
    """List every setting with its value and where that comes from, for ``--show-settings``."""
    return tuple(
        Explained(key, _toml(value), settings.origins.get(key, "default"))
        for key, value in settings.as_dict().items()
    )


def detect_line_length(root: Path) -> int:
    """Find the line length that the project's own tools are set to, else OpenStack's 79."""
    tool = _tables(root / "pyproject.toml").get("tool")
    tables = tool if isinstance(tool, dict) else {}
    lengths = [
        _tables(root / "ruff.toml").get("line-length"),
        _tables(root / ".ruff.toml").get("line-length"),
        *(
            table.get(key)
            for name, key in _LINE_LENGTH_KEYS
            if isinstance(table := tables.get(name), dict)
        ),
    ]
    for length in lengths:
        if type(length) is int and length > 0:
            return length
    for name in ("setup.cfg", "tox.ini", ".flake8"):
        if length := _ini_line_length(root / name):
            return length
    return DEFAULT_LINE_LENGTH


_LINE_LENGTH_KEYS = (("ruff", "line-length"), ("black", "line-length"), ("isort", "line_length"))


class _Bad(Exception):
    """What is wrong with a value, or with the one at ``key`` in it; the caller knows the place."""

    def __init__(self, message: str, suggestion: str | None = None, key: str | None = None) -> None:
        super().__init__(message)
        self.suggestion = suggestion
        self.key = key


def _dotted(keys: tuple[str, ...]) -> str:
    """Name a key as in TOML; what stands below a setting is a pattern, so in quotes."""
    return ".".join((keys[0], *(f'"{key}"' for key in keys[1:])))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value was given: as an error names it, and as `explain` does."""

    subject: str
    origin: str = "default"
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class _Value:
    value: Any
    origin: str


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class _Spec:
    """How one setting is read: ``split`` makes a TOML value of text, ``check`` a field's value.

    ``unset`` is the word that stands for None.
    """

    field: str
    check: Callable[[Any], Any]
    split: Callable[[str], Any] = _same
    unset: str | None = None

    def convert(self, raw: Any, *, text: bool) -> Any:
        if isinstance(raw, str):
            if self.unset and raw in (self.unset, ""):
                return None
            if text:
                raw = self.split(raw)
        return self.check(raw)

    def plain(self, value: Any) -> Any:
        if value is None:
            return self.unset
        if isinstance(value, frozenset):
            return sorted(value)
        if isinstance(value, dict):
            return {key: list(item) for key, item in value.items()}
        return list(value) if isinstance(value, tuple) else value


def _nearest(word: str, known: Iterable[str]) -> str | None:
    import difflib  # 10 ms, for an error only

    return next(iter(difflib.get_close_matches(word, list(known), 1, cutoff=0.7)), None)


def _one_of(*choices: str) -> Callable[[Any], str]:
    def check(raw: Any) -> str:
        if isinstance(raw, str) and raw in choices:
            return raw
        options = ", ".join(map(repr, choices))
        raise _Bad(f"must be one of {options}, not {raw!r}", _nearest(str(raw), choices))

    return check


def _boolean(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise _Bad(f"must be true or false, not {raw!r}")
    return raw


def _strings(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list | tuple) or not all(isinstance(i, str) and i for i in raw):
        raise _Bad(f"must be a list of strings, not {raw!r}")
    return tuple(raw)


def _patterns(raw: Any) -> tuple[str, ...]:
    patterns = _strings(raw)
    for pattern in patterns:
        try:
            path_matcher((pattern,))
        except ValueError as error:
            raise _Bad(f"holds {pattern!r}, which is not a pattern as in .gitignore") from error
    return patterns


def _selectors_by_pattern(raw: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(raw, dict):
        raise _Bad(f"must be a table of pattern = [rules], not {raw!r}")
    checked = {}
    for pattern, selectors in raw.items():
        try:
            _patterns([pattern])
            checked[pattern] = _strings(selectors)
        except _Bad as bad:
            raise _Bad(str(bad), key=pattern) from None
    return checked


def _steps(raw: Any) -> frozenset[int]:
    if not isinstance(raw, list | tuple):
        raise _Bad(f"must be 'all' or a list of steps, not {raw!r}")
    numbers = {str(number): number for number in STEPS}
    numbers |= {name: number for number, name in STEPS.items()}
    steps = set()
    for item in raw:
        if str(item) not in numbers:
            known = ", ".join(f"{number} ({name})" for number, name in STEPS.items())
            raise _Bad(f"holds {item!r}; the steps are {known}", _nearest(str(item), numbers))
        steps.add(numbers[str(item)])
    return frozenset(steps)


def _module(unset: str) -> Callable[[Any], str]:
    def check(raw: Any) -> str:
        parts = raw.split(".") if isinstance(raw, str) else [""]
        if not all(part.isidentifier() and not iskeyword(part) for part in parts):
            raise _Bad(f"must be {unset!r} or a module such as 'nova.concurrency', not {raw!r}")
        return ".".join(parts)

    return check


def _length(raw: Any) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or raw < 1:
        raise _Bad(f"must be 'detect' or a number of characters, not {raw!r}")
    return raw


def _split_boolean(text: str) -> bool | str:
    words = {"true": True, "yes": True, "on": True, "1": True}
    words |= {"false": False, "no": False, "off": False, "0": False}
    return words.get(text.lower(), text)


def _split_integer(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text


def _split_list(text: str) -> Any:
    if text.startswith("["):
        return _split_toml(text)
    return [item.strip() for item in text.split(",") if item.strip()]


def _split_toml(text: str) -> Any:
    import tomllib

    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


#: Every setting, in the order in which they are shown.
_SPECS: dict[str, _Spec] = {
    spec.field.replace("_", "-"): spec
    for spec in (
        _Spec("profile", _one_of("stdlib", "openstack")),
        _Spec("select", _strings, _split_list),
        _Spec("ignore", _strings, _split_list),
        _Spec("safe_only", _boolean, _split_boolean),
        _Spec("steps", _steps, _split_list, unset="all"),
        _Spec("force", _boolean, _split_boolean),
        _Spec("executor", _one_of("concurrent.futures", "futurist")),
        _Spec("spawn", _one_of("thread", "helper")),
        _Spec("helpers", _module("none"), unset="none"),
        _Spec("sleep_zero", _one_of("keep", "helper", "drop")),
        _Spec("tpool", _one_of("unwrap", "helper")),
        _Spec("monkey_patch", _one_of("keep", "remove", "init-backend", "switch")),
        _Spec("monkey_patch_module", _module("detect"), unset="detect"),
        _Spec("wsgi", _one_of("cheroot", "external", "manual")),
        _Spec("wsgi_external", _one_of("gunicorn", "uwsgi")),
        _Spec("services", _one_of("oslo", "cotyledon")),
        _Spec("mock_target", _one_of("module", "global")),
        _Spec("import_style", _one_of("detect", "one-per-line")),
        _Spec("line_length", _length, _split_integer, unset="detect"),
        _Spec("monkey_patched", _one_of("auto", "yes", "no")),
        _Spec("codemods", _strings, _split_list),
        _Spec("exclude", _patterns, _split_list),
        _Spec("extend_exclude", _patterns, _split_list),
        _Spec("include", _patterns, _split_list),
        _Spec("per_file_ignores", _selectors_by_pattern, _split_toml),
    )
}

#: Settings of which a later place adds to an earlier one.
_ADDED_UP = ("codemods", "extend-exclude")

#: Where a profile differs from the defaults.
_PROFILES: dict[Profile, dict[str, Any]] = {
    "stdlib": {},
    "openstack": {
        "executor": "futurist",
        "monkey_patch": "init-backend",
        "import_style": "one-per-line",
    },
}


def _convert_all(raw: Mapping[str, Any], place_of: Callable[..., _Place]) -> dict[str, _Value]:
    """Check keys and values of one layer."""
    values = {}
    for key, item in raw.items():
        place = place_of(key)
        spec = _SPECS.get(key)
        if spec is None:
            suggestion = _nearest(key.lower().replace("_", "-"), _SPECS)
            message = f"{place.subject}: no such setting"
            raise ConfigError(message, place.file, place.line, suggestion)
        try:
            value = spec.convert(item, text=place.file is None)
        except _Bad as bad:
            place = place if bad.key is None else place_of(key, bad.key)
            message = f"{place.subject} {bad}"
            raise ConfigError(message, place.file, place.line, bad.suggestion) from None
        values[key] = _Value(value, place.origin)
    return values


def _build(layers: Mapping[str, Mapping[str, _Value]]) -> Settings:
    """Lay ``layers`` over the profile, which the last of them that names one decides."""
    merged: dict[str, _Value] = {}
    for layer in layers.values():
        for key, item in layer.items():
            if key in _ADDED_UP and key in merged:
                below = merged[key]
                item = _Value(below.value + item.value, f"{below.origin}, {item.origin}")
            merged[key] = item
    profile: Profile = merged["profile"].value if "profile" in merged else "stdlib"
    values = dict(_PROFILES[profile])
    origins = {key.replace("_", "-"): f"profile {profile}" for key in values}
    values |= {_SPECS[key].field: item.value for key, item in merged.items()}
    origins |= {key: item.origin for key, item in merged.items()}
    return Settings(**values, origins=origins)


@dataclass(frozen=True, slots=True)
class _File:
    """A configuration file: the table that is ours, and the section it stands in."""

    name: str
    text: str
    section: str
    table: Any

    def line_of(self, *keys: str) -> int | None:
        """Find the line of a key, or of the table that holds it."""
        section = self.section.split(".") if self.section else ()
        return toml_lines.line_of(self.text, *section, *keys)


def _load_file(root: Path, config_file: Path | None) -> dict[str, _Value]:
    """Read the configuration file that is given, or the one in ``root`` that holds settings."""
    if config_file is not None:
        files = [_read_file(config_file, root)]
    else:
        paths = (root / CONFIG_FILE, root / "pyproject.toml")
        files = [_read_file(path, root) for path in paths if path.is_file()]
    files = [file for file in files if file.table is not None]
    if not files:
        return {}
    if len(files) > 1:
        other = files[1]
        raise ConfigError(
            f"{CONFIG_FILE} holds settings as well; keep them in one place",
            other.name,
            other.line_of(),
        )
    file = files[0]
    if not isinstance(file.table, dict):
        raise ConfigError(f"{file.section} must be a table", file.name, file.line_of())
    if file.section == "" and "tool" in file.table:
        raise ConfigError(
            f"settings stand at the top of this file, not below [{SECTION}]",
            file.name,
            file.line_of("tool"),
        )

    def place_of(*keys: str) -> _Place:
        line = file.line_of(*keys)
        origin = file.name if line is None else f"{file.name}:{line}"
        return _Place(_dotted(keys), origin, file.name, line)

    return _convert_all(file.table, place_of)


def _read_file(path: Path, root: Path) -> _File:
    import tomllib

    name = str(path.relative_to(root) if path.is_relative_to(root) else path)
    try:
        text = path.read_text("utf-8")
        content = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", name) from error
    except UnicodeDecodeError as error:
        raise ConfigError("not UTF-8, as TOML must be", name) from error
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        raise ConfigError(f"not valid TOML: {error}", name, int(at[1]) if at else None) from error
    if path.name != "pyproject.toml":
        return _File(name, text, "", content)
    tool = content.get("tool")
    table = tool.get("eventlet-codemod") if isinstance(tool, dict) else None
    return _File(name, text, SECTION, table)


def _tables(path: Path) -> dict[str, Any]:
    """Read a TOML file that is not ours: what is wrong with it is not our business."""
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _ini_line_length(path: Path) -> int | None:
    import configparser

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(path.read_text("utf-8"))
    except (OSError, ValueError, configparser.Error):
        return None
    for section in ("flake8", "pycodestyle", "pep8"):
        for key in ("max-line-length", "max_line_length"):
            value = parser.get(section, key, fallback="").partition("#")[0].strip()
            if value.isascii() and value.isdigit() and int(value):
                return int(value)
    return None


def _toml(value: Any) -> str:
    """Write a value of `Settings.as_dict` in TOML, on one line."""
    import json

    if isinstance(value, dict):
        items = ", ".join(f"{_toml(key)} = {_toml(item)}" for key, item in value.items())
        return f"{{ {items} }}" if items else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)
