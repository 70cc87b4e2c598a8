# proves: the bound wait is a function like any other
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import functools

import eventlet


def square(n):
    return n * n


class Cell:
    def __init__(self, compute):
        self.value = compute

    def show(self):
        return f"<{self.value()}>"


task = eventlet.spawn(square, 7)
cell = Cell(task.wait)
print(cell.show(), cell.show())
other = functools.partial(eventlet.spawn(square, 9).wait)
print(other())
