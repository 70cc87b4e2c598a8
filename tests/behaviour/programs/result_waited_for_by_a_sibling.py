# proves: a child is given the handle of another as an argument and waits for it
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def download(name):
    return f"bytes of {name}"


def unpack(archive):
    return archive.wait().split()


def install(*parts):
    return [word for part in parts for word in part.wait()]


kernel = eventlet.spawn(unpack, eventlet.spawn(download, "kernel"))
modules = eventlet.spawn(unpack, archive=eventlet.spawn(download, "modules"))
print(eventlet.spawn(install, kernel, modules).wait())
