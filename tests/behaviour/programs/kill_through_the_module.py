# proves: greenthread.kill and eventlet.kill end a child, also one that has not begun
# api: eventlet.kill, eventlet.spawn_n
# tier: manual
# rewrite: none
import eventlet
from eventlet import greenthread

ran = []


def job(name):
    ran.append(name)
    eventlet.sleep(30)
    ran.append("never")


first = eventlet.spawn(job, "first")
second = eventlet.spawn_n(job, "second")
third = eventlet.spawn(job, "third")
eventlet.kill(third)
eventlet.sleep(0)
greenthread.kill(first)
greenthread.kill(second)
print(ran, first.dead, second.dead, third.dead)
