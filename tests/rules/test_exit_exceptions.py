from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

KILL = ["C-KILL"]

CASES = [
    noop(
        "an exception of the project",
        """
        from pkg.errors import GreenletExit

        try:
            run()
        except GreenletExit:
            pass
        """,
    ),
    noop(
        "a parameter hides the module",
        """
        import greenlet


        def run(greenlet):
            try:
                pass
            except greenlet.GreenletExit:
                pass
        """,
    ),
    noop(
        "another part of greenlet",
        """
        import greenlet

        try:
            run()
        except greenlet.error:
            pass
        """,
    ),
    noop(
        "a text",
        """
        import eventlet.wsgi

        TEXT = "except GreenletExit: pass"
        """,
    ),
    manual(
        "the clause cleans up",
        """
        import greenlet

        try:
            run()
        except greenlet.GreenletExit:
            close()
        """,
        says="does something",
    ),
    manual(
        "the clause ends a loop",
        """
        import greenlet

        while True:
            try:
                run()
            except greenlet.GreenletExit:
                break
        """,
        says="does something",
    ),
    manual(
        "the clause raises anew, past one that catches all",
        """
        import eventlet

        try:
            run()
        except eventlet.greenlet.GreenletExit:
            raise
        except BaseException:
            report()
        """,
        says="does something",
    ),
    manual(
        "the clause sets something",
        """
        import greenlet

        try:
            run()
        except greenlet.GreenletExit:
            stopped = True
        """,
        says="does something",
    ),
    manual(
        "an else belongs to the try",
        """
        import greenlet


        def start():
            try:
                run()
            except greenlet.GreenletExit:
                return
            else:
                finish()
        """,
        says="does something",
    ),
    manual(
        "it is raised",
        """
        import greenlet

        raise greenlet.GreenletExit()
        """,
    ),
    manual(
        "the file raises it itself",
        """
        import greenlet


        def consume(jobs):
            try:
                if not jobs:
                    raise greenlet.GreenletExit
                jobs.pop()()
            except greenlet.GreenletExit:
                pass
        """,
        says="is named on line 7 as well",
    ),
    manual(
        "it is kept in a tuple",
        """
        import greenlet

        ERRORS = (ValueError, greenlet.GreenletExit)
        """,
    ),
    manual(
        "an optional import",
        """
        try:
            from greenlet import GreenletExit
        except ImportError:
            GreenletExit = SystemExit

        try:
            run()
        except GreenletExit:
            pass
        """,
        says="optional",
    ),
    manual(
        "green threads are left",
        """
        import eventlet
        import greenlet

        try:
            run()
        except greenlet.GreenletExit:
            pass
        limit = eventlet.Timeout(4)
        """,
        says="must go first",
    ),
    fixes(
        "the only clause",
        """
        import greenlet


        def start():
            try:
                run()
                return 1
            except greenlet.GreenletExit:
                pass
        """,
        """
        def start():
            run()
            return 1
        """,
        checks=KILL,
    ),
    fixes(
        "the only clause beside a finally",
        """
        from greenlet import GreenletExit

        try:
            run()
        except GreenletExit:
            pass
        finally:
            close()
        """,
        """
        try:
            run()
        finally:
            close()
        """,
        checks=KILL,
    ),
    fixes(
        "one of several clauses, which logs",
        """
        import eventlet

        try:
            run()
        except eventlet.greenlet.GreenletExit as error:
            LOG.info("stopped: %s", error)
        except ValueError:
            raise
        """,
        """
        try:
            run()
        except ValueError:
            raise
        """,
        checks=KILL,
    ),
    fixes(
        "StopServe",
        """
        import eventlet


        def serve():
            try:
                run()
            except eventlet.StopServe:
                return None
        """,
        """
        def serve():
            run()
        """,
        checks=KILL,
    ),
    fixes(
        "one-line suites",
        """
        import greenlet

        for item in items:
            try: run(item); done(item)
            except greenlet.GreenletExit: pass
        """,
        """
        for item in items:
            run(item); done(item)
        """,
        checks=KILL,
    ),
    fixes(
        "what is in the try is rewritten too",
        """
        import eventlet
        from eventlet.support import greenlets


        def start():
            try:
                # a while
                eventlet.sleep(1)
            except greenlets.GreenletExit:
                pass
        """,
        """
        import time


        def start():
            # a while
            time.sleep(1)
        """,
        checks=KILL,
    ),
    fixes(
        "imports in the try",
        """
        import greenlet


        def start():
            try:
                import queue
                return queue.Queue()
            except greenlet.GreenletExit:
                pass
        """,
        """
        def start():
            import queue
            return queue.Queue()
        """,
        checks=KILL,
    ),
    # --- found the hard way ---
    fixes(
        "it leaves a tuple of two",
        """
        import greenlet

        try:
            run()
        except (ValueError, greenlet.GreenletExit):
            pass
        """,
        """
        try:
            run()
        except ValueError:
            pass
        """,
        checks=KILL,
    ),
    fixes(
        "it leaves a tuple of three",
        """
        import greenlet

        try:
            run()
        except (ValueError, greenlet.GreenletExit, KeyError) as error:
            print(error)
        """,
        """
        try:
            run()
        except (ValueError, KeyError) as error:
            print(error)
        """,
        checks=KILL,
    ),
    fixes(
        "both leave a tuple of three",
        """
        import eventlet
        import greenlet

        try:
            run()
        except (eventlet.StopServe, greenlet.GreenletExit, KeyError):
            pass
        """,
        """
        try:
            run()
        except KeyError:
            pass
        """,
        checks=KILL,
    ),
    fixes(
        "both are all of a tuple",
        """
        import eventlet
        import greenlet

        try:
            run()
        except (eventlet.StopServe, greenlet.GreenletExit):
            pass
        """,
        """
        run()
        """,
        checks=[*KILL, "C-BRANCH"],
    ),
    fixes(
        "a comment in the clause, beside others",
        """
        import greenlet

        try:
            run()
        except greenlet.GreenletExit:
            pass  # somebody killed it
        except ValueError:
            raise
        """,
        """
        try:
            run()
        except ValueError:
            raise
        """,
        checks=KILL,
        loses=["# somebody killed it"],
    ),
    fixes(
        "a comment at the end of the try",
        """
        import greenlet

        try:
            run()
            # and that is all
        except greenlet.GreenletExit:
            pass
        after()
        """,
        """
        run()
        # and that is all
        after()
        """,
        checks=KILL,
    ),
    fixes(
        "the log names the current green thread",
        """
        import eventlet
        import greenlet

        try:
            run()
        except greenlet.GreenletExit:
            LOG.info("stopped %s", eventlet.getcurrent())
        """,
        """
        run()
        """,
        checks=KILL,
    ),
    manual(
        "a clause for groups",
        """
        import greenlet

        try:
            run()
        except* greenlet.GreenletExit:
            pass
        """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_exit_exceptions(case: Case) -> None:
    check(case, "exit-exceptions")
