from __future__ import annotations

import pytest
from looking import lines_of, look

SERVICE = """
    import contextvars
    import threading

    import eventlet

    REQUEST = threading.local()
    USER = contextvars.ContextVar("user")
    PLAIN = object()


    class Service:
        def __init__(self):
            self.pool = eventlet.GreenPool(10)

        def handle(self, user):
            {start}

        def _serve(self, user):
            if user is not None:
                {deed}
    """
START = "self.pool.spawn_n(self._serve, user)"

QUIET = {
    "no pool runs it": ("eventlet.spawn_n(self._serve, user)", "REQUEST.user = user"),
    "no thread runs it": ("self._serve(user)", "REQUEST.user = user"),
    "an object of all threads": (START, "PLAIN.user = user"),
    "it is emptied": (START, "REQUEST.user = None"),
    "it is taken back": (START, "REQUEST.user = user; print(user); del REQUEST.user"),
    "it is emptied in the end": (START, "REQUEST.user = user; print(user); REQUEST.user = None"),
    "it is reset": (START, "token = USER.set(user); USER.reset(token)"),
    "it is only read": (START, "print(REQUEST.user)"),
}


@pytest.mark.parametrize(("start", "deed"), QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(start: str, deed: str) -> None:
    assert look("kept-context", SERVICE.format(start=start, deed=deed)) == []


def test_each_task_may_set_it_first() -> None:
    source = SERVICE.format(start=START, deed="pass").replace(
        "if user is not None:", "REQUEST.user = user\n            if user:"
    )
    assert look("kept-context", source) == []


@pytest.mark.parametrize(("deed", "line"), [("REQUEST.user = user", 6), ("USER.set(user)", 7)])
def test_it_is_told(deed: str, line: int) -> None:
    ledger = look("kept-context", SERVICE.format(start=START, deed=deed), select=("EVT907",))
    (hazard,) = ledger
    assert lines_of(hazard) == [("service.py", 16), ("service.py", line), ("service.py", 20)]
