# proves: a subclass that overrides nothing has the stdlib's Queue as its base
# api: eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import queue


class Mailbox(queue.Queue):
    """Has a name of its own, for type hints."""


inbox = Mailbox()
outbox = Mailbox(2)


def answer():
    while True:
        outbox.put("re: " + inbox.get())


eventlet.spawn_n(answer)
for subject in ("hello", "invoice"):
    inbox.put(subject)
    print(outbox.get())
print(isinstance(inbox, queue.Queue), inbox.empty())
