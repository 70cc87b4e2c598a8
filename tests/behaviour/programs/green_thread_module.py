# proves: the old thread module keeps its local name while _thread takes its place
# api: eventlet.green.thread, eventlet.green.Queue
# tier: review
import eventlet.green.Queue as queues
from eventlet.green import thread
from eventlet.green.thread import allocate_lock

lock = allocate_lock()
answers = queues.Queue()


def compute(base, exponent=2):
    with lock:
        answers.put(base**exponent)


thread.start_new_thread(compute, (3,))
print(answers.get())
thread.start_new_thread(compute, (2,), {"exponent": 10})
print(answers.get())
print("locked:", lock.locked(), "ident:", isinstance(thread.get_ident(), int))
