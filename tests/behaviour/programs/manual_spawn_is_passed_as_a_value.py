# proves: spawn handed over as a value cannot be followed and stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import functools

import eventlet


class Executor:
    def __init__(self, start=eventlet.spawn):
        self.start = start

    def submit(self, function, *args):
        return self.start(function, *args)


later = functools.partial(eventlet.spawn_after, 0.001)
task = Executor().submit(pow, 2, 5)
print(task.wait())
print(Executor(start=later).submit(str.upper, "done").wait())
