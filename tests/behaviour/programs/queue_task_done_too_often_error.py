# proves: one task_done too many is the same error
# api: eventlet.queue.Queue
# tier: review
# exit: 1
# errors: ValueError: task_done() called too many times
from eventlet.queue import Queue

inbox = Queue()
for letter in ("bill", "card"):
    inbox.put(letter)
while not inbox.empty():
    print("read", inbox.get())
    inbox.task_done()
inbox.join()
print("all read")
inbox.task_done()
