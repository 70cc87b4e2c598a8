# proves: release(blocking), which eventlet ignored and threading refuses, still releases one
# api: eventlet.semaphore.Semaphore, eventlet.semaphore.BoundedSemaphore
# tier: safe
from eventlet import semaphore


class Barrier:
    def __init__(self):
        self.entry = semaphore.Semaphore(1)
        self.exit = semaphore.BoundedSemaphore(1)

    def cross(self, car):
        self.entry.acquire()
        self.exit.acquire()
        try:
            return car.title()
        finally:
            self.exit.release(blocking=False)
            self.entry.release(False)


barrier = Barrier()
print([barrier.cross(car) for car in ("beetle", "mini")])
print("open:", barrier.entry.acquire(False), "but only once:", barrier.entry.acquire(False))
