"""Jobs on the machines of a Dask cluster.

The cluster is its user's: nothing of it is started, changed or ended here. Jobs carry their data
through the scheduler, so only so many are handed over as keep the workers busy.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import pickle
import queue
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from typing import Any

import distributed
from distributed.comm.addressing import parse_address
from distributed.comm.registry import get_backend

from eventlet_codemod.batch import dask_worker
from eventlet_codemod.batch.dask_worker import Unlike
from eventlet_codemod.batch.executors import Lost, Told
from eventlet_codemod.batch.git import GitError, redacted
from eventlet_codemod.batch.job import Job
from eventlet_codemod.batch.model import Repo
from eventlet_codemod.batch.workspace import Workspace, WorkspaceError

_CONNECT = 30.0  # seconds for a scheduler to answer, and then for a worker to be there
_ANSWER = 60.0  # seconds for a result to come over from its worker
_REFRESH = 5.0  # seconds for which the size of the cluster is believed
_RETRIES = 2  # times that a job is done again whose program came to no answer
_LOADERS = 4  # repositories that are fetched and packed here at once
CARRIED = 64 * 1024 * 1024  # bytes of a commit; a larger one is fetched by the worker


class DaskError(Exception):
    """The cluster cannot be used, or not any more; the text is one line."""


@dataclass(frozen=True, slots=True)
class Carry:
    """Gives the commit that a job carries: b"" when the worker is to fetch it by itself.

    That is so for more than ``limit`` bytes, and always with 0. What only this machine has is
    carried whatever its size: a local path, and what an address with credentials leads to.
    """

    workspace: Workspace
    limit: int = CARRIED

    def __call__(self, repo: Repo, commit: str) -> bytes:
        """Fetch and pack it. Raises GitError, WorkspaceError, OSError."""
        only_here = bool(repo.path) or redacted(repo.url) != repo.url
        if not only_here and not self.limit:
            return b""
        with self.workspace.hold(repo):
            self.workspace.fetch(repo, commit)
            data = self.workspace.bundle(repo, commit)
        return data if only_here or len(data) <= self.limit else b""

    def close(self) -> None:
        """End what fetches in other threads."""
        self.workspace.git.end()


@dataclass(slots=True)
class _Begun:
    job: Job
    loaded: concurrent.futures.Future[bytes] | None = None
    future: Any = None
    deadline: float = float("inf")


@dataclass(slots=True)
class Dask:
    """Jobs as tasks of the cluster whose scheduler is at ``address``. Raises DaskError.

    ``carry`` gives what each job carries, while others are on their way; without it they have it
    already. ``say`` is told when no worker is left. ``margin`` is how many seconds a job may take
    over its time limit, which the worker sees to, before it is given up here.
    """

    address: str
    carry: Carry | None = None
    say: Callable[[str], None] = lambda _: None
    margin: float = 60.0
    _client: Any = field(init=False)
    _topic: str = field(init=False)
    _begun: dict[str, _Begun] = field(default_factory=dict)
    _news: queue.SimpleQueue[tuple[str, str]] = field(default_factory=queue.SimpleQueue)
    _capacity: int = 0
    _known: float = 0.0
    _loaders: concurrent.futures.ThreadPoolExecutor | None = None

    def __post_init__(self) -> None:
        self._topic = f"eventlet-codemod-{uuid.uuid4().hex}"
        try:
            # asked before the client: a client that fails on this takes long to go
            kind = parse_address(self.address)[0]
            get_backend(kind)
            known = distributed.Security().get_connection_args("client")
            if kind in ("tls", "wss") and not known.get("ssl_context"):
                raise ValueError("the configuration of Dask has no distributed.comm.tls.client")
            self._client = distributed.Client(self.address, timeout=_CONNECT, set_as_default=False)
        except Exception as error:  # of any kind, as the network and the configuration have it
            raise DaskError(f"{self.address}: no scheduler answers: {_line(error)}") from None
        try:
            self._check()
        except BaseException:
            self._client.close()
            raise
        self._client.subscribe_topic(self._topic, self._started)

    def _check(self) -> None:
        """See that all machines would give the same results as this one."""
        try:
            self._client.wait_for_workers(1, timeout=_CONNECT)
        except TimeoutError:
            raise DaskError(f"{self.address}: the scheduler has no worker") from None
        found = {"the scheduler": self._asked(self._client.run_on_scheduler)}
        workers = self._asked(self._client.run, on_error="return")
        if isinstance(workers, Exception):
            raise DaskError(f"{self.address}: {_line(workers)}")
        found |= {f"the worker {place}": told for place, told in sorted(workers.items())}
        for place, told in found.items():
            if isinstance(told, Exception):
                raise DaskError(f"{place} does not have this eventlet-codemod: {_line(told)}")
            if difference := dask_worker.unlike(place, tuple(told), dask_worker.identity()):
                raise DaskError(difference)

    def _asked(self, run: Any, **more: Any) -> Any:
        """What another machine says of itself, or its error: it may not know the question."""
        try:
            return run(dask_worker.identity, **more)
        except Exception as error:
            return error

    @property
    def capacity(self) -> int:
        """Twice as many jobs as run at once: there is one to go on with, and no more are sent."""
        if time.monotonic() >= self._known + _REFRESH:
            try:
                threads = sum(self._client.nthreads().values())
            except (OSError, RuntimeError, AttributeError):
                raise self._gone() from None
            if not threads and self._capacity != 1:
                self.say(f"{self.address}: no worker is left; waiting for one (Ctrl-C ends it)")
            elif threads and self._capacity == 1:
                self.say(f"{self.address}: there is a worker again")
            self._capacity = max(2 * threads, 1)
            self._known = time.monotonic()
        return self._capacity

    def start(self, job: Job) -> None:
        """Hand a job to the scheduler, as soon as there is what it carries."""
        key = f"eventlet-codemod-{uuid.uuid4().hex}"
        begun = self._begun[key] = _Begun(_without_secrets(job))
        if self.carry is None:
            self._submit(key, begun)
            return
        if self._loaders is None:
            self._loaders = concurrent.futures.ThreadPoolExecutor(_LOADERS)
        begun.loaded = self._loaders.submit(self.carry, job.repo, job.commit)
        begun.loaded.add_done_callback(lambda _: self._news.put(("loaded", key)))

    def _submit(self, key: str, one: _Begun) -> None:
        packed = pickle.dumps(one.job, pickle.HIGHEST_PROTOCOL)
        with warnings.catch_warnings():
            # Dask would rather have data scattered, which is lost with the worker that has it
            warnings.filterwarnings("ignore", "Sending large graph")
            one.future = self._client.submit(
                dask_worker.perform,
                packed,
                dask_worker.identity(),
                self._topic,
                key=key,
                pure=False,
                retries=_RETRIES,
            )
        self._listen(one.future)

    def _hand_over(self, key: str, one: _Begun) -> Iterator[Told]:
        """Hand over a job with what it carries, or tell why there is nothing to carry."""
        assert one.loaded is not None
        try:
            data = one.loaded.result()
        except (GitError, WorkspaceError, OSError) as error:
            del self._begun[key]
            yield Lost(one.job.repo.name, " ".join(str(error).split()))
            return
        one.loaded = None
        one.job = replace(one.job, data=data)
        self._submit(key, one)
        one.job = replace(one.job, data=b"")  # the scheduler has it

    def _listen(self, future: Any) -> None:
        future.add_done_callback(lambda done: self._news.put(("done", done.key)))

    def _started(self, event: tuple[object, object]) -> None:
        self._news.put(("began", str(event[1])))

    def told(self, seconds: float) -> Iterator[Told]:
        """What has come of jobs; those that take too long are given up. Raises DaskError."""
        if not self._begun:
            return
        nearest = min(one.deadline for one in self._begun.values())
        left = max(min(seconds, nearest - time.monotonic()), 0.0)
        with contextlib.suppress(queue.Empty):
            what, key = self._news.get(timeout=left)
            while True:
                one = self._begun.get(key)
                if one is not None and what == "loaded":
                    yield from self._hand_over(key, one)
                elif one is not None and what == "began" and one.job.repo.time_limit:
                    limit = one.job.repo.time_limit + self.margin
                    one.deadline = time.monotonic() + limit
                elif one is not None and what == "done":
                    yield from self._came(key, one)
                what, key = self._news.get_nowait()
        for key, one in list(self._begun.items()):
            if time.monotonic() >= one.deadline:
                del self._begun[key]
                one.future.cancel()
                limit = one.job.repo.time_limit
                reason = (
                    f"it took more than the time limit of {limit:g} s, and its worker is silent"
                )
                yield Lost(one.job.repo.name, reason)

    def _came(self, key: str, one: _Begun) -> Iterator[Told]:
        name = one.job.repo.name
        try:
            told = one.future.result(timeout=_ANSWER)
        except TimeoutError:  # its worker has gone with the result: the scheduler has it done again
            self._listen(one.future)
            return
        except Unlike as error:
            raise DaskError(f"the worker {error}") from None
        except CancelledError as error:
            if self._client.status != "running":
                raise self._gone() from None
            told = Lost(name, f"the scheduler gave it up: {_line(error)}")
        except distributed.KilledWorker as error:
            told = Lost(name, f"its worker was lost {_times(error)}, and it was not tried again")
        except Exception as error:
            told = Lost(name, f"no worker could do it: {_line(error)}")
        del self._begun[key]
        yield told

    def _gone(self) -> DaskError:
        return DaskError(f"{self.address}: the scheduler is lost; the next run goes on from here")

    def close(self) -> None:
        """Cancel what runs, and leave the cluster as it is."""
        if self._loaders is not None and self.carry is not None:
            self._loaders.shutdown(wait=False, cancel_futures=True)
            self.carry.close()
            self._loaders.shutdown()
        with contextlib.suppress(Exception):  # it may be the cluster that has failed
            if self._begun:
                futures = [one.future for one in self._begun.values()]
                self._client.cancel([future for future in futures if future is not None])
            self._client.unsubscribe_topic(self._topic)
        self._begun.clear()
        self._client.close()


def _without_secrets(job: Job) -> Job:
    """A job as it may go through the scheduler: nothing in it lets anybody in."""
    repo = job.repo
    url, push_url, api_url = map(redacted, (repo.url, repo.push_url, repo.api_url))
    return replace(job, repo=replace(repo, url=url, push_url=push_url, api_url=api_url))


def _times(error: Any) -> str:
    return f"{error.allowed_failures + 1} times"


def _line(error: BaseException) -> str:
    return f"{type(error).__name__}: " + " ".join(str(error).split())[:300]
