# proves: workers spawned in a loop drain a queue; join returns when all is done
# api: eventlet.spawn, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import queue

jobs = queue.Queue()
results = queue.Queue()


def worker(name):
    while True:
        number = jobs.get()
        results.put(number * number)
        jobs.task_done()


for n in range(3):
    eventlet.spawn(worker, f"worker-{n}")
for number in range(10):
    jobs.put(number)
jobs.join()
print(sorted(results.get_nowait() for _ in range(10)))
