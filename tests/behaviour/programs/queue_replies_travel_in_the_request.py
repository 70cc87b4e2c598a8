# proves: a request carries the queue of its reply
# api: eventlet.queue.Queue, eventlet.spawn_n
# tier: review
import eventlet
from eventlet import queue

requests = queue.Queue()


def server():
    while True:
        operation, values, reply = requests.get()
        reply.put(operation(values))


def ask(operation, *values):
    reply = queue.Queue(1)
    requests.put((operation, values, reply))
    return reply.get()


eventlet.spawn_n(server)
print(ask(sum, 1, 2, 3), ask(max, 4, 9, 2), ask(len))
