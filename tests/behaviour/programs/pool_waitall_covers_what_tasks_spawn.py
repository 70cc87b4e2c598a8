# proves: waitall waits for tasks that tasks put into the pool
# api: eventlet.GreenPool, eventlet.queue.Queue, eventlet.GreenPool.spawn_n, eventlet.GreenPool.waitall
# tier: review
# settings: helpers=concurrency
import eventlet
from eventlet import queue

LINKS = {"/": ["/a", "/b"], "/a": ["/a/1", "/a/2"], "/a/2": ["/a/2/x"], "/b": []}


class Spider:
    def __init__(self):
        self.pool = eventlet.GreenPool(20)
        self.seen = queue.Queue()

    def visit(self, page):
        self.seen.put(page)
        for link in LINKS.get(page, ()):
            self.pool.spawn_n(self.visit, link)

    def crawl(self, page):
        self.pool.spawn_n(self.visit, page)
        self.pool.waitall()
        return sorted(self.seen.get_nowait() for _ in range(self.seen.qsize()))


print(Spider().crawl("/"))
print(Spider().crawl("/a/2"))
