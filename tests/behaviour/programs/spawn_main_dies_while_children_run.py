# proves: an error in main ends the process with its traceback although children still run
# api: eventlet.spawn, eventlet.sleep, eventlet.queue.Queue
# tier: review
# exit: 1
# errors: RuntimeError: lost the lease after 3 beats
import eventlet
from eventlet import queue

beats = queue.Queue()


def heartbeat():
    for number in range(1000):
        beats.put(number)
        eventlet.sleep(0.001)
    eventlet.sleep(3600)


eventlet.spawn(heartbeat)
for expected in range(3):
    print("beat", beats.get() == expected)
raise RuntimeError("lost the lease after 3 beats")
