# proves: a child that finds itself in a table by getcurrent stays
# api: eventlet.spawn, eventlet.greenthread.getcurrent
# tier: manual
# rewrite: none
import eventlet
from eventlet import greenthread

roles = {}


def act(line):
    role = roles[greenthread.getcurrent()]
    return f"{role}: {line}"


hamlet = eventlet.spawn(act, "to be")
horatio = eventlet.spawn(act, "my lord")
roles[hamlet] = "Hamlet"
roles[horatio] = "Horatio"
for actor, role in roles.items():
    print(role, "says", actor.wait())
