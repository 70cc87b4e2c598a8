# proves: Full and Empty come under the same conditions and names
# api: eventlet.queue.Queue, eventlet.queue.Full, eventlet.queue.Empty
# tier: safe
from eventlet import queue

desk = queue.Queue(1)


def attempt(what, call, *args, **kwargs):
    try:
        return what, call(*args, **kwargs)
    except (queue.Empty, queue.Full) as exc:
        return what, type(exc).__name__


print(attempt("get from nothing", desk.get_nowait))
print(attempt("wait for nothing", desk.get, timeout=0.01))
print(attempt("get, no blocking", desk.get, False))
print(attempt("put", desk.put, "form A"))
print(attempt("put another", desk.put_nowait, "form B"))
print(attempt("wait for room", desk.put, "form C", timeout=0.01))
print(attempt("put, no blocking", desk.put, "form D", block=False))
print(attempt("get", desk.get, True, 0.01))
print(desk.empty(), desk.full(), desk.qsize())
