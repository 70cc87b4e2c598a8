# proves: a wait that takes too long ends with the clause for the Timeout, one in time does not
# api: eventlet.Timeout, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import queue

answers = queue.Queue()


def ask():
    try:
        with eventlet.Timeout(0.05):
            return answers.get()
    except eventlet.Timeout:
        return "nobody answered"


print(ask())
answers.put("here I am")
print(ask())
