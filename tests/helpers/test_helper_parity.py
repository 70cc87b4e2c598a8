"""A program says the same with eventlet's class and with the helper, patched or not."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

#: What the two sides call the things that a scenario uses. `settle` waits for a state; the
#: names below it look for the callers that are blocked, which not every class tells.
EVENTLET = """
    import eventlet, queue
    from eventlet import debug, event, pools, semaphore
    debug.hub_exceptions(False)
    Pool, Event, Capped = eventlet.GreenPool, event.Event, semaphore.CappedSemaphore
    Resources, Tokens = pools.Pool, pools.TokenPool
    def Channel(): return eventlet.Queue(0)
    spawn = eventlet.spawn
    def result(task): return task.wait()
    def settle(reached):
        while not reached(): eventlet.sleep(0)

    def putting(channel): return channel.putting()
    def getting(channel): return channel.getting()
    def waiting(event): return len(event._waiters)
    def acquiring(semaphore): return len(semaphore.lower_bound._waiters)
    def releasing(semaphore): return len(semaphore.upper_bound._waiters)
"""

NATIVE = """
    import logging, queue, time
    from helpers import *
    logging.disable()
    Pool, Event, Capped = BlockingPool, OneShot, CappedSemaphore
    Resources, Tokens = ResourcePool, TokenPool
    def result(task): return task.result()
    def settle(reached):
        while not reached(): time.sleep(0.001)

    def putting(channel): return len(channel._putters)
    def getting(channel): return len(channel._getters)
    def waiting(event): return len(event._outcome.sent._cond._waiters)
    def acquiring(semaphore): return len(semaphore._lower._changed._waiters)
    def releasing(semaphore): return len(semaphore._upper._changed._waiters)
"""

COMMON = """
    def say(*items):
        print(*items, flush=True)

    def outcome(function, *args, **kwargs):
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            return type(error).__name__, error.args if type(error) is ValueError else ()
"""

SCENARIOS = {
    "pool-counts": """
        pool, go_on = Pool(2), Event()
        def state(): return pool.size, pool.running(), pool.free(), pool.waiting()
        say(state())
        tasks = [pool.spawn(go_on.wait) for _ in range(2)]
        say(state())
        blocked = spawn(pool.spawn, go_on.wait)
        settle(pool.waiting)
        say(state())
        go_on.send("x")
        say([result(task) for task in tasks], result(result(blocked)))
        say(state())
        pool.waitall()
        say(state())
        pool.resize(3)
        say(state())
        again = Event()
        tasks = [pool.spawn(again.wait) for _ in range(3)]
        pool.resize(1)
        say(state()[:-1])  # GreenPool.waiting() counts tasks here for which nobody waits
        again.send("y")
        pool.waitall()
        say([result(task) for task in tasks], state())
        """,
    "pool-inline": """
        pool, order = Pool(1), []
        def nest(depth):
            order.append(("in", depth))
            if depth:
                order.append(result(pool.spawn(nest, depth - 1)))
            pool.spawn_n(order.append, "n")
            order.append(("out", depth))
            return depth
        say(result(pool.spawn(nest, 3)))
        say(order, pool.running(), pool.free())
        """,
    "pool-waitall": """
        pool, ran = Pool(3), []
        def chain(length):
            ran.append(length)
            if length:
                pool.spawn(chain, length - 1)
            if length == 2:
                raise ValueError(length)
        for _ in range(2):
            pool.waitall()  # the helper's says whether all is done
            pool.spawn(chain, 5)
            pool.waitall()
            say(ran, pool.running(), pool.free())
        say(outcome(result, pool.spawn(pool.waitall)))
        """,
    "pool-imap": """
        pool, taken = Pool(2), []
        def source():
            for number in (1, 2, 0, 4, 0, 5):
                taken.append(number)
                yield number
        def call(number):
            if not number:
                raise ValueError(number)
            return 20 // number
        results = pool.imap(call, source())
        say(taken, pool.running(), iter(results) is results)
        say([outcome(next, results) for _ in range(6)], pool.running(), pool.free())
        say(outcome(next, results))
        say(list(pool.imap(abs, [])), list(pool.imap(max, [1, 5], [4, 2, 9])))
        say(list(pool.starmap(pow, [(2, 3), (3, 2)])))
        """,
    "channel": """
        channel, log = Channel(), []
        def state():
            return channel.qsize(), channel.empty(), channel.full(), channel.unfinished_tasks
        say(state(), outcome(channel.get_nowait), outcome(channel.put_nowait, 1))
        for timeout in (-1, 0, 0.01):
            say(outcome(channel.put, 1, timeout=timeout), outcome(channel.get, timeout=timeout))
        say(state())
        putter = spawn(lambda: (channel.put("a"), log.append("put")))
        settle(lambda: putting(channel))
        say(log, state(), outcome(channel.get_nowait), outcome(channel.put_nowait, 1))
        say(channel.get(timeout=5), state())
        settle(lambda: log)
        getter = spawn(channel.get)
        settle(lambda: getting(channel))
        say(log, state(), outcome(channel.get_nowait))
        say(channel.put_nowait("b"), result(getter), state())
        joiner = spawn(lambda: (channel.join(), log.append("joined")))
        settle(lambda: True)
        channel.task_done()
        say(log)
        channel.task_done()
        result(joiner)
        say(log, outcome(channel.task_done))
        """,
    "resources": """
        made = []
        def create():
            made.append(len(made))
            return made[-1]
        pool = Resources(min_size=1, max_size=3, create=create)
        def state():
            sizes = pool.current_size, pool.min_size, pool.max_size
            return *sizes, list(pool.free_items), pool.free(), pool.waiting()
        say(state(), type(pool.free_items).__name__, pool.order_as_stack)
        items = [pool.get() for _ in range(3)]
        say(items, state())
        waiter = spawn(pool.get)
        settle(pool.waiting)
        say(state())
        pool.put(items.pop())
        say(result(waiter), state())
        pool.put(items.pop())
        with pool.item() as item:
            say(item, state())
        pool.put(items.pop())
        say(state(), pool.get(), pool.get())
        pool.resize(1)
        say(state())
        for item in (0, 1, 2):
            pool.put(item)
            say(state())
        stack = Resources(max_size=3, order_as_stack=True, create=create)
        for item in [stack.get() for _ in range(3)]:
            stack.put(item)
        say(list(stack.free_items), made)
        """,
    "resources-create": """
        class Sub(Resources):
            def create(self):
                if self.current_size > 1:
                    raise ValueError(self.current_size)
                return "made"
        pool = Sub(max_size=2)
        say(pool.get(), outcome(pool.get), pool.current_size, pool.free())
        say(outcome(Resources().get))
        tokens = Tokens(max_size=2)
        with tokens.item() as one, tokens.item() as other:
            say(one is other, tokens.free())
        say(tokens.free(), Tokens(1).current_size)
        """,
    "event": """
        event = Event()
        def state(): return event.ready(), event.has_result(), event.has_exception()
        say(state(), [outcome(event.wait, timeout) for timeout in (0.01, 0, -1)])
        say(outcome(event.reset)[0])
        waiters = [spawn(event.wait) for _ in range(3)]
        settle(lambda: waiting(event) == 3)
        say(event.send("v"), [result(waiter) for waiter in waiters], event.wait(), state())
        say(outcome(event.send, 2)[0], outcome(event.send_exception, ValueError)[0])
        say(event.poll(7), event.poll_result(7), event.poll_exception(7))
        event.reset()
        say(state(), event.poll(7), event.poll_result(7), event.poll_exception(7))
        waiters = [spawn(event.wait) for _ in range(3)]
        settle(lambda: waiting(event) == 3)
        event.send_exception(ValueError("x"))
        say([outcome(result, waiter) for waiter in waiters], outcome(event.wait), state())
        say([outcome(poll, 7) for poll in (event.poll, event.poll_result, event.poll_exception)])
        event.reset()
        waiter = spawn(event.wait)
        settle(lambda: waiting(event))
        event.send(1)
        event.reset()
        say(result(waiter), state())
        """,
    "event-exceptions": """
        for form in [
            (ValueError,), (ValueError("a"),), (ValueError, None), (ValueError, "a"),
            (ValueError, ("a", "b")), (ValueError, ValueError("a")), (ValueError, None, None),
        ]:
            sent, given = Event(), Event()
            sent.send_exception(*form)
            given.send(exc=form)
            for event in (sent, given):
                say(outcome(event.wait), event.has_exception(), event.has_result())
        event = Event()
        event.send(1, ValueError("b"))
        say(outcome(event.wait))
        """,
    "semaphore": """
        semaphore, log = Capped(1, 2), []
        def state(): return semaphore.locked(), semaphore.bounded()
        say(state(), semaphore.acquire(), semaphore.acquire(blocking=False), state())
        acquirer = spawn(semaphore.acquire)
        settle(lambda: acquiring(semaphore))
        say(state(), semaphore.release(), result(acquirer), state())
        say([semaphore.release(blocking=False) for _ in range(3)], state())
        releaser = spawn(semaphore.release)
        settle(lambda: releasing(semaphore))
        say(state(), semaphore.acquire(), result(releaser), state())
        for limit in (0, 1):
            empty = Capped(0, limit)
            say([result(side) for side in (spawn(empty.acquire), spawn(empty.release))])
        say(outcome(Capped, -1, 2)[0], outcome(Capped, 3, 2)[0])
        with semaphore as entered:
            say(entered, state())
        """,
}


PATCHED = "import eventlet; eventlet.monkey_patch()"

PROGRAM = """
    names = dict(globals())
    for name, code in SCENARIOS.items():
        print("==", name)
        exec(code, dict(names))
"""

LEGS = {"eventlet": [EVENTLET], "native": [NATIVE], "patched": [PATCHED, NATIVE]}


@pytest.fixture(scope="module")
def said(run: Callable[..., str]) -> dict[str, dict[str, str]]:
    """What each scenario says, by leg."""
    codes = {name: textwrap.dedent(code) for name, code in SCENARIOS.items()}
    texts = {
        leg: run(*prelude, COMMON, f"SCENARIOS = {codes!r}", PROGRAM)
        for leg, prelude in LEGS.items()
    }
    return {leg: dict(re.findall(r"== (.*)\n([^=]*)", text)) for leg, text in texts.items()}


@pytest.mark.parametrize("leg", ["native", "patched"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_helper_says_what_eventlet_says(scenario, leg, said):
    before = said["eventlet"][scenario]
    assert before.count("\n") >= SCENARIOS[scenario].count("say(")
    assert said[leg][scenario] == before
