from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.discovery import discover
from eventlet_codemod.run import run
from eventlet_codemod.testing import Case, check, fixes, manual, noop

#: What is asked of a target that is not in the file, where something comes after.
ASKED = ["C-START", "C-ATOM", "C-EXIT", "C-EXC"]

#: The same where the spawn is the last thing that its function does.
LAST = ["C-ATOM", "C-EXIT", "C-EXC"]

#: The questions about a thread that is only kept.
THREAD = ["C-START", "C-ATOM", "C-EXIT"]


def left(what: str, use: str, says: str, *, parameters: str = "work, other") -> Case:
    """A green thread ``gt`` that stays because of ``use``."""
    use = textwrap.indent(use, "    ")
    source = f"import eventlet\n\n\ndef call({parameters}):\n    gt = eventlet.spawn(work)\n{use}\n"
    return manual(what, source, says=says)


CASES = [
    noop(
        "a spawn of the project",
        """
        import eventlet.wsgi

        from pkg import spawn

        gt = spawn(print)
        gt.wait()
        """,
    ),
    noop(
        "a method called spawn",
        """
        import eventlet.wsgi


        def call(pool):
            gt = pool.spawn(print)
            gt.wait()
            gt.kill()
        """,
    ),
    noop(
        "a process",
        """
        import subprocess

        import eventlet.wsgi

        process = subprocess.Popen(["true"])
        process.wait()
        process.kill()
        """,
    ),
    noop(
        "a parameter hides the module",
        """
        import eventlet.wsgi


        def call(eventlet, work):
            gt = eventlet.spawn(work)
            gt.wait()
        """,
    ),
    manual(
        "the backdoor of eventlet, which stays",
        """
        import eventlet
        from eventlet import backdoor

        thread = eventlet.spawn(backdoor.backdoor_server, sock)
        thread.wait()
        """,
        says="it runs `backdoor.backdoor_server` of eventlet, which stays",
    ),
    manual(
        "a function that runs a server is killed",
        """
        import eventlet
        from eventlet import wsgi


        class Service:
            def run(self, sock, app):
                wsgi.server(sock, app, protocol=self.protocol)

            def start(self, sock, app):
                self.thread = eventlet.spawn(self.run, sock, app)

            def stop(self):
                self.thread.kill()
        """,
        advises="for run(), line 7, answers what has begun and returns when `sock` is closed",
        helpers="pkg.concurrency",
    ),
    manual(
        "another import binds the name",
        """
        import eventlet
        from pkg import eventlet

        gt = eventlet.spawn(print)
        gt.wait()
        """,
        says="may not be eventlet's here",
    ),
    # --- what cannot be said to a Future ----------------------------------------------------
    left("it is killed", "gt.kill()", "it is killed on line 6"),
    left("it is killed with an exception", "gt.kill(ValueError)", "it is killed on line 6"),
    left(
        "another was started between wait and kill",
        "gt.wait()\ngt = eventlet.spawn(work)\ngt.kill()",
        "it is killed on line 8",
    ),
    left(
        "another takes its place where it is waited for",
        "gt = eventlet.spawn(work, gt.wait())\ngt.kill()",
        "it is killed on line 7",
    ),
    left(
        "another may be in the list by then",
        "gts = [gt]\n[t.wait() for t in gts]\ngts.append(eventlet.spawn(work))\n"
        "[t.kill() for t in gts]",
        "it is killed on line 9",
    ),
    left(
        "another may have the name by then",
        "def again():\n    nonlocal gt\n    gt = eventlet.spawn(work)\n"
        "gt.wait()\nagain()\ngt.kill()",
        "it is killed on line 11",
    ),
    manual(
        "another may be the attribute by then",
        """
        import eventlet


        class Service:
            def start(self, work):
                self._runner = eventlet.spawn(work)

            def restart(self, work):
                self._runner.wait()
                self.start(work)
                self._runner.kill()
        """,
        says="it is killed on line 11",
    ),
    left("its kill is passed on", "other(gt.kill)", "it is killed on line 6"),
    left("the function kill is called", "eventlet.kill(gt)", "it is killed on line 6"),
    left("something is thrown into it", "gt.throw(ValueError)", ".throw has no native twin"),
    left("it is switched to", "gt.switch()", ".switch has no native twin"),
    left("it is run", "gt.run()", ".run has no native twin"),
    left("its frame is looked at", "print(gt.gr_frame)", ".gr_frame has no native twin"),
    left("a callback is taken back", "gt.unlink(other)", ".unlink has no native twin"),
    left("wait is given an argument", "gt.wait(1)", ".wait() is given arguments on line 6"),
    left("wait is given a star", "gt.wait(*other)", ".wait() is given arguments on line 6"),
    left("cancel is given what to throw", "gt.cancel(ValueError)", ".cancel() is given arguments"),
    left("the answer of cancel is used", "if gt.cancel():\n    pass", "the answer of cancel()"),
    left("cancel is passed on", "other(gt.cancel)", ".cancel is passed on, uncalled"),
    left("link is passed on", "other(gt.link)", ".link is passed on, uncalled"),
    left("the answer of link is used", "x = gt.link(print)", "passed to a callback"),
    left("dead is called", "gt.dead()", ".dead is called"),
    left("dead is set", "gt.dead = True", ".dead is set anew"),
    left("its wait is replaced", "gt.wait = other", ".wait is set anew"),
    left("something of its own", "gt.name = 'x'", ".name is set anew"),
    left(
        "the function cancel is given what to throw",
        "eventlet.greenthread.cancel(gt, ValueError)",
        "cancel() is given what to throw on line 6",
    ),
    left(
        "the answer of the function cancel is used",
        "return eventlet.greenthread.cancel(gt)",
        "the answer of cancel() is used on line 6",
    ),
    left(
        "what a cancelled one raises is caught",
        "gt.cancel()\ntry:\n    gt.wait()\nexcept eventlet.greenlet.GreenletExit:\n    pass",
        "GreenletExit is caught on line 8",
    ),
    left(
        "what a cancelled one raises is suppressed",
        "gt.cancel()\nwith other(eventlet.greenlet.GreenletExit):\n    gt.wait()",
        "GreenletExit is caught on line 8",
    ),
    manual(
        "what a cancelled one raises is caught under another name, around the function that waits",
        """
        import eventlet
        from greenlet import GreenletExit as Gone


        class Service:
            def start(self, work):
                self._runner = eventlet.spawn(work)

            def join(self):
                self._runner.wait()

            def stop(self):
                eventlet.greenthread.cancel(self._runner)
                try:
                    self.join()
                except (OSError, Gone):
                    print("gone")
        """,
        says="GreenletExit is caught on line 10",
    ),
    left("it is iterated over", "for x in gt:\n    pass", "a use of kind iterate"),
    left("a with statement", "with gt:\n    pass", "a use of kind with"),
    left("it is called", "gt()", "it is passed on (line 6)"),
    manual(
        "its class is asked for",
        """
        import eventlet
        from eventlet import greenthread


        def call(work):
            gt = eventlet.spawn(work)
            return isinstance(gt, greenthread.GreenThread)
        """,
        says="a use of kind isinstance has no native twin",
    ),
    # --- where it goes ----------------------------------------------------------------------
    left("it is passed on", "other(gt)\ngt.wait()", "it is passed on (line 6)"),
    left("it is passed on by keyword", "other(thread=gt)", "it is passed on (line 6)"),
    left("it is passed on with a star", "other(*[gt])", "it is passed on"),
    left("a list of it is passed on", "gts = [gt]\nother(gts)", "what holds it is passed on"),
    left("it is stored on another object", "other.gt = gt", "it is stored on another object"),
    left("it is stored in a parameter", "other[1] = gt", "leaves open what is passed for other"),
    left("it is appended to a parameter", "other.append(gt)", "leaves open what is passed for"),
    left("it is returned and nobody calls", "return gt", "it is returned, and nothing here calls"),
    left("it is yielded and nobody calls", "yield gt", "it is returned, and nothing here calls"),
    left("its attribute is got by name", "getattr(gt, other)()", "it is passed on (line 6)"),
    left("the name holds something else too", "gt.wait()\ngt = other", "line 7 binds it to"),
    left("something else is beside it in a list", "gts = [gt, other]", "puts something else"),
    left("one of two", "gt = gt or other\ngt.wait()", "may give something else in its place"),
    left("one of two by a condition", "x = gt if other else work\nx.wait()", "may give something"),
    left(
        "the parameter may be passed anything",
        "gt.wait()",
        "leaves open what is passed for gt",
        parameters="work, gt",
    ),
    left("an unknown callback gets it", "gt.link(other)", "it is passed to a callback (line 6)"),
    left("a callback of a library gets it", "gt.link(print)", "it is passed to a callback (line"),
    manual(
        "the current green thread is compared with it, and its result is used",
        """
        import eventlet


        class Service:
            def start(self, work):
                self._runner = eventlet.spawn(work)

            def stop(self):
                if self._runner is not eventlet.getcurrent():
                    return self._runner.wait()
        """,
        says="getcurrent() on line 9 may be compared with it",
    ),
    manual(
        "the current green thread is compared with it, and a callback is linked to it",
        """
        import eventlet


        class Service:
            def start(self, work):
                self._runner = eventlet.spawn(work)
                self._runner.link(lambda thread: print("ended"))

            def stop(self):
                if self._runner is not eventlet.getcurrent():
                    self._runner.wait()
        """,
        says="getcurrent() on line 10 may be compared with it",
    ),
    manual(
        "the current green thread is asked for where another is kept by an attribute",
        """
        import eventlet


        class Service:
            def start(self, work, other):
                self._runner = eventlet.spawn(work)
                self._other = eventlet.spawn(other)

            def stop(self):
                self._other.wait()
                return self._runner is eventlet.getcurrent()
        """,
        says="getcurrent() on line 11 may be compared with it",
    ),
    manual(
        "the current green thread is asked for where a list keeps one that is waited for",
        """
        import eventlet


        def run(work, other, threads):
            thread = eventlet.spawn(work)
            threads.append(thread)
            thread.wait()
            return eventlet.getcurrent() in threads
        """,
    ),
    fixes(
        "the current green thread is compared with it",
        """
        import eventlet


        class Service:
            def start(self, work):
                self._runner = eventlet.spawn(work)

            def stop(self):
                if self._runner is not eventlet.getcurrent():
                    self._runner.wait()
        """,
        """
        import threading


        class Service:
            def start(self, work):
                self._runner = threading.Thread(target=work, daemon=True)
                self._runner.start()

            def stop(self):
                if self._runner is not threading.current_thread():
                    self._runner.join()
        """,
        checks=["C-START", "C-ATOM", "C-EXIT", "C-EXC"],
    ),
    fixes(
        "the current green thread finds itself in a mapping of the class",
        """
        import eventlet


        class Controller:
            running = {}

            def __init__(self, work):
                self.thread = eventlet.spawn(work)
                self.running[self.thread] = self

            @classmethod
            def current(cls):
                return cls.running.get(eventlet.getcurrent())

            def finish(self):
                self.thread.wait()


        def run(work, other):
            controller = Controller(work)
            thread = eventlet.spawn(other)
            controller.finish()
            return thread.wait()
        """,
        """
        import threading
        from concurrent import futures


        class Controller:
            running = {}

            def __init__(self, work):
                self.thread = threading.Thread(target=work, daemon=True)
                self.thread.start()
                self.running[self.thread] = self

            @classmethod
            def current(cls):
                return cls.running.get(threading.current_thread())

            def finish(self):
                self.thread.join()


        def run(work, other):
            controller = Controller(work)
            thread = futures.ThreadPoolExecutor(max_workers=1).submit(other)
            controller.finish()
            return thread.result()
        """,
        checks=["C-START", "C-ATOM", "C-EXIT", "C-EXC", "C-FLOW", "C-LIFE"],
    ),
    fixes(
        "the current green thread finds itself in a dict",
        """
        import eventlet

        RUNNING = {}


        def start(work):
            RUNNING[eventlet.spawn(work)] = work


        def finish():
            del RUNNING[eventlet.getcurrent()]
        """,
        """
        import threading

        RUNNING = {}


        def start(work):
            thread = threading.Thread(target=work, daemon=True)
            RUNNING[thread] = work
            thread.start()


        def finish():
            del RUNNING[threading.current_thread()]
        """,
        checks=["C-START", "C-ATOM", "C-EXIT", "C-FLOW"],
    ),
    manual(
        "the current green thread finds itself in a dict, and one is waited for",
        """
        import eventlet

        RUNNING = {}


        def start(work):
            RUNNING[eventlet.spawn(work)] = work


        def finish():
            del RUNNING[eventlet.getcurrent()]


        def join():
            for thread in list(RUNNING):
                thread.wait()
        """,
        says="`RUNNING` keeps it as a key, and line 15 may take the keys out",
    ),
    manual(
        "the current green thread finds itself in a dict, and another is waited for",
        """
        import eventlet

        RUNNING = {}


        def start(work, other):
            RUNNING[eventlet.spawn(work)] = work
            return eventlet.spawn(other).wait()


        def finish():
            del RUNNING[eventlet.getcurrent()]
        """,
        says="getcurrent() on line 12 may be compared with it",
    ),
    manual(
        "the current green thread finds itself in a dict, and only the spawn was asked for",
        """
        import eventlet

        RUNNING = {}


        def start(work):
            RUNNING[eventlet.spawn(work)] = work


        def finish():
            del RUNNING[eventlet.getcurrent()]
        """,
        says="getcurrent() on line 11 may be compared with it",
        select=("EVT113",),
    ),
    fixes(
        "waited for at once, but it may never end",
        """
        import eventlet


        def serve():
            while True:
                print("tick")


        def main():
            server = eventlet.spawn(serve)
            try:
                server.wait()
            except KeyboardInterrupt:
                print("bye")
        """,
        """
        from concurrent import futures


        def serve():
            while True:
                print("tick")


        def main():
            server = futures.ThreadPoolExecutor(max_workers=1).submit(serve)
            try:
                server.result()
            except KeyboardInterrupt:
                print("bye")
        """,
        checks=["C-START", "C-ATOM", "C-EXC", "C-LIFE"],
    ),
    fixes(
        "waited for at once",
        """
        import eventlet


        def main(work):
            child = eventlet.spawn(work)
            try:
                child.wait()
            except KeyboardInterrupt:
                print("bye")
        """,
        """
        from concurrent import futures


        def main(work):
            child = futures.ThreadPoolExecutor(max_workers=1).submit(work)
            try:
                child.result()
            except KeyboardInterrupt:
                print("bye")
        """,
        checks=ASKED,
    ),
    fixes(
        "the current green thread is only printed",
        """
        import eventlet


        def call(work):
            gt = eventlet.spawn(work)
            print(eventlet.getcurrent())
            gt.wait()
        """,
        """
        import threading
        from concurrent import futures


        def call(work):
            gt = futures.ThreadPoolExecutor(max_workers=1).submit(work)
            print(threading.current_thread())
            gt.result()
        """,
        checks=[*ASKED, "C-LIFE"],
    ),
    manual(
        "an event in the same list",
        """
        import eventlet


        def call(work):
            waiting = [eventlet.spawn(work), eventlet.Event()]
            for item in waiting:
                item.wait()
        """,
    ),
    manual(
        "the other spawn under the same name, and it is waited for",
        """
        import eventlet


        def call(work, quiet):
            if quiet:
                gt = eventlet.spawn_n(work)
            else:
                gt = eventlet.spawn(work)
            gt.wait()
        """,
        says="spawn_n gives nothing that can be waited for",
    ),
    fixes(
        "the other spawn under the same name",
        """
        import eventlet


        class Service:
            def start(self, work, quiet):
                if quiet:
                    self._runner = eventlet.spawn_n(work)
                else:
                    self._runner = eventlet.spawn(work)
        """,
        """
        import threading


        class Service:
            def start(self, work, quiet):
                if quiet:
                    self._runner = threading.Thread(target=work, daemon=True)
                    self._runner.start()
                else:
                    self._runner = threading.Thread(target=work, daemon=True)
                    self._runner.start()
        """,
        checks=["C-ATOM", "C-EXIT"],
    ),
    manual(
        "a key of a mapping from another module",
        """
        import eventlet

        from pkg.registry import RUNNING


        def start(work):
            gt = eventlet.spawn(work)
            RUNNING[gt] = work
        """,
        says="`RUNNING` keeps it as a key on line 8, and comes from elsewhere",
    ),
    manual(
        "a key of a mapping that is passed",
        """
        import eventlet


        def start(work, running):
            gt = eventlet.spawn(work)
            running[gt] = work
        """,
        says="`running` keeps it as a key on line 6, and comes from elsewhere",
    ),
    manual(
        "an attribute whose name is in a list of names",
        """
        import eventlet


        class Service:
            def start(self, work):
                self.worker = eventlet.spawn(work)

            def stop(self):
                for name in ("worker", "reporter"):
                    thread = getattr(self, name, None)
                    if thread is not None:
                        thread.kill()
        """,
        says="line 10 looks up names at run time",
    ),
    manual(
        "a key that a loop takes out",
        """
        import eventlet


        class Service:
            def __init__(self):
                self.running = {}

            def start(self, work):
                gt = eventlet.spawn(work)
                self.running[gt] = work

            def stop(self):
                for gt, work in self.running.items():
                    gt.kill()
        """,
        says="`running` keeps it as a key, and line 13 may take the keys out",
    ),
    manual(
        "a key of a dict that is passed on",
        """
        import eventlet


        def start(work, other):
            gt = eventlet.spawn(work)
            running = {gt: work}
            other(running)
        """,
        says="`running` keeps it as a key, and line 7 may take the keys out",
    ),
    manual(
        "a key of a dict that has another name as well",
        """
        import eventlet


        def start(work, running):
            table = running
            gt = eventlet.spawn(work)
            table[gt] = work
        """,
        says="`table` keeps it as a key, and line 5 may take the keys out",
    ),
    manual(
        "a key of something without a name",
        """
        import eventlet


        def start(work, tables):
            gt = eventlet.spawn(work)
            tables()[gt] = work
        """,
        says="a mapping that has no name keeps it as a key on line 6",
    ),
    fixes(
        "a key of a local dict that is only asked",
        """
        import eventlet


        def start(work, other):
            names = {}
            gt = eventlet.spawn(work)
            names[gt] = "work"
            if gt in names and len(names) > 0:
                print(names[gt], names.values())
        """,
        """
        import threading


        def start(work, other):
            names = {}
            gt = threading.Thread(target=work, daemon=True)
            gt.start()
            names[gt] = "work"
            if gt in names and len(names) > 0:
                print(names[gt], names.values())
        """,
        checks=THREAD,
    ),
    manual(
        "a delayed one under the same name",
        """
        import eventlet


        def call(work, late):
            if late:
                gt = eventlet.spawn_after(late, work)
            else:
                gt = eventlet.spawn(work)
            gt.wait()
        """,
    ),
    manual(
        "another object's attribute may be it",
        """
        import eventlet


        class Service:
            def start(self, work):
                self.thread = eventlet.spawn(work)

            def join(self, other):
                other.thread.wait()
        """,
        says="other objects' .thread may be it",
    ),
    manual(
        "a method of a subclass takes the name",
        """
        import eventlet


        class Service:
            def start(self, work):
                self._runner = eventlet.spawn(work)

            def wait(self):
                self._runner.wait()


        class Other(Service):
            def _runner(self):
                return 3
        """,
        says="line 13 binds its name as well",
    ),
    manual(
        "a subclass keeps something else under the name",
        """
        import eventlet


        class Service:
            def start(self, work):
                self._runner = eventlet.spawn(work)

            def wait(self):
                self._runner.wait()


        class Other(Service):
            def start(self, work):
                self._runner = work.start()
        """,
        says="line 14 binds it to something else",
    ),
    manual(
        "a method of a subclass returns something else",
        """
        import eventlet


        class Service:
            def _begin(self, work):
                return eventlet.spawn(work)

            def call(self, work):
                return self._begin(work).wait()


        class Other(Service):
            def _begin(self, work):
                return work.start()
        """,
        says="line 14 returns something else from _begin()",
    ),
    manual(
        "a method of a base class returns something else",
        """
        import eventlet


        class Service:
            def _begin(self, work):
                return work.start()

            def call(self, work):
                return self._begin(work).wait()


        class Other(Service):
            def _begin(self, work):
                return eventlet.spawn(work)
        """,
        says="line 6 returns something else from _begin()",
    ),
    manual(
        "the attribute is looked up by its name",
        """
        import eventlet


        class Service:
            def start(self, work):
                self._runner = eventlet.spawn(work)

            def stop(self):
                getattr(self, "_runner").wait()
        """,
        says="looks up names at run time",
    ),
    manual(
        "a string names the class of a parameter",
        """
        import eventlet


        def _wait(gt: "eventlet.greenthread.GreenThread | None"):
            if gt is not None:
                gt.wait()


        def call(work):
            _wait(eventlet.spawn(work))
        """,
        says="line 4 names its class in a string",
    ),
    manual(
        "a type comment",
        """
        import eventlet


        def call(work):
            gt = eventlet.spawn(work)  # type: eventlet.greenthread.GreenThread
            gt.wait()
        """,
        says="a type comment names its class",
    ),
    # --- the call itself --------------------------------------------------------------------
    manual(
        "a star hides the target",
        """
        import eventlet


        def call(*args):
            gt = eventlet.spawn(*args)
            gt.wait()
        """,
        says="its target cannot be seen on line 5",
    ),
    manual(
        "a mapping may hold the target",
        """
        import eventlet


        def call(**kwargs):
            gt = eventlet.spawn(**kwargs)
            gt.wait()
        """,
        says="its target cannot be seen on line 5",
    ),
    manual(
        "no target, a TypeError today",
        """
        import eventlet


        def call():
            gt = eventlet.spawn()
            gt.wait()
        """,
        says="its target cannot be seen on line 5",
    ),
    manual(
        "the target is got after other calls",
        """
        import eventlet


        def call(first, second):
            gt = eventlet.spawn(a=first(), func=second())
            gt.wait()
        """,
        says="the target comes after other arguments on line 5",
    ),
    manual(
        "a comment behind the bracket",
        """
        import eventlet


        def call(work):
            gt = eventlet.spawn(  # in the background
                work)
            gt.wait()
        """,
        says="a comment stands inside the arguments on line 5",
    ),
    manual(
        "what spawn_n gives cannot be waited for",
        """
        import eventlet


        def call(work):
            gt = eventlet.spawn_n(work)
            gt.wait()
        """,
        says="spawn_n gives nothing that can be waited for",
    ),
    manual(
        "eventlet may not be installed",
        """
        try:
            import eventlet
        except ImportError:
            eventlet = None


        def call(work):
            gt = eventlet.spawn(work)
            gt.wait()
        """,
    ),
    # --- a Future ---------------------------------------------------------------------------
    fixes(
        "waited for",
        """
        import eventlet


        def call(work):
            gt = eventlet.spawn(work, 1)
            prepare()
            return gt.wait()
        """,
        """
        from concurrent import futures


        def call(work):
            gt = futures.ThreadPoolExecutor(max_workers=1).submit(work, 1)
            prepare()
            return gt.result()
        """,
        checks=[*ASKED, "C-LIFE"],
    ),
    fixes(
        "at the top of a module",
        """
        import eventlet

        gt = eventlet.spawn(print, 1)
        gt.wait()
        """,
        """
        from concurrent import futures

        gt = futures.ThreadPoolExecutor(max_workers=1).submit(print, 1)
        gt.result()
        """,
        checks=[*ASKED, "C-LIFE"],
    ),
    fixes(
        "in the body of a class",
        """
        import eventlet


        class Service:
            _loader = eventlet.spawn(load)

            def get(self):
                return self._loader.wait()
        """,
        """
        from concurrent import futures


        class Service:
            _loader = futures.ThreadPoolExecutor(max_workers=1).submit(load)

            def get(self):
                return self._loader.result()
        """,
        checks=[*ASKED, "C-LIFE"],
    ),
    fixes(
        "every way to reach the function",
        """
        import eventlet as e
        from eventlet import greenthread as gt
        from eventlet.greenthread import spawn as go


        def call(work):
            a = e.spawn(work)
            b = gt.spawn(work)
            c = go(work)
            return a.wait(), b.wait(), c.wait()
        """,
        """
        from concurrent import futures


        def call(work):
            a = futures.ThreadPoolExecutor(max_workers=1).submit(work)
            b = futures.ThreadPoolExecutor(max_workers=1).submit(work)
            c = futures.ThreadPoolExecutor(max_workers=1).submit(work)
            return a.result(), b.result(), c.result()
        """,
        checks=[*ASKED, "C-LIFE"],
    ),
    fixes(
        "a parameter is called futures",
        """
        import eventlet


        def call(work, futures):
            gt = eventlet.spawn(work)
            futures.append(gt.wait())
        """,
        """
        from concurrent import futures as futures_lib


        def call(work, futures):
            gt = futures_lib.ThreadPoolExecutor(max_workers=1).submit(work)
            futures.append(gt.result())
        """,
        checks=ASKED,
    ),
    fixes(
        "kept on self, asked for in other methods and a subclass",
        """
        import eventlet


        class Service:
            def __init__(self):
                self._loop_thread = None

            def start(self):
                self._loop_thread = eventlet.spawn(self._loop)

            def _loop(self):
                pass

            def wait(self):
                if self._loop_thread is not None:
                    self._loop_thread.wait()


        class Other(Service):
            def finish(self):
                self._loop_thread.wait()
                self._loop_thread = None
        """,
        """
        from concurrent import futures


        class Service:
            def __init__(self):
                self._loop_thread = None

            def start(self):
                self._loop_thread = futures.ThreadPoolExecutor(max_workers=1).submit(
                    self._loop
                )

            def _loop(self):
                pass

            def wait(self):
                if self._loop_thread is not None:
                    self._loop_thread.result()


        class Other(Service):
            def finish(self):
                self._loop_thread.result()
                self._loop_thread = None
        """,
        checks=["C-ATOM", "C-EXC", "C-LIFE", "C-START"],
    ),
    fixes(
        "an attribute of unknown objects may be set to something else",
        """
        import eventlet


        class Service:
            def start(self, work):
                self._loader = eventlet.spawn(work)

            def get(self):
                return self._loader.wait()


        def test(service):
            service._loader = Fake()
            assert isinstance(service, Service)
        """,
        """
        from concurrent import futures


        class Service:
            def start(self, work):
                self._loader = futures.ThreadPoolExecutor(max_workers=1).submit(work)

            def get(self):
                return self._loader.result()


        def test(service):
            service._loader = Fake()
            assert isinstance(service, Service)
        """,
        checks=[*LAST, "C-LIFE", "C-FLOW", "C-START"],
    ),
    fixes(
        "collected in a list",
        """
        import eventlet


        def call(jobs):
            threads = []
            for job in jobs:
                threads.append(eventlet.spawn(job.run))
            for thread in threads:
                thread.wait()
        """,
        """
        from concurrent import futures


        def call(jobs):
            threads = []
            for job in jobs:
                threads.append(
                    futures.ThreadPoolExecutor(max_workers=1).submit(job.run)
                )
            for thread in threads:
                thread.result()
        """,
        checks=[*ASKED, "C-BOUND", "C-LIFE"],
    ),
    fixes(
        "collected in a list, on a line of its own",
        """
        import eventlet


        class Case:
            def test(self, numbers):
                threads = []
                if numbers:
                    for number in numbers:
                        threads.append(
                            eventlet.spawn(self._acquire_and_release, number, 1)
                        )
                        threads.append(eventlet.spawn(
                            self._acquire_and_release, number))
                [t.wait() for t in threads]
        """,
        """
        from concurrent import futures


        class Case:
            def test(self, numbers):
                threads = []
                if numbers:
                    for number in numbers:
                        threads.append(
                            futures.ThreadPoolExecutor(max_workers=1).submit(
                                self._acquire_and_release, number, 1
                            )
                        )
                        threads.append(futures.ThreadPoolExecutor(max_workers=1).submit(
                            self._acquire_and_release, number
                        ))
                [t.result() for t in threads]
        """,
        checks=[*ASKED, "C-BOUND", "C-LIFE"],
    ),
    fixes(
        "a comprehension of several lines that must be laid out anew",
        """
        import eventlet


        def call(build_and_run, context, networks):
            threads = [eventlet.spawn(build_and_run,
                                      context,
                                      network)
                       for network in networks]
            return [t.wait() for t in threads]
        """,
        """
        from concurrent import futures


        def call(build_and_run, context, networks):
            threads = [
                futures.ThreadPoolExecutor(max_workers=1).submit(
                    build_and_run, context, network
                )
                for network in networks
            ]
            return [t.result() for t in threads]
        """,
        checks=[*ASKED, "C-BOUND", "C-LIFE"],
    ),
    fixes(
        "a text of several lines among the arguments",
        """
        import eventlet


        class Service:
            def start(self, run):
                self.runner = eventlet.spawn(run, '''
                    SELECT *
                  FROM things''', None)
                return eventlet.spawn(run, script='''
            if true
            then false''', user=None).wait()
        """,
        """
        import threading
        from concurrent import futures


        class Service:
            def start(self, run):
                self.runner = threading.Thread(target=run, args=('''
                    SELECT *
                  FROM things''', None), daemon=True)
                self.runner.start()
                return futures.ThreadPoolExecutor(max_workers=1).submit(run, script='''
            if true
            then false''', user=None).result()
        """,
        checks=[*ASKED],
    ),
    fixes(
        "collected, waited for and then killed, which does nothing",
        """
        import eventlet


        def test(work):
            threads = []
            for number in range(3):
                threads.append(eventlet.spawn(work))
            [t.wait() for t in threads]
            [t.kill() for t in threads]
        """,
        """
        from concurrent import futures


        def test(work):
            threads = []
            for number in range(3):
                threads.append(futures.ThreadPoolExecutor(max_workers=1).submit(work))
            [t.result() for t in threads]
        """,
        checks=[*ASKED, "C-BOUND", "C-LIFE"],
    ),
    fixes(
        "taken from a list one by one",
        """
        import eventlet


        def call(jobs):
            threads = [eventlet.spawn(job) for job in jobs]
            while threads:
                threads.pop().wait()
        """,
        """
        from concurrent import futures


        def call(jobs):
            threads = [
                futures.ThreadPoolExecutor(max_workers=1).submit(job)
                for job in jobs
            ]
            while threads:
                threads.pop().result()
        """,
        checks=[*ASKED, "C-BOUND", "C-LIFE"],
    ),
    fixes(
        "a comprehension that becomes too long",
        """
        import eventlet


        def call(jobs, context):
            threads = [eventlet.spawn(job.run, context) for job in jobs if job.wanted]
            return [thread.wait() for thread in threads]
        """,
        """
        from concurrent import futures


        def call(jobs, context):
            threads = [
                futures.ThreadPoolExecutor(max_workers=1).submit(job.run, context)
                for job in jobs if job.wanted
            ]
            return [thread.result() for thread in threads]
        """,
        checks=[*ASKED, "C-BOUND", "C-LIFE"],
    ),
    fixes(
        "a set",
        """
        import eventlet


        def call(jobs):
            threads = {eventlet.spawn(job.run, job.name) for job in jobs}
            for thread in threads:
                thread.wait()
        """,
        """
        from concurrent import futures


        def call(jobs):
            threads = {
                futures.ThreadPoolExecutor(max_workers=1).submit(job.run, job.name)
                for job in jobs
            }
            for thread in threads:
                thread.result()
        """,
        checks=[*ASKED, "C-BOUND", "C-LIFE"],
    ),
    fixes(
        "a comprehension over several lines keeps them",
        """
        import eventlet


        def call(jobs):
            threads = [
                eventlet.spawn(job.run)  # each by itself
                for job in jobs
            ]
            return [thread.wait() for thread in threads]
        """,
        """
        from concurrent import futures


        def call(jobs):
            threads = [
                futures.ThreadPoolExecutor(max_workers=1).submit(job.run)  # each by itself
                for job in jobs
            ]
            return [thread.result() for thread in threads]
        """,
        checks=[*ASKED, "C-BOUND", "C-LIFE"],
    ),
    fixes(
        "by name in a dict",
        """
        import eventlet


        def call(jobs):
            gts = {}
            for job in jobs:
                gts[job] = eventlet.spawn(job)
            return {name: gt.wait() for name, gt in gts.items()}
        """,
        """
        from concurrent import futures


        def call(jobs):
            gts = {}
            for job in jobs:
                gts[job] = futures.ThreadPoolExecutor(max_workers=1).submit(job)
            return {name: gt.result() for name, gt in gts.items()}
        """,
        checks=[*ASKED, "C-BOUND", "C-LIFE"],
    ),
    fixes(
        "a comprehension of a dict",
        """
        import eventlet


        def call(jobs):
            gts = {job.name: eventlet.spawn(job.run, job) for job in jobs}
            return {name: gt.wait() for name, gt in gts.items()}
        """,
        """
        from concurrent import futures


        def call(jobs):
            gts = {
                job.name: futures.ThreadPoolExecutor(max_workers=1).submit(
                    job.run, job
                )
                for job in jobs
            }
            return {name: gt.result() for name, gt in gts.items()}
        """,
        checks=[*ASKED, "C-BOUND", "C-LIFE"],
    ),
    fixes(
        "a generator as an argument",
        """
        import eventlet


        def call(jobs):
            threads = list(eventlet.spawn(job.run) for job in jobs)
            return [thread.wait() for thread in threads]
        """,
        """
        from concurrent import futures


        def call(jobs):
            threads = list(
                futures.ThreadPoolExecutor(max_workers=1).submit(job.run)
                for job in jobs
            )
            return [thread.result() for thread in threads]
        """,
        checks=[*ASKED, "C-BOUND", "C-LIFE"],
    ),
    fixes(
        "pairs in a list",
        """
        import eventlet


        def call(jobs):
            pairs = []
            for job in jobs:
                pairs.append((job, eventlet.spawn(job)))
            for job, gt in pairs:
                job.result = gt.wait()
        """,
        """
        from concurrent import futures


        def call(jobs):
            pairs = []
            for job in jobs:
                pairs.append((job, futures.ThreadPoolExecutor(max_workers=1).submit(job)))
            for job, gt in pairs:
                job.result = gt.result()
        """,
        checks=[*ASKED, "C-BOUND", "C-LIFE"],
        line_length=100,
    ),
    fixes(
        "a list that is written out",
        """
        import eventlet


        def both(a, b):
            threads = [
                eventlet.spawn(a),  # the first
                eventlet.spawn(b),  # the second
            ]
            return [t.wait() for t in threads]
        """,
        """
        from concurrent import futures


        def both(a, b):
            threads = [
                futures.ThreadPoolExecutor(max_workers=1).submit(a),  # the first
                futures.ThreadPoolExecutor(max_workers=1).submit(b),  # the second
            ]
            return [t.result() for t in threads]
        """,
        checks=ASKED,
    ),
    fixes(
        "two in one line",
        """
        import eventlet


        def both(a, b):
            first, second = eventlet.spawn(a), eventlet.spawn(b)
            return first.wait(), second.wait()
        """,
        """
        from concurrent import futures


        def both(a, b):
            first, second = (
                futures.ThreadPoolExecutor(max_workers=1).submit(a),
                futures.ThreadPoolExecutor(max_workers=1).submit(b),
            )
            return first.result(), second.result()
        """,
        checks=ASKED,
    ),
    fixes(
        "two in a list of one line, which nobody asks",
        """
        import eventlet


        def both(a, b):
            threads = [eventlet.spawn(a), eventlet.spawn(b)]
            print(len(threads))
        """,
        """
        from concurrent import futures


        def both(a, b):
            threads = [
                futures.ThreadPoolExecutor(max_workers=1).submit(a),
                futures.ThreadPoolExecutor(max_workers=1).submit(b),
            ]
            print(len(threads))
        """,
        checks=[*ASKED, "C-LIFE"],
    ),
    fixes(
        "several in a dict of one line, and in a tuple that is returned",
        """
        import eventlet


        def start(fetch_and_parse, page):
            return eventlet.spawn(fetch_and_parse, page.url), eventlet.spawn(page.load)


        def call(fetch_and_parse, page):
            for thread in start(fetch_and_parse, page):
                thread.wait()
            named = {"a": eventlet.spawn(fetch_and_parse, page.url, page.name), "b": None}
            named["a"].wait()
        """,
        """
        from concurrent import futures


        def start(fetch_and_parse, page):
            return (
                futures.ThreadPoolExecutor(max_workers=1).submit(
                    fetch_and_parse, page.url
                ),
                futures.ThreadPoolExecutor(max_workers=1).submit(page.load),
            )


        def call(fetch_and_parse, page):
            for thread in start(fetch_and_parse, page):
                thread.result()
            named = {
                "a": futures.ThreadPoolExecutor(max_workers=1).submit(
                    fetch_and_parse, page.url, page.name
                ),
                "b": None,
            }
            named["a"].result()
        """,
        checks=[*ASKED, "C-LIFE"],
        line_length=78,
    ),
    fixes(
        "a comprehension of pairs, and one with comments",
        """
        import eventlet


        def call(jobs):
            pairs = [(job, eventlet.spawn(job.run)) for job in jobs]
            named = [(job.name, eventlet.spawn(job.run, job.argument)) for job in jobs]
            threads = [
                eventlet.spawn(job.run_again, job.argument)  # again
                for job in jobs
            ]
            results = {name: t.wait() for name, t in named}
            return results, [t.wait() for t in threads], [t.wait() for _, t in pairs]
        """,
        """
        from concurrent import futures


        def call(jobs):
            pairs = [
                (job, futures.ThreadPoolExecutor(max_workers=1).submit(job.run))
                for job in jobs
            ]
            named = [
                (
                    job.name,
                    futures.ThreadPoolExecutor(max_workers=1).submit(
                        job.run, job.argument
                    ),
                )
                for job in jobs
            ]
            threads = [
                futures.ThreadPoolExecutor(max_workers=1).submit(
                    job.run_again, job.argument
                )  # again
                for job in jobs
            ]
            results = {name: t.result() for name, t in named}
            return results, [t.result() for t in threads], [t.result() for _, t in pairs]
        """,
        checks=[*ASKED, "C-BOUND", "C-LIFE"],
    ),
    fixes(
        "on one side of a condition",
        """
        import eventlet


        def call(work, wanted):
            gt = eventlet.spawn(work) if wanted else None
            if gt is not None:
                gt.wait()
        """,
        """
        from concurrent import futures


        def call(work, wanted):
            gt = (
                futures.ThreadPoolExecutor(max_workers=1).submit(work)
                if wanted
                else None
            )
            if gt is not None:
                gt.result()
        """,
        checks=[*ASKED, "C-LIFE"],
    ),
    fixes(
        "one of two calls",
        """
        import eventlet


        def call(work, wanted):
            if wanted:
                gt = eventlet.spawn(work, wanted)
            else:
                gt = eventlet.spawn(work)
            gt.wait()
        """,
        """
        from concurrent import futures


        def call(work, wanted):
            if wanted:
                gt = futures.ThreadPoolExecutor(max_workers=1).submit(work, wanted)
            else:
                gt = futures.ThreadPoolExecutor(max_workers=1).submit(work)
            gt.result()
        """,
        checks=[*ASKED, "C-LIFE"],
    ),
    fixes(
        "asked for in a closure",
        """
        import eventlet


        def call(work):
            gt = eventlet.spawn(work)

            def finish():
                return gt.wait()

            return finish
        """,
        """
        from concurrent import futures


        def call(work):
            gt = futures.ThreadPoolExecutor(max_workers=1).submit(work)

            def finish():
                return gt.result()

            return finish
        """,
        checks=[*ASKED, "C-LIFE"],
    ),
    fixes(
        "asked for in a lambda, and its wait passed on",
        """
        import eventlet


        def call(work, defer):
            gt = eventlet.spawn(work)
            defer(lambda: gt.wait())
            defer(gt.wait)
        """,
        """
        from concurrent import futures


        def call(work, defer):
            gt = futures.ThreadPoolExecutor(max_workers=1).submit(work)
            defer(lambda: gt.result())
            defer(gt.result)
        """,
        checks=ASKED,
    ),
    fixes(
        "returned to callers of the file",
        """
        import eventlet


        def _start(work):
            return eventlet.spawn(work)


        def call(work):
            gt = _start(work)
            gt.wait()
            return _start(work).wait()
        """,
        """
        from concurrent import futures


        def _start(work):
            return futures.ThreadPoolExecutor(max_workers=1).submit(work)


        def call(work):
            gt = _start(work)
            gt.result()
            return _start(work).result()
        """,
        checks=[*LAST, "C-LIFE"],
    ),
    fixes(
        "returned by a method that subclasses replace and extend",
        """
        import eventlet


        class Service:
            def _begin(self, work):
                raise NotImplementedError

            def call(self, work):
                return self._begin(work).wait()


        class One(Service):
            def _begin(self, work):
                return eventlet.spawn(work)


        class Two(One):
            def _begin(self, work):
                return super()._begin(work)


        class Three(Service):
            def _begin(self, work):
                return eventlet.spawn(work, 1)
        """,
        """
        from concurrent import futures


        class Service:
            def _begin(self, work):
                raise NotImplementedError

            def call(self, work):
                return self._begin(work).result()


        class One(Service):
            def _begin(self, work):
                return futures.ThreadPoolExecutor(max_workers=1).submit(work)


        class Two(One):
            def _begin(self, work):
                return super()._begin(work)


        class Three(Service):
            def _begin(self, work):
                return futures.ThreadPoolExecutor(max_workers=1).submit(work, 1)
        """,
        checks=[*LAST, "C-LIFE"],
    ),
    fixes(
        "passed to functions of the project",
        """
        import eventlet


        def _wait_all(threads):
            for thread in threads:
                thread.wait()


        def _wait(name, *, gt=None):
            if gt is not None:
                gt.wait()


        def call(jobs):
            _wait_all([eventlet.spawn(j) for j in jobs])
            _wait("x", gt=eventlet.spawn(jobs[0]))
            _wait("y")
        """,
        """
        from concurrent import futures


        def _wait_all(threads):
            for thread in threads:
                thread.result()


        def _wait(name, *, gt=None):
            if gt is not None:
                gt.result()


        def call(jobs):
            _wait_all([futures.ThreadPoolExecutor(max_workers=1).submit(j) for j in jobs])
            _wait("x", gt=futures.ThreadPoolExecutor(max_workers=1).submit(jobs[0]))
            _wait("y")
        """,
        checks=[*ASKED, "C-BOUND", "C-LIFE"],
        line_length=100,
    ),
    fixes(
        "a wrapper that passes everything on",
        """
        import eventlet


        def spawn(func, *args, **kwargs):
            return eventlet.spawn(func, *args, **kwargs)


        def call(work):
            spawn(work, 1)
            spawn(work, key=2).wait()
        """,
        """
        from concurrent import futures


        def spawn(func, *args, **kwargs):
            return futures.ThreadPoolExecutor(max_workers=1).submit(
                func, *args, **kwargs
            )


        def call(work):
            spawn(work, 1)
            spawn(work, key=2).result()
        """,
        checks=[*LAST, "C-LIFE"],
    ),
    fixes(
        "waited for at once",
        """
        import eventlet


        def call(work):
            eventlet.spawn(work, 1, key="x").wait()
            return eventlet.spawn(
                work,  # it
                1,
            ).wait()
        """,
        """
        from concurrent import futures


        def call(work):
            futures.ThreadPoolExecutor(max_workers=1).submit(work, 1, key="x").result()
            return futures.ThreadPoolExecutor(max_workers=1).submit(
                work,  # it
                1,
            ).result()
        """,
        checks=ASKED,
    ),
    fixes(
        "callbacks of the project",
        """
        import eventlet


        class Service:
            def start(self, work):
                gt = eventlet.spawn(work)
                gt.link(self._done)
                gt.link(self._done, 1)
                gt.link(self._done, self.id, key=work)

            def _done(self, gt, *args, **kwargs):
                try:
                    gt.wait()
                except Exception:
                    pass
        """,
        """
        from concurrent import futures


        class Service:
            def start(self, work):
                gt = futures.ThreadPoolExecutor(max_workers=1).submit(work)
                gt.add_done_callback(self._done)
                gt.add_done_callback(lambda future: self._done(future, 1))
                gt.add_done_callback(
                    lambda future, arg1=self.id, work=work: self._done(future, arg1, key=work)
                )

            def _done(self, gt, *args, **kwargs):
                try:
                    gt.result()
                except Exception:
                    pass
        """,
        checks=[*ASKED, "C-ORDER", "C-LIFE"],
        line_length=100,
    ),
    fixes(
        "callbacks that may be others by then",
        """
        import eventlet


        def done(gt, *args, **details):
            pass


        def call(work, name):
            gt = eventlet.spawn(work)
            gt.link(lambda gt, text: print(text), name)
            gt.link(done, None, True, key=False, n=name)
            chosen = done
            gt.link(chosen, name)
            gt.link(done, name.upper(), another_long_keyword_argument=name, key=chosen)
        """,
        """
        from concurrent import futures


        def done(gt, *args, **details):
            pass


        def call(work, name):
            gt = futures.ThreadPoolExecutor(max_workers=1).submit(work)
            gt.add_done_callback(
                lambda future, name=name: (lambda gt, text: print(text))(future, name)
            )
            gt.add_done_callback(
                lambda future, name=name: done(future, None, True, key=False, n=name)
            )
            chosen = done
            gt.add_done_callback(
                lambda future, chosen=chosen, name=name: chosen(future, name)
            )
            gt.add_done_callback(
                lambda future, arg1=name.upper(), name=name, chosen=chosen: done(
                    future, arg1, another_long_keyword_argument=name, key=chosen
                ),
            )
        """,
        checks=[*ASKED, "C-FLOW", "C-LIFE", "C-ORDER"],
    ),
    fixes(
        "callbacks that pass on what the spawn was given",
        """
        import eventlet


        def _done(gt, *args, **kwargs):
            print(args)


        def call(work, *args, **kwargs):
            gt = eventlet.spawn(work)
            gt.link(_done, *args, **kwargs)
        """,
        """
        from concurrent import futures


        def _done(gt, *args, **kwargs):
            print(args)


        def call(work, *args, **kwargs):
            gt = futures.ThreadPoolExecutor(max_workers=1).submit(work)
            gt.add_done_callback(
                lambda future, args=args, kwargs=kwargs: _done(future, *args, **kwargs)
            )
        """,
        checks=[*ASKED, "C-ORDER", "C-LIFE"],
    ),
    fixes(
        "dead, cancelled, printed",
        """
        import eventlet


        def call(work):
            gt = eventlet.spawn(work)
            gt.cancel()
            if not gt.dead:
                print(gt)
            if gt is not None and not gt.dead:
                return True
        """,
        """
        from concurrent import futures


        def call(work):
            gt = futures.ThreadPoolExecutor(max_workers=1).submit(work)
            gt.cancel()
            if not gt.done():
                print(gt)
            if gt is not None and not gt.done():
                return True
        """,
        checks=[*ASKED, "C-LIFE", "C-KILL", "C-TYPE"],
    ),
    manual(
        "its truth, which says whether it runs, is asked for",
        """
        import eventlet


        def call(work):
            gt = eventlet.spawn(work)
            while gt:
                gt.wait()
        """,
        says="its truth",
    ),
    manual(
        "a Timeout may end the wait",
        """
        import eventlet


        def call(work):
            gt = eventlet.spawn(work)
            with eventlet.Timeout(3):
                return work(gt.wait())
        """,
        says="a Timeout of eventlet may end the wait",
    ),
    fixes(
        "the function cancel",
        """
        import eventlet
        from eventlet import greenthread


        def call(work):
            gt = eventlet.spawn(work)
            greenthread.cancel(gt)
        """,
        """
        from concurrent import futures


        def call(work):
            gt = futures.ThreadPoolExecutor(max_workers=1).submit(work)
            gt.cancel()
        """,
        checks=[*ASKED, "C-LIFE", "C-KILL"],
    ),
    fixes(
        "the target is a keyword",
        """
        import eventlet


        def call(work):
            gt = eventlet.spawn(func=work, a=1)
            ht = eventlet.spawn(a=1, func=work)
            return gt.wait(), ht.wait()
        """,
        """
        from concurrent import futures


        def call(work):
            gt = futures.ThreadPoolExecutor(max_workers=1).submit(work, a=1)
            ht = futures.ThreadPoolExecutor(max_workers=1).submit(work, a=1)
            return gt.result(), ht.result()
        """,
        checks=[*ASKED, "C-LIFE"],
    ),
    fixes(
        "comments among the arguments",
        """
        import eventlet


        def call(work):
            gt = eventlet.spawn(
                work,  # what to do
                # with this
                1,
                key=2,
            )  # later
            return gt.wait()  # done
        """,
        """
        from concurrent import futures


        def call(work):
            gt = futures.ThreadPoolExecutor(max_workers=1).submit(
                work,  # what to do
                # with this
                1,
                key=2,
            )  # later
            return gt.result()  # done
        """,
        checks=ASKED,
    ),
    fixes(
        "arguments that do not fit behind the longer name",
        """
        import eventlet


        def call(work, context):
            gt = eventlet.spawn(work, context, "a name that is long", wanted=True)
            return gt.wait()
        """,
        """
        from concurrent import futures


        def call(work, context):
            gt = futures.ThreadPoolExecutor(max_workers=1).submit(
                work, context, "a name that is long", wanted=True
            )
            return gt.result()
        """,
        checks=ASKED,
    ),
    fixes(
        "annotations",
        """
        import typing

        from eventlet import greenthread


        class Service:
            _gt: greenthread.GreenThread

            def start(self, work):
                self._gt = greenthread.spawn(work)

            def get(self) -> greenthread.GreenThread:
                return self._gt

            def wait(self):
                _wait(self.get())


        def _wait(gt: typing.Optional[greenthread.GreenThread] = None):
            if gt is not None:
                gt.wait()
        """,
        """
        import typing
        from concurrent import futures


        class Service:
            _gt: futures.Future

            def start(self, work):
                self._gt = futures.ThreadPoolExecutor(max_workers=1).submit(work)

            def get(self) -> futures.Future:
                return self._gt

            def wait(self):
                _wait(self.get())


        def _wait(gt: typing.Optional[futures.Future] = None):
            if gt is not None:
                gt.result()
        """,
        checks=[*LAST, "C-LIFE", "C-START"],
    ),
    fixes(
        "one is killed, another is not",
        """
        import eventlet


        def call(work):
            gt = eventlet.spawn(work)
            gt.kill()


        def other(work):
            gt = eventlet.spawn(work)
            gt.wait()
        """,
        """
        from concurrent import futures

        import eventlet


        def call(work):
            gt = eventlet.spawn(work)
            gt.kill()


        def other(work):
            gt = futures.ThreadPoolExecutor(max_workers=1).submit(work)
            gt.result()
        """,
        checks=ASKED,
        left=2,
    ),
    # --- a thread that nobody asks ----------------------------------------------------------
    fixes(
        "kept on self, never asked",
        """
        import eventlet


        class Service:
            def start(self):
                # one for all
                self._gt = eventlet.spawn(self._loop, 1, name="x")  # runs for ever

            def _loop(self, n, name):
                pass
        """,
        """
        import threading


        class Service:
            def start(self):
                # one for all
                self._gt = threading.Thread(
                    target=self._loop, args=(1,), kwargs={"name": "x"}, daemon=True
                )
                self._gt.start()  # runs for ever

            def _loop(self, n, name):
                pass
        """,
        checks=["C-ATOM"],
    ),
    fixes(
        "appended, never asked",
        """
        import eventlet


        def start(jobs):
            threads = []
            for job in jobs:
                threads.append(eventlet.spawn(job))
            return len(threads)
        """,
        """
        import threading


        def start(jobs):
            threads = []
            for job in jobs:
                thread = threading.Thread(target=job, daemon=True)
                threads.append(thread)
                thread.start()
            return len(threads)
        """,
        checks=[*THREAD, "C-BOUND"],
    ),
    fixes(
        "returned, never asked",
        """
        import eventlet


        def _start(thread):
            return eventlet.spawn(thread)


        def call(work):
            gt = _start(work)
            print(gt is None)
        """,
        """
        import threading


        def _start(thread):
            thread2 = threading.Thread(target=thread, daemon=True)
            thread2.start()
            return thread2


        def call(work):
            gt = _start(work)
            print(gt is None)
        """,
        checks=["C-ATOM", "C-EXIT"],
    ),
    fixes(
        "what spawn_n gives is kept",
        """
        import eventlet


        class Service:
            def start(self):
                self._gt: object = eventlet.spawn_n(self._loop)

            def _loop(self):
                pass
        """,
        """
        import threading


        class Service:
            def start(self):
                self._gt: object = threading.Thread(target=self._loop, daemon=True)
                self._gt.start()

            def _loop(self):
                pass
        """,
        checks=["C-ATOM"],
    ),
    fixes(
        "a key, compared, printed, never asked",
        """
        import eventlet


        def call(work):
            seen = {}
            gt = eventlet.spawn(work)
            seen[gt] = gt == work
            print(f"{gt}")
            del gt
        """,
        """
        import threading


        def call(work):
            seen = {}
            gt = threading.Thread(target=work, daemon=True)
            gt.start()
            seen[gt] = gt == work
            print(f"{gt}")
            del gt
        """,
        checks=[*THREAD, "C-TYPE"],
    ),
    fixes(
        "a wrapper that nobody waits for",
        """
        import eventlet


        def spawn(func, *args, **kwargs):
            return eventlet.spawn(func, *args, **kwargs)


        def call(work):
            spawn(work, 1)
        """,
        """
        import threading


        def spawn(func, *args, **kwargs):
            thread = threading.Thread(
                target=func, args=args, kwargs=kwargs, daemon=True
            )
            thread.start()
            return thread


        def call(work):
            spawn(work, 1)
        """,
        checks=["C-ATOM", "C-EXIT"],
    ),
    fixes(
        "an annotation of a thread",
        """
        from eventlet import greenthread


        class Service:
            def start(self, work):
                self._gt: greenthread.GreenThread = greenthread.spawn(work)
        """,
        """
        import threading


        class Service:
            def start(self, work):
                self._gt: threading.Thread = threading.Thread(target=work, daemon=True)
                self._gt.start()
        """,
        checks=["C-ATOM", "C-EXIT"],
        line_length=100,
    ),
    fixes(
        "kept where a condition makes it: a Future, since a thread would need statements",
        """
        import eventlet


        def call(work, wanted):
            gt = eventlet.spawn(work) if wanted else None
            print(gt is None)
        """,
        """
        from concurrent import futures


        def call(work, wanted):
            gt = futures.ThreadPoolExecutor(max_workers=1).submit(work) if wanted else None
            print(gt is None)
        """,
        checks=[*ASKED, "C-LIFE"],
        line_length=100,
    ),
    # --- settings ---------------------------------------------------------------------------
    fixes(
        "with helpers",
        """
        import eventlet


        def call(jobs):
            threads = [eventlet.spawn(job.run, job) for job in jobs]
            for thread in threads:
                thread.wait()


        class Service:
            def start(self, work):
                self._gt = eventlet.spawn(work)
        """,
        """
        import threading

        from pkg import concurrency


        def call(jobs):
            threads = [concurrency.spawn(job.run, job) for job in jobs]
            for thread in threads:
                thread.result()


        class Service:
            def start(self, work):
                self._gt = threading.Thread(target=work, daemon=True)
                self._gt.start()
        """,
        checks=[*ASKED, "C-BOUND"],
        helpers="pkg.concurrency",
    ),
    fixes(
        "with helpers for every spawn",
        """
        import eventlet


        class Service:
            def start(self, work):
                self._gt = eventlet.spawn(work)
        """,
        """
        from pkg import concurrency


        class Service:
            def start(self, work):
                self._gt = concurrency.spawn(work)
        """,
        checks=[*LAST, "C-START"],
        helpers="pkg.concurrency",
        spawn="helper",
    ),
]


#: Files of projects before and after.
PROJECTS = {
    "returned to a caller in another file": (
        {
            "pkg/start.py": """
                import eventlet


                def start(work):
                    return eventlet.spawn(work)
            """,
            "pkg/main.py": """
                from pkg import start


                def main(work):
                    gt = start.start(work)
                    gt.wait()
            """,
            "pkg/other.py": """
                from pkg.processes import start


                def main(work):
                    process = start(work)
                    process.wait()
            """,
        },
        {
            "pkg/start.py": """
                from concurrent import futures


                def start(work):
                    return futures.ThreadPoolExecutor(max_workers=1).submit(work)
            """,
            "pkg/main.py": """
                from pkg import start


                def main(work):
                    gt = start.start(work)
                    gt.result()
            """,
        },
    ),
    "a caller in another file kills it": (
        {
            "pkg/start.py": """
                import eventlet


                def start(work):
                    return eventlet.spawn(work)
            """,
            "pkg/main.py": """
                from pkg.start import start


                def main(work):
                    gt = start(work)
                    gt.wait()
            """,
            "pkg/other.py": """
                from . import start as starting


                def main(work):
                    gt = starting.start(work)
                    gt.kill()
            """,
        },
        {},
    ),
    "a subclass in another file": (
        {
            "pkg/service.py": """
                import eventlet


                class Service:
                    def start(self):
                        self._gts = [eventlet.spawn(self.run, n) for n in range(3)]

                    def run(self, number):
                        print(number)
            """,
            "pkg/other.py": """
                from pkg import service


                class Other(service.Service):
                    def wait(self):
                        for gt in self._gts:
                            gt.wait()
            """,
        },
        {
            "pkg/service.py": """
                from concurrent import futures


                class Service:
                    def start(self):
                        self._gts = [
                            futures.ThreadPoolExecutor(max_workers=1).submit(self.run, n)
                            for n in range(3)
                        ]

                    def run(self, number):
                        print(number)
            """,
            "pkg/other.py": """
                from pkg import service


                class Other(service.Service):
                    def wait(self):
                        for gt in self._gts:
                            gt.result()
            """,
        },
    ),
    "a subclass in another file kills it": (
        {
            "pkg/service.py": """
                import eventlet


                class Service:
                    def start(self):
                        self._gt = eventlet.spawn(self.run)

                    def wait(self):
                        self._gt.wait()
            """,
            "pkg/other.py": """
                from pkg import service


                class Other(service.Service):
                    def stop(self):
                        self._gt.kill()
            """,
        },
        {},
    ),
    "a method of a subclass in another file returns something else": (
        {
            "pkg/service.py": """
                import eventlet


                class Service:
                    def _begin(self, work):
                        return eventlet.spawn(work)

                    def call(self, work):
                        return self._begin(work).wait()
            """,
            "pkg/other.py": """
                from pkg.service import Service


                class Other(Service):
                    def _begin(self, work):
                        return work.start()
            """,
        },
        {},
    ),
    "the attribute of an object in another file": (
        {
            "pkg/service.py": """
                import eventlet


                class Service:
                    def start(self):
                        self._runner = eventlet.spawn(self.run)
            """,
            "pkg/main.py": """
                from pkg.service import Service


                def main():
                    service = Service()
                    service.start()
                    service._runner.wait()
            """,
        },
        {
            "pkg/service.py": """
                from concurrent import futures


                class Service:
                    def start(self):
                        self._runner = futures.ThreadPoolExecutor(max_workers=1).submit(self.run)
            """,
            "pkg/main.py": """
                from pkg.service import Service


                def main():
                    service = Service()
                    service.start()
                    service._runner.result()
            """,
        },
    ),
    "passed to a function of another file, and linked to one": (
        {
            "pkg/utils.py": """
                def wait_all(threads):
                    for gt in threads:
                        gt.wait()


                def done(gt, name):
                    print(name, gt.dead)
            """,
            "pkg/main.py": """
                import eventlet

                from pkg import utils


                def main(jobs):
                    threads = []
                    for job in jobs:
                        gt = eventlet.spawn(job)
                        gt.link(utils.done, job)
                        threads.append(gt)
                    utils.wait_all(threads)
            """,
        },
        {
            "pkg/utils.py": """
                def wait_all(threads):
                    for gt in threads:
                        gt.result()


                def done(gt, name):
                    print(name, gt.done())
            """,
            "pkg/main.py": """
                from concurrent import futures

                from pkg import utils


                def main(jobs):
                    threads = []
                    for job in jobs:
                        gt = futures.ThreadPoolExecutor(max_workers=1).submit(job)
                        gt.add_done_callback(lambda future, job=job: utils.done(future, job))
                        threads.append(gt)
                    utils.wait_all(threads)
            """,
        },
    ),
    "a function of another file is passed something else as well": (
        {
            "pkg/utils.py": """
                def wait(thing):
                    thing.wait()
            """,
            "pkg/main.py": """
                import eventlet

                from pkg import utils


                def main(job):
                    utils.wait(eventlet.spawn(job))
            """,
            "pkg/other.py": """
                from subprocess import Popen

                from pkg.utils import wait


                def main():
                    process = Popen(["true"])
                    wait(process)
            """,
        },
        {},
    ),
    "a wrapper that is exported again by its package": (
        {
            "pkg/__init__.py": """
                from pkg.start import start
            """,
            "pkg/start.py": """
                from eventlet import spawn


                def start(work, *args):
                    return spawn(work, *args)
            """,
            "main.py": """
                import pkg


                def main(work):
                    return pkg.start(work, 1).wait()
            """,
        },
        {
            "pkg/start.py": """
                from concurrent import futures


                def start(work, *args):
                    return futures.ThreadPoolExecutor(max_workers=1).submit(work, *args)
            """,
            "main.py": """
                import pkg


                def main(work):
                    return pkg.start(work, 1).result()
            """,
        },
    ),
}


@pytest.mark.parametrize("name", PROJECTS)
def test_projects(name: str, tmp_path: Path) -> None:
    before, after = PROJECTS[name]
    files = {"pkg/__init__.py": "", **before}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(textwrap.dedent(text).lstrip("\n"))
    settings = Settings(monkey_patched="yes", line_length=100)
    found = discover(tmp_path, [tmp_path], settings)
    result = run(tmp_path, found.files, settings, whole_project=True)
    changed = {c.entry.path: c.new.decode() for c in result.changes if c.new is not None}
    assert changed == {k: textwrap.dedent(v).lstrip("\n") for k, v in after.items()}
    ours = [f for c in result.changes for f in c.entry.findings if f.rule == "EVT113"]
    assert {finding.status for finding in ours} == {"rewritten" if after else "left"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_spawn_result(case: Case) -> None:
    check(case, "spawn-result")
