# proves: a pool without a size runs a hundred tasks at once that wait for each other
# api: eventlet.GreenPool, eventlet.queue.Queue, eventlet.GreenPool.spawn, eventlet.GreenPool.waitall
# tier: review
import eventlet
from eventlet import queue

arrived = queue.Queue()
tickets = queue.Queue()


def passenger(number):
    arrived.put(number)
    return tickets.get() + number


pool = eventlet.GreenPool()
tasks = [pool.spawn(passenger, number) for number in range(100)]
boarding = sorted(arrived.get() for _ in range(100))
print("all at the gate:", boarding == list(range(100)))
for _ in range(100):
    tickets.put(1000)
print("on board:", sum(task.wait() for task in tasks))
pool.waitall()
