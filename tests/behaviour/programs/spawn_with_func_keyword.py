# proves: func= names the target, the other keywords go to the child
# api: eventlet.spawn, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import queue

sent = queue.Queue()


def notify(channel, text="hello", urgent=False):
    sent.put(f"{channel}: {text}{'!' if urgent else ''}")


eventlet.spawn(func=notify, channel="ops", urgent=True)
print(sent.get())
eventlet.spawn(func=notify, channel="dev", text="deployed")
print(sent.get())
