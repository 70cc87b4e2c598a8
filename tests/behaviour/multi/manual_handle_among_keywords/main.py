# proves: a handle that reaches another file in **kwargs and becomes an attribute stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import eventlet
from record import Record, show


def measure(name):
    return len(name)


fields = {"name": "disk", "size": eventlet.spawn(measure, "disk")}
record = Record(**fields)
print(show(record), record.size.dead)
