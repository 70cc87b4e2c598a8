"""What one file cannot tell: facts about the project around it, gathered once per run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from eventlet_codemod.declared import Declared
from eventlet_codemod.facts.api import SUBMODULES, TIMEOUT, canonical
from eventlet_codemod.facts.scopes import Walker, parse
from eventlet_codemod.facts.uses import Use, find_uses

#: What `eventlet.monkey_patch()` may patch; those in _OPT_IN only when named.
PATCHABLE = frozenset({"os", "select", "socket", "thread", "time", "subprocess", "psycopg"})
_OPT_IN = frozenset({"MySQLdb", "builtins"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where objects are made that another file does something to: ``(line, column)`` in a file."""

    path: str
    places: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Move:
    """What became of a name of eventlet in one module.

    ``native`` is the dotted name that the module uses in its place, "" where that is no single
    name; ``local`` is how its code spells that. ``stays``: some of its uses of eventlet stay.
    ``stars`` are those that all of its calls have (``*``, ``**``).
    """

    native: str = ""
    local: str = ""
    stays: bool = False
    stars: frozenset[str] = field(default=frozenset(), compare=False)

    def member(self, tail: str) -> Move:
        """What became of an attribute, if it is still called ``tail``."""
        if not self.native:
            return self
        return Move(f"{self.native}.{tail}", f"{self.local}.{tail}" if self.local else "")


@dataclass(frozen=True, slots=True)
class Project:
    """Facts about the project around a file.

    ``patched`` names what `monkey_patch` patches somewhere in the project, as its keyword
    arguments do ("thread" stands for threading and queue). ``unbridged`` maps such a name to the
    reason why a native call of its kind must not appear yet: it is not patched, and green threads
    remain that it would block. ``blocked`` maps a step to what stands before it. ``incoming`` tells
    of a file which objects come to it from others, ``held`` of an object (by its `Handle.id`) why
    it stays although this file could change. ``shims`` maps names that modules of the project pass
    on, such as ``pkg.concurrency.spawn``, to what they are in eventlet; nobody takes the
    ``retired`` ones any more. ``moves`` tells by dotted module, and canonical name of eventlet,
    what the run puts in its place there. ``chooses_backend`` says that the threading backend of
    oslo.service takes the place of patching: what differs in it counts as a use then.
    ``takes_cotyledon``: services become cotyledon's. ``declared`` is what codemods say of names;
    these are among the ``shims``. ``timeouts`` are classes of the project that derive from Timeout.
    """

    root: Path | None = None
    patched: frozenset[str] = PATCHABLE
    local_modules: frozenset[str] = frozenset()
    unbridged: Mapping[str, str] = field(default_factory=dict)
    blocked: Mapping[int, str] = field(default_factory=dict)
    incoming: Mapping[str, tuple[Origin, ...]] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    shims: Mapping[str, str] = field(default_factory=dict)
    timeouts: frozenset[str] = frozenset()
    retired: frozenset[str] = frozenset()
    moves: Mapping[str, Mapping[str, Move]] = field(default_factory=dict)
    chooses_backend: bool = False
    takes_cotyledon: bool = False
    declared: Declared = field(default_factory=Declared)

    def hiding_modules(self, path: str) -> frozenset[str]:
        """Modules of the project that an ``import`` in the file ``path`` finds before others.

        Those at the top of the project and, for a script, those beside it.
        """
        if self.root is None:
            return self.local_modules
        directory = (self.root / path).parent
        if (directory / "__init__.py").exists():
            return self.local_modules
        try:
            beside = {entry.stem for entry in directory.iterdir() if entry.suffix == ".py"}
        except OSError:
            beside = set()
        return self.local_modules | (beside - {Path(path).stem})

    def mentions(self, words: frozenset[str], path: str) -> dict[str, tuple[str, ...]]:
        """For each identifier, the other files of the project that hold it."""
        if self.root is None or not words:
            return {}
        found = {word: _mentions(self.root, word) - {path} for word in words}
        return {word: tuple(sorted(files)) for word, files in found.items() if files}

    def holds(self, path: str, words: Iterable[str]) -> bool:
        """Whether another file of the project holds one of some identifiers."""
        return self.root is not None and any(_holds(self.root, path, word) for word in words)

    def naming(self, api: str) -> frozenset[str]:
        """The files that may refer to a name of eventlet, as far as their words tell."""
        if self.root is None:
            return frozenset()
        head, _, tail = api.partition(".")
        if head == "oslo_service":
            return _naming_oslo(self.root) & _mentions(self.root, tail)
        found = _mentions(self.root, head) & _mentions(self.root, api.rpartition(".")[2])
        return found.union(*map(self.naming_class, self.timeouts)) if api == TIMEOUT else found

    def naming_class(self, name: str) -> frozenset[str]:
        """The files that may refer to a class of the project, as far as their words tell."""
        home = self.path_of(name.rpartition(".")[0])
        return frozenset([*self.takers_of(name, home), home]) if home is not None else frozenset()

    def takes_from(self, path: str, name: str) -> bool:
        """Whether other code of the project takes ``name`` from the module at ``path``.

        By ``from module import name`` or as ``module.name``. Tests do not count: what they patch
        is reported where it stands.
        """
        return self.root is not None and _takes_from(self.root, path, name)

    def shims_in(self, text: str) -> dict[str, str]:
        """Those of `shims` that a file with this text may take."""
        return {
            name: path
            for name, path in self.shims.items()
            if all(part in text for part in name.split(".")[-2:])
        }

    def timeouts_in(self, text: str) -> list[str]:
        """Those of `timeouts` that a file with this text may refer to."""
        return [name for name in sorted(self.timeouts) if name.rpartition(".")[2] in text]

    def has_moved(self, path: str) -> bool:
        """Whether ``path`` is a name that a module took from eventlet, and has from elsewhere now.

        This asks of a name in a string, such as ``pkg.mod.subprocess.Popen``.
        """
        parts = path.split(".")
        for end in range(len(parts), 1, -1):
            api = self.shims.get(".".join(parts[:end]))
            if api is not None:
                move = self.moves.get(".".join(parts[: end - 1]), {}).get(canonical(api), Move())
                return bool(move.native) and move.local.partition(".")[0] == parts[end - 1]
        return False

    def takers_of(self, shim: str, path: str) -> list[str]:
        """The files that may take a shim from the module at ``path``: those that name both."""
        *_, tail, name = ["", *shim.split(".")]
        found = self.mentions(frozenset({tail, name}), path)
        return sorted({*found.get(tail, ())} & {*found.get(name, ())})

    def is_starred_on(self, shim: str) -> bool:
        """Whether a file that does not name a shim may pass it on by ``from module import *``."""
        module = shim.rpartition(".")[0]
        home, tail = self.path_of(module), module.rpartition(".")[2]
        if home is None:
            return False
        files = {*self.mentions(frozenset({tail}), home).get(tail, ())}
        star = rf"\bfrom[ \t]+[.\w]*\b{re.escape(tail)}[ \t]+import[ \t]*\*"
        return any(self.matches(path, star) for path in files - {*self.takers_of(shim, home)})

    def reads(self, path: str) -> str:
        """The text of another file of the project, for a look at what it mentions."""
        return _text(self.root, path) if self.root is not None else ""

    def matches(self, path: str, pattern: str) -> bool:
        """Whether a regular expression matches somewhere in another file of the project."""
        return self.root is not None and _matches(self.root, path, pattern)

    def deriving_from(self, name: str) -> frozenset[str]:
        """The files with a class that may derive from one called ``name``, or renamed from it."""
        return _derivers(self.root).get(name, frozenset()) if self.root is not None else frozenset()

    def defining(self, name: str) -> frozenset[str]:
        """The files with a function or method of that name."""
        return _definers(self.root).get(name, frozenset()) if self.root is not None else frozenset()

    def has_module(self, name: str) -> bool:
        """Whether ``name`` is a module or package of the project itself."""
        return self.path_of(name) is not None

    def may_hold(self, top: str) -> bool:
        """Whether a directory or file of the project, at whatever depth, has the name of a module.

        Code that runs with a directory on its path imports from there.
        """
        return self.root is not None and top in _stems(self.root)

    def path_of(self, name: str) -> str | None:
        """The file that is imported as the module or package ``name``, if the project has it."""
        if self.root is None or not all(part.isidentifier() for part in name.split(".")):
            return None
        return _path_of(self.root, name)


def is_test(path: str) -> bool:
    """Whether a file belongs to tests, as far as its path tells."""
    parts = path.split("/")
    return "tests" in parts or "test" in parts or parts[-1].startswith("test_")


@lru_cache(maxsize=1)
def _corpus(root: Path) -> dict[str, bytes]:
    """Every Python file of the project, read once."""
    from eventlet_codemod.config import Settings
    from eventlet_codemod.discovery import python_files

    return dict(python_files(root, Settings()))


@lru_cache(maxsize=1)
def _stems(root: Path) -> frozenset[str]:
    """The names of all directories and files that hold Python."""
    paths = (path.removesuffix(".py") for path in _corpus(root))
    return frozenset(part for path in paths for part in path.split("/"))


@lru_cache(maxsize=4096)
def _path_of(root: Path, name: str) -> str | None:
    tail = name.replace(".", "/")
    for base in ("", "src/"):
        for path in (f"{base}{tail}.py", f"{base}{tail}/__init__.py"):
            if (root / path).is_file():
                return path
    return None


@lru_cache(maxsize=4096)
def _takes_from(root: Path, path: str, name: str) -> bool:
    module = path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
    tail, word = (text.encode("utf-8", "surrogateescape") for text in (module, name))
    dotted, imported = b"%s.%s" % (tail, word), b"%s import" % tail
    form = re.compile(
        rb"(?m)^[ \t]*from[ \t]+[\w.]*\b%s[ \t]+import[ \t]*(?:\([^)]*|[^\n(]*)(?<!\bas )\b%s\b|"
        rb"^[^#'\"\n]*\b%s\.%s\b"
        % (re.escape(tail), re.escape(word), re.escape(tail), re.escape(word))
    )
    return any(
        (dotted in data or imported in data) and form.search(data) is not None
        for other, data in _corpus(root).items()
        if other != path and not is_test(other)
    )


@lru_cache(maxsize=512)
def _text(root: Path, path: str) -> str:
    data = _corpus(root).get(path)
    if data is None:
        data = (root / path).read_bytes()
    return data.decode(errors="replace")


@lru_cache(maxsize=1)
def _derivers(root: Path) -> dict[str, frozenset[str]]:
    """For each word among the bases of a class, or renamed by an import, the files."""
    found: dict[str, set[str]] = {}
    for path, data in _corpus(root).items():
        bases = re.findall(rb"class[ \t]+\w+[ \t]*\(([^)]*)\)", data)
        for match in re.finditer(rb"[ \t]as[ \t]", data):
            line = data.rfind(b"\n", 0, match.start()) + 1
            bases += data[line : match.start()].split()[-1:]
        for word in re.findall(rb"[^\W\d]\w*", b" ".join(set(bases))):
            found.setdefault(word.decode(errors="replace"), set()).add(path)
    return {word: frozenset(files) for word, files in found.items()}


@lru_cache(maxsize=1)
def _definers(root: Path) -> dict[str, frozenset[str]]:
    """For each name of a function or method, the files that define one."""
    found: dict[str, set[str]] = {}
    for path, data in _corpus(root).items():
        for word in set(re.findall(rb"def[ \t]+(\w+)", data)):
            found.setdefault(word.decode(errors="replace"), set()).add(path)
    return {word: frozenset(files) for word, files in found.items()}


@lru_cache(maxsize=65536)
def _matches(root: Path, path: str, pattern: str) -> bool:
    return re.search(pattern, _text(root, path)) is not None


@lru_cache(maxsize=4096)
def _mentions(root: Path, word: str) -> frozenset[str]:
    """The files that hold ``word`` as a whole word, comments and strings included."""
    literal = word.encode("utf-8", "surrogateescape")
    return frozenset(
        path for path, data in _corpus(root).items() if literal in data and _holds(root, path, word)
    )


@lru_cache(maxsize=1)
def _naming_oslo(root: Path) -> frozenset[str]:
    """The files that name a module which oslo.service has for eventlet only."""
    from eventlet_codemod.discovery import names_oslo_module

    return frozenset(path for path, data in _corpus(root).items() if names_oslo_module(data))


@lru_cache(maxsize=65536)
def _holds(root: Path, path: str, word: str) -> bool:
    literal = word.encode("utf-8", "surrogateescape")
    data = _corpus(root).get(path, b"")
    place = data.find(literal)
    while place >= 0:  # several times as fast as an expression with word boundaries
        stop = place + len(literal)
        if not _WORD.match(data[place - 1 : place]) and not _WORD.match(data[stop : stop + 1]):
            return True
        place = data.find(literal, stop)
    return False


_WORD = re.compile(rb"\w")


def forget_files() -> None:
    """Read the files of a project anew from now on."""
    for cached in (
        *(_corpus, _stems, _path_of, _takes_from, _text, _derivers, _definers),
        *(_matches, _mentions, _naming_oslo, _holds),
    ):
        cached.cache_clear()


_FROM_EVENTLET = re.compile(
    r"(?m)^from[ \t]+(eventlet(?:\.\w+)*|oslo_service(?:\.wsgi)?)[ \t]+import[ \t]*"
    r"(\([^)]*\)|[^\n#\\]*)"
)


_TELL_NOTHING = frozenset({"wsgi", "semaphore", "queue", "event", "lock", "timeout", "pools"})


def passed_on(path: str, text: str) -> dict[str, str]:
    """The functions and classes of eventlet that a module imports, by the name it offers them by.

    ``{"pkg.concurrency.spawn": "eventlet.spawn"}``. Submodules do not count, but for those by
    way of which tests patch what they have, and whose name tells nothing: `wsgi`, of oslo.service
    as well, `semaphore`, `queue` and the like.
    """
    from eventlet_codemod.facts.module import dotted_name

    found: dict[str, str] = {}
    for match in _FROM_EVENTLET.finditer(text) if not is_test(path) else ():
        for item in re.sub(r"#[^\n]*", "", match[2]).strip("()").split(","):
            name, _, alias = item.partition(" as ")
            plain = name.strip()
            counts = plain.isidentifier() and plain not in SUBMODULES
            if plain in _TELL_NOTHING or (counts and match[1] != "oslo_service"):
                local = alias.strip() or plain
                found[f"{dotted_name(path)}.{local}"] = f"{match[1]}.{plain}"
    return found


def patched_by(
    sources: Iterable[tuple[str, str]], switches: Mapping[str, str] | None = None
) -> frozenset[str]:
    """What the ``(path, text)`` files of a project monkey-patch, all their calls together.

    ``switches`` gives, by path, functions of the project that pass on what they are called with,
    such as ``pkg.monkey_patch.patch``: their callers say what is patched.
    """
    from eventlet_codemod.facts.module import package_name

    through = dict.fromkeys((switches or {}).values(), "eventlet.patcher.monkey_patch")
    patched: set[str] = set()
    for path, text in sources:
        if path in (switches or {}):
            continue
        try:
            tree = parse(text)
        except (SyntaxError, ValueError, RecursionError):
            continue  # the run itself reports this file
        walker = Walker(tree, text)
        for use in find_uses(walker, shims=through, package=package_name(path)).uses:
            if use.api == "eventlet.patcher.monkey_patch" and use.kind != "string":
                patched |= _patched_by_call(use)
    return frozenset(patched)


def _patched_by_call(use: Use) -> frozenset[str]:
    """The arguments decide, as in eventlet: naming anything true turns the others off."""
    if use.call is None:
        return PATCHABLE  # passed on: it may be called with anything
    given = {item.arg: _truth(item.value) for item in use.call.keywords}
    if None in given:
        return PATCHABLE
    default = given.pop("all", None)
    if default is None:
        default = True not in given.values()
    on = {name for name in PATCHABLE if given.get(name, default) is not False}
    return frozenset(on | {name for name in _OPT_IN if given.get(name)})


def _truth(node: ast.expr) -> bool:
    """The truth of an argument; one that is computed counts as on, as it is in production."""
    return bool(node.value) if isinstance(node, ast.Constant) else True
