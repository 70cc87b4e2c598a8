# proves: a green thread is false before it begins and when it is over, so a test of it stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import eventlet
from eventlet import queue

gate = queue.Queue()


class Sync:
    def __init__(self):
        self._task = None
        self.runs = 0

    def trigger(self):
        if self._task:
            return "still running"
        self._task = eventlet.spawn(self._run)
        return "started"

    def _run(self):
        self.runs += 1
        return gate.get()


sync = Sync()
print(sync.trigger(), bool(sync._task))
eventlet.sleep(0)
print(sync.trigger(), bool(sync._task))
gate.put("go")
sync._task.wait()
print(bool(sync._task), sync.trigger(), sync.runs)
