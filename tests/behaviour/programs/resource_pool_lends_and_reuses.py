# proves: a pool of resources makes as many as it may, lends them again, and shrinks
# api: eventlet.pools.Pool, eventlet.queue.Queue, eventlet.spawn_n
# tier: review
# settings: helpers=concurrency
import itertools

import eventlet
from eventlet import pools, queue

numbers = itertools.count(1)
clients = pools.Pool(create=lambda: f"client {next(numbers)}", max_size=2)
first, second = clients.get(), clients.get()
print(first, second, clients.free(), clients.current_size)

got = queue.Queue()


def late():
    with clients.item() as client:
        got.put(client)


eventlet.spawn_n(late)
clients.put(second)
print(got.get())
clients.put(first)
clients.resize(1)
last = clients.get()
print(last in (first, second), clients.max_size)
