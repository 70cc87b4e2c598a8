from __future__ import annotations

import pytest
from looking import lines_of, look

WATCHER = """
    import threading

    import eventlet


    class Watcher:
        def start(self):
            {start}

        def watch(self):
            while {condition}:
                {body}
    """
START = "threading.Thread(target=self.watch).start()"


def watcher(start: str = START, condition: str = "True", body: str = "eventlet.sleep(5)") -> str:
    return WATCHER.format(start=start, condition=condition, body=body)


QUIET = {
    "a daemon": watcher("threading.Thread(target=self.watch, daemon=True).start()"),
    "made a daemon": watcher("t = threading.Thread(target=self.watch); t.daemon = True; t.start()"),
    "perhaps a daemon": watcher("threading.Thread(target=self.watch, daemon=self.d).start()"),
    "a rewrite makes it a daemon": watcher("eventlet.spawn(self.watch)"),
    "a condition": watcher(condition="self.running"),
    "a way out": watcher(body="if self.stopped: break"),
    "another way out": watcher(body="if self.stopped: return"),
    "another function": watcher("threading.Thread(target=self.start).start()"),
}


@pytest.mark.parametrize("source", QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(source: str) -> None:
    assert look("endless-thread", source) == []


def test_what_is_caught_around_the_loop_is_a_way_out() -> None:
    source = """
        import threading

        import eventlet


        def read(queue):
            try:
                while True:
                    queue.get()
            except EOFError:
                pass


        def start(queue):
            threading.Thread(target=read, args=(queue,)).start()
        """
    assert look("endless-thread", source) == []
    caught = source.replace("try:", "if queue:").replace("except EOFError:", "if not queue:")
    assert len(look("endless-thread", caught)) == 1


@pytest.mark.parametrize(
    "start",
    [START, START.replace("watch)", "watch, daemon=False)"), "threading.Timer(5, self.watch)"],
)
def test_it_is_told(start: str) -> None:
    (hazard,) = look("endless-thread", watcher(start))
    assert lines_of(hazard) == [("service.py", 8), ("service.py", 11)]


def test_a_break_of_an_inner_loop_is_no_way_out() -> None:
    body = "for item in self.items:\n                    break"
    assert len(look("endless-thread", watcher(body=body))) == 1
