# proves: what answered before the limit is kept, and the rest is given up together
# api: eventlet.Timeout, eventlet.spawn, eventlet.queue.Queue
# tier: review
# settings: helpers=concurrency
import eventlet
from eventlet import queue

gates = {name: queue.Queue() for name in "abcd"}


def fetch(name):
    return gates[name].get() + name


def gather(names):
    threads = [eventlet.spawn(fetch, name) for name in names]
    results = []
    try:
        with eventlet.Timeout(0.1):
            for thread in threads:
                results.append(thread.wait())
    except eventlet.Timeout:
        results.append("some did not answer")
    return results


for name in "abd":
    gates[name].put("cell ")
print(gather("abcd"))
for name in "abd":
    gates[name].put("again ")
print(gather("abd"))
