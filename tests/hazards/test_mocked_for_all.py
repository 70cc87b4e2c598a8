from __future__ import annotations

import pytest
from looking import lines_of, look

SERVICE = """
    import threading
    import time

    class Service:
        def start(self):
            threading.Thread(target=self.run, daemon=True).start()

        def run(self):
            {loop}

        def pause(self):
            time.sleep(1)
    """
TEST = """
    import time
    from unittest import mock

    import eventlet

    import service


    class TestService:
        {mocked}
        def test_it(self, mocked):
            service.Service().{called}()
    """
LOOP = "while True: time.sleep(10)"
MOCK = "@mock.patch.object(time, 'sleep')"


def told(loop: str = LOOP, mocked: str = MOCK, called: str = "start") -> list:  # type: ignore[type-arg]
    return look(
        "mocked-for-all",
        TEST.format(mocked=mocked, called=called),
        path="tests/test_service.py",
        files={"service.py": SERVICE.format(loop=loop)},
    )


QUIET = {
    "the test starts no thread": {"called": "pause"},
    "the loop waits by something else": {"loop": "while True: self.queue.get()"},
    "the thread has no loop": {"loop": "time.sleep(10)"},
    "the name in the module": {"mocked": "@mock.patch.object(service, 'sleep')"},
    "something else is mocked": {"mocked": "@mock.patch.object(time, 'time')"},
}


@pytest.mark.parametrize("given", QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(given: dict[str, str]) -> None:
    assert told(**given) == []


@pytest.mark.parametrize("mocked", [MOCK, "@mock.patch('time.sleep')"])
def test_it_is_told(mocked: str) -> None:
    (hazard,) = told(mocked=mocked)
    path = "tests/test_service.py"
    assert lines_of(hazard) == [(path, 10), ("service.py", 6), ("service.py", 9)]
