# proves: threads of a ThreadGroup call what is linked to them and give their value or error
# api: oslo_service.threadgroup.ThreadGroup, oslo_service.threadgroup.Thread.link
# tier: review
# settings: helpers=concurrency; monkey_patch=init-backend
# errors: ValueError: stack
import eventlet

eventlet.monkey_patch()

import threading  # noqa: E402

from engine import Engine  # noqa: E402


def work(gate, fails=False):
    gate.wait()
    if fails:
        raise ValueError("stack")
    return "value"


engine = Engine()
gates = [threading.Event(), threading.Event()]
first = engine.start_locked("one", work, gates[0])
print("begun", engine.locks["one"].locked())
gates[0].set()
print(first.wait(), engine.locks["one"].locked())
engine.stop("one")
second = engine.start_locked("two", work, gates[1], True)
gates[1].set()
try:
    second.wait()
except ValueError as error:
    print("raised", error)
engine.stop("two")
