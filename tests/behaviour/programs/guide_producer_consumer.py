# proves: the producer's items are consumed in their order, and join() waits for the last of them
# api: eventlet.queue.Queue, eventlet.spawn, eventlet.sleep
# tier: review
import eventlet
import eventlet.queue as queue

seen = []


def produce(items):
    for item in range(5):
        items.put(item)
        eventlet.sleep(0.001)
    items.put("end")


def consume(items):
    while True:
        seen.append(items.get())
        if seen[-1] == "end":
            over.put(None)
        items.task_done()


items = queue.Queue()
over = queue.Queue()
eventlet.spawn(produce, items)
eventlet.spawn(consume, items)
over.get()
items.join()
print(seen)
