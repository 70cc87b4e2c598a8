# proves: a pool of tokens lets as many go on as it has tokens
# api: eventlet.pools.TokenPool, eventlet.queue.Queue, eventlet.spawn_n
# tier: review
import eventlet
from eventlet import pools, queue

slots = pools.TokenPool(max_size=2)
inside, gate = queue.Queue(), queue.Queue()


def convert(page):
    with slots.item():
        inside.put(page)
        gate.get()


for page in range(4):
    eventlet.spawn_n(convert, page)
pages = [inside.get(), inside.get()]
print("converting:", len(pages), inside.empty())
for _ in range(2):
    gate.put("next")
    pages.append(inside.get())
print(sorted(pages), inside.empty())
gate.put("next")
gate.put("next")
