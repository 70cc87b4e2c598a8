from __future__ import annotations

import pytest
from looking import lines_of, look

SYNC = """
    from concurrent import futures

    import eventlet
    import futurist

    POOL = futures.ThreadPoolExecutor(8)


    class Sync:
        def __init__(self):
            self.executor = futurist.GreenThreadPoolExecutor()
            self.other = futurist.GreenThreadPoolExecutor()

        def run(self, hosts):
            for host in hosts:
                {outer}.submit(self.check, host)
            eventlet.sleep(0)

        def check(self, host):
            {wait}

        def ping(self, port):
            pass
    """
OWN = "self.executor"


def sync(wait: str, outer: str = OWN) -> str:
    return SYNC.format(outer=outer, wait=wait.replace("; ", "\n            "))


QUIET = {
    "nothing is waited for": sync("self.executor.submit(self.ping, host)"),
    "another executor": sync("return self.other.submit(self.ping, host).result()"),
    "another object's": sync("return host.executor.submit(self.ping, host).result()"),
    "only for so long": sync("return self.executor.submit(self.ping, host).result(10)"),
    "only for so long, by name": sync(
        "f = self.executor.submit(self.ping, 1); f.result(timeout=1)"
    ),
    "all, for so long": sync(
        "fs = [self.executor.submit(self.ping, p) for p in host]; futures.wait(fs, timeout=5)"
    ),
    "others are waited for": sync("f = self.executor.submit(self.ping, 1); host.future.result()"),
    "it is handed on": sync("return self.executor.submit(self.ping, host)"),
    "a callback gets it": sync("self.executor.submit(self.ping, 1).add_done_callback(print)"),
    "it is done later": sync("return lambda: self.executor.submit(self.ping, host).result()"),
}


@pytest.mark.parametrize("source", QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(source: str) -> None:
    assert look("nested-wait", source) == []


def test_a_single_task_leaves_threads_for_others() -> None:
    source = sync("return self.executor.submit(self.ping, host).result()")
    assert look("nested-wait", source.replace("for host in hosts", "if hosts")) == []


def test_a_local_executor_of_that_name_is_another() -> None:
    source = sync("POOL = host; return POOL.submit(self.ping, host).result()", "POOL")
    assert look("nested-wait", source) == []


@pytest.mark.parametrize("outer", [OWN, "POOL"])
@pytest.mark.parametrize(
    "wait",
    [
        "return {pool}.submit(self.ping, host).result()",
        "future = {pool}.submit(self.ping, host); return future.result()",
        "found = [{pool}.submit(self.ping, p) for p in host]; return [f.result() for f in found]",
        "found = [{pool}.submit(self.ping, p) for p in host]; futures.wait(found)",
        "found = {{}}; found['x'] = {pool}.submit(self.ping, 2); futures.wait(found)",
        "found = []; found.append({pool}.submit(self.ping, 1)); futures.wait(found)",
    ],
)
def test_it_is_told(outer: str, wait: str) -> None:
    (hazard,) = look("nested-wait", sync(wait.format(pool=outer), outer))
    assert f"check() runs in `{outer}` and waits for another task of it" in hazard.message
    assert lines_of(hazard)[0] == ("service.py", 16)


def test_a_task_may_submit_itself() -> None:
    source = """
        from concurrent import futures

        import eventlet

        POOL = futures.ThreadPoolExecutor(8)


        def walk(path):
            eventlet.sleep(0)
            found = [POOL.submit(walk, below) for below in path.below()]
            return [future.result() for future in found]
        """
    (hazard,) = look("nested-wait", source)
    assert lines_of(hazard) == [("service.py", 10), ("service.py", 11)]


def test_what_a_task_calls_counts() -> None:
    source = sync("self._all(host)") + (
        "\n        def _all(self, host):\n            self.executor.submit(self.ping, 1).result()\n"
    )
    (hazard,) = look("nested-wait", source)
    assert "_all() runs in" in hazard.message
