"""Campaigns on a Dask cluster: real schedulers and workers, each a process, over TCP."""

from __future__ import annotations

import contextlib
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from servers import git_server
from stand import AUTHOR, SLEEP, make

import eventlet_codemod
from eventlet_codemod.batch.executors import Lost, Told
from eventlet_codemod.batch.git import Git
from eventlet_codemod.batch.job import Job, Result, tool_identity
from eventlet_codemod.batch.model import Repo
from eventlet_codemod.batch.workspace import Workspace

distributed = pytest.importorskip("distributed")

from eventlet_codemod.batch.dask import Carry, Dask, DaskError  # noqa: E402

pytestmark = pytest.mark.slow

PACKAGE = Path(eventlet_codemod.__file__).resolve().parent
TEST = """
    import time
    import unittest


    class Test(unittest.TestCase):
        def test_slow(self):
            time.sleep({seconds})
"""


class Cluster:
    """A scheduler and its workers."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.started: list[subprocess.Popen[bytes]] = []
        root.mkdir()
        said = self.run("dask_scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0")
        self.address = self.wait(said, r"Scheduler at:\s+(tcp://\S+)")

    def run(self, module: str, name: str, *options: str, source: Path = PACKAGE.parent) -> Path:
        said = self.root / f"{name}.txt"
        command = [sys.executable, "-m", f"distributed.cli.{module}", *options, "--no-dashboard"]
        environment = {**os.environ, "PYTHONPATH": str(source)}
        with said.open("wb") as file:
            self.started.append(
                subprocess.Popen(command, cwd=self.root, env=environment, stdout=file, stderr=file)
            )
        return said

    @staticmethod
    def wait(said: Path, pattern: str) -> str:
        end = time.monotonic() + 180
        while not (found := re.search(pattern, said.read_text())):
            assert time.monotonic() < end, said.read_text()
            time.sleep(0.1)
        return found[1]

    def worker(
        self, name: str, *options: str, source: Path = PACKAGE.parent
    ) -> subprocess.Popen[bytes]:
        place = self.root / name
        more = ("--nworkers", "1", "--nthreads", "1", "--local-directory", str(place))
        said = self.run("dask_worker", name, self.address, *more, *options, source=source)
        self.wait(said, r"(Registered to)")
        return self.started[-1]

    def close(self) -> None:
        """End the workers, and the scheduler after them."""
        for process in reversed(self.started):
            process.send_signal(signal.SIGCONT)
            process.terminate()
            try:
                process.wait(10 if process is not self.started[0] else 1)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def left(self) -> list[Path]:
        """What jobs left in the directories of workers."""
        return self.find("**/eventlet-codemod-*")

    def find(self, pattern: str) -> list[Path]:
        """Files of workers, which may come and go meanwhile."""
        while True:
            with contextlib.suppress(FileNotFoundError):
                return list(self.root.glob(pattern))


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path / "cluster")
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Six repositories: four that change, two of them with slow tests, one without eventlet."""
    for number in range(4):
        files = {"pkg/__init__.py": "", "pkg/pause.py": SLEEP * (number + 1)}
        make(tmp_path / f"repos/r{number}", {**files, "tests.py": TEST.format(seconds=1.5)})
    make(tmp_path / "repos/clean", {"pkg/__init__.py": "print('nothing')\n"})
    make(tmp_path / "repos/broken", {"pkg/pause.py": SLEEP, "pkg/bad.py": "import eventlet\n(\n"})
    command = f"{sys.executable} -m unittest -v tests"
    (tmp_path / "m.toml").write_text(
        "[[source]]\nglob = 'repos/*'\n"
        f"[[repo]]\nname = 'r1'\ntest-cmd = '{command}'\n"
        f"[[repo]]\nname = 'r2'\ntest-cmd = '{command}'\n"
    )
    return tmp_path


def batch(root: Path, out: str, *options: str) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "eventlet_codemod",
        "batch",
        "run",
        "m.toml",
        "--output-dir",
        out,
    ]
    pipe = subprocess.PIPE
    return subprocess.Popen([*command, *options], cwd=root, stdout=pipe, stderr=pipe, text=True)


def another_tool(root: Path) -> Path:
    """A copy of the tool, to be changed; the place to import it from."""
    place = root / "another" / PACKAGE.name
    shutil.copytree(PACKAGE, place, ignore=shutil.ignore_patterns("__pycache__"))
    return place.parent


def results(out: Path) -> dict[str, bytes]:
    """What a campaign has made, without what tells of time."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted((out / "results").rglob("*"))
        if path.is_file() and path.name != "log.txt"
    }


def until(true: Callable[[], object], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def told_by(executor: Dask, seconds: float = 180) -> list[Told]:
    found: list[Told] = []
    until(lambda: found.extend(executor.told(1)) or found, seconds)
    return found


def job_of(root: Path, **more: object) -> Job:
    place = make(root / "repos/one", {"pkg/__init__.py": "", "pkg/pause.py": SLEEP})
    repo = Repo(name="one", path=str(place), **more)  # type: ignore[arg-type]
    workspace = Workspace(root / "cache", Git())
    commit = workspace.resolve(repo)
    return Job(
        repo=repo,
        commit=commit,
        campaign="test",
        tool=tool_identity(),
        author=AUTHOR,
        key="0" * 64,
        data=Carry(workspace)(repo, commit),
    )


def processes_with(text: str) -> list[int]:
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if text.encode() in (place / "cmdline").read_bytes().replace(b"\0", b" "):
                found.append(int(place.name))
    return found


def test_results_are_those_of_a_local_run_though_a_worker_is_killed(
    root: Path, cluster: Cluster
) -> None:
    with batch(root, "local", "--jobs", "1") as local:
        told, error = local.communicate(timeout=300)
    assert local.returncode == 3, told + error  # one file of one repository cannot be read
    wanted = results(root / "local")
    assert sum(path.endswith("series.mbox") for path in wanted) == 5
    plain = cluster.worker("plain", "--no-nanny")
    cluster.worker("nannied", "--nanny")
    there = ("--executor", "dask", "--scheduler", cluster.address)
    with batch(root, "out", *there) as run:
        told, error = run.communicate(timeout=300)
    assert run.returncode == 3, told + error
    assert results(root / "out") == wanted
    with batch(root, "killed", *there) as run:
        until(lambda: cluster.find("plain/**/job-*"))
        plain.kill()
        told, error = run.communicate(timeout=300)
    assert run.returncode == 3, told + error
    assert results(root / "killed") == wanted
    until(lambda: not cluster.left())
    until(lambda: not processes_with(f"dask_job {cluster.root}"))


def test_limits_hold_and_what_is_not_wanted_is_stopped(tmp_path: Path, cluster: Cluster) -> None:
    cluster.worker("nannied", "--nanny")
    executor = Dask(cluster.address)
    assert executor.capacity == 2
    limited = job_of(tmp_path, test_cmd="sleep 60 & wait", time_limit=3.0)
    try:
        executor.start(limited)
        (stopped,) = told_by(executor)
        assert isinstance(stopped, Result) and stopped.state == "failed"
        assert stopped.reason == "it took more than the time limit of 3 s, in the stage tests"
        forever = pickle.loads(pickle.dumps(limited))
        executor.start(forever)
        until(lambda: cluster.find("nannied/**/job-*"))
    finally:
        executor.close()
    until(lambda: not cluster.left())
    until(lambda: not processes_with(f"dask_job {cluster.root}"))
    with distributed.Client(cluster.address, set_as_default=False) as client:
        assert len(client.nthreads()) == 1, "the cluster is left as it was"


def test_a_driver_that_is_killed_leaves_nothing_and_the_next_goes_on(
    root: Path, cluster: Cluster
) -> None:
    with (root / "m.toml").open("a") as file:  # it can be fetched nowhere: the others go on
        file.write(f"[[repo]]\nname = 'r3'\ncommit = '{'1' * 40}'\n")
    cluster.worker("plain", "--no-nanny")
    there = ("--executor", "dask", "--scheduler", cluster.address)
    with batch(root, "out", *there) as run:
        until(lambda: cluster.find("plain/**/job-*/tree/tests.py"))
        run.kill()
    until(lambda: not cluster.left())
    with batch(root, "out", *there) as run:
        _, error = run.communicate(timeout=300)
    assert run.returncode == 3, error
    assert "r3: failed in the stage fetch: " in error and "1" * 40 in error
    assert sum(path.endswith("series.mbox") for path in results(root / "out")) == 4
    assert "Traceback" not in error


def test_a_worker_that_is_silent_is_given_up(tmp_path: Path, cluster: Cluster) -> None:
    worker = cluster.worker("plain", "--no-nanny")
    executor = Dask(cluster.address, margin=2.0)
    try:
        executor.start(job_of(tmp_path, test_cmd="sleep 60 & wait", time_limit=4.0))
        until(lambda: cluster.find("plain/**/job-*"))
        assert list(executor.told(1)) == []
        worker.send_signal(signal.SIGSTOP)
        (lost,) = told_by(executor)
        assert isinstance(lost, Lost)
        assert lost.reason == "it took more than the time limit of 4 s, and its worker is silent"
    finally:
        worker.send_signal(signal.SIGCONT)
        executor.close()


def test_a_job_that_always_loses_its_worker_is_lost(tmp_path: Path, cluster: Cluster) -> None:
    """Each time the job begins, the process of its worker is killed; the nanny makes another."""
    cluster.worker("nannied", "--nanny")
    kill = f'{sys.executable} -c "{KILL}"'
    executor = Dask(cluster.address)
    try:
        executor.start(job_of(tmp_path, test_cmd=kill))
        (lost,) = told_by(executor, 180)
        assert isinstance(lost, Lost)
        assert lost.reason == "its worker was lost 4 times, and it was not tried again"
    finally:
        executor.close()


# from the test of a project up to the process that has the worker of Dask as its parent
KILL = (
    "import os,signal,pathlib\n"
    "p=os.getpid()\n"
    "while b'dask_job' not in pathlib.Path(f'/proc/{p}/cmdline').read_bytes() or "
    "b'forkserver' in pathlib.Path(f'/proc/{p}/cmdline').read_bytes():\n"
    " p=int(pathlib.Path(f'/proc/{p}/stat').read_text().rpartition(')')[2].split()[1])\n"
    "p=int(pathlib.Path(f'/proc/{p}/stat').read_text().rpartition(')')[2].split()[1])\n"
    "os.kill(p,signal.SIGKILL)\n"
)


def test_a_scheduler_that_goes_ends_the_run(tmp_path: Path, cluster: Cluster) -> None:
    cluster.worker("plain", "--no-nanny")
    executor = Dask(cluster.address)
    try:
        executor.start(job_of(tmp_path, test_cmd="sleep 60 & wait"))
        until(lambda: cluster.find("plain/**/job-*"))
        cluster.started[0].kill()
        with pytest.raises(DaskError, match="the scheduler is lost; the next run goes on"):
            told_by(executor)
    finally:
        executor.close()
    until(lambda: not cluster.left())


@pytest.mark.parametrize("how", ["other", "none"])
def test_a_worker_with_another_version_is_refused(root: Path, cluster: Cluster, how: str) -> None:
    source = another_tool(root)
    if how == "other":
        with (source / "eventlet_codemod/batch/model.py").open("a") as file:
            file.write("# changed\n")
        wanted = r"the worker tcp://\S+ has eventlet-codemod \S+, and this machine \S+: they must"
    else:
        (source / "eventlet_codemod/batch/dask_worker.py").unlink()
        wanted = r"the worker tcp://\S+ does not have this eventlet-codemod: .*ModuleNotFoundError"
    cluster.worker("plain", "--no-nanny", source=source)
    with batch(root, "out", "--executor", "dask", "--scheduler", cluster.address) as run:
        _, error = run.communicate(timeout=300)
    assert run.returncode == 2
    assert len(error.splitlines()) == 1 and re.search(wanted, error), error
    assert not results(root / "out")


def test_a_worker_that_came_later_is_refused(tmp_path: Path, cluster: Cluster) -> None:
    first = cluster.worker("plain", "--no-nanny")
    executor = Dask(cluster.address)
    try:
        source = another_tool(tmp_path)
        with (source / "eventlet_codemod/batch/model.py").open("a") as file:
            file.write("# changed\n")
        first.terminate()
        first.wait()
        cluster.worker("later", "--no-nanny", source=source)
        executor.start(job_of(tmp_path))
        with pytest.raises(DaskError, match=r"the worker tcp://\S+ has eventlet-codemod"):
            told_by(executor)
    finally:
        executor.close()


def test_the_same_job_is_done_each_time(tmp_path: Path, cluster: Cluster) -> None:
    cluster.worker("plain", "--no-nanny")
    executor = Dask(cluster.address)
    try:
        job = job_of(tmp_path)
        executor.start(job)
        executor.start(job)
        both: list[Told] = []
        until(lambda: both.extend(executor.told(1)) or len(both) == 2)
        one, other = both
        assert isinstance(one, Result) and isinstance(other, Result)
        assert one.head == other.head and one.state == "changed"
        assert [row.stage for row in one.stages][:2] == ["fetch", "scan"]
    finally:
        executor.close()


def test_the_program_of_a_job_does_the_next_one_too(tmp_path: Path, cluster: Cluster) -> None:
    worker = cluster.worker("plain", "--no-nanny")
    executor = Dask(cluster.address)
    job = job_of(tmp_path)

    def programs() -> set[int]:
        """But for the server of processes that each has."""
        return {*processes_with("batch.dask_job " + str(cluster.root))}

    try:
        seen = []
        for _ in range(2):
            executor.start(job)
            (result,) = told_by(executor)
            assert isinstance(result, Result) and result.state == "changed"
            seen.append(programs())
        assert len(seen[0]) == 1 and seen[0] == seen[1]
        os.kill(*seen[0], signal.SIGKILL)
        executor.start(job)
        (result,) = told_by(executor)
        assert isinstance(result, Result) and result.state == "changed"
        assert len(programs()) == 1 and programs() != seen[0]
    finally:
        executor.close()
    worker.kill()
    until(lambda: not programs())


def test_what_is_carried(tmp_path: Path) -> None:
    job = job_of(tmp_path)
    assert job.data.startswith(b"# eventlet-codemod commit")
    workspace = Workspace(tmp_path / "cache", Git())
    with git_server(tmp_path / "repos") as server:
        address = Repo(name="url", url=f"{server.url}/one/.git")
        assert Carry(workspace, 10)(job.repo, job.commit) == job.data, "only this machine has it"
        assert Carry(workspace, 0)(address, job.commit) == b""
        assert not workspace.mirror(address).exists()
        assert Carry(workspace, 10)(address, job.commit) == b""
        assert Carry(workspace)(address, job.commit) == job.data
        with_login = Repo(name="url", url=server.url.replace("//", "//user:s3cret@") + "/one/.git")
        assert Carry(workspace, 0)(with_login, job.commit) == job.data, "nobody else may sign on"


def test_the_scheduler_learns_no_password(tmp_path: Path, cluster: Cluster) -> None:
    def tasks(dask_scheduler: distributed.Scheduler) -> list[bytes]:
        return [pickle.dumps(task.run_spec) for task in dask_scheduler.tasks.values()]

    cluster.worker("plain", "--no-nanny")
    job = replace(job_of(tmp_path, test_cmd="sleep 60 & wait"), data=b"")
    executor = Dask(cluster.address, Carry(Workspace(tmp_path / "carried", Git()), 0))
    with git_server(tmp_path / "repos", login="user:s3cret") as server:
        url = server.url.replace("//", "//user:s3cret@") + "/one/.git"
        repo = replace(job.repo, name="named", path="", url=url, push_url=url)
        try:
            executor.start(replace(job, repo=repo))
            until(lambda: list(executor.told(0.1)) or cluster.find("plain/**/job-*"))
            with distributed.Client(cluster.address, set_as_default=False) as client:
                (known,) = client.run_on_scheduler(tasks)
        finally:
            executor.close()
    assert b"named" in known and b"***@" in known
    assert b"s3cret" not in known


def test_what_cannot_be_carried_is_lost_and_others_go_on(tmp_path: Path, cluster: Cluster) -> None:
    cluster.worker("plain", "--no-nanny")
    job = replace(job_of(tmp_path), data=b"")
    executor = Dask(cluster.address, Carry(Workspace(tmp_path / "carried", Git())))
    try:
        gone = replace(job.repo, name="gone", path=str(tmp_path / "nowhere"))
        executor.start(replace(job, repo=gone))
        executor.start(job)
        both: list[Told] = []
        until(lambda: both.extend(executor.told(1)) or len(both) == 2)
    finally:
        executor.close()
    (lost,) = [one for one in both if isinstance(one, Lost)]
    (result,) = [one for one in both if isinstance(one, Result)]
    assert lost == Lost("gone", f"{tmp_path}/nowhere: there is no such directory")
    assert (result.name, result.state) == ("one", "changed")


def test_a_fetch_does_not_outlast_the_run(tmp_path: Path, cluster: Cluster) -> None:
    cluster.worker("plain", "--no-nanny")
    job = replace(job_of(tmp_path), data=b"")
    executor = Dask(cluster.address, Carry(Workspace(tmp_path / "carried", Git())))
    with git_server(tmp_path / "repos", stall=100) as server:
        repo = replace(job.repo, path="", url=f"{server.url}/one/.git")
        executor.start(replace(job, repo=repo))
        assert server.stalled.wait(60)
        executor.close()  # it returns: else the git would go on for half an hour
    assert not processes_with(server.url)


def test_it_is_said_that_no_worker_is_left(tmp_path: Path, cluster: Cluster) -> None:
    worker = cluster.worker("plain", "--no-nanny")
    said: list[str] = []
    executor = Dask(cluster.address, say=said.append)
    try:
        assert executor.capacity == 2 and not said
        worker.terminate()
        worker.wait()
        until(lambda: executor.capacity == 1)
        cluster.worker("second", "--no-nanny")
        until(lambda: executor.capacity == 2)
    finally:
        executor.close()
    first, second = said
    assert "no worker is left; waiting for one" in first and "a worker again" in second


def test_a_worker_fetches_what_is_not_carried(tmp_path: Path, cluster: Cluster) -> None:
    cluster.worker("nannied", "--nanny")
    executor = Dask(cluster.address)
    carried = job_of(tmp_path)
    try:
        with git_server(tmp_path / "repos") as server:
            repo = Repo(name="one", url=f"{server.url}/one/.git")
            executor.start(replace(carried, repo=repo, data=b""))
            (fetched,) = told_by(executor)
        executor.start(carried)
        (result,) = told_by(executor)
    finally:
        executor.close()
    assert isinstance(fetched, Result) and isinstance(result, Result)
    assert (fetched.state, fetched.head) == ("changed", result.head)


def test_options_and_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text("[[repo]]\nname = 'a'\npath = '.'\n")

    def refused(*options: str) -> str:
        with batch(tmp_path, "out", *options) as run:
            _, error = run.communicate(timeout=180)
        assert run.returncode == 2
        assert len(error.splitlines()) == 1, error
        return error

    for options in (["--executor", "dask"], ["--scheduler", "tcp://127.0.0.1:1"]):
        assert "--executor dask and --scheduler ADDRESS go together" in refused(*options)
    assert "--carry-limit goes with --executor dask" in refused("--carry-limit", "1M")
    there = ("--executor", "dask", "--scheduler")
    assert "--carry-limit" in refused(*there, "tcp://127.0.0.1:1", "--carry-limit", "much")
    assert "no-such://127.0.0.1: no scheduler answers: " in refused(*there, "no-such://127.0.0.1")
    assert "no distributed.comm.tls.client" in refused(*there, "tls://127.0.0.1:1")
    assert "--jobs is for this machine" in refused(*there, "tcp://127.0.0.1:1", "--jobs", "2")
    # as where it is not installed: a module of the name that cannot be imported
    (tmp_path / "distributed.py").write_text("raise ImportError('it is not there')\n")
    assert "pip install 'eventlet-codemod[dask]'" in refused(*there, "tcp://127.0.0.1:1")
