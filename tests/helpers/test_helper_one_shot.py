"""`OneShot`: one value or exception, for everyone who waits."""

from __future__ import annotations

import contextlib
import gc
import sys
import traceback
import weakref

import pytest

from eventlet_codemod.helpers.one_shot import OneShot
from eventlet_codemod.helpers.spawn import spawn


class Custom(Exception):
    """An exception that takes two arguments."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(code, text)
        self.code = code


def test_everyone_gets_the_value():
    for _ in range(20):
        event = OneShot()
        early = [spawn(event.wait) for _ in range(20)]
        event.send("value")
        late = [spawn(event.wait) for _ in range(20)]
        assert [waiter.result() for waiter in early + late] == ["value"] * 40


def test_everyone_raises_the_exception():
    event, error = OneShot(), ValueError("x")
    early = [spawn(event.wait) for _ in range(20)]
    event.send_exception(error)
    late = [spawn(event.wait) for _ in range(20)]
    assert [waiter.exception() for waiter in early + late] == [error] * 40


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ((ValueError,), ()),
        ((ValueError("a"),), ("a",)),
        ((ValueError, None), ()),
        ((ValueError, "a"), ("a",)),
        ((ValueError, ValueError("a")), ("a",)),
        ((Custom, (1, "a"), None), (1, "a")),
        ((SystemExit, 3), (3,)),
    ],
)
def test_the_forms_of_an_exception(args, expected):
    for send in (lambda e: e.send_exception(*args), lambda e: e.send(exc=args)):
        event = OneShot()
        send(event)
        kind = args[0] if isinstance(args[0], type) else type(args[0])
        with pytest.raises(kind) as caught:
            event.wait()
        assert caught.value.args == expected


@pytest.mark.parametrize("args", [(), (None,), (3,), ("text",), (int,), (None, None, None)])
def test_what_is_no_exception_cannot_be_sent_as_one(args):
    event = OneShot()
    with pytest.raises(TypeError, match="exception"):
        event.send_exception(*args)
    assert not event.ready()


def test_a_traceback_that_is_sent_is_shown_and_does_not_grow():
    def cause() -> None:
        raise LookupError("x")

    event = OneShot()
    try:
        cause()
    except LookupError:
        event.send_exception(*sys.exc_info())
    lengths = set()
    for _ in range(3):
        with pytest.raises(LookupError) as caught:
            event.wait()
        names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
        assert "cause" in names
        lengths.add(len(names))
    assert len(lengths) == 1


def test_a_second_send_is_an_error_and_changes_nothing():
    event = OneShot()
    event.send(1)
    with pytest.raises(AssertionError):
        event.send(2)
    with pytest.raises(AssertionError):
        event.send_exception(ValueError)
    assert event.wait() == 1


def test_only_one_of_many_senders_succeeds():
    for _ in range(50):
        event = OneShot()
        senders = [spawn(event.send, number) for number in range(8)]
        [winner] = [n for n, sender in enumerate(senders) if sender.exception() is None]
        assert event.wait() == winner


@pytest.mark.parametrize("timeout", [-1, 0, 0.01])
def test_wait_returns_none_when_the_time_is_over(timeout):
    event = OneShot()
    assert event.wait(timeout) is None
    event.send(1)
    assert event.wait(timeout) == 1


def test_a_sent_timeout_error_is_raised():
    event = OneShot()
    event.send_exception(TimeoutError)
    with pytest.raises(TimeoutError):
        event.wait(timeout=5)


def test_states():
    def state(event: OneShot) -> tuple[bool, bool, bool]:
        return event.ready(), event.has_result(), event.has_exception()

    fresh, valued, failed = OneShot(), OneShot(), OneShot()
    valued.send()
    failed.send_exception(LookupError)
    assert state(fresh) == (False, False, False)
    assert state(valued) == (True, True, False)
    assert state(failed) == (True, False, True)
    assert (fresh.poll(1), fresh.poll_result(2), fresh.poll_exception(3)) == (1, 2, 3)
    assert (valued.poll(1), valued.poll_result(2), valued.poll_exception(3)) == (None, None, 3)
    assert failed.poll_result(2) == 2
    for poll in (failed.poll, failed.poll_exception):
        with pytest.raises(LookupError):
            poll()


def test_reset():
    event = OneShot()
    with pytest.raises(AssertionError):
        event.reset()
    event.send(1)
    event.reset()
    assert not event.ready()
    assert event.wait(0) is None
    with pytest.raises(AssertionError):
        event.reset()
    event.send_exception(LookupError)
    event.reset()
    event.send(2)
    assert (event.wait(), event.has_exception()) == (2, False)


def test_a_reset_takes_nothing_from_those_who_waited(until):
    event = OneShot()
    for number in range(100):
        waiter = spawn(event.wait)
        until(lambda: event._outcome.sent._cond._waiters)
        event.send(number)
        event.reset()
        assert waiter.result() == number


def test_no_cycle_keeps_an_exception_alive():
    gc.collect()
    gc.disable()
    try:
        event, error = OneShot(), Custom(1, "x")
        event.send_exception(error)
        watched = weakref.ref(error)
        with contextlib.suppress(Custom):
            event.wait()
        del event, error
        assert watched() is None
    finally:
        gc.enable()
