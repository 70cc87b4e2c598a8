# proves: join returns when every item was taken and marked as done, not before
# api: eventlet.queue.Queue, eventlet.spawn_n, eventlet.queue.LifoQueue
# tier: review
import eventlet
from eventlet import queue


class Painter:
    def __init__(self, hands):
        self.todo = queue.Queue()
        self.painted = queue.LifoQueue()
        for _ in range(hands):
            eventlet.spawn_n(self._paint)

    def _paint(self):
        while True:
            wall = self.todo.get()
            try:
                if wall < 0:
                    self.todo.put(-wall)
                else:
                    self.painted.put(wall)
            finally:
                self.todo.task_done()

    def paint(self, walls):
        for wall in walls:
            self.todo.put(wall)
        self.todo.join()
        return sorted(self.painted.get() for _ in range(self.painted.qsize()))


painter = Painter(hands=3)
print(painter.paint([3, -1, 2, -4]), painter.todo.unfinished_tasks)
print(painter.paint([]))
