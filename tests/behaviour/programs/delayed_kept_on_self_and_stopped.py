# proves: stop() cancels what start() delayed, once or twice
# api: eventlet.spawn_after, eventlet.queue.Queue, eventlet.greenthread.GreenThread.cancel
# tier: review
import eventlet
from eventlet import queue


class Reminder:
    def __init__(self, outbox):
        self.outbox = outbox
        self._timer = None

    def start(self, delay, text):
        self._timer = eventlet.spawn_after(delay, self._fire, text)

    def _fire(self, text):
        self._timer = None
        self.outbox.put(text)

    def stop(self):
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


outbox = queue.Queue()
lunch, tea = Reminder(outbox), Reminder(outbox)
lunch.start(60, "lunch")
tea.start(0.01, "tea")
print(outbox.get())
lunch.stop()
lunch.stop()
tea.stop()
print("left:", outbox.qsize())
