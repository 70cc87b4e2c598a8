# proves: threads and timers that are kept by themselves find their own entry by the current thread
# api: eventlet.spawn, eventlet.spawn_after, eventlet.getcurrent
# tier: review
import eventlet


class Scheduler:
    def __init__(self):
        self.jobs = {}
        self.runners = {}
        self.done = []

    def schedule(self, delay, name):
        timer = eventlet.spawn_after(delay, self._run, name)
        self.jobs[timer] = name

    def start(self, name):
        self.runners[eventlet.spawn(self._serve)] = name

    def _run(self, name):
        found = self.jobs.pop(eventlet.getcurrent())
        self.done.append((name, found))

    def _serve(self):
        eventlet.sleep(0.1)
        self.done.append(("runner", self.runners[eventlet.getcurrent()]))

    def is_job(self):
        return eventlet.getcurrent() in self.jobs


scheduler = Scheduler()
scheduler.schedule(0.2, "first")
scheduler.schedule(0.3, "second")
scheduler.start("server")
eventlet.sleep(0.6)
print(scheduler.done, len(scheduler.jobs), scheduler.is_job())
