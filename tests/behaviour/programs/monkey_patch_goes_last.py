# proves: with nothing else left, patching itself is removed and threads do the work
# api: eventlet.monkey_patch, eventlet.sleep
# tier: review
# settings: force=yes
import eventlet

eventlet.monkey_patch()

import queue
import threading
import time


def measure(sensor, readings):
    time.sleep(0.002)
    eventlet.sleep(0.001)
    readings.put((sensor, sensor * 2))


readings = queue.Queue()
threads = [threading.Thread(target=measure, args=(n, readings)) for n in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(readings.get() for _ in threads))
