import eventlet
from eventlet import event


class Server:
    def __init__(self):
        self.pool = eventlet.GreenPool(2)
        self.handled = 0

    def new_reply(self):
        return event.Event()

    def answer(self, text, reply):
        self.handled += 1
        reply.send(text[::-1])
