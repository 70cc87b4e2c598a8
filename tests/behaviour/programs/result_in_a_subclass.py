# proves: what the base class starts, the subclass waits for
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


class Job:
    def __init__(self, name):
        self.name = name
        self._task = None

    def start(self):
        self._task = eventlet.spawn(self.work)
        return self

    def work(self):
        raise NotImplementedError


class Report(Job):
    def work(self):
        return f"report of {self.name}"

    def text(self):
        return self._task.wait()


class LoudReport(Report):
    def text(self):
        return super().text().upper() + "!"


print(Report("monday").start().text())
print(LoudReport("friday").start().text())
