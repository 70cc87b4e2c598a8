# proves: a method around spawn that counts and names what it starts
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


class Executor:
    def __init__(self):
        self.started = []
        self._tasks = []

    def submit(self, name, function, *args, **kwargs):
        self.started.append(name)
        task = eventlet.spawn(self._run, name, function, args, kwargs)
        self._tasks.append(task)
        return task

    def _run(self, name, function, args, kwargs):
        return f"{name}: {function(*args, **kwargs)}"

    def drain(self):
        results = [task.wait() for task in self._tasks]
        self._tasks = []
        return results


executor = Executor()
print(executor.submit("max", max, 3, 8).wait())
executor.submit("sort", sorted, "ba", reverse=True)
print(executor.drain(), executor.drain(), executor.started)
