# proves: Queue(0) hands over directly; queue.Queue(0) would not, so it is left alone
# api: eventlet.queue.Queue
# tier: manual
# rewrite: partial
# keeps: queue.Queue(0)
import eventlet

eventlet.monkey_patch()

from eventlet import queue

counter = queue.Queue(0)
served = queue.Queue()


def customer(name):
    counter.put(name)
    served.put(f"{name} left")


eventlet.spawn_n(customer, "ann")
eventlet.sleep(0.05)
print("nobody is served yet:", served.empty(), counter.empty(), counter.full())
print(counter.get(), "/", served.get())
