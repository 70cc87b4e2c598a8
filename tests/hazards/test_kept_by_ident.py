from __future__ import annotations

import pytest
from looking import lines_of, look

SERVICE = """
    import threading

    import eventlet

    SESSIONS = {{}}


    def serve(requests):
        pool = eventlet.GreenPool(10)
        for request in requests:
            {start}


    def handle(request):
        ident = {ident}
        {keep}


    def forget(ident):
        {forget}
    """
START = "pool.spawn_n(handle, request)"
IDENT = "threading.get_ident()"
KEEP = "if ident not in SESSIONS: SESSIONS[ident] = request.login()"


def service(
    ident: str = IDENT, keep: str = KEEP, *, start: str = START, forget: str = "pass"
) -> str:
    return SERVICE.format(ident=ident, keep=keep, start=start, forget=forget)


QUIET = {
    "the key is the request's": service(ident="request.ident"),
    "the key may be another": service(keep="ident = request.id\n        " + KEEP),
    "no thread": service(start="handle(request)"),
    "it is taken out": service(forget="SESSIONS.pop(ident, None)"),
    "all are taken out": service(forget="SESSIONS.clear()"),
    "nobody looks for it": service(keep="SESSIONS[ident] = request"),
    "nobody keeps anything": service(keep="if ident in SESSIONS: print(ident)"),
    "it is the function's own": service(
        keep=f"SESSIONS = {{}}; {KEEP}".replace("; ", "\n        ")
    ),
    "it is printed": service(keep="print(ident)"),
}


@pytest.mark.parametrize("source", QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(source: str) -> None:
    assert look("kept-by-ident", source) == []


@pytest.mark.parametrize(
    "ident",
    [
        IDENT,
        "threading.current_thread().ident",
        "eventlet.corolocal.get_ident()",
        "id(eventlet.getcurrent())",
    ],
)
@pytest.mark.parametrize(
    "keep",
    [
        KEEP,
        "session = SESSIONS.setdefault(ident, request)",
        "session = SESSIONS.get(ident)\n        SESSIONS[ident] = session or request",
    ],
)
def test_it_is_told(ident: str, keep: str) -> None:
    (hazard,) = look("kept-by-ident", service(ident, keep))
    assert lines_of(hazard)[0] == ("service.py", 11)
    assert "`SESSIONS` keeps something for each thread by its number" in hazard.message


def test_the_key_may_stand_there() -> None:
    keep = f"SESSIONS.setdefault({IDENT}, request)"
    assert len(look("kept-by-ident", service(keep=keep))) == 1


def test_an_object_may_keep_it() -> None:
    source = """
        import threading

        import eventlet


        class Sessions:
            def __init__(self):
                self.kept = {}

            def start(self):
                eventlet.spawn(self._serve)

            def _serve(self):
                return self._session()

            def _session(self):
                if threading.get_ident() not in self.kept:
                    self.kept[threading.get_ident()] = object()
                return self.kept[threading.get_ident()]
        """
    (hazard,) = look("kept-by-ident", source)
    assert lines_of(hazard) == [("service.py", n) for n in (11, 18, 17)]
