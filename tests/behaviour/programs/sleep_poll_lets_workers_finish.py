# proves: a main loop that sleeps lets the workers run to their end
# api: eventlet.sleep, eventlet.spawn_n
# tier: review
import time

import eventlet

finished = []


def index(shard):
    for _ in range(3):
        eventlet.sleep(0.001)
    finished.append(shard)


def wait_for(count, limit=10):
    deadline = time.monotonic() + limit
    while len(finished) < count and time.monotonic() < deadline:
        eventlet.sleep(0.002)


for shard in ("a", "b", "c"):
    eventlet.spawn_n(index, shard)
wait_for(3)
print("indexed", sorted(finished))
