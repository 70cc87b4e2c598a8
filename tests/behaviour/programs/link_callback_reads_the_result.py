# proves: a linked callback is called once with the green thread, whose result it reads
# api: eventlet.spawn, eventlet.queue.Queue, eventlet.greenthread.GreenThread.link, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet
from eventlet import queue

done = queue.Queue()


def resize(image):
    return image + "@2x"


def on_resized(task):
    done.put(task.wait())


for image in ("cat", "dog"):
    task = eventlet.spawn(resize, image)
    task.link(on_resized)
print(sorted([done.get(), done.get()]))
print("more:", done.qsize())
