# proves: an event that is reset and sent again wakes its waiter every time
# api: eventlet.event.Event
# tier: review
import eventlet

eventlet.monkey_patch()

from eventlet import event, queue

wake = event.Event()
rounds = queue.Queue()
turn = queue.Queue()


def dispatcher():
    while True:
        wake.wait()
        wake.reset()
        rounds.put("round")
        turn.get()


eventlet.spawn_n(dispatcher)
for n in range(3):
    wake.send()
    print(n, rounds.get())
    turn.put(None)
