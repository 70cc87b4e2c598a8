from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

START, ATOM, EXIT = "C-START", "C-ATOM", "C-EXIT"

CASES = [
    # --- what is not eventlet's spawn ---
    noop(
        "a method called spawn",
        """
        class Shell:
            def run(self):
                self.spawn(print)
                self.pool.spawn_n(print)
        """,
    ),
    noop(
        "a function of one's own",
        """
        import eventlet.wsgi


        def spawn(function):
            function()


        spawn(print)
        """,
    ),
    noop(
        "a parameter hides the package",
        """
        import eventlet


        def start(eventlet):
            eventlet.spawn(print)
        """,
    ),
    noop(
        "the spawn of a pool",
        """
        from eventlet import dagpool

        pool = dagpool.DAGPool()
        pool.spawn("first", (), print)
        """,
    ),
    noop(
        "the spawn of pexpect",
        """
        from pexpect import spawn

        spawn("ls")
        """,
    ),
    # --- what is left to a person ---
    manual(
        "the backdoor of eventlet, which stays",
        """
        import eventlet
        from eventlet import backdoor

        eventlet.spawn_n(backdoor.backdoor_server, sock, locals={})
        eventlet.spawn(func=backdoor.backdoor_server, sock=sock)
        """,
        says="this spawn stays with `backdoor.backdoor_server`",
    ),
    manual(
        "the result is killed",
        """
        import eventlet

        thread = eventlet.spawn(print)
        thread.kill()
        """,
        says="it is killed on line 4",
    ),
    manual(
        "the result is switched to",
        """
        import eventlet

        eventlet.spawn(print).switch()
        """,
        says=".switch has no native twin",
    ),
    manual(
        "the result is linked",
        """
        import eventlet

        eventlet.spawn(print).link(print)
        """,
    ),
    manual(
        "the results are collected and killed",
        """
        import eventlet

        threads = [eventlet.spawn(print, number) for number in range(3)]
        for thread in threads:
            thread.kill()
        """,
        says="it is killed on line 5",
    ),
    manual(
        "the result is returned",
        """
        import eventlet


        def start():
            return eventlet.spawn(print)
        """,
    ),
    manual(
        "the result of a lambda",
        """
        import eventlet

        start = lambda: eventlet.spawn(print)
        """,
    ),
    manual(
        "the result is stored in self and killed",
        """
        import eventlet


        class Service:
            def start(self):
                self._thread = eventlet.spawn(self.run)

            def stop(self):
                self._thread.kill()
        """,
        says="it is killed on line 9",
    ),
    manual(
        "the result is tested and killed",
        """
        import eventlet

        if thread := eventlet.spawn(print):
            thread.kill()
        """,
        says="its truth",
    ),
    manual(
        "spawn as a value",
        """
        import functools

        import eventlet

        start = functools.partial(eventlet.spawn, print)
        """,
    ),
    manual(
        "the target is hidden in stars",
        """
        import eventlet


        def start(*args):
            eventlet.spawn(*args)
        """,
        says="cannot be seen",
    ),
    manual(
        "the target may be hidden in a mapping",
        """
        import eventlet


        def start(**kwargs):
            eventlet.spawn(x=1, **kwargs)
        """,
        says="cannot be seen",
    ),
    manual(
        "the target is given twice, a TypeError today",
        """
        import eventlet

        eventlet.spawn(print, func=print)
        """,
        says="cannot be seen",
    ),
    manual(
        "no target at all, a TypeError today",
        """
        import eventlet

        eventlet.spawn()
        """,
        says="cannot be seen",
    ),
    manual(
        "a generator expression as the only argument",
        """
        import eventlet

        eventlet.spawn(x for x in ())
        """,
        says="cannot be seen",
    ),
    manual(
        "an optional import",
        """
        try:
            import eventlet
        except ImportError:
            eventlet = None


        def start():
            eventlet.spawn(print)
        """,
        says="optional",
    ),
    manual(
        "a module of the project is called threading",
        """
        import eventlet

        eventlet.spawn(print)
        """,
        files={"threading.py": ""},
        says="a module of this project is called threading",
    ),
    # --- the forms of a call ---
    fixes(
        "no arguments",
        """
        import eventlet

        eventlet.spawn(print)
        """,
        """
        import threading

        threading.Thread(target=print, daemon=True).start()
        """,
        checks=[START, ATOM, EXIT],
    ),
    fixes(
        "one argument makes a tuple",
        """
        import eventlet

        eventlet.spawn_n(print, 1)
        """,
        """
        import threading

        threading.Thread(target=print, args=(1,), daemon=True).start()
        """,
        checks=[START, ATOM, EXIT],
    ),
    fixes(
        "keywords become a dict",
        """
        import eventlet

        eventlet.spawn(print, end="")
        """,
        """
        import threading

        threading.Thread(target=print, kwargs={"end": ""}, daemon=True).start()
        """,
        checks=[START, ATOM, EXIT],
    ),
    fixes(
        "keywords in the quotes of the file",
        """
        import eventlet

        NAME = 'name'
        eventlet.spawn(print, end='')
        """,
        """
        import threading

        NAME = 'name'
        threading.Thread(target=print, kwargs={'end': ''}, daemon=True).start()
        """,
        checks=[START, ATOM, EXIT],
    ),
    fixes(
        "stars among the arguments",
        """
        import eventlet

        eventlet.spawn(run, *a, 1, *b, x=2, **c)
        """,
        """
        import threading

        threading.Thread(
            target=run, args=(*a, 1, *b), kwargs={"x": 2, **c}, daemon=True
        ).start()
        """,
        checks=[START, ATOM, EXIT],
    ),
    fixes(
        "parameters that are only passed on",
        """
        import eventlet


        def start(function, *args, **kwargs):
            eventlet.spawn(function, *args, **kwargs)
        """,
        """
        import threading


        def start(function, *args, **kwargs):
            threading.Thread(
                target=function, args=args, kwargs=kwargs, daemon=True
            ).start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "parameters that are changed on the way are copied",
        """
        import eventlet


        def start(function, *args, **kwargs):
            kwargs.pop("x")
            eventlet.spawn(function, *args, **kwargs)
        """,
        """
        import threading


        def start(function, *args, **kwargs):
            kwargs.pop("x")
            threading.Thread(
                target=function, args=args, kwargs={**kwargs}, daemon=True
            ).start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "the target by keyword",
        """
        import eventlet

        eventlet.spawn(func=print, end="")
        """,
        """
        import threading

        threading.Thread(target=print, kwargs={"end": ""}, daemon=True).start()
        """,
        checks=[START, ATOM, EXIT],
    ),
    fixes(
        "the target by keyword, last: it is evaluated last",
        """
        import eventlet

        eventlet.spawn(end=first(), func=second())
        """,
        """
        import threading

        threading.Thread(kwargs={"end": first()}, target=second(), daemon=True).start()
        """,
        checks=[START, ATOM, EXIT],
    ),
    fixes(
        "keywords that Thread has too",
        """
        import eventlet

        eventlet.spawn(run, name=1, args=2, target=3)
        """,
        """
        import threading

        threading.Thread(
            target=run, kwargs={"name": 1, "args": 2, "target": 3}, daemon=True
        ).start()
        """,
        checks=[START, ATOM, EXIT],
    ),
    fixes(
        "a lambda, a conditional and a walrus among the arguments",
        """
        import eventlet

        eventlet.spawn(lambda x: x, a if b else c, d := 3)
        """,
        """
        import threading

        threading.Thread(
            target=lambda x: x, args=(a if b else c, d := 3), daemon=True
        ).start()
        """,
        checks=[START, ATOM],
    ),
    fixes(
        "an argument over several lines is put on one",
        """
        import eventlet

        eventlet.spawn(run, {
            "a": 1,
            "b": [
                2,
                3,
            ],
        })
        """,
        """
        import threading

        threading.Thread(
            target=run, args=({"a": 1, "b": [2, 3]},), daemon=True
        ).start()
        """,
        checks=[START, ATOM, EXIT],
    ),
    fixes(
        "a long call is broken over lines",
        """
        import eventlet


        class Manager:
            def start(self, context):
                eventlet.spawn_n(self._build_and_run_instance, context,
                                 self.instance, filter=self.filter)
        """,
        """
        import threading


        class Manager:
            def start(self, context):
                threading.Thread(
                    target=self._build_and_run_instance,
                    args=(context, self.instance),
                    kwargs={"filter": self.filter},
                    daemon=True,
                ).start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "a longer line where the project has it",
        """
        import eventlet

        eventlet.spawn_n(self._build_and_run, context, filter=self.filter)
        """,
        """
        import threading

        threading.Thread(
            target=self._build_and_run, args=(context,), kwargs={"filter": self.filter}, daemon=True
        ).start()
        """,
        checks=[START, ATOM, EXIT],
        line_length=110,
    ),
    fixes(
        "comments between the arguments stay with them",
        """
        import eventlet

        eventlet.spawn(
            run,
            1,  # one
            2,
        )
        """,
        """
        import threading

        threading.Thread(
            target=run,
            args=(
                1,  # one
                2,
            ),
            daemon=True,
        ).start()
        """,
        checks=[START, ATOM, EXIT],
    ),
    fixes(
        "a hash in a string is no comment",
        """
        import eventlet

        eventlet.spawn(run, "#1",
                       2)
        """,
        """
        import threading

        threading.Thread(target=run, args=("#1", 2), daemon=True).start()
        """,
        checks=[START, ATOM, EXIT],
    ),
    fixes(
        "semicolons and one-line suites",
        """
        import eventlet

        if x: eventlet.spawn(run); y = 1
        x = 2; eventlet.spawn(run); z = 3  # all
        """,
        """
        import threading

        if x: threading.Thread(target=run, daemon=True).start(); y = 1
        x = 2; threading.Thread(target=run, daemon=True).start(); z = 3  # all
        """,
        checks=[START, ATOM, EXIT],
    ),
    fixes(
        "sleep is what is spawned",
        """
        import eventlet

        eventlet.spawn(eventlet.sleep, 3)
        """,
        """
        import threading
        import time

        threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
        """,
        checks=[START, ATOM, EXIT],
    ),
    # --- spellings and names ---
    fixes(
        "through greenthread under an alias",
        """
        from eventlet import greenthread as gt

        gt.spawn_n(run)
        """,
        """
        import threading

        threading.Thread(target=run, daemon=True).start()
        """,
        checks=[START, ATOM, EXIT],
    ),
    fixes(
        "the bare name, imported in the function",
        """
        def start():
            from eventlet import spawn_n as go

            go(run)
        """,
        """
        import threading


        def start():
            threading.Thread(target=run, daemon=True).start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "threading is a parameter",
        """
        import eventlet


        def start(threading):
            eventlet.spawn(run, threading)
        """,
        """
        import threading as threading_lib


        def start(threading):
            threading_lib.Thread(target=run, args=(threading,), daemon=True).start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "threading comes from eventlet.green",
        """
        import eventlet
        from eventlet.green import threading

        eventlet.spawn(run)
        lock = threading.Lock()
        """,
        """
        import threading

        threading.Thread(target=run, daemon=True).start()
        lock = threading.Lock()
        """,
        checks=[START, ATOM, EXIT],
    ),
    # --- what the reviewer is asked ---
    fixes(
        "the target is known not to exit and nothing follows",
        """
        import eventlet


        class Service:
            def start(self):
                LOG.info("starting")
                eventlet.spawn(self._run)

            def _run(self):
                self.count = 1
        """,
        """
        import threading


        class Service:
            def start(self):
                LOG.info("starting")
                threading.Thread(target=self._run, daemon=True).start()

            def _run(self):
                self.count = 1
        """,
        checks=[ATOM],
    ),
    fixes(
        "something is set after the start",
        """
        import eventlet


        def run():
            pass


        def start(service):
            eventlet.spawn(run)
            service.started = True
        """,
        """
        import threading


        def run():
            pass


        def start(service):
            threading.Thread(target=run, daemon=True).start()
            service.started = True
        """,
        checks=[START, ATOM],
    ),
    fixes(
        "a finally sets something after the start",
        """
        import eventlet


        def run():
            pass


        def start(service):
            try:
                eventlet.spawn(run)
            finally:
                service.started = True
        """,
        """
        import threading


        def run():
            pass


        def start(service):
            try:
                threading.Thread(target=run, daemon=True).start()
            finally:
                service.started = True
        """,
        checks=[START, ATOM],
    ),
    fixes(
        "a loop starts many",
        """
        import eventlet


        def serve(sock, handle):
            while True:
                eventlet.spawn(handle, sock.accept())
        """,
        """
        import threading


        def serve(sock, handle):
            while True:
                threading.Thread(
                    target=handle, args=(sock.accept(),), daemon=True
                ).start()
        """,
        checks=[START, ATOM, EXIT, "C-BOUND"],
    ),
    fixes(
        "the target exits",
        """
        import sys

        import eventlet


        def run():
            sys.exit(1)


        def start():
            eventlet.spawn(run)
        """,
        """
        import sys
        import threading


        def run():
            sys.exit(1)


        def start():
            threading.Thread(target=run, daemon=True).start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "what the target calls exits",
        """
        import sys

        import eventlet


        def fail():
            sys.exit(1)


        class Service:
            def run(self):
                self.step()

            def step(self):
                fail()

            def start(self):
                eventlet.spawn(self.run)
        """,
        """
        import sys
        import threading


        def fail():
            sys.exit(1)


        class Service:
            def run(self):
                self.step()

            def step(self):
                fail()

            def start(self):
                threading.Thread(target=self.run, daemon=True).start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "a text of several lines among the arguments",
        """
        import eventlet


        def start(run):
            eventlet.spawn_n(run, '''
                one
              two''', None)
        """,
        """
        import threading


        def start(run):
            threading.Thread(target=run, args=('''
                one
              two''', None), daemon=True).start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "the last thing in a with statement, and in an __init__",
        """
        import eventlet


        class Service:
            def __init__(self, run):
                eventlet.spawn_n(run)

            def add(self, session, run):
                with session.begin():
                    eventlet.spawn_n(run)
        """,
        """
        import threading


        class Service:
            def __init__(self, run):
                threading.Thread(target=run, daemon=True).start()

            def add(self, session, run):
                with session.begin():
                    threading.Thread(target=run, daemon=True).start()
        """,
        checks=[START, ATOM, EXIT],
    ),
    fixes(
        "the target sets signal handlers",
        """
        import signal

        import eventlet


        def run():
            signal.signal(signal.SIGTERM, print)


        def start():
            eventlet.spawn(run)
        """,
        """
        import signal
        import threading


        def run():
            signal.signal(signal.SIGTERM, print)


        def start():
            threading.Thread(target=run, daemon=True).start()
        """,
        checks=[ATOM, "C-MAIN"],
    ),
    fixes(
        "signals that a function of another file sets",
        """
        import eventlet
        from pkg.cli import run


        def start():
            eventlet.spawn(run)
        """,
        """
        import threading

        from pkg.cli import run


        def start():
            threading.Thread(target=run, daemon=True).start()
        """,
        path="pkg/main.py",
        files={
            "pkg/__init__.py": "",
            "pkg/cli.py": "import signal\n\n\ndef run():\n    signal.signal(15, print)\n",
        },
        checks=[ATOM, "C-EXIT", "C-MAIN"],
    ),
    fixes(
        "parameters that a function inside has as well",
        """
        import eventlet


        def spawn(func, *args, **kwargs):
            def wrapper(*args, **kwargs):
                func(*args, **kwargs)

            eventlet.spawn_n(wrapper, *args, **kwargs)
        """,
        """
        import threading


        def spawn(func, *args, **kwargs):
            def wrapper(*args, **kwargs):
                func(*args, **kwargs)

            threading.Thread(
                target=wrapper, args=args, kwargs=kwargs, daemon=True
            ).start()
        """,
        checks=[ATOM, EXIT],
    ),
    # --- found the hard way ---
    fixes(
        "a function around the target is given what the target calls",
        """
        import eventlet


        def spawn_n(function, *args):
            def wrapper():
                function(*args)

            eventlet.spawn_n(wrapper)
        """,
        """
        import threading


        def spawn_n(function, *args):
            def wrapper():
                function(*args)

            threading.Thread(target=wrapper, daemon=True).start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "a comment that speaks of green threads, in the lines above",
        """
        import eventlet


        def feed(write, sources, wait):
            for source in sources:
                # NOTE: is eventlet.spawn_n right, or a GreenPool?
                wait(source)
                eventlet.spawn_n(write, source)
        """,
        """
        import threading


        def feed(write, sources, wait):
            for source in sources:
                # NOTE: is eventlet.spawn_n right, or a GreenPool?
                wait(source)
                threading.Thread(target=write, args=(source,), daemon=True).start()
        """,
        checks=[START, ATOM, EXIT, "C-BOUND", "C-STALE"],
    ),
    fixes(
        "a comment on something else, and one behind a blank line",
        """
        import eventlet


        def feed(write, source):
            # in a green thread

            # the last of them
            eventlet.spawn_n(write, source)
        """,
        """
        import threading


        def feed(write, source):
            # in a green thread

            # the last of them
            threading.Thread(target=write, args=(source,), daemon=True).start()
        """,
        checks=[ATOM, EXIT],
    ),
    fixes(
        "the target launches a service, which sets handlers of signals",
        """
        import eventlet
        from oslo_service import service


        def main():
            service.launch(CONF, Server()).wait()


        def start():
            eventlet.spawn_n(main)
        """,
        """
        import threading

        from oslo_service import service


        def main():
            service.launch(CONF, Server()).wait()


        def start():
            threading.Thread(target=main, daemon=True).start()
        """,
        checks=[ATOM, "C-MAIN"],
    ),
    fixes(
        "a list of one item over several lines loses its last comma",
        """
        import eventlet

        eventlet.spawn(run, [
            1,
        ])
        """,
        """
        import threading

        threading.Thread(target=run, args=([1],), daemon=True).start()
        """,
        checks=[START, ATOM, EXIT],
    ),
    fixes(
        "a walrus is the target",
        """
        import eventlet

        eventlet.spawn(run := make())
        """,
        """
        import threading

        threading.Thread(target=(run := make()), daemon=True).start()
        """,
        checks=[START, ATOM, EXIT],
    ),
    manual(
        "a keyword that the class mangles",
        """
        import eventlet


        class Service:
            def start(self):
                eventlet.spawn(run, __depth=1)
        """,
    ),
    fixes(
        "work that blocked the whole program, its exit too",
        """
        import time

        import eventlet


        def work():
            time.sleep(3)
            print("done")


        eventlet.spawn(work)
        """,
        """
        import threading
        import time


        def work():
            time.sleep(3)
            print("done")


        threading.Thread(target=work, daemon=True).start()
        """,
        checks=["C-START", "C-ATOM", "C-LIFE"],
        says="a daemon thread runs it",
        monkey_patched="no",
    ),
    manual(
        "the handler of a signal, while threads are patched",
        """
        import signal

        import eventlet


        class Worker:
            def handle_quit(self, sig, frame):
                eventlet.spawn(self.stop)

            def stop(self):
                with eventlet.Timeout(3):
                    self.work()
        """,
        says="must go first",
    ),
    manual(
        "the handler of a signal that has other parameters",
        """
        import signal

        import eventlet


        def run(runner):
            def shutdown(number, where):
                eventlet.spawn_n(runner.stop)

            signal.signal(signal.SIGTERM, shutdown)
            with eventlet.Timeout(3):
                runner.run()
        """,
        says="must go first",
    ),
    manual(
        "the handler of a signal that is set by another name",
        """
        from signal import SIGTERM, signal

        import eventlet


        def shutdown(number, where):
            eventlet.spawn_n(print, "over")


        signal(SIGTERM, shutdown)
        with eventlet.Timeout(3):
            input()
        """,
        says="must go first",
    ),
    fixes(
        "the handler of a signal, once nothing is patched",
        """
        import eventlet


        class Worker:
            def handle_quit(self, sig, frame):
                eventlet.spawn(self.stop)

            def stop(self):
                pass
        """,
        """
        import threading


        class Worker:
            def handle_quit(self, sig, frame):
                threading.Thread(target=self.stop, daemon=True).start()

            def stop(self):
                pass
        """,
        checks=["C-ATOM"],
    ),
    fixes(
        "the same in a patched program, where it did not",
        """
        import time

        import eventlet


        def work():
            time.sleep(3)
            print("done")


        eventlet.spawn(work)
        """,
        """
        import threading
        import time


        def work():
            time.sleep(3)
            print("done")


        threading.Thread(target=work, daemon=True).start()
        """,
        checks=["C-START", "C-ATOM"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_spawn(case: Case) -> None:
    check(case, "spawn")
