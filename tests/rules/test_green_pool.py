from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    noop(
        "a pool of processes",
        """
        import multiprocessing

        import eventlet.wsgi


        def run(f, xs):
            pool = multiprocessing.Pool(4)
            return pool.imap(f, xs)
        """,
    ),
    noop(
        "a class of the project",
        """
        from pkg.pools import GreenPool

        pool = GreenPool(3)
        pool.spawn(print)
        """,
    ),
    noop(
        "a method called waitall",
        """
        import eventlet.wsgi


        def end(pool):
            pool.waitall()
        """,
    ),
    manual(
        "a green thread of a pool runs a server and is killed",
        """
        import eventlet
        from eventlet import wsgi


        def serve(sock, app, until):
            pool = eventlet.GreenPool()
            thread = pool.spawn(wsgi.server, sock, app, protocol=Protocol)
            until()
            thread.kill()
        """,
        advises="stop() takes the place of kill()",
        helpers="pkg.concurrency",
    ),
    manual(
        "a subclass",
        """
        import eventlet


        class Pool(eventlet.GreenPool):
            pass
        """,
        says="a subclass of GreenPool stays",
    ),
    manual(
        "a while loop feeds it",
        """
        import eventlet


        class Agent:
            def __init__(self):
                self._pool = eventlet.GreenPool(8)

            def _loop(self):
                while True:
                    self._pool.spawn_n(self._step)

            def _step(self):
                pass
        """,
        says="a while loop feeds it, and only a full pool holds that up, on line 10",
    ),
    manual(
        "a generator feeds it",
        """
        import eventlet


        def rows():
            while True:
                yield 1


        def load_all(load):
            pool = eventlet.GreenPool(8)
            for row in rows():
                pool.spawn(load, row)
            pool.waitall()
        """,
        says="`rows()` feeds it as it is read, and only a full pool holds that up, on line 12",
    ),
    manual(
        "a generator expression feeds it through a name",
        """
        import itertools

        import eventlet


        def load_all(load):
            pool = eventlet.GreenPool(8)
            numbers = itertools.count()
            for number in numbers:
                pool.spawn(load, number)
            pool.waitall()
        """,
        says="`numbers` feeds it as it is read, and only a full pool holds that up, on line 10",
    ),
    manual(
        "it is asked how many are free",
        """
        import eventlet


        def full(pool):
            return pool.free() < 1


        def work(task):
            pool = eventlet.GreenPool(8)
            if not full(pool):
                pool.spawn_n(task)
        """,
        says="an executor has no free, on line 5",
    ),
    manual(
        "its size is written",
        """
        import eventlet


        def work(task):
            pool = eventlet.GreenPool(8)
            pool.size = 9
            pool.spawn_n(task)
        """,
        says="its size is written on line 6",
        helpers="pkg.concurrency",
    ),
    manual(
        "its semaphore is used",
        """
        import eventlet


        def work(task):
            pool = eventlet.GreenPool(8)
            pool.sem.acquire()
            pool.spawn_n(task)
        """,
        says=".sem has no native twin, used on line 6",
        helpers="pkg.concurrency",
    ),
    manual(
        "its size is a string",
        """
        import eventlet


        def work(task):
            pool = eventlet.GreenPool("8")
            pool.spawn_n(task)
        """,
        says="its size is no whole number (line 5)",
        helpers="pkg.concurrency",
    ),
    manual(
        "its size is negative",
        """
        import eventlet

        pool = eventlet.GreenPool(-1)
        """,
        says="its size is negative (line 3)",
        helpers="pkg.concurrency",
    ),
    manual(
        "its size is hidden",
        """
        import eventlet


        def make(given):
            return eventlet.GreenPool(**given)
        """,
        says="its size cannot be seen (line 5)",
        helpers="pkg.concurrency",
    ),
    manual(
        "of size 0 without helpers",
        """
        import eventlet


        def work(task):
            pool = eventlet.GreenPool(0)
            pool.spawn_n(task)
        """,
        says="of size 0 it never runs anything (line 5)",
    ),
    manual(
        "it is used again after waitall",
        """
        import eventlet


        def work(task, batches):
            pool = eventlet.GreenPool(8)
            for batch in batches:
                for item in batch:
                    pool.spawn_n(task, item)
                pool.waitall()
        """,
        says="after waitall() it is used again",
    ),
    manual(
        "two calls of waitall",
        """
        import eventlet


        def work(task, hurry):
            pool = eventlet.GreenPool(8)
            pool.spawn_n(task)
            if hurry:
                pool.waitall()
                return
            pool.waitall()
        """,
        says="waitall() is called in several places, and shutdown() can be called but once",
    ),
    manual(
        "a task spawns into it and waits",
        """
        import eventlet


        class Tree:
            def __init__(self):
                self.pool = eventlet.GreenPool(4)

            def walk(self, node):
                children = [self.pool.spawn(self.walk, child) for child in node]
                return [child.wait() for child in children]
        """,
        says="its tasks come to its spawn(), and may wait for each other",
    ),
    manual(
        "a task spawns further ones before shutdown",
        """
        import eventlet


        def crawl(visit, links):
            pool = eventlet.GreenPool(4)

            def follow(page):
                for link in links[page]:
                    pool.spawn_n(follow, link)

            pool.spawn_n(follow, "/")
            pool.waitall()
        """,
        says="its tasks spawn further ones, which shutdown() forbids,",
    ),
    manual(
        "a green thread of it is killed",
        """
        import eventlet


        def work(task):
            pool = eventlet.GreenPool(4)
            child = pool.spawn(task)
            child.kill()
        """,
        says="a green thread of it cannot become a Future: it is killed on line 7",
        helpers="pkg.concurrency",
    ),
    manual(
        "a green thread of it is returned to nobody",
        """
        import eventlet

        POOL = eventlet.GreenPool(4)


        def start(task):
            return POOL.spawn(task)
        """,
        says="it is returned, and nothing here calls start() (line 7)",
        helpers="pkg.concurrency",
    ),
    manual(
        "its spawn is handed on and what it gives is used",
        """
        import eventlet
        from pkg import context

        POOL = eventlet.GreenPool(4)


        def start(task):
            return context.run(POOL.spawn, task)
        """,
        says="its spawn is passed on, and what it gives is not followed, on line 8",
        helpers="pkg.concurrency",
    ),
    manual(
        "the target is hidden",
        """
        import eventlet


        def start(given):
            pool = eventlet.GreenPool(4)
            pool.spawn(*given)
        """,
        says="the target of a spawn cannot be seen on line 6",
        helpers="pkg.concurrency",
    ),
    manual(
        "the None of spawn_n is used",
        """
        import eventlet


        def start(task):
            pool = eventlet.GreenPool(4)
            return pool.spawn_n(task)
        """,
        says="the None of spawn_n() is used on line 6",
        helpers="pkg.concurrency",
    ),
    manual(
        "it is handed to wsgi",
        """
        import eventlet
        from eventlet import wsgi


        def serve(sock, app):
            pool = eventlet.GreenPool(100)
            wsgi.server(sock, app, custom_pool=pool)
        """,
        says="eventlet's own code gets it on line 7",
    ),
    manual(
        "it is handed to a server that stays",
        """
        import eventlet
        from eventlet import wsgi


        def serve(sock, app):
            pool = eventlet.GreenPool(100)
            wsgi.server(sock, app, custom_pool=pool)
        """,
        says="eventlet's own code gets it on line 7",
        helpers="pkg.concurrency",
        wsgi="manual",
    ),
    manual(
        "it is handed to a server that goes in a later step",
        """
        import eventlet
        from eventlet import wsgi


        def serve(sock, app):
            pool = eventlet.GreenPool(100)
            wsgi.server(sock, app, custom_pool=pool)
        """,
        says="eventlet's own code gets it on line 7",
        helpers="pkg.concurrency",
        steps=frozenset({1}),
    ),
    manual(
        "it is handed to wsgi in a dict",
        """
        import eventlet
        from eventlet import wsgi
        from pkg import start


        class Server:
            def __init__(self):
                self._pool = eventlet.GreenPool(100)

            def run(self, sock, app):
                given = {"func": wsgi.server, "custom_pool": self._pool}
                start(**given)
        """,
        says="eventlet's own code gets it on line 12",
        helpers="pkg.concurrency",
    ),
    manual(
        "it comes back from a function to unknown callers",
        """
        import eventlet


        def make():
            pool = eventlet.GreenPool(100)
            pool.spawn_n(print)
            return pool
        """,
        says="it is returned, and nothing here calls make() (line 7)",
    ),
    manual(
        "its name is also something else",
        """
        import eventlet
        from pkg import other


        def work(task, native):
            pool = eventlet.GreenPool(100)
            if native:
                pool = other.Pool()
            pool.spawn_n(task)
        """,
        says="line 8 binds it to something else",
    ),
    manual(
        "imap of something made as it is read",
        """
        import eventlet


        def work(task, path):
            pool = eventlet.GreenPool(100)
            return list(pool.imap(task, open(path)))
        """,
        says="what imap() reads is made as it is read on line 6",
    ),
    manual(
        "a loop over imap that may end early",
        """
        import eventlet


        def first(task, items):
            pool = eventlet.GreenPool(100)
            for found in pool.imap(task, items):
                if found:
                    return found
        """,
        says="not all that imap() gives is taken at once on line 6",
    ),
    manual(
        "imap whose results are taken later",
        """
        import eventlet


        def work(task, items):
            pool = eventlet.GreenPool(100)
            results = pool.imap(task, items)
            print("started")
            return list(results)
        """,
        says="not all that imap() gives is taken at once on line 6",
    ),
    manual(
        "starmap of a lambda",
        """
        import eventlet


        def work(items):
            pool = eventlet.GreenPool(100)
            return list(pool.starmap(lambda a, b: a + b, items))
        """,
        says="the function of starmap() is not named on line 6",
    ),
    manual(
        "a coroutine waits for it",
        """
        import eventlet


        async def work(task):
            pool = eventlet.GreenPool(100)
            pool.spawn_n(task)
            pool.waitall()
        """,
        says="a coroutine waits for it",
    ),
    manual(
        "a comment inside the arguments that has no place",
        """
        import eventlet


        def work(task):
            pool = eventlet.GreenPool(100)
            pool.spawn_n(  # now
                task,
            )
            pool.waitall()
        """,
        says="a comment stands inside the arguments on line 6",
    ),
    fixes(
        "a server takes its size",
        """
        import eventlet
        from eventlet import wsgi


        def serve(sock, app):
            pool = eventlet.GreenPool(100)
            pool.spawn_n(print)
            wsgi.server(sock, app, custom_pool=pool)
            pool.waitall()
        """,
        """
        from pkg import concurrency


        def serve(sock, app):
            pool = concurrency.BlockingPool(100)
            pool.spawn_n(print)
            concurrency.wsgi_server(sock, app, custom_pool=pool)
            pool.waitall()
        """,
        checks=("C-BOUND", "C-START", "C-ATOM", "C-EXIT"),
        helpers="pkg.concurrency",
    ),
    fixes(
        "a method that a test patches",
        """
        from unittest import mock

        import eventlet


        class Manager:
            def __init__(self):
                self._pool = eventlet.GreenPool(4)

            def sync(self, nodes):
                for node in nodes:
                    self._pool.spawn_n(print, node)

            def stop(self):
                self._pool.waitall()


        def test_sync():
            manager = Manager()
            with mock.patch.object(manager._pool, "spawn_n") as spawn:
                manager.sync(["a"])
            spawn.assert_called_once_with(print, "a")
        """,
        """
        from concurrent import futures
        from unittest import mock


        class Manager:
            def __init__(self):
                self._pool = futures.ThreadPoolExecutor(max_workers=4)

            def sync(self, nodes):
                for node in nodes:
                    self._pool.submit(print, node)

            def stop(self):
                self._pool.shutdown()


        def test_sync():
            manager = Manager()
            with mock.patch.object(manager._pool, "submit") as spawn:
                manager.sync(["a"])
            spawn.assert_called_once_with(print, "a")
        """,
        checks=["C-START", "C-ATOM", "C-EXIT", "C-EXC", "C-BOUND", "C-FLOW", "C-LIFE", "C-LOCAL"],
    ),
    fixes(
        "a batch",
        """
        import eventlet


        def fetch_all(fetch, urls):
            pool = eventlet.GreenPool(20)
            for url in urls:
                pool.spawn_n(fetch, url)
            pool.waitall()
            return urls
        """,
        """
        from concurrent import futures


        def fetch_all(fetch, urls):
            with futures.ThreadPoolExecutor(max_workers=20) as pool:
                for url in urls:
                    pool.submit(fetch, url)
            return urls
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "a batch with comments",
        """
        import eventlet


        def fetch_all(fetch):
            # a pool for all
            pool = eventlet.GreenPool(size=20)  # of twenty

            for url in ("a", "b"):
                # one each
                pool.spawn(fetch, url)  # in parallel
            # until the last one is done
            pool.waitall()

            return True
        """,
        """
        from concurrent import futures


        def fetch_all(fetch):
            # a pool for all
            with futures.ThreadPoolExecutor(max_workers=20) as pool:  # of twenty
                for url in ("a", "b"):
                    # one each
                    pool.submit(fetch, url)  # in parallel
                # until the last one is done

            return True
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "a batch at module level, with empty lines in it",
        """
        import eventlet

        pool = eventlet.GreenPool(20)

        urls = ("a", "b")

        # one each
        for url in urls:
            pool.spawn_n(print, url)
        pool.waitall()
        """,
        """
        from concurrent import futures

        with futures.ThreadPoolExecutor(max_workers=20) as pool:
            urls = ("a", "b")

            # one each
            for url in urls:
                pool.submit(print, url)
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "a batch under helpers",
        """
        import eventlet


        def fetch_all(fetch, urls):
            pool = eventlet.GreenPool(size=20)
            for url in urls:
                pool.spawn(fetch, url)
            pool.waitall()
        """,
        """
        from pkg import concurrency


        def fetch_all(fetch, urls):
            pool = concurrency.BlockingPool(20)
            for url in urls:
                pool.spawn_n(fetch, url)
            pool.waitall()
        """,
        checks=["C-ATOM", "C-EXIT", "C-START"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "a batch with futurist",
        """
        import eventlet


        def fetch_all(fetch, urls):
            pool = eventlet.GreenPool(20)
            for url in urls:
                pool.spawn_n(fetch, url)
            pool.waitall()
        """,
        """
        import futurist


        def fetch_all(fetch, urls):
            with futurist.ThreadPoolExecutor(max_workers=20) as pool:
                for url in urls:
                    pool.submit(fetch, url)
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
        executor="futurist",
    ),
    fixes(
        "without a size",
        """
        import eventlet


        def fetch_all(fetch):
            pool = eventlet.GreenPool()
            for url in range(3):
                pool.spawn_n(fetch, url)
            pool.waitall()
        """,
        """
        from concurrent import futures


        def fetch_all(fetch):
            with futures.ThreadPoolExecutor(max_workers=1000) as pool:
                for url in range(3):
                    pool.submit(fetch, url)
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "a size of the settings",
        """
        import eventlet
        from pkg import CONF


        def fetch_all(fetch):
            pool = eventlet.GreenPool(CONF.workers)
            pool.spawn_n(fetch, 1)
            pool.waitall()
        """,
        """
        from concurrent import futures

        from pkg import CONF


        def fetch_all(fetch):
            with futures.ThreadPoolExecutor(max_workers=CONF.workers) as pool:
                pool.submit(fetch, 1)
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START", "C-TYPE"],
    ),
    fixes(
        "waitall in a finally clause",
        """
        import eventlet


        def fetch_all(fetch, urls):
            pool = eventlet.GreenPool(20)
            try:
                for url in urls:
                    pool.spawn_n(fetch, url)
            finally:
                pool.waitall()
        """,
        """
        from concurrent import futures


        def fetch_all(fetch, urls):
            pool = futures.ThreadPoolExecutor(max_workers=20)
            try:
                for url in urls:
                    pool.submit(fetch, url)
            finally:
                pool.shutdown()
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "a return in between",
        """
        import eventlet


        def fetch_all(fetch, urls):
            pool = eventlet.GreenPool(20)
            for url in urls:
                if url is None:
                    return
                pool.spawn_n(fetch, url)
            pool.waitall()
        """,
        """
        from concurrent import futures


        def fetch_all(fetch, urls):
            pool = futures.ThreadPoolExecutor(max_workers=20)
            for url in urls:
                if url is None:
                    return
                pool.submit(fetch, url)
            pool.shutdown()
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LIFE", "C-LOCAL", "C-START"],
    ),
    fixes(
        "a continue of a loop around",
        """
        import eventlet


        def fetch_all(fetch, groups):
            for group in groups:
                pool = eventlet.GreenPool(20)
                pool.spawn_n(fetch, group)
                if not group:
                    continue
                pool.waitall()
        """,
        """
        from concurrent import futures


        def fetch_all(fetch, groups):
            for group in groups:
                pool = futures.ThreadPoolExecutor(max_workers=20)
                pool.submit(fetch, group)
                if not group:
                    continue
                pool.shutdown()
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LIFE", "C-LOCAL", "C-START"],
    ),
    fixes(
        "a continue of a loop inside",
        """
        import eventlet


        def fetch_all(fetch, groups):
            for group in groups:
                pool = eventlet.GreenPool(20)
                for url in group:
                    if not url:
                        continue
                    pool.spawn_n(fetch, url)
                pool.waitall()
        """,
        """
        from concurrent import futures


        def fetch_all(fetch, groups):
            for group in groups:
                with futures.ThreadPoolExecutor(max_workers=20) as pool:
                    for url in group:
                        if not url:
                            continue
                        pool.submit(fetch, url)
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "no room for another level",
        """
        import eventlet


        def fetch_all(fetch, urls):
            pool = eventlet.GreenPool(20)
            for url in urls:
                pool.spawn_n(fetch, url, "a text that is so long that it fills the line")
            pool.waitall()
        """,
        """
        from concurrent import futures


        def fetch_all(fetch, urls):
            with futures.ThreadPoolExecutor(max_workers=20) as pool:
                for url in urls:
                    pool.submit(
                        fetch, url, "a text that is so long that it fills the line"
                    )
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "two pools side by side",
        """
        import eventlet


        def fetch_all(fetch, urls):
            quick = eventlet.GreenPool(20)
            slow = eventlet.GreenPool(2)
            for url in urls:
                quick.spawn_n(fetch, url)
                slow.spawn_n(fetch, url)
            quick.waitall()
            slow.waitall()
        """,
        """
        from concurrent import futures


        def fetch_all(fetch, urls):
            quick = futures.ThreadPoolExecutor(max_workers=20)
            with futures.ThreadPoolExecutor(max_workers=2) as slow:
                for url in urls:
                    quick.submit(fetch, url)
                    slow.submit(fetch, url)
                quick.shutdown()
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "at module level",
        """
        import eventlet

        POOL = eventlet.GreenPool(3)
        for number in range(9):
            POOL.spawn_n(print, number)
        POOL.waitall()
        print("done")
        """,
        """
        from concurrent import futures

        with futures.ThreadPoolExecutor(max_workers=3) as POOL:
            for number in range(9):
                POOL.submit(print, number)
        print("done")
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "a text over several lines inside",
        '''
        import eventlet


        def fetch_all(fetch, urls):
            pool = eventlet.GreenPool(20)
            for url in urls:
                pool.spawn_n(fetch, """a
          b""", url)
            pool.waitall()
        ''',
        '''
        from concurrent import futures


        def fetch_all(fetch, urls):
            with futures.ThreadPoolExecutor(max_workers=20) as pool:
                for url in urls:
                    pool.submit(fetch, """a
          b""", url)
        ''',
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "a text of several lines that is indented",
        '''
        import eventlet


        def run(execute, name):
            pool = eventlet.GreenPool(20)
            child = pool.spawn(execute, """
                SELECT *
              FROM things""", name)
            return child.wait()
        ''',
        '''
        from concurrent import futures


        def run(execute, name):
            with futures.ThreadPoolExecutor(max_workers=20) as pool:
                child = pool.submit(execute, """
                SELECT *
              FROM things""", name)
                return child.result()
        ''',
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LIFE", "C-LOCAL", "C-START"],
    ),
    fixes(
        "lines that the longer name makes too long",
        """
        import eventlet


        class Service:
            def run(self, names):
                pool = eventlet.GreenPool(20)
                children = []
                for name in names:
                    children.append(pool.spawn(self.run_and_wait, name, self.lists, self.all))
                children.append(
                    pool.spawn(self.run_and_wait, name, self.limit, self.others))
                return [child.wait() for child in children]
        """,
        """
        from concurrent import futures


        class Service:
            def run(self, names):
                with futures.ThreadPoolExecutor(max_workers=20) as pool:
                    children = []
                    for name in names:
                        children.append(
                            pool.submit(self.run_and_wait, name, self.lists, self.all)
                        )
                    children.append(
                        pool.submit(self.run_and_wait, name, self.limit, self.others))
                    return [child.result() for child in children]
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LIFE", "C-LOCAL", "C-START"],
    ),
    fixes(
        "results in order",
        """
        import eventlet


        def fetch_all(fetch, urls):
            pool = eventlet.GreenPool(20)
            threads = [pool.spawn(fetch, url) for url in urls]
            return [thread.wait() for thread in threads]
        """,
        """
        from concurrent import futures


        def fetch_all(fetch, urls):
            with futures.ThreadPoolExecutor(max_workers=20) as pool:
                threads = [pool.submit(fetch, url) for url in urls]
                return [thread.result() for thread in threads]
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LIFE", "C-LOCAL", "C-START"],
    ),
    fixes(
        "results under helpers",
        """
        import eventlet


        def fetch_all(fetch, urls):
            pool = eventlet.GreenPool(20)
            threads = [pool.spawn(fetch, url) for url in urls]
            return [thread.wait() for thread in threads]
        """,
        """
        from pkg import concurrency


        def fetch_all(fetch, urls):
            pool = concurrency.BlockingPool(20)
            threads = [pool.spawn(fetch, url) for url in urls]
            return [thread.result() for thread in threads]
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-START"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "results and waitall",
        """
        import eventlet


        def fetch_all(fetch, urls):
            pool = eventlet.GreenPool(20)
            threads = {}
            for url in urls:
                threads[url] = pool.spawn(fetch, url)
            pool.waitall()
            return {url: thread.wait() for url, thread in threads.items()}
        """,
        """
        from concurrent import futures


        def fetch_all(fetch, urls):
            with futures.ThreadPoolExecutor(max_workers=20) as pool:
                threads = {}
                for url in urls:
                    threads[url] = pool.submit(fetch, url)
            return {url: thread.result() for url, thread in threads.items()}
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "a callback",
        """
        import eventlet

        POOL = eventlet.GreenPool(20)


        class Job:
            def start(self, work, name):
                self._thread = POOL.spawn(work)
                self._thread.link(self._done, name)

            def _done(self, thread, name):
                print(name, thread.wait())
        """,
        """
        from concurrent import futures

        POOL = futures.ThreadPoolExecutor(max_workers=20)


        class Job:
            def start(self, work, name):
                self._thread = POOL.submit(work)
                self._thread.add_done_callback(
                    lambda future, name=name: self._done(future, name)
                )

            def _done(self, thread, name):
                print(name, thread.result())
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LIFE", "C-LOCAL", "C-NEST", "C-ORDER", "C-START"],
    ),
    fixes(
        "an annotation of the green thread",
        """
        import eventlet
        from eventlet.greenthread import GreenThread


        def start(work):
            pool = eventlet.GreenPool(20)
            thread: GreenThread = pool.spawn(work)
            return thread.wait()
        """,
        """
        from concurrent import futures


        def start(work):
            with futures.ThreadPoolExecutor(max_workers=20) as pool:
                thread: futures.Future = pool.submit(work)
                return thread.result()
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LIFE", "C-LOCAL", "C-START"],
    ),
    fixes(
        "imap",
        """
        import eventlet


        def fetch_all(fetch):
            pool = eventlet.GreenPool(20)
            for page in pool.imap(fetch, ["a", "b"]):
                print(page)
        """,
        """
        from concurrent import futures


        def fetch_all(fetch):
            with futures.ThreadPoolExecutor(max_workers=20) as pool:
                for page in pool.map(fetch, ["a", "b"]):
                    print(page)
        """,
        checks=["C-ATOM", "C-EXC", "C-LIFE", "C-LOCAL"],
    ),
    fixes(
        "imap of a parameter, as a list",
        """
        import eventlet


        def fetch_all(fetch, urls):
            pool = eventlet.GreenPool(20)
            return list(pool.imap(fetch, urls))
        """,
        """
        from concurrent import futures


        def fetch_all(fetch, urls):
            with futures.ThreadPoolExecutor(max_workers=20) as pool:
                return list(pool.map(fetch, urls))
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-LIFE", "C-LOCAL"],
    ),
    fixes(
        "imap of a list, in a chain",
        """
        import eventlet


        def fetch_all(fetch):
            return set(eventlet.GreenPool(20).imap(fetch, sorted("abc")))
        """,
        """
        from concurrent import futures


        def fetch_all(fetch):
            return set(futures.ThreadPoolExecutor(max_workers=20).map(
                fetch, sorted("abc")
            ))
        """,
        checks=["C-ATOM", "C-EXC", "C-LOCAL"],
    ),
    fixes(
        "imap under helpers",
        """
        import eventlet


        def fetch_all(fetch, urls):
            return eventlet.GreenPool(20).imap(fetch, urls)
        """,
        """
        from pkg import concurrency


        def fetch_all(fetch, urls):
            return concurrency.BlockingPool(20).imap(fetch, urls)
        """,
        checks=["C-ATOM", "C-EXC"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "imap of None",
        """
        import eventlet


        def pairs(pool, left, right):
            return list(pool.imap(None, left, right))


        def both(fetch):
            pool = eventlet.GreenPool(20)
            pool.spawn_n(fetch)
            return pairs(pool, [1], [2])
        """,
        """
        from pkg import concurrency


        def pairs(pool, left, right):
            return list(zip(left, right))


        def both(fetch):
            pool = concurrency.BlockingPool(20)
            pool.spawn_n(fetch)
            return pairs(pool, [1], [2])
        """,
        checks=["C-ATOM", "C-EXIT", "C-START"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "starmap",
        """
        import eventlet


        def fetch_all(fetch):
            pool = eventlet.GreenPool(20)
            return [page for page in pool.starmap(fetch, [("a", 1), ("b", 2)])]
        """,
        """
        from concurrent import futures


        def fetch_all(fetch):
            with futures.ThreadPoolExecutor(max_workers=20) as pool:
                return [page for page in pool.map(
                    lambda args: fetch(*args), [("a", 1), ("b", 2)]
                )]
        """,
        checks=["C-ATOM", "C-EXC", "C-LIFE", "C-LOCAL"],
    ),
    fixes(
        "a target by keyword",
        """
        import eventlet


        def start(work):
            pool = eventlet.GreenPool(20)
            pool.spawn_n(function=work, size=3)
            pool.waitall()
        """,
        """
        from concurrent import futures


        def start(work):
            with futures.ThreadPoolExecutor(max_workers=20) as pool:
                pool.submit(work, size=3)
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "a target by keyword under helpers",
        """
        import eventlet


        def start(work):
            pool = eventlet.GreenPool(20)
            pool.spawn_n(function=work, size=3)
            pool.waitall()
        """,
        """
        from pkg import concurrency


        def start(work):
            pool = concurrency.BlockingPool(20)
            pool.spawn_n(work, size=3)
            pool.waitall()
        """,
        checks=["C-ATOM", "C-EXIT", "C-START"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "stars",
        """
        import eventlet


        def start(work, *args, **kwargs):
            pool = eventlet.GreenPool(20)
            pool.spawn(work, *args, **kwargs)
            pool.waitall()
        """,
        """
        from concurrent import futures


        def start(work, *args, **kwargs):
            with futures.ThreadPoolExecutor(max_workers=20) as pool:
                pool.submit(work, *args, **kwargs)
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "arguments aligned with the bracket",
        """
        import eventlet


        def start(work):
            pool = eventlet.GreenPool(20)
            pool.spawn(work,
                       1,  # one
                       flag=True)
            pool.waitall()
        """,
        """
        from concurrent import futures


        def start(work):
            with futures.ThreadPoolExecutor(max_workers=20) as pool:
                pool.submit(
                    work,
                    1,  # one
                    flag=True,
                )
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "arguments below the bracket",
        """
        import eventlet


        def start(work):
            pool = eventlet.GreenPool(20)
            pool.spawn(
                work, 1,
                flag=True)
            pool.waitall()
        """,
        """
        from concurrent import futures


        def start(work):
            with futures.ThreadPoolExecutor(max_workers=20) as pool:
                pool.submit(
                    work, 1,
                    flag=True)
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "a pool of an object that is stopped",
        """
        import eventlet


        class Mailer:
            def __init__(self):
                self._pool = eventlet.GreenPool(20)

            def send(self, mail):
                self._pool.spawn_n(self._deliver, mail)

            def _deliver(self, mail):
                print(mail)

            def stop(self):
                self._pool.waitall()
        """,
        """
        from concurrent import futures


        class Mailer:
            def __init__(self):
                self._pool = futures.ThreadPoolExecutor(max_workers=20)

            def send(self, mail):
                self._pool.submit(self._deliver, mail)

            def _deliver(self, mail):
                print(mail)

            def stop(self):
                self._pool.shutdown()
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-LIFE", "C-LOCAL"],
    ),
    fixes(
        "a pool of an object that is never stopped",
        """
        import eventlet


        class Mailer:
            def __init__(self, size):
                self._pool = eventlet.GreenPool(size)

            def send(self, mail):
                self._pool.spawn_n(self._deliver, mail)

            def _deliver(self, mail):
                print(mail)
        """,
        """
        from concurrent import futures


        class Mailer:
            def __init__(self, size):
                self._pool = futures.ThreadPoolExecutor(max_workers=size)

            def send(self, mail):
                self._pool.submit(self._deliver, mail)

            def _deliver(self, mail):
                print(mail)
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-LIFE", "C-LOCAL", "C-TYPE"],
    ),
    fixes(
        "a pool of an object under helpers",
        """
        import eventlet


        class Mailer:
            def __init__(self, size):
                self._pool = eventlet.GreenPool(size)

            def send(self, mail):
                self._pool.spawn_n(self._deliver, mail)

            def _deliver(self, mail):
                print(mail)

            def busy(self):
                return self._pool.running() or self._pool.waiting()

            def flush(self):
                self._pool.waitall()
        """,
        """
        from pkg import concurrency


        class Mailer:
            def __init__(self, size):
                self._pool = concurrency.BlockingPool(size)

            def send(self, mail):
                self._pool.spawn_n(self._deliver, mail)

            def _deliver(self, mail):
                print(mail)

            def busy(self):
                return self._pool.running() or self._pool.waiting()

            def flush(self):
                self._pool.waitall()
        """,
        checks=["C-ATOM", "C-TYPE"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "spawn_n is handed on",
        """
        import eventlet
        from pkg import context


        class Syncer:
            def __init__(self):
                self._pool = eventlet.GreenPool(20)

            def sync(self, instance):
                context.pass_to(self._pool.spawn_n, self._sync, instance)

            def _sync(self, instance):
                print(instance)
        """,
        """
        from concurrent import futures

        from pkg import context


        class Syncer:
            def __init__(self):
                self._pool = futures.ThreadPoolExecutor(max_workers=20)

            def sync(self, instance):
                context.pass_to(self._pool.submit, self._sync, instance)

            def _sync(self, instance):
                print(instance)
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-FLOW", "C-LIFE", "C-LOCAL"],
    ),
    fixes(
        "spawn is handed on and its value dropped",
        """
        import eventlet
        from pkg import context


        class Syncer:
            def __init__(self):
                self._pool = eventlet.GreenPool(20)

            def sync(self, instance):
                context.pass_to(self._pool.spawn, self._sync, instance)

            def _sync(self, instance):
                print(instance)
        """,
        """
        from pkg import concurrency
        from pkg import context


        class Syncer:
            def __init__(self):
                self._pool = concurrency.BlockingPool(20)

            def sync(self, instance):
                context.pass_to(self._pool.spawn_n, self._sync, instance)

            def _sync(self, instance):
                print(instance)
        """,
        checks=["C-ATOM", "C-FLOW"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "an escape under helpers",
        """
        import eventlet
        from pkg import workers


        def start(work):
            pool = eventlet.GreenPool(20)
            pool.spawn_n(work)
            workers.watch(pool)
        """,
        """
        from pkg import concurrency
        from pkg import workers


        def start(work):
            pool = concurrency.BlockingPool(20)
            pool.spawn_n(work)
            workers.watch(pool)
        """,
        checks=["C-ATOM", "C-EXIT", "C-FLOW", "C-START"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "an alias",
        """
        from eventlet.greenpool import GreenPool as Pool


        def start(work):
            pool = Pool(20)
            pool.spawn_n(work)
            pool.waitall()
        """,
        """
        from concurrent import futures


        def start(work):
            with futures.ThreadPoolExecutor(max_workers=20) as pool:
                pool.submit(work)
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "a name that is taken",
        """
        import eventlet


        def start(work, futures):
            pool = eventlet.GreenPool(20)
            for future in futures:
                pool.spawn_n(work, future)
            pool.waitall()
        """,
        """
        from concurrent import futures as futures_lib


        def start(work, futures):
            with futures_lib.ThreadPoolExecutor(max_workers=20) as pool:
                for future in futures:
                    pool.submit(work, future)
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    manual(
        "a pool from another file",
        """
        import eventlet

        from pkg import jobs


        def main(work):
            pool = eventlet.GreenPool(20)
            jobs.feed(pool, work)
            jobs.end(pool)
        """,
        says="left: pkg/jobs.py uses it too, and was not asked for",
        path="pkg/main.py",
        files={
            "pkg/__init__.py": """
                """,
            "pkg/main.py": """
                """,
            "pkg/jobs.py": """
                def feed(pool, work):
                    for number in range(3):
                        pool.spawn_n(work, number)


                def end(pool):
                    pool.waitall()
                """,
        },
        helpers="pkg.concurrency",
    ),
    fixes(
        "a class that shares no more than a base with the one that keeps it",
        """
        import eventlet


        class Base:
            pass


        class Maker(Base):
            def __init__(self):
                self.pool = eventlet.GreenPool(20)

            def start(self, work):
                self.pool.spawn_n(work)


        class Other(Base):
            def start(self, work):
                self.pool.spawn_n(work)
        """,
        """
        from concurrent import futures


        class Base:
            pass


        class Maker(Base):
            def __init__(self):
                self.pool = futures.ThreadPoolExecutor(max_workers=20)

            def start(self, work):
                self.pool.submit(work)


        class Other(Base):
            def start(self, work):
                self.pool.submit(work)
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-FLOW", "C-LIFE", "C-LOCAL"],
    ),
    fixes(
        "a class beside the one that keeps it, and both are bases of a third",
        """
        import eventlet


        class Starts:
            def start(self, work):
                self.pool.spawn_n(work)


        class Maker:
            def __init__(self):
                self.pool = eventlet.GreenPool(20)


        class Service(Starts, Maker):
            pass
        """,
        """
        from concurrent import futures


        class Starts:
            def start(self, work):
                self.pool.submit(work)


        class Maker:
            def __init__(self):
                self.pool = futures.ThreadPoolExecutor(max_workers=20)


        class Service(Starts, Maker):
            pass
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LIFE", "C-LOCAL"],
    ),
    fixes(
        "isinstance with the class",
        """
        import eventlet


        def feed(pool, task):
            if isinstance(pool, eventlet.GreenPool):
                pool.spawn_n(task)


        def start(task):
            pool = eventlet.GreenPool(20)
            feed(pool, task)
        """,
        """
        from pkg import concurrency


        def feed(pool, task):
            if isinstance(pool, concurrency.BlockingPool):
                pool.spawn_n(task)


        def start(task):
            pool = concurrency.BlockingPool(20)
            feed(pool, task)
        """,
        checks=["C-ATOM", "C-EXIT"],
        helpers="pkg.concurrency",
    ),
    manual(
        "isinstance with another class",
        """
        import eventlet
        from pkg import Pool


        def feed(pool, task):
            if isinstance(pool, Pool):
                pool.spawn_n(task)


        def start(task):
            pool = eventlet.GreenPool(20)
            feed(pool, task)
        """,
        says="its class is compared with another on line 6",
        helpers="pkg.concurrency",
    ),
    fixes(
        "an annotated local",
        """
        import eventlet


        def start(task):
            pool: eventlet.GreenPool = eventlet.GreenPool(20)
            pool.spawn_n(task)
            pool.waitall()
        """,
        """
        from concurrent import futures


        def start(task):
            pool: futures.ThreadPoolExecutor = futures.ThreadPoolExecutor(max_workers=20)
            pool.submit(task)
            pool.shutdown()
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "cancel",
        """
        from eventlet import greenthread
        from eventlet.greenpool import GreenPool

        POOL = GreenPool(20)


        def start(task):
            child = POOL.spawn(task)
            greenthread.cancel(child)
        """,
        """
        from concurrent import futures

        POOL = futures.ThreadPoolExecutor(max_workers=20)


        def start(task):
            child = POOL.submit(task)
            child.cancel()
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-KILL", "C-LIFE", "C-LOCAL", "C-NEST", "C-START"],
    ),
    manual(
        "what a cancelled one raises is caught",
        """
        import eventlet
        import greenlet


        def work(task):
            pool = eventlet.GreenPool(3)
            child = pool.spawn(task)
            child.cancel()
            try:
                child.wait()
            except greenlet.GreenletExit:
                print("gone")
        """,
        says="cannot become a Future: GreenletExit is caught on line 10",
        helpers="pkg.concurrency",
    ),
    manual(
        "a task waits for others of its local pool",
        """
        import eventlet


        def run(first, second):
            pool = eventlet.GreenPool(1)
            children = []

            def collect():
                return [child.wait() for child in children]

            last = pool.spawn(collect)
            children.append(pool.spawn(first))
            children.append(pool.spawn(second))
            return last.wait()
        """,
        says="its tasks come to its wait(), and may wait for each other",
    ),
    fixes(
        "a local pool whose tasks make pools of their own",
        """
        import eventlet


        def walk(tree):
            pool = eventlet.GreenPool(5)
            children = [pool.spawn(walk, child) for child in tree]
            return [child.wait() for child in children]
        """,
        """
        from concurrent import futures


        def walk(tree):
            with futures.ThreadPoolExecutor(max_workers=5) as pool:
                children = [pool.submit(walk, child) for child in tree]
                return [child.result() for child in children]
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-LIFE", "C-LOCAL", "C-START"],
    ),
    fixes(
        "an error may leave the with statement",
        """
        import eventlet


        def fetch_all(fetch, urls, parse):
            pool = eventlet.GreenPool(4)
            for url in sorted(urls):
                pool.spawn_n(fetch, parse(url))
            pool.waitall()
        """,
        """
        from concurrent import futures


        def fetch_all(fetch, urls, parse):
            with futures.ThreadPoolExecutor(max_workers=4) as pool:
                for url in sorted(urls):
                    pool.submit(fetch, parse(url))
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LIFE", "C-LOCAL", "C-START"],
    ),
    fixes(
        "what is asked of its green thread is asked where that is made",
        """
        import eventlet


        class Service:
            def __init__(self):
                self.child = None
                self.pool = eventlet.GreenPool(4)

            def start(self, task):
                if self.child:
                    self.child.cancel()
                self.child = self.pool.spawn(task)
        """,
        """
        from pkg import concurrency


        class Service:
            def __init__(self):
                self.child = None
                self.pool = concurrency.BlockingPool(4)

            def start(self, task):
                if self.child:
                    self.child.cancel()
                self.child = self.pool.spawn(task)
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-KILL", "C-TRUTH", "C-START"],
        helpers="pkg.concurrency",
    ),
    manual(
        "a key that a loop takes out",
        """
        import eventlet


        class Service:
            def __init__(self):
                self.pools = {}

            def start(self, name, task):
                pool = eventlet.GreenPool(3)
                self.pools[pool] = name
                pool.spawn_n(task)

            def wait(self):
                for pool in self.pools:
                    pool.waitall()
        """,
        says="`pools` keeps it as a key, and line 14 may take the keys out",
    ),
    manual(
        "what is paired with the results may end before them",
        """
        import eventlet


        def fetch_some(fetch, urls, numbers):
            pool = eventlet.GreenPool(3)
            for number, page in zip(numbers, pool.imap(fetch, urls)):
                print(number, page)
        """,
        says="not all that imap() gives is taken at once on line 6",
    ),
    fixes(
        "results that are paired with what they are for",
        """
        import eventlet


        def fetch_all(fetch, urls):
            pool = eventlet.GreenPool(3)
            return dict(zip(urls, pool.imap(fetch, urls)))
        """,
        """
        from concurrent import futures


        def fetch_all(fetch, urls):
            with futures.ThreadPoolExecutor(max_workers=3) as pool:
                return dict(zip(urls, pool.map(fetch, urls)))
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-LIFE", "C-LOCAL"],
    ),
    manual(
        "a Timeout ends it",
        """
        import eventlet


        def work(task):
            pool = eventlet.GreenPool(3)
            pool.spawn_n(task)
            with eventlet.Timeout(3):
                pool.waitall()
        """,
        says="left: the one on line 7 stays, where `pool.waitall()` (line 8) waits",
    ),
    manual(
        "a Timeout ends what waits for a green thread of it",
        """
        import eventlet


        def work(task):
            pool = eventlet.GreenPool(3)
            child = pool.spawn(task)
            with eventlet.Timeout(3):
                return child.wait()
        """,
        says="a Timeout ends what waits on line 8, and nothing native would",
        helpers="pkg.concurrency",
    ),
    manual(
        "a file feeds it",
        """
        import eventlet


        def work(task, path):
            pool = eventlet.GreenPool(3)
            with open(path) as lines:
                for line in lines:
                    pool.spawn_n(task, line)
            pool.waitall()
        """,
        says="`lines` feeds it as it is read, and only a full pool holds that up, on line 8",
    ),
    fixes(
        "all on one line",
        """
        import eventlet


        def work(task):
            pool = eventlet.GreenPool(3); pool.spawn_n(task); pool.waitall()
        """,
        """
        from concurrent import futures


        def work(task):
            pool = futures.ThreadPoolExecutor(
                max_workers=3
            ); pool.submit(task); pool.shutdown()
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "indented by tabs",
        """
        import eventlet


        def work(task):
        \tpool = eventlet.GreenPool(3)
        \tpool.spawn_n(task)
        \tpool.waitall()
        """,
        """
        from concurrent import futures


        def work(task):
        \tpool = futures.ThreadPoolExecutor(max_workers=3)
        \tpool.submit(task)
        \tpool.shutdown()
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "errors of results are caught",
        """
        import eventlet


        def work(task, items):
            pool = eventlet.GreenPool(3)
            threads = [pool.spawn(task, item) for item in items]
            found = []
            for thread in threads:
                try:
                    found.append(thread.wait())
                except ValueError:
                    continue
            return found
        """,
        """
        from concurrent import futures


        def work(task, items):
            with futures.ThreadPoolExecutor(max_workers=3) as pool:
                threads = [pool.submit(task, item) for item in items]
                found = []
                for thread in threads:
                    try:
                        found.append(thread.result())
                    except ValueError:
                        continue
            return found
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LIFE", "C-LOCAL", "C-START"],
    ),
    fixes(
        "one branch has a pool",
        """
        import eventlet


        def work(task, items):
            if items:
                pool = eventlet.GreenPool(3)
                for item in items:
                    pool.spawn_n(task, item)
                pool.waitall()
            else:
                task(None)
        """,
        """
        from concurrent import futures


        def work(task, items):
            if items:
                with futures.ThreadPoolExecutor(max_workers=3) as pool:
                    for item in items:
                        pool.submit(task, item)
            else:
                task(None)
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LOCAL", "C-START"],
    ),
    fixes(
        "what waitall() gives is handed on",
        """
        import eventlet

        pool = eventlet.GreenPool(4)


        def wait():
            return pool.waitall()
        """,
        """
        from pkg import concurrency

        pool = concurrency.BlockingPool(4)


        def wait():
            return pool.waitall()
        """,
        helpers="pkg.concurrency",
        checks=["C-TYPE"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_green_pool(case: Case) -> None:
    check(case, "green-pool")
