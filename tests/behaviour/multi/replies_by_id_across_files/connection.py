from eventlet import queue

COLOURS = {"red": 0xFF0000, "green": 0x00FF00, "blue": 0x0000FF}


class Connection:
    def __init__(self, waiters):
        self._waiters = waiters
        self._wire = queue.Queue()

    def call(self, word):
        self._waiters.add(word)
        self._wire.put(word)
        return self._waiters.get(word)

    def serve(self):
        while True:
            word = self._wire.get()
            if word in COLOURS:
                self._waiters.settle(word, f"#{COLOURS[word]:06x}")
            else:
                self._waiters.settle(word, None, error=KeyError(word))
