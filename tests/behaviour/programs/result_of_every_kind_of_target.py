# proves: methods, lambdas, classes, builtins and partials give their result
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import functools

import eventlet


class Meter:
    unit = "kWh"

    def __init__(self, value=0):
        self.value = value

    def read(self):
        return f"{self.value} {self.unit}"

    @classmethod
    def name_of_unit(cls):
        return cls.unit

    @staticmethod
    def parse(text):
        return float(text)

    def __call__(self, more):
        return self.value + more


meter = eventlet.spawn(Meter, value=40).wait()
targets = [meter.read, Meter.name_of_unit, lambda: "lambda", functools.partial(meter, 2), dict]
print([eventlet.spawn(target).wait() for target in targets])
print(eventlet.spawn(Meter.parse, "1.5").wait(), eventlet.spawn(meter, 1).wait())
print(eventlet.spawn(sorted, "cab", reverse=True).wait(), eventlet.spawn(max, 3, 9).wait())
