from __future__ import annotations

import pytest
from looking import lines_of, look

CACHE = """
    import threading

    import eventlet


    class Cache:
        def __init__(self):
            self.lock = threading.Lock()
            self.entries = {{}}
            self.timer = None

        def start(self):
            eventlet.spawn(self._loop)

        def _loop(self):
            while True:
                {loop}
                eventlet.sleep(60)

        def get(self, key):
            {get}
    """
TAKE = "self.entries.pop('old', None)"
CHECK = "if key in self.entries: return self.entries[key]"


def cache(loop: str = TAKE, get: str = CHECK) -> str:
    return CACHE.format(loop=loop, get=get)


QUIET = {
    "nobody takes anything": cache(loop="self.entries['new'] = 1"),
    "another key": cache(get="if key in self.entries: return self.entries['other']"),
    "another container": cache(get="if key in self.entries: return self.others[key]"),
    "the failure is caught": cache(
        get="if key in self.entries:\n"
        "                try:\n"
        "                    return self.entries[key]\n"
        "                except KeyError:\n"
        "                    pass"
    ),
    "one step": cache(get="if key in self.entries: return self.entries.pop(key, None)"),
    "locks": cache(
        loop="with self.lock: self.entries.pop('old', None)",
        get="with self.lock:\n                if key in self.entries: return self.entries[key]",
    ),
    "checked again under a lock": cache(
        loop="with self.lock: self.entries.pop('old', None)",
        get="if key in self.entries:\n"
        "                with self.lock:\n"
        "                    return self.entries[key]",
    ),
    "a second one does no harm": cache(
        loop="self.entries['a'] = self.make()",
        get="if key not in self.entries: self.entries[key] = self.make()",
    ),
    "it is never None again": cache(
        loop="self.timer = 1", get="if self.timer: self.timer.cancel()"
    ),
}


@pytest.mark.parametrize("source", QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(source: str) -> None:
    assert look("check-then-act", source) == []


@pytest.mark.parametrize(
    ("loop", "get", "says"),
    [
        (TAKE, CHECK, "gone"),
        (TAKE, "if key in self.entries: del self.entries[key]", "gone"),
        (TAKE, "if key in self.entries: return self.entries.pop(key)", "gone"),
        ("self.entries.clear()", "if self.entries: return self.entries.popitem()", "gone"),
        ("self.timer = None", "if self.timer: self.timer.cancel()", "None"),
        ("self.timer = None", "if self.timer is not None: self.timer.cancel()", "None"),
        (
            "self.entries['a'] = threading.Lock()",
            "if key not in self.entries: self.entries[key] = threading.Lock()",
            "one each",
        ),
        (
            "self.timer = threading.Timer(1, print)",
            "if not self.timer: self.timer = threading.Timer(1, print)",
            "one each",
        ),
    ],
)
def test_it_is_told(loop: str, get: str, says: str) -> None:
    (hazard,) = look("check-then-act", cache(loop, get))
    assert says in hazard.message
    assert lines_of(hazard) == [("service.py", 13), ("service.py", 21), ("service.py", 17)]


def test_the_check_may_be_the_threads_own() -> None:
    source = cache(loop="if 'a' in self.entries: del self.entries['a']", get="self.entries.clear()")
    (hazard,) = look("check-then-act", source)
    assert hazard.line == 17


LOOP = """
    import eventlet


    class Agent:
        def __init__(self):
            self.proxies = {{}}

        def sync(self, networks):
            for network in networks:
                eventlet.spawn(self._drop, network)

        def _drop(self, network):
            if {key} in self.proxies:
                del self.proxies[{key}]
    """


def test_threads_of_one_loop_have_items_of_their_own() -> None:
    assert look("check-then-act", LOOP.format(key="network.id")) == []
    assert len(look("check-then-act", LOOP.format(key="'all'"))) == 1


def test_a_wsgi_application_serves_several_requests_at_once() -> None:
    source = """
        import threading

        import eventlet.wsgi


        class Middleware:
            def __init__(self, {made}):
                self.locks = {{}}

            def __call__(self, env, start_response):
                if env["PATH"] not in self.locks:
                    self.locks[env["PATH"]] = threading.Lock()
        """
    (hazard,) = look("check-then-act", source.format(made="app"))
    assert "a WSGI server calls Middleware" in hazard.evidence[0].what
    assert look("check-then-act", source.format(made="body")) == []  # one for each request
