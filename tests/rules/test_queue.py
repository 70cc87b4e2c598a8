from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    noop(
        "the stdlib's own",
        """
        import queue

        import eventlet.wsgi

        jobs = queue.Queue(0)
        """,
    ),
    noop(
        "multiprocessing's",
        """
        from multiprocessing import Queue

        jobs = Queue(0)
        jobs.resize(3)
        """,
    ),
    noop(
        "a parameter hides the module",
        """
        from eventlet import queue


        def make(queue):
            return queue.Queue(0)
        """,
    ),
    noop(
        "a loop variable hides the class",
        """
        import eventlet


        def make(factories):
            return [eventlet.Queue(0) for eventlet in factories]
        """,
    ),
    manual(
        "a size of 0 is a rendezvous",
        """
        import eventlet


        def run():
            jobs = eventlet.Queue(0)
            jobs.put(1)
        """,
        says="a size of 0",
    ),
    manual(
        "a maxsize of 0 is a rendezvous",
        """
        from eventlet.queue import LightQueue

        jobs = LightQueue(maxsize=0)
        """,
        says="a size of 0",
    ),
    manual(
        "a size that is no whole number",
        """
        import eventlet

        jobs = eventlet.Queue(1.5)
        """,
        says="no whole number",
    ),
    manual(
        "a hidden size",
        """
        import eventlet


        def make(**kwargs):
            jobs = eventlet.Queue(**kwargs)
        """,
        says="cannot be seen",
    ),
    manual(
        "two arguments, a TypeError today",
        """
        import eventlet

        jobs = eventlet.Queue(1, 2)
        """,
        says="cannot be seen",
    ),
    manual(
        "it is resized",
        """
        import eventlet


        class Worker:
            def __init__(self):
                self._jobs = eventlet.Queue(2)

            def grow(self):
                self._jobs.resize(4)
        """,
        says=".resize on line 9",
    ),
    manual(
        "its waiters are counted",
        """
        from eventlet import queue

        jobs = queue.LightQueue()
        print(jobs.getting())
        """,
        says=".getting",
    ),
    manual(
        "it is iterated",
        """
        import eventlet

        jobs = eventlet.Queue()
        for job in jobs:
            job()
        """,
        says="iterate",
    ),
    manual(
        "a negative timeout is written out",
        """
        import eventlet


        def take():
            jobs = eventlet.Queue()
            return jobs.get(timeout=-1)
        """,
        says="a negative timeout",
    ),
    manual(
        "the arguments of put are hidden",
        """
        import eventlet


        def add(args):
            jobs = eventlet.Queue()
            jobs.put(*args)
        """,
        says="cannot be seen",
    ),
    manual(
        "a subclass",
        """
        from eventlet.queue import Queue


        class Jobs(Queue):
            def _init(self, maxsize):
                self.items = []
        """,
    ),
    manual(
        "the module of the project is called queue",
        """
        import eventlet

        jobs = eventlet.Queue()
        """,
        files={"queue/__init__.py": ""},
        says="a module of this project is called queue",
    ),
    manual(
        "its maxsize is set",
        """
        import eventlet


        def grow():
            jobs = eventlet.Queue(2)
            jobs.maxsize = 3
        """,
        says=".maxsize is set",
    ),
    manual(
        "a subclass that uses more of its base",
        """
        from eventlet.queue import Queue


        class Jobs(Queue):
            def _put(self, item):
                super()._put((0, item))
        """,
    ),
    manual(
        "a subclass with a method of its own",
        """
        from eventlet.queue import Queue


        class Jobs(Queue):
            def waiting(self):
                return self.getting()
        """,
    ),
    manual(
        "isinstance that tells one class from the other",
        """
        from eventlet import queue


        def call():
            jobs = queue.LightQueue()
            return isinstance(jobs, queue.Queue)
        """,
        says="tells a LightQueue from a Queue",
    ),
    manual(
        "an annotation of something else",
        """
        from eventlet import queue


        def call():
            jobs: queue.Waiter = queue.Queue()
            jobs.put(1)
        """,
        says="line 5 names another class",
    ),
    manual(
        "a rendezvous in another order, helpers or not",
        """
        from eventlet import queue

        jobs = queue.LifoQueue(0)
        """,
        helpers="pkg.concurrency",
        says="a size of 0",
    ),
    # --- sizes ---
    fixes(
        "a rendezvous becomes a channel of the project",
        """
        from eventlet import queue


        def run(jobs=queue.LightQueue(maxsize=0)):
            jobs.put(1)
            return jobs.get(timeout=3)
        """,
        """
        from pkg import concurrency


        def run(jobs=concurrency.Channel()):
            jobs.put(1)
            return jobs.get(timeout=3)
        """,
        helpers="pkg.concurrency",
    ),
    fixes(
        "a name for a queue and for a rendezvous",
        """
        import eventlet


        def run(wait):
            jobs = eventlet.Queue()
            if wait:
                jobs = eventlet.Queue(0)
            jobs.put(1)
        """,
        """
        import queue

        from pkg import concurrency


        def run(wait):
            jobs = queue.Queue()
            if wait:
                jobs = concurrency.Channel()
            jobs.put(1)
        """,
        helpers="pkg.concurrency",
    ),
    fixes(
        "two kinds under one name",
        """
        import eventlet.queue


        def run(last):
            if last:
                jobs = eventlet.queue.LifoQueue()
            else:
                jobs = eventlet.queue.LightQueue(3)
            jobs.put(1)
        """,
        """
        import queue


        def run(last):
            if last:
                jobs = queue.LifoQueue()
            else:
                jobs = queue.Queue(3)
            jobs.put(1)
        """,
    ),
    fixes(
        "annotations and isinstance",
        """
        from eventlet import queue


        def run(jobs: queue.LightQueue) -> None:
            assert isinstance(jobs, queue.LightQueue)
            jobs.put(1)


        def start():
            jobs: queue.Queue = queue.Queue(3)
            run(jobs)
        """,
        """
        import queue


        def run(jobs: queue.Queue) -> None:
            assert isinstance(jobs, queue.Queue)
            jobs.put(1)


        def start():
            jobs: queue.Queue = queue.Queue(3)
            run(jobs)
        """,
    ),
    fixes(
        "its limit is read",
        """
        import eventlet


        def tell():
            jobs = eventlet.Queue(3)
            return jobs.maxsize, jobs.unfinished_tasks
        """,
        """
        import queue


        def tell():
            jobs = queue.Queue(3)
            return jobs.maxsize, jobs.unfinished_tasks
        """,
    ),
    fixes(
        "its limit is read, and there may be none",
        """
        import eventlet


        def tell():
            jobs = eventlet.Queue()
            return jobs.maxsize
        """,
        """
        import queue


        def tell():
            jobs = queue.Queue()
            return jobs.maxsize
        """,
        checks=["C-NONE"],
    ),
    fixes(
        "a subclass that overrides the hooks",
        """
        from eventlet import queue


        class Sorted(queue.LightQueue):
            \"\"\"Sorts.\"\"\"

            def _init(self, maxsize):
                self.queue = []

            def _put(self, item):
                self.queue.append(item)
                self.queue.sort()

            def _get(self):
                return self.queue.pop(0)
        """,
        """
        import queue


        class Sorted(queue.Queue):
            \"\"\"Sorts.\"\"\"

            def _init(self, maxsize):
                self.queue = []

            def _put(self, item):
                self.queue.append(item)
                self.queue.sort()

            def _get(self):
                return self.queue.pop(0)
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "unbounded",
        """
        import eventlet

        jobs = eventlet.Queue()
        """,
        """
        import queue

        jobs = queue.Queue()
        """,
    ),
    fixes(
        "None goes",
        """
        from eventlet import queue

        first = queue.Queue(None)
        second = queue.Queue(maxsize=None)
        """,
        """
        import queue

        first = queue.Queue()
        second = queue.Queue()
        """,
    ),
    fixes(
        "negative stays",
        """
        import eventlet

        jobs = eventlet.Queue(-1)
        """,
        """
        import queue

        jobs = queue.Queue(-1)
        """,
    ),
    fixes(
        "a light queue with a size",
        """
        import eventlet.queue


        def make():
            jobs = eventlet.queue.LightQueue(10)
            jobs.put_nowait(1)
            jobs.get(True, 3)
            jobs.put(1, block=False, timeout=None)
        """,
        """
        import queue


        def make():
            jobs = queue.Queue(10)
            jobs.put_nowait(1)
            jobs.get(True, 3)
            jobs.put(1, block=False, timeout=None)
        """,
    ),
    fixes(
        "the other kinds",
        """
        from eventlet.queue import LifoQueue, PriorityQueue as Sorted

        first = LifoQueue(1)
        second = Sorted()
        """,
        """
        import queue

        first = queue.LifoQueue(1)
        second = queue.PriorityQueue()
        """,
    ),
    fixes(
        "a size that is computed may be None",
        """
        import eventlet


        def make(conf):
            jobs = eventlet.Queue(maxsize=conf.size)
            jobs.put(1)
        """,
        """
        import queue


        def make(conf):
            jobs = queue.Queue(maxsize=conf.size or 0)
            jobs.put(1)
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "a size that is a constant",
        """
        import eventlet

        SIZE = 3


        def make():
            jobs = eventlet.Queue(SIZE)
            jobs.put(1)
        """,
        """
        import queue

        SIZE = 3


        def make():
            jobs = queue.Queue(SIZE)
            jobs.put(1)
        """,
    ),
    # --- what is done ---
    fixes(
        "a timeout of unknown sign",
        """
        import eventlet


        def take(limit):
            jobs = eventlet.Queue()
            return jobs.get(timeout=limit)
        """,
        """
        import queue


        def take(limit):
            jobs = queue.Queue()
            return jobs.get(timeout=limit)
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "a decision by its size",
        """
        import eventlet


        def take():
            jobs = eventlet.Queue()
            while not jobs.empty():
                jobs.get()
            jobs.task_done()
            jobs.join()
        """,
        """
        import queue


        def take():
            jobs = queue.Queue()
            while not jobs.empty():
                jobs.get()
            jobs.task_done()
            jobs.join()
        """,
        checks=["C-ATOM"],
    ),
    fixes(
        "its size in a log line decides nothing",
        """
        import eventlet


        def tell():
            jobs = eventlet.Queue()
            LOG.debug("%d", jobs.qsize())
            print(f"{jobs.qsize()}")
        """,
        """
        import queue


        def tell():
            jobs = queue.Queue()
            LOG.debug("%d", jobs.qsize())
            print(f"{jobs.qsize()}")
        """,
    ),
    fixes(
        "methods passed on take the same arguments",
        """
        import eventlet


        class Worker:
            def __init__(self, bus):
                self._jobs = eventlet.Queue()
                bus.subscribe(self._jobs.put)
        """,
        """
        import queue


        class Worker:
            def __init__(self, bus):
                self._jobs = queue.Queue()
                bus.subscribe(self._jobs.put)
        """,
    ),
    fixes(
        "it leaves the file's analysis",
        """
        import eventlet


        def make(jobs=eventlet.Queue()):
            first, second = eventlet.Queue(), [eventlet.Queue() for _ in range(3)]
            return first, second, jobs
        """,
        """
        import queue


        def make(jobs=queue.Queue()):
            first, second = queue.Queue(), [queue.Queue() for _ in range(3)]
            return first, second, jobs
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "a name that holds other things too",
        """
        import eventlet


        def make(jobs):
            jobs = jobs or eventlet.Queue()
            jobs.put(1)
        """,
        """
        import queue


        def make(jobs):
            jobs = jobs or queue.Queue()
            jobs.put(1)
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "one object in each of two functions",
        """
        import eventlet


        def first():
            jobs = eventlet.Queue()
            jobs.put(1)


        def second():
            jobs = eventlet.Queue(0)
            jobs.put(1)
        """,
        """
        import queue

        import eventlet


        def first():
            jobs = queue.Queue()
            jobs.put(1)


        def second():
            jobs = eventlet.Queue(0)
            jobs.put(1)
        """,
        left=2,
    ),
    fixes(
        "an annotated assignment",
        """
        from eventlet.queue import Queue


        def make():
            jobs: "list" = Queue(1)
            jobs.put(1)
        """,
        """
        import queue


        def make():
            jobs: "list" = queue.Queue(1)
            jobs.put(1)
        """,
    ),
    # --- names ---
    fixes(
        "the module's name stays where eventlet's was imported as it",
        """
        from eventlet import queue

        jobs = queue.Queue()
        try:
            jobs.get_nowait()
        except queue.Empty:
            pass
        """,
        """
        import queue

        jobs = queue.Queue()
        try:
            jobs.get_nowait()
        except queue.Empty:
            pass
        """,
    ),
    fixes(
        "eventlet's queue is still needed under that name",
        """
        from eventlet import queue

        first = queue.Queue()
        second = queue.Queue(0)
        """,
        """
        import queue as queue_lib

        from eventlet import queue

        first = queue_lib.Queue()
        second = queue.Queue(0)
        """,
        left=1,
    ),
    fixes(
        "the object is called queue",
        """
        import eventlet


        def make():
            queue = eventlet.Queue()
            queue.put(1)
        """,
        """
        import queue as queue_lib


        def make():
            queue = queue_lib.Queue()
            queue.put(1)
        """,
    ),
    # --- found the hard way ---
    fixes(
        "a star import of eventlet brings its own queue",
        """
            from eventlet import *


            def make(conf):
                jobs = Queue(conf.size)
                jobs.put(1)
            """,
        """
            import queue as queue_lib

            from eventlet import *


            def make(conf):
                jobs = queue_lib.Queue(conf.size or 0)
                jobs.put(1)
            """,
        checks=["C-TYPE"],
        left=1,
    ),
    fixes(
        "a size over two lines",
        """
        import eventlet


        def make(conf):
            jobs = eventlet.Queue(
                conf["sizes"]
                    ["jobs"]
            )
            jobs.put(1)
        """,
        """
        import queue


        def make(conf):
            jobs = queue.Queue(
                conf["sizes"]
                    ["jobs"] or 0
            )
            jobs.put(1)
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "a size that is chosen",
        """
        import eventlet


        def make(conf):
            jobs = eventlet.Queue(conf.size if conf else None)
            jobs.put(1)
        """,
        """
        import queue


        def make(conf):
            jobs = queue.Queue((conf.size if conf else None) or 0)
            jobs.put(1)
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "a size that is named by a walrus",
        """
        import eventlet


        def make(conf):
            jobs = eventlet.Queue(size := conf.size)
            jobs.put(size)
        """,
        """
        import queue


        def make(conf):
            jobs = queue.Queue((size := conf.size) or 0)
            jobs.put(size)
        """,
        checks=["C-TYPE"],
    ),
    manual(
        "another name of it is resized",
        """
        import eventlet


        def make():
            jobs = eventlet.Queue(1)
            other = jobs
            other.resize(2)
        """,
    ),
    manual(
        "a name that is given in two ways at once is resized",
        """
        import eventlet


        def make():
            jobs = other = eventlet.Queue(1)
            other.resize(2)
        """,
    ),
    manual(
        "a global is a rendezvous in another function",
        """
        import eventlet

        jobs = eventlet.Queue()


        def reset():
            global jobs
            jobs = eventlet.Queue(0)


        def add():
            jobs.put(1)
        """,
    ),
    # --- found by attack ---
    fixes(
        "sizes that are never 0",
        """
        import eventlet


        def make(conf):
            jobs = eventlet.Queue(conf.size or None)
            done = eventlet.Queue(maxsize=10 if conf.limited else None)
            lost = eventlet.Queue(conf.size or 5)
            late = eventlet.Queue(max(1, conf.size))
            for item in (jobs, done, lost, late):
                item.put(1)
        """,
        """
        import queue


        def make(conf):
            jobs = queue.Queue(conf.size or 0)
            done = queue.Queue(maxsize=10 if conf.limited else 0)
            lost = queue.Queue(conf.size or 5)
            late = queue.Queue(max(1, conf.size))
            for item in (jobs, done, lost, late):
                item.put(1)
        """,
    ),
    fixes(
        "a size that is a number is never None",
        """
        import eventlet


        def make(conf):
            jobs = eventlet.Queue(conf.size - 1)
            jobs.put(1)
        """,
        """
        import queue


        def make(conf):
            jobs = queue.Queue(conf.size - 1)
            jobs.put(1)
        """,
        checks=["C-TYPE"],
    ),
    manual(
        "a constant that is 0",
        """
        import eventlet

        SIZE = 0
        jobs = eventlet.Queue(SIZE)
        """,
        says="a size of 0 makes it a rendezvous",
    ),
    manual(
        "a class that is handed on with its size",
        """
        import functools

        import eventlet

        make = functools.partial(eventlet.Queue, 0)
        """,
    ),
    manual(
        "a class that is subscripted, and made with a size of 0",
        """
        from eventlet import queue

        jobs = queue.LightQueue[int](0)
        """,
    ),
    manual(
        "a hook that calls eventlet's",
        """
        from eventlet import queue


        class Jobs(queue.Queue):
            def _put(self, item):
                queue.Queue._put(self, item)
        """,
    ),
    manual(
        "a hook that looks at the size, which is None or 0",
        """
        from eventlet import queue


        class Jobs(queue.LightQueue):
            def _init(self, maxsize):
                self.queue = [] if maxsize is None else [None] * maxsize
        """,
    ),
    manual(
        "a rendezvous that is asked for its size",
        """
        import eventlet

        jobs = eventlet.Queue(0)


        def room():
            return jobs.maxsize
        """,
        helpers="pkg.concurrency",
        says="which a Channel has not",
    ),
    fixes(
        "a Timeout may end the wait",
        """
        import eventlet

        jobs = eventlet.Queue()


        def take():
            with eventlet.Timeout(3):
                return work(jobs.get())
        """,
        """
        import queue

        import eventlet

        jobs = queue.Queue()


        def take():
            with eventlet.Timeout(3):
                return work(jobs.get())
        """,
        checks=["C-KILL"],
        left=1,
    ),
    manual(
        "a subclass that is made as a rendezvous",
        """
        from eventlet import queue


        class Jobs(queue.LightQueue):
            pass


        jobs = Jobs(0)
        """,
    ),
    manual(
        "a mock of a method of all queues",
        """
        from unittest import mock

        import eventlet


        @mock.patch.object(eventlet.Queue, "put")
        def test_put(put):
            pass
        """,
        says="a mock takes the place of a method of every Queue",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_queue(case: Case) -> None:
    check(case, "queue")
