# proves: a GreenletExit handler that does work is not dropped
# api: greenlet.GreenletExit
# tier: manual
# settings: force=yes
# rewrite: partial
# keeps: except greenlet.GreenletExit:
import eventlet
import greenlet
from eventlet import queue

eventlet.monkey_patch()
log = queue.Queue()


def stream():
    try:
        log.put("open")
        eventlet.sleep(30)
    except greenlet.GreenletExit:
        log.put("flushed")
        raise


task = eventlet.spawn(stream)
print(log.get())
eventlet.kill(task)
print(log.get())
