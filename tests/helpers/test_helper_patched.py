"""The helpers while eventlet still patches the process, and the ones that ask whether it does."""

from __future__ import annotations

import pytest

IMPORTS = """
    import logging, os, queue, sys, threading, time
    from helpers import *
    import helpers
"""
PATCHED = "import eventlet; eventlet.monkey_patch()"


@pytest.mark.parametrize("first", [(PATCHED, IMPORTS), (IMPORTS, PATCHED)], ids=["early", "late"])
def test_load(first, run):
    """Also where the module was imported before the patching."""
    out = run(
        *first,
        """
        def task(number):
            if number % 3 == 0:
                time.sleep(0)
            if number % 10 == 0:
                raise ValueError(number)
            return number

        def check(name, outcomes):
            for number, outcome in enumerate(outcomes):
                error, value = outcome
                expected = ((number,), None) if number % 10 == 0 else (None, number)
                assert (error and error.args, value) == expected, (name, number, outcome)
            print(name, len(outcomes))

        def outcome(future):
            error = future.exception()
            return error, None if error else future.result()

        check("spawn", [outcome(f) for f in [spawn(task, n) for n in range(500)]])
        check("later", [outcome(f) for f in [call_later(0.001, task, n) for n in range(500)]])
        pool = BlockingPool(7)
        tasks = [pool.spawn(task, n) for n in range(500)]
        pool.waitall()
        assert all(future.done() for future in tasks)
        check("pool", [outcome(future) for future in tasks])
        print(list(pool.imap(abs, range(-500, 0))) == list(range(500, 0, -1)))
        channel = Channel()
        getter = spawn(lambda: [channel.get() for _ in range(500)])
        for number in range(500):
            channel.put(number)
        print(getter.result() == list(range(500)))
        """,
    )
    assert out.split("\n") == ["spawn 500", "later 500", "pool 500", "True", "True", ""]


def test_they_work_together_with_green_threads(run):
    out = run(
        PATCHED,
        IMPORTS,
        """
        from eventlet import event, queue as green
        # A helper's thread wakes a green thread, and the other way round.
        ready, items = event.Event(), green.Queue()
        spawn(ready.send, 1)
        print(ready.wait())
        spawn(items.put, 2)
        print(items.get())
        shot, channel = OneShot(), Channel()
        eventlet.spawn(shot.send, 3)
        print(shot.wait())
        eventlet.spawn(channel.put, 4)
        print(channel.get())
        pool = BlockingPool(1)
        gt = eventlet.spawn(lambda: pool.spawn(lambda: 5).result())
        print(gt.wait())
        # The hub goes on while one waits.
        ticks = []
        def tick():
            while True:
                ticks.append(1)
                eventlet.sleep(0)
        eventlet.spawn(tick)
        call_later(0.02, shot.reset).result()
        print(len(ticks) > 5)
        """,
    )
    assert out.split() == ["1", "2", "3", "4", "5", "True"]


def test_a_timeout_that_strikes_loses_nothing(run):
    """eventlet.Timeout interrupts whoever waits, which no native thread does."""
    out = run(
        PATCHED,
        IMPORTS,
        """
        def timed_out(function, *args):
            try:
                with eventlet.Timeout(0.01):
                    function(*args)
            except eventlet.Timeout:
                return True

        channel, pool = Channel(), BlockingPool(1)
        semaphore, resources = CappedSemaphore(0, 0), TokenPool(max_size=1)
        shot, go_on = OneShot(), threading.Event()
        token = resources.get()
        pool.spawn(go_on.wait)
        print(all([
            timed_out(channel.get), timed_out(channel.put, 1), timed_out(shot.wait),
            timed_out(semaphore.acquire), timed_out(semaphore.release),
            timed_out(resources.get), timed_out(pool.spawn, int), timed_out(pool.waitall),
        ]))
        print(pool.waiting(), pool.running(), resources.waiting(), channel.unfinished_tasks)
        print(semaphore.locked(), semaphore.bounded())
        try:
            channel.put_nowait(1)
        except queue.Full:
            print("full")
        go_on.set()
        pool.waitall()
        resources.put(token)
        print(pool.spawn(int).result(), resources.free())
        """,
    )
    assert out.split("\n") == ["True", "0 1 0 0", "True True", "full", "0 1", ""]


@pytest.mark.parametrize("work", ["spawn", "pool.spawn", "pool.spawn_n"])
def test_pending_work_does_not_hold_up_the_exit(work, run):
    out = run(
        PATCHED,
        IMPORTS,
        "forever = threading.Event().wait; pool = BlockingPool(2)",
        f"{work}(forever); call_later(9999, forever)",
        "time.sleep(0)",
        "print('main ends')",
    )
    assert out == "main ends\n"


# The helpers that ask whether the process is patched.


def test_yield_lets_green_threads_run(run):
    out = run(
        PATCHED,
        IMPORTS,
        """
        log = []
        def turns(name):
            for _ in range(3):
                log.append(name)
                cooperative_yield()
        eventlet.spawn(turns, "b")
        turns("a")
        print(*log)
        """,
    )
    assert out == "a b a b a b\n"


@pytest.mark.parametrize("first", ["", "import eventlet"], ids=["without", "imported"])
def test_where_nothing_is_patched_they_do_nothing(first, run):
    out = run(
        first,
        IMPORTS,
        """
        loaded = "eventlet" in sys.modules
        time.sleep = None  # which is not called
        print(cooperative_yield())
        here = threading.get_ident()
        print(tpool_execute(threading.get_ident) == here, tpool_execute(dict, function=1))
        obj = [3]
        print(tpool_wrap(obj) is obj, tpool_wrap(obj, autowrap=(list,)) is obj)
        try:
            tpool_execute(divmod, 1, 0)
        except ZeroDivisionError:
            print("raised")
        assert ("eventlet" in sys.modules) == loaded
        assert "eventlet.tpool" not in sys.modules
        """,
    )
    assert out.split("\n") == ["None", "True {'function': 1}", "True True", "raised", ""]


def test_where_something_is_patched_work_goes_to_another_thread(run):
    out = run(
        PATCHED,
        IMPORTS,
        """
        from eventlet import patcher
        native = patcher.original("threading").get_ident
        here = native()
        print(tpool_execute(native) == here, tpool_execute(dict, function=1))

        class Thing:
            def where(self):
                return native()
            def other(self):
                return Thing()

        thing = tpool_wrap(Thing(), autowrap=(Thing,))
        print(thing.where() == here, thing.other().where() == here)
        try:
            tpool_execute(divmod, 1, 0)
        except ZeroDivisionError:
            print("raised")
        """,
    )
    assert out.split("\n") == ["False {'function': 1}", "False False", "raised", ""]


@pytest.mark.parametrize("part", ["socket", "time", "thread"])
def test_part_of_the_process_is_patched(part, run):
    out = run(
        f"import eventlet; eventlet.monkey_patch({part}=True)",
        IMPORTS,
        """
        from eventlet import patcher
        native = patcher.original("threading").get_ident
        print(tpool_execute(native) == native())
        cooperative_yield()
        """,
    )
    assert out == "False\n"
