from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    noop(
        "somebody else's getcurrent",
        """
        from pkg import getcurrent

        print(getcurrent())
        """,
    ),
    noop(
        "a parameter hides the package",
        """
        import greenlet


        def tell(greenlet):
            print(greenlet.getcurrent())
        """,
    ),
    fixes(
        "its parent says whether this is a green thread",
        """
        import eventlet
        from eventlet import tpool


        def call(f):
            if eventlet.getcurrent().parent:
                return tpool.execute(f)
            else:
                return f()


        def name():
            return "native" if not eventlet.getcurrent().parent else "green"
        """,
        """
        def call(f):
            return f()


        def name():
            return "native"
        """,
        checks=["C-BRANCH"],
        force=True,
    ),
    manual(
        "its parent is compared",
        """
        import eventlet


        def call(f, hub):
            if eventlet.getcurrent().parent is hub:
                return f()
        """,
        says="used as a green thread",
        force=True,
    ),
    manual(
        "eventlet's profile, which stays, compares it with greenlets",
        """
        import eventlet
        from eventlet.green import profile


        def setup(self):
            self.current_tasklet = eventlet.getcurrent()


        profile.Profile._setup = setup
        """,
        says="used as a green thread",
    ),
    manual(
        "the function as a value",
        """
        import eventlet

        ident = eventlet.getcurrent
        """,
    ),
    manual(
        "an argument, a TypeError today",
        """
        import eventlet

        eventlet.getcurrent(1)
        """,
    ),
    manual(
        "it is killed",
        """
        import eventlet

        eventlet.getcurrent().kill()
        """,
        says="used as a green thread",
    ),
    manual(
        "its parent is asked for",
        """
        import greenlet

        main = greenlet.getcurrent().parent
        """,
        says="used as a green thread",
    ),
    manual(
        "it is kept and switched to",
        """
        from eventlet import greenthread


        def park():
            current = greenthread.getcurrent()
            current.switch()
        """,
        says="used as a green thread",
    ),
    manual(
        "it is killed by eventlet's function",
        """
        import eventlet

        eventlet.kill(eventlet.getcurrent())
        """,
        says="used as a green thread",
    ),
    manual(
        "green threads of a pool are kept beside it",
        """
        import eventlet

        POOL = eventlet.GreenPool(3)
        RUNNING = {}


        def start(run):
            RUNNING[POOL.spawn(run)] = run


        def finish():
            del RUNNING[eventlet.getcurrent()]
        """,
        says="used as a green thread",
    ),
    manual(
        "the ids of green threads are kept beside it",
        """
        import eventlet


        class Service:
            def start(self, run):
                self.runner = eventlet.spawn(run)

            def inside(self):
                return id(eventlet.getcurrent()) == id(self.runner)
        """,
        says="used as a green thread",
    ),
    fixes(
        "green threads are kept beside it, and become threads",
        """
        import eventlet

        RUNNING = {}


        def start(run):
            thread = eventlet.spawn_n(run)
            RUNNING[thread] = run


        def mine():
            return RUNNING.get(eventlet.getcurrent())
        """,
        """
        import threading

        RUNNING = {}


        def start(run):
            thread = threading.Thread(target=run, daemon=True)
            thread.start()
            RUNNING[thread] = run


        def mine():
            return RUNNING.get(threading.current_thread())
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "in a log line",
        """
        import eventlet

        LOG.debug("in %s", eventlet.getcurrent())
        """,
        """
        import threading

        LOG.debug("in %s", threading.current_thread())
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "in an f-string",
        """
        from eventlet import greenthread

        print(f"{'in'} {greenthread.getcurrent()!r}")
        """,
        """
        import threading

        print(f"{'in'} {threading.current_thread()!r}")
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "in a formatted text",
        """
        import greenlet

        text = "in %s at %s" % (greenlet.getcurrent(), 1)
        """,
        """
        import threading

        text = "in %s at %s" % (threading.current_thread(), 1)
        """,
        checks=["C-TYPE"],
    ),
    fixes(
        "its id",
        """
        import eventlet

        key = id(eventlet.getcurrent())
        """,
        """
        import threading

        key = threading.get_ident()
        """,
        checks=["C-ORDER"],
    ),
    fixes(
        "as a key",
        """
        from eventlet.greenthread import getcurrent

        ITEMS = {}


        def keep(item):
            ITEMS[getcurrent()] = item
        """,
        """
        import threading

        ITEMS = {}


        def keep(item):
            ITEMS[threading.current_thread()] = item
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "through eventlet's own greenlet",
        """
        import eventlet

        if eventlet.greenlet.getcurrent() is MAIN:
            pass
        """,
        """
        import threading

        if threading.current_thread() is MAIN:
            pass
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "threading is taken",
        """
        import eventlet


        def tell(threading):
            LOG.debug("%s", id(eventlet.getcurrent()))
        """,
        """
        import threading as threading_lib


        def tell(threading):
            LOG.debug("%s", threading_lib.get_ident())
        """,
        checks=["C-ORDER"],
    ),
    fixes(
        "spawns whose results nobody keeps do not matter",
        """
        import eventlet

        eventlet.spawn(print)
        LOG.debug("%s", eventlet.getcurrent())
        """,
        """
        import threading

        threading.Thread(target=print, daemon=True).start()
        LOG.debug("%s", threading.current_thread())
        """,
        checks=["C-TYPE"],
    ),
    # --- found the hard way ---
    manual(
        "it is kept in self and switched to in another method",
        """
        import eventlet


        class Waiter:
            def park(self):
                self.current = eventlet.getcurrent()

            def wake(self):
                self.current.switch()
        """,
    ),
    manual(
        "it is kept by a walrus and killed",
        """
        import eventlet

        if (current := eventlet.getcurrent()):
            current.kill()
        """,
    ),
    manual(
        "it is kept under two names and killed",
        """
        import eventlet

        first = second = eventlet.getcurrent()
        second.kill()
        """,
    ),
    manual(
        "it is kept and killed by eventlet's function",
        """
        import eventlet

        current = eventlet.getcurrent()
        eventlet.kill(current)
        """,
        says="used as a green thread",
    ),
    manual(
        "a function that kills gets it",
        """
        import eventlet


        def stop(thread):
            thread.kill()


        def give_up():
            stop(eventlet.getcurrent())
        """,
        says="used as a green thread",
    ),
    manual(
        "a function returns it, and others throw something into what they get",
        """
        import greenlet


        def me():
            return greenlet.getcurrent()


        def fail():
            me().throw(ValueError)
        """,
        says="used as a green thread",
    ),
    manual(
        "it joins a list, whose items are switched to",
        """
        import eventlet

        WAITING = []


        def park():
            WAITING.append(eventlet.getcurrent())


        def wake():
            for waiting in WAITING:
                waiting.switch()
        """,
        says="used as a green thread",
    ),
    fixes(
        "it joins a list",
        """
        import eventlet

        BUSY = []


        def begin():
            BUSY.append(eventlet.getcurrent())
        """,
        """
        import threading

        BUSY = []


        def begin():
            BUSY.append(threading.current_thread())
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "looked up beside a process that is killed",
        """
        import eventlet

        OWNERS = {}


        def stop(process):
            process.kill()
            return OWNERS.get(eventlet.getcurrent())
        """,
        """
        import threading

        OWNERS = {}


        def stop(process):
            process.kill()
            return OWNERS.get(threading.current_thread())
        """,
        checks=["C-FLOW"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_getcurrent(case: Case) -> None:
    check(case, "getcurrent")
