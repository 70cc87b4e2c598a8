# proves: a bounded queue makes the producer wait; sentinel and join end the work
# api: eventlet.queue.Queue, eventlet.spawn
# tier: review
import eventlet
from eventlet import queue

orders = queue.Queue(maxsize=2)
shipped = []
closed = queue.Queue()


def ship():
    while True:
        order = orders.get()
        if order is None:
            break
        shipped.append(f"parcel {order}")
        orders.task_done()
    closed.put("closed")


eventlet.spawn(ship)
for order in range(7):
    orders.put(order)
orders.join()
orders.put(None)
print(closed.get(), len(shipped), shipped[-1])
