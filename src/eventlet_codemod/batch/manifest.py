"""The manifest: which repositories a campaign is about, read from TOML, lists and listings.

[campaign]     its name
[defaults]     what holds for every repository
[groups.NAME]  what holds for those of a group
[[source]]     many at once: a list, a directory pattern, a listing of a forge
[[repo]]       one; of that name in a source, what is different with it
"""

from __future__ import annotations

import difflib
import glob
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from eventlet_codemod.batch import listings
from eventlet_codemod.batch.git import redacted
from eventlet_codemod.batch.listings import Listed, ListingError
from eventlet_codemod.batch.model import Repo
from eventlet_codemod.batch.publish.remote import place
from eventlet_codemod.config import ConfigError, Settings
from eventlet_codemod.toml_lines import line_of

#: The name of a campaign whose manifest says none.
NAMELESS = "eventlet-removal"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The repositories of a campaign, in their order, with all that holds for each."""

    campaign: str
    repos: tuple[Repo, ...]


def read(name: str, data: bytes, directory: Path) -> Manifest:
    """Read a manifest. Raises ConfigError, with the line where it can be told.

    ``name`` is what errors call it: TOML where it ends so, a listing where it holds JSON, else a
    list. ``directory`` is what its paths are relative to.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ConfigError("not UTF-8", name, line) from None
    if name.endswith(".toml"):
        return _Reader(name, text, directory).manifest()
    try:
        found = listings.read(text, directory)
    except ListingError as error:
        raise ConfigError(error.message, name, error.line) from None
    return Manifest(NAMELESS, tuple(_checked(map(_repo_of, found), name)))


def in_directories(pattern: str) -> Manifest:
    """The git repositories among the directories that a pattern names. Raises ConfigError."""
    found = [_repo_of(item) for item in _directories(pattern, Path.cwd())]
    if not found:
        raise ConfigError("no git repository there", pattern)
    return Manifest(NAMELESS, tuple(_checked(found, pattern)))


def _repo_of(item: Listed) -> Repo:
    return Repo(name=item.name, url=item.url, path=item.path, ref=item.ref, line=item.line)


def _directories(pattern: str, directory: Path) -> Iterator[Listed]:
    for name in sorted(glob.glob(str(directory / pattern))):  # noqa: PTH207 - it may be absolute
        path = Path(name)
        if (path / ".git").exists():
            yield Listed(path.name, path=str(path.resolve()))


# --- values -----------------------------------------------------------------------------------


class _Bad(Exception):
    def __init__(self, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.suggestion = suggestion


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or "\0" in raw or "\n" in raw:
        raise _Bad(f"must be text on one line, not {raw!r}")
    return raw


def _plain(raw: Any) -> str:
    """Text that git may get where an option could stand."""
    text = _text(raw)
    if text.startswith("-") or any(c.isspace() for c in text):
        raise _Bad(f"must be a name without spaces that begins with no dash, not {raw!r}")
    return text


def _api(raw: Any) -> str:
    text = _plain(raw)
    if not re.match(r"https?://[^/]", text):
        raise _Bad(f"must be an address that begins with https://, not {redacted(repr(raw))}")
    return text


def _commit(raw: Any) -> str:
    text = _text(raw).lower()
    if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", text):
        raise _Bad(f"must be a full commit id, not {raw!r}")
    return text


def _texts(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise _Bad(f"must be a list of texts, not {raw!r}")
    return tuple(map(_text, raw))


def _whole(raw: Any) -> int:
    if type(raw) is not int:
        raise _Bad(f"must be a whole number, not {raw!r}")
    return raw


def _count(raw: Any) -> int:
    if _whole(raw) < 0:
        raise _Bad(f"must not be negative: {raw}")
    return _whole(raw)


def _boolean(raw: Any) -> bool:
    if type(raw) is not bool:
        raise _Bad(f"must be true or false, not {raw!r}")
    return raw


def _one_of(*choices: str) -> Callable[[Any], str]:
    def check(raw: Any) -> str:
        if raw in choices:
            return str(raw)
        near = difflib.get_close_matches(str(raw), choices, 1)
        known = ", ".join(repr(c) for c in choices)
        raise _Bad(f"must be one of {known}, not {raw!r}", near[0] if near else None)

    return check


def _seconds(raw: Any) -> float:
    return _measure(raw, {"": 1, "s": 1, "m": 60, "h": 3600}, "seconds, or text such as '30m'")


def _bytes(raw: Any) -> int:
    units = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
    return int(_measure(raw, units, "bytes, or text such as '2G'"))


def _measure(raw: Any, units: Mapping[str, int], what: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-zA-Z]?)", str(raw))
    if type(raw) not in (int, float, str) or found is None or found[2] not in units:
        raise _Bad(f"must be {what}, not {raw!r}")
    return float(found[1]) * units[found[2]]


def size(text: str) -> int:
    """Bytes from text such as ``2G``. Raises ValueError."""
    try:
        return _bytes(text)
    except _Bad as error:
        raise ValueError(str(error)) from None


def _settings(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise _Bad(f"must be a table of settings, not {raw!r}")
    try:
        settings = Settings.from_dict(raw)
    except ConfigError as error:
        raise _Bad(error.message, error.suggestion) from None
    if settings.select or settings.ignore:
        from eventlet_codemod.rules import UnknownRule, expand

        try:
            expand((*settings.select, *settings.ignore))
        except UnknownRule as error:
            raise _Bad(str(error)) from None
    return dict(raw)


#: What a repository can say, by key: the field, and how its value is read.
_KEYS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "name": ("name", _plain),
    "url": ("url", _plain),
    "path": ("path", _text),
    "ref": ("ref", _plain),
    "commit": ("commit", _commit),
    "group": ("group", _text),
    "owner": ("owner", _text),
    "priority": ("priority", _whole),
    "settings": ("settings", _settings),
    "split": ("split", _one_of("rule", "owner", "file", "size")),
    "max-lines": ("max_lines", _count),
    "subject-prefix": ("subject_prefix", _text),
    "test-cmd": ("test_cmd", _text),
    "test-block": ("test_block", _one_of("none", "project", "all")),
    "time-limit": ("time_limit", _seconds),
    "memory-limit": ("memory_limit", _bytes),
    "publish": ("publish", _one_of("", "push", "gerrit", "github", "gitlab")),
    "target": ("target", _plain),
    "reviewers": ("reviewers", _texts),
    "hashtags": ("hashtags", _texts),
    "topic": ("topic", _plain),
    "branch": ("branch", _plain),
    "push-url": ("push_url", _plain),
    "api-url": ("api_url", _api),
    "max-open": ("max_open", _count),
    "wip": ("wip", _boolean),
    "depends-on": ("depends_on", _texts),
}
#: These are one repository's own.
_OWN = ("name", "url", "path", "commit")
_SOURCE = ("list", "glob", "listing", "base-url", "include", "exclude", "archived", "forks")
_NEXT_TABLE = re.compile(r"\n[ \t]*\[")
_TOP = ("campaign", "defaults", "groups", "source", "repo")


class _Reader:
    """One manifest in TOML."""

    def __init__(self, name: str, text: str, directory: Path) -> None:
        self.name, self.text, self.directory = name, text, directory
        self._tables_begin: dict[str, list[tuple[int, int]]] = {}

    def manifest(self) -> Manifest:
        raw = self._parsed()
        self._refuse_unknown(raw, _TOP, ())
        campaign = self._table(raw, "campaign")
        self._refuse_unknown(campaign, ("name",), ("campaign",))
        title = self._value("name", _plain, campaign.get("name", NAMELESS), ("campaign", "name"))
        own = tuple(key for key in _KEYS if key not in _OWN)
        defaults = self._fields(self._table(raw, "defaults"), own, ("defaults",))
        groups = {
            group: self._fields(
                self._table(self._table(raw, "groups"), group, ("groups", group)),
                tuple(key for key in own if key != "group"),
                ("groups", group),
            )
            for group in self._table(raw, "groups")
        }
        found = self._from_sources(raw)
        for number, table in enumerate(self._tables(raw, "repo")):
            self._add(found, table, number)
        repos = []
        for given in found.values():
            group = given.get("group", defaults.get("group", ""))
            if group and groups and group not in groups:
                near = difflib.get_close_matches(group, groups, 1)
                hint = near[0] if near else None
                said = f"{given['name']}: there is no group {group!r}"
                raise ConfigError(said, self.name, given["line"] or None, hint)
            fields = {**defaults, **groups.get(group, {}), **given}
            fields["settings"] = {
                **defaults.get("settings", {}),
                **groups.get(group, {}).get("settings", {}),
                **given.get("settings", {}),
            }
            repos.append(Repo(**fields))
        if not repos:
            raise ConfigError("it names no repository", self.name)
        return Manifest(str(title), tuple(_checked(repos, self.name)))

    def _parsed(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"at line (\d+)", str(error))
            line = int(at[1]) if at else self.text.count("\n") + 1
            raise ConfigError(f"not valid TOML: {error}", self.name, line) from None

    def _add(self, found: dict[str, dict[str, Any]], table: Mapping[str, Any], number: int) -> None:
        """Add a repository, or what is different with one that a source has."""
        place = ("repo", number)
        fields = self._fields(table, tuple(_KEYS), place)
        line = self._line(place)
        source = fields.get("url") or fields.get("path") or ""
        name = fields.get("name") or listings.name_of(source)
        if not name:
            raise ConfigError("a repo needs a name, and a url or a path", self.name, line)
        known = found.get(name)
        if fields.get("url") and fields.get("path"):
            raise ConfigError(f"{name}: url and path contradict each other", self.name, line)
        if known is not None and (known["line"] or source):
            first = f" (the first is on line {known['line']})" if known["line"] else ""
            raise ConfigError(f"a second repo of the name {name!r}{first}", self.name, line)
        if known is None and not source:
            near = difflib.get_close_matches(name, found, 1)
            hint = near[0] if near else None
            raise ConfigError(f"{name}: a repo needs a url or a path", self.name, line, hint)
        if fields.get("path"):
            fields["path"] = str((self.directory / fields["path"]).resolve())
        found[name] = {**(known or {}), **fields, "name": name, "line": line or 0}

    # --- many at once --------------------------------------------------------------------------

    def _from_sources(self, raw: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for number, table in enumerate(self._tables(raw, "source")):
            place = ("source", number)
            more = {key: value for key, value in table.items() if key not in _SOURCE}
            fields = self._fields(
                more, tuple(key for key in _KEYS if key not in _OWN), place, also=_SOURCE
            )
            for item in self._listed(table, place):
                if item.name in found:
                    said = f"a second repo of the name {item.name!r}"
                    raise ConfigError(said, self.name, self._line(place))
                own = {"name": item.name, "line": 0}
                own |= {"url": item.url} if item.url else {"path": item.path}
                own |= {"ref": item.ref} if item.ref else {}
                found[item.name] = {**own, **fields}
        return found

    def _listed(self, table: Mapping[str, Any], place: tuple[str, int]) -> Iterator[Listed]:
        kinds = [key for key in ("list", "glob", "listing") if key in table]
        if len(kinds) != 1:
            said = "a source is one of list, glob and listing"
            raise ConfigError(said, self.name, self._line(place))
        kind = kinds[0]
        value = self._value(kind, _text, table[kind], (*place, kind))
        include = self._value("include", _texts, table.get("include", []), (*place, "include"))
        exclude = self._value("exclude", _texts, table.get("exclude", []), (*place, "exclude"))
        wanted = {
            key: self._value(key, _boolean, table.get(key, False), (*place, key))
            for key in ("archived", "forks")
        }
        found: Iterable[Listed]
        if kind == "glob":
            found = _directories(value, self.directory)
        else:
            path = self.directory / value
            base = self._value("base-url", _text, table.get("base-url", ""), (*place, "base-url"))
            try:
                data = path.read_bytes()
                found = listings.read(data.decode("utf-8-sig"), self.directory, base)
            except OSError as error:
                said = f"{value}: {error.strerror}"
                raise ConfigError(said, self.name, self._line((*place, kind))) from None
            except UnicodeDecodeError as error:
                number = data[: error.start].count(b"\n") + 1
                raise ConfigError("not UTF-8", str(path), number) from None
            except ListingError as error:
                raise ConfigError(error.message, str(path), error.line) from None
        for item in found:
            if (item.archived and not wanted["archived"]) or (item.fork and not wanted["forks"]):
                continue
            if _matches(item.name, include, empty=True) and not _matches(item.name, exclude):
                yield item

    # --- values of the table --------------------------------------------------------------------

    def _fields(
        self,
        table: Mapping[str, Any],
        keys: Sequence[str],
        place: tuple[str | int, ...],
        also: Sequence[str] = (),
    ) -> dict[str, Any]:
        self._refuse_unknown(table, keys, place, also)
        return {
            _KEYS[key][0]: self._value(key, _KEYS[key][1], value, (*place, key))
            for key, value in table.items()
        }

    def _value(
        self, key: str, read_value: Callable[[Any], Any], raw: Any, place: tuple[str | int, ...]
    ) -> Any:
        try:
            return read_value(raw)
        except _Bad as error:
            said = f"{key} {error}" if key != "settings" else str(error)
            raise ConfigError(said, self.name, self._line(place), error.suggestion) from None

    def _refuse_unknown(
        self,
        table: Mapping[str, Any],
        keys: Sequence[str],
        place: tuple[str | int, ...],
        also: Sequence[str] = (),
    ) -> None:
        for key in table:
            if key in keys:
                continue
            near = difflib.get_close_matches(key, [*keys, *also], 1)
            said = f"{key}: no such key here"
            if key in _KEYS:
                said = f"{key}: it is one repository's own, not for many"
            hint = near[0] if near and key not in _KEYS else None
            raise ConfigError(said, self.name, self._line((*place, key)), hint)

    def _table(
        self, raw: Mapping[str, Any], key: str, place: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        value = raw.get(key, {})
        if not isinstance(value, dict):
            raise ConfigError(f"{key} must be a table", self.name, self._line(place or (key,)))
        return value

    def _tables(self, raw: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
        value = raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise ConfigError(f"{key} must be tables: [[{key}]]", self.name, self._line((key,)))
        return value

    def _line(self, place: tuple[str | int, ...]) -> int | None:
        """Where a key stands; in the table of that number, where there are several."""
        if len(place) < 2 or not isinstance(place[1], int):
            return line_of(self.text, *map(str, place))
        begins = self._begins(str(place[0]))
        if place[1] >= len(begins):
            return line_of(self.text, str(place[0]))
        start, before = begins[place[1]]
        following = _NEXT_TABLE.search(self.text, start)
        part = self.text[start : following.start() if following else None]
        found = line_of(part, *map(str, (place[0], *place[2:])))
        return before + (found or 1)

    def _begins(self, name: str) -> list[tuple[int, int]]:
        """Where the tables of an array begin, and how many lines stand before each."""
        if name not in self._tables_begin:
            header = rf"^[ \t]*\[\[\s*{name}\s*\]\]"
            found, last, lines = [], 0, 0
            for match in re.finditer(header, self.text, re.MULTILINE):
                lines += self.text.count("\n", last, match.start())
                last = match.start()
                found.append((last, lines))
            self._tables_begin[name] = found
        return self._tables_begin[name]


def _matches(name: str, patterns: Sequence[str], *, empty: bool = False) -> bool:
    return any(PurePosixPath(name).match(p) for p in patterns) if patterns else empty


def _checked(repos: Iterable[Repo], manifest: str) -> Iterator[Repo]:
    """Refuse names that are no place to write to, and what is taken: names, and branches."""
    seen: dict[str, Repo] = {}
    above: dict[str, Repo] = {}  # by the names of the directories that hold theirs
    branches: dict[tuple[str, str, str], Repo] = {}
    for repo in repos:
        line = repo.line or None
        parts = repo.name.split("/")
        if any(part in ("", ".", "..") or part.startswith((".", "-")) for part in parts):
            said = f"{repo.name!r} is no name for a directory of results"
            raise ConfigError(said, manifest, line)
        if any(ord(c) < 32 or c in '\\:*?"<>|' for c in repo.name):
            raise ConfigError(f"{repo.name!r} holds what no file name may", manifest, line)
        key = repo.name.lower()
        if key in seen:
            first = seen[key]
            at = f" (the first is on line {first.line})" if first.line else ""
            raise ConfigError(f"a second repo of the name {repo.name!r}{at}", manifest, line)
        folded = key.split("/")
        around = ["/".join(folded[:number]) for number in range(1, len(folded))]
        if other := next((seen[p] for p in around if p in seen), above.get(key)):
            said = f"{repo.name!r} and {other.name!r} cannot both be directories of results"
            raise ConfigError(said, manifest, line)
        seen[key] = repo
        above.update(dict.fromkeys(around, repo))
        if repo.publish in ("push", "github", "gitlab"):
            there = place(repo.push_url or repo.source)
            branch = (there.host, there.path.lower(), repo.branch)
            if (first := branches.setdefault(branch, repo)) is not repo:
                said = f"{repo.name!r} would overwrite the branch {repo.branch!r} of {first.name!r}"
                raise ConfigError(f"{said}: give it another branch", manifest, line)
        yield repo
