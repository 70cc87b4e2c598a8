# proves: a pool of one runs one task after the other, in the order of spawning
# api: eventlet.GreenPool, eventlet.sleep, eventlet.GreenPool.spawn_n, eventlet.GreenPool.waitall
# tier: review
import eventlet

ledger = []


def book(number, pause):
    ledger.append(f"begin {number}")
    eventlet.sleep(pause)
    ledger.append(f"end {number}")


pool = eventlet.GreenPool(1)
for number, pause in enumerate((0.005, 0.001, 0)):
    pool.spawn_n(book, number, pause)
pool.waitall()
print(ledger)
