# proves: a subclass of a pool that makes its own objects gets another base
# api: eventlet.pools.Pool
# tier: review
# settings: helpers=concurrency
from eventlet import pools


class Connections(pools.Pool):
    def __init__(self, address, **kwargs):
        self.address = address
        self.made = 0
        super().__init__(**kwargs)

    def create(self):
        self.made += 1
        return f"{self.address} #{self.made}"


pool = Connections("db", min_size=1, max_size=3, order_as_stack=True)
with pool.item() as one, pool.item() as other:
    print(one, other, pool.free())
print(pool.get(), pool.made, sorted(pool.free_items))
