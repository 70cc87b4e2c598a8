"""`CappedSemaphore`: blocks at both ends."""

from __future__ import annotations

import threading

import pytest

from eventlet_codemod.helpers.capped_semaphore import CappedSemaphore
from eventlet_codemod.helpers.spawn import spawn


def counts(semaphore: CappedSemaphore) -> tuple[int, int]:
    return semaphore._lower.left, semaphore._upper.left


def test_both_sides_under_load():
    semaphore = CappedSemaphore(2, 4)

    def repeat(call) -> bool:
        return all(call() for _ in range(1000))

    sides = [semaphore.acquire, semaphore.release] * 4
    assert all(task.result() for task in [spawn(repeat, side) for side in sides])
    assert counts(semaphore) == (2, 2)


@pytest.mark.parametrize("limit", [0, 1])
def test_the_two_sides_wait_for_each_other(limit):
    semaphore = CappedSemaphore(0, limit)
    for _ in range(200):
        sides = [spawn(semaphore.acquire), spawn(semaphore.release)]
        assert [side.result() for side in sides] == [True, True]
    assert counts(semaphore) == (0, limit)


def test_without_blocking():
    semaphore = CappedSemaphore(1, 2)
    assert [semaphore.acquire(blocking=False) for _ in range(2)] == [True, False]
    assert (semaphore.locked(), semaphore.bounded()) == (True, False)
    assert [semaphore.release(blocking=False) for _ in range(3)] == [True, True, False]
    assert (semaphore.locked(), semaphore.bounded()) == (False, True)
    assert semaphore.acquire(False)
    assert semaphore.release(False)


def test_release_blocks_at_the_limit(until):
    semaphore = CappedSemaphore(1, 1)
    releaser = spawn(semaphore.release)
    until(lambda: semaphore._lower.left == 2)
    assert not releaser.done()
    semaphore.acquire()
    assert releaser.result()
    assert counts(semaphore) == (1, 0)


def test_as_a_context():
    semaphore = CappedSemaphore(1, 1)
    with pytest.raises(LookupError), semaphore as entered:
        assert entered is None
        assert semaphore.locked()
        raise LookupError
    assert not semaphore.locked()


@pytest.mark.parametrize(("count", "limit"), [(-1, 2), (3, 2), (0, -1)])
def test_counts_that_make_no_sense(count, limit):
    with pytest.raises(ValueError, match=str(count)):
        CappedSemaphore(count, limit)


def test_an_interrupted_caller_passes_the_permit_on(until, interrupt):
    semaphore, idents = CappedSemaphore(0, 2), []
    first = spawn(lambda: (idents.append(threading.get_ident()), semaphore.acquire()))
    until(lambda: semaphore._upper.left == 3)
    second = spawn(semaphore.acquire)
    until(lambda: semaphore._upper.left == 4)
    interrupt(*idents)
    semaphore.release()
    assert type(first.exception()).__name__ == "Interrupt"
    assert second.result()
    assert counts(semaphore) == (0, 2)
