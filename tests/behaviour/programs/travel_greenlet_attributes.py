# proves: a green thread that is used as a greenlet stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import eventlet
from eventlet import hubs


def job():
    return "done"


task = eventlet.spawn(job)
print(task.parent is hubs.get_hub().greenlet, task.gr_frame is None, task.dead)
print(task.wait(), task.dead, task.gr_frame)
