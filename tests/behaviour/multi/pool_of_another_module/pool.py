import eventlet

POOL = eventlet.GreenPool(2)


def drain():
    POOL.waitall()
