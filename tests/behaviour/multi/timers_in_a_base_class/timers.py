import eventlet


class Expiring:
    def __init__(self, seconds):
        self._timer = eventlet.spawn_after(seconds, self.expire)

    def expire(self):
        raise NotImplementedError
