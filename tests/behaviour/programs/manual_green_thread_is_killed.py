# proves: a loop that is killed runs its finally, so spawn and kill stay together
# api: eventlet.spawn
# tier: manual
# rewrite: partial
# keeps: self._task.kill()
import eventlet

eventlet.monkey_patch()

from eventlet import queue


class Monitor:
    def __init__(self):
        self.events = queue.Queue()

    def start(self):
        self._task = eventlet.spawn(self._loop)

    def _loop(self):
        try:
            while True:
                self.events.put("sample")
                eventlet.sleep(30)
        finally:
            self.events.put("cleaned up")

    def stop(self):
        self._task.kill()
        self._task = None


monitor = Monitor()
monitor.start()
print(monitor.events.get())
monitor.stop()
print(monitor.events.get())
