from __future__ import annotations

import pytest
from looking import lines_of, look

COPIER = """
    import itertools
    import threading

    import eventlet


    class Copier:
        def __init__(self, paths):
            self.lock = threading.Lock()
            self.paths = {made}

        def run(self):
            {times}:
                eventlet.spawn(self._copy)

        def _walk(self, paths):
            for path in paths:
                yield path.lower()

        def _listed(self, paths):
            return list(paths)

        def _copy(self):
            {step}
    """
MADE = "self._walk(paths)"
STEP = "path = next(self.paths)"


def copier(made: str = MADE, step: str = STEP, times: str = "for _ in range(4)") -> str:
    return COPIER.format(made=made, step=step, times=times)


QUIET = {
    "one thread": copier(times="if self.paths"),
    "a list": copier(made="self._listed(paths)", step="for path in self.paths: print(path)"),
    "an iterator in C": copier(made="itertools.cycle(paths)"),
    "a plain iterator": copier(made="iter(paths)"),
    "an object that does not show": copier(made="paths"),
    "a lock is held": copier(step="with self.lock: path = next(self.paths)"),
    "it is only passed on": copier(step="print(self.paths)"),
    "it may be a list, too": copier(step=STEP + "\n            self.paths = []"),
    "each has its own": copier(step="for path in self._walk([]): print(path)"),
    "a decorator changes what it is": copier().replace(
        "        def _walk", "        @threadsafe\n        def _walk"
    ),
}


@pytest.mark.parametrize("source", QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(source: str) -> None:
    assert look("shared-generator", source) == []


@pytest.mark.parametrize("made", [MADE, "(path.lower() for path in paths)"])
@pytest.mark.parametrize(
    "step",
    [
        STEP,
        "path = self.paths.send(None)",
        "for path in self.paths: print(path)",
        "paths = [path for path in self.paths]",
        "paths = list(self.paths)",
    ],
)
def test_it_is_told(made: str, step: str) -> None:
    (hazard,) = look("shared-generator", copier(made, step))
    assert lines_of(hazard) == [("service.py", n) for n in (10, 14, 24)]
    assert "`self.paths` is a generator" in hazard.message


def test_a_public_method_may_advance_it_meanwhile() -> None:
    source = (
        copier(times="if paths")
        + "\n        def more(self):\n            return next(self.paths)\n"
    )
    (hazard,) = look("shared-generator", source)
    assert [line for _, line in lines_of(hazard)] == [10, 14, 24, 27]
