"""`BlockingPool.imap` and `starmap`, and `imap_bounded`: ordered, lazy, bounded."""

from __future__ import annotations

import itertools
import threading
from concurrent import futures
from typing import TYPE_CHECKING, Any

import pytest

from eventlet_codemod.helpers.blocking_pool import BlockingPool
from eventlet_codemod.helpers.imap_bounded import imap_bounded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

WINDOW = 4


@pytest.fixture
def executor() -> Iterator[futures.Executor]:
    with futures.ThreadPoolExecutor(WINDOW) as executor:
        yield executor


@pytest.fixture(params=["pool", "executor"])
def imap(request: pytest.FixtureRequest, executor: futures.Executor) -> Callable[..., Any]:
    """One of the two, with the same window."""
    if request.param == "pool":
        return BlockingPool(WINDOW).imap
    return lambda function, *its: imap_bounded(executor, function, *its, window=WINDOW)


def reciprocal(number: int) -> float:
    return 1 / number


class Source:
    """Numbers, and how many of them were taken."""

    def __init__(self, stop: int | None = None) -> None:
        self.taken = 0
        self._numbers = itertools.islice(itertools.count(), stop)

    def __iter__(self) -> Source:
        return self

    def __next__(self) -> int:
        number = next(self._numbers)
        self.taken += 1
        return number


def failing(*numbers: int) -> Iterator[int]:
    yield from numbers
    raise LookupError("no more")


def outcomes(results: Iterable[Any], stop: int = 100) -> list[Any]:
    """All results and errors, as long as the iteration goes on."""
    found: list[Any] = []
    iterator = iter(results)
    while len(found) < stop:
        try:
            found.append(next(iterator))
        except StopIteration:
            break
        except Exception as error:
            found.append(type(error))
    return found


def test_10_000_results_in_order(imap):
    assert list(imap(abs, range(-10_000, 0))) == list(range(10_000, 0, -1))


def test_the_shortest_iterable_ends_it(imap):
    assert list(imap(divmod, [7, 8, 9], [2, 3])) == [(3, 1), (2, 2)]
    assert list(imap(abs, [])) == []


def test_it_is_lazy_and_reads_ahead_only_so_far(imap):
    source = Source()
    results = imap(abs, source)
    assert source.taken == 0
    for taken in range(1, 50):
        next(results)
        assert source.taken <= taken + WINDOW


def test_no_more_calls_than_the_window_run_at_once(imap):
    lock, running, most = threading.Lock(), [0], [0]

    def call(number: int) -> int:
        with lock:
            running[0] += 1
            most[0] = max(most + running)
        with lock:
            running[0] -= 1
        return number

    assert list(imap(call, range(2000))) == list(range(2000))
    assert most[0] <= WINDOW


def test_calls_run_side_by_side(imap):
    everyone = threading.Barrier(WINDOW)
    assert len(list(imap(lambda _: everyone.wait(), range(WINDOW)))) == WINDOW


def test_an_error_of_the_source_comes_after_the_results(imap):
    results = imap(reciprocal, failing(1, 2, 4))
    assert outcomes(results) == [1, 0.5, 0.25, LookupError]
    assert outcomes(results) == []


def test_the_source_fails_at_once(imap):
    assert outcomes(imap(reciprocal, failing())) == [LookupError]


def test_what_cannot_be_iterated_is_an_error_at_the_call(imap):
    with pytest.raises(TypeError):
        imap(abs, 3)


# A pool goes on after an error; an executor does not.


def test_an_error_in_a_pool_does_not_end_the_iteration():
    results = BlockingPool(2).imap(reciprocal, [1, 0, 2, 0, 0, 4])
    error = ZeroDivisionError
    assert outcomes(results) == [1, error, 0.5, error, error, 0.25]
    assert outcomes(results) == []


def test_an_error_in_an_executor_ends_the_iteration(executor):
    results = imap_bounded(executor, reciprocal, [1, 0, 2], window=2)
    assert outcomes(results) == [1, ZeroDivisionError]


# More of the pool.


def test_starmap_takes_arguments_by_the_tuple():
    assert list(BlockingPool(2).starmap(pow, [(2, 3), (3, 2), [2, 5]])) == [8, 9, 32]
    assert outcomes(BlockingPool(2).starmap(pow, [(2, 3), 7, (3, 2)])) == [8, TypeError]


def test_a_result_does_not_wait_for_a_source_that_has_nothing_yet():
    more = threading.Event()

    def source() -> Iterator[int]:
        yield 1
        more.wait()
        yield 2

    results = BlockingPool(10).imap(abs, source())
    assert next(results) == 1
    more.set()
    assert list(results) == [2]


def test_a_call_that_takes_long_holds_up_the_results_behind_it():
    last = threading.Event()

    def call(number: int) -> int:
        if number == 0:
            last.wait()
        elif number == 3:
            last.set()
        return number

    assert list(BlockingPool(WINDOW).imap(call, range(4))) == [0, 1, 2, 3]


def test_the_calls_are_no_tasks_of_the_pool():
    pool = BlockingPool(1)
    go_on = threading.Event()
    pool.spawn(go_on.wait)
    assert list(pool.imap(abs, [-1, -2])) == [1, 2]
    assert (pool.running(), pool.waiting()) == (1, 0)
    go_on.set()
    pool.waitall()


def test_it_can_be_used_in_a_task_of_the_pool():
    pool = BlockingPool(1)
    assert pool.spawn(lambda: list(pool.imap(abs, [-1, -2]))).result(10) == [1, 2]


def test_several_threads_share_the_results():
    results = BlockingPool(WINDOW).imap(abs, range(2000))
    pool = BlockingPool(8)
    shares = [pool.spawn(lambda: list(results)) for _ in range(8)]
    found = [share.result() for share in shares]
    assert sorted(itertools.chain(*found)) == list(range(2000))
    assert all(share == sorted(share) for share in found)


def test_an_iteration_that_is_given_up_leaves_no_thread_behind(until):
    def given_up(number: int) -> int:
        return number

    source = Source()
    for _ in BlockingPool(WINDOW).imap(given_up, source):
        break
    until(lambda: not [item for item in threading.enumerate() if item.name == "given_up"])
    assert source.taken <= 1 + WINDOW


def test_results_that_nobody_asked_for_start_no_thread():
    before = threading.active_count()
    results = BlockingPool(2).imap(abs, [1])
    assert threading.active_count() == before
    del results


def test_a_size_of_0_is_an_error_and_no_hang():
    with pytest.raises(ValueError, match="size 0"):
        BlockingPool(0).imap(abs, [1])


def test_a_system_without_threads_is_an_error(no_threads):
    results = BlockingPool(2).imap(abs, [-1])
    with no_threads, pytest.raises(RuntimeError, match="thread"):
        next(results)
    assert list(results) == [1]


# More of the executor.


def test_a_window_of_nothing_is_an_error_at_the_call(executor):
    with pytest.raises(ValueError, match="window"):
        imap_bounded(executor, abs, [1], window=0)


def test_close_cancels_what_has_not_begun():
    go_on, calls = threading.Event(), []

    def call(number: int) -> int:
        calls.append(number)
        if number:
            go_on.wait()
        return number

    with futures.ThreadPoolExecutor(1) as executor:
        results = imap_bounded(executor, call, itertools.count(), window=10)
        assert next(results) == 0
        results.close()
        go_on.set()
    assert calls in ([0], [0, 1])


def test_an_executor_that_is_shut_down_meanwhile():
    executor = futures.ThreadPoolExecutor(1)
    results = imap_bounded(executor, abs, itertools.count(), window=2)
    assert next(results) == 0
    executor.shutdown()
    assert outcomes(results) == [1, 2, RuntimeError]
