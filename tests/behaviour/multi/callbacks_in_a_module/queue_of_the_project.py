from eventlet import queue


def make():
    return queue.Queue()
