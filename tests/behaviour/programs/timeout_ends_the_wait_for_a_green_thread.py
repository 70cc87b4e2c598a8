# proves: the wait for a Future ends as that for a green thread did, and the work goes on
# api: eventlet.Timeout, eventlet.spawn, eventlet.queue.Queue
# tier: review
# settings: helpers=concurrency
import eventlet
from eventlet import queue

gate, told = queue.Queue(), queue.Queue()


def work(name):
    gate.get()
    told.put(name)
    return name.upper()


def ask(name):
    worker = eventlet.spawn(work, name)
    try:
        with eventlet.Timeout(0.05):
            return worker.wait()
    except eventlet.Timeout as error:
        return f"too slow: {error}"


def ask_silently():
    worker = eventlet.spawn(work, "cid")
    answer = "nothing"
    with eventlet.Timeout(0.05, False):
        answer = worker.wait()
    return answer


print(ask("ann"))
gate.put(None)
print(told.get())
gate.put(None)
print(ask("bob"), told.get())
print(ask_silently())
gate.put(None)
print(told.get())
