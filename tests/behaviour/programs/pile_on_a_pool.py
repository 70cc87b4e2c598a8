# proves: two piles share a pool, each with its own results
# api: eventlet.GreenPool, eventlet.GreenPile, eventlet.GreenPile.spawn, eventlet.GreenPool.waitall
# tier: review
# settings: helpers=concurrency
import eventlet


def tag(prefix, n):
    return f"{prefix}{n}"


pool = eventlet.GreenPool(2)
left, right = eventlet.GreenPile(pool), eventlet.GreenPile(pool)
for n in range(3):
    left.spawn(tag, "l", n)
    right.spawn(tag, "r", n)
print(list(right), list(left))
pool.waitall()
print(pool.running(), pool.free())
