# proves: green threads in tuples in a list are found again when the tuples are taken apart
# api: eventlet.greenthread.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
from eventlet import greenthread

CHECKS = {"disk": 40, "memory": 95, "load": 10}


def check(name, limit):
    return "ok" if CHECKS[name] <= limit else "too high"


running = []
for name in CHECKS:
    running.append((name, greenthread.spawn(check, name, 90)))
for name, task in running:
    print(name, task.wait())
print([(name, task.wait()) for name, task in running if name != "disk"])
