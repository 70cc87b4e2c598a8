# proves: with send(True) the truth of a wait with a limit is that of threading.Event
# api: eventlet.event.Event, eventlet.event.Event.send, eventlet.event.Event.wait, eventlet.spawn_n
# tier: review
import eventlet
from eventlet import event, queue

stopped = event.Event()
go = queue.Queue()


def stop():
    go.get()
    stopped.send(True)


eventlet.spawn_n(stop)
rounds = 0
while not stopped.wait(timeout=0.001):
    rounds += 1
    if rounds == 3:
        go.put(None)
        stopped.wait()
print(rounds, stopped.wait(), bool(stopped.wait(timeout=5)))
