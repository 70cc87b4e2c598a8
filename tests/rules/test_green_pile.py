from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    noop(
        "a class of the project",
        """
        from pkg import GreenPile

        pile = GreenPile(3)
        pile.spawn(print)
        """,
    ),
    manual(
        "next",
        """
        import eventlet


        def first(work):
            pile = eventlet.GreenPile(3)
            pile.spawn(work)
            return next(pile)
        """,
        says="next() takes one result of it on line 7",
    ),
    manual(
        "its own next",
        """
        import eventlet


        def first(work):
            pile = eventlet.GreenPile(3)
            pile.spawn(work)
            return pile.next()
        """,
        says=".next has no native twin, used on line 7",
        helpers="pkg.concurrency",
    ),
    manual(
        "it is kept by an object",
        """
        import eventlet


        class Cluster:
            def __init__(self):
                self._pile = eventlet.GreenPile(3)

            def ask(self, nodes):
                for node in nodes:
                    self._pile.spawn(node.ask)
                return list(self._pile)
        """,
        says="it is not made, fed and read by one function",
        helpers="pkg.concurrency",
    ),
    manual(
        "it is read twice",
        """
        import eventlet


        def work(task):
            pile = eventlet.GreenPile(3)
            pile.spawn(task)
            for result in pile:
                print(result)
            return list(pile)
        """,
        says="it is read more than once, and gives each result only once",
    ),
    manual(
        "it is fed after it was read",
        """
        import eventlet


        def work(task):
            pile = eventlet.GreenPile(3)
            pile.spawn(task)
            for result in pile:
                pile.spawn(task, result)
        """,
        says="it is fed after it was read",
    ),
    manual(
        "a loop reads it again and again",
        """
        import eventlet


        def work(task, rounds):
            pile = eventlet.GreenPile(3)
            pile.spawn(task)
            for number in rounds:
                print(list(pile))
        """,
        says="a loop reads it again and again",
    ),
    manual(
        "a loop feeds and reads it",
        """
        import eventlet


        def work(task, rounds):
            pile = eventlet.GreenPile(3)
            for number in rounds:
                pile.spawn(task)
                print(list(pile))
        """,
        says="a loop reads it again and again",
    ),
    manual(
        "a while loop feeds it",
        """
        import eventlet


        def work(task, jobs):
            pile = eventlet.GreenPile(3)
            while jobs:
                pile.spawn(task, jobs.pop())
            return list(pile)
        """,
        says="a while loop feeds it, and only a full pool holds that up, on line 7",
    ),
    manual(
        "a generator feeds it",
        """
        import eventlet


        def rows():
            yield 1


        def work(task):
            pile = eventlet.GreenPile(3)
            for row in rows():
                pile.spawn(task, row)
            return list(pile)
        """,
        says="`rows()` feeds it as it is read, and only a full pool holds that up, on line 11",
    ),
    manual(
        "another function feeds it",
        """
        import eventlet


        def feed(pile, task):
            pile.spawn(task)


        def work(task):
            pile = eventlet.GreenPile(3)
            feed(pile, task)
            return list(pile)
        """,
        says="it is not made, fed and read by one function",
    ),
    manual(
        "it is passed on",
        """
        import eventlet
        from pkg import read


        def work(task):
            pile = eventlet.GreenPile(3)
            pile.spawn(task)
            return read(pile)
        """,
        says="it is passed on (line 8)",
    ),
    manual(
        "its pool is asked for",
        """
        import eventlet


        def work(task):
            pile = eventlet.GreenPile(3)
            pile.spawn(task)
            pile.pool.waitall()
            return list(pile)
        """,
        says=".pool has no native twin, used on line 7",
    ),
    manual(
        "its truth is tested",
        """
        import eventlet


        def work(task):
            pile = eventlet.GreenPile(3)
            pile.spawn(task)
            if pile:
                return list(pile)
        """,
        says="a use of kind test has no native twin, on line 7",
    ),
    manual(
        "it shares a pool without helpers",
        """
        import eventlet


        def work(task):
            pool = eventlet.GreenPool(3)
            pile = eventlet.GreenPile(pool)
            pile.spawn(task)
            return list(pile)
        """,
        says="it shares a pool, and only a full one holds up its spawn()",
    ),
    manual(
        "it gets a pool that stays",
        """
        import eventlet


        def work(task):
            pool = eventlet.GreenPool(3)
            pool.sem.acquire()
            pile = eventlet.GreenPile(pool)
            pile.spawn(task)
            return list(pile)
        """,
        says=".sem has no native twin, used on line 6",
        helpers="pkg.concurrency",
    ),
    manual(
        "it gets a pool that cannot be seen",
        """
        import eventlet


        def work(task, pool):
            pile = eventlet.GreenPile("4")
            pile.spawn(task)
            return list(pile)
        """,
        says="its size is no whole number",
        helpers="pkg.concurrency",
    ),
    manual(
        "its size is 0",
        """
        import eventlet


        def work(task):
            pile = eventlet.GreenPile(0)
            pile.spawn(task)
            return list(pile)
        """,
        says="of size 0 it never runs anything",
    ),
    fixes(
        "never read",
        """
        import eventlet


        def work(task):
            pile = eventlet.GreenPile(3)
            pile.spawn(task)
        """,
        """
        from concurrent import futures


        def work(task):
            executor = futures.ThreadPoolExecutor(max_workers=3)
            pile = []
            pile.append(executor.submit(task))
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LIFE", "C-LOCAL"],
    ),
    manual(
        "a subclass",
        """
        import eventlet


        class Pile(eventlet.GreenPile):
            pass
        """,
        says="`eventlet.GreenPile` is left",
    ),
    fixes(
        "a list",
        """
        import eventlet


        def fetch_all(fetch, urls):
            pile = eventlet.GreenPile(20)
            for url in urls:
                pile.spawn(fetch, url)
            return list(pile)
        """,
        """
        from concurrent import futures


        def fetch_all(fetch, urls):
            executor = futures.ThreadPoolExecutor(max_workers=20)
            pile = []
            for url in urls:
                pile.append(executor.submit(fetch, url))
            return [future.result() for future in pile]
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LOCAL", "C-START", "C-LIFE"],
    ),
    fixes(
        "a list under helpers",
        """
        import eventlet


        def fetch_all(fetch, urls):
            pile = eventlet.GreenPile(20)
            for url in urls:
                pile.spawn(fetch, url)
            return list(pile)
        """,
        """
        from pkg import concurrency


        def fetch_all(fetch, urls):
            pool = concurrency.BlockingPool(20)
            pile = []
            for url in urls:
                pile.append(pool.spawn(fetch, url))
            return [future.result() for future in pile]
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-START"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "a loop, with comments",
        """
        import eventlet


        def fetch_all(fetch):
            # all at once
            pile = eventlet.GreenPile(20)  # twenty
            for url in ("a", "b"):
                pile.spawn(fetch, url)  # each
            for page in pile:  # in order
                print(page)
        """,
        """
        from concurrent import futures


        def fetch_all(fetch):
            # all at once
            executor = futures.ThreadPoolExecutor(max_workers=20)
            pile = []  # twenty
            for url in ("a", "b"):
                pile.append(executor.submit(fetch, url))  # each
            for page in (future.result() for future in pile):  # in order
                print(page)
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START", "C-LIFE"],
    ),
    fixes(
        "a comprehension",
        """
        import eventlet


        def fetch_all(fetch):
            pile = eventlet.GreenPile(20)
            for url in ("a", "b"):
                pile.spawn(fetch, url)
            return [page for page in pile if page]
        """,
        """
        from concurrent import futures


        def fetch_all(fetch):
            executor = futures.ThreadPoolExecutor(max_workers=20)
            pile = []
            for url in ("a", "b"):
                pile.append(executor.submit(fetch, url))
            return [page for page in (future.result() for future in pile) if page]
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START", "C-LIFE"],
    ),
    fixes(
        "a set, sorted and summed",
        """
        import eventlet


        def sizes(fetch):
            pile = eventlet.GreenPile()
            pile.spawn(fetch, 1, full=True)
            return sorted(pile, reverse=True)


        def total(fetch):
            pile = eventlet.GreenPile(size_or_pool=3)
            pile.spawn(func=fetch)
            return sum(pile)
        """,
        """
        from concurrent import futures


        def sizes(fetch):
            executor = futures.ThreadPoolExecutor(max_workers=1000)
            pile = []
            pile.append(executor.submit(fetch, 1, full=True))
            return sorted((future.result() for future in pile), reverse=True)


        def total(fetch):
            executor = futures.ThreadPoolExecutor(max_workers=3)
            pile = []
            pile.append(executor.submit(fetch))
            return sum(future.result() for future in pile)
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LOCAL", "C-START", "C-LIFE"],
    ),
    fixes(
        "unpacked",
        """
        import eventlet


        def both(left, right):
            pile = eventlet.GreenPile(2)
            pile.spawn(left)
            pile.spawn(right)
            one, other = pile
            return one + other
        """,
        """
        from concurrent import futures


        def both(left, right):
            executor = futures.ThreadPoolExecutor(max_workers=2)
            pile = []
            pile.append(executor.submit(left))
            pile.append(executor.submit(right))
            one, other = [future.result() for future in pile]
            return one + other
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START", "C-LIFE"],
    ),
    fixes(
        "paired",
        """
        import eventlet


        def by_name(ask, names):
            pile = eventlet.GreenPile(2)
            for name in names:
                pile.spawn(ask, name)
            return dict(zip(names, pile))
        """,
        """
        from concurrent import futures


        def by_name(ask, names):
            executor = futures.ThreadPoolExecutor(max_workers=2)
            pile = []
            for name in names:
                pile.append(executor.submit(ask, name))
            return dict(zip(names, (future.result() for future in pile)))
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LOCAL", "C-START", "C-LIFE"],
    ),
    fixes(
        "given by a function",
        """
        import eventlet


        def start(ask, names):
            pile = eventlet.GreenPile(2)
            for name in names:
                pile.spawn(ask, name)
            return pile


        def all_of(ask):
            for answer in start(ask, ["a"]):
                print(answer)
            return list(start(ask, ["b", "c"]))
        """,
        """
        from concurrent import futures


        def start(ask, names):
            executor = futures.ThreadPoolExecutor(max_workers=2)
            pile = []
            for name in names:
                pile.append(executor.submit(ask, name))
            return pile


        def all_of(ask):
            for answer in (future.result() for future in start(ask, ["a"])):
                print(answer)
            return [future.result() for future in start(ask, ["b", "c"])]
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LOCAL", "C-START", "C-LIFE"],
    ),
    fixes(
        "in a loop",
        """
        import eventlet


        def rounds(ask, groups):
            for group in groups:
                pile = eventlet.GreenPile(2)
                for name in group:
                    pile.spawn(ask, name)
                print(list(pile))
        """,
        """
        from concurrent import futures


        def rounds(ask, groups):
            for group in groups:
                executor = futures.ThreadPoolExecutor(max_workers=2)
                pile = []
                for name in group:
                    pile.append(executor.submit(ask, name))
                print([future.result() for future in pile])
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LOCAL", "C-START", "C-LIFE"],
    ),
    fixes(
        "on a pool",
        """
        import eventlet


        def work(task, other):
            pool = eventlet.GreenPool(3)
            pile = eventlet.GreenPile(pool)
            for number in range(3):
                pile.spawn(task, number)
                pool.spawn_n(other, number)
            print(list(pile))
            pool.waitall()
        """,
        """
        from pkg import concurrency


        def work(task, other):
            pool = concurrency.BlockingPool(3)
            pile = []
            for number in range(3):
                pile.append(pool.spawn(task, number))
                pool.spawn_n(other, number)
            print([future.result() for future in pile])
            pool.waitall()
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-START"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "on a pool that is a parameter",
        """
        import eventlet


        def ask(pool, task):
            pile = eventlet.GreenPile(pool)
            pile.spawn(task)
            return list(pile)


        def work(task):
            pool = eventlet.GreenPool(3)
            print(ask(pool, task))
        """,
        """
        from pkg import concurrency


        def ask(pool, task):
            pile = []
            pile.append(pool.spawn(task))
            return [future.result() for future in pile]


        def work(task):
            pool = concurrency.BlockingPool(3)
            print(ask(pool, task))
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-START"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "names that are taken",
        """
        import eventlet


        def fetch_all(executor, future):
            pile = eventlet.GreenPile(20)
            pile.spawn(executor, future)
            return tuple(pile)
        """,
        """
        from concurrent import futures


        def fetch_all(executor, future):
            executor2 = futures.ThreadPoolExecutor(max_workers=20)
            pile = []
            pile.append(executor2.submit(executor, future))
            return tuple(future2.result() for future2 in pile)
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START", "C-LIFE"],
    ),
    fixes(
        "arguments that do not fit",
        """
        import eventlet


        def fetch_all(fetch):
            pile = eventlet.GreenPile(20)
            pile.spawn(fetch, "a text that is rather long", "and another", flag=True)
            return tuple(pile)
        """,
        """
        from concurrent import futures


        def fetch_all(fetch):
            executor = futures.ThreadPoolExecutor(max_workers=20)
            pile = []
            pile.append(executor.submit(
                fetch, "a text that is rather long", "and another", flag=True
            ))
            return tuple(future.result() for future in pile)
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START", "C-LIFE"],
    ),
    fixes(
        "with futurist",
        """
        import eventlet


        def fetch_all(fetch):
            pile = eventlet.GreenPile(20)
            pile.spawn(fetch)
            return tuple(pile)
        """,
        """
        import futurist


        def fetch_all(fetch):
            executor = futurist.ThreadPoolExecutor(max_workers=20)
            pile = []
            pile.append(executor.submit(fetch))
            return tuple(future.result() for future in pile)
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START", "C-LIFE"],
        executor="futurist",
    ),
    fixes(
        "a size of the settings",
        """
        import eventlet
        from pkg import CONF


        def fetch_all(fetch):
            pile = eventlet.GreenPile(CONF.threads)
            pile.spawn(fetch)
            return tuple(pile)
        """,
        """
        from concurrent import futures

        from pkg import CONF


        def fetch_all(fetch):
            executor = futures.ThreadPoolExecutor(max_workers=CONF.threads)
            pile = []
            pile.append(executor.submit(fetch))
            return tuple(future.result() for future in pile)
        """,
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LOCAL", "C-START", "C-TYPE", "C-LIFE"],
    ),
    fixes(
        "a text of several lines, and a long line",
        '''
        import eventlet


        def run(execute, name):
            pile = eventlet.GreenPile(3)
            pile.spawn(execute, """
                SELECT *
              FROM things""", name)
            pile.spawn(execute, "SELECT FROM things", name, wait=True, quiet=name)
            return list(pile)
        ''',
        '''
        from concurrent import futures


        def run(execute, name):
            executor = futures.ThreadPoolExecutor(max_workers=3)
            pile = []
            pile.append(executor.submit(execute, """
                SELECT *
              FROM things""", name))
            pile.append(
                executor.submit(execute, "SELECT FROM things", name, wait=True, quiet=name)
            )
            return [future.result() for future in pile]
        ''',
        checks=["C-ATOM", "C-EXC", "C-EXIT", "C-LIFE", "C-LOCAL", "C-START"],
        line_length=88,
    ),
    manual(
        "a parameter that may be a pool",
        """
        import eventlet


        def fetch_all(fetch, urls, pool):
            pile = eventlet.GreenPile(pool)
            for url in urls:
                pile.spawn(fetch, url)
            return list(pile)
        """,
        says="`pool` may be a GreenPool, which is not followed to here",
    ),
    fixes(
        "a while loop makes it anew",
        """
        import eventlet


        def serve(fetch, batches):
            while True:
                pile = eventlet.GreenPile(4)
                for url in batches.get():
                    pile.spawn(fetch, url)
                for page in pile:
                    print(page)
        """,
        """
        from concurrent import futures


        def serve(fetch, batches):
            while True:
                executor = futures.ThreadPoolExecutor(max_workers=4)
                pile = []
                for url in batches.get():
                    pile.append(executor.submit(fetch, url))
                for page in (future.result() for future in pile):
                    print(page)
        """,
        checks=["C-ATOM", "C-BOUND", "C-EXC", "C-EXIT", "C-LIFE", "C-LOCAL", "C-START"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_green_pile(case: Case) -> None:
    check(case, "green-pile")
