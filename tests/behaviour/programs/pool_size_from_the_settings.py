# proves: the size of a pool is a number of the settings
# api: eventlet.GreenPool, eventlet.queue.Queue, eventlet.GreenPool.spawn, eventlet.GreenPool.free, eventlet.GreenPool.waitall
# tier: review
# settings: helpers=concurrency
import configparser

import eventlet
from eventlet import queue

settings = configparser.ConfigParser()
settings.read_string("[workers]\ncount = 3\n")


class Service:
    def __init__(self, workers):
        self.pool = eventlet.GreenPool(workers)
        self.gate = queue.Queue()

    def start(self):
        for _ in range(2):
            self.pool.spawn(self.gate.get)
        return self.pool.free()

    def stop(self):
        for _ in range(2):
            self.gate.put("stop")
        self.pool.waitall()
        return self.pool.free()


service = Service(settings.getint("workers", "count"))
print(service.start(), service.stop())
