# proves: the first free semaphore of a list is found by trying
# api: eventlet.semaphore.BoundedSemaphore, eventlet.semaphore.BoundedSemaphore.acquire
# tier: safe
from eventlet.semaphore import BoundedSemaphore

printers = [BoundedSemaphore(1) for _ in range(2)]


def take():
    for number, printer in enumerate(printers):
        if printer.acquire(blocking=False):
            return number
    return None


print(take(), take(), take())
printers[1].release()
print(take(), take())
for printer in printers:
    printer.release()
try:
    printers[0].release()
except ValueError:
    print("nobody holds it")
