# proves: a subclass of a pool that overrides get() lends, drops and waits as before
# api: eventlet.pools.Pool
# tier: review
# settings: helpers=concurrency
import eventlet
from eventlet import pools


class Connections(pools.Pool):
    def __init__(self, **kwargs):
        self.made = 0
        super().__init__(**kwargs)

    def create(self):
        self.made += 1
        return {"number": self.made, "alive": True}

    def get(self):
        if self.free_items:
            found = self.free_items.popleft()
            return found if found["alive"] else self.create()
        if self.current_size < self.max_size:
            created = self.create()
            self.current_size += 1
            return created
        return self.channel.get()


pool = Connections(max_size=1)
first = pool.get()
taken = []


def borrow():
    with pool.item() as item:
        taken.append(item["number"])


worker = eventlet.spawn(borrow)
while not pool.waiting():
    eventlet.sleep(0.001)
pool.put(first)
worker.wait()
print(taken, pool.free(), pool.current_size)
first["alive"] = False
with pool.item() as item:
    print(item, pool.made, pool.free())
