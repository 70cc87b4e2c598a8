"""The other side of a push: its address, what it says, and what it is shown to let us in."""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from eventlet_codemod.batch.git import Git, GitError
from eventlet_codemod.batch.publish.base import Kind, PublishError
from eventlet_codemod.report.words import printable

_SCP = re.compile(r"(?:(?P<user>[^@/:]+)@)?(?P<host>[^/:]+):(?!//)(?P<path>.+)")
_CREDENTIALS = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^/\s@'\"]+@")
_AUTH = re.compile(
    r"(?i)authentication failed|could not read (?:username|password)|permission denied"
    r"|access denied|returned error: 40[13]|host key verification|unauthorized"
)
_UNREACHABLE = re.compile(
    r"(?i)could not resolve|failed to connect|couldn't connect|timed out"
    r"|connection (?:refused|reset)|unable to access|early eof|hung up"
    r"|rpc failed|unreachable|no route to host|returned error: 5\d\d|took more than"
)
_KINDS: dict[str, Kind] = {"unreachable": "unreachable", "timeout": "unreachable"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a repository is: ``scheme`` is "" for a path, ``path`` has neither ends nor ``.git``.

    ``netloc`` is the host with its port, without who asks.
    """

    scheme: str
    netloc: str
    path: str

    @property
    def host(self) -> str:
        """The host without a port."""
        return urlsplit(f"//{self.netloc}").hostname or ""

    @property
    def sends_secrets(self) -> bool:
        """Whether credentials may be sent there: encrypted, or to this machine."""
        return self.scheme == "https" or (self.scheme == "http" and is_loopback(self.host))


def place(url: str) -> Place:
    """What a URL of a repository, or git's ``host:path``, names."""
    if "://" in url:
        parts = urlsplit(url)
        netloc = parts.netloc.rpartition("@")[2]
        return Place(parts.scheme.lower(), netloc, _bare(unquote(parts.path)))
    if found := _SCP.fullmatch(url):
        return Place("ssh", found["host"], _bare(found["path"]))
    return Place("", "", _bare(url))


def _bare(path: str) -> str:
    return path.strip("/").removesuffix(".git")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def safe(text: str) -> str:
    """A line for people out of what another side says: no credentials, nothing a terminal obeys."""
    line = printable(" ".join(_CREDENTIALS.sub(r"\1", text).split()))
    return line if len(line) <= 300 else f"{line[:297]}..."


def login(
    url: str, user: str, secret: str, environ: Mapping[str, str], *, trusted: Collection[str]
) -> dict[str, str]:
    """The environment in which git shows ``secret`` to the server of ``url``, and to no other.

    Not in the address and not in arguments, which others on the machine can read. It is empty
    without a secret, for an address that does not speak HTTP or not safely, and for one that is
    not on the host of a ``trusted`` address (or the host whose ``api.`` that is).
    """
    where = place(url)
    hosts = {place(other).host.removeprefix("api.") for other in trusted if other}
    if not secret or not where.sends_secrets or where.host not in hosts:
        return {}
    token = base64.b64encode(f"{user}:{secret}".encode()).decode()
    pairs = [
        (environ.get(f"GIT_CONFIG_KEY_{n}", ""), environ.get(f"GIT_CONFIG_VALUE_{n}", ""))
        for n in range(int(environ.get("GIT_CONFIG_COUNT") or 0))
    ]
    origin = f"{where.scheme}://{where.netloc}/"
    pairs += [
        (f"http.{origin}.extraHeader", f"Authorization: Basic {token}"),
        ("http.followRedirects", "false"),  # git would show the header to whom it is sent to
    ]
    given = {"GIT_CONFIG_COUNT": str(len(pairs))}
    for number, (key, value) in enumerate(pairs):
        given[f"GIT_CONFIG_KEY_{number}"] = key
        given[f"GIT_CONFIG_VALUE_{number}"] = value
    return given


@dataclass(frozen=True, slots=True)
class Pushed:
    """How a push ended. ``reason`` is "" if it was taken; ``said`` are the server's lines."""

    reason: str
    said: tuple[str, ...]


def push(
    git: Git, git_dir: Path, url: str, refspec: str, options: list[str], login: Mapping[str, str]
) -> Pushed:
    """Push one ref. Raises PublishError where the server was not got to, or let nobody in."""
    output = network(
        git, git_dir, "push", "--porcelain", *options, url, refspec, login=login, stderr=True
    )
    lines = output.splitlines()
    said = tuple(line[8:].rstrip() for line in lines if line.startswith("remote: "))
    for line in lines:
        flag, tab, rest = line.partition("\t")
        if tab and len(flag) == 1:  # " ", "+", "*", "=", "-" or "!", then from:to and what became
            if flag != "!":
                return Pushed("", said)
            summary = rest.partition("\t")[2]
            found = re.search(r"\((.*)\)\s*$", summary)
            return Pushed(found[1] if found else summary, said)
    raise failure(next((line for line in lines if "fatal:" in line or "error:" in line), output))


def network(
    git: Git,
    git_dir: Path,
    *arguments: str,
    login: Mapping[str, str],
    stderr: bool = False,
) -> str:
    """What git says. A push whose ref was not taken says so too, with exit code 1."""
    codes = (0, 1) if arguments[0] == "push" else (0,)
    try:
        output = git.network(git_dir, *arguments, codes=codes, environment=login, stderr=stderr)
    except GitError as error:
        raise failure(str(error), error.kind) from None
    return output.decode(errors="replace")


def failure(text: str, kind: str = "") -> PublishError:
    """What git's words on a failed exchange mean."""
    line = safe(re.sub(r"\b(?:fatal|error): ", "", text)) or "git failed without a word"
    if _AUTH.search(text):
        return PublishError("auth", line)
    if kind in _KINDS or _UNREACHABLE.search(text):
        return PublishError(_KINDS.get(kind, "unreachable"), line)
    return PublishError("refused" if kind == "refused" else "failed", line)
