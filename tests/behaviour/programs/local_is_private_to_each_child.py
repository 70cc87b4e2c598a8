# proves: what one child stores in a local, no other sees
# api: eventlet.corolocal.local, eventlet.spawn_n, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import corolocal, queue

context = corolocal.local()
entered, leave, seen = queue.Queue(), eventlet.Semaphore(0), queue.Queue()


def current_user():
    return getattr(context, "user", "nobody")


def request(user):
    before = current_user()
    context.user = user
    entered.put(user)
    leave.acquire()
    seen.put((user, before, current_user()))


context.user = "main"
for user in ("alice", "bob", "carol"):
    eventlet.spawn_n(request, user)
print(sorted(entered.get() for _ in range(3)))
for _ in range(3):
    leave.release()
print(sorted(seen.get() for _ in range(3)))
print(current_user())
