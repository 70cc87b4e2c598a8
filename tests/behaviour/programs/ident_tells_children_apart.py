# proves: get_ident differs between children that live at the same time
# api: eventlet.corolocal.get_ident, eventlet.spawn_n, eventlet.queue.Queue, eventlet.Semaphore
# tier: review
import eventlet
from eventlet import queue
from eventlet.corolocal import get_ident

idents = queue.Queue()
may_end = eventlet.Semaphore(0)


def hold():
    idents.put((get_ident(), get_ident()))
    may_end.acquire()


for _ in range(4):
    eventlet.spawn_n(hold)
pairs = [idents.get() for _ in range(4)]
print("stable in a child:", all(first == second for first, second in pairs))
print("different between children:", len({first for first, _ in pairs} | {get_ident()}))
for _ in range(4):
    may_end.release()
