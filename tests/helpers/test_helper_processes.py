"""The helpers where a process forks, and where it ends while there is work."""

from __future__ import annotations

import pytest

HELPERS = "from helpers import *\nimport os, sys, threading, time"

FOREVER = """
forever = threading.Event().wait
"""

#: Work that is pending when the main thread ends. Each prints nothing.
PENDING = {
    "spawn": "for _ in range(50): spawn(forever)",
    "call_later": "call_later(3600, forever); call_later(0, forever)",
    "pool": """
        pool = BlockingPool(2)
        pool.spawn(forever); pool.spawn_n(forever)
        spawn(pool.spawn, forever); spawn(pool.waitall)
        while not pool.waiting(): time.sleep(0.001)
        """,
    "shutdown": """
        pool = BlockingPool(2)
        pool.spawn(forever)
        pool.shutdown(wait=False)
        """,
    "imap": """
        results = BlockingPool(2).imap(lambda number: number and forever(), range(9))
        next(results)
        """,
    "source": """
        def source():
            yield 0
            forever()
        results = BlockingPool(2).imap(abs, source())
        next(results)
        """,
    "channel": """
        channel = Channel()
        spawn(channel.put, 1); spawn(channel.put, 2); channel.get(); spawn(channel.join)
        """,
    "event": "event = OneShot(); spawn(event.wait)",
    "semaphore": "spawn(CappedSemaphore(0, 1).acquire); spawn(CappedSemaphore(1, 1).release)",
    "resources": "pool = TokenPool(max_size=1); pool.get(); spawn(pool.get)",
    "busy": """
        def busy():
            while True: spawn(int); call_later(0, int)
        spawn(busy)
        """,
}


@pytest.mark.parametrize("work", PENDING)
def test_pending_work_does_not_hold_up_the_exit(work, run):
    import textwrap

    out = run(HELPERS, FOREVER, textwrap.dedent(PENDING[work]), "print('main ends')")
    assert out == "main ends\n"


FORK = """
    def fork(check):
        sys.stdout.flush()
        child = os.fork()
        if not child:
            status = 1
            try:
                check()
                status = 0
            finally:
                sys.stdout.flush()
                os._exit(status)
        assert os.waitpid(child, 0)[1] == 0, "the child failed"
"""


def test_a_fork_after_use(run):
    out = run(
        HELPERS,
        FORK,
        """
        pool = BlockingPool(2)
        resources = ResourcePool(max_size=1, create=object)
        channel, event, semaphore = Channel(), OneShot(), CappedSemaphore(1, 2)

        def use():
            assert spawn(abs, -1).result() == 1
            assert call_later(0.001, abs, -1).result() == 1
            call_later(3600, abs, -1).cancel()
            assert [pool.spawn(abs, -1).result() for _ in range(5)] == [1] * 5
            pool.waitall()
            assert list(pool.imap(abs, range(-9, 0))) == list(range(9, 0, -1))
            with resources.item():
                pass
            taken = spawn(channel.get)
            channel.put(1)
            channel.task_done()
            channel.join()
            assert taken.result() == 1
            if not event.ready():
                spawn(event.send, 1)
            assert event.wait() == 1
            event.reset()
            with semaphore:
                pass

        use()
        fork(use)
        use()
        print("both work")
        """,
    )
    assert out == "both work\n"


def test_a_fork_while_tasks_run(run):
    """Threads do not live on in the child: it needs a pool of its own, and can make one."""
    out = run(
        HELPERS,
        FORK,
        """
        go_on = threading.Event()
        tasks = [spawn(go_on.wait) for _ in range(5)]
        later = call_later(3600, int)
        pool = BlockingPool(2)
        pool.spawn(go_on.wait)

        def child():
            assert threading.active_count() == 1
            assert BlockingPool(2).spawn(abs, -1).result() == 1
            assert pool.spawn(abs, -1).result() == 1
            assert spawn(abs, -1).result() == 1
            assert later.cancel()

        fork(child)
        go_on.set()
        pool.waitall()
        print([task.result() for task in tasks])
        """,
    )
    assert out == "[True, True, True, True, True]\n"
