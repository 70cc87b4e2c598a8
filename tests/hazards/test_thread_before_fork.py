from __future__ import annotations

import pytest
from looking import lines_of, look

SERVE = """
    import os
    import threading

    import eventlet


    def tick():
        eventlet.sleep(1)


    def serve():
        {serve}


    {top}
    """
START = "threading.Thread(target=tick).start()"

QUIET = {
    "only a fork": ("os.fork()", ""),
    "only a thread": (START, ""),
    "the fork comes first": (f"os.fork(); {START}", ""),
    "a script": ("pass", f"if __name__ == '__main__': {START}"),
    "a rewrite asks": ("pass", "eventlet.spawn(tick)"),
}


@pytest.mark.parametrize(("serve", "top"), QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(serve: str, top: str) -> None:
    assert look("thread-before-fork", SERVE.format(serve=serve, top=top)) == []


def test_a_fork_after_it_is_told() -> None:
    source = SERVE.format(serve=f"{START}\n        os.fork()", top="")
    (hazard,) = look("thread-before-fork", source)
    assert lines_of(hazard) == [("service.py", 12), ("service.py", 13)]


def test_a_thread_of_an_import_is_told() -> None:
    (hazard,) = look("thread-before-fork", SERVE.format(serve="pass", top=START))
    assert hazard.line == 15
