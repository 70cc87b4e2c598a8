# proves: an attribute of the same name in a file that has nothing to do with it is left alone
# api: eventlet.spawn, eventlet.queue.Queue, eventlet.greenthread.GreenThread.wait
# tier: review
from child_process import Child
from loader import Loader

loader = Loader(["b", "a"])
child = Child(6)
print(loader.finish(), child.finish(), child.queue.get())
