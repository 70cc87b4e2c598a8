# proves: work runs beside the main program, which goes on at once
# api: eventlet.spawn, eventlet.sleep, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import queue

started, done = queue.Queue(), queue.Queue()


def task():
    started.get()
    eventlet.sleep(0.01)
    done.put("the task is over")


eventlet.spawn(task)
print("the main program goes on")
started.put(None)
print(done.get())
