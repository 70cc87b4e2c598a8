# proves: two endless loops run side by side and end with the program
# api: eventlet.spawn, eventlet.sleep, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import queue

beats = {"first": queue.Queue(), "second": queue.Queue()}


def beat(name):
    while True:
        beats[name].put(name)
        eventlet.sleep(0.005)


eventlet.spawn(beat, "first")
eventlet.spawn(beat, "second")
for _ in range(3):
    print(beats["first"].get(), beats["second"].get())
