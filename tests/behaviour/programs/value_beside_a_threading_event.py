# proves: an attribute of the same name that is a threading.Event is left alone
# api: eventlet.event.Event, eventlet.spawn_n, eventlet.event.Event.send, eventlet.event.Event.wait
# tier: review
import threading

import eventlet
from eventlet import event


class Question:
    def __init__(self):
        self.done = event.Event()

    def answer(self, text):
        self.done.send(text)


class Switch:
    def __init__(self):
        self.done = threading.Event()

    def flip(self):
        self.done.set()
        return self.done.wait(1), self.done.is_set()


question, switch = Question(), Switch()
print(switch.done.wait(0), switch.flip())
eventlet.spawn_n(question.answer, "yes")
print(question.done.wait(), question.done.ready())
