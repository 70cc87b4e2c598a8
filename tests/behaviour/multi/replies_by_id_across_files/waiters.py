from eventlet import event


class Waiters:
    def __init__(self):
        self._events = {}

    def __len__(self):
        return len(self._events)

    def add(self, key):
        self._events[key] = event.Event()

    def get(self, key):
        try:
            return self._events[key].wait()
        finally:
            del self._events[key]

    def settle(self, key, value, error=None):
        if error is None:
            self._events[key].send(value)
        else:
            self._events[key].send_exception(error)
