# proves: functions of the program may be given a pool, by position and by name
# api: eventlet.GreenPool, eventlet.GreenPool.spawn, eventlet.GreenPool.spawn_n, eventlet.GreenPool.waitall
# tier: review
# settings: helpers=concurrency
import eventlet


def compress(name):
    return name[:2]


def compress_all(pool, names):
    return [pool.spawn(compress, name) for name in names]


def warm(names, *, using):
    touched = {}
    for name in names:
        using.spawn_n(touched.setdefault, name, len(name))
    using.waitall()
    return touched


pool = eventlet.GreenPool(2)
print([task.wait() for task in compress_all(pool, ["alpha", "beta", "gamma"])])
print(sorted(warm(["alpha", "beta"], using=pool).items()))
