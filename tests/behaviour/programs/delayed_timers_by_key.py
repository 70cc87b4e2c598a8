# proves: timers kept in a dict are cancelled by key
# api: eventlet.spawn_after, eventlet.queue.Queue, eventlet.greenthread.GreenThread.cancel
# tier: review
import eventlet
from eventlet import queue

expired = queue.Queue()


class Leases:
    def __init__(self):
        self._timers = {}

    def take(self, name, seconds):
        self._timers[name] = eventlet.spawn_after(seconds, expired.put, name)

    def give_back(self, name):
        self._timers.pop(name).cancel()

    def close(self):
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()


leases = Leases()
leases.take("door", 30)
leases.take("lamp", 0.02)
leases.take("lock", 0.01)
leases.give_back("lock")
print(expired.get())
leases.close()
print("others:", expired.qsize())
