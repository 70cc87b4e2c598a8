# proves: a semaphore guards what two tasks share, an event lets them go
# api: eventlet.semaphore.Semaphore, eventlet.event.Event, eventlet.spawn_n, eventlet.sleep
# tier: review
import eventlet
from eventlet import event, queue, semaphore

lock = semaphore.Semaphore()
flag = event.Event()
ready, over = queue.Queue(), queue.Queue()
total = [0]


def add(times):
    ready.put(None)
    flag.wait()
    for _ in range(times):
        with lock:
            before = total[0]
            eventlet.sleep(0)
            total[0] = before + 1
    over.put(None)


for times in (20, 30):
    eventlet.spawn_n(add, times)
for _ in range(2):
    ready.get()
print(total[0])
flag.send()
for _ in range(2):
    over.get()
print(total[0])
