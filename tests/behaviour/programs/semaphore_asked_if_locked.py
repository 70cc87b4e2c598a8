# proves: a semaphore that is asked whether it is locked stays
# api: eventlet.semaphore.Semaphore.locked
# tier: manual
# rewrite: none
from eventlet import semaphore

room = semaphore.Semaphore(2)


def enter(name):
    if room.locked():
        return f"{name} waits outside"
    room.acquire()
    return f"{name} is in"


print(enter("ann"), enter("bob"), enter("cem"), room.bounded())
room.release()
print(enter("cem"), room.balance)
