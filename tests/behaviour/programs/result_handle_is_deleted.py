# proves: handles may be deleted from a dict, from an object and as a name
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


class Tasks:
    def __init__(self):
        self._by_name = {}

    def start(self, name, function, *args):
        self._last = eventlet.spawn(function, *args)
        self._by_name[name] = self._last

    def finish(self, name):
        value = self._by_name[name].wait()
        del self._by_name[name]
        return value

    def forget(self):
        del self._last
        return len(self._by_name)


tasks = Tasks()
tasks.start("a", sum, (1, 2))
tasks.start("b", min, (4, 3))
print(tasks.finish("b"), tasks.forget(), tasks.finish("a"))
task = eventlet.spawn(len, "gone")
print(task.wait())
del task
