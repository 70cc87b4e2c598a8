# proves: a pool of the module serves several functions
# api: eventlet.GreenPool, eventlet.GreenPool.spawn, eventlet.GreenPool.spawn_n, eventlet.GreenPool.waitall
# tier: review
# settings: helpers=concurrency
import eventlet

POOL = eventlet.GreenPool(size=4)
_log = {}


def record(key, text):
    _log[key] = text


def log(key, text):
    POOL.spawn_n(record, key, text)


def lookup(key):
    return POOL.spawn(_log.get, key, "nothing").wait()


def flush():
    POOL.waitall()
    return len(_log)


log(1, "boot")
log(2, "listen")
print("entries:", flush())
print(lookup(2), lookup(3))
