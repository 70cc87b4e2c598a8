# proves: workers of green threading take items off a queue until each is told to stop
# api: eventlet.green.threading
# tier: review
import queue

import eventlet
from eventlet.green import threading

eventlet.monkey_patch()

items = queue.Queue()
done = []


def work():
    while True:
        item = items.get()
        if item is None:
            break
        done.append(item * item)
        items.task_done()


workers = [threading.Thread(target=work) for _ in range(3)]
for worker in workers:
    worker.start()
for item in range(10):
    items.put(item)
items.join()
print(sorted(done))
for _ in workers:
    items.put(None)
for worker in workers:
    worker.join()
print("all stopped")
