# proves: a semaphore whose counter is read has no native counterpart and stays
# api: eventlet.semaphore.Semaphore
# tier: manual
# rewrite: none
from eventlet import semaphore

seats = semaphore.Semaphore(3)


def book(name):
    if seats.balance <= 1:
        return f"{name}: the last seats are reserved"
    seats.acquire()
    return f"{name}: booked, {seats.balance} left"


for name in ("ann", "bob", "cem"):
    print(book(name))
print(seats.locked())
