"""Which files a run looks at: what git lists, or a walk, narrowed by settings and a byte prefilter.

Everything here works on names and raw bytes; nothing is decoded or parsed. Paths are strings
relative to the root, with forward slashes; bytes that are not UTF-8 are surrogate escapes.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import re
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eventlet_codemod.ledger import FileEntry, FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set

    import pathspec

    from eventlet_codemod.config import Settings

    _IgnoreSpec = tuple[str, pathspec.GitIgnoreSpec]  # the directory it stands in, and its rules

#: What is skipped by default: trees that tools made, never the project's own sources. In a git
#: work tree this list applies to untracked files only; what git tracks is there on purpose.
DEFAULT_EXCLUDE: tuple[str, ...] = (
    ".bzr/",
    ".direnv/",
    ".eggs/",
    ".git/",
    ".hg/",
    ".hypothesis/",
    ".ipynb_checkpoints/",
    ".mypy_cache/",
    ".nox/",
    ".pytest_cache/",
    ".pytype/",
    ".ruff_cache/",
    ".stestr/",
    ".svn/",
    ".tox/",
    ".venv/",
    "*.egg-info/",
    "__pycache__/",
    "__pypackages__/",
    "build/",
    "dist/",
    "node_modules/",
    "site-packages/",
    "venv/",
)

_GREEN_WORDS = (
    b"greenlet",
    b"greenthread",
    b"GreenThread",
    b"GreenFuture",
    b"Greenlet",
    b"GreenPool",
    b"GreenPile",
    b"SynchronousExecutor",  # futurist's, with green=True
)

#: The words of which a file must hold one to be looked at. Those other than "eventlet" count only
#: beside "reen", which is in most of them anyway: one cheap search in place of eight. A file
#: without any may be found by what stands beside "oslo_service".
PREFILTER: tuple[bytes, ...] = (b"eventlet", *_GREEN_WORDS)

_GIT_TIMEOUT = 120.0
#: Set in a git hook, they would turn every repository into the hook's own.
_GIT_LOCAL = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_WORK_TREE",
    }
)
_CHUNK = 1 << 20
_FEW_WORDS = 8
_PROJECT_FILES = ("pyproject.toml", "setup.cfg", "setup.py")
_VENV = "pyvenv.cfg"
_PLAIN_NAME = re.compile(r"[\w.*?+-]+/?")
_PYTHON_SUFFIXES = (".py", ".pyi")
_SHEBANG = re.compile(rb"#![^\r\n]*python")
_IDENTIFIER = re.compile(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*")
_OPEN_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK  # a FIFO must not hold us up


class DiscoveryError(Exception):
    """The request itself cannot be met: a path that is not there, an unknown git revision."""


@dataclass(frozen=True, slots=True)
class Discovered:
    """What `discover` found.

    ``files`` are the Python files that mention eventlet, sorted; ``seen`` counts all Python files
    looked at; ``failed`` are those that could not be read, ready for the ledger. ``note`` says why
    git was not asked where one would expect it to be.
    """

    files: tuple[str, ...]
    seen: int
    failed: tuple[FileEntry, ...] = ()
    note: str = ""


#: Modules of oslo.service that need eventlet, as they are imported or named.
_OSLO = re.compile(
    rb"oslo_service(?:\.|[ \t]+import[ \t]*(?:\([^)]*?|[^\n(]*?))\b(?:fixture|wsgi)\b"
)

#: Words beside `oslo_service` of code that may run differently on its threading backend.
_BACKEND_WORDS = (b"add_thread", b"Launcher", b"launch", b"thread_pool_size")

#: A looping call, most of which are waited for where they start.
_LOOPS = re.compile(rb"LoopingCall\((?s:.*?)\.start\((?:[^()]|\([^()]*\))*\)(?!\s*\.wait\(\)\s)")


def mentions_eventlet(data: bytes | bytearray, settings: Settings | None = None) -> bool:
    """Say whether ``data`` holds a word of `PREFILTER`, or a module that needs eventlet.

    Where the settings choose another backend for oslo.service, what may differ there counts too.
    """
    if b"eventlet" in data or (b"reen" in data and any(word in data for word in _GREEN_WORDS)):
        return True
    if b"heartbeat_in_pthread" in data:  # an option of oslo.messaging
        return True
    if settings is not None and settings.declared.may_matter(data):
        return True
    cotyledon = settings is not None and settings.services == "cotyledon"
    backend = settings is not None and settings.monkey_patch in ("init-backend", "switch")
    if backend and b".tg.add_thread" in data:
        return True
    if b"oslo_service" not in data:
        return False
    if cotyledon and (b"Service" in data or b"launch" in data):
        return True
    if backend and (any(word in data for word in _BACKEND_WORDS) or _LOOPS.search(data)):
        return True
    return names_oslo_module(data)


def holding(words: Collection[str]) -> Callable[[bytes], bool]:
    """Say of what a file holds whether one of ``words`` is in it; without any, all are."""
    wanted = [word.encode() for word in words]

    def holds(data: bytes) -> bool:
        return not wanted or any(word in data for word in wanted)

    return holds


def names_oslo_module(data: bytes | bytearray) -> bool:
    """Say whether ``data`` names a module that oslo.service has for eventlet only."""
    return b"oslo_service" in data and _OSLO.search(data) is not None


def find_root(start: str | os.PathLike[str]) -> Path:
    """Find the project that ``start`` (a file or a directory) belongs to.

    That is the git work tree around it, else the nearest directory upwards with pyproject.toml,
    setup.cfg or setup.py, else the directory itself.
    """
    path = Path(os.path.realpath(start))
    directory = path if path.is_dir() else path.parent
    if top := _git_top(directory):
        return top
    for candidate in (directory, *directory.parents):
        if any((candidate / name).is_file() for name in _PROJECT_FILES):
            return candidate
    return directory


def discover(
    root: Path,
    paths: Sequence[str | os.PathLike[str]],
    settings: Settings,
    *,
    only: Collection[str] | None = None,
    wanted: Callable[[bytes], bool] | None = None,
) -> Discovered:
    """Find the Python files under ``paths`` that mention eventlet, or are ``wanted``.

    ``paths`` are files and directories inside ``root``, absolute or relative to the current
    directory; none means all of ``root``. A file named there is always taken, whatever its suffix
    and the settings. ``only`` (relative to ``root``, from `files_changed_since` or
    `parse_file_list`) narrows what the directories hold. Raises DiscoveryError for a path that
    does not exist or lies outside ``root``; what cannot be read is reported in the result.
    """
    tree = _Tree(root, settings)
    directories, named = _sort_arguments(tree.top, paths)
    names: set[str] = set()
    for directory in directories:
        names |= tree.list_files(directory)
    if only is not None:
        names.intersection_update(only)
    files = {
        name
        for name, data in tree.read_python(names, named)
        # git goes on listing what it tracks when a directory on the way has become a link.
        if (wanted(data) if wanted is not None else mentions_eventlet(data, settings))
        and (name in named or tree.is_real(name))
    }
    return Discovered(
        files=tuple(sorted(files)),
        seen=tree.seen,
        failed=tuple(tree.failed[path] for path in sorted(tree.failed)),
        note=tree.note,
    )


def project_files(root: Path, settings: Settings) -> tuple[str, ...]:
    """List the regular files of the project, Python or not, that the settings do not exclude."""
    names = _Tree(root, settings).list_files("")
    # git lists submodules, links and deleted files as well.
    return tuple(sorted(name for name in names if _is_regular(root / name)))


def every_file(root: Path) -> tuple[str, ...]:
    """All files of a project, relative to ``root``: those that git has or would add, else all."""
    if _git_top(root) is not None:
        names = _git(str(root), "ls-files", "-co", "--exclude-standard", "-z")
        return tuple(sorted(_split_names(names)))
    found = (Path(top, name) for top, _, names in os.walk(root) for name in names)
    return tuple(sorted(path.relative_to(root).as_posix() for path in found))


def python_files(root: Path, settings: Settings) -> Iterator[tuple[str, bytes]]:
    """Yield the Python files of the project, with what they hold."""
    tree = _Tree(root, settings)
    yield from tree.read_python(tree.list_files(""), frozenset())


def project_mentions(
    root: Path, words: frozenset[str], settings: Settings
) -> dict[str, frozenset[str]]:
    """Find, for each identifier in ``words``, the Python files that hold it as a whole word.

    The whole project is read once. Comments and strings count: the answer errs towards "used".
    """
    wanted = {word.encode("utf-8", "surrogateescape"): word for word in words}
    found: dict[str, set[str]] = {word: set() for word in words}
    tree = _Tree(root, settings)
    for name, data in tree.read_python(tree.list_files(""), frozenset()):
        # A literal search costs 1/30 of taking the file apart, so it pays for a few words.
        if len(wanted) <= _FEW_WORDS and not any(word in data for word in wanted):
            continue
        for word in wanted.keys() & set(_IDENTIFIER.findall(data)):
            found[wanted[word]].add(name)
    return {word: frozenset(files) for word, files in found.items()}


def local_modules(root: Path) -> frozenset[str]:
    """Name the modules and packages in ``root`` or ``root/src``, which an import may find first."""
    names = set()
    for directory in (root, root / "src"):
        with contextlib.suppress(OSError), os.scandir(directory) as entries:
            for entry in entries:
                stem, suffix = os.path.splitext(entry.name)  # noqa: PTH122
                if suffix == ".py":
                    names.add(stem)
                elif os.path.isfile(os.path.join(entry.path, "__init__.py")):  # noqa: PTH113, PTH118
                    names.add(entry.name)
    return frozenset(filter(str.isidentifier, names))


def files_changed_since(root: Path, ref: str) -> tuple[str, ...]:
    """List the files that differ from commit ``ref`` in the work tree, and the untracked ones.

    Relative to ``root`` and only inside it; deleted files are left out. Raises DiscoveryError.
    """
    top = os.path.realpath(root)
    if not ref or ref.startswith("-"):  # git would take it for an option
        raise DiscoveryError(f"not a git revision: {ref!r}")
    if not _git_top(Path(top)):
        raise DiscoveryError(f"not a git work tree: {top}")
    try:
        commit = _git(top, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").decode()
        changed = _git(
            top,
            *("diff", "--name-only", "-z", "--no-renames", "--diff-filter=d", "--relative"),
            *("--no-ext-diff", "--ignore-submodules=all", commit.strip(), "--"),
        )
        untracked = _git(top, "ls-files", "-o", "--exclude-standard", "-z")
    except _GitError as error:
        reason = str(error) or f"there is no commit {ref!r}"
        raise DiscoveryError(f"git cannot tell what changed since {ref!r}: {reason}") from error
    return tuple(sorted(_split_names(changed) | _split_names(untracked)))


def parse_file_list(data: bytes, root: Path) -> tuple[str, ...]:
    """Read a list of paths, separated by NUL if there is one, else by newlines.

    Paths are absolute or relative to the current directory; the result is relative to ``root``.
    Files that are gone are left out, since a list of changes names deleted files too. Raises
    DiscoveryError for one outside ``root``.
    """
    top = os.path.realpath(root)
    separator = b"\0" if b"\0" in data else b"\n"
    names = set()
    for item in data.split(separator):
        path = os.fsdecode(item if separator == b"\0" else item.removesuffix(b"\r"))
        if not path or not os.path.lexists(path):
            continue
        name = _relative(top, _place(path))
        if name is None:
            raise DiscoveryError(f"{path}: outside the project root {top}")
        names.add(name)
    return tuple(sorted(names))


class _GitError(Exception):
    """git cannot be run, or refuses: its own words, if it has any."""


class _Tree:
    """The files of one project, while they are listed and read."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self.top = os.path.realpath(root)
        self._slash = self.top.rstrip("/") + "/"
        self.seen = 0
        self.failed: dict[str, FileEntry] = {}
        self.note = ""
        self._real: dict[str, bool] = {}
        builtin = settings.exclude == DEFAULT_EXCLUDE
        chosen = settings.extend_exclude if builtin else settings.exclude + settings.extend_exclude
        self._unwanted = path_matcher(chosen)
        self._generated = path_matcher(DEFAULT_EXCLUDE if builtin else ())
        self._included = path_matcher(settings.include) if settings.include else None
        last_parts = (pattern.rstrip("/").rpartition("/")[2] for pattern in settings.include)
        self._names_files = path_matcher(
            tuple(part for part in last_parts if "." in part and not part.startswith("!"))
        )

    def list_files(self, directory: str) -> set[str]:
        """List the files below ``directory`` ("" for all), without what settings exclude."""
        prefix = directory and f"{directory}/"
        unwanted = _inside(prefix, self._unwanted)
        generated = _inside(prefix, self._generated)
        names = self._list_with_git(prefix, generated)
        if not names:  # not git's, or a directory that git ignores but the user asks for
            names = self._walk(prefix, lambda name: unwanted(name) or generated(name))
        if self._unwanted is not _never:
            names = {name for name in names if not unwanted(name)}
        return {prefix + name for name in names} if prefix else names

    def read_python(self, names: Set[str], named: Set[str]) -> Iterator[tuple[str, bytes]]:
        """Read what is Python among ``names``, and all of ``named``; each file once."""
        links: list[str] = []
        taken: set[str] = set()
        for name in sorted(names | named):
            is_named = name in named
            python = is_named or self._is_python(name)
            if python is False:
                continue
            try:
                data = _read_python(f"{self._slash}{name}", certain=bool(python), follow=is_named)
            except OSError as error:
                if error.errno == errno.ELOOP and not is_named:
                    links.append(name)
                elif python and error.errno not in (errno.ENOENT, errno.ENOTDIR):  # deleted
                    self._fail(name, error)
                continue
            if data is not None:
                taken.add(name)
                self.seen += 1
                yield name, data
        for link in links:
            # The link's target stands for it: a patch cannot change a file through a link.
            target = self._link_target(link)
            if target is None or target in taken:
                continue
            taken.add(target)
            certain = link.endswith(_PYTHON_SUFFIXES) or bool(self._is_python(target))
            try:
                data = _read_python(f"{self._slash}{target}", certain=certain, follow=False)
            except OSError as error:
                self._fail(target, error)
                continue
            if data is not None:
                self.seen += 1
                yield target, data

    def is_real(self, name: str) -> bool:
        """Say whether no directory on the way to ``name`` is a link."""
        parent = (self._slash + name).rpartition("/")[0]
        if parent not in self._real:
            self._real[parent] = not parent or os.path.realpath(parent) == parent
        return self._real[parent]

    def _is_python(self, name: str) -> bool | None:
        """Judge by the name; None means that mode and first line must tell."""
        if self._included and not self._included(name):
            return False
        base = name.rpartition("/")[2]
        if base.endswith(_PYTHON_SUFFIXES) or self._names_files(base):
            return True
        return None if "." not in base else False

    def _list_with_git(self, prefix: str, generated: Callable[[str], bool]) -> set[str] | None:
        directory = self._slash + prefix
        if not _git_top(Path(directory)):
            return None
        try:
            names = _split_names(_git(directory, "ls-files", "-co", "--exclude-standard", "-z"))
            directories = {name.rpartition("/")[0] + "/" for name in names if "/" in name}
            venvs = {name[: -len(_VENV)] for name in names if name.endswith(f"/{_VENV}")}
            suspects = (*venvs, *filter(generated, directories))
            if made := {name for name in names if name.startswith(suspects)}:
                names -= made - _split_names(_git(directory, "ls-files", "-z"))
        except _GitError as error:
            self.note = f"the directories were walked, since git cannot list them: {error}"
            return None
        return names

    def _walk(self, prefix: str, excluded: Callable[[str], bool]) -> set[str]:
        names: set[str] = set()
        pending = [("", self._ignore_specs_above(prefix))]
        while pending:
            below, specs = pending.pop()
            here = prefix + below
            try:
                with os.scandir(f"{self._slash}{here}") as found:
                    entries = {entry.name: entry for entry in found}
            except OSError as error:
                self._fail(here.rstrip("/") or ".", error)
                continue
            if below and _VENV in entries:
                continue
            if ".gitignore" in entries:
                specs = [*specs, *self._ignore_spec(here)]
            for entry in entries.values():
                is_directory = entry.is_dir(follow_symlinks=False)
                name = below + entry.name + "/" * is_directory
                if excluded(name) or _is_ignored(prefix + name, specs):
                    continue
                if is_directory:
                    pending.append((name, specs))
                elif entry.is_file(follow_symlinks=False) or entry.is_symlink():
                    names.add(name)
        return names

    def _ignore_specs_above(self, prefix: str) -> list[_IgnoreSpec]:
        parts = prefix.split("/")[:-1]
        above = ["/".join([*parts[:depth], ""]) for depth in range(len(parts))]
        specs = [spec for directory in above for spec in self._ignore_spec(directory)]
        # Where they hide the directory that is asked for, they have nothing to say inside it.
        hidden = any(_is_ignored(f"{directory}", specs) for directory in [*above[1:], prefix])
        return [] if hidden else specs

    def _ignore_spec(self, directory: str) -> list[_IgnoreSpec]:
        try:
            data = Path(self.top, directory, ".gitignore").read_bytes()
        except OSError:
            return []
        text = os.fsdecode(data.removeprefix(b"\xef\xbb\xbf"))
        return [(directory, _git_ignore_spec(text.split("\n")))]

    def _link_target(self, link: str) -> str | None:
        """Give the file inside the root that ``link`` leads to, if there is one that is wanted."""
        path = os.path.realpath(f"{self._slash}{link}")
        name = _relative(self.top, path)
        if not name or not os.path.isfile(path):  # noqa: PTH113
            return None
        return None if self._unwanted(name) or self._generated(name) else name

    def _fail(self, name: str, error: OSError) -> None:
        message = error.strerror or type(error).__name__
        self.failed[name] = FileEntry(
            path=name, status="failed", error=FileError(kind="unreadable", message=message)
        )


@functools.lru_cache(maxsize=64)
def path_matcher(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """Compile gitignore-style ``patterns`` to a test of relative paths (directories end in "/").

    Raises ValueError for a pattern that is none.
    """
    if not patterns:
        return _never
    if all(map(_PLAIN_NAME.fullmatch, patterns)):
        # Names at any depth, as nearly all are: one regex, and pathspec need not be imported.
        names = (
            re.escape(pattern.rstrip("/")).replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
            + ("/" if pattern.endswith("/") else "(?:/|$)")
            for pattern in patterns
        )
        search = re.compile(f"(?:^|/)(?:{'|'.join(names)})").search
        return lambda path: search(path) is not None
    return _git_ignore_spec(patterns).match_file


def _never(_path: str) -> bool:
    return False


def _git_ignore_spec(lines: Iterable[str]) -> pathspec.GitIgnoreSpec:
    import pathspec  # 40 ms, and a git work tree seldom needs it

    return pathspec.GitIgnoreSpec.from_lines(lines)


def _is_ignored(path: str, specs: Sequence[_IgnoreSpec]) -> bool:
    for base, spec in reversed(specs):  # the nearest .gitignore has the last word
        include = spec.check_file(path[len(base) :]).include
        if include is not None:
            return include
    return False


def _inside(prefix: str, matches: Callable[[str], bool]) -> Callable[[str], bool]:
    """Make a test of paths below ``prefix``; patterns that hit ``prefix`` itself do not count."""
    base = "" if prefix and matches(prefix) else prefix
    return lambda name: matches(base + name)


def _sort_arguments(
    top: str, paths: Sequence[str | os.PathLike[str]]
) -> tuple[list[str], set[str]]:
    """Sort ``paths`` into directories and files, relative to ``top``."""
    directories: set[str] = set()
    files: set[str] = set()
    for path in paths or (top,):
        real = os.path.realpath(path)
        try:
            mode = os.stat(real).st_mode  # noqa: PTH116
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise DiscoveryError(f"{os.fspath(path)}: {reason}") from error
        if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
            raise DiscoveryError(f"{os.fspath(path)}: neither a file nor a directory")
        relative = _relative(top, real)
        if relative is None and stat.S_ISREG(mode):  # a link may lead outside if it is named
            relative = _relative(top, _place(path))
        if relative is None:
            raise DiscoveryError(f"{os.fspath(path)}: outside the project root {top}")
        (directories if stat.S_ISDIR(mode) else files).add(relative)
    return sorted(directories), files


def _place(path: str | os.PathLike[str]) -> str:
    """Make ``path`` absolute and follow links, except one that it is itself."""
    parent, name = os.path.split(os.path.abspath(path))  # noqa: PTH100
    return os.path.join(os.path.realpath(parent), name)  # noqa: PTH118


def _relative(top: str, path: str) -> str | None:
    """Give ``path`` relative to ``top``, "" for ``top`` itself, None if it is outside."""
    if path == top:
        return ""
    prefix = top.rstrip("/") + "/"
    return path[len(prefix) :] if path.startswith(prefix) else None


def _read_python(path: str, *, certain: bool, follow: bool) -> bytes | None:
    """Read a regular file; None if it is not one or, unless ``certain``, no Python script."""
    descriptor = os.open(path, _OPEN_FLAGS if follow else _OPEN_FLAGS | os.O_NOFOLLOW)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return None
        if not certain and not (
            status.st_mode & 0o111 and _SHEBANG.match(os.pread(descriptor, 128, 0))
        ):
            return None
        data = os.read(descriptor, status.st_size + 1)
        if len(data) == status.st_size:
            return data
        parts = [data]  # a short read, or the file grows as we look
        while part := os.read(descriptor, _CHUNK):
            parts.append(part)
        return b"".join(parts)
    finally:
        os.close(descriptor)


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _git_top(directory: Path) -> Path | None:
    """Find the work tree around ``directory`` without asking git, which may be absent."""
    for candidate in (directory, *directory.parents):
        dot_git = candidate / ".git"
        if dot_git.is_file() or (dot_git / "HEAD").exists():
            return candidate
    return None


def _split_names(output: bytes) -> set[str]:
    return set(filter(None, os.fsdecode(output).split("\0")))


def _git(directory: str, *arguments: str) -> bytes:
    """Run git so that it only reads: no hooks, no monitor, no prompt, no lock taken."""
    environment = {key: value for key, value in os.environ.items() if key not in _GIT_LOCAL}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"]
    try:
        done = subprocess.run(
            [*command, *arguments],
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_GIT_TIMEOUT,
        )
    except subprocess.TimeoutExpired as error:
        raise _GitError(f"no answer within {_GIT_TIMEOUT:.0f} seconds") from error
    except OSError as error:
        raise _GitError(f"git cannot be run ({error.strerror})") from error
    if done.returncode:
        raise _GitError(os.fsdecode(done.stderr).strip().partition("\n")[0])
    return done.stdout
