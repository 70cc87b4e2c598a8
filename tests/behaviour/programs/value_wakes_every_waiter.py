# proves: all who wait get the same value
# api: eventlet.event.Event, eventlet.spawn, eventlet.queue.Queue, eventlet.event.Event.send, eventlet.event.Event.wait
# tier: review
import eventlet
from eventlet import event, queue

config = event.Event()
waiting = queue.Queue()


def component(name):
    waiting.put(name)
    return name, config.wait()["level"], id(config.wait())


tasks = [eventlet.spawn(component, name) for name in ("db", "web", "log")]
print("waiting:", sorted(waiting.get() for _ in range(3)))
sent = {"level": 3}
config.send(sent)
for task in tasks:
    name, level, identity = task.wait()
    print(name, level, identity == id(sent))
