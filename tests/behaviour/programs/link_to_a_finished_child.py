# proves: a callback linked to a child that is over runs at once, before link returns
# api: eventlet.spawn, eventlet.greenthread.GreenThread.link, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet

seen = []


def index(document):
    return len(document)


def note(task, name):
    seen.append((name, task.wait()))


task = eventlet.spawn(index, "lorem ipsum")
print("words:", task.wait())
task.link(note, "first")
print(seen)
task.link(note, "second")
print(seen)
