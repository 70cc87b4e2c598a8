# proves: an error while arguments are evaluated is the caller's, and nothing is started
# api: eventlet.spawn_n, eventlet.queue.Queue
# tier: review
# exit: 1
# errors: KeyError: 'db2'
import eventlet
from eventlet import queue

HOSTS = {"db1": "10.0.0.1", "db3": "10.0.0.3"}
checked = queue.Queue()


def check(name, address):
    checked.put(f"{name} at {address}")


for name in ("db1", "db2", "db3"):
    print("checking", name)
    eventlet.spawn_n(check, name, HOSTS[name])
    print(checked.get())
