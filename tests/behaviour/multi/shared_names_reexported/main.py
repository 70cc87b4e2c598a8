# proves: names of eventlet that a module of the project hands on
# api: eventlet.spawn, eventlet.sleep, eventlet.queue.Queue, eventlet.greenthread.GreenThread.wait
# tier: review
import concurrency
import worker

results = concurrency.Queue()
task = worker.start([3, 1, 2], results)
print([results.get() for _ in range(3)])
print(task.wait(), results.empty())
