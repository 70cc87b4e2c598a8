# proves: other people's sleep, spawn, Queue and Event are not touched; nothing is to be found
# api: eventlet.sleep
# tier: none
# rewrite: none
"""A scheduler that once ran under eventlet; `eventlet.sleep(0)` is only mentioned."""
import queue as stdlib_queue


class eventlet:
    log = []

    @classmethod
    def sleep(cls, seconds=0):
        cls.log.append(f"sleep {seconds}")

    @classmethod
    def spawn(cls, function, *args):
        cls.log.append(f"spawn {function.__name__}")
        return function(*args)


def job(seconds):
    eventlet.sleep(seconds)
    return "eventlet.spawn_n(job)"


print(eventlet.spawn(job, 3), eventlet.log, stdlib_queue.Queue(0).empty())
