# proves: cancelling a call that has begun does not stop it
# api: eventlet.spawn_after, eventlet.queue.Queue, eventlet.greenthread.GreenThread.cancel, eventlet.greenthread.GreenThread.wait
# tier: review
# settings: helpers=concurrency
import eventlet
from eventlet import queue

begun = queue.Queue()
gate = queue.Queue()


def flush():
    begun.put("flushing")
    return gate.get()


timer = eventlet.spawn_after(0.001, flush)
print(begun.get())
timer.cancel()
gate.put("flushed")
print(timer.wait())
