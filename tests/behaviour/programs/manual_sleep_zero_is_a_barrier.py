# proves: sleep(0) before a look at what a child did is a barrier in the unpatched program, and stays
# api: eventlet.sleep, eventlet.spawn_n
# tier: manual
# rewrite: none
import eventlet

registered = []


def register(name):
    registered.append(name)


for name in ("disk", "net"):
    eventlet.spawn_n(register, name)
print("before the switch:", registered)
eventlet.sleep(0)
print("after the switch:", registered)
