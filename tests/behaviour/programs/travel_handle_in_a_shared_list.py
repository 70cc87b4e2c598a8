# proves: a list that holds a green thread among other things that can be waited for stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import eventlet
from eventlet import event

ready = event.Event()
waitables = [ready]
waitables.append(eventlet.spawn(sum, [1, 2]))
ready.send("ready")
print([waitable.wait() for waitable in waitables])
