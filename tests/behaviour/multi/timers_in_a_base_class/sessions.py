from closing import Closing
from eventlet import queue
from timers import Expiring

FIRED = queue.Queue()


class Session(Closing, Expiring):
    def __init__(self, name, seconds):
        self.name = name
        super().__init__(seconds)

    def expire(self):
        FIRED.put(f"{self.name} expired")
