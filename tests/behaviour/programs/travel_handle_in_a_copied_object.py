# proves: a handle in the fields of an object that is read with vars() stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import eventlet


class Boot:
    def __init__(self):
        self.network = eventlet.spawn(str.title, "eth0")
        self.disk = eventlet.spawn(str.upper, "sda")


def wait_for_all(thing):
    return {name: task.wait() for name, task in vars(thing).items()}


print(wait_for_all(Boot()))
