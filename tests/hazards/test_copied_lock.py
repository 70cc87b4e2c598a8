from __future__ import annotations

import pytest
from looking import lines_of, look

TASK = """
    import copy
    import json
    import pickle
    import threading

    import eventlet


    class Task:
        def __init__(self, job):
            self.job = job
            self.guard = {made}
            eventlet.sleep(0)

        def again(self, other):
            return {copied}
    """
COPY = "copy.deepcopy(self)"

QUIET = {
    "nothing with a lock": TASK.format(made="dict()", copied=COPY),
    "another object": TASK.format(made="threading.Lock()", copied="copy.deepcopy(other)"),
    "a part of it": TASK.format(made="threading.Lock()", copied="copy.deepcopy(self.job)"),
    "a shallow copy": TASK.format(made="threading.Lock()", copied="copy.copy(self)"),
    "no pickle": TASK.format(made="threading.Lock()", copied="json.dumps(self)"),
}


@pytest.mark.parametrize("source", QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(source: str) -> None:
    assert look("copied-lock", source) == []


@pytest.mark.parametrize("name", ["__deepcopy__", "__getstate__", "__reduce__"])
def test_a_class_may_say_how_it_is_copied(name: str) -> None:
    source = TASK.format(made="threading.Lock()", copied=COPY).replace("def again", f"def {name}")
    assert look("copied-lock", source) == []


@pytest.mark.parametrize("made", ["threading.Lock()", "threading.Event()", "eventlet.Queue()"])
@pytest.mark.parametrize("copied", [COPY, "pickle.dumps(self)", "copy.deepcopy(Task(1))"])
def test_it_is_told(made: str, copied: str) -> None:
    (hazard,) = look("copied-lock", TASK.format(made=made, copied=copied))
    assert lines_of(hazard) == [("service.py", 16), ("service.py", 12)]


def test_the_lock_may_be_the_bases() -> None:
    base = """
        import threading


        class Base:
            def __init__(self):
                self.lock = threading.Lock()
        """
    source = """
        import copy

        import eventlet

        import base


        class Task(base.Base):
            def again(self):
                return copy.deepcopy(self)
        """
    (hazard,) = look("copied-lock", source, files={"base.py": base})
    assert lines_of(hazard)[-1] == ("base.py", 6)
