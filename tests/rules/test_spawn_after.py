from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

ATOM, EXIT, BOUND = "C-ATOM", "C-EXIT", "C-BOUND"

CASES = [
    # --- what is not eventlet's spawn_after ---
    noop(
        "a method of a pool of one's own",
        """
        import eventlet.wsgi


        def later(pool):
            pool.spawn_after(1, print)
        """,
    ),
    noop(
        "a function of one's own",
        """
        from pkg.threads import spawn_after

        spawn_after(1, print)
        """,
    ),
    noop(
        "a local hides the package",
        """
        import eventlet


        def later(fake):
            eventlet = fake()
            eventlet.spawn_after(1, print)
        """,
    ),
    # --- what is left to a person ---
    manual(
        "the result is waited for, which delayed-call is about",
        """
        import eventlet

        eventlet.spawn_after(1, print).wait()
        """,
    ),
    manual(
        "the result of a lambda",
        """
        import eventlet

        later = lambda: eventlet.spawn_after(1, print)
        """,
    ),
    manual(
        "the backdoor of eventlet, which stays",
        """
        import eventlet
        from eventlet.backdoor import backdoor_server as serve

        eventlet.spawn_after(1, serve, sock, locals={})
        eventlet.spawn_after(1, func=serve, sock=sock)
        """,
        says="this delayed call stays with `serve`",
    ),
    manual(
        "both are hidden in stars",
        """
        import eventlet


        def later(*args):
            eventlet.spawn_after(*args)
        """,
        says="cannot be seen",
    ),
    manual(
        "the target is hidden in stars",
        """
        import eventlet


        def later(*args):
            eventlet.spawn_after(1, *args)
        """,
        says="cannot be seen",
    ),
    manual(
        "the target is hidden in a mapping",
        """
        import eventlet


        def later(**kwargs):
            eventlet.spawn_after(1, **kwargs)
        """,
        says="cannot be seen",
    ),
    manual(
        "no target, a TypeError today",
        """
        import eventlet

        eventlet.spawn_after(1)
        """,
        says="cannot be seen",
    ),
    manual(
        "the target is evaluated before the delay",
        """
        import eventlet

        eventlet.spawn_after(func=first(), seconds=second())
        """,
        says="cannot be split",
    ),
    manual(
        "a class body would gain a name",
        """
        import eventlet


        class Service:
            eventlet.spawn_after(1, print)
        """,
        says="cannot be split",
    ),
    manual(
        "in a conditional expression",
        """
        import eventlet

        eventlet.spawn_after(1, print) if x else None
        """,
    ),
    # --- forms ---
    fixes(
        "at the top of a module the name is private",
        """
        import eventlet

        eventlet.spawn_after(1, print)
        """,
        """
        import threading

        _timer = threading.Timer(1, print)
        _timer.daemon = True
        _timer.start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "arguments of all kinds",
        """
        import eventlet


        def later(delay, a, *b, **c):
            eventlet.spawn_after(delay, run, 1, *a, x=2, **c)
        """,
        """
        import threading


        def later(delay, a, *b, **c):
            timer = threading.Timer(delay, run, args=(1, *a), kwargs={"x": 2, **c})
            timer.daemon = True
            timer.start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "keywords that Timer has too",
        """
        import eventlet


        def later():
            eventlet.spawn_after(1, run, interval=3, function=4)
        """,
        """
        import threading


        def later():
            timer = threading.Timer(1, run, kwargs={"interval": 3, "function": 4})
            timer.daemon = True
            timer.start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "both by keyword",
        """
        import eventlet


        def later():
            eventlet.spawn_after(seconds=1, func=run)
        """,
        """
        import threading


        def later():
            timer = threading.Timer(1, run)
            timer.daemon = True
            timer.start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "the target by keyword, last: it is evaluated last",
        """
        import eventlet


        def later():
            eventlet.spawn_after(1, x=first(), func=second())
        """,
        """
        import threading


        def later():
            timer = threading.Timer(1, kwargs={"x": first()}, function=second())
            timer.daemon = True
            timer.start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "a long call is broken over lines",
        """
        import eventlet


        class Service:
            def later(self, context):
                eventlet.spawn_after(self.interval_between_two_runs, self.run,
                                     context, self.manager)
        """,
        """
        import threading


        class Service:
            def later(self, context):
                timer = threading.Timer(
                    self.interval_between_two_runs,
                    self.run,
                    args=(context, self.manager),
                )
                timer.daemon = True
                timer.start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "a comment above stays, one behind goes to the last line",
        """
        import eventlet


        def later():
            # in a while
            eventlet.spawn_after(1, run)  # later
            return 1
        """,
        """
        import threading


        def later():
            # in a while
            timer = threading.Timer(1, run)
            timer.daemon = True
            timer.start()  # later
            return 1
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "one-line suites and semicolons",
        """
        import eventlet


        def later(x):
            if x: eventlet.spawn_after(1, run)
            else: y = 1; eventlet.spawn_after(2, run); z = 2
        """,
        """
        import threading


        def later(x):
            if x: timer = threading.Timer(1, run); timer.daemon = True; timer.start()
            else: y = 1; timer = threading.Timer(2, run); timer.daemon = True; timer.start(); z = 2
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "in a loop",
        """
        import eventlet


        def later(items):
            for item in items:
                eventlet.spawn_after(1, run, item)
        """,
        """
        import threading


        def later(items):
            for item in items:
                timer = threading.Timer(1, run, args=(item,))
                timer.daemon = True
                timer.start()
        """,
        checks=[ATOM, EXIT, BOUND],
    ),
    fixes(
        "an async function",
        """
        import eventlet


        async def later():
            eventlet.spawn_after(1, run)
        """,
        """
        import threading


        async def later():
            timer = threading.Timer(1, run)
            timer.daemon = True
            timer.start()
        """,
        checks=[ATOM, EXIT],
    ),
    # --- names ---
    fixes(
        "timer is a parameter",
        """
        import eventlet


        def later(timer):
            eventlet.spawn_after(1, timer)
        """,
        """
        import threading


        def later(timer):
            timer2 = threading.Timer(1, timer)
            timer2.daemon = True
            timer2.start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "timer is a global that the function reads",
        """
        import eventlet

        timer = 3


        def later():
            eventlet.spawn_after(timer, run)
        """,
        """
        import threading

        timer = 3


        def later():
            timer2 = threading.Timer(timer, run)
            timer2.daemon = True
            timer2.start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "timer is a local of the function around",
        """
        import eventlet


        def outer():
            timer = clock()

            def inner():
                eventlet.spawn_after(1, run)
                return timer

            return inner
        """,
        """
        import threading


        def outer():
            timer = clock()

            def inner():
                timer2 = threading.Timer(1, run)
                timer2.daemon = True
                timer2.start()
                return timer

            return inner
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "threading is a local",
        """
        import eventlet


        def later(run):
            threading = run()
            eventlet.spawn_after(1, threading)
        """,
        """
        import threading as threading_lib


        def later(run):
            threading = run()
            timer = threading_lib.Timer(1, threading)
            timer.daemon = True
            timer.start()
        """,
        checks=[ATOM, EXIT],
    ),
    # --- found the hard way ---
    fixes(
        "timer comes by a star import and is read in the function",
        """
        from timeit import *

        import eventlet


        def later():
            eventlet.spawn_after(1, run)
            return timer
        """,
        """
        import threading as threading_lib
        from timeit import *


        def later():
            timer2 = threading_lib.Timer(1, run)
            timer2.daemon = True
            timer2.start()
            return timer
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "a text of several lines among the arguments",
        """
        import eventlet


        def start(run):
            eventlet.spawn_after(3, run, '''
                one
              two''', None)
        """,
        """
        import threading


        def start(run):
            timer = threading.Timer(3, run, args=('''
                one
              two''', None))
            timer.daemon = True
            timer.start()
        """,
        checks=["C-ATOM", "C-EXIT"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_spawn_after(case: Case) -> None:
    check(case, "spawn-after")
