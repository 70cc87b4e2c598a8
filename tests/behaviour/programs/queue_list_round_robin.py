# proves: queues in a list, one for each worker, are served in turn
# api: eventlet.queue.Queue, eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import itertools

import eventlet
from eventlet import queue

lanes = [queue.Queue() for _ in range(3)]


def cashier(lane):
    return [customer for customer in iter(lane.get, None)]


cashiers = [eventlet.spawn(cashier, lane) for lane in lanes]
for lane, customer in zip(itertools.cycle(lanes), range(7)):
    lane.put(customer)
for lane in lanes:
    lane.put(None)
print([task.wait() for task in cashiers])
print([lane.qsize() for lane in lanes], lanes[0].empty())
