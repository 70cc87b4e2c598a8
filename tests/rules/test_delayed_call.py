from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.discovery import discover
from eventlet_codemod.run import run
from eventlet_codemod.testing import Case, check, fixes, manual, noop

#: The questions about every timer whose target is not in the file.
ASKED = ["C-ATOM", "C-EXIT"]

#: The same about a Future.
FUTURE = [*ASKED, "C-EXC"]


def left(
    what: str, use: str, says: str, *, parameters: str = "work, other", helpers: str | None = None
) -> Case:
    """A delayed call ``gt`` that stays because of ``use``."""
    use = textwrap.indent(use, "    ")
    made = "gt = eventlet.spawn_after(1, work)"
    source = f"import eventlet\n\n\ndef call({parameters}):\n    {made}\n{use}\n"
    return manual(what, source, says=says, helpers=helpers)


CASES = [
    # --- what it is not about ---------------------------------------------------------------
    noop(
        "a function of the project",
        """
        import eventlet.wsgi

        from pkg import spawn_after

        timer = spawn_after(1, print)
        timer.cancel()
        """,
    ),
    noop(
        "a method of the name",
        """
        import eventlet.wsgi


        def call(pool):
            timer = pool.spawn_after(1, print)
            timer.cancel()
            timer.wait()
        """,
    ),
    noop(
        "a timer of the standard library",
        """
        import threading

        import eventlet.wsgi

        timer = threading.Timer(1, print)
        timer.cancel()
        """,
    ),
    noop(
        "a parameter hides the module",
        """
        import eventlet.wsgi


        def call(eventlet, work):
            timer = eventlet.spawn_after(1, work)
            timer.cancel()
        """,
    ),
    # --- what a timer cannot do -------------------------------------------------------------
    left("it is waited for", "gt.wait()", "it is waited for"),
    left("its wait is passed on", "other(gt.wait)", "it is waited for"),
    left("it is asked whether it is over", "print(gt.dead)", "it is asked whether it"),
    left("something is linked to it", "gt.link(lambda gt: None)", "a callback is linked"),
    left("it is killed with an exception", "gt.kill(ValueError)", "given what to throw on line 6"),
    left("it is cancelled with an exception", "gt.cancel(ValueError)", "given what to throw"),
    left("a star may hold an exception", "gt.cancel(*other)", "given what to throw"),
    left("the function kill is given one", "eventlet.kill(gt, ValueError)", "given what to throw"),
    left(
        "the function cancel is given one",
        "eventlet.greenthread.cancel(gt, ValueError)",
        "cancel() is given what to throw on line 6",
    ),
    left("something is thrown into it", "gt.throw(ValueError)", ".throw has no native twin"),
    left("it is switched to", "gt.switch()", ".switch has no native twin"),
    left("a callback is taken back", "gt.unlink(other)", ".unlink has no native twin"),
    left("its frame is looked at", "print(gt.gr_frame)", ".gr_frame has no native twin"),
    left("its cancel is replaced", "gt.cancel = other", ".cancel is set anew"),
    left("something of its own", "gt.name = 'x'", ".name is set anew"),
    left("its cancel becomes a callback", "other.link(gt.cancel)", ".cancel is passed on"),
    left("its cancel is kept", "stop = gt.cancel", ".cancel is passed on, uncalled"),
    left("its kill is kept", "stop = gt.kill", ".kill is passed on, uncalled"),
    left("its cancel is one of several", "other(gt.cancel, 1)", ".cancel is passed on"),
    left("its truth says whether it runs", "if gt:\n    gt.cancel()", "its truth, which says"),
    left("a loop while it runs", "while gt:\n    pass", "its truth, which says"),
    left("it is iterated over", "for x in gt:\n    pass", "a use of kind iterate"),
    left("a with statement", "with gt:\n    pass", "a use of kind with"),
    left("it is called", "gt()", "it is passed on (line 6)"),
    manual(
        "its class is asked for",
        """
        import eventlet
        from eventlet import greenthread


        def call(work):
            gt = eventlet.spawn_after(1, work)
            return isinstance(gt, greenthread.GreenThread)
        """,
        says="a use of kind isinstance has no native twin",
    ),
    manual(
        "one of two is cancelled",
        """
        import eventlet
        from eventlet import greenthread


        def call(work, late):
            first = eventlet.spawn_after(1, work)
            second = eventlet.spawn_after(2, work)
            greenthread.cancel(first if late else second)
        """,
    ),
    fixes(
        "the current green thread is compared with it",
        """
        import eventlet


        class Service:
            def start(self, work):
                self._timer = eventlet.spawn_after(1, work)

            def stop(self):
                if self._timer is not eventlet.getcurrent():
                    self._timer.cancel()
        """,
        """
        import threading


        class Service:
            def start(self, work):
                self._timer = threading.Timer(1, work)
                self._timer.daemon = True
                self._timer.start()

            def stop(self):
                if self._timer is not threading.current_thread():
                    self._timer.cancel()
        """,
        checks=["C-START", "C-ATOM", "C-EXIT"],
    ),
    manual(
        "the current green thread is compared with it, and it is waited for",
        """
        import eventlet


        class Service:
            def start(self, work):
                self._timer = eventlet.spawn_after(1, work)

            def stop(self):
                if self._timer is not eventlet.getcurrent():
                    self._timer.wait()
        """,
        says="getcurrent() on line 9 may be compared with it",
        helpers="pkg.threads",
    ),
    fixes(
        "delayed calls by themselves, which take themselves out",
        """
        import eventlet


        class Scheduler:
            def __init__(self):
                self.jobs = {}

            def schedule(self, delay, job):
                timer = eventlet.spawn_after(
                    delay,
                    self._run,
                    job
                )

                self.jobs[timer] = job

            def _run(self, job):
                job.run()
                del self.jobs[eventlet.getcurrent()]
        """,
        """
        import threading


        class Scheduler:
            def __init__(self):
                self.jobs = {}

            def schedule(self, delay, job):
                timer = threading.Timer(delay, self._run, args=(job,))
                timer.daemon = True
                timer.start()

                self.jobs[timer] = job

            def _run(self, job):
                job.run()
                del self.jobs[threading.current_thread()]
        """,
        checks=["C-START", "C-ATOM", "C-FLOW"],
    ),
    # --- where it goes ----------------------------------------------------------------------
    left("it is passed on", "other(gt)", "it is passed on (line 6)"),
    left("it is stored on another object", "other.gt = gt", "it is stored on another object"),
    left("it is returned and nobody calls", "return gt", "it is returned, and nothing here calls"),
    left("the name holds something else too", "gt.cancel()\ngt = other", "line 7 binds it to"),
    left("one of two", "gt = gt or other\ngt.cancel()", "may give something else in its place"),
    left(
        "the parameter may be passed anything",
        "gt.cancel()",
        "leaves open what is passed for gt",
        parameters="work, gt",
    ),
    manual(
        "an immediate one under the same name",
        """
        import eventlet


        def call(work, late):
            if late:
                gt = eventlet.spawn_after(late, work)
            else:
                gt = eventlet.spawn(work)
            gt.cancel()
        """,
    ),
    manual(
        "another object's attribute may be it",
        """
        import eventlet


        class Service:
            def start(self, work):
                self.timer = eventlet.spawn_after(1, work)

            def stop(self, other):
                other.timer.cancel()
        """,
        says="other objects' .timer may be it",
    ),
    # --- the call itself --------------------------------------------------------------------
    manual(
        "stars hide delay and target",
        """
        import eventlet


        def call(*args):
            timer = eventlet.spawn_after(*args)
            timer.cancel()
        """,
        says="its delay or target cannot be seen on line 5",
    ),
    manual(
        "a star hides the target",
        """
        import eventlet


        def call(*args):
            timer = eventlet.spawn_after(1, *args)
            timer.cancel()
        """,
        says="its delay or target cannot be seen on line 5",
    ),
    manual(
        "a mapping may hold the target",
        """
        import eventlet


        def call(**kwargs):
            timer = eventlet.spawn_after(1, **kwargs)
            timer.cancel()
        """,
        says="its delay or target cannot be seen on line 5",
    ),
    manual(
        "no target, a TypeError today",
        """
        import eventlet


        def call():
            timer = eventlet.spawn_after(1)
            timer.cancel()
        """,
        says="its delay or target cannot be seen on line 5",
    ),
    manual(
        "the target is got before the delay",
        """
        import eventlet


        def call(first, second):
            timer = eventlet.spawn_after(func=first(), seconds=second())
            timer.cancel()
        """,
        says="the target comes before the delay on line 5",
    ),
    manual(
        "with helpers the target is got after other calls",
        """
        import eventlet


        def call(first, second):
            timer = eventlet.spawn_after(1, x=first(), func=second)
            timer.wait()
        """,
        says="its target comes after other arguments on line 5",
        helpers="pkg.threads",
    ),
    manual(
        "a comment behind the bracket",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(  # soon
                1, work)
            timer.cancel()
        """,
        says="a comment stands inside its arguments on line 5",
    ),
    manual(
        "in the middle of an expression, without helpers",
        """
        import eventlet


        def call(works):
            timers = [eventlet.spawn_after(1, work) for work in works]
            for timer in timers:
                timer.cancel()
        """,
        says="it cannot be made by statements of its own on line 5",
    ),
    manual(
        "two in one statement",
        """
        import eventlet


        def call(work):
            first, second = eventlet.spawn_after(1, work), eventlet.spawn_after(2, work)
            first.cancel()
            second.cancel()
        """,
        says="it cannot be made by statements of its own on line 5",
    ),
    manual(
        "a condition decides whether it is made",
        """
        import eventlet


        def call(work, late):
            timer = eventlet.spawn_after(late, work) if late else None
            if timer is not None:
                timer.cancel()
        """,
        says="it cannot be made by statements of its own on line 5",
    ),
    manual(
        "in the body of a class",
        """
        import eventlet


        class Service:
            timer = eventlet.spawn_after(1, print)

            def stop(self):
                self.timer.cancel()
        """,
        says="it cannot be made by statements of its own on line 5",
    ),
    manual(
        "in the head of a loop",
        """
        import eventlet


        def call(work):
            for timer in (eventlet.spawn_after(1, work),):
                timer.cancel()
        """,
        says="it cannot be made by statements of its own on line 5",
    ),
    manual(
        "only while its owner lives, in a lambda",
        """
        from eventlet import greenthread

        later = lambda: greenthread.spawn_after_local(1, print)
        """,
    ),
    manual(
        "only while its owner lives, in the body of a class",
        """
        from eventlet import greenthread


        class Service:
            greenthread.spawn_after_local(1, print)
        """,
    ),
    manual(
        "another import binds the name",
        """
        from eventlet import greenthread
        from pkg import greenthread

        greenthread.spawn_after_local(1, print)
        """,
        says="may not be eventlet's here",
    ),
    manual(
        "eventlet may not be installed",
        """
        try:
            import eventlet
        except ImportError:
            eventlet = None


        def call(work):
            timer = eventlet.spawn_after(1, work)
            timer.cancel()
        """,
    ),
    manual(
        "nothing is patched and green threads remain",
        """
        import eventlet

        timer = eventlet.spawn_after(1, print)
        timer.cancel()
        eventlet.serve(sock, print)
        """,
        monkey_patched="no",
        says="does not cover thread",
    ),
    # --- what a Future cannot do ------------------------------------------------------------
    left(
        "the answer of cancel is used",
        "if gt.cancel():\n    gt.wait()",
        "the answer of cancel() is used",
        helpers="pkg.threads",
    ),
    left(
        "the answer of kill is used",
        "print(eventlet.kill(gt))\ngt.wait()",
        "the answer of kill() is used on line 6",
        helpers="pkg.threads",
    ),
    left(
        "a time limit ends the wait",
        "with eventlet.Timeout(3):\n    gt.wait()",
        "a Timeout of eventlet may end the wait on line 7",
        helpers="pkg.threads",
    ),
    left(
        "what a cancelled one raises is caught",
        "gt.cancel()\ntry:\n    gt.wait()\nexcept eventlet.greenlet.GreenletExit:\n    pass",
        "GreenletExit is caught on line 8",
        helpers="pkg.threads",
    ),
    left("wait is given an argument", "gt.wait(1)", ".wait() is given", helpers="pkg.threads"),
    left("dead is called", "gt.dead()", ".dead is called", helpers="pkg.threads"),
    left("link is passed on", "other(gt.link)", ".link is passed on", helpers="pkg.threads"),
    left(
        "an unknown callback gets it",
        "gt.link(other)",
        "it is passed to a callback (line 6)",
        helpers="pkg.threads",
    ),
    # --- what it rewrites -------------------------------------------------------------------
    fixes(
        "kept to be cancelled",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(1, work)
            timer.cancel()
        """,
        """
        import threading


        def call(work):
            timer = threading.Timer(1, work)
            timer.daemon = True
            timer.start()
            timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "kept, and nothing is done to it",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(1, work)
            return work
        """,
        """
        import threading


        def call(work):
            timer = threading.Timer(1, work)
            timer.daemon = True
            timer.start()
            return work
        """,
        checks=ASKED,
    ),
    fixes(
        "kept on self, cancelled elsewhere, None before",
        """
        import eventlet


        class Lease:
            def __init__(self):
                self._timer = None

            def start(self, work):
                self.stop()
                self._timer = eventlet.spawn_after(self.interval, self._expire, work, reason="old")

            def stop(self):
                if self._timer is not None:
                    self._timer.cancel()
                    self._timer = None
        """,
        """
        import threading


        class Lease:
            def __init__(self):
                self._timer = None

            def start(self, work):
                self.stop()
                self._timer = threading.Timer(
                    self.interval, self._expire, args=(work,), kwargs={"reason": "old"}
                )
                self._timer.daemon = True
                self._timer.start()

            def stop(self):
                if self._timer is not None:
                    self._timer.cancel()
                    self._timer = None
        """,
        checks=ASKED,
    ),
    fixes(
        "its truth is asked where None may stand for it",
        """
        import eventlet


        class Lease:
            def __init__(self):
                self._timer = None

            def start(self, work):
                self._timer = eventlet.spawn_after(1, work)

            def stop(self):
                if self._timer:
                    self._timer.cancel()
        """,
        """
        import threading


        class Lease:
            def __init__(self):
                self._timer = None

            def start(self, work):
                self._timer = threading.Timer(1, work)
                self._timer.daemon = True
                self._timer.start()

            def stop(self):
                if self._timer:
                    self._timer.cancel()
        """,
        checks=[*ASKED, "C-TRUTH"],
    ),
    fixes(
        "killed while it is pending",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(1, work)
            timer.kill()
        """,
        """
        import threading


        def call(work):
            timer = threading.Timer(1, work)
            timer.daemon = True
            timer.start()
            timer.cancel()
        """,
        checks=[*ASKED, "C-KILL"],
    ),
    fixes(
        "cancelled and killed by eventlet's functions",
        """
        import eventlet
        from eventlet import greenthread


        class Service:
            def start(self, work):
                self._first = eventlet.spawn_after(1, work)
                self._second = greenthread.spawn_after(2, work)
                self._third = eventlet.spawn_after(3, work)

            def stop(self):
                greenthread.cancel(self._first)
                greenthread.kill(self._second)
                eventlet.kill(self._third)
        """,
        """
        import threading


        class Service:
            def start(self, work):
                self._first = threading.Timer(1, work)
                self._first.daemon = True
                self._first.start()
                self._second = threading.Timer(2, work)
                self._second.daemon = True
                self._second.start()
                self._third = threading.Timer(3, work)
                self._third.daemon = True
                self._third.start()

            def stop(self):
                self._first.cancel()
                self._second.cancel()
                self._third.cancel()
        """,
        checks=[*ASKED, "C-KILL"],
    ),
    fixes(
        "nobody looks at what cancel answers: both give None",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(1, work)
            return timer.cancel()
        """,
        """
        import threading


        def call(work):
            timer = threading.Timer(1, work)
            timer.daemon = True
            timer.start()
            return timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "its cancel is handed to a cleanup",
        """
        import eventlet


        def call(work, case):
            timer = eventlet.spawn_after(1, work)
            case.addCleanup(timer.cancel)
        """,
        """
        import threading


        def call(work, case):
            timer = threading.Timer(1, work)
            timer.daemon = True
            timer.start()
            case.addCleanup(timer.cancel)
        """,
        checks=[*ASKED, "C-FLOW"],
    ),
    fixes(
        "printed and compared",
        """
        import eventlet

        LOG = log()


        def call(work, known):
            timer = eventlet.spawn_after(1, work)
            LOG.debug("waits in %s", timer)
            return timer is None or timer in known
        """,
        """
        import threading

        LOG = log()


        def call(work, known):
            timer = threading.Timer(1, work)
            timer.daemon = True
            timer.start()
            LOG.debug("waits in %s", timer)
            return timer is None or timer in known
        """,
        checks=[*ASKED, "C-TYPE"],
    ),
    fixes(
        "timers by key",
        """
        import eventlet


        class Timers:
            def __init__(self):
                self._timers = {}

            def add(self, key, work):
                self._timers[key] = eventlet.spawn_after(1, work, key)

            def drop(self, key):
                self._timers.pop(key).cancel()
        """,
        """
        import threading


        class Timers:
            def __init__(self):
                self._timers = {}

            def add(self, key, work):
                timer = threading.Timer(1, work, args=(key,))
                timer.daemon = True
                self._timers[key] = timer
                timer.start()

            def drop(self, key):
                self._timers.pop(key).cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "timers in a list",
        """
        import eventlet


        class Timers:
            def __init__(self):
                self._timers = []

            def add(self, work):
                self._timers.append(eventlet.spawn_after(1, work))

            def stop(self):
                for timer in self._timers:
                    timer.cancel()
        """,
        """
        import threading


        class Timers:
            def __init__(self):
                self._timers = []

            def add(self, work):
                timer = threading.Timer(1, work)
                timer.daemon = True
                self._timers.append(timer)
                timer.start()

            def stop(self):
                for timer in self._timers:
                    timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "one for each of a loop",
        """
        import eventlet


        def call(works):
            timers = []
            for work in works:
                timers.append(eventlet.spawn_after(1, work))
            for timer in timers:
                timer.cancel()
        """,
        """
        import threading


        def call(works):
            timers = []
            for work in works:
                timer2 = threading.Timer(1, work)
                timer2.daemon = True
                timers.append(timer2)
                timer2.start()
            for timer in timers:
                timer.cancel()
        """,
        checks=[*ASKED, "C-BOUND"],
    ),
    fixes(
        "returned to a caller of the project",
        """
        import eventlet


        def later(work):
            return eventlet.spawn_after(1, work)


        def call(work):
            timer = later(work)
            timer.cancel()
        """,
        """
        import threading


        def later(work):
            timer = threading.Timer(1, work)
            timer.daemon = True
            timer.start()
            return timer


        def call(work):
            timer = later(work)
            timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "arguments of all kinds",
        """
        import eventlet


        def call(delay, work, a, *b, **c):
            timer = eventlet.spawn_after(delay, work, a, *b, x=1, **c)
            timer.cancel()
        """,
        """
        import threading


        def call(delay, work, a, *b, **c):
            timer = threading.Timer(delay, work, args=(a, *b), kwargs={"x": 1, **c})
            timer.daemon = True
            timer.start()
            timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "both by keyword",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(seconds=1, func=work)
            timer.cancel()
        """,
        """
        import threading


        def call(work):
            timer = threading.Timer(1, work)
            timer.daemon = True
            timer.start()
            timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "the target by keyword, evaluated last",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(1, x=first(), func=work)
            timer.cancel()
        """,
        """
        import threading


        def call(work):
            timer = threading.Timer(1, kwargs={"x": first()}, function=work)
            timer.daemon = True
            timer.start()
            timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "other code of eventlet inside its arguments",
        """
        import eventlet


        def call():
            timer = eventlet.spawn_after(1, eventlet.sleep, 2)
            timer.cancel()
        """,
        """
        import threading
        import time


        def call():
            timer = threading.Timer(1, time.sleep, args=(2,))
            timer.daemon = True
            timer.start()
            timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "a long call is broken over lines",
        """
        import eventlet


        class Service:
            def later(self, context):
                self._pending_timer = eventlet.spawn_after(self.interval_between_runs, self.run,
                                                           context, self.manager)

            def stop(self):
                self._pending_timer.cancel()
        """,
        """
        import threading


        class Service:
            def later(self, context):
                self._pending_timer = threading.Timer(
                    self.interval_between_runs, self.run, args=(context, self.manager)
                )
                self._pending_timer.daemon = True
                self._pending_timer.start()

            def stop(self):
                self._pending_timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "comments between its arguments",
        """
        import eventlet


        def call(work, context):
            timer = eventlet.spawn_after(
                # a while
                30,
                work,  # what to do
                context,
            )  # later
            timer.cancel()
        """,
        """
        import threading


        def call(work, context):
            timer = threading.Timer(
                # a while
                30,
                work,  # what to do
                args=(context,),
            )
            timer.daemon = True
            timer.start()  # later
            timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "at the top of a module",
        """
        import eventlet

        TIMER = eventlet.spawn_after(1, print)
        TIMER.cancel()
        """,
        """
        import threading

        TIMER = threading.Timer(1, print)
        TIMER.daemon = True
        TIMER.start()
        TIMER.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "an annotated name",
        """
        import eventlet
        from eventlet import greenthread


        class Service:
            _timer: greenthread.GreenThread | None = None

            def start(self, work) -> None:
                self._timer = eventlet.spawn_after(1, work)

            def stop(self) -> None:
                if self._timer is not None:
                    self._timer.cancel()
        """,
        """
        import threading


        class Service:
            _timer: threading.Timer | None = None

            def start(self, work) -> None:
                self._timer = threading.Timer(1, work)
                self._timer.daemon = True
                self._timer.start()

            def stop(self) -> None:
                if self._timer is not None:
                    self._timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "an annotated assignment",
        """
        import eventlet
        from eventlet.greenthread import GreenThread


        def call(work):
            timer: GreenThread = eventlet.spawn_after(1, work)
            timer.cancel()
        """,
        """
        import threading


        def call(work):
            timer: threading.Timer = threading.Timer(1, work)
            timer.daemon = True
            timer.start()
            timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "one-line suites and semicolons",
        """
        import eventlet


        def call(work, late):
            if late: x = 1; t = eventlet.spawn_after(1, work); t.cancel()
        """,
        """
        import threading


        def call(work, late):
            if late: x = 1; t = threading.Timer(1, work); t.daemon = True; t.start(); t.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "threading is a local",
        """
        import eventlet


        def call(work, threading):
            timer = eventlet.spawn_after(threading, work)
            timer.cancel()
        """,
        """
        import threading as threading_lib


        def call(work, threading):
            timer = threading_lib.Timer(threading, work)
            timer.daemon = True
            timer.start()
            timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "timer is taken",
        """
        import eventlet


        class Timers:
            def __init__(self):
                self._all = []

            def add(self, timer):
                self._all.append(eventlet.spawn_after(1, timer))

            def stop(self):
                for timer in self._all:
                    timer.cancel()
        """,
        """
        import threading


        class Timers:
            def __init__(self):
                self._all = []

            def add(self, timer):
                timer2 = threading.Timer(1, timer)
                timer2.daemon = True
                self._all.append(timer2)
                timer2.start()

            def stop(self):
                for timer in self._all:
                    timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "every way to reach the function",
        """
        import eventlet as e
        from eventlet import greenthread as gt
        from eventlet import spawn_after
        from eventlet.greenthread import spawn_after as later


        def call(work):
            a = e.spawn_after(1, work)
            b = gt.spawn_after(1, work)
            c = spawn_after(1, work)
            d = later(1, work)
            a.cancel(), b.cancel(), c.cancel(), d.cancel()
        """,
        """
        import threading


        def call(work):
            a = threading.Timer(1, work)
            a.daemon = True
            a.start()
            b = threading.Timer(1, work)
            b.daemon = True
            b.start()
            c = threading.Timer(1, work)
            c.daemon = True
            c.start()
            d = threading.Timer(1, work)
            d.daemon = True
            d.start()
            a.cancel(), b.cancel(), c.cancel(), d.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "made in two places for one attribute",
        """
        import eventlet


        class Service:
            def start(self, work):
                self._timer = eventlet.spawn_after(1, work)

            def again(self, work):
                self._timer.cancel()
                self._timer = eventlet.spawn_after(2, work)
        """,
        """
        import threading


        class Service:
            def start(self, work):
                self._timer = threading.Timer(1, work)
                self._timer.daemon = True
                self._timer.start()

            def again(self, work):
                self._timer.cancel()
                self._timer = threading.Timer(2, work)
                self._timer.daemon = True
                self._timer.start()
        """,
        checks=ASKED,
    ),
    fixes(
        "parts of a target of its own",
        """
        import eventlet


        class Service:
            def start(self):
                self._timer = eventlet.spawn_after(1, self._run)

            def _run(self):
                self.done = True

            def stop(self):
                self._timer.cancel()
        """,
        """
        import threading


        class Service:
            def start(self):
                self._timer = threading.Timer(1, self._run)
                self._timer.daemon = True
                self._timer.start()

            def _run(self):
                self.done = True

            def stop(self):
                self._timer.cancel()
        """,
        checks=["C-ATOM"],
    ),
    fixes(
        "the target may end the process",
        """
        import sys

        import eventlet


        def end():
            sys.exit(1)


        def call():
            timer = eventlet.spawn_after(1, end)
            timer.cancel()
        """,
        """
        import sys
        import threading


        def end():
            sys.exit(1)


        def call():
            timer = threading.Timer(1, end)
            timer.daemon = True
            timer.start()
            timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "only while its owner lives, kept",
        """
        from eventlet import greenthread


        def call(work):
            timer = greenthread.spawn_after_local(1, work)
            timer.cancel()
        """,
        """
        import threading


        def call(work):
            timer = threading.Timer(1, work)
            timer.daemon = True
            timer.start()
            timer.cancel()
        """,
        checks=[*ASKED, "C-LIFE"],
    ),
    fixes(
        "only while its owner lives, and for nobody",
        """
        from eventlet import greenthread


        def call(work):
            greenthread.spawn_after_local(1, work)
        """,
        """
        import threading


        def call(work):
            timer = threading.Timer(1, work)
            timer.daemon = True
            timer.start()
        """,
        checks=[*ASKED, "C-LIFE"],
    ),
    fixes(
        "a getcurrent that is only printed",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(1, work)
            print(eventlet.getcurrent())
            timer.cancel()
        """,
        """
        import threading


        def call(work):
            timer = threading.Timer(1, work)
            timer.daemon = True
            timer.start()
            print(threading.current_thread())
            timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "a time limit around a cancel does not matter",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(1, work)
            with eventlet.Timeout(3):
                timer.cancel()
        """,
        """
        import threading

        import eventlet


        def call(work):
            timer = threading.Timer(1, work)
            timer.daemon = True
            timer.start()
            with eventlet.Timeout(3):
                timer.cancel()
        """,
        checks=ASKED,
        left=1,
    ),
    fixes(
        "waited for, with the project's helpers",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(1, work, 2, x=3)
            return timer.wait()
        """,
        """
        from pkg import threads


        def call(work):
            timer = threads.call_later(1, work, 2, x=3)
            return timer.result()
        """,
        checks=FUTURE,
        helpers="pkg.threads",
    ),
    fixes(
        "waited for at once",
        """
        import eventlet


        def call(work):
            return eventlet.spawn_after(1, work).wait()
        """,
        """
        from pkg import threads


        def call(work):
            return threads.call_later(1, work).result()
        """,
        checks=FUTURE,
        helpers="pkg.threads",
    ),
    fixes(
        "waited for and cancelled",
        """
        import eventlet


        class Service:
            def start(self, work):
                self._timer = eventlet.spawn_after(1, work)

            def stop(self):
                self._timer.cancel()

            def kill(self):
                self._timer.kill()

            def finish(self):
                return self._timer.wait()
        """,
        """
        from pkg import threads


        class Service:
            def start(self, work):
                self._timer = threads.call_later(1, work)

            def stop(self):
                self._timer.cancel()

            def kill(self):
                self._timer.cancel()

            def finish(self):
                return self._timer.result()
        """,
        checks=[*FUTURE, "C-KILL"],
        helpers="pkg.threads",
    ),
    fixes(
        "asked whether it is over",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(1, work)
            while not timer.dead:
                pass
        """,
        """
        from pkg import threads


        def call(work):
            timer = threads.call_later(1, work)
            while not timer.done():
                pass
        """,
        checks=FUTURE,
        helpers="pkg.threads",
    ),
    fixes(
        "what the work raises is caught",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(1, work)
            timer.cancel()
            try:
                timer.wait()
            except ValueError:
                pass
        """,
        """
        from pkg import threads


        def call(work):
            timer = threads.call_later(1, work)
            timer.cancel()
            try:
                timer.result()
            except ValueError:
                pass
        """,
        checks=[*FUTURE, "C-KILL"],
        helpers="pkg.threads",
    ),
    fixes(
        "linked",
        """
        import eventlet


        def done(gt, name):
            print(name, gt.wait())


        def call(work):
            timer = eventlet.spawn_after(1, work)
            timer.link(done, "x")
        """,
        """
        from pkg import threads


        def done(gt, name):
            print(name, gt.result())


        def call(work):
            timer = threads.call_later(1, work)
            timer.add_done_callback(lambda future: done(future, "x"))
        """,
        checks=[*FUTURE, "C-ORDER"],
        helpers="pkg.threads",
    ),
    fixes(
        "the target by keyword after others",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(1, x=2, func=work, y=3)
            timer.wait()
        """,
        """
        from pkg import threads


        def call(work):
            timer = threads.call_later(1, work, x=2, y=3)
            timer.result()
        """,
        checks=FUTURE,
        helpers="pkg.threads",
    ),
    fixes(
        "in the middle of an expression",
        """
        import eventlet


        class Service:
            def start(self, works):
                self._timers = [eventlet.spawn_after(1, work) for work in works]

            def stop(self):
                for timer in self._timers:
                    timer.cancel()
        """,
        """
        from pkg import threads


        class Service:
            def start(self, works):
                self._timers = [threads.call_later(1, work) for work in works]

            def stop(self):
                for timer in self._timers:
                    timer.cancel()
        """,
        checks=[*FUTURE, "C-BOUND", "C-KILL"],
        helpers="pkg.threads",
    ),
    fixes(
        "a call over two lines is laid out anew",
        """
        import eventlet


        class Host:
            def later(self, event):
                self.ident = eventlet.spawn_after(self._delay_of_events,
                                                  self._emit, event)
                return self.ident.wait()
        """,
        """
        from pkg import threads


        class Host:
            def later(self, event):
                self.ident = threads.call_later(self._delay_of_events, self._emit, event)
                return self.ident.result()
        """,
        checks=FUTURE,
        helpers="pkg.threads",
        line_length=100,
    ),
    fixes(
        "with comments that stay where they are",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(  # soon
                1,
                work,
                # the rest
            )
            return timer.wait()
        """,
        """
        from pkg import threads


        def call(work):
            timer = threads.call_later(  # soon
                1,
                work,
                # the rest
            )
            return timer.result()
        """,
        checks=FUTURE,
        helpers="pkg.threads",
    ),
    fixes(
        "what is only cancelled needs no helper",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(1, work)
            timer.cancel()
        """,
        """
        import threading


        def call(work):
            timer = threading.Timer(1, work)
            timer.daemon = True
            timer.start()
            timer.cancel()
        """,
        checks=ASKED,
        helpers="pkg.threads",
    ),
    fixes(
        "an annotation with helpers",
        """
        import eventlet
        from eventlet.greenthread import GreenThread


        def call(work):
            timer: GreenThread = eventlet.spawn_after(1, work)
            return timer.wait()
        """,
        """
        from concurrent import futures

        from pkg import threads


        def call(work):
            timer: futures.Future = threads.call_later(1, work)
            return timer.result()
        """,
        checks=FUTURE,
        helpers="pkg.threads",
    ),
    fixes(
        "both by keyword, which call_later does not know",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(seconds=1, func=work, x=2)
            timer.wait()
        """,
        """
        from pkg import threads


        def call(work):
            timer = threads.call_later(1, work, x=2)
            timer.result()
        """,
        checks=FUTURE,
        helpers="pkg.threads",
    ),
    fixes(
        "a semicolon at the end",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(1, work);
            timer.cancel()
        """,
        """
        import threading


        def call(work):
            timer = threading.Timer(1, work)
            timer.daemon = True
            timer.start()
            timer.cancel()
        """,
        checks=ASKED,
    ),
    fixes(
        "a green thread in its own arguments",
        """
        import eventlet


        def call(work):
            timer = eventlet.spawn_after(1, lambda: eventlet.spawn_after(2, work))
            timer.cancel()
        """,
        """
        import threading

        import eventlet


        def call(work):
            timer = threading.Timer(1, lambda: eventlet.spawn_after(2, work))
            timer.daemon = True
            timer.start()
            timer.cancel()
        """,
        checks=["C-ATOM"],
        left=1,
    ),
]

#: Files before, and those that change, as they are after.
PROJECTS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "a subclass in another file cancels it": (
        {
            "pkg/base.py": """
                import eventlet


                class Lease:
                    _timer = None

                    def start(self, work):
                        self._timer = eventlet.spawn_after(1, work)
            """,
            "pkg/short.py": """
                import eventlet

                from pkg import base


                class Short(base.Lease):
                    def stop(self):
                        if self._timer is not None:
                            self._timer.kill()

                    def drop(self):
                        eventlet.greenthread.cancel(self._timer)
            """,
        },
        {
            "pkg/base.py": """
                import threading


                class Lease:
                    _timer = None

                    def start(self, work):
                        self._timer = threading.Timer(1, work)
                        self._timer.daemon = True
                        self._timer.start()
            """,
            "pkg/short.py": """
                from pkg import base


                class Short(base.Lease):
                    def stop(self):
                        if self._timer is not None:
                            self._timer.cancel()

                    def drop(self):
                        self._timer.cancel()
            """,
        },
    ),
    "a subclass in another file throws into it": (
        {
            "pkg/base.py": """
                import eventlet


                class Lease:
                    def start(self, work):
                        self._timer = eventlet.spawn_after(1, work)
            """,
            "pkg/short.py": """
                from pkg import base


                class Short(base.Lease):
                    def stop(self):
                        self._timer.throw(ValueError)
            """,
        },
        {},
    ),
    "a function of another file gives it": (
        {
            "pkg/later.py": """
                from eventlet import spawn_after


                def later(work):
                    return spawn_after(1, work)
            """,
            "pkg/main.py": """
                from pkg import later


                def main(work):
                    timer = later.later(work)
                    timer.kill()
            """,
        },
        {
            "pkg/later.py": """
                import threading


                def later(work):
                    timer = threading.Timer(1, work)
                    timer.daemon = True
                    timer.start()
                    return timer
            """,
            "pkg/main.py": """
                from pkg import later


                def main(work):
                    timer = later.later(work)
                    timer.cancel()
            """,
        },
    ),
}


@pytest.mark.parametrize("name", PROJECTS)
def test_projects(name: str, tmp_path: Path) -> None:
    before, after = PROJECTS[name]
    for path, text in {"pkg/__init__.py": "", **before}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(textwrap.dedent(text).lstrip("\n"))
    settings = Settings(monkey_patched="yes", line_length=100)
    found = discover(tmp_path, [tmp_path], settings)
    result = run(tmp_path, found.files, settings, whole_project=True)
    changed = {c.entry.path: c.new.decode() for c in result.changes if c.new is not None}
    assert changed == {k: textwrap.dedent(v).lstrip("\n") for k, v in after.items()}
    ours = [f for c in result.changes for f in c.entry.findings if f.rule == "EVT114"]
    assert {finding.status for finding in ours} == {"rewritten" if after else "left"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_delayed_call(case: Case) -> None:
    check(case, "delayed-call")
