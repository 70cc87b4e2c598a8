"""Where a campaign keeps what it fetched: a bare mirror of each repository, worktrees of them.

    DIRECTORY/mirrors/NAME-DIGEST.git   one for each repository and source
    DIRECTORY/locks/                    who changes a mirror (.lock) and who uses it (.use)
    DIRECTORY/worktrees/ID/NAME         one for each job, gone after it
    DIRECTORY/fetching/ID               what is being fetched, gone after it

A mirror has the trees of single commits and no history (`fetch` says why): refs/bases/COMMIT for
each. It is only changed by moves of whole files, so that a run which is killed leaves nothing
half-made in it; what it leaves elsewhere is not locked any more, and taken away by `sweep`.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import stat
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eventlet_codemod.batch.git import HARMLESS, Git, GitError, checked
from eventlet_codemod.batch.model import Repo

_COMMIT = re.compile(r"[0-9a-f]{40}")
_RESERVE = 64 * 1024 * 1024  # bytes of the file system that are left to others
_PACKS = 20  # in a mirror; each fetch makes one, and git looks into all of them
_MAGIC = b"# eventlet-codemod commit 1\n"
_CONFIG = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"
_STRICT = "--strict=" + ",".join(f"{name}=warn" for name in HARMLESS)
# What a server says that does not give a single commit, or knows no shallow repositories.
_WHOLE = re.compile(
    r"(?i)unadvertised object|want [0-9a-f]+ not valid|dumb http transport|not support shallow"
)


class WorkspaceError(Exception):
    """What is asked for cannot be had; the text is one line."""


class Workspace:
    """The mirrors of a campaign. May be used by many threads and processes at once.

    ``disk_limit`` is in bytes, for all mirrors together, 0 for none: those that were not used for
    the longest go. What git says is raised as GitError, and all else as WorkspaceError.
    """

    def __init__(self, directory: Path, git: Git, *, disk_limit: int = 0) -> None:
        self.directory = Path(directory).resolve()
        self.git = git
        self.disk_limit = disk_limit
        for name in ("mirrors", "locks", "worktrees", "fetching"):
            (self.directory / name).mkdir(parents=True, exist_ok=True)

    def mirror(self, repo: Repo) -> Path:
        """Where the bare mirror of a repository is, or will be."""
        digest = hashlib.sha256(repo.source.encode("utf-8", "surrogateescape")).hexdigest()
        return self.directory / "mirrors" / f"{_safe(repo.name)}-{digest[:12]}.git"

    # --- what there is -----------------------------------------------------------------------

    def resolve(self, repo: Repo) -> str:
        """The full id of the commit to work on. Nothing is fetched, only asked for."""
        if _COMMIT.fullmatch(repo.commit.lower()):
            return repo.commit.lower()
        if repo.commit:
            raise WorkspaceError(f"{repo.commit!r} is no full commit id of 40 hex digits")
        names = ["HEAD"]
        if repo.ref:
            ref = checked(repo.ref, "branch or tag")
            kinds = ("heads", "tags", "remotes") if repo.path else ("heads", "tags")
            names = [ref] if ref.startswith("refs/") else [f"refs/{kind}/{ref}" for kind in kinds]
        # an annotated tag is asked for what it names, too
        patterns = [pattern for name in names for pattern in (name, f"{name}^{{}}")]
        told = self._talk(repo, self.directory, "ls-remote", (), patterns).decode(errors="replace")
        lines = [line.partition("\t") for line in told.splitlines()]
        found = {name: commit for commit, _, name in lines}
        for name in names:
            if commit := found.get(f"{name}^{{}}") or found.get(name):
                return commit
        if not repo.ref:
            raise WorkspaceError("HEAD names no commit: is it empty? else give a ref")
        raise WorkspaceError(f"there is no branch and no tag {repo.ref!r}")

    def uncommitted(self, repo: Repo) -> int:
        """How many files of a local repository are changed or new and in no commit; 0 of a URL."""
        if not repo.path:
            return 0
        source = self._source(repo)
        if self.git.text(source, "rev-parse", "--is-bare-repository") == "true":
            return 0
        ignored = self.git.user_setting("core.excludesFile") or "~/.config/git/ignore"
        words = ["-c", f"core.excludesFile={Path(ignored).expanduser()}"]
        # comparing files runs the filters that its config names
        listed = self.git.text(source, "config", "--list", "--name-only", "-z")
        for name in {key.rpartition(".")[0] for key in listed.split("\0") if key[:7] == "filter."}:
            if "=" in name:
                raise WorkspaceError(f"{repo.path}: a filter has a name with =")
            for part in ("clean=", "smudge=", "process=", "required=false"):
                words += ["-c", f"{name}.{part}"]
        words += ["status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=all"]
        words += ["--untracked-files=all"]
        return self.git.run(source, *words).count(b"\0")

    def usage(self) -> int:
        """Bytes on disk of all mirrors."""
        return sum(_size(mirror) for mirror in (self.directory / "mirrors").iterdir())

    # --- fetching ----------------------------------------------------------------------------

    def fetch(self, repo: Repo, commit: str) -> bool:
        """See that the commit is in the mirror. False when it was already: nothing is asked then.

        Only the tree of that commit comes, without history. Of a repository such as nova this is
        10 MB of 340, and one of 40 commits later is 0.2 MB on top. A partial clone without blobs
        takes 59 MB for the commits and trees of all the history, and asks again for every
        checkout; all that a series needs is a base, and it can be pushed from a shallow repository
        as well. A server that gives no single commits is asked for all of the ref.
        """
        if not _COMMIT.fullmatch(commit):
            raise WorkspaceError(f"{commit!r} is no full commit id of 40 hex digits")
        mirror = self.mirror(repo)
        with self._locked(mirror, "use", shared=True), self._locked(mirror, "lock"):
            os.utime(self._lock_path(mirror, "use"))
            if (mirror / "refs" / "bases" / commit).is_file():
                return False
            if repo.path:
                self._source(repo)
            self._make_room(mirror, 0)
            with self._claimed("fetching") as work:
                staged = work / "staged.git"
                self._stage(mirror, staged)
                self._fetch_into(staged, repo, commit)
                new = _size(staged / "objects") if mirror.is_dir() else _size(staged)
                self._make_room(mirror, new)
                self._publish(staged, mirror, commit)
        return True

    def _fetch_into(self, staged: Path, repo: Repo, commit: str) -> None:
        options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance")
        one = f"+{commit}:refs/bases/{commit}"
        try:
            self._talk(repo, staged, "fetch", (*options, "--depth=1"), [one])
            return
        except GitError as error:
            if error.kind == "timeout" or not _WHOLE.search(error.said):
                raise
        if repo.ref and not repo.ref.startswith("refs/"):
            ref = f"refs/tags/{repo.ref}", f"refs/heads/{repo.ref}"
            refs = [f"+{name}*:refs/whole/{name}*" for name in ref]
        else:
            refs = [f"+{repo.ref or 'refs/heads/*'}:refs/whole/{repo.ref or '*'}"]
        self._talk(repo, staged, "fetch", options, refs)
        done = self.git.run(
            staged, "cat-file", "--batch-check", data=f"{commit}^{{commit}}\n".encode()
        )
        if b" commit " not in done:
            where = repo.ref or "any branch"
            raise WorkspaceError(f"commit {commit} is not there, neither by itself nor in {where}")
        self.git.run(staged, "update-ref", f"refs/bases/{commit}", commit)

    def _stage(self, mirror: Path, staged: Path) -> None:
        """An empty repository that knows what the mirror has, so that only the rest is sent."""
        self.git.run(staged.parent, "init", "--quiet", "--bare", "--template=", str(staged))
        (staged / "config").write_text(_CONFIG)
        if not mirror.is_dir():
            return
        self._restore(mirror)
        (staged / "objects" / "info").mkdir(exist_ok=True)
        (staged / "objects" / "info" / "alternates").write_text(f"{mirror / 'objects'}\n")
        if (mirror / "shallow").is_file():
            shutil.copyfile(mirror / "shallow", staged / "shallow")
        listed = self.git.text(mirror, "for-each-ref", "--format=%(objectname) %(refname)")
        (staged / "packed-refs").write_text(f"{listed}\n" if listed else "")

    def _publish(self, staged: Path, mirror: Path, commit: str) -> None:
        """Let the mirror have what was fetched: objects first, the ref that says so last."""
        if not mirror.is_dir():
            staged.rename(mirror)
            return
        pack = mirror / "objects" / "pack"
        made = sorted((staged / "objects" / "pack").glob("pack-*"))
        for file in sorted(made, key=lambda path: path.suffix == ".idx"):
            if file.suffix in (".pack", ".rev", ".idx"):
                file.rename(pack / file.name)
        if (staged / "shallow").is_file():
            (staged / "shallow").rename(mirror / "shallow")
        self.git.run(mirror, "update-ref", f"refs/bases/{commit}", commit)
        if len(list(pack.glob("*.pack"))) > _PACKS:
            self.git.run(mirror, "repack", "-a", "-d", "--quiet", "--no-write-bitmap-index")

    def _talk(
        self, repo: Repo, directory: Path, command: str, options: tuple[str, ...], refs: list[str]
    ) -> bytes:
        if repo.path:
            source = self._source(repo)
            assert command in ("fetch", "ls-remote")
            if command == "fetch":
                return self.git.local(directory, "fetch", *options, source=source, refs=refs)
            return self.git.local(directory, "ls-remote", source=source, refs=refs)
        return self.git.network(directory, command, *options, "--", repo.url, *refs)

    def _source(self, repo: Repo) -> Path:
        source = Path(repo.path)
        if not source.is_dir():
            raise WorkspaceError(f"{repo.path}: there is no such directory")
        try:
            self.git.run(source, "rev-parse", "--git-dir")
        except GitError as error:
            if error.kind != "missing":
                raise
            raise WorkspaceError(f"{repo.path}: is not the top of a git repository") from error
        return source

    # --- room --------------------------------------------------------------------------------

    def _make_room(self, mirror: Path, new: int) -> None:
        """Remove mirrors until ``new`` bytes more for this one are within the limit."""
        self._check_free()
        if not self.disk_limit:
            return
        sizes = {path: _size(path) for path in (self.directory / "mirrors").iterdir()}
        own = sizes.pop(mirror, 0) + new
        total = own + sum(sizes.values())
        room = self.disk_limit if new else self.disk_limit - 1  # something at least will come
        for path in sorted(sizes, key=self._used):
            if total <= room:
                break
            if self._remove(path):
                total -= sizes[path]
        if new and total > self.disk_limit:
            limit = f"the limit of {_mb(self.disk_limit)} for mirrors"
            if own > self.disk_limit:
                raise WorkspaceError(f"it takes {_mb(own)}, more than {limit}")
            raise WorkspaceError(f"it takes {_mb(own)}; others in use leave less of {limit}")

    def _check_free(self) -> None:
        free = shutil.disk_usage(self.directory).free
        if free < _RESERVE:
            raise WorkspaceError(f"the file system of the workspace is full: {_mb(free)} are left")

    def _used(self, mirror: Path) -> float:
        try:
            return self._lock_path(mirror, "use").stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def _remove(self, mirror: Path) -> bool:
        """Remove a mirror that nobody uses. It goes away at once, then piece by piece."""
        with (
            self._tried(mirror, "use") as unused,
            self._tried(mirror, "lock") as unchanged,
            self._claimed("fetching") as work,
        ):
            if not (unused and unchanged and mirror.is_dir()):
                return False
            mirror.rename(work / mirror.name)
        return True

    # --- using -------------------------------------------------------------------------------

    @contextmanager
    def hold(self, repo: Repo) -> Iterator[Path]:
        """Keep the mirror from being removed meanwhile: around `fetch` and what comes after it."""
        mirror = self.mirror(repo)
        with self._locked(mirror, "use", shared=True):
            os.utime(self._lock_path(mirror, "use"))
            yield mirror

    @contextmanager
    def worktree(self, repo: Repo, commit: str) -> Iterator[Path]:
        """A worktree of its own with that commit checked out, on no branch; gone afterwards."""
        with self.hold(repo) as mirror, self._claimed("worktrees") as work:
            self._needs(mirror, commit)
            place = work / _safe(repo.name.rpartition("/")[2])
            with self._locked(mirror, "lock"):
                self._restore(mirror)
                words = ("worktree", "add", "--quiet", "--detach", str(place), commit)
                self.git.run(mirror, *words)
            try:
                yield place
            finally:
                _delete(work)
                with self._locked(mirror, "lock"):
                    self.git.run(mirror, "worktree", "prune", "--expire=now")

    def _needs(self, mirror: Path, commit: str) -> None:
        if not _COMMIT.fullmatch(commit):
            raise WorkspaceError(f"{commit!r} is no full commit id of 40 hex digits")
        if not (mirror / "refs" / "bases" / commit).is_file():
            raise WorkspaceError(f"commit {commit} is not fetched")

    @staticmethod
    def _restore(mirror: Path) -> None:
        # tests of a project that call `git config` in their worktree write here
        config = mirror / "config"
        if config.read_text(errors="replace") != _CONFIG:
            (mirror / "config.new").write_text(_CONFIG)
            (mirror / "config.new").replace(config)

    # --- to other machines and back ----------------------------------------------------------

    def bundle(self, repo: Repo, commit: str) -> bytes:
        """What `unbundle` makes a repository with that commit of, on any machine.

        A bundle of git names commits that the other side has to have, and a shallow repository
        has none: so this is a pack of the commit and its tree.
        """
        with self.hold(repo) as mirror:
            self._needs(mirror, commit)
            words = ("rev-list", "--objects", "--no-object-names", "--no-walk", commit)
            listed = self.git.run(mirror, *words)
            options = ("--quiet", "--stdout", "--delta-base-offset")
            pack = self.git.run(mirror, "pack-objects", *options, data=listed)
        return b"%s%s\n%s" % (_MAGIC, commit.encode(), pack)

    def take(self, repo: Repo, data: bytes, branch: str, head: str) -> None:
        """Take the commits of `bundle_of` into the mirror as refs/heads/``branch``.

        They must be whole on top of what the mirror has, and hold ``head``.
        """
        if not _COMMIT.fullmatch(head):
            raise WorkspaceError(f"{head!r} is no full commit id of 40 hex digits")
        with self.hold(repo) as mirror, self._locked(mirror, "lock"):
            if not mirror.is_dir():
                raise WorkspaceError("the repository is not fetched")
            self._restore(mirror)
            ref = f"refs/heads/{checked(branch, 'branch')}"
            self.git.run(mirror, "check-ref-format", ref)
            pack = _opened(data, head)
            self._check_free()
            words = ("index-pack", "--stdin", "--fix-thin", _STRICT)
            try:
                if pack:
                    self.git.run(mirror, *words, data=pack)
                self.git.run(mirror, "cat-file", "-e", f"{head}^{{commit}}")
                whole = ("rev-list", "--objects", "--quiet", head, "--not", "--glob=refs/bases")
                self.git.run(mirror, *whole)
            except GitError as error:
                raise WorkspaceError(f"the commits are not whole: {error}") from error
            self.git.run(mirror, "update-ref", ref, head)

    # --- after runs that were killed ---------------------------------------------------------

    def sweep(self) -> list[Path]:
        """Remove what killed runs left, never what is in use; gives what went, in order."""
        gone = []
        for kind in ("worktrees", "fetching"):
            there = (self.directory / kind).iterdir()
            for path in sorted({path.with_suffix("") for path in there}):
                with self._tried(path, "lock", beside=True) as free:
                    if not free:
                        continue
                    if path.exists():
                        _delete(path)
                        gone.append(path)
                    path.with_name(f"{path.name}.lock").unlink(missing_ok=True)
        for mirror in sorted((self.directory / "mirrors").iterdir()):
            with self._tried(mirror, "use") as unused, self._tried(mirror, "lock") as unchanged:
                if not (unused and unchanged):
                    continue
                for pattern in ("**/*.lock", "objects/**/tmp_*", "objects/**/.tmp-*"):
                    for path in sorted(mirror.glob(pattern)):
                        path.unlink(missing_ok=True)
                        gone.append(path)
                if (mirror / "worktrees").is_dir():
                    self.git.run(mirror, "worktree", "prune", "--expire=now")
        return gone

    # --- locks -------------------------------------------------------------------------------

    def _lock_path(self, path: Path, kind: str) -> Path:
        return self.directory / "locks" / f"{path.name}.{kind}"

    @contextmanager
    def _locked(self, mirror: Path, kind: str, *, shared: bool = False) -> Iterator[None]:
        how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        with _flock(self._lock_path(mirror, kind), how):
            yield

    @contextmanager
    def _tried(self, path: Path, kind: str, *, beside: bool = False) -> Iterator[bool]:
        """Lock if nobody else has; gives whether."""
        file = path.with_name(f"{path.name}.{kind}") if beside else self._lock_path(path, kind)
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(_flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
            else:
                yield True

    @contextmanager
    def _claimed(self, kind: str) -> Iterator[Path]:
        """A directory of one's own, which `sweep` leaves alone until it is given up."""
        path = self.directory / kind / uuid.uuid4().hex[:12]
        lock = path.with_name(f"{path.name}.lock")
        with _flock(lock, fcntl.LOCK_EX):
            path.mkdir()
            try:
                yield path
            finally:
                _delete(path)
                lock.unlink(missing_ok=True)


def bundle_of(git: Git, directory: Path, base: str, head: str) -> bytes:
    """The commits base..head of a worker's repository, for `Workspace.take`. Raises GitError."""
    # by a ref of its own: a bundle of a bare id is none to git
    ref = f"refs/eventlet-codemod/{head}"
    git.run(directory, "update-ref", ref, head)
    words = ("bundle", "create", "--quiet", "--version=2", "-", f"^{base}", ref)
    return git.run(directory, *words)


def unbundle(data: bytes, directory: Path, git: Git | None = None) -> None:
    """Make a git repository of what `Workspace.bundle` gave, its commit checked out on no branch.

    ``directory`` must not be there, or be empty. Raises WorkspaceError, GitError.
    """
    git = git or Git()
    commit = data[len(_MAGIC) :][:40].decode("ascii", "replace")
    start = len(_MAGIC) + 41
    if not (data.startswith(_MAGIC) and _COMMIT.fullmatch(commit) and data[start - 1] == 10):
        raise WorkspaceError("this is no commit for another machine")
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise WorkspaceError(f"{directory}: there is something already")
    try:
        git.run(directory, "init", "--quiet", "--template=")
        (directory / ".git" / "shallow").write_text(f"{commit}\n")
        git.run(directory, "index-pack", "--stdin", _STRICT, data=data[start:])
        git.run(directory, "checkout", "--quiet", "--detach", commit)
    except BaseException:
        _delete(directory)
        raise


def _opened(data: bytes, head: str) -> bytes:
    """The pack of a git bundle; checked to hold ``head``."""
    text, blank, pack = data.partition(b"\n\n")
    lines = text.split(b"\n")
    if not blank or lines[0] != b"# v2 git bundle":
        raise WorkspaceError("this is no git bundle")
    if not any(line.startswith(head.encode() + b" ") for line in lines[1:]):
        raise WorkspaceError(f"the bundle does not hold {head}")
    return pack


@contextmanager
def _flock(path: Path, how: int) -> Iterator[None]:
    """Hold a lock file; it ends with the process. Raises BlockingIOError with LOCK_NB."""
    while True:
        with path.open("a") as file:
            fcntl.flock(file, how)
            # another may have taken it away meanwhile, and then somebody made a new one
            try:
                same = os.path.samestat(path.stat(), os.fstat(file.fileno()))
            except FileNotFoundError:
                same = False
            if same:
                yield
                return


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.]+", "-", name).strip("-.")[:80] or "repository"


def _size(path: Path) -> int:
    """Bytes on disk; what goes away meanwhile is nothing."""
    total = 0
    for top, _, names in os.walk(path):
        for name in names:
            with contextlib.suppress(OSError):
                total += Path(top, name).lstat().st_blocks * 512
    return total


def _delete(path: Path) -> None:
    """Remove a directory, also what was made read-only in it."""
    for _ in range(3):  # a git whose run was killed may still write there
        for top, names, _files in os.walk(path):
            for name in names:
                place = Path(top, name)
                with contextlib.suppress(OSError):
                    mode = place.lstat().st_mode
                    if stat.S_ISDIR(mode) and mode & 0o700 != 0o700:
                        place.chmod(mode | 0o700)
        shutil.rmtree(path, ignore_errors=True)
        if not path.exists():
            return


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
