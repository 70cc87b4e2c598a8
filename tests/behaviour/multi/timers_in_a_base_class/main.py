# proves: a delayed call of a base class is cancelled by a mixin in another file
# api: eventlet.spawn_after, eventlet.queue.Queue, eventlet.greenthread.GreenThread.cancel
# tier: review
from sessions import FIRED, Session

short, long = Session("short", 0.01), Session("long", 60)
print(FIRED.get())
short.close()
long.close()
print(FIRED.qsize())
