# proves: heartbeats come at an interval until stop, and none after
# api: eventlet.spawn, eventlet.sleep, eventlet.queue.Queue, eventlet.greenthread.GreenThread.kill
# tier: manual
# rewrite: none
import eventlet
from eventlet import queue


class Heart:
    def __init__(self, interval, sent):
        self.interval = interval
        self.sent = sent
        self._beating = None

    def start(self):
        self._beating = eventlet.spawn(self._beat, "node-1")

    def _beat(self, name):
        number = 0
        while True:
            number += 1
            self.sent.put(f"{name} beat {number}")
            eventlet.sleep(self.interval)

    def stop(self):
        if self._beating is not None:
            self._beating.kill()
            self._beating = None


sent = queue.Queue()
heart = Heart(0.002, sent)
heart.start()
for _ in range(3):
    print(sent.get())
heart.stop()
heart.stop()
while not sent.empty():
    sent.get()
eventlet.sleep(0.01)
print("after stop:", sent.qsize())
