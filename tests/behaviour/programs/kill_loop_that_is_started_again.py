# proves: a loop can be stopped and started again
# api: eventlet.spawn, eventlet.sleep, eventlet.queue.Queue, eventlet.greenthread.GreenThread.kill
# tier: manual
# rewrite: none
import eventlet
from eventlet import queue


class Refresher:
    def __init__(self):
        self.runs = 0
        self.refreshed = queue.Queue()

    def start(self):
        self.runs += 1
        self.thread = eventlet.spawn(self._refresh_for_ever)

    def _refresh_for_ever(self):
        while True:
            self.refresh()
            eventlet.sleep(3600)

    def refresh(self):
        self.refreshed.put(self.runs)

    def stop(self):
        self.thread.kill()


refresher = Refresher()
for _ in range(3):
    refresher.start()
    print("refreshed in run", refresher.refreshed.get())
    refresher.stop()
print("left:", refresher.refreshed.qsize())
