"""Git, run so that a repository that is not trusted runs nothing and nothing ever waits."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Literal
from urllib.parse import urlsplit

GitErrorKind = Literal["refused", "timeout", "unreachable", "missing", "failed"]

_NETWORK = ("fetch", "push", "ls-remote")
_ENCRYPTED = ("https", "ssh")
_PLAIN = ("http", "git")
_GRACE = 2.0  # seconds in which git takes its temporary files away after SIGTERM
_SAID = 64 * 1024  # bytes of the end of standard error: a server may send any amount

# What git is told of its surroundings; all GIT_* of them are left out.
_ANYWHERE = ("PATH", "TMPDIR", "SYSTEMROOT")
# Of the user's own, for the network: keys, helpers that know passwords, proxies, certificates.
_OWN = [
    "HOME",
    "USER",
    "LOGNAME",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "SSH_AUTH_SOCK",
    "KRB5CCNAME",
    "GNUPGHOME",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
]

# Faults of old commits and trees in real repositories that harm nobody. What could be an attack,
# such as a `.git` in a tree or a submodule named "../x", stays an error.
HARMLESS = [
    "badDate",
    "badDateOverflow",
    "badEmail",
    "badName",
    "badTimezone",
    "missingEmail",
    "missingNameBeforeEmail",
    "missingSpaceBeforeDate",
    "missingSpaceBeforeEmail",
    "missingTaggerEntry",
    "multipleAuthors",
    "nulInCommit",
    "zeroPaddedDate",
    "zeroPaddedFilemode",
]

_CONFIG = {
    # what would run a program
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.alternateRefsCommand": "true",
    "core.editor": "false",
    "core.pager": "cat",
    "sequence.editor": "false",
    "interactive.diffFilter": "",
    "commit.gpgSign": "false",
    "tag.gpgSign": "false",
    "push.gpgSign": "false",
    "log.showSignature": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    # what would go elsewhere
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "push.recurseSubmodules": "no",
    # else a push on top of a base that no ref names any more sends all of the base again
    "push.negotiate": "true",
    "protocol.allow": "never",
    "protocol.version": "2",
    # files that decide what `git add` and `git status` see
    "core.attributesFile": "/dev/null",
    "core.excludesFile": "/dev/null",
    # a repository is worked on because it was named, whoever it belongs to
    "safe.directory": "*",
    "transfer.fsckObjects": "true",
    "fetch.unpackLimit": "1",
    "advice.detachedHead": "false",
    "color.ui": "false",
    # a transfer that stands still ends, also when nobody is left to watch it
    "http.lowSpeedLimit": "1",
    "http.lowSpeedTime": "300",
    **{f"fetch.fsck.{name}": "warn" for name in HARMLESS},
}
_SHOWS = ("diff", "diff-files", "diff-index", "diff-tree", "format-patch", "log", "show")
_NO_DRIVERS = ("--no-ext-diff", "--no-textconv")
# What git-upload-pack is run by in a repository that is named by its path: it reads the config of
# that repository, and nothing that is given to git itself gets through to it. Its packObjectsHook
# is one that git never takes from a repository.
_UPLOAD_PACK = (
    "GIT_ALLOW_PROTOCOL=none GIT_NO_LAZY_FETCH=1 git -c safe.directory=* -c core.fsmonitor=false "
    "-c core.hooksPath=/dev/null "
    "-c uploadpack.allowAnySHA1InWant=true upload-pack"
)


class GitError(Exception):
    """Git did not do what it was asked to; the text is one line without credentials.

    ``kind``: "refused" (not allowed, by this module or by the server), "timeout", "unreachable"
    (no answer, or a broken one: it may help to try again), "missing" (there is no such repository,
    ref or commit), "failed" (all else). ``said`` is all that git said, redacted.
    """

    def __init__(self, kind: GitErrorKind, message: str, said: str = "") -> None:
        super().__init__(kind, message, said)  # all of them, so that it survives pickling
        self.kind = kind
        self.message = message
        self.said = said

    def __str__(self) -> str:
        return self.message


# --- what is said --------------------------------------------------------------------------------

_SECRETS = [
    (re.compile(r"(?i)\b(https?|git|ftps?)://[^\s/'\"]*@"), r"\1://***@"),
    # a password with a slash in it that should have been quoted
    (
        re.compile(r"(?i)\b(https?)://[^\s/:@'\"]+:(?!\d*(?:[/?#\s]|$))[^\s@'\"]*@"),
        r"\1://***@",
    ),
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://[^\s/:@'\"]*):[^\s/'\"]*@"), r"\1:***@"),
    (
        re.compile(r"(?i)\b((?:proxy-)?authorization\s*[:=]\s*)(?:[a-z]+ +)?[^\s'\",;]+"),
        r"\1***",
    ),
    (re.compile(r"(?i)\b(bearer|basic)( +)[A-Za-z0-9+/._~=-]{16,}"), r"\1\2***"),
    (
        re.compile(
            r"(?i)([\w.-]*(?:token|secret|passw(?:or)?d|api[_-]?key|signature|cookie)"
            r"[\"']?\s*[:=]\s*[\"']?)"
            r"[^\s&'\",;]+"
        ),
        r"\1***",
    ),
    (
        re.compile(
            r"\b(?:gh[a-z]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|gl[a-z]{2,6}-[\w.-]{16,}"
            r"|xox[a-z]-[\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}|eyJ[\w-]{10,}\.[\w-]+\.[\w-]*)"
        ),
        "***",
    ),
]
_CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def redacted(text: str) -> str:
    """``text`` without what lets somebody in: credentials of URLs, tokens, headers with them."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


_KINDS: list[tuple[GitErrorKind, re.Pattern[str]]] = [
    (
        "refused",
        re.compile(
            r"(?i)authentication failed|could not read (?:username|password)|permission denied"
            r"|transport '.*' not allowed|returned error: (?:401|403)|access denied"
            r"|host key verification failed|not permitted|unauthorized|prohibited"
        ),
    ),
    (
        "missing",
        re.compile(
            r"(?i)repository '?.*'? ?not found|couldn't find remote ref|not our ref"
            r"|does not appear to be a git repository|not a git repository|no such remote"
            r"|returned error: 404|unadvertised object|bad object|unknown revision"
            r"|not a valid object name|needed a single revision|project not found"
        ),
    ),
    (
        "unreachable",
        re.compile(
            r"(?i)could not resolve|couldn't connect|failed to connect|connection (?:refused|reset"
            r"|timed out|closed)|unable to access|could not read from remote|early eof"
            r"|hung up|rpc failed|unexpected disconnect|unable to connect|network is unreachable"
            r"|no route to host|operation too slow|returned error: 5\d\d|\bssl\b|\btls\b"
            r"|expected flush|invalid index-pack output|remote helper .* aborted"
        ),
    ),
]
_VAGUE = re.compile(r"(?i)could not read from remote repository|invalid index-pack output")


def _told(command: str, said: str) -> GitError:
    """What git said as one error: its kind, and the line of it that says most."""
    said = redacted(_CONTROL.sub("", said))
    lines = [" ".join(line.split()) for line in said.splitlines() if line.strip()]
    # what a push was refused for; a talk before it may have failed, which git goes on after
    first = next((line for line in lines if line.startswith("! [")), "")
    first = first or next((line for line in lines if line.startswith("fatal: ")), "")
    if not first or _VAGUE.search(first):
        # what another program says, such as ssh
        plain = [line for line in lines if not line.startswith(("hint:", "warning:", "To "))]
        first = (plain or [first])[0]
    if fault := next((line for line in lines if "fsck error" in first and "object" in line), ""):
        return GitError("failed", f"git {command}: {fault.removeprefix('error: ')}", said)
    first = re.sub(r"^(?:fatal|error): ", "", first) or "no message"
    for kind, pattern in _KINDS:
        if pattern.search(first):
            return GitError(kind, f"git {command}: {first}", said)
    kind = next((kind for kind, pattern in _KINDS if pattern.search(said)), "failed")
    return GitError(kind, f"git {command}: {first}", said)


# --- what is allowed -----------------------------------------------------------------------------


def checked(value: str, what: str = "name") -> str:
    """``value`` itself, where git cannot take it for an option. Raises GitError "refused"."""
    if not value or value.startswith("-") or re.search(r"[\x00-\x1f\x7f]", value):
        raise GitError("refused", f"git: {redacted(ascii(value))} is no {what}")
    return value


def protocol(url: str) -> str:
    """The protocol of an address as git reads it: https, ssh, …; "file" of a path."""
    if found := re.match(r"([A-Za-z][A-Za-z0-9+.-]*)::", url):
        return found[1].lower()
    if found := re.match(r"([A-Za-z][A-Za-z0-9+.-]*)://", url):
        return found[1].lower()
    return "ssh" if re.match(r"[^/:]+:", url) else "file"


def loopback(url: str) -> bool:
    """Whether the host of a URL is this machine."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _repository(command: str, arguments: Sequence[str]) -> str:
    """The address in the arguments of a network command; no option may stand behind it."""
    rest = list(arguments)
    while rest and rest[0].startswith("-"):
        word = rest.pop(0)
        if word == "--":
            break
        if re.match(r"--(?:upl|rece|ex)", word):
            raise GitError("refused", f"git {command}: {word.partition('=')[0]} is not allowed")
    if not rest:
        raise GitError("refused", f"git {command}: there is no address")
    for word in rest:
        checked(word, "address or ref")
    return rest[0]


# --- running -------------------------------------------------------------------------------------


class Git:
    """Runs git: no shell, no prompt, no hook, and an end to everything.

    ``timeout`` and ``network_timeout`` are seconds for one command. ``insecure`` allows http:// and
    git://, which are otherwise for this machine only. May be used by many threads; `end` stops what
    they run.
    """

    def __init__(
        self, *, timeout: float = 300.0, network_timeout: float = 1800.0, insecure: bool = False
    ) -> None:
        self.timeout = timeout
        self.network_timeout = network_timeout
        self.insecure = insecure
        self._running: set[subprocess.Popen[bytes]] = set()
        self._ended = False
        self._lock = threading.Lock()

    def end(self) -> None:
        """End all that runs in other threads, and let nothing begin any more."""
        with self._lock:
            self._ended = True
            running = [*self._running]
        for process in running:
            _signal(process, signal.SIGTERM)
        for process in running:
            _kill_soon(process)

    @contextlib.contextmanager
    def _watched(self, process: subprocess.Popen[bytes]) -> Iterator[None]:
        with self._lock:
            self._running.add(process)
            ended = self._ended
        try:
            if ended:
                raise GitError("failed", "git: nothing is begun any more")
            yield
        finally:
            with self._lock:
                self._running.discard(process)

    def run(
        self,
        directory: Path,
        *arguments: str,
        data: bytes | None = None,
        timeout: float | None = None,
        codes: Collection[int] = (0,),
        environment: Mapping[str, str] | None = None,
    ) -> bytes:
        """Run git in ``directory``, the top of a repository; no other one above it is taken.

        Gives what it printed. No config but the repository's own is read, and no protocol is
        allowed. ``data`` is its input, ``codes`` are exit codes that are no error, ``environment``
        comes on top of the allowed variables. Raises GitError.
        """
        given = {
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
            **(environment or {}),
        }
        seconds = self.timeout if timeout is None else timeout
        return _run(self._watched, directory, arguments, _environment(given), data, seconds, codes)

    def text(
        self,
        directory: Path,
        *arguments: str,
        data: bytes | None = None,
        timeout: float | None = None,
        codes: Collection[int] = (0,),
        environment: Mapping[str, str] | None = None,
    ) -> str:
        """As `run`, decoded, without the last newline."""
        done = self.run(
            directory,
            *arguments,
            data=data,
            timeout=timeout,
            codes=codes,
            environment=environment,
        )
        return done.decode(errors="replace").removesuffix("\n")

    def network(
        self,
        directory: Path,
        command: str,
        *arguments: str,
        data: bytes | None = None,
        timeout: float | None = None,
        codes: Collection[int] = (0,),
        environment: Mapping[str, str] | None = None,
        stderr: bool = False,
    ) -> bytes:
        """As `run`, for fetch, push and ls-remote over the network.

        ``stderr``: what git writes there follows, redacted: a server's own words are in it.

        Arguments are options, each in one word (``--depth=1``), then the address, then refs. The
        user's and the machine's git config hold: they know credentials, proxies, certificates.
        """
        if command not in _NETWORK:
            raise GitError("refused", f"git {command}: no command for the network")
        url = _repository(command, arguments)
        allowed = [*_ENCRYPTED]
        kind = protocol(url)
        if kind in _PLAIN and (self.insecure or loopback(url)):
            allowed += _PLAIN if self.insecure else [kind]
        if kind not in allowed:
            why = {
                "file": "is a path, not a URL",
                **dict.fromkeys(_PLAIN, "is not encrypted; use https:// or ssh://"),
            }.get(kind, f"has a protocol that is not allowed, {kind}")
            raise GitError("refused", f"git {command}: {redacted(url)} {why}")
        given = {
            **{name: os.environ[name] for name in _OWN if name in os.environ},
            "GIT_ALLOW_PROTOCOL": ":".join(allowed),
            # a command of the user's own may be no OpenSSH; without a terminal it cannot ask either
            "GIT_SSH_COMMAND": self.user_setting("core.sshCommand") or "ssh -o BatchMode=yes",
            **(environment or {}),
        }
        seconds = self.network_timeout if timeout is None else timeout
        words = (command, *arguments)
        told = _environment(given)
        return _run(self._watched, directory, words, told, data, seconds, codes, stderr=stderr)

    def local(
        self,
        directory: Path,
        command: Literal["fetch", "ls-remote"],
        *options: str,
        source: Path,
        refs: Sequence[str] = (),
        timeout: float | None = None,
    ) -> bytes:
        """As `run`, fetch or ls-remote from a repository on this machine, the absolute ``source``.

        It is read only, and nothing that its config or its hooks name is run.
        """
        if not source.is_absolute():
            raise GitError("refused", f"git {command}: {source} is no absolute path")
        words = [*options, f"--upload-pack={_UPLOAD_PACK}", "--", str(source)]
        words += [checked(ref, "ref") for ref in refs]
        given = {"GIT_ALLOW_PROTOCOL": "file"}
        seconds = self.network_timeout if timeout is None else timeout
        return self.run(directory, command, *words, timeout=seconds, environment=given)

    def user_setting(self, key: str) -> str:
        """A setting of the user or the machine, of no repository; "" where there is none."""
        given = {name: os.environ[name] for name in _OWN if name in os.environ}
        # a git directory that is none keeps it from looking for a repository around
        given |= {"GIT_DIR": os.devnull}
        words = ("config", "--includes", "--get", key)
        told = _environment(given)
        seconds = self.timeout
        done = _run(self._watched, Path("/"), words, told, None, seconds, (0, 1), options=())
        return done.decode(errors="replace").removesuffix("\n")


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _ANYWHERE if name in os.environ}
    return {
        **kept,
        "LC_ALL": "C",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "SSH_ASKPASS_REQUIRE": "never",
        "GCM_INTERACTIVE": "never",
        "GIT_EDITOR": "false",
        "GIT_PAGER": "cat",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_LFS_SKIP_SMUDGE": "1",
        **given,
    }


_OPTIONS = [word for key, value in _CONFIG.items() for word in ("-c", f"{key}={value}")]


def _run(
    watched: Callable[[subprocess.Popen[bytes]], contextlib.AbstractContextManager[None]],
    directory: Path,
    arguments: Sequence[str],
    environment: dict[str, str],
    data: bytes | None,
    seconds: float,
    codes: Collection[int],
    options: Sequence[str] = _OPTIONS,
    *,
    stderr: bool = False,
) -> bytes:
    command = _command(arguments)
    arguments = _without_drivers(command, arguments)
    if any("\0" in word for word in arguments):
        raise GitError("refused", f"git {command}: an argument with a NUL")
    # a directory that is no repository must not be taken for a part of one around it
    environment.setdefault("GIT_CEILING_DIRECTORIES", str(Path(directory).resolve().parent))
    # To a file: what ssh leaves running in the background keeps a pipe open.
    with tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(
                ["git", *options, *arguments],
                cwd=directory,
                env=environment,
                stdin=subprocess.DEVNULL if data is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
        except OSError as error:
            what = "directory" if not Path(directory).is_dir() else "git"
            raise GitError("failed", f"git {command}: {what}: {error.strerror}") from error
        try:
            with watched(process):
                printed, _ = process.communicate(data, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            _end(process)
            raise GitError("timeout", f"git {command}: took more than {seconds:g} s") from error
        except BaseException:
            _end(process)
            raise
        if process.returncode in codes:
            return printed + _last(errors).encode() if stderr else printed
        raise _told(command, _last(errors) or printed[-_SAID:].decode(errors="replace"))


def _without_drivers(command: str, arguments: Sequence[str]) -> list[str]:
    """The arguments, so that no program of the config or of .gitattributes shows differences."""
    words = list(arguments)
    if command in _SHOWS:
        words[words.index(command) + 1 : words.index(command) + 1] = _NO_DRIVERS
    return words


def _command(arguments: Sequence[str]) -> str:
    rest = list(arguments)
    while len(rest) > 1 and rest[0].startswith("-"):
        del rest[: 2 if rest[0] in ("-c", "-C") else 1]
    return rest[0] if rest else ""


def _last(errors: IO[bytes]) -> str:
    end = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, end - _SAID))
    return errors.read().decode(errors="replace")


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _kill_soon(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    # also when git itself is gone: its children need not be
    _signal(process, signal.SIGKILL)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a git and all that it started: kindly first, for it removes its temporary files."""
    _signal(process, signal.SIGTERM)
    _kill_soon(process)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
