# proves: green threads made through the threading API become real ones, joined alike
# api: eventlet.green.threading, eventlet.green.Queue
# tier: review
from eventlet.green import Queue, threading

tasks = Queue.Queue(0)
results = {}
guard = threading.Lock()


def worker():
    while True:
        try:
            word = tasks.get_nowait()
        except Queue.Empty:
            return
        with guard:
            results[word] = len(word)


for word in "the quick brown fox jumps".split():
    tasks.put(word)
threads = [threading.Thread(target=worker) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(results.items()))
