# proves: lambdas are passed on as they are, with what they captured
# api: eventlet.spawn_n, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import queue

replies = queue.Queue()


def ask(host, question):
    return f"{host} says {question[::-1]}"


for host in ("alpha", "beta", "gamma"):
    eventlet.spawn_n(lambda host=host: replies.put(ask(host, "ping")))
print(sorted(replies.get() for _ in range(3)))

eventlet.spawn_n(lambda *words: replies.put(" ".join(words)), "all", "answered")
print(replies.get())
