# proves: an inner function waits for the green thread of the outer one
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def lazily(function, *args):
    task = eventlet.spawn(function, *args)

    def value():
        return task.wait()

    return value


def region(address):
    return "eu" if address.startswith("10.") else "us"


here = lazily(region, "10.0.0.1")
there = lazily(region, "192.168.0.1")
print(there(), here(), here())
