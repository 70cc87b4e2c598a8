from __future__ import annotations

import pytest
from looking import lines_of, look

MODEL = """
    import threading

    import eventlet
    from oslo_concurrency import lockutils

    import other


    class Model:
        def __init__(self):
            self.lock = {made}
            eventlet.spawn(self.refresh)

        {outer}
        def refresh(self):
            {inside}

        def between(self):
            {between}

        {inner}
        def add(self, node={default}):
            {body}
    """
NAMED = '@lockutils.synchronized("model")'


def model(
    outer: str = NAMED,
    inner: str = NAMED,
    *,
    inside: str = "self.add(1)",
    between: str = "pass",
    body: str = "pass",
    made: str = "threading.Lock()",
    default: str = "None",
) -> str:
    # a case without a decorator has a comment in its place, so that lines stay
    parts = {"outer": outer or "#", "inner": inner or "#"}
    return MODEL.format(
        **parts, inside=inside, between=between, body=body, made=made, default=default
    )


KEPT = {"outer": "", "inner": "", "inside": "with self.lock: self.add(1)"}
TAKES = "with self.lock: pass"

QUIET = {
    "another name": model(inner='@lockutils.synchronized("other")'),
    "a name that does not show": model(outer="@lockutils.synchronized(other.NAME)"),
    "a fair lock is its thread's": model(NAMED[:-1] + ", fair=True)", NAMED[:-1] + ", fair=True)"),
    "locks of its own": model(inner=NAMED[:-1] + ", semaphores=other.LOCKS)"),
    "a decorator of that name, of others": model(
        '@other.synchronized("model")', '@other.synchronized("model")'
    ),
    "nothing is held": model(outer=""),
    "another object's method": model(inside="other.add(1)"),
    "it is called later": model(inside="return lambda: self.add(1)"),
    "a function in it takes it later": model(inner="", body="def later():\n" + " " * 16 + TAKES),
    "the lock is an RLock": model(**KEPT, body=TAKES, made="threading.RLock()"),
    "the lock may be another": model(**KEPT, body=TAKES, made="other.make_lock()"),
    "the lock lets two in": model(**KEPT, body=TAKES, made="threading.Semaphore(2)"),
    "a condition's lock is an RLock": model(**KEPT, body=TAKES, made="threading.Condition()"),
    "the lock is a class of the project": model(**KEPT, body=TAKES, made="other.Lock()"),
    "the call stands after the block": model(
        outer="", inner="", inside="with self.lock: pass\n            self.add(1)", body=TAKES
    ),
    "the caller decides": model(
        **KEPT, body="if node:\n                with self.lock: pass", default="False"
    ),
    "it looks whether it is locked": model(
        **KEPT, body="if not self.lock.locked():\n                with self.lock: pass"
    ),
    "a generator runs later": model(**KEPT, body="with self.lock: pass\n            yield node"),
}


@pytest.mark.parametrize("source", QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(source: str) -> None:
    assert look("nested-lock", source) == []


def test_tests_say_nothing() -> None:
    assert look("nested-lock", model(), path="tests/test_model.py") == []


def test_a_name_that_is_written_out_is_the_same_lock() -> None:
    (hazard,) = look("nested-lock", model())
    assert "refresh() holds the lock 'model', and add() takes it again" in hazard.message
    assert lines_of(hazard) == [("service.py", n) for n in (14, 16, 21)]
    assert "RLock" in hazard.advice


@pytest.mark.parametrize(
    "made",
    [
        "threading.Lock()",
        "threading.Semaphore()",
        "threading.BoundedSemaphore(1)",
        "eventlet.semaphore.Semaphore()",
    ],
)
def test_an_attribute_may_be_the_lock(made: str) -> None:
    (hazard,) = look("nested-lock", model(**KEPT, body=TAKES, made=made))
    assert "holds `self.lock`" in hazard.message


def test_the_way_may_lead_through_others() -> None:
    source = model(inside="self.between()", between="self.add(1)")
    (hazard,) = look("nested-lock", source)
    assert [line for _, line in lines_of(hazard)] == [14, 16, 19, 21]


def test_what_a_function_calls_is_told_together() -> None:
    source = model(inside="self.add(1); self.more()", between="pass")
    source += f"\n        {NAMED}\n        def more(self):\n            pass\n"
    (hazard,) = look("nested-lock", source)
    assert "add(), more() take it again" in hazard.message
    assert [line for _, line in lines_of(hazard)] == [14, 16, 21, 25]


def test_one_function_may_take_it_twice() -> None:
    source = model(
        outer="",
        inner="",
        inside="with self.lock, open('x'): " + "\n                with self.lock: pass",
    )
    (hazard,) = look("nested-lock", source)
    assert "refresh() takes it again" in hazard.message


@pytest.mark.parametrize("take", ['with lockutils.lock("model"): self.add(1)'])
def test_a_context_holds_the_same_lock_as_a_decorator(take: str) -> None:
    assert len(look("nested-lock", model(outer="", inside=take))) == 1


PREFIXED = """
    from oslo_concurrency import lockutils

    synchronized = lockutils.synchronized_with_prefix("service-")
    """


@pytest.mark.parametrize(
    ("taken", "used"),
    [("import utils", "utils.synchronized"), ("from utils import synchronized", "synchronized")],
)
def test_a_project_may_have_a_prefix_for_its_locks(taken: str, used: str) -> None:
    source = model(f'@{used}("model")', f'@{used}("model")').replace("import other", taken)
    assert len(look("nested-lock", source, files={"utils.py": PREFIXED})) == 1


def test_a_library_may_have_a_prefix_for_its_locks() -> None:
    used = '@runtime.synchronized("model")'
    source = model(used, used).replace("import other", "from neutron_lib.utils import runtime")
    assert len(look("nested-lock", source)) == 1


def test_a_module_may_keep_the_lock() -> None:
    source = """
        import threading

        import eventlet

        LOCK = threading.Lock()


        def refresh():
            with LOCK:
                add(1)
            eventlet.sleep(0)


        def add(node):
            with LOCK:
                pass
        """
    assert len(look("nested-lock", source)) == 1
    shadowed = source.replace("def add(node)", "def add(LOCK)")
    assert look("nested-lock", shadowed) == []


def test_the_inner_function_may_be_the_bases() -> None:
    base = """
        from oslo_concurrency import lockutils


        class Base:
            @lockutils.synchronized("model")
            def add(self, node):
                pass
        """
    source = """
        import eventlet
        from oslo_concurrency import lockutils

        import base


        class Model(base.Base):
            @lockutils.synchronized("model")
            def refresh(self):
                self.add(1)
                eventlet.sleep(0)
        """
    (hazard,) = look("nested-lock", source, files={"base.py": base})
    assert lines_of(hazard)[-1] == ("base.py", 5)


GREEN = "import eventlet\n\neventlet.monkey_patch()\n"


def test_a_file_without_eventlet_is_looked_at() -> None:
    source = model().replace("    import eventlet\n", "").replace("eventlet.spawn", "print")
    files = {"cmd.py": GREEN, "other.py": "from service import Model\n"}
    (hazard,) = look("nested-lock", source, files=files)
    assert lines_of(hazard) == [("service.py", n) for n in (13, 15, 20)]
    once = source.replace(NAMED, '@lockutils.synchronized("other")', 1)
    assert look("nested-lock", once, files=files) == []


@pytest.mark.parametrize("path", ["tests/test_model.py", "other.py"])
def test_it_is_not_where_threads_are_native(path: str) -> None:
    source = model().replace("    import eventlet\n", "").replace("eventlet.spawn", "print")
    setting = "yes" if path.startswith("tests") else "no"
    files = {"cmd.py": "import eventlet\n\neventlet.sleep(1)\n"}
    assert look("nested-lock", source, path=path, files=files, monkey_patched=setting) == []
