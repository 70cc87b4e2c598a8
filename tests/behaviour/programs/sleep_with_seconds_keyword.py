# proves: the seconds= keyword, which time.sleep has not, becomes positional
# api: eventlet.sleep, eventlet.greenthread.sleep
# tier: safe
import eventlet
from eventlet import greenthread


class Throttle:
    def __init__(self, burst):
        self.burst = burst
        self.left = burst
        self.pauses = 0

    def admit(self, request):
        if not self.left:
            eventlet.sleep(seconds=0.002)
            greenthread.sleep(seconds=1 / 1000)
            self.pauses += 1
            self.left = self.burst
        self.left -= 1
        return request.upper()


throttle = Throttle(burst=2)
print([throttle.admit(name) for name in ("get", "put", "post", "head", "patch")])
print("paused", throttle.pauses, "times")
