# proves: a yield by the project's own helper still lets green threads take turns
# api: eventlet.sleep, eventlet.spawn, eventlet.queue.Queue
# tier: review
# settings: helpers=concurrency; sleep_zero=helper
import eventlet
from eventlet import queue


def count(name, results):
    total = 0
    for number in range(200):
        total += number
        eventlet.sleep(0)
    results.put((name, total))


results = queue.Queue()
for name in ("a", "b"):
    eventlet.spawn(count, name, results)
print(sorted(results.get() for _ in range(2)))
