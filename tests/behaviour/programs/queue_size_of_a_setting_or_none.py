# proves: a size from the settings, where 0 and nothing mean that there is no limit
# api: eventlet.queue.Queue
# tier: safe
from eventlet import queue


def backlog(settings):
    return queue.Queue(settings.get("backlog") or None)


for settings in ({"backlog": 2}, {"backlog": 0}, {}):
    jobs = backlog(settings)
    for number in range(3):
        try:
            jobs.put_nowait(number)
        except queue.Full:
            print(settings, "is full at", number)
    print(settings, jobs.get_nowait())
