# proves: the current greenlet used as one (its parent, its state) stays
# api: eventlet.getcurrent
# tier: manual
# rewrite: none
import eventlet
from eventlet import queue

seen = queue.Queue()
main = eventlet.getcurrent()


def inspect():
    me = eventlet.getcurrent()
    seen.put((me.parent is main.parent, me.parent is main, me.dead, bool(me)))


eventlet.spawn_n(inspect)
print(seen.get())
