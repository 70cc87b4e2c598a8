# proves: releasing a lock that nobody holds is the same error
# api: eventlet.lock.Lock
# tier: safe
# exit: 1
# errors: RuntimeError: release unlocked lock
from eventlet.lock import Lock

journal = Lock()


def append(entries, entry):
    journal.acquire()
    entries.append(entry)
    journal.release()
    return entries


print(append([], "opened"), "held:", journal.locked())
print("free:", journal.acquire(False), "held:", journal.locked(), journal.acquire(False))
journal.release()
journal.release()
