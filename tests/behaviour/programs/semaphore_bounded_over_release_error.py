# proves: releasing a bounded semaphore too often is the same error
# api: eventlet.semaphore.BoundedSemaphore
# tier: review
# exit: 1
# errors: ValueError: Semaphore released too many times
from eventlet.semaphore import BoundedSemaphore


class ConnectionPool:
    def __init__(self, size):
        self._free = BoundedSemaphore(size)

    def take(self):
        self._free.acquire()
        return object()

    def give_back(self, connection):
        self._free.release()


pool = ConnectionPool(1)
connection = pool.take()
pool.give_back(connection)
print("returned once")
pool.give_back(connection)
print("not reached")
