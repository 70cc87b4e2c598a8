# proves: a handle that travels in **kwargs to attributes stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import types

import eventlet


class Record:
    def __init__(self, **fields):
        self.__dict__.update(fields)


def size(name):
    return len(name)


record = Record(name="disk", size=eventlet.spawn(size, "disk"))
space = types.SimpleNamespace(**{"size": eventlet.spawn(size, "memory")})
print(record.name, record.size.wait(), space.size.wait())
