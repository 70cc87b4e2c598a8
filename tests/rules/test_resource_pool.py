from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    noop(
        "a pool of processes",
        """
        import multiprocessing

        import eventlet.wsgi

        pool = multiprocessing.Pool(3)
        """,
    ),
    noop(
        "a class of the project",
        """
        from pkg import pools


        class Clients(pools.Pool):
            def create(self):
                return 1
        """,
    ),
    manual(
        "without helpers",
        """
        from eventlet import pools

        clients = pools.Pool(create=dict)


        def use():
            with clients.item() as client:
                client.clear()
        """,
        says="this Pool stays: nothing in the standard library lends out objects",
    ),
    manual(
        "a subclass without helpers",
        """
        from eventlet import pools


        class Clients(pools.Pool):
            def create(self):
                return dict()
        """,
        says="nothing in the standard library lends out objects",
    ),
    manual(
        "its channel is used",
        """
        from eventlet import pools

        clients = pools.Pool(create=dict)


        def waiting():
            return clients.channel.getting()
        """,
        says="this Pool stays: .channel on line 7 has no native twin",
        helpers="pkg.concurrency",
    ),
    manual(
        "a subclass whose put takes an object back by itself",
        """
        from eventlet import pools


        class Clients(pools.Pool):
            def create(self):
                return dict()

            def put(self, item):
                item.clear()
                self.free_items.append(item)
        """,
        says="this subclass of Pool stays: its put does not call that of the pool (line 8)",
        helpers="pkg.concurrency",
    ),
    manual(
        "a subclass whose get does something to what the channel gives",
        """
        from eventlet import pools


        class Clients(pools.Pool):
            def create(self):
                return dict()

            def get(self):
                item = self.channel.get()
                return item
        """,
        says="this subclass of Pool stays: it uses the channel of the pool (line 9)",
        helpers="pkg.concurrency",
    ),
    manual(
        "a subclass that waits in a function of its get",
        """
        from eventlet import pools


        class Clients(pools.Pool):
            def create(self):
                return dict()

            def get(self):
                def wait():
                    return self.channel.get()
                return wait()
        """,
        says="this subclass of Pool stays: it uses the channel of the pool (line 10)",
        helpers="pkg.concurrency",
    ),
    manual(
        "a subclass that waits elsewhere",
        """
        from eventlet import pools


        class Clients(pools.Pool):
            def create(self):
                return self.channel.get()
        """,
        says="this subclass of Pool stays: it uses the channel of the pool (line 6)",
        helpers="pkg.concurrency",
    ),
    manual(
        "a subclass uses the channel",
        """
        from eventlet import pools


        class Clients(pools.Pool):
            def create(self):
                return self.channel
        """,
        says="this subclass of Pool stays: it uses the channel of the pool (line 6)",
        helpers="pkg.concurrency",
    ),
    manual(
        "a subclass with another base",
        """
        from eventlet import pools
        from pkg import Base


        class Clients(Base, pools.Pool):
            def create(self):
                return dict()
        """,
        says="this subclass of Pool stays: it has other bases as well",
        helpers="pkg.concurrency",
    ),
    manual(
        "a subclass that does not begin its base",
        """
        from eventlet import pools


        class Clients(pools.Pool):
            def __init__(self):
                self.free_items = []

            def create(self):
                return dict()
        """,
        says="its __init__ does not call that of the pool (line 5)",
        helpers="pkg.concurrency",
    ),
    manual(
        "an optional import",
        """
        try:
            from eventlet import pools
        except ImportError:
            pools = None


        class Clients(pools.Pool):
            def create(self):
                return dict()
        """,
        says="on ImportError the name is bound to something else",
        helpers="pkg.concurrency",
    ),
    manual(
        "tokens that are taken and given back, without helpers",
        """
        from eventlet import pools


        def run(task):
            slots = pools.TokenPool(max_size=3)
            token = slots.get()
            task()
            slots.put(token)
        """,
        says="this TokenPool stays: nothing in the standard library lends out objects",
    ),
    manual(
        "a subclass whose put calls itself",
        """
        from eventlet import pools


        class Clients(pools.Pool):
            def put(self, item, again=True):
                if again:
                    self.put(item, False)
        """,
        says="its put does not call that of the pool (line 5)",
        helpers="pkg.concurrency",
    ),
    fixes(
        "a subclass that throws away what comes back too late",
        """
        from eventlet import pools


        class Clients(pools.Pool):
            def __init__(self, limit):
                self.made = 0
                super().__init__(max_size=limit)
                self.current_size = 0

            def create(self):
                return dict()

            def put(self, item):
                if self.current_size > self.max_size:
                    item.clear()
                    self.current_size -= 1
                    return
                super(Clients, self).put(item)
        """,
        """
        from pkg import concurrency


        class Clients(concurrency.ResourcePool):
            def __init__(self, limit):
                self.made = 0
                super().__init__(max_size=limit)
                self.current_size = 0

            def create(self):
                return dict()

            def put(self, item):
                if self.current_size > self.max_size:
                    item.clear()
                    self.current_size -= 1
                    return
                super(Clients, self).put(item)
        """,
        checks=["C-FLOW", "C-AFF", "C-ATOM"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "a subclass that looks at what it lends",
        """
        from eventlet import pools


        class Clients(pools.Pool):
            def create(self):
                return dict()

            def get(self):
                if self.free_items:
                    return self.free_items.popleft()
                if self.current_size < self.max_size:
                    self.current_size += 1
                    return self.create()
                return self.channel.get()

            def drop(self, item):
                self.free_items.remove(item)
        """,
        """
        from pkg import concurrency


        class Clients(concurrency.ResourcePool):
            def create(self):
                return dict()

            def get(self):
                if self.free_items:
                    return self.free_items.popleft()
                if self.current_size < self.max_size:
                    self.current_size += 1
                    return self.create()
                return super().get()

            def drop(self, item):
                self.free_items.remove(item)
        """,
        checks=["C-AFF", "C-ATOM", "C-FLOW"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "a pool of clients",
        """
        from eventlet import pools

        clients = pools.Pool(create=dict, max_size=8)


        def use():
            with clients.item() as client:
                client.clear()
            other = clients.get()
            clients.put(other)
            return clients.free() or clients.waiting()
        """,
        """
        from pkg import concurrency

        clients = concurrency.ResourcePool(create=dict, max_size=8)


        def use():
            with clients.item() as client:
                client.clear()
            other = clients.get()
            clients.put(other)
            return clients.free() or clients.waiting()
        """,
        checks=["C-AFF", "C-ATOM"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "an alias",
        """
        from eventlet.pools import Pool as P


        class Service:
            def __init__(self, make):
                self._clients = P(2, 10, True, make)

            def shrink(self):
                self._clients.resize(3)
        """,
        """
        from pkg import concurrency


        class Service:
            def __init__(self, make):
                self._clients = concurrency.ResourcePool(2, 10, True, make)

            def shrink(self):
                self._clients.resize(3)
        """,
        checks=["C-AFF"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "a pool that escapes",
        """
        from eventlet import pools
        from pkg import watch

        clients = pools.Pool(create=dict)
        watch(clients)
        """,
        """
        from pkg import concurrency
        from pkg import watch

        clients = concurrency.ResourcePool(create=dict)
        watch(clients)
        """,
        checks=["C-AFF", "C-FLOW"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "a subclass",
        """
        from eventlet import pools


        class Clients(pools.Pool):
            def __init__(self, address, **kwargs):
                self.address = address
                super().__init__(**kwargs)

            def create(self):
                return self.address


        clients = Clients("here", max_size=3)
        """,
        """
        from pkg import concurrency


        class Clients(concurrency.ResourcePool):
            def __init__(self, address, **kwargs):
                self.address = address
                super().__init__(**kwargs)

            def create(self):
                return self.address


        clients = Clients("here", max_size=3)
        """,
        checks=["C-AFF", "C-FLOW"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "a subclass that names its base",
        """
        from eventlet import pools


        class Clients(pools.Pool):
            def __init__(self, address):
                self.address = address
                pools.Pool.__init__(self, max_size=3)

            def create(self):
                return self.address
        """,
        """
        from pkg import concurrency


        class Clients(concurrency.ResourcePool):
            def __init__(self, address):
                self.address = address
                concurrency.ResourcePool.__init__(self, max_size=3)

            def create(self):
                return self.address
        """,
        checks=["C-AFF", "C-FLOW"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "a subclass of TokenPool",
        """
        from eventlet.pools import TokenPool


        class Slots(TokenPool):
            pass
        """,
        """
        from pkg import concurrency


        class Slots(concurrency.TokenPool):
            pass
        """,
        checks=["C-FLOW"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "tokens that are held",
        """
        from eventlet import pools

        SLOTS = pools.TokenPool(max_size=8)


        def run(task):
            with SLOTS.item():
                task()
        """,
        """
        import threading

        SLOTS = threading.BoundedSemaphore(8)


        def run(task):
            with SLOTS:
                task()
        """,
    ),
    fixes(
        "tokens of the default size",
        """
        import eventlet.pools


        class Runner:
            def __init__(self):
                self._slots = eventlet.pools.TokenPool()

            def run(self, task, lock):
                with lock, self._slots.item():
                    task()
        """,
        """
        import threading


        class Runner:
            def __init__(self):
                self._slots = threading.BoundedSemaphore(4)

            def run(self, task, lock):
                with lock, self._slots:
                    task()
        """,
    ),
    fixes(
        "tokens of the settings",
        """
        from eventlet import pools


        def run(task, size):
            slots = pools.TokenPool(max_size=size)
            with slots.item():  # one of them
                task()
        """,
        """
        import threading


        def run(task, size):
            slots = threading.BoundedSemaphore(size)
            with slots:  # one of them
                task()
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "tokens that are looked at",
        """
        from eventlet import pools


        def run(task, size):
            slots = pools.TokenPool(max_size=size)
            with slots.item() as token:
                task(token)
        """,
        """
        from pkg import concurrency


        def run(task, size):
            slots = concurrency.TokenPool(max_size=size)
            with slots.item() as token:
                task(token)
        """,
        helpers="pkg.concurrency",
    ),
    fixes(
        "a Timeout ends the wait for a token",
        """
        import eventlet
        from eventlet import pools

        SLOTS = pools.TokenPool(max_size=2)


        def convert(page):
            with eventlet.Timeout(3):
                with SLOTS.item():
                    page.convert()
        """,
        """
        import threading

        import eventlet

        SLOTS = threading.BoundedSemaphore(2)


        def convert(page):
            with eventlet.Timeout(3):
                with SLOTS:
                    page.convert()
        """,
        checks=["C-KILL"],
        left=1,
    ),
    fixes(
        "a Timeout ends the wait for an object",
        """
        import eventlet
        from eventlet import pools

        POOL = pools.Pool(create=dict)


        def fetch():
            with eventlet.Timeout(3):
                return POOL.get()
        """,
        """
        import eventlet
        from pkg import concurrency

        POOL = concurrency.ResourcePool(create=dict)


        def fetch():
            with eventlet.Timeout(3):
                return POOL.get()
        """,
        checks=["C-AFF", "C-KILL"],
        left=1,
        helpers="pkg.concurrency",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_resource_pool(case: Case) -> None:
    check(case, "resource-pool")
