# proves: bound methods, class methods, instances and partials are valid targets
# api: eventlet.spawn, eventlet.spawn_n, eventlet.queue.Queue
# tier: review
import functools

import eventlet
from eventlet import queue


class Exporter:
    made = 0

    def __init__(self, name):
        self.name = name
        self.out = queue.Queue()

    def start(self, rows):
        eventlet.spawn(self._run, rows)
        return self.out.get()

    def _run(self, rows, sep=","):
        self.out.put(f"{self.name}={sep.join(rows)}")

    def __call__(self, rows):
        self._run(rows, sep=";")

    @classmethod
    def count(cls, box):
        cls.made += 1
        box.put(cls.made)


exporter = Exporter("csv")
print(exporter.start(["a", "b"]))
eventlet.spawn_n(exporter, ["c", "d"])
print(exporter.out.get())
eventlet.spawn_n(functools.partial(exporter._run, sep="|"), ["e", "f"])
print(exporter.out.get())
eventlet.spawn_n(Exporter.count, exporter.out)
print(exporter.out.get())
