from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

KILL, CATCH, TYPE = "C-KILL", "C-CATCH", "C-TYPE"

HEAD = """
        import queue
        import threading

        import eventlet

"""


def left(title: str, body: str, says: str) -> Case:
    """A Timeout in a function, which stays."""
    return manual(title, HEAD + body, says=says)


CASES = [
    noop(
        "no Timeout",
        """
        import queue

        import eventlet.wsgi

        queue.Queue().get(timeout=3)
        """,
    ),
    left(
        "a limit of its own beside the Timeout",
        """
        def take(n):
            jobs = queue.Queue()
            with eventlet.Timeout(n, ValueError):
                return jobs.get(timeout=3)
        """,
        says="`jobs.get()` on line 10 has a limit of its own, or does not wait",
    ),
    left(
        "a get that does not wait",
        """
        def take(n):
            jobs = queue.Queue()
            with eventlet.Timeout(n, ValueError):
                return jobs.get(False)
        """,
        says="has a limit of its own, or does not wait",
    ),
    left(
        "what is waited for is another object in one branch",
        """
        def take(n, other):
            jobs = queue.Queue()
            if other:
                jobs = other
            with eventlet.Timeout(n, ValueError):
                return jobs.get()
        """,
        says="`jobs.get()` on line 12 waits in it, too",
    ),
    left(
        "a comprehension gives the name another meaning",
        """
        def take(n, queues):
            jobs = queue.Queue()
            with eventlet.Timeout(n, ValueError):
                return [jobs.get() for jobs in queues]
        """,
        says="`jobs.get()` on line 10 waits in it, too",
    ),
    left(
        "an attribute that another class of the file sets, too",
        """
        class Worker:
            def __init__(self):
                self.jobs = queue.Queue()

            def take(self, n):
                with eventlet.Timeout(n, ValueError):
                    return self.jobs.get()


        def replace(worker, jobs):
            worker.jobs = jobs
        """,
        says="`self.jobs.get()` on line 13 waits in it, too",
    ),
    left(
        "a clause in the block would take the exception",
        """
        def take(n):
            jobs = queue.Queue()
            with eventlet.Timeout(n):
                try:
                    return jobs.get()
                except OSError:
                    return None
        """,
        says="the except clause on line 12, inside the block, would take the exception",
    ),
    left(
        "so would suppress",
        """
        def take(n, suppress):
            jobs = queue.Queue()
            with eventlet.Timeout(n):
                with suppress(Exception):
                    return jobs.get()
        """,
        says="inside the block, would take the exception",
    ),
    left(
        "and except* takes groups",
        """
        def take(n):
            jobs = queue.Queue()
            with eventlet.Timeout(n):
                try:
                    print(jobs.get())
                except* ValueError:
                    pass
        """,
        says="inside the block, would take the exception",
    ),
    left(
        "a silent one whose exception a clause would take",
        """
        def take(n):
            jobs = queue.Queue()
            with eventlet.Timeout(n, False):
                while True:
                    try:
                        print(jobs.get())
                    except Exception:
                        pass
        """,
        says="a clause or manager around line 12 may take what is raised",
    ),
    left(
        "a silent one whose answer tells, with more before it and behind it",
        """
        def enter(n):
            gate = threading.Lock()
            inside = False
            with eventlet.Timeout(n, False):
                print("enter")
                gate.acquire()
                inside = True
            return inside
        """,
        says="it is silent, and `gate.acquire()` on line 12 neither begins nor ends the block",
    ),
    left(
        "a silent one whose thread may not have ended",
        """
        def end(n):
            thread = threading.Thread(target=print)
            ended = False
            with eventlet.Timeout(n, False):
                thread.join()
                ended = True
            return ended
        """,
        says="it is silent, and `thread.join()` on line 11 neither begins nor ends the block",
    ),
    left(
        "a silent one with two locks",
        """
        def enter(n):
            first, last = threading.Lock(), threading.Lock()
            gate = threading.Lock()
            with eventlet.Timeout(n, False):
                gate.acquire()
                gate.acquire()
        """,
        says="it is silent, and several waits end the block",
    ),
    left(
        "the answer is used at once",
        """
        def enter(n):
            gate = threading.Event()
            with eventlet.Timeout(n, ValueError):
                return gate.wait()
        """,
        says="`gate.wait()` on line 10 is no statement of its own",
    ),
    left(
        "in the head of a statement",
        """
        def take(n):
            jobs = queue.Queue()
            with eventlet.Timeout(n, ValueError):
                for job in jobs.get():
                    print(job)
        """,
        says="`jobs.get()` on line 10 is no statement of its own",
    ),
    left(
        "beside a call that may raise the same",
        """
        def take(n, work):
            jobs = queue.Queue()
            with eventlet.Timeout(n, ValueError):
                work(jobs.get())
        """,
        says="`jobs.get()` on line 10 is no statement of its own",
    ),
    left(
        "on one line",
        """
        def take(n):
            jobs = queue.Queue()
            with eventlet.Timeout(n, ValueError): jobs.get()
        """,
        says="the statement on line 9 cannot be moved into a try",
    ),
    left(
        "a lock is entered in the block",
        """
        def take(n, lock):
            jobs = queue.Queue()
            with eventlet.Timeout(n, ValueError):
                with lock:
                    print(jobs.get())
        """,
        says="`with lock` on line 10 may wait in it, too",
    ),
    left(
        "something else waits, too",
        """
        def take(n, process):
            jobs = queue.Queue()
            with eventlet.Timeout(n, ValueError):
                process.wait()
                print(jobs.get())
        """,
        says="`process.wait()` on line 10 waits in it, too",
    ),
    left(
        "two waits in one statement",
        """
        def pair(n):
            jobs = queue.Queue()
            done = queue.Queue()
            with eventlet.Timeout(n, ValueError):
                return jobs.get() + done.get()
        """,
        says="`jobs.get()` on line 11 is no statement of its own",
    ),
    left(
        "two waits in the arguments of one call",
        """
        def pair(n):
            jobs = queue.Queue()
            done = queue.Queue()
            with eventlet.Timeout(n, ValueError):
                found = [jobs.get() for _ in range(3)], [done.get() for _ in range(3)]
            return found
        """,
        says="is no statement of its own",
    ),
    left(
        "what submit() gives is no future, as far as can be seen",
        """
        def send(n, form):
            answer = form.submit()
            with eventlet.Timeout(n, ValueError):
                return answer.result()
        """,
        says="`answer.result()` on line 10 waits in it, too",
    ),
    fixes(
        "a future of an executor",
        """
        from concurrent import futures

        import eventlet


        def run(work):
            with futures.ThreadPoolExecutor() as workers:
                answer = workers.submit(work)
                with eventlet.Timeout(3, ValueError):
                    return answer.result()
        """,
        """
        from concurrent import futures


        def run(work):
            with futures.ThreadPoolExecutor() as workers:
                answer = workers.submit(work)
                try:
                    return answer.result(timeout=3)
                except futures.TimeoutError as error:
                    raise ValueError from error
        """,
        checks=[CATCH],
    ),
    left(
        "a pile that is iterated over waits, too",
        """
        def take(n, work):
            pile = eventlet.GreenPile()
            pile.spawn(work)
            jobs = queue.Queue()
            with eventlet.Timeout(n, ValueError):
                found = [item for item in pile]
                found.append(jobs.get())
            return found
        """,
        says="`pile` waits for each of its items",
    ),
    left(
        "another Timeout in the block",
        """
        def take(n):
            jobs = queue.Queue()
            with eventlet.Timeout(n, ValueError):
                with eventlet.Timeout(3, KeyError):
                    print(n)
                print(jobs.get())
        """,
        says="another Timeout is made in the block",
    ),
    left(
        "the block yields",
        """
        def take(n):
            jobs = queue.Queue()
            with eventlet.Timeout(n, ValueError):
                while True:
                    yield jobs.get()
        """,
        says="the block yields",
    ),
    left(
        "two events",
        """
        def call(n):
            first = eventlet.Event()
            last = eventlet.Event()
            with eventlet.Timeout(n, ValueError):
                first.wait()
                last.wait()
        """,
        says="it waits for several green objects: first, last",
    ),
    manual(
        "an event that stays, with the clause that goes with it",
        """
        import eventlet


        def call(n, keep):
            done = eventlet.Event()
            keep(done)
            try:
                with eventlet.Timeout(n):
                    done.wait()
            except eventlet.Timeout:
                return False
        """,
        says="this Timeout stays: the Event stays",
    ),
    manual(
        "the answer of an event without a value is returned",
        """
        import eventlet


        def call(n):
            done = eventlet.Event()
            done.send(True)
            with eventlet.Timeout(n, ValueError):
                return done.wait()
        """,
        says="this Timeout stays: the answer of wait() on line 8 is returned",
    ),
    manual(
        "the clause reads the Timeout, so the event stays, too",
        """
        import eventlet


        def call(n):
            done = eventlet.Event()
            try:
                with eventlet.Timeout(n):
                    done.wait()
            except eventlet.Timeout as error:
                return error.seconds
        """,
        says="reads what a Timeout has",
    ),
    fixes(
        "an attribute of the object, the limit computed, several waits",
        """
        import queue

        import eventlet


        class Worker:
            def __init__(self):
                self.jobs = None
                self.done = queue.LifoQueue(5)

            def start(self):
                self.jobs = queue.Queue()

            def hand_on(self, n, log):
                with eventlet.Timeout(n or 3, KeyError("n")):
                    job = self.jobs.get()  # waits
                    log(job)
                    self.done.put(job)
        """,
        """
        import queue
        import time


        class Worker:
            def __init__(self):
                self.jobs = None
                self.done = queue.LifoQueue(5)

            def start(self):
                self.jobs = queue.Queue()

            def hand_on(self, n, log):
                deadline = time.monotonic() + (n or 3)
                try:
                    job = self.jobs.get(timeout=max(0, deadline - time.monotonic()))  # waits
                except queue.Empty as error:
                    raise KeyError("n") from error
                log(job)
                try:
                    self.done.put(job, timeout=max(0, deadline - time.monotonic()))
                except queue.Full as error:
                    raise KeyError("n") from error
        """,
        checks=[KILL, TYPE],
    ),
    fixes(
        "a name that is taken, over several lines",
        """
        import queue

        import eventlet


        def put(n, error):
            jobs = queue.Queue(1)
            with eventlet.Timeout(n, ValueError):
                jobs.put({
                    "error": error,
                }, block=True)
        """,
        """
        import queue


        def put(n, error):
            jobs = queue.Queue(1)
            try:
                jobs.put({
                    "error": error,
                }, block=True, timeout=n)
            except queue.Full as error2:
                raise ValueError from error2
        """,
        checks=[TYPE],
    ),
    fixes(
        "silent, with more behind the lock, and comments",
        """
        import threading

        import eventlet


        def enter(n, log):
            gate = threading.Lock()
            inside = False
            # in time
            with eventlet.Timeout(n + 1, False):  # or not
                # it may be held
                gate.acquire()  # waits
                log("in")
                # then
                inside = True
            return inside
        """,
        """
        import threading


        def enter(n, log):
            gate = threading.Lock()
            inside = False
            # in time
            limit = n + 1
            # or not
            # it may be held
            if gate.acquire(timeout=limit):  # waits
                log("in")
                # then
                inside = True
            return inside
        """,
        checks=[KILL, TYPE],
    ),
    fixes(
        "silent, with more behind an event",
        """
        import eventlet


        def called(n, log):
            done = eventlet.Event()
            with eventlet.Timeout(5, False):
                done.wait()
                return True
            return False
        """,
        """
        import threading


        def called(n, log):
            done = threading.Event()
            if done.wait(timeout=5):
                return True
            return False
        """,
    ),
    fixes(
        "silent, with the lock at the end of the block",
        """
        import threading

        import eventlet


        def enter(log):
            gate = threading.Lock()
            with eventlet.Timeout(3, False):
                log("enter")
                gate.acquire()
        """,
        """
        import threading


        def enter(log):
            gate = threading.Lock()
            log("enter")
            gate.acquire(timeout=3)
        """,
        checks=[KILL],
    ),
    manual(
        "a parameter that may hold something else, too",
        """
        import eventlet


        def ask(answers):
            with eventlet.Timeout(3):
                return answers.get()


        def both(store):
            ask(eventlet.Queue(*store))
            ask(store)
        """,
        says="waits in it, too",
    ),
    fixes(
        "a queue that comes as a parameter",
        """
        import eventlet
        from eventlet import queue


        def ask(answers):
            with eventlet.Timeout(3):
                return answers.get()


        def asks():
            return ask(queue.Queue())
        """,
        """
        import queue


        def ask(answers):
            try:
                return answers.get(timeout=3)
            except queue.Empty as error:
                raise TimeoutError("3 seconds") from error


        def asks():
            return ask(queue.Queue())
        """,
        checks=["C-CATCH"],
    ),
    manual(
        "a Timeout that flies stays with another one, and with it the event that it is around",
        """
        import eventlet


        def call(limit):
            done = eventlet.Event()
            with eventlet.Timeout(limit):
                done.wait()


        def fetch(client):
            with eventlet.Timeout(3):
                return client.fetch()
        """,
        says="left: the one on line 11 stays, where `client.fetch()` (line 12) waits",
    ),
    manual(
        "an event stays, and with it a Timeout that flies, and all others that may",
        """
        import eventlet


        def call(limit, log):
            done = eventlet.Event()
            log(done.hubs)
            with eventlet.Timeout(limit):
                done.wait()


        def give_up():
            raise eventlet.Timeout()
        """,
        says="left: the one on line 7 stays",
    ),
    fixes(
        "a Timeout that flies, with the event that it is around and the clause that meets it",
        """
        import eventlet


        def call(limit):
            done = eventlet.Event()
            with eventlet.Timeout(limit):
                done.wait()


        def attempt(log):
            try:
                call(3)
            except eventlet.Timeout:
                log("late")
        """,
        """
        import threading


        def call(limit):
            done = threading.Event()
            if not done.wait(timeout=limit):
                raise TimeoutError(f"{limit} seconds")


        def attempt(log):
            try:
                call(3)
            except TimeoutError:
                log("late")
        """,
        checks=[CATCH],
    ),
    fixes(
        "a green thread whose Timeout flies out",
        """
        import eventlet


        def ask(work):
            worker = eventlet.spawn(work)
            with eventlet.Timeout(3):
                return worker.wait()
        """,
        """
        from concurrent import futures


        def ask(work):
            worker = futures.ThreadPoolExecutor(max_workers=1).submit(work)
            try:
                return worker.result(timeout=3)
            except futures.TimeoutError as error:
                raise TimeoutError("3 seconds") from error
        """,
        checks=[CATCH],
    ),
    manual(
        "a green thread that is killed when it is late",
        """
        import eventlet


        def ask(work):
            worker = eventlet.spawn(work)
            with eventlet.Timeout(3, False):
                return worker.wait()
            worker.kill()
        """,
        says="the green thread stays: it is killed",
    ),
    fixes(
        "a green thread",
        """
        import eventlet


        def ask(work, log):
            worker = eventlet.spawn(work, 1)
            try:
                with eventlet.Timeout(3):
                    return worker.wait()
            except eventlet.Timeout:
                log("too slow")
        """,
        """
        from concurrent import futures

        from pkg import concurrency


        def ask(work, log):
            worker = concurrency.spawn(work, 1)
            try:
                try:
                    return worker.result(timeout=3)
                except futures.TimeoutError as error:
                    raise TimeoutError("3 seconds") from error
            except TimeoutError:
                log("too slow")
        """,
        helpers="pkg.concurrency",
        checks=["C-CATCH"],
    ),
    manual(
        "select whose answer has no names",
        """
        import select

        import eventlet


        def ready(files):
            with eventlet.Timeout(3):
                return select.select(files, [], [])[0]
        """,
        says="gives has no names to ask",
    ),
    manual(
        "select under a silent Timeout",
        """
        import select

        import eventlet


        def ready(files):
            r = None
            with eventlet.Timeout(3, False):
                r, w, x = select.select(files, [], [])
            return r
        """,
        says="it is silent",
    ),
    manual(
        "select with a limit of its own",
        """
        import select

        import eventlet


        def ready(files):
            with eventlet.Timeout(3):
                r, w, x = select.select(files, [], [], 1)
            return r
        """,
        says="this Timeout stays",
    ),
    manual(
        "select whose lists cannot be seen",
        """
        import select

        import eventlet


        def ready(files, more):
            with eventlet.Timeout(3):
                r, w, x = select.select(files, [], *more)
            return r
        """,
        says="this Timeout stays",
    ),
    manual(
        "green threads in a list that somebody else fills, too",
        """
        import eventlet


        def gather(fetch, cells, fill):
            threads = [eventlet.spawn(fetch, cell) for cell in cells]
            fill(threads)
            results = []
            with eventlet.Timeout(60, ValueError):
                for thread in threads:
                    results.append(thread.wait())
            return results
        """,
        says="this Timeout stays",
    ),
    manual(
        "queues in a list that is changed by another name",
        """
        import queue

        import eventlet


        def gather(more):
            queues = [queue.Queue()]
            known = queues
            known.extend(more)
            with eventlet.Timeout(60, ValueError):
                for one in queues:
                    one.get()
        """,
        says="this Timeout stays",
    ),
    fixes(
        "select with a limit that may be negative",
        """
        import select

        import eventlet


        def ready(files, seconds):
            with eventlet.Timeout(seconds, ValueError):
                r, w, x = select.select(files, [], [])
            return r
        """,
        """
        import select


        def ready(files, seconds):
            r, w, x = select.select(files, [], [], seconds)
            if not (r or w or x):
                raise ValueError
            return r
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "select",
        """
        import eventlet
        from eventlet.green import select


        def ready(files, log):
            try:
                with eventlet.Timeout(3):
                    r, w, x = select.select(files, [], [])
                    return r
            except eventlet.Timeout:
                log("nothing")
        """,
        """
        import select


        def ready(files, log):
            try:
                r, w, x = select.select(files, [], [], 3)
                if not (r or w or x):
                    raise TimeoutError("3 seconds")
                return r
            except TimeoutError:
                log("nothing")
        """,
        checks=["C-CATCH"],
    ),
    fixes(
        "select, with one name for what is ready",
        """
        import select

        import eventlet


        def ready(files):
            with eventlet.Timeout(3, ValueError):
                found = select.select(files, [], [])
            return found
        """,
        """
        import select


        def ready(files):
            found = select.select(files, [], [], 3)
            if not any(found):
                raise ValueError
            return found
        """,
    ),
    manual(
        "green threads among other things",
        """
        import eventlet


        def gather(fetch, cells, more):
            threads = [eventlet.spawn(fetch, cell) for cell in cells]
            threads.extend(more)
            results = []
            with eventlet.Timeout(60, ValueError):
                for thread in threads:
                    results.append(thread.wait())
            return results
        """,
        says="this Timeout stays",
    ),
    manual(
        "green threads that are killed when the time is over",
        """
        import eventlet


        def gather(fetch, cells):
            threads = [eventlet.spawn(fetch, cell) for cell in cells]
            results = []
            with eventlet.Timeout(60, False):
                for thread in threads:
                    results.append(thread.wait())
            for thread in threads:
                thread.kill()
            return results
        """,
        says="this Timeout stays: the green thread stays: it is killed",
    ),
    fixes(
        "many started, and waited for together",
        """
        import eventlet


        def gather(fetch, cells, log):
            threads = []
            for cell in cells:
                threads.append(eventlet.spawn(fetch, cell))
            results = []
            try:
                with eventlet.Timeout(60):
                    for thread in threads:
                        results.append(thread.wait())
            except eventlet.Timeout:
                log("some did not answer")
            return results
        """,
        """
        import time
        from concurrent import futures

        from pkg import concurrency


        def gather(fetch, cells, log):
            threads = []
            for cell in cells:
                threads.append(concurrency.spawn(fetch, cell))
            results = []
            try:
                deadline = time.monotonic() + 60
                for thread in threads:
                    try:
                        results.append(thread.result(
                            timeout=max(0, deadline - time.monotonic())
                        ))
                    except futures.TimeoutError as error:
                        raise TimeoutError("60 seconds") from error
            except TimeoutError:
                log("some did not answer")
            return results
        """,
        helpers="pkg.concurrency",
        checks=["C-CATCH"],
    ),
    left(
        "an executor that is waited for",
        """
        def run(work, items):
            pool = eventlet.GreenPool(10)
            for item in items:
                pool.spawn_n(work, item)
            with eventlet.Timeout(5, ValueError):
                pool.waitall()
        """,
        says="this Timeout stays: an executor's shutdown() takes no limit",
    ),
    manual(
        "a pool that stays",
        """
        import eventlet


        def run(work, items):
            pool = eventlet.GreenPool(10)
            threads = [pool.spawn(work, item) for item in items]
            with eventlet.Timeout(5, ValueError):
                pool.waitall()
            threads[0].kill()
        """,
        helpers="pkg.concurrency",
        says="this Timeout stays: the GreenPool stays: a green thread of it cannot become a Future",
    ),
    fixes(
        "the Timeout of a pool flies",
        """
        import eventlet


        def run(work):
            pool = eventlet.GreenPool(10)
            pool.spawn_n(work)
            with eventlet.Timeout(5):
                pool.waitall()
        """,
        """
        from pkg import concurrency


        def run(work):
            pool = concurrency.BlockingPool(10)
            pool.spawn_n(work)
            if not pool.waitall(timeout=5):
                raise TimeoutError("5 seconds")
        """,
        helpers="pkg.concurrency",
        checks=[CATCH],
    ),
    fixes(
        "a pool that is waited for, silently",
        """
        import eventlet


        def run(work, items, log):
            pool = eventlet.GreenPool(10)
            for item in items:
                pool.spawn_n(work, item)
            with eventlet.Timeout(5, False):
                pool.waitall()
                return True
            log("not all are done")
        """,
        """
        from pkg import concurrency


        def run(work, items, log):
            pool = concurrency.BlockingPool(10)
            for item in items:
                pool.spawn_n(work, item)
            if pool.waitall(timeout=5):
                return True
            log("not all are done")
        """,
        helpers="pkg.concurrency",
    ),
    fixes(
        "a pool that is fed and waited for: feeding it takes of the time",
        """
        import eventlet


        def run(work, items, log):
            pool = eventlet.GreenPool(10)
            try:
                with eventlet.Timeout(5):
                    for item in items:
                        pool.spawn_n(work, item)
                    pool.waitall()
            except eventlet.Timeout:
                log("not all are done")
        """,
        """
        import time

        from pkg import concurrency


        def run(work, items, log):
            pool = concurrency.BlockingPool(10)
            try:
                deadline = time.monotonic() + 5
                for item in items:
                    pool.spawn_n(work, item)
                if not pool.waitall(timeout=max(0, deadline - time.monotonic())):
                    raise TimeoutError("5 seconds")
            except TimeoutError:
                log("not all are done")
        """,
        helpers="pkg.concurrency",
        checks=[KILL, CATCH],
    ),
    fixes(
        "a pool of an object",
        """
        import eventlet


        class Runner:
            def __init__(self):
                self.pool = eventlet.GreenPool(4)

            def add(self, work):
                self.pool.spawn_n(work)

            def stop(self, limit):
                with eventlet.Timeout(limit, ValueError):
                    self.pool.waitall()
        """,
        """
        from pkg import concurrency


        class Runner:
            def __init__(self):
                self.pool = concurrency.BlockingPool(4)

            def add(self, work):
                self.pool.spawn_n(work)

            def stop(self, limit):
                if not self.pool.waitall(timeout=limit):
                    raise ValueError
        """,
        helpers="pkg.concurrency",
    ),
    manual(
        "a pile that is read by next()",
        """
        import eventlet


        def run(work, items):
            pile = eventlet.GreenPile(10)
            for item in items:
                pile.spawn(work, item)
            with eventlet.Timeout(5, ValueError):
                return next(pile)
        """,
        says="this Timeout stays: the GreenPile stays: next() takes one result of it",
        advises="give what waits a timeout, and ask behind it whether it is over: `next(pile)`",
    ),
    manual(
        "a clause in the block would take what ends the wait for a pile",
        """
        import eventlet


        def run(work, items, log):
            pile = eventlet.GreenPile(10)
            for item in items:
                pile.spawn(work, item)
            with eventlet.Timeout(5, ValueError):
                try:
                    return list(pile)
                except Exception as error:
                    log(error)
        """,
        says="this Timeout stays: nothing in the block is known to take a limit",
    ),
    fixes(
        "the Timeout of a pile flies",
        """
        import eventlet


        def run(work, items):
            pile = eventlet.GreenPile(10)
            for item in items:
                pile.spawn(work, item)
            with eventlet.Timeout(5):
                return list(pile)
        """,
        """
        import time
        from concurrent import futures


        def run(work, items):
            executor = futures.ThreadPoolExecutor(max_workers=10)
            pile = []
            for item in items:
                pile.append(executor.submit(work, item))
            deadline = time.monotonic() + 5
            try:
                return [
                    future.result(timeout=max(0, deadline - time.monotonic()))
                    for future in pile
                ]
            except futures.TimeoutError as error:
                raise TimeoutError("5 seconds") from error
        """,
        checks=[CATCH],
    ),
    fixes(
        "the results of a pile, in a loop, silently",
        """
        import eventlet


        def run(work, items):
            pile = eventlet.GreenPile(10)
            for item in items:
                pile.spawn(work, item)
            results = []
            with eventlet.Timeout(5, False):
                for result in pile:
                    results.append(result)  # in order
            return results
        """,
        """
        import time
        from concurrent import futures


        def run(work, items):
            executor = futures.ThreadPoolExecutor(max_workers=10)
            pile = []
            for item in items:
                pile.append(executor.submit(work, item))
            results = []
            deadline = time.monotonic() + 5
            try:
                for future in pile:
                    result = future.result(timeout=max(0, deadline - time.monotonic()))
                    results.append(result)  # in order
            except futures.TimeoutError:
                pass
            return results
        """,
        checks=[CATCH],
    ),
    fixes(
        "the results of a pile, all at once, and a clause",
        """
        import eventlet


        def run(work, items, limit, log):
            pile = eventlet.GreenPile(10)
            for item in items:
                pile.spawn(work, item)
            try:
                with eventlet.Timeout(limit):
                    return sorted(pile)
            except eventlet.Timeout:
                log("too late")
        """,
        """
        import time
        from concurrent import futures


        def run(work, items, limit, log):
            executor = futures.ThreadPoolExecutor(max_workers=10)
            pile = []
            for item in items:
                pile.append(executor.submit(work, item))
            try:
                deadline = time.monotonic() + limit
                try:
                    return sorted(
                        future.result(timeout=max(0, deadline - time.monotonic()))
                        for future in pile
                    )
                except futures.TimeoutError as error:
                    raise TimeoutError(f"{limit} seconds") from error
            except TimeoutError:
                log("too late")
        """,
        checks=[CATCH, TYPE],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_timeout_primitive(case: Case) -> None:
    names = {"the Event": "timeout-primitive", "the answer": "timeout-primitive"}
    rule = next((rule for text, rule in names.items() if text in case.says), "timeout")
    check(case, rule if case.kind == "manual" else "timeout-primitive")
