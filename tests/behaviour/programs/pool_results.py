# proves: a green thread of a pool gives its result to wait
# api: eventlet.GreenPool, eventlet.GreenPool.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def area(width, height=1):
    return width * height


pool = eventlet.GreenPool(2)
tasks = [pool.spawn(area, n, height=n + 1) for n in range(5)]
print([task.wait() for task in tasks])
one = pool.spawn(area, 7)
print(one.wait(), one.wait(), pool.spawn(area, 3, 3).wait())
