# proves: a queue that is resized or asked for its waiters stays
# api: eventlet.queue.LightQueue
# tier: manual
# rewrite: none
import eventlet
from eventlet.queue import LightQueue

lane = LightQueue(1)
parked = []


def drive(car):
    lane.put(car)
    parked.append(car)


for car in ("red", "blue"):
    eventlet.spawn_n(drive, car)
eventlet.sleep(0.01)
print("waiting to enter:", lane.putting(), parked)
lane.resize(2)
eventlet.sleep(0.01)
print("waiting to enter:", lane.putting(), sorted(parked))
