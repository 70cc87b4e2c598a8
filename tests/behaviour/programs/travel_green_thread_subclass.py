# proves: a subclass of GreenThread that is started by hand stays
# api: eventlet.greenthread.GreenThread
# tier: manual
# rewrite: none
from eventlet import greenthread, hubs


class NamedThread(greenthread.GreenThread):
    name = "unnamed"

    def describe(self):
        return f"{self.name}: {self.wait()}"


def start(name, function, *args):
    hub = hubs.get_hub()
    thread = NamedThread(hub.greenlet)
    thread.name = name
    hub.schedule_call_global(0, thread.switch, function, args, {})
    return thread


print(start("adder", sum, [1, 2, 3]).describe())
