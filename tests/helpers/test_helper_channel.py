"""`Channel`: nothing lost, nothing twice, both sides meet."""

from __future__ import annotations

import queue
import threading

import pytest

from eventlet_codemod.helpers.channel import Channel
from eventlet_codemod.helpers.spawn import spawn

# Under load.


@pytest.mark.parametrize("producers", [1, 10])
@pytest.mark.parametrize("consumers", [1, 10])
def test_10_000_items(producers, consumers):
    channel = Channel()

    def produce(first: int) -> None:
        for item in range(first, 10_000, producers):
            channel.put(item)

    def consume() -> list[int]:
        return list(iter(channel.get, None))

    takers = [spawn(consume) for _ in range(consumers)]
    for giver in [spawn(produce, first) for first in range(producers)]:
        giver.result()
    for _ in takers:
        channel.put(None)
    taken = [item for taker in takers for item in taker.result()]
    assert sorted(taken) == list(range(10_000))
    if producers == consumers == 1:
        assert taken == sorted(taken)


@pytest.mark.usefixtures("_hurry")
def test_nothing_is_lost_where_timeouts_expire_all_the_time():
    channel = Channel()
    stop = threading.Event()

    def produce(first: int) -> int:
        tries = 0
        for item in range(first, first + 200):
            while True:
                tries += 1
                try:
                    if tries % 3:
                        channel.put(item, timeout=0.0002)
                    else:
                        channel.put_nowait(item)
                except queue.Full:
                    continue
                break
        return tries

    def consume() -> list[int]:
        taken: list[int] = []
        while not stop.is_set():
            try:
                taken.append(channel.get(timeout=0.0002))
            except queue.Empty:
                continue
        return taken

    takers = [spawn(consume) for _ in range(4)]
    for giver in [spawn(produce, 1000 * number) for number in range(4)]:
        giver.result()
    stop.set()
    taken = [item for taker in takers for item in taker.result()]
    assert sorted(taken) == [1000 * number + item for number in range(4) for item in range(200)]
    assert channel.unfinished_tasks == 800


# One at a time.


def test_put_returns_when_the_item_is_taken(until):
    channel, log = Channel(), []

    def put() -> None:
        channel.put("item")
        log.append("put")

    putter = spawn(put)
    until(lambda: channel._putters)
    log.append("get")
    assert channel.get() == "item"
    putter.result()
    assert log == ["get", "put"]


def test_those_who_wait_are_served_in_order(until):
    channel = Channel()
    for item in range(5):
        spawn(channel.put, item)
        until(lambda item=item: len(channel._putters) == item + 1)
    assert [channel.get() for _ in range(5)] == [0, 1, 2, 3, 4]
    getters = []
    for number in range(5):
        getters.append(spawn(channel.get))
        until(lambda number=number: len(channel._getters) == number + 1)
    for item in range(5):
        channel.put(item)
    assert [getter.result() for getter in getters] == [0, 1, 2, 3, 4]


def test_put_nowait_needs_a_getter(until):
    channel = Channel()
    with pytest.raises(queue.Full):
        channel.put_nowait(1)
    getter = spawn(channel.get)
    until(lambda: channel._getters)
    channel.put_nowait(2)
    with pytest.raises(queue.Full):
        channel.put_nowait(3)
    assert getter.result() == 2


def test_get_nowait_takes_nothing(until):
    channel = Channel()
    with pytest.raises(queue.Empty):
        channel.get_nowait()
    putter = spawn(channel.put, 1)
    until(lambda: channel._putters)
    with pytest.raises(queue.Empty):
        channel.get_nowait()
    assert channel.get() == 1
    putter.result()


@pytest.mark.parametrize("timeout", [-1, 0, 0.01])
def test_timeouts(timeout):
    channel = Channel()
    with pytest.raises(queue.Full):
        channel.put(1, timeout=timeout)
    with pytest.raises(queue.Empty):
        channel.get(timeout=timeout)
    assert channel.unfinished_tasks == 0
    assert not channel._getters
    assert not channel._putters


def test_it_is_always_empty_and_full(until):
    channel = Channel()

    def state() -> tuple[int, bool, bool]:
        return channel.qsize(), channel.empty(), channel.full()

    assert state() == (0, True, True)
    spawn(channel.put, 1)
    until(lambda: channel._putters)
    assert state() == (0, True, True)
    channel.get()
    getter = spawn(channel.get)
    until(lambda: channel._getters)
    assert state() == (0, True, True)
    channel.put(1)
    getter.result()


def test_join_waits_for_what_was_handed_over(until):
    channel = Channel()
    channel.join()
    putter = spawn(channel.put, 1)
    until(lambda: channel._putters)
    channel.join()
    channel.get()
    putter.result()
    joiner = spawn(channel.join)
    assert not joiner.done()
    channel.task_done()
    joiner.result()
    with pytest.raises(ValueError, match="too many"):
        channel.task_done()


# Interrupted while they wait: the handover has happened, and nobody knows.


def test_an_item_is_offered_again_when_its_getter_is_interrupted(until, interrupt):
    channel, idents = Channel(), []
    getter = spawn(lambda: (idents.append(threading.get_ident()), channel.get()))
    until(lambda: channel._getters)
    interrupt(*idents)
    channel.put("item")
    assert type(getter.exception()).__name__ == "Interrupt"
    assert channel.unfinished_tasks == 0
    assert channel.get(timeout=0) == "item"
    assert channel.unfinished_tasks == 1


def test_an_item_goes_to_the_next_getter_when_the_first_is_interrupted(until, interrupt):
    channel, idents = Channel(), []
    first = spawn(lambda: (idents.append(threading.get_ident()), channel.get()))
    until(lambda: channel._getters)
    second = spawn(channel.get)
    until(lambda: len(channel._getters) == 2)
    interrupt(*idents)
    channel.put("item")
    assert type(first.exception()).__name__ == "Interrupt"
    assert second.result() == "item"
    assert channel.unfinished_tasks == 1


def test_an_interrupted_putter_leaves_nothing_behind(until, interrupt):
    channel, idents = Channel(), []
    spawn(lambda: (idents.append(threading.get_ident()), channel.put("item")))
    until(lambda: channel._putters)
    interrupt(*idents)
    assert channel.get() == "item"
    with pytest.raises(queue.Full):
        channel.put_nowait("item")
    assert not channel._putters
