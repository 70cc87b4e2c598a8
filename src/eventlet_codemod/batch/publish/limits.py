"""How fast a host may be asked, and how long to wait after a no.

One host is asked by one thread at a time, and things are made on it with a gap between them: forges
ask for both, and answer with a "secondary" limit where it is not so. What the server says counts
before any arithmetic, and nothing here is random: the waits are the same in each run.
"""

from __future__ import annotations

import email.utils
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from eventlet_codemod.batch.publish.http import Response

#: Seconds: what GitHub asks for where it names no time, doubled with each further no.
UNNAMED = 60.0

#: Seconds: longer waits are told.
_SILENT = 5.0


class Host:
    """What is known of one host. Times are in seconds since the epoch."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.ready = 0.0
        self.created = float("-inf")


class Pace:
    """A clock, and what it says of each host.

    ``gap`` is between two creations, ``longest`` what is waited for at a stretch, both in seconds;
    ``tries`` how often one request is made. ``told`` gets the host and the seconds of a wait that
    a person would take for a hang.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        *,
        gap: float = 1.0,
        longest: float = 300.0,
        tries: int = 5,
        told: Callable[[str, float], None] = lambda host, seconds: None,
    ) -> None:
        self.now = now
        self.sleep = sleep
        self.gap = gap
        self.longest = longest
        self.tries = tries
        self.told = told
        self._hosts: dict[str, Host] = {}
        self._lock = threading.Lock()

    def _host(self, name: str) -> Host:
        with self._lock:
            return self._hosts.setdefault(name, Host())

    @contextmanager
    def turn(self, name: str, *, creates: bool) -> Iterator[Host]:
        """Wait until the host may be asked, and keep it from others meanwhile."""
        host = self._host(name)
        with host.lock:
            ready = max(host.ready, host.created + self.gap if creates else host.ready)
            left = ready - self.now()
            if left > _SILENT:
                self.told(name, left)
            if left > 0:
                self.sleep(left)
            try:
                yield host
            finally:
                if creates:
                    host.created = self.now()

    def too_long(self, name: str) -> float:
        """How many seconds the host is not to be asked, where that is longer than we wait; or 0."""
        left = self._host(name).ready - self.now()
        return left if left > self.longest else 0.0


#: That of a process.
PACE = Pace()


def is_limit(response: Response) -> bool:
    """Whether this is a limit's no."""
    if response.status == 429:
        return True
    if response.status != 403:
        return False
    text = response.body[:2000].lower()
    return (
        "retry-after" in response.headers
        or _remaining(response.headers) == 0
        or b"rate limit" in text
        or b"abuse detection" in text
    )


def wait_after(response: Response, attempt: int, now: float) -> float:
    """Seconds until a request that met a limit may be made again; attempts count from 0."""
    named = response.headers.get("retry-after", "")
    if named.isdecimal():
        return float(named)
    try:
        when = email.utils.parsedate_to_datetime(named).timestamp()
        return max(0.0, when - _their_now(response.headers, now))
    except ValueError:
        until = reset(response, now)
        return UNNAMED * 2**attempt if until is None else until


def reset(response: Response, now: float) -> float | None:
    """Seconds until the limit that is used up with this answer begins anew, None if it is not."""
    if _remaining(response.headers) != 0:
        return None
    for name in ("x-ratelimit-reset", "ratelimit-reset"):
        text = response.headers.get(name, "")
        if text.isdecimal():
            return max(1.0, float(text) - _their_now(response.headers, now))
    return None


def _remaining(headers: Mapping[str, str]) -> int | None:
    text = headers.get("x-ratelimit-remaining") or headers.get("ratelimit-remaining", "")
    return int(text) if text.isdecimal() else None


def _their_now(headers: Mapping[str, str], now: float) -> float:
    """The server's time, which its times are told by; ours may be wrong."""
    try:
        return email.utils.parsedate_to_datetime(headers["date"]).timestamp()
    except (KeyError, ValueError):
        return now
