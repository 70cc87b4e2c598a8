import eventlet
from eventlet import queue

LOG = queue.Queue()


def start(name):
    return eventlet.spawn(_run, name)


def _run(name):
    LOG.put(f"{name} runs")
    try:
        eventlet.sleep(60)
    finally:
        LOG.put(f"{name} is gone")
