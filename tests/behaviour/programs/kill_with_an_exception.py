# proves: kill raises the given error inside the child, and wait raises it outside
# api: eventlet.spawn, eventlet.greenthread.GreenThread.kill
# tier: manual
# rewrite: none
# errors: Preempted: by a more urgent job
import eventlet
from eventlet import queue


class Preempted(Exception):
    pass


notes = queue.Queue()


def batch():
    try:
        notes.put("started")
        eventlet.sleep(30)
    except Preempted as exc:
        notes.put(f"preempted {exc}")
        raise


job = eventlet.spawn(batch)
print(notes.get())
job.kill(Preempted("by a more urgent job"))
print(notes.get())
try:
    job.wait()
except Preempted as exc:
    print("gone:", exc)
