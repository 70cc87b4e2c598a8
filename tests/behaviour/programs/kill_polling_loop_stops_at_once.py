# proves: a loop that sleeps is stopped in its sleep and does not tick again
# api: eventlet.spawn, eventlet.sleep, eventlet.queue.Queue, eventlet.greenthread.GreenThread.kill
# tier: manual
# rewrite: none
import eventlet
from eventlet import queue


class Poller:
    def __init__(self):
        self.ticks = queue.Queue()

    def start(self):
        self._task = eventlet.spawn(self._loop)

    def _loop(self):
        while True:
            self.ticks.put("tick")
            eventlet.sleep(30)

    def stop(self):
        self._task.kill()


poller = Poller()
poller.start()
print(poller.ticks.get())
poller.stop()
print("more:", poller.ticks.qsize())
