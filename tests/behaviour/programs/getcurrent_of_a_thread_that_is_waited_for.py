# proves: a thread that finds its own entry by the current one can be waited for, beside other ones
# api: eventlet.spawn, eventlet.getcurrent, eventlet.event.Event
# tier: review
import eventlet
from eventlet import event


class Controller:
    running = {}

    def __init__(self, work):
        self.registered = event.Event()
        self.log = []

        def deferred():
            self.registered.wait()
            work()

        self.thread = eventlet.spawn(deferred)
        self.running[self.thread] = self
        self.registered.send()

    @classmethod
    def current(cls):
        return cls.running.get(eventlet.getcurrent())

    def finish(self):
        if self.thread is not eventlet.getcurrent():
            self.thread.wait()
        return self.log


def copy(name):
    Controller.current().log.append(f"{name} copied")


def outside():
    return Controller.current() is None


def main():
    first, second = Controller(lambda: copy("disk")), Controller(lambda: copy("image"))
    lookup = eventlet.spawn(outside)
    print(first.finish(), second.finish(), lookup.wait())


main()
