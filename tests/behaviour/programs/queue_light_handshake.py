# proves: two light queues of one place hand work over step by step
# api: eventlet.queue.LightQueue, eventlet.spawn_n
# tier: review
import eventlet
from eventlet.queue import LightQueue

asked, answered = LightQueue(1), LightQueue(1)


def oracle():
    while True:
        question = asked.get()
        answered.put(f"{question}? {len(question) % 2 == 0}")


eventlet.spawn_n(oracle)
for question in ("even", "odd", "question"):
    asked.put(question)
    print(answered.get())
print(asked.empty(), answered.empty(), answered.full())
