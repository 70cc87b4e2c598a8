# proves: two children can wait for the result of a third
# api: eventlet.spawn, eventlet.queue.Queue, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet
from eventlet import queue

go = queue.Queue()
ready = queue.Queue()


def load_config():
    return {"port": go.get()}


def component(name):
    ready.put(name)
    return name, config.wait()["port"]


config = eventlet.spawn(load_config)
web = eventlet.spawn(component, "web")
admin = eventlet.spawn(component, "admin")
print("waiting:", sorted([ready.get(), ready.get()]))
go.put(8080)
print(web.wait(), admin.wait())
