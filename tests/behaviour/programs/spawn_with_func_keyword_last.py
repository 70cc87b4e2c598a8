# proves: func= written last is evaluated last, after the child's own keywords
# api: eventlet.spawn, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import queue

trace = []
handlers = {}
done = queue.Queue()


def register(kind):
    trace.append(f"register {kind}")
    handlers[kind] = lambda kind: done.put(f"handled {kind}")
    return kind


def find(kind):
    trace.append(f"find {kind}")
    return handlers[kind]


eventlet.spawn(kind=register("mail"), func=find("mail"))
print(trace)
print(done.get())
