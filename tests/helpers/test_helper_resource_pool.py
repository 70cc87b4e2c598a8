"""`ResourcePool` and `TokenPool`: never more than the limit, nothing lost."""

from __future__ import annotations

import itertools
import queue
import threading

import pytest

from eventlet_codemod.helpers.resource_pool import ResourcePool
from eventlet_codemod.helpers.spawn import spawn
from eventlet_codemod.helpers.token_pool import TokenPool


def numbered(**options) -> ResourcePool:
    return ResourcePool(create=itertools.count().__next__, **options)


def test_many_borrowers():
    made, lent, most, lock = [], set(), [0], threading.Lock()

    def create() -> int:
        with lock:
            made.append(len(made))
            return made[-1]

    pool = ResourcePool(max_size=3, create=create)

    def borrow() -> None:
        for _ in range(200):
            with pool.item() as item:
                with lock:
                    assert item not in lent
                    lent.add(item)
                    most[0] = max(most[0], len(lent))
                with lock:
                    lent.remove(item)

    for borrower in [spawn(borrow) for _ in range(8)]:
        borrower.result()
    assert most[0] <= 3
    assert len(made) <= 3
    assert sorted(pool.free_items) == made
    assert (pool.free(), pool.waiting()) == (3, 0)


def test_many_borrowers_of_what_often_cannot_be_made():
    tries = itertools.count()

    def create() -> object:
        if next(tries) % 3:
            raise LookupError
        return object()

    pool = ResourcePool(max_size=2, create=create)

    def borrow() -> int:
        failures = 0
        for _ in range(100):
            try:
                item = pool.get()
            except LookupError:
                failures += 1
            else:
                pool.put(item)
        return failures

    for borrower in [spawn(borrow) for _ in range(8)]:
        borrower.result()
    assert pool.current_size == len(pool.free_items) <= 2
    assert pool.waiting() == 0


class Checked(ResourcePool):
    """As projects write it for eventlet's pool: dead objects are not lent."""

    def __init__(self, **options) -> None:
        super().__init__(**options)
        self.made = itertools.count()
        self.inside = 0

    def create(self) -> dict:
        return {"number": next(self.made), "alive": True}

    def get(self) -> dict:
        self.inside += 1
        assert self.inside == 1, "two at once"
        try:
            if self.free_items:
                item = self.free_items.popleft()
                return item if item["alive"] else self.create()
            if self.current_size < self.max_size:
                created = self.create()
                self.current_size += 1
                return created
        finally:
            self.inside -= 1
        return super().get()


def test_a_subclass_that_looks_at_what_it_lends():
    pool = Checked(max_size=1)
    item = pool.get()
    pool.put(item)
    assert pool.get() is item
    item["alive"] = False
    pool.put(item)
    assert pool.get() == {"number": 1, "alive": True}
    assert (pool.current_size, pool.free()) == (1, 0)


def test_a_subclass_waits_for_what_comes_back(until):
    pool = Checked(max_size=1)
    item = pool.get()
    waiter = spawn(pool.get)
    until(lambda: pool.waiting() == 1)
    pool.put(item)
    assert waiter.result() is item


def test_many_borrowers_of_a_subclass():
    pool = Checked(max_size=3)

    def borrow() -> None:
        for number in range(200):
            with pool.item() as item:
                item["alive"] = number % 7 != 0

    for borrower in [spawn(borrow) for _ in range(8)]:
        borrower.result()
    assert pool.current_size == len(pool.free_items) <= 3
    assert pool.waiting() == 0


class Closing(ResourcePool):
    """As projects write it for eventlet's pool: what comes back too late is closed."""

    def __init__(self, **options) -> None:
        super().__init__(create=dict, **options)
        self.closed = 0

    def put(self, item: dict) -> None:
        if item.get("broken") or self.current_size > self.max_size:
            self.closed += 1
            self.current_size -= 1
            return
        super().put(item)


def test_a_subclass_that_closes_what_comes_back_too_late():
    pool = Closing(max_size=2)
    first, second = pool.get(), pool.get()
    pool.resize(1)
    pool.put(first)
    pool.put(second)
    assert (pool.closed, pool.current_size, list(pool.free_items)) == (1, 1, [second])


def test_many_borrowers_count_what_a_subclass_closes():
    pool = Closing(max_size=8)

    def borrow() -> None:
        for number in range(200):
            with pool.item() as item:
                if number % 7 == 0:
                    item["broken"] = True

    for borrower in [spawn(borrow) for _ in range(8)]:
        borrower.result()
    assert pool.closed == 8 * 29
    assert pool.current_size == len(pool.free_items) <= 8


def test_objects_are_made_when_needed_and_reused():
    pool = numbered(max_size=2)
    assert (pool.current_size, pool.free(), list(pool.free_items)) == (0, 2, [])
    assert [pool.get(), pool.get()] == [0, 1]
    assert (pool.current_size, pool.free()) == (2, 0)
    with pytest.raises(queue.Empty):
        pool.get(timeout=0)
    pool.put(1)
    pool.put(0)
    assert (pool.current_size, pool.free(), list(pool.free_items)) == (2, 2, [1, 0])
    assert pool.get() == 1


def test_as_a_stack():
    pool = numbered(max_size=3, order_as_stack=True)
    for item in [pool.get() for _ in range(3)]:
        pool.put(item)
    assert list(pool.free_items) == [2, 1, 0]
    assert pool.get() == 2


def test_some_are_made_at_once():
    pool = numbered(min_size=2)
    assert (list(pool.free_items), pool.current_size, pool.free()) == ([0, 1], 2, 4)
    assert (pool.min_size, pool.max_size, pool.order_as_stack) == (2, 4, False)


def test_whoever_waits_gets_what_comes_back(until):
    pool, taken = numbered(max_size=1), []
    item = pool.get()
    waiters = [spawn(lambda: taken.append(pool.get())) for _ in range(3)]
    until(lambda: pool.waiting() == 3)
    for count in (1, 2, 3):
        pool.put(item)
        until(lambda count=count: len(taken) == count)
        assert pool.waiting() == 3 - count
    for waiter in waiters:
        waiter.result()
    assert (taken, pool.free()) == ([item] * 3, 0)


def test_whoever_waits_makes_what_another_could_not(until):
    begin, answers = threading.Event(), [LookupError, "made"]

    def create() -> str:
        begin.wait()
        answer = answers.pop(0)
        if answer is LookupError:
            raise answer
        return answer

    pool = ResourcePool(max_size=1, create=create)
    first = spawn(pool.get)
    until(lambda: pool.current_size == 1)
    second = spawn(pool.get)
    until(lambda: pool.waiting() == 1)
    begin.set()
    assert isinstance(first.exception(), LookupError)
    assert second.result() == "made"


def test_an_interrupted_caller_passes_the_object_on(until, interrupt):
    pool, idents = numbered(max_size=1), []
    item = pool.get()
    first = spawn(lambda: (idents.append(threading.get_ident()), pool.get()))
    until(lambda: pool.waiting() == 1)
    second = spawn(pool.get)
    until(lambda: pool.waiting() == 2)
    interrupt(*idents)
    pool.put(item)
    assert type(first.exception()).__name__ == "Interrupt"
    assert second.result() == item


def test_a_pool_that_shrank_drops_what_is_too_much():
    pool = numbered(max_size=3)
    items = [pool.get() for _ in range(3)]
    pool.resize(1)
    assert (pool.max_size, pool.free()) == (1, -2)
    for item in items:
        pool.put(item)
    assert (pool.current_size, list(pool.free_items), pool.free()) == (1, [2], 1)


def test_a_pool_that_grew_lets_in_those_who_wait(until):
    pool = numbered(max_size=1)
    pool.get()
    waiters = [spawn(pool.get) for _ in range(2)]
    until(lambda: pool.waiting() == 2)
    pool.resize(3)
    assert sorted(waiter.result() for waiter in waiters) == [1, 2]


def test_an_object_comes_back_from_a_body_that_fails():
    pool = numbered(max_size=1)
    with pytest.raises(LookupError), pool.item():
        raise LookupError
    assert pool.free() == 1


def test_create_can_be_overridden():
    class Words(ResourcePool):
        def create(self) -> str:
            return "word"

    assert Words().get() == "word"
    with pytest.raises(NotImplementedError):
        ResourcePool().get()


def test_a_finalizer_may_give_an_object_back():
    pool = numbered(max_size=1)

    class Holder:
        def __init__(self) -> None:
            self.item = pool.get()

        def __del__(self) -> None:
            pool.put(self.item)

    holder = Holder()
    with pool._changed:
        del holder
    assert pool.free() == 1


def test_tokens_differ():
    pool = TokenPool(max_size=2)
    with pool.item() as first, pool.item() as second:
        assert first != second
        assert pool.free() == 0
    assert (pool.free(), TokenPool().max_size) == (2, 4)
