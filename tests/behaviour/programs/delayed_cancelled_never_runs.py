# proves: a delayed call that is cancelled in time does not run
# api: eventlet.spawn_after, eventlet.queue.Queue, eventlet.greenthread.GreenThread.cancel
# tier: review
import eventlet
from eventlet import queue

rung = queue.Queue()
early = eventlet.spawn_after(0.02, rung.put, "early")
late = eventlet.spawn_after(0.05, rung.put, "late")
early.cancel()
print(rung.get(), rung.empty())
