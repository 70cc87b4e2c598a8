"""`BlockingPool`: never more than its size, never a deadlock, nothing lost."""

from __future__ import annotations

import logging
import sys
import threading
from concurrent import futures
from typing import TYPE_CHECKING

import pytest

from eventlet_codemod.helpers.blocking_pool import BlockingPool
from eventlet_codemod.helpers.spawn import spawn

if TYPE_CHECKING:
    from collections.abc import Iterator


class Gate:
    """A task that says when it runs and ends when it is told."""

    def __init__(self) -> None:
        self._runs = threading.Semaphore(0)
        self._open = threading.Event()

    def __call__(self, result: object = None) -> object:
        self._runs.release()
        self._open.wait()
        return result

    def wait_for(self, tasks: int) -> None:
        for _ in range(tasks):
            self._runs.acquire()

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()


class Watch:
    """Counts how many calls run at once."""

    def __init__(self) -> None:
        self.most = self._now = 0
        self._lock = threading.Lock()

    def __call__(self, number: int) -> int:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        for _ in range(50):  # where another thread may take over
            number = -number
        with self._lock:
            self._now -= 1
        if number % 10 == 0:
            raise ValueError(number)
        return number


# Under load.


def test_10_000_tasks_of_which_some_fail():
    pool, watch = BlockingPool(16), Watch()
    tasks = [pool.spawn(watch, number) for number in range(10_000)]
    pool.waitall()
    assert all(task.done() for task in tasks)
    for number, task in enumerate(tasks):
        if number % 10:
            assert task.result() == number
        else:
            assert task.exception().args == (number,)
    assert watch.most <= 16
    assert (pool.running(), pool.free(), pool.waiting()) == (0, 16, 0)


@pytest.mark.usefixtures("_hurry")
def test_many_threads_share_a_small_pool():
    pool, watch = BlockingPool(3), Watch()
    lock, tasks = threading.Lock(), []

    def start() -> None:
        for number in range(100):
            task = pool.spawn(watch, number)
            with lock:
                tasks.append(task)

    starters = [spawn(start) for _ in range(8)]
    for starter in starters:
        starter.result()
    pool.waitall()
    assert len(tasks) == 800
    assert sum(task.exception() is not None for task in tasks) == 80
    assert watch.most <= 3
    assert (pool.running(), pool.waiting()) == (0, 0)


@pytest.mark.usefixtures("_hurry")
def test_the_size_changes_all_the_time():
    pool, watch = BlockingPool(1), Watch()

    def start() -> int:
        return sum(pool.spawn(watch, 1).result() for _ in range(100))

    starters = [spawn(start) for _ in range(4)]
    size = 0
    while not all(starter.done() for starter in starters):
        pool.resize(size % 5)
        size += 1
    pool.resize(1)
    assert [starter.result() for starter in starters] == [100] * 4
    pool.waitall()
    assert (pool.running(), pool.free()) == (0, 1)


# A full pool.


def test_a_full_pool_blocks(gate, until):
    pool = BlockingPool(2)
    tasks = [pool.spawn(gate, 0), pool.spawn(gate, 1)]
    starter = spawn(pool.spawn, gate, 2)
    until(lambda: pool.waiting() == 1)
    assert (pool.running(), pool.free()) == (2, 0)
    gate.open()
    tasks.append(starter.result())
    assert [task.result() for task in tasks] == [0, 1, 2]
    assert pool.waiting() == 0


def test_a_slot_is_free_as_soon_as_the_result_is_known():
    pool = BlockingPool(1)
    for _ in range(300):
        pool.spawn(int).result()
        assert (pool.running(), pool.free()) == (0, 1)


def test_a_task_may_start_tasks_in_its_own_full_pool():
    pool = BlockingPool(1)

    def nest(depth: int) -> int:
        return pool.spawn(nest, depth - 1).result() + 1 if depth else 0

    assert pool.spawn(nest, 20).result(10) == 20
    pool.waitall()
    assert (pool.running(), pool.free()) == (0, 1)


def test_a_task_that_runs_inline_fails_in_its_future_only(caplog):
    pool = BlockingPool(1)

    def task() -> tuple[bool, bool, bool]:
        thread = pool.spawn(threading.get_ident).result()
        failed = pool.spawn(divmod, 1, 0)
        pool.spawn_n(divmod, 2, 0)
        failure = isinstance(failed.exception(), ZeroDivisionError)
        return thread == threading.get_ident(), failure, len(caplog.records) == 1

    assert pool.spawn(task).result() == (True, True, True)


def test_a_task_waits_for_a_slot_of_another_pool(gate, until):
    first, second = BlockingPool(1), BlockingPool(1)
    second.spawn(gate)
    task = first.spawn(lambda: second.spawn(int).result())
    until(lambda: second.waiting() == 1)
    gate.open()
    assert task.result() == 0


def test_whoever_a_task_starts_waits_like_anyone_else(gate, until):
    pool = BlockingPool(1)
    waits = pool.spawn(lambda: spawn(pool.spawn, int))
    pool.spawn(gate)
    spawned = waits.result()
    gate.open()
    assert spawned.result().result() == 0
    pool.waitall()


def test_a_size_of_0_blocks_until_it_grows(until):
    pool = BlockingPool(0)
    starter = spawn(pool.spawn, int)
    until(lambda: pool.waiting() == 1)
    pool.resize(1)
    assert starter.result().result() == 0


@pytest.mark.parametrize("change", [BlockingPool, BlockingPool(1).resize])
def test_a_negative_size_is_an_error(change):
    with pytest.raises(ValueError, match="-1"):
        change(-1)


def test_growing_lets_in_those_who_wait_and_shrinking_stops_nobody(gate, until):
    pool = BlockingPool(1)
    pool.spawn(gate)
    starters = [spawn(pool.spawn, gate) for _ in range(4)]
    until(lambda: pool.waiting() == 4)
    pool.resize(4)
    gate.wait_for(4)
    assert (pool.size, pool.running(), pool.waiting(), pool.free()) == (4, 4, 1, 0)
    pool.resize(2)
    assert (pool.size, pool.running(), pool.waiting(), pool.free()) == (2, 4, 1, -2)
    gate.open()
    for starter in starters:
        starter.result().result()
    assert (pool.running(), pool.free()) == (0, 2)


def test_a_system_without_threads_costs_no_slot(no_threads):
    pool = BlockingPool(1)
    with no_threads, pytest.raises(RuntimeError, match="thread"):
        pool.spawn(int)
    pool.waitall()
    assert pool.spawn(int).result() == 0


def test_a_task_that_is_cancelled_before_it_runs_costs_no_slot():
    pool = BlockingPool(1)
    future: futures.Future[int] = futures.Future()
    future.cancel()
    pool._submit(future, int, (), {})
    pool.waitall()
    assert (pool.running(), pool.free()) == (0, 1)


def test_the_size_is_1000_unless_it_is_given():
    assert (BlockingPool().size, BlockingPool().free()) == (1000, 1000)


def test_an_interrupted_caller_passes_the_slot_on(gate, until, interrupt):
    pool, idents = BlockingPool(1), []
    pool.spawn(gate)
    first = spawn(lambda: (idents.append(threading.get_ident()), pool.spawn(int)))
    until(lambda: pool.waiting() == 1)
    second = spawn(pool.spawn, int)
    until(lambda: pool.waiting() == 2)
    interrupt(*idents)
    gate.open()
    assert type(first.exception()).__name__ == "Interrupt"
    assert second.result().result() == 0
    pool.waitall()


# waitall.


def test_waitall_covers_what_tasks_start():
    pool, ran = BlockingPool(5), []

    def chain(length: int) -> None:
        ran.append(length)
        if length:
            pool.spawn(chain, length - 1)

    pool.spawn(chain, 200)
    pool.waitall()
    assert ran == list(range(200, -1, -1))


def test_waitall_covers_those_who_wait_for_a_slot(gate, until):
    pool = BlockingPool(1)
    pool.spawn(gate)
    starters = [spawn(pool.spawn, gate) for _ in range(5)]
    until(lambda: pool.waiting() == 5)
    waiter = spawn(pool.waitall)
    gate.open()
    waiter.result()
    gate.wait_for(6)
    assert all(starter.result().done() for starter in starters)


def test_waitall_gives_up_when_its_time_is_over(gate):
    pool = BlockingPool(2)
    task = pool.spawn(gate)
    assert pool.waitall(timeout=0.01) is False
    assert pool.waitall(timeout=-1) is False
    assert not task.done()
    gate.open()
    assert pool.waitall(timeout=60) is True
    assert task.done()


def test_waitall_says_nothing_of_errors_and_can_be_used_again():
    pool = BlockingPool(2)
    pool.waitall()
    for _ in range(3):
        failed = pool.spawn(divmod, 1, 0)
        pool.waitall()
        assert failed.done()


def test_waitall_returns_after_the_callbacks():
    pool, called = BlockingPool(2), []
    for number in range(100):
        pool.spawn(int).add_done_callback(lambda _, number=number: called.append(number))
        pool.waitall()
        assert called[-1] == number


@pytest.mark.parametrize("where", ["task", "inline", "callback"])
def test_waitall_in_a_task_is_an_error(where, until):
    pool = BlockingPool(1)
    caught: list[AssertionError] = []

    def wait(_: object = None) -> None:
        try:
            pool.waitall()
        except AssertionError as error:
            caught.append(error)

    if where == "task":
        pool.spawn(wait)
    elif where == "inline":
        pool.spawn(lambda: pool.spawn(wait))
    else:
        ready = threading.Event()
        pool.spawn(ready.wait).add_done_callback(wait)
        ready.set()
    until(lambda: caught)
    pool.waitall()


# The tasks.


def test_spawn_n_logs_what_fails(caplog):
    pool = BlockingPool(2)
    assert pool.spawn_n(divmod, 1, 0) is None
    pool.spawn_n(int, "7")
    pool.waitall()
    [record] = caplog.records
    assert "ZeroDivisionError" in logging.Formatter().format(record)


def test_each_task_has_thread_locals_of_its_own():
    pool, local = BlockingPool(1), threading.local()

    def task() -> bool:
        fresh = not hasattr(local, "used")
        local.used = True
        return fresh

    assert all(pool.spawn(task).result() for _ in range(20))


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt()])
def test_no_error_ends_the_pool(error):
    pool = BlockingPool(1)

    def fail() -> None:
        raise error

    assert pool.spawn(fail).exception() is error
    assert pool.spawn(int).result() == 0


def test_a_callback_that_exits_costs_no_slot(gate, monkeypatch):
    pool, ended = BlockingPool(1), threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda _: ended.set())
    pool.spawn(gate).add_done_callback(lambda _: sys.exit(3))
    gate.open()
    pool.waitall()
    assert pool.spawn(int).result() == 0
    ended.wait()


def test_the_thread_is_a_daemon_named_after_the_function():
    thread = BlockingPool(1).spawn(threading.current_thread).result()
    assert (thread.daemon, thread.name) == (True, "current_thread")


def test_any_argument_reaches_the_function():
    names = {"self": 1, "function": 2, "future": 3}
    assert BlockingPool(1).spawn(dict, **names).result() == names


# shutdown.


def test_shutdown_while_busy_loses_nothing(gate, until):
    pool = BlockingPool(2)
    tasks = [pool.spawn(gate, number) for number in range(2)]
    starters = [spawn(pool.spawn, gate, number) for number in range(2, 10)]
    until(lambda: pool.waiting() == 8)
    stopper = spawn(pool.shutdown)
    until(lambda: pool._closed)
    with pytest.raises(RuntimeError, match="shut down"):
        pool.spawn(int)
    with pytest.raises(RuntimeError, match="shut down"):
        pool.spawn_n(int)
    assert not stopper.done()
    assert (pool.running(), pool.waiting()) == (2, 8)
    gate.open()
    stopper.result()
    tasks += [starter.result() for starter in starters]
    assert all(task.done() for task in tasks)
    assert sorted(task.result() for task in tasks) == list(range(10))


def test_shutdown_need_not_wait(gate):
    pool = BlockingPool(1)
    task = pool.spawn(gate, "result")
    pool.shutdown(wait=False)
    pool.shutdown(wait=False)
    assert not task.done()
    gate.open()
    assert task.result() == "result"
    pool.shutdown()


def test_a_task_cannot_start_another_after_shutdown(gate):
    pool = BlockingPool(1)

    def task() -> None:
        gate()
        pool.spawn(int)

    future = pool.spawn(task)
    pool.shutdown(wait=False)
    gate.open()
    assert isinstance(future.exception(), RuntimeError)
