# proves: a subclass of GreenPool stays
# api: eventlet.GreenPool
# tier: manual
# rewrite: none
import eventlet


class CountingPool(eventlet.GreenPool):
    def __init__(self, size):
        super().__init__(size)
        self.spawned = 0

    def spawn_n(self, function, *args, **kwargs):
        self.spawned += 1
        super().spawn_n(function, *args, **kwargs)


results = []
pool = CountingPool(2)
for n in range(4):
    pool.spawn_n(results.append, n)
pool.waitall()
print(results, pool.spawned, pool.running())
