# proves: a queue that is asked how many wait stays
# api: eventlet.queue.Queue.getting, eventlet.queue.Queue.putting
# tier: manual
# rewrite: none
import eventlet
from eventlet import queue

desk = queue.Queue(1)
served = []


def clerk():
    served.append(desk.get())


for _ in range(2):
    eventlet.spawn_n(clerk)
eventlet.sleep(0.01)
print("clerks waiting:", desk.getting())
for customer in ("ann", "bob"):
    desk.put(customer)
eventlet.sleep(0.01)
print("clerks waiting:", desk.getting(), "customers:", desk.putting(), sorted(served))
