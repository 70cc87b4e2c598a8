import eventlet
from eventlet import event


class Service:
    def __init__(self, name):
        self.name = name
        self._task = None
        self._started = event.Event()

    def start(self):
        self._task = eventlet.spawn(self._main)

    def _main(self):
        self._started.send(self.name)
        return self.run()

    def run(self):
        raise NotImplementedError
