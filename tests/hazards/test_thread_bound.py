from __future__ import annotations

import pytest
from looking import lines_of, look

STORE = """
    import sqlite3
    import threading

    import eventlet


    class Store:
        def __init__(self, path):
            self.path = path
            self.connection = {made}

        def start(self):
            {start}

        def expire(self):
            {use}

        def close(self):
            self.connection.close()
    """
MADE = "sqlite3.connect(path)"
START = "eventlet.spawn(self.expire)"
USE = "self.connection.execute('DELETE FROM entries')"


def store(made: str = MADE, start: str = START, use: str = USE) -> str:
    return STORE.format(made=made, start=start, use=use)


QUIET = {
    "no thread": store(start="self.expire()"),
    "others may use it": store(made="sqlite3.connect(path, check_same_thread=False)"),
    "what is passed does not show": store(made="sqlite3.connect(path, **path.options)"),
    "another library's": store(made="psycopg2.connect(path)"),
    "the thread makes its own": store(
        made="None", use="self.connection = sqlite3.connect(self.path)\n            " + USE
    ),
    "the thread may make its own": store(
        use=f"self.connection = sqlite3.connect(self.path)\n            {USE}"
    ),
    "it may be another's": store(
        use=f"{USE}\n\n        def share(self, c):\n            self.connection = c"
    ),
    "the thread does not use it": store(use="print(self.path)"),
}


@pytest.mark.parametrize("source", QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(source: str) -> None:
    assert look("thread-bound", source) == []


def test_each_thread_has_its_own_in_a_local() -> None:
    source = store().replace("class Store:", "class Store(threading.local):")
    assert look("thread-bound", source) == []


def test_tests_say_nothing() -> None:
    assert look("thread-bound", store(), path="tests/test_store.py") == []


@pytest.mark.parametrize(
    "start",
    [START, "threading.Thread(target=self.expire).start()", "eventlet.spawn_after(5, self.expire)"],
)
def test_a_connection_of_the_constructor_is_told(start: str) -> None:
    (hazard,) = look("thread-bound", store(start=start))
    assert lines_of(hazard) == [("service.py", n) for n in (10, 13, 16)]
    assert "expire() uses `self.connection` in another thread" in hazard.message


def test_what_the_thread_calls_counts() -> None:
    source = store(use="self._delete()") + f"\n        def _delete(self):\n            {USE}\n"
    (hazard,) = look("thread-bound", source)
    assert "_delete() uses" in hazard.message


def test_the_connection_may_be_the_modules() -> None:
    source = """
        import sqlite3

        import eventlet

        DB = sqlite3.connect("cache.db")


        def start():
            eventlet.spawn(expire)


        def expire():
            DB.execute("DELETE FROM entries")
        """
    (hazard,) = look("thread-bound", source)
    assert lines_of(hazard) == [("service.py", n) for n in (5, 9, 13)]
