"""`call_later`: a delayed call that can be cancelled."""

from __future__ import annotations

import threading
import time
from concurrent import futures

import pytest

from eventlet_codemod.helpers.call_later import call_later


def timers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "a_delayed_call"]


def a_delayed_call() -> str:
    return "ran"


def test_a_cancelled_call_never_runs_and_its_thread_ends_at_once(until):
    future = call_later(3600, a_delayed_call)
    assert len(timers()) == 1
    assert future.cancel()
    until(lambda: not timers())
    with pytest.raises(futures.CancelledError):
        future.result()


def test_each_call_either_runs_or_is_cancelled():
    for _ in range(300):
        ran: list[int] = []
        future = call_later(0.0005, ran.append, 1)
        time.sleep(0.0005)
        cancelled = future.cancel()
        if not cancelled:
            future.result()
        assert ran == ([] if cancelled else [1])


def test_10_000_delayed_calls():
    def task(number: int) -> int:
        if number % 10 == 0:
            raise ValueError(number)
        return number

    calls = [call_later(0.001 * (number % 3), task, number) for number in range(10_000)]
    for number, call in enumerate(calls):
        if number % 10 == 0:
            assert call.exception().args == (number,)
        else:
            assert call.result() == number


def test_it_waits():
    before = time.monotonic()
    assert call_later(0.05, a_delayed_call).result() == "ran"
    assert time.monotonic() - before >= 0.05


@pytest.mark.parametrize("delay", [0, -1, -0.5, float("-inf")])
def test_no_delay(delay):
    assert call_later(delay, a_delayed_call).result(10) == "ran"


def test_a_delay_that_is_no_number_is_an_error_at_once():
    with pytest.raises(TypeError):
        call_later("soon", a_delayed_call)  # type: ignore[arg-type]


def test_whatever_is_raised_is_in_the_future(capfd):
    def leave() -> None:
        raise SystemExit(3)

    assert isinstance(call_later(0, leave).exception(), SystemExit)
    assert capfd.readouterr() == ("", "")


def test_any_argument_reaches_the_function():
    def give(*args: object, **kwargs: object) -> object:
        return args, kwargs

    names = {"seconds": 1, "function": 2, "delay": 3}
    assert call_later(0, give, "a", **names).result() == (("a",), names)
