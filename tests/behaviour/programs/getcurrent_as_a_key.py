# proves: the current task serves as a dictionary key and compares as itself
# api: eventlet.getcurrent, eventlet.greenthread.getcurrent, eventlet.spawn_n
# tier: review
import eventlet
from eventlet import greenthread, queue

requests = {}
done = queue.Queue()
may_end = eventlet.Semaphore(0)


def handle(path):
    requests[eventlet.getcurrent()] = path
    done.put(path)
    may_end.acquire()
    done.put(requests.pop(greenthread.getcurrent()) == path)


main = eventlet.getcurrent()
for path in ("/a", "/b", "/c"):
    eventlet.spawn_n(handle, path)
print(sorted(done.get() for _ in range(3)), len(requests))
for _ in range(3):
    may_end.release()
print([done.get() for _ in range(3)], len(requests))
print("main stays main:", main is greenthread.getcurrent(), main in requests)
