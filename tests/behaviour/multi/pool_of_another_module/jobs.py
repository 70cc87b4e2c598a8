import pool
from pool import POOL

SENT = []


def send(names):
    for name in names:
        pool.POOL.spawn_n(SENT.append, name)


def count(name):
    return POOL.spawn(SENT.count, name)
