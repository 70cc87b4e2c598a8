# proves: after waitall a pool takes the next batch; waitall of an idle pool returns
# api: eventlet.GreenPool, eventlet.GreenPool.spawn_n, eventlet.GreenPool.waitall, eventlet.GreenPool.running
# tier: review
# settings: helpers=concurrency
import eventlet

pool = eventlet.GreenPool(3)
totals = [0, 0, 0]


def add(batch, number):
    totals[batch] = number


pool.waitall()
for batch in range(3):
    pool.spawn_n(add, batch, batch * 10 + 1)
    pool.waitall()
    print("after batch", batch, totals, pool.running())
pool.waitall()
