# proves: an attribute that is given a new event for each round
# api: eventlet.event.Event, eventlet.spawn_n, eventlet.queue.Queue, eventlet.event.Event.send, eventlet.event.Event.wait
# tier: review
import eventlet
from eventlet import event, queue


class Turnstile:
    def __init__(self):
        self.tickets = queue.Queue()
        self.passed = event.Event()

    def run(self, rounds):
        for _ in range(rounds):
            ticket = self.tickets.get()
            passed, self.passed = self.passed, event.Event()
            passed.send(f"{ticket} passed")

    def enter(self, ticket):
        passed = self.passed
        self.tickets.put(ticket)
        return passed.wait()


turnstile = Turnstile()
eventlet.spawn_n(turnstile.run, 3)
for ticket in ("t1", "t2", "t3"):
    print(turnstile.enter(ticket))
