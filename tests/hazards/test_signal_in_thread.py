from __future__ import annotations

import pytest
from looking import lines_of, look

SERVICE = """
    import signal

    import eventlet


    class Service:
        def start(self):
            {start}

        def _run(self):
            {run}

        def _handle(self):
            signal.signal(signal.SIGHUP, self._run)
    """

QUIET = {
    "in the main thread": ("self._run()", "self._handle()"),
    "the handler itself starts a thread": ("self._handle()", "pass"),
    "something else of the module": ("eventlet.spawn(self._run)", "signal.getsignal(1)"),
    "another object": ("eventlet.spawn(self._run)", "self.signal.signal(1)"),
}


@pytest.mark.parametrize(("start", "run"), QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(start: str, run: str) -> None:
    assert look("signal-in-thread", SERVICE.format(start=start, run=run)) == []


@pytest.mark.parametrize("call", ["signal(1, self._handle)", "setitimer(0, 1)", "alarm(5)"])
def test_a_target_that_handles_signals_is_told(call: str) -> None:
    source = SERVICE.format(start="eventlet.spawn(self._run)", run=f"signal.{call}")
    (hazard,) = look("signal-in-thread", source)
    assert lines_of(hazard) == [("service.py", 8), ("service.py", 11)]


def test_so_is_a_function_that_it_calls() -> None:
    source = SERVICE.format(start="eventlet.spawn(self._run)", run="self._handle()")
    (hazard,) = look("signal-in-thread", source)
    assert hazard.line == 14


def test_a_function_is_told_once() -> None:
    run = "signal.signal(1, self._handle); signal.alarm(5)"
    start = "eventlet.spawn(self._run); eventlet.spawn(self._run)"
    (hazard,) = look("signal-in-thread", SERVICE.format(start=start, run=run))
    assert len(hazard.evidence) == 3
