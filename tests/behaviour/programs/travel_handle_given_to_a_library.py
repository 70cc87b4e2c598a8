# proves: a handle that is given to code of a library stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import weakref

import eventlet

running = weakref.WeakSet()
names = weakref.WeakKeyDictionary()


def start(name, function, *args):
    task = eventlet.spawn(function, *args)
    running.add(task)
    names[task] = name
    return task


tasks = [start(name, len, name) for name in ("disk", "memory")]
print(len(running), sorted(names.values()))
print([task.wait() for task in running if names[task] == "disk"])
