"""`spawn`: any number of daemon threads, each with a future."""

from __future__ import annotations

import functools
import gc
import threading
import weakref
from concurrent import futures
from typing import Any

import pytest

from eventlet_codemod.helpers._run import _run
from eventlet_codemod.helpers.blocking_pool import BlockingPool
from eventlet_codemod.helpers.call_later import call_later
from eventlet_codemod.helpers.spawn import spawn


def divide(number: int) -> float:
    return 1 / number


def test_every_one_of_10_000_tasks_ends_in_its_own_way():
    tasks = [spawn(divide, number % 10) for number in range(10_000)]
    futures.wait(tasks)
    assert sum(isinstance(task.exception(), ZeroDivisionError) for task in tasks) == 1000
    good = [task.result() for number, task in enumerate(tasks) if number % 10]
    assert good == [1 / (number % 10) for number in range(10_000) if number % 10]


def test_tasks_may_wait_for_tasks():
    def nest(depth: int) -> int:
        return spawn(nest, depth - 1).result() + 1 if depth else 0

    assert nest(200) == 200


def test_there_is_no_limit_to_what_runs_at_once():
    everyone = threading.Barrier(100)
    assert len({task.result() for task in [spawn(everyone.wait) for _ in range(100)]}) == 100


@pytest.mark.parametrize("error", [ValueError("x"), SystemExit(3), KeyboardInterrupt()])
def test_whatever_is_raised_is_in_the_future_and_nowhere_else(error, capfd):
    def fail() -> None:
        raise error

    assert spawn(fail).exception() is error
    assert capfd.readouterr() == ("", "")


def test_any_argument_reaches_the_function():
    def give(*args: object, **kwargs: object) -> object:
        return args, kwargs

    names = {"self": 1, "function": 2, "future": 3, "args": 4, "kwargs": 5, "target": 6}
    assert spawn(give, "a", "b", **names).result() == (("a", "b"), names)


@pytest.mark.parametrize("start", [spawn, functools.partial(call_later, 0)])
def test_the_thread_is_a_daemon_named_after_the_function(start):
    thread = start(threading.current_thread).result()
    assert (thread.daemon, thread.name) == (True, "current_thread")
    assert start(functools.partial(threading.current_thread)).result().name == "partial"


def test_a_task_that_was_cancelled_does_not_run():
    ran: list[int] = []
    future: futures.Future[None] = futures.Future()
    future.cancel()
    _run(future, ran.append, (1,), {})
    assert (ran, future.cancelled()) == ([], True)


def test_a_task_that_runs_cannot_be_cancelled():
    runs, go_on = threading.Event(), threading.Event()

    def task() -> str:
        runs.set()
        go_on.wait()
        return "done"

    future = spawn(task)
    runs.wait()
    assert not future.cancel()
    go_on.set()
    assert future.result() == "done"


class Payload(Exception):
    """Something that weak references can watch."""


@pytest.mark.parametrize("start", [spawn, functools.partial(call_later, 0), BlockingPool(1).spawn])
@pytest.mark.parametrize("fails", [True, False])
def test_nothing_is_kept_alive_by_a_cycle(start, fails):
    threads: list[threading.Thread] = []

    def task(payload: Any) -> None:
        threads.append(threading.current_thread())
        if fails:
            raise Payload(payload)

    gc.collect()
    gc.disable()
    try:
        payload = Payload()
        future = start(task, payload)
        error = future.exception()
        threads.pop().join()
        watched = [weakref.ref(payload), weakref.ref(future)]
        if error is not None:
            watched.append(weakref.ref(error))
        del payload, future, error
        assert [reference() for reference in watched] == [None] * len(watched)
    finally:
        gc.enable()


def test_a_system_without_threads_is_an_error_at_once(no_threads):
    with no_threads, pytest.raises(RuntimeError, match="thread"):
        spawn(int)
    assert spawn(int).result() == 0
