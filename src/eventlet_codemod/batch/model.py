"""What a campaign is about, as plain values: repositories, and how far each one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

#: What is done to each repository, in this order.
STAGES = ("fetch", "scan", "rewrite", "checks", "tests", "commit", "export", "publish")

#: ``waiting``: not tried; ``changed``: there is a series; ``left``: nothing can be rewritten but
#: uses are left; ``clean``: no use of eventlet.
State = Literal["waiting", "running", "changed", "left", "clean", "failed"]
Target = Literal["", "push", "gerrit", "github", "gitlab"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repo:
    """A repository as the manifest names it, with all defaults filled in.

    ``name`` is unique and a relative path, such as ``openstack/nova``. Either ``url`` or ``path``
    (absolute) is given. ``ref`` is a branch or tag, "" what the remote's HEAD is; ``commit`` pins
    the base. ``settings`` are settings of the tool by key, over those of the repository.
    ``test_block`` is what imports of eventlet are blocked for in the tests afterwards. Limits are
    in seconds and bytes, 0 for none. ``publish`` is where it goes when publishing is asked for,
    "" nowhere; ``target`` the branch that it is proposed for, "" the ``ref``. ``line`` is where it
    stands in the manifest, 0 for none.
    """

    name: str
    url: str = ""
    path: str = ""
    ref: str = ""
    commit: str = ""
    group: str = ""
    owner: str = ""
    priority: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    split: str = "rule"
    max_lines: int = 100
    subject_prefix: str = ""
    test_cmd: str = ""
    test_block: Literal["none", "project", "all"] = "none"
    time_limit: float = 3600.0
    memory_limit: int = 0
    publish: Target = ""
    target: str = ""
    reviewers: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    topic: str = ""
    branch: str = "eventlet-codemod"
    push_url: str = ""
    api_url: str = ""
    max_open: int = 0
    wip: bool = False
    depends_on: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def source(self) -> str:
        """Where it is fetched from."""
        return self.url or self.path


@dataclass(frozen=True, slots=True)
class Counts:
    """How many uses of a repository became what, how many files and patches that took."""

    uses: int = 0
    safe: int = 0
    review: int = 0
    manual: int = 0
    suppressed: int = 0
    hazards: int = 0
    files_changed: int = 0
    files_failed: int = 0
    patches: int = 0
    lines: int = 0
    by_rule: Mapping[str, int] = field(default_factory=dict)

    @property
    def rewritten(self) -> int:
        """Uses that the series takes away."""
        return self.safe + self.review

    @property
    def left(self) -> int:
        """Uses that are there after it."""
        return self.uses - self.rewritten


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage of a repository's last attempt. ``state``: running, done, failed or skipped."""

    stage: str
    state: Literal["running", "done", "failed", "skipped"]
    seconds: float = 0.0
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One repository of a campaign as it is now.

    ``stage`` is the one that runs or failed, ``reason`` why it failed, on one line. ``log``,
    ``patches`` and ``report`` are paths relative to the output directory, "" where there is none.
    ``cached``: the result is that of an earlier run. ``published`` are addresses of changes.
    """

    name: str
    state: State
    source: str = ""
    ref: str = ""
    base: str = ""
    group: str = ""
    owner: str = ""
    priority: int = 0
    wave: int = 0
    stage: str = ""
    reason: str = ""
    log: str = ""
    patches: str = ""
    ledger: str = ""
    attempts: int = 0
    cached: bool = False
    seconds: float = 0.0
    peak_memory: int = 0
    stages: tuple[StageRow, ...] = ()
    counts: Counts | None = None
    tests: str = ""
    published: tuple[str, ...] = ()

    @property
    def files_failed(self) -> int:
        """Files of a repository that failed while the others have their series."""
        return self.counts.files_failed if self.counts and self.state != "failed" else 0

    @property
    def has_failure(self) -> bool:
        """Whether it failed, or some of its files did."""
        return self.state == "failed" or self.files_failed > 0


@dataclass(frozen=True, slots=True)
class Point:
    """What a campaign had found when one of its runs ended: the burndown is made of these.

    ``when`` is a time in ISO 8601 with its zone; ``done`` counts repositories with a result.
    """

    when: str
    repos: int
    done: int
    failed: int
    uses: int
    rewritten: int
    manual: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A campaign as it is now. ``rows`` are in the order of the manifest.

    ``running`` tells whether a runner works on it; times are in ISO 8601, "" where unknown.
    """

    campaign: str
    version: str
    rows: tuple[Row, ...]
    history: tuple[Point, ...] = ()
    running: bool = False
    started: str = ""
    updated: str = ""
    jobs: int = 0
