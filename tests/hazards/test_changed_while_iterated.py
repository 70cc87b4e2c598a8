from __future__ import annotations

import pytest
from looking import lines_of, look

MONITOR = """
    import threading

    import eventlet


    class Monitor:
        def __init__(self):
            self.lock = threading.Lock()
            self.children = {made}

        def start(self):
            eventlet.spawn(self._check)

        def _check(self):
            while True:
                {loop}
                eventlet.sleep(1)

        def register(self, name, child):
            {change}
    """
LOOP = "for name, child in self.children.items(): child.ping(name)"
ADD = "self.children[name] = child"


def monitor(loop: str = LOOP, change: str = ADD, made: str = "{}") -> str:
    return MONITOR.format(loop=loop, change=change, made=made)


FILLED = """
    import eventlet


    class Monitor:
        def __init__(self):
            self.fill()

        def fill(self):
            self.children = {}
            self.children["one"] = 1

        def start(self):
            eventlet.spawn(self._check)

        def _check(self):
            for name in self.children:
                print(name)
    """

QUIET = {
    "what changes it is called where the object is made": FILLED,
    "a copy": monitor(loop=LOOP.replace("self.children.items()", "list(self.children.items())")),
    "a sorted copy": monitor(loop="for name in sorted(self.children): print(name)"),
    "its own method's result": monitor(loop="for name in self.children.snapshot(): print(name)"),
    "it is replaced as a whole": monitor(change="self.children = {name: child}"),
    "only an item is read": monitor(change="return self.children[name]"),
    "appending to a list skips nothing": monitor(
        loop="for c in self.children: c.ping()", change="self.children.append(child)", made="[]"
    ),
    "what it is does not show": monitor(made="make()"),
    "a lock in both places": monitor(
        loop="with self.lock: names = [name for name in self.children]",
        change="with self.lock: self.children[name] = child",
    ),
    "the loop is another object's": monitor(loop="for name in name.children: print(name)"),
}


@pytest.mark.parametrize("source", QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(source: str) -> None:
    assert look("changed-while-iterated", source) == []


@pytest.mark.parametrize(
    ("loop", "change", "made"),
    [
        (LOOP, ADD, "{}"),
        (LOOP, "self.children.pop(name, None)", "collections.defaultdict(list)"),
        (LOOP, "del self.children[name]", "dict()"),
        ("names = [name for name in self.children]", ADD, "{}"),
        ("for child in self.children: child.ping()", "self.children.add(child)", "set()"),
        ("for child in self.children: child.ping()", "self.children.remove(child)", "[]"),
        (LOOP, "with self.lock: self.children[name] = child", "{}"),
    ],
)
def test_it_is_told(loop: str, change: str, made: str) -> None:
    (hazard,) = look("changed-while-iterated", monitor(loop, change, made))
    assert lines_of(hazard) == [("service.py", 12), ("service.py", 16), ("service.py", 20)]
    assert ("skipped" in hazard.message) == (made == "[]")


def test_the_loop_may_be_in_the_public_method() -> None:
    source = monitor(loop=ADD.replace("name", "'x'"), change="return [c for c in self.children]")
    (hazard,) = look("changed-while-iterated", source)
    assert hazard.line == 20


def test_what_is_called_later_as_well_is_told() -> None:
    again = "        def refill(self):\n            self.fill()\n\n        def start(self):"
    (hazard,) = look("changed-while-iterated", FILLED.replace("        def start(self):", again))
    assert "fill() changes" in " ".join(place.what for place in hazard.evidence)


CALLER = """
    import service


    class Api:
        def __init__(self):
            self.monitor = service.Monitor()

        def refill(self):
            self.monitor.fill()
    """


def test_what_other_code_calls_later_is_told() -> None:
    (hazard,) = look("changed-while-iterated", FILLED, files={"api.py": CALLER})
    assert "fill() changes" in " ".join(place.what for place in hazard.evidence)


@pytest.mark.parametrize(
    ("path", "caller"),
    [
        ("tests/test_api.py", CALLER),
        ("api.py", CALLER.replace("service.Monitor()", "service")),
        ("api.py", CALLER.replace("Monitor", "Other")),
        ("api.py", CALLER.replace("fill()", "start()")),
    ],
)
def test_what_only_tests_or_others_call_is_part_of_making_it(path: str, caller: str) -> None:
    assert look("changed-while-iterated", FILLED, files={path: caller}) == []


def test_a_class_without_threads_says_nothing() -> None:
    source = monitor().replace("eventlet.spawn(self._check)", "self._check()")
    assert look("changed-while-iterated", source) == []


AGENT = """
    import eventlet


    class Cache:
        def __init__(self):
            self.ports = {{}}

        def ids(self):
            return [port for port in self.ports]

        def put(self, port):
            self.ports[port] = 1


    class Agent:
        def __init__(self):
            self.cache = Cache()

        def start(self):
            eventlet.spawn(self._resync)

        def _resync(self):
            while True:
                self._sync({ports})

        def _sync(self, ports):
            for port in ports:
                eventlet.spawn(self._configure, port)
            self._wait()
            return self.cache.ids()

        def _configure(self, port):
            self.cache.put(port)
    """
MORE = """
        def port_create(self, port):
            self.cache.put(port)
    """


def test_an_object_that_threads_use_counts() -> None:
    source = AGENT.format(ports="self.found").rstrip() + MORE
    (hazard,) = look("changed-while-iterated", source)
    assert [line for _, line in lines_of(hazard)] == [20, 9, 12]


def test_a_thread_waits_for_those_that_it_starts() -> None:
    assert look("changed-while-iterated", AGENT.format(ports="self.found")) == []
