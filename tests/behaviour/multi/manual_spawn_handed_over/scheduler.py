class Scheduler:
    def __init__(self, start):
        self._start = start
        self._started = []

    def add(self, function, *args):
        self._started.append(self._start(function, *args))

    def results(self):
        return [started.wait() for started in self._started]
