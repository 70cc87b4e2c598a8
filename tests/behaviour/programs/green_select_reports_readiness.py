# proves: select on a pipe answers the same, with and without a limit
# api: eventlet.green.select, eventlet.green.os, eventlet.spawn_n
# tier: review
import eventlet
from eventlet.green import os, select


def ready(fd, limit):
    readable, _, _ = select.select([fd], [], [], limit)
    return bool(readable)


source, sink = os.pipe()
print("before:", ready(source, 0), ready(source, 0.01))
eventlet.spawn_n(os.write, sink, b"data")
print("after:", ready(source, 10), os.read(source, 100))
os.close(sink)
print("at the end:", ready(source, 10), os.path.basename("/var/log/audit.log"))
