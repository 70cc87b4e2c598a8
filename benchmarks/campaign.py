"""A campaign by `eventlet-codemod batch`: what it takes, and what it takes again.

    python benchmarks/campaign.py --work DIR                  # releases of real projects
    python benchmarks/campaign.py --work DIR --synthetic 2000 # copies of small ones, made here
    … --dask 2                                                # on a cluster of so many workers, too

The releases are those of ``RELEASES``, as their sdists, each committed to git. The command runs
twice: the second run finds all results. Printed are wall and CPU seconds, the largest resident
memory of a process and the disk that the output directory takes; with --synthetic also how the time
grows with the number of repositories, and the runner's own memory. With --dask the scheduler and
the workers are processes of this machine, over TCP; their CPU time is that of Dask itself, without
the programs that do the jobs.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import os
import random
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import sdists

#: Services and libraries of OpenStack, of the last series that has eventlet everywhere.
RELEASES = [
    *("barbican==19.0.0", "blazar==15.0.0", "cinder==25.0.0", "designate==19.0.0"),
    *("glance==29.0.0", "ironic==26.1.1", "ironic-inspector==12.3.0"),
    *("ironic-python-agent==10.0.0", "keystone==26.0.0", "magnum==19.0.0", "manila==19.0.0"),
    *("masakari==18.0.0", "mistral==19.0.0", "neutron==25.0.0", "nova==31.0.0"),
    *("octavia==15.0.0", "openstack-heat==24.0.0", "oslo.log==6.1.2", "oslo.messaging==14.9.0"),
    *("oslo.concurrency==6.1.0", "oslo.service==3.5.0", "oslo.utils==7.3.0", "swift==2.33.0"),
    "zaqar==19.0.0",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--work", type=Path, required=True, help="an empty or earlier directory")
    parser.add_argument("--synthetic", type=int, default=0, metavar="N")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--dask", type=int, default=0, metavar="WORKERS")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    here = ["--jobs", str(options.jobs)]
    if options.synthetic:
        manifests = list(scale(options.work, options.synthetic, here))
    else:
        places = releases(options.work)
        print(f"{len(places)} repositories, {options.jobs} jobs")
        manifests = [twice(options.work, places, here)]
    if options.dask:
        on_cluster(options.work, manifests[-1], options.dask)


def releases(work: Path) -> list[Path]:
    """The releases as git repositories; those that are there already are taken as they are."""
    places = []
    for release in RELEASES:
        name, _, version = release.partition("==")
        home = work / "repos" / name
        try:
            if not home.is_dir():
                found = sdists.download(name, version, work / "sdists" / name)
                home.parent.mkdir(exist_ok=True)
                sdists.unpack(found, work / "unpacked" / name).rename(home)
                sdists.as_repository(home)
            places.append(home)
        except sdists.SdistError as error:
            print(f"left out: {error}", file=sys.stderr)
    return places


def twice(work: Path, places: list[Path], where: list[str]) -> Path:
    """Run a campaign, and run it again; its manifest."""
    manifest = work / "campaign.toml"
    lines = ["[defaults]", 'settings = { profile = "openstack" }']
    for place in places:
        lines += ["", "[[repo]]", f'path = "{place}"']
    manifest.write_text("\n".join(lines) + "\n")
    out = work / f"out-{time.strftime('%H%M%S')}"
    first = run(manifest, out, where)
    second = run(manifest, out, where)
    print(f"the second run takes {100 * second / first:.1f} % of the first")
    print(f"dashboard: {out / 'dashboard.html'}")
    return manifest


def run(manifest: Path, out: Path, where: list[str]) -> float:
    """One run; its wall time in seconds."""
    command = [sys.executable, "-m", "eventlet_codemod", "batch", "run", str(manifest)]
    start, began = time.monotonic(), datetime.datetime.now(datetime.UTC)
    said = out.with_suffix(".txt")
    with said.open("wb") as file:
        runner = subprocess.Popen([*command, "--output-dir", str(out), *where], stderr=file)
        status, usage, memory = watched(runner.pid)
    wall = time.monotonic() - start
    cpu = usage.ru_utime + usage.ru_stime
    jobs_cpu, largest = of_jobs(out, began)
    lines = said.read_text().splitlines()
    summary = next((line for line in lines if "repositories: " in line), "\n".join(lines[-5:]))
    print(
        f"exit code {os.waitstatus_to_exitcode(status)}; {wall:.1f} s of wall time; CPU: "
        f"{cpu:.1f} s of the runner, {jobs_cpu:.1f} s of jobs; memory: {memory / 2**20:.0f} MiB in "
        f"the runner, {largest / 2**20:.0f} MiB in the largest job; {size(out) / 2**20:.1f} MiB of "
        "disk"
    )
    print(f"  {summary}")
    return wall


def watched(number: int) -> tuple[int, resource.struct_rusage, int]:
    """What a process ended with, what it took, and the most memory that it had, in bytes.

    Of the last, what the kernel counts for a child begins with that of its parent.
    """
    memory = 0
    while True:
        with contextlib.suppress(OSError, StopIteration):
            lines = Path(f"/proc/{number}/status").read_text().splitlines()
            told = next(line for line in lines if line.startswith("VmHWM:"))
            memory = 1024 * int(told.split()[1])
        ended, status, usage = os.wait4(number, os.WNOHANG)
        if ended:
            return status, usage, memory
        time.sleep(0.02)


def of_jobs(out: Path, since: datetime.datetime) -> tuple[float, int]:
    """CPU seconds of the jobs of a run, and bytes of memory in the largest; from the journal."""
    database = sqlite3.connect(out / "journal.sqlite3")
    told = [
        json.loads(details)
        for details, began in database.execute("select details, began from repo")
        if datetime.datetime.fromisoformat(began) >= since.replace(microsecond=0)
    ]
    database.close()
    cpu = sum(one.get("cpu_seconds", 0) for one in told)
    return cpu, max((one.get("peak_memory", 0) for one in told), default=0)


def size(root: Path) -> int:
    """Bytes of the files below a directory."""
    return sum(p.stat().st_size for p in root.rglob("*") if p.is_file() and not p.is_symlink())


# --- on a cluster --------------------------------------------------------------------------------


def on_cluster(work: Path, manifest: Path, workers: int) -> None:
    """Run a campaign on a scheduler and workers of this machine; what each of them takes."""
    place = work / f"cluster-{time.strftime('%H%M%S')}"
    place.mkdir()
    scheduler = begin(place, "dask_scheduler", "--host", "127.0.0.1", "--port", "0")
    address = told(place / "dask_scheduler.txt", r"Scheduler at:\s+(tcp://\S+)")
    words = ("--nworkers", str(workers), "--nthreads", "1", "--local-directory", str(place))
    several = begin(place, "dask_worker", address, *words)
    print(f"on a cluster of {workers} workers:")
    try:
        run(manifest, place / "out", ["--executor", "dask", "--scheduler", address])
    finally:
        for name, process in (("workers", several), ("scheduler", scheduler)):
            process.send_signal(signal.SIGINT)
            _, _, usage = os.wait4(process.pid, 0)
            print(f"  {name}: {usage.ru_utime + usage.ru_stime:.1f} s of CPU")


def begin(place: Path, module: str, *words: str) -> subprocess.Popen[bytes]:
    """Start a part of a cluster."""
    command = [sys.executable, "-m", f"distributed.cli.{module}", *words, "--no-dashboard"]
    with (place / f"{module}.txt").open("wb") as file:
        return subprocess.Popen(command, cwd=place, stdout=file, stderr=file)


def told(file: Path, pattern: str) -> str:
    """What a process has written, when it has."""
    end = time.monotonic() + 60
    while not (found := re.search(pattern, file.read_text())):
        if time.monotonic() > end:
            raise SystemExit(f"{file}: it did not begin")
        time.sleep(0.1)
    return found[1]


# --- many small ones -----------------------------------------------------------------------------

_MODULE = '''"""Module {number}."""

import logging

LOG = logging.getLogger(__name__)


class Thing{number}:
    """Does something with a name."""

    def __init__(self, name):
        self.name = name

    def describe(self, other=None):
        if other is None:
            return f"{{self.name}} {number}"
        return [self.name, *other.describe()]
'''
_EVENTLET = '''"""Works."""

import eventlet
eventlet.monkey_patch()


def work(items, pause={pause}):
    for item in items:
        eventlet.sleep(pause)
        eventlet.spawn_n(print, item)
'''


def scale(work: Path, number: int, where: list[str]) -> Iterator[Path]:
    """A tenth of the repositories, then a third, then all: throughput and memory; the manifests."""
    chance = random.Random(7)
    places = [synthetic(work / "synthetic" / f"r{n:05}", chance) for n in range(number)]
    for count in (number // 10, number // 3, number):
        lines = [line for p in places[:count] for line in ("[[repo]]", f'path = "{p}"')]
        manifest = work / f"scale-{count}.toml"
        manifest.write_text("\n".join(lines) + "\n")
        print(f"{count} repositories:")
        wall = run(manifest, work / f"scale-out-{count}-{time.strftime('%H%M%S')}", where)
        print(f"  {count / wall:.2f} repositories a second")
        yield manifest


def synthetic(place: Path, chance: random.Random) -> Path:
    """A repository of 20 to 60 modules, two thirds of them in a project that has eventlet."""
    if place.is_dir():
        return place
    package = place / "pkg"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    for module in range(chance.randrange(20, 60)):
        (package / f"m{module}.py").write_text(_MODULE.format(number=module) * 8)
    if chance.random() < 2 / 3:
        for module in range(chance.randrange(1, 4)):
            text = _EVENTLET.format(pause=chance.randrange(1, 9))
            (package / f"w{module}.py").write_text(text)
    return sdists.as_repository(place)


if __name__ == "__main__":
    main()
