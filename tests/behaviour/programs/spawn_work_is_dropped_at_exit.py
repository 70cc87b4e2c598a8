# proves: when main returns the process ends; children are dropped, their finally does not run
# api: eventlet.spawn_n, eventlet.sleep, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import queue

started = queue.Queue()


def refresh_cache():
    try:
        while True:
            started.put("refreshing")
            eventlet.sleep(3600)
    finally:
        print("cleaned up")


eventlet.spawn_n(refresh_cache)
print(started.get())
print("main is done")
